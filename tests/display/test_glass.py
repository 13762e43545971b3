"""What a person sees: the X server's own picture of its screen, while the client runs as its users run it."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from glass import CLOSE, differs, is_lit, window_manager
from PIL import Image
from windowed import Client, ask_to_close

from vrclient.app.opening import check
from vrclient.app.welcome import picture
from vrclient.showcase.find import find_showcase

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("managed", [False, True], ids=["bare", "openbox"])
def test_the_window_of_a_showcase_shows_it(xvfb: dict[str, str], managed: bool, tmp_path: Path) -> None:
    """The right way up, texel on pixel: as the golden picture, which was drawn without a window."""
    golden = np.asarray(Image.open(GOLDEN / "minimal" / "spawn.png").convert("RGB"))
    size = f"{golden.shape[1]}x{golden.shape[0]}"
    still = ("--display", "window", "--quality", "deterministic", "--no-panels")
    display = xvfb["DISPLAY"]
    with window_manager(display) if managed else nullcontext(), Client(display, tmp_path, *still, size=size) as client:
        client.wait_for(lambda: is_lit(client.picture()), "a picture on the glass")
        client.wait_for(lambda: differs(client.picture(), golden) < CLOSE, "the golden picture on the glass")


@pytest.mark.parametrize(("language", "ending"), [("zh", "escape"), ("en", "cross")])
def test_a_showcase_that_is_loading_says_so_and_can_be_left(
    xvfb: dict[str, str], language: str, ending: str, tmp_path: Path
) -> None:
    title = check(find_showcase("stress")).showcase.title
    shown = picture(title, language, 0.0, (640, 400)).pixels[..., :3]
    display = xvfb["DISPLAY"]
    with Client(display, tmp_path, "--display", "window", "--language", language, showcase="stress", size="640x400") as client:
        window = client.focus()
        client.wait_for(lambda: differs(client.picture(), shown) < 2.0, "the name of what is loading, and a bar")
        assert client.xdotool("getwindowname", str(window)) == f"{title[language]} - vrclient"
        first = client.picture()
        client.wait_for(lambda: differs(client.picture(), first) > 0.0, "the bar to move")
        if ending == "escape":
            client.xdotool("key", "Escape")
        else:
            ask_to_close(display, window)
        output, errors = client.process.communicate(timeout=60)
    assert (client.process.returncode, output.splitlines()) == (0, ["display: window", "left while the showcase was loading"])
    assert "Traceback" not in errors
