"""Every command with arguments and streams that nobody expects: a line and an exit status, no traceback, and nothing lost."""

import json
import os
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

NAMES = ["", "x" * 5000, "a\nb", "\x1b[31mred", "no such", "/dev/null", "/proc/self/mem", "\udcff\udcfe", "-", "~", "./" * 1000]
OPTIONS = [
    "run minimal --size 0x0", "run minimal --size 99999x99999", "run minimal --frames 0", "run minimal --display moon",
    "run minimal --report /proc/nowhere/r.json", "run minimal --record .", "run minimal --record /dev/null/x",
    "run minimal --replay /dev/null", "run minimal --language xx", "run minimal --quality ../client", "run minimal --config none",
    "run minimal --output /dev/null/x --display offscreen --size 16x16",
    "shot minimal -o /dev/null/x.png", "shot minimal -o x.png --view none", "shot minimal -o x.png --date 0001-01-01",
    "shot minimal -o x.png --at nan,0,0", "shot minimal -o x.png --at 1e99,0,0", "schema --manual .", "schema --manual /dev/full",
    "check --config none", "list --config /dev/null/x", "--config none list", "bench load minimal --size 1x1",
    "bench cull --boxes none", "bench frame minimal --walk 1", "nonsense", "--nonsense", "check minimal minimal --json",
]  # fmt: skip


