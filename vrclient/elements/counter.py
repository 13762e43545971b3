"""`counter`: a service counter: a desk of wood and white, and above it a card for each of the city's services, with its QR code.

Nothing is typed here and nothing leaves the machine: the code is scanned with the visitor's own phone."""

import datetime
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import Mesh, concatenated
from vrclient.panels.service_card import PIXELS_PER_METER, WIDTH, card_images
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Image, Light, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import CAPITAL_HEIGHT, HAN_HEIGHT, Paragraph, has_han, text_image
from vrclient.scene.interactives import Counter, Rectangle, Service, card_id
from vrclient.scene.signs import board, facing, image_plate, languages_shown
from vrclient.showcase.addresses import WebAddress
from vrclient.showcase.cost import Cost
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.models import Day, Degrees, ElementModel, LocalizedText, Model, Position, Remark

_STALE = datetime.timedelta(days=548)
_LONGEST = {"zh": 44, "ja": 44, "ko": 50}
_LONGEST_OTHER = 110
_MONTH = 30.44

_GAP, _MARGIN, _SIDE = 0.07, 0.11, 0.06
"""Metres between cards, from the cards to the side walls, and a side wall's thickness."""
_TOP, _LOWEST_CARD = 1.0, 1.09
_FRONT, _BACK = 0.44, 0.14
"""The desk's depth before and behind the cards' plane."""
_FACE = 0.016
_SIGN_M, _ROOF_M, _OVERHANG = 0.42, 0.36, 0.82
_SIGN_PIXELS = 700.0
"""Of a metre of the sign."""
_OAK = Material(color=linear_color("#b58a5c"), roughness=0.6, pattern="wood")
_WHITE = Material(color=linear_color("#f1efe9"), roughness=0.45)
_DARK = Material(color=linear_color("#2b2d30"), roughness=0.5)
_GLOW = Material(color=linear_color("#ffe2b8"), roughness=0.4, emission=1.5)


class ServiceModel(Model):
    """One service: what its own page says, in short. What the page leaves open is left out."""

    title: LocalizedText = Field(description="What the service is called.")
    url: WebAddress = Field(description="The service's own page, which the QR code opens.")
    bring: LocalizedText | None = Field(None, description="What visitors have to bring.")
    hours: LocalizedText | None = Field(None, description="When it is open.")
    address: LocalizedText | None = Field(None, description="Where it is.")
    phone: Annotated[str, Field(min_length=1, max_length=24)] | None = Field(
        None, description="Its phone number.", examples=["12345"]
    )
    checked: Day = Field(description="The day on which this card was last compared with the page.", examples=["2026-11-20"])

    @model_validator(mode="after")
    def _fits_a_card(self) -> "ServiceModel":
        for key, words, share in (("title", self.title, 0.4), ("bring", self.bring, 1.0), ("hours", self.hours, 1.0),
                                  ("address", self.address, 1.0)):  # fmt: skip
            for language, text in (words or {}).items():
                longest = int(share * _LONGEST.get(language, _LONGEST_OTHER))
                if len(text) > longest:
                    raise ValueError(
                        f"'{key}' in '{language}' has {len(text)} characters; a card holds {longest}, the rest is for its page"
                    )
        return self


class CounterModel(ElementModel):
    """A service counter: a card with a QR code for each of the city's real services, at the height of the eyes, to be read from
    1.3 to 1.5 m. A canopy keeps the rain off."""

    title: LocalizedText = Field(description="The sign above it.")
    at: Position = Field(description="Where it stands: the point below the middle of the cards.")
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards its visitors. 0 north, 90 east.")
    services: Annotated[tuple[ServiceModel, ...], Field(min_length=1, max_length=6)] = Field(
        description="The cards, from left to right."
    )
    canopy: bool = Field(True, description="A roof over it; false: inside a hall.")
    emission: Annotated[float, Field(ge=0.0, le=5.0)] = Field(0.3, description="How bright the cards shine, lit from within.")

    def remarks(self, today: datetime.date, /) -> Sequence[Remark]:
        found: list[Remark] = []
        for number, service in enumerate(self.services):
            path, age = ("services", number, "checked"), today - service.checked
            if age < datetime.timedelta(days=-1):  # somewhere it is tomorrow already
                message = f"'checked' ({service.checked}) has not come yet; it is {today} by this computer's clock"
                help = "write the day on which the card was compared with its page; set the clock if it is wrong"
                found.append((path, Diagnostic("out-of-date", message, help, "warning")))
            elif age > _STALE:
                message = f"'checked' ({service.checked}) is {round(age.days / _MONTH)} months ago"
                help = "compare the card with the service's page, and write today's date"
                found.append((path, Diagnostic("out-of-date", message, help, "warning")))
        return found


