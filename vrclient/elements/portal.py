"""`portal`: an arch with a glowing rim through which one sees, and steps into, another showcase.

It does not load or enter that showcase: it says where the opening is, and what is behind it."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from shapely import Polygon

from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.geometry.mesh import Mesh, concatenated, transformed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, DrawData, Image, Light, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import CAPITAL_HEIGHT, HAN_HEIGHT, Paragraph, has_han, laid_out, text_image
from vrclient.scene.interactives import Portal, Rectangle
from vrclient.scene.joinery import arch, plate, upright, widened
from vrclient.scene.labels import SHOWN_PIXELS, notice_image, reduced_picture
from vrclient.scene.pictures import UnreadablePicture, reduced_pixels
from vrclient.scene.polygons import flat_mesh
from vrclient.scene.signs import board, image_plate, languages_shown
from vrclient.showcase.cost import Cost
from vrclient.showcase.models import Degrees, ElementId, ElementModel, HexColor, ImageFile, LocalizedText, Position, ShowcaseName

log = logging.getLogger(__name__)

DEPTH_M = 0.75
"""From the opening to the picture behind it: deep enough to step in without touching the picture."""

_JAMB_M, _SILL_M = 0.13, 0.9
_CLOSED = ("暂未开放", "Closed")
_PIXELS = 150.0
_LINE_M = (0.022, 0.04)


class PortalModel(ElementModel):
    """A way to another showcase. Its name stands above it and a picture of it shines in the opening; visitors walk in, or choose
    it. Where the showcase it leads to is absent, it is closed."""

    id: ElementId = Field(description="Its name.", examples=["to_fengxian"])
    title: LocalizedText = Field(description="What is behind it; written above the opening.")
    to: ShowcaseName = Field(
        description="The showcase it leads to, by the name of its folder: one beside this showcase, or one that comes with "
        "vrclient.",
        examples=["fengxian"],
    )
    view: ElementId | None = Field(
        None, description="The viewpoint there at which visitors arrive; default: where its visits start."
    )
    still: ImageFile | None = Field(None, description="A picture of that place, best as wide as high or upright.")
    at: Position = Field(description="The middle of the opening, at the floor.")
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards whoever approaches. 0 north, 90 east.")
    width_m: Annotated[float, Field(ge=1.0, le=12.0)] = Field(2.6, description="Width of the opening.")
    height_m: Annotated[float, Field(ge=2.0, le=16.0)] = Field(3.6, description="Height of the opening, under a round head.")
    text_m: Annotated[float, Field(ge=0.08, le=2.0)] = Field(
        0.3, description="Height of its name's letters; at least 0.018 per metre from which they are to be read."
    )
    color: HexColor = Field("#efe6d8", description="Colour of the arch.")
    glow: HexColor = Field("#ffd7a1", description="Colour of the light along its rim.")
    near_m: Annotated[float, Field(ge=0.1, le=200.0)] = Field(
        15.0, description="How near a visitor is when the other showcase begins to load."
    )


def build(portal: PortalModel, context: BuildContext, /) -> DrawData:
    x, y, z = context.place(portal.at)
    heading = float(np.radians(portal.heading_deg))
    world = world_from_body((x, y, z), heading=heading + np.pi)
    is_open = context.showcases is None or portal.to in context.showcases
    if not is_open:
        log.warning("portal '%s': there is no showcase '%s'; it stays closed", portal.id, portal.to)
    opening = arch(portal.width_m, portal.height_m)
    glow = linear_color(portal.glow)
    parts = _arch(portal, opening, glow, is_open=is_open)
    parts += _picture(portal, opening, is_open=is_open)
    parts += _name(portal, context.languages)
    parts += _threshold(portal, glow, is_open=is_open)
    surfaces = tuple(
        Surface(transformed(shape, world), material, casts_shadow=material.surface != "image") for shape, material in parts
    )
    face = Rectangle(
        center=(x, y, z + portal.height_m / 2),
        right=_triple(world[:3, 0]),
        up=(0.0, 0.0, 1.0),
        half=(portal.width_m / 2, portal.height_m / 2),
    )
    offer = Portal(
        id=portal.id,
        title=portal.title,
        showcase=portal.to,
        face=face,
        view=portal.view,
        still=portal.still,
        near=portal.near_m,
    )
    before = _triple(world[:3, :3] @ np.array([0.0, -0.9, 0.75 * portal.height_m]) + world[:3, 3])
    peak = max(*glow, 1e-3)
    shine: Color = (glow[0] / peak, glow[1] / peak, glow[2] / peak)
    return DrawData(
        surfaces=surfaces,
        lights=(Light(before, shine, 0.7, 7.0),) if is_open else (),
        walls=_walls(portal, world, z, is_open=is_open),
        selectables=(Selectable(portal.id, portal.title, face.center, face.right, face.up, face.half, offers=offer),)
        if is_open
        else (),
        interactives=(offer,) if is_open else (),
    )


def _arch(portal: PortalModel, opening: Polygon, glow: Color, *, is_open: bool) -> list[tuple[Mesh, Material]]:
    """The arch, a passage as deep as DEPTH_M that closes behind the picture, and lines of light that lead in."""
    outer = widened(opening, _JAMB_M)
    body = Material(color=linear_color(portal.color), roughness=0.5, emission=0.14, emission_when="always")
    parts = [
        (plate(outer.difference(opening), front=0.0, back=-DEPTH_M, spacing=0.6), body),
        (plate(outer, front=-DEPTH_M, back=-DEPTH_M - 0.05, spacing=1.2), body),
    ]
    if not is_open:
        return parts
    for depth, strength in ((0.006, 2.4), (-0.3, 0.8), (0.03 - DEPTH_M, 1.6)):
        wide = _LINE_M[1] if depth > 0 else _LINE_M[0]
        line = (
            widened(opening, 0.2 * wide).difference(widened(opening, -wide))
            if depth > 0
            else opening.difference(widened(opening, -wide))
        )
        light = Material(color=glow, roughness=0.6, emission=strength, emission_when="always")
        parts.append((plate(line, front=depth, back=depth - 0.012), light))
    return parts


def _picture(portal: PortalModel, opening: Polygon, *, is_open: bool) -> list[tuple[Mesh, Material]]:
    """What fills the opening: the other place, cut to the arch, or a plain plate that says that it is closed."""
    image = None
    if not is_open:
        image = notice_image(_CLOSED, size_m=(portal.width_m, portal.height_m), name=portal.id)
    elif portal.still is not None:
        try:
            image, _ = reduced_picture(portal.still)
        except UnreadablePicture as problem:
            log.warning("portal '%s': its picture is left out: %s", portal.id, problem)
    if image is None:
        image = _plain(portal)
    depth = 0.012 - DEPTH_M if is_open else -0.06
    shape = flat_mesh(opening, depth, spacing=1.0)
    high, wide = image.pixels.shape[:2]
    across, rise = portal.width_m, portal.height_m
    # As large as covers the opening, the middle of the picture in its middle.
    scale = max(across / wide, rise / high)
    place = shape.position[:, :2].astype(np.float64)
    uv = np.column_stack([0.5 + place[:, 0] / (wide * scale), 0.5 + (place[:, 1] - rise / 2) / (high * scale)])
    drawing = replace(shape, uv=uv.astype(np.float32))
    if is_open:
        lit = Material(surface="image", image=image, color=(0.62,) * 3, roughness=0.9, emission=0.95, emission_when="always")
    else:
        lit = Material(surface="image", image=image, roughness=0.9)
    return [(upright(drawing), lit)]


def _plain(portal: PortalModel) -> Image:
    """Without a picture: light that gets warmer towards the ground, as a doorway into the open looks."""
    share = np.linspace(0.0, 1.0, 128)[:, None, None]
    low, high = (np.array(color, np.float64) for color in ((255, 226, 182), (150, 188, 214)))
    pixels = np.full((128, 64, 4), 255, np.uint8)
    pixels[..., :3] = np.rint(high * (1 - share) + low * share)
    return Image(pixels, f"portal {portal.id!r}")


def _name(portal: PortalModel, languages: Sequence[str]) -> list[tuple[Mesh, Material]]:
    """The name on a dark plate that stands on the crown of the arch."""
    texts = languages_shown(portal.title, languages)
    color = linear_color("#fff3dc")
    paragraphs = []
    for k, text in enumerate(texts):
        size = (1.0 if k == 0 else 0.72) * _PIXELS / (HAN_HEIGHT if has_han(text) else CAPITAL_HEIGHT)
        paragraphs.append(Paragraph(text, size, "bold" if k == 0 else "regular", color, leading=1.2, before=0.12 * _PIXELS))
    image = text_image(paragraphs, align="center", name=f"portal {portal.id!r}")
    scale = portal.text_m / _PIXELS
    layout = laid_out(paragraphs, align="center")
    width, height = layout.width * scale, layout.height * scale
    margin = 0.5 * portal.text_m
    foot = portal.height_m + _JAMB_M + 0.07
    half = max(width / 2 + 1.6 * margin, portal.width_m / 2 + _JAMB_M)
    dark = Material(color=linear_color("#26292c"), roughness=0.55)
    wide, high = image.pixels.shape[1] * scale, image.pixels.shape[0] * scale
    letters = image_plate(-wide / 2, foot + margin, wide / 2, foot + margin + high, front=0.02)
    pins = [
        board(x - 0.02, foot - 0.3, x + 0.02, foot, front=-0.04, back=0.08)
        for x in (-0.12 * portal.width_m, 0.12 * portal.width_m)
    ]
    return [
        (concatenated([board(-half, foot, half, foot + height + 2 * margin, front=0.0, back=0.1), *pins]), dark),
        (letters, Material(surface="image", image=image, roughness=0.6, emission=0.8, emission_when="always")),
    ]


def _threshold(portal: PortalModel, glow: Color, *, is_open: bool) -> list[tuple[Mesh, Material]]:
    """A pale half-round on the floor before the opening, edged with light, and the floor of the passage."""
    half = portal.width_m / 2
    angle = np.linspace(np.pi, 2.0 * np.pi, 33)

    def sill(reach: float, wide: float) -> Polygon:
        bow = np.column_stack([wide * np.cos(angle), reach * np.sin(angle)])
        return Polygon([*bow.tolist(), (wide, DEPTH_M), (-wide, DEPTH_M)])

    stone = Material(color=linear_color("#d8d2c6"), roughness=0.5)
    inner = sill(_SILL_M, half)
    parts = [(flat_mesh(inner, 0.014, spacing=1.0), stone)]
    if is_open:
        rim = sill(_SILL_M + 0.03, half + 0.03).difference(inner)
        line = Material(color=glow, roughness=0.6, emission=1.2, emission_when="always")
        parts.append((flat_mesh(rim, 0.012, spacing=1.0), line))
    return parts


def _walls(portal: PortalModel, world: Matrix, z: float, *, is_open: bool) -> NDArray[np.float32]:
    """The jambs and the back of the passage; where it is closed, the opening too."""
    near, far = portal.width_m / 2, portal.width_m / 2 + _JAMB_M
    back = DEPTH_M + 0.05
    lines = [((s * near, 0.0), (s * near, back)) for s in (-1.0, 1.0)]
    lines += [((s * near, 0.0), (s * far, 0.0)) for s in (-1.0, 1.0)]
    lines += [((s * far, 0.0), (s * far, back)) for s in (-1.0, 1.0)]
    lines.append(((-far, back), (far, back)))
    if not is_open:
        lines.append(((-near, 0.0), (near, 0.0)))
    plan = np.array(lines, np.float64) @ world[:2, :2].T + world[:2, 3]
    rows = np.empty((len(lines), 6), np.float32)
    rows[:, :4] = plan.reshape(-1, 4)
    rows[:, 4:] = z, z + portal.height_m
    return rows


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return (float(values[0]), float(values[1]), float(values[2]))


def cost(portal: PortalModel, path_of: PathOf, /) -> Cost:
    """The name is one line of each language shown, as wide as the longest."""
    size = _PIXELS / CAPITAL_HEIGHT
    longest = max((len(text) * (1.0 if has_han(text) else 0.6) for text in portal.title.values()), default=0.0)
    name = longest * len(portal.title) * 1.3 * size**2
    still = 0.0 if portal.still is None else reduced_pixels(portal.still, longest=SHOWN_PIXELS)
    return Cost(pixels=name + still, lamps=1, help="a shorter title, or a smaller still")


ELEMENT = ElementKind(
    model=PortalModel,
    build=build,
    cost=cost,
    example="""\
- kind: portal
  id: to_fengxian
  title: {zh: 奉贤城市之门, en: Fengxian City Gate}
  to: fengxian
  at: [6, 4]
  heading_deg: 200
""",
)
