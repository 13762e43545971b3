"""What is built from here runs elsewhere: installed from a wheel that was made from the sdist, with nothing of the checkout
within reach, no network, no home that can be written, and from a folder that is full of misleading names."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import vrclient.paths
from vrclient import __version__

ROOT = Path(__file__).parents[1]
DEPENDENCIES = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
UNWRITABLE = "/proc" if sys.platform == "linux" else os.devnull
"""A home in which not even the system's administrator makes a file."""

GUARD = """
import os, sys
INSIDE, BUT, TOLD = {inside!r}, {but!r}, {told!r}
busy = False
def watch(event, arguments):
    global busy
    if busy or event not in ("open", "import", "os.listdir", "os.scandir", "socket.connect", "socket.getaddrinfo"):
        return
    busy = True
    found = ""
    if event == "socket.connect":
        found = "" if isinstance(arguments[1], (str, bytes)) else repr(arguments[1])
    elif event == "socket.getaddrinfo":
        found = repr(arguments)
    else:
        for one in arguments[: 2 if event == "import" else 1]:
            if isinstance(one, (str, bytes)):
                path = os.path.abspath(os.fsdecode(one))
                if path.startswith(INSIDE) and not path.startswith(BUT):
                    found = path
    if found:
        with open(TOLD, "a") as file:
            print(event, found, file=file)
    busy = False
sys.addaudithook(watch)
"""
"""Takes down what any process of the installed program opens in the checkout, and whatever it asks of a network."""


class Installed:
    """The program in a new environment, which sees the packages of this one, but not the package that this one is about."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        self.program = self.python.with_name("vrclient")
        self.wheels = [folder / "from_checkout", folder / "from_sdist"]
        self._told = folder / "told.txt"
        _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=ROOT)
        (sdist,) = folder.glob("vrclient-*.tar.gz")
        for source, target in zip((ROOT, sdist), self.wheels, strict=True):
            options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(target)]
            _run(sys.executable, "-m", "pip", "wheel", *options, str(source))
        venv.create(folder / "venv", with_pip=False)
        options = ["--quiet", "--no-deps", "--no-index", "--no-warn-script-location"]
        _run(sys.executable, "-m", "pip", "--python", str(self.python), "install", *options, str(self.wheel))
        asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
        self.site = Path(_run(str(self.python), "-c", asked).stdout.strip())
        guard = GUARD.format(inside=f"{ROOT}{os.sep}", but=tuple(DEPENDENCIES), told=str(self._told))
        (self.site / "guard.py").write_text(guard, "utf-8")
        (self.site / "dependencies.pth").write_text("\n".join(["import guard", *DEPENDENCIES]), "utf-8")

    @property
    def wheel(self) -> Path:
        (wheel,) = self.wheels[1].glob("*.whl")
        return wheel

    def __call__(self, *arguments: str, folder: Path, start: Sequence[str] = (), home: str = UNWRITABLE) -> str:
        """What `vrclient ARGUMENTS` says, called in `folder`."""
        self._told.unlink(missing_ok=True)
        command = [str(self.python), *start] if start else [str(self.program)]
        done = _run(*command, *arguments, cwd=folder, env=bare_environment(home))
        assert not self._told.exists(), self._told.read_text("utf-8")
        assert "Traceback" not in done.stderr
        return done.stdout


def bare_environment(home: str = UNWRITABLE, **more: str) -> dict[str, str]:
    """Nothing that says where anything is, but for the libraries of the system."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LIBGL_ALWAYS_SOFTWARE", "TMPDIR", "TEMP")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return {**environment, "HOME": home, "LANG": "C.UTF-8", "COLUMNS": "1000", **more}


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"))


def checkout(*arguments: str, folder: Path) -> str:
    return _run(sys.executable, "-m", "vrclient", *arguments, cwd=folder, env=bare_environment()).stdout


