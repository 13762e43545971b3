"""A visitor without a plan, for soaks: points, presses, drags and types as a mouse does, through the client's own frames. What
they do follows from a seed and from what they find.

They see every place that portals lead to and everything in it that can be chosen, lap after lap. Nothing is measured here."""

import math
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.app.frame import one_frame
from vrclient.app.session import Session
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.timing import FrameTiming
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix, heading_and_pitch, inverse_rigid
from vrclient.interaction.actions import LOOK_RADIANS_PER_PIXEL
from vrclient.interaction.pointer import pointer_aim
from vrclient.modes.placing import StandingPanel
from vrclient.panels.pressing import targets
from vrclient.panels.widgets import Box, Slider
from vrclient.scene.draw_data import Selectable, Viewpoint
from vrclient.scene.interactives import Portal

FRAME_SECONDS = 0.1
"""Of the visit's clock in every frame, however long it takes: the visit goes by at speed."""
CROSSING_S = 300.0
"""Seconds of a real clock after which a place behind a portal is not waited for any more."""
KEYS = ("space", "page_down", "page_up", "l", "m", "h", "y", "f3", "home", "q", "e", "1", "2", "3")
WALKS = ("w", "a", "s", "d", "arrow_up", "arrow_left", "arrow_right", "arrow_down")
MOST_FRAMES = 40
"""Of one thing that is done."""
PER_CHOICE = 2
"""Things done at random after each thing that was chosen."""

Point = tuple[float, float]


class NotReached(Exception):
    """A place could not be entered. The text says which and why."""


class VisitEnded(Exception):
    """The visitor has ended the visit on a panel, and is at home with no way back to where they were."""


class VisitorDisplay(OffscreenDisplay):
    """Hears what a visitor does with a mouse and keys; time goes by at one pace in every frame. Of `drawn_each` frames one is
    drawn, as in a window that is not always seen: drawing in software takes nearly all the time."""

    def __init__(self, size: tuple[int, int], /, *, samples: int, drawn_each: int = 1) -> None:
        super().__init__(size, samples=samples)
        self._drawn_each, self._frame = drawn_each, 0
        self.pointer: Point = (0.5, 0.5)
        self.down = False
        self.held: frozenset[str] = frozenset()
        self.typed: frozenset[str] = frozenset()
        """Keys, and steps of the wheel, that go down in the next frame."""
        self._pulled_from: Point | None = None
        self._was_down = False
        self._head, self._fov = np.eye(4), 1.0

    @property
    def name(self) -> str:
        return "visitor"

    def wait_frame(self) -> FrameTiming:
        super().wait_frame()
        self._frame += 1
        drawn = self._frame % self._drawn_each == 0
        elapsed = FRAME_SECONDS if self._frame > 1 else 0.0
        return FrameTiming(self._frame * FRAME_SECONDS, elapsed, period=1.0 / 60.0, should_render=drawn)

    def poll_inputs(self) -> InputSnapshot:
        pressed = self.typed | ({"mouse1"} if self.down and not self._was_down else frozenset())
        before = self._pulled_from if self.down and self._was_down else None
        look = (0.0, 0.0)
        if before is not None:
            step = 2.0 * math.tan(self._fov / 2.0) / LOOK_RADIANS_PER_PIXEL
            aspect = self._size[0] / self._size[1]
            look = ((before[0] - self.pointer[0]) * step * aspect, (self.pointer[1] - before[1]) * step)
        self._pulled_from, self._was_down, self.typed = self.pointer, self.down, frozenset()
        aim = self._head @ pointer_aim(self.pointer, fov=self._fov, aspect=self._size[0] / self._size[1])
        held = self.held | ({"mouse1"} if self.down else frozenset())
        return InputSnapshot(
            hands=(Hand(aim=aim, select=self.down),), held=held, pressed=pressed, look=look, pointer=self.pointer
        )

    def locate_views(self, world_from_rig: Matrix, rig_from_head: Matrix, /, *, fov: float) -> ViewSet:
        self._head, self._fov = rig_from_head, fov
        return super().locate_views(world_from_rig, rig_from_head, fov=fov)


