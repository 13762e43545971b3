"""From inputs to a new rig, commands, what helps the visitor see what they do, and what they feel. One call a frame: who is
there, point, move, choose, relocate, show.

It draws nothing and reads no device: a window's pointer and a headset's hands are the same values here. What a visit makes of
what was chosen and pressed is modes/visitor.py's."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vrclient.app.panel_hand import UNTOUCHED, PanelHand, PanelTouch
from vrclient.app.relocation import Relocation
from vrclient.frame.aids import Aids, Controller, Cursor, LandingMark, Part, Ray
from vrclient.frame.commands import Command, GoToViewpoint, Movement, Recentre, Teleport
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.geometry.frames import Matrix
from vrclient.interaction.actions import RECENTRE_SECONDS, Actions, ButtonState, Intent, commands, moved
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Comfort, vignette
from vrclient.interaction.gaze import NO_GAZE
from vrclient.interaction.locomotion import Rig, glided, head_heading, snapped
from vrclient.interaction.pointer import Hit, Targets, pointed, reading_spot
from vrclient.interaction.teleport import Landing, landing, step_to
from vrclient.modes.placing import Body, StandingPanel, Wanted
from vrclient.panels.pressing import Pressing
from vrclient.scene.draw_data import Selectable
from vrclient.scene.interactives import Exhibit

RAY_LENGTH = 1.0
"""Metres: an aim's ray is drawn no longer, so that it does not fence off the view."""
ON_PANEL = -1
"""Instead of a target's number: what was pressed is on a panel."""
PULL_PIXELS = 8.0
"""A pointer that has pulled the view so far chooses nothing when it is let go."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What a hand feels: seconds, and amplitude 0..1."""

    hand: int
    seconds: float
    amplitude: float


NOTHING_PRESSED = Pressing()
HOVER, PRESS = (0.010, 0.3), (0.020, 0.6)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Of one frame.

    rig        from now on; `fov`: a flat display's vertical angle from now on, radians, None: as before
    commands   what app/apply.py shall do
    aids       what is drawn on top; `standing`: the panels, where they are
    ticks      what is felt
    touch      what the aim did on panels; `pressing`: what it holds and hovers over there
    chosen     what was chosen in the scene
    arrived    nobody is being brought anywhere
    walked     the visitor has moved by themselves; jumped: they were put elsewhere in the dark
    menu       the menu was asked for by a controller's button
    """

    rig: Rig
    commands: tuple[Command, ...]
    aids: Aids
    ticks: tuple[Tick, ...]
    fov: float | None = None
    standing: tuple[StandingPanel, ...] = ()
    touch: PanelTouch = UNTOUCHED
    pressing: Pressing = NOTHING_PRESSED
    chosen: Selectable | None = None
    arrived: bool = True
    walked: bool = False
    jumped: bool = False
    menu: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Now:
    """What a frame is given (`Interaction.update`)."""

    inputs: InputSnapshot
    panels: Wanted
    time: float
    seconds: float
    fov: float
    pixels: tuple[int, int]

    @property
    def tracked(self) -> bool:
        """Whether somebody's head is, rather than a flat display's."""
        return self.inputs.head is not None

    def head(self, rig: Rig) -> Matrix:
        """rig_from_head."""
        return self.inputs.head if self.inputs.head is not None else rig.rig_from_head()


@dataclass(frozen=True, slots=True, eq=False)
class _Pointing:
    """What is meant, and what it does on panels; `body`: from where."""

    body: Body
    intent: Intent
    touch: PanelTouch


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What is aimed at in the scene, or thrown at its floor; what was chosen of it, and what is felt."""

    hit: Hit | None
    thrown: Landing | None
    chosen: Selectable | None
    ticks: tuple[Tick, ...]


