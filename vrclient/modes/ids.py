"""The ids of all widgets that panels show (modes/panels/) and a visit answers (modes/visitor.py). A number of a list stands
behind a colon: "tour.choose:1"."""

TOUR_START = "tour.start"
"""The first tour from its beginning; on the first panel also what begins the visit."""
TOUR_CHOOSE = "tour.choose"
"""With a number: that tour from its beginning."""
TOUR_TOGGLE = "tour.toggle"
"""Pause, play on, or rejoin."""
TOUR_NEXT, TOUR_PREVIOUS, TOUR_LEAVE = "tour.next", "tour.previous", "tour.leave"
WALK_ALONE = "visit.alone"
"""On the first panel: look around without a tour."""
STAY = "visit.stay"
"""Somebody is still there; that it was pressed is enough."""

LANGUAGE = "language"
"""The next language."""
LANGUAGE_CHOOSE = "language.choose"
"""With a number: that one of the offer's languages."""

MENU, HELP, CLOSE = "menu", "help", "close"
"""Opens or closes the page; closes whatever is open."""
RECENTRE, BACK, LEAVE = "recentre", "portal.back", "leave"
"""LEAVE ends the visit, not the program: the first panel is there for the next visitor."""

DATES, DATE, DATE_PLAY, DATE_TODAY = "dates", "dates.date", "dates.play", "dates.today"
"""Opens or closes the date slider; DATE's value 0..1 is the place between the first phase and the end."""

VOLUME, MUTE, MONO, SEATED, SMOOTH_WALK, HEIGHTS = (
    "settings.volume", "settings.mute", "settings.mono", "settings.seated", "settings.smooth_walk", "settings.heights",
)  # fmt: skip
"""VOLUME's value is 0..1; the others are switched over. HEIGHTS: agrees to stand high in the air."""

ZOOM, ZOOM_IN, ZOOM_OUT, ZOOM_FIT, ZOOM_REAL, TURN = (
    "exhibit.zoom", "exhibit.zoom_in", "exhibit.zoom_out", "exhibit.fit", "exhibit.real", "exhibit.turn",
)  # fmt: skip
"""ZOOM's value 0..1 runs from fitting to the closest, in equal factors; ZOOM_REAL is 1:1; TURN's value 0..1 is a whole turn."""
PICTURE = "exhibit.picture"
"""The picture itself: held and moved, it is moved in its frame."""

CARD, CARD_LIST = "counter.card", "counter.list"
"""With a number: that service's card; back to the list."""

SCREEN_TOGGLE, SCREEN_AGAIN, SUBTITLES = "screen.toggle", "screen.again", "screen.subtitles"


def numbered(widget: str, number: int, /) -> str:
    """The id of one of several."""
    return f"{widget}:{number}"


def number_of(widget: str, /) -> tuple[str, int | None]:
    """An id without its number, and the number."""
    name, _, number = widget.partition(":")
    return name, int(number) if number.isdigit() else None
