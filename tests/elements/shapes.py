"""What the tests of element kinds share: building entries as a showcase does, and the laws that every drawn shape keeps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from vrclient.elements import kinds
from vrclient.geometry.mesh import Mesh, concatenated, face_normals
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext, FlatGround, Ground

TERRAIN = {"kind": "terrain", "size_m": [300, 300], "hills": [{"center": [40, 30], "radius_m": 50, "height_m": 5}]}


def context_of(*entries: dict[str, Any]) -> tuple[list[Any], BuildContext]:
    """The entries' models, and what their builds may look at."""
    models = [kinds()[entry["kind"]].model.model_validate(entry) for entry in entries]
    ground: Ground = FlatGround()
    for model in models:
        shape = kinds()[model.kind].ground
        ground = shape(model, ground) if shape else ground
    named = {model.id: model for model in models if model.id}
    paths = {id: path(model) for id, model in named.items() if (path := kinds()[model.kind].path)}
    return models, BuildContext(ground=ground, elements=named, paths=paths)


def built(*entries: dict[str, Any]) -> list[DrawData]:
    """Each entry's draw data."""
    models, context = context_of(*entries)
    return [kinds()[model.kind].build(model, context) for model in models]


def problems(**entry: Any) -> list[str]:
    """What the model of this entry says against it."""
    with pytest.raises(ValidationError) as caught:
        kinds()[entry["kind"]].model.model_validate(entry)
    return [error["msg"].removeprefix("Value error, ") for error in caught.value.errors()]


def whole(data: DrawData) -> Mesh:
    """All surfaces as one mesh."""
    return concatenated([surface.mesh for surface in data.surfaces])


def surface_of(data: DrawData, surface: str) -> Mesh:
    """All surfaces of one type as one mesh."""
    return concatenated([one.mesh for one in data.surfaces if one.material.surface == surface])


def check_shape(shape: Mesh) -> None:
    """Finite, unit normals on the side that the triangles face, no triangle without area."""
    assert len(shape.triangle)
    for column in (shape.position, shape.normal, shape.uv, shape.color, shape.openness):
        assert np.isfinite(column).all()
    assert np.allclose(np.linalg.norm(shape.normal, axis=1), 1.0, atol=1e-3)
    assert (areas(shape) > 1e-9).all()
    facing = np.einsum("ij,ij->i", face_normals(shape.position, shape.triangle), shape.normal[shape.triangle].mean(axis=1))
    assert (facing > 0.2).all(), f"{int((facing <= 0.2).sum())} of {len(facing)} triangles face away from their normals"


def check_all(data: DrawData) -> None:
    """Every surface of an element, near and far, and what one walks on."""
    for surface in (*data.surfaces, *data.far):
        check_shape(surface.mesh)
    for floor in data.walkable:
        assert (face_normals(floor.position, floor.triangle)[:, 2] > 0.1).all()
    assert np.isfinite(data.walls).all()
    assert (data.walls[:, 5] >= data.walls[:, 4]).all()


def areas(shape: Mesh) -> NDArray[np.float64]:
    """[T] square metres."""
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2.0


def volume(shape: Mesh) -> float:
    """Cubic metres inside a closed mesh; negative if it is inside out."""
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def open_edges(shapes: Sequence[Mesh]) -> NDArray[np.float64]:
    """[E, 2, 3] edges that only one triangle has, places within 1 mm counting as one."""
    shape = concatenated(shapes)
    _, vertex = np.unique(np.rint(shape.position.astype(np.float64) * 1e3).astype(np.int64), axis=0, return_inverse=True)
    triangle = vertex[shape.triangle].reshape(-1, 3)
    start, end = triangle.reshape(-1), np.roll(triangle, -1, axis=1).reshape(-1)
    keep = start != end
    key = np.minimum(start, end)[keep] * (vertex.max() + 1) + np.maximum(start, end)[keep]
    _, first, count = np.unique(key, return_index=True, return_counts=True)
    corner = shape.triangle.reshape(-1)[keep], np.roll(shape.triangle, -1, axis=1).reshape(-1)[keep]
    single = first[count == 1]
    return np.stack([shape.position[corner[0][single]], shape.position[corner[1][single]]], axis=1)
