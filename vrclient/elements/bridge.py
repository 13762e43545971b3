"""`bridge`: a slender white suspension bridge with a floor of glass, high over a valley.

Heights are a comfort risk: until a visitor agrees, a gate at each end stops them, and the deck is nothing to stand on. What
that takes is in the HeightGate of its interactives; who agrees, and what then becomes of walls and floor, is decided above."""

from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import box, quads
from vrclient.geometry.mesh import Mesh, concatenated, mesh, placed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Image, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import Paragraph, draw_text, laid_out
from vrclient.scene.interactives import HeightGate, Rectangle
from vrclient.scene.props.solids import tube
from vrclient.scene.signs import board, facing, image_plate, languages_shown
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import ElementModel, Height, HexColor, LocalizedText, Point

_LONGEST_M = 3000.0
_RAIL_M = 1.3
_GATE_WALL_M = 3.0
"""Gates and the glass sides stop visitors to this height: nobody throws themselves over."""
_GIRDER_M = 0.75
_SIGN_M = 2.0
_SIGN_PIXELS = 900
_SECTION_M = 43.0
"""The bridge is drawn in pieces of about this length."""

_HEIGHT_WORDS = {
    "zh": ("高空玻璃桥", "桥面离谷底 {0:.0f} 米，脚下是透明玻璃。", "恐高者请勿上桥。选择此牌，表示愿意上桥。"),
    "en": (
        "A glass bridge, high up",
        "The floor is clear glass, {0:.0f} m above the valley.",
        "Not for those who fear heights. Choose this sign if you want to walk on.",
    ),
}


class Bridge(ElementModel):
    """A suspension bridge with a floor of glass panes between two points at one height. Visitors walk on it between its
    railings. Unless `opt_in` is none, they first have to agree, at the sign at either end."""

    start: Point = Field(description="Middle of one end of the deck, [east, north] in metres.", examples=[[-215, 0]])
    end: Point = Field(description="Middle of the other end.", examples=[[215, 0]])
    level_m: Height = Field(description="Height of the deck above the origin.", examples=[300])
    width_m: Annotated[float, Field(ge=2.0, le=40.0)] = Field(6.0, description="Width of the deck between its edges.")
    panes: Annotated[int, Field(ge=1, le=1000)] = Field(99, description="How many panes of glass, one after the other.")
    pane_m: tuple[Annotated[float, Field(ge=0.5, le=30.0)], Annotated[float, Field(ge=0.5, le=30.0)]] = Field(
        (3.0, 4.5), description="Size of a pane: along the bridge, across it."
    )
    tower_m: Annotated[float, Field(ge=5.0, le=300.0)] = Field(38.0, description="Height of the towers above the deck.")
    sag_m: Annotated[float, Field(ge=1.0, le=300.0)] = Field(
        34.0, description="How far the cables hang below the tops of the towers in the middle."
    )
    backstay_m: Annotated[float, Field(ge=0.0, le=500.0)] = Field(
        52.0, description="How far behind the ends the cables are anchored; 0 for no cables there."
    )
    color: HexColor = Field("#e6eae9", description="Colour of its steel.")
    opt_in: Literal["heights", "none"] = Field(
        "heights", description="What visitors have to agree to before they can walk on it: that it is high; or nothing."
    )
    sign: LocalizedText | None = Field(
        None, description="What the signs at its ends say first. Default: a warning of the height, with how to agree."
    )

    @model_validator(mode="after")
    def _check_sizes(self) -> "Bridge":
        length = float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))
        if length < 10.0:
            raise ValueError(f"start and end are {length:g} m apart; a bridge needs at least 10 m")
        if length > _LONGEST_M:
            raise ValueError(f"start and end are {length:.0f} m apart; a bridge is at most {_LONGEST_M:g} m long")
        if self.panes * self.pane_m[0] > length:
            raise ValueError(
                f"{self.panes} panes of {self.pane_m[0]:g} m make {self.panes * self.pane_m[0]:g} m; "
                f"the deck is {length:g} m long"
            )
        if self.pane_m[1] > self.width_m - 0.6:
            raise ValueError(
                f"panes {self.pane_m[1]:g} m wide do not fit: a deck of {self.width_m:g} m has room for {self.width_m - 0.6:g} m"
            )
        if self.sag_m > self.tower_m - 1.0:
            raise ValueError(
                f"sag_m ({self.sag_m:g}) must be smaller than tower_m ({self.tower_m:g}) by 1 m: the cables stay above"
            )
        return self


