"""Sheets in pictures: what a picture says is what appears, where it must be, in every view; and nothing piles up."""

import gc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from panda3d.core import SamplerState, Texture  # noqa: TID251
from renderer_scenes import PLAIN, floor, light, looking_north, pixel_of, scene_of, shining, together, wall

from vrclient.frame.aids import Aids, Controller, Cursor
from vrclient.frame.sheets import MARKS_MAX, Mark, Sheet, SheetPicture
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid, world_from_body
from vrclient.render_data.culling import SceneVisibility
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pictures import FRAME_PIXELS, PICTURE_PIXELS, Pictures
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Surface

SIZE = (160, 120)
BACKGROUND = 118  # a linear 0.18
ONE = looking_north((0, 0, 1.6), size=SIZE)
TWO = together(looking_north((-0.032, 0, 1.6), size=SIZE), looking_north((0.032, 0, 1.6), size=SIZE))
SCENE = scene_of(
    Surface(floor((-50, -50), (50, 50)), shining((0.18, 0.18, 0.18))),
    Surface(wall((-50, -50), (50, 50), y=20.0), shining((0.18, 0.18, 0.18))),
    Surface(wall((0.5, 0.0), (5.0, 5.0), y=2.0), shining((0.0, 0.0, 0.0))),
)


@dataclass
class Stand:
    """A renderer before a grey world with a black wall 2 m ahead on the right."""

    renderer: Renderer
    target: RenderTarget
    visibility: SceneVisibility

    def frame(self, view_set: ViewSet, *sheets: Sheet, patient: bool = True, **shown: object) -> NDArray[np.int64]:
        self.renderer.upload(view_set, self.visibility.cull(view_set))
        self.renderer.show_sheets(sheets, shown.get("movies"), patient=patient)  # type: ignore[arg-type]
        self.renderer.show_aids(shown.get("aids", Aids()))  # type: ignore[arg-type]
        self.renderer.draw(self.target)
        return self.target.read().astype(np.int64)


def stand(context: GraphicsContext, samples: int) -> Iterator[Stand]:
    quality = replace(PLAIN, samples=samples, anisotropy=8)
    with (
        closing(Renderer(context, quality=quality)) as renderer,
        closing(RenderTarget(context, SIZE, samples=samples)) as target,
    ):
        visibility = SceneVisibility(SCENE)
        renderer.load(SCENE, visibility)
        renderer.set_environment(light())
        yield Stand(renderer, target, visibility)


@pytest.fixture(scope="module")
def plain(context: GraphicsContext) -> Iterator[Stand]:
    yield from stand(context, 1)


@pytest.fixture(scope="module")
def smooth(context: GraphicsContext) -> Iterator[Stand]:
    yield from stand(context, 4)


def picture(pixels: ArrayLike, /) -> SheetPicture:
    return SheetPicture(np.ascontiguousarray(pixels, np.uint8), "a test")


def even(*color: int, size: tuple[int, int] = (8, 8)) -> SheetPicture:
    return picture(np.broadcast_to(np.uint8(color), (*size, 4)))


def over_pixels(
    view_set: ViewSet, left: float, top: float, width: float, height: float, /, *, distance: float
) -> dict[str, object]:
    """Place and size of a sheet over exactly these pixels of the first view."""
    (across, down), fov = view_set.pixels[0], np.tan(view_set.fov[0])
    per_pixel = (fov[1] - fov[0]) / across, (fov[2] - fov[3]) / down
    x = fov[0] + (left + width / 2) * per_pixel[0]
    z = fov[2] - (top + height / 2) * per_pixel[1]
    middle = np.eye(4)
    middle[:3, 3] = distance * np.array([x, 1.0, z])
    return {
        "world_from_sheet": inverse_rigid(view_set.view_from_world[0]) @ middle,
        "size": (distance * width * per_pixel[0], distance * height * per_pixel[1]),
    }


