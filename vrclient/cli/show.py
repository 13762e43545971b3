"""What `vrclient run` and `vrclient shot` do: wire a session, show it, and say in words what happened."""

import datetime
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from vrclient.app.frame import collector_frozen, one_frame, run_frames
from vrclient.app.opening import BadShowcase, Opened, open_showcase
from vrclient.app.process import seconds_since_start
from vrclient.app.report import run_report, write_report
from vrclient.app.session import Moment, Session
from vrclient.app.settings import BadSettings, QualitySettings, quality_settings
from vrclient.cli.exits import NOTHING_TO_SHOW_ON, PROBLEMS, WRONG_USAGE
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.display.select import CHOICES, NothingToShowOn, Selection, candidates, select
from vrclient.renderer.targets import save_png
from vrclient.scene.draw_data import Viewpoint
from vrclient.showcase.diagnostics import as_text, counted
from vrclient.showcase.find import NoSuchShowcase, find_showcase

SIZE_LIMITS = (16, 8192)
SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swr", "SwiftShader", "GDI Generic")


class Usage(ValueError):
    """The command line asks for something impossible; the text says what and what instead."""


def run(name: str, *, display: str, frames: int | None, report: Path | None, size: str, quality: str, output: Path) -> int:
    """Exit status of `vrclient run`."""
    console, notes = Console(), Console(stderr=True)
    with _failures(notes) as outcome:
        if display not in CHOICES:
            raise Usage(f"--display {display}: choose one of: {', '.join(CHOICES)}")
        settings = _settings("high" if quality == "auto" else quality)
        pixels = parsed_size(size)
        opened = _open(name, notes)
        title = opened.showcase.title.get("en") or next(iter(opened.showcase.title.values()))
        selection = select(candidates(display, size=pixels, title=f"{title} - vrclient", samples=settings.samples))
        console.print(selection.line(), highlight=False, soft_wrap=True)
        is_shown = selection.display.name != "offscreen" or frames is not None
        if quality == "auto" and is_shown and _is_software(selection):
            settings = _settings("low")
            selection.display.acquire_target().set_samples(settings.samples)
        session = Session(opened, selection.display, settings, picture_folder=output)
        try:
            _show(session, selection, frames=frames, report=report, output=output, notes=notes, console=console)
        finally:
            session.close()
    return outcome[0]


def shot(
    name: str,
    path: Path,
    *,
    view: str | None,
    at: str | None,
    look: str | None,
    time: str | None,
    date: str | None,
    size: str,
    quality: str,
) -> int:
    """Exit status of `vrclient shot`."""
    console, notes = Console(), Console(stderr=True)
    with _failures(notes) as outcome:
        if path.suffix.lower() != ".png":
            raise Usage(f"--output {path}: pictures are PNG files; give a name that ends in .png")
        if view is not None and at is not None:
            raise Usage("--view and --at both say where to look from; give one of them")
        if look is not None and at is None:
            raise Usage("--look needs --at: where to look from")
        settings, pixels = _settings("high" if quality == "auto" else quality), parsed_size(size)
        clock = parsed_time(time) if time else None
        day = parsed_date(date) if date else None
        placed = _placed_view(at, look) if at is not None else None
        opened = _open(name, notes)
        wanted = placed or _named_view(opened, view)
        selection = select([("offscreen", lambda: OffscreenDisplay(pixels, samples=settings.samples))])
        session = Session(opened, selection.display, settings, picture_folder=path.parent)
        try:
            wanted = wanted or session.spawn
            moment = session.moment_of(wanted)
            session.show_moment(Moment(day or moment.date, clock or moment.time))
            path.parent.mkdir(parents=True, exist_ok=True)
            save_png(session.picture(wanted), path)
        finally:
            session.close()
        console.print(str(path), highlight=False, soft_wrap=True)
    return outcome[0]


def _show(
    session: Session,
    selection: Selection,
    *,
    frames: int | None,
    report: Path | None,
    output: Path,
    notes: Console,
    console: Console,
) -> None:
    """Frames, or without a display and without a wish for frames, a picture of every viewpoint."""
    pictures: list[Path] = []
    with collector_frozen():
        one_frame(session)
    session.display.acquire_target().read()
    first_frame = seconds_since_start()
    if session.display.name == "offscreen" and frames is None:
        pictures = _pictures(session, output, notes)
        for path in pictures:
            console.print(str(path), highlight=False, soft_wrap=True)
    else:
        run_frames(session, frames=frames)
        pictures = session.visit.pictures
    if report:
        write_report(run_report(session, selection.rejected, first_frame_seconds=first_frame, pictures=pictures), report)