def length(model: Bridge, /) -> float:
    """Metres."""
    return float(np.hypot(model.end[0] - model.start[0], model.end[1] - model.start[1]))


def pane_places(model: Bridge, /) -> NDArray[np.float64]:
    """[P, 2] metres along the deck at which each pane begins and ends; beams lie between them."""
    pitch = length(model) / model.panes
    middle = (np.arange(model.panes) + 0.5) * pitch
    return np.stack([middle - model.pane_m[0] / 2, middle + model.pane_m[0] / 2], axis=1)


def build(model: Bridge, context: BuildContext) -> DrawData:
    heading = float(np.arctan2(model.end[0] - model.start[0], model.end[1] - model.start[1]))
    at = (*model.start, model.level_m)

    def world(shape: Mesh) -> Mesh:
        return placed(shape, at=at, heading=heading)

    steel = Material(color=linear_color(model.color), roughness=0.45)
    dark = Material(color=linear_color("#8d9496"), roughness=0.5)
    pale = Material(color=linear_color("#ccd8d6"), roughness=0.3)  # far away one sees glass at a slant: it mirrors the sky
    glass = Material(surface="image", image=pane_image(), roughness=0.04)
    span = length(model)
    near: list[Surface] = []
    far: list[Surface] = []
    edges = np.linspace(0.0, span, max(round(span / _SECTION_M), 1) + 1)
    panes = pane_places(model)
    for low, high in pairwise(edges):
        inside = panes[(panes.mean(axis=1) >= low) & (panes.mean(axis=1) < high)]
        deck, panel = world(_deck(model, low, high, inside)), Surface(world(_panes(model, inside)), glass, casts_shadow=False)
        near += [Surface(deck, steel), Surface(world(_railing(model, low, high, step=2.15)), steel), panel]
        near.append(Surface(world(_hangers(model, low, high, thickness=0.035)), dark))
        near.append(Surface(world(_cables(model, low, high, count=6, around=8)), steel))
        far += [Surface(deck, steel), Surface(world(_railing(model, low, high, step=8.6)), steel), Surface(panel.mesh, pale)]
        far.append(Surface(world(_hangers(model, low, high, thickness=0.05)), dark))
        far.append(Surface(world(_cables(model, low, high, count=3, around=4)), steel))
    for place, outward in ((0.0, -1.0), (span, 1.0)):
        tower = Surface(world(_tower(model, place, outward, context, heading)), steel)
        near.append(tower)
        far.append(tower)
    floor = world(_floor(model))
    sides = _side_walls(model, heading)
    if model.opt_in == "none":
        return DrawData(surfaces=tuple(near), far=tuple(far), walls=sides, walkable=(floor,))
    gate_walls = _gate_walls(model, heading)
    signs, faces = _signs(model, context, heading)
    gate = HeightGate(
        id=model.id or "bridge",
        title=model.title or {"zh": _HEIGHT_WORDS["zh"][0], "en": _HEIGHT_WORDS["en"][0]},
        text=_words(model, context),
        faces=faces,
        walls=gate_walls,
        walkable=floor.position[floor.triangle],
    )
    chosen = tuple(
        Selectable(
            id=f"{gate.id}_{end}",
            title=gate.title,
            center=face.center,
            right=face.right,
            up=face.up,
            half=face.half,
            offers=gate,
        )
        for end, face in zip(("start", "end"), faces, strict=True)
    )
    return DrawData(
        surfaces=(*near, *signs),
        far=(*far, *signs),
        walls=np.concatenate([sides, gate_walls]),
        selectables=chosen,
        interactives=(gate,),
    )


def _floor(model: Bridge) -> Mesh:
    half, span = model.width_m / 2, length(model)
    return quads([[(-half, 0, 0), (half, 0, 0), (half, span, 0), (-half, span, 0)]])