def ahead(x: float = 0.0, z: float = 1.6, *, y: float = 1.3, heading: float = 0.0) -> NDArray[np.float64]:
    return world_from_body((x, y, z), heading=heading)


def at(pixels: NDArray[np.int64], view_set: ViewSet, point: ArrayLike, *, view: int = 0) -> NDArray[np.int64]:
    row, column = pixel_of(view_set, point, view=view)
    return pixels[row, column + view * SIZE[0]]


CHECKER = np.indices((40, 60)).sum(axis=0) % 2 * 255


@pytest.mark.parametrize(("position", "heading", "pitch"), [((0, 0, 1.6), 0.0, 0.0), ((812.3, -455.1, 31.7), 2.1, -0.2)])
def test_texels_on_pixels_are_exactly_themselves(plain: Stand, position: ArrayLike, heading: float, pitch: float) -> None:
    view = looking_north(position, size=SIZE, heading=heading, pitch=pitch)
    noise = np.random.default_rng(3).integers(0, 256, (40, 60, 3))
    for pattern in (np.repeat(CHECKER[..., None], 3, axis=2), noise):
        pixels = np.dstack([pattern, np.full((40, 60), 255)])
        sheet = Sheet("a", picture=picture(pixels), **over_pixels(view, 31, 17, 60, 40, distance=0.6))  # type: ignore[arg-type]
        assert (plain.frame(view, sheet)[17:57, 31:91] == pattern).all()


def test_texels_on_pixels_with_four_samples(smooth: Stand) -> None:
    pixels = np.dstack([CHECKER, CHECKER, CHECKER, np.full((40, 60), 255)])
    sheet = Sheet("a", picture=picture(pixels), **over_pixels(ONE, 31, 17, 60, 40, distance=0.6))  # type: ignore[arg-type]
    assert np.abs(smooth.frame(ONE, sheet)[17:57, 31:91] - CHECKER[..., None]).max() <= 1


@pytest.mark.parametrize("place", ["front", "world"])
@pytest.mark.parametrize("size", [(8, 8), (700, 500)])
def test_a_colour_is_itself_however_large_the_picture(plain: Stand, place: str, size: tuple[int, int]) -> None:
    for tone in ((128, 128, 128), (0, 0, 0), (255, 255, 255), (200, 30, 77)):
        sheet = Sheet("a", ahead(heading=0.3), (0.6, 0.4), even(*tone, 255, size=size), place=place)  # type: ignore[arg-type]
        assert np.abs(at(plain.frame(ONE, sheet), ONE, (0.05, 1.3, 1.65)) - tone).max() <= 1


def test_left_and_right_eye_see_it_where_it_is(plain: Stand) -> None:
    def bright(pixels: NDArray[np.int64], view: int) -> NDArray[np.float64]:
        return np.argwhere(pixels[:, view * SIZE[0] : (view + 1) * SIZE[0], 1] > 200).mean(axis=0)

    for distance in (0.7, 1.3, 4.0):
        sheet = Sheet("a", ahead(y=distance), (0.2 * distance, 0.2 * distance), even(255, 255, 255, 255))
        pixels = plain.frame(TWO, sheet)
        focal = SIZE[1] / 2 / np.tan(np.radians(30))
        disparity = bright(pixels, 0)[1] - bright(pixels, 1)[1]
        assert disparity == pytest.approx(0.064 / distance * focal, abs=1.01)
        assert bright(pixels, 0)[0] == pytest.approx(bright(pixels, 1)[0], abs=0.01)


