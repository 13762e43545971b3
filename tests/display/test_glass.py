"""What a person sees: the X server's own picture of its screen, while the client runs as its users run it."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from glass import CLOSE, differs, is_lit, window_manager
from PIL import Image
from windowed import Client

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
