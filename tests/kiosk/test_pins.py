"""PINs are kept as hashes, and guessing is slow."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.kiosk.page_settings import PageSettings
from vrclient.kiosk.pins import FREE, LONGEST_WAIT_S, MAX_SOURCES, Patience, hashed, is_right


@settings(max_examples=6)
@given(pin=st.text(min_size=4, max_size=64), other=st.text(max_size=80))
def test_a_pin_is_right_and_no_other_is(pin, other):
    kept = hashed(pin)
    assert PageSettings(pin_hash=kept).pin_hash == kept and is_right(pin, kept)
    assert is_right(other, kept) == (other == pin) and kept != hashed(pin)


def test_a_pin_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="a PIN has 4 to 64 characters, this one 3"):
        hashed("123")


def test_every_wrong_one_doubles_the_wait():
    now = 1000.0
    patience = Patience(clock=lambda: now)
    waits = []
    for _ in range(FREE + 12):
        patience.wrong("a phone")
        waits.append(patience.wait_s("a phone"))
        now += waits[-1]
    assert waits[:FREE] == [0.0] * FREE and waits[FREE : FREE + 4] == [1.0, 2.0, 4.0, 8.0] and waits[-1] == LONGEST_WAIT_S
    assert patience.wait_s("another phone") == 0.0
    patience.wrong("a phone")
    assert patience.wait_s("a phone") == LONGEST_WAIT_S
    patience.right("a phone")
    assert patience.wait_s("a phone") == 0.0


def test_many_sources_slow_each_other_and_are_bounded():
    patience = Patience(clock=lambda: 5.0)
    for number in range(4 * MAX_SOURCES):
        patience.wrong(f"source {number}")
    assert patience.wait_s("a new one") == LONGEST_WAIT_S and len(patience._wrong) <= MAX_SOURCES


def test_an_hour_forgets():
    now = 0.0
    patience = Patience(clock=lambda: now)
    for _ in range(FREE + 3):
        patience.wrong("a phone")
    now = 3601.0
    patience.wrong("a phone")
    assert patience.wait_s("a phone") == 0.0


def test_the_command_line_makes_a_hash():
    def made(text):
        return subprocess.run([sys.executable, "-m", "vrclient", "pin"], input=text, capture_output=True, text=True, timeout=60)

    done = made("2468\n")
    assert done.returncode == 0 and is_right("2468", done.stdout.strip())
    short = made("12\n")
    assert (short.returncode, short.stderr) == (2, "vrclient: a PIN has 4 to 64 characters, this one 2\n")
