"""What all tests share: golden pictures, a quiet engine, where real inputs may lie."""

import gc
import inspect
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import left_out
import numpy as np
import pytest
from glass import x_server
from hypothesis import settings
from numpy.typing import NDArray
from PIL import Image
from rasteriser import is_exact, record

import vrclient.display.openxr  # noqa: F401  before the first `import xr`
from vrclient.app import tidying

settings.register_profile("developer", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "developer")
"""Hypothesis' own profile "ci" tries the same examples every time, so a change is judged by itself; at a desk they are new."""

for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
    os.environ[name] = str(Path(__file__).parent / "no_such_folder")
"""Settings of whoever runs the tests change none of them."""

GOLDEN = Path(__file__).parent / "golden"
Compare = Callable[[str, NDArray[np.uint8]], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="accept today's pictures as the golden ones")
    parser.addoption(
        "--golden-folder", help="pictures that another system drew just now, in place of tests/golden: equal to the pixel"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of those that run under Windows, some are left out (windows/left_out.py)."""
    if sys.platform == "win32":
        for item in items:
            if why := left_out.reason(item.nodeid):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Compare:
    """compare(name, picture): fails when the [H, W, 3] uint8 picture is not tests/golden/<name>.png; leaves picture and
    difference in tests/golden/failed/.

    golden/drawn_by.json says by what the pictures in its list were drawn (rasteriser.py). Drawn by the same, each must be equal
    to the pixel: two runs are. Others round differently (vectors half as wide: 5 pixels of one picture of 55, by up to 52/255).
    There, and for a picture that is not in the list since what it shows has moved a little after it was drawn, a tolerance does
    that catches a moved edge or a wrong colour: at most 0.4 % of pixels off by more than 24 of 255, and a mean difference of at
    most 1.2. --update-golden writes the picture, and its name into the list."""
    elsewhere = request.config.getoption("--golden-folder")

    def compare(name: str, picture: NDArray[np.uint8]) -> None:
        path = Path(elsewhere or GOLDEN) / f"{name}.png"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(path, optimize=True)
            if not elsewhere:
                record(name)
            return
        assert path.is_file(), f"{path} is missing; make golden writes it"
        expected = np.asarray(Image.open(path).convert("RGB"))
        assert picture.shape == expected.shape, f"{name}: {picture.shape} instead of {expected.shape}"
        difference = np.abs(picture.astype(np.int16) - expected).max(axis=2)
        share, mean = float((difference > 24).mean()), float(difference.mean())
        if (difference.any() and (elsewhere or is_exact(name))) or share > 0.004 or mean > 1.2:
            failed = GOLDEN / "failed"
            failed.mkdir(exist_ok=True)
            Image.fromarray(picture).save(failed / f"{name.replace('/', '_')}.png")
            Image.fromarray(np.clip(difference * 4, 0, 255).astype(np.uint8)).save(failed / f"{name.replace('/', '_')}.diff.png")
            pytest.fail(f"{name}: {(difference > 0).sum()} pixels differ, {share:.2%} much, {mean:.2f} on average; see {failed}")

    return compare


@pytest.fixture(scope="module", autouse=True)
def _nothing_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the tests of a module share by @cache, often a whole city, goes with the module's last test."""
    yield
    kept = [one for one in vars(request.module).values() if hasattr(one, "cache_clear") and _is_of_tests(one)]
    for one in kept:
        one.cache_clear()
    if kept:
        gc.unfreeze()
        gc.collect()
        tidying.give_back()


def _is_of_tests(function: Any) -> bool:
    return Path(inspect.unwrap(function).__code__.co_filename).is_relative_to(Path(__file__).parent)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real inputs; tests that want it are left out where it is absent."""
    folder = Path(os.environ.get("VRCLIENT_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no folder of real inputs (VRCLIENT_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def xvfb() -> Iterator[dict[str, str]]:
    """The environment in which a program finds the X server. Fails, rather than skips, where a program is missing."""
    missing = [name for name in ("Xvfb", "xdotool", "openbox") if not shutil.which(name)]
    if missing:
        pytest.fail(f"{' and '.join(missing)} missing; on Debian: apt install xvfb xdotool openbox")
    with x_server() as display:
        yield {**os.environ, "DISPLAY": display}
