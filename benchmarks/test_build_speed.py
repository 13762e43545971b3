"""From a showcase's files to a scene in memory."""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from vrclient import paths
from vrclient.app.opening import load, open_showcase


@pytest.mark.parametrize("name", ["minimal", "fengxian"])
def test_yaml_to_scene(benchmark: BenchmarkFixture, name: str) -> None:
    path = paths.showcases_folder() / name / "showcase.yaml"
    benchmark.pedantic(open_showcase, args=(path,), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("name", ["fengxian", "stress"])
def test_yaml_to_checked_values(benchmark: BenchmarkFixture, name: str) -> None:
    path = paths.showcases_folder() / name / "showcase.yaml"
    benchmark.pedantic(load, args=(path,), rounds=5, warmup_rounds=1)
