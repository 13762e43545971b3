"""A message is there whole or not at all, whatever is killed in the middle of writing; the newest one counts."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.link.mailbox import LONGEST, SIZE, SLOT, Mailbox


def mailbox() -> tuple[bytearray, Mailbox]:
    memory = bytearray(SIZE)
    return memory, Mailbox(memoryview(memory))


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
def test_the_newest_message_is_read_with_its_number(messages: list[bytes]) -> None:
    memory, writer = mailbox()
    reader = Mailbox(memoryview(memory))
    assert reader.read() is None
    for number, message in enumerate(messages, 1):
        assert writer.write(message) == number == writer.newest()
        assert reader.read() == (number, message)


@given(st.binary(min_size=1, max_size=100), st.binary(min_size=1, max_size=100), st.integers(0, 115), st.integers(0, 255))
def test_of_a_damaged_message_nothing_is_believed(first: bytes, second: bytes, at: int, value: int) -> None:
    """The second message lies in the first slot."""
    memory, writer = mailbox()
    writer.write(first)
    writer.write(second)
    before = memory[at]
    memory[at] = value
    found = Mailbox(memoryview(memory)).read()
    unharmed = value == before or at >= 16 + len(second)
    assert found == ((2, second) if unharmed else (1, first))


def test_a_writer_killed_in_the_middle_leaves_the_message_before() -> None:
    memory, writer = mailbox()
    writer.write(b"first")
    writer.write(b"second")
    memory[SLOT : SLOT + 16] = struct.pack("<QII", 3, 5, 0)  # the third begins: its slot held the first one
    assert writer.read() == (2, b"second")
    assert Mailbox(memoryview(memory)).write(b"after") == 3, "a new writer goes on from what is whole"


def test_noise_is_no_message() -> None:
    assert Mailbox(memoryview(bytearray(b"\xff" * SIZE))).read() is None


def test_what_does_not_fit_is_refused() -> None:
    _, writer = mailbox()
    writer.write(b"x" * LONGEST)
    with pytest.raises(ValueError, match=f"a message of {LONGEST + 1} bytes; at most {LONGEST} fit"):
        writer.write(b"x" * (LONGEST + 1))
    with pytest.raises(ValueError, match="takes"):
        Mailbox(memoryview(bytearray(10)))
