"""The graphics binding: which GL context a session draws with. The only place that knows one windowing system from another.

It is read from the context that is current in the calling thread; the renderer makes it so (GraphicsContext.make_current)."""

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import xr

from vrclient.display.openxr.runtime import HeadsetUnavailable

GLX_FBCONFIG_ID, GLX_VISUAL_ID, GLX_SCREEN = 0x8013, 0x800B, 0x800C


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """`info` goes into SessionCreateInfo.next. `restore` makes the same context current again if another one is: some
    runtimes leave their own behind."""

    info: Any
    restore: Callable[[], None]


def current_binding() -> Binding:
    """The binding of the current context. Raises HeadsetUnavailable where a headset cannot draw with it."""
    if sys.platform == "win32":
        return wgl_binding(ctypes.WinDLL("opengl32"))
    return _glx()


class GraphicsBindingWin32(ctypes.Structure):
    """XrGraphicsBindingOpenGLWin32KHR, laid out as in openxr_platform.h; pyopenxr has it on Windows alone."""

    _fields_ = (("type", ctypes.c_int32), ("next", ctypes.c_void_p), ("h_dc", ctypes.c_void_p), ("h_glrc", ctypes.c_void_p))


def win32_info(device: int, context: int, /) -> GraphicsBindingWin32:
    """The struct of a device context and a rendering context."""
    kind = xr.StructureType.GRAPHICS_BINDING_OPENGL_WIN32_KHR.value
    return GraphicsBindingWin32(type=kind, h_dc=device, h_glrc=context)


def wgl_binding(gl: Any, /) -> Binding:
    """As `current_binding`, on Windows; `gl` is its library opengl32."""
    gl.wglGetCurrentDC.restype = gl.wglGetCurrentContext.restype = ctypes.c_void_p
    gl.wglMakeCurrent.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    device, context = gl.wglGetCurrentDC(), gl.wglGetCurrentContext()
    if not device or not context:
        raise HeadsetUnavailable("the window's OpenGL context is not current; start vrclient anew")

    def restore() -> None:
        if gl.wglGetCurrentContext() != context:
            gl.wglMakeCurrent(device, context)

    return Binding(win32_info(device, context), restore)


def _glx() -> Binding:
    from OpenGL import GLX

    context = GLX.glXGetCurrentContext()
    if not context:
        raise HeadsetUnavailable("a headset needs a desktop window beside it; start vrclient on a desktop")
    display, drawable = GLX.glXGetCurrentDisplay(), GLX.glXGetCurrentDrawable()
    config, visual = _fb_config(GLX, display, context)

    def restore() -> None:
        now = GLX.glXGetCurrentContext()
        if not now or ctypes.addressof(now.contents) != ctypes.addressof(context.contents):
            GLX.glXMakeCurrent(display, drawable, context)

    info = xr.GraphicsBindingOpenGLXlibKHR(
        x_display=display, visualid=visual, glx_fbconfig=config, glx_drawable=drawable, glx_context=context
    )
    return Binding(info, restore)


def _fb_config(glx: Any, display: Any, context: Any) -> tuple[Any, int]:
    """The frame buffer configuration of the context and its visual; (None, 0) where the driver does not tell."""
    number, screen, visual, count = (ctypes.c_int() for _ in range(4))
    if glx.glXQueryContext(display, context, GLX_FBCONFIG_ID, ctypes.byref(number)):
        return None, 0
    if glx.glXQueryContext(display, context, GLX_SCREEN, ctypes.byref(screen)):
        return None, 0
    wanted = (ctypes.c_int * 3)(GLX_FBCONFIG_ID, number.value, 0)
    configs = glx.glXChooseFBConfig(display, screen.value, wanted, ctypes.byref(count))
    if not configs or not count.value:
        return None, 0
    glx.glXGetFBConfigAttrib(display, configs[0], GLX_VISUAL_ID, ctypes.byref(visual))
    return configs[0], visual.value
