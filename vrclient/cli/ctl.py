"""`vrclient ctl`: what is typed goes to the kiosk that runs on this computer, and its answer to the terminal."""

import base64
import json
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from vrclient.cli.exits import NO_KIOSK, PROBLEMS, WRONG_USAGE
from vrclient.cli.terminal import Terminal
from vrclient.kiosk.commands import KINDS, Argument, CommandKind, Refused, Takes, Who, from_words
from vrclient.kiosk.control import Answer, NoKiosk, ask
from vrclient.kiosk.status import Status
from vrclient.showcase.diagnostics import printable
from vrclient.writing import whole_file


def ctl(name: str | None, words: list[str], /, *, as_json: bool, output: Path | None) -> int:
    """The exit status."""
    terminal, notes = Terminal(), Terminal(stderr=True)
    if name is None:
        terminal.print(table_of_commands())
        return 0
    try:
        asked = from_words(name, words, who=Who.TECHNICIAN, by="ctl")
    except Refused as refused:
        notes.print(f"vrclient: {refused}")
        return WRONG_USAGE
    try:
        answer = ask(asked.name, dict(asked.arguments))
    except NoKiosk as absent:
        notes.print(f"vrclient: {absent}")
        return NO_KIOSK
    if asked.name == "screenshot" and answer.done and not as_json:
        _save(answer.value, output or Path("kiosk.jpg"), terminal)
    elif as_json:
        terminal.print(
            json.dumps({"done": answer.done, "said": answer.said.model_dump(), "value": answer.value}, ensure_ascii=False)
        )
    elif answer.done:
        _tell(asked.name, answer, terminal)
    else:
        notes.print(f"vrclient: {answer.said.en}")
    return 0 if answer.done else PROBLEMS


def table_of_commands() -> Table:
    """The registry."""
    table = Table(box=None, pad_edge=False)
    table.add_column("command", no_wrap=True)
    table.add_column("what it does", overflow="fold")
    for kind in KINDS:
        table.add_row(Text(_usage(kind), "bold"), Text(kind.meaning.en))
    return table


def lines_of(status: Status, /) -> list[str]:
    """A status for people, a line for each thing."""
    left = "" if status.left_s is None else f", {int(status.left_s) // 60}:{int(status.left_s) % 60:02d} left"
    opens = "" if status.opens_at is None else f", opens {status.opens_at.astimezone():%A %H:%M}"
    shown = "" if status.content_age_s is None else f", it changed {status.content_age_s:.1f} s ago"
    lines = [
        f"{status.title.en} ({status.stand}): {status.state.value.replace('_', ' ')}{left}{opens}",
        f"on the glass: {status.rung.value}{shown}",
        f"showcase {status.showcase or 'none'}, language {status.language}, volume {status.volume_percent} %, "
        f"{'locked' if status.locked else 'unlocked'}",
    ]
    worn = {None: "headset: unknown", True: "headset: worn", False: "headset: not worn"}[status.headset_worn]
    batteries = (f"{one.device} {one.charge:.0%}{' charging' if one.charging else ''}" for one in status.batteries)
    lines.append("; ".join((worn, *batteries)))
    lines.append(f"visits today: {status.visits.today}, {status.visits.completed} to the end")
    if status.message:
        lines.append(f"message: {status.message}")
    if not status.faults:
        lines.append("all is well")
    for fault in status.faults:
        lines.append(f"since {fault.since.astimezone():%H:%M:%S}: {fault.said.en} [{fault.code}]")
        if fault.help:
            lines.append(f"  help: {fault.help.en}")
    return lines


def _tell(name: str, answer: Answer, terminal: Terminal) -> None:
    if name == "status":
        text = "\n".join(lines_of(Status.model_validate(answer.value)))
    elif name == "logs" and isinstance(answer.value, list):
        text = "\n".join(map(str, answer.value))
    else:
        text = answer.said.en
    terminal.print(text)


def _save(value: dict[str, Any], path: Path, terminal: Terminal) -> None:
    """Raises OSError."""
    with whole_file(path) as file:
        file.write(base64.b64decode(value["data"]))
    terminal.print(f"{printable(str(path))}: {value['width']}x{value['height']}, {value['age_s']:.1f} s old")


def _usage(kind: CommandKind) -> str:
    def one(argument: Argument) -> str:
        if argument.takes is Takes.FLAG:
            return f"[{argument.name}]"
        name = argument.name.upper()
        return name if argument.required else f"[{name}]" if argument.default is None else f"[{name}={argument.default}]"

    return " ".join((kind.name, *map(one, kind.arguments)))