def vrclient(arguments: list[str], folder: Path, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"HOME": str(folder), **options.pop("environment", {})}
    command = [sys.executable, "-m", "vrclient", *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(command, env=environment, cwd=folder, timeout=120, check=False, **options)


HOSTILE = """
import os, sys, io, contextlib, json
from pathlib import Path
from vrclient.cli import main
found = []
for arguments in json.loads(sys.stdin.read()):
    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            status = main._status()
        except Exception as error:
            status = main.said(error)
        finally:
            os.chdir(os.environ["HOME"])
    found.append((arguments, status, out.buffer.getvalue().decode(), errors.buffer.getvalue().decode()))
"""


def test_every_command_says_what_is_wrong_with_its_arguments(tmp_path: Path) -> None:
    """In one process, so that it takes seconds; what streams do is tried with processes below."""
    rows = [
        [*command.split(), name]
        for command in ("run", "shot -o x.png", "check", "bench load", "bench crossing minimal")
        for name in NAMES
    ]
    rows += [option.split() for option in OPTIONS]
    program = HOSTILE.replace(
        "json.loads(sys.stdin.read()):", "json.loads(sys.stdin.read()):\n    sys.argv = ['vrclient', *arguments]"
    )
    program += "\nsys.__stdout__.write(json.dumps(found))"
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(rows), capture_output=True, text=True, cwd=tmp_path, timeout=300,
        env={**{k: v for k, v in os.environ.items() if k != "DISPLAY"}, "HOME": str(tmp_path), "COLUMNS": "200"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    for arguments, status, out, errors in json.loads(done.stdout):
        shown = [one[:60] for one in arguments]
        assert status in (1, 2, 3) or shown == ["check", "minimal", "minimal", "--json"], (shown, status, out, errors)
        assert "Traceback" not in out + errors and "fault in vrclient" not in errors, (shown, errors[-2000:])
        assert status == 0 or errors.strip() or out.strip(), (shown, status)
        assert all(len(line) < 1000 for line in errors.splitlines()), (shown, errors)
        assert "\x1b[31mred" not in out + errors and "a\nb" not in errors, (shown, errors)


@pytest.mark.parametrize(
    ("arguments", "encoding"), [(["schema"], "cp1252"), (["schema"], "gbk"), (["check", "minimal", "--json"], "ascii")]
)
def test_a_file_is_utf_8_whatever_the_code_page(tmp_path: Path, encoding: str, arguments: list[str]) -> None:
    plain = vrclient(arguments, tmp_path)
    done = vrclient(arguments, tmp_path, environment={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == plain.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a console there takes any character")
@pytest.mark.parametrize("encoding", ["cp936", "cp437", "ascii"])
def test_a_terminal_gets_what_its_code_page_can_show(tmp_path: Path, encoding: str) -> None:
    """Each command that shows texts; what the code page lacks is written out."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/showcase.yaml").write_text(
        "vrclient: 1\ntitle: {zh: 奉贤, en: Fengxian — ░}\norigin: 上海\nelements: []\n", "utf-8"
    )
    chinese = "上海" if encoding == "cp936" else "\\u4e0a\\u6d77"
    wanted = {
        ("--help",): (0, "Usage: "),
        ("check", "a"): (1, f"not '{chinese}'"),
        ("run", "a", "--display", "offscreen"): (1, f"not '{chinese}'"),
        ("doctor",): (0, "Python"),
        ("check", "上海"): (2, f"there is no showcase '{chinese}'; "),
    }
    for arguments, (status, part) in wanted.items():
        found, text = in_terminal([*arguments], tmp_path, encoding)
        assert (found, part in text, "Traceback" in text) == (status, True, False), text


def in_terminal(arguments: list[str], folder: Path, encoding: str) -> tuple[int, str]:
    """The exit status, and what a terminal of that encoding shows."""
    ours, theirs = os.openpty()
    shown: list[bytes] = []
    read = threading.Thread(target=lambda: shown.extend(iter(partial(_read, ours), b"")))
    read.start()
    try:
        environment = {"PYTHONIOENCODING": encoding, "COLUMNS": "200", "TERM": "dumb"}
        done = vrclient(arguments, folder, stdout=theirs, stderr=theirs, stdin=theirs, environment=environment)
    finally:
        os.close(theirs)
        read.join()
        os.close(ours)
    return done.returncode, b"".join(shown).decode(encoding)


def _read(terminal: int) -> bytes:
    """b"" at its end, which Linux calls an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_in_the_plainest_locale(tmp_path: Path) -> None:
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\ntitle: 奉贤\n", "utf-8")
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    done = vrclient(["check", "showcase.yaml"], tmp_path, environment=plain)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "奉贤" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("arguments", [["schema"], ["check", "minimal"], ["--version"], ["--help"]])
def test_a_full_disk_is_said(tmp_path: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = vrclient(arguments, tmp_path, stdout=full)
    message = b"vrclient: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, message)
    with Path("/dev/full").open("wb") as full:
        assert vrclient(["check", "nothing"], tmp_path, stderr=full).returncode in (1, 2)


def test_whoever_stops_reading_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = vrclient(["schema"], tmp_path, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_streams_lead_nowhere(tmp_path: Path) -> None:
    closing = (
        "import os, sys; [os.close(n) for n in (0, 1, 2)]; os.execv(sys.executable, [sys.executable, '-m', 'vrclient', 'schema'])"
    )
    environment = {**os.environ, "HOME": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", closing], env=environment, timeout=120, check=False).returncode == 0


def test_an_unreadable_folder_is_said(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "if os.geteuid() == 0: os.chmod('.', 0o777); os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "os.environ['HOME'] = os.getcwd()\n"
        "Path('dark').mkdir(mode=0)\nsys.argv = ['vrclient', 'check', 'dark']\n"
        "from vrclient.__main__ import main\n"
    )
    program = f"from vrclient.cli import main, check, last_resort\nfrom rich import progress, status, live\n{program}main()"
    for one in (tmp_path, *tmp_path.parents[:1]):
        one.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr == "vrclient check: 'dark' cannot be looked at: Permission denied\n"


def test_the_current_folder_is_what_is_checked(tmp_path: Path) -> None:
    (tmp_path / "showcase.yaml").write_text("vrclient: 1\n", "utf-8")
    done = vrclient(["check"], tmp_path)
    assert done.returncode == 1 and b"showcase.yaml: " in done.stdout
    assert vrclient(["check", ""], tmp_path).stderr.decode() == (
        "vrclient check: '' names no showcase; give a folder with a showcase.yaml ('.' is the current one), or a name\n"
    )


def test_the_version_is_an_option_and_a_command(tmp_path: Path) -> None:
    said = vrclient(["--version"], tmp_path).stdout
    assert said == vrclient(["version"], tmp_path).stdout and said.strip()


def test_what_is_for_developers_is_listed_on_demand(tmp_path: Path) -> None:
    usual, everything = (vrclient(["list", *more], tmp_path).stdout.decode() for more in ([], ["--all"]))
    assert "stress" not in usual and "stress" in everything and "奉贤" in usual
