"""Two small showcases beside each other, and a session that goes from one to the other."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app.assembly import PLACE_ALONE, SessionOptions, VisitOptions, open_session
from vrclient.app.frame import one_frame
from vrclient.app.opening import open_showcase
from vrclient.app.session import Session
from vrclient.app.settings import quality_settings
from vrclient.app.visit_controller import VisitController
from vrclient.bench.crossings import PacedDisplay
from vrclient.bench.walk import head_views

SETTINGS = quality_settings("deterministic").model_copy(update={"samples": 1, "shadow_size": 256})

RED = """
vrclient: 1
title: {zh: 红, en: Red}
origin: {lon_deg: 121.5, lat_deg: 30.9, utc_offset_h: 8}
environment: {date: 2026-06-21, time: "15:00"}
elements:
  - {kind: spawn, at: [0, -12], heading_deg: 0}
  - {kind: building, id: red, outline: [[-5, 0], [5, 0], [5, 8], [-5, 8]], height_m: 7}
  - {kind: water, outline: [[-20, -9], [20, -9], [20, -3], [-20, -3]]}
"""
BLUE = """
vrclient: 1
title: {zh: 蓝, en: Blue}
origin: {lon_deg: 110.5, lat_deg: 29.3, utc_offset_h: 8}
environment: {date: 2026-06-21, time: "18:30"}
elements:
  - {kind: spawn, at: [3, -15], heading_deg: 350}
  - {kind: building, outline: [[-9, 2], [-2, 2], [-2, 9], [-9, 9]], height_m: 15}
  - {kind: scatter, mesh: broadleaf, area: [[0, 0], [20, 0], [20, 20], [0, 20]], count: 12, seed: 5}
  - {kind: text, at: [4, -4, 2], heading_deg: 180, height_m: 1, text: {zh: 蓝, en: Blue}}
  - {kind: viewpoint, id: behind, at: [0, 30, 2], heading_deg: 180, time: "21:00"}
"""


def showcase(folder: Path, text: str) -> Path:
    """A showcase of that text in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "showcase.yaml").write_text(text, "utf-8")
    return folder


SILENT = SessionOptions(visit=VisitOptions())
"""A visit that nobody hears."""


def controller(session: Session) -> VisitController:
    """The visit of a session that has one."""
    assert isinstance(session.visit_controller, VisitController)
    return session.visit_controller


@contextmanager
def visiting(folder: Path, *, views: int = 2, options: SessionOptions = PLACE_ALONE) -> Iterator[Session]:
    """A session in a showcase, drawn for one eye or two."""
    head = head_views((64, 48), fov=1.4, views=views)
    display = PacedDisplay(head, samples=1, rate=60.0)
    session = open_session(open_showcase(folder / "showcase.yaml"), display, SETTINGS, options)
    try:
        yield session
    finally:
        session.close()


def until(session: Session, holds: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Frames until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s"
        one_frame(session)


def loaded(session: Session, target: str | Path) -> None:
    """Frames until another showcase is ready, or cannot be had."""
    session.begin_loading(target)
    until(session, lambda: session.loading is None or session.loading.ready or session.loading.problem is not None)


def cross(session: Session, target: str | Path, *, back: bool = False) -> None:
    """Loads and enters."""
    loaded(session, target)
    assert session.loading is not None and session.loading.place is not None, session.loading and session.loading.problem
    session.arrive(session.loading.place, None, back=back)


def picture(session: Session) -> NDArray[np.uint8]:
    """[H, W, 3]: the third frame from now, at the very same time of waves and leaves."""
    for _ in range(3):
        session.visit.seconds = 0.0
        one_frame(session)
    return session.display.acquire_target().read()
