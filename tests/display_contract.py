"""What display/backend.py promises, as laws: every display must keep each of them.

    for law in LAWS: law(held)          # each on a display of its own, or all in turn on one

A law asks as app/frame.py does, and everything is minded (stub_display.mind): a law out of order fails itself."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.display.backend import FAR_M, NEAR_M
from vrclient.frame.inputs import InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import Roaming, ViewSet
from vrclient.geometry.frames import Matrix, inverse_rigid, world_from_body
from vrclient.scene.draw_data import Image

FOV = 1.1
SETTLES_S = 20.0
"""Seconds that a window system may take to do what it is asked."""
COLOR = (51, 102, 204)
"""sRGB, 0..255: what a law draws."""


@dataclass(slots=True)
class Held:
    """A display to be held against the contract.

    draw            draws COLOR all over the target for those views, as the renderer would; None: it cannot be drawn into
    head            whose head it sees with: the "given" one by the angle that is given, or with "eyes" of another one; its
                    "own" on the rig that is given; or a "script" alone
    window          there is one that shows pictures
    resize          makes its window another size
    ask_to_close    somebody wants it closed
    press           presses a key, by the name it is told by
    """

    display: Any
    draw: Callable[[ViewSet], None] | None = None
    head: str = "given"
    window: bool = False
    resize: Callable[[tuple[int, int]], None] | None = None
    ask_to_close: Callable[[], None] | None = None
    press: Callable[[str], None] | None = None
    names: tuple[str, ...] = ("headset", "window", "offscreen", "scripted", "replay", "stub")

    def frame(self, world_from_rig: Matrix | None = None, rig_from_head: Matrix | None = None, *, fov: float = FOV) -> "Shown":
        """One whole frame."""
        display = self.display
        timing, inputs = display.wait_frame(), display.poll_inputs()
        rig = np.eye(4) if world_from_rig is None else world_from_rig
        head = np.eye(4) if rig_from_head is None else rig_from_head
        views = display.locate_views(rig, head, fov=fov)
        wide = display.views_to_cull(views)
        target = display.acquire_target()
        late = display.late_views() if display.locates_late else None
        if self.draw is not None:
            self.draw(views)
        assert display.acquire_target() is target, "another target in the middle of a frame"
        display.end_frame()
        return Shown(timing, inputs, views, wide, late, target)

    def until(self, holds: Callable[["Shown"], bool], what: str) -> None:
        """Frames until it does."""
        end = time.monotonic() + SETTLES_S
        while not holds(self.frame()):
            assert time.monotonic() < end, f"waited in vain for {what}"


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a display said of a frame."""

    timing: FrameTiming
    inputs: InputSnapshot
    views: ViewSet
    wide: ViewSet
    late: ViewSet | None
    target: Any


def its_first_frame_takes_no_time_and_moves_nothing(held: Held) -> None:
    display = held.display
    assert display.name in held.names
    assert display.view_counts and all(count >= 1 for count in display.view_counts)
    before = display.poll_inputs()  # as while a place is loaded
    assert not before.origin_moved
    first = held.frame()
    assert first.timing.elapsed == 0.0
    assert first.inputs.origin_moved == (first.inputs.head is not None)


def it_takes_other_samples_before_its_first_frame(held: Held) -> None:
    size = held.display.acquire_target().size
    for samples in (4, 1):
        held.display.set_samples(samples)
        assert held.display.acquire_target().samples == samples
        assert held.display.acquire_target().size == size


def time_goes_on_and_none_counts_twice(held: Held) -> None:
    timings = [held.frame().timing for _ in range(6)]
    for before, now in pairwise(timings):
        assert 0.0 <= now.elapsed <= now.display_time - before.display_time + 1e-6 or now.elapsed == 0.0
        assert now.display_time >= before.display_time
    assert all(timing.period >= 0.0 for timing in timings)
    assert all(timing.should_render in (True, False) for timing in timings)


def inputs_are_in_their_frames_and_units(held: Held) -> None:
    for _ in range(3):
        inputs = held.frame().inputs
        assert len(inputs.hands) <= 2
        assert all(name == name.lower() for name in inputs.held | inputs.pressed)
        assert inputs.pointer is None or all(0.0 <= part <= 1.0 for part in inputs.pointer)
        assert all(np.isfinite(inputs.look))
        poses = [inputs.head, *(pose for hand in inputs.hands for pose in (hand.aim, hand.grip, hand.rig_from_model))]
        for pose in poses:
            assert pose is None or is_rigid(pose)
        assert inputs.head is None or held.head in ("own", "eyes")
        assert not (inputs.recentred and not inputs.origin_moved)


def what_was_pressed_is_told_once(held: Held) -> None:
    if held.press is None:
        return
    held.frame()
    held.press("f3")
    held.until(lambda shown: "f3" in shown.inputs.pressed, "a key")
    assert not any("f3" in held.frame().inputs.pressed for _ in range(3))


