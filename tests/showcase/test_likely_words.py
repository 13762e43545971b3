"""Words that people write before they have read the manual: each leads to something that there is."""

import pytest

from vrclient.elements import kinds
from vrclient.showcase import likely_words
from vrclient.showcase.likely_words import likely_key, likely_kind, likely_option
from vrclient.showcase.models import Environment, Origin, ShowcaseFile
from vrclient.showcase.shapes import Choice, Either, Group, Items, Shape, Table, keys_of


def shapes(shape: Shape):
    yield shape
    match shape:
        case Group():
            for key in keys_of(shape.model).values():
                yield from shapes(key.shape)
        case Items():
            yield from shapes(shape.item)
        case Table():
            yield from shapes(shape.value)
        case Either():
            for variant in shape.variants:
                yield from shapes(variant)


ALL = [
    one
    for model in (ShowcaseFile, Origin, Environment, *(kind.model for kind in kinds().values()))
    for one in shapes(Group(model))
]


def test_what_is_proposed_is_there() -> None:
    keys = {key for one in ALL if isinstance(one, Group) for key in keys_of(one.model)}
    options = {option for one in ALL if isinstance(one, Choice) for option in one.options}
    assert {proposal.split("'")[1] for proposal in likely_words.KINDS} <= set(kinds())
    assert {key for _, meant in likely_words.KEYS for key in meant} <= keys
    assert {option for _, option in likely_words.OPTIONS} <= options
    meshes = {proposal.rsplit("mesh: ", 1)[1].split()[0] for proposal in likely_words.KINDS if "mesh: " in proposal}
    assert meshes <= options


def test_no_word_stands_twice_or_is_a_kind_s_own_name() -> None:
    words = [word for words in likely_words.KINDS.values() for word in words]
    assert len(words) == len(set(words))
    assert not set(words) & set(kinds())
    assert all(likely_words._bare(word) == word for word in words)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("lake", "'water'"), ("LAKES", "'water'"), ("street-light", "'light' for one, or 'scatter' with mesh: lamp along a path"),
     ("湖", "'water'"), ("广场", "'road' with an outline, or 'terrace' if it is raised"), ("water", None), ("x" * 5000, None)],
)  # fmt: skip
def test_kinds(word: str, meant: str | None) -> None:
    assert likely_kind(word, kinds()) == meant


def test_only_what_is_known_there_is_proposed() -> None:
    assert likely_kind("lake", ["building"]) is None
    assert likely_key("floors", ["height_m"]) is None
    assert likely_key("text", ["caption"]) == "caption"
    assert likely_key("Name", ["title", "text"]) == "title"
    assert likely_option("tree", ["broadleaf", "conifer"]) == "broadleaf"
