"""What `vrclient bench` does: chooses what to measure, runs it, and prints tables or JSON."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vrclient.app.opening import Opened, open_showcase
from vrclient.app.place import FALLBACK
from vrclient.app.settings import quality_settings
from vrclient.bench import cull as culling
from vrclient.bench import load as loading
from vrclient.bench.crossings import run_crossing
from vrclient.bench.cull import NoReference
from vrclient.bench.frames import FrameRun, run_walk
from vrclient.bench.peers import Peer, PeerRun, run_peer
from vrclient.bench.processes import BenchmarkFailed, Driver, is_current, run_json
from vrclient.bench.scenes import BadBoxes, SceneBoxes, open_boxes, read_boxes, with_objects
from vrclient.bench.soak import GROWTH_MAX, Holding, Soak, run_soak
from vrclient.bench.walk import Point, head_views, straight_walk, stroll
from vrclient.cli.arguments import Usage, parsed_numbers, parsed_size
from vrclient.cli.console import failures
from vrclient.cli.exits import PROBLEMS
from vrclient.cli.progress import progress
from vrclient.cli.terminal import Terminal
from vrclient.frame.views import ViewSet
from vrclient.showcase.find import find_showcase

ONE_DRIVER: tuple[Driver, ...] = ("noop", "own")
DRIVERS = ("both", *ONE_DRIVER)
COMPARED_FRAMES = 5


def cull(objects: Sequence[int], boxes: Sequence[Path], *, views: int, reference: Path | None, as_json: bool) -> int:
    """Exit status of `vrclient bench cull`."""
    console, notes = Terminal(), Terminal(stderr=True)
    with _measuring(notes) as outcome:
        scenes: list[tuple[str, SceneBoxes]] = [("random", culling.random_boxes(count)) for count in objects]
        scenes += [(path.stem, read_boxes(path)) for path in boxes]
        figures = []
        with progress(notes, "culling") as report:
            for number, (name, scene) in enumerate(scenes):
                report(number, len(scenes))
                figures.append(culling.measure(name, scene, views=views, reference=reference).as_dictionary())
        if as_json:
            _print_json(console, figures)
        else:
            names = list(figures[0])
            _print_table(
                console, [{"": name} | {str(k): one[name] for k, one in enumerate(figures)} for name in names], heading=False
            )
    return outcome[0]


def load(showcase: str, *, objects: int | None, views: int, runs: int, size: str, as_json: bool) -> int:
    """Exit status of `vrclient bench load`."""
    console, notes = Terminal(), Terminal(stderr=True)
    with _measuring(notes) as outcome:
        parsed_size(size)
        find_showcase(showcase)
        figures = loading.measure(showcase, objects=objects, views=views, runs=runs, size=size)
        if as_json:
            _print_json(console, figures)
        else:
            console.print(f"{figures['instances']} instances, {figures['chunks']} chunks, {figures['driver']}")
            _print_table(console, [{"seconds": part, **values} for part, values in figures["seconds"].items()])
    return outcome[0]


@dataclass(frozen=True, slots=True)
class FrameOptions:
    """The command line of `vrclient bench frame` as it was given."""

    showcase: str
    objects: int | None
    boxes: Path | None
    walk: str | None
    turn: float
    frames: int
    size: str
    fov: float
    views: int
    quality: str | None
    driver: str
    compare: bool
    as_json: bool


def frame(options: FrameOptions) -> int:
    """Exit status of `vrclient bench frame`."""
    console, notes = Terminal(), Terminal(stderr=True)
    with _measuring(notes) as outcome:
        _check(options)
        drivers = [one for one in ONE_DRIVER if options.driver in ("both", one)]
        here = len(drivers) == 1 and is_current(drivers[0])
        runs = [_measured(options, one, notes) if here else run_json(_arguments(options, one), one) for one in drivers]
        if options.as_json:
            _print_json(console, runs[0] if len(runs) == 1 else dict(zip(drivers, runs, strict=True)))
        else:
            for run in runs:
                _print_run(console, run)
    return outcome[0]


def crossing(origin: str, target: str, *, views: int, size: str, quality: str, driver: str, as_json: bool) -> int:
    """Exit status of `vrclient bench crossing`."""
    console, notes = Terminal(), Terminal(stderr=True)
    with _measuring(notes) as outcome:
        if driver not in ONE_DRIVER:
            raise Usage(f"--driver {driver}: choose one of: {', '.join(ONE_DRIVER)}")
        pixels, settings = parsed_size(size), quality_settings(quality)
        path = find_showcase(origin)
        find_showcase(target)
        if is_current(driver):
            with progress(notes, "building") as report:
                opened = open_showcase(path, progress=report)
            head = head_views(pixels, fov=np.radians(100.0), views=views)
            asked = {"origin": origin, "target": target, "views": views, "size": size, "quality": quality}
            run = {**asked, **run_crossing(opened, target, head, settings).as_dictionary()}
        else:
            arguments = ["bench", "crossing", origin, target, "--views", str(views), "--size", size, "--quality", quality]
            run = run_json([*arguments, "--driver", driver, "--json"], driver)
        if as_json:
            _print_json(console, run)
        else:
            stereo = f"{run['views']} x {run['size']} in {run['stereo']}"
            console.print(f"{run['driver']}; {stereo}, {run['quality']}")
            console.print(f"loaded in {run['loading_seconds']:.1f} s, {run['slices']} slices; own work in ms:")
            _print_table(console, run["parts"])
    return outcome[0]


def soak(showcase: str, *, minutes: float, laps: int | None, seed: int, size: str, quality: str, as_json: bool) -> int:
    """Exit status of `vrclient bench soak`."""
    console, notes = Console(), Console(stderr=True)
    with _measuring(notes) as outcome:
        settings, pixels = quality_settings(quality), parsed_size(size)
        path = find_showcase(showcase)
        with progress(notes, "building") as report:
            opened = open_showcase(path, progress=report)
        line = notes if as_json else console
        run = run_soak(
            opened, settings, minutes=minutes, laps=laps, seed=seed, size=pixels, report=lambda one: _print_holding(line, one)
        )
        if as_json:
            _print_json(console, {"showcase": showcase, "size": size, "quality": quality, **run.as_dictionary()})
        else:
            _print_soak(console, run)
        for problem in run.problems:
            notes.print(f"vrclient: {problem}", highlight=False, markup=False, soft_wrap=True)
        if run.problems:
            outcome[0] = PROBLEMS
    return outcome[0]


def _print_holding(console: Console, one: Holding) -> None:
    engine = one.engine
    console.print(
        f"{one.seconds:7.0f} s  lap {one.lap:<3} {one.place:<12} {one.process_mb:7.1f} MB, children {one.children_mb:6.1f} MB, "
        f"peak {one.peak_mb:7.1f} MB, {one.handles} handles, {one.threads} threads, {engine.textures} textures, "
        f"{engine.geometry} draws, {engine.buffers} buffers, {engine.outputs} outputs, {engine.states} states, "
        f"{engine.pooled} pooled, {one.objects} objects",
        highlight=False,
        soft_wrap=True,
    )


def _print_soak(console: Console, run: Soak) -> None:
    done = ", ".join(f"{name} {count}" for name, count in run.did.items())
    console.print(f"{run.frames} frames in {run.seconds:.0f} s, seed {run.seed}: {done}", highlight=False, soft_wrap=True)
    if run.laps and run.growth is not None:
        console.print(
            f"{len(run.laps)} laps; memory at their ends, MB: {', '.join(f'{one.process_mb:.0f}' for one in run.laps)}; "
            f"growth after the warm-up {run.growth:+.1%} (at most {GROWTH_MAX:.0%})",
            highlight=False,
            soft_wrap=True,
        )


@contextmanager
def _measuring(notes: Console) -> Iterator[list[int]]:
    """As `failures`, for what may go wrong in benchmarks besides."""
    with failures(notes) as outcome:
        try:
            yield outcome
        except (BadBoxes, NoReference) as error:
            raise Usage(str(error)) from None
        except BenchmarkFailed as error:
            notes.print(f"vrclient: {error}")
            outcome[0] = PROBLEMS


def _check(options: FrameOptions) -> None:
    """Raises Usage for what cannot be measured, before anything is loaded."""
    if options.driver not in DRIVERS:
        raise Usage(f"--driver {options.driver}: choose one of: {', '.join(DRIVERS)}")
    if options.boxes is not None and options.objects is not None:
        raise Usage("--objects is for showcases; a file of --boxes has a fixed number")
    if not 1.0 <= options.fov < 180.0:
        raise Usage(f"--fov {options.fov:g}: give the whole horizontal angle in degrees, 1 to less than 180")
    parsed_size(options.size)
    if options.walk is not None:
        _ends(options.walk)
    if options.boxes is not None:
        read_boxes(options.boxes)
    else:
        find_showcase(options.showcase)
    if options.quality not in (None, "auto"):
        quality_settings(options.quality)


def _arguments(options: FrameOptions, driver: str) -> list[str]:
    """The same command for one driver, as JSON."""
    arguments = ["bench", "frame", options.showcase, "--driver", driver, "--json"]
    given: list[tuple[str, object]] = [
        ("--objects", options.objects), ("--boxes", options.boxes), ("--walk", options.walk), ("--turn", options.turn),
        ("--frames", options.frames), ("--size", options.size), ("--fov", options.fov), ("--views", options.views),
        ("--quality", options.quality),
    ]  # fmt: skip
    for name, value in given:
        if value is not None:
            arguments += [name, str(value)]
    return [*arguments, *(["--compare"] if options.compare else [])]


def _measured(options: FrameOptions, driver: Driver, notes: Console) -> dict[str, Any]:
    """The walk, and with --compare the same walk in plain Panda3D, in this process."""
    opened = _open(options, notes)
    walk, head = _walk(options, opened), head_views(parsed_size(options.size), fov=np.radians(options.fov), views=options.views)
    quality = options.quality if options.quality not in (None, "auto") else "normals" if options.boxes else "low"
    settings = quality_settings(quality)
    # A scene of boxes has one look in every engine; the driver that draws nothing has none.
    compared = options.compare and options.boxes is not None and driver == "own"
    pictures_of = tuple(np.linspace(0, len(walk) - 1, COMPARED_FRAMES).astype(int).tolist()) if compared else ()
    run = run_walk(opened, walk, head, settings, pictures_of=pictures_of)
    if driver == "noop" and not run.driver.startswith("NOOP"):
        notes.print(f"note: only Mesa can draw nothing; these figures are of {run.driver}")
    result = {
        "scene": str(opened.path),
        "instances": len(opened.scene.instances.position),
        "chunks": len(opened.scene.chunks),
        "views": options.views,
        "size": options.size,
        "seconds": {
            "load": round(opened.load_seconds, 3),
            "build": round(opened.build_seconds, 3),
            "start_to_first_frame": round(run.first_frame_seconds, 3),
        },
        **run.as_dictionary(),
    }
    if options.compare:
        result["peers"] = _compared(opened, walk, head, run, pictures_of, notes)
    return result


def _compared(
    opened: Opened, walk: NDArray[np.float64], head: ViewSet, run: FrameRun, pictures_of: tuple[int, ...], notes: Console
) -> list[dict[str, Any]]:
    """Plain nodes and flattened cells on the same walk. Nodes are slow: a few frames of it are enough."""
    few = walk[:: max(1, len(walk) // 20)]
    lines = []
    work: tuple[tuple[Peer, NDArray[np.float64], tuple[int, ...]], ...]
    work = (("flattened", walk, pictures_of), ("nodes", few, ()))
    for peer, poses, frames in work:
        with progress(notes, f"Panda3D, {peer}") as report:
            other = run_peer(peer, opened.scene, poses, head, pictures_of=frames, progress=report)
        lines.append({"peer": peer, **_ratios(run, other)})
    return lines


def _ratios(run: FrameRun, other: PeerRun) -> dict[str, Any]:
    ours = run.stages_ms["drawing"]["p50"]
    result: dict[str, Any] = {
        "frames": other.frames,
        "build_seconds": round(other.build_seconds, 2),
        "frame_ms": {name: round(value, 3) for name, value in other.frame_ms.items()},
        "wall_ms": round(other.wall_ms, 3),
        "ratio": round(other.frame_ms["p50"] / ours, 2),
    }
    if other.pictures:
        pairs = zip(run.pictures, other.pictures, strict=True)
        result["pixels_that_differ"] = [int((mine != theirs).any(axis=2).sum()) for mine, theirs in pairs]
    return result


def _open(options: FrameOptions, notes: Console) -> Opened:
    if options.boxes is not None:
        return open_boxes(options.boxes, read_boxes(options.boxes))
    path = find_showcase(options.showcase)

    def change(showcase: Any) -> Any:
        try:
            return with_objects(showcase, options.objects) if options.objects else showcase
        except ValueError as error:
            raise Usage(f"--objects {options.objects}: {error}") from None

    with progress(notes, "building") as report:
        return open_showcase(path, progress=report, change=change)


def _walk(options: FrameOptions, opened: Opened) -> NDArray[np.float64]:
    turn = np.radians(options.turn)
    if options.walk is not None:
        start, end = _ends(options.walk)
        return straight_walk(start, end, turn=turn, frames=options.frames)
    return stroll(opened.scene.start or FALLBACK, turn=turn, frames=options.frames)


def _ends(text: str) -> tuple[Point, Point]:
    form = "X,Y,Z:X,Y,Z, the eye's first and last place in metres, such as -50,0,1.7:50,0,1.7"
    parts = text.split(":")
    if len(parts) != 2:
        raise Usage(f"--walk {text}: give {form}")
    first, last = (parsed_numbers("--walk", part, count=3, form=form) for part in parts)
    return (first[0], first[1], first[2]), (last[0], last[1], last[2])


def _print_run(console: Console, run: dict[str, Any]) -> None:
    def say(text: str) -> None:
        console.print(text)

    say(f"{run['scene']}: {run['instances']} instances, {run['chunks']} chunks")
    say(f"{run['driver']}; {run['views']} x {run['size']} in {run['stereo']}; {run['frames']} frames")
    say(
        f"a median frame: {run['visible_instances']:.0f} instances, {run['draw_calls']} draw calls, "
        f"{run['triangles']} triangles; the whole walk took {run['wall_ms']:.3f} ms a frame"
    )
    rows = [
        {"ms": stage, **values, "still p50": run["still_ms"].get(stage, {}).get("p50")}
        for stage, values in run["stages_ms"].items()
        if values["max"] >= 0.01
    ]
    _print_table(console, rows)
    for peer in run.get("peers", ()):
        differ = f"; pixels that differ: {peer['pixels_that_differ']}" if "pixels_that_differ" in peer else ""
        say(
            f"Panda3D, {peer['peer']}: {peer['frame_ms']['p50']:.3f} ms (p99 {peer['frame_ms']['p99']:.3f}), "
            f"{peer['ratio']:.1f} times ours{differ}"
        )
    say("")


def _print_table(console: Console, rows: Sequence[dict[str, Any]], *, heading: bool = True) -> None:
    table = Table(box=None, pad_edge=False, show_header=heading)
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _print_json(console: Console, value: Any) -> None:
    console.out(json.dumps(value, indent=2), highlight=False)
