"""What is measured: a showcase, with as many scattered things as wanted, or any set of boxes. It times nothing."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app.opening import Opened
from vrclient.elements.scatter import Scatter
from vrclient.geometry.mesh import mesh
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, InstanceMesh, Instances, Material, Surface
from vrclient.showcase.models import Origin, Showcase

THINNEST_M = 1e-5
"""Half extents of boxes are drawn at least so large: normals are divided by them."""


class BadBoxes(ValueError):
    """A file of boxes cannot be used; the text says which file, why, and what is expected."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneBoxes:
    """center, half [N, 3] float32 metres, z up."""

    center: NDArray[np.float32]
    half: NDArray[np.float32]


def read_boxes(path: Path, /) -> SceneBoxes:
    """The arrays `center` and `half` of an npz file. Raises BadBoxes."""
    wanted = "expected an npz file with the arrays center and half, both (N, 3), in metres, z up"
    try:
        with np.load(path, allow_pickle=False) as file:
            center, half = (np.asarray(file[name]) for name in ("center", "half"))
    except KeyError as error:
        raise BadBoxes(f"{path} has no array {error.args[0].split(' ')[0]}; {wanted}") from error
    except OSError as error:
        raise BadBoxes(f"{path}: {error.strerror or 'cannot be read'}; {wanted}") from error
    except (ValueError, TypeError, AttributeError, EOFError) as error:
        raise BadBoxes(f"{path} is not an npz file; {wanted}") from error
    for name, array in (("center", center), ("half", half)):
        if array.ndim != 2 or array.shape[1] != 3 or len(array) != len(center) or array.dtype.kind != "f":
            raise BadBoxes(f"{path}: {name} has shape {array.shape} and dtype {array.dtype}; {wanted}")
        if not np.isfinite(array).all():
            raise BadBoxes(f"{path}: {name} holds NaN or an infinite number; {wanted}")
    if not len(center):
        raise BadBoxes(f"{path} holds no boxes; {wanted}")
    if (half < 0).any():
        raise BadBoxes(f"{path}: half holds {half.min():g}; a half extent is not negative")
    return SceneBoxes(center.astype(np.float32), half.astype(np.float32))


def cube() -> InstanceMesh:
    """From -1 to 1 along every axis, 24 vertices, 12 triangles: scaled by its half extent it is a box."""
    corners, normals = [], []
    for axis in range(3):
        across, up = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
        for side in (1.0, -1.0):
            normal = np.eye(3)[axis] * side
            corners += [normal - side * across - up, normal + side * across - up]
            corners += [normal + side * across + up, normal - side * across + up]
            normals += [normal] * 4
    triangles = [[4 * k, 4 * k + a, 4 * k + a + 1] for k in range(6) for a in (1, 2)]
    shape = mesh(corners, triangles, normal=normals)
    return InstanceMesh("box", levels=((Surface(shape, Material()),),), solid=True)


def open_boxes(path: Path, boxes: SceneBoxes, /) -> Opened:
    """The boxes as a scene, each a row of one mesh."""
    count = len(boxes.center)
    rows = Instances(
        cube(),
        boxes.center,
        heading=np.zeros(count, np.float32),
        scale=np.maximum(boxes.half, THINNEST_M),
        tint=np.ones((count, 3), np.float32),
    )
    showcase = Showcase(vrclient=1, title={"en": path.stem}, origin=Origin(lon_deg=0.0, lat_deg=0.0), elements=())
    scene = scene_from_draw_data([BuiltElement(DrawData(instances=(rows,)))], title=showcase.title)
    return Opened(path, showcase, scene, warnings=(), files=(path,), load_seconds=0.0, build_seconds=0.0)


def with_objects(showcase: Showcase, objects: int, /) -> Showcase:
    """The showcase with about so many scattered things: every `count` of a scatter by the same factor.

    Raises ValueError where nothing has a count."""
    counted = sum(one.count or 0 for one in showcase.elements if isinstance(one, Scatter))
    if not counted:
        raise ValueError("the showcase scatters nothing by 'count'; --objects has nothing to multiply")
    factor = objects / counted
    elements = tuple(
        one.model_copy(update={"count": max(1, round(one.count * factor))}) if isinstance(one, Scatter) and one.count else one
        for one in showcase.elements
    )
    return showcase.model_copy(update={"elements": elements})
