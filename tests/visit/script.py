"""One visit as a script, the same whatever the visitor has at hand: a mouse, a finger, a headset. It takes the client's frames
itself, and aims at what it wants where the client has put it."""

import datetime
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
import zxingcpp
from numpy.typing import ArrayLike, NDArray

from vrclient.app.frame import one_frame
from vrclient.app.session import Session
from vrclient.app.visit_controller import VisitController
from vrclient.modes import ids
from vrclient.modes.closeup import share_at
from vrclient.modes.placing import StandingPanel
from vrclient.panels.parts import track
from vrclient.panels.pressing import box_of
from vrclient.panels.widgets import Slider, Spot
from vrclient.scene.interactives import Counter, Exhibit, Interactive, Portal, Screen, chosen_card

Did = tuple[object, ...]


WHOLE_VISIT: list[Did] = [
    ("tour", "first_visit", 0),
    ("playing", False),
    ("language", "en"),
    ("date", "2018-09-01"),
    ("zoom", "site_plan", 1.0),
    ("code", True, "https://zwdt.sh.gov.cn"),
    ("film", "opening_film", True),
    ("place", "hall", "en"),
    ("place", "zhangjiajie", "en"),
    ("place", "hall", "en"),
    ("place", "fengxian", "en"),
]
"""What comes of the whole visit, whatever it is made with."""


class Hands(Protocol):
    """What a visitor points and presses with. Each takes as many frames as it needs."""

    def aim(self, point: NDArray[np.float64], /) -> None:
        """Points at a place in the world, [3] metres."""
        ...

    def press(self) -> None:
        """Goes down and stays down."""
        ...

    def release(self) -> None:
        """Comes up again."""
        ...


class Script:
    """Takes frames and does one thing after another; `did` is what came of it.

    picture   what the visitor sees now, [H, W, 3] uint8
    look      called with a word for what was just done; it may raise where that does not look right
    """

    def __init__(
        self,
        session: Session,
        hands: Hands,
        picture: Callable[[], NDArray[np.uint8]],
        look: Callable[[str], None] = lambda _: None,
    ) -> None:
        assert isinstance(session.visit_controller, VisitController)
        self.session, self.hands, self._picture, self._look = session, hands, picture, look
        self.controller = session.visit_controller
        self.did: list[Did] = []

    def note(self, *did: object) -> None:
        """What was done has come to this."""
        self.did.append(did)
        self._look("_".join(str(one) for one in did[:2]))

    def frames(self, count: int) -> None:
        for _ in range(count):
            one_frame(self.session)

    def until(self, holds: Callable[[], bool], what: str, *, timeout: float = 300.0) -> None:
        """Frames until it holds."""
        end = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < end, f"waited {timeout:.0f} s for {what}: {self.controller.state}"
            one_frame(self.session)

    def settle(self) -> None:
        """Until nobody is under way and the eyes are open."""
        self.until(
            lambda: self.session.place.interaction.relocation.arrived and self.session.visit.aids.blink == 0.0,
            "the end of the way",
        )
        self.frames(3)

    def tap(self, point: ArrayLike) -> None:
        self.hands.aim(np.asarray(point, np.float64))
        self.hands.press()
        self.hands.release()
        self.settle()

    def panel(self, widget: str, row: int | None = None) -> tuple[StandingPanel, Spot]:
        """The panel with that widget on it, once it is there."""
        found: list[tuple[StandingPanel, Spot]] = []

        def there() -> bool:
            for standing in self.session.place.interaction.panels.standing:
                spot = Spot(widget, row)
                if box_of(standing.panel, spot) is not None:
                    found.append((standing, spot))
            return bool(found)

        self.until(there, f"the widget {widget}")
        return found[-1]

    def use(self, widget: str, row: int | None = None) -> None:
        """Taps a widget in its middle."""
        standing, spot = self.panel(widget, row)
        box = box_of(standing.panel, spot)
        assert box is not None
        self.tap(_at(standing, box.middle))

    def slide(self, widget: str, share: float) -> None:
        """Takes a slider by its middle and pulls it to a share of its track."""
        standing, spot = self.panel(widget)
        box = box_of(standing.panel, spot)
        assert box is not None and isinstance(standing.panel.placed(widget).widget, Slider)  # type: ignore[union-attr]
        self.hands.aim(_at(standing, box.middle))
        self.hands.press()
        standing, _ = self.panel(widget)
        self.hands.aim(_at(standing, _on_track(standing, widget, share)))
        self.hands.release()
        self.frames(3)

    def choose(self, thing: Interactive, *, card: int | None = None) -> None:
        """Taps something in the scene; of a counter, a card."""
        found = [
            one
            for one in self.session.place.opened.scene.selectables
            if one.offers is thing and (card is None or (isinstance(thing, Counter) and chosen_card(thing, one.id) == card))
        ]
        self.tap(found[0].center)

    def go_to_stop(self, number: int) -> None:
        """Steps the tour to a stop, and waits until one is there."""
        while (touring := self.controller.state.tour) is not None and touring.stop < number:
            self.use(ids.TOUR_NEXT)
        self.settle()
        touring = self.controller.state.tour
        assert touring is not None and touring.stop == number
        self.until(lambda: (now := self.controller.state.tour) is not None and now.seconds is not None, "the stop")
        if touring.playing:
            self.use(ids.TOUR_TOGGLE)


