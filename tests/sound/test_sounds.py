"""What is heard, and from where."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.scene.interactives import Rectangle, Screen, SoundSource, moment_in
from vrclient.sound.rolloff import Rolloff
from vrclient.sound.sounds import Sound, ambience, film_sound, heard_from, level, narration

points = st.tuples(*[st.floats(-300.0, 300.0)] * 3)
LAKE = SoundSource("lake", Path("lake.ogg"), (0.0, 0.0, 0.0), volume=0.5, reference=10.0, farthest=100.0, radius=30.0)


def _screen(**more: object) -> Screen:
    face = Rectangle((0.0, 5.0, 2.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (2.0, 1.125))
    return Screen("film", {"en": "Film"}, face, **{"video": Path("film.mp4"), "length": 20.0, **more})  # type: ignore[arg-type]


def test_a_lake_is_everywhere_within_its_radius() -> None:
    sound = ambience(LAKE)
    for place in ((0, 0, 0), (29, 0, 0), (0, -30, 0)):
        assert level(sound, place) == 0.5
        assert np.allclose(heard_from(sound, place), place)
    assert level(sound, (50.0, 0.0, 0.0)) == pytest.approx(0.5 * 10.0 / 20.0)
    assert level(sound, (170.0, 0.0, 0.0)) == 0.0


@given(points, points, st.floats(0.0, 200.0))
def test_a_sound_comes_from_its_place_and_a_wide_one_from_all_around(ears: tuple, place: tuple, radius: float) -> None:
    sound = Sound("a", Path("a.ogg"), place, radius=radius)
    away = np.subtract(place, ears)
    distance = float(np.linalg.norm(away))
    seems = heard_from(sound, ears) - ears
    assert np.linalg.norm(seems) <= max(distance - radius, 0.1) * (1.0 + 1e-6)
    if distance > 2.0 * radius and distance > 0.2:
        assert np.allclose(seems / np.linalg.norm(seems), away / distance, atol=1e-6)
    if distance <= radius:
        assert np.allclose(seems, 0.0)


@given(st.floats(1.0, 100.0), st.lists(st.floats(1.001, 3.0), min_size=2, max_size=6))
def test_it_moves_from_above_to_the_side_as_one_leaves(radius: float, times: list[float]) -> None:
    sound = Sound("a", Path("a.ogg"), (0.0, 0.0, 0.0), radius=radius)
    aside = []
    for one in sorted(times):
        seems = heard_from(sound, (one * radius, 0.0, 0.0)) - (one * radius, 0.0, 0.0)
        aside.append(-seems[0] / np.linalg.norm(seems))
    assert all(a <= b + 1e-9 for a, b in pairwise(aside))
    assert aside[0] >= -1e-9 and aside[-1] <= 1.0 + 1e-9


def test_a_film_sounds_from_its_screen_while_it_runs() -> None:
    sound = film_sound(_screen(), 23.0)
    assert sound is not None
    assert (sound.position, sound.seconds, sound.rolloff) == ((0.0, 5.0, 2.0), 3.0, Rolloff("inverse", 4.0, 48.0))
    assert film_sound(_screen(loop=False), 23.0) is None
    assert film_sound(_screen(video=None, pictures=(Path("a.png"),)), 3.0) is None


@given(st.floats(0.0, 1e4), st.booleans())
def test_the_moment_in_a_film(seconds: float, loop: bool) -> None:
    moment = moment_in(_screen(loop=loop), seconds)
    assert 0.0 <= moment <= 20.0
    assert moment == (seconds % 20.0 if loop else min(seconds, 20.0))
    assert moment_in(_screen(length=None), seconds) == seconds


def test_a_narration_is_in_both_ears_wherever_one_is() -> None:
    voice = narration(Path("gate.ogg"), 4.0)
    assert level(voice, (900.0, 0.0, 0.0)) == 1.0 and voice.speech
    assert np.allclose(heard_from(voice, (900.0, 0.0, 1.6)), (900.0, 0.0, 1.6))
