"""The years: a slider from a timeline's first phase to its end, what the phase is called, and how that is known."""

import datetime
from functools import lru_cache

from vrclient.modes import ids, timeline
from vrclient.modes.panels.messages import message, month
from vrclient.modes.panels.room import HAND_WIDTH, PanelRoom
from vrclient.modes.state import said
from vrclient.panels.layout import columns, rows
from vrclient.panels.parts import wished_width
from vrclient.panels.widgets import Box, Button, Label, Panel, Placed, Slider, Widget
from vrclient.scene.interactives import Phase, Timeline

DATES = "dates"
"""The panel's id."""


@lru_cache(maxsize=32)
def dates(language: str, years: Timeline, when: datetime.date, room: PanelRoom, /, *, playing: bool) -> Panel:
    """The slider on a day of the month `when`; its place is a value (ids.DATE)."""
    sizes = room.sizes
    phase = timeline.phase_of(years, when)
    first, last = timeline.first_day(years), timeline.last_day(years)
    ticks = tuple(timeline.share_of(years, datetime.date.fromisoformat(one.date)) for one in years.phases)
    labels = tuple(
        (share, str(datetime.date.fromisoformat(one.date).year)) for share, one in zip(ticks, years.phases, strict=True)
    )
    seen: dict[str, float] = {}
    for share, year in labels:
        seen.setdefault(year, share)
    seen.setdefault(str(last.year), 1.0)
    slider = Slider(ids.DATE, (*ticks, 1.0), tuple((share, year) for year, share in seen.items()), size=sizes.body)
    title = Label(f"{month(max(when, first), language)}   {said(phase.title, language)}", sizes.heading, "bold", middle=True)
    source = Label(source_line(phase, language), sizes.body, ink="soft", middle=not room.headset)
    both = [
        Button(ids.DATE_PLAY, message(key, language), icon, style="primary", size=sizes.body)
        for key, icon in (("timelapse", "play"), ("pause", "pause"))
    ]
    play = both[int(playing)]
    today = Button(ids.DATE_TODAY, message("today", language), "today", size=sizes.body)
    close = Button(ids.DATES, icon="close", icon_size=sizes.of(40))
    track, line, note = float(sizes.of(96)), sizes.heading * 1.55, float(sizes.line)
    placed: list[tuple[Box, Widget]]
    if room.headset:
        width, track = HAND_WIDTH, track + sizes.gap
        height = sizes.padding * 1.5 + line + 2 * note + track + sizes.button + 3 * sizes.gap
        box = Box(0, 0, width, height).inset(sizes.padding * 0.75)
        heading, known, slide, bottom = rows(box, [line, 2 * note, track, None], gap=sizes.gap)
        parts = columns(bottom, [None, float(sizes.of(190)), float(sizes.button)], gap=sizes.gap)
        placed = [
            (heading, title),
            (known, source),
            (Box(slide.left, slide.top, slide.right, slide.bottom - sizes.gap), slider),
            *zip(parts, (play, today, close), strict=True),
        ]
        return Panel(DATES, (round(width), round(height)), tuple(Placed(*one) for one in placed), sizes)
    width = room.width
    height = sizes.padding + line + note + sizes.gap * 2 + track
    box = Box(0, 0, width, height).inset(sizes.padding, sizes.padding / 2)
    heading, known, bottom = rows(box, [line, note, None], gap=sizes.gap / 2)
    left, end = columns(heading, [None, float(sizes.button)], gap=sizes.gap)
    wide = max(wished_width(one, sizes) for one in both)
    parts = columns(bottom, [wide, None, float(sizes.of(190))], gap=sizes.padding)
    high = (parts[0].height - sizes.button) / 2
    placed = [
        (left, title),
        (Box(end.left, box.top, end.right, box.top + sizes.button), close),
        (Box(known.left, known.top, left.right, known.bottom), source),
        (parts[0].inset(0, high), play),
        (parts[1], slider),
        (parts[2].inset(0, high), today),
    ]
    return Panel(DATES, (round(width), round(height)), tuple(Placed(*one) for one in placed), sizes, radius=0)


def source_line(phase: Phase, language: str, /) -> str:
    """Where a phase is known from, and how sure that is."""
    source = message("source", language, phase.source) if phase.source else message("no_source", language)
    return f"{source} · {message(phase.confidence, language)}" if phase.confidence else source
