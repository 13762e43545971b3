"""Walks through shipped showcases for the tests of whole frames: small pictures, every view of a headset or a window."""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vrclient import paths
from vrclient.app.assembly import open_session
from vrclient.app.opening import Opened, open_showcase
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings, quality_settings
from vrclient.bench.scenes import with_objects
from vrclient.bench.walk import head_views, stroll
from vrclient.display.scripted import ScriptedDisplay
from vrclient.geometry.frames import world_from_body
from vrclient.showcase.models import Showcase

COARSE = quality_settings("normals").model_copy(update={"cutoff_px": 0.0, "lod_bias": 1e-6})
"""Everything at its coarsest level, always: what a software renderer draws quickest."""


@cache
def fengxian() -> Opened:
    """Built once for all tests."""
    return open_showcase(paths.showcases_folder() / "fengxian" / "showcase.yaml")


CORNER = ((-20.0, -60.0), (280.0, -60.0), (280.0, 240.0), (-20.0, 240.0))
"""Metres: all that `stress` builds, around the spawn."""


@cache
def stress(objects: int) -> Opened:
    """Nine hectares of its town with so many scattered things; built once for all tests."""

    def change(showcase: Showcase) -> Showcase:
        districts = [one for one in showcase.elements if one.kind == "district"]
        kept = [one for one in showcase.elements if one not in districts[1:]]
        elements = tuple(one.model_copy(update={"area": CORNER}) if hasattr(one, "area") else one for one in kept)
        return with_objects(showcase.model_copy(update={"elements": elements}), objects)

    return open_showcase(paths.showcases_folder() / "stress" / "showcase.yaml", change=change)


def walk_from_spawn(scene: Opened, /, *, frames: int, step: float, turn: float) -> NDArray[np.float64]:
    """[F, 4, 4] from where visitors start, in their direction, `step` metres a frame, turning by `turn` radians in all."""
    assert scene.scene.start is not None
    return stroll(scene.scene.start, turn=turn, frames=frames, step=step)


def tour_of_viewpoints(scene: Opened, /, *, between: int) -> NDArray[np.float64]:
    """[F, 4, 4]: from viewpoint to viewpoint in straight flights of so many frames, looking around on the way."""
    poses = []
    views = scene.scene.viewpoints
    for here, there in pairwise(views):
        for share in np.linspace(0.0, 1.0, between, endpoint=False).tolist():
            place = np.array(here.position) * (1.0 - share) + np.array(there.position) * share
            heading = here.heading + share * (there.heading - here.heading + 2.0 * np.pi)
            poses.append(world_from_body(place, heading=heading, pitch=here.pitch * (1.0 - share) + there.pitch * share))
    return np.array(poses)


def session(
    scene: Opened,
    walk: NDArray[np.float64],
    /,
    *,
    views: int = 1,
    size: tuple[int, int] = (96, 64),
    settings: QualitySettings = COARSE,
) -> Session:
    """A session on a scripted display."""
    display = ScriptedDisplay(walk, head_views(size, fov=np.radians(90.0), views=views, near=0.05, far=5000.0))
    return open_session(scene, display, settings)
