"""Chooses a display: an ordered list of candidates, each rejection kept with its reason, the outcome said in one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vrclient.display.backend import DisplayUnavailable
from vrclient.display.engine import EngineDisplay

if TYPE_CHECKING:
    from vrclient.display.search import HeadsetSearch

FIRST_ANSWER_S = 3.0
"""Seconds that a runtime has to answer before the window opens without it."""
CHOICES = ("auto", "headset", "window", "offscreen")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that was not taken."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The display that was taken, and the candidates before it that were not."""

    display: EngineDisplay
    name: str
    rejected: tuple[Rejection, ...]

    def line(self) -> str:
        """What the log and the terminal say."""
        return described(self.name, self.rejected)


class NothingToShowOn(RuntimeError):
    """No candidate could be used; the text names each with its reason."""


Candidate = tuple[str, Callable[[], EngineDisplay]]


def select(candidates: Sequence[Candidate], /) -> Selection:
    """The first candidate that opens. Raises NothingToShowOn when none does."""
    rejected: list[Rejection] = []
    for name, open_display in candidates:
        try:
            return Selection(open_display(), name, tuple(rejected))
        except DisplayUnavailable as error:
            rejected.append(Rejection(name, str(error)))
    raise NothingToShowOn(described("none", tuple(rejected)))


def described(name: str, rejected: Sequence[Rejection], /) -> str:
    """'display: window (headset rejected: no OpenXR runtime)'."""
    reasons = "; ".join(f"{one.name} rejected: {one.reason}" for one in rejected)
    return f"display: {name} ({reasons})" if reasons else f"display: {name}"


def candidates(
    choice: str,
    /,
    *,
    size: tuple[int, int],
    title: str,
    samples: int,
    fullscreen: bool = False,
    place: tuple[int, int, int, int] | None = None,
    render_scale: float = 1.0,
    dynamic: bool = True,
) -> list[Candidate]:
    """What `--display` means, in the order of trial. "auto" ends in offscreen; a named display stands alone. `place`: as in
    WindowDisplay; `render_scale` and `dynamic` as in HeadsetOpening.

    Raises ValueError for a choice that is not in CHOICES."""
    from vrclient.display.offscreen import OffscreenDisplay
    from vrclient.display.window import WindowDisplay

    def window() -> WindowDisplay:
        return WindowDisplay(size, title=title, samples=samples, fullscreen=fullscreen, place=place)

    searches: list[HeadsetSearch] = []

    def headset() -> EngineDisplay:
        """The runtime is asked first: without one no window need be opened to find out. Where it does not answer, or there is
        none, the search goes on for the window that comes next."""
        try:
            from vrclient.display.search import HeadsetSearch
            from vrclient.display.supervisor import open_headset_display
        except (ImportError, OSError) as error:
            raise DisplayUnavailable(f"OpenXR cannot be loaded: {error}; install the package pyopenxr again") from None
        search = HeadsetSearch()
        runtime = search.first(FIRST_ANSWER_S)
        if runtime is None:
            searches.append(search)
            if choice != "auto":
                search.close()
            raise DisplayUnavailable(search.reason)
        try:
            return open_headset_display(window(), search, runtime, samples=samples, render_scale=render_scale, dynamic=dynamic)
        except DisplayUnavailable:
            runtime.close()
            raise

    def watchful_window() -> EngineDisplay:
        """A window that becomes a headset's mirror as soon as there is a headset."""
        if not searches:
            return window()
        from vrclient.display.supervisor import open_headset_display

        try:
            return open_headset_display(window(), searches[0], samples=samples, render_scale=render_scale, dynamic=dynamic)
        except DisplayUnavailable:
            searches[0].close()
            raise

    known: dict[str, Callable[[], EngineDisplay]] = {
        "headset": headset,
        "window": window,
        "offscreen": lambda: OffscreenDisplay(size, samples=samples),
    }
    if choice == "auto":
        return list((known | {"window": watchful_window}).items())
    if choice not in known:
        raise ValueError(f"'{choice}' is not a display; choose one of: {', '.join(CHOICES)}")
    return [(choice, known[choice])]
