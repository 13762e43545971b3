"""The pictures of sheets (frame/sheets.py) as textures. A thread of its own makes them ready; a frame takes few of them to the
graphics card, and what is no longer looked at goes.

What is uploaded are display values with premultiplied alpha, so that filtered edges are clean. Smaller versions of a picture
(mipmaps) are averaged as display values too, as Pillow does it and as the blending of sheets does."""

import logging
import threading
import weakref
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from panda3d.core import PTA_uchar, RenderState, SamplerState, Texture  # noqa: TID251

from vrclient.frame.sheets import SheetPicture

log = logging.getLogger(__name__)

FRAME_PIXELS = 1 << 20
"""No more go to the graphics card in a frame (4 MiB), but one picture always does."""
PICTURE_PIXELS = 1 << 22
"""A picture of more is halved until it fits, in the thread; see panels/tiles.py for what is larger and must be sharp."""
SPARE_BLOCKS = 6
KEPT_FRAMES = 900
"""A picture that was not shown for so many frames is dropped (10 s at 90 Hz)."""
FORGOTTEN_AT = 64
"""So many dropped textures, and the engine's store of states is cleaned of them."""

BLOCK_PIXELS = 1 << 15
"""Worked on at once: what a core's cache holds."""
LOW, EIGHT = np.uint32(0x00FF00FF), np.uint32(8)


@dataclass(slots=True)
class _Made:
    """A texture, and the memory it is uploaded from."""

    texture: Texture
    memory: PTA_uchar | None


@dataclass(slots=True)
class _Held:
    picture: "weakref.ref[SheetPicture]"
    future: "Future[_Made]"
    made: _Made | None
    shown: int


class Pictures:
    """By the identity of a Picture; none of them is kept alive. For one thread, with a frame begun before others ask."""

    def __init__(self, *, anisotropy: int = 8) -> None:
        self._anisotropy = anisotropy
        self._held: dict[int, _Held] = {}
        self._gone: deque[int] = deque()
        self._frame = self._left = self._dropped = 0
        self._patient = False
        self._memory = _Memory()
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def __len__(self) -> int:
        return len(self._held)

    def begin_frame(self, *, patient: bool = False) -> None:
        """A frame's upload may begin anew. `patient`: everything that is asked for is waited for, however much; for stills."""
        self._frame += 1
        self._left, self._patient = FRAME_PIXELS, patient
        while self._gone:
            key = self._gone.popleft()
            if key in self._held and self._held[key].picture() is None:
                self._drop(key)
        if self._frame % 90 == 0:
            for key in [one for one, held in self._held.items() if self._frame - held.shown > KEPT_FRAMES]:
                self._drop(key)

    def texture(self, picture: SheetPicture, /) -> Texture | None:
        """What to draw; None until it is ready and may go up. Raises ValueError for pixels that are not [H, W, 4] uint8."""
        key = id(picture)
        held = self._held.get(key)
        if held is not None and held.picture() is not picture:
            self._drop(key)
            held = None
        if held is None:
            held = self._held[key] = self._begun(picture)
        held.shown = self._frame
        if held.made is None and (self._patient or held.future.done()):
            made = held.future.result()
            size = made.texture.x_size * made.texture.y_size
            if self._patient or size <= self._left or self._left == FRAME_PIXELS:
                self._left -= size
                held.made = made
        if held.made is None:
            return None
        if held.made.memory is not None and not held.made.texture.has_ram_image():
            self._memory.give(held.made.memory)
            held.made.memory = None
        return held.made.texture

    def close(self) -> None:
        """Gives everything on the graphics card back."""
        self._beside.shutdown(wait=True, cancel_futures=True)
        for key in list(self._held):
            self._drop(key)
        RenderState.garbage_collect()

    def _begun(self, picture: SheetPicture) -> _Held:
        pixels = picture.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or not pixels.size:
            raise ValueError(
                f"pixels of picture '{picture.name}' have shape {pixels.shape} and dtype {pixels.dtype}; "
                "expected (H, W, 4) uint8 with H, W >= 1"
            )
        key, gone = id(picture), self._gone
        future = self._beside.submit(_made, pixels, picture.name, self._anisotropy, self._memory)
        return _Held(weakref.ref(picture, lambda _: gone.append(key)), future, None, self._frame)

    def _drop(self, key: int) -> None:
        held = self._held.pop(key)
        held.future.cancel()
        if held.made is not None:
            held.made.texture.release_all()
            self._dropped += 1
        if self._dropped >= FORGOTTEN_AT:  # the engine's store of states keeps every texture that was ever shown
            self._dropped = 0
            RenderState.garbage_collect()


