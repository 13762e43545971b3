"""A visitor's frames: hands and pointers aim, jump, step up and come back, in the dark of a blink."""

from dataclasses import replace

import numpy as np

from vrclient.app.interact import Interaction, Outcome, Tick
from vrclient.frame.commands import GoToViewpoint
from vrclient.frame.inputs import NOTHING, Hand, InputSnapshot
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Comfort
from vrclient.interaction.locomotion import Rig, carried_over, floor_spot, head_heading, placed
from vrclient.scene.draw_data import Selectable

A, B, C, D = (-50, -50, 0), (50, -50, 0), (50, 50, 0), (-50, 50, 0)
FIELD = Obstacles.build(np.array([[A, B, C], [A, C, D]], np.float32), np.zeros((0, 6), np.float32))
PANEL = Selectable("", {}, (0.0, 6.0, 1.4), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.7, 0.5))
HEAD = world_from_body((0.6, -0.4, 1.7), heading=0.3)
FRAME = 1.0 / 90.0


class Visitor:
    """Frames one after another, on one clock."""

    def __init__(self, comfort: Comfort | None = None, rig: Rig | None = None) -> None:
        self.interaction = Interaction((PANEL,), lambda: FIELD, comfort or Comfort())
        self.rig = rig or Rig((0.0, 0.0, 0.0))
        self.time = 10.0
        self.last: Outcome | None = None

    def frame(self, inputs: InputSnapshot) -> Outcome:
        self.last = self.interaction.update(self.rig, inputs, time=self.time, seconds=FRAME)
        self.rig, self.time = self.last.rig, self.time + FRAME
        return self.last

    def frames(self, inputs: InputSnapshot, count: int = 60) -> list[Outcome]:
        return [self.frame(inputs) for _ in range(count)]


def hand(aim: Matrix, **held: bool) -> Hand:
    return Hand(aim=aim, grip=aim, profile="/some", **held)  # type: ignore[arg-type]


def worn(right: Hand | None = None, *, head: Matrix = HEAD, **more: object) -> InputSnapshot:
    away = hand(world_from_body((0.4, 0.0, 1.2), pitch=1.2))
    return InputSnapshot(head=head, hands=(away, right or away), **more)  # type: ignore[arg-type]


DOWN = world_from_body((0.8, 0.0, 1.2))


def test_who_does_nothing_gets_the_same_rig_and_no_aids() -> None:
    visitor = Visitor()
    before = visitor.rig
    for outcome in visitor.frames(NOTHING, 3):
        assert outcome.rig is before
        aids = outcome.aids
        assert (aids.ray, aids.cursor, aids.arc, aids.landing, aids.controllers) == (None, None, None, None, ())
        assert (aids.blink, aids.vignette, outcome.commands, outcome.ticks) == (0.0, 0.0, (), ())


def test_a_throw_puts_the_head_over_its_landing_in_the_dark() -> None:
    visitor = Visitor()
    heading = head_heading(visitor.rig, HEAD)
    held = visitor.frames(worn(hand(DOWN, teleport=True)), 3)[-1]
    assert held.aids.landing is not None and held.aids.arc_valid and held.aids.cursor is None and held.aids.ray is None
    spot = held.aids.landing.spot
    frames = visitor.frames(worn())
    moved = next(k for k, one in enumerate(frames) if one.rig.feet != held.rig.feet)
    assert frames[moved].aids.blink == 1.0
    assert frames[0].aids.blink == 0.0 and frames[-1].aids.blink == 0.0
    assert np.allclose(floor_spot(visitor.rig, HEAD), spot)
    assert np.isclose(head_heading(visitor.rig, HEAD), heading)


def test_a_throw_at_the_sky_goes_nowhere() -> None:
    visitor = Visitor()
    up = hand(world_from_body((0.8, 0.0, 1.2), pitch=-1.2) @ np.diag([1.0, 1.0, -1.0, 1.0]), teleport=True)
    visitor.interaction = Interaction((), lambda: Obstacles.build(FIELD.floor[:0], FIELD.wall), Comfort())
    assert not visitor.frame(worn(up)).aids.arc_valid
    visitor.frames(worn())
    assert visitor.rig.feet == (0.0, 0.0, 0.0)


