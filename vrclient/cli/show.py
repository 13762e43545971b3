"""What `vrclient run` and `vrclient shot` do: wire a session, show it, and say in words what happened."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console

from vrclient import ending
from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.background_build import BackgroundBuild
from vrclient.app.evidence import Evidence
from vrclient.app.frame import collector_frozen, one_frame, run_frames
from vrclient.app.moments import Moment
from vrclient.app.opening import Checked, Opened, build, check
from vrclient.app.process import seconds_since_start
from vrclient.app.session import Session, window_title
from vrclient.app.settings import VisitSettings, client_settings, quality_settings
from vrclient.app.stand import ALONE, Alone
from vrclient.app.startup_screen import StartupScreen
from vrclient.app.visit_controller import VisitController
from vrclient.cli.arguments import Usage, parsed_date, parsed_numbers, parsed_size, parsed_time
from vrclient.cli.console import failures
from vrclient.cli.exits import PROBLEMS
from vrclient.cli.problems import print_problems
from vrclient.cli.progress import progress
from vrclient.cli.terminal import Terminal
from vrclient.display.offscreen import OffscreenDisplay
from vrclient.display.replay import ReplayDisplay
from vrclient.display.select import CHOICES, Selection, candidates, select
from vrclient.interaction.recording import load_recording
from vrclient.renderer.targets import save_png
from vrclient.scene.draw_data import Viewpoint
from vrclient.showcase.config_layers import overlooked
from vrclient.showcase.find import find_showcase
from vrclient.writing import refuse_unwritable

SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swr", "SwiftShader", "GDI Generic")
BUILT, UPLOADING = 0.9, 0.95
"""How far the bar is that a visitor sees, 0..1: when the showcase is built, and while it goes to the graphics card."""
POLL_SECONDS = 0.03


def run(
    name: str,
    *,
    display: str,
    frames: int | None,
    evidence: Evidence,
    size: str,
    quality: str,
    output: Path,
    replay: Path | None = None,
    panels: bool | None = None,
    sound: bool = True,
    language: str | None = None,
    fullscreen: bool = False,
    place: tuple[int, int, int, int] | None = None,
    visiting: VisitSettings | None = None,
    stand: Alone = ALONE,
) -> int:
    """Exit status of `vrclient run`. `panels` None: wherever somebody visits. `place`, `visiting` and `stand`: where the window
    lies, how a visit begins, and who supervises, on a stand."""
    console, notes = Terminal(), Terminal(stderr=True)
    building: BackgroundBuild | None = None
    selection: Selection | None = None
    with failures(notes) as outcome, ExitStack() as closing, ending.written_first():
        if display not in CHOICES:
            raise Usage(f"--display {display}: choose one of: {', '.join(CHOICES)}")
        settings = quality_settings("high" if quality == "auto" else quality)
        pixels = parsed_size(size)
        recording = load_recording(replay) if replay else None
        if recording and display == "headset":
            raise Usage("--replay: a recorded visit is shown in a window or offscreen; leave out --display headset")
        evidence.say = console.print
        headset = client_settings().headset
        if here := overlooked():
            notes.print(f"note: {here} is not read; use '--config {here.parent}' to read it")
        checked = _checked(name, notes)
        spoken = _language(language, checked)
        building = BackgroundBuild(checked)
        closing.callback(building.give_up)
        wanted = candidates(
            display,
            size=pixels,
            title=window_title(checked.showcase.title, spoken),
            samples=settings.samples,
            fullscreen=fullscreen,
            place=place,
            render_scale=headset.render_scale,
            dynamic=headset.dynamic_resolution,
        )
        if stand.supervised:
            wanted = [one for one in wanted if one[0] != "offscreen"]  # nobody would see it
        selection = select([one for one in wanted if one[0] != "headset"] if recording else wanted)  # a plain window, then
        shown_on = closing.enter_context(ExitStack())
        shown_on.callback(selection.display.close)
        console.print(selection.line())
        screen = StartupScreen(selection.display, checked.showcase.title, spoken, stand)
        opened = _built(building, screen, notes)
        if opened is not None:
            is_shown = selection.display.name != "offscreen" or frames is not None or recording is not None
            if quality == "auto" and is_shown and _is_software(selection):
                settings = quality_settings("low")
                selection.display.set_samples(settings.samples)
            shown = ReplayDisplay(recording, selection.display) if recording else selection.display
            visits = selection.display.name != "offscreen" or recording is not None
            still = selection.display.name == "offscreen"
            visit = VisitOptions(language=spoken, sound=sound and not still, patient=still, settings=visiting)
            options = SessionOptions(
                visit=visit if (panels if panels is not None else visits) else None,
                expects_visitor=is_shown,
                records=evidence.records,
                picture_folder=output,
                progress=partial(screen.show, UPLOADING),
            )
            session = open_session(opened, shown, settings, options)
            shown_on.pop_all()
            shown_on.callback(session.close)
            evidence.session, evidence.rejected = session, selection.rejected
            session.visit.leaving = screen.left
            stand.follow(session)
            with ending.noted():
                _show(session, evidence, stand, frames=frames, output=output, notes=notes, console=console)
            ending.leave("left" if session.visit.leaving else "all frames shown")
        else:
            ending.leave("left while the showcase was loading")
            console.print("left while the showcase was loading")
        outcome[0] = outcome[0] if evidence.complete else PROBLEMS
    hangs = selection is not None and not selection.display.exits  # known once it is closed
    if hangs or (building is not None and not building.wait(0.0)):
        ending.gone(outcome[0])
    return outcome[0]


def _checked(name: str, notes: Console) -> Checked:
    checked = check(find_showcase(name))
    print_problems(checked.warnings, notes)
    return checked


def _language(wanted: str | None, checked: Checked) -> str:
    """The language in which the visit begins: what was asked for, else the configured one, else the showcase's first."""
    known = tuple(checked.showcase.title)
    if wanted is not None and wanted not in known:
        raise Usage(f"--language {wanted}: the showcase's languages are: {', '.join(known)}")
    configured = client_settings().visit.language
    return wanted or (configured if configured in known else known[0])


