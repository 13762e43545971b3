"""Where the engine has no headless display module, as on Windows, pictures are drawn by the other one, and are the same."""

import os
import subprocess
import sys

import pytest

CODE = """
import sys
from vrclient.renderer import context
before = context._outputs
if sys.argv[1] != "headless":
    context._has_headless = lambda: False
if sys.argv[1] == "window":  # a driver that has no buffers without a window
    context._outputs = lambda kind, window: list(before(kind, window))[1:]
from panda3d.core import GraphicsWindow
from renderer_scenes import floor, light, looking_north, picture, scene_of, shining
from vrclient.scene.draw_data import Surface
opened = context.open_context("offscreen")
scene = scene_of(Surface(floor((-9, 0), (9, 30), z=-1), shining((0.2, 0.5, 0.9))))
pixels = picture(opened, scene, looking_north((0, 0, 0)), light())
assert pixels.max() > 100
print(isinstance(opened.host, GraphicsWindow), pixels.mean(axis=(0, 1)).round(3).tolist())
opened.close()
"""


@pytest.fixture(scope="module")
def usual(xvfb: dict[str, str]) -> str:
    return _drawn(xvfb, "headless").split(" ", 1)[1]


def _drawn(environment: dict[str, str], by: str) -> str:
    environment = {**environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CODE, by]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("by", "is_window"), [("buffer", "False"), ("window", "True")])
def test_the_other_module_draws_the_same(usual: str, xvfb: dict[str, str], by: str, is_window: str) -> None:
    assert _drawn(xvfb, by) == f"{is_window} {usual}"
