"""Icons as strokes on a grid of 24 by 24, drawn at four times their size and made smaller. They carry no text.

A path is words and numbers: M x y begins, L x y goes on, C x1 y1 x2 y2 x y curves (cubic Bezier), A x y r from to is an arc and
O x y r a circle (degrees, clockwise from the right, Y down), Z closes."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image as Canvas

Role = Literal["ink", "accent", "ground"]
"""The colour that the icon is asked in; the accent; the panel's ground."""

_FINER = 4
_GRID = 24.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path drawn with round ends and corners; width 0: filled instead."""

    path: str
    width: float = 2.0
    role: Role = "ink"


def area(path: str, role: Role = "ink", round: float = 1.2) -> tuple[Stroke, ...]:
    """A filled path with slightly round corners."""
    return (Stroke(path, 0.0, role), *((Stroke(path, round, role),) if round else ()))


@lru_cache(maxsize=256)
def layers(name: str, size: int, /) -> "tuple[tuple[Role, Canvas], ...]":
    """An icon of `size` pixels: masks (Pillow, mode L) to be painted over each other in the colours of their roles. Raises
    ValueError if there is no icon of that name."""
    from PIL import Image as Pictures

    if name not in ICONS:
        raise ValueError(f"name is '{name}'; the icons are: {', '.join(sorted(ICONS))}")
    found: list[tuple[Role, Canvas]] = []
    for stroke in ICONS[name]:
        if not found or found[-1][0] != stroke.role:
            found.append((stroke.role, Pictures.new("L", (size * _FINER, size * _FINER))))
        _draw(found[-1][1], stroke)
    return tuple((role, mask.reduce(_FINER)) for role, mask in found)


def _draw(mask: "Canvas", stroke: Stroke) -> None:
    from PIL import ImageDraw

    pen, scale = ImageDraw.Draw(mask), mask.width / _GRID
    for line in lines(stroke.path):
        points = [(x * scale, y * scale) for x, y in line]
        if stroke.width == 0.0:
            pen.polygon(points, fill=255)
            continue
        half = stroke.width * scale / 2
        pen.line(points, fill=255, width=round(2 * half), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)


def lines(path: str, /) -> list[list[tuple[float, float]]]:
    """The path's curves as points on the grid. Raises ValueError for a word that is none of M L C A O Z."""
    words, found, k = path.split(), list[list[tuple[float, float]]](), 0

    def numbers(count: int) -> list[float]:
        nonlocal k
        k += count
        return [float(word) for word in words[k - count : k]]

    while k < len(words):
        word, k = words[k], k + 1
        if word == "M":
            x, y = numbers(2)
            found.append([(x, y)])
        elif word == "L":
            x, y = numbers(2)
            found[-1].append((x, y))
        elif word == "C":
            found[-1] += _curve(found[-1][-1], numbers(6))
        elif word == "A":
            found.append(_arc(*numbers(5)))
        elif word == "O":
            x, y, radius = numbers(3)
            found.append(_arc(x, y, radius, 0.0, 360.0))
        elif word == "Z":
            found[-1].append(found[-1][0])
        else:
            raise ValueError(f"path is '{path}'; '{word}' is none of M L C A O Z")
    return found


def _curve(start: tuple[float, float], numbers: list[float]) -> list[tuple[float, float]]:
    x1, y1, x2, y2, x3, y3 = numbers
    found = []
    for step in range(1, 13):
        t = step / 12
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append((a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3))
    return found


