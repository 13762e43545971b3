"""Culling takes no memory that grows with the scene: everything that does was taken by `build`."""

import tracemalloc

import numpy as np
import pytest
from brute_force import views, world

from vrclient.visibility import VisibilityIndex

COUNT, FRAMES = 400_000, 300
PEAK = 1_300_000
"""Bytes. Less than one column of the scene (1.6 MB); what is allowed is the blocks' scratch, whatever the scene."""


@pytest.fixture(scope="module")
def scene() -> VisibilityIndex:
    made = world("city", COUNT, 1)
    return VisibilityIndex.build(
        made.center, made.half_extent, made.mesh, built=made.built, demolished=made.demolished, lod_pixels=[50.0, 10.0]
    )


def peak(scene: VisibilityIndex, walk: float, days: np.ndarray) -> tuple[int, int]:
    """(most, lasting) bytes that 300 frames of turning, walking by `walk` metres a frame, took."""
    frames = [views((walk * k, 0.0, 1.7), 0.05 * k, count=2, far=500.0) for k in range(FRAMES)]
    scene.cull(frames[0], date=int(days[0]))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for view_set, day in zip(frames, days.tolist(), strict=True):
        scene.cull(view_set, date=day)
    after, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - before, after - before


def test_turning(scene: VisibilityIndex) -> None:
    most, lasting = peak(scene, 0.0, np.full(FRAMES, 400))
    assert most < PEAK
    assert lasting < 20_000


def test_walking_while_days_pass(scene: VisibilityIndex) -> None:
    most, lasting = peak(scene, 0.02, np.arange(FRAMES) + 100)
    assert most < 3 * PEAK
    assert lasting < 20_000
