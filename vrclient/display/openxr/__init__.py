"""A headset through OpenXR: the only room where `xr` is imported, and where OpenXR's axes (Y up) are met.

What can be told without a headset stands apart and imports no `xr`: discovery.py, messages.py, quirks.py, bindings.py.

    discovery.py, messages.py, probe.py   which runtime is installed; what its errors mean; the doctor's question, in a process
    quirks.py, notes.py, unknown.py       what a runtime does otherwise; what it prints; numbers that pyopenxr does not know:
                                          errors are errors, successes successes
    runtime.py                            instance, extensions, the headset and its sizes
    graphics.py, cards.py                 GLX and WGL: the second context; which graphics cards there are, for whoever chooses
    session.py                            events, states, begun and ended frames
    frames.py, bounded_calls.py           one frame after the other, by the book, in a thread with a GL context of its own; what
                                          is not waited for
    spaces.py                             OpenXR's axes; the floor
    actions.py, bindings.py               controllers, bound by config/bindings/*.yaml
    render_models.py                      what the controllers look like, as the runtime gives it: by which extension, and
    interaction_models.py                 XR_FB_render_model; by XR_EXT_interaction_render_model
    swapchains.py, layers.py              the runtime's images; what goes to it
    resolution.py, hidden_areas.py        how much is drawn; what the lenses hide
    backend.py                            the headset as frames see it: views, target, pictures handed over

tests/headset runs all of it against a real runtime in the lab (lab/), under Khronos' validation layers (adr/0006); a Python API
layer injects what that runtime cannot do wrong by itself."""

import sys
from types import ModuleType

if sys.platform == "win32":
    # pyopenxr 1.1.6501 loads a library for layers written in Python when it is imported. Its wheel's wants MSVCP140D.dll and the
    # like, which no Windows has where nobody writes programs; nothing here uses it.
    _no_layers_in_python = ModuleType("xr.api_layer.raw_functions")
    _no_layers_in_python.insertXrApiLayer = None  # type: ignore[attr-defined]
    sys.modules.setdefault(_no_layers_in_python.__name__, _no_layers_in_python)
