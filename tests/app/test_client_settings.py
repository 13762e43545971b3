"""config/client.yaml: what ships is the default, limits are told, a folder counts from the file."""

from pathlib import Path

import numpy as np
import pytest

from vrclient.app.settings import ClientSettings, client_settings
from vrclient.interaction.comfort import Comfort
from vrclient.showcase.settings import BadSettings, read_settings


def test_what_ships_are_the_defaults_everywhere() -> None:
    assert client_settings() == ClientSettings()
    assert client_settings().comfort.comfort() == Comfort()
    assert client_settings().controllers_folder() is None


def test_every_setting_says_what_it_means() -> None:
    for model in (ClientSettings, type(ClientSettings().comfort)):
        assert all(field.description for field in model.model_fields.values())


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_text("comfort: {snap_turn_deg: 45, handedness: left, smooth_walk: true}\ncontrollers: profiles\n")
    settings = read_settings(file, ClientSettings)
    comfort = settings.comfort.comfort()
    assert np.isclose(comfort.snap_turn, np.pi / 4)
    assert (comfort.first_hand, comfort.smooth_walk, comfort.teleport) == (0, True, True)


@pytest.mark.parametrize("line", ["snap_turn_deg: 91", "blink_s: -1", "handedness: both", "eye_height_m: 155", "teleprot: true"])
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    file = tmp_path / "client.yaml"
    file.write_text(f"comfort:\n  {line}\n")
    with pytest.raises(BadSettings, match=r"client\.yaml:2:\d+: error"):
        read_settings(file, ClientSettings)
