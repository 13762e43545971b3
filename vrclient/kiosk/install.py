"""The stand starts by itself: a user's systemd unit, which also starts it again when it ends or gives no sign; on Windows a task
at log-on, as XML for the task scheduler."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import platformdirs

from vrclient import own_process
from vrclient.writing import whole_file

NAME = "vrclient-kiosk"


def unit_file() -> Path:
    """Where the unit belongs."""
    return platformdirs.user_config_path("systemd", appauthor=False) / "user" / f"{NAME}.service"


def unit(arguments: list[str], /) -> str:
    """Of `vrclient kiosk ARGUMENTS`. WatchdogSec is longer than anything that the supervisor waits for."""
    command = " ".join(_quoted(one) for one in (*own_process.itself(), "kiosk", *arguments))
    return f"""[Unit]
Description=vrclient kiosk: keeps a picture on the stand's glass
PartOf=graphical-session.target
After=graphical-session.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
Restart=always
RestartSec=1
WatchdogSec=30
TimeoutStopSec=10
KillMode=control-group
SuccessExitStatus=129 130 143

[Install]
WantedBy=graphical-session.target default.target
"""


def task(arguments: list[str], /) -> str:
    """For `schtasks /create /xml`."""
    program, *before = own_process.itself()
    words = subprocess.list2cmdline([*before, "kiosk", *arguments])
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>vrclient kiosk: keeps a picture on the stand's glass</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{escape(program)}</Command><Arguments>{escape(words)}</Arguments></Exec>
  </Actions>
</Task>
"""


def install(arguments: list[str], /) -> list[str]:
    """What was done, and what is to be done by hand, in words. Raises OSError."""
    if sys.platform == "win32":
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{NAME}.xml"
            file.write_text(task(arguments), "utf-16")
            return _ran(["schtasks", "/create", "/f", "/tn", NAME, "/xml", str(file)], f"the task '{NAME}' starts it at log-on")
    path = unit_file()
    with whole_file(path) as unit_of:
        unit_of.write(unit(arguments).encode())
    return [
        f"written: {path}",
        *_ran(["systemctl", "--user", "daemon-reload"]),
        *_ran(_systemctl("enable"), "it starts at log-in"),
    ]


def uninstall() -> list[str]:
    """The same, the other way round."""
    if sys.platform == "win32":
        return _ran(["schtasks", "/delete", "/f", "/tn", NAME], f"the task '{NAME}' is gone")
    path = unit_file()
    if not path.is_file():
        return [f"there is no {path}"]
    said = _ran(_systemctl("disable"))
    path.unlink()
    return [*said, f"taken away: {path}", *_ran(["systemctl", "--user", "daemon-reload"])]


def _systemctl(verb: str) -> list[str]:
    return ["systemctl", "--user", verb, f"{NAME}.service"]


def _ran(command: list[str], done: str = "") -> list[str]:
    """Runs it; what is to be said."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return [f"run this yourself: {subprocess.list2cmdline(command)}"]
    if result.returncode:
        return [f"run this yourself: {subprocess.list2cmdline(command)} ({result.stderr.strip()[:200]})"]
    return [done] if done else []


def _quoted(word: str) -> str:
    """For ExecStart: systemd.service(5), "COMMAND LINES"."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or set(word) & set(" '") else word
