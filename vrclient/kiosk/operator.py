"""The staff at the glass: five taps in the corner, a PIN, and the stand is unlocked; wrong ones wait ever longer. What was
entered is compared and forgotten."""

import threading
from dataclasses import dataclass

from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.pins import Patience, is_right
from vrclient.link.messages import Aside, CoverReport, Lock, Order, ShowCover

HERE = "glass"
TITLE = {"zh": "工作人员", "en": "Staff"}
ENTER = {"zh": "请输入 PIN", "en": "Enter the PIN"}


@dataclass(frozen=True, slots=True)
class Asks:
    """The pad that is to be shown, orders for the client, and whether a right PIN was just entered."""

    pad: ShowCover | None = None
    orders: tuple[Order, ...] = ()
    entered: bool = False


class Operator:
    """Without a PIN in the settings the gesture does nothing."""

    def __init__(self, settings: PageSettings, /) -> None:
        self._kept = tuple(one for one in (settings.pin_hash, settings.technician_pin_hash) if one is not None)
        self._patience = Patience()
        self._gestures = (0, 0)
        self._entries = 0
        self._pad: ShowCover | None = None
        self._verdict: list[bool] = []
        self._thread: threading.Thread | None = None

    def looked(self, gestures: int, cover: CoverReport, now: float, /) -> Asks:
        """Once a tick. `gestures`: as the client counts them."""
        made = gestures > self._gestures[0] or cover.gestures > self._gestures[1]
        self._gestures = gestures, cover.gestures
        if self._pad is None:
            self._entries = cover.entries
            if made and self._kept:
                self._pad = ShowCover(title=TITLE, text=ENTER, pad=True)
                return Asks(self._pad, (Aside(True),))
            return Asks()
        if self._thread is not None:
            return self._judged()
        if cover.entries < self._entries:  # another cover
            self._entries = cover.entries
        if cover.entries > self._entries:
            self._entries = cover.entries
            if not cover.entered:
                return self._left()
            if wait := self._patience.wait_s(HERE):
                self._say({"zh": f"请等 {wait:.0f} 秒再试", "en": f"Try again in {wait:.0f} s"})
            else:
                pin = cover.entered
                self._verdict = []
                self._thread = threading.Thread(target=self._judge, args=(pin,), name="pin", daemon=True)
                self._thread.start()
        return Asks(self._pad)

    def _judge(self, pin: str) -> None:
        """A thread: it takes 50 ms for each."""
        self._verdict.append(any(is_right(pin, kept) for kept in self._kept))

    def _judged(self) -> Asks:
        if not self._verdict:
            return Asks(self._pad)
        self._thread = None
        if self._verdict[0]:
            self._patience.right(HERE)
            return Asks(None, (*self._left().orders, Lock(False)), entered=True)
        self._patience.wrong(HERE)
        self._say({"zh": "PIN 不对", "en": "Wrong PIN"})
        return Asks(self._pad)

    def _left(self) -> Asks:
        self._pad = None
        return Asks(None, (Aside(False),))

    def _say(self, text: dict[str, str]) -> None:
        self._pad = ShowCover(title=TITLE, text=text, pad=True)
