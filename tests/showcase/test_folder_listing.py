"""What a folder's listing finds is what one finds by comparing with every name in it."""

import unicodedata
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.folder_listing import FolderListing, composed

NAMES = st.text(alphabet="aAeEé\u0301ßs町", min_size=1, max_size=4)
FOLDERS = st.sets(NAMES, max_size=8)


def listing(names: set[str]) -> FolderListing:
    """Of a folder with these names; few disks could have all of them side by side."""
    folder = Path("there")
    there = iter([folder / one for one in names])
    with patch.object(Path, "is_dir", return_value=True), patch.object(Path, "iterdir", return_value=there):
        return FolderListing(folder)


@given(FOLDERS, NAMES)
def test_a_name_is_found_by_the_same_letters_however_they_are_made(names: set[str], asked: str) -> None:
    found = listing(names).spelled(asked)
    same = {one for one in names if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", asked)}
    assert (found in same) if same else (found is None)
    assert asked not in names or found == asked, "the very same letters go first"


@given(FOLDERS, NAMES)
def test_the_other_name_differs_in_capital_letters_alone(names: set[str], asked: str) -> None:
    others = sorted(one for one in names if one != asked and one.casefold() == asked.casefold())
    assert listing(names).alike(asked) == (others[0] if others else None)


def test_no_folder_has_no_names(tmp_path: Path) -> None:
    nothing = FolderListing(tmp_path / "nothing")
    assert (nothing.names, nothing.spelled("a"), nothing.alike("a"), composed("e\u0301")) == ((), None, None, "é")
