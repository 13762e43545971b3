"""Visits at speed, lap after lap, and what the process holds meanwhile: memory, handles, threads, what is on the graphics card.

A lap leads a visitor through every portal, to everything that can be chosen, and home again (random_visitor.py). Laps are
compared with laps: what is open at a lap's end is the same each time, so whatever grows from one to the next stays for ever."""

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from vrclient.app.assembly import SessionOptions, VisitOptions, open_session
from vrclient.app.frame import collector_frozen
from vrclient.app.opening import Opened
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings
from vrclient.bench.processes import BenchmarkFailed
from vrclient.bench.random_visitor import NotReached, RandomVisitor, VisitorDisplay
from vrclient.renderer.held import Held, held

GROWTH_MAX = 0.05
"""More of the process's memory than so much more, from the first laps after the warm-up to the last, is a failure."""
WARM_LAPS, COMPARED_LAPS = 2, 3
"""Laps before anything counts: every place has been open once, and closed. Laps at each end whose middle one is compared, where
there are enough."""
SAMPLE_S = 15.0
"""Seconds between two lines of the report."""
DRAWN_EACH = 6
"""Of so many frames one is drawn."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a process holds at one moment; Linux only, zeros elsewhere.

    process_mb, children_mb   resident memory; `peak_mb`: the most that the process ever had
    objects                   of Python, that its collector knows
    engine                    what the engine holds
    """

    seconds: float
    lap: int
    place: str
    process_mb: float
    children_mb: float
    peak_mb: float
    handles: int
    threads: int
    objects: int
    engine: Held


@dataclass(frozen=True, slots=True)
class Soak:
    """What came of it. `problems`: what is wrong, in words; none: it passed."""

    seed: int
    seconds: float
    frames: int
    did: dict[str, int]
    samples: tuple[Holding, ...]
    laps: tuple[Holding, ...]
    growth: float | None
    problems: tuple[str, ...] = field(default=())

    def as_dictionary(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class _TimeIsUp(Exception):
    pass


def run_soak(
    opened: Opened,
    settings: QualitySettings,
    /,
    *,
    minutes: float,
    seed: int,
    size: tuple[int, int],
    laps: int | None = None,
    report: Callable[[Holding], None] = lambda _: None,
) -> Soak:
    """Visits for so many minutes, at most `laps` laps. Raises BenchmarkFailed where a portal leads nowhere, DisplayUnavailable
    without OpenGL."""
    display = VisitorDisplay(size, samples=settings.samples, drawn_each=DRAWN_EACH)
    session = open_session(opened, display, settings, SessionOptions(visit=VisitOptions(), expects_visitor=True))
    start = time.monotonic()
    samples: list[Holding] = []
    at_laps: list[Holding] = []

    def each_frame() -> None:
        now = time.monotonic() - start
        if not samples or now - samples[-1].seconds >= SAMPLE_S:
            samples.append(holding(session, now, len(at_laps)))
            report(samples[-1])
        if now >= 60.0 * minutes:
            raise _TimeIsUp

    visitor = RandomVisitor(session, display, seed, each_frame=each_frame)
    try:
        with collector_frozen():
            try:
                while laps is None or len(at_laps) < laps:
                    visitor.lap()
                    at_laps.append(holding(session, time.monotonic() - start, len(at_laps) + 1))
                    report(at_laps[-1])
            except _TimeIsUp:
                pass
        growth = grown([one.process_mb for one in at_laps])
        return Soak(
            seed=seed,
            seconds=time.monotonic() - start,
            frames=session.clock.frames,
            did=dict(visitor.did.most_common()),
            samples=tuple(samples),
            laps=tuple(at_laps),
            growth=growth,
            problems=tuple(problems(at_laps)),
        )
    except NotReached as error:
        raise BenchmarkFailed(str(error)) from None
    finally:
        session.close()


def grown(figures: Sequence[float], /) -> float | None:
    """How much larger the last laps' middle figure is than that of the first ones after the warm-up, as a share of it; None where
    there are too few laps to say."""
    counted = figures[WARM_LAPS:]
    if len(counted) < 2:
        return None
    some = min(COMPARED_LAPS, len(counted) // 2)
    return median(counted[-some:]) / median(counted[:some]) - 1.0


def problems(laps: Sequence[Holding], /) -> list[str]:
    """What is wrong, in words."""
    found = []
    growth = grown([one.process_mb for one in laps])
    if growth is None:
        return [f"{len(laps)} laps are too few to say anything; at least {WARM_LAPS + 2} are needed: give it more minutes"]
    if growth > GROWTH_MAX:
        found.append(f"the process's memory grew by {growth:.1%} after the warm-up; at most {GROWTH_MAX:.0%} is fine")
    counted = laps[WARM_LAPS:]
    some = min(COMPARED_LAPS, len(counted) // 2)
    for name in ("handles", "threads"):
        first, last = (max(getattr(one, name) for one in part) for part in (counted[:some], counted[-some:]))
        if last > first:
            found.append(f"{name} rose from {first} to {last}")
    return found


def holding(session: Session, seconds: float, lap: int, /) -> Holding:
    """What this process holds now."""
    process, peak = _resident_mb("self")
    return Holding(
        seconds=round(seconds, 1),
        lap=lap,
        place=session.place.name,
        process_mb=process,
        children_mb=round(sum(_resident_mb(child)[0] for child in _children(str(os.getpid()))), 1),
        peak_mb=peak,
        handles=_count(Path("/proc/self/fd")),
        threads=_count(Path("/proc/self/task")),
        objects=len(gc.get_objects()) + gc.get_freeze_count(),
        engine=held(session.renderer.context),
    )


def _resident_mb(process: str) -> tuple[float, float]:
    """Megabytes now, and the most there ever were."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0.0, 0.0
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmRSS:", "VmHWM:"))}
    return round(found.get("VmRSS", 0) / 1024.0, 1), round(found.get("VmHWM", 0) / 1024.0, 1)


def _children(process: str) -> list[str]:
    """The processes that it has started, and theirs."""
    parents: dict[str, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1]
        except OSError:  # it has just ended
            continue
        parents.setdefault(parent, []).append(folder.name)
    found = list(parents.get(process, ()))
    for child in found:
        found += parents.get(child, ())
    return found


def _count(folder: Path) -> int:
    try:
        return sum(1 for _ in folder.iterdir())
    except OSError:
        return 0
