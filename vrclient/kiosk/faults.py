"""What is said of a fault, and what is kept of it for whoever mends it: a small file without anything of a visitor. So many are
kept, the newest ones."""

import contextlib
import datetime
import json
import platform
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vrclient import __version__
from vrclient.kiosk.status import Words
from vrclient.writing import whole_file

MOST_FILES, MOST_BYTES, MOST_LINES = 30, 64 * 1024, 100

SAID: dict[str, tuple[Words, Words]] = {
    "client-crashed": (
        Words(zh="展示程序意外结束，正在重新启动。", en="The client ended by itself; it is being started again."),
        Words(
            zh="如果反复出现，请把故障文件发给维护人员。",
            en="If it comes back, send the fault files to whoever maintains the stand.",
        ),
    ),
    "client-frozen": (
        Words(zh="画面停住了，正在重新启动展示程序。", en="The picture stood still; the client is being started again."),
        Words(
            zh="如果反复出现，请检查显卡驱动和散热。",
            en="If it comes back, look at the graphics driver and at the computer's cooling.",
        ),
    ),
    "client-stuck": (
        Words(zh="展示程序启动不了，正在重试。", en="The client does not get beyond its start; it is tried again."),
        Words(zh="请运行 vrclient doctor。", en="Run 'vrclient doctor'."),
    ),
    "client-black": (
        Words(zh="屏幕是黑的，正在重新启动展示程序。", en="The glass was black; the client is being started again."),
        Words(zh="如果反复出现，请检查显示器和显卡。", en="If it comes back, look at the monitor and the graphics card."),
    ),
    "client-leaking": (
        Words(zh="展示程序占用内存过多，已重新启动。", en="The client took too much memory; it was started again."),
        Words(zh="请把故障文件发给维护人员。", en="Send the fault files to whoever maintains the stand."),
    ),
    "showcase-wrong": (
        Words(zh="展项内容有错误，现在显示上一个可用的展项。", en="The showcase has errors; the last one that worked is shown."),
        Words(zh="请运行 vrclient check 并改正内容。", en="Run 'vrclient check' on it, and mend what it names."),
    ),
    "no-display": (
        Words(zh="没有可用的显示器。", en="There is no display to show anything on."),
        Words(zh="请检查显示器的电源和连接线。", en="Look at the monitor's power and cable."),
    ),
    "cover-failed": (
        Words(zh="备用画面无法显示。", en="The cover, which is under the client's window, cannot be shown."),
        Words(zh="请重新安装：pip install 'vrclient[kiosk]'。", en="Install it again: pip install 'vrclient[kiosk]'."),
    ),
}
"""By code: what is wrong, and what somebody who stands there can do."""


def said_of(code: str, /) -> tuple[Words, Words | None]:
    """Both, of any code."""
    return SAID.get(code, (Words(zh=f"故障：{code}", en=f"Fault: {code}"), None))


def keep(folder: Path, code: str, at: datetime.datetime, known: dict[str, Any], lines: Iterable[str], /) -> Path | None:
    """Writes what is known of a fault, and takes the oldest away; None where the disk does not take it. `known` has nothing of a
    visitor in it: no language, no choice, no position. `lines`: what the process said last."""
    known = {
        "fault": code,
        "at": at.isoformat(timespec="seconds"),
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **known,
    }
    last = deque(lines, MOST_LINES)
    while len(text := _written({**known, "said": [*last]})) > MOST_BYTES and last:
        last.popleft()
    path = folder / f"{at:%Y%m%d-%H%M%S}-{code}.json"
    with contextlib.suppress(OSError):
        with whole_file(path) as file:
            file.write(text)
        for old in sorted(folder.glob("*.json"))[:-MOST_FILES]:
            old.unlink()
        return path
    return None


def _written(known: dict[str, Any]) -> bytes:
    return json.dumps(known, indent=1, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
