"""A recorded visit in place of a visitor: any display shows it, and it ends with the recording.

In a recording from a headset both eyes are drawn, as that headset saw. Frames come as fast as the display takes them; what
depends on time goes by the recorded times, so that every replay is the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vrclient.display.backend import ContextT, Display, TargetT
from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import Roaming, ViewSet, carried
from vrclient.geometry.frames import Matrix
from vrclient.interaction.recording import Recording
from vrclient.scene.draw_data import Image

WATCHING = frozenset({"escape", "f3", "f11", "f12"})
"""Keys that whoever watches a recording may press."""


class ReplayDisplay(Display[ContextT, TargetT]):
    """`shown_on` is the display that shows it. After the last frame the recording asks to leave."""

    def __init__(self, recording: Recording, shown_on: Display[ContextT, TargetT], /) -> None:
        self._recording, self._shown_on = recording, shown_on
        self.context = shown_on.context
        self.view_counts = shown_on.view_counts if recording.eyes is None else (len(recording.eyes),)
        self._frame = -1
        self._seconds = 0.0
        self._roaming = Roaming()

    @property
    def name(self) -> str:
        return "replay"

    def wait_frame(self) -> FrameTiming:
        timing = self._shown_on.wait_frame()
        self._frame += 1
        elapsed = float(self._recording.elapsed[min(self._frame, len(self._recording) - 1)])
        self._seconds += elapsed
        return FrameTiming(self._seconds, elapsed, timing.period, timing.should_render)

    def poll_inputs(self) -> InputSnapshot:
        """Those of the recording; who watches it may leave, take pictures and ask for the statistics."""
        watched = self._shown_on.poll_inputs()
        if self._frame >= len(self._recording) or watched.close_requested:
            return InputSnapshot(close_requested=True)
        inputs = self._recording.inputs(self._frame)
        return replace(inputs, pressed=inputs.pressed | (watched.pressed & WATCHING))

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        if self._recording.eyes is None:
            return self._shown_on.locate_views(world_from_rig, rig_from_head, fov=fov)
        return carried(self._recording.eyes, world_from_rig @ rig_from_head)

    def views_to_cull(self, view_set: ViewSet, /) -> ViewSet:
        """As wide as in the headset, so that a replay costs what the visit did."""
        return view_set if self._recording.eyes is None else self._roaming.around(view_set)

    def acquire_target(self) -> TargetT:
        return self._shown_on.acquire_target()

    def end_frame(self) -> None:
        self._shown_on.end_frame()

    def set_samples(self, samples: int, /) -> None:
        self._shown_on.set_samples(samples)

    def show_picture(self, picture: Callable[[tuple[int, int]], Image], /) -> None:
        self._shown_on.show_picture(picture)

    def show_title(self, title: str, /) -> None:
        self._shown_on.show_title(title)

    def show_overlay(self, image: Image | None, /) -> None:
        self._shown_on.show_overlay(image)

    def toggle_fullscreen(self) -> None:
        self._shown_on.toggle_fullscreen()

    def step_aside(self, *, on: bool) -> None:
        self._shown_on.step_aside(on=on)

    @property
    def exits(self) -> bool:
        return self._shown_on.exits

    def status_lines(self) -> list[str]:
        return self._shown_on.status_lines()

    def figures(self) -> dict[str, Any] | None:
        return self._shown_on.figures()

    def close(self) -> None:
        self._shown_on.close()