def rows(text: str) -> dict[str, str]:
    """What the doctor says of each subject: the last row of it."""
    lines = (line.split(maxsplit=2) for line in text.splitlines()[1:])
    return {subject: f"{state} {' '.join(found.split())}" for subject, state, found in lines}


def test_a_checkout_finds_its_folders() -> None:
    assert vrclient.paths.shaders_folder() == ROOT / "shaders"
    assert vrclient.paths.config_folder() == ROOT / "config"
    assert vrclient.paths.showcases_folder() == ROOT / "showcases"
    assert vrclient.paths.project_file() == ROOT / "pyproject.toml"


def test_the_sdist_makes_the_wheel_that_the_checkout_makes(installed: Installed) -> None:
    first, second = (next(folder.glob("*.whl")) for folder in installed.wheels)
    assert first.name == second.name == f"vrclient-{__version__}-py3-none-any.whl"
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert not [one for one in names if "__pycache__" in one or "/tests/" in one or one.startswith("tests")]


def test_nothing_comes_from_the_checkout(installed: Installed, tmp_path: Path) -> None:
    where = (
        "import vrclient, vrclient.paths as p, sys; print(vrclient.__file__, p.shaders_folder(), p.config_folder(),"
        f" p.showcases_folder(), p.project_file(), {str(ROOT)!r} in sys.path, sep='\\n')"
    )
    package = installed.site / "vrclient"
    shipped = [package / "shipped" / name for name in ("shaders", "config", "showcases", "pyproject.toml")]
    said = installed(folder=tmp_path, start=["-c", where]).splitlines()
    assert said == [*map(str, [package / "__init__.py", *shipped]), "False"]


def test_the_guard_sees_the_checkout_and_the_network(installed: Installed, tmp_path: Path) -> None:
    """Else the other tests prove nothing."""
    for program in (f"open({str(ROOT / 'README.md')!r})", "import socket; socket.getaddrinfo('localhost', 80)"):
        with pytest.raises(AssertionError, match=r"README\.md|localhost"):
            installed(folder=tmp_path, start=["-c", program])


@pytest.mark.parametrize("start", [[], ["-m", "vrclient"], ["-I", "-m", "vrclient"]], ids=["vrclient", "-m", "-I -m"])
def test_the_version(installed: Installed, tmp_path: Path, start: list[str]) -> None:
    assert installed("--version", folder=tmp_path, start=start) == f"{__version__}\n"


def test_it_lists_and_checks_what_the_checkout_has(installed: Installed, tmp_path: Path) -> None:
    lines = installed("list", folder=tmp_path).splitlines()
    assert [line.split()[0] for line in lines] == ["name", "fengxian", "hall", "minimal", "zhangjiajie"]
    said = installed("check", "fengxian", folder=tmp_path)
    shipped = installed.site / "vrclient" / "shipped"
    assert said.startswith(f"{shipped}/showcases/fengxian: fine (")
    assert said.replace(str(shipped), str(ROOT)) == checkout("check", "fengxian", folder=tmp_path)


def test_its_pictures_are_those_of_the_checkout(installed: Installed, tmp_path: Path) -> None:
    options = ("shot", "minimal", "--size", "160x90", "--output")
    assert installed(*options, "installed.png", folder=tmp_path) == "installed.png\n"
    assert checkout(*options, "checkout.png", folder=tmp_path) == "checkout.png\n"
    picture, expected = (np.asarray(Image.open(tmp_path / f"{one}.png")) for one in ("installed", "checkout"))
    assert picture.shape == (90, 160, 3) and len(np.unique(picture.reshape(-1, 3), axis=0)) > 1000
    assert np.array_equal(picture, expected)


def test_the_doctor_finds_all_that_was_installed(installed: Installed, tmp_path: Path) -> None:
    found = rows(installed("doctor", folder=tmp_path))
    package = installed.site / "vrclient"
    assert found["vrclient"] == f"ok {__version__} in {package}"
    assert found["packages"].startswith("ok all ") and found["packages"].endswith(" are installed")
    assert found["OpenGL"].startswith("ok ") and found["fonts"].startswith("ok ")
    if sys.platform == "linux":
        assert found["settings"].startswith(f"ok your own would be {UNWRITABLE}/.config/vrclient/client.yaml, or ")


