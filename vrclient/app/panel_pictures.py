"""Pictures of panels, drawn beside the frames: a panel that is new shows its former picture until its own is there."""

from concurrent.futures import Future, ThreadPoolExecutor

from vrclient.frame.sheets import SheetPicture
from vrclient.panels.drawing import drawn
from vrclient.panels.widgets import Panel

KEPT = 24
"""Pictures that are kept, the last used ones: going back to what was just shown costs nothing."""


class PanelPictures:
    """`patient`: every picture is waited for, for stills and figures that must repeat."""

    def __init__(self, *, patient: bool = False) -> None:
        self._patient = patient
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panels")
        self._pictures: dict[Panel, SheetPicture] = {}
        self._drawing: dict[str, tuple[Panel, Future[SheetPicture]]] = {}
        self._last: dict[str, tuple[Panel, SheetPicture]] = {}

    def of(self, panel: Panel, /) -> tuple[Panel, SheetPicture] | None:
        """The panel's picture, or the one that its id showed last, with the panel that it is of; None where there is none yet."""
        picture = self._pictures.pop(panel, None)
        if picture is None:
            picture = self._made(panel)
        if picture is None:
            return self._last.get(panel.id)
        self._pictures[panel] = picture
        self._last[panel.id] = (panel, picture)
        while len(self._pictures) > KEPT:
            del self._pictures[next(iter(self._pictures))]
        return panel, picture

    def forget(self, id: str, /) -> None:
        """The panel was closed: it will not begin with what it showed last."""
        self._last.pop(id, None)

    def close(self) -> None:
        """Waits for what is being drawn."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _made(self, panel: Panel) -> SheetPicture | None:
        known = self._drawing.get(panel.id)
        if known is None:
            known = self._drawing[panel.id] = (panel, self._pool.submit(drawn, panel))
        of, picture = known
        if not picture.done() and not self._patient:
            return None
        del self._drawing[panel.id]
        done = picture.result()
        self._last[panel.id] = (of, done)
        return done if of == panel else self._made(panel)
