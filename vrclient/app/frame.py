"""One frame, as the literal list of its stages; every stage is timed every frame. The engine's own task loop is not used.

Between `views` and `present` nothing allocates memory that grows with the scene."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from vrclient import ending
from vrclient.app import tidying
from vrclient.app.apply import apply
from vrclient.app.session import Session, Visit
from vrclient.app.stand import ALONE, Alone
from vrclient.frame.inputs import InputSnapshot
from vrclient.geometry.frames import heading_and_pitch
from vrclient.interaction.locomotion import carried_over

LONGEST_FRAME = 0.25
"""Seconds: no more than this counts as gone by between two frames, such as when another display takes over."""
SWITCH_SECONDS = 0.0005
"""For so long a thread beside the frames keeps Python's lock; its own 5 ms are half a frame (docs/performance.md)."""
OVERLAY_SECONDS = 0.5
"""How often the statistics are written anew."""


def run_frames(session: Session, /, *, frames: int | None = None, stand: Alone = ALONE) -> None:
    """Frames until the visitor leaves, `frames` were shown, or the program is to end. `stand`: who supervises them."""
    overlay = StatisticsOverlay()
    with collector_frozen():
        while not session.visit.leaving and not ending.asked() and (frames is None or session.clock.frames < frames):
            one_frame(session, stand)
            overlay.update(session)


def one_frame(session: Session, stand: Alone = ALONE, /) -> None:
    """The stages. Where nobody would see the frame, nothing is located, culled or drawn, but it is ended all the same."""
    clock, display, visit, controller = session.clock, session.display, session.visit, session.visit_controller
    clock.begin()
    with clock.stage("wait"):
        timing = display.wait_frame()
        elapsed = min(timing.elapsed, LONGEST_FRAME)
    with clock.stage("input"):
        inputs = stand.allowed(display.poll_inputs())
        if session.recorder is not None:
            session.recorder.add(inputs, timing.elapsed)
        follow_head(visit, inputs)
        visit.seconds += elapsed if inputs.attentive else 0.0
    with clock.stage("interact"):
        inputs = controller.heard(inputs, time=visit.seconds)
        outcome = session.place.interaction.update(
            visit.rig,
            inputs,
            time=visit.seconds,
            seconds=elapsed,
            panels=controller.wanted(inputs, pixels=visit.pixels),
            fov=visit.fov,
            pixels=visit.pixels,
            day=session.place.day,
            waits=controller.waits,
        )
        visit.rig, visit.fov = outcome.rig, outcome.fov or visit.fov
        for tick in outcome.ticks:
            display.vibrate(tick.hand, seconds=tick.seconds, amplitude=tick.amplitude)
    with clock.stage("mode"):
        asked = controller.update(
            outcome,
            inputs,
            seconds=elapsed,
            time=visit.seconds,
            eye=visit.eye,
            loading=session.loading_state(),
            way_back=session.way_back(),
        )
    with clock.stage("apply"):
        apply(session, (*outcome.commands, *asked))
        display.show_title(session.title)
    with clock.stage("animate"):
        visit.aids = replace(outcome.aids, blink=max(outcome.aids.blink, controller.darkness))
        session.place.follow_light()
        controller.play(visit.rig.world_from_rig() @ visit.rig_from_head, elapsed=elapsed, attentive=inputs.attentive)
        session.renderer.set_seconds(visit.seconds % 3600.0 if session.settings.moving else 0.0)
    view_set = wide = None
    if timing.should_render:
        with clock.stage("views"):
            view_set = display.locate_views(visit.rig.world_from_rig(), visit.rig_from_head, fov=visit.fov)
            if visit.head is None:
                visit.pixels = (int(view_set.pixels[0, 0]), int(view_set.pixels[0, 1]))
            wide = display.views_to_cull(view_set)
            if session.recorder is not None and visit.head is not None:
                session.recorder.see(view_set, visit.rig.world_from_rig() @ visit.head)
        with clock.stage("visible"):
            visible = session.place.visibility.cull(wide, date=session.place.day)
        with clock.stage("upload"):
            session.renderer.upload(view_set, visible, culled_with=wide)
            session.renderer.show_aids(visit.aids)
            controller.show(session.renderer, outcome)
        with clock.stage("draw"):
            late = display.late_views if display.locates_late else None
            session.renderer.draw(display.acquire_target(), late=late)
    with clock.stage("present"):
        display.end_frame()
    with clock.stage("publish"):
        stand.after_frame(session, drawn=view_set is not None)
    session.advance_loading(view_set, wide, period=timing.period)
    tidying.after_frame(clock.frames)
    clock.end()


def follow_head(visit: Visit, inputs: InputSnapshot, /) -> None:
    """Takes over where the head is; what it is tracked from may have changed, but the visitor stays at the same spot and looks
    the same way. Who comes back to the flat display looks as high as before."""
    before, visit.head = visit.rig_from_head, inputs.head
    if inputs.origin_moved:
        if inputs.head is None:
            visit.rig = replace(visit.rig, pitch=heading_and_pitch(before[:3, 1])[1])
        visit.rig = carried_over(visit.rig, before=before, after=visit.rig_from_head)


@contextmanager
def collector_frozen() -> Iterator[None]:
    """What is loaded is not looked through again, nothing is collected in the middle of a frame, and threads beside the frames
    give way soon."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.enable()
        gc.unfreeze()


class StatisticsOverlay:
    """The numbers in the window's corner (F3)."""

    def __init__(self) -> None:
        self._due = 0.0

    def update(self, session: Session, /) -> None:
        """Writes them anew twice a second while they are wanted."""
        now = time.monotonic()
        if not session.visit.statistics or now < self._due:
            return
        from vrclient.app.overlay import lines_image

        self._due = now + OVERLAY_SECONDS
        session.display.show_overlay(lines_image(statistics_lines(session)))


def statistics_lines(session: Session, /) -> list[str]:
    """What F3 shows."""
    stats, stages = session.renderer.stats, session.clock.milliseconds(skip=max(0, session.clock.frames - 90))
    if not stages:
        return []
    frame, parts = stages["frame"], ", ".join(f"{name} {stages[name]['p50']:.2f}" for name in ("visible", "upload", "draw"))
    world_from_head = session.visit.rig.world_from_rig() @ session.visit.rig_from_head
    x, y, z = world_from_head[:3, 3]
    heading, pitch = np.degrees(heading_and_pitch(world_from_head[:3, 1]))
    return [
        f"{1000.0 / max(frame['p50'], 1e-3):5.0f} frames/s   {frame['p50']:.1f} ms, p99 {frame['p99']:.1f} ms",
        f"own work {stages['work']['p50']:.2f} ms: {parts}",
        f"{stats.instances} instances, {stats.chunks} chunks, {stats.draw_calls} draw calls",
        f"{stats.triangles / 1e6:.2f} M triangles",
        f"eye {x:.1f}, {y:.1f}, {z:.1f} m   heading {heading % 360:.0f} deg, pitch {pitch:.0f} deg",
        *session.display.status_lines(),
    ]
