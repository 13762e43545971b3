"""Rows are taken out of a visible set; what remains keeps its groups."""

import numpy as np
from brute_force import groups
from hypothesis import given
from hypothesis import strategies as st

from vrclient.visibility.batches import Remaining, VisibleSet


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_what_remains_is_grouped_as_before(counts: list[int], random) -> None:  # type: ignore[no-untyped-def]
    number = sum(counts)
    rows = np.array(random.sample(range(100), number), np.uint32)
    shape = (3, 2)
    offsets = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
    visible = VisibleSet(rows, np.array(counts, np.int32).reshape(shape), offsets.reshape(shape))
    hidden = np.array([random.random() < 0.4 for _ in range(number)], np.bool_)
    left = Remaining(100).without(visible, hidden)
    assert left.counts.shape == left.offsets.shape == shape
    assert left.counts.dtype == left.offsets.dtype == np.int32
    before, after = groups(visible), groups(left)
    gone = set(rows[hidden].tolist())
    for key, members in before.items():
        expected = [row for row in members.tolist() if row not in gone]
        assert after.get(key, np.zeros(0, np.uint32)).tolist() == expected
    assert left.counts.sum() == len(left) == number - hidden.sum()
