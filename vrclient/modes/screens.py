"""When screens play: by themselves where somebody is near, always, or when they are chosen. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from vrclient.modes.state import Play
from vrclient.scene.interactives import Screen

LEAVING = 1.25
"""A screen that plays for who is near goes on until one is so many times as far away, so that it does not flicker on and off."""


def played(
    screens: Sequence[Screen], before: Mapping[str, Play], eye: ArrayLike, /, *, seconds: float, watched: str | None = None
) -> Mapping[str, Play]:
    """What each screen does `seconds` later, with the visitor's eye at `eye` ([3] metres, world); the one that is `watched` does
    not stop because it is far. The same mapping where nothing has changed."""
    after = dict(before)
    for screen in screens:
        play = after.get(screen.id)
        away = float(np.linalg.norm(np.subtract(eye, screen.face.center)))
        match screen.start:
            case "always":
                wanted = True
            case "near":
                wanted = away <= screen.near * (LEAVING if play is not None and play.playing else 1.0)
            case "touch":
                wanted = play is not None and play.playing and away <= screen.near * LEAVING
        if play is None:
            if wanted:
                after[screen.id] = Play()
            continue
        if not play.chosen:
            play = replace(play, playing=wanted) if play.playing != wanted else play
        elif away > screen.near * LEAVING and screen.start != "always" and screen.id != watched:
            play = replace(play, playing=False, chosen=False)
        if play.playing and _is_over(screen, play):
            play = replace(play, playing=False, chosen=True)
        after[screen.id] = replace(play, seconds=play.seconds + seconds) if play.playing else play
    return before if after == dict(before) else after


def started(before: Mapping[str, Play], screen: Screen, /) -> Mapping[str, Play]:
    """The screen going on, from now on by the visitor's word; from its beginning where it was over."""
    play = before.get(screen.id)
    if play is None or _is_over(screen, play):
        return again(before, screen)
    return {**before, screen.id: replace(play, playing=True, chosen=True)}


def toggled(before: Mapping[str, Play], screen: Screen, /) -> Mapping[str, Play]:
    """The screen started or stopped by the visitor."""
    play = before.get(screen.id)
    if play is None or not play.playing:
        return started(before, screen)
    return {**before, screen.id: replace(play, playing=False, chosen=True)}


def again(before: Mapping[str, Play], screen: Screen, /) -> Mapping[str, Play]:
    """The screen from its beginning."""
    return {**before, screen.id: Play(chosen=True)}


def _is_over(screen: Screen, play: Play) -> bool:
    return not screen.loop and screen.length is not None and play.seconds >= screen.length