class RandomVisitor:
    """`did`: how often what was done, over all laps."""

    def __init__(self, session: Session, display: VisitorDisplay, seed: int, /, *, each_frame: Callable[[], None]) -> None:
        """`each_frame` is called after every frame; it may raise to end the visit."""
        self.did: Counter[str] = Counter()
        self._session, self._display, self._each_frame = session, display, each_frame
        self._random = Random(seed)
        self._acts: tuple[tuple[Callable[[], None], int], ...] = (
            (self._press, 3),
            (self._slide, 1),
            (self._click, 1),
            (self._drag, 2),
            (self._walk, 1),
            (self._type, 1),
            (self._turn_wheel, 1),
            (self._rest, 1),
        )
        self._due: list[Callable[[], None]] = []
        """Acts in an order of chance, each as often as it is wanted, until all have had their turn."""

    def lap(self) -> None:
        """From home through every portal and back, with everything chosen once in each place. Raises NotReached."""
        home = self._session.place.opened.path
        try:
            self._look_round(home, seen={home})
        except VisitEnded:
            self.did["visit ended early"] += 1
        self._end_visit()

    def frames(self, count: int, /) -> None:
        """So many frames."""
        for _ in range(count):
            one_frame(self._session)
            self._session.visit.leaving = False  # whoever presses Escape once too often stays
            self._each_frame()

    def _look_round(self, place: Path, *, seen: set[Path]) -> None:
        """Everything here, and all places behind its portals that nobody has `seen` in this lap."""
        things = list(self._session.place.opened.scene.selectables)
        self._random.shuffle(things)
        portals = [one for one in things if isinstance(one.offers, Portal)]
        for thing in things:
            if not isinstance(thing.offers, Portal):
                self._choose(thing)
                self._do_anything(PER_CHOICE)
            self._return_to(place)
        for portal in portals:
            self._cross(portal)
            there = self._session.place.opened.path
            if there not in seen:
                seen.add(there)
                self._look_round(there, seen=seen)
            self._return_to(place)

    def _do_anything(self, count: int) -> None:
        for _ in range(count):
            if not self._due:
                self._due = [act for act, often in self._acts for _ in range(often)]
                self._random.shuffle(self._due)
            self._due.pop()()
            self.frames(2)

    def _choose(self, thing: Selectable) -> None:
        """Stands before it and taps it."""
        self._close_everything()
        normal = np.cross(thing.right, thing.up)
        eye = np.add(thing.center, normal * max(1.6, 2.2 * max(thing.half)))
        heading, pitch = heading_and_pitch(-normal)
        self._session.go_to(Viewpoint("before it", tuple(eye.tolist()), heading, pitch))
        self.frames(3)
        at = self._seen_at(thing.center)
        if at is not None:
            self._tap(at)
        self.did[type(thing.offers).__name__.lower() if thing.offers is not None else "sign"] += 1
        self.frames(8)

    def _cross(self, portal: Selectable) -> None:
        """Through a portal, however long it takes."""
        before = self._session.place
        assert isinstance(portal.offers, Portal)
        for _ in range(3):  # a tour or a year may have got in between
            self._choose(portal)
            self._until_place(lambda: self._session.place is not before)
            if self._session.place is not before:
                self.did[f"{before.name} to {self._session.place.name}"] += 1
                return
        raise NotReached(f"the portal '{portal.id}' of '{before.name}' leads nowhere: {self._problem()}")

    def _return_to(self, place: Path) -> None:
        """Back to a place that was left: by the portal that leads there, or as the menu does it. Raises NotReached
        and VisitEnded."""
        self.frames(2)
        for _ in range(8):
            self._until_place(lambda: not self._session.visit_controller.is_crossing)
            here = self._session.place
            if here.opened.path == place:
                return
            if here is self._session.places.home and not self._session.places.trail:
                raise VisitEnded
            self._close_everything()
            self._display.typed = frozenset({"backspace"})
            self.frames(2)
            self._until_place(lambda here=here: self._session.place is not here)  # type: ignore[misc]
        raise NotReached(f"there is no way back from '{self._session.place.name}': {self._problem()}")

    def _problem(self) -> str:
        loading = self._session.loading
        return (loading.problem if loading is not None else None) or "the reason is not known"

    def _until_place(self, holds: Callable[[], bool]) -> None:
        """Frames until it holds; gives up where nobody is under way any more."""
        end = time.monotonic() + CROSSING_S
        while not holds() and time.monotonic() < end:
            self.frames(1)
            if not holds() and not self._session.visit_controller.is_crossing:
                return

    def _end_visit(self) -> None:
        """The next visitor comes."""
        self._session.begin_anew()
        self._display.pointer, self._display.down, self._display.held = (0.5, 0.02), False, frozenset()
        self.frames(20)

    def _close_everything(self) -> None:
        for _ in range(3):
            self._display.typed = frozenset({"escape"})
            self.frames(1)

    def _press(self) -> None:
        """Any widget of any panel; anywhere where there is none."""
        found = [
            (standing, box) for standing in self._session.place.interaction.panels.standing for _, box in targets(standing.panel)
        ]
        if not found:
            self._click()
            return
        standing, box = self._random.choice(found)
        self._tap(self._on_picture(standing, box.middle))
        self.did["panel"] += 1

    def _slide(self) -> None:
        """Takes any slider and pulls it, or a list."""
        found = [
            (standing, placed.box)
            for standing in self._session.place.interaction.panels.standing
            for placed in standing.panel.widgets
            if isinstance(placed.widget, Slider) and placed.widget.knob
        ]
        if not found:
            self._drag()
            return
        standing, box = self._random.choice(found)
        self._pull(*(self._on_picture(standing, self._inside(box)) for _ in range(2)))
        self.did["slider"] += 1

    def _inside(self, box: Box) -> Point:
        return (self._random.uniform(box.left, box.right), self._random.uniform(box.top, box.bottom))

    def _click(self) -> None:
        self._tap(self._anywhere())
        self.did["click"] += 1

    def _drag(self) -> None:
        self._pull(self._anywhere(), self._anywhere())
        self.did["drag"] += 1

    def _walk(self) -> None:
        self._display.held = frozenset(self._random.sample(WALKS, self._random.choice((1, 1, 2))))
        self.frames(self._random.randint(3, MOST_FRAMES))
        self._display.held = frozenset()
        self.did["walk"] += 1

    def _type(self) -> None:
        self._display.typed = frozenset({self._random.choice(KEYS)})
        self.frames(self._random.randint(2, 12))
        self.did["key"] += 1

    def _turn_wheel(self) -> None:
        self._display.pointer = self._anywhere()
        wheel = self._random.choice(("wheel_up", "wheel_down"))
        for _ in range(self._random.randint(1, 6)):
            self._display.typed = frozenset({wheel})
            self.frames(1)
        self.did["wheel"] += 1

    def _rest(self) -> None:
        self.frames(self._random.randint(5, MOST_FRAMES))
        self.did["rest"] += 1

    def _anywhere(self) -> Point:
        return (self._random.uniform(0.02, 0.98), self._random.uniform(0.02, 0.98))

    def _tap(self, at: Point) -> None:
        self._pull(at, at)

    def _pull(self, start: Point, end: Point) -> None:
        """Moves there, goes down, moves on, comes up."""
        self._display.pointer = start
        self.frames(1)
        self._display.down = True
        self.frames(1)
        steps = 1 if start == end else self._random.randint(2, 8)
        for step in range(1, steps + 1):
            share = step / steps
            self._display.pointer = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            self.frames(1)
        self._display.down = False
        self.frames(2)

    def _on_picture(self, standing: StandingPanel, point: Point) -> Point:
        """Where a point of a panel is in the picture, 0..1."""
        width, height = standing.panel.size
        offset = [(point[0] - width / 2) * standing.metre, 0.0, (height / 2 - point[1]) * standing.metre, 1.0]
        return self._seen_at((standing.world_from_sheet @ offset)[:3]) or (0.5, 0.5)

    def _seen_at(self, point: ArrayLike) -> Point | None:
        """Where a place in the world is in the picture; None where it is not in it."""
        visit = self._session.visit
        head = visit.rig.world_from_rig() @ visit.rig_from_head
        at: NDArray[np.float64] = inverse_rigid(head) @ [*np.asarray(point, np.float64), 1.0]
        x, y, z = at[:3].tolist()
        high = math.tan(visit.fov / 2.0)
        if y <= 0.0:
            return None
        across, down = 0.5 + x / y / (2.0 * high * visit.pixels[0] / visit.pixels[1]), 0.5 - z / y / (2.0 * high)
        return (across, down) if 0.0 <= across < 1.0 and 0.0 <= down < 1.0 else None
