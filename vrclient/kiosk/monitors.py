"""The monitors of this computer by name and place. On X11 Xlib is asked, in a process of its own: it ends a process whose server
goes."""

import ctypes
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import ClassVar

from vrclient import own_process
from vrclient.kiosk.glass import screen_size

COMMAND = own_process.command("vrclient.kiosk.monitors:main")
LONGEST_S = 5.0


@dataclass(frozen=True, slots=True)
class Monitor:
    """`place`: left, top, width, height in pixels of the desktop."""

    name: str
    place: tuple[int, int, int, int]

    @property
    def orientation(self) -> str:
        return "portrait" if self.place[3] > self.place[2] else "landscape"


def monitors() -> tuple[Monitor, ...]:
    """All there are now, the first one first; none without a desktop."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, timeout=LONGEST_S, check=False)
        found = tuple(Monitor(str(name), tuple(place)) for name, place in json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired):
        found = ()
    if not found and (size := screen_size()) is not None:
        return (Monitor("screen", (0, 0, *size)),)
    return found


def chosen(name: str | None, found: tuple[Monitor, ...], /) -> Monitor | None:
    """The one of that name, or the first; where there is none of that name, the first as well: a picture on the wrong monitor is
    better than none. None without any."""
    return next((one for one in found if one.name == name), found[0] if found else None)


def main() -> None:
    """The process: what it finds, as JSON."""
    print(json.dumps(_windows() if sys.platform == "win32" else _x11()))  # noqa: T201


class _MonitorInfo(ctypes.Structure):
    """XRRMonitorInfo."""

    _fields_: ClassVar = [
        ("name", ctypes.c_ulong),
        *((name, ctypes.c_int) for name in ("primary", "automatic", "outputs_count", "x", "y", "width", "height", "mm", "mmh")),
        ("outputs", ctypes.c_void_p),
    ]


def _x11() -> list[tuple[str, tuple[int, int, int, int]]]:
    x11, randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x11.XOpenDisplay.restype = x11.XGetAtomName.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    randr.XRRGetMonitors.restype = ctypes.POINTER(_MonitorInfo)
    opened = x11.XOpenDisplay(None)
    if not opened:
        return []
    to, count = ctypes.c_void_p(opened), ctypes.c_int()
    root = ctypes.c_ulong(x11.XDefaultRootWindow(to))
    infos = randr.XRRGetMonitors(to, root, 1, ctypes.byref(count))
    found = []
    for one in sorted((infos[k] for k in range(count.value)), key=lambda one: not one.primary):
        name = ctypes.string_at(x11.XGetAtomName(to, ctypes.c_ulong(one.name))).decode("utf-8", "replace")
        found.append((name, (one.x, one.y, one.width, one.height)))
    return found


def _windows() -> list[tuple[str, tuple[int, int, int, int]]]:  # pragma: no cover (Windows)
    from ctypes import wintypes

    found: list[tuple[str, tuple[int, int, int, int]]] = []
    kind = ctypes.WINFUNCTYPE(  # type: ignore[attr-defined,unused-ignore]
        ctypes.c_int, wintypes.HMONITOR, wintypes.HDC, ctypes.POINTER(wintypes.RECT), wintypes.LPARAM
    )

    def add(_monitor: int, _dc: int, rect: "ctypes._Pointer[wintypes.RECT]", _more: int) -> int:
        box = rect.contents
        place = (box.left, box.top, box.right - box.left, box.bottom - box.top)
        found.append((f"screen {len(found) + 1}", place))
        return 1

    user32 = ctypes.windll.user32  # type: ignore[attr-defined,unused-ignore]
    user32.SetProcessDPIAware()
    user32.EnumDisplayMonitors(None, None, kind(add), 0)
    return found