def test_two_passes_show_the_same_as_one(context: GraphicsContext, plain: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [
        Sheet(
            "a", ahead(0.1, heading=0.2), (0.5, 0.3), even(250, 200, 10, 255), marks=(Mark((0.1, 0.1, 0.4, 0.9), (0, 0, 1, 1)),)
        ),
        Sheet("b", ahead(-0.2, y=1.1), (0.3, 0.3), even(10, 200, 250, 255), place="world"),
    ]
    expected = plain.frame(TWO, *sheets)
    monkeypatch.setattr(context, "info", replace(context.info, viewports_from_vertices=False))
    for one in stand(context, 1):
        assert (np.abs(one.frame(TWO, *sheets) - expected).max(axis=2) > 2).mean() < 0.002


def test_alpha_and_opacity_mix_display_values(plain: Stand) -> None:
    half = Sheet("a", ahead(), (0.6, 0.4), even(200, 100, 0, 128))
    for opacity in (1.0, 0.5):
        alpha = 128 / 255 * opacity
        mixed = alpha * np.array([200, 100, 0]) + (1 - alpha) * BACKGROUND
        assert np.abs(at(plain.frame(ONE, replace(half, opacity=opacity)), ONE, (0, 1.3, 1.6)) - mixed).max() <= 2
    assert (plain.frame(ONE, replace(half, opacity=0.0)) == plain.frame(ONE)).all()


def test_edges_of_what_is_clear_take_no_colour_from_it(plain: Stand) -> None:
    """The clear texels are a glaring green; between them and white ones there is no green at all."""
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:] = (0, 255, 0, 0)
    pixels[4:12, 4:12] = 255
    seen = plain.frame(ONE, Sheet("a", ahead(), (0.9, 0.9), picture(pixels)))
    assert (seen[..., 1] - seen[..., 0]).max() <= 1


def test_fronts_cover_the_scene_and_what_is_in_the_world_hides_behind_it(plain: Stand) -> None:
    there = np.array([1.4, 3.0, 1.6])  # behind the black wall
    sheet = Sheet("a", world_from_body(there), (0.6, 0.6), even(255, 0, 0, 255))
    assert at(plain.frame(ONE, sheet), ONE, there).tolist() == [255, 0, 0]
    hidden = plain.frame(ONE, replace(sheet, place="world"))
    assert (hidden == plain.frame(ONE)).all()
    before = plain.frame(ONE, replace(sheet, place="world", world_from_sheet=world_from_body((0.6, 1.9, 1.6))))
    assert at(before, ONE, (0.6, 1.9, 1.6)).tolist() == [255, 0, 0]


def test_a_sheet_on_a_wall_does_not_flicker_with_it(plain: Stand) -> None:
    view = looking_north((0, -60.0, 1.6), size=SIZE, fov_deg=3)
    sheet = Sheet("a", world_from_body((1.5, 1.999, 1.6)), (0.8, 0.8), even(255, 0, 0, 255), place="world")
    row, column = pixel_of(view, (1.5, 2.0, 1.6))
    assert (plain.frame(view, sheet)[row - 10 : row + 10, column - 10 : column + 10] == [255, 0, 0]).all()


def test_fronts_in_their_order_and_the_world_by_distance_below_them(plain: Stand) -> None:
    red, green, blue = (
        Sheet(name, ahead(y=y), (0.5, 0.5), even(*tone, 255))
        for name, y, tone in (("r", 1.2, (255, 0, 0)), ("g", 1.0, (0, 255, 0)), ("b", 1.4, (0, 0, 255)))
    )
    middle = (0, 1.3, 1.6)
    for order in ((red, green, blue), (blue, red, green), (green, blue, red), (red, blue, green), (red, green, blue)):
        assert (at(plain.frame(ONE, *order), ONE, middle) == order[-1].picture.pixels[0, 0, :3]).all()  # type: ignore[union-attr]
        world = [replace(one, place="world", opacity=0.5) for one in order]
        nearest = at(plain.frame(ONE, *world), ONE, middle)
        assert nearest.tolist() == pytest.approx([64 + 15, 128 + 15, 32 + 15], abs=2), "blue, red, green from the back"
    clear = replace(green, picture=even(0, 255, 0, 255))
    assert at(plain.frame(ONE, blue, replace(clear, place="world")), ONE, middle).tolist() == [0, 0, 255]


def test_from_behind_it_is_not_there(plain: Stand) -> None:
    turned = Sheet("a", ahead(heading=np.pi), (0.6, 0.4), even(255, 0, 0, 255))
    assert (plain.frame(ONE, turned) == plain.frame(ONE)).all()


