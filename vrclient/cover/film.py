"""A film that fills the glass over and over, in place of the client. A process of media/ decodes it."""

import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from vrclient.media.film import FilmPlayer

END_S = 1.5
"""Seconds without a new picture after which it begins again."""


class LoopingFilm:
    """`size`: of the glass. One that cannot be played gives no pictures."""

    def __init__(self, file: Path, size: tuple[int, int], /) -> None:
        self._player, self._size = FilmPlayer(file), size
        self._began: float | None = None
        self._came: float | None = None

    def due(self) -> bytes | None:
        """The picture that is due now, RGB, where it is another than the last one."""
        if self._player.problem is not None:
            return None
        if self._began is None:
            if self._player.size is None:
                self._player.picture(0.0)
                return None
            self._began = time.monotonic()
        now = time.monotonic()
        pixels = self._player.picture(now - self._began)
        if pixels is None:
            if self._came is not None and now - self._came > END_S:  # it is over
                self._began, self._came = now, None
            return None
        self._came = now
        upright = np.ascontiguousarray(pixels[::-1, :, 2::-1])
        if not self._player.is_whole():
            return None
        return ImageOps.fit(Image.fromarray(upright), self._size, Image.Resampling.BILINEAR).tobytes()

    def close(self) -> None:
        self._player.close()
