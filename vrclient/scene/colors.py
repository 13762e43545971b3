"""sRGB in files, linear light inside: the one place where colours change."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.scene.draw_data import Color


def linear_from_srgb(value: ArrayLike, /) -> NDArray[np.float64]:
    """sRGB 0..1 to linear 0..1, any shape. Source: IEC 61966-2-1."""
    encoded = np.asarray(value, np.float64)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(value: ArrayLike, /) -> NDArray[np.float64]:
    """Linear 0..1 to sRGB 0..1, any shape. Source: IEC 61966-2-1."""
    linear = np.clip(np.asarray(value, np.float64), 0.0, None)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def linear_color(text: str, /) -> Color:
    """'#rrggbb' (sRGB) as linear RGB."""
    red, green, blue = linear_from_srgb([int(text[k : k + 2], 16) / 255.0 for k in (1, 3, 5)])
    return (float(red), float(green), float(blue))
