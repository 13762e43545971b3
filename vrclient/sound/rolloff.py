"""How loud a sound is at a distance. Pure.

Source: the draft extension KHR_audio_emitter of glTF 2.0 (Khronos), "Audio Rolloff Formula": the formulas of the Web Audio API
(W3C), PannerNode.distanceModel."""

from dataclasses import dataclass
from typing import Literal

Model = Literal["linear", "inverse", "exponential"]

FADE_OUT = 1.25
"""The draft says of the maximum distance both that nothing is heard beyond it and that nothing becomes quieter beyond it. Here
the formulas hold up to it, and what they leave over is gone at so many times that distance, without a step."""


@dataclass(frozen=True, slots=True)
class Rolloff:
    """reference > 0: metres within which nothing is lost; farthest: metres, 0 = there is none; factor >= 0, of `linear` at
    most 1."""

    model: Model = "inverse"
    reference: float = 1.0
    farthest: float = 0.0
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.reference <= 0.0 or self.farthest < 0.0 or self.factor < 0.0:
            raise ValueError(f"reference must be above 0, farthest and factor at least 0: {self}")
        if self.model == "linear" and self.farthest <= self.reference:
            raise ValueError(f"a linear roll-off needs farthest beyond reference: {self}")


def distance_gain(distance: float, rolloff: Rolloff, /) -> float:
    """The linear gain 0..1 at `distance` metres, by the draft's formulas alone: beyond `farthest` as much as there."""
    reference, factor = rolloff.reference, rolloff.factor
    away = max(distance, reference)
    if rolloff.farthest:
        away = min(away, max(rolloff.farthest, reference))
    match rolloff.model:
        case "linear":
            return 1.0 - min(factor, 1.0) * (away - reference) / (rolloff.farthest - reference)
        case "inverse":
            return reference / (reference + factor * (away - reference))
        case "exponential":
            return float((away / reference) ** -factor)


def heard_gain(distance: float, rolloff: Rolloff, /) -> float:
    """`distance_gain`, and silence from FADE_OUT times `farthest` on."""
    gain = distance_gain(distance, rolloff)
    if rolloff.farthest and distance > rolloff.farthest:
        gain *= max(0.0, 1.0 - (distance / rolloff.farthest - 1.0) / (FADE_OUT - 1.0))
    return gain
