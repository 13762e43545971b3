"""The graphics binding: the GL context that a session draws with, one of its own that shares its textures with the window's. The
only place that knows one windowing system from another.

A runtime wants that context current in the thread that calls it, and nowhere else (OpenXR 1.1, XR_KHR_opengl_enable). Were it the
window's, a runtime that hangs would take the window along."""

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import xr  # noqa: TID251

from vrclient.display.openxr.runtime import HeadsetUnavailable

GLX_FBCONFIG_ID, GLX_VISUAL_ID, GLX_SCREEN = 0x8013, 0x800B, 0x800C
GLX_DRAWABLE_TYPE, GLX_PBUFFER_BIT, GLX_PBUFFER_HEIGHT, GLX_PBUFFER_WIDTH = 0x8010, 0x4, 0x8040, 0x8041
GLX_CONTEXT_MAJOR_VERSION, GLX_CONTEXT_MINOR_VERSION, GLX_CONTEXT_PROFILE_MASK = 0x2091, 0x2092, 0x9126
NOT_CURRENT = "the window's OpenGL context is not current; start vrclient again"
NO_SECOND = "the graphics driver offers no second OpenGL context that shares the window's pictures; update the graphics driver"


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """`info` goes into SessionCreateInfo.next. `restore` makes the context current in the calling thread, if another one or none
    is: some runtimes leave their own behind. `release`: none is current there from now on. `close`: the context goes; it must be
    current nowhere."""

    info: Any
    restore: Callable[[], None]
    release: Callable[[], None]
    close: Callable[[], None]


def shared_binding() -> Binding:
    """A new context that shares the textures of the current one. Raises HeadsetUnavailable where there cannot be one."""
    if sys.platform == "win32":
        return wgl_binding(ctypes.WinDLL("opengl32"))
    return _glx()


def several_threads() -> None:
    """Lets several threads use one connection to the X server. Call it before there is one; new libraries do so themselves."""
    if sys.platform in ("win32", "darwin"):
        return
    try:
        ctypes.CDLL("libX11.so.6").XInitThreads()
    except (OSError, AttributeError):
        return


class GraphicsBindingWin32(ctypes.Structure):
    """XrGraphicsBindingOpenGLWin32KHR, laid out as in openxr_platform.h; pyopenxr has it on Windows alone."""

    _fields_ = (("type", ctypes.c_int32), ("next", ctypes.c_void_p), ("h_dc", ctypes.c_void_p), ("h_glrc", ctypes.c_void_p))


def win32_info(device: int, context: int, /) -> GraphicsBindingWin32:
    """The struct of a device context and a rendering context."""
    kind = xr.StructureType.GRAPHICS_BINDING_OPENGL_WIN32_KHR.value
    return GraphicsBindingWin32(type=kind, h_dc=device, h_glrc=context)


def wgl_binding(gl: Any, /) -> Binding:
    """As `shared_binding`, on Windows; `gl` is its library opengl32."""
    gl.wglGetCurrentDC.restype = gl.wglGetCurrentContext.restype = gl.wglCreateContext.restype = ctypes.c_void_p
    gl.wglCreateContext.argtypes = gl.wglDeleteContext.argtypes = [ctypes.c_void_p]
    gl.wglMakeCurrent.argtypes = gl.wglShareLists.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    device, windows = gl.wglGetCurrentDC(), gl.wglGetCurrentContext()
    if not device or not windows:
        raise HeadsetUnavailable(NOT_CURRENT)
    own = gl.wglCreateContext(device)
    if not own or not gl.wglShareLists(windows, own):
        if own:
            gl.wglDeleteContext(own)
        raise HeadsetUnavailable(NO_SECOND)

    def restore() -> None:
        if gl.wglGetCurrentContext() != own:
            gl.wglMakeCurrent(device, own)

    return Binding(win32_info(device, own), restore, lambda: gl.wglMakeCurrent(None, None), lambda: gl.wglDeleteContext(own))


def _glx() -> Binding:
    from OpenGL import GLX

    windows = GLX.glXGetCurrentContext()
    if not windows:
        raise HeadsetUnavailable("a headset needs a desktop window beside it; start vrclient on a desktop")
    display = GLX.glXGetCurrentDisplay()
    config, visual, kinds = _fb_config(GLX, display, windows)
    if config is None:
        raise HeadsetUnavailable(NO_SECOND)
    wanted = (GLX_CONTEXT_MAJOR_VERSION, 4, GLX_CONTEXT_MINOR_VERSION, 3, GLX_CONTEXT_PROFILE_MASK, 1, 0)
    # By its address: PyOpenGL asks the server for GLX_ARB_create_context, which is the library's.
    address_of = ctypes.CDLL("libGL.so.1").glXGetProcAddressARB
    address_of.restype = ctypes.c_void_p
    address = address_of(b"glXCreateContextAttribsARB")
    kind = ctypes.CFUNCTYPE(ctypes.c_void_p, *([ctypes.c_void_p] * 3), ctypes.c_int, ctypes.c_void_p)
    found = kind(address)(display, config, windows, 1, (ctypes.c_int * len(wanted))(*wanted)) if address else None
    own = ctypes.cast(found, type(windows)) if found else None
    if own is None:
        raise HeadsetUnavailable(NO_SECOND)
    drawable, of_own = GLX.glXGetCurrentDrawable(), None
    if kinds & GLX_PBUFFER_BIT:
        size = (GLX_PBUFFER_WIDTH, 1, GLX_PBUFFER_HEIGHT, 1, 0)
        drawable = of_own = GLX.glXCreatePbuffer(display, config, (ctypes.c_int * len(size))(*size))

    def restore() -> None:
        now = GLX.glXGetCurrentContext()
        if not now or ctypes.addressof(now.contents) != ctypes.addressof(own.contents):
            GLX.glXMakeCurrent(display, drawable, own)

    def close() -> None:
        GLX.glXDestroyContext(display, own)
        if of_own is not None:
            GLX.glXDestroyPbuffer(display, of_own)

    info = xr.GraphicsBindingOpenGLXlibKHR(
        x_display=display, visualid=visual, glx_fbconfig=config, glx_drawable=drawable, glx_context=own
    )
    return Binding(info, restore, lambda: GLX.glXMakeCurrent(display, 0, None), close)


def _fb_config(glx: Any, display: Any, context: Any) -> tuple[Any, int, int]:
    """The frame buffer configuration of the context, its visual and what kinds of drawables it is for; (None, 0, 0) where the
    driver does not tell."""
    number, screen, visual, kinds, count = (ctypes.c_int() for _ in range(5))
    if glx.glXQueryContext(display, context, GLX_FBCONFIG_ID, ctypes.byref(number)):
        return None, 0, 0
    if glx.glXQueryContext(display, context, GLX_SCREEN, ctypes.byref(screen)):
        return None, 0, 0
    wanted = (ctypes.c_int * 3)(GLX_FBCONFIG_ID, number.value, 0)
    configs = glx.glXChooseFBConfig(display, screen.value, wanted, ctypes.byref(count))
    if not configs or not count.value:
        return None, 0, 0
    glx.glXGetFBConfigAttrib(display, configs[0], GLX_VISUAL_ID, ctypes.byref(visual))
    glx.glXGetFBConfigAttrib(display, configs[0], GLX_DRAWABLE_TYPE, ctypes.byref(kinds))
    return configs[0], visual.value, kinds.value