def views_are_rigid_signed_and_side_by_side(held: Held) -> None:
    for shown in (held.frame(), held.frame(world_from_body((3.0, 2.0, 1.0), heading=0.7))):
        views = shown.views
        assert len(views) in held.display.view_counts
        assert views.view_from_world.shape == (len(views), 4, 4) and views.view_from_world.dtype == np.float64
        assert all(is_rigid(pose) for pose in views.view_from_world)
        left, right, up, down = views.fov.T
        assert (left < right).all() and (down < up).all() and (np.abs(views.fov) < np.pi / 2).all()
        assert views.roam == 0.0 < views.near < views.far
        assert held.head in ("eyes", "script") or (views.near, views.far) == (NEAR_M, FAR_M)
        assert views.pixels.shape == (len(views), 2) and views.pixels.dtype == np.int32
        width, height = shown.target.size
        assert views.pixels[:, 0].sum() <= width and views.pixels[:, 1].max() <= height


def it_looks_from_the_head_it_has(held: Held) -> None:
    rig, head = world_from_body((5.0, -3.0, 2.0), heading=1.2), world_from_body((0.1, 0.2, 1.7), heading=-0.4)
    for _ in range(2):
        held.frame()
    here, there = held.frame(rig, head), held.frame(np.eye(4), head, fov=0.6)
    if held.head == "given":
        np.testing.assert_allclose(here.views.view_from_world, inverse_rigid(rig @ head)[None], atol=1e-12)
        np.testing.assert_allclose(there.views.view_from_world, inverse_rigid(head)[None], atol=1e-12)
        for shown, fov in ((here, FOV), (there, 0.6)):
            (left, right, up, down), (width, height) = shown.views.fov[0], shown.views.pixels[0]
            np.testing.assert_allclose((up, -down, -left), (fov / 2, fov / 2, right))
            np.testing.assert_allclose(np.tan(right) / np.tan(up), width / height)
        return
    moved = {"eyes": rig, "own": rig, "script": np.eye(4)}[held.head]
    np.testing.assert_allclose(here.views.view_from_world @ moved, there.views.view_from_world, atol=0.01)
    np.testing.assert_allclose(here.views.fov, there.views.fov)


def its_optics_stay_the_same_object(held: Held) -> None:
    for _ in range(2):
        held.frame()
    one, other = held.frame(), held.frame(world_from_body((1.0, 1.0, 1.0), heading=0.1))
    assert one.views.clip_from_view is other.views.clip_from_view
    if held.head == "given":
        assert held.frame(fov=0.5).views.clip_from_view is not one.views.clip_from_view


def what_is_culled_holds_what_is_seen(held: Held) -> None:
    shown = held.frame()
    views, wide = shown.views, shown.wide
    assert len(wide) == len(views) and wide.roam >= 0.0
    assert (np.abs(wide.fov) >= np.abs(views.fov) - 1e-9).all()
    if wide.roam == 0.0:
        assert wide is views
    if shown.late is not None:
        assert shown.late.clip_from_view is views.clip_from_view
        assert Roaming().covers(views.view_from_world, shown.late.view_from_world)


def late_views_are_of_a_head_that_is_tracked(held: Held) -> None:
    shown = held.frame()
    assert shown.late is None or (held.head == "own" and shown.inputs.head is not None)


def the_target_can_be_read_between_frames(held: Held) -> None:
    shown = held.frame()
    for _ in range(2):
        target = held.display.acquire_target()
        assert target is shown.target
        picture = target.read()
        assert picture.shape == (target.size[1], target.size[0], 3) and picture.dtype == np.uint8
        if held.draw is not None:
            np.testing.assert_allclose(picture[0, 0], COLOR, atol=1)


def a_frame_needs_no_views_and_no_picture(held: Held) -> None:
    for _ in range(3):
        held.display.wait_frame()
        held.display.poll_inputs()
        held.display.end_frame()
    shown = held.frame()
    assert shown.timing.elapsed >= 0.0 and shown.target.size[0] > 0


def a_picture_is_made_for_a_window_alone(held: Held) -> None:
    made: list[tuple[int, int]] = []

    def picture(size: tuple[int, int]) -> Image:
        made.append(size)
        return Image(np.full((size[1], size[0], 4), 255, np.uint8), "a law's")

    held.display.show_picture(picture)
    assert len(made) == int(held.window)
    assert all(width > 0 and height > 0 for width, height in made)
    held.frame()


def titles_and_overlays_may_come_with_any_frame(held: Held) -> None:
    overlay = Image(np.full((8, 20, 4), 128, np.uint8), "a law's")
    held.display.wait_frame()
    held.display.poll_inputs()
    for _ in range(2):
        held.display.show_title("千秋广场 - vrclient")
        held.display.show_overlay(overlay)
    held.display.end_frame()
    held.frame()
    held.display.show_overlay(None)
    held.display.show_overlay(None)
    held.frame()