def _built(building: BackgroundBuild, screen: StartupScreen, notes: Console) -> Opened | None:
    """The showcase once it is there; None: the visitor has left before."""
    with progress(notes, "building") as report:
        while not screen.left:
            if building.wait(POLL_SECONDS):
                return building.result()
            report(building.done, building.total)
            screen.show(BUILT * building.share)
    return None


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
    console, notes = Terminal(), Terminal(stderr=True)
    with failures(notes) as outcome:
        if path.suffix.lower() != ".png":
            raise Usage(f"--output {path}: pictures are PNG files; give a name that ends in .png")
        if view is not None and at is not None:
            raise Usage("--view and --at both say where to look from; give one of them")
        if look is not None and at is None:
            raise Usage("--look needs --at: where to look from")
        settings, pixels = quality_settings("high" if quality == "auto" else quality), parsed_size(size)
        clock = parsed_time(time) if time else None
        day = parsed_date(date) if date else None
        placed = _placed_view(at, look) if at is not None else None
        refuse_unwritable(path)
        opened = _open(name, notes)
        wanted = placed or _named_view(opened, view)
        selection = select([("offscreen", lambda: OffscreenDisplay(pixels, samples=settings.samples))])
        session = open_session(opened, selection.display, settings)
        try:
            wanted = wanted or session.place.spawn
            moment = session.place.moment_of(wanted)
            session.show_moment(Moment(day or moment.date, clock or moment.time))
            save_png(session.picture(wanted), path)
        finally:
            session.close()
        console.print(str(path))
    return outcome[0]


def _show(
    session: Session, evidence: Evidence, stand: Alone, *, frames: int | None, output: Path, notes: Console, console: Console
) -> None:
    """Frames, or without a display and without a wish for frames, a picture of every viewpoint."""
    with collector_frozen():
        one_frame(session, stand)
    session.display.acquire_target().read()
    evidence.first_frame_seconds = seconds_since_start()
    if session.display.name == "offscreen" and frames is None:
        if isinstance(session.visit_controller, VisitController):
            with collector_frozen():
                one_frame(session)  # the first one did not know yet how large the picture is that its panels must fit
        for path in _pictures(session, output, notes):
            evidence.pictures.append(path)
            console.print(str(path))
    else:
        run_frames(session, frames=frames, stand=stand)


def _pictures(session: Session, output: Path, notes: Console) -> Iterator[Path]:
    """One picture of each viewpoint, the start first; overwrites those of the last run."""
    output.mkdir(parents=True, exist_ok=True)
    folder = session.place.name
    ordered = [session.place.spawn, *(view for view in session.place.viewpoints if view is not session.place.spawn)]
    with progress(notes, "pictures") as report:
        for number, view in enumerate(ordered):
            ending.follow()
            session.show_moment(session.place.moment_of(view))
            path = output / f"{folder}-{view.name}.png"
            save_png(session.picture(view), path)
            yield path
            report(number + 1, len(ordered))


def _open(name: str, notes: Console) -> Opened:
    checked = _checked(name, notes)
    with progress(notes, "building") as report:
        return build(checked, progress=report)


def _named_view(opened: Opened, name: str | None) -> Viewpoint | None:
    if name is None:
        return None
    known = {view.name: view for view in opened.scene.viewpoints}
    if name not in known:
        raise Usage(f"--view {name}: the showcase's views are: {', '.join(known) or 'none'}")
    return known[name]


def _placed_view(at: str, look: str | None) -> Viewpoint:
    x, y, z = parsed_numbers("--at", at, count=3, form="X,Y,Z in metres, such as 30,-80,1.6")
    heading, pitch = (
        parsed_numbers("--look", look, count=2, form="HEADING,PITCH in degrees, such as 330,5") if look else (0.0, 0.0)
    )
    return Viewpoint("at", (x, y, z), float(np.radians(heading)), float(np.radians(pitch)))


def _is_software(selection: Selection) -> bool:
    return any(name in selection.display.context.info.renderer for name in SOFTWARE_RENDERERS)
