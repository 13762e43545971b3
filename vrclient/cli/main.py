"""The command line: what can be asked of vrclient. Exit statuses are in exits.py."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: a frame's products are small, and helpers would only spin

from vrclient import ending
from vrclient.cli import streams
from vrclient.cli.bench import bench
from vrclient.cli.exits import NOTHING_TO_SHOW_ON, PROBLEMS
from vrclient.cli.last_resort import said

cli = typer.Typer(
    name="vrclient",
    help="Shows a city's places, described in YAML, in a headset, a window or a picture.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

cli.add_typer(bench)

ShowcaseName = Annotated[
    str, typer.Argument(metavar="SHOWCASE", help="A shipped showcase's name, a folder with a showcase.yaml, or that file.")
]


def _use_config(given: Path | None) -> Path | None:
    if given is not None:
        from vrclient.showcase.config_layers import use

        use(given)
    return given


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE|FOLDER",
        callback=_use_config,
        help="Settings that override this computer's: a file like client.yaml, or a folder with one.",
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        import vrclient

        typer.echo(vrclient.__version__)
        raise typer.Exit


@cli.callback()
def every_command(
    config: Config = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Shows a city's places, described in YAML, in a headset, a window or a picture."""


def main() -> None:
    """The program; whatever goes wrong is a line and an exit status, and whoever asks for the end gets it (ending.py)."""
    try:
        ending.listen()
        streams.prepare()
        status = _status()
        sys.stdout.flush()
    except ending.EndAsked as asked:
        ending.gone(asked.status)
    except Exception as error:
        ending.gone(said(error))
    finally:
        ending.deafen()
    sys.exit(status)


def _status() -> int:
    try:
        cli()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else PROBLEMS
    return 0


@cli.command(epilog="Example: [bold]vrclient run fengxian --display window[/bold]")
def run(
    showcase: ShowcaseName = "fengxian",
    display: Annotated[str, typer.Option(help="auto, headset, window or offscreen.")] = "auto",
    frames: Annotated[int | None, typer.Option(min=1, help="Stop after this many frames.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write what happened and was measured to this JSON file.", dir_okay=False)
    ] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of the window or the pictures.")] = "1280x720",
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Fill the whole screen, as F11 does.")] = False,
    quality: Annotated[str, typer.Option(help="auto, low, high, deterministic or normals.")] = "auto",
    output: Annotated[Path, typer.Option(help="Folder for pictures (screenshots; all views when there is no display).")] = Path(
        "shots"
    ),
    record: Annotated[Path | None, typer.Option(help="Record the visit to this file.", dir_okay=False)] = None,
    replay: Annotated[Path | None, typer.Option(help="Show a recorded visit again.", dir_okay=False, exists=True)] = None,
    panels: Annotated[
        bool | None,
        typer.Option(
            "--panels/--no-panels",
            help="With tour, menu and sound, or the place alone. Default: with them where there is a visitor.",
        ),
    ] = None,
    sound: Annotated[bool, typer.Option("--sound/--no-sound", help="Play sounds, or stay silent.")] = True,
    config: Config = None,
    language: Annotated[str | None, typer.Option(help="The language of panels and captions, such as zh or en.")] = None,
) -> None:
    """Show a showcase in a headset or, without one, in a window; with no display, as pictures of its start and viewpoints.

    A headset that is switched on later is picked up.

    In the window: drag to look, click to choose or to go there,
    W A S D walk, Q E turn, Space plays and pauses the tour,
    L language, M menu, H help, F12 picture, F3 statistics,
    Esc closes or leaves."""
    from vrclient.app.evidence import Evidence

    evidence = Evidence(showcase, report=report, record=record)
    with ending.writing(evidence.write):
        with ending.noted():  # a torn import cannot be made good
            evidence.refuse_unwritable()
            from vrclient.cli import show

        status = show.run(
            showcase,
            display=display,
            frames=frames,
            evidence=evidence,
            size=size,
            quality=quality,
            output=output,
            replay=replay,
            panels=panels,
            sound=sound,
            language=language,
            fullscreen=fullscreen,
        )
    raise typer.Exit(status)


@cli.command(epilog="Example: [bold]vrclient shot fengxian -o lake.png --view water_stage --time 20:15[/bold]")
def shot(
    showcase: ShowcaseName,
    output: Annotated[Path, typer.Option("--output", "-o", help="The PNG file to write.", dir_okay=False)],
    view: Annotated[str | None, typer.Option(help="A named viewpoint of the showcase; default: where visitors start.")] = None,
    at: Annotated[str | None, typer.Option(metavar="X,Y,Z", help="Look from this eye position instead (metres).")] = None,
    look: Annotated[str | None, typer.Option(metavar="HEADING,PITCH", help="With --at: degrees; 0 is north, 90 east.")] = None,
    time: Annotated[str | None, typer.Option(metavar="HH:MM", help="Local time of day.")] = None,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day shown.")] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of the picture.")] = "1280x720",
    quality: Annotated[str, typer.Option(help="auto, low, high, deterministic or normals.")] = "auto",
    config: Config = None,
) -> None:
    """Write one picture of a showcase. Works without a display."""
    from vrclient.cli import show

    raise typer.Exit(show.shot(showcase, output, view=view, at=at, look=look, time=time, date=date, size=size, quality=quality))