def the_whole_screen_and_back_is_as_before(held: Held) -> None:
    size = tuple(held.frame().views.pixels[0])
    held.display.toggle_fullscreen()
    for _ in range(3):
        held.frame()
    held.display.toggle_fullscreen()
    held.until(lambda shown: tuple(shown.views.pixels[0]) == size, f"the size {size}")


def another_size_is_followed_by_views_and_target(held: Held) -> None:
    before = held.frame().target.size
    if held.resize is None:
        assert held.frame().target.size == before
        return
    held.resize((90, 70))
    held.until(lambda shown: tuple(shown.views.pixels[0]) == (90, 70) == shown.target.size, "90 x 70 pixels")
    held.resize(before)
    held.until(lambda shown: shown.target.size == before, f"{before} pixels")


def either_hand_may_be_made_to_feel(held: Held) -> None:
    held.display.wait_frame()
    held.display.poll_inputs()
    for hand in (0, 1):
        held.display.vibrate(hand, seconds=0.01, amplitude=0.5)
        held.display.vibrate(hand, seconds=0.0, amplitude=0.0)
    held.display.end_frame()
    held.frame()


def it_tells_the_staff_in_lines_and_the_report_in_json(held: Held) -> None:
    held.frame()
    assert all(line and line.isprintable() for line in held.display.status_lines())
    figures = held.display.figures()
    assert figures is None or json.loads(json.dumps(figures)) == figures
    assert held.display.exits in (True, False)


def who_wants_it_closed_is_heard_until_it_is(held: Held) -> None:
    if held.ask_to_close is None:
        assert not held.frame().inputs.close_requested
        return
    held.ask_to_close()
    held.until(lambda shown: shown.inputs.close_requested, "the cross")
    assert all(held.frame().inputs.close_requested for _ in range(3))


def it_is_closed_in_the_middle_of_a_frame_and_again(held: Held) -> None:
    held.frame()
    held.display.wait_frame()
    held.display.poll_inputs()
    held.display.locate_views(np.eye(4), np.eye(4), fov=FOV)
    held.display.acquire_target()
    held.display.close()
    held.display.close()
    assert held.display.exits in (True, False)


def is_rigid(pose: NDArray[np.float64]) -> bool:
    """Whether [4, 4] float64 turns and moves alone."""
    turn = pose[:3, :3]
    return (
        pose.shape == (4, 4)
        and pose.dtype == np.float64
        and np.allclose(turn @ turn.T, np.eye(3), atol=1e-5)
        and np.linalg.det(turn) > 0.0
        and np.array_equal(pose[3], (0.0, 0.0, 0.0, 1.0))
    )


Law = Callable[[Held], None]
FIRST: tuple[Law, ...] = (it_takes_other_samples_before_its_first_frame, its_first_frame_takes_no_time_and_moves_nothing)
"""Of a display that has shown none yet."""
ANYWHERE: tuple[Law, ...] = (
    time_goes_on_and_none_counts_twice,
    inputs_are_in_their_frames_and_units,
    what_was_pressed_is_told_once,
    views_are_rigid_signed_and_side_by_side,
    it_looks_from_the_head_it_has,
    its_optics_stay_the_same_object,
    what_is_culled_holds_what_is_seen,
    late_views_are_of_a_head_that_is_tracked,
    the_target_can_be_read_between_frames,
    a_frame_needs_no_views_and_no_picture,
    a_picture_is_made_for_a_window_alone,
    titles_and_overlays_may_come_with_any_frame,
    the_whole_screen_and_back_is_as_before,
    another_size_is_followed_by_views_and_target,
    either_hand_may_be_made_to_feel,
    it_tells_the_staff_in_lines_and_the_report_in_json,
)
"""In any order, and again."""
LAST: tuple[Law, ...] = (who_wants_it_closed_is_heard_until_it_is, it_is_closed_in_the_middle_of_a_frame_and_again)
LAWS: tuple[Law, ...] = (*FIRST, *ANYWHERE, *LAST)


def draw_with_engine(display: Any, /) -> Callable[[ViewSet], None]:
    """`Held.draw` as renderer/pipeline.py draws: the target gets the views' size, and what is in it is drawn at once."""

    def draw(views: ViewSet) -> None:
        target = display.acquire_target()
        target.resize((int(views.pixels[:, 0].sum()), int(views.pixels[:, 1].max())))
        target.buffer.set_clear_color((*(part / 255.0 for part in COLOR), 1.0))
        target.buffer.set_active(True)
        display.context.engine.render_frame()
        target.buffer.set_active(False)

    return draw
