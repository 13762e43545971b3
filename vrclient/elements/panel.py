"""Panels to read: a title, a text in two columns for two languages, and a picture if there is one."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import box
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, DrawData, Image, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import Paragraph, TextLayout, draw_text, has_han, laid_out
from vrclient.scene.pictures import UnreadablePicture, read_picture
from vrclient.scene.signs import across, board, facing, image_plate, languages_shown
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementModel, HexColor, ImageFile, LocalizedText, Position

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

log = logging.getLogger(__name__)

_MAX_PIXELS = 4096
_LONGEST = {"zh": 450, "ja": 450, "ko": 500}
_LONGEST_OTHER = 1400
_CONFIDENCE = {"measured": "实测 measured", "published": "公开资料 published", "estimate": "估计 estimate"}

_FACE = 0.016
"""Metres from the panel's plane to its face."""


class PanelModel(ElementModel):
    """A panel to read from about 1.5 m. Two languages stand side by side, the picture above them; it grows as high as its
    text needs. `source` is shown at its foot."""

    title: LocalizedText = Field(description="Its heading.")
    text: LocalizedText | None = Field(None, description="What it says; an empty line begins a new paragraph.")
    image: ImageFile | None = Field(None, description="A picture above the text.")
    caption: LocalizedText | None = Field(None, description="A line below the picture.")
    at: Position = Field(description="Where it stands; on a wall, the point at floor level below its middle.")
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards its readers. 0 north, 90 east.")
    width_m: Annotated[float, Field(ge=0.4, le=8.0)] = Field(1.4, description="How wide it is.")
    text_mm: Annotated[float, Field(ge=12.0, le=200.0)] = Field(
        30.0, description="Size of its text; 20 per metre of reading distance is comfortable."
    )
    mount: Literal["stand", "wall"] = Field("stand", description="On a slim stand, or on a wall.")
    color: HexColor = Field("#f6f3ec", description="Colour of its background.")
    ink: HexColor = Field("#23282b", description="Colour of its letters.")
    accent: HexColor = Field("#b4532a", description="Colour of the line above its title.")
    emission: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        0.45, description="How bright it shines after dark, lit from within."
    )

    @model_validator(mode="after")
    def _check_length(self) -> "PanelModel":
        for language, text in (self.text or {}).items():
            longest = _LONGEST.get(language, _LONGEST_OTHER)
            if len(text) > longest:
                raise ValueError(
                    f"the text in '{language}' has {len(text)} characters; one panel holds at most {longest}, so use two panels"
                )
        return self


@dataclass(frozen=True, slots=True)
class _PlacedText:
    """A laid-out text and where its top left corner is, in pixels."""

    layout: TextLayout
    x: float
    y: float


def build(panel: PanelModel, context: BuildContext) -> DrawData:
    image = panel_image(panel, context.languages)
    high, wide = image.pixels.shape[:2]
    width, height = panel.width_m, panel.width_m * high / wide
    x, y, z = context.place(panel.at)
    heading = float(np.radians(panel.heading_deg))
    bottom = float(np.clip(1.45 - height / 2, 0.35, 0.9))
    half = width / 2
    frame = Material(color=linear_color("#33393c"), roughness=0.5)
    rim = 0.012
    solid = [board(-half - rim, bottom - rim, half + rim, bottom + height + rim, front=0.012, back=0.03)]
    if panel.mount == "stand":
        for leg in (-0.74 * half, 0.74 * half):
            solid.append(board(leg - 0.03, -0.1, leg + 0.03, bottom + 0.75 * height, front=-0.03, back=0.05))
        solid.append(box([-0.74 * half - 0.06, -0.14, -0.1], [0.74 * half + 0.06, 0.2, 0.02]))
    face = image_plate(-half, bottom, half, bottom + height, front=_FACE)
    surfaces = [Surface(facing(shape, at=(x, y, z), heading=heading), frame) for shape in solid]
    shown = Material(surface="image", image=image, roughness=0.7, emission=panel.emission)
    surfaces.append(Surface(facing(face, at=(x, y, z), heading=heading), shown, casts_shadow=False))
    walls = np.zeros((0, 6), np.float32)
    if panel.mount == "stand":
        (x0, y0), (x1, y1) = across((x, y), heading=heading, left=-half, right=half)
        walls = np.array([[x0, y0, x1, y1, z, z + bottom + height]], np.float32)
    right = (float(-np.cos(heading)), float(np.sin(heading)), 0.0)
    chosen = Selectable(
        id=panel.id or "",
        title=panel.title,
        center=(x + _FACE * float(np.sin(heading)), y + _FACE * float(np.cos(heading)), z + bottom + height / 2),
        right=right,
        up=(0.0, 0.0, 1.0),
        half=(half, height / 2),
    )
    return DrawData(surfaces=tuple(surfaces), walls=walls, selectables=(chosen,))


