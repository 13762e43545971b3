"""Pictures from files, in one place: upright, in sRGB, opaque over the ground on which they are shown, whatever a camera, a
scanner or a drawing program has made of them. It keeps no picture and shows none."""

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vrclient.showcase.assets import DECODER_ERRORS, MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

ORIENTATION = 0x0112
TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
SIDEWAYS = 5
"""EXIF's tag that says which side is up, what makes each of its values upright, and from which on width and height change
places."""
BAND = 1 << 17
"""Pixels that are worked on at once."""
WHITE = (255, 255, 255)
"""What is clear is shown as this, as on paper, where nothing else is said."""

Bytes3 = tuple[int, int, int]
"""Red, green, blue, sRGB, 0..255."""


class UnreadablePicture(ValueError):
    """The text says why, for a log: with the file's name."""


def read_picture(file: Path, /, *, longest: int, ground: Bytes3 = WHITE) -> "tuple[Image, tuple[int, int]]":
    """(the picture as RGB, at most `longest` pixels wide and high; width and height of the file's own in pixels, upright). Raises
    UnreadablePicture where the file is gone, damaged or too large."""
    from PIL import Image

    try:
        with Image.open(file) as opened:
            full = upright_size(opened)
            if full[0] * full[1] > MAX_PIXELS:
                raise UnreadablePicture(f"{file.name}: more than {MAX_PIXELS // 1_000_000} million pixels")
            opened.draft(None, (2 * longest, 2 * longest))
            picture = shown_colors(opened, file.name, ground=ground)
    except (*DECODER_ERRORS, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        if isinstance(error, UnreadablePicture):
            raise
        raise UnreadablePicture(f"{file.name}: {getattr(error, 'strerror', None) or 'the image is damaged'}") from error
    return resized(picture, longest), full


def resized(picture: "Image", longest: int, /) -> "Image":
    """At most so many pixels wide and high; every pixel of the original counts for what is shown."""
    from PIL import Image

    scale = min(1.0, longest / max(picture.size))
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def picture_size(file: Path, /) -> tuple[int, int]:
    """Width and height in pixels, upright. Raises UnreadablePicture."""
    from PIL import Image

    try:
        with Image.open(file) as opened:
            return upright_size(opened)
    except (*DECODER_ERRORS, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePicture(f"{file.name}: {getattr(error, 'strerror', None) or 'the image is damaged'}") from error


def reduced_pixels(file: Path, /, *, longest: int) -> float:
    """How many pixels of a picture are left where it is at most so many wide and high; 0 where it cannot be opened."""
    try:
        width, height = picture_size(file)
    except UnreadablePicture:
        return 0.0
    return width * height * min(1.0, longest / max(width, height)) ** 2


def upright_size(file: "Image", /) -> tuple[int, int]:
    """Of an opened picture, as it is meant to be seen."""
    return (file.height, file.width) if _orientation(file) >= SIDEWAYS else file.size


def _orientation(file: "Image") -> int:
    try:
        return int(file.getexif().get(ORIENTATION, 1))
    except DECODER_ERRORS:  # what a camera wrote beside the picture is damaged; the picture need not be
        return 1


def shown_colors(file: "Image", name: str, /, *, ground: Bytes3 = WHITE) -> "Image":
    """An opened picture as RGB in sRGB, upright, on `ground` where it is clear. Raises one of DECODER_ERRORS for damaged files.

    Done a band at a time: what Pillow does to a whole large picture at once holds up all other threads."""
    from PIL import Image

    orientation = _orientation(file)
    file.load()
    change = _color_change(file, name, ground)
    if change is None and orientation not in TURNS:
        return file
    (width, height), turn = file.size, TURNS.get(orientation)
    whole = Image.new("RGB", (height, width) if orientation >= SIDEWAYS else (width, height), None)
    step = max(1, BAND // width)
    for top in range(0, height, step):
        bottom = min(height, top + step)
        band = file.crop((0, top, width, bottom))
        band = band if change is None else change(band)
        band = band if turn is None else band.transpose(Image.Transpose[turn])
        along = height - bottom if orientation in (3, 4, 6, 7) else top
        whole.paste(band, (along, 0) if orientation >= SIDEWAYS else (0, along))
    return whole


def _color_change(file: "Image", name: str, ground: Bytes3) -> "Callable[[Image], Image] | None":
    """What makes a part of this picture RGB in sRGB; None where it is already."""
    from PIL import Image

    if file.mode in ("I", "F") or file.mode.startswith("I;16"):
        low, high = (float(one) for one in file.getextrema())  # type: ignore[arg-type]
        if file.mode != "F":
            low, high = 0.0, 255.0 if file.mode == "I" and high <= 255.0 else 65535.0
        scale = 255.0 / max(high - low, 1e-12)

        def eight_bits(part: Image.Image) -> Image.Image:
            values = (np.asarray(part).astype(np.float32) - low) * scale
            return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).convert("RGB")

        return eight_bits
    managed = _profile_change(file, name)
    if file.mode in ("P", "LA", "PA", "RGBA", "La", "RGBa") or "transparency" in file.info:

        def on_ground(part: Image.Image) -> Image.Image:
            part = part.convert("RGBA")
            color = part.convert("RGB")
            color = color if managed is None else managed(color)
            return Image.composite(color, Image.new("RGB", part.size, ground), part.getchannel("A"))

        return on_ground
    if managed is not None:
        return managed
    return None if file.mode == "RGB" else lambda part: part.convert("RGB")


def _profile_change(file: "Image", name: str) -> "Callable[[Image], Image] | None":
    """What takes a picture's colours from its own profile to sRGB; None where there is nothing to do."""
    from PIL import ImageCms

    profile = file.info.get("icc_profile")
    mode = file.mode if file.mode in ("L", "CMYK") else "RGB"
    if not profile or file.mode in ("1", "LAB", "HSV", "YCbCr", "LA", "La"):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        change = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        log.info("%s: its colour profile is left out: %s", name, error)
        return None

    def managed(part: "Image") -> "Image":
        changed = ImageCms.applyTransform(part, change)
        return part if changed is None else changed

    return managed
