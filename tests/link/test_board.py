"""Two processes over one memory: the pulse of the one that was killed can still be read, orders are followed once, and numbers
that cannot be are not believed."""

import math
import subprocess
import time

from vrclient import own_process
from vrclient.link.board import Board, Pulse
from vrclient.link.messages import ClientReport, Quit, SetVolume

CHILD = """
import sys, time
from vrclient.link.board import Board
from vrclient.link.messages import ClientReport
board = Board(sys.argv[1])
board.enter(7); board.shown(drawn=True); board.shown(drawn=False)
board.report(ClientReport("running", showcase="hall"))
while (order := board.next_order()) is None: time.sleep(0.01)
board.report(ClientReport("running", showcase=repr(order)))
time.sleep(60)
"""


def test_a_child_that_is_killed_leaves_its_pulse_and_its_report() -> None:
    board = Board()
    assert board.pulse() == Pulse() and board.last_report(ClientReport) is None
    interpreter = own_process.command("x:x")[0]
    with subprocess.Popen([interpreter, "-c", CHILD, board.handle], pass_fds=board.inherited) as child:
        try:
            number = board.order(SetVolume(0.5))
            end = time.monotonic() + 60.0
            while (report := board.last_report(ClientReport)) is None or report.showcase == "hall":
                assert child.poll() is None and time.monotonic() < end
                time.sleep(0.01)
        finally:
            child.kill()
    pulse, now = board.pulse(), time.monotonic()
    assert (pulse.frames, pulse.stage) == (2, 7)
    assert now - 60.0 < pulse.stage_at <= pulse.drawn_at <= pulse.shown_at == pulse.alive_at <= now
    assert board.last_report(ClientReport) == ClientReport("running", showcase=f"({number}, SetVolume(volume=0.5))")


def test_an_order_is_given_once() -> None:
    board = Board()
    assert board.next_order() is None
    number = board.order(Quit())
    assert board.next_order() == (number, Quit())
    assert board.next_order() is None
    board._orders.write(b"nonsense")
    assert board.next_order() == (number + 1, None)


def test_numbers_that_cannot_be_are_not_believed() -> None:
    for number in (math.nan, math.inf, -1.0, 1e300):
        board = Board()
        for place in range(7):
            board._numbers[place] = number
        assert board.pulse() == Pulse()
        assert board.supervised_at == 0.0


def test_the_supervisor_is_seen() -> None:
    board = Board()
    board.supervise()
    assert 0.0 <= time.monotonic() - board.supervised_at < 60.0
    board.close()
