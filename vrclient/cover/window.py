"""The cover's process. Its one argument is JSON: handle (of the memory for orders and reports), place
(left, top, width, height of the monitor in pixels of the desktop), under (whether other windows are over it already)."""

import ctypes
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ALONE_S = 15.0
"""Seconds without a sign of the supervisor."""
ABOVE_AGAIN_S = 0.5
"""Seconds after which a window that is to be on top is put there once more."""
REST_S, FILM_REST_S = 0.05, 0.02
"""Seconds between two looks at what there is to do."""


def main() -> None:
    """The process. It outlives a supervisor that was killed for ALONE_S, until the next one's cover is there; and ends when its
    window is closed by something else than a visitor: then it is started again."""
    start = json.loads(sys.argv[1])
    left, top, width, height = start["place"]
    os.environ.update(
        PYGAME_HIDE_SUPPORT_PROMPT="1",
        SDL_VIDEO_WINDOW_POS=f"{left},{top}",
        SDL_FRAMEBUFFER_ACCELERATION="0",  # no OpenGL: it is what may be broken
        SDL_RENDER_DRIVER="software",
        SDL_MOUSE_FOCUS_CLICKTHROUGH="1",
    )
    Cover(str(start["handle"]), (width, height), under=bool(start["under"])).run()


class Cover:
    """The window."""

    def __init__(self, handle: str, size: tuple[int, int], /, *, under: bool) -> None:
        import pygame

        from vrclient.link.board import Board
        from vrclient.link.corner import Corner
        from vrclient.link.messages import CoverReport, ShowCover

        self._pygame = pygame
        pygame.display.init()
        pygame.display.set_caption("vrclient cover")
        self._surface = pygame.display.set_mode(size, pygame.NOFRAME | pygame.HIDDEN)
        pygame.mouse.set_visible(False)
        self._size = self._surface.get_size()
        self._board = Board(handle)
        self._report, self._corner = CoverReport(), Corner()
        self._shown = ShowCover()
        self._film: Any = None
        self._digits, self._tapped_at, self._raised_at = "", 0.0, 0.0
        self._appear(under=under)
        self._draw()

    def run(self) -> None:
        """Until the process is ended, or nobody supervises it any more."""
        while True:
            self._listen()
            self._follow()
            if self._shown.pad:
                self._stay_above()
                if time.monotonic() - self._tapped_at > self._leave_after():
                    self._enter("")
            self._play()
            self._board.shown(drawn=True)
            if self._board.supervised_at and time.monotonic() - self._board.supervised_at > ALONE_S:
                return
            time.sleep(FILM_REST_S if self._film is not None else REST_S)

    def _follow(self) -> None:
        from vrclient.link.messages import ShowCover

        found = self._board.next_order()
        if found is None:
            return
        number, order = found
        if isinstance(order, ShowCover):
            was, self._shown = self._shown, order
            if order.film != was.film:
                self._open_film(order.film)
            if order.pad != was.pad:
                self._digits, self._tapped_at = "", time.monotonic()
                self._restack(above=order.pad)
            self._draw()
        self._report = self._changed(showing=number)

    def _changed(self, **values: Any) -> Any:
        from dataclasses import replace

        report = replace(self._report, **values)
        self._board.report(report)
        return report

    def _listen(self) -> None:
        pygame = self._pygame
        for event in pygame.event.get():
            if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
                self._tap(event.pos)
            elif event.type in (pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED, pygame.WINDOWSHOWN):
                pygame.display.flip()

    def _tap(self, at: tuple[int, int]) -> None:
        from vrclient.cover import pad
        from vrclient.link.corner import tapped

        now = time.monotonic()
        if not self._shown.pad:
            self._corner = tapped(self._corner, at, self._size, now)
            self._report = self._changed(gestures=self._corner.gestures)
            return
        self._tapped_at = now
        panel = pad.pad(self._digits, self._shown.title, self._shown.text, self._size)
        entry = pad.tapped(self._digits, panel, at, self._size)
        if entry.done:
            self._enter(entry.digits)
        elif entry.digits != self._digits:
            self._digits = entry.digits
            self._draw()

    def _enter(self, digits: str) -> None:
        self._digits, self._tapped_at = "", time.monotonic()
        self._report = self._changed(entries=self._report.entries + 1, entered=digits)
        self._draw()

    def _leave_after(self) -> float:
        from vrclient.cover.pad import LEAVE_S

        return LEAVE_S

    def _draw(self) -> None:
        from PIL import Image

        from vrclient.cover import pad, pictures
        from vrclient.panels.drawing import drawn

        order, size = self._shown, self._size
        picture = Path(order.picture) if order.picture else None
        if order.pad:
            image = pictures.composed(picture, {}, {}, size)
            panel = pad.pad(self._digits, order.title, order.text, size)
            laid = Image.fromarray(drawn(panel).pixels)
            image.paste(laid, pad.origin(panel, size), laid)
        else:
            image = pictures.composed(picture, order.title, order.text, size)
        self._show(image.tobytes())

    def _show(self, pixels: bytes) -> None:
        pygame = self._pygame
        self._surface.blit(pygame.image.frombuffer(pixels, self._size, "RGB"), (0, 0))
        pygame.display.flip()

    def _open_film(self, file: str) -> None:
        from vrclient.cover.film import LoopingFilm

        if self._film is not None:
            self._film.close()
        self._film = LoopingFilm(Path(file), self._size) if file else None

    def _play(self) -> None:
        """The next picture of the film, where one is due; one that cannot be played leaves the picture there."""
        if self._film is not None and not self._shown.pad and (pixels := self._film.due()) is not None:
            self._show(pixels)

    def _appear(self, *, under: bool) -> None:
        """Shows the window that is hidden yet, with what was there before in it; `under` all others, where SDL would show it over
        them."""
        with self._x11() as (x11, to, window):
            if x11 is None:
                self._pygame.display.set_mode(self._size, self._pygame.NOFRAME)
                return
            x11.XSetWindowBackgroundPixmap(to, window, ctypes.c_ulong(0))
            (x11.XLowerWindow if under else x11.XRaiseWindow)(to, window)
            x11.XMapWindow(to, window)

    def _stay_above(self) -> None:
        """Whichever window was told of it first, and whatever comes to the front meanwhile."""
        if time.monotonic() - self._raised_at > ABOVE_AGAIN_S:
            self._raised_at = time.monotonic()
            self._restack(above=True)

    def _restack(self, *, above: bool) -> None:
        """Over or under all other windows, where X says what lies over what. Elsewhere windows lie in the order in which they
        came, and that on top asks to stay there."""
        with self._x11() as (x11, to, window):
            if x11 is not None:
                (x11.XRaiseWindow if above else x11.XLowerWindow)(to, window)

    @contextmanager
    def _x11(self) -> Iterator[tuple[Any, ctypes.c_void_p, ctypes.c_ulong]]:
        """Xlib, a connection of our own and the window; None where it is not a window of X."""
        number = self._pygame.display.get_wm_info().get("window")
        none = None, ctypes.c_void_p(), ctypes.c_ulong()
        try:
            x11 = ctypes.CDLL("libX11.so.6") if sys.platform not in ("win32", "darwin") else None
        except OSError:
            x11 = None
        if x11 is None or not isinstance(number, int):
            yield none
            return
        x11.XOpenDisplay.restype = ctypes.c_void_p
        if not (opened := x11.XOpenDisplay(None)):
            yield none
            return
        to = ctypes.c_void_p(opened)
        try:
            yield x11, to, ctypes.c_ulong(number)
        finally:
            x11.XCloseDisplay(to)
