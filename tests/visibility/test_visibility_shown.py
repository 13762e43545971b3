"""Rows that are not shown are in no answer, whatever the date; an index goes to another process as it was built."""

import pickle

import numpy as np
import pytest
from brute_force import World, groups, view_sets, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.visibility import VisibilityIndex
from vrclient.visibility.batches import VisibleSet

DAYS = st.one_of(st.none(), st.integers(-50, 1500))


def build(made: World) -> VisibilityIndex:
    return VisibilityIndex.build(
        made.center, made.half_extent, made.mesh, built=made.built, demolished=made.demolished, lod_pixels=[80.0, 20.0]
    )


def answer(visible: VisibleSet) -> dict[tuple[int, int], list[int]]:
    return {key: sorted(rows.tolist()) for key, rows in groups(visible).items() if len(rows)}


@settings(max_examples=60)
@given(data=st.data(), made=worlds)
def test_an_answer_lacks_what_is_hidden_and_nothing_else(data: st.DataObject, made: World) -> None:
    whole, part = build(made), build(made)
    for _ in range(3):
        view_set, day = data.draw(view_sets(made.center)), data.draw(DAYS)
        shown = np.random.default_rng(data.draw(st.integers(0, 99))).random(len(made)) < 0.6
        expected = answer(build(made).cull(view_set, date=day))
        expected = {key: kept for key, rows in expected.items() if (kept := [row for row in rows if shown[row]])}
        part.cull(view_set, date=day)
        part.show(shown)
        fresh = build(made)
        fresh.show(shown)
        assert answer(fresh.cull(view_set, date=day)) == expected
        assert {row for rows in answer(part.cull(view_set, date=day)).values() for row in rows} == {
            row for rows in expected.values() for row in rows
        }
        planes = np.array([[1, 0, 0, 1e6], [-1, 0, 0, 1e6], [0, 1, 0, 1e6], [0, -1, 0, 1e6], [0, 0, 1, 1e6], [0, 0, -1, 1e6]])
        assert sorted(part.inside(planes, date=day)) == sorted(row for row in whole.inside(planes, date=day) if shown[row])
        part.show(np.ones(len(made), np.bool_))


@settings(max_examples=40)
@given(data=st.data(), made=worlds)
def test_another_process_gets_it_as_it_was_built(data: st.DataObject, made: World) -> None:
    used = build(made)
    used.cull(data.draw(view_sets(made.center)), date=5)
    sent = pickle.loads(pickle.dumps(used, protocol=5))
    view_set, day = data.draw(view_sets(made.center)), data.draw(DAYS)
    assert answer(sent.cull(view_set, date=day)) == answer(build(made).cull(view_set, date=day))


def test_wrong_flags_are_named() -> None:
    index = VisibilityIndex.build(np.ones((3, 3)), np.ones((3, 3)), np.zeros(3, np.int32))
    with pytest.raises(ValueError, match=r"^shown has shape \(2,\) and dtype bool; expected \(3,\) bool$"):
        index.show(np.ones(2, np.bool_))
    with pytest.raises(ValueError, match=r"^shown has shape \(3,\) and dtype int64; expected \(3,\) bool$"):
        index.show(np.ones(3, np.int64))