def test_a_visit_leaves_what_it_was_asked_for(installed: Installed, tmp_path: Path) -> None:
    """A home that is no folder costs nothing."""
    options = ["run", "minimal", "--display", "offscreen", "--frames", "3", "--size", "64x64", "--quality", "low", "--panels"]
    said = installed(*options, "--report", "report.json", "--record", "visit.vrv", folder=tmp_path, home=os.devnull)
    assert said == "display: offscreen\nrecorded: 3 frames in visit.vrv\n"
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["version"], report["frames"], report["ended"]) == (__version__, 3, "all frames shown")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["report.json", "visit.vrv"]


MISLEADING = ("numpy", "json", "av", "pydantic", "xr", "tempfile", "vrclient/__init__")


@pytest.mark.parametrize("start", [[], ["-I", "-m", "vrclient"], ["-m", "vrclient"]], ids=["vrclient", "-I -m", "-m"])
def test_what_lies_in_the_working_folder_is_not_the_program(installed: Installed, tmp_path: Path, start: list[str]) -> None:
    """Nor for the process that reads films. (`python -m` takes the package of the working folder: that is Python's rule.)"""
    (tmp_path / "vrclient").mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "config/client.yaml").write_text("nonsense: [", "utf-8")
    (tmp_path / "config/.shipped").touch()
    for name in MISLEADING:
        if name != "vrclient/__init__" or start[:1] != ["-m"]:
            (tmp_path / f"{name}.py").write_text("raise SystemExit('this is somebody else')", "utf-8")
    said = installed("check", "fengxian", folder=tmp_path, start=start)
    assert said.startswith(f"{installed.site}/vrclient/shipped/showcases/fengxian: fine ("), said


def test_the_doctor_where_nothing_is_installed(installed: Installed, tmp_path: Path) -> None:
    """The package as it lies there, without what an installer says of it; and then without its files."""
    zipfile.ZipFile(installed.wheel).extractall(tmp_path)
    for one in (tmp_path / f"vrclient-{__version__}.dist-info").iterdir():
        if one.is_file():
            one.unlink()
    program = "from vrclient.app import doctor; print(*doctor.examine(), sep='\\n')"
    program = f"import sys; sys.path[:0] = {[str(tmp_path), *DEPENDENCIES]!r}; {program}"

    def examined() -> dict[str, str]:
        done = _run(sys.executable, "-S", "-c", program, cwd=tmp_path, env=bare_environment())
        return {line.split("'")[1]: line for line in done.stdout.splitlines()}

    found = examined()
    assert found["vrclient"] == f"Finding(subject='vrclient', state='ok', detail='{__version__} in {tmp_path}/vrclient', help='')"
    assert "state='ok', detail='all " in found["packages"]
    for name in ("pyproject.toml", "config/.shipped"):
        (tmp_path / "vrclient/shipped" / name).unlink()
    found = examined()
    lacking = f"{__version__} in {tmp_path}/vrclient: the folder 'config' is missing from this installation"
    assert found["vrclient"] == (
        f"Finding(subject='vrclient', state='missing', detail=\"{lacking}\", help='install vrclient again')"
    )
    assert found["packages"] == (
        "Finding(subject='packages', state='optional', detail='not compared with what vrclient needs: its pyproject.toml is"
        " not there', help='install vrclient again with pip, which brings what it needs')"
    )
    assert "settings" not in found
    done = subprocess.run(
        [sys.executable, "-S", "-c", program.partition("from")[0] + "from vrclient.__main__ import main; main()", "list"],
        cwd=tmp_path, env=bare_environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "vrclient: the folder 'config' is missing from this installation; install vrclient again\n"
