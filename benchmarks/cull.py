"""Times `VisibilityIndex.cull` beside a brute-force C test of the same boxes, in one run on one core.

    OPENBLAS_NUM_THREADS=1 python benchmarks/cull.py [--objects N ...] [--boxes FILE.npz ...] [--reference DIR] [--json]

The scene: boxes of 24 meshes x 3 levels in 2 km x 2 km with dates, the eye in the middle, 100 x 80 degrees, two eyes
64 mm apart, turning 2 degrees a call; then standing still, and walking at 1.4 m/s and 90 Hz while turning. `--boxes`
takes center [N, 3] and half [N, 3] from files as well. `--reference` is a folder with cull_reference.c; it is compiled and
given the same boxes and planes. Rounds of ours and of C alternate; a figure is the median of its round, and the line shown
is that of the median ratio.
"""

import argparse
import ctypes
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid, world_from_body
from vrclient.visibility import VisibilityIndex
from vrclient.visibility.frustum import corner_points, merged_planes

MESHES, LOD_PIXELS, DAY = 24, (60.0, 20.0), 738_100
ROUNDS, TURN, STEP, EYE_DISTANCE = 9, np.radians(2.0), 1.4 / 90.0, 0.064
Floats = NDArray[np.float32]


def scene(count: int) -> tuple[Floats, Floats]:
    """[N, 3] centers and [N, 3] half extents of the figure's scene, metres."""
    rng = np.random.default_rng(1)
    center = np.column_stack([rng.uniform(-1000.0, 1000.0, (count, 2)), rng.uniform(0.0, 12.0, count)])
    return center.astype(np.float32), rng.uniform(0.5, 6.0, (count, 3)).astype(np.float32)


def build(center: Floats, half_extent: Floats) -> VisibilityIndex:
    rng = np.random.default_rng(2)
    count = len(center)
    return VisibilityIndex.build(
        center, half_extent, rng.integers(0, MESHES, count, dtype=np.int32),
        built=rng.integers(690_000, DAY, count, dtype=np.int32),
        demolished=rng.integers(DAY + 1, 760_000, count, dtype=np.int32),
        lod_pixels=LOD_PIXELS,
    )  # fmt: skip


def looking(eye: NDArray[np.float64], heading: float, views: int) -> ViewSet:
    """The eyes of a head at `eye`, 100 x 80 degrees, 0.1 to 3000 m."""
    head = world_from_body(eye, heading=heading)
    poses = []
    for k in range(views):
        body = head.copy()
        body[:3, 3] += head[:3, 0] * EYE_DISTANCE * (k - (views - 1) / 2.0)
        poses.append(inverse_rigid(body))
    right, up = np.radians([50.0, 40.0])
    fov = np.tile([-right, right, up, -up], (views, 1))
    return ViewSet.from_arrays(np.array(poses), fov, near=0.1, far=3000.0, pixels=np.full((views, 2), 1500))


def c_test(folder: Path, center: Floats, half_extent: Floats, view_set: ViewSet) -> Callable[[], int]:
    """The C test as a call that returns how many boxes it keeps."""
    target = Path(tempfile.mkdtemp()) / "cull_reference.so"
    source = folder / "cull_reference.c"
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", target, source, "-lm"], check=True)
    library = ctypes.CDLL(str(target))
    columns = [np.ascontiguousarray(array[:, k], np.float32) for array in (center, half_extent) for k in range(3)]
    planes = np.ascontiguousarray(merged_planes(corner_points(view_set), view_set.view_from_world), np.float32)
    mask, rows = np.empty(len(center), np.uint8), np.empty(len(center) + 1, np.uint32)
    arrays: list[NDArray[Any]] = [*columns, planes, mask, rows]
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]  # these keep their arrays alive

    def call() -> int:
        return int(library.cull_boxes(len(center), *pointers[:7], len(planes), *pointers[7:]))

    return call


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def measure(name: str, center: Floats, half_extent: Floats, *, views: int, reference: Path | None) -> dict[str, object]:
    """One line of the table."""
    eye = np.array([*np.median(center[:, :2], axis=0), 1.7])
    index = build(center, half_extent)
    turning = [looking(eye, k * TURN, views) for k in range(180)]
    first = milliseconds(lambda: index.cull(turning[0], date=DAY))
    visible = [len(index.cull(view_set, date=DAY)) for view_set in turning]
    other = c_test(reference, center, half_extent, turning[0]) if reference else None
    repeats = 60 if len(center) < 500_000 else 20

    rounds = []
    for _ in range(ROUNDS):
        ours = [milliseconds(lambda v=view_set: index.cull(v, date=DAY)) for view_set in turning]  # type: ignore[misc]
        theirs = [milliseconds(other) for _ in range(repeats)] if other else [np.nan]
        ours_ms, c_ms = np.median(ours), np.median(theirs)
        rounds.append((ours_ms / c_ms, ours_ms, np.percentile(ours, 99), c_ms))
    ratio, turn, high, c_time = sorted(rounds)[ROUNDS // 2]
    still = np.median([milliseconds(lambda: index.cull(turning[-1], date=DAY)) for _ in range(100)])
    steps = [looking(eye + np.array([STEP * k, 0.0, 0.0]), k * TURN / 4.0, views) for k in range(1000)]
    walk = [milliseconds(lambda v=view_set: index.cull(v, date=DAY)) for view_set in steps][1:]  # type: ignore[misc]
    return {
        "scene": name,
        "objects": len(center),
        "visible": int(np.median(visible)),
        "first_ms": first,
        "turn_ms": turn,
        "turn_p99_ms": high,
        "walk_ms": np.median(walk),
        "walk_p99_ms": np.percentile(walk, 99),
        "still_ms": still,
        "c_ms": c_time if other else None,
        "ratio": ratio if other else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--objects", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--boxes", type=Path, nargs="*", default=[])
    parser.add_argument("--views", type=int, choices=(1, 2), default=2)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scenes = [("random", *scene(count)) for count in options.objects]
    for path in options.boxes:
        with np.load(path) as file:
            scenes.append((path.stem, file["center"].astype(np.float32), file["half"].astype(np.float32)))
    lines = [measure(*each, views=options.views, reference=options.reference) for each in scenes]
    if options.json:
        print(json.dumps(lines, default=float, indent=2))
        return
    print(f"views: {options.views}")
    print(*(f"{title:>12}" for title in lines[0]))
    for line in lines:
        print(*(f"{value:12.4f}" if isinstance(value, float) else f"{str(value)[:12]:>12}" for value in line.values()))


if __name__ == "__main__":
    main()