def panel_image(panel: PanelModel, languages: Sequence[str], /) -> Image:
    """The whole face of the panel, 1 mm to a pixel (coarser where it is wider than 4 m)."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    width = min(round(panel.width_m * 1000), _MAX_PIXELS)
    text = panel.text_mm * width / (panel.width_m * 1000)
    margin = max(2.4 * text, 0.055 * width)
    inner = width - 2 * margin
    ink, ground = linear_color(panel.ink), linear_color(panel.color)
    placed: list[_PlacedText] = []
    y = margin

    def put(paragraphs: list[Paragraph], x: float, top: float, room: float) -> float:
        layout = laid_out(paragraphs, width=room)
        placed.append(_PlacedText(layout, x, top))
        return top + layout.height

    stroke_at = y
    y += 1.1 * text
    y = put(_title(languages_shown(panel.title, languages), text, ink), margin, y, inner) + 1.1 * text
    picture = None
    if panel.image is not None:
        try:
            picture = _picture(panel.image, panel.color, inner, 0.62 * width)
        except UnreadablePicture as problem:
            log.warning("panel '%s': its picture is left out: %s", panel.id, problem)
    if picture is not None:
        picture_at = (round(margin), round(y))
        y += picture.height + 0.5 * text
        if panel.caption:
            line = "  ".join(languages_shown(panel.caption, languages))
            y = put([Paragraph(line, 0.72 * text, color=_mixed(ink, ground, 0.85), leading=1.4)], margin, y, inner)
        y += 0.8 * text
    if panel.text:
        columns = languages_shown(panel.text, languages)[:2]
        gutter = 1.8 * text
        room = (inner - gutter * (len(columns) - 1)) / len(columns)
        ends = [put(_body(column, text, ink), margin + k * (room + gutter), y, room) for k, column in enumerate(columns)]
        y = max(ends) + 0.4 * text
    if panel.source:
        sure = f" · {_CONFIDENCE[panel.confidence]}" if panel.confidence else ""
        source = Paragraph(f"来源 Source: {panel.source}{sure}", 0.6 * text, color=_mixed(ink, ground, 0.78), leading=1.4)
        y = put([source], margin, y + 0.7 * text, inner)
    height = min(round(y + margin), 2 * _MAX_PIXELS)
    canvas = Pictures.new("RGBA", (width, height), panel.color)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((margin, stroke_at, margin + 2.6 * text, stroke_at + 0.22 * text), fill=panel.accent)
    if picture is not None:
        canvas.paste(picture, picture_at)
    for one in placed:
        draw_text(canvas, one.layout, at=(one.x, one.y))
    return Image(np.asarray(canvas).copy(), f"panel {panel.id or next(iter(panel.title.values()))!r}")


def _picture(file: Path, ground: str, width: float, height: float) -> "Picture":
    """It as large as it fits into so many pixels."""
    from PIL import Image as Pictures
    from PIL import ImageColor

    red, green, blue = ImageColor.getrgb(ground)[:3]
    picture, (wide, high) = read_picture(file, longest=2 * round(max(width, height)), ground=(red, green, blue))
    scale = min(width / wide, height / high)
    return picture.resize((max(1, round(wide * scale)), max(1, round(high * scale))), Pictures.Resampling.LANCZOS)


def _title(titles: Sequence[str], text: float, ink: Color) -> list[Paragraph]:
    first = Paragraph(titles[0], 2.5 * text, "bold", ink, leading=1.2)
    return [first, *(Paragraph(title, 1.35 * text, "regular", ink, leading=1.25, before=0.3 * text) for title in titles[1:])]


def _body(text: str, size: float, ink: Color) -> list[Paragraph]:
    chinese = has_han(text)
    size, leading = (size, 1.62) if chinese else (0.94 * size, 1.45)
    blocks = [" ".join(block.split("\n")) if not chinese else block for block in text.strip().split("\n\n")]
    return [Paragraph(block, size, "regular", ink, leading=leading, before=0.6 * size) for block in blocks]


def _mixed(ink: Color, ground: Color, share: float) -> Color:
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(ink, ground, strict=True))
    return (red, green, blue)


def cost(model: PanelModel, path_of: PathOf, /) -> Cost:
    width = min(model.width_m * 1000.0, _MAX_PIXELS)
    size = model.text_mm * width / (model.width_m * 1000.0)
    letters = max((len(text) for text in (model.text or {}).values()), default=0)
    title = max((len(text) for text in model.title.values()), default=0)
    small = sum(len(text) for text in (model.caption or {}).values()) + len(model.source or "")
    lines = 10.0 * size + (0.0 if model.image is None else 0.65 * width)
    lines += (4.0 * letters + 7.5 * title + 0.8 * small) * size**2 / width
    return Cost(pixels=width * min(lines, 2.0 * _MAX_PIXELS), help="a smaller text_mm, or a shorter text")


ELEMENT = ElementKind(
    model=PanelModel,
    build=build,
    cost=cost,
    example="""\
- kind: panel
  title: {zh: 水上舞台, en: The water stage}
  text:
    zh: 湖心小岛上的舞台由一条堤道与岸相连。夏夜，演出在水面上举行。
    en: The stage on the islet is joined to the shore by a causeway. On summer nights performances are held on the water.
  at: [12, -8]
  heading_deg: 200
""",
)