def _arc(x: float, y: float, radius: float, begin: float, end: float) -> list[tuple[float, float]]:
    steps = max(8, round(abs(end - begin) / 8))
    turns = [math.radians(begin + (end - begin) * k / steps) for k in range(steps + 1)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def _outlined(*strokes: Stroke, rim: float = 1.5) -> tuple[Stroke, ...]:
    """Strokes as one shape with an edge of the ground's colour."""
    return (*(replace(one, width=one.width + rim, role="ground") for one in strokes), *strokes)


def _moved(strokes: tuple[Stroke, ...], right: float, down: float, scale: float) -> tuple[Stroke, ...]:
    """The strokes made smaller and moved; their paths are of M, L, C and Z alone."""
    found = []
    for stroke in strokes:
        words, across = [], True
        for word in stroke.path.split():
            if word in "MLCZ":
                words.append(word)
                continue
            words.append(f"{float(word) * scale + (right if across else down):.3f}")
            across = not across
        found.append(replace(stroke, path=" ".join(words), width=stroke.width * scale))
    return tuple(found)


_SPEAKER = area("M 4 9.5 L 7.5 9.5 L 12 5.5 L 12 18.5 L 7.5 14.5 L 4 14.5 Z")
_LENS = (Stroke("O 10.5 10.5 6.2"), Stroke("M 15.2 15.2 L 20 20", 2.4))
_SHEET = Stroke("M 5 4 L 19 4 L 19 20 L 5 20 Z")
_HAND = (
    Stroke("M 9.6 4.6 L 9.6 15", 3.3),
    Stroke("M 12.9 11 L 12.9 15", 3.3),
    Stroke("M 16.0 11.8 L 16.0 16", 3.1),
    Stroke("M 18.9 13.2 L 18.9 17", 2.7),
    Stroke("M 9.4 17.6 L 5.5 14", 2.9),
    *area("M 9 14.5 L 19.4 15 L 19.4 17.4 C 19.4 20.6 17.4 22 14.6 22 C 11.4 22 9.8 20.6 8.6 18.4 Z", round=1.4),
)
_KNUCKLES = (
    Stroke("M 11.25 11.4 L 11.25 14.4", 0.55, "ground"),
    Stroke("M 14.45 12 L 14.45 14.8", 0.55, "ground"),
    Stroke("M 17.45 13.2 L 17.45 15.6", 0.55, "ground"),
)
_GRIP = area(
    "M 4.4 5.6 C 7 3.8 12.4 4.4 14.6 7.2 L 20.2 18.4 C 21.2 20.6 17.8 22.4 16.4 20.6 L 11.4 12.4 "
    "C 8.8 12.4 5.6 11.6 4.2 9.8 C 3 8.4 3.2 6.6 4.4 5.6 Z",
    round=1.0,
)
_GRIP_BUTTON = (Stroke("M 13.9 14.4 L 15.4 17", 1.1, "ground"), Stroke("M 12.6 7.2 L 12.7 7.2", 1.5, "ground"))
_TRIGGER_PATH = "M 5.4 11.9 C 5.2 14 6.4 16 8.8 16.8 C 10 16 10.4 14.8 10.5 13.4 C 8.6 13.5 6.8 13 5.4 11.9 Z"
_THUMB_PATHS = ("M 9.6 4.6 L 10 3", "M 8.4 2.5 L 11.6 3.2")
_MOUSE = (
    "M 12 3.2 C 15.6 3.2 17.6 5.4 17.6 8.8 L 17.6 15 C 17.6 18.6 15.6 20.8 12 20.8 "
    "C 8.4 20.8 6.4 18.6 6.4 15 L 6.4 8.8 C 6.4 5.4 8.4 3.2 12 3.2 Z"
)
_PIN = "M 12 21 C 6.6 15.2 5.4 12.6 5.4 10 C 5.4 6.2 8.4 3.4 12 3.4 C 15.6 3.4 18.6 6.2 18.6 10 C 18.6 12.6 17.4 15.2 12 21 Z"
_RECEIVER = (
    "M 7.6 4 L 10 8.6 L 8.2 10.6 C 9.2 13 11 14.8 13.4 15.8 L 15.4 14 L 20 16.4 "
    "C 19.6 19.4 17.8 20.4 15.6 20 C 9.6 18.8 5.2 14.4 4 8.4 C 3.6 6.2 4.6 4.4 7.6 4 Z"
)
_KEYS = ((9.5, 4.1), (1.6, 12.1), (9.5, 12.1), (17.4, 12.1))
_HEAD = (
    Stroke("O 12 8.6 3.6"),
    Stroke("M 5.4 20.4 C 5.4 15.8 8.2 14.2 12 14.2 C 15.8 14.2 18.6 15.8 18.6 20.4"),
)

ICONS: dict[str, tuple[Stroke, ...]] = {
    "play": area("M 8 5.5 L 18.5 12 L 8 18.5 Z", round=2.2),
    "pause": (Stroke("M 8.6 6.2 L 8.6 17.8", 3.6), Stroke("M 15.4 6.2 L 15.4 17.8", 3.6)),
    "next": (*area("M 6.5 6.5 L 14.5 12 L 6.5 17.5 Z", round=1.8), Stroke("M 17.6 6.2 L 17.6 17.8", 2.6)),
    "previous": (*area("M 17.5 6.5 L 9.5 12 L 17.5 17.5 Z", round=1.8), Stroke("M 6.4 6.2 L 6.4 17.8", 2.6)),
    "replay": (Stroke("A 12 12.4 7 -30 260", 2.2), *area("M 9.6 2.6 L 14.4 5.4 L 9.8 8.4 Z", round=1.0)),
    "close": (Stroke("M 6.5 6.5 L 17.5 17.5", 2.4), Stroke("M 17.5 6.5 L 6.5 17.5", 2.4)),
    "back": (Stroke("M 19 12 L 5.5 12", 2.4), Stroke("M 11 6 L 5 12 L 11 18", 2.4)),
    "right": (Stroke("M 9.5 5.5 L 16 12 L 9.5 18.5", 2.4),),
    "up": (Stroke("M 5.5 14.5 L 12 8 L 18.5 14.5", 2.4),),
    "down": (Stroke("M 5.5 9.5 L 12 16 L 18.5 9.5", 2.4),),
    "check": (Stroke("M 5 12.6 L 10 17.4 L 19 7", 2.6),),
    "menu": (Stroke("M 4.5 7 L 19.5 7", 2.4), Stroke("M 4.5 12 L 19.5 12", 2.4), Stroke("M 4.5 17 L 19.5 17", 2.4)),
    "help": (
        Stroke("O 12 12 8.8"),
        Stroke("M 9.3 9.7 C 9.3 6.4 14.8 6.4 14.8 9.9 C 14.8 12.2 12 12.2 12 14.4", 2.1),
        Stroke("O 12 17.2 0.45", 1.7),
    ),
    "language": (
        Stroke("O 12 12 8.6", 1.9),
        Stroke("M 12 3.4 C 6.6 8 6.6 16 12 20.6 C 17.4 16 17.4 8 12 3.4 Z", 1.7),
        Stroke("M 3.6 12 L 20.4 12", 1.7),
    ),
    "calendar": (
        Stroke("M 4.5 6 L 19.5 6 L 19.5 20 L 4.5 20 Z"),
        Stroke("M 4.5 10.4 L 19.5 10.4"),
        Stroke("M 8.5 3.4 L 8.5 6.8", 2.4),
        Stroke("M 15.5 3.4 L 15.5 6.8", 2.4),
        Stroke("O 9 15 0.5", 1.9),
        Stroke("O 15 15 0.5", 1.9),
    ),
    "today": (
        Stroke("M 4.5 6 L 19.5 6 L 19.5 20 L 4.5 20 Z"),
        Stroke("M 8.5 3.4 L 8.5 6.8", 2.4),
        Stroke("M 15.5 3.4 L 15.5 6.8", 2.4),
        Stroke("M 8.4 13.2 L 11.2 16 L 15.8 10.6", 2.2),
    ),
    "recentre": (
        Stroke("O 12 12 6"),
        Stroke("O 12 12 0.9", 1.9),
        Stroke("M 12 2.6 L 12 6"),
        Stroke("M 12 18 L 12 21.4"),
        Stroke("M 2.6 12 L 6 12"),
        Stroke("M 18 12 L 21.4 12"),
    ),
    "volume": (*_SPEAKER, Stroke("A 12 12 4.2 -42 42"), Stroke("A 12 12 7.8 -42 42")),
    "muted": (*_SPEAKER, Stroke("M 15.4 9.2 L 21 14.8", 2.1), Stroke("M 21 9.2 L 15.4 14.8", 2.1)),
    "mono": (Stroke("M 6.5 3.4 L 17.5 3.4 L 17.5 20.6 L 6.5 20.6 Z"), Stroke("O 12 14.2 3.2"), Stroke("O 12 7.4 0.6", 1.8)),
    "seat": (
        Stroke("O 9 4.8 1.1", 2.2),
        Stroke("M 9 9.4 L 9.6 14.4 L 15.4 14.4 L 16.6 20.4", 2.6),
        Stroke("M 5.2 9.4 L 6.6 18 L 13 18", 1.7),
        Stroke("M 7.6 18 L 7.6 21", 1.7),
    ),
    "walk": (
        Stroke("O 13 4.4 1.0", 2.2),
        Stroke("M 12.4 8.6 L 11.2 13.8 L 14.6 16.4 L 15.4 20.8", 2.3),
        Stroke("M 11 14.6 L 9.6 17.6 L 6.8 20.6", 2.3),
        Stroke("M 12.2 8.8 L 8.6 10.4 L 7.6 13.4", 2.0),
        Stroke("M 12.8 9 L 14.6 11.8 L 17.6 12.8", 2.0),
    ),
    "heights": (
        Stroke("M 3 9.2 L 21 9.2", 2.2),
        Stroke("M 4.6 9.2 L 4.6 20.6"),
        Stroke("M 19.4 9.2 L 19.4 20.6"),
        Stroke("M 12 12.4 L 12 19.4", 1.9),
        Stroke("M 9.2 16.8 L 12 19.8 L 14.8 16.8", 1.9),
        Stroke("O 12 4.6 0.9", 2.0),
    ),
    "leave": (
        Stroke("M 11 4 L 5 4 L 5 20 L 11 20"),
        Stroke("M 10 12 L 20 12", 2.2),
        Stroke("M 15.6 7.4 L 20.2 12 L 15.6 16.6", 2.2),
    ),
    "zoom_in": (*_LENS, Stroke("M 10.5 7.8 L 10.5 13.2"), Stroke("M 7.8 10.5 L 13.2 10.5")),
    "zoom_out": (*_LENS, Stroke("M 7.8 10.5 L 13.2 10.5")),
    "fit": (
        Stroke("M 4.5 9 L 4.5 4.5 L 9 4.5"),
        Stroke("M 15 4.5 L 19.5 4.5 L 19.5 9"),
        Stroke("M 19.5 15 L 19.5 19.5 L 15 19.5"),
        Stroke("M 9 19.5 L 4.5 19.5 L 4.5 15"),
    ),
    "turn": (
        Stroke("A 12 12 8 200 340", 2.1),
        Stroke("A 12 12 8 20 160", 2.1),
        *area("M 21.6 6.6 L 20.2 11.2 L 16.8 7.8 Z", round=0.6),
        *area("M 2.4 17.4 L 3.8 12.8 L 7.2 16.2 Z", round=0.6),
    ),
    "tour": (
        Stroke("O 6 18 1.7", 1.9),
        Stroke("O 18 6 1.7", 1.9),
        Stroke("M 8.6 17.4 C 17.4 17 18.4 14.4 13.4 12.4 C 7.2 10 7.6 7 15.2 6.4", 1.9),
    ),
    "subtitles": (
        Stroke("M 3.6 5.6 L 20.4 5.6 L 20.4 18.4 L 3.6 18.4 Z"),
        Stroke("M 7 14.6 L 11 14.6", 1.9),
        Stroke("M 14 14.6 L 17 14.6", 1.9),
        Stroke("M 7 11 L 9 11", 1.9),
        Stroke("M 12 11 L 17 11", 1.9),
    ),
    "document": (
        _SHEET,
        Stroke("M 8.6 9 L 15.4 9", 1.8),
        Stroke("M 8.6 12.4 L 15.4 12.4", 1.8),
        Stroke("M 8.6 15.8 L 12.6 15.8", 1.8),
    ),
    "clock": (Stroke("O 12 12 8.6"), Stroke("M 12 7 L 12 12.2 L 15.6 14.2")),
    "place": (Stroke(_PIN), Stroke("O 12 9.8 1.7", 1.9)),
    "phone": (Stroke(_RECEIVER, 1.9),),
    "service": (
        Stroke("M 3.6 10 L 12 4.4 L 20.4 10 Z"),
        Stroke("M 6.4 10.6 L 6.4 17"),
        Stroke("M 12 10.6 L 12 17"),
        Stroke("M 17.6 10.6 L 17.6 17"),
        Stroke("M 4 19.6 L 20 19.6", 2.4),
    ),
    "information": (Stroke("O 12 12 8.8"), Stroke("M 12 11.4 L 12 16.4", 2.2), Stroke("O 12 7.8 0.4", 1.7)),
    "hand_press": (
        Stroke("A 9.6 4.6 3.8 165 375", 1.2, "ground"),
        *_outlined(*_HAND),
        *_KNUCKLES,
    ),
    "hand_touch": (
        Stroke("A 9.6 4.6 3.8 155 385", 1.2, "accent"),
        *_outlined(*_HAND),
        *_KNUCKLES,
    ),
    "hand_go": (
        Stroke("M 3 2.4 L 17 2.4 L 17 13.4 L 3 13.4 Z", 1.5, "accent"),
        Stroke("M 4.4 12 L 8 7.6 L 10.6 10.4 L 13 8.2 L 15.8 11.4", 1.3, "accent"),
        *_outlined(*_moved(_HAND, 3.4, 3.9, 0.82)),
        *_moved(_KNUCKLES, 3.4, 3.9, 0.82),
    ),
    "hand_drag": (
        Stroke("M 2.2 4.6 L 6.2 4.6", 1.3, "accent"),
        Stroke("M 4 2.8 L 2.1 4.6 L 4 6.4", 1.3, "accent"),
        Stroke("M 13.2 4.6 L 17.4 4.6", 1.3, "accent"),
        Stroke("M 15.6 2.8 L 17.5 4.6 L 15.6 6.4", 1.3, "accent"),
        *_outlined(*_HAND),
        *_KNUCKLES,
    ),
    "controller": (
        *_outlined(*(Stroke(path, 1.7) for path in _THUMB_PATHS), *_GRIP, *area(_TRIGGER_PATH, round=0.8), rim=1.4),
        *_GRIP_BUTTON,
        *area(_TRIGGER_PATH, "accent", 0.8),
        Stroke("M 3.7 14 L 2 14.8", 1.2, "accent"),
        Stroke("M 4.7 16.9 L 3.5 18.4", 1.2, "accent"),
        Stroke("M 7.4 18.7 L 7 20.5", 1.2, "accent"),
    ),
    "aim": (
        *_outlined(
            Stroke("O 4.6 4.6 2.2", 1.3),
            *(Stroke(f"M {k} {k} L {k + 1.7} {k + 1.7}", 1.3) for k in (8.4, 12.4, 16.4, 20.4)),
            rim=1.2,
        ),
    ),
    "stick": (
        *_outlined(*_moved((*_GRIP, *area(_TRIGGER_PATH, round=0.8)), 1.6, 3.0, 0.88), rim=1.2),
        *_moved(_GRIP_BUTTON, 1.6, 3.0, 0.88),
        *(Stroke(path, 1.7, "accent") for path in ("M 10 6.6 L 9.6 4.6", "M 7.6 4.7 L 11.4 3.8")),
        Stroke("M 5.6 4.4 L 1.4 5.3", 1.2, "accent"),
        Stroke("M 3 3 L 1.2 5.4 L 3.8 7", 1.2, "accent"),
    ),
    "mouse_click": (
        *area("M 11.4 4 L 11.4 10.4 L 7.2 10.4 L 7.2 8.6 C 7.2 6 8.6 4.2 11.4 4 Z", "accent", 0.6),
        Stroke(_MOUSE, 1.8),
        Stroke("M 6.6 11 L 17.4 11", 1.4),
        Stroke("M 12 3.6 L 12 10.8", 1.4),
    ),
    "mouse_look": (
        Stroke("M 1.4 12 L 4 12", 1.3, "accent"),
        Stroke("M 3 10 L 1.2 12 L 3 14", 1.3, "accent"),
        Stroke("M 20 12 L 22.6 12", 1.3, "accent"),
        Stroke("M 21 10 L 22.8 12 L 21 14", 1.3, "accent"),
        Stroke(_MOUSE, 1.8),
        Stroke("M 12 6.8 L 12 9.6", 2.2),
    ),
    "keys": (
        *(Stroke(f"M {x} {y} L {x + 5} {y} L {x + 5} {y + 5} L {x} {y + 5} Z", 1.5) for x, y in _KEYS),
        Stroke("M 10.6 7.4 L 12 5.6 L 13.4 7.4", 1.3, "accent"),
        Stroke("M 10.6 13.8 L 12 15.6 L 13.4 13.8", 1.3, "accent"),
        Stroke("M 4.9 13.1 L 3.2 14.6 L 4.9 16.1", 1.3, "accent"),
        Stroke("M 19.1 13.1 L 20.8 14.6 L 19.1 16.1", 1.3, "accent"),
    ),
    "head_turn": (
        *_HEAD,
        Stroke("M 6 8.6 L 1.8 8.6", 1.4, "accent"),
        Stroke("M 3.8 6.4 L 1.6 8.6 L 3.8 10.8", 1.4, "accent"),
        Stroke("M 18 8.6 L 22.2 8.6", 1.4, "accent"),
        Stroke("M 20.2 6.4 L 22.4 8.6 L 20.2 10.8", 1.4, "accent"),
    ),
}
