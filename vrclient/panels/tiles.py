"""A large picture in tiles, to look at as closely as the file allows: of what is in view, tiles as fine as the display shows, and
coarser ones for what is not ready yet.

A thread of its own reads the file and cuts tiles; whoever asks is never kept waiting, and what is no longer asked for is not
cut. It decides nothing about where a picture is shown; closeup.py in this folder does."""

import io
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vrclient.frame.sheets import SheetPicture
from vrclient.scene.pictures import shown_colors, upright_size
from vrclient.showcase.assets import DECODER_ERRORS, MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

TILE = 1024
"""Pixels along a side of a tile's picture, at most: a frame takes one up (renderer/pictures.py)."""
BORDER = 4
"""Of them, on every side where the picture goes on, so many are its neighbour's: filtering needs them."""
STEP = TILE - 2 * BORDER
TILES_BYTES = 256 * 2**20
"""Tiles that are kept; those in view are, whatever they take."""

Part = tuple[float, float, float, float]
"""Left, top, right, bottom, 0..1."""
Key = tuple[int, int, int]
"""Level (0 = every pixel of the file; each next one half as wide), column, row."""
WHOLE: Part = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A piece of the picture.

    rect     where it is in the whole picture
    part     which part of `picture` is there; round it is what filtering needs
    """

    key: Key
    picture: SheetPicture
    rect: Part
    part: Part


class TiledPicture:
    """Open it with `open`. `problem` says in words what is wrong with the file, if anything is; `size` is its width and height
    in pixels once they are known. Colours are sRGB, it is upright, and what is clear is white."""

    def __init__(self, path: Path, /, *, tiles_bytes: int = TILES_BYTES) -> None:
        self.path = path
        self.size: tuple[int, int] | None = None
        self.problem: str | None = None
        self._levels: list[Image] = []
        self._tiles: OrderedDict[Key, Tile] = OrderedDict()
        self._bytes, self._most = 0, tiles_bytes
        self._asked: tuple[Part, tuple[float, float]] | None = None
        self._wanted: list[Key] = []
        self._in_view: frozenset[Key] = frozenset()
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=f"tiles of {path.name}", daemon=True)

    @classmethod
    def open(cls, path: Path, /, *, tiles_bytes: int = TILES_BYTES) -> "TiledPicture":
        """Begins to read a file; nothing waits for it."""
        opened = cls(path, tiles_bytes=tiles_bytes)
        opened._thread.start()
        return opened

    @property
    def level_count(self) -> int:
        """Levels that are ready for cutting; 0 while the file is read."""
        return len(self._levels)

    def tiles(self, part: Part, pixels: tuple[float, float], /) -> tuple[Tile, ...]:
        """What to show now of a part of the picture that fills so many pixels, from coarse to fine, each over those before it;
        what is missing is cut from now on, in place of what was missing before. Nothing before anything is ready."""
        with self._news:
            if self._closed:
                return ()
            self._asked = (part, pixels)
            return self._chosen(part, pixels) if self._levels else ()

    def settle(self, *, seconds: float = 60.0) -> bool:
        """Waits until everything that was last asked for is there, or the file turned out to be unreadable; for stills. False
        where that takes longer."""
        with self._news:
            return self._news.wait_for(lambda: self.problem is not None or bool(self._levels and not self._wanted), seconds)

    def close(self) -> None:
        """Gives all memory back; nothing is shown any more."""
        with self._news:
            self._closed = True
            self._wanted = []
            self._tiles.clear()
            self._bytes = 0
            self._news.notify_all()

    @property
    def tiles_bytes(self) -> int:
        """What the kept tiles take."""
        return self._bytes

    def _chosen(self, part: Part, pixels: tuple[float, float]) -> tuple[Tile, ...]:
        """What is there for this; what is missing is wanted from now on, what is in the middle first."""
        level = self._level(part, pixels)
        needed = [key for one in sorted({len(self._levels) - 1, level}, reverse=True) for key in self._keys(one, part)]
        shown = set(needed) & self._tiles.keys()
        missing = [key for key in needed if key not in self._tiles]
        for key in missing:
            shown.update(self._stand_ins(key))
        for key in shown:
            self._tiles.move_to_end(key)
        self._in_view = frozenset(needed) | shown
        middle = ((part[0] + part[2]) / 2, (part[1] + part[3]) / 2)
        self._wanted = sorted(missing, key=lambda key: (-key[0], self._distance(key, middle)))
        self._news.notify_all()
        return tuple(self._tiles[key] for key in sorted(shown, key=lambda key: (-key[0], key[2], key[1])))

    def _level(self, part: Part, pixels: tuple[float, float]) -> int:
        """The coarsest that still has a pixel of its own for every pixel shown."""
        assert self.size is not None
        density = min(
            (part[2] - part[0]) * self.size[0] / max(pixels[0], 1.0), (part[3] - part[1]) * self.size[1] / max(pixels[1], 1.0)
        )
        return min(max(0, int(np.floor(np.log2(max(density, 1.0)) + 1e-9))), len(self._levels) - 1)

    def _keys(self, level: int, part: Part) -> list[Key]:
        """The tiles of a level that a part of the picture lies on."""
        assert self.size is not None
        columns, rows = self._counts(level)
        across, down = self.size[0] / 2**level / STEP, self.size[1] / 2**level / STEP
        from_x, to_x = int(part[0] * across), min(int(np.ceil(part[2] * across)), columns)
        from_y, to_y = int(part[1] * down), min(int(np.ceil(part[3] * down)), rows)
        return [(level, x, y) for y in range(max(from_y, 0), to_y) for x in range(max(from_x, 0), to_x)]

    def _counts(self, level: int) -> tuple[int, int]:
        width, height = self._levels[level].size
        return -(-width // STEP), -(-height // STEP)

    def _stand_ins(self, key: Key) -> list[Key]:
        """The finest coarser tiles that are there for a missing one, or finer ones from before where they are."""
        rect = self._rect(key)
        for level in range(key[0] + 1, len(self._levels)):
            keys = self._keys(level, rect)
            if keys and all(one in self._tiles for one in keys):
                found = keys
                break
        else:
            found = []
        if key[0] > 0:
            found = [*found, *(one for one in self._keys(key[0] - 1, rect) if one in self._tiles)]
        return found

    def _rect(self, key: Key) -> Part:
        assert self.size is not None
        (width, height), scale = self.size, 2 ** key[0] * STEP
        return (
            key[1] * scale / width,
            key[2] * scale / height,
            min(1.0, (key[1] + 1) * scale / width),
            min(1.0, (key[2] + 1) * scale / height),
        )

    def _distance(self, key: Key, middle: tuple[float, float]) -> float:
        left, top, right, bottom = self._rect(key)
        return abs((left + right) / 2 - middle[0]) + abs((top + bottom) / 2 - middle[1])

    def _work(self) -> None:
        """The thread: reads the file, then cuts what is wanted until it is closed."""
        try:
            self._read()
        except OverSize as error:
            self._fail(str(error))
        except DECODER_ERRORS as error:
            log.info("%s: %r", self.path, error)
            self._fail(f"'{self.path.name}' cannot be read: it is damaged or not a picture; save it again as PNG or JPEG")
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._wanted)
                if self._closed:
                    self._levels = []
                    return
                key = self._wanted[0]
            tile = self._cut(key)
            with self._news:
                if not self._closed:
                    self._keep(tile)

    def _fail(self, problem: str) -> None:
        with self._news:
            self.problem = problem
            self._news.notify_all()

    def _read(self) -> None:
        from PIL import Image

        try:
            self._read_levels()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise OverSize(_too_large(self.path.name, "")) from None

    def _read_levels(self) -> None:
        from PIL import Image

        # The bytes first: a file that is replaced meanwhile is not read half old and half new.
        with Image.open(io.BytesIO(self.path.read_bytes())) as file:
            size = upright_size(file)
            if size[0] * size[1] > MAX_PIXELS:
                raise OverSize(_too_large(self.path.name, f" ({size[0]} x {size[1]})"))
            levels = [shown_colors(file, self.path.name)]
        while max(levels[-1].size) > TILE and not self._closed:
            levels.append(levels[-1].reduce(2))
        with self._news:
            self.size, self._levels = size, levels
            if self._asked is not None:
                self._chosen(*self._asked)
            self._news.notify_all()

    def _cut(self, key: Key) -> Tile:
        """A tile with its border, as far as the picture goes."""
        level, column, row = key
        whole = self._levels[level]
        x, y = column * STEP, row * STEP
        left, top = max(0, x - BORDER), max(0, y - BORDER)
        right, bottom = min(whole.width, x + STEP + BORDER), min(whole.height, y + STEP + BORDER)
        cut = whole.crop((left, top, right, bottom)).convert("RGBA")
        pixels = np.asarray(cut)
        rect = self._rect(key)
        assert self.size is not None
        across, down = self.size[0] / 2**level, self.size[1] / 2**level
        part = (
            (rect[0] * across - left) / (right - left),
            (rect[1] * down - top) / (bottom - top),
            (rect[2] * across - left) / (right - left),
            (rect[3] * down - top) / (bottom - top),
        )
        return Tile(key, SheetPicture(pixels, f"{self.path.name}, tile {key}"), rect, part)

    def _keep(self, tile: Tile) -> None:
        """Takes a tile in, and lets the oldest out of view go."""
        self._tiles[tile.key] = tile
        self._bytes += tile.picture.pixels.nbytes
        if tile.key in self._wanted:
            self._wanted.remove(tile.key)
        for key in list(self._tiles):
            if self._bytes <= self._most:
                break
            if key not in self._in_view and key != tile.key:
                self._bytes -= self._tiles.pop(key).picture.pixels.nbytes
        self._news.notify_all()


class OverSize(ValueError):
    """The picture has more pixels than are shown."""


def _too_large(name: str, size: str) -> str:
    return f"'{name}' has more than {MAX_PIXELS // 1_000_000} million pixels{size}; make it smaller"
