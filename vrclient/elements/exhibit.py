"""`exhibit`: a picture at its real size on a wall or an easel, or a model on a plinth, with a label beside it.

The scene holds a picture of at most about a thousand pixels; whoever steps up to it gets the file itself, which the interactive
names. A model is one instance row of its own mesh (`turntable_key`), so that it can be turned."""

import logging
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import box, walls
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.geometry.mesh import Mesh, concatenated, placed, transformed
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Image, InstanceMesh, Instances, Light, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.gltf.read import gltf_size, load_gltf
from vrclient.scene.gltf.simplify import TARGET_SHARE, simplified, with_vertex_colors
from vrclient.scene.interactives import Exhibit, Rectangle, turntable_key
from vrclient.scene.joinery import bar
from vrclient.scene.labels import SHOWN_PIXELS, label_image, label_pixels, notice_image, reduced_picture
from vrclient.scene.pictures import UnreadablePicture, reduced_pixels
from vrclient.scene.polygons import area_of, flat_mesh
from vrclient.scene.signs import across, board, image_plate, languages_shown
from vrclient.showcase.cost import Brought, Cost
from vrclient.showcase.models import Degrees, ElementId, ElementModel, GltfFile, ImageFile, LocalizedText, Position

log = logging.getLogger(__name__)

_MIDDLE_M, _CLEAR_M = 1.55, 0.3
"""Pictures hang with their middle at the height of the eyes, but never lower than this above the floor."""
_LEAN = float(np.radians(9.0))
_LABEL_M, _GAP_M = 0.52, 0.14
_PLINTH_M, _TABLE_M = 0.95, 0.02
_MISSING = {"picture": ("图片暂缺", "Picture not available"), "model": ("模型暂缺", "Model not available")}
_FRAMES = {"oak": ("#a9835a", 0.55), "white": ("#eeece6", 0.5), "black": ("#1e2022", 0.4)}
_BRASS = Material(color=(0.66, 0.5, 0.26), roughness=0.4, emission=0.12, emission_when="always")
_OAK = Material(color=linear_color("#a9835a"), roughness=0.65)
_LOD_PIXELS = 140.0


class ExhibitModel(ElementModel):
    """Something to look at closely: a picture or a model, at its real size. Visitors choose it to see it as large and as sharp
    as its file is; a model can be turned."""

    id: ElementId = Field(description="Its name.", examples=["site_plan"])
    title: LocalizedText = Field(description="What it is called; the first lines of its label.")
    text: LocalizedText | None = Field(None, description="What its label says.")
    picture: ImageFile | None = Field(
        None, description="The picture's file; as large as you have it: it is loaded when a visitor asks for it."
    )
    model: GltfFile | None = Field(None, description="In place of a picture: a .glb or .gltf file.")
    width_m: Annotated[float, Field(ge=0.05, le=30.0)] | None = Field(
        None, description="How wide the picture really is, without its frame; 1:1 means this size."
    )
    size_m: Annotated[float, Field(ge=0.05, le=30.0)] | None = Field(
        None, description="The model's largest extent as it stands there."
    )
    at: Position = Field(description="Where it stands; on a wall, the point at floor level below its middle.")
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards its visitors. 0 north, 90 east.")
    mount: Literal["wall", "easel", "plinth"] | None = Field(
        None, description="A picture hangs on a wall or stands on an easel; a model stands on a plinth. Default: wall or plinth."
    )
    frame: Literal["oak", "white", "black", "none"] = Field("oak", description="The picture's frame.")
    middle_m: Annotated[float, Field(ge=0.2, le=30.0)] | None = Field(
        None, description="Height of the picture's middle above the floor; default: that of the eyes."
    )
    plinth_m: Annotated[float, Field(ge=0.05, le=3.0)] = Field(_PLINTH_M, description="Height of a model's plinth.")
    label: Literal["right", "left", "none"] = Field("right", description="On which side its label is, as visitors see it.")
    lamp: bool = Field(True, description="Whether a lamp above a hanging picture is drawn.")

    @model_validator(mode="after")
    def _one_thing(self) -> "ExhibitModel":
        if (self.picture is None) == (self.model is None):
            raise ValueError("an exhibit shows either a 'picture' or a 'model'; give one of the two")
        if self.picture is not None and (self.width_m is None or self.size_m is not None):
            raise ValueError("a picture is shown at its real size; give only its width, such as width_m: 0.8")
        if self.model is not None and (self.size_m is None or self.width_m is not None):
            raise ValueError("a model is shown at a size; give only its largest extent, such as size_m: 0.6")
        if self.picture is not None and self.mount == "plinth":
            raise ValueError("'mount': a picture does not stand on a plinth; write wall or easel")
        if self.model is not None and self.mount in ("wall", "easel"):
            raise ValueError(
                f"'mount': a model stands on a plinth, not on {'a' if self.mount == 'wall' else 'an'} {self.mount}; write plinth"
            )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _CaseFace:
    """A rectangle in the exhibit's own frame (X its visitors' right, -Y towards them): middle, half size, how far it leans."""

    middle: tuple[float, float, float]
    half: tuple[float, float]
    lean: float = 0.0

    def turned(self, shape: Mesh) -> Mesh:
        """A mesh drawn round the face's own middle, in its plane, put where the face is."""
        return transformed(shape, world_from_body(self.middle, pitch=-self.lean))

    def rectangle(self, world: Matrix) -> Rectangle:
        up = world[:3, :3] @ np.array([0.0, np.sin(self.lean), np.cos(self.lean)])
        center, right = world[:3, :3] @ np.array(self.middle) + world[:3, 3], world[:3, 0]
        return Rectangle(_point(center), _point(right), _point(up), self.half)