def _deck(model: Bridge, low: float, high: float, panes: NDArray[np.float64]) -> Mesh:
    """Two edge girders with a slanted outer face, the floor strips on them, and a beam between each two panes."""
    half, inner = model.width_m / 2, model.pane_m[1] / 2
    parts = []
    for side in (-1.0, 1.0):
        profile = [
            (inner, 0.0),
            (inner, -0.32),
            (inner + 0.25, -_GIRDER_M),
            (half - 0.15, -_GIRDER_M),
            (half + 0.25, -0.2),
            (half + 0.25, 0.0),
        ]
        parts.append(_beam(np.array(profile) * [side, 1.0], low, high))
    gaps = np.concatenate([[low], panes.reshape(-1), [high]]).reshape(-1, 2)
    for begin, finish in gaps[gaps[:, 1] - gaps[:, 0] > 1e-3]:
        parts.append(box((-inner, begin, -0.36), (inner, finish, 0.0)))
    return concatenated(parts)


def _beam(profile: NDArray[np.float64], low: float, high: float) -> Mesh:
    """A closed profile (x, z) from `low` to `high` along y, with its ends."""
    ring = profile if _turns_left(profile) else profile[::-1]
    following = np.roll(ring, -1, axis=0)
    corner = np.empty((len(ring), 4, 3))
    corner[:, (0, 1), 1], corner[:, (2, 3), 1] = high, low
    corner[:, 0, ::2], corner[:, 3, ::2] = ring, ring
    corner[:, 1, ::2], corner[:, 2, ::2] = following, following
    fan = [(0, k, k + 1) for k in range(1, len(ring) - 1)]
    front = np.column_stack([ring[:, 0], np.full(len(ring), low), ring[:, 1]])
    back = np.column_stack([ring[::-1, 0], np.full(len(ring), high), ring[::-1, 1]])
    return concatenated([quads(corner), mesh(front, fan), mesh(back, fan)])


