"""Pictures as people have them: turned, clear, in 16 bits, in inks, in colours beyond sRGB; alike wherever they are shown."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from vrclient.elements.panel import PanelModel, panel_image
from vrclient.panels.tiles import WHOLE, TiledPicture
from vrclient.renderer.movies import LARGEST, _picture
from vrclient.scene.labels import reduced_picture
from vrclient.scene.pictures import ORIENTATION, UnreadablePicture, picture_size, read_picture
from vrclient.showcase.assets import AssetFolder

Pixels = NDArray[np.uint8]
GROUND = "#204060"


def _read(file: Path) -> Pixels:
    return np.asarray(read_picture(file, longest=400)[0])


def _on_exhibit(file: Path) -> Pixels:
    return reduced_picture(file)[0].pixels[..., :3]


def _on_panel(file: Path) -> Pixels:
    """The picture on a panel's face, which lies in the middle of its width."""
    panel = PanelModel(kind="panel", title={"en": "T"}, image=file, at=(0.0, 0.0), width_m=1.0, color=GROUND)
    shown = panel_image(panel, ("en",)).pixels[..., :3]
    ground = np.array([0x20, 0x40, 0x60])
    other = np.abs(shown.astype(int) - ground).max(axis=2) > 24
    rows = np.nonzero(other.mean(axis=1) > 0.25)[0]
    columns = np.nonzero(other[rows[0] : rows[-1]].mean(axis=0) > 0.5)[0]
    return shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _on_screen(file: Path) -> Pixels:
    texture = _picture(file, (1.0, 1.0))
    memory = np.frombuffer(memoryview(texture.get_ram_image()).cast("B"), np.uint8)
    shown = memory.reshape(LARGEST, LARGEST, 4)[::-1, :, 2::-1]
    lit = np.abs(shown.astype(int) - 8).max(axis=2) > 24
    rows, columns = np.nonzero(lit.mean(axis=1) > 0.2)[0], np.nonzero(lit.mean(axis=0) > 0.2)[0]
    return shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _in_close_up(file: Path) -> Pixels:
    picture = TiledPicture.open(file)
    try:
        picture.tiles(WHOLE, (2000.0, 2000.0))
        assert picture.settle(seconds=30.0) and picture.problem is None
        (tile,) = picture.tiles(WHOLE, (2000.0, 2000.0))
        return tile.picture.pixels[..., :3]
    finally:
        picture.close()


EVERYWHERE = pytest.mark.parametrize("shown", [_read, _on_exhibit, _on_panel, _on_screen, _in_close_up])


