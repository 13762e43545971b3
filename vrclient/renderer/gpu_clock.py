"""How long the graphics card took for a frame, asked around the drawing and read when it has come in, never waited for.

Nobody needs to know: where the driver refuses to tell, nothing is timed from then on."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from OpenGL import GL
from OpenGL.error import GLError

from vrclient.renderer.context import GraphicsContext

log = logging.getLogger(__name__)

ON_THEIR_WAY = 6
"""Frames."""


class GpuClock:
    """`begin` and `end` around the drawing, `latest` for the newest answer."""

    def __init__(self, context: GraphicsContext, /) -> None:
        self._context = context
        self._free: list[int] = []
        self._asked: deque[int] = deque()
        self._open: int | None = None
        with self._asking():
            self._free = [int(one) for one in GL.glGenQueries(ON_THEIR_WAY)]

    def begin(self) -> None:
        """Right before the frame is drawn; a frame that finds no query free is not timed."""
        if self._open is None and self._free:
            with self._asking():
                self._open = self._free.pop()
                GL.glBeginQuery(GL.GL_TIME_ELAPSED, self._open)

    def end(self) -> None:
        """Right after."""
        if self._open is not None:
            with self._asking():
                GL.glEndQuery(GL.GL_TIME_ELAPSED)
                self._asked.append(self._open)
            self._open = None

    def latest(self) -> float | None:
        """Seconds of the newest frame that has come in since the last call; None where none has."""
        seconds = None
        with self._asking():
            while self._asked and GL.glGetQueryObjectuiv(self._asked[0], GL.GL_QUERY_RESULT_AVAILABLE):
                query = self._asked.popleft()
                seconds = int(GL.glGetQueryObjectuiv(query, GL.GL_QUERY_RESULT)) / 1e9
                self._free.append(query)
        return seconds

    def close(self) -> None:
        """Gives the queries back."""
        self.end()
        if queries := [*self._free, *self._asked]:
            with self._asking():
                GL.glDeleteQueries(len(queries), queries)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Of the driver, in its own context."""
        self._context.make_current()
        try:
            yield
        except GLError as error:
            log.info("the graphics card's time for a frame is not known: the driver says 0x%04X", error.err)
            self._free, self._open = [], None
            self._asked.clear()
