import numpy as np
import pytest
from PIL import Image

from vrclient.scene.colors import linear_color
from vrclient.scene.labels import label_image, notice_image, reduced_picture
from vrclient.scene.pictures import UnreadablePicture

TEXTS = ["走近看，细字依然清晰。", "Step up to it; the fine print stays sharp."]


def contrast(pixels: np.ndarray) -> float:
    """Of the darkest against the lightest pixel, as WCAG 2.2 defines it."""
    flat = pixels[..., :3].reshape(-1, 3)
    ends = [flat[np.argmin(flat.sum(axis=1))], flat[np.argmax(flat.sum(axis=1))]]
    dark, light = (np.dot(linear_color("#{:02x}{:02x}{:02x}".format(*end)), [0.2126, 0.7152, 0.0722]) for end in ends)
    return float((light + 0.05) / (dark + 0.05))


def test_a_label_is_as_wide_as_asked_and_grows_with_its_words() -> None:
    short = label_image(["画"], [], width_m=0.5, name="a").pixels
    long = label_image(["画", "Painting"], TEXTS, width_m=0.5, name="a", source="archive", confidence="estimate").pixels
    assert short.shape[1] == long.shape[1] == 750 and long.shape[0] > 2 * short.shape[0]
    for pixels in (short, long):
        assert all((edge == pixels[0, 0]).all() for edge in (pixels[:20], pixels[-20:], pixels[:, :20], pixels[:, -20:]))
        assert contrast(pixels) > 7.0


@pytest.mark.parametrize("size", [(0.3, 0.2), (3.0, 4.0), (0.2, 1.6), (6.0, 0.4)])
def test_a_notice_is_legible_and_stays_on_its_plate(size: tuple[float, float]) -> None:
    pixels = notice_image(("图片暂缺", "Picture not available"), size_m=size, name="a").pixels
    assert pixels.shape[1] / pixels.shape[0] == pytest.approx(size[0] / size[1], rel=0.06)
    dark = pixels[..., :3].max(axis=2) < 90
    assert dark.any() and not dark[:2].any() and not dark[-2:].any() and not dark[:, :2].any() and not dark[:, -2:].any()
    assert contrast(pixels) > 4.5


@pytest.mark.parametrize(("size", "shown"), [((2000, 1000), (1024, 512)), ((300, 900), (300, 900)), ((1500, 3000), (512, 1024))])
def test_pictures_get_smaller_and_keep_their_shape(tmp_path, size, shown) -> None:
    Image.new("RGB", size, "teal").save(tmp_path / "a.webp")
    image, full = reduced_picture(tmp_path / "a.webp")
    assert (image.pixels.shape[1], image.pixels.shape[0]) == shown and full == size


@pytest.mark.parametrize("content", [b"", b"RIFF\x00\x00\x00\x00WEBP", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"hello"])
def test_a_damaged_picture_is_said(tmp_path, content: bytes) -> None:
    (tmp_path / "a.webp").write_bytes(content)
    with pytest.raises(UnreadablePicture, match=r"^a\.webp: the image is damaged$"):
        reduced_picture(tmp_path / "a.webp")
