"""How the program is told to end from outside, and that it does: Ctrl-C, SIGTERM, SIGHUP, on Windows Ctrl-Break and the cross of
the console's window.

    listen      from here on such a request raises EndAsked in the main thread ...
    noted       ... but not inside this block, which must not be torn apart: `asked` tells the block, and it raises when it ends
    writing     what is to be written whatever happens, once

A request that has not been followed after LONGEST_S, because a driver or a server hangs, is followed by a thread of this module:
it writes, and the process ends. Ctrl-C for a second time ends it at once. What is closed after everything is written, whoever
ends the run, has LONGEST_S as well. What runs in the program is not known here.

No thread of Python's helps where a library waits and keeps Python's lock: so nothing that may wait is called like that
(display/pointer.py)."""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

LONGEST_S = 2.5
"""Seconds for an orderly end."""
FAILED = "failed: "
"""How the reason begins where it is an error of the program or of its files."""
CONSOLE_CLOSES = (2, 5, 6)
"""Windows' CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT."""

_BY_HAND = tuple(getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name))
_SIGNALS = (*_BY_HAND, *(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)))


class EndAsked(BaseException):
    """Somebody outside wants the program to end. `number` is the signal's."""

    def __init__(self) -> None:
        self.number = _asked or signal.SIGINT
        super().__init__(signal.Signals(self.number).name)

    @property
    def status(self) -> int:
        """The exit status, as a shell counts: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""
        return 128 + self.number


_asked: int | None = None
_noting = 0
_write: Callable[[str], None] | None = None
_write_lock = threading.RLock()
_ear: socket.socket | None = None
_written, _dropped = threading.Event(), threading.Event()


def listen() -> None:
    """Hears signals from here on; once, in the main thread. Those that whoever started the program wants ignored (nohup) are."""
    global _ear
    if _ear is not None:
        return
    _ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _heard)
    signal.set_wakeup_fd(mouth.detach(), warn_on_full_buffer=False)
    sys.unraisablehook = _unraisable
    threading.Thread(target=_watch, args=(_ear,), name="ending", daemon=True).start()
    if sys.platform == "win32":
        _listen_to_console()


def deafen() -> None:
    """The end has come: from here on a signal does what it does to any program."""
    if _ear is not None:
        for number in _SIGNALS:
            if signal.getsignal(number) is _heard:
                signal.signal(number, signal.SIG_DFL)


def asked() -> bool:
    """Whether the program is to end."""
    return _asked is not None


def follow() -> None:
    """Raises EndAsked where the program is to end: a good place for it, in a block that is `noted`."""
    if _asked is not None:
        raise EndAsked


@contextmanager
def noted() -> Iterator[None]:
    """A request does not tear this block apart. Raises EndAsked before and after it instead."""
    global _noting
    follow()
    _noting += 1
    try:
        yield
    finally:
        _noting -= 1
    follow()


@contextmanager
def writing(write: Callable[[str], None], /) -> Iterator[None]:
    """`write` is called with why the program ends: by `leave`, or by whatever else ends the block or the process."""
    global _write
    _write = write
    try:
        with written_first():
            yield
    finally:
        _write = None
        _written.set()


@contextmanager
def written_first() -> Iterator[None]:
    """What breaks this block off has everything written before whatever the block is in comes to its end."""
    try:
        yield
    except EndAsked as asked:
        leave(str(asked), status=asked.status)
        raise
    except BaseException as error:
        leave(f"{FAILED}{type(error).__name__}: {error}", status=1)
        raise


def leave(why: str, /, *, status: int = 0) -> None:
    """Has everything written, unless that has happened. What the `writing` block still has to close may take LONGEST_S; then the
    process ends, with that status."""
    global _write
    with _write_lock:
        write, _write = _write, None
        if write is None:
            return
        write(why)
    if _ear is not None:
        threading.Thread(target=_end_what_hangs, args=(status,), name="closing", daemon=True).start()


def _end_what_hangs(status: int) -> None:
    if not _written.wait(LONGEST_S):
        gone(status)


def end_now(why: str, status: int, /) -> NoReturn:
    """Everything is written, `why` is said, and the process is gone: for where there is no way back, such as another library's
    handler of a fatal error."""
    with contextlib.suppress(Exception):
        leave(why)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"vrclient: {why}\n")
    gone(status)


def gone(status: int, /) -> NoReturn:
    """The process ends here: nothing that hangs at its exit holds it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if stream.isatty():
                stream.write("\x1b[?25h")  # the cursor, which a progress bar hides
            stream.flush()
    os._exit(status)


def _heard(number: int, _: object) -> None:
    global _asked
    if _asked is None:
        _asked = number
        if not _noting:
            raise EndAsked


def _unraisable(lost: Any) -> None:
    """A request that came in the middle of a callback, where Python drops what is raised, is raised again soon."""
    if isinstance(lost.exc_value, EndAsked):
        _dropped.set()
    else:
        sys.__unraisablehook__(lost)


def _watch(ear: socket.socket) -> None:
    """The thread."""
    number = ear.recv(1)[0]
    main = ctypes.c_ulong(threading.main_thread().ident or 0)
    end = time.monotonic() + LONGEST_S
    while (left := end - time.monotonic()) > 0.0:
        _hear_again(ear, min(left, 0.05))
        if _dropped.is_set():
            _dropped.clear()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(main, ctypes.py_object(EndAsked))
    while not _write_lock.acquire(timeout=0.05):  # what is being written gets its time
        _hear_again(ear, 0.05)
    with contextlib.suppress(Exception):
        leave(signal.Signals(number).name)
    gone(128 + number)


def _hear_again(ear: socket.socket, seconds: float) -> None:
    ear.settimeout(seconds)
    with contextlib.suppress(TimeoutError):
        if (number := ear.recv(1)[0]) in _BY_HAND:
            gone(128 + number)


def _listen_to_console() -> None:  # pragma: no cover (Windows)
    """The console's window is closed, or the session ends: Windows ends the process when this is back, or after 5 s."""
    import _thread

    def close(event: int) -> bool:
        if event not in CONSOLE_CLOSES:
            return False
        _thread.interrupt_main(signal.SIGTERM)
        _written.wait(2.0 * LONGEST_S)
        return True

    global _console_handler
    _console_handler = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(close)  # type: ignore[attr-defined,unused-ignore]
    ctypes.windll.kernel32.SetConsoleCtrlHandler(_console_handler, 1)  # type: ignore[attr-defined,unused-ignore]


_console_handler: object = None
"""Windows keeps its address only."""
