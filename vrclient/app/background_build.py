"""A showcase that is built in a thread, while the display opens and says how far it is (startup_screen.py). It draws nothing."""

import threading

from vrclient.app.opening import Checked, Opened, build

ELEMENTS_SHARE = 0.75
"""So much of the time has gone once all elements are built; gathering them into one scene takes the rest."""


class GivenUp(Exception):
    """Nobody wants the showcase any more."""


class BackgroundBuild:
    """Begins at once. Whoever is not interested any more calls `give_up`."""

    def __init__(self, checked: Checked, /) -> None:
        self._checked = checked
        self._opened: Opened | None = None
        self._problem: BaseException | None = None
        self._unwanted = threading.Event()
        self.done, self.total = 0, len(checked.showcase.elements)
        """Elements."""
        self._thread = threading.Thread(target=self._build, name="building", daemon=True)
        self._thread.start()

    @property
    def share(self) -> float:
        """0..1: how far it is."""
        return 1.0 if self._opened is not None else ELEMENTS_SHARE * self.done / max(self.total, 1)

    def wait(self, seconds: float, /) -> bool:
        """Whether it is over, waiting for at most so long."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> Opened:
        """Waits for it. Raises whatever building has raised."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        assert self._opened is not None
        return self._opened

    def give_up(self) -> None:
        """It ends with the elements that are being built, which may take seconds: `wait` says whether it has."""
        self._unwanted.set()

    def _build(self) -> None:
        try:
            self._opened = build(self._checked, progress=self._advance)
        except BaseException as error:  # it is `result` that raises it
            self._problem = error

    def _advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._unwanted.is_set():
            raise GivenUp