def build(exhibit: ExhibitModel, context: BuildContext, /) -> DrawData:
    return _picture(exhibit, context) if exhibit.picture is not None else _model(exhibit, context)


def _picture(exhibit: ExhibitModel, context: BuildContext) -> DrawData:
    width = exhibit.width_m or 1.0
    try:
        if exhibit.picture is None:
            raise UnreadablePicture("no file")
        image, (wide, high) = reduced_picture(exhibit.picture)
        height, is_there = width * high / wide, True
    except UnreadablePicture as problem:
        log.warning("exhibit '%s': the picture is left out: %s", exhibit.id, problem)
        height, is_there = width * 2 / 3, False
        image = notice_image(_MISSING["picture"], size_m=(width, height), name=exhibit.id)
    on_wall = exhibit.mount != "easel"
    rim = 0.0 if exhibit.frame == "none" else float(np.clip(0.035 * max(width, height), 0.022, 0.07))
    least = height / 2 + rim + (_CLEAR_M if on_wall else 0.55)
    middle = exhibit.middle_m or max(_MIDDLE_M - (0.0 if on_wall else 0.15), least)
    face = _CaseFace(
        (0.0, -0.036, middle) if on_wall else (0.0, -0.05, middle), (width / 2, height / 2), 0.0 if on_wall else _LEAN
    )
    x, y, z = context.place(exhibit.at)
    heading = float(np.radians(exhibit.heading_deg))
    world = world_from_body((x, y, z), heading=heading + np.pi)
    surfaces = [(face.turned(image_plate(-face.half[0], -face.half[1], face.half[0], face.half[1], front=0.0)), _shown(image))]
    surfaces += [(face.turned(shape), material) for shape, material in _framed(exhibit.frame, face.half, rim)]
    lights: tuple[Light, ...] = ()
    if on_wall and exhibit.lamp:
        parts, place = _picture_lamp(face, rim)
        surfaces += parts
        lights = (Light(_point(world[:3, :3] @ place + world[:3, 3]), (1.0, 0.86, 0.66), 0.22, 3.0),)
    if not on_wall:
        surfaces += _easel(face, rim)
    surfaces += _label(exhibit, context, beside=face.half[0] + rim, on_wall=on_wall)
    rectangle = face.rectangle(world)
    offer = Exhibit(exhibit.id, exhibit.title, exhibit.text or {}, rectangle, picture=exhibit.picture) if is_there else None
    barrier = np.zeros((0, 6), np.float32)
    if not on_wall:
        (x0, y0), (x1, y1) = across((x, y), heading=heading, left=-face.half[0], right=face.half[0])
        barrier = np.array([[x0, y0, x1, y1, z, z + middle + face.half[1]]], np.float32)
    return DrawData(
        surfaces=_in_world(surfaces, world),
        lights=lights,
        walls=barrier,
        selectables=(_selectable(exhibit, rectangle, offer),) if offer else (),
        interactives=(offer,) if offer else (),
    )


