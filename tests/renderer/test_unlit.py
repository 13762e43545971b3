"""What has its light in its colours looks the same whatever the light is; far away it is behind haze as everything is."""

from dataclasses import replace

import numpy as np
from renderer_scenes import light, looking_north, picture, pixel_of, scene_of, wall

from vrclient.renderer.context import GraphicsContext
from vrclient.scene.draw_data import Image, Material, Surface

RED = (0.604, 0.01, 0.01)
VIEW = looking_north((0, -8, 1))
NOON = replace(light(sun_radiance=3.0, ambient=1.0, sky=(0.4, 0.6, 0.9)), exposure=0.6, haze=4000.0)
NIGHT = replace(light(ambient=0.01, sky=(0.01, 0.01, 0.03)), exposure=7.0, haze=4000.0)


def faces(y: float) -> tuple[Surface, Surface]:
    """A plain one and one with a picture, side by side."""
    white = Image(np.full((4, 4, 4), 255, np.uint8), "white")
    return (
        Surface(wall((-2, 0), (-0.2, 2), y=y), Material(surface="unlit", color=RED)),
        Surface(wall((0.2, 0), (2, 2), y=y), Material(surface="unlit", color=RED, image=white)),
    )


def test_noon_and_night_give_the_same_pixels(context: GraphicsContext) -> None:
    noon, night = (picture(context, scene_of(*faces(0.0)), VIEW, one).astype(int) for one in (NOON, NIGHT))
    for east in (-1.0, 1.0):
        seen = noon[pixel_of(VIEW, (east, 0, 1))]
        np.testing.assert_allclose(seen, (204, 25, 25), atol=1)
    red = (noon[..., 0] > 190) & (noon[..., 1] < 40)
    assert red.sum() > 200 and (noon[red] == night[red]).all()
    assert (noon[~red] != night[~red]).any(axis=-1).mean() > 0.9, "all the rest is not the same"


def test_far_away_it_is_behind_haze(context: GraphicsContext) -> None:
    far = [Surface(replace(one.mesh, position=one.mesh.position * 400), one.material) for one in faces(2.0)]
    noon = picture(context, scene_of(*far), VIEW, replace(NOON, haze=800.0)).astype(int)
    seen = noon[pixel_of(VIEW, (-400, 800, 400))]
    assert seen[2] > 120 and seen[0] < 190