def _turns_left(ring: NDArray[np.float64]) -> bool:
    following = np.roll(ring, -1, axis=0)
    return float((ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum()) > 0.0


def _panes(model: Bridge, panes: NDArray[np.float64]) -> Mesh:
    half = model.pane_m[1] / 2
    corner = [[(-half, a, -0.01), (half, a, -0.01), (half, b, -0.01), (-half, b, -0.01)] for a, b in panes]
    uv = np.tile([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], (len(panes), 1, 1))
    return quads(corner, uv=uv)


@lru_cache(maxsize=1)
def pane_image() -> Image:
    """A pane: clear, with a breath of green that grows towards its frosted rim, and rows of dots against slipping."""
    rows, columns = np.mgrid[0:128, 0:192]
    rim = np.minimum(np.minimum(rows, 127 - rows), np.minimum(columns, 191 - columns))
    alpha = 62.0 + 130.0 * np.exp(-rim / 2.5)
    dots = ((rows % 16 - 8) ** 2 + (columns % 16 - 8) ** 2 < 5) & (rim > 8)
    alpha = np.where(dots, np.maximum(alpha, 120.0), alpha)
    pixels = np.empty((128, 192, 4), np.uint8)
    pixels[..., :3] = (196, 222, 214)
    pixels[..., 3] = np.clip(alpha, 0, 255)
    return Image(pixels, "pane of a glass bridge")


def _railing(model: Bridge, low: float, high: float, *, step: float) -> Mesh:
    """Posts that lean outward, a handrail and three wires on each side."""
    parts = []
    count = max(round((high - low) / step), 1)
    places = low + (np.arange(count) + 0.5) * (high - low) / count
    for side in (-1.0, 1.0):
        x = side * (model.width_m / 2 - 0.05)
        lean = side * 0.18
        for y in places:
            parts.append(_bar((x, y, -0.1), (x + lean, y, _RAIL_M), 0.035, sides=4))
        for share, thick in ((1.0, 0.045), (0.72, 0.012), (0.46, 0.012), (0.2, 0.012)):
            if step > 5.0 and share < 1.0:
                continue
            z = _RAIL_M * share
            parts.append(_bar((x + lean * share, low, z), (x + lean * share, high, z), thick, sides=6 if share == 1.0 else 4))
    return concatenated(parts)


def _bar(start: tuple[float, float, float], end: tuple[float, float, float], radius: float, *, sides: int) -> Mesh:
    return tube([start, end], radius, sides=sides, closed_ends=False)


def _cable(model: Bridge, along: NDArray[np.float64], side: float) -> NDArray[np.float64]:
    """[N, 3] of a main cable: a parabola between the towers, wide at their tops and drawn in over the middle."""
    span = length(model)
    share = (2.0 * along / span - 1.0) ** 2
    half = model.width_m / 2
    x = side * (half + 0.5 + 3.2 * share)
    return np.column_stack([x, along, model.tower_m - model.sag_m * (1.0 - share)])


def _cables(model: Bridge, low: float, high: float, *, count: int, around: int) -> Mesh:
    along = np.linspace(low, high, count + 1)
    return concatenated([tube(_cable(model, along, side), 0.16, sides=around, closed_ends=False) for side in (-1.0, 1.0)])


def _hangers(model: Bridge, low: float, high: float, *, thickness: float) -> Mesh:
    """From the cables to the girders, one to every second beam."""
    pitch = 2.0 * length(model) / model.panes
    places: NDArray[np.float64] = np.arange(1, model.panes, dtype=np.float64) * pitch
    places = places[(places >= low) & (places < high)]
    parts = []
    for side in (-1.0, 1.0):
        for top in _cable(model, places, side):
            foot = (side * (model.width_m / 2 + 0.2), float(top[1]), -0.1)
            if top[2] > 0.4:
                parts.append(_bar(foot, (float(top[0]), float(top[1]), float(top[2])), thickness, sides=4))
    return concatenated(parts)


def _tower(model: Bridge, place: float, outward: float, context: BuildContext, heading: float) -> Mesh:
    """Two legs that lean apart upward, a beam between them under the deck, and the cables behind down to their anchors."""
    half, parts = model.width_m / 2, []
    for side in (-1.0, 1.0):
        top = _cable(model, np.array([place]), side)[0]
        foot = np.array([side * (half + 1.5), place, -9.0])
        parts.append(tube([foot, foot + 0.5 * (top - foot), np.add(top, [0.0, 0.0, 1.2])], [0.7, 0.55, 0.4], sides=12))
        if model.backstay_m:
            anchor = np.array([side * (half + 7.0), place + outward * model.backstay_m, 0.2])
            parts.append(tube([top, anchor], 0.16, sides=8, closed_ends=False))
            parts.append(box(anchor - [1.3, 2.0, 1.5], np.add(anchor, [1.3, 2.0, 0.6])))
    parts.append(box((-half - 1.6, place - 0.5, -1.6), (half + 1.6, place + 0.5, -_GIRDER_M)))
    return concatenated(parts)


def _across(model: Bridge, heading: float, x: float, y: float) -> NDArray[np.float64]:
    """[2] metres: a place of the bridge's own plan (right of its middle line, along it) in the world."""
    cosine, sine = np.cos(heading), np.sin(heading)
    return np.array([model.start[0] + cosine * x + sine * y, model.start[1] - sine * x + cosine * y])


def _rows(model: Bridge, heading: float, lines: list[tuple[float, float, float, float]], top: float) -> NDArray[np.float32]:
    rows = [
        [*_across(model, heading, x0, y0), *_across(model, heading, x1, y1), model.level_m - 1.0, model.level_m + top]
        for x0, y0, x1, y1 in lines
    ]
    return np.array(rows, np.float32).reshape(-1, 6)


def _side_walls(model: Bridge, heading: float) -> NDArray[np.float32]:
    half, span = model.width_m / 2 - 0.1, length(model)
    cuts = np.linspace(0.0, span, max(round(span / 8.0), 1) + 1)
    return _rows(model, heading, [(x, a, x, b) for x in (-half, half) for a, b in pairwise(cuts)], _GATE_WALL_M)


def _gate_walls(model: Bridge, heading: float) -> NDArray[np.float32]:
    half, span = model.width_m / 2, length(model)
    return _rows(model, heading, [(-half, 0.0, half, 0.0), (-half, span, half, span)], _GATE_WALL_M)


def _words(model: Bridge, context: BuildContext) -> dict[str, str]:
    """What the signs say, by language."""
    middle = (np.array(model.start) + model.end) / 2
    height = model.level_m - float(context.ground.height(middle))
    words = {language: "\n".join([title, high.format(height), ask]) for language, (title, high, ask) in _HEIGHT_WORDS.items()}
    for language, first in (model.sign or {}).items():
        rest = words.get(language, "").split("\n")[1:]
        words[language] = "\n".join([first, *rest])
    return words


def _signs(model: Bridge, context: BuildContext, heading: float) -> tuple[tuple[Surface, ...], tuple[Rectangle, ...]]:
    """A board on two posts beside each entrance, which looks at those who come."""
    image = _sign_image(languages_shown(_words(model, context), context.languages)[:2])
    wide = _SIGN_M
    high = wide * image.pixels.shape[0] / image.pixels.shape[1]
    bottom = 1.5 - high / 2
    shown = Material(surface="image", image=image, roughness=0.7, emission=0.3, emission_when="always")
    frame = Material(color=linear_color(model.color), roughness=0.5)
    surfaces, faces = [], []
    for y, looks in ((-0.6, heading + np.pi), (length(model) + 0.6, heading)):
        # On the right hand of those who come, clear of the middle of the way.
        x = model.width_m / 2 - 0.35 - wide / 2
        place = _across(model, heading, x if y < 0 else -x, y)
        at = (float(place[0]), float(place[1]), model.level_m)
        solid = [board(-wide / 2 - 0.04, bottom - 0.04, wide / 2 + 0.04, bottom + high + 0.04, front=0.012, back=0.04)]
        solid += [board(x - 0.04, -0.05, x + 0.04, bottom, front=0.0, back=0.05) for x in (-0.4 * wide, 0.4 * wide)]
        surfaces += [Surface(facing(shape, at=at, heading=looks), frame) for shape in solid]
        face = image_plate(-wide / 2, bottom, wide / 2, bottom + high, front=0.016)
        surfaces.append(Surface(facing(face, at=at, heading=looks), shown, casts_shadow=False))
        out = np.array([np.sin(looks), np.cos(looks), 0.0])
        center = np.array([at[0], at[1], at[2] + bottom + high / 2]) + 0.016 * out
        right = (float(-np.cos(looks)), float(np.sin(looks)), 0.0)
        faces.append(
            Rectangle((float(center[0]), float(center[1]), float(center[2])), right, (0.0, 0.0, 1.0), (wide / 2, high / 2))
        )
    return tuple(surfaces), tuple(faces)


def _sign_image(texts: list[str]) -> Image:
    """A yellow board with one block of words for each language: what it is, how high, and how to agree."""
    from PIL import Image as Pictures

    size, margin = 46.0, 44.0
    ink = linear_color("#20242a")
    paragraphs: list[Paragraph] = []
    for number, text in enumerate(texts):
        title, *rest = text.split("\n")
        paragraphs.append(Paragraph(title, 1.35 * size, "bold", ink, leading=1.2, before=0.9 * size * number))
        paragraphs += [Paragraph(line, 0.82 * size, "regular", ink, leading=1.35, before=0.25 * size) for line in rest]
    layout = laid_out(paragraphs, width=_SIGN_PIXELS - 2 * margin)
    canvas = Pictures.new("RGBA", (_SIGN_PIXELS, round(layout.height + 2 * margin)), "#f3c531")
    draw_text(canvas, layout, at=(margin, margin))
    return Image(np.asarray(canvas).copy(), "sign of a glass bridge")


def cost(model: Bridge, path_of: PathOf, /) -> Cost:
    """Its steel, drawn near and far, and what its signs say."""
    return Cost(triangles=4_000.0 + 60.0 * model.panes, pixels=0.7 * _SIGN_PIXELS**2, help="fewer panes, or fewer bridges")


EXAMPLE = """\
- kind: bridge
  id: glass_bridge
  title: {zh: 玻璃桥, en: Glass bridge}
  start: [-30, 0]
  end: [30, 0]
  level_m: 14
  panes: 13
  tower_m: 11
  sag_m: 9
  backstay_m: 0
"""

ELEMENT = ElementKind(model=Bridge, build=build, cost=cost, example=EXAMPLE)
