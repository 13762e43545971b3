"""QR codes as pictures, for whoever shows one: a counter's cards, a card that opens before the visitor. It puts them nowhere."""

from functools import lru_cache

import numpy as np
import segno
from numpy.typing import NDArray

from vrclient.frame.sheets import SheetPicture

QUIET = 4
"""Modules of white round a code; readers want them (ISO/IEC 18004)."""

LONGEST = 200
"""Characters of an address that stay readable from a card; checks refuse longer ones."""


@lru_cache(maxsize=64)
def qr_modules(text: str, /) -> NDArray[np.bool_]:
    """[M, M] True = dark, row 0 on top, with its quiet zone; the smallest code of error correction M, or better where it is free.

    Raises ValueError for an empty text, and for one longer than LONGEST."""
    if not 0 < len(text) <= LONGEST:
        raise ValueError(f"text must have 1 to {LONGEST} characters, not {len(text)}")
    code = segno.make(text, error="m", micro=False)
    modules = np.pad(np.array([[bool(one) for one in row] for row in code.matrix]), QUIET)
    modules.setflags(write=False)
    return modules


@lru_cache(maxsize=64)
def qr_picture(text: str, /, *, pixels: int = 512) -> SheetPicture:
    """The code as a picture of `pixels` x `pixels`, black on white; the same one for the same text.

    Every module is the same whole number of pixels; what is left over widens the white round it. Raises ValueError as
    qr_modules does, and where `pixels` are fewer than its modules."""
    modules = qr_modules(text)
    each = pixels // len(modules)
    if each < 1:
        raise ValueError(f"pixels must be at least {len(modules)} for this text, not {pixels}")
    canvas = np.full((pixels, pixels, 4), 255, np.uint8)
    before = (pixels - each * len(modules)) // 2
    code = np.kron(modules, np.ones((each, each), np.bool_))
    canvas[before : before + len(code), before : before + len(code), :3] = np.where(code, 0, 255)[..., None]
    canvas.setflags(write=False)
    return SheetPicture(canvas, f"QR code of {text}")
