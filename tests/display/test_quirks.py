"""Which runtimes get which treatment."""

from vrclient.display.openxr.quirks import STANDARD, Quirks, quirks_of


def test_a_runtime_that_keeps_the_rules_or_is_unknown() -> None:
    for name in ("Monado(XRT) by Collabora et al '25.0.0'", "Monado", "Oculus", "", "Not SteamVR"):
        assert quirks_of(name) == STANDARD
    assert (STANDARD.keeps_context, STANDARD.destroys_instance, STANDARD.exits) == (True, True, True)
    assert (STANDARD.leaves_gl_errors, STANDARD.wants_no_gl_errors) == (False, False)


def test_steamvr_by_both_its_names() -> None:
    for name in ("SteamVR", "SteamVR/OpenXR", "steamvr/openxr : lighthouse"):
        assert quirks_of(name, system="linux") == Quirks(
            keeps_context=False, leaves_gl_errors=True, wants_no_gl_errors=True, destroys_instance=False, exits=False
        )
        assert quirks_of(name, system="win32") == Quirks(wants_no_gl_errors=True)
