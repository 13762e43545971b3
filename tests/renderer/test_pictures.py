"""Real pictures from a real driver: colours, places, edges, shadows, several views."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from renderer_scenes import (
    PLAIN,
    column,
    floor,
    light,
    looking_north,
    picture,
    picture_and_stats,
    pixel_of,
    rows_of,
    scene_of,
    shining,
    together,
    wall,
)

from vrclient.frame.views import ViewSet
from vrclient.geometry.mesh import transformed
from vrclient.render_data.culling import SceneVisibility, Visible
from vrclient.renderer import context as context_module
from vrclient.renderer.context import GraphicsContext, open_context
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.colors import linear_from_srgb
from vrclient.scene.draw_data import Image, InstanceMesh, Material, Surface
from vrclient.visibility.batches import VisibleSet

NIGHT = light()
GREY = tuple(linear_from_srgb([127.5 / 255] * 3))


@pytest.mark.parametrize("value", [(128, 128, 128), (40, 90, 150), (10, 10, 10), (180, 60, 20)])
def test_a_shining_patch_has_exactly_its_colour(context: GraphicsContext, value: tuple[int, int, int]) -> None:
    patch = Surface(wall((-9, -9), (9, 9), y=5.0), shining(linear_from_srgb(np.array(value) / 255)))
    pixels = picture(context, scene_of(patch), looking_north((0, 0, 0)), NIGHT)
    assert np.abs(pixels.astype(int) - value).max() <= 2


def test_a_grey_wall_in_even_light_has_exactly_its_colour(context: GraphicsContext) -> None:
    patch = Surface(wall((-9, -9), (9, 9), y=5.0), Material(color=GREY, roughness=1.0))
    pixels = picture(context, scene_of(patch), looking_north((0, 0, 0)), light(ambient=1.0))
    assert np.abs(pixels[24:40, 40:56].astype(int) - 128).max() <= 4


def test_the_sky_is_what_the_table_says_and_lies_behind_everything(context: GraphicsContext) -> None:
    far = Surface(wall((-9000, -9000), (0, 9000), y=4900.0), shining((0.0, 0.0, 0.0)))
    sky = linear_from_srgb([60 / 255, 120 / 255, 200 / 255]).astype(np.float32)
    pixels = picture(context, scene_of(far), looking_north((0, 0, 1)), light(sky=sky)).astype(int)
    assert np.abs(pixels[:, 50:] - [60, 120, 200]).max() <= 2
    assert np.abs(pixels[:, :46] - 0).max() <= 2


def test_of_two_surfaces_in_one_plane_the_same_one_is_seen_every_time(context: GraphicsContext) -> None:
    """The engine would draw them by where in memory their states lie."""
    corners = wall((-9, -9), (9, 9), y=5.0)
    colors = (200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0)
    images = [Image(np.full((4, 4, 4), (*color, 255), np.uint8), "plain") for color in colors]
    shining_ones = [Material(image=one, color=(1, 1, 1), emission=0.3, emission_when="always") for one in images]
    scene = scene_of(*(Surface(corners, one) for one in shining_ones))
    pictures = [picture(context, scene, looking_north((0, 0, 0)), NIGHT) for _ in range(8)]
    assert all(np.array_equal(one, pictures[0]) for one in pictures)


def test_a_wall_a_hand_before_another_hides_it_even_far_away(context: GraphicsContext) -> None:
    behind = Surface(wall((-300, -300), (300, 300), y=800.1), shining((0.4, 0.0, 0.0)))
    before = Surface(wall((-300, -300), (300, 300), y=800.0), shining((0.0, 0.4, 0.0)))
    pixels = picture(context, scene_of(behind, before), looking_north((0, 0, 0), fov_deg=20), NIGHT)
    assert pixels[..., 0].max() <= 2 and pixels[..., 1].min() > 150


def test_pictures_on_walls_stand_upright_and_are_not_mirrored(context: GraphicsContext) -> None:
    colors = np.zeros((2, 2, 4), np.uint8)
    colors[..., 3] = 255
    colors[0, 0, :3], colors[0, 1, :3], colors[1, 0, :3], colors[1, 1, :3] = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
    sharp = Image(np.kron(colors, np.ones((32, 32, 1), np.uint8)), "quarters")
    material = Material(surface="image", image=sharp, color=(1, 1, 1), emission=0.3, emission_when="always", roughness=1.0)
    back = Surface(wall((-9, -9), (9, 9), y=5.0), shining((0.05, 0.05, 0.05)))
    sign = Surface(wall((-2, -2), (2, 2), y=5.0), material)
    view = looking_north((0, 0, 0))
    pixels = picture(context, scene_of(back, sign), view, NIGHT).astype(int)
    for point, channels in (((-1, 5, 1), (0,)), ((1, 5, 1), (1,)), ((-1, 5, -1), (2,)), ((1, 5, -1), (0, 1))):
        pixel = pixels[pixel_of(view, point)]
        assert sorted(np.flatnonzero(pixel > 100)) == list(channels)


def test_a_clear_picture_lets_the_wall_behind_be_seen(context: GraphicsContext) -> None:
    half = np.zeros((8, 8, 4), np.uint8)
    half[..., 3] = 128
    back = Surface(wall((-9, -9), (9, 9), y=5.0), shining((0.214, 0.214, 0.214)))
    veil = Surface(wall((-9, -9), (9, 9), y=5.0), Material(surface="image", image=Image(half, "veil"), color=(1, 1, 1)))
    pixels = picture(context, scene_of(back, veil), looking_north((0, 0, 0)), NIGHT).astype(int)
    assert np.abs(pixels - 64).max() <= 3


def test_rows_land_where_they_must_with_their_tint_heading_and_scale(context: GraphicsContext) -> None:
    thing = InstanceMesh("column", ((Surface(transformed(column(), offset(0.0, 1.0)), shining((0.4, 0.4, 0.4))),),))
    position = [(-6, 20, 0), (0, 20, 0), (6, 20, 0)]
    tint = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    heading = [0.0, np.pi / 2, np.pi]
    scene = scene_of(instances=(rows_of(thing, position, tint=tint, heading=heading, scale=[(1, 1, 1), (1, 2, 1), (1, 1, 2)]),))
    view = looking_north((0, 0, 3), size=(160, 96))
    pixels, stats = picture_and_stats(context, scene, view, NIGHT)
    centers = [(-6, 21, 1), (2, 20, 1), (6, 19, 3)]
    for channel, point in enumerate(centers):
        row, column_ = pixel_of(view, point)
        assert np.argmax(pixels[row, column_]) == channel and pixels[row, column_, channel] > 100
    assert pixels[pixel_of(view, (0, 20, 1))].max() <= 2
    assert (stats.instances, stats.triangles, stats.draw_calls) == (3, 30, 2)


def offset(x: float, y: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:2, 3] = x, y
    return matrix


def slanted_scene() -> tuple[Surface, ...]:
    turn = np.eye(4)
    turn[:3, :3] = [[np.cos(0.2), 0, np.sin(0.2)], [0, 1, 0], [-np.sin(0.2), 0, np.cos(0.2)]]
    return (Surface(transformed(wall((-2, -2), (2, 2), y=6.0), turn), shining((0.5, 0.5, 0.5))),)


def test_edges_are_smooth_with_samples_and_only_then(context: GraphicsContext) -> None:
    between = {}
    for samples in (1, 4):
        pixels = picture(
            context, scene_of(*slanted_scene()), looking_north((0, 0, 0)), NIGHT, quality=replace(PLAIN, samples=samples)
        )
        between[samples] = int(((pixels[..., 0] > 15) & (pixels[..., 0] < 170)).sum())
    assert between[1] == 0 and between[4] > 60


def crowd(count: int = 60) -> tuple[tuple[Surface, ...], tuple]:
    random = np.random.default_rng(3)
    things = [
        InstanceMesh(
            f"thing {k}",
            (
                (Surface(column(radius=1.2, height=2.0 + k), shining((0.3, 0.1 * k, 0.2))),),
                (Surface(column(radius=1.2, height=2.0), shining((0.3, 0.1, 0.2))),),
            ),
            (40.0,),
        )
        for k in range(3)
    ]
    position = np.column_stack([random.uniform(-60, 60, (count, 2)), np.zeros(count)])
    instances = tuple(
        rows_of(thing, position[k::3], tint=random.uniform(0.3, 1.0, (len(position[k::3]), 3))) for k, thing in enumerate(things)
    )
    blocks = tuple(
        Surface(transformed(column(radius=3.0, height=6.0), offset(x, y)), shining((0.2, 0.2, 0.3)))
        for x in range(-70, 80, 20)
        for y in range(-70, 80, 20)
    )
    return (Surface(floor((-90, -90), (90, 90)), shining((0.05, 0.1, 0.02))), *blocks), instances


@pytest.mark.parametrize("stereo", ["one pass", "two passes"])
def test_two_views_are_the_same_as_each_alone(context: GraphicsContext, stereo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "info", replace(context.info, viewports_from_vertices=stereo == "one pass"))
    surfaces, instances = crowd()
    scene = scene_of(*surfaces, instances=instances)
    left, right = looking_north((-0.4, -30, 1.7), heading=0.1), looking_north((0.4, -30, 1.7), heading=0.2, size=(80, 48))
    environment, quality = light(sky=(0.1, 0.2, 0.3)), replace(PLAIN, samples=4)
    both, stats = picture_and_stats(context, scene, together(left, right), environment, quality=quality)
    assert both.shape == (64, 96 + 80, 3)
    assert stats.stereo == stereo
    for single, part in ((left, both[:, :96]), (right, both[-48:, 96:])):
        alone = picture(context, scene, single, environment, quality=quality)
        difference = np.abs(alone.astype(int) - part).max(axis=2)
        print(stereo, (difference > 1).sum(), difference.max())
        assert (difference > 1).mean() < 0.005, "dithering and the rounding of edges may shift with the place in the target"


def test_near_and_far_views_differ_as_they_must(context: GraphicsContext) -> None:
    post = Surface(wall((-0.1, 0), (0.1, 3), y=4.0), shining((0.5, 0.5, 0.5)))
    views = together(looking_north((-0.1, 0, 1.5)), looking_north((0.1, 0, 1.5)))
    pixels = picture(context, scene_of(post), views, NIGHT)
    middle = [float(np.flatnonzero(part[32, :, 0] > 100).mean()) for part in (pixels[:, :96], pixels[:, 96:])]
    expected = [pixel_of(views, (0, 4, 1.5), view=k)[1] for k in (0, 1)]
    assert middle[0] > 48 > middle[1]
    assert np.abs(np.array(middle) - expected).max() <= 1.0


def test_what_is_culled_is_never_missed(context: GraphicsContext) -> None:
    surfaces, instances = crowd(200)
    scene = scene_of(*surfaces, instances=instances)
    renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, (96, 64), samples=1)
    renderer.load(scene, SceneVisibility(scene))
    renderer.set_environment(light(sky=(0.1, 0.2, 0.3)))
    visibility = SceneVisibility(scene)
    for step in range(12):
        view = looking_north((step * 2.0 - 10, -20 + step, 1.7), heading=step * 0.5)
        visible = visibility.cull(view)
        renderer.upload(view, visible)
        renderer.draw(target)
        culled = target.read().copy()
        renderer.upload(
            view,
            replace(
                visible,
                chunks=with_all_chunks(visible.chunks, len(scene.chunks)),
                instances=with_all_rows(visible.instances, scene.instances.mesh),
            ),
        )
        renderer.draw(target)
        assert np.array_equal(culled, target.read())
    renderer.close()
    target.close()


def with_all_chunks(visible: VisibleSet, count: int) -> VisibleSet:
    """Every chunk, at the level it has or else near."""
    far = visible.rows[visible.offsets[0, 1] :]
    near = np.setdiff1d(np.arange(count), far).astype(np.uint32)
    return VisibleSet(np.concatenate([near, far]), np.int32([[len(near), len(far)]]), np.int32([[0, len(near)]]))


def with_all_rows(visible: VisibleSet, mesh: np.ndarray) -> VisibleSet:
    """Every row, at the level it has or else the finest."""
    groups = []
    for m in range(len(visible.counts)):
        seen = [visible.rows[start : start + count] for start, count in zip(visible.offsets[m], visible.counts[m], strict=True)]
        missing = np.setdiff1d(np.flatnonzero(mesh == m), np.concatenate(seen)).astype(np.uint32)
        groups += [np.concatenate([seen[0], missing]), *seen[1:]]
    counts = np.int32([len(group) for group in groups])
    shape = visible.counts.shape
    return VisibleSet(np.concatenate(groups), counts.reshape(shape), (np.cumsum(counts) - counts).astype(np.int32).reshape(shape))


@pytest.mark.parametrize(("sun", "shaded"), [((-1, 0, 1), (2.5, 10)), ((1, 0, 1), (-2.5, 10)), ((0, 1, 1), (0, 7.5))])
@pytest.mark.parametrize("repeated", [False, True])
def test_shadows_fall_away_from_the_sun(
    context: GraphicsContext, sun: tuple[int, int, int], shaded: tuple[float, float], repeated: bool
) -> None:
    ground = Surface(floor((-40, -40), (40, 40)), Material(color=(0.5, 0.5, 0.5), roughness=1.0))
    post = Surface(column(radius=1.0, height=3.0), Material(color=(0.5, 0.5, 0.5), roughness=1.0))
    if repeated:
        scene = scene_of(ground, instances=(rows_of(InstanceMesh("post", ((post,),)), [(0, 10, 0)]),))
    else:
        scene = scene_of(ground, replace(post, mesh=transformed(post.mesh, offset(0, 10))))
    view = looking_north((0, 10, 30), pitch=-np.pi / 2)
    pixels = picture(context, scene, view, light(sun=sun, sun_radiance=1.0), quality=replace(PLAIN, shadow_size=1024)).astype(int)
    places = [(2.5, 10), (-2.5, 10), (0, 7.5), (0, 12.5)]
    dark = [place for place in places if pixels[pixel_of(view, (*place, 0))].max() < 30]
    assert dark == [shaded]
    assert pixels[pixel_of(view, (6.5, 14, 0))].min() > 120


def test_a_driver_without_reversed_depth_shows_the_same(context: GraphicsContext, monkeypatch: pytest.MonkeyPatch) -> None:
    surfaces, instances = crowd()
    scene, view = scene_of(*surfaces, instances=instances), looking_north((0, -30, 1.7))
    environment, quality = light(sun=(-1, 0.3, 1), sun_radiance=1.0, sky=(0.1, 0.2, 0.3)), replace(PLAIN, shadow_size=512)
    usual = picture(context, scene, view, environment, quality=quality)
    monkeypatch.setattr(context_module, "_reverse_depth", lambda: False)
    old = open_context("offscreen")
    assert not old.info.reversed_depth
    plain = picture(old, scene, view, environment, quality=quality)
    old.close()
    assert float((np.abs(plain.astype(int) - usual).max(axis=2) > 3).mean()) < 0.01


def test_what_is_not_uploaded_again_is_still_right(context: GraphicsContext) -> None:
    """The very same visible set once more, after another one, with another number of views, and after another scene."""
    surfaces, instances = crowd(60)
    scene, other = scene_of(*surfaces, instances=instances), scene_of(Surface(wall((-9, -9), (9, 9), y=5.0), Material()))
    near, away = looking_north((0, -20, 1.7)), looking_north((0, -20, 1.7), heading=1.0)
    renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, (96, 64), samples=1)
    renderer.load(scene, SceneVisibility(scene))
    renderer.set_environment(light(sky=(0.1, 0.2, 0.3), ambient=1.0))

    def drawn(view: ViewSet, visible: Visible) -> NDArray[np.uint8]:
        renderer.upload(view, visible)
        renderer.draw(target)
        return target.read()

    first, second = SceneVisibility(scene).cull(near), SceneVisibility(scene).cull(away)
    expected = drawn(near, first)
    np.testing.assert_array_equal(drawn(near, first), expected)
    assert (drawn(away, second) != expected).any()
    np.testing.assert_array_equal(drawn(near, first), expected)
    both = together(near, near)
    np.testing.assert_array_equal(drawn(both, SceneVisibility(scene).cull(both))[:, :96], expected)
    np.testing.assert_array_equal(drawn(near, first), expected)
    renderer.load(other, SceneVisibility(other))
    assert (drawn(near, SceneVisibility(other).cull(near)) != expected).any()
    renderer.load(scene, SceneVisibility(scene))
    np.testing.assert_array_equal(drawn(near, first), expected)
    renderer.close()
    target.close()


def test_a_smaller_view_makes_a_smaller_picture_of_the_same_target(context: GraphicsContext) -> None:
    scene = scene_of(Surface(wall((-9, -9), (9, 9), y=5.0), shining((0.2, 0.2, 0.2))))
    renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, (8, 8), samples=1)
    renderer.load(scene, SceneVisibility(scene))
    renderer.set_environment(NIGHT)
    for size in ((96, 64), (33, 21), (120, 80)):
        view = looking_north((0, 0, 0), size=size)
        renderer.upload(view, SceneVisibility(scene).cull(view))
        renderer.draw(target)
        pixels = target.read()
        assert pixels.shape == (size[1], size[0], 3)
        assert pixels.min() > 100
    renderer.close()
    target.close()


def test_an_empty_scene_is_all_sky(context: GraphicsContext) -> None:
    pixels = picture(context, scene_of(), looking_north((0, 0, 0)), light(sky=(0.214, 0.214, 0.214)))
    assert np.abs(pixels.astype(int) - 127).max() <= 2


def test_wrong_calls_are_named(context: GraphicsContext) -> None:
    renderer, target = Renderer(context, quality=PLAIN), RenderTarget(context, (8, 8), samples=1)
    scene = scene_of()
    view = looking_north((0, 0, 0))
    visible = SceneVisibility(scene).cull(view)
    with pytest.raises(ValueError, match=r"^no scene is loaded; call load first$"):
        renderer.upload(view, visible)
    renderer.load(scene, SceneVisibility(scene))
    with pytest.raises(ValueError, match=r"^nothing is uploaded; call upload first$"):
        renderer.draw(target)
    with pytest.raises(ValueError, match=r"^view_set has 5 views; expected at most 4$"):
        renderer.upload(together(*[view] * 5), visible)
    renderer.close()
    target.close()
