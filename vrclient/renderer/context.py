"""The engine, a pipe to the graphics driver and one hidden output that owns the GL context. It draws nothing.

Panda3D is used without ShowBase: no builtins, no task loop, no messenger. What its parts report goes to Python's logging."""

import ctypes
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import panda3d  # noqa: TID251
from panda3d.core import (  # noqa: TID251
    CullBinEnums,
    CullBinManager,
    FrameBufferProperties,
    GraphicsEngine,
    GraphicsOutput,
    GraphicsPipe,
    GraphicsPipeSelection,
    GraphicsStateGuardian,
    Notify,
    StringStream,
    WindowProperties,
    load_prc_file_data,
)

log = logging.getLogger(__name__)

HEADLESS, WINDOWED = "p3headlessgl", "pandagl"
"""The engine's display modules. Its package for Windows has no headless one: the other draws pictures there, without a window."""
SETTINGS = """
load-display {module}
audio-library-name null
textures-power-2 none
gl-version 4 3
gl-coordinate-system default
sync-video {sync}
notify-level warning
notify-level-display warning
default-directnotify-level warning
state-cache true
garbage-collect-states true
"""

OPTIONAL_EXTENSIONS = (
    "GL_ARB_shader_viewport_layer_array",
    "GL_AMD_vertex_shader_viewport_index",
    "GL_ARB_clip_control",
    "GL_EXT_texture_filter_anisotropic",
)
"""What the renderer asks for and can do without."""


WINDOW_GONE = re.compile(r"x11display\(error\): (BadWindow|BadDrawable|GLXBad\w*(Drawable|Window))\b")
"""What the engine reports while another program destroys its window: whoever owns the window finds out (display/x11_loss.py)."""


class GraphicsUnavailable(RuntimeError):
    """No GL context can be had. The text says why, in words for the person at the machine."""


class GraphicsTooOld(GraphicsUnavailable):
    """There is a GL context, but it lacks what the renderer needs."""


@dataclass(frozen=True, slots=True)
class GlInfo:
    """What the driver says of itself."""

    vendor: str
    renderer: str
    version: str
    extensions: tuple[str, ...]
    """Those of OPTIONAL_EXTENSIONS that are there."""
    viewports_from_vertices: bool
    reversed_depth: bool

    @property
    def stereo(self) -> str:
        """How two eyes are drawn."""
        return "one pass" if self.viewports_from_vertices else "two passes"


_notices: StringStream | None = None


@cache
def _has_headless() -> bool:
    return any(Path(panda3d.__file__).parent.glob(f"*{HEADLESS}.*"))


def _module(kind: str) -> str:
    return HEADLESS if kind == "offscreen" and _has_headless() else WINDOWED


def _configure(kind: Literal["offscreen", "window"], *, sync: bool) -> None:
    global _notices
    load_prc_file_data("vrclient", SETTINGS.format(module=_module(kind), sync=int(sync)))
    if (name := os.environ.get("DISPLAY", "")) and name.isprintable():  # a second line would be another setting
        load_prc_file_data("vrclient", f"display {name}")  # the engine knows the environment of the process's start alone
    # In the order of the graph, whose nodes are already one a state; the engine would sort them by where they lie in memory.
    CullBinManager.get_global_ptr().set_bin_type("opaque", CullBinEnums.BT_unsorted)
    if _notices is None:
        _notices = StringStream()
        Notify.ptr().set_ostream_ptr(_notices, False)


def take_notices() -> str:
    """What the engine has reported since the last call; whoever takes it handles it."""
    if _notices is None:
        return ""
    text: str = _notices.get_data().decode("utf-8", "replace")
    if text:
        _notices.clear_data()
    return text


def log_notices() -> None:
    """Sends what the engine has reported to the log."""
    for line in take_notices().splitlines():
        message = line.strip()
        if message and not message.endswith(": EGL_NOT_INITIALIZED"):
            is_error = "(error)" in message and not WINDOW_GONE.search(message)
            log.log(logging.ERROR if is_error else logging.INFO, "%s", message)


