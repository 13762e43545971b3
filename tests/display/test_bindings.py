"""config/bindings: every file is read, every path has the form of its action, wrong files are explained."""

from pathlib import Path

import pytest

from vrclient import paths
from vrclient.display.openxr.bindings import ACTIONS, ProfileSettings, profiles, suggested
from vrclient.showcase.settings import BadSettings, read_settings

FILES = sorted((paths.config_folder() / "bindings").glob("*.yaml"))
OWN = {
    "/interaction_profiles/khr/simple_controller",
    "/interaction_profiles/htc/vive_controller",
    "/interaction_profiles/microsoft/motion_controller",
    "/interaction_profiles/oculus/touch_controller",
    "/interaction_profiles/valve/index_controller",
}
"""The profiles that OpenXR 1.0 has itself."""
HANDS = ("/user/hand/left/", "/user/hand/right/")


def test_every_file_is_a_profile_of_its_own() -> None:
    assert len(FILES) == len(profiles()) == 12
    assert len({one.profile for one in profiles()}) == 12
    assert len({one.name for one in profiles()}) == 12
    assert {one.profile for one in profiles() if one.extension is None} == OWN


@pytest.mark.parametrize("number", range(len(FILES)), ids=[file.stem for file in FILES])
def test_both_hands_point_and_select(number: int) -> None:
    (one,) = suggested(profiles()[number : number + 1], {profiles()[number].extension or ""}, (1, 0))
    bound = {(action, hand) for action, path in one.bindings for hand in HANDS if path.startswith(hand)}
    assert {(action, hand) for action in ("aim", "grip", "select") for hand in HANDS} <= bound
    assert {hand for _, hand in bound} == set(HANDS)
    assert len(set(one.bindings)) == len(one.bindings)
    assert [action for action, _ in one.bindings] == sorted((action for action, _ in one.bindings), key=ACTIONS.index)


@pytest.mark.parametrize("one", profiles(), ids=[file.stem for file in FILES])
def test_every_action_that_the_controllers_have_is_bound(one: ProfileSettings) -> None:
    free = {action for action in ACTIONS if not getattr(one.bindings, action)}
    expected = {
        "Simple controllers": {"menu", "stick", "squeeze"},
        "Bare hands": {"stick", "menu", "squeeze", "haptic"},
    }
    assert free == expected.get(one.name, set())


def test_every_path_is_one_of_openxrs_and_carries_what_the_action_takes() -> None:
    for one in suggested(profiles(), {one.extension or "" for one in profiles()}, (1, 0)):
        for action, path in one.bindings:
            _, _, _, side, kind, part, *component = path.split("/")
            assert side in ("left", "right")
            assert kind == ("output" if action == "haptic" else "input"), path
            if action in ("aim", "grip"):
                assert (part, component) == (action, ["pose"]), path
            elif action in ("stick", "haptic"):
                assert component == [], path  # both axes at once; the whole motor
            else:
                assert component in (["click"], ["value"], ["force"]), path


def test_profiles_that_an_extension_brings_are_suggested_only_with_it() -> None:
    assert {one.profile for one in suggested(profiles(), frozenset(), (1, 0))} == OWN
    pico = {one.profile for one in suggested(profiles(), {"XR_BD_controller_interaction"}, (1, 0))} - OWN
    assert pico == {
        "/interaction_profiles/bytedance/pico4_controller",
        "/interaction_profiles/bytedance/pico_neo3_controller",
    }


def test_openxr_1_1_has_most_of_them_itself_and_two_under_new_names() -> None:
    every = {one.extension for one in profiles() if one.extension}
    assert {one.profile for one in suggested(profiles(), every, (1, 1))} - {one.profile for one in profiles()} == {
        "/interaction_profiles/meta/touch_plus_controller",
        "/interaction_profiles/meta/touch_pro_controller",
    }
    alone = {one.profile for one in suggested(profiles(), frozenset(), (1, 1))}
    assert len(alone) == 11
    assert "/interaction_profiles/ext/hand_interaction_ext" not in alone


