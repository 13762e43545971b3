"""The client as the child of a stand's supervisor: it tells its pulse and how it is, follows orders, and keeps from visitors what
is for the staff alone. Without a supervisor there is `Alone`, which does nothing.

Orders become what a visitor's own inputs become: the supervisor is one more hand."""

import logging
import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from vrclient import ending
from vrclient.app.session import Session
from vrclient.app.stages import STAGES
from vrclient.app.visit_controller import VisitController
from vrclient.frame.inputs import InputSnapshot
from vrclient.link.board import Board
from vrclient.link.corner import Corner, tapped
from vrclient.link.messages import (
    AnyOrder,
    Aside,
    Attract,
    Begin,
    ClientReport,
    Lock,
    Notice,
    Page,
    Quit,
    SetLanguage,
    SetVolume,
    StartOver,
)
from vrclient.modes import ids

log = logging.getLogger(__name__)

REPORT_S = 0.1
"""Seconds between two reports."""
ALONE_S = 15.0
"""Seconds after which a supervisor that gives no sign counts as gone. Nobody is left to end this process otherwise."""
LOCKED = frozenset({"escape", *(f"f{number}" for number in range(1, 25)), "print_screen", "menu"})
"""Keys that do nothing on a stand; `f1`, the help, is on the bar as well."""


class Alone:
    """Nobody supervises."""

    supervised = False

    def starting(self, share: float, /) -> None:
        """How far the start is, 0..1."""

    def follow(self, session: Session, /) -> None:
        """Hears of the session's stages from now on."""

    def allowed(self, inputs: InputSnapshot, /) -> InputSnapshot:
        """The inputs that visitors may have."""
        return inputs

    def enter(self, stage: str, /) -> None:
        """A frame comes to that stage."""

    def after_frame(self, session: Session, /, *, drawn: bool) -> None:
        """The last but one stage of a frame: `drawn`, or ended because nobody would see it."""


ALONE = Alone()


class Supervised(Alone):
    """Over the memory that `handle` names."""

    supervised = True

    def __init__(self, handle: str, /) -> None:
        self._board = Board(handle)
        self._stages = {name: number for number, name in enumerate(STAGES)}
        self._due = 0.0
        self._answered, self._refused = 0, ""
        self._locked, self._corner, self._pixels = True, Corner(), (1, 1)
        self._counted = 0.0
        self._usage = (0, 0, 0)
        self._board.alive()
        threading.Thread(target=self._end_when_alone, name="stand", daemon=True).start()

    def starting(self, share: float, /) -> None:
        self._board.alive()
        self._board.report(ClientReport("starting", share=min(max(share, 0.0), 1.0)))

    def follow(self, session: Session, /) -> None:
        session.clock.entered = self.enter

    def allowed(self, inputs: InputSnapshot, /) -> InputSnapshot:
        if "mouse1" in inputs.pressed and inputs.pointer is not None:
            (x, y), (width, height) = inputs.pointer, self._pixels
            self._corner = tapped(self._corner, (x * width, y * height), self._pixels, time.monotonic())
        if not self._locked:
            return inputs
        pressed, held = inputs.pressed - LOCKED, inputs.held - LOCKED
        if len(pressed) == len(inputs.pressed) and len(held) == len(inputs.held) and not inputs.close_requested:
            return inputs
        return replace(inputs, pressed=pressed, held=held, close_requested=False)

    def enter(self, stage: str, /) -> None:
        self._board.enter(self._stages[stage])

    def after_frame(self, session: Session, /, *, drawn: bool) -> None:
        self._board.shown(drawn=drawn)
        self._pixels = session.visit.pixels
        found = self._board.next_order()
        if found is not None:
            self._answered, order = found
            self._refused = self._follow(session, order)
        now = time.monotonic()
        if now >= self._due or found is not None:
            self._due = now + REPORT_S
            self._board.report(self._report(session, now))

    def _report(self, session: Session, now: float) -> ClientReport:
        if now - self._counted > 2.0:
            self._counted, self._usage = now, _usage()
        memory, threads, handles = self._usage
        report = ClientReport(
            "leaving" if session.visit.leaving else "running",
            share=1.0,
            showcase=session.place.name,
            display=session.display.name,
            visits=session.begun_anew,
            memory=memory,
            threads=threads,
            handles=handles,
            gestures=self._corner.gestures,
            answered=self._answered,
            refused=self._refused,
        )
        controller = session.visit_controller
        if not isinstance(controller, VisitController):
            return report
        return replace(
            report,
            page=_page(controller),
            worn=controller.worn,
            attentive=controller.attentive,
            empty_s=max(0.0, controller.empty_s),
            attract=controller.attracts,
            language=controller.language,
            volume=controller.state.settings.volume,
            sound=controller.sound.problem or "",
        )

    def _follow(self, session: Session, order: AnyOrder | None) -> str:
        """As `_followed`."""
        match order:
            case Lock(on):
                self._locked = on
            case Aside(on):
                session.display.step_aside(on=on)
            case _:
                return _followed(session, order)
        return ""

    def _end_when_alone(self) -> None:
        """The thread. Where the system ends us with our parent (own_process.py) it has nothing to do."""
        while True:
            time.sleep(1.0)
            since = self._board.supervised_at
            if since and time.monotonic() - since > ALONE_S:
                ending.end_now("the supervisor has gone", 0)


def _page(controller: VisitController) -> Page:
    if controller.asks:
        return "asked"
    return "visit" if controller.state.started else "first"


def _followed(session: Session, order: AnyOrder | None) -> str:
    """Why an order was not followed; "" if it was."""
    controller = session.visit_controller
    match order:
        case Quit():
            session.visit.leaving = True
        case StartOver():
            session.begin_anew()
        case _ if not isinstance(controller, VisitController):
            return "nothing is shown that could do it"
        case Begin():
            controller.press(ids.TOUR_START if controller.offer.tours else ids.WALK_ALONE)
        case Attract(on=True):
            controller.attract()
        case Attract():
            if controller.attracts:
                session.begin_anew()
        case SetLanguage(language):
            if language not in controller.offer.languages:
                return f"the showcase has no texts in '{language}'"
            controller.press(ids.LANGUAGE_CHOOSE, float(controller.offer.languages.index(language)))
        case SetVolume(volume):
            controller.press(ids.VOLUME, min(volume, 1.0))
        case Notice(text):
            controller.notice(text, time=session.visit.seconds)
        case _:
            return "it is no order that this version knows"
    return ""


def _usage() -> tuple[int, int, int]:
    """Bytes in memory, threads and open files of this process; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0, threading.active_count(), 0
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
