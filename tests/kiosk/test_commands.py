"""The registry: what strangers write becomes a command or a refusal that says why, and nothing else."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vrclient.bench.simulated_stand import SimulatedStand
from vrclient.kiosk.commands import KINDS, Command, Refused, Takes, Who, carry_out, command
from vrclient.kiosk.status import Status

NAMES = [kind.name for kind in KINDS]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
ARGUMENTS = sorted({argument.name for kind in KINDS for argument in kind.arguments})


def test_the_table_is_what_was_agreed():
    assert " ".join(NAMES) == (
        "status screenshot start stop extend next clean language volume message restart reload rollback lock unlock logs"
    )


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_every_row_speaks_both_languages_and_its_defaults_are_right(kind):
    for words in (kind.label, kind.meaning, *(argument.label for argument in kind.arguments)):
        assert words.zh and words.en and words.zh != words.en
    given = {
        argument.name: {Takes.TEXT: "en", Takes.INTEGER: argument.lowest, Takes.FLAG: True}[argument.takes]
        for argument in kind.arguments
        if argument.required
    }
    made = command(kind.name, given, who=Who.TECHNICIAN, by="ctl")
    assert set(made.arguments) == {one.name for one in kind.arguments if one.required or one.default is not None}


@given(
    name=st.sampled_from(NAMES) | ANYTHING, arguments=st.dictionaries(st.sampled_from(ARGUMENTS) | st.text(), ANYTHING) | ANYTHING
)
@example(name=float("nan"), arguments=None)
@example(name="volume", arguments={"percent": "٣"})
@example(name="volume", arguments={"percent": "9" * 5000})
@example(name="message", arguments={"text": "\ud800"})
@example(name="message", arguments={"text": "one\x1b[2Jline"})
def test_whatever_comes_is_a_right_command_or_a_refusal_in_bounded_words(name, arguments):
    try:
        made = command(name, arguments, who=Who.TECHNICIAN, by="mqtt")
    except Refused as refused:
        assert 0 < len(refused.said.en) < 300 and refused.said.en.isprintable() and refused.said.zh
        return
    kind = next(kind for kind in KINDS if kind.name == made.name)
    for argument in kind.arguments:
        if (value := made.arguments.get(argument.name)) is None:
            assert not argument.required and argument.default is None
        elif argument.takes is Takes.FLAG:
            assert isinstance(value, bool)
        else:
            size = value if argument.takes is Takes.INTEGER else len(str(value))
            assert argument.lowest <= int(size) <= argument.highest


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("stat", None, f"there is no command 'stat'; there are: {', '.join(NAMES)}"),
        (["start"], None, f"there is no command 'list'; there are: {', '.join(NAMES)}"),
        ("volume", {}, "'volume' wants 'percent'"),
        ("volume", {"percent": 101}, "'volume' wants a whole number from 0 to 100 for 'percent'"),
        ("volume", {"percent": True}, "'volume' wants a whole number from 0 to 100 for 'percent'"),
        ("volume", {"loud": 1}, "'volume' takes no 'loud'"),
        ("clean", {"done": "maybe"}, "'clean' wants true or false for 'done'"),
        ("message", {"text": "a\nb"}, "'message' wants one line of text for 'text'"),
        ("start", ["fengxian"], "arguments are names with values"),
        ("unlock", {}, "'unlock' is for technicians"),
    ],
)
def test_what_is_wrong_is_said(name, arguments, said):
    with pytest.raises(Refused) as refused:
        command(name, arguments, who=Who.ATTENDANT, by="ctl")
    assert refused.value.said.en == said


def test_text_from_a_command_line_is_understood():
    assert command("volume", {"percent": "40"}, who=Who.ATTENDANT, by="ctl") == Command("volume", {"percent": 40}, "ctl")
    assert command("clean", {"done": "yes"}, who=Who.ATTENDANT, by="ctl").arguments == {"done": True}


def test_who_asked_for_what_is_logged_but_not_what_was_written(caplog):
    caplog.set_level("INFO")
    for name, arguments in (("message", {"text": "Anna, please come", "seconds": 60}), ("status", {}), ("logs", {"lines": 5})):
        carry_out(SimulatedStand(), Command(name, arguments, "page"))
    assert caplog.messages == ["command 'message' (page): done"]


def test_a_status_and_a_picture_are_values_as_json_has_them():
    stand = SimulatedStand()
    told = carry_out(stand, Command("status"))
    assert Status.model_validate(told.value) == stand.status()
    shown = carry_out(stand, Command("screenshot"))
    assert stand.shown is not None and base64.b64decode(shown.value["data"]) == stand.shown.data
    stand.shown = None
    assert not carry_out(stand, Command("screenshot")).done