def test_hands_with_different_buttons() -> None:
    touch = next(one for one in suggested(profiles(), (), (1, 0)) if one.name == "Oculus Touch controllers")
    assert [pair for pair in touch.bindings if pair[0] in ("teleport", "menu")] == [
        ("teleport", "/user/hand/left/input/x/click"),
        ("teleport", "/user/hand/right/input/a/click"),
        ("menu", "/user/hand/left/input/menu/click"),
        ("menu", "/user/hand/left/input/y/click"),
        ("menu", "/user/hand/right/input/b/click"),
    ]


def test_a_trackpad_that_is_the_stick_needs_its_click() -> None:
    found = suggested(profiles(), (), (1, 0))
    assert [one.profile for one in found if one.needs_click] == ["/interaction_profiles/htc/vive_controller"]
    for one in found:
        trackpads = [path for action, path in one.bindings if action == "stick" and path.endswith("trackpad")]
        assert bool(trackpads) == one.needs_click
        assert all(("teleport", f"{path}/click") in one.bindings for path in trackpads)


INDEX = """\
name: Valve Index controllers
profile: /interaction_profiles/valve/index_controller
bindings:
  aim: input/aim/pose
  grip: input/grip/pose
  select: input/trigger/value
  stick: input/thumbstick
  menu: {left: input/b/click}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "text"),
    [
        (
            "  select:",
            "  selct:",
            """\
valve_index.yaml:6:3: error[unknown-key]: 'selct' is not a key of 'bindings'
  selct: input/trigger/value
  ^^^^^
  help: did you mean 'select'?""",
        ),
        (
            "stick: input/thumbstick",
            "stick: input/thumbstick/x",
            """\
valve_index.yaml:7:10: error[wrong-value]: 'input/thumbstick/x' is not the path of a stick or trackpad
  stick: input/thumbstick/x
         ^^^^^^^^^^^^^^^^^^
  help: write one such as input/thumbstick""",
        ),
        (
            "{left: input/b/click}",
            "[input/b/click, inptu/b/click]",
            """\
valve_index.yaml:8:25: error[wrong-value]: item 2 of 'menu': 'inptu/b/click' is not the path of a button or trigger
  menu: [input/b/click, inptu/b/click]
                        ^^^^^^^^^^^^^
  help: write one such as input/trigger/value""",
        ),
        (
            "{left:",
            "{lft:",
            """\
valve_index.yaml:8:10: error[unknown-key]: 'lft' is not a key of 'menu'
  menu: {lft: input/b/click}
         ^^^
  help: did you mean 'left'?""",
        ),
        (
            "  aim: input/aim/pose\n",
            "",
            """\
valve_index.yaml:4:3: error[missing-key]: 'bindings' needs the key 'aim'
  grip: input/grip/pose
  ^^^^
  help: add for example aim: input/aim/pose (Where the ray begins that points)""",
        ),
        (
            "profile: /",
            "profile: ",
            """\
valve_index.yaml:2:10: error[wrong-value]: 'interaction_profiles/valve/index_controller' is not the path of an interaction profile
profile: interaction_profiles/valve/index_controller
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: write one such as /interaction_profiles/valve/index_controller""",
        ),
        (
            "bindings:",
            "extension: BD\nbindings:",
            """\
valve_index.yaml:3:12: error[wrong-value]: 'BD' is not the name of an extension
extension: BD
           ^^
  help: write one such as XR_BD_controller_interaction""",
        ),
        (
            "bindings:",
            "stick_counts: click\nbindings:",
            """\
valve_index.yaml:3:15: error[unknown-word]: 'stick_counts' must be 'always' or 'clicked', not 'click'
stick_counts: click
              ^^^^^
  help: did you mean 'clicked'?""",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_place_and_remedy(
    right: str, wrong: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("valve_index.yaml")
    file.write_text(INDEX.replace(right, wrong), encoding="utf-8")
    with pytest.raises(BadSettings) as raised:
        read_settings(file, ProfileSettings)
    assert str(raised.value) == text


@pytest.mark.parametrize("version", [(1, 0), (1, 1)])
def test_what_an_unknown_controller_is_taken_for_comes_first_and_the_poorest_last(version: tuple[int, int]) -> None:
    extensions = {one.extension for one in profiles() if one.extension}
    order = [one.profile for one in suggested(profiles(), extensions, version)]
    assert order[0] == "/interaction_profiles/oculus/touch_controller"
    assert order[-1] == "/interaction_profiles/khr/simple_controller"
    assert len(order) == len(set(order)) == len(profiles())
