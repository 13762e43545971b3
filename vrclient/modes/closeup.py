"""Looking closely: how far one may zoom, what part of a picture is seen. Pure."""

from dataclasses import replace
from math import log

from vrclient.modes.state import CloseUp
from vrclient.panels.closeup import NEAREST

STANDING_M = 1.3
"""Metres from the eye at which a picture stands at 1:1."""
CLOSEST_ZOOM = 4.0
"""However small the picture is, one may come so close."""
ZOOM_STEP = 1.35
"""A step of the wheel or a button."""


def closest(real: float, /) -> float:
    """The largest zoom, where `real` is the zoom at which the picture has its real size."""
    return max(CLOSEST_ZOOM, real * STANDING_M / NEAREST)


def zoom_at(share: float, real: float, /) -> float:
    """The zoom at 0..1 of the slider, which runs in equal factors from fitting to the closest."""
    return float(closest(real) ** min(max(share, 0.0), 1.0))


def share_at(zoom: float, real: float, /) -> float:
    """The place on the slider, 0..1, of a zoom: the inverse of zoom_at."""
    return min(max(log(max(zoom, 1.0)) / log(closest(real)), 0.0), 1.0)


def zoomed(close_up: CloseUp, zoom: float, /, *, real: float) -> CloseUp:
    """The close-up at another zoom, within its limits, and with its middle where the picture's edges allow."""
    return _bounded(replace(close_up, zoom=min(max(zoom, 1.0), closest(real))))


def moved(close_up: CloseUp, across: float, down: float, /) -> CloseUp:
    """The picture pulled by shares of its own width and height where it fits."""
    x, y = close_up.middle
    return _bounded(replace(close_up, middle=(x - across / close_up.zoom, y - down / close_up.zoom)))


def _bounded(close_up: CloseUp) -> CloseUp:
    half = 0.5 / close_up.zoom
    x, y = (min(max(one, half), 1.0 - half) for one in close_up.middle)
    return replace(close_up, middle=(x, y))
