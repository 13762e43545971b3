"""Large pictures in tiles: the right pixels in the right places, as fine as wanted, within the memory allowed."""

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from vrclient.panels.closeup import (
    NEAREST,
    TEXELS_PER_DEGREE,
    fitted,
    framing,
    pixels_seen,
    tile_sheets,
)
from vrclient.panels.tiles import BORDER, STEP, TILE, WHOLE, Part, Tile, TiledPicture
from vrclient.scene.pictures import ORIENTATION, shown_colors

Opened = Callable[[Path], TiledPicture]


@pytest.fixture
def opened() -> Iterator[Opened]:
    all_of_them: list[TiledPicture] = []

    def one(path: Path) -> TiledPicture:
        all_of_them.append(TiledPicture.open(path))
        assert all_of_them[-1].settle(seconds=20)
        return all_of_them[-1]

    yield one
    for tiled in all_of_them:
        tiled.close()
        tiled._thread.join(5)
        assert not tiled._thread.is_alive()


def zoom_as_from(distance: float, /, *, width: float, shown_width: float, shown_distance: float) -> float:
    """The zoom at which a picture whose real width is `width` metres looks as large as the real one from `distance`: where it is
    `shown_width` wide at zoom 1, `shown_distance` away."""
    return width / distance * shown_distance / shown_width


def noise(width: int, height: int) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def saved(pixels: NDArray[np.uint8], folder: Path) -> Path:
    Image.fromarray(pixels).save(folder / "a.bmp")
    return folder / "a.bmp"


def shown(tiled: TiledPicture, part: Part, pixels: tuple[float, float]) -> tuple[Tile, ...]:
    tiled.tiles(part, pixels)
    assert tiled.settle(seconds=20)
    return tiled.tiles(part, pixels)