def _pictures(session: Session, output: Path, notes: Console) -> list[Path]:
    """One picture of each viewpoint, the start first; overwrites those of the last run."""
    output.mkdir(parents=True, exist_ok=True)
    folder = session.opened.path.resolve().parent.name
    ordered = [session.spawn, *(view for view in session.viewpoints if view is not session.spawn)]
    paths = []
    with _progress(notes, "pictures") as progress:
        for number, view in enumerate(ordered):
            session.show_moment(session.moment_of(view))
            path = output / f"{folder}-{view.name}.png"
            save_png(session.picture(view), path)
            paths.append(path)
            progress(number + 1, len(ordered))
    return paths


def _open(name: str, notes: Console) -> Opened:
    path = find_showcase(name)
    with _progress(notes, "building") as progress:
        opened = open_showcase(path, progress=progress)
    for warning in opened.warnings:
        notes.print(as_text(warning), highlight=False, markup=False, soft_wrap=True)
    return opened


def _named_view(opened: Opened, name: str | None) -> Viewpoint | None:
    if name is None:
        return None
    known = {view.name: view for view in opened.scene.viewpoints}
    if name not in known:
        raise Usage(f"--view {name}: the showcase's views are: {', '.join(known) or 'none'}")
    return known[name]


def _placed_view(at: str, look: str | None) -> Viewpoint:
    x, y, z = _numbers("--at", at, 3, "X,Y,Z in metres, such as 30,-80,1.6")
    heading, pitch = _numbers("--look", look, 2, "HEADING,PITCH in degrees, such as 330,5") if look else (0.0, 0.0)
    return Viewpoint("at", (x, y, z), float(np.radians(heading)), float(np.radians(pitch)))


def _numbers(option: str, text: str, count: int, form: str) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError:
        values = ()
    if len(values) != count or not np.isfinite(values).all() or max(map(abs, values)) > 1e5:
        raise Usage(f"{option} {text}: give {form}")
    return values


def parsed_size(text: str, /) -> tuple[int, int]:
    """'1280x720' as (1280, 720). Raises Usage."""
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    low, high = SIZE_LIMITS
    if not match or not all(low <= int(part) <= high for part in match.groups()):
        raise Usage(f"--size {text}: give WIDTHxHEIGHT in pixels, each {low} to {high}, such as 1280x720")
    return int(match[1]), int(match[2])


def parsed_time(text: str, /) -> datetime.time:
    """'19:30'. Raises Usage."""
    try:
        return datetime.datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise Usage(f"--time {text}: give HH:MM from 00:00 to 23:59, such as 19:30") from None


def parsed_date(text: str, /) -> datetime.date:
    """'2026-06-21'. Raises Usage."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Usage(f"--date {text}: give YYYY-MM-DD, such as 2026-06-21") from None


def _settings(name: str) -> QualitySettings:
    return quality_settings(name)


def _is_software(selection: Selection) -> bool:
    return any(name in selection.display.context.info.renderer for name in SOFTWARE_RENDERERS)


@contextmanager
def _progress(notes: Console, what: str) -> Iterator["_Report"]:
    """A bar that shows once the work has taken a second, on terminals only."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        console=notes, transient=True, auto_refresh=False,
    )  # fmt: skip
    report = _Report(bar, what, shown=notes.is_terminal)
    try:
        yield report
    finally:
        report.stop()


class _Report:
    """Called with (done, total)."""

    def __init__(self, bar: Progress, what: str, *, shown: bool) -> None:
        self._bar, self._what, self._shown = bar, what, shown
        self._start = datetime.datetime.now()
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        if not self._shown or (datetime.datetime.now() - self._start).total_seconds() < 1.0:
            return
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=total)
        self._bar.update(self._task, completed=done, total=total)
        self._bar.refresh()

    def stop(self) -> None:
        if self._task is not None:
            self._bar.stop()


@contextmanager
def _failures(notes: Console) -> Iterator[list[int]]:
    """Turns what may go wrong into words and an exit status: the list's one entry."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    outcome = [0]
    try:
        yield outcome
    except BadShowcase as error:
        for diagnostic in error.diagnostics:
            notes.print(as_text(diagnostic), highlight=False, markup=False, soft_wrap=True)
        notes.print(f"{error.path}: {counted(error.diagnostics)}", highlight=False, markup=False, soft_wrap=True)
        outcome[0] = PROBLEMS
    except (Usage, NoSuchShowcase, BadSettings) as error:
        notes.print(f"vrclient: {error}", highlight=False, markup=False, soft_wrap=True)
        outcome[0] = WRONG_USAGE
    except NothingToShowOn as error:
        notes.print(str(error), highlight=False, markup=False, soft_wrap=True)
        notes.print("run 'vrclient doctor' for what is missing and what to do about it", highlight=False)
        outcome[0] = NOTHING_TO_SHOW_ON
    except OSError as error:
        notes.print(f"vrclient: {error.filename or ''}: {error.strerror or error}", highlight=False, markup=False, soft_wrap=True)
        outcome[0] = PROBLEMS
