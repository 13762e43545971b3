"""Frames of a scripted walk, measured in this process: the client's own, stage by stage.

Which driver draws them was decided before this process began (processes.py). Peers are in peers.py."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.app.assembly import open_session
from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.opening import Opened
from vrclient.app.process import seconds_since_start
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings
from vrclient.display.scripted import ScriptedDisplay
from vrclient.frame.views import ViewSet, carried

WARM_UP = 30
"""Frames that are drawn and not counted: the first of the walk, then the walk begins anew."""
STILL = 100
"""Frames at the end during which the head rests."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameRun:
    """What one walk gave. stages_ms: as StageClock.milliseconds, over the walk; still_ms: the same while the head rests;
    wall_ms: the whole walk's time by its frames, the last picture's fetching included; pictures: [H, W, 3] uint8 of the
    frames that were asked for; first_frame_seconds: from the process's start until the first picture was fetched."""

    driver: str
    stereo: str
    frames: int
    first_frame_seconds: float
    wall_ms: float
    stages_ms: dict[str, dict[str, float]]
    still_ms: dict[str, dict[str, float]]
    visible: float
    draw_calls: int
    triangles: int
    pictures: tuple[NDArray[np.uint8], ...]

    def as_dictionary(self) -> dict[str, Any]:
        """For JSON; without the pictures."""
        return {
            "driver": self.driver,
            "stereo": self.stereo,
            "frames": self.frames,
            "wall_ms": round(self.wall_ms, 4),
            "visible_instances": self.visible,
            "draw_calls": self.draw_calls,
            "triangles": self.triangles,
            "stages_ms": self.stages_ms,
            "still_ms": self.still_ms,
        }


def run_walk(
    opened: Opened,
    walk: NDArray[np.float64],
    head_views: ViewSet,
    settings: QualitySettings,
    /,
    *,
    pictures_of: Sequence[int] = (),
) -> FrameRun:
    """Walks once through an open scene; `walk` [F, 4, 4] world_from_head. Raises DisplayUnavailable without OpenGL."""
    display = ScriptedDisplay(walk, head_views, samples=settings.samples)
    session = open_session(opened, display, settings)
    try:
        with collector_frozen():
            one_frame(session)
            display.acquire_target().read()
            first_frame = seconds_since_start()
            for _ in range(WARM_UP - 1):
                one_frame(session)
            display.rewind()
            display.acquire_target().read()
            visible, draw_calls, triangles = [], [], []
            start = time.perf_counter()
            for _ in range(len(walk)):
                one_frame(session)
                stats = session.renderer.stats
                visible.append(stats.instances)
                draw_calls.append(stats.draw_calls)
                triangles.append(stats.triangles)
            display.acquire_target().read()
            wall = time.perf_counter() - start
            stages = session.clock.milliseconds(skip=WARM_UP)
            for _ in range(STILL):
                one_frame(session)
            still = session.clock.milliseconds(skip=WARM_UP + len(walk) + 1)
            pictures = tuple(_picture(session, carried(head_views, walk[number])) for number in pictures_of)
        return FrameRun(
            driver=f"{display.context.info.renderer}, OpenGL {display.context.info.version}",
            stereo=display.context.info.stereo if len(head_views) > 1 else "one view",
            frames=len(walk),
            first_frame_seconds=first_frame,
            wall_ms=wall / len(walk) * 1e3,
            stages_ms=stages,
            still_ms=still,
            visible=float(np.median(visible)),
            draw_calls=int(np.median(draw_calls)),
            triangles=int(np.median(triangles)),
            pictures=pictures,
        )
    finally:
        session.close()


def _picture(session: Session, view_set: ViewSet) -> NDArray[np.uint8]:
    session.draw(view_set)
    return session.display.acquire_target().read()
