"""Calls in a thread of their own: nobody waits for longer than they want to."""

import threading
import time

import pytest

from vrclient.display.openxr.bounded_calls import BoundedCalls, Overdue

SHORT = 0.05
LONG = 20.0
"""Seconds: of these, no test waits for as much."""


def test_answers_and_errors_come_back() -> None:
    beside = BoundedCalls("test")
    assert beside.call(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        beside.call(lambda: 1 // 0)
    threads = {beside.call(threading.get_ident) for _ in range(5)}
    assert len(threads) == 1 and threading.get_ident() not in threads
    assert not beside.hangs
    beside.close()


def test_one_that_hangs_is_waited_for_once_and_its_late_answer_is_dropped() -> None:
    beside, goes_on = BoundedCalls("test"), threading.Event()
    with pytest.raises(Overdue):
        beside.call(goes_on.wait, seconds=SHORT)
    assert beside.hangs
    start = time.monotonic()
    for _ in range(1000):
        with pytest.raises(Overdue):
            beside.call(lambda: "never asked", seconds=LONG)
    assert time.monotonic() - start < LONG
    goes_on.set()
    answers = []
    while not answers:
        try:
            answers.append(beside.call(lambda: "asked again", seconds=LONG))
        except Overdue:
            time.sleep(0.001)
    assert answers == ["asked again"] and not beside.hangs
    beside.close()


def test_an_error_that_comes_late_is_told_to_whoever_asks_next() -> None:
    beside, goes_on = BoundedCalls("test"), threading.Event()

    def fails() -> None:
        goes_on.wait()
        raise KeyError

    with pytest.raises(Overdue):
        beside.call(fails, seconds=SHORT)
    goes_on.set()
    with pytest.raises(KeyError):
        beside.take(seconds=LONG)
    assert beside.call(lambda: 3) == 3
    beside.close()


def test_what_we_keep_waiting_ourselves_does_not_hang() -> None:
    beside, goes_on = BoundedCalls("test"), threading.Event()
    asked = 0

    def busy() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            goes_on.set()
        return True

    assert beside.call(goes_on.wait, seconds=SHORT, busy=busy) is True
    assert asked >= 3
    beside.close()


def test_a_thread_that_is_closed_ends() -> None:
    beside = BoundedCalls("test")
    thread = beside.call(threading.current_thread)
    beside.close()
    thread.join(LONG)
    assert not thread.is_alive()