def test_cursor_hand_and_blink_are_above(plain: Stand) -> None:
    sheet = Sheet("a", ahead(), (1.5, 1.0), even(255, 0, 0, 255))
    spot, narrow = np.array([0.1, 1.3, 1.7]), looking_north((0, 0, 1.6), size=SIZE, fov_deg=20)
    cursor = Aids(cursor=Cursor(spot, np.array([0.0, -1.0, 0.0])))
    assert at(plain.frame(narrow, sheet, aids=cursor), narrow, spot).min() > 200
    grip = world_from_body((-0.1, 0.5, 1.5))
    held = Controller(grip, "", 0)
    without, with_hand = plain.frame(ONE, sheet), plain.frame(ONE, sheet, aids=Aids(controllers=(held,)))
    assert (with_hand != without).any(axis=2).sum() > 50, "a hand before the panel is seen"
    beyond = replace(held, world_from_grip=world_from_body((-0.1, 1.6, 1.6)))
    assert (plain.frame(ONE, sheet, aids=Aids(controllers=(beyond,))) == without).all()
    assert plain.frame(ONE, sheet, aids=Aids(blink=1.0)).max() == 0


def test_a_part_fills_the_sheet(plain: Stand) -> None:
    quarters = np.zeros((40, 40, 4), np.uint8)
    quarters[:20, :20], quarters[:20, 20:] = (255, 0, 0, 255), (0, 255, 0, 255)
    quarters[20:, :20], quarters[20:, 20:] = (0, 0, 255, 255), (255, 255, 0, 255)
    whole = Sheet("a", ahead(), (0.6, 0.6), picture(quarters))
    seen = plain.frame(ONE, whole)
    places = {(-0.15, 1.75): [255, 0, 0], (0.15, 1.75): [0, 255, 0], (-0.15, 1.45): [0, 0, 255], (0.15, 1.45): [255, 255, 0]}
    for (x, z), color in places.items():
        assert at(seen, ONE, (x, 1.3, z)).tolist() == color
        left, top = (0.5 if x > 0 else 0.0), (0.5 if z < 1.6 else 0.0)
        part = plain.frame(ONE, replace(whole, part=(left, top, left + 0.5, top + 0.5)))
        for x2, z2 in ((-0.2, 1.8), (0.2, 1.8), (0.0, 1.6), (-0.2, 1.4), (0.2, 1.4)):
            assert at(part, ONE, (x2, 1.3, z2)).tolist() == color