def build(model: CounterModel, context: BuildContext, /) -> DrawData:
    at, heading = context.place(model.at), float(np.radians(model.heading_deg))
    images = card_images([_service(one) for one in model.services], context.languages)
    high = images[0].pixels.shape[0] / PIXELS_PER_METER
    half, top = _half(model), _LOWEST_CARD + high + 0.1
    under_roof = top + 0.22
    sign_bottom = under_roof if model.canopy else top
    sign_front = _OVERHANG if model.canopy else 0.04
    shapes = _desk(half)
    shapes += [(board(-half, _TOP, half, top, front=-0.02, back=_BACK), _OAK)]
    shapes += _canopy(half, under_roof) if model.canopy else _band(half, top)
    middles = [-half + _MARGIN + WIDTH / 2 + number * (WIDTH + _GAP) for number in range(len(images))]
    rim = 0.01
    for x in middles:
        left, right = x - WIDTH / 2 - rim, x + WIDTH / 2 + rim
        shapes.append((board(left, _LOWEST_CARD - rim, right, _LOWEST_CARD + high + rim, front=0.01, back=0.03), _WHITE))
    surfaces = [Surface(facing(shape, at=at, heading=heading), material) for shape, material in shapes]
    faces = [
        (image_plate(x - WIDTH / 2, _LOWEST_CARD, x + WIDTH / 2, _LOWEST_CARD + high, front=_FACE), image, model.emission)
        for x, image in zip(middles, images, strict=True)
    ]
    letters, width, height = _sign(model, context.languages, 2 * half)
    sign_middle = sign_bottom + _SIGN_M / 2
    plate = image_plate(-width, sign_middle - height, width, sign_middle + height, front=sign_front + 0.006)
    faces.append((plate, letters, 1.3))
    for shape, image, emission in faces:
        shown = Material(surface="image", image=image, roughness=0.7, emission=emission, emission_when="always")
        surfaces.append(Surface(facing(shape, at=at, heading=heading), shown, casts_shadow=False))

    frame = _CardFrame(at, heading)
    card_z = _LOWEST_CARD + high / 2
    name = model.id or f"counter at {model.at[0]:g},{model.at[1]:g}"
    counter = Counter(
        id=name,
        title=model.title,
        face=Rectangle(frame.point(0.0, -_FACE, card_z), frame.right, (0.0, 0.0, 1.0), (half - _MARGIN, high / 2)),
        services=tuple(_service(one) for one in model.services),
    )
    chosen = [
        Selectable(card_id(name, number), service.title, frame.point(x, -_FACE, card_z), frame.right, (0.0, 0.0, 1.0),
                   (WIDTH / 2, high / 2), counter)
        for number, (x, service) in enumerate(zip(middles, counter.services, strict=True))
    ]  # fmt: skip
    sign_at = frame.point(0.0, -sign_front - 0.006, sign_middle)
    chosen.append(Selectable(name, model.title, sign_at, frame.right, (0.0, 0.0, 1.0), (half, _SIGN_M / 2), counter))
    lights = tuple(
        Light(frame.point(x, -_OVERHANG - 0.15, under_roof - 0.1), (1.0, 0.86, 0.66), 0.07, 5.0)
        for x in (middles if model.canopy else [])
    )
    return DrawData(
        surfaces=tuple(surfaces),
        lights=lights,
        walls=_walls(model, frame, top),
        selectables=tuple(chosen),
        interactives=(counter,),
    )


