"""The memory that the two share. The client's pulse is a few numbers that it writes while a frame goes through its stages;
reports and orders are messages.

    supervisor   board = Board();  a process is started with board.handle and board.inherited;  board.order(Quit())
    client       board = Board(handle);  board.enter(stage); board.shown();  board.report(ClientReport(...));  board.orders()

The supervisor knows a pulse by the clock of both, time.monotonic(), which all processes of a machine share."""

import math
import time
from dataclasses import dataclass
from typing import TypeVar

from vrclient.link.mailbox import SIZE, Mailbox
from vrclient.link.messages import AnyOrder, AnyReport, packed, unpacked_order, unpacked_report
from vrclient.shared_memory import Memory

R = TypeVar("R", bound=AnyReport)

PULSE = 4096
"""Bytes before the first mailbox."""
_FRAMES, _SHOWN_AT, _STAGE, _STAGE_AT, _DRAWN_AT, _ALIVE_AT, _ABOVE_AT = range(7)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the client's last frame left. Times are time.monotonic(), 0: never.

    frames    that were ended; `shown_at`: when the last one was
    drawn_at  when one was last drawn and shown, rather than ended because nobody would see it
    stage     the number of the one that was entered last; `stage_at`: when
    alive_at  when anything moved on, also before the first frame
    """

    frames: int = 0
    shown_at: float = 0.0
    drawn_at: float = 0.0
    stage: int = 0
    stage_at: float = 0.0
    alive_at: float = 0.0


class Board:
    """`handle` None: new memory, for a process that is to be started with its `handle`."""

    def __init__(self, handle: str | None = None, /) -> None:
        self._memory = Memory(handle)
        self.handle, self.inherited = self._memory.handle, self._memory.inherited
        self._block = self._memory.mapped(PULSE + 2 * SIZE)
        whole = memoryview(self._block)
        self._numbers = whole[:PULSE].cast("d")
        self._reports = Mailbox(whole[PULSE : PULSE + SIZE])
        self._orders = Mailbox(whole[PULSE + SIZE :])
        self._ordered = 0

    def enter(self, stage: int, /) -> None:
        """The client enters that stage of a frame."""
        self._numbers[_STAGE] = stage
        self._numbers[_STAGE_AT] = self._numbers[_ALIVE_AT] = time.monotonic()

    def alive(self) -> None:
        """The client moves on, though there is no frame yet."""
        self._numbers[_ALIVE_AT] = time.monotonic()

    def shown(self, *, drawn: bool) -> None:
        """The client has ended a frame."""
        now = time.monotonic()
        self._numbers[_FRAMES] += 1.0
        self._numbers[_SHOWN_AT] = self._numbers[_ALIVE_AT] = now
        if drawn:
            self._numbers[_DRAWN_AT] = now

    def pulse(self) -> Pulse:
        """What the supervisor believes of it: a number that cannot be counts as 0."""
        now = time.monotonic()
        frames, stage = (_whole(self._numbers[one]) for one in (_FRAMES, _STAGE))
        shown, at, drawn, alive = (_moment(self._numbers[one], now) for one in (_SHOWN_AT, _STAGE_AT, _DRAWN_AT, _ALIVE_AT))
        return Pulse(frames, shown, drawn, stage, at, alive)

    def report(self, report: AnyReport, /) -> None:
        """What the client says of itself, in place of what it said before."""
        self._reports.write(packed(report))

    def last_report(self, kind: type[R], /) -> R | None:
        """The newest one, where it is of that kind and can be believed."""
        found = self._reports.read()
        report = unpacked_report(found[1]) if found is not None else None
        return report if isinstance(report, kind) else None

    def order(self, order: AnyOrder, /) -> int:
        """The supervisor's next order, once the last one is answered; its number."""
        return self._orders.write(packed(order))

    def next_order(self) -> tuple[int, AnyOrder | None] | None:
        """For the client: an order that it has not seen yet, with its number; one that makes no sense is None."""
        if self._orders.newest() <= self._ordered or (found := self._orders.read()) is None or found[0] <= self._ordered:
            return None
        self._ordered = found[0]
        return found[0], unpacked_order(found[1])

    @property
    def supervised_at(self) -> float:
        """When the supervisor was last there, time.monotonic(); 0: never."""
        return _moment(self._numbers[_ABOVE_AT], time.monotonic())

    def supervise(self) -> None:
        """The supervisor is there."""
        self._numbers[_ABOVE_AT] = time.monotonic()

    def close(self) -> None:
        """The supervisor needs no longer hand it on."""
        self._memory.close()


def _whole(number: float) -> int:
    return int(number) if math.isfinite(number) and 0.0 <= number < 2**53 else 0


def _moment(seconds: float, now: float) -> float:
    return seconds if math.isfinite(seconds) and 0.0 <= seconds <= now + 1.0 else 0.0
