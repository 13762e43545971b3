"""`vrclient bench`: what can be measured, and with which options. What it does is in measuring.py."""

from pathlib import Path
from typing import Annotated

import typer

bench = typer.Typer(
    name="bench",
    help="Measure culling, frames or loading on this machine.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Views = Annotated[int, typer.Option(min=1, max=2, help="1 = a window, 2 = a headset's two eyes.")]
Objects = Annotated[
    int | None, typer.Option(min=1, max=5_000_000, help="Multiply what the showcase scatters, to about this many things.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@bench.command(epilog="Example: [bold]vrclient bench cull --objects 100000 --objects 1000000[/bold]")
def cull(
    objects: Annotated[
        list[int] | None, typer.Option(min=1, max=10_000_000, help="How many random boxes; may be repeated.")
    ] = None,
    boxes: Annotated[
        list[Path] | None, typer.Option(help="An npz file with center [N,3] and half [N,3] in metres; may be repeated.")
    ] = None,
    views: Views = 2,
    reference: Annotated[
        Path | None, typer.Option(help="A folder with cull_reference.c, a C test to compare with.", file_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Time the choice of what is visible: turning, walking, standing still."""
    from vrclient.cli import measuring

    counts = objects if objects is not None else [] if boxes else [100_000, 1_000_000]
    raise typer.Exit(measuring.cull(counts, boxes or [], views=views, reference=reference, as_json=as_json))


@bench.command(epilog="Example: [bold]vrclient bench frame stress --views 2 --compare[/bold]")
def frame(
    showcase: Annotated[
        str, typer.Argument(metavar="SHOWCASE", help="A shipped showcase's name, a folder with a showcase.yaml, or that file.")
    ] = "stress",
    objects: Objects = None,
    boxes: Annotated[
        Path | None, typer.Option(help="Draw the boxes of an npz file (center [N,3], half [N,3], metres) instead.")
    ] = None,
    walk: Annotated[
        str | None, typer.Option(metavar="X,Y,Z:X,Y,Z", help="Where the eye starts and ends. Default: it strolls from the spawn.")
    ] = None,
    turn: Annotated[float, typer.Option(metavar="DEGREES", help="How far the head turns along the way.")] = 720.0,
    frames: Annotated[int, typer.Option(min=2, max=8000, help="How many frames the walk takes.")] = 300,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of one view.")] = "320x240",
    fov: Annotated[float, typer.Option(metavar="DEGREES", help="Whole horizontal angle of one view.")] = 100.0,
    views: Views = 1,
    quality: Annotated[str | None, typer.Option(help="As in run; auto means low, or normals for boxes.")] = None,
    driver: Annotated[
        str, typer.Option(help="noop: Mesa's driver that draws nothing, for the client's own work; own: this machine's; both.")
    ] = "both",
    compare: Annotated[
        bool, typer.Option("--compare", help="Draw the same things as plain Panda3D nodes and as flattened cells, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Time whole frames along a walk, stage by stage."""
    from vrclient.cli import measuring

    options = measuring.FrameOptions(
        showcase=showcase, objects=objects, boxes=boxes, walk=walk, turn=turn, frames=frames, size=size, fov=fov, views=views,
        quality=quality, driver=driver, compare=compare, as_json=as_json,
    )  # fmt: skip
    raise typer.Exit(measuring.frame(options))


@bench.command(epilog="Example: [bold]vrclient bench load fengxian[/bold]")
def load(
    showcase: Annotated[
        str, typer.Argument(metavar="SHOWCASE", help="A shipped showcase's name, a folder with a showcase.yaml, or that file.")
    ] = "stress",
    objects: Objects = None,
    views: Views = 1,
    runs: Annotated[int, typer.Option(min=1, max=100, help="How many starts are timed, after a first one that is not.")] = 5,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of the picture.")] = "640x360",
    as_json: AsJson = False,
) -> None:
    """Time the program's start, from the beginning of the process to the first picture."""
    from vrclient.cli import measuring

    raise typer.Exit(measuring.load(showcase, objects=objects, views=views, runs=runs, size=size, as_json=as_json))


@bench.command(epilog="Example: [bold]vrclient bench crossing minimal fengxian --views 2[/bold]")
def crossing(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Where the visit begins: a name, a folder, or a file.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The showcase that is loaded while frames are drawn, and entered.")],
    views: Views = 2,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of one view.")] = "320x240",
    quality: Annotated[str, typer.Option(help="low, high, deterministic or normals.")] = "high",
    driver: Annotated[
        str, typer.Option(help="noop: Mesa's driver that draws nothing, for the client's own work; own: this machine's.")
    ] = "noop",
    as_json: AsJson = False,
) -> None:
    """Time the way from one showcase to another and back, at 90 frames a second: no frame may take longer because of it."""
    from vrclient.cli import measuring

    raise typer.Exit(measuring.crossing(origin, target, views=views, size=size, quality=quality, driver=driver, as_json=as_json))


@bench.command(epilog="Example: [bold]vrclient bench soak hall --minutes 60 --seed 1[/bold]")
def soak(
    showcase: Annotated[
        str, typer.Argument(metavar="SHOWCASE", help="Where the visits begin; they go through all portals from there.")
    ] = "hall",
    minutes: Annotated[float, typer.Option(min=0.1, max=10_000.0, help="How long to visit.")] = 60.0,
    laps: Annotated[int | None, typer.Option(min=1, help="Stop after this many rounds through all places.")] = None,
    seed: Annotated[int, typer.Option(help="Decides what the visitors do.")] = 1,
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of the picture.")] = "640x360",
    quality: Annotated[str, typer.Option(help="low, high, deterministic or normals.")] = "low",
    as_json: AsJson = False,
) -> None:
    """Visit at speed and at random, through all portals, and watch memory, handles and threads: none of them may grow."""
    from vrclient.cli import measuring

    raise typer.Exit(measuring.soak(showcase, minutes=minutes, laps=laps, seed=seed, size=size, quality=quality, as_json=as_json))


@bench.command("kiosk", epilog="Example: [bold]vrclient bench kiosk --size 1920x1080[/bold]")
def stand(
    showcase: Annotated[str, typer.Argument(metavar="SHOWCASE", help="A shipped showcase's name.")] = "minimal",
    size: Annotated[str, typer.Option(metavar="WxH", help="Pixels of the screen (Xvfb's).")] = "640x400",
    as_json: AsJson = False,
) -> None:
    """Time a stand's recovery from faults that are made on purpose: client, cover and supervisor killed, and more."""
    from vrclient.cli import measuring_stand

    raise typer.Exit(measuring_stand.stand(showcase, size=size, as_json=as_json))


@bench.command(epilog="Example: [bold]vrclient bench fleet --stands 50[/bold]")
def fleet(
    stands: Annotated[int, typer.Option(min=1, max=60, help="How many simulated stands, ten in a process.")] = 50,
    rounds: Annotated[int, typer.Option(min=2, max=1000, help="How many commands each of them gets.")] = 20,
    broker: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The MQTT broker. Default: a Mosquitto that is started for it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Time a hall of stands at one MQTT broker: whether their states are true, and how soon commands are answered."""
    from vrclient.cli import measuring_fleet

    raise typer.Exit(measuring_fleet.fleet(stands, rounds, broker=broker, as_json=as_json))
