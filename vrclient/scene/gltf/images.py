"""glTF images and textures become draw_data.Image values. Pillow decodes; only PNG, JPEG, WebP and AVIF are opened."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from vrclient.scene.draw_data import Image
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.extensions import KTX2_REMEDY
from vrclient.scene.gltf.problems import Findings, UnreadableError
from vrclient.scene.gltf.resources import Resources

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF")
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
MAX_PIXELS = 64 * 2**20
MAX_SIDE = 4096
"""A larger image is drawn reduced to this."""

SMALL_SIDE = 256
"""A texture that asks for hard pixels is enlarged to about this, because drawing smooths."""

NEAREST, CLAMP, MIRROR = 9728, 33071, 33648

PICTURE_ERRORS = (
    OSError, ValueError, RuntimeError, SyntaxError, EOFError, LookupError, TypeError, OverflowError, MemoryError,
    struct.error, zlib.error, PillowImage.DecompressionBombError,
)  # fmt: skip
"""What Pillow's decoders raise on broken files."""


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """Pixels as drawn, and how texture coordinates find them.

    pixels   [H, W, 4] uint8 sRGB, straight alpha
    repeat   outside 0..1 the picture comes again (else its edge goes on)
    uv_scale (u, v) factors: 0.5 where the picture was doubled because it repeats mirrored
    """

    pixels: NDArray[np.uint8]
    name: str
    repeat: bool
    uv_scale: tuple[float, float]