class _Memory:
    """Blocks of memory that were uploaded from, for the next pictures of the same size: fetching fresh pages from the system
    takes as long as all the rest, and holds up the frame's own thread."""

    def __init__(self) -> None:
        self._free: list[PTA_uchar] = []
        self._lock = threading.Lock()

    def take(self, size: int) -> PTA_uchar:
        with self._lock:
            for number, block in enumerate(self._free):
                if len(block) == size:
                    return self._free.pop(number)
        return PTA_uchar.empty_array(size)

    def give(self, block: PTA_uchar) -> None:
        with self._lock:
            self._free = [*self._free[1 - SPARE_BLOCKS :], block]


def premultiplied(pixels: NDArray[np.uint8], /, out: NDArray[np.uint32]) -> None:
    """[H, W] of [H, W, 4] RGBA bytes: blue in the lowest byte, then green, red, alpha, the colours times alpha, rounded."""
    rows: NDArray[np.uint32] = np.ascontiguousarray(pixels).view("<u4")[..., 0]
    step = max(1, BLOCK_PIXELS // rows.shape[1])
    for top in range(0, len(rows), step):
        _premultiply(rows[top : top + step], out[top : top + step])


def _premultiply(rows: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    red_blue, green = rows & LOW, (rows >> EIGHT) & np.uint32(0xFF)
    alpha = np.right_shift(rows, np.uint32(24), out=out)
    if alpha.min() < 255:
        # c a / 255, rounded, is (t + (t >> 8)) >> 8 with t = c a + 128; red and blue each in 16 bits of their own
        red_blue *= alpha
        red_blue += np.uint32(0x00800080)
        red_blue += (red_blue >> EIGHT) & LOW
        red_blue >>= EIGHT
        red_blue &= LOW
        green *= alpha
        green += np.uint32(128)
        green += green >> EIGHT
        green >>= EIGHT
    alpha <<= np.uint32(24)
    alpha |= green << EIGHT
    alpha |= red_blue >> np.uint32(16)
    alpha |= red_blue << np.uint32(16)


def _made(pixels: NDArray[np.uint8], name: str, anisotropy: int, memory: _Memory) -> _Made:
    """The texture, with row 0 of the picture at v = 0."""
    if pixels.shape[0] * pixels.shape[1] > PICTURE_PIXELS:
        full, pixels = pixels, _fitting(pixels)
        log.info("%s: %d x %d pixels are shown as %d x %d", name, *full.shape[1::-1], *pixels.shape[1::-1])
    height, width = pixels.shape[:2]
    texture = Texture(name)
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_rgba)
    block = memory.take(4 * width * height)
    premultiplied(pixels, np.frombuffer(memoryview(block).cast("B"), "<u4").reshape(height, width))
    texture.set_ram_image(block)
    texture.set_keep_ram_image(False)
    texture.minfilter = SamplerState.FT_linear_mipmap_linear
    texture.magfilter = SamplerState.FT_linear
    texture.anisotropic_degree = anisotropy
    texture.wrap_u = texture.wrap_v = SamplerState.WM_clamp
    return _Made(texture, block)


def _fitting(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from PIL import Image

    factor = int(np.ceil(np.sqrt(pixels.shape[0] * pixels.shape[1] / PICTURE_PIXELS)))
    return np.asarray(Image.fromarray(pixels).convert("RGBa").reduce(factor).convert("RGBA"))
