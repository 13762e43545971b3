"""glTF images and textures become draw_data.Image values. Pillow decodes; only PNG, JPEG, WebP and AVIF are opened."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from vrclient.scene.colors import linear_from_srgb
from vrclient.scene.draw_data import Image
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.drawn import Drawn, texture_source
from vrclient.scene.gltf.extensions import KTX2_HELP
from vrclient.scene.gltf.problems import HARMLESS, GltfProblems, UnreadableError
from vrclient.scene.gltf.resources import Resources

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF")
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
MAX_PIXELS = 64 * 2**20
MAX_ALL_PIXELS = 256 * 2**20
"""All pictures of a file that are drawn, as they are in their files."""

MAX_DRAWN_PIXELS = 64 * 2**20
"""The same as they are drawn: where there are more, all are reduced further."""

SIDES = (4096, 2048, 1024)
"""A larger image is drawn reduced to the first of these at which all together are within MAX_DRAWN_PIXELS."""

SMALL_SIDE = 256
"""A texture that asks for hard pixels is enlarged to about this, because drawing smooths."""

NEAREST, CLAMP, MIRROR = 9728, 33071, 33648

PICTURE_ERRORS = (
    OSError, ValueError, RuntimeError, SyntaxError, EOFError, LookupError, TypeError, OverflowError, MemoryError,
    struct.error, zlib.error, PillowImage.DecompressionBombError,
)  # fmt: skip
"""What Pillow's decoders raise on broken files."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedTexture:
    """Pixels as drawn, and how texture coordinates find them.

    pixels   [H, W, 4] uint8 sRGB, straight alpha
    repeat   outside 0..1 the picture comes again (else its edge goes on)
    uv_scale (u, v) factors: 0.5 where the picture was doubled because it repeats mirrored
    """

    pixels: NDArray[np.uint8]
    name: str
    repeat: bool
    uv_scale: tuple[float, float]


class _Sampling(NamedTuple):
    """An image and how it is sampled: textures that agree in it share their pixels."""

    source: int
    wrap_s: int
    wrap_t: int
    nearest: bool