def put_together(tiles: tuple[Tile, ...], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture that tiles of level 0 make."""
    whole = np.zeros((size[1], size[0], 3), np.uint8)
    for tile in tiles:
        if tile.key[0] == 0:
            height, width = tile.picture.pixels.shape[:2]
            inner = np.rint(np.multiply(tile.part, (width, height, width, height))).astype(int)
            place = np.rint(np.multiply(tile.rect, (size[0], size[1], size[0], size[1]))).astype(int)
            piece = tile.picture.pixels[inner[1] : inner[3], inner[0] : inner[2], :3]
            whole[place[1] : place[3], place[0] : place[2]] = piece
    return whole


@pytest.mark.parametrize("size", [(2500, 1100), (1016, 1016), (1017, 2033), (40, 30)])
def test_tiles_of_the_finest_level_are_the_file(tmp_path: Path, opened: Opened, size: tuple[int, int]) -> None:
    pixels = noise(*size)
    tiled = opened(saved(pixels, tmp_path))
    assert tiled.size == size
    tiles = shown(tiled, WHOLE, size)
    assert (put_together(tiles, size) == pixels).all()
    assert all(max(tile.picture.pixels.shape) <= TILE for tile in tiles)
    assert all((tile.picture.pixels[..., 3] == 255).all() for tile in tiles)


def test_borders_are_the_neighbours_pixels(tmp_path: Path, opened: Opened) -> None:
    pixels = noise(2500, 1100)
    tiles = {tile.key: tile for tile in shown(opened(saved(pixels, tmp_path)), WHOLE, (2500, 1100))}
    middle = tiles[(0, 1, 0)]
    assert middle.picture.pixels.shape == (STEP + BORDER, STEP + 2 * BORDER, 4)
    assert (middle.picture.pixels[..., :3] == pixels[: STEP + BORDER, STEP - BORDER : 2 * STEP + BORDER]).all()


@given(
    out=st.tuples(st.floats(1, 4000), st.floats(1, 4000)),
    left=st.floats(0, 0.9),
    top=st.floats(0, 0.9),
    extent=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
)
def test_every_pixel_shown_has_one_of_its_own_and_all_of_the_part_is_covered(
    large: TiledPicture, out: tuple[float, float], left: float, top: float, extent: tuple[float, float]
) -> None:
    part = (left, top, min(1.0, left + extent[0]), min(1.0, top + extent[1]))
    assert large.size is not None
    level = large._level(part, out)
    density = [(part[2 + axis] - part[axis]) * large.size[axis] / out[axis] / 2**level for axis in (0, 1)]
    assert min(density) >= 1 - 1e-6 or level == 0
    assert min(density) < 2 + 1e-6 or level == large.level_count - 1
    rects = np.array([large._rect(key) for key in large._keys(level, part)])
    assert rects[:, :2].min(axis=0) == pytest.approx(np.minimum(rects[:, :2].min(axis=0), part[:2]))
    assert (rects[:, 2:].max(axis=0) >= np.array(part[2:]) - 1e-9).all()
    seen = np.minimum(rects[:, 2:], part[2:]) - np.maximum(rects[:, :2], part[:2])
    assert (seen > -1e-9).all(), "none is out of view"
    assert seen.prod(axis=1).sum() == pytest.approx((part[2] - part[0]) * (part[3] - part[1]), abs=1e-9)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TiledPicture]:
    folder = tmp_path_factory.mktemp("large")
    Image.new("RGB", (5003, 3001), (10, 120, 200)).save(folder / "a.png", compress_level=1)
    with closing(TiledPicture.open(folder / "a.png")) as tiled:
        assert tiled.settle(seconds=20)
        yield tiled


def test_coarse_tiles_stand_in_until_fine_ones_are_cut(large: TiledPicture) -> None:
    whole = shown(large, WHOLE, (400, 300))
    assert [tile.key for tile in whole] == [(3, 0, 0)]
    part = (0.4, 0.4, 0.6, 0.6)
    at_once = large.tiles(part, (1000, 600))
    assert at_once[0].key == (3, 0, 0), "the whole picture lies below everything"
    assert large.settle(seconds=20)
    later = large.tiles(part, (1000, 600))
    assert [tile.key for tile in later] == [(3, 0, 0), (0, 1, 1), (0, 2, 1)]
    back = large.tiles(WHOLE, (400, 300))
    assert [tile.key for tile in back] == [(3, 0, 0)]


def test_what_is_no_longer_wanted_is_not_cut(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    tiled = opened(saved(noise(3000, 3000), tmp_path))
    shown(tiled, WHOLE, (300, 300))
    cut: list[tuple[int, int, int]] = []
    cutting = tiled._cut

    def noted(key: tuple[int, int, int]) -> Tile:
        cut.append(key)
        return cutting(key)

    monkeypatch.setattr(tiled, "_cut", noted)
    with tiled._news:
        for step in range(20):  # a fast move, in which the thread gets no turn
            left = step / 40
            tiled.tiles((left, left, left + 0.3, left + 0.3), (900, 900))
    assert tiled.settle(seconds=20)
    assert set(cut) <= set(tiled._keys(0, (0.475, 0.475, 0.775, 0.775)))


def test_memory_stays_within_its_bound(tmp_path: Path) -> None:
    bound = 4 * TILE * TILE * 4
    tiled = TiledPicture.open(saved(noise(6000, 2000), tmp_path), tiles_bytes=bound)
    assert tiled.settle(seconds=20)
    for left in np.linspace(0.0, 0.9, 19):
        tiles = shown(tiled, (left, 0.0, left + 0.1, 0.4), (600, 800))
        assert {tile.key for tile in tiles} >= set(tiled._keys(0, (left, 0.0, left + 0.1, 0.4)))
        assert tiled.tiles_bytes == sum(tile.picture.pixels.nbytes for tile in tiled._tiles.values()) <= bound
    tiled.close()
    assert tiled.tiles_bytes == 0
    assert tiled.tiles(WHOLE, (100, 100)) == ()


def color(tiled: TiledPicture) -> list[int]:
    """Of the first pixel."""
    assert tiled.problem is None, tiled.problem
    return shown(tiled, WHOLE, (1000, 1000))[-1].picture.pixels[0, 0].tolist()


@pytest.mark.parametrize(
    ("mode", "fill", "expected"),
    [
        ("L", 128, [128] * 3),
        ("1", 1, [255] * 3),
        ("LA", (0, 128), [127] * 3),
        ("RGBA", (255, 0, 0, 0), [255] * 3),
        ("RGBA", (255, 0, 0, 255), [255, 0, 0]),
        ("I;16", 0x8080, [128] * 3),
        ("P", 0, None),
    ],
)
def test_every_mode_is_shown_as_it_is_meant(
    tmp_path: Path, opened: Opened, mode: str, fill: object, expected: list[int] | None
) -> None:
    if mode == "P":
        picture = Image.new("RGB", (20, 20), (12, 200, 90)).quantize(4)
        expected = [12, 200, 90]
    else:
        picture = Image.new(mode, (20, 20), fill)  # type: ignore[arg-type]
    picture.save(tmp_path / "a.png")
    assert color(opened(tmp_path / "a.png"))[:3] == expected


def test_cmyk_and_profiles_become_srgb(tmp_path: Path, opened: Opened) -> None:
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(tmp_path / "print.jpg", quality=95)
    red = color(opened(tmp_path / "print.jpg"))
    assert red[0] > 230 > 40 > max(red[1:3])
    wide = gamma_profile()
    Image.new("RGB", (20, 20), (128, 128, 128)).save(tmp_path / "wide.png", icc_profile=wide)
    assert color(opened(tmp_path / "wide.png"))[:3] == pytest.approx([188] * 3, abs=2), "a linear 128 is sRGB's 188"
    Image.new("RGB", (20, 20), (128, 128, 128)).save(tmp_path / "broken.png", icc_profile=b"no profile at all")
    assert color(opened(tmp_path / "broken.png"))[:3] == [128] * 3


def gamma_profile() -> bytes:
    """sRGB's colours with linear values: its three curves replaced by straight lines."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    for number in range(count):
        entry = 132 + 12 * number
        if data[entry : entry + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            offset = int.from_bytes(data[entry + 4 : entry + 8], "big")
            data[offset : offset + 12] = b"curv" + bytes(8)
        if data[entry : entry + 4] == b"desc":
            offset, size = (int.from_bytes(data[entry + k : entry + k + 4], "big") for k in (4, 8))
            text = bytes(data[offset : offset + size])
            data[offset : offset + size] = text.replace("sRGB".encode("utf-16-be"), "line".encode("utf-16-be"))
    return bytes(data)


def test_a_photograph_stands_upright(tmp_path: Path, opened: Opened) -> None:
    pixels = np.zeros((30, 50, 3), np.uint8)
    pixels[:, :25] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter: what is left in the file is on top
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=95)
    tiled = opened(tmp_path / "a.jpg")
    assert tiled.size == (30, 50)
    upright = shown(tiled, WHOLE, (30, 50))[-1].picture.pixels
    assert upright[:20].min() > 240
    assert upright[30:, :, :3].max() < 15


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("band", [1, 170, 10**6])
def test_every_orientation_is_turned_as_pillow_turns_it(orientation: int, band: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vrclient.scene.pictures.BAND", band)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = io.BytesIO()
    Image.fromarray(noise(50, 31)).save(stored, "PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(stored))
    assert (np.asarray(shown_colors(Image.open(stored), "a.png")) == np.asarray(expected)).all()


def test_what_cannot_be_shown_is_said_in_words(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "text.png").write_text("no picture")
    whole = io.BytesIO()
    Image.fromarray(noise(300, 300)).save(whole, "PNG")
    (tmp_path / "half.png").write_bytes(whole.getvalue()[:20000])
    damaged = "cannot be read: it is damaged or not a picture; save it again as PNG or JPEG"
    for name in ("text.png", "half.png", "absent.png"):
        tiled = opened(tmp_path / name)
        assert tiled.problem == f"'{name}' {damaged}"
        assert tiled.tiles(WHOLE, (100, 100)) == ()
    Image.new("1", (9000, 8000)).save(tmp_path / "large.png")
    assert opened(tmp_path / "large.png").problem == (
        "'large.png' has more than 64 million pixels (9000 x 8000); make it smaller"
    )
    Image.new("1", (20000, 8000)).save(tmp_path / "larger.png")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened(tmp_path / "larger.png").problem == "'larger.png' has more than 64 million pixels; make it smaller"


sizes = st.tuples(st.floats(0.05, 20), st.floats(0.05, 20))


@given(picture=sizes, area=sizes, zoom=st.floats(0.2, 60), middle=st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)))
def test_a_picture_keeps_its_shape_fills_what_it_can_and_stays_in_its_area(
    picture: tuple[float, float], area: tuple[float, float], zoom: float, middle: tuple[float, float]
) -> None:
    framed = framing(picture, area, zoom=zoom, middle=middle)
    left, top, right, bottom = framed.part
    assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1
    wide, high = framed.rect[2] - framed.rect[0], framed.rect[1] - framed.rect[3]
    assert wide <= area[0] * (1 + 1e-9) and high <= area[1] * (1 + 1e-9)
    across, down = wide / ((right - left) * picture[0]), high / ((bottom - top) * picture[1])
    assert across == pytest.approx(down)
    assert across == pytest.approx(zoom * fitted(picture, area)[0] / picture[0])
    for low, high_, whole in ((left, right, wide - area[0]), (top, bottom, high - area[1])):
        assert high_ - low == pytest.approx(1) or whole == pytest.approx(0, abs=1e-6 * max(area))
    again = framing(picture, area, zoom=zoom, middle=((left + right) / 2, (top + bottom) / 2))
    assert again.part == pytest.approx(framed.part)


def test_the_whole_picture_fits_at_zoom_one() -> None:
    assert framing((300, 200), (1.2, 1.2), zoom=1, middle=(0.1, 0.9)).rect == pytest.approx((-0.6, 0.4, 0.6, -0.4))


def test_wrong_framings_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^picture is \(1, 0\), area \(1, 1\), zoom 2; expected all above 0$"):
        framing((1, 0), (1, 1), zoom=2, middle=(0.5, 0.5))


@pytest.mark.parametrize("per_degree", [12.0, 20.0, 35.0])
def test_seen_from_20_cm_there_are_20_texels_to_a_degree(tmp_path: Path, opened: Opened, per_degree: float) -> None:
    """A painting of 0.7 x 0.5 m at 6 pixels to a millimetre, shown 1 m wide at 1.3 m."""
    Image.new("RGB", (4200, 3000), (90, 90, 90)).save(tmp_path / "a.bmp")
    tiled = opened(tmp_path / "a.bmp")
    area, distance = (1.0, 0.8), 1.3
    wide, _ = fitted((0.7, 0.5), area)
    for nearness in (NEAREST, 0.3, 0.6, 1.0):
        zoom = zoom_as_from(nearness, width=0.7, shown_width=wide, shown_distance=distance)
        framed = framing((4200, 3000), area, zoom=zoom, middle=(0.3, 0.6))
        assert (framed.rect[2] - framed.rect[0]) / distance / (framed.part[2] - framed.part[0]) == pytest.approx(0.7 / nearness)
        rect = (framed.rect[2] - framed.rect[0], framed.rect[1] - framed.rect[3])
        tiles = shown(tiled, framed.part, pixels_seen(rect, distance=distance, per_degree=per_degree))
        sheets = tile_sheets(tiles, framed, np.eye(4), key="a")
        finest = min(tile.key[0] for tile in tiles)
        fine = [one for one in sheets if one.key[1][0] == finest]  # type: ignore[index]
        for one in fine:
            assert one.picture is not None
            texels = (one.part[2] - one.part[0]) * one.picture.pixels.shape[1]
            per_degree_shown = texels / np.degrees(one.size[0] / distance)
            assert per_degree_shown >= min(TEXELS_PER_DEGREE, 6000 * nearness * np.radians(1)) - 1e-6
        assert sum(one.size[0] * one.size[1] for one in fine) == pytest.approx(rect[0] * rect[1])


def test_who_asks_does_not_wait_for_the_file(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    may_read = threading.Event()
    reading = TiledPicture._read_levels

    def slow(self: TiledPicture) -> None:
        assert may_read.wait(20)
        reading(self)

    monkeypatch.setattr(TiledPicture, "_read_levels", slow)
    tiled = TiledPicture.open(saved(noise(40, 30), tmp_path))
    assert tiled.tiles(WHOLE, (40, 30)) == ()
    assert tiled.size is None
    may_read.set()
    assert len(shown(tiled, WHOLE, (40, 30))) == 1
    tiled.close()
