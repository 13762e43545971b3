"""How long the graphics card took for a frame, asked around the drawing and read when it has come in, never waited for."""

from collections import deque

from OpenGL import GL

from vrclient.renderer.context import GraphicsContext

ON_THEIR_WAY = 6
"""Frames."""


class GpuClock:
    """`begin` and `end` around the drawing, `latest` for the newest answer. The context must be current."""

    def __init__(self, context: GraphicsContext, /) -> None:
        self._context = context
        context.make_current()
        self._free = [int(one) for one in GL.glGenQueries(ON_THEIR_WAY)]
        self._asked: deque[int] = deque()
        self._open: int | None = None

    def begin(self) -> None:
        """Right before the frame is drawn; a frame that finds no query free is not timed."""
        if self._open is None and self._free:
            self._open = self._free.pop()
            GL.glBeginQuery(GL.GL_TIME_ELAPSED, self._open)

    def end(self) -> None:
        """Right after."""
        if self._open is not None:
            GL.glEndQuery(GL.GL_TIME_ELAPSED)
            self._asked.append(self._open)
            self._open = None

    def latest(self) -> float | None:
        """Seconds of the newest frame that has come in since the last call; None where none has."""
        seconds = None
        while self._asked and GL.glGetQueryObjectuiv(self._asked[0], GL.GL_QUERY_RESULT_AVAILABLE):
            query = self._asked.popleft()
            seconds = int(GL.glGetQueryObjectuiv(query, GL.GL_QUERY_RESULT)) / 1e9
            self._free.append(query)
        return seconds

    def close(self) -> None:
        """Gives the queries back."""
        self._context.make_current()
        self.end()
        queries = [*self._free, *self._asked]
        GL.glDeleteQueries(len(queries), queries)
