"""`VisibilityIndex.cull` on its own, and beside a brute-force C test of the same boxes where one is given.

The scene: boxes of 24 meshes x 3 levels in 2 km x 2 km with dates, the eye in the middle, 100 x 80 degrees, turning 2
degrees a call; then standing still, and walking at 1.4 m/s and 90 Hz while turning."""

import ctypes
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.bench.scenes import SceneBoxes
from vrclient.bench.walk import STEP_M, head_views
from vrclient.frame.views import ViewSet, carried
from vrclient.geometry.frames import world_from_body
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.frustum import corner_points, merged_planes

MESHES, LOD_PIXELS, DAY = 24, (42.0, 14.0), 738_100
ROUNDS, TURN = 9, np.radians(2.0)
SIZE = (1500, 1056)
"""Pixels of a view: 100 x 80 degrees."""


class NoReference(ValueError):
    """The C test cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class CullFigures:
    """Milliseconds, medians unless they say otherwise; c_ms and ratio only beside the C test. Rounds of ours and of C
    alternate; the round with the median ratio (without C: the median time) stands here."""

    scene: str
    objects: int
    views: int
    visible: int
    first_ms: float
    turn_ms: float
    turn_p99_ms: float
    walk_ms: float
    walk_p99_ms: float
    still_ms: float
    c_ms: float | None
    ratio: float | None

    def as_dictionary(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def random_boxes(count: int, /) -> SceneBoxes:
    """The boxes of the scene."""
    rng = np.random.default_rng(1)
    center = np.column_stack([rng.uniform(-1000.0, 1000.0, (count, 2)), rng.uniform(0.0, 12.0, count)])
    return SceneBoxes(center.astype(np.float32), rng.uniform(0.5, 6.0, (count, 3)).astype(np.float32))


def build(boxes: SceneBoxes, /) -> VisibilityIndex:
    """The index of the scene: meshes by chance, dates around DAY."""
    rng = np.random.default_rng(2)
    count = len(boxes.center)
    return VisibilityIndex.build(
        boxes.center,
        boxes.half,
        rng.integers(0, MESHES, count, dtype=np.int32),
        built=rng.integers(690_000, DAY, count, dtype=np.int32),
        demolished=rng.integers(DAY + 1, 760_000, count, dtype=np.int32),
        lod_pixels=LOD_PIXELS,
    )


def turning(boxes: SceneBoxes, /, *, views: int) -> list[ViewSet]:
    """A whole turn in the middle of the boxes."""
    head, eye = head_views(SIZE, fov=np.radians(100.0), views=views), _middle(boxes)
    return [carried(head, world_from_body(eye, heading=k * TURN)) for k in range(180)]


def walking(boxes: SceneBoxes, /, *, views: int, frames: int) -> list[ViewSet]:
    """A walk to the east that turns half a degree a frame."""
    head, eye = head_views(SIZE, fov=np.radians(100.0), views=views), _middle(boxes)
    steps = [(eye + np.array([STEP_M * k, 0.0, 0.0]), k * TURN / 4.0) for k in range(frames)]
    return [carried(head, world_from_body(place, heading=heading)) for place, heading in steps]


def _middle(boxes: SceneBoxes) -> NDArray[np.float64]:
    return np.array([*np.median(boxes.center[:, :2], axis=0), 1.7])


def measure(name: str, boxes: SceneBoxes, /, *, views: int, reference: Path | None) -> CullFigures:
    """One scene; `reference` is a folder with cull_reference.c. Raises NoReference."""
    index, circle = build(boxes), turning(boxes, views=views)
    first = _milliseconds(lambda: index.cull(circle[0], date=DAY))
    visible = [len(index.cull(view_set, date=DAY)) for view_set in circle]
    other = c_test(reference, boxes, circle[0]) if reference else None
    repeats = 60 if len(boxes.center) < 500_000 else 20

    rounds = []
    for _ in range(ROUNDS):
        ours = [_milliseconds(lambda v=view_set: index.cull(v, date=DAY)) for view_set in circle]  # type: ignore[misc]
        theirs = [_milliseconds(other) for _ in range(repeats)] if other else [np.nan]
        ours_ms, c_ms = float(np.median(ours)), float(np.median(theirs))
        rounds.append((ours_ms / c_ms, ours_ms, float(np.percentile(ours, 99)), c_ms))
    rounds.sort(key=lambda one: one[0] if other else one[1])
    ratio, turn, high, c_time = rounds[ROUNDS // 2]
    still = np.median([_milliseconds(lambda: index.cull(circle[-1], date=DAY)) for _ in range(100)])
    steps = walking(boxes, views=views, frames=1000)
    walk = [_milliseconds(lambda v=view_set: index.cull(v, date=DAY)) for view_set in steps][1:]  # type: ignore[misc]
    return CullFigures(
        scene=name,
        objects=len(boxes.center),
        views=views,
        visible=int(np.median(visible)),
        first_ms=first,
        turn_ms=turn,
        turn_p99_ms=high,
        walk_ms=float(np.median(walk)),
        walk_p99_ms=float(np.percentile(walk, 99)),
        still_ms=float(still),
        c_ms=c_time if other else None,
        ratio=ratio if other else None,
    )


def c_test(folder: Path, boxes: SceneBoxes, view_set: ViewSet, /) -> Callable[[], int]:
    """The brute-force test of folder/cull_reference.c as a call that returns how many boxes it keeps. Raises NoReference."""
    source = folder / "cull_reference.c"
    if not source.is_file():
        raise NoReference(f"{folder} holds no cull_reference.c; give the folder that does")
    if not shutil.which("gcc"):
        raise NoReference("the C test needs a compiler: install gcc, or leave --reference out")
    with tempfile.TemporaryDirectory() as target:
        library_file = Path(target) / "cull_reference.so"
        command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library_file), str(source), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoReference(f"{source} does not compile: {done.stderr.strip().splitlines()[0]}")
        library = ctypes.CDLL(str(library_file))
    columns = [np.ascontiguousarray(array[:, k], np.float32) for array in (boxes.center, boxes.half) for k in range(3)]
    planes = np.ascontiguousarray(merged_planes(corner_points(view_set), view_set.view_from_world), np.float32)
    count = len(boxes.center)
    mask, rows = np.empty(count, np.uint8), np.empty(count + 1, np.uint32)
    arrays: list[NDArray[Any]] = [*columns, planes, mask, rows]
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]  # these keep their arrays alive

    def call() -> int:
        return int(library.cull_boxes(count, *pointers[:7], len(planes), *pointers[7:]))

    return call


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3
