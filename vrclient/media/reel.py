"""A film's pictures one after the other, from any second on; for the processes of worker.py alone."""

import math
import time
from collections.abc import Iterator
from typing import BinaryIO

import av  # noqa: TID251
import numpy as np
from av.video.frame import VideoFrame  # noqa: TID251
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter  # noqa: TID251
from numpy.typing import NDArray

from vrclient.media.container import (
    READ_ERRORS,
    Unusable,
    fitted,
    is_sideways,
    matrix_of,
    opened,
    pictures_of,
    shown_size,
    start_of,
    upright,
)
from vrclient.media.slots import Slots

LATE = 1.5
"""Seconds: a film that has fallen so far behind goes on from a later key picture."""
STARVED = 1.0
"""Seconds after which a picture is shown although a later one is due already."""
RESTING, WAITING = 0.015, 0.004
"""Seconds between two looks at what is wanted, while it stands still and while it runs."""
UNSPECIFIED = 2
HIGH_DEFINITION = 720
"""Pictures so high are coded by BT.709 where the file does not say, smaller ones by BT.601."""


class Reel:
    """Raises Unusable for a file without a picture that can be shown; `size` is that of its pictures, as they are shown."""

    def __init__(self, stream: BinaryIO, /) -> None:
        self._container = opened(stream).__enter__()
        found = pictures_of(self._container)
        if found is None:
            raise Unusable("there is no picture in it")
        if found.codec_context is None:
            raise Unusable("its pictures are in a format that is not supported")
        self._stream, self._begins = found, start_of(self._container)
        self._reformatter = VideoReformatter()
        self._ahead: list[VideoFrame] = []
        self._last, self._first = 0.0, -math.inf
        self._source = self._decoded()
        first = self.peek()
        if first is None:
            raise Unusable("no picture in it can be decoded")
        self._first = self.second_of(first)
        self._matrix = matrix_of(first)
        self.size = fitted(shown_size(first, self._stream.sample_aspect_ratio))

    def seek(self, second: float, /) -> None:
        """Goes on from the key picture before that second; from the beginning where the file cannot be searched."""
        self._ahead.clear()
        for target in (second, 0.0):
            try:
                self._container.seek(int((target + self._begins) * av.time_base), backward=True)
                break
            except READ_ERRORS:
                continue
        self._last = 0.0
        self._source = self._decoded()

    def peek(self) -> VideoFrame | None:
        """The next picture; None at the end."""
        if not self._ahead and (frame := next(self._source, None)) is not None:
            self._ahead.append(frame)
        return self._ahead[0] if self._ahead else None

    def take(self) -> VideoFrame | None:
        frame = self.peek()
        self._ahead.clear()
        if frame is not None:
            self._last = self.second_of(frame)
        return frame

    def second_of(self, frame: VideoFrame, /) -> float:
        """When a picture is to be shown: the first one at once; without a word of the file, one picture after the last."""
        if frame.pts is None or frame.time_base is None:
            return self._last + 1.0 / float(self._stream.guessed_rate or 25)
        at = float(frame.pts * frame.time_base) - self._begins
        return at if at > self._first else 0.0

    def draw(self, frame: VideoFrame, into: NDArray[np.uint8], /) -> None:
        """Its pixels, [H, W, 4] BGRX of `size`, the bottom row first."""
        width, height = self.size[::-1] if is_sideways(self._matrix) else self.size
        space = frame.colorspace
        if space == UNSPECIFIED:
            space = Colorspace.ITU709 if frame.height >= HIGH_DEFINITION else Colorspace.ITU601
        smaller = width * height < frame.width * frame.height
        drawn = self._reformatter.reformat(
            frame,
            width,
            height,
            "bgr0",
            src_colorspace=space,
            interpolation=Interpolation.AREA if smaller else Interpolation.BILINEAR,
        )
        plane = drawn.planes[0]
        rows = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(height, plane.line_size)[:, : 4 * width].reshape(height, width, 4)
        )
        into[:] = upright(rows.reshape(height, width, 4), self._matrix)[::-1]
        if any(component.is_alpha for component in frame.format.components):
            into[..., :3] = into[..., :3].astype(np.uint16) * into[..., 3:] // 255
            into[..., 3] = 255

    def _decoded(self) -> Iterator[VideoFrame]:
        """All pictures from here on; what is damaged is left out."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except READ_ERRORS as error:
                if isinstance(error, MemoryError):
                    raise
                if packet is None or packet.size == 0:
                    return
                continue
            yield from frames


def play(reel: Reel, slots: Slots, /) -> None:
    """Keeps the slots filled with what is wanted now and soon; for ever."""
    wanted, moved, sought, drawn = 0.0, time.monotonic(), -math.inf, time.monotonic()
    position = -math.inf
    while True:
        now, last = time.monotonic(), wanted
        wanted = slots.wanted
        slots.beat()
        if wanted != last:
            moved = now
        coming = reel.peek()
        is_behind = wanted > position + LATE and coming is not None and now - sought > LATE
        if wanted < last or is_behind:
            slots.empty()
            reel.seek(wanted)
            sought = drawn = now
            coming = reel.peek()
        free = slots.free(wanted)
        if coming is None or free is None:
            time.sleep(RESTING if now - moved > 1.0 else WAITING)
            continue
        frame = reel.take()
        assert frame is not None
        position = reel.second_of(frame)
        following = reel.peek()
        if following is not None and reel.second_of(following) <= wanted and now - drawn < STARVED:
            continue
        slots.begin(free)
        reel.draw(frame, slots.pixels[free])
        slots.finish(free, position)
        drawn = now