class Interaction:
    """The visitor of one scene. Its state is what a frame leaves to the next: what was held and aimed at, and the relocation."""

    def __init__(self, selectables: tuple[Selectable, ...], obstacles: Callable[[], Obstacles], comfort: Comfort, /) -> None:
        """`obstacles` is asked when somebody first aims or walks."""
        self.comfort = comfort
        self.panels = PanelHand()
        self.relocation = Relocation(obstacles)
        self._selectables = selectables
        self._targets = Targets.build(selectables)
        self._obstacles = obstacles
        self._actions = Actions()
        self._rig: Rig | None = None
        self._tracked: bool | None = None
        self._attentive = self._awaited = False
        self._hovered: int | None = None
        self._pressed: int | None = None
        self._thrown: Landing | None = None
        self._vignette = 0.0
        self._pull = 0.0
        self._gaze = NO_GAZE
        self._walked = False
        self._day: int | None = None

    def update(
        self,
        rig: Rig,
        inputs: InputSnapshot,
        /,
        *,
        time: float,
        seconds: float,
        panels: Wanted = (),
        fov: float = 1.0,
        pixels: tuple[int, int] = (1280, 720),
        day: int | None = None,
        waits: bool = False,
    ) -> Outcome:
        """One frame. `time` in seconds on a steady clock; `seconds` since the frame before. panels: what there is to press, with
        its anchors; fov and pixels: of a flat display's picture; day: which is shown, as date.toordinal(); waits: who is on a
        rail stays where they are."""
        now = _Now(inputs, panels, time, seconds, fov, pixels)
        self._day = day
        rig = self._taken_over(rig, now)
        pointing = self._point(rig, now)
        rig, speed = self._move(rig, now, pointing, waits=waits)
        asked = [self._deferred(one, now) for one in commands(inputs)]
        choice = self._choose(rig, now, pointing)
        there, (rig, viewpoint) = rig, self._relocate(rig, now, pointing, choice)
        head = now.head(rig)
        wanted = speed if now.tracked and self.comfort.vignette else 0.0
        self._vignette = vignette(self._vignette, speed=wanted, seconds=seconds)
        self._rig = rig
        relocation, menu = self.relocation, pointing.intent.menu
        here = replace(pointing.body, world_from_rig=rig.world_from_rig(), rig_from_head=head, fov=relocation.fov or fov)
        return Outcome(
            rig,
            tuple(one for one in (*asked, viewpoint) if one is not None),
            self._shown(rig, head, now, pointing, choice),
            choice.ticks,
            fov=relocation.fov,
            standing=self.panels.place(panels, here, seconds=0.0),
            touch=pointing.touch,
            pressing=self.panels.pressing,
            chosen=choice.chosen,
            arrived=relocation.arrived,
            walked=self._walked,
            jumped=rig is not there,
            menu=menu.released and menu.seconds < RECENTRE_SECONDS,
        )

    def _taken_over(self, rig: Rig, now: "_Now") -> Rig:
        """Whose head it is, and where: who has come, was put elsewhere or has another display now."""
        self.relocation.begin()
        self._walked = False
        inputs, head = now.inputs, now.head(rig)
        comes = inputs.attentive and not self._attentive
        self._attentive = inputs.attentive
        if inputs.origin_moved or now.tracked != self._tracked or comes:
            # Whose head, and where it is, is known from now on: before, a headset may have lain on a table.
            self._tracked = now.tracked
            self.relocation.seat(head, self.comfort, tracked=now.tracked)
            self.panels.forget()
        moved = rig is not self._rig and self._rig is not None and not inputs.origin_moved
        self._awaited = now.tracked and (self._awaited or (moved and not inputs.attentive))
        if inputs.recentred or (comes and self._awaited):
            # By the headset's own button; or whoever takes it off a table, where it lay while the visit was begun anew.
            self._awaited = False
            self.ask(Recentre(), time=now.time)
        elif inputs.origin_moved or rig is not self._rig:
            return self.relocation.settled(rig, head)
        return rig

    def _point(self, rig: Rig, now: "_Now") -> "_Pointing":
        """What is meant by the hands, or the gaze, and what that does on panels."""
        inputs = now.inputs
        body = Body(rig.world_from_rig(), now.head(rig), now.tracked, self._holding(inputs), now.fov, now.pixels)
        self.panels.place(now.panels, body, seconds=now.seconds)
        intent = self._gazed(self._actions.update(inputs, self.comfort, seconds=now.seconds), body, inputs, seconds=now.seconds)
        wheel = int("wheel_down" in inputs.pressed) - int("wheel_up" in inputs.pressed)
        world_from_aim = body.world_from_rig @ intent.aim if intent.aim is not None else None
        return _Pointing(body, intent, self.panels.touch(world_from_aim, intent.select, wheel=wheel))

    def _move(self, rig: Rig, now: "_Now", pointing: "_Pointing", *, waits: bool) -> tuple[Rig, float]:
        """The rig after this frame's looking, turning, walking and rail, and how fast it was carried, in metres a second."""
        rig, speed = self._walk(rig, now, pointing)
        if now.inputs.attentive and not waits:
            rig, carried = self.relocation.carry(
                rig, now.head(rig), self.comfort, time=now.time, seconds=now.seconds, tracked=now.tracked
            )
            speed = max(speed, carried)
        return rig, speed

    def _relocate(self, rig: Rig, now: "_Now", pointing: "_Pointing", choice: "_Choice") -> tuple[Rig, GoToViewpoint | None]:
        """The rig after what the dark of a blink hides; and what was asked for joins what is to be done there."""
        # Letting go may jerk the hand: one goes where the mark was last seen.
        before = self._thrown
        if pointing.intent.teleport.released and before is not None and before.valid and before.spot is not None:
            x, y, z = before.spot.tolist()
            self._step(Teleport((x, y, z)), time=now.time)
        self._thrown = choice.thrown
        if pointing.intent.recentre:
            self.ask(Recentre(), time=now.time)
        rig, viewpoint = self.relocation.act(rig, now.head(rig), self.comfort, time=now.time, tracked=now.tracked)
        if self.relocation.recentred:
            self.panels.forget()
        return rig, viewpoint

    def set_comfort(self, comfort: Comfort, /, *, heights: bool) -> None:
        """How one moves from the next frame on; `heights`: one agrees to stand high in the air."""
        if comfort.seated != self.comfort.seated:
            self._tracked = None
        self.comfort = comfort
        self.relocation.heights = heights

    def ask(self, what: Movement | GoToViewpoint, /, *, time: float) -> None:
        """To be done in the dark of a blink, or on a rail; what is asked for last counts."""
        self.relocation.ask(what, time=time, comfort=self.comfort)

    def _step(self, spot: Teleport, *, time: float) -> None:
        """The visitor goes somewhere by themselves."""
        self._walked = True
        self.ask(spot, time=time)

    def _holding(self, inputs: InputSnapshot) -> Matrix | None:
        """The hand that does not point, where there are two: it holds what hands hold."""
        return inputs.hands[1 - self.comfort.first_hand].grip if len(inputs.hands) == 2 and inputs.attentive else None

    def _gazed(self, intent: Intent, body: Body, inputs: InputSnapshot, *, seconds: float) -> Intent:
        """Who wears a headset and has no hand to point with chooses by looking."""
        if not body.tracked or intent.aim is not None or not inputs.attentive:
            self._gaze = NO_GAZE
            return intent
        world_from_aim = body.world_from_rig @ body.rig_from_head
        target: object = self.panels.spot(world_from_aim)
        if target is None:
            hit = self._targets.aimed(world_from_aim[:3, 3], world_from_aim[:3, 1], day=self._day)
            target = hit.target if hit is not None else None
        self._gaze = self._gaze.then(target, seconds=seconds)
        select = ButtonState(pressed=True, released=True) if self._gaze.chosen else ButtonState()
        return replace(intent, aim=body.rig_from_head, select=select)

    def _walk(self, rig: Rig, now: "_Now", pointing: "_Pointing") -> tuple[Rig, float]:
        """The rig after looking, turning and walking, and how fast a stick carried it. A pull on a panel pulls no view."""
        before, speed, inputs, intent = rig, 0.0, now.inputs, pointing.intent
        look = inputs.look if not pointing.touch.taken else (0.0, 0.0)
        self._pull = 0.0 if intent.select.pressed else self._pull + float(np.hypot(*look))
        if inputs.attentive and not now.tracked and (inputs.held or look != (0.0, 0.0)):
            rig = moved(rig, replace(inputs, look=look), self._obstacles, seconds=now.seconds)
        head = now.head(rig)
        if intent.snap:
            rig = snapped(rig, head, intent.snap * self.comfort.snap_turn)
        if intent.move != (0.0, 0.0) and (self.comfort.smooth_walk or not now.tracked):
            right, forward = intent.move
            heading, start = head_heading(rig, head), rig.feet
            rig = glided(rig, head, self._obstacles(), forward=forward, right=right, heading=heading, seconds=now.seconds)
            speed = float(np.linalg.norm(np.subtract(rig.feet, start)[:2])) / max(now.seconds, 1e-3)
        if rig.feet != before.feet and not intent.snap:
            self._walked = True
            self.relocation.stop()
        return (self.relocation.settled(rig, head), speed) if rig is not before else (rig, speed)

    def _deferred(self, command: Command, now: "_Now") -> Command | None:
        """A jump to a viewpoint waits for the dark where somebody wears the display."""
        if now.tracked and isinstance(command, GoToViewpoint):
            self.ask(command, time=now.time)
            return None
        return command

    def _aimed(self, rig: Rig, head: Matrix, intent: Intent) -> tuple[Hit | None, Landing | None]:
        """What is pointed at, or where a throw would land: one or the other."""
        if intent.aim is None:
            return None, None
        world_from_rig = rig.world_from_rig()
        world_from_aim = world_from_rig @ intent.aim
        if intent.teleport.held:
            eye = (world_from_rig @ head)[:3, 3]
            return None, landing(world_from_aim, self._obstacles(), feet=rig.feet[2], eye=eye)
        return pointed(self._targets, self._obstacles(), world_from_aim, day=self._day), None

    def _choose(self, rig: Rig, now: "_Now", pointing: "_Pointing") -> "_Choice":
        """A target is chosen where select is released over what it was pressed on. What is looked at where it stands, a panel
        or a model, is stepped up to; on a flat display a floor is stepped onto."""
        intent, touch = pointing.intent, pointing.touch
        hit, thrown = self._aimed(rig, now.head(rig), intent) if not touch.taken else (None, None)
        target = hit.target if hit is not None else None
        ticks = []
        if (target is not None and target != self._hovered) or touch.ticked:
            ticks.append(Tick(intent.hand, *HOVER))
        self._hovered = target
        select, chosen = intent.select, None
        if select.pressed:
            self._pressed = target if not touch.taken else ON_PANEL
            if target is not None or touch.hovering:
                ticks.append(Tick(intent.hand, *PRESS))
        if select.released and not touch.taken and self._pull <= PULL_PIXELS and target == self._pressed:
            if target is not None:
                thing = self._selectables[target]
                chosen = thing if thing.offers is not None else None
                stands_there = thing.offers is None or (isinstance(thing.offers, Exhibit) and thing.offers.model is not None)
                spot = reading_spot(self._targets, target, self._obstacles()) if stands_there else None
                if spot is not None:
                    self._step(spot, time=now.time)
            elif not now.tracked and hit is not None:
                floor = step_to(hit.point, hit.normal, self._obstacles(), feet=rig.feet[2])
                if floor is not None:
                    self._step(floor, time=now.time)
        if not select.held:
            self._pressed = None
        return _Choice(hit, thrown, chosen, tuple(ticks))

    def _shown(self, rig: Rig, head: Matrix, now: "_Now", pointing: "_Pointing", choice: "_Choice") -> Aids:
        """What is drawn on top. A pointer has no grip: it shows neither ray nor controller, and on panels its own arrow."""
        inputs, intent, touch, hit, thrown = now.inputs, pointing.intent, pointing.touch, choice.hit, choice.thrown
        world_from_rig = rig.world_from_rig()
        held, looked = intent.select.held, self._gaze.share
        cursor = Cursor(hit.point, hit.normal, hit.target is not None, held, looked) if hit is not None else None
        if touch.point is not None and touch.normal is not None and now.tracked:
            cursor = Cursor(touch.point, touch.normal, touch.hovering, held, looked)
        ray = None
        holds = bool(inputs.hands) and inputs.hands[intent.hand].grip is not None
        if intent.aim is not None and holds and thrown is None:
            aim = world_from_rig @ intent.aim
            away = float(np.linalg.norm(cursor.point - aim[:3, 3])) if cursor is not None else RAY_LENGTH
            ray = Ray(aim[:3, 3], aim[:3, 3] + min(RAY_LENGTH, away) * aim[:3, 1])
        mark = None
        if thrown is not None and thrown.spot is not None and thrown.normal is not None:
            mark = LandingMark(thrown.spot, thrown.normal, head_heading(rig, head), thrown.valid)
        return Aids(
            ray=ray,
            cursor=cursor,
            arc=thrown.points if thrown is not None else None,
            arc_valid=thrown is not None and thrown.valid,
            landing=mark,
            controllers=_controllers(world_from_rig, inputs),
            blink=self.relocation.darkness(now.time),
            vignette=self._vignette,
        )


def _controllers(world_from_rig: Matrix, inputs: InputSnapshot) -> tuple[Controller, ...]:
    """The controllers that are held and tracked; none while the visit lacks its inputs. A runtime's model is shown while it is to
    be."""
    if not inputs.attentive:
        return ()
    found = []
    for side, one in enumerate(inputs.hands):
        if one.grip is None or (one.model is not None and one.rig_from_model is None):
            continue
        place = world_from_rig @ one.rig_from_model if one.rig_from_model is not None else None
        found.append(Controller(world_from_rig @ one.grip, one.profile, side, _pressed(one), one.model, place))
    return tuple(found)


def _pressed(hand: Hand) -> frozenset[Part]:
    stick = hand.teleport or max(abs(hand.turn), abs(hand.move[0]), abs(hand.move[1])) > 0.3
    used: tuple[tuple[Part, bool], ...] = (
        ("select", hand.select), ("squeeze", hand.squeeze), ("stick", stick), ("menu", hand.menu)
    )  # fmt: skip
    return frozenset(part for part, down in used if down)