def test_a_snap_turns_the_visitor_on_their_spot_and_no_blink_is_needed() -> None:
    visitor = Visitor()
    spot, heading = floor_spot(visitor.rig, HEAD), head_heading(visitor.rig, HEAD)
    outcome = visitor.frame(worn(replace(hand(DOWN), turn=1.0)))
    assert np.allclose(floor_spot(outcome.rig, HEAD), spot)
    assert np.isclose(head_heading(outcome.rig, HEAD) - heading, np.radians(30.0))
    assert outcome.aids.blink == 0.0


def test_one_steps_up_to_a_panel_that_was_chosen_and_feels_it() -> None:
    visitor = Visitor()
    aim = world_from_body((0.0, 0.0, 1.4))
    hovering = visitor.frame(worn(hand(aim)))
    assert hovering.ticks == (Tick(1, 0.010, 0.3),)
    assert hovering.aids.cursor is not None and hovering.aids.cursor.hovering
    assert visitor.frame(worn(hand(aim))).ticks == ()
    pressed = visitor.frame(worn(hand(aim, select=True)))
    assert pressed.ticks == (Tick(1, 0.020, 0.6),)
    assert pressed.aids.cursor is not None and pressed.aids.cursor.pressed
    visitor.frames(worn(hand(aim)))
    assert np.allclose(floor_spot(visitor.rig, HEAD), [0.0, 4.7, 0.0], atol=1e-6)
    assert np.isclose(head_heading(visitor.rig, HEAD), 0.0, atol=1e-6)


def test_a_press_that_ends_beside_the_panel_chooses_nothing() -> None:
    visitor = Visitor()
    visitor.frame(worn(hand(world_from_body((0.0, 0.0, 1.4)), select=True)))
    visitor.frames(worn(hand(world_from_body((0.0, 0.0, 1.4), heading=0.5))))
    assert visitor.rig.feet == (0.0, 0.0, 0.0)


def test_recentring_comes_back_to_the_last_spot_however_often_and_wherever_one_walked() -> None:
    visitor = Visitor()
    visitor.frame(worn())
    spot, heading = floor_spot(visitor.rig, HEAD), head_heading(visitor.rig, HEAD)
    walked_off = world_from_body((-1.0, 1.2, 1.6), heading=-1.0)
    for _ in range(2):
        visitor.frame(worn(head=walked_off, pressed=frozenset({"home"})))
        visitor.frames(worn(head=walked_off))
        assert np.allclose(floor_spot(visitor.rig, walked_off), spot)
        assert np.isclose(head_heading(visitor.rig, walked_off), heading)


def test_a_viewpoint_waits_for_the_dark_where_somebody_wears_the_display() -> None:
    visitor = Visitor()
    number = {"pressed": frozenset({"2"})}
    assert visitor.frame(InputSnapshot(**number)).commands == (GoToViewpoint(1),)  # type: ignore[arg-type]
    visitor = Visitor()
    frames = [visitor.frame(worn(**number)), *visitor.frames(worn())]
    asked = [one for one in frames if one.commands]
    assert len(asked) == 1 and asked[0].commands == (GoToViewpoint(1),) and asked[0].aids.blink == 1.0


def test_the_stick_walks_only_who_wants_it_and_the_rim_closes_for_it_alone() -> None:
    push = worn(replace(hand(DOWN), move=(0.0, 1.0)))
    still = Visitor()
    assert still.frames(push)[-1].aids.vignette == 0.0
    assert still.rig.feet == (0.0, 0.0, 0.0)
    glides = Visitor(Comfort(smooth_walk=True, first_hand=0))
    frames = glides.frames(push)
    assert np.isclose(np.hypot(*glides.rig.feet[:2]), 60 * FRAME * 1.4, rtol=0.02)
    assert frames[-1].aids.vignette > 0.99
    assert glides.frames(worn())[-1].aids.vignette == 0.0
    turning = [worn(head=world_from_body((0.0, 0.0, 1.7), heading=0.1 * k)) for k in range(30)]
    assert max(glides.frame(one).aids.vignette for one in turning) == 0.0
    assert Visitor(Comfort(smooth_walk=True, first_hand=0, vignette=False)).frames(push)[-1].aids.vignette == 0.0


