"""Points in the graphics card's work that may be waited for, also from another context that shares objects with this one."""

from typing import Any

from OpenGL import GL

FOR_EVER = 2**64 - 1
"""GL_TIMEOUT_IGNORED, which PyOpenGL gives with the wrong sign."""


class Fence:
    """Made where the work was asked for, whose context must be current, as in each call."""

    def __init__(self) -> None:
        self._sync: Any = GL.glFenceSync(GL.GL_SYNC_GPU_COMMANDS_COMPLETE, 0)
        GL.glFlush()

    @property
    def done(self) -> bool:
        """The work is. Never waits."""
        return int(GL.glClientWaitSync(self._sync, 0, 0)) != GL.GL_TIMEOUT_EXPIRED

    def hold_card(self) -> None:
        """What is asked of the graphics card from now on, in the current context, comes after the work; the program goes on."""
        GL.glWaitSync(self._sync, 0, FOR_EVER)

    def wait(self, seconds: float, /) -> None:
        """Until the work is done, or for so long."""
        GL.glClientWaitSync(self._sync, 0, int(seconds * 1e9))

    def close(self) -> None:
        """Gives it back; waiting on it goes on."""
        GL.glDeleteSync(self._sync)