class Pictures:
    """The decoded textures of one document, each read once."""

    def __init__(self, resources: Resources, findings: Findings) -> None:
        self._resources = resources
        self._gltf = resources.gltf
        self._findings = findings
        self._pixels: dict[int, NDArray[np.uint8]] = {}
        self._textures: dict[int, Texture] = {}
        self._images: dict[tuple[int, str, float], Image] = {}

    def texture(self, index: int, /) -> Texture:
        """Raises UnreadableError for an image that is missing, broken or of a format that is not read."""
        if index not in self._textures:
            self._textures[index] = self._read_texture(index)
        return self._textures[index]

    def _read_texture(self, index: int) -> Texture:
        source = self._source(index)
        pixels = self.pixels(source)
        sampler = schema.Sampler()
        number = self._gltf.textures[index].sampler
        if number is not None and number < len(self._gltf.samplers):
            sampler = self._gltf.samplers[number]
        if sampler.magFilter == NEAREST and max(pixels.shape[:2]) < SMALL_SIDE:
            factor = SMALL_SIDE // max(pixels.shape[:2])
            pixels = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
        mirrored = (sampler.wrapS == MIRROR, sampler.wrapT == MIRROR)
        if mirrored[0]:
            pixels = np.concatenate([pixels, pixels[:, ::-1]], axis=1)
        if mirrored[1]:
            pixels = np.concatenate([pixels, pixels[::-1]], axis=0)
        return Texture(
            pixels,
            f"{self._findings.file_name} images[{source}]",
            not (sampler.wrapS == CLAMP and sampler.wrapT == CLAMP),
            (0.5 if mirrored[0] else 1.0, 0.5 if mirrored[1] else 1.0),
        )

    def _source(self, index: int) -> int:
        """The image a texture uses: PNG or JPEG if there is one, else WebP or AVIF."""
        if index >= len(self._gltf.textures):
            raise UnreadableError(f"textures[{index}] is used, but the file has {len(self._gltf.textures)} textures")
        texture = self._gltf.textures[index]
        extensions = texture.extensions
        for other in (extensions.EXT_texture_webp, extensions.EXT_texture_avif):
            if texture.source is None and other and other.source is not None:
                return other.source
        if texture.source is not None:
            return texture.source
        for name, other in (
            ("KHR_texture_basisu", extensions.KHR_texture_basisu),
            ("MSFT_texture_dds", extensions.MSFT_texture_dds),
        ):
            if other:
                raise UnreadableError(f"textures[{index}] needs the extension {name}, which is not read", KTX2_REMEDY)
        raise UnreadableError(f"textures[{index}] has no image that is read here", KTX2_REMEDY)

    def pixels(self, index: int, /) -> NDArray[np.uint8]:
        """[H, W, 4] uint8 of images[index]."""
        if index not in self._pixels:
            self._pixels[index] = self._decoded(index)
        return self._pixels[index]

    def _decoded(self, index: int) -> NDArray[np.uint8]:
        data = self.encoded(index)
        with self._opened(data, index) as picture:
            if max(picture.size) > MAX_SIDE:
                self._findings.warning(
                    f"images[{index}] is {picture.width} x {picture.height}; it is drawn reduced to {MAX_SIDE} pixels",
                    f"reduce it to {MAX_SIDE} pixels or less, so that it loads faster",
                )
            try:
                picture.draft(None, (MAX_SIDE, MAX_SIDE))
                if picture.mode.startswith("I;16") or picture.mode == "I":
                    grey = (np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)
                    coloured = PillowImage.fromarray(grey).convert("RGBA")
                else:
                    coloured = picture.convert("RGBA")
                coloured.thumbnail((MAX_SIDE, MAX_SIDE))
                return np.asarray(coloured)
            except PICTURE_ERRORS as wrong:
                raise UnreadableError(f"images[{index}] is broken ({wrong})", "export or save the picture again") from wrong

    def encoded(self, index: int, /) -> bytes:
        """The file bytes of images[index]."""
        place = f"images[{index}]"
        if index >= len(self._gltf.images):
            raise UnreadableError(f"{place} is used, but the file has {len(self._gltf.images)} images")
        image = self._gltf.images[index]
        if (image.uri is None) == (image.bufferView is None):
            raise UnreadableError(f"{place} must have either a uri or a bufferView")
        if image.uri is not None:
            return self._resources.uri_bytes(image.uri, f"{place}.uri")
        assert image.bufferView is not None
        if image.mimeType is None:
            self._findings.warning(f"{place} has a bufferView, but no mimeType")
        data = self._resources.view(image.bufferView)
        if self._gltf.bufferViews[image.bufferView].byteStride is not None:
            raise UnreadableError(f"{place} uses bufferViews[{image.bufferView}], which has a byteStride")
        return data

    def _opened(self, data: bytes, index: int) -> PillowImage.Image:
        if data[1:7] == b"KTX 20" or data[:4] == b"DDS ":
            name = "KHR_texture_basisu (KTX2)" if data[1:4] == b"KTX" else "MSFT_texture_dds (DDS)"
            raise UnreadableError(f"images[{index}] needs the extension {name}, which is not read", KTX2_REMEDY)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
                picture = PillowImage.open(io.BytesIO(data), formats=FORMATS)
        except PICTURE_ERRORS as wrong:
            raise UnreadableError(
                f"images[{index}] is no PNG, JPEG, WebP or AVIF picture, or its header is broken",
                "export it with PNG, JPEG or WebP textures",
            ) from wrong
        if picture.width * picture.height > MAX_PIXELS:
            raise UnreadableError(
                f"images[{index}] is {picture.width} x {picture.height}; at most {MAX_PIXELS >> 20} million pixels are read",
                f"reduce it to {MAX_SIDE} pixels or less",
            )
        declared = self._gltf.images[index].mimeType
        actual = MEDIA_TYPES[picture.format or "PNG"]
        if declared not in (None, actual):
            self._findings.warning(f"images[{index}].mimeType is {declared!r:.40}, but it is {actual}")
        extension = {"WEBP": "EXT_texture_webp", "AVIF": "EXT_texture_avif"}.get(picture.format or "")
        if extension and extension not in self._gltf.extensionsUsed:
            self._findings.warning(f"images[{index}] is {actual}, but extensionsUsed does not name {extension}")
        return picture

    def mean(self, index: int, /) -> NDArray[np.float64]:
        """[3] mean of the red, green and blue bytes of textures[index], 0..1 as stored; its pixels are not kept."""
        source = self._source(index)
        with self._opened(self.encoded(source), source) as picture:
            try:
                picture.draft(None, (64, 64))
                small = picture.convert("RGB").resize((64, 64), PillowImage.Resampling.BOX)
            except PICTURE_ERRORS as wrong:
                raise UnreadableError(f"images[{source}] is broken ({wrong})", "export or save the picture again") from wrong
        return np.asarray(small, np.float64).reshape(-1, 3).mean(axis=0) / 255.0

    def check(self, index: int, /) -> None:
        """Raises UnreadableError if images[index] is not whole; the pixels are not kept."""
        if index in self._pixels:
            return
        data = self.encoded(index)
        if data[1:7] == b"KTX 20" or data[:4] == b"DDS ":
            return
        with self._opened(data, index) as picture:
            try:
                picture.draft(None, (64, 64))
                picture.load()
            except PICTURE_ERRORS as wrong:
                raise UnreadableError(f"images[{index}] is broken ({wrong})", "export or save the picture again") from wrong

    def drawn(self, index: int, /, *, alpha_mode: str, factor: float, cutoff: float) -> Image:
        """The Image of textures[index]: opaque, or with an alpha of which 0.5 divides drawn from not drawn."""
        key = (index, alpha_mode, round(factor / max(cutoff, 1e-3), 6))
        if key not in self._images:
            texture = self.texture(index)
            pixels = texture.pixels.copy()
            if alpha_mode == "OPAQUE":
                pixels[..., 3] = 255
            else:
                alpha = pixels[..., 3].astype(np.float32) * np.float32(factor * 0.5 / max(cutoff, 1e-3))
                pixels[..., 3] = np.rint(alpha.clip(0, 255)).astype(np.uint8)
            pixels.setflags(write=False)
            self._images[key] = Image(pixels, texture.name, texture.repeat)
        return self._images[key]