def test_a_seated_visitor_s_eyes_are_brought_to_their_height() -> None:
    visitor = Visitor(Comfort(seated=True))
    low = world_from_body((0.0, 0.0, 1.15))
    visitor.frame(worn(head=low, origin_moved=True))
    assert np.isclose((visitor.rig.world_from_rig() @ low)[2, 3], 1.55)
    assert visitor.rig.feet[2] == 0.0
    visitor.frame(InputSnapshot(origin_moved=True))
    assert visitor.rig.lift == 0.0


def test_the_headset_s_own_button_brings_back_who_has_walked_and_turned_away() -> None:
    """The runtime says that its space is another one; the rig is carried over as by app/frame.py, so that nothing jumps."""
    visitor = Visitor(rig=Rig((3.0, 4.0, 0.0), heading=0.5))
    start = world_from_body((0.2, 0.1, 1.7))
    visitor.frames(worn(head=start), 5)
    spot, heading = floor_spot(visitor.rig, start), head_heading(visitor.rig, start)
    away = world_from_body((1.2, 0.1, 1.7), heading=np.pi / 2)
    visitor.frames(worn(head=away), 5)
    recentred = world_from_body((0.0, 0.0, 1.7))
    before = (visitor.rig.world_from_rig() @ away)[:2, 3]
    visitor.rig = carried_over(visitor.rig, before=away, after=recentred)
    visitor.frame(worn(head=recentred, origin_moved=True, recentred=True))
    np.testing.assert_allclose((visitor.rig.world_from_rig() @ recentred)[:2, 3], before)  # in the dark alone
    outcomes = visitor.frames(worn(head=recentred))
    assert max(outcome.aids.blink for outcome in outcomes) == 1.0
    np.testing.assert_allclose(floor_spot(visitor.rig, recentred), spot, atol=1e-9)
    assert np.isclose(head_heading(visitor.rig, recentred), heading)


def test_whoever_takes_it_off_the_table_faces_what_the_last_one_did_at_first() -> None:
    visitor = Visitor()
    visitor.frames(worn(), 5)
    table = world_from_body((1.5, -1.0, 0.8), heading=2.5)
    visitor.frames(worn(head=table, attentive=False), 5)
    visitor.rig = placed(visitor.rig, table, (0.0, 0.0, 0.0), heading=0.7)  # the visit begins anew
    visitor.frames(worn(head=table, attentive=False), 5)
    put_on = world_from_body((1.2, -0.6, 1.7), heading=-1.0)
    visitor.frames(worn(head=put_on))
    np.testing.assert_allclose(floor_spot(visitor.rig, put_on), (0.0, 0.0, 0.0), atol=1e-9)
    assert np.isclose(head_heading(visitor.rig, put_on), 0.7)
    walked = world_from_body((0.2, -0.6, 1.7), heading=0.4)
    rig = visitor.rig
    visitor.frames(worn(head=walked, attentive=False), 3)
    visitor.frames(worn(head=walked))
    assert visitor.rig is rig, "who only looked away for a moment stays"


def test_hands_vanish_while_the_visit_waits() -> None:
    visitor = Visitor()
    assert len(visitor.frame(worn(hand(DOWN))).aids.controllers) == 2
    waiting = visitor.frame(worn(hand(DOWN), attentive=False)).aids
    assert (waiting.controllers, waiting.ray, waiting.cursor) == ((), None, None)


def test_a_pointer_shows_its_cursor_and_arc_but_no_ray_and_no_controller() -> None:
    visitor = Visitor()
    aim = visitor.rig.rig_from_head()
    aims = visitor.frame(InputSnapshot(hands=(Hand(aim=aim),))).aids
    assert aims.cursor is not None and aims.ray is None and aims.controllers == ()
    throws = visitor.frame(InputSnapshot(hands=(Hand(aim=aim),), held=frozenset({"t"}))).aids
    assert throws.arc is not None and throws.landing is not None
    visitor.frames(InputSnapshot(hands=(Hand(aim=aim),)))
    assert visitor.rig.feet[1] > 3.0