class DecodedTextures:
    """The decoded textures of one document, each read once."""

    def __init__(self, resources: Resources, drawn: Drawn, problems: GltfProblems) -> None:
        self._resources = resources
        self._gltf = resources.gltf
        self._drawn = drawn
        self._problems = problems
        self._pixels: dict[int, NDArray[np.uint8]] = {}
        self._textures: dict[_Sampling, DecodedTexture] = {}
        self._images: dict[tuple[_Sampling, str, float], Image] = {}
        self._means: dict[int, NDArray[np.float64]] = {}
        self._light: dict[_Sampling, NDArray[np.float32]] = {}
        self._made_pixels = 0
        self._longest = SIDES[0]

    def check(self) -> None:
        """Looks at the headers of all images, and how much all together are, before any is decoded. Raises UnreadableError for
        too much."""
        sizes = []
        for index in range(len(self._gltf.images)):
            is_drawn = self._drawn.has("images", index)
            with self._problems.collecting(is_drawn=is_drawn):
                data = self.encoded(index)
                if not is_drawn and _needs_extension(data):
                    continue
                with self._opened(data, index) as picture:
                    if is_drawn:
                        sizes.append(picture.size)
        pixels = sum(width * height for width, height in sizes)
        if pixels > MAX_ALL_PIXELS:
            raise UnreadableError(
                "gltf-limit",
                f"its {len(sizes)} pictures have {pixels / 2**20:,.0f} million pixels together; at most "
                f"{MAX_ALL_PIXELS >> 20} million are read",
                "reduce its pictures (gltf-transform: `gltf-transform resize --width 2048 --height 2048 in.glb out.glb`)",
            )
        self._longest = next((side for side in SIDES if _reduced_pixels(sizes, side) <= MAX_DRAWN_PIXELS), SIDES[-1])
        if self._longest < SIDES[0]:
            self._problems.warning(
                "gltf-image",
                f"its {len(sizes)} pictures are large; they are drawn reduced to {self._longest} pixels",
                f"reduce them to {self._longest} pixels or less, so that it loads faster",
            )

    def texture(self, index: int, /) -> DecodedTexture:
        """Raises UnreadableError for an image that is missing, broken or of a format that is not read."""
        sampling = self._sampling(index)
        if sampling not in self._textures:
            self._textures[sampling] = self._read_texture(sampling)
        return self._textures[sampling]

    def _sampling(self, index: int) -> _Sampling:
        source = self._source(index)
        sampler = schema.Sampler()
        number = self._gltf.textures[index].sampler
        if number is not None and number < len(self._gltf.samplers):
            sampler = self._gltf.samplers[number]
        return _Sampling(source, sampler.wrapS, sampler.wrapT, sampler.magFilter == NEAREST)

    def _read_texture(self, sampling: _Sampling) -> DecodedTexture:
        pixels = self.pixels(sampling.source)
        mirrored = (sampling.wrap_s == MIRROR, sampling.wrap_t == MIRROR)
        enlarges = sampling.nearest and max(pixels.shape[:2]) < SMALL_SIDE
        if enlarges or any(mirrored):
            factor = SMALL_SIDE // max(pixels.shape[:2]) if enlarges else 1
            self._count(pixels.shape[0] * pixels.shape[1] * factor * factor * 2 ** sum(mirrored))
            pixels = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
        if mirrored[0]:
            pixels = np.concatenate([pixels, pixels[:, ::-1]], axis=1)
        if mirrored[1]:
            pixels = np.concatenate([pixels, pixels[::-1]], axis=0)
        return DecodedTexture(
            pixels,
            f"{self._problems.file_name} images[{sampling.source}]",
            not (sampling.wrap_s == CLAMP and sampling.wrap_t == CLAMP),
            (0.5 if mirrored[0] else 1.0, 0.5 if mirrored[1] else 1.0),
        )

    def _count(self, pixels: int) -> None:
        """Counts pixels that one of the file's pictures becomes."""
        self._made_pixels += pixels
        if self._made_pixels > 2 * MAX_DRAWN_PIXELS:
            raise UnreadableError(
                "gltf-limit",
                f"its materials make more than {2 * MAX_DRAWN_PIXELS >> 20} million pixels of its pictures, too many to draw",
                "let materials share their textures and alpha cutoffs, or reduce the pictures",
            )

    def _source(self, index: int) -> int:
        """The image a texture uses."""
        if index >= len(self._gltf.textures):
            raise UnreadableError(
                "gltf-reference", f"textures[{index}] is used, but the file has {len(self._gltf.textures)} textures"
            )
        texture = self._gltf.textures[index]
        source = texture_source(texture)
        if source is not None:
            return source
        for name, other in (
            ("KHR_texture_basisu", texture.extensions.KHR_texture_basisu),
            ("MSFT_texture_dds", texture.extensions.MSFT_texture_dds),
        ):
            if other:
                raise UnreadableError(
                    "gltf-extension", f"textures[{index}] needs the extension {name}, which is not read", KTX2_HELP
                )
        raise UnreadableError("gltf-extension", f"textures[{index}] has no image that is read here", KTX2_HELP)

    def pixels(self, index: int, /) -> NDArray[np.uint8]:
        """[H, W, 4] uint8 of images[index]."""
        if index not in self._pixels:
            self._pixels[index] = self._decoded(index)
        return self._pixels[index]

    def _decoded(self, index: int) -> NDArray[np.uint8]:
        data, longest = self.encoded(index), self._longest
        with self._opened(data, index) as picture:
            if max(picture.size) > longest == SIDES[0]:
                self._problems.warning(
                    "gltf-image",
                    f"images[{index}] is {picture.width} x {picture.height}; it is drawn reduced to {longest} pixels",
                    f"reduce it to {longest} pixels or less, so that it loads faster",
                )
            try:
                picture.draft(None, (longest, longest))
                if picture.mode.startswith("I;16") or picture.mode == "I":
                    grey = (np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)
                    coloured = PillowImage.fromarray(grey).convert("RGBA")
                else:
                    coloured = picture.convert("RGBA")
                coloured.thumbnail((longest, longest))
                return np.asarray(coloured)
            except PICTURE_ERRORS as wrong:
                raise UnreadableError(
                    "gltf-image", f"images[{index}] is broken ({wrong})", "export or save the picture again"
                ) from wrong

    def encoded(self, index: int, /) -> bytes | memoryview:
        """The file bytes of images[index]."""
        place = f"images[{index}]"
        if index >= len(self._gltf.images):
            raise UnreadableError("gltf-reference", f"{place} is used, but the file has {len(self._gltf.images)} images")
        image = self._gltf.images[index]
        if (image.uri is None) == (image.bufferView is None):
            raise UnreadableError("gltf-image", f"{place} must have either a uri or a bufferView")
        if image.uri is not None:
            return self._resources.uri_bytes(image.uri, f"{place}.uri")
        assert image.bufferView is not None
        if image.mimeType is None:
            self._problems.warning("gltf-image", f"{place} has a bufferView, but no mimeType", HARMLESS)
        data = self._resources.view(image.bufferView)
        self._resources.spend(len(data))
        if self._gltf.bufferViews[image.bufferView].byteStride is not None:
            self._problems.warning(
                "gltf-image", f"{place} uses bufferViews[{image.bufferView}], which has a byteStride", HARMLESS
            )
        return data

    def _opened(self, data: bytes | memoryview, index: int) -> PillowImage.Image:
        name = _needs_extension(data)
        if name:
            raise UnreadableError("gltf-extension", f"images[{index}] needs the extension {name}, which is not read", KTX2_HELP)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
                picture = PillowImage.open(io.BytesIO(data), formats=FORMATS)
        except PICTURE_ERRORS as wrong:
            raise UnreadableError(
                "gltf-image",
                f"images[{index}] is not a PNG, JPEG, WebP or AVIF picture, or its header is broken",
                "export it with PNG, JPEG or WebP textures",
            ) from wrong
        if picture.width * picture.height > MAX_PIXELS:
            raise UnreadableError(
                "gltf-limit",
                f"images[{index}] is {picture.width} x {picture.height}; at most {MAX_PIXELS >> 20} million pixels are read",
                f"reduce it to {SIDES[0]} pixels or less",
            )
        declared = self._gltf.images[index].mimeType
        actual = MEDIA_TYPES[picture.format or "PNG"]
        if declared not in (None, actual):
            self._problems.warning("gltf-image", f"images[{index}].mimeType is {declared!r:.40}, but it is {actual}", HARMLESS)
        extension = {"WEBP": "EXT_texture_webp", "AVIF": "EXT_texture_avif"}.get(picture.format or "")
        if extension and extension not in self._gltf.extensionsUsed:
            self._problems.warning(
                "gltf-extension", f"images[{index}] is {actual}, but extensionsUsed does not name {extension}", HARMLESS
            )
        return picture

    def mean(self, index: int, /) -> NDArray[np.float64]:
        """[3] mean of the red, green and blue bytes of textures[index], 0..1 as stored; its pixels are not kept."""
        source = self._source(index)
        if source not in self._means:
            with self._opened(self.encoded(source), source) as picture:
                try:
                    if picture.format != "JPEG" and not self._drawn.has("images", source):
                        self._count(picture.width * picture.height)
                    picture.draft(None, (64, 64))
                    small = picture.convert("RGB").resize((64, 64), PillowImage.Resampling.BOX)
                except PICTURE_ERRORS as wrong:
                    raise UnreadableError(
                        "gltf-image", f"images[{source}] is broken ({wrong})", "export or save the picture again"
                    ) from wrong
            self._means[source] = np.asarray(small, np.float64).reshape(-1, 3).mean(axis=0) / 255.0
        return self._means[source]

    def light(self, index: int, /) -> NDArray[np.float32]:
        """[h, w, 3] linear light in 0..1 of textures[index], reduced to at most 256 pixels."""
        sampling = self._sampling(index)
        if sampling not in self._light:
            small = PillowImage.fromarray(np.ascontiguousarray(self.texture(index).pixels[..., :3]))
            small.thumbnail((256, 256), PillowImage.Resampling.BOX)
            self._light[sampling] = linear_from_srgb(np.asarray(small) / 255.0).astype(np.float32)
        return self._light[sampling]

    def drawn(self, index: int, /, *, alpha_mode: str, factor: float, cutoff: float) -> Image:
        """The Image of textures[index]: opaque, or with an alpha of which 0.5 divides drawn from not drawn."""
        key = (self._sampling(index), alpha_mode, 1.0 if alpha_mode == "OPAQUE" else round(factor / max(cutoff, 1e-3), 6))
        if key not in self._images:
            texture = self.texture(index)
            self._count(texture.pixels.shape[0] * texture.pixels.shape[1])
            pixels = texture.pixels.copy()
            if alpha_mode == "OPAQUE":
                pixels[..., 3] = 255
            else:
                alpha = pixels[..., 3].astype(np.float32) * np.float32(factor * 0.5 / max(cutoff, 1e-3))
                pixels[..., 3] = np.rint(alpha.clip(0, 255)).astype(np.uint8)
            pixels.setflags(write=False)
            self._images[key] = Image(pixels, texture.name, texture.repeat)
        return self._images[key]


def _needs_extension(data: bytes | memoryview) -> str | None:
    """The extension that brings pictures of this format."""
    if data[1:7] == b"KTX 20":
        return "KHR_texture_basisu (KTX2)"
    return "MSFT_texture_dds (DDS)" if data[:4] == b"DDS " else None


def _reduced_pixels(sizes: list[tuple[int, int]], longest: int) -> float:
    return sum(width * height * min(1.0, longest / max(width, height, 1)) ** 2 for width, height in sizes)
