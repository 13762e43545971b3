"""Panels look as they should: each against its golden picture, on the blue of dusk."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from panels_samples import OFFER, STATES

from vrclient.modes.panels.room import Device
from vrclient.modes.panels.shown import panels
from vrclient.panels.drawing import drawn

Compare = Callable[[str, np.ndarray], None]
BEHIND = np.array([58, 72, 104], np.float64)
PICTURES: tuple[tuple[str, str, Device, str], ...] = (
    ("start", "start", "touch", "zh"),
    ("start", "start", "headset", "en"),
    ("told", "caption", "headset", "zh"),
    ("walked_off", "bar", "touch", "en"),
    ("touring", "bar", "headset", "zh"),
    ("dates", "dates", "touch", "en"),
    ("timelapse", "dates", "headset", "zh"),
    ("menu", "menu", "touch", "zh"),
    ("menu_quiet", "menu", "headset", "en"),
    ("help", "help", "pointer", "zh"),
    ("help", "help", "touch", "zh"),
    ("help", "help", "headset", "en"),
    ("exhibit", "exhibit", "touch", "en"),
    ("model", "exhibit", "headset", "zh"),
    ("counter", "counter", "touch", "zh"),
    ("card", "counter", "touch", "en"),
    ("screen", "screen", "headset", "zh"),
    ("notice", "notice", "touch", "en"),
)


@pytest.mark.parametrize(("state", "id", "device", "language"), PICTURES)
def test_it_looks_as_it_should(golden: Compare, state: str, id: str, device: Device, language: str) -> None:
    shown = panels(replace(STATES[state], language=language), OFFER, device=device, pixels=(1280, 720))
    pixels = drawn(next(one.panel for one in shown if one.panel.id == id)).pixels.astype(np.float64)
    alpha = pixels[..., 3:] / 255.0
    golden(
        f"panels/{id}_{state}_{device}_{language}", np.round(pixels[..., :3] * alpha + BEHIND * (1.0 - alpha)).astype(np.uint8)
    )
