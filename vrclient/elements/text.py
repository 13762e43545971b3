"""Signs: a name on a wall or in free-standing letters, a stone by the way, a board on posts or under a ceiling."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from vrclient.geometry.mesh import Mesh, placed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, DrawData, Light, Material, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import CAPITAL_HEIGHT, HAN_HEIGHT, Paragraph, TextLayout, has_han, laid_out, text_image, text_width
from vrclient.scene.signs import across, board, facing, image_plate, languages_shown, raised_letters
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementModel, HexColor, LocalizedText, Position, Ratio

Mount = Literal["wall", "letters", "slab", "posts", "hanging"]
_MAX_PIXELS = 4096
_BOARD: dict[str, str | None] = {"wall": None, "letters": None, "slab": "#55585a", "posts": "#2f3538", "hanging": "#2f3538"}
_HANGING_HEIGHT = 2.6


class TextModel(ElementModel):
    """A sign. Every language has its line; the first is the large one."""

    text: LocalizedText = Field(description="What it says; '\\n' begins a new line.")
    at: Position = Field(
        description="Middle of its lower edge; with two numbers on the land (on a wall or hanging: 2.6 m above)."
    )
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards its readers. 0 north, 90 east.")
    height_m: Annotated[float, Field(ge=0.01, le=100.0)] = Field(
        0.6, description="Height of a Chinese character or capital of the first language."
    )
    second_size: Annotated[float, Field(gt=0.1, le=1.0)] = Field(
        0.4, description="Size of the other languages, as a share of the first."
    )
    weight: Literal["regular", "bold"] = Field("bold", description="How bold the first language's letters are.")
    color: HexColor = Field("#ffffff", description="Colour of the letters; on a light wall dark ones read better by day.")
    emission: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        1.2, description="How bright they shine after dark; 0 = not at all."
    )
    mount: Mount = Field(
        "wall", description="On a wall, in letters standing on the ground, on a stone slab, on two posts, or hanging."
    )
    board: HexColor | None = Field(
        None, description="Colour of a plate behind the letters. Default: none on a wall, dark where one is needed."
    )
    relief_m: Annotated[float, Field(ge=0.0, le=10.0)] | None = Field(
        None,
        description="How far the letters stand out; 0 = flat. Default: flat; solid by themselves or 0.5 m high on a bare wall.",
    )
    align: Literal["left", "center"] = Field("center", description="How the lines are aligned.")
    glow: Ratio = Field(0.5, description="How much light shining letters throw on what is near.")


def build(sign: TextModel, context: BuildContext) -> DrawData:
    layout, paragraphs, scale = _layout(sign, context)
    x, y, z = context.place(sign.at)
    if len(sign.at) == 2 and sign.mount in ("wall", "hanging"):
        z += _HANGING_HEIGHT
    heading = float(np.radians(sign.heading_deg))
    width, height = layout.width * scale, layout.height * scale
    margin = 0.55 * sign.height_m
    lift = {"wall": 0.0, "letters": 0.08, "slab": margin + 0.12, "posts": margin + 1.0, "hanging": margin}[sign.mount]
    plate = sign.board or _BOARD[sign.mount]
    relief = _usual_relief(sign) if sign.relief_m is None else sign.relief_m
    parts: list[tuple[Mesh, Material]] = []
    if plate:
        parts += _backing(sign.mount, width / 2 + margin, lift - margin, lift + height + margin, linear_color(plate))
    elif sign.mount == "letters":
        parts.append(
            (board(-width / 2 - 0.1, 0.0, width / 2 + 0.1, 0.1, front=relief + 0.12, back=0.12), _stone(linear_color("#6b6d6d")))
        )
    color = linear_color(sign.color)
    if relief > 0.0:
        faces, edges = raised_letters(layout, meters_per_pixel=scale, depth=relief)
        parts.append((_moved(faces, -width / 2, lift), Material(color=color, roughness=0.45, emission=sign.emission)))
        side: Color = (color[0] * 0.55, color[1] * 0.55, color[2] * 0.55)
        parts.append((_moved(edges, -width / 2, lift), Material(color=side, roughness=0.5, emission=0.35 * sign.emission)))
    else:
        image = text_image(
            paragraphs, align=sign.align, name=f"text {sign.id or languages_shown(sign.text, context.languages)[0]!r}"
        )
        high, wide = image.pixels.shape[:2]
        left = -width / 2
        letters = image_plate(left, lift + height - high * scale, left + wide * scale, lift + height, front=0.02)
        parts.append((letters, Material(surface="image", image=image, roughness=0.6, emission=sign.emission)))
    surfaces = tuple(
        Surface(facing(shape, at=(x, y, z), heading=heading), material, casts_shadow=material.surface != "image")
        for shape, material in parts
    )
    return DrawData(
        surfaces=surfaces,
        lights=_lights(sign, (x, y, z + lift + height / 2), heading, width, color),
        walls=_walls(sign, (x, y, z), heading, width / 2 + (margin if plate else 0.1), lift + height),
    )


def _layout(sign: TextModel, context: BuildContext) -> tuple[TextLayout, list[Paragraph], float]:
    """The lines in pixels, as paragraphs, and the metres of a pixel."""
    texts = languages_shown(sign.text, context.languages)
    color = linear_color(sign.color)
    pixels = float(np.clip(260.0 * np.sqrt(sign.height_m), 72.0, 288.0))
    scale = sign.height_m / pixels
    first = pixels / _letter_height(texts[0])
    paragraphs = [Paragraph(texts[0], first, sign.weight, color, leading=1.12)]
    widest = max(text_width(line, first, weight=sign.weight) for line in texts[0].split("\n"))
    for text in texts[1:]:
        size = sign.second_size * pixels / _letter_height(text)
        width = max(text_width(line, size) for line in text.split("\n"))
        fitted = size * float(np.clip(widest / max(width, 1.0), 0.7, 1.35))
        paragraphs.append(Paragraph(text, fitted, "regular", color, leading=1.3, before=0.1 * first))
    layout = laid_out(paragraphs, align=sign.align)
    shrink = min(1.0, _MAX_PIXELS / max(layout.width, layout.height))
    if shrink < 1.0:
        paragraphs = [Paragraph(p.text, p.size * shrink, p.weight, color, p.leading, p.before * shrink) for p in paragraphs]
        layout = laid_out(paragraphs, align=sign.align)
    return layout, paragraphs, scale / shrink


def _usual_relief(sign: TextModel) -> float:
    if sign.mount == "letters":
        return 0.3 * sign.height_m
    return 0.12 * sign.height_m if sign.mount == "wall" and not sign.board and sign.height_m >= 0.5 else 0.0


def _letter_height(text: str) -> float:
    return HAN_HEIGHT if has_han(text) else CAPITAL_HEIGHT


def _moved(shape: Mesh, x: float, z: float) -> Mesh:
    return placed(shape, at=(x, 0.0, z))


def _stone(color: Color) -> Material:
    return Material(color=color, roughness=0.85, pattern="concrete")


def _backing(mount: Mount, half: float, bottom: float, top: float, color: Color) -> list[tuple[Mesh, Material]]:
    """The plate behind the letters, and what holds it."""
    steel = Material(color=color, roughness=0.5)
    if mount == "slab":
        foot = board(-half - 0.12, -0.3, half + 0.12, 0.12, front=0.16, back=0.46)
        return [(board(-half, 0.12, half, top, front=0.0, back=0.3), _stone(color)), (foot, _stone((0.2, 0.2, 0.19)))]
    front, back = (0.015, 0.02) if mount == "wall" else (0.0, 0.06)
    plate = [(board(-half, bottom, half, top, front=front, back=back), steel)]
    if mount == "posts":
        plate += [(board(x - 0.035, -0.3, x + 0.035, top, front=-0.06, back=0.13), steel) for x in (-0.72 * half, 0.72 * half)]
    if mount == "hanging":
        plate += [
            (board(x - 0.012, top, x + 0.012, top + 0.7, front=-0.02, back=0.045), steel) for x in (-0.8 * half, 0.8 * half)
        ]
    return plate


def _lights(sign: TextModel, middle: tuple[float, float, float], heading: float, width: float, color: Color) -> tuple[Light, ...]:
    if sign.emission <= 0.0 or sign.glow <= 0.0:
        return ()
    peak = max(*color, 1e-3)
    before = np.array([np.sin(heading), np.cos(heading)]) * 0.6 * max(sign.height_m, 0.4)
    count = int(np.clip(round(width / (4.0 * sign.height_m)), 1, 6))
    strength = sign.glow * float(np.clip(sign.emission * sign.height_m, 0.05, 2.0)) / np.sqrt(count)
    lights = []
    for share in (np.arange(count) + 0.5) / count:
        east, north = across(middle, heading=heading, left=(share - 0.5) * width, right=0.0)[0] + before
        lights.append(
            Light(
                (float(east), float(north), middle[2]),
                (color[0] / peak, color[1] / peak, color[2] / peak),
                float(strength),
                float(np.clip(6.0 * sign.height_m, 3.0, 15.0)),
            )
        )
    return tuple(lights)


def _walls(sign: TextModel, at: tuple[float, float, float], heading: float, half: float, top: float) -> np.ndarray:
    """A visitor cannot walk through what stands on the ground."""
    if sign.mount not in ("letters", "slab", "posts"):
        return np.zeros((0, 6), np.float32)
    (x0, y0), (x1, y1) = across(at, heading=heading, left=-half, right=half)
    return np.array([[x0, y0, x1, y1, at[2], at[2] + top]], np.float32)


def cost(model: TextModel, path_of: PathOf, /) -> Cost:
    letters = sum(len(text) for text in model.text.values())
    relief = _usual_relief(model) if model.relief_m is None else model.relief_m
    return Cost(
        triangles=600.0 * letters if relief else 0.0,
        pixels=0.0 if relief else min(letters * 300.0**2, _MAX_PIXELS**2),
        help="a shorter text, or relief_m: 0",
    )


ELEMENT = ElementKind(
    model=TextModel,
    build=build,
    cost=cost,
    example="""\
- kind: text
  text: {zh: 奉贤城市之门, en: Fengxian City Gate}
  at: [0, 20]
  mount: letters
  height_m: 1.2
""",
)