def shape(mark: Mark, width: int, height: int) -> NDArray[np.float64]:
    """[H, W] share of each pixel that a rounded rectangle covers, by 8 x 8 samples."""
    y, x = (np.indices((height * 8, width * 8)) + 0.5) / 8
    left, top, right, bottom = np.array(mark.rect) * [width, height, width, height]
    radius = mark.radius * height
    dx = np.maximum(np.maximum(left + radius - x, x - right + radius), 0)
    dy = np.maximum(np.maximum(top + radius - y, y - bottom + radius), 0)
    inside = (np.hypot(dx, dy) <= radius) if radius else (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return inside.reshape(height, 8, width, 8).mean(axis=(1, 3))


@pytest.mark.parametrize(
    "mark",
    [
        Mark((0.1, 0.2, 0.9, 0.7), (1, 1, 1, 1)),
        Mark((0.1, 0.2, 0.9, 0.7), (1, 1, 1, 1), 0.2),
        Mark((0.3, 0.1, 0.6, 0.9), (1, 1, 1, 1), 9.0),
        Mark((0.0, 0.0, 1.0, 1.0), (1, 1, 1, 1), 0.1),
    ],
)
def test_marks_are_rounded_rectangles_with_soft_edges(plain: Stand, mark: Mark) -> None:
    width, height = 90, 60
    sheet = Sheet("a", marks=(mark,), **over_pixels(ONE, 30, 20, width, height, distance=1.0))  # type: ignore[arg-type]
    ground = plain.frame(ONE)[20:80, 30:120, 0]
    seen = (plain.frame(ONE, sheet)[20:80, 30:120, 0] - ground) / (255 - ground)
    sides = (mark.rect[2] - mark.rect[0]) * width / height, mark.rect[3] - mark.rect[1]
    expected = shape(replace(mark, radius=min(mark.radius, min(sides) / 2)), width, height)
    assert np.abs(seen - expected).max() < 0.2
    assert seen.mean() == pytest.approx(expected.mean(), abs=0.004)


def test_all_marks_lie_over_the_picture_later_ones_on_top(plain: Stand) -> None:
    width = 1.0 / MARKS_MAX
    marks = tuple(Mark((k * width, 0, (k + 1) * width, 1), (0, k / MARKS_MAX, 1, 1)) for k in range(MARKS_MAX))
    sheet = Sheet("a", even_place(), (0.8, 0.4), even(255, 0, 0, 255), marks=marks)
    seen = plain.frame(ONE, sheet)
    for k in range(MARKS_MAX):
        assert at(seen, ONE, (-0.4 + 0.8 * (k + 0.5) * width, 1.3, 1.6)).tolist() == [0, round(255 * k / MARKS_MAX), 255]
    half = Mark((0, 0, 1, 1), (1, 1, 1, 0.5))
    over = replace(sheet, marks=(Mark((0, 0, 1, 1), (0, 0, 0, 1)), half))
    assert at(plain.frame(ONE, over), ONE, (0, 1.3, 1.6)).tolist() == pytest.approx([128] * 3, abs=1)
    assert at(plain.frame(ONE, replace(sheet, marks=())), ONE, (0, 1.3, 1.6)).tolist() == [255, 0, 0]


def even_place() -> NDArray[np.float64]:
    return ahead()


def test_wrong_sheets_are_refused_in_words(plain: Stand) -> None:
    sheet = Sheet("menu", ahead(), (1, 1), even(0, 0, 0, 255))
    with pytest.raises(ValueError, match=r"^sheets: two have the key 'menu'; expected each once$"):
        plain.frame(ONE, sheet, sheet)
    with pytest.raises(ValueError, match=r"^sheet 'menu' has 9 marks; expected at most 8$"):
        plain.frame(ONE, replace(sheet, marks=(Mark((0, 0, 1, 1), (1, 1, 1, 1)),) * 9))
    wrong = SheetPicture(np.zeros((3, 3, 3), np.uint8), "stills/a.png")
    with pytest.raises(
        ValueError,
        match=r"^pixels of picture 'stills/a.png' have shape \(3, 3, 3\) and dtype uint8; "
        r"expected \(H, W, 4\) uint8 with H, W >= 1$",
    ):
        plain.frame(ONE, replace(sheet, picture=wrong))
    plain.frame(ONE)


def settled(stand: Stand, view_set: ViewSet, *sheets: Sheet, frames: int = 400) -> Iterator[NDArray[np.int64]]:
    """Frame after frame without waiting for pictures."""
    for _ in range(frames):
        yield stand.frame(view_set, *sheets, patient=False)


def test_until_a_new_picture_is_there_the_former_one_stays(plain: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    red, green = even(255, 0, 0, 255), even(0, 255, 0, 255)
    sheet, middle = Sheet("a", ahead(), (0.6, 0.4), red), (0, 1.3, 1.6)
    assert at(plain.frame(ONE, sheet), ONE, middle).tolist() == [255, 0, 0]
    ready = False
    asked = Pictures.texture
    monkeypatch.setattr(Pictures, "texture", lambda self, one: None if one is green and not ready else asked(self, one))
    changed = replace(sheet, picture=green, part=(0.25, 0.25, 0.5, 0.5))
    for seen in settled(plain, ONE, changed, frames=3):
        assert at(seen, ONE, middle).tolist() == [255, 0, 0]
    ready = True
    colors = [at(seen, ONE, middle).tolist() for seen in settled(plain, ONE, changed, frames=30)]
    assert colors[-1] == [0, 255, 0]
    assert {tuple(one) for one in colors} <= {(255, 0, 0), (0, 255, 0)}


def test_a_frame_takes_few_pixels_up_and_one_picture_always(context: GraphicsContext) -> None:
    pictures = Pictures()
    small = [even(k, 0, 0, 255, size=(500, 500)) for k in range(9)]
    large = even(9, 0, 0, 255, size=(1500, 1000))
    pictures.begin_frame()
    up = {id(one) for one in (*small, large) if pictures.texture(one) is not None}
    for held in pictures._held.values():
        held.future.result()
    frames = 0
    while len(up) < 10:
        pictures.begin_frame()
        new = {id(one) for one in (*small, large) if pictures.texture(one) is not None} - up
        assert new == {id(large)} or 0 < len(new) * 500 * 500 <= FRAME_PIXELS
        up |= new
        frames += 1
    assert frames >= 3
    pictures.close()


def test_a_huge_picture_is_made_smaller(plain: Stand) -> None:
    pixels = np.zeros((2200, 2200, 4), np.uint8)
    pixels[:, :1100], pixels[:, 1100:] = (255, 0, 0, 255), (0, 0, 255, 255)
    assert PICTURE_PIXELS < 2200 * 2200
    seen = plain.frame(ONE, Sheet("a", ahead(), (0.6, 0.6), picture(pixels)))
    assert at(seen, ONE, (-0.2, 1.3, 1.6)).tolist() == [255, 0, 0]
    assert at(seen, ONE, (0.2, 1.3, 1.6)).tolist() == [0, 0, 255]


def test_hundreds_of_pictures_one_after_the_other_leave_nothing_behind(context: GraphicsContext, plain: Stand) -> None:
    def prepared() -> int:
        return int(context.gsg.prepared_objects.get_num_prepared_textures())

    sheet = Sheet("a", ahead(), (0.6, 0.4), even(0, 0, 0, 255))
    plain.frame(ONE, sheet)
    gc.disable()  # as in frames
    try:
        before = prepared()
        for k in range(200):
            color = even(k % 256, k // 256, 7, 255)
            keys = {"key": k} if k % 2 else {}
            plain.renderer.show_sheets([replace(sheet, picture=color, **keys)], patient=True)  # type: ignore[arg-type]
            plain.renderer.draw(plain.target)
        plain.frame(ONE)
        plain.frame(ONE)
        assert prepared() <= before
        assert len(plain.renderer._pictures) == 2, "the sheet's and the last one"
    finally:
        gc.enable()
    assert sum(one.name == "a test" for one in textures_of_states()) < 180, "empty shells, swept out now and then"


def textures_of_states() -> list[Texture]:
    """Those that the engine's store of states keeps."""
    from panda3d.core import RenderState, ShaderAttrib  # noqa: TID251

    found = {}
    for state in RenderState.get_states():
        attrib = state.get_attrib(ShaderAttrib)
        if attrib is not None and attrib.has_shader_input("picture"):
            texture = attrib.get_shader_input("picture").get_texture()
            if texture is not None:
                found[texture.this] = texture
    return list(found.values())


def test_what_is_not_shown_for_long_is_dropped_and_comes_back(plain: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.renderer.pictures.KEPT_FRAMES", 100)
    sheet = Sheet("a", ahead(), (0.6, 0.4), even(255, 0, 0, 255))
    seen = plain.frame(ONE, sheet)
    for _ in range(200):
        plain.renderer.show_sheets(())
    assert len(plain.renderer._pictures) == 0
    assert (plain.frame(ONE, sheet) == seen).all()


def test_another_number_of_views_and_back(plain: Stand) -> None:
    sheet = Sheet("a", ahead(), (0.6, 0.4), even(255, 0, 0, 255))
    one, two = plain.frame(ONE, sheet), plain.frame(TWO, sheet)
    assert at(two, TWO, (0, 1.3, 1.6), view=1).tolist() == [255, 0, 0]
    assert (plain.frame(ONE, sheet) == one).all()


def test_a_film_is_upright_and_without_its_padding(plain: Stand) -> None:
    """As the engine's films are: rows from below, in a texture that may be larger than the picture."""
    texture = Texture("film")
    texture.setup_2d_texture(64, 64, Texture.T_unsigned_byte, Texture.F_rgb)
    texture.set_pad_size(24, 34)
    rows = np.zeros((64, 64, 3), np.uint8)
    rows[...] = (0, 255, 0)
    rows[:30, :40] = (0, 0, 255)  # BGR: red
    rows[15:30, :40] = (255, 0, 0)
    texture.set_ram_image(rows.tobytes())
    texture.minfilter = texture.magfilter = SamplerState.FT_linear

    class Films:
        def texture(self, screen: str) -> Texture | None:
            return texture if screen == "stage" else None

    assert tuple(texture.get_tex_scale()) == (40 / 64, 30 / 64)
    sheet = Sheet("a", ahead(), (0.8, 0.6), movie="stage", place="world")
    seen = plain.frame(ONE, sheet, movies=Films())
    for x in (-0.37, 0.0, 0.37):
        assert at(seen, ONE, (x, 1.3, 1.8)).tolist() == [0, 0, 255]
        assert at(seen, ONE, (x, 1.3, 1.4)).tolist() == [255, 0, 0]
    assert (plain.frame(ONE, replace(sheet, movie="other"), movies=Films()) == plain.frame(ONE)).all()
    assert (plain.frame(ONE, sheet) == plain.frame(ONE)).all(), "nobody shows films"


def test_small_text_stays_legible_where_it_is_made_smaller(plain: Stand) -> None:
    """Lines of one texel, two to a pixel: an even grey without waves, from any place."""
    lines = np.zeros((256, 256, 4), np.uint8)
    lines[..., 3], lines[::2, :, :3] = 255, 255
    for shift in (0.0, 0.3, 0.7):
        sheet = Sheet("a", picture=picture(lines), **over_pixels(ONE, 16 + shift, 8 + shift, 96, 96, distance=1))  # type: ignore[arg-type]
        middle = plain.frame(ONE, sheet)[20:90, 30:100, 0]
        assert middle.std() < 30
        assert middle.mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("views", [ONE, TWO], ids=["one view", "two views"])
def test_views_that_come_late_count_for_sheets_too(plain: Stand, views: ViewSet) -> None:
    sheet = Sheet("a", ahead(), (0.3, 0.2), even(255, 0, 0, 255))
    turned = views.seen_from(world_from_body((0, 0, 0), heading=-0.05) @ views.view_from_world)
    expected = plain.frame(turned, sheet)
    assert (expected != plain.frame(views, sheet)).any()
    plain.renderer.upload(views, plain.visibility.cull(turned))
    plain.renderer.show_sheets([sheet], patient=True)
    plain.renderer.draw(plain.target, late=lambda: turned)
    assert (plain.target.read() == expected).all()


def test_sheets_stay_when_another_scene_is_shown(plain: Stand) -> None:
    sheet = Sheet("a", ahead(), (0.6, 0.4), even(255, 0, 0, 255))
    plain.frame(ONE, sheet)
    other = scene_of(Surface(wall((-50, -50), (50, 50), y=9.0), shining((0.0, 0.0, 1.0))))
    visibility = SceneVisibility(other)
    plain.renderer.load(other, visibility)
    seen = Stand(plain.renderer, plain.target, visibility).frame(ONE, sheet, patient=False)
    plain.renderer.load(SCENE, plain.visibility)
    assert at(seen, ONE, (0, 1.3, 1.6)).tolist() == [255, 0, 0]
    assert seen[2, 2, 2] > 200 > 60 > seen[2, 2, 0], "the other scene"
