"""The bundles, as a city has them: made of real packages, unpacked, started on a computer without Python, and looked at.

`make test-windows` makes them in generated/bundles. Wine lacks what numpy needs (lab/windows/make.py); it gets it in a copy, and
the doctor notices."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from capture import capture
from dll_imports import imports
from numpy.typing import NDArray
from PIL import Image
from windows_programs import Windows
from xserver import x_server

from vrclient import __version__

PROJECT = Path(__file__).parents[2]
LONGEST_S = 240.0
"""More than any of it takes."""
BUNDLES = PROJECT / "generated" / "bundles"
FOLDER = "奉贤 展示"
LINUX, WINDOWS = (BUNDLES / f"vrclient-{__version__}-{system}-x64" for system in ("linux", "windows"))
OF_WINDOWS = re.compile(
    r"api-ms-win-.*|(advapi32|avicap32|bcrypt|bcryptprimitives|crypt32|d3d\w+|gdi32|imm32|iphlpapi|kernel32|msvcrt|ncrypt|ntdll|ole32"
    r"|oleaut32|opengl32|rpcrt4|secur32|setupapi|shell32|shlwapi|user32|version|winmm|ws2_32|wsock32)\.dll"
)
"""What every Windows 10 has, without anything installed."""
FROZEN = "/opt/_internal"
"""Where modules that are within the interpreter say that they were."""
HIDDEN = ("/venv", "/usr/lib/python3", "/usr/lib/python3.13", "/usr/bin/python3", "/usr/bin/python3.13")

pytestmark = pytest.mark.skipif(not BUNDLES.is_dir(), reason="make test-windows makes generated/bundles")

Start = Callable[..., "subprocess.Popen[str]"]
OnSystem = tuple[str, Start, Callable[[Path], str]]
"""The display; what starts a program of the bundle with arguments; how that system names a path."""


@pytest.fixture(scope="module")
def on_windows(machine: Windows, tmp_path_factory: pytest.TempPathFactory) -> OnSystem:
    folder = tmp_path_factory.mktemp("disk") / FOLDER
    shutil.copytree(WINDOWS, folder)
    subprocess.run([sys.executable, PROJECT / "lab/windows/make.py", "--for-wine", folder], check=True)

    def start(*arguments: str, program: str = "vrclient.com") -> "subprocess.Popen[str]":
        return _started(["wine", str(folder / program), *arguments], {**machine.environment, "COLUMNS": "2000"}, folder.parent)

    return machine.display, start, lambda path: "Z:" + str(path).replace("/", "\\")


@pytest.fixture(scope="module")
def on_linux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnSystem]:
    """In a system whose own Python is out of sight, and with nothing in the environment but the display."""
    folder = tmp_path_factory.mktemp("disk") / FOLDER
    shutil.copytree(LINUX, folder)
    hide = "; ".join(f"if [ -d {one} ]; then mount -t tmpfs none {one}; else mount --bind /dev/null {one}; fi" for one in HIDDEN)

    with x_server(1280, 800) as display:

        def start(*arguments: str, program: str = "vrclient") -> "subprocess.Popen[str]":
            script = f'{hide}; display=$1; shift; exec env -i DISPLAY=$display COLUMNS=2000 "$@"'
            command = [
                "unshare",
                "--mount",
                "--propagation",
                "unchanged",
                "sh",
                "-ec",
                script,
                "sh",
                display,
                str(folder / program),
                *arguments,
            ]
            return _started(command, {"PATH": os.environ["PATH"]}, folder.parent)

        yield display, start, str


@pytest.fixture(params=["windows", "linux"])
def system(request: pytest.FixtureRequest) -> OnSystem:
    return request.getfixturevalue(f"on_{request.param}")  # type: ignore[no-any-return]


def _started(command: list[str], environment: dict[str, str], folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip


@contextmanager
def running(program: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def told(program: "subprocess.Popen[str]") -> str:
    """What it says until it ends by itself."""
    with running(program):
        text, _ = program.communicate(timeout=LONGEST_S)
    assert "Traceback" not in text
    return text


def seen(display: str, what: str, matches: Callable[[NDArray[np.uint8]], bool]) -> NDArray[np.uint8]:
    """The whole screen once it shows that."""
    deadline = time.monotonic() + LONGEST_S
    while not matches(picture := capture(display)):
        assert time.monotonic() < deadline, f"{what} was not seen"
        time.sleep(0.2)
    return picture


def test_every_library_that_is_asked_for_is_inside_or_is_windows_own() -> None:
    """Wine would not tell: it brings libraries that a new Windows has not."""
    files = [one for one in WINDOWS.rglob("*") if one.suffix.lower() in (".dll", ".pyd", ".exe", ".com")]
    inside = {one.name.lower() for one in files}
    assert "vcruntime140_1.dll" in inside and len(files) > 100
    lacking = {
        f"{file.relative_to(WINDOWS)} asks for {name}"
        for file in files
        for name in imports(file.read_bytes())
        if name not in inside and not OF_WINDOWS.fullmatch(name)
    }
    assert not lacking


def test_all_that_the_client_imports_is_inside(on_linux: OnSystem) -> None:
    """Whatever else is left out."""
    program = (
        "import importlib, pkgutil, sys, vrclient\n"
        "for one in pkgutil.walk_packages(vrclient.__path__, 'vrclient.'):\n"
        "    if not one.name.endswith('__main__'): importlib.import_module(one.name)\n"
        "print(len(sys.modules)); print(*{str(getattr(one, '__file__', '')) for one in list(sys.modules.values())}, sep='\\n')"
    )
    count, *files = told(on_linux[1]("-c", program)).splitlines()
    assert int(count) > 800
    assert not Path(FROZEN).exists()
    assert not [one for one in files if one.startswith("/") and f"/{FOLDER}/python/" not in one and not one.startswith(FROZEN)]


def test_the_doctor_finds_all_that_is_needed(system: OnSystem) -> None:
    """And on Windows that the files are other ones which Wine needed otherwise; no file is missing."""
    lines = {line.split()[0]: line for line in told(system[1]("doctor")).splitlines() if line.strip()}
    assert re.search(r"packages +ok +all \d+ are installed", lines["packages"])
    if "on Windows" in lines["Python"]:
        names = lines["bundle"].partition("missing")[2].partition("  unpack")[0].split("; ")
        assert all(re.fullmatch(r"\S+\.pyd is another one(, and \d+ more)?", one.strip()) for one in names), lines["bundle"]
    else:
        number = hashlib.sha256((LINUX / "bundle.json").read_bytes()).hexdigest()
        assert f"files are as they were made; SHA-256 {number}" in lines["bundle"]


def test_a_showcase_is_checked_and_drawn(system: OnSystem, tmp_path: Path) -> None:
    _, start, as_seen = system
    assert "fengxian: fine (" in told(start("check", "fengxian"))
    told(start("shot", "fengxian", "--size", "320x180", "--quality", "low", "-o", as_seen(tmp_path / "picture.png")))
    picture = np.asarray(Image.open(tmp_path / "picture.png").convert("RGB"))
    assert picture.shape == (180, 320, 3) and len(np.unique(picture.reshape(-1, 3), axis=0)) > 1000


def test_a_double_click_shows_fengxian(system: OnSystem, machine: Windows, tmp_path: Path) -> None:
    """No argument, and on Windows nothing to print to."""
    display, start, as_seen = system
    program = "vrclient.exe" if as_seen is not str else "vrclient"
    with running(start(program=program)) as client:
        picture = seen(display, "Fengxian", _is_there)
        Image.fromarray(picture).save(tmp_path / "fengxian.png")
        _keep(tmp_path, program)
        _end(client, program, machine)


def _end(client: "subprocess.Popen[str]", program: str, machine: Windows) -> None:
    if program == "vrclient.exe":
        subprocess.run(["wine", "taskkill", "/im", program], env=machine.environment, capture_output=True, check=True)
    else:
        client.terminate()
    text, _ = client.communicate(timeout=LONGEST_S)
    assert "Traceback" not in text


def _keep(folder: Path, program: str) -> None:
    """The pictures, to be looked at."""
    for one in folder.glob("*.png"):
        shutil.copy(one, BUNDLES / f"{program.replace('.', '_')}-{one.name}")


def _is_there(picture: NDArray[np.uint8]) -> bool:
    """More than a plain picture or a panel: a place."""
    shown = picture[picture.any(axis=-1)]
    return len(np.unique(shown // 8, axis=0)) > 400
