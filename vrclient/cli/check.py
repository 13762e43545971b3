"""What `vrclient check`, `vrclient schema` and `vrclient list` do. They load no engine and open no window."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vrclient import paths
from vrclient.app.opening import load, venue_policies
from vrclient.cli.exits import PROBLEMS, WRONG_USAGE
from vrclient.cli.problems import print_problems, relative, seen_from_here
from vrclient.cli.progress import progress
from vrclient.cli.terminal import Terminal
from vrclient.elements import kinds
from vrclient.showcase.diagnostics import as_dictionary, counted, json_text, printable
from vrclient.showcase.find import FILE_NAME, NoSuchShowcase, find_showcase, shipped_showcases
from vrclient.showcase.load import LoadResult
from vrclient.showcase.manual import KindPage, manual
from vrclient.showcase.schema import json_schema
from vrclient.showcase.settings import BadSettings

FINE = 0


def check(showcases: Sequence[str], /, *, as_json: bool = False, console: Console | None = None) -> int:
    """Prints all problems of each showcase and a closing line. A folder without a showcase.yaml stands for those in it."""
    console = console or Terminal()
    try:
        files = [file for text in showcases for file in _files(text)]
        venue_policies()
    except NoSuchShowcase as error:
        Terminal(stderr=True).print(f"vrclient check: {error}")
        return WRONG_USAGE
    except BadSettings as error:
        print_problems(error.diagnostics, Terminal(stderr=True), who="vrclient check")
        return WRONG_USAGE
    has_errors = False
    reports: list[dict[str, Any]] = []
    with progress(Terminal(stderr=True), "checking") as report:
        for number, file in enumerate(files):
            report(number, len(files))
            result = load(file)
            has_errors = has_errors or result.showcase is None
            if as_json:
                reports.append(_report(file, result))
            else:
                _print(file, result, console)
                console.file.flush()  # whoever reads along sees each when it is done
    if as_json:
        console.out(json_text({"showcases": reports}), highlight=False)
    return PROBLEMS if has_errors else FINE


def schema(*, manual: Path | None = None, console: Console | None = None) -> int:
    """Prints the JSON Schema, or writes the manual to that file."""
    console = console or Terminal()
    if manual is None:
        models = {name: kind.model for name, kind in kinds().items()}
        console.out(json.dumps(json_schema(models), ensure_ascii=False, indent=2), highlight=False)
        return FINE
    try:
        manual.write_text(manual_text(manual.parent), encoding="utf-8")
    except OSError as error:
        Terminal(stderr=True).print(f"vrclient schema: {printable(str(manual))}: {error.strerror}")
        return WRONG_USAGE
    console.print(Text(f"wrote {printable(str(manual))}"))
    return FINE


def manual_text(folder: Path, /) -> str:
    """The manual of all kinds; pictures are those in `folder`/kinds."""
    pages = {}
    for name, kind in kinds().items():
        picture = f"kinds/{name}.png"
        pages[name] = KindPage(
            model=kind.model,
            example=kind.example,
            picture=picture if (folder / picture).is_file() else None,
            can_be_followed=kind.path is not None,
        )
    return manual(pages)


def list_showcases(*, everything: bool = False, console: Console | None = None) -> int:
    """Prints the shipped showcases with their titles and the names of their viewpoints; `everything`: unlisted ones, too."""
    console = console or Terminal()
    try:
        venue_policies()
    except BadSettings as error:
        print_problems(error.diagnostics, Terminal(stderr=True), who="vrclient list")
        return WRONG_USAGE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "title", "elements", "viewpoints"):
        table.add_column(heading, overflow="fold")
    for name in shipped_showcases():
        result = load(paths.showcases_folder() / name / FILE_NAME)
        if result.showcase is None:
            table.add_row(name, Text(f"{counted(result.diagnostics)}; see 'vrclient check {name}'", style="red"), "", "")
            continue
        if not (result.showcase.listed or everything):
            continue
        title = printable(" / ".join(result.showcase.title.values()))
        views = ", ".join(one.id for one in result.showcase.elements if one.kind == "viewpoint" and one.id)
        table.add_row(name, Text(title), str(len(result.showcase.elements)), Text(views))
    console.print(table)
    return FINE


def _files(text: str) -> Iterator[Path]:
    """The showcase.yaml files that an argument means."""
    folder = Path(text)
    with suppress(OSError):  # then find_showcase says what is wrong with it
        if text and folder.is_dir() and not (folder / FILE_NAME).is_file():
            found = sorted(folder.rglob(FILE_NAME))
            if found:
                yield from found
                return
    yield find_showcase(text)


def _print(file: Path, result: LoadResult, console: Console) -> None:
    print_problems(result.diagnostics, console)
    console.print(_closing(file, result))


def _closing(file: Path, result: LoadResult) -> Text:
    name, count = _name(file), counted(result.diagnostics)
    if result.showcase is None:
        return Text(f"{name}: {count}", style="bold red")
    elements, files = len(result.showcase.elements), len(result.files)
    amount = f"({elements} element{'' if elements == 1 else 's'}, {files} file{'' if files == 1 else 's'})"
    return Text(f"{name}: fine {f'with {count} ' if count else ''}{amount}", style="green")


def _report(file: Path, result: LoadResult) -> dict[str, Any]:
    return {
        "showcase": _name(file),
        "fine": result.showcase is not None,
        "elements": len(result.showcase.elements) if result.showcase else None,
        "files": [relative(one).as_posix() for one in result.files],
        "diagnostics": [as_dictionary(seen_from_here(one)) for one in result.diagnostics],
    }


def _name(file: Path) -> str:
    shown = relative(file)
    return printable((shown.parent if shown.name == FILE_NAME and shown.parent.name else shown).as_posix())
