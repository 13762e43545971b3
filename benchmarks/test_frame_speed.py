"""Whole frames of a stroll, from waiting to presenting, with a driver that draws nothing."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from vrclient.app.assembly import open_session
from vrclient.app.frame import collector_frozen, one_frame
from vrclient.app.opening import Opened
from vrclient.app.settings import quality_settings
from vrclient.bench.walk import head_views, stroll
from vrclient.display.scripted import ScriptedDisplay


@pytest.mark.parametrize("views", [1, 2])
def test_a_stroll(benchmark: BenchmarkFixture, scene: Opened, views: int) -> None:
    assert scene.scene.start is not None
    walk = stroll(scene.scene.start, turn=2 * np.pi, frames=2000)
    display = ScriptedDisplay(walk, head_views((320, 240), fov=1.7, views=views))
    session = open_session(scene, display, quality_settings("low"))
    with collector_frozen():
        benchmark.pedantic(one_frame, args=(session,), rounds=1500, warmup_rounds=60)
    session.close()
