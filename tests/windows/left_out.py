"""Of the tests that `make test-windows` runs inside that Windows, those that cannot pass there, each with its reason.

What starts an X server or a runtime of its own does so on Linux alone; what asks for a process for every test takes minutes under
Wine, where one costs four seconds, and is run there by hand (tests/app/test_loading.py: 22 pass in four minutes)."""

X11 = "it is about X servers"
LINKS = "Wine makes no symbolic links"
ADVICE = "it expects what is advised on Linux"
SIGNALS = "Windows has no signals that stop or kill a process"

LEFT_OUT = {
    "tests/app/test_loading.py::test_a_process_that_dies_closes_the_way": SIGNALS,
    "tests/app/test_shared_arrays.py::test_a_link_is_left_alone": LINKS,
    "tests/display/test_discovery.py::test_a_library_beside_the_file_that_the_link_leads_to": LINKS,
    "tests/display/test_openxr_messages.py::test_reasons[session-GraphicsDeviceInvalidError-SteamVR-text7]": ADVICE,
    "tests/display/test_select.py::test_a_desktop_that_is_not_there_is_told_apart": X11,
    "tests/display/test_select.py::test_a_server_that_takes_the_call_but_never_answers_is_told": X11,
    "tests/showcase/test_media.py::test_a_process_that_ends_with_a_question_in_its_pipe": SIGNALS,
    "tests/showcase/test_media.py::test_a_process_that_others_ended_is_started_again": SIGNALS,
}


def reason(node: str, /) -> str | None:
    """Why a test is left out, by its node's name as pytest has it; None where it is not."""
    node = node.replace("\\", "/")
    return LEFT_OUT.get(node) or LEFT_OUT.get(node.partition("[")[0])
