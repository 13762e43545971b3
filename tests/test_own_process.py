"""Processes of the program's own: they find what it finds, and nothing that lies in the working folder."""

import subprocess
import sys
from pathlib import Path

import pytest

import vrclient
from vrclient import own_process


def said(command: list[str], folder: Path, **options: object) -> list[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60, **options).stdout.split()  # type: ignore[call-overload]


def test_it_calls_a_function_with_what_is_put_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "called.py").write_text("import sys\ndef main(): print(sys.argv[1:], sys.path)\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    elsewhere = tmp_path / "奉贤 's"
    elsewhere.mkdir()
    (elsewhere / "called.py").write_text("raise SystemExit('this is somebody else')", "utf-8")
    parts = said([*own_process.command("called:main"), "a", "'b'"], elsewhere)
    assert parts[:2] == ["['a',", "\"'b'\"]"]
    assert "''" not in " ".join(parts) and str(elsewhere) not in " ".join(parts)


def test_it_finds_this_package_wherever_that_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `python -m vrclient` in a folder that is on no path."""
    here = str(Path(vrclient.__file__).parents[1])
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != here])
    command = own_process.command("vrclient.paths:package_folder")
    program = command[-1].replace("; package_folder()", "; print(package_folder())")
    assert said([*command[:-1], program], tmp_path) == [str(Path(here, "vrclient"))]
