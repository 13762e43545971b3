"""`vrclient run` of each shipped place as a visitor meets it: the screen shows the place with its first panel, in a window and on
the whole screen, with a window manager and without."""

from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from glass import CLOSE, Picture, differs, window_manager, x_server
from windowed import Client

from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.frame import one_frame
from vrclient.app.opening import Opened, open_showcase
from vrclient.app.settings import quality_settings
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.showcase.find import find_showcase

SCREEN, WINDOW = (384, 240), (320, 200)


@cache
def _opened(name: str) -> Opened:
    return open_showcase(find_showcase(name))


def drawn(name: str, size: tuple[int, int]) -> Picture:
    """The place with its first panel, as it is drawn where there is no window."""
    settings = quality_settings("deterministic")
    display = OffscreenDisplay(size, samples=settings.samples)
    session = open_session(_opened(name), display, settings, SessionOptions(visit=VisitOptions(patient=True)))
    try:
        for _ in range(3):
            one_frame(session)
        return display.acquire_target().read()
    finally:
        session.close()


@pytest.mark.parametrize("name", ["minimal", "fengxian", "hall", "zhangjiajie"])
@pytest.mark.parametrize("managed", [False, True], ids=["bare", "openbox"])
def test_the_screen_shows_the_place_with_its_first_panel(name: str, managed: bool, tmp_path: Path) -> None:
    window, whole = drawn(name, WINDOW), drawn(name, SCREEN)
    arguments = ["--display", "window", "--quality", "deterministic", *(["--fullscreen"] if managed else [])]
    size = "{}x{}".format(*WINDOW)
    with (
        x_server(SCREEN) as display,
        window_manager(display) if managed else nullcontext(),
        Client(display, tmp_path, *arguments, showcase=name, size=size) as client,
    ):
        client.xdotool("mousemove", *map(str, (SCREEN[0] - 1, SCREEN[1] - 1)))
        client.focus()

        def shows_window() -> bool:
            picture = client.picture()
            return picture.shape == window.shape and differs(picture, window) < CLOSE

        in_window = (shows_window, f"{name} in the window")
        on_screen = (lambda: differs(client.screen(), whole) < CLOSE, f"{name} on the whole screen")
        first, second = (on_screen, in_window) if managed else (in_window, on_screen)
        client.wait_for(*first, seconds=120.0)
        client.xdotool("key", "F11")
        client.wait_for(*second, seconds=120.0)