@cli.command(epilog="Example: [bold]vrclient check showcases/fengxian --json[/bold]")
def check(
    showcases: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Showcases: names, folders or files. Default: the current folder."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON, for editors and scripts.")] = False,
    config: Config = None,
) -> None:
    """Report everything that is wrong in a showcase, with its place and what to do about it."""
    from vrclient.cli import check as checking

    raise typer.Exit(checking.check(showcases or ["."], as_json=json))


@cli.command(epilog="Example: [bold]vrclient schema > showcase.schema.json[/bold]")
def schema(
    manual: Annotated[Path | None, typer.Option(help="Write the manual of the format (Markdown) to this file instead.")] = None,
) -> None:
    """Print the JSON Schema of the showcase format, for editors."""
    from vrclient.cli import check as checking

    raise typer.Exit(checking.schema(manual=manual))


@cli.command("list", epilog="Example: [bold]vrclient list[/bold]")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Include those for developers (listed: false).")] = False,
    config: Config = None,
) -> None:
    """List the shipped showcases with their titles and viewpoints."""
    from vrclient.cli import check as checking

    raise typer.Exit(checking.list_showcases(everything=everything))


@cli.command(epilog="Example: [bold]vrclient doctor[/bold]")
def doctor(config: Config = None) -> None:
    """Examine this machine: what it has, what is missing, and what to do about it."""
    from rich.table import Table
    from rich.text import Text

    from vrclient.app import doctor as examination
    from vrclient.cli.terminal import Terminal
    from vrclient.showcase.diagnostics import printable

    colors = {"ok": "green", "missing": "red", "optional": "yellow"}
    table = Table(box=None, pad_edge=False)
    for heading in ("", "", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    found = list(examination.examine())
    for finding in found:
        cells = (Text(printable(one)) for one in (finding.detail, finding.help))  # a string would be read as markup
        table.add_row(finding.subject, Text(finding.state, colors[finding.state]), *cells)
    Terminal().print(table)
    raise typer.Exit(NOTHING_TO_SHOW_ON if any(finding.state == "missing" for finding in found) else 0)


@cli.command(epilog="Example: [bold]vrclient kiosk fengxian zhangjiajie --check[/bold]")
def kiosk(
    showcases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SHOWCASE...|install|uninstall]",
            help="The playlist, the home showcase first; default: what kiosk.yaml says. install: start at log-in from now on.",
            show_default=False,
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE|FOLDER", help="The stand's kiosk.yaml.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Say what is wrong or missing on this machine, and end.")] = False,
    stills: Annotated[bool, typer.Option(hidden=True)] = True,
) -> None:
    """Keep a stand going, unattended: a visit on the whole screen that comes back whatever happens."""
    from vrclient.cli import kiosk as stand

    names = showcases or []
    if names[:1] in (["install"], ["uninstall"]):
        raise typer.Exit(stand.installation(names, config=config))
    raise typer.Exit(stand.kiosk(names, config=config, check=check, stills=stills))


@cli.command(epilog="Example: [bold]vrclient ctl extend 10[/bold]")
def ctl(
    command: Annotated[
        str | None,
        typer.Argument(metavar="COMMAND", help="What the kiosk is to do; without one, all are listed.", show_default=False),
    ] = None,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="ARGUMENT...", help="Its arguments, in their order or as name=value.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, for scripts.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where 'screenshot' writes the picture.", dir_okay=False)
    ] = None,
) -> None:
    """Tell the kiosk that runs on this computer what to do, or ask how it is."""
    from vrclient.cli.ctl import ctl as control

    raise typer.Exit(control(command, arguments or [], as_json=json, output=output))


@cli.command(epilog="Example: [bold]vrclient bundle ours/museum --system windows --start museum[/bold]")
def bundle(
    showcases: Annotated[
        list[str] | None,
        typer.Argument(metavar="SHOWCASE", help="Own showcases to add to the shipped ones: folders or their showcase.yaml."),
    ] = None,
    system: Annotated[
        list[str] | None, typer.Option("--system", help="windows or linux; may be given twice. Default: this computer's.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What a double click shows. Default: the first own showcase, else fengxian."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the bundle's folder and its zip file are put.")
    ] = Path("bundles"),
    wheels: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep the fetched packages there; what is there already is not fetched."),
    ] = None,
    zipped: Annotated[bool, typer.Option("--zip/--no-zip", help="Also make a zip file, or the folder alone.")] = True,
    config: Config = None,
) -> None:
    """Make a folder that just starts, on a computer without Python and without any rights.

    It has the client, all it needs, the shipped showcases and your own. The first time
    packages are fetched (0.2 GB); the same input gives the same bundle. One for Windows
    can be made on Linux, and the other way round."""
    from vrclient.cli import bundle as bundling

    raise typer.Exit(bundling.bundle(showcases or [], output, systems=system or [], start=start, wheels=wheels, zipped=zipped))


@cli.command(epilog="Example: [bold]vrclient pin[/bold]")
def pin() -> None:
    """Make the hash of a PIN for the operator's page, for kiosk.yaml. It is asked for, or read from the standard input."""
    from vrclient.cli.pin import pin as make

    raise typer.Exit(make())


@cli.command(epilog="Example: [bold]vrclient version[/bold]")
def version() -> None:
    """Print the version."""
    import vrclient

    typer.echo(vrclient.__version__)


if __name__ == "__main__":
    main()
