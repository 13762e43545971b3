"""The formulas of KHR_audio_emitter."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.sound.rolloff import FADE_OUT, Rolloff, distance_gain, heard_gain

meters = st.floats(0.0, 1e4)
rolloffs = st.builds(
    lambda model, reference, beyond, factor: Rolloff(
        model, reference, reference + beyond, min(factor, 1.0) if model == "linear" else factor
    ),
    st.sampled_from(["linear", "inverse", "exponential"]),
    st.floats(0.1, 50.0),
    st.floats(1.0, 500.0),
    st.floats(0.0, 8.0),
)


@pytest.mark.parametrize(
    ("rolloff", "distance", "gain"),
    [
        (Rolloff("linear", 1.0, 11.0, 1.0), 6.0, 1.0 - 1.0 * (6.0 - 1.0) / (11.0 - 1.0)),
        (Rolloff("linear", 2.0, 10.0, 0.5), 4.0, 1.0 - 0.5 * (4.0 - 2.0) / (10.0 - 2.0)),
        (Rolloff("inverse", 2.0, 100.0, 1.0), 8.0, 2.0 / (2.0 + 1.0 * (8.0 - 2.0))),
        (Rolloff("inverse", 1.0, 0.0, 0.8), 5.0, 1.0 / (1.0 + 0.8 * 4.0)),
        (Rolloff("exponential", 2.0, 100.0, 1.5), 9.0, (9.0 / 2.0) ** -1.5),
    ],
)
def test_worked_by_hand(rolloff: Rolloff, distance: float, gain: float) -> None:
    assert distance_gain(distance, rolloff) == pytest.approx(gain)


@given(rolloffs, meters, meters)
def test_farther_is_never_louder(rolloff: Rolloff, one: float, other: float) -> None:
    near, far = sorted((one, other))
    assert 0.0 <= distance_gain(far, rolloff) <= distance_gain(near, rolloff) <= 1.0
    assert heard_gain(far, rolloff) <= heard_gain(near, rolloff) + 1e-12


@given(rolloffs, st.floats(0.0, 1.0))
def test_within_the_reference_nothing_is_lost(rolloff: Rolloff, share: float) -> None:
    assert distance_gain(share * rolloff.reference, rolloff) == 1.0


@given(rolloffs, st.floats(1.0, 100.0))
def test_beyond_the_farthest_nothing_more_is_lost_and_then_it_fades_away(rolloff: Rolloff, times: float) -> None:
    beyond = times * rolloff.farthest
    assert distance_gain(beyond, rolloff) == pytest.approx(distance_gain(rolloff.farthest, rolloff), abs=1e-12)
    assert heard_gain(rolloff.farthest, rolloff) == distance_gain(rolloff.farthest, rolloff)
    assert heard_gain(max(beyond, 1.0001 * FADE_OUT * rolloff.farthest), rolloff) == 0.0


@given(rolloffs, meters)
def test_no_factor_no_loss(rolloff: Rolloff, distance: float) -> None:
    assert distance_gain(distance, dataclasses.replace(rolloff, factor=0.0)) == 1.0


@given(st.floats(0.1, 50.0), st.floats(0.0, 8.0), meters)
def test_without_a_farthest_distance_the_formulas_go_on(reference: float, factor: float, distance: float) -> None:
    rolloff = Rolloff("inverse", reference, 0.0, factor)
    away = max(distance, reference)
    assert heard_gain(distance, rolloff) == pytest.approx(reference / (reference + factor * (away - reference)))


@pytest.mark.parametrize(
    "wrong", [{"reference": 0.0}, {"farthest": -1.0}, {"factor": -0.1}, {"model": "linear", "reference": 5.0, "farthest": 5.0}]
)
def test_what_is_no_rolloff(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"must be above 0|needs farthest beyond reference"):
        Rolloff(**wrong)
