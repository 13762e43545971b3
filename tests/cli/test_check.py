"""`vrclient check`, `schema` and `list`, as they are called."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from vrclient.cli import check as command

HARBOUR = """\
vrclient: 1
title: {zh: 港口, en: Harbour}
origin: {lon_deg: 121.5, lat_deg: 31.2}
elements:
  - {kind: spawn, at: [0, -40]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"fine": HARBOUR, "inner/wrong": HARBOUR.replace("origin", "orign")}.items():
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "showcase.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*names: str, as_json: bool = False) -> tuple[int, str]:
    output = io.StringIO()
    code = command.check(names, as_json=as_json, console=Console(file=output, width=200, highlight=False, soft_wrap=True))
    return code, output.getvalue()


def test_fine(folder: Path) -> None:
    assert called("fine") == (0, "fine: fine (1 element, 1 file)\n")
    assert called("fine/showcase.yaml") == (0, "fine: fine (1 element, 1 file)\n")


def test_paths_are_shown_from_the_working_folder(folder: Path) -> None:
    code, text = called(str(folder / "inner/wrong"))
    assert code == 1
    assert text.startswith("inner/wrong/showcase.yaml:3:1: error[unknown-key]: 'orign' is not a key of a showcase\n")
    assert text.endswith("\ninner/wrong: 1 error\n")


def test_a_folder_of_showcases(folder: Path) -> None:
    code, text = called(".")
    assert code == 1
    assert [line for line in text.splitlines() if line.startswith(("fine:", "inner/wrong:"))] == [
        "fine: fine (1 element, 1 file)",
        "inner/wrong: 1 error",
    ]


def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    for name in ("absent", "empty"):
        assert called("fine", name) == (2, "")
        assert name in capsys.readouterr().err


def test_json(folder: Path) -> None:
    code, text = called("fine", "inner/wrong", as_json=True)
    fine, wrong = json.loads(text)["showcases"]
    assert code == 1
    assert fine == {"showcase": "fine", "fine": True, "elements": 1, "files": ["fine/showcase.yaml"], "diagnostics": []}
    assert (wrong["fine"], wrong["elements"]) == (False, None)
    assert wrong["diagnostics"] == [
        {
            "severity": "error",
            "code": "unknown-key",
            "message": "'orign' is not a key of a showcase",
            "help": "did you mean 'origin'?",
            "place": {
                "file": "inner/wrong/showcase.yaml",
                "line": 3,
                "column": 1,
                "length": 5,
                "source": "orign: {lon_deg: 121.5, lat_deg: 31.2}",
            },
            "notes": [],
        }
    ]


def test_schema_and_manual(tmp_path: Path) -> None:
    output = io.StringIO()
    console = Console(file=output, soft_wrap=True, highlight=False)
    assert command.schema(console=console) == 0
    assert json.loads(output.getvalue())["title"] == "vrclient showcase, version 1"
    assert command.schema(manual=tmp_path / "format.md", console=console) == 0
    assert (tmp_path / "format.md").read_text(encoding="utf-8").startswith("# The showcase format, version 1\n")
    assert command.schema(manual=tmp_path / "absent/format.md", console=console) == 2


def test_list() -> None:
    output = io.StringIO()
    assert command.list_showcases(console=Console(file=output, width=200)) == 0
    assert "minimal" in output.getvalue()


def test_check_loads_no_engine(folder: Path) -> None:
    program = (
        "import sys\n"
        "from vrclient.cli.main import cli\n"
        "code = cli(['check', 'fine'], standalone_mode=False)\n"
        "loaded = [name for name in ('panda3d', 'direct', 'xr', 'OpenGL') if name in sys.modules]\n"
        "sys.exit(f'{code} {loaded}' if code or loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", cwd=folder, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "fine: fine (1 element, 1 file)\n"
