"""The site plan of Fengxian as a print of 1.0 m x 0.75 m at 1:500, drawn from the showcase's own coordinates: its outlines, ways
and waters, the very trees that stand in it, its land in contours. 6000 x 4500 pixels: six to the millimetre."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vrclient.app.opening import load
from vrclient.elements import kinds
from vrclient.elements.road import area as road_area
from vrclient.elements.terrace import area as terrace_area
from vrclient.scene.build import build_context, build_element
from vrclient.scene.colors import linear_color
from vrclient.scene.fonts import HAN_HEIGHT, Paragraph, draw_text, laid_out
from vrclient.scene.polygons import area_of
from vrclient.scene.signs import traced
from vrclient.showcase.models import ElementModel

SIZE = (6000, 4500)
WEST, NORTH, METERS = -262.0, 142.0, 500.0
"""The sheet's upper left corner in the showcase's metres, and how many metres it is wide."""
PIXELS = SIZE[0] / METERS
FINE, BANDS = 2, 6
MM = SIZE[0] / 1000.0
"""Pixels of a millimetre on paper."""

PAPER, INK, GREY, FAINT = "#f6f2e8", "#2a2f33", "#6d716f", "#c9c4b4"
WATER, SHORE, PAVED, GRAVEL, WOOD, ROOF = "#c6dbe0", "#7aa0ab", "#e4dbc9", "#d9cfb6", "#d3b68e", "#fffdf8"
TREES = {"broadleaf": "#9cb282", "conifer": "#7f9c7a", "ginkgo": "#d8b145", "willow": "#a9bd84", "shrub": "#b3c199"}

Pen = Callable[[ImageDraw.ImageDraw, float, float], None]


def draw(showcase: Path, /) -> Image.Image:
    """The whole sheet."""
    result = load(showcase)
    assert result.showcase is not None, result.diagnostics
    known = kinds()
    context = build_context(result.showcase, known)
    day = result.showcase.environment.date
    elements = tuple(
        one
        for one in result.showcase.elements
        if not (one.built and one.built > day) and not (one.demolished and one.demolished <= day)
    )
    layers: list[Pen] = [_contours(context.ground.height)]
    layers += [_trees(element, known, context) for element in elements if element.kind == "scatter"]
    layers = [_under(elements), *layers, _over(elements), _grid()]
    sheet = Image.new("RGB", SIZE, PAPER)
    for band in range(BANDS):
        top, rows = band * SIZE[1] // BANDS, SIZE[1] // BANDS
        large = Image.new("RGB", (SIZE[0] * FINE, rows * FINE), PAPER)
        pen = ImageDraw.Draw(large)
        for layer in layers:
            layer(pen, PIXELS * FINE, top * FINE)
        sheet.paste(large.resize((SIZE[0], rows), Image.Resampling.BOX), (0, top))
    return _lettered(sheet.convert("RGBA"), elements).convert("RGB")


def _at(points: Iterable[Iterable[float]], scale: float, top: float, /) -> list[tuple[float, float]]:
    return [((x - WEST) * scale, (NORTH - y) * scale - top) for x, y in points]


def _rings(shape: shapely.Geometry, /) -> list[NDArray[np.float64]]:
    return [
        np.asarray(ring.coords)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]


def _filled(shape: shapely.Geometry, fill: str, edge: str | None = None, width: float = 0.0, hole: str = PAPER) -> Pen:
    def layer(pen: ImageDraw.ImageDraw, scale: float, top: float) -> None:
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon":
                continue
            pen.polygon(_at(part.exterior.coords, scale, top), fill=fill)
            for inner in part.interiors:
                pen.polygon(_at(inner.coords, scale, top), fill=hole)
        if edge:
            for ring in _rings(shape):
                pen.line(_at(ring, scale, top), fill=edge, width=max(1, round(width * MM * FINE)), joint="curve")

    return layer


def _lines(shape: shapely.Geometry, color: str, width: float) -> Pen:
    parts = [np.asarray(one.coords) for one in shapely.get_parts(shape) if one.geom_type == "LineString"]
    parts += _rings(shape)

    def layer(pen: ImageDraw.ImageDraw, scale: float, top: float) -> None:
        for line in parts:
            pen.line(_at(line, scale, top), fill=color, width=max(1, round(width * MM * FINE)), joint="curve")

    return layer


def _together(layers: list[Pen], /) -> Pen:
    def layer(pen: ImageDraw.ImageDraw, scale: float, top: float) -> None:
        for one in layers:
            one(pen, scale, top)

    return layer


def _contours(height: Callable[[NDArray[np.float64]], NDArray[np.float64]], /) -> Pen:
    """Lines of equal height, half a metre apart, every other one stronger."""
    x, y = np.arange(WEST - 10, WEST + METERS + 10, 2.0), np.arange(NORTH - 0.75 * METERS - 10, NORTH + 10, 2.0)
    z = height(np.stack(np.meshgrid(x, y), axis=-1))
    layers = []
    for number, level in enumerate(np.arange(0.5, 12.0, 0.5)):
        mask = np.pad(np.clip((z - level) + 0.5, 0.0, 1.0), 1).astype(np.float32)
        lines = [shapely.LineString((line - 1.5) * 2.0 + [x[0], y[0]]) for line in traced(mask) if len(line) > 8]
        color, width = ("#c2b395", 0.22) if number % 2 else ("#d6cbb3", 0.14)
        layers.append(_lines(shapely.MultiLineString(lines), color, width))
    return _together(layers)


def _under(elements: tuple[ElementModel, ...], /) -> Pen:
    """Waters and ways."""
    layers: list[Pen] = []
    for one in elements:
        if one.kind == "water":
            lake = area_of(one.outline, one.islands, smooth=one.smooth)
            layers.append(_filled(lake, WATER, SHORE, 0.45))
            for k, inset in enumerate((1.2, 2.8, 5.0, 8.0, 12.0)):
                layers.append(_lines(lake.buffer(-inset), SHORE if k < 2 else "#a3c0c8", 0.12))
        if one.kind == "road":
            color = {"gravel": GRAVEL, "wood": WOOD}.get(one.surface, PAVED)
            layers.append(_filled(road_area(one), color, "#b8ac95", 0.16))
    return _together(layers)


def _over(elements: tuple[ElementModel, ...], /) -> Pen:
    """Terraces with their boards, petals with their rims, fins and steps."""
    layers: list[Pen] = []
    for one in elements:
        if one.kind == "terrace":
            area = terrace_area(one)
            layers.append(_filled(area, "#ead9bd" if one.surface == "wood" else "#e9e2d3", INK, 0.28))
            south, north = area.bounds[1], area.bounds[3]
            boards = [shapely.LineString([(-400, y), (400, y)]) for y in np.arange(south, north, 0.8)]
            layers.append(_lines(shapely.unary_union(boards).intersection(area), "#d0c0a2", 0.08))
    for one in elements:
        if one.kind == "stairs":
            a, b = np.array(one.at[:2]), np.array(one.to[:2])
            side = np.array([-(b - a)[1], (b - a)[0]]) / np.linalg.norm(b - a) * one.width_m / 2
            steps = [shapely.LineString([a + (b - a) * s - side, a + (b - a) * s + side]) for s in np.linspace(0, 1, 22)]
            layers.append(_lines(shapely.MultiLineString(steps), INK, 0.12))
        if one.kind == "shell":
            area = area_of(one.outline, smooth=True)
            layers.append(_filled(area, ROOF, INK, 0.7))
            layers.append(_lines(area.buffer(-0.9), INK, 0.16))
            for inset in (4.0, 8.0, 12.0, 16.0):
                layers.append(_lines(area.buffer(-inset), FAINT, 0.1))
            for light in one.roof.skylights if one.roof else ():
                disc = shapely.Point(light.at).buffer(light.radius_m)
                layers.append(_filled(disc, "#d5e4e8", INK, 0.2))
                spokes = [shapely.LineString([light.at, point]) for point in np.asarray(disc.exterior.coords)[::6]]
                layers.append(_lines(shapely.MultiLineString(spokes), "#8fa7ad", 0.08))
    by_id = {one.id: one for one in elements if one.id}
    for one in elements:
        if one.kind == "fins" and isinstance(one.along, str):
            ring = area_of(by_id[one.along].outline, smooth=True).exterior
            if not ring.is_ccw:
                ring = ring.reverse()
            first, last = one.arc or (0.0, 1.0)
            marks = []
            for s in np.linspace(first, last, one.count):
                here, after = (np.asarray(ring.interpolate(share % 1.0, normalized=True).coords[0]) for share in (s, s + 1e-4))
                along = (after - here) / np.linalg.norm(after - here)
                out = np.array([along[1], -along[0]])
                marks.append(shapely.LineString([here + 0.9 * out, here + 2.2 * out]))
            layers.append(_lines(shapely.MultiLineString(marks), "#a5793a", 0.22))
    return _together(layers)


def _trees(element: ElementModel, known: object, context: object, /) -> Pen:
    """Crowns as circles with a short shadow, where the showcase has its trees."""
    name = getattr(element, "mesh", "")
    color = TREES.get(name)
    if color is None:
        return lambda pen, scale, top: None
    groups = build_element(element, known, context).draw_data.instances  # type: ignore[arg-type]
    places = np.concatenate([np.column_stack([one.position[:, :2], one.scale[:, 0]]) for one in groups if len(one.position)])
    radius = {"broadleaf": 2.9, "ginkgo": 2.3, "willow": 3.0, "conifer": 1.7, "shrub": 0.6}[name]

    def layer(pen: ImageDraw.ImageDraw, scale: float, top: float) -> None:
        for x, y, size in places:
            px, py = (x - WEST) * scale, (NORTH - y) * scale - top
            r = radius * size * scale
            pen.ellipse((px - r, py - r, px + r, py + r), fill=color, outline="#5f7354", width=max(1, round(0.1 * MM * FINE)))
            pen.arc((px - 0.72 * r, py - 0.72 * r, px + 0.72 * r, py + 0.72 * r), 30, 150, fill="#5f7354", width=2)
            if name in ("conifer", "ginkgo"):
                for k in range(8):
                    a = k * np.pi / 4
                    pen.line((px, py, px + 0.75 * r * np.cos(a), py + 0.75 * r * np.sin(a)), fill="#6d7f5e", width=2)
            dot = max(1.5, 0.16 * scale)
            pen.ellipse((px - dot, py - dot, px + dot, py + dot), fill="#4b4238")

    return layer


def _grid() -> Pen:
    """Crosses every 50 m and a double frame."""

    def layer(pen: ImageDraw.ImageDraw, scale: float, top: float) -> None:
        arm = 1.6 * MM * FINE
        for x in np.arange(-250, 250, 50):
            for y in np.arange(-250, 200, 50):
                px, py = (x - WEST) * scale, (NORTH - y) * scale - top
                pen.line((px - arm, py, px + arm, py), fill=GREY, width=2)
                pen.line((px, py - arm, px, py + arm), fill=GREY, width=2)
        whole, rim = (0.0, -top, SIZE[0] * FINE, SIZE[1] * FINE - top), 6.0 * MM * FINE
        pen.rectangle(whole, outline=PAPER, width=round(rim))
        for inset, width in ((6.0, 0.7), (8.0, 0.2)):
            edge = inset * MM * FINE
            box = (edge, edge - top, SIZE[0] * FINE - edge, SIZE[1] * FINE - edge - top)
            pen.rectangle(box, outline=INK, width=max(1, round(width * MM * FINE)))

    return layer


NAMES = {
    # id of an element: where its name stands in metres, height of its Chinese letters in millimetres of paper
    "main_theatre": ((36.0, -24.0), 5.2), "exhibition": ((20.0, 52.0), 4.2), "multi_use": ((-54.0, 24.0), 4.6),
    "foyer": ((1.0, -7.0), 3.4), "stage_tower": ((47.0, -38.0), 3.0), "garden_deck": ((53.0, 26.0), 3.0),
    "water_terrace_floor": ((-36.0, -36.0), 4.2), "lake": ((-104.0, -166.0), 9.0), "north_plaza": ((10.0, 112.0), 4.4),
    "ring_walk": ((-176.0, 24.0), 3.0), "water_stage": ((-64.0, -106.5), 2.6), "causeway": ((-41.0, -82.0), 2.2),
}  # fmt: skip
EXTRA = (
    ({"zh": "森林剧场", "en": "Forest theatre"}, (184.0, -112.0), 4.6),
    ({"zh": "观景坡", "en": "Viewing slope"}, (142.0, 96.0), 4.2),
    ({"zh": "九棵银杏", "en": "The nine ginkgos"}, (14.5, 128.5), 2.4),
    ({"zh": "千亩林", "en": "The wood"}, (-212.0, 84.0), 6.0),
    ({"zh": "琴键光廊 140 束", "en": "140 strings of fins"}, (76.0, -72.0), 2.0),
)


def _lettered(sheet: Image.Image, elements: tuple[ElementModel, ...], /) -> Image.Image:
    """Names, the title, the scale, north, and the smallest print: what is known and what is estimated."""
    by_id = {one.id: one for one in elements if one.id}
    named = [(by_id[id].title, *rest) for id, rest in NAMES.items() if id in by_id and by_id[id].title]
    for title, (x, y), high in [*named, *EXTRA]:
        _name(sheet, title, x, y, high)
    for x in range(-250, 250, 50):
        _words(sheet, f"{x:+d} E", ((x - WEST) * PIXELS, 9.0 * MM), 1.6, GREY)
    for y in range(-200, 150, 50):
        _words(sheet, f"{y:+d} N", (9.4 * MM, (NORTH - y) * PIXELS), 1.6, GREY)
    _title_block(sheet)
    return sheet


def _name(sheet: Image.Image, title: dict[str, str], x: float, y: float, high: float, /) -> None:
    """A name with its middle at a place of the showcase, on a breath of paper."""
    ink = linear_color(INK)
    words = [
        Paragraph(title["zh"], high * MM / HAN_HEIGHT, "bold", ink, leading=1.15),
        Paragraph(title["en"], 0.56 * high * MM / 0.733, "regular", ink, leading=1.2),
    ]
    layout = laid_out(words, align="center")
    left, top = (x - WEST) * PIXELS - layout.width / 2, (NORTH - y) * PIXELS - layout.height / 2
    box = (round(left) - 14, round(top) - 6, round(left + layout.width) + 14, round(top + layout.height) + 6)
    ground = sheet.crop(box)
    sheet.paste(Image.blend(ground, Image.new("RGBA", ground.size, PAPER), 0.62), box[:2])
    draw_text(sheet, layout, at=(left, top))


def _words(sheet: Image.Image, text: str, at: tuple[float, float], high: float, color: str, /) -> None:
    draw_text(sheet, laid_out([Paragraph(text, high * MM / 0.733, "regular", linear_color(color))]), at=at)


_NOTE_ZH = (
    "等高线间距 0.5 米；坐标以原点起算，单位为米。树木位置即展示中的位置。"
    "尺寸与地形为估计，三片花瓣、140 束立柱与日期为公开资料。"
)
_NOTE_EN = (
    "Contours every 0.5 m; coordinates in metres from the origin. Every tree is where it stands in the showcase. Sizes and land "
    "are estimates; the three petals, the 140 strings of fins and the dates are published."
)
_FINE_PRINT = "细字试读 Fine print, 1.2 mm: 一座城市的门，向水而开。 A gate of the city that opens to the water."


def _title_block(sheet: Image.Image, /) -> None:
    pen = ImageDraw.Draw(sheet)
    left, top, right, bottom = 14 * MM, SIZE[1] - 122 * MM, 250 * MM, SIZE[1] - 14 * MM
    pen.rectangle((left, top, right, bottom), fill=PAPER, outline=INK, width=round(0.3 * MM))
    ink, grey = linear_color(INK), linear_color(GREY)
    words = [
        Paragraph("奉贤城市之门", 17 * MM, "bold", ink, leading=1.2),
        Paragraph("Fengxian City Gate", 8.4 * MM, "regular", ink, leading=1.35),
        Paragraph("九棵树未来艺术中心总平面图", 6.6 * MM, "regular", ink, leading=1.5, before=2 * MM),
        Paragraph("Nine Trees Future Art Centre · Site plan · 1:500", 4.9 * MM, "regular", ink, leading=1.4),
        Paragraph(_NOTE_ZH, 3.1 * MM, "regular", grey, leading=1.5, before=4 * MM),
        Paragraph(_NOTE_EN, 2.7 * MM, "regular", grey, leading=1.45, before=1.2 * MM),
        Paragraph(_FINE_PRINT, 1.35 * MM, "regular", ink, leading=1.5, before=3 * MM),
    ]
    draw_text(sheet, laid_out(words, width=right - left - 16 * MM), at=(left + 8 * MM, top + 7 * MM))
    bar_left, bar_top, ten = left + 8 * MM, bottom - 15 * MM, 10.0 * PIXELS
    for k in range(10):
        box = (bar_left + k * ten, bar_top, bar_left + (k + 1) * ten, bar_top + 2.4 * MM)
        pen.rectangle(box, fill=INK if k % 2 == 0 else PAPER, outline=INK, width=2)
    for metres in (0, 50, 100):
        _words(sheet, f"{metres} m", (bar_left + metres * PIXELS - 6, bar_top + 3.4 * MM), 2.4, INK)
    x, y = right - 20 * MM, top + 17 * MM
    pen.ellipse((x - 8 * MM, y - 8 * MM, x + 8 * MM, y + 8 * MM), outline=INK, width=round(0.3 * MM))
    pen.polygon([(x, y - 11 * MM), (x - 3.4 * MM, y + 6 * MM), (x, y + 3 * MM)], fill=INK)
    pen.polygon([(x, y - 11 * MM), (x + 3.4 * MM, y + 6 * MM), (x, y + 3 * MM)], fill=PAPER, outline=INK)
    _words(sheet, "北 N", (x - 4 * MM, y + 9 * MM), 3.0, INK)
