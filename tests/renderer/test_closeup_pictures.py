"""A picture close up, made of tiles, in pictures: the same as the picture itself, and no seams."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from renderer_scenes import PLAIN, floor, light, looking_north, scene_of, shining

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.panels import tiles as tiles_module
from vrclient.panels.closeup import Framing, framing, tile_sheets
from vrclient.panels.tiles import TiledPicture
from vrclient.render_data.culling import SceneVisibility
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.targets import RenderTarget
from vrclient.scene.draw_data import Surface

SIZE = (240, 180)
FILE = (410, 300)
VIEW = looking_north((0, 0, 1.6), size=SIZE)
FOV = np.tan(VIEW.fov[0])
AREA = (float(FOV[1] - FOV[0]), float(FOV[2] - FOV[3]))
"""Metres: all of the view, 1 m ahead."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NDArray[np.uint8]]:
    """Soft shapes and fine lines, in colours."""
    noise = np.random.default_rng(5).integers(0, 256, (FILE[1], FILE[0], 3), np.uint8)
    picture = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(1.2))
    pixels = np.asarray(picture).copy()
    pixels[::23] = (250, 240, 20)
    pixels[:, ::31] = (10, 20, 90)
    path = tmp_path_factory.mktemp("original") / "a.bmp"
    Image.fromarray(pixels).save(path)
    return path, pixels


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of 56 pixels, so that a small picture has many."""
    monkeypatch.setattr(tiles_module, "TILE", 64)
    monkeypatch.setattr(tiles_module, "STEP", 64 - 2 * tiles_module.BORDER)


def drawn(context: GraphicsContext, path: Path, framed: Framing, *, samples: int = 1, view: ViewSet = VIEW) -> NDArray[np.int64]:
    scene = scene_of(Surface(floor((-50, -50), (50, 50)), shining((1.0, 0.0, 1.0))))
    visibility = SceneVisibility(scene)
    with (
        closing(Renderer(context, quality=PLAIN)) as renderer,
        closing(RenderTarget(context, SIZE, samples=samples)) as target,
        closing(TiledPicture.open(path)) as tiled,
    ):
        renderer.load(scene, visibility)
        renderer.set_environment(light(sky=(1.0, 0.0, 1.0)))
        assert tiled.settle(seconds=20)
        tiled.tiles(framed.part, SIZE)
        assert tiled.settle(seconds=20)
        middle = np.eye(4)
        middle[1, 3] = 1.0
        world_from_area = inverse_rigid(VIEW.view_from_world[0]) @ middle
        sheets = tile_sheets(tiled.tiles(framed.part, SIZE), framed, world_from_area, key="close up")
        assert len(sheets) > 4
        renderer.upload(view, visibility.cull(view))
        renderer.show_sheets(sheets, patient=True)
        renderer.draw(target)
        return target.read().astype(np.int64)


def resized(pixels: NDArray[np.uint8], framed: Framing) -> NDArray[np.int64]:
    """The part at the view's size, by Pillow."""
    left, top, right, bottom = np.multiply(framed.part, (*FILE, *FILE))
    picture = Image.fromarray(pixels).resize(SIZE, Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    return np.asarray(picture).astype(np.int64)


@pytest.mark.parametrize("zoom", [1.0 * FILE[0] / SIZE[0], 2.7, 6.3])
@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("middle", [(0.5, 0.5), (0.318, 0.77)])
@pytest.mark.usefixtures("small_tiles")
def test_a_zoomed_picture_made_of_tiles_is_the_picture_resized(
    context: GraphicsContext,
    original: tuple[Path, NDArray[np.uint8]],
    zoom: float,
    samples: int,
    middle: tuple[float, float],
) -> None:
    path, pixels = original
    framed = framing(FILE, AREA, zoom=zoom * 1.1, middle=middle)
    inside = (slice(1, -1), slice(1, -1))  # Pillow's own edges do not look beyond the part
    assert np.abs(drawn(context, path, framed, samples=samples) - resized(pixels, framed))[inside].max() <= 2


@pytest.mark.usefixtures("small_tiles")
def test_no_seams_from_aside_and_made_smaller(
    context: GraphicsContext, original: tuple[Path, NDArray[np.uint8]], tmp_path: Path
) -> None:
    """An even picture on a magenta ground: no pixel of another colour anywhere inside, from any place."""
    Image.new("RGB", FILE, (40, 160, 80)).save(tmp_path / "even.bmp")
    for zoom, x, heading in ((1.0, 0.3, -0.25), (1.37, -0.4, 0.4), (3.1, 0.55, -0.5)):
        view = looking_north((x, 0, 1.6), size=SIZE, heading=heading, pitch=0.05, fov_deg=30)
        for samples in (1, 4):
            framed = framing(FILE, AREA, zoom=zoom, middle=(0.4, 0.4))
            pixels = drawn(context, tmp_path / "even.bmp", framed, samples=samples, view=view)
            assert np.abs(pixels - [40, 160, 80]).max() <= 1


@pytest.mark.usefixtures("small_tiles")
def test_made_smaller_it_has_no_seams_either(context: GraphicsContext, original: tuple[Path, NDArray[np.uint8]]) -> None:
    """A slope of brightness, between two levels: where tiles meet, it goes on."""
    path = original[0].with_name("slope.bmp")
    slope = np.linspace(20, 235, FILE[0]).round().astype(np.uint8)
    Image.fromarray(np.repeat(np.broadcast_to(slope, FILE[::-1])[..., None], 3, axis=2)).save(path)
    framed = framing(FILE, AREA, zoom=1.25, middle=(0.5, 0.5))
    pixels = drawn(context, path, framed)[..., 0]
    assert np.abs(np.diff(pixels, axis=0)).max() <= 1
    steps = np.diff(pixels, axis=1)
    assert steps.min() >= 0
    assert steps.max() <= 2
