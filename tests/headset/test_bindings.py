"""Every binding of config/bindings is one that a runtime takes, and that the specification knows: Khronos' layers watch, and
have nothing to say."""

import json
import subprocess
from pathlib import Path

import pytest
from validation import Validation
from watched import COMMAND

from vrclient.display.openxr.bindings import profiles, suggested

EXTENSIONS = sorted({one.extension for one in profiles() if one.extension})
SUGGEST = """
import json, sys
import xr
from vrclient.display.openxr.actions import KINDS
from vrclient.display.openxr.bindings import profiles, suggested

major, minor, extensions = json.loads(sys.argv[1])
instance = xr.create_instance(
    xr.InstanceCreateInfo(
        application_info=xr.ApplicationInfo(application_name="bindings", api_version=xr.Version(major, minor, 0)),
        enabled_extension_names=[*extensions, "XR_MND_headless"],
    )
)
system = xr.get_system(instance, xr.SystemGetInfo())
session = xr.create_session(instance, xr.SessionCreateInfo(system_id=system))
sides = [xr.string_to_path(instance, f"/user/hand/{side}") for side in ("left", "right")]
action_set = xr.create_action_set(instance, xr.ActionSetCreateInfo(action_set_name="visit", localized_action_set_name="Visit"))
actions = {
    name: xr.create_action(
        action_set,
        xr.ActionCreateInfo(action_name=name, localized_action_name=name, action_type=kind, subaction_paths=sides),
    )
    for name, kind in KINDS.items()
}
refused = {}
for one in suggested(profiles(), extensions, (major, minor)):
    wrong = [("select", "/user/hand/left/input/nonsense/click")]
    for pairs in (wrong, *([pair] for pair in one.bindings), one.bindings):  # one by one, so that a refused one has a name
        entries = [
            xr.ActionSuggestedBinding(action=actions[name], binding=xr.string_to_path(instance, path)) for name, path in pairs
        ]
        path = xr.string_to_path(instance, one.profile)
        try:
            xr.suggest_interaction_profile_bindings(
                instance, xr.InteractionProfileSuggestedBinding(interaction_profile=path, suggested_bindings=entries)
            )
        except xr.exception.XrException as error:
            refused[f"{one.profile}: {pairs}"] = type(error).__name__
    assert refused.pop(f"{one.profile}: {wrong}") == "PathUnsupportedError", "this runtime takes anything"
xr.attach_session_action_sets(session, xr.SessionActionSetsAttachInfo(action_sets=[action_set]))
xr.destroy_action_set(action_set)
xr.destroy_session(session)
xr.destroy_instance(instance)
json.dump(refused, open(sys.argv[2], "w"))
"""


@pytest.mark.usefixtures("monado")
@pytest.mark.parametrize("extensions", [(), EXTENSIONS], ids=["without extensions", "with all extensions"])
@pytest.mark.parametrize("version", [(1, 0), (1, 1)], ids=["OpenXR 1.0", "OpenXR 1.1"])
def test_every_binding_is_taken(
    version: tuple[int, int], extensions: tuple[str, ...], tmp_path: Path, validation: Validation
) -> None:
    assert len(suggested(profiles(), extensions, version)) >= 5
    answer = tmp_path / "refused.json"
    arguments = [json.dumps([*version, extensions]), str(answer)]
    done = subprocess.run([*COMMAND, "-c", SUGGEST, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(answer.read_text()) == {}
    assert validation.instances() == 1
