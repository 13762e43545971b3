"""Layers: what is hidden is neither drawn nor mirrored, throws no shadow and hides nothing."""

import numpy as np
import pytest
from renderer_scenes import PLAIN, column, floor, light, looking_north, rows_of, shining, wall

from vrclient.render_data.culling import SceneVisibility
from vrclient.render_data.prepared import prepare
from vrclient.render_data.quality import Quality
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, InstanceMesh, Material, Surface
from vrclient.scene.tables import Scene

VIEW = looking_north((0.0, -12.0, 2.0), pitch=-0.1)
THING = InstanceMesh("column", ((Surface(column(radius=0.3, height=1.5), shining((0.1, 0.6, 0.1))),),))
SOLID = np.array([[0.0, 3.0, 2.0, 4.0, 0.5, 2.0]], np.float32)


def elements() -> list[BuiltElement]:
    """A floor of no layer; a wall that hides, in layer a; a thing before it and one behind it, in layer b."""
    ground = Surface(floor((-30, -30), (30, 30)), Material(color=(0.5, 0.5, 0.5), roughness=1.0))
    barrier = Surface(wall((-4, 0), (4, 4), y=2.5), shining((0.6, 0.1, 0.1)))
    return [
        BuiltElement(DrawData(surfaces=(ground,))),
        BuiltElement(DrawData(surfaces=(barrier,), solids=SOLID), layer="a"),
        BuiltElement(DrawData(instances=(rows_of(THING, [(0.0, -3.0, 0.0), (0.0, 8.0, 0.0)]),)), layer="b"),
    ]


def scene() -> Scene:
    return scene_from_draw_data(elements())


def test_layers_are_columns_of_the_tables() -> None:
    made = scene()
    assert made.layers == ("a", "b")
    assert sorted(chunk.layer for chunk in made.chunks) == [-1] * (len(made.chunks) - 1) + [0]
    assert made.instances.layer.tolist() == [1, 1]
    assert made.solids.layer.tolist() == [0]


def test_what_is_hidden_is_not_seen_and_hides_nothing() -> None:
    made = scene()
    visibility = SceneVisibility(made)
    all_chunks = len(made.chunks)
    for names, things, chunks in (
        (None, 1, all_chunks), (("a",), 0, all_chunks), (("b",), 2, all_chunks - 1), ((), 0, all_chunks - 1),
        (("a", "b"), 1, all_chunks), (("unknown",), 0, all_chunks - 1),
    ):  # fmt: skip
        visibility.show_layers(names)
        for date in (None, 740_000):
            seen = visibility.cull(VIEW, date=date)
            assert (len(seen.instances), len(seen.chunks)) == (things, chunks), (names, date)


def test_the_next_frames_cost_nothing_more() -> None:
    visibility = SceneVisibility(scene())
    visibility.show_layers(("b",))
    first = visibility.cull(VIEW)
    assert visibility.cull(VIEW) is first
    visibility.show_layers(("b",))
    assert visibility.cull(VIEW) is first


@pytest.mark.parametrize("hidden", ["a", "b"])
def test_what_is_hidden_throws_no_shadow(context: GraphicsContext, hidden: str) -> None:
    """The picture is that of a scene in which it never was; its light included."""
    quality = Quality(samples=1, shadow_size=512, reflections=False, anisotropy=1)
    kept = ({"a", "b"} - {hidden}).pop()
    pictures = []
    without = scene_from_draw_data([one for one in elements() if one.layer != hidden])
    sun = light(sun=(0.3, -1.0, 0.7), sun_radiance=0.6, ambient=0.05)
    for made in (scene(), without):
        renderer, target = Renderer(context, quality=quality), RenderTarget(context, (8, 8), samples=1)
        loaded = renderer.load(made)
        renderer.set_environment(sun, date=740_000)
        visibility = loaded.prepared.visibility
        shots = []
        for names in (None, (kept,)):
            loaded.show_layers(names)
            renderer.upload(VIEW, visibility.cull(VIEW, date=740_000))
            renderer.draw(target)
            shots.append(target.read().astype(int))
        pictures.append(shots)
        renderer.close()
        target.close()
    assert (np.abs(pictures[0][0] - pictures[0][1]).max(axis=2) > 20).mean() > 0.004, "hiding changes nothing"
    # openness to the sky is baked for all layers together: nearly the same
    assert (np.abs(pictures[0][1] - pictures[1][1]).max(axis=2) > 12).mean() < 0.003


def test_a_mirror_does_not_show_it_either(context: GraphicsContext) -> None:
    water = Surface(floor((-20, -10), (20, 0)), Material(surface="water"), casts_shadow=False)
    tower = Surface(wall((-6, 0), (6, 9), y=4.0), shining((0.9, 0.1, 0.1)))
    made = scene_from_draw_data([BuiltElement(DrawData(surfaces=(water,))), BuiltElement(DrawData(surfaces=(tower,)), layer="a")])
    renderer, target = Renderer(context, quality=Quality(samples=1, shadow_size=0)), RenderTarget(context, (8, 8), samples=1)
    loaded = renderer.load(made)
    renderer.set_environment(light(sky=(0.1, 0.1, 0.3), ambient=0.3))
    red = []
    for names in (None, ()):
        loaded.show_layers(names)
        renderer.upload(VIEW, loaded.prepared.visibility.cull(VIEW))
        renderer.draw(target)
        pixels = target.read().astype(int)[40:]  # below the horizon: the water
        red.append(int((pixels[..., 0] > pixels[..., 2] + 30).sum()))
    renderer.close()
    target.close()
    assert red[0] > 100 and red[1] == 0


def test_two_scenes_in_one_context_are_drawn_as_each_alone(context: GraphicsContext) -> None:
    blue = Surface(wall((-3, 0), (3, 3)), shining((0.1, 0.1, 0.8)))
    first, second = scene(), scene_from_draw_data([BuiltElement(DrawData(surfaces=(blue,)))])
    renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, (8, 8), samples=1)
    sky = light(sky=(0.1, 0.2, 0.3), ambient=0.5)

    def drawn(visibility: SceneVisibility) -> np.ndarray:
        renderer.upload(VIEW, visibility.cull(VIEW))
        renderer.draw(target)
        return target.read()

    shown = renderer.load(first)
    renderer.set_environment(sky)
    alone = drawn(shown.prepared.visibility)
    steps = renderer.load_steps(prepare(second, PLAIN))
    beside = None
    while beside is None:
        try:
            next(steps)
        except StopIteration as end:
            beside = end.value
        np.testing.assert_array_equal(drawn(shown.prepared.visibility), alone)
    beside.set_environment(sky)
    for _ in renderer.warm_up_steps(beside, VIEW):
        np.testing.assert_array_equal(drawn(shown.prepared.visibility), alone)
    renderer.show(beside)
    entered = drawn(beside.prepared.visibility)
    assert (entered != alone).mean() > 0.1
    renderer.show(shown)
    np.testing.assert_array_equal(drawn(shown.prepared.visibility), alone)
    renderer.unload(beside)
    np.testing.assert_array_equal(drawn(shown.prepared.visibility), alone)
    renderer.close()
    target.close()
