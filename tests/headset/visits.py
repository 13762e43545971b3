"""The client itself in this process: a small window, whatever headset there is, and a visit that tests take frame by frame."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.frame import one_frame
from vrclient.app.opening import open_showcase
from vrclient.app.session import Session
from vrclient.app.settings import quality_settings
from vrclient.display.openxr.runtime import open_runtime
from vrclient.display.search import HeadsetSearch
from vrclient.display.states import State
from vrclient.display.supervisor import HeadsetDisplay, open_headset_display
from vrclient.display.window import WindowDisplay
from vrclient.frame.inputs import InputSnapshot
from vrclient.geometry.frames import Matrix
from vrclient.interaction.recording import Recorder
from vrclient.scene.tables import Scene
from vrclient.showcase.find import find_showcase


class Visit:
    """One run of the client. `display.state` tells where it is; `until` takes frames until something holds."""

    def __init__(self, session: Session, display: HeadsetDisplay) -> None:
        self.session, self.display = session, display
        self.session.recorder = Recorder()

    def frame(self) -> None:
        """One whole frame, as the program takes it."""
        one_frame(self.session)

    def frames(self, count: int) -> None:
        """So many."""
        for _ in range(count):
            self.frame()

    def until(self, holds: Callable[[], bool], what: str, *, timeout: float = 10.0) -> float:
        """Frames until `holds`; the seconds it took. Fails with `what` after `timeout` seconds."""
        start = time.monotonic()
        while not holds():
            assert time.monotonic() - start < timeout, f"waited {timeout} s for {what}; {self.display.status_lines()}"
            self.frame()
        return time.monotonic() - start

    def until_in_headset(self, *, timeout: float = 10.0) -> float:
        """Frames until the headset has the focus and a first picture."""
        return self.until(
            lambda: self.in_headset and self.display.headset is not None and self.display.headset.session.focused,
            "the headset",
            timeout=timeout,
        )

    @property
    def in_headset(self) -> bool:
        """Frames go to the headset."""
        return self.display.state is State.HEADSET

    def inputs(self) -> InputSnapshot:
        """What the visitor did in the last frame."""
        assert self.session.recorder is not None
        return self.session.recorder.last

    def world_from_head(self) -> Matrix:
        """Where the visitor's head is in the city."""
        visit = self.session.visit
        return visit.rig.world_from_rig() @ visit.rig_from_head

    def picture(self) -> NDArray[np.uint8]:
        """[H, W, 3] uint8: what the last frame was drawn into."""
        return self.display.acquire_target().read()


@contextmanager
def visiting(
    showcase: str | Path = "minimal",
    *,
    scene: Scene | None = None,
    at_start: bool = True,
    quality: str = "low",
    samples: int | None = None,
    size: tuple[int, int] = (320, 180),
    dynamic: bool = False,
    panels: VisitOptions | None = None,
) -> Iterator[Visit]:
    """Opens a showcase in a window of `size` pixels. `at_start`: the headset is opened before the window, else looked for.
    `dynamic`: the headset's picture gets smaller where frames come late, as they do on a software renderer. `scene`:
    shown in place of the showcase's own, by no light but its own. `panels`: what there is to do and to press, too."""
    path = find_showcase(str(showcase))
    opened = open_showcase(path)
    if scene is not None:
        opened = replace(opened, scene=scene)
    settings = quality_settings(quality)
    if samples is not None:
        settings = settings.model_copy(update={"samples": samples})
    runtime = open_runtime() if at_start else None
    display = open_headset_display(
        WindowDisplay(size, samples=settings.samples), HeadsetSearch(), runtime, samples=settings.samples, dynamic=dynamic
    )
    options = SessionOptions(visit=panels, expects_visitor=True, picture_folder=Path("/tmp"))
    session = open_session(opened, display, settings, options)
    if scene is not None:
        from renderer_scenes import light

        session.renderer.set_environment(light())
    try:
        yield Visit(session, display)
    finally:
        session.close()