def whole_visit(script: Script) -> list[Did]:
    """Tour, pause, language, years, exhibit, film, service, hall, Zhangjiajie, and back."""
    controller = script.controller
    session = script.session
    scene = session.place.opened.scene
    exhibit = next(one for one in scene.interactives if isinstance(one, Exhibit))
    screen = next(one for one in scene.interactives if isinstance(one, Screen))
    counter = next(one for one in scene.interactives if isinstance(one, Counter))

    script.use(ids.TOUR_START)
    script.until(lambda: controller.state.tour is not None and controller.state.tour.seconds is not None, "the tour")
    script.note("tour", controller.state.tour.tour.id, controller.state.tour.stop)  # type: ignore[union-attr]
    script.use(ids.TOUR_TOGGLE)
    script.note("playing", controller.state.tour.playing)  # type: ignore[union-attr]

    script.use(ids.LANGUAGE)
    script.note("language", controller.state.language)

    script.use(ids.DATES)
    assert controller.offer.timeline is not None
    first, last = (
        datetime.date.fromisoformat(one) for one in (controller.offer.timeline.phases[0].date, controller.offer.timeline.end)
    )
    wanted = datetime.date(2018, 9, 1)
    script.slide(ids.DATE, (wanted - first).days / (last - first).days)
    script.note("date", controller.state.date.isoformat())
    script.use(ids.DATES)

    number = _stop_near(script, exhibit.face.center)
    script.go_to_stop(number)
    script.choose(exhibit)
    script.until(lambda: controller.state.close_up is not None, "the exhibit")
    script.slide(ids.ZOOM, 1.0)
    zoom = controller.state.close_up.zoom  # type: ignore[union-attr]
    script.note("zoom", exhibit.id, round(share_at(zoom, controller.real), 1))
    script.use(ids.CLOSE)

    script.go_to_stop(_stop_near(script, counter.face.center))
    script.choose(counter, card=0)
    script.until(lambda: controller.state.close_up is not None and controller.state.close_up.card is not None, "the card")
    script.frames(12)
    read = {code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(script._picture()))}
    card = counter.services[controller.state.close_up.card or 0]  # type: ignore[union-attr]
    script.note("code", card.url in read, card.url)
    script.use(ids.CLOSE)

    script.go_to_stop(_stop_near(script, screen.face.center))
    script.choose(screen)
    script.until(lambda: (play := controller.state.screens.get(screen.id)) is not None and play.seconds > 1.0, "the film")
    script.note("film", screen.id, controller.state.screens[screen.id].playing)
    script.use(ids.CLOSE)

    script.go_to_stop(len(controller.state.tour.tour.stops) - 1)  # type: ignore[union-attr]
    for name in ("hall", "zhangjiajie"):
        portal = next(one for one in controller.portals() if isinstance(one, Portal) and one.showcase == name)
        script.choose(portal)
        script.until(lambda name=name: session.place.name == name, name)  # type: ignore[misc]
        script.settle()
        script.note("place", name, controller.state.language)
    for name in ("hall", "fengxian"):
        script.use(ids.MENU)
        script.use(ids.BACK)
        script.until(lambda name=name: session.place.name == name, name)  # type: ignore[misc]
        script.settle()
        script.note("place", name, controller.state.language)
    return script.did


def _stop_near(script: Script, place: ArrayLike) -> int:
    """The number of the stop that stands nearest to a place."""
    touring = script.controller.state.tour
    assert touring is not None
    return int(np.argmin([np.linalg.norm(np.subtract(stop.position, place)) for stop in touring.tour.stops]))


def _at(standing: StandingPanel, point: tuple[float, float]) -> NDArray[np.float64]:
    """[3] metres, world: a point in the pixels of a panel."""
    width, height = standing.panel.size
    x, y = point
    offset = [(x - width / 2) * standing.metre, 0.0, (height / 2 - y) * standing.metre, 1.0]
    return (standing.world_from_sheet @ offset)[:3]  # type: ignore[no-any-return]


def _on_track(standing: StandingPanel, widget: str, share: float) -> tuple[float, float]:
    """Where on a slider's track that share is, in the panel's pixels."""
    placed = standing.panel.placed(widget)
    assert placed is not None
    left, right = track(placed.box, standing.panel.sizes)
    return left + share * (right - left), placed.box.middle[1]
