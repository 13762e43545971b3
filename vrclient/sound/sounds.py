"""What should be heard at a moment, as values: ambience, the sound of a film, a narration; and from where it comes. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.scene.interactives import Point, Screen, SoundSource, moment_in
from vrclient.sound.rolloff import Rolloff, heard_gain

QUIET = 0.002
"""A gain under which nothing is heard: 54 dB under full level."""

NEAR = Rolloff()
"""What one has who says nothing: as in KHR_audio_emitter."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound that should be heard now.

    key        the same from frame to frame: which sound this is
    position   metres, world; None: in both ears alike, wherever one is
    volume     linear, 0..1
    radius     metres around `position` within which it is everywhere
    seconds    the place in the file that should be heard now; None: it plays by itself, from its beginning
    speech     while it is heard, everything else is quieter
    """

    key: Hashable
    file: Path
    position: Point | None = None
    volume: float = 1.0
    rolloff: Rolloff = NEAR
    radius: float = 0.0
    seconds: float | None = None
    loop: bool = False
    speech: bool = False


def ambience(source: SoundSource, /) -> Sound:
    """A sound of the place."""
    rolloff = Rolloff(source.model, source.reference, source.farthest, source.rolloff)
    return Sound(source.id, source.file, source.position, source.volume, rolloff, source.radius, loop=source.loop)


def film_sound(screen: Screen, seconds: float, /) -> Sound | None:
    """The sound of a screen's film, `seconds` after it was started; as loud as recorded within one width of the screen. None of
    pictures, and of a film that is over."""
    moment = moment_in(screen, seconds)
    if screen.video is None or (not screen.loop and screen.length is not None and seconds >= screen.length):
        return None
    width = max(1.0, 2.0 * screen.face.half[0])
    rolloff = Rolloff("inverse", width, 12.0 * width)
    return Sound(("film", screen.id), screen.video, screen.face.center, screen.volume, rolloff, seconds=moment, loop=screen.loop)


def narration(file: Path, seconds: float, /) -> Sound:
    """A voice beside the ears, `seconds` after it began. How long it takes: media/files.py, seconds_of."""
    return Sound("narration", file, seconds=seconds, speech=True)


def level(sound: Sound, ears: ArrayLike, /) -> float:
    """The linear gain of a sound for ears at [3] metres."""
    if sound.position is None:
        return sound.volume
    away = float(np.linalg.norm(np.subtract(sound.position, ears)))
    return sound.volume * heard_gain(max(0.0, away - sound.radius), sound.rolloff)


def heard_from(sound: Sound, ears: ArrayLike, /) -> NDArray[np.float64]:
    """[3] metres, world: where a sound seems to be for ears at [3] metres. Something wide comes from all around for who is in
    it: for the direction, it rises above one's head, where both ears hear it alike, from twice its radius inwards."""
    here = np.asarray(ears, np.float64)
    if sound.position is None:
        return here
    away = np.asarray(sound.position, np.float64) - here
    distance = float(np.linalg.norm(away))
    if distance <= max(sound.radius, 1e-3):
        return here
    outside = distance - sound.radius
    aside = min(1.0, outside / sound.radius) if sound.radius else 1.0
    direction = aside * away / distance + np.array([0.0, 0.0, 1.0 - aside])
    return here + direction * (max(outside, 0.1) / max(float(np.linalg.norm(direction)), 1e-3))
