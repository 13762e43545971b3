"""The choice of what is visible, in two views."""

from itertools import cycle

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from vrclient.app.opening import Opened
from vrclient.bench import cull
from vrclient.bench.walk import head_views, stroll
from vrclient.frame.views import carried
from vrclient.render_data.culling import SceneVisibility


@pytest.mark.parametrize("objects", [100_000, 1_000_000])
def test_turning(benchmark: BenchmarkFixture, objects: int) -> None:
    boxes = cull.random_boxes(objects)
    index, frames = cull.build(boxes), cull.turning(boxes, views=2)
    for view_set in frames:
        index.cull(view_set, date=cull.DAY)
    ahead = cycle(frames)
    benchmark(lambda: index.cull(next(ahead), date=cull.DAY))


@pytest.mark.parametrize("objects", [100_000, 1_000_000])
def test_standing_still(benchmark: BenchmarkFixture, objects: int) -> None:
    boxes = cull.random_boxes(objects)
    index, frames = cull.build(boxes), cull.turning(boxes, views=2)
    benchmark(lambda: index.cull(frames[0], date=cull.DAY))


def test_a_scene_with_its_horizon(benchmark: BenchmarkFixture, scene: Opened) -> None:
    assert scene.scene.start is not None
    walk = stroll(scene.scene.start, turn=6.28, frames=400)
    head = head_views((1600, 1600), fov=1.7, views=2)
    visibility, frames = SceneVisibility(scene.scene), [carried(head, pose) for pose in walk]
    ahead = cycle([*frames, *reversed(frames)])
    benchmark(lambda: visibility.cull(next(ahead), date=740_000))