class _CardFrame:
    """The counter's own frame in the world: X to its reader's right, Y away from the reader, Z up."""

    def __init__(self, at: tuple[float, float, float], heading: float) -> None:
        self._at = at
        self.right = (float(-np.cos(heading)), float(np.sin(heading)), 0.0)
        self._away = (float(-np.sin(heading)), float(-np.cos(heading)))

    def point(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        east = self._at[0] + x * self.right[0] + y * self._away[0]
        north = self._at[1] + x * self.right[1] + y * self._away[1]
        return (east, north, self._at[2] + z)


def _service(model: ServiceModel) -> Service:
    return Service(
        title=model.title,
        url=model.url,
        bring=model.bring or {},
        hours=model.hours or {},
        address=model.address or {},
        phone=model.phone or "",
        checked=model.checked.isoformat(),
    )


def _half(model: CounterModel) -> float:
    """Half the width between its side walls."""
    count = len(model.services)
    return (count * WIDTH + (count - 1) * _GAP) / 2 + _MARGIN


def _desk(half: float) -> list[tuple[Mesh, Material]]:
    """White, with slats of wood before it, a strip of light below its top."""
    slats = [
        box([x, -_FRONT + 0.01, 0.1], [x + 0.036, -_FRONT + 0.035, _TOP - 0.07])
        for x in np.arange(-half + 0.02, half - 0.04, 0.062)
    ]
    return [
        (board(-half, 0.1, half, _TOP - 0.04, front=_FRONT - 0.035, back=_BACK), _WHITE),
        (board(-half + 0.05, -0.15, half - 0.05, 0.1, front=_FRONT - 0.1, back=_BACK - 0.02), _DARK),
        (concatenated(slats), _OAK),
        (board(-half - 0.02, _TOP - 0.04, half + 0.02, _TOP, front=_FRONT + 0.04, back=_BACK), _WHITE),
        (board(-half, _TOP - 0.055, half, _TOP - 0.04, front=_FRONT + 0.015, back=-_FRONT + 0.03), _GLOW),
    ]


def _canopy(half: float, under: float) -> list[tuple[Mesh, Material]]:
    """Two side walls and a roof with a ceiling of wood, a strip of light in it, and the board of the sign along its front."""
    outer = half + _SIDE
    sides = [board(left, -0.15, left + _SIDE, under, front=_FRONT + 0.02, back=_BACK) for left in (-outer, half)]
    lining = [
        board(left, 0.0, right, under, front=_FRONT - 0.04, back=_BACK - 0.03)
        for left, right in ((-half - 0.001, -half + 0.012), (half - 0.012, half + 0.001))
    ]
    return [
        (concatenated(sides), _WHITE),
        (concatenated(lining), _OAK),
        (board(-half, _TOP, half, under, front=-0.03, back=_BACK - 0.01), _OAK),
        (board(-outer, under + 0.03, outer, under + _ROOF_M, front=_OVERHANG - 0.03, back=_BACK + 0.12), _WHITE),
        (board(-outer + 0.02, under, outer - 0.02, under + 0.03, front=_OVERHANG - 0.04, back=_BACK + 0.1), _OAK),
        (board(-half + 0.1, under - 0.012, half - 0.1, under, front=_OVERHANG - 0.14, back=-_OVERHANG + 0.2), _GLOW),
        (board(-outer, under - 0.03, outer, under + _SIGN_M + 0.02, front=_OVERHANG, back=-_OVERHANG + 0.04), _DARK),
    ]


def _band(half: float, top: float) -> list[tuple[Mesh, Material]]:
    """The board of the sign on the wall of cards."""
    return [(board(-half, top, half, top + _SIGN_M + 0.02, front=0.04, back=_BACK), _DARK)]


def _sign(model: CounterModel, languages: Sequence[str], room: float) -> tuple[Image, float, float]:
    """The letters above it, and half their width and height in metres; smaller where the board is too short for them."""
    texts = languages_shown(model.title, languages)
    sizes = (0.17, *(0.085 for _ in texts[1:]))
    paragraphs = [
        Paragraph(
            text,
            size * _SIGN_PIXELS / (HAN_HEIGHT if has_han(text) else CAPITAL_HEIGHT),
            "bold" if number == 0 else "regular",
            linear_color("#fff6e6"),
            leading=1.18,
        )
        for number, (text, size) in enumerate(zip(texts, sizes, strict=True))
    ]
    image = text_image(paragraphs, name=f"sign of counter {texts[0]!r}", align="center")
    high, wide = image.pixels.shape[:2]
    scale = min(1.0 / _SIGN_PIXELS, (room - 0.1) / wide, 0.94 * _SIGN_M / high)
    return image, wide * scale / 2, high * scale / 2


def _corners(model: CounterModel) -> list[tuple[float, float]]:
    """What it takes up, in its own frame, counterclockwise from above."""
    outer = _half(model) + (_SIDE if model.canopy else 0.02)
    return [(-outer, -_FRONT - 0.04), (outer, -_FRONT - 0.04), (outer, _BACK), (-outer, _BACK)]


def _walls(model: CounterModel, frame: _CardFrame, top: float) -> NDArray[np.float32]:
    """Round it; in front only as high as the desk, so that the cards are aimed at over it."""
    ring = [frame.point(x, y, 0.0) for x, y in _corners(model)]
    side = top if model.canopy else _TOP
    return np.array(
        [
            [a[0], a[1], b[0], b[1], a[2], a[2] + high]
            for a, b, high in zip(ring, ring[1:] + ring[:1], (_TOP, side, top, side), strict=True)
        ],
        np.float32,
    )


def _occupied(model: CounterModel) -> list[NDArray[np.float64]]:
    frame = _CardFrame((model.at[0], model.at[1], 0.0), float(np.radians(model.heading_deg)))
    return [np.array([frame.point(x, y, 0.0)[:2] for x, y in _corners(model)])]


def cost(model: CounterModel, path_of: PathOf, /) -> Cost:
    """Its cards, about as high as they are wide."""
    return Cost(pixels=len(model.services) * (WIDTH * PIXELS_PER_METER) ** 2, help="fewer counters")


ELEMENT = ElementKind(
    model=CounterModel,
    build=build,
    cost=cost,
    occupied=_occupied,
    example="""\
- kind: counter
  id: services
  title: {zh: 政务服务, en: City services}
  at: [10, 4]
  services:
    - title: {zh: 图书馆读者证, en: Library card}
      url: https://library.example.org/card
      bring: {zh: 身份证, en: An identity card}
      hours: {zh: 周二至周日 9:00-18:00, en: "Tuesday to Sunday, 9:00-18:00"}
      address: {zh: 湖滨路 1 号, en: 1 Lakeside Road}
      phone: "12345"
      checked: 2026-06-01
    - title: {zh: 公园年票, en: Park pass}
      url: https://parks.example.org
      bring: {zh: 一张照片, en: A photograph}
      hours: {zh: 每天 6:00-21:00, en: "Every day, 6:00-21:00"}
      checked: 2026-06-01
""",
)