def _shown(image: Image) -> Material:
    """A picture in good light: what the room gives, and a soft lamp of its own."""
    return Material(surface="image", image=image, roughness=0.85, emission=0.6, emission_when="always")


def _framed(frame: str, half: tuple[float, float], rim: float) -> list[tuple[Mesh, Material]]:
    """Four mitred-looking boards around the picture, and a back; drawn round the picture's middle."""
    x, z = half
    back = (board(-x, -z, x, z, front=-0.004, back=0.03), Material(color=(0.3, 0.28, 0.25), roughness=0.9))
    if frame not in _FRAMES:
        return [back]
    color, roughness = _FRAMES[frame]
    boards = [
        board(-x - rim, z, x + rim, z + rim, front=0.014, back=0.03),
        board(-x - rim, -z - rim, x + rim, -z, front=0.014, back=0.03),
        board(-x - rim, -z, -x, z, front=0.014, back=0.03),
        board(x, -z, x + rim, z, front=0.014, back=0.03),
    ]
    return [
        back,
        (concatenated(boards), Material(color=linear_color(color), roughness=roughness, emission=0.14, emission_when="always")),
    ]


def _picture_lamp(face: _CaseFace, rim: float) -> tuple[list[tuple[Mesh, Material]], NDArray[np.float64]]:
    """A slim brass lamp over the picture, and where its light is from, in the exhibit's frame."""
    half = float(np.clip(0.3 * face.half[0], 0.14, 0.5))
    top = face.middle[2] + face.half[1] + rim + 0.12
    reach = float(np.clip(0.3 * face.half[1], 0.16, 0.32))
    arms = [bar((x, 0.0, top - 0.05), (x, -reach, top), width=0.012, depth=0.012) for x in (-0.6 * half, 0.6 * half)]
    shade = [
        board(-half, top, half, top + 0.018, front=reach + 0.018, back=0.018 - reach),
        board(-half, top - 0.02, half, top, front=reach + 0.018, back=-reach - 0.012),
    ]
    glow = Material(color=(1.0, 0.9, 0.72), roughness=0.5, emission=1.1, emission_when="always")
    tube = board(-half + 0.01, top - 0.012, half - 0.01, top - 0.002, front=reach + 0.012, back=0.012 - reach)
    return [(concatenated([*arms, *shade]), _BRASS), (tube, glow)], np.array([0.0, -reach - 0.5, top])


def _easel(face: _CaseFace, rim: float) -> list[tuple[Mesh, Material]]:
    """Two legs and a ledge before, one leg behind."""
    x, z = face.half
    foot = face.middle[2] - z * np.cos(face.lean) - rim
    tilt = float(np.tan(face.lean))

    def behind(height: float) -> float:
        """How far behind the exhibit's plane the picture's back is at that height."""
        return face.middle[1] + (height - face.middle[2]) * tilt + 0.05

    top = face.middle[2] + z + 0.12
    spread, head = min(0.72 * x, 0.6), min(0.4 * x, 0.3)
    parts = [bar((s * spread, behind(0.0), 0.0), (s * head, behind(top), top), width=0.05, depth=0.035) for s in (-1.0, 1.0)]
    parts.append(bar((0.0, behind(top - 0.1) + 0.02, top - 0.1), (0.0, behind(0.0) + 0.85, 0.0), width=0.05, depth=0.035))
    parts.append(box([-head - 0.06, behind(top - 0.12) - 0.02, top - 0.16], [head + 0.06, behind(top - 0.12) + 0.03, top - 0.1]))
    parts.append(box([-0.9 * x, behind(foot) - 0.11, foot - 0.045], [0.9 * x, behind(foot) + 0.03, foot - 0.005]))
    parts.append(box([-0.9 * x, behind(foot) - 0.11, foot - 0.005], [0.9 * x, behind(foot) - 0.095, foot + 0.012]))
    return [(concatenated(parts), _OAK)]


