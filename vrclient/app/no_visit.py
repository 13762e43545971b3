"""A place by itself, for pictures and figures: nothing to press, nothing to do, and nobody to tell. What a session has where it
has no VisitController (visit_controller.py), with the same calls."""

from vrclient.app.interact import Outcome
from vrclient.app.moments import Moment
from vrclient.app.place import Place
from vrclient.frame.commands import Cross, GoBack
from vrclient.frame.inputs import InputSnapshot
from vrclient.geometry.frames import Matrix
from vrclient.modes.placing import Wanted
from vrclient.modes.visitor import Asked
from vrclient.renderer.pipeline import Renderer
from vrclient.scene.interactives import TextByLanguage


class NoVisit:
    """Nobody's."""

    darkness = 0.0
    is_crossing = False
    waits = False

    def __init__(self, language: str, /) -> None:
        self.language = language

    def heard(self, inputs: InputSnapshot, /, *, time: float) -> InputSnapshot:
        """All of them: no panel takes any."""
        return inputs

    def wanted(self, inputs: InputSnapshot, /, *, pixels: tuple[int, int]) -> Wanted:
        """No panels."""
        return ()

    def update(self, outcome: Outcome, inputs: InputSnapshot, /, **_: object) -> tuple[Asked, ...]:
        """Nothing is to be done."""
        return ()

    def show(self, renderer: Renderer, outcome: Outcome, /) -> None:
        """Nothing lies over the scene."""

    def play(self, world_from_head: Matrix, /, *, elapsed: float, attentive: bool) -> None:
        """Nothing is heard."""

    def ask(self, way: Cross | GoBack, /) -> None:
        """Nobody goes."""

    def notice(self, said: TextByLanguage, /, *, time: float) -> None:
        """Nobody reads it."""

    def moved(self, moment: Moment, /) -> None:
        """Nothing follows."""

    def enter(self, place: Place, way_back: TextByLanguage | None, /, *, back: bool) -> None:
        """Nothing waits there."""

    def begin_anew(self) -> None:
        """Nothing was begun."""

    def close(self) -> None:
        """Nothing is held."""