@EVERYWHERE
def test_a_photo_stands_as_the_camera_was_held(shown: Callable[[Path], Pixels], tmp_path: Path) -> None:
    """400 x 200, the left half red, the right one yellow; turned by orientation 6: red on top, higher than wide."""
    photo = Image.new("RGB", (400, 200), (220, 200, 40))
    photo.paste((220, 20, 20), (0, 0, 200, 200))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    assert picture_size(tmp_path / "photo.jpg") == (200, 400)
    pixels = shown(tmp_path / "photo.jpg")
    high, wide = pixels.shape[:2]
    assert high / wide == pytest.approx(2.0, abs=0.05)
    assert np.abs(pixels[high // 4, wide // 2].astype(int) - (220, 20, 20)).max() < 14
    assert np.abs(pixels[3 * high // 4, wide // 2].astype(int) - (220, 200, 40)).max() < 14


@EVERYWHERE
def test_a_scan_in_sixteen_bits_keeps_its_tones(shown: Callable[[Path], Pixels], tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(16384, 65535, 256).astype(np.uint16), (128, 1))
    Image.fromarray(ramp).save(tmp_path / "scan.png")
    pixels = shown(tmp_path / "scan.png").astype(int)
    middle = pixels[pixels.shape[0] // 2]
    assert middle[2].max() < 80 and middle[-3].min() > 245
    assert np.abs(middle[len(middle) // 2] - 160).max() < 6
    assert (np.ptp(middle, axis=1) <= 2).all(), "grey"


def _logo(file: Path, mode: str) -> None:
    """A black disc on nothing."""
    y, x = np.mgrid[:200, :200]
    alpha = np.where((x - 100) ** 2 + (y - 100) ** 2 < 60**2, 255, 0).astype(np.uint8)
    logo = Image.merge("RGBA", [Image.new("L", (200, 200), 0)] * 3 + [Image.fromarray(alpha)])
    if mode == "P":
        logo = logo.quantize(8)
    logo.convert(mode).save(file)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_logo_lies_on_the_ground_of_what_shows_it(mode: str, tmp_path: Path) -> None:
    """Not on a black plate: on the panel's own colour; on white, as on paper, where an exhibit shows it."""
    file = tmp_path / "logo.png"
    _logo(file, mode)
    panel = PanelModel(kind="panel", title={"en": "T"}, image=file, at=(0.0, 0.0), width_m=1.0, color=GROUND)
    face = panel_image(panel, ("en",)).pixels[..., :3].astype(int)
    dark = face.max(axis=2) < 24
    rows, columns = np.nonzero(dark.any(axis=1))[0], np.nonzero(dark.any(axis=0))[0]
    disc = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert disc.mean() == pytest.approx(np.pi / 4, abs=0.05), "a disc, no plate"
    assert tuple(face[rows[0] - 12, (columns[0] + columns[-1]) // 2]) == (0x20, 0x40, 0x60)
    for shown in (_on_exhibit, _in_close_up):
        pixels = shown(file)
        assert tuple(pixels[2, 2]) == (255, 255, 255) and pixels[100, 100].max() < 8


def _wide_gamut() -> bytes:
    """A profile whose red is far beyond that of sRGB: ProPhoto's is, and Adobe RGB's green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # sRGB's red and green columns changed places: whoever heeds the profile shows red as green
    tags = {profile[128 + 4 + 12 * k : 128 + 8 + 12 * k]: 128 + 4 + 12 * k for k in range(profile[131])}
    changed = bytearray(profile)
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    changed[red + 4 : red + 12], changed[green + 4 : green + 12] = profile[green + 4 : green + 12], profile[red + 4 : red + 12]
    at = profile.find(b"mluc")
    return bytes(changed[:at]) + bytes(changed[at:]).replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))


@EVERYWHERE
def test_colours_by_a_profile_are_brought_to_srgb(shown: Callable[[Path], Pixels], tmp_path: Path) -> None:
    Image.new("RGB", (120, 120), (230, 10, 10)).save(tmp_path / "a.png", icc_profile=_wide_gamut())
    red, green, blue = shown(tmp_path / "a.png")[60, 60].astype(int)
    assert green > 200 and red < 60 and blue < 60


@EVERYWHERE
@pytest.mark.parametrize(
    ("name", "mode", "color", "expected"),
    [
        ("inks.jpg", "CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("bits.png", "1", 1, (255, 255, 255)),
        ("grey.png", "L", 200, (200, 200, 200)),
        ("web.webp", "RGB", (200, 60, 60), (200, 60, 60)),
    ],
)
def test_other_ways_to_keep_colours(
    shown: Callable[[Path], Pixels], name: str, mode: str, color: object, expected: tuple[int, int, int], tmp_path: Path
) -> None:
    Image.new(mode, (120, 120), color).save(tmp_path / name, dpi=(12000, 12000))
    assert AssetFolder(tmp_path).inspect(tmp_path / name, "image") == ()
    assert np.abs(shown(tmp_path / name)[60, 60].astype(int) - expected).max() < 12


def test_the_first_picture_of_a_moving_one(tmp_path: Path) -> None:
    first, second = (Image.new("RGBA", (60, 40), color) for color in ("#ff0000", "#00ff00"))
    for name in ("moving.png", "moving.webp"):
        first.save(tmp_path / name, save_all=True, append_images=[second], duration=100, lossless=True)
        assert tuple(_read(tmp_path / name)[20, 30]) == (255, 0, 0)


def test_fine_lines_are_averaged_when_a_picture_is_made_smaller(tmp_path: Path) -> None:
    """A grid of single pixels becomes an even grey, no pattern."""
    grid = np.zeros((1600, 1600), np.uint8)
    grid[::2] = 255
    Image.fromarray(grid).save(tmp_path / "grid.png")
    small = np.asarray(read_picture(tmp_path / "grid.png", longest=100)[0]).astype(int)
    assert np.abs(small[2:-2, 2:-2] - 127).max() < 4


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damage_beside_a_picture_is_not_damage_to_it(tmp_path: Path) -> None:
    stored = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 10, 10)).save(stored, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    (tmp_path / "a.jpg").write_bytes(stored.getvalue())
    assert read_picture(tmp_path / "a.jpg", longest=100)[1] == (40, 20)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"PNG?")
    for ask in (lambda: read_picture(tmp_path / "a.png", longest=100), lambda: picture_size(tmp_path / "a.png")):
        with pytest.raises(UnreadablePicture, match=r"^a.png: the image is damaged$"):
            ask()
    with pytest.raises(UnreadablePicture, match=r"^b.png: No such file or directory$"):
        read_picture(tmp_path / "b.png", longest=100)


def test_a_shape_that_nothing_shows_is_refused(tmp_path: Path) -> None:
    Image.new("1", (1, 2000)).save(tmp_path / "line.png")
    (problem,) = AssetFolder(tmp_path).inspect(tmp_path / "line.png", "image")
    assert problem.message == "'line.png' has 1 x 2000 pixels; a picture is at most 100 times as long as wide"
