"""The runtime's images, which a headset shows: one swapchain, twice as wide as an eye, both eyes side by side.

What the renderer draws are display values (sRGB). So an sRGB format takes them bit by bit; for a linear one they are converted
on the way. A plain RGBA8 is never chosen: runtimes take it for linear light, and the picture would be encoded twice."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

import xr  # noqa: TID251
from OpenGL import GL

from vrclient.display.openxr.runtime import HeadsetUnavailable

FORMATS = {GL.GL_SRGB8_ALPHA8: "sRGB", GL.GL_RGBA16F: "16 bit float", GL.GL_RGBA16: "16 bit"}
"""Those we can fill, the best first."""
DEPTH_FORMAT = GL.GL_DEPTH_COMPONENT32F
LONGEST_WAIT_NS = 250_000_000
"""Nanoseconds that one frame waits for an image."""
PATIENCE_S = 1.0
"""Seconds until an image that does not come is an error."""


def chosen_format(offered: Sequence[int], /) -> int:
    """The first of FORMATS that the runtime offers. Raises HeadsetUnavailable where there is none."""
    for one in FORMATS:
        if int(one) in offered:
            return int(one)
    numbers = ", ".join(f"0x{one:04X}" for one in offered) or "none"
    raise HeadsetUnavailable(
        f"the headset's runtime accepts none of our colour formats (it offers {numbers}); update its software"
    )


def takes_depth(session: Any, /) -> bool:
    """Whether the runtime takes depths as the renderer draws them."""
    return int(DEPTH_FORMAT) in [int(one) for one in xr.enumerate_swapchain_formats(session)]


class Swapchain:
    """`size` in pixels. Call `fill` with the drawn texture between begin and end of a frame.

    Raises xr.exception.XrException where the runtime refuses, HeadsetUnavailable where no format suits."""

    def __init__(self, session: Any, size: tuple[int, int], /, *, depth: bool = False) -> None:
        """`depth`: for depths in 32 bit floating point; ask `takes_depth` first."""
        self.size = size
        offered = [int(one) for one in xr.enumerate_swapchain_formats(session)]
        self.format = int(DEPTH_FORMAT) if depth else chosen_format(offered)
        flags = xr.SwapchainUsageFlags
        attached = flags.DEPTH_STENCIL_ATTACHMENT_BIT if depth else flags.COLOR_ATTACHMENT_BIT
        info = xr.SwapchainCreateInfo(
            usage_flags=attached | flags.SAMPLED_BIT | flags.TRANSFER_DST_BIT,
            format=self.format,
            sample_count=1,
            width=size[0],
            height=size[1],
            face_count=1,
            array_size=1,
            mip_count=1,
        )
        self.handle = xr.create_swapchain(session, info)
        self._images = [int(one.image) for one in xr.enumerate_swapchain_images(self.handle, xr.SwapchainImageOpenGLKHR)]
        self._acquired: int | None = None
        self._since = 0.0
        self._wait = xr.SwapchainImageWaitInfo(timeout=LONGEST_WAIT_NS)
        self._acquire, self._release = xr.SwapchainImageAcquireInfo(), xr.SwapchainImageReleaseInfo()
        self._converter = None if self.format in (GL.GL_SRGB8_ALPHA8, DEPTH_FORMAT) else _Converter(size)

    def fill(self, texture: int, /) -> bool:
        """Copies a GL texture of RGBA8 display values, or of depths, of our size, into the next image. False where the runtime
        does not give one in time: the next frame goes on waiting for it, as it may not be given back before. Raises
        xr.exception.TimeoutExpired after PATIENCE_S of that."""
        if self._acquired is None:
            self._acquired = int(xr.acquire_swapchain_image(self.handle, self._acquire))
            self._since = time.monotonic()
        try:
            xr.wait_swapchain_image(self.handle, self._wait)
        except xr.exception.TimeoutExpired:
            if time.monotonic() - self._since > PATIENCE_S:
                raise
            return False
        image, self._acquired = self._images[self._acquired], None
        try:
            if self._converter:
                self._converter.convert(texture, image)
            else:
                copy(texture, image, self.size)
        finally:
            xr.release_swapchain_image(self.handle, self._release)
        return True

    def close(self) -> None:
        """Gives the images back, once."""
        handle, self.handle = self.handle, None
        if handle is None:
            return
        with contextlib.suppress(xr.exception.XrException):
            xr.destroy_swapchain(handle)
        if self._converter:
            self._converter.close()


def copy(source: int, target: int, size: tuple[int, int], /) -> None:
    """Copies a texture's first level bit by bit."""
    GL.glCopyImageSubData(source, GL.GL_TEXTURE_2D, 0, 0, 0, 0, target, GL.GL_TEXTURE_2D, 0, 0, 0, 0, *size, 1)


def forget_gl_errors() -> None:
    """Reads pending errors away, which some runtimes leave and others take for their own."""
    while GL.glGetError() != GL.GL_NO_ERROR:
        pass


class _Converter:
    """Display values into a texture of linear light: a copy that is marked as sRGB, and a blit that decodes it
    (OpenGL 4.4 and later, section 18.3.1: blits decode and encode sRGB where FRAMEBUFFER_SRGB is on)."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        bound = GL.glGetIntegerv(GL.GL_TEXTURE_BINDING_2D)
        self._marked = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._marked)
        GL.glTexStorage2D(GL.GL_TEXTURE_2D, 1, GL.GL_SRGB8_ALPHA8, *size)
        GL.glBindTexture(GL.GL_TEXTURE_2D, bound)
        self._frames = GL.glGenFramebuffers(2)

    def convert(self, source: int, target: int) -> None:
        copy(source, self._marked, self._size)
        read, drawn = GL.glGetIntegerv(GL.GL_READ_FRAMEBUFFER_BINDING), GL.glGetIntegerv(GL.GL_DRAW_FRAMEBUFFER_BINDING)
        encodes, cuts = GL.glIsEnabled(GL.GL_FRAMEBUFFER_SRGB), GL.glIsEnabled(GL.GL_SCISSOR_TEST)
        for place, frame, texture in zip(
            (GL.GL_READ_FRAMEBUFFER, GL.GL_DRAW_FRAMEBUFFER), self._frames, (self._marked, target), strict=True
        ):
            GL.glBindFramebuffer(place, frame)
            GL.glFramebufferTexture2D(place, GL.GL_COLOR_ATTACHMENT0, GL.GL_TEXTURE_2D, texture, 0)
        GL.glEnable(GL.GL_FRAMEBUFFER_SRGB)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        area = (0, 0, *self._size)
        GL.glBlitFramebuffer(*area, *area, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
        if not encodes:
            GL.glDisable(GL.GL_FRAMEBUFFER_SRGB)
        if cuts:
            GL.glEnable(GL.GL_SCISSOR_TEST)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, read)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, drawn)

    def close(self) -> None:
        GL.glDeleteTextures([self._marked])
        GL.glDeleteFramebuffers(2, self._frames)