class GraphicsContext:
    """One engine, one pipe, one GL context. Make one with `open_context`; outputs share its context and its uploads."""

    def __init__(self, kind: Literal["offscreen", "window"], pipe: GraphicsPipe, host: GraphicsOutput) -> None:
        self.kind = kind
        self.engine: GraphicsEngine = GraphicsEngine.get_global_ptr()
        self.pipe = pipe
        self.host = host
        self.gsg: GraphicsStateGuardian = host.gsg
        self._draw_host(lambda: _current_native() is not None)  # another display's context may be the current one
        self.info = _info(self.gsg, _reverse_depth())
        self._native = _current_native()
        shows_at_once = kind == "window" and host.get_fb_properties().get_back_buffers() == 0
        self._flush = self.driver_call("glFlush") if shows_at_once else None
        """Where there is no second buffer to swap with, nothing is seen until the driver is told to draw."""

    def make_current(self) -> None:
        """Lets GL calls outside a frame, such as compiling, reach this context when another was in use."""
        if _current_native() != self._native:
            self._draw_host(lambda: _current_native() == self._native)

    def _draw_host(self, is_current: Callable[[], bool]) -> None:
        """Draws into the host alone, which makes this context the current one. A frame in which the engine closes another
        display's window leaves none: so once more."""
        was_active = self.host.is_active()
        self.host.set_active(True)
        self.draw_aside(self.host)
        if not is_current():
            self.draw_aside(self.host)
        self.host.set_active(was_active)

    def draw_aside(self, *outputs: GraphicsOutput) -> None:
        """Draws those of these outputs that are active, between two frames; the window, and whatever else there is, keeps what
        it shows."""
        others = [one for one in self.engine.get_windows() if one.is_active() and one not in outputs]
        for one in others:
            one.set_active(False)
        self.engine.render_frame()
        for one in others:
            one.set_active(True)

    def driver_call(self, name: str, /, *arguments: type, returns: type | None = None) -> Callable[..., Any]:
        """A function of the driver, by its name and its C types; this context must be current. For what the engine has no call
        for. Raises GraphicsUnavailable where the driver has none."""
        address = gl_function(name)
        if not address:
            raise GraphicsUnavailable(f"the driver has no {name}; update the graphics driver")
        prototype = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
        call: Callable[..., Any] = prototype(returns, *arguments)(address)
        return call

    def flip(self) -> None:
        """Puts on the screen what was drawn into the window."""
        self.engine.flip_frame()
        if self._flush is not None:
            self._flush()

    def wait_for_screen(self, *, on: bool) -> None:
        """Whether showing a picture in the window waits for the screen; nothing changes where the driver cannot choose."""
        self.make_current()
        _swap_interval(int(on))

    def close(self) -> None:
        """Gives the context and everything that was made in it back."""
        self.engine.remove_window(self.host)
        log_notices()


def open_context(
    kind: Literal["offscreen", "window"] = "offscreen",
    *,
    window: WindowProperties | None = None,
    sync: bool = False,
    color_bits: tuple[int, int, int] = (8, 8, 8),
) -> GraphicsContext:
    """A context without a screen ("offscreen": EGL on Linux, WGL on Windows), or one with a window of the given properties, and
    of so many bits of red, green and blue.

    Raises GraphicsUnavailable with a reason when there is no driver or it is older than OpenGL 4.3."""
    _configure(kind, sync=sync)
    pipe = _pipe(kind)
    properties = FrameBufferProperties()
    properties.set_rgba_bits(*color_bits, 8 if _module(kind) == HEADLESS else 0)
    properties.set_back_buffers(int(kind == "window"))
    engine = GraphicsEngine.get_global_ptr()
    made = (engine.make_output(pipe, "vrclient", 0, properties, shape, flags) for shape, flags in _outputs(kind, window))
    host = next((one for one in made if one is not None), None)
    if host is None:
        raise GraphicsUnavailable(_reason("no OpenGL context can be made"))
    engine.open_windows()
    if host.gsg is None or not host.gsg.is_valid() or not host.is_valid():
        engine.remove_window(host)
        raise GraphicsUnavailable(_reason("the OpenGL context is not usable"))
    version = (host.gsg.driver_version_major, host.gsg.driver_version_minor)
    if version < (4, 3):
        text = f"{host.gsg.driver_renderer} offers OpenGL {version[0]}.{version[1]}; 4.3 is needed; update the graphics driver"
        engine.remove_window(host)
        raise GraphicsTooOld(text)
    context = GraphicsContext(kind, pipe, host)
    if kind == "offscreen":
        host.set_active(False)
    log_notices()
    return context


def _outputs(kind: str, window: WindowProperties | None) -> Iterator[tuple[WindowProperties, int]]:
    """What the engine is asked for, in turn."""
    one_pixel = WindowProperties.size(1, 1)
    if kind == "window":
        yield window or one_pixel, GraphicsPipe.BF_require_window
        return
    yield one_pixel, GraphicsPipe.BF_refuse_window
    if _module(kind) == WINDOWED:  # where the driver has no buffer without a window: one beside every screen
        one_pixel.set_origin(-32000, -32000)
        one_pixel.set_undecorated(True)
        yield one_pixel, GraphicsPipe.BF_require_window


