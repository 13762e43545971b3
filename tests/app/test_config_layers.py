"""Settings in layers: each over the one below; what is wrong is said with its place; doctor says which file a value is from."""

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vrclient.app import settings as client
from vrclient.app.doctor import _settings
from vrclient.app.opening import venue_policies
from vrclient.app.settings import client_settings, quality_names, quality_settings, settled
from vrclient.display.openxr.bindings import profiles
from vrclient.display.openxr.discovery import openxr_runtime_files
from vrclient.showcase import config_layers
from vrclient.showcase.settings import BadSettings

Write = Callable[[str, str], Path]
LAYERS = ["system", "user", "variable", "option"]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """write("user/client.yaml", text): each layer is a folder of that name; nothing of it is there before."""
    for variable in ("XDG_CONFIG_DIRS", "WIN_PD_OVERRIDE_COMMON_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "system"))
    for variable in ("XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "user"))
    for variable in (config_layers.VARIABLE, config_layers._OPTION_VARIABLE):
        monkeypatch.setenv(variable, "")  # whatever a test gives is taken back
    monkeypatch.chdir(tmp_path)
    cached = (settled, client_settings, quality_settings, venue_policies, profiles)

    def forget() -> None:
        for one in cached:
            one.cache_clear()

    def write(name: str, text: str) -> Path:
        layer, _, inside = name.partition("/")
        folder = tmp_path / layer / "vrclient" if layer in ("system", "user") else tmp_path / layer
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        (folder / inside).write_text(text, "utf-8")
        if layer == "variable":
            monkeypatch.setenv(config_layers.VARIABLE, str(folder))
        if layer == "option":
            config_layers.use(folder)
        forget()
        return folder / inside

    forget()
    yield write
    forget()


@pytest.mark.parametrize("upper", range(1, 4))
def test_each_layer_changes_what_it_names_and_no_more(write: Write, upper: int) -> None:
    below = write(f"{LAYERS[upper - 1]}/client.yaml", "visit: {language: en, idle_s: 10}\ncomfort: {seated: true}\n")
    above = write(f"{LAYERS[upper]}/client.yaml", "visit: {idle_s: 20}\n")
    found = client_settings()
    assert (found.visit.language, found.visit.idle_s, found.comfort.seated, found.visit.volume) == ("en", 20.0, True, 0.8)
    sources = settled().sources
    assert (sources["visit.language"], sources["visit.idle_s"], sources["comfort.seated"]) == (below, above, below)
    assert sources["visit.volume"] == config_layers.layers()[0].client


def test_a_file_may_stand_for_the_folder(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("visit: {mono: true}\n# the rest as it is\n")
    monkeypatch.setenv(config_layers.VARIABLE, "mine.yaml")
    assert client_settings().visit.mono


def test_a_folder_counts_from_the_file_that_names_it(write: Write) -> None:
    file = write("user/client.yaml", "controllers: profiles\n")
    assert client_settings().controllers_folder() == file.parent / "profiles"


@pytest.mark.parametrize("layer", LAYERS)
def test_policies_qualities_and_bindings_are_added_or_replaced(write: Write, tmp_path: Path, layer: str) -> None:
    text = "samples: 1\nshadow_size: 0\nreflections: false\nlod_bias: 1\nanisotropy: 1\ncutoff_px: 0\nmoving: false\n"
    write(f"{layer}/quality/kiosk.yaml", text)
    write(f"{layer}/quality/high.yaml", text)
    write(f"{layer}/policy/own.yml", "rules: [{id: own, description: {en: none}, terms: {en: [lottery]}}]\n")
    write(f"{layer}/bindings/khr_simple.yaml", (config_layers.paths.config_folder() / "bindings/khr_simple.yaml").read_text())
    assert "kiosk" in quality_names() and quality_settings("high").shadow_size == 0 and quality_settings("low").samples >= 1
    own, shipped = venue_policies()
    assert (own.file.name, own.replacement, shipped.file.name) == ("own.yml", None, "public_venue.yaml")
    assert shipped.replacement == tmp_path / "user" / "vrclient" / "policy" / "public_venue.yaml"
    assert len(profiles()) == len(list((config_layers.paths.config_folder() / "bindings").glob("*.yaml")))


@pytest.mark.parametrize("layer", ["system", "user"])
def test_a_wrong_file_that_was_found_is_left_out_and_said(write: Write, layer: str, caplog: pytest.LogCaptureFixture) -> None:
    file = write(f"{layer}/client.yaml", "visit:\n  idle_s: -5\n")
    write(f"{layer}/quality/high.yaml", "samples: many\n")
    with caplog.at_level(logging.WARNING):
        assert client_settings().visit.idle_s == client.ClientSettings().visit.idle_s
        assert quality_settings("high").samples > 1
    assert f"{file}:2:11: error" in caplog.text and f"{file} is left out" in caplog.text
    assert any(one.state == "optional" and f"{file} is left out: {file}:2:11: error" in one.detail for one in _settings())


@pytest.mark.parametrize("layer", ["variable", "option"])
def test_a_wrong_file_that_was_given_is_refused_with_its_place(write: Write, layer: str) -> None:
    file = write(f"{layer}/client.yaml", "visit:\n  idle_s: -5\n")
    with pytest.raises(BadSettings, match=r"client\.yaml:2:11: error") as error:
        client_settings()
    assert "help: " in str(error.value)
    assert any(one.state == "missing" and f"{file}:2:11: error" in one.detail and one.help for one in _settings())


@pytest.mark.parametrize("layer", LAYERS)
def test_a_wrong_policy_is_refused_wherever_it_is(write: Write, layer: str) -> None:
    write(f"{layer}/policy/own.yaml", "rules: []\n")
    with pytest.raises(BadSettings, match=r"own\.yaml:1:8: error"):
        venue_policies()


@pytest.mark.parametrize("given", ["nowhere", ".", "x" * 5000])
def test_what_was_given_must_be_there(write: Write, given: str) -> None:
    with pytest.raises(BadSettings, match=r"give a file like client\.yaml, or a folder that holds one"):
        config_layers.use(Path(given))


def test_what_only_looks_like_settings_is_pointed_out(write: Write, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "client.yaml").write_text("visit: {language: en}\n")
    (finding,) = (one for one in _settings() if one.state == "optional")
    assert finding.detail == f"{Path('config', 'client.yaml')} is not read"
    assert finding.help == f"run with '--config config', or put it into {tmp_path / 'user' / 'vrclient'}"
    config_layers.use(Path("config"))
    settled.cache_clear()
    assert all(one.state == "ok" for one in _settings())


@pytest.mark.skipif(sys.platform == "win32", reason="every user has a profile there")
def test_without_a_home(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service has none, and a user that the system does not know."""
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: {}["no such user"])
    assert [one.name for one in config_layers.layers()] == ["shipped", "system"]
    system = tmp_path / "system" / "vrclient"
    (shipped,) = config_layers.files_of("policy")["public_venue"]
    assert config_layers.replacement(shipped) == system / "policy" / "public_venue.yaml"
    assert [one.detail for one in _settings()][-1] == (
        f"there is no home folder; your own would be {system}/client.yaml for everybody at this computer"
    )
    assert all(file.is_absolute() for file in openxr_runtime_files())


def test_a_folder_in_other_letters_is_said(write: Write) -> None:
    """On every system, whether or not it is found there."""
    file = write("user/Policy/own.yaml", "forbidden: []\n")
    found = [one for one in _settings() if "not read" in one.detail]
    assert [(one.state, one.detail, one.help) for one in found] == [
        ("optional", f"{file.parent} is not read on every system", "call it 'policy': capital and small letters are different")
    ]
