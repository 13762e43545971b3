"""Textures in strips: what does not fit is refused, and old functions of the driver are found where Windows keeps them."""

import ctypes
import types

import numpy as np
import pytest

from vrclient.render_data.steps import all_of
from vrclient.renderer import context as contexts
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext, GraphicsUnavailable
from vrclient.renderer.uploads import TexelUpload
from vrclient.scene.draw_data import Image

IMAGE = Image(np.zeros((5, 3, 4), np.uint8), "small")


@pytest.mark.parametrize(
    "texels", [np.zeros((3, 5, 4), np.uint8), np.zeros((5, 3, 4), np.float32), np.zeros((5, 6, 4), np.uint8)[:, ::2]]
)
def test_texels_that_do_not_fit_are_refused(context: GraphicsContext, texels: np.ndarray) -> None:
    upload = TexelUpload(context)
    try:
        with pytest.raises(ValueError, match=r"the texels of 'small' have .*; expected contiguous uint8 of shape \(5, 3, 4\)"):
            all_of(upload.steps(convert.empty_image(IMAGE), texels))
    finally:
        upload.close()


def test_old_functions_are_the_library_s_own(context: GraphicsContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where the call for addresses knows only functions that are newer than OpenGL 1.1."""
    called: list[int] = []
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_int)
    library = types.SimpleNamespace(current=lambda: 1, address=lambda _: None, glOld=prototype(called.append))
    monkeypatch.setattr(contexts, "_libraries", lambda: iter([(library, "current", "address")]))
    context.driver_call("glOld", ctypes.c_int)(7)
    assert called == [7]
    with pytest.raises(GraphicsUnavailable, match=r"^the driver has no glNew; update the graphics driver$"):
        context.driver_call("glNew", ctypes.c_int)
