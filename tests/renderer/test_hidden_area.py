"""What the lenses hide is black, each view by its own area; all else is as before."""

from dataclasses import replace

import numpy as np
import pytest
from renderer_scenes import light, looking_north, picture, scene_of, shining, together, wall

from vrclient.frame.views import ViewSet
from vrclient.renderer.context import GraphicsContext
from vrclient.scene.draw_data import Surface


def square(left: float, down: float, right: float, up: float) -> np.ndarray:
    """[2, 3, 2] two triangles by tangents."""
    return np.array([[[left, down], [right, down], [right, up]], [[left, down], [right, up], [left, up]]])


@pytest.mark.parametrize("samples", [1, 4])
def test_each_view_hides_its_own_area(context: GraphicsContext, samples: int) -> None:
    scene = scene_of(Surface(wall((-50, -50), (50, 50), y=0.5), shining((0.5, 0.5, 0.5))))
    both = together(looking_north((-0.03, 0, 1.6)), looking_north((0.03, 0, 1.6)))
    areas = square(-2.0, -2.0, 0.0, 2.0), square(-2.0, 0.0, 2.0, 2.0)
    hiding = ViewSet.from_arrays(
        both.view_from_world, both.fov, near=both.near, far=both.far, pixels=both.pixels, hidden_area=areas
    )
    seen = picture(context, scene, both, light())
    pixels = picture(context, scene, hiding, light())
    expected = seen.copy()
    expected[:, :48] = 0
    expected[:32, 96:] = 0
    assert seen.min() > 150
    differing = (np.abs(pixels.astype(int) - expected).max(axis=2) > 1).mean()
    assert differing < 0.002


def test_in_two_passes_nothing_is_hidden(context: GraphicsContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "info", replace(context.info, viewports_from_vertices=False))
    scene = scene_of(Surface(wall((-50, -50), (50, 50), y=0.5), shining((0.5, 0.5, 0.5))))
    both = together(looking_north((-0.03, 0, 1.6)), looking_north((0.03, 0, 1.6)))
    hiding = replace(both, hidden_area=(square(-2, -2, 0, 2),) * 2)
    assert picture(context, scene, hiding, light()).min() > 150
