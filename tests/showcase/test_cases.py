"""Broken showcases and the exact text that their author sees. `pytest tests/showcase --update-golden` writes the texts anew;
read each of them before you commit: it must say what is wrong and what to do in words that a clerk understands."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from vrclient import paths
from vrclient.cli import check as command
from vrclient.showcase import config_layers
from vrclient.showcase.load import LoadResult, load_showcase
from vrclient.showcase.models import ElementModel

CASES = Path(__file__).parent / "cases"
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def checked(name: str) -> tuple[int, str]:
    output = io.StringIO()
    code = command.check([name], console=Console(file=output, width=200, highlight=False, soft_wrap=True))
    return code, output.getvalue()


@pytest.fixture
def small_kinds(monkeypatch: pytest.MonkeyPatch, models: dict[str, type[ElementModel]], has_path: tuple[str, ...]) -> None:
    def load(path: Path) -> LoadResult:
        return load_showcase(path, models, has_path=has_path, check_text=lambda text: set(text) & {"\U000130fa"})

    monkeypatch.setattr(command, "load", load)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("real_")])
def test_text(name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, small_kinds: None) -> None:
    compare(name, monkeypatch, request)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("real_")])
def test_text_with_the_real_kinds(name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    compare(name, monkeypatch, request)


def compare(name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(CASES)
    code, text = checked(name)
    (user,) = (str(layer.folder) for layer in config_layers.layers() if layer.name == "user")
    text = text.replace(str(paths.config_folder()), "SHIPPED").replace(user, "USER")
    if request.config.getoption("--update-golden"):
        (CASES / f"{name}.txt").write_text(text, encoding="utf-8")
    assert text == (CASES / f"{name}.txt").read_text(encoding="utf-8")
    assert code == (1 if "error[" in text else 0)


def test_there_are_enough_cases() -> None:
    assert len(NAMES) >= 60


def test_every_error_has_a_remedy() -> None:
    for name in NAMES:
        for block in (CASES / f"{name}.txt").read_text(encoding="utf-8").split("\n\n")[:-1]:
            assert "\n  help: " in block, f"{name}: {block}"