def _label(exhibit: ExhibitModel, context: BuildContext, *, beside: float, on_wall: bool) -> list[tuple[Mesh, Material]]:
    """The label, at the height of a reader's eyes: on the wall, or on a slim post."""
    if exhibit.label == "none":
        return []
    image = label_image(
        languages_shown(exhibit.title, context.languages),
        languages_shown(exhibit.text, context.languages)[:2] if exhibit.text else [],
        width_m=_LABEL_M,
        name=exhibit.id,
        source=exhibit.source,
        confidence=exhibit.confidence,
    )
    high, wide = image.pixels.shape[:2]
    height = _LABEL_M * high / wide
    left = beside + _GAP_M if exhibit.label == "right" else -beside - _GAP_M - _LABEL_M
    bottom = max(0.35, (1.4 if on_wall else 1.25) - height / 2)
    front = 0.014 if on_wall else 0.03
    face = image_plate(left, bottom, left + _LABEL_M, bottom + height, front=front + 0.002)
    paper = Material(surface="image", image=image, roughness=0.8, emission=0.45, emission_when="always")
    edge = Material(color=(0.72, 0.71, 0.68), roughness=0.7)
    parts = [(face, paper), (board(left, bottom, left + _LABEL_M, bottom + height, front=front, back=0.0), edge)]
    if not on_wall:
        middle = left + _LABEL_M / 2
        steel = Material(color=linear_color("#33393c"), roughness=0.5)
        post = [
            board(middle - 0.02, 0.0, middle + 0.02, bottom + 0.6 * height, front=0.0, back=0.03),
            box([middle - 0.16, -0.13, -0.02], [middle + 0.16, 0.13, 0.012]),
        ]
        parts.append((concatenated(post), steel))
    return parts


def _model(exhibit: ExhibitModel, context: BuildContext) -> DrawData:
    x, y, z = context.place(exhibit.at)
    heading = float(np.radians(exhibit.heading_deg))
    world = world_from_body((x, y, z), heading=heading + np.pi)
    size = exhibit.size_m or 1.0
    levels, radius, height = _turned_model(exhibit, size)
    half, top = max(radius, 0.17) + 0.05, exhibit.plinth_m
    stone = Material(color=linear_color("#efede8"), roughness=0.7)
    surfaces = [
        (box([-half, -half, 0.03], [half, half, top]), stone),
        (box([-half + 0.03, -half + 0.03, -0.05], [half - 0.03, half - 0.03, 0.03]), Material(color=(0.1, 0.1, 0.1))),
    ]
    surfaces += _label(exhibit, context, beside=half, on_wall=False)
    corner = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    plan = corner @ world[:2, :2].T + world[:2, 3]
    ends = np.full((4, 1), z), np.full((4, 1), z + top + height)
    barrier = np.hstack([plan, np.roll(plan, -1, axis=0), *ends]).astype(np.float32)
    if not levels:
        notice = notice_image(_MISSING["model"], size_m=(0.6, 0.3), name=exhibit.id)
        surfaces.append((image_plate(-0.3, top, 0.3, top + 0.3, front=half - 0.06), _shown(notice)))
        surfaces.append((board(-0.3, top, 0.3, top + 0.3, front=half - 0.062, back=0.08 - half), stone))
        return DrawData(surfaces=_in_world(surfaces, world), walls=barrier)
    middle = top + _TABLE_M + height / 2
    rectangle = _CaseFace((0.0, -radius, middle), (max(radius, 0.05), max(height / 2, 0.05))).rectangle(world)
    offer = Exhibit(
        exhibit.id,
        exhibit.title,
        exhibit.text or {},
        rectangle,
        model=exhibit.model,
        model_at=(x, y, z + middle),
        size=size,
    )
    row = Instances(
        mesh=InstanceMesh(turntable_key(offer), levels, (_LOD_PIXELS,) * (len(levels) - 1)),
        position=np.array([[x, y, z + top]], np.float32),
        heading=np.array([heading], np.float32),
        scale=np.ones((1, 3), np.float32),
        tint=np.ones((1, 3), np.float32),
    )
    light = Light((x, y, z + top + height + 1.2), (1.0, 0.88, 0.7), 0.35, 4.0)
    return DrawData(
        surfaces=_in_world(surfaces, world),
        instances=(row,),
        lights=(light,),
        walls=barrier,
        selectables=(_selectable(exhibit, rectangle, offer),),
        interactives=(offer,),
    )