_pipes: dict[str, GraphicsPipe] = {}


def _pipe(kind: str) -> GraphicsPipe:
    """One pipe of a kind for the whole process: the driver's display ends with the first pipe that goes."""
    module = _module(kind)
    if module not in _pipes:
        pipe = GraphicsPipeSelection.get_global_ptr().make_module_pipe(module)
        if pipe is None or not pipe.is_valid():
            raise GraphicsUnavailable(_reason(f"the display module {module} does not start"))
        pipe.ref()  # for good: its X server may be gone when the process ends, and a connection to none cannot be closed in order
        _pipes[module] = pipe
    return _pipes[module]


X_SERVERS = (
    (
        "GLX extension not supported",
        "the X server '{display}' draws no OpenGL (GLX); give it at least 16 bits of colour and its GLX module (package "
        "xserver-xorg-core; Xvfb: +extension GLX)",
    ),
    (
        "usable pixel format",
        "the X server '{display}' lets no program from here draw OpenGL; run vrclient on the machine with the screen, and unset "
        "LIBGL_ALWAYS_INDIRECT",
    ),
)
"""What the engine says of an X server, and what a person can do about it."""


def _reason(what: str) -> str:
    notices = [re.sub(r"^:[\w:]+\((\w+)\): ", "", line) for line in take_notices().splitlines() if "(error)" in line]
    for known, words in X_SERVERS:
        if any(known in notice for notice in notices):
            return words.format(display=os.environ.get("DISPLAY", ""))
    return f"{what}: {notices[0]}" if notices else what


def _info(gsg: GraphicsStateGuardian, reversed_depth: bool) -> GlInfo:
    extensions = tuple(name for name in OPTIONAL_EXTENSIONS if gsg.has_extension(name))
    return GlInfo(
        vendor=gsg.driver_vendor,
        renderer=gsg.driver_renderer,
        version=gsg.driver_version,
        extensions=extensions,
        viewports_from_vertices=any("viewport" in name for name in extensions),
        reversed_depth=reversed_depth,
    )


GL_LOWER_LEFT, GL_ZERO_TO_ONE = 0x8CA1, 0x935F


def _reverse_depth() -> bool:
    """Lets clip space run from 0 to w, so that depth can be drawn reversed in floating point: far things keep their order.

    The engine has no call for it, so the current context's own is used. False where the driver has none."""
    address = gl_function("glClipControl")
    if not address:
        return False
    prototype = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
    call: Callable[[int, int], None] = prototype(None, ctypes.c_uint, ctypes.c_uint)(address)
    call(GL_LOWER_LEFT, GL_ZERO_TO_ONE)
    return True


def _swap_interval(interval: int) -> None:
    """Sources: WGL_EXT_swap_control, GLX_MESA_swap_control, GLX_SGI_swap_control (which cannot be turned off)."""
    prototype = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
    names = ("wglSwapIntervalEXT",) if sys.platform == "win32" else ("glXSwapIntervalMESA", "glXSwapIntervalSGI")
    for name in names:
        if address := gl_function(name):
            prototype(ctypes.c_int, ctypes.c_int)(address)(interval)
            return


@cache
def _libraries() -> tuple[tuple[ctypes.CDLL, str, str], ...]:
    """The system's GL libraries with the names of their calls for the current context and for a function's address."""
    found = []
    known = [("opengl32", "wglGetCurrentContext", "wglGetProcAddress")]
    if sys.platform != "win32":
        known = [
            ("libEGL.so.1", "eglGetCurrentContext", "eglGetProcAddress"),
            ("libGL.so.1", "glXGetCurrentContext", "glXGetProcAddressARB"),
        ]
    for name, current, address in known:
        try:
            library = ctypes.CDLL(name)
            getattr(library, current).restype = ctypes.c_void_p
            getattr(library, address).restype = ctypes.c_void_p
            getattr(library, address).argtypes = [ctypes.c_char_p]
        except (OSError, AttributeError):
            continue
        found.append((library, current, address))
    return tuple(found)


def _current_native() -> int | None:
    """The context that this thread's GL calls reach, as a number."""
    return next((int(native) for library, current, _ in _libraries() if (native := getattr(library, current)())), None)


def gl_function(name: str, /) -> int | None:
    """The address of a GL function in the current context."""
    for library, current, address in _libraries():
        if getattr(library, current)():
            found: int | None = getattr(library, address)(name.encode())
            if not found and hasattr(library, name):  # Windows gives the oldest ones, OpenGL 1.1, as the library's own alone
                found = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
            return found
    return None