def _turned_model(exhibit: ExhibitModel, size: float) -> tuple[tuple[tuple[Surface, ...], ...], float, float]:
    """(levels of the model on its turntable, the turntable's radius, the model's height). The round plate is as wide as anything
    sweeps, so that the row's bounds hold whichever way it is turned. Without levels where the file cannot be read."""
    loaded = load_gltf(exhibit.model) if exhibit.model is not None else None
    extent = float((loaded.high - loaded.low).max()) if loaded and loaded.surfaces else 0.0
    if loaded is None or extent < 1e-6:
        reason = loaded.problems[0].message if loaded and loaded.problems else "nothing in it can be drawn"
        log.warning("exhibit '%s': the model is left out: %s", exhibit.id, reason)
        return (), 0.2, 0.3
    scale = size / extent
    middle = (loaded.low + loaded.high) / 2
    foot = np.array([-middle[0] * scale, -middle[1] * scale, -loaded.low[2] * scale + _TABLE_M])
    near = tuple(replace(one, mesh=placed(one.mesh, at=foot, scale=scale)) for one in loaded.surfaces)
    radius = max(float(np.hypot(one.mesh.position[:, 0], one.mesh.position[:, 1]).max()) for one in near) + 0.01
    angle = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    ring = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    disc = concatenated([walls(ring, 0.0, _TABLE_M), flat_mesh(area_of(ring), _TABLE_M)])
    table = Surface(disc, Material(color=(0.22, 0.21, 0.2), roughness=0.45))
    levels = tuple((table, *(_drawn_as_instance(one) for one in level)) for level in (near, simplified(near)) if level)
    return levels, radius, float(loaded.high[2] - loaded.low[2]) * scale


def _drawn_as_instance(surface: Surface) -> Surface:
    """Instances are drawn `lit` and without pictures: these turn into vertex colours."""
    painted = with_vertex_colors(surface)
    return replace(painted, material=replace(painted.material, surface="lit"))


def _in_world(parts: list[tuple[Mesh, Material]], world: Matrix) -> tuple[Surface, ...]:
    return tuple(
        Surface(transformed(shape, world), material, casts_shadow=material.surface != "image") for shape, material in parts
    )


def _selectable(exhibit: ExhibitModel, face: Rectangle, offer: Exhibit) -> Selectable:
    return Selectable(exhibit.id, exhibit.title, face.center, face.right, face.up, face.half, offers=offer)


def _point(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return (float(values[0]), float(values[1]), float(values[2]))


def cost(exhibit: ExhibitModel, path_of: PathOf, /) -> Cost:
    """Of a model only its shape stays: its pictures become the colours of its corners."""
    letters = sum(len(text) for text in (*exhibit.title.values(), *(exhibit.text or {}).values()))
    label = 0.0 if exhibit.label == "none" else label_pixels(letters + len(exhibit.source or ""), width_m=_LABEL_M)
    if exhibit.model is not None:
        brought = Brought(exhibit.model, gltf_size(exhibit.model).triangles * (1.0 + TARGET_SHARE))
        return Cost(pixels=label, lamps=1, help="a simpler model, or a shorter text", brought=brought)
    picture = 0.0 if exhibit.picture is None else reduced_pixels(exhibit.picture, longest=SHOWN_PIXELS)
    is_lit = exhibit.lamp and exhibit.mount != "easel"
    return Cost(pixels=picture + label, lamps=1 if is_lit else 0, help="a smaller picture, or a shorter text")


ELEMENT = ElementKind(
    model=ExhibitModel,
    build=build,
    cost=cost,
    example="""\
- kind: exhibit
  id: pavilion_model
  title: {zh: 湖畔亭模型, en: Model of the pavilion}
  text: {zh: 比例 1:12，木与石膏。, en: "Scale 1:12, wood and plaster."}
  model: models/pavilion.glb
  size_m: 0.6
  at: [3, -4]
  heading_deg: 200
""",
)
