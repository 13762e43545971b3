"""Screens: a film, or pictures one after the other, in a flat dark frame on a stand or a wall."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import Mesh
from vrclient.media.files import Film, film_of
from vrclient.media.limits import MOST_ASPECT
from vrclient.media.service import DoesNotStart
from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import DrawData, Image, Material, Selectable, Surface
from vrclient.scene.element import BuildContext, ElementKind, PathOf
from vrclient.scene.fonts import Paragraph, draw_text, laid_out
from vrclient.scene.interactives import Rectangle, Screen
from vrclient.scene.pictures import UnreadablePicture, picture_size
from vrclient.scene.signs import across, board, facing, image_plate, languages_shown
from vrclient.showcase.cost import Cost
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.limits import MAX_LANGUAGES
from vrclient.showcase.models import (
    Degrees,
    ElementModel,
    ImageFile,
    Language,
    LocalizedText,
    Position,
    PositiveMeters,
    Remark,
    SubtitlesFile,
    VideoFile,
)
from vrclient.showcase.models import Ratio as Share
from vrclient.showcase.subtitles import read_subtitles

WIDE_M = 2.4
"""From this width on a screen is a wall of panels on two posts, else a display on one."""
MOST_HIGH_M = 40.0
"""No screen is higher."""
SET_ASPECT = 4.0
"""A screen of pictures is at most so many times as high as wide, or as wide as high: they are shown whole within it."""
_FACE = 0.006
"""Metres from the screen's plane to its face."""
_POSTER_PIXELS = 1280
_INVITES = {
    "touch": {"zh": "点选即播", "en": "Choose it to play"},
    "near": {"zh": "走近观看", "en": "Come closer to watch"},
    "always": {},
}


class ScreenModel(ElementModel):
    """A screen with a film or with pictures. It is as high as the film's shape asks for. It plays when somebody is near, when it
    is chosen, or always; its sound comes from its place."""

    title: LocalizedText = Field(description="What is shown; on the face while nothing plays.")
    video: VideoFile | None = Field(
        None, description="The film: H.264 and AAC in .mp4 is best; what a phone makes stands upright. Up to 1920 x 1080."
    )
    pictures: Annotated[tuple[ImageFile, ...], Field(max_length=60)] = Field((), description="Pictures instead of a film.")
    picture_s: Annotated[float, Field(ge=1.0, le=600.0)] = Field(6.0, description="How long each picture stays.")
    subtitles: dict[Language, SubtitlesFile] = Field(
        {},
        max_length=MAX_LANGUAGES,
        description="SubRip or WebVTT files by language.",
        examples=[{"zh": "media/opening.zh.srt", "en": "media/opening.en.srt"}],
    )
    at: Position = Field(description="Where it stands; on a wall, the point at floor level below its middle.")
    heading_deg: Degrees = Field(180.0, description="Which way it faces: towards its viewers. 0 north, 90 east.")
    width_m: Annotated[float, Field(ge=0.4, le=40.0)] = Field(1.8, description="How wide the picture is.")
    bottom_m: Annotated[float, Field(ge=0.0, le=50.0)] | None = Field(
        None, description="Height of the picture's lower edge; default: so that its middle is at the eyes, if it is not too high."
    )
    mount: Literal["stand", "wall"] = Field("stand", description="On a stand, or on a wall.")
    start: Literal["near", "touch", "always"] = Field(
        "near", description="When it plays: somebody is within `near_m`; it is chosen; always."
    )
    near_m: PositiveMeters = Field(10.0, description="How near is near.")
    volume: Share = Field(0.8, description="How loud it is in front of it; 1 = as recorded.")
    loop: bool = Field(True, description="Whether it repeats.")

    def remarks(self, today: datetime.date, /) -> Sequence[Remark]:
        """A screen that would be higher than any is; subtitles that go on when the film is over."""
        film = _film(self.video)
        found: list[Remark] = []
        for language, file in self.subtitles.items():
            ends = max((cue.end for cue in read_subtitles(file)), default=0.0)
            if film is not None and film.seconds and ends > film.seconds + 1.0:
                message = f"the last text ends at {ends:.1f} s, but the film ends at {film.seconds:.1f} s"
                help = "name the subtitles of this film, or correct their times"
                found.append((("subtitles", language), Diagnostic("subtitles-late", message, help, "warning")))
        width, height = _size(self.width_m, film, self.pictures)
        if width == self.width_m:
            return found
        high = self.width_m * height / width
        message = f"the screen would be {high:,.0f} m high; it is made {width:.2g} m wide, so that it is {height:.0f} m high"
        help = f"write width_m: {width:.2g}, or show something less narrow"
        return [*found, (("width_m",), Diagnostic("screen-size", message, help, "warning"))]

    @model_validator(mode="after")
    def _check_what(self) -> "ScreenModel":
        if (self.video is None) == (not self.pictures):
            have = "both" if self.pictures else "neither"
            raise ValueError(f"a screen shows either a 'video' or 'pictures'; this one has {have}")
        if self.subtitles and self.pictures:
            raise ValueError("'subtitles' belong to a 'video': leave them out, or show a film")
        return self


def build(screen: ScreenModel, context: BuildContext) -> DrawData:
    film = _film(screen.video)
    width, height = _size(screen.width_m, film, screen.pictures)
    bottom = (
        screen.bottom_m
        if screen.bottom_m is not None
        else float(np.clip(1.55 - height / 2, 0.8 if width >= WIDE_M else 0.4, 1.15))
    )
    x, y, z = context.place(screen.at)
    heading = float(np.radians(screen.heading_deg))
    pieces = [*_case(width, height, bottom), *(_stand(width, height, bottom) if screen.mount == "stand" else ())]
    surfaces = [Surface(facing(shape, at=(x, y, z), heading=heading), material) for shape, material in pieces]
    poster = Material(
        surface="image",
        image=_poster(screen, height / width, context.languages),
        roughness=0.35,
        emission=0.35,
        emission_when="always",
    )
    face = facing(image_plate(-width / 2, bottom, width / 2, bottom + height, front=_FACE), at=(x, y, z), heading=heading)
    surfaces.append(Surface(face, poster, casts_shadow=False))
    where = Rectangle(
        center=(x + _FACE * float(np.sin(heading)), y + _FACE * float(np.cos(heading)), z + bottom + height / 2),
        right=(float(-np.cos(heading)), float(np.sin(heading)), 0.0),
        up=(0.0, 0.0, 1.0),
        half=(width / 2, height / 2),
    )
    shown = Screen(
        id=screen.id or f"screen at {x:.2f}, {y:.2f}, {z:.2f}",
        title=screen.title,
        face=where,
        video=screen.video,
        pictures=screen.pictures,
        subtitles=screen.subtitles,
        start=screen.start,
        near=screen.near_m,
        seconds=screen.picture_s,
        volume=screen.volume,
        loop=screen.loop,
        length=film.seconds if film else len(screen.pictures) * screen.picture_s or None,
    )
    chosen = Selectable(shown.id, screen.title, where.center, where.right, where.up, where.half, offers=shown)
    walls = np.zeros((0, 6), np.float32)
    if screen.mount == "stand":
        (x0, y0), (x1, y1) = across((x, y), heading=heading, left=-width / 2, right=width / 2)
        walls = np.array([[x0, y0, x1, y1, z, z + bottom + height]], np.float32)
    return DrawData(surfaces=tuple(surfaces), walls=walls, selectables=(chosen,), interactives=(shown,))


def _size(width: float, film: Film | None, pictures: Sequence[Path]) -> tuple[float, float]:
    """Metres: as wide as that, and as high as what it shows asks for; narrower where it would be too high."""
    if film is not None:
        shape = float(np.clip(film.height / film.width, 1 / MOST_ASPECT, MOST_ASPECT))
    else:
        shape = float(np.clip(_picture_shape(pictures), 1 / SET_ASPECT, SET_ASPECT))
    width = min(width, MOST_HIGH_M / shape)
    return width, width * shape


def _film(video: Path | None) -> Film | None:
    """What the film is; None where its header does not say how large it is."""
    if video is None:
        return None
    try:
        found = film_of(video)
    except (OSError, DoesNotStart):
        return None
    return found if isinstance(found, Film) and found.width and found.height else None


def _picture_shape(pictures: Sequence[Path]) -> float:
    """Height by width of the first picture; of none, 9 by 16."""
    if not pictures:
        return 9 / 16
    try:
        width, height = picture_size(pictures[0])
    except UnreadablePicture:
        return 9 / 16
    return height / width


_CASE = Material(color=linear_color("#16181a"), roughness=0.45)
_RIM = Material(color=linear_color("#3a3e41"), roughness=0.35, metallic=1.0)
_STEEL = Material(color=linear_color("#4b5054"), roughness=0.5, metallic=1.0)
_STONE = Material(color=linear_color("#8f8b84"), roughness=0.85, pattern="concrete")
_GLOW = Material(color=linear_color("#ffd9a0"), roughness=0.6, emission=2.0)


def _case(width: float, height: float, bottom: float) -> list[tuple[Mesh, Material]]:
    """The flat body, a slim rim round the face, and a bar of loudspeakers below it."""
    half, top = width / 2, bottom + height
    rim, deep = float(np.clip(0.012 * width, 0.012, 0.05)), float(np.clip(0.05 * width, 0.05, 0.22))
    front = _FACE + 0.006
    bar = float(np.clip(0.03 * width, 0.04, 0.16))
    return [
        (board(-half - rim, bottom - rim, half + rim, top + rim, front=0.0, back=deep), _CASE),
        (board(-half - rim, bottom - rim, -half, top + rim, front=front, back=0.0), _RIM),
        (board(half, bottom - rim, half + rim, top + rim, front=front, back=0.0), _RIM),
        (board(-half, bottom - rim, half, bottom, front=front, back=0.0), _RIM),
        (board(-half, top, half, top + rim, front=front, back=0.0), _RIM),
        (
            board(-0.62 * half, bottom - rim - 1.15 * bar, 0.62 * half, bottom - rim - 0.15 * bar, front=0.0, back=0.7 * deep),
            _CASE,
        ),
    ]


def _stand(width: float, height: float, bottom: float) -> list[tuple[Mesh, Material]]:
    """One post with a foot for a display; two posts, a beam and a low plinth with a line of light for a wall of panels."""
    deep = float(np.clip(0.05 * width, 0.05, 0.22))
    if width < WIDE_M:
        post = 0.05 + 0.02 * width
        return [
            (board(-post, 0.02, post, bottom + 0.6 * height, front=-deep, back=deep + 0.05), _STEEL),
            (box([-0.3 * width, -0.1, -0.1], [0.3 * width, deep + 0.32, 0.022]), _STEEL),
        ]
    half, post = width / 2, 0.045 * width**0.7
    back = deep + 2 * post
    plinth, out = 0.28, 0.35
    return [
        *(
            (board(side - post, 0.0, side + post, bottom + 0.9 * height, front=-deep, back=back), _STEEL)
            for side in (-0.62 * half, 0.62 * half)
        ),
        *(
            (board(-0.8 * half, z - 0.6 * post, 0.8 * half, z + 0.6 * post, front=-deep, back=deep + post), _STEEL)
            for z in (bottom + 0.22 * height, bottom + 0.78 * height)
        ),
        (box([-half - 0.15, -out, -0.3], [half + 0.15, back + 0.3, plinth]), _STONE),
        (board(-half - 0.1, plinth - 0.07, half + 0.1, plinth - 0.04, front=out + 0.004, back=-out + 0.01), _GLOW),
    ]


def _poster_size(shape: float) -> tuple[int, int]:
    """Pixels, for a face so many times as high as wide."""
    wide = round(_POSTER_PIXELS * min(1.0, shape**-0.5))
    return wide, max(64, round(wide * shape))


def _poster(screen: ScreenModel, shape: float, languages: Sequence[str]) -> Image:
    """What stands on the face while nothing plays: the title, and how the film is started."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    wide, high = _poster_size(shape)
    top, foot = np.array([26, 31, 36.0]), np.array([10, 12, 14.0])
    share = np.linspace(0.0, 1.0, high)[:, None, None]
    ground = np.broadcast_to((1 - share) * top + share * foot, (high, wide, 3)).astype(np.uint8)
    canvas = Pictures.fromarray(np.ascontiguousarray(ground)).convert("RGBA")
    size = min(wide / 17.0, high / 8.5)
    ink, quiet = linear_color("#f2efe8"), linear_color("#b9c0c6")
    titles = languages_shown(screen.title, languages)
    lines = [Paragraph(titles[0], 1.25 * size, "bold", ink, leading=1.25)]
    lines += [Paragraph(title, 0.72 * size, color=ink, leading=1.3, before=0.15 * size) for title in titles[1:]]
    invites = _INVITES[screen.start]
    if invites:
        line = "  ".join(languages_shown(invites, languages))
        lines.append(Paragraph(line, 0.5 * size, color=quiet, leading=1.4, before=0.8 * size))
    layout = laid_out(lines, width=0.86 * wide, align="center")
    arrow = 1.15 * size
    above = 2.9 * arrow
    y = (high - layout.height - above) / 2
    pen = ImageDraw.Draw(canvas)
    middle, level = wide / 2, y + arrow
    pen.ellipse(
        (middle - arrow, level - arrow, middle + arrow, level + arrow), outline="#f2efe8", width=max(2, round(0.09 * arrow))
    )
    pen.polygon(
        [
            (middle - 0.32 * arrow, level - 0.5 * arrow),
            (middle - 0.32 * arrow, level + 0.5 * arrow),
            (middle + 0.56 * arrow, level),
        ],
        fill="#f2efe8",
    )
    draw_text(canvas, layout, at=((wide - layout.width) / 2, y + above))
    return Image(np.asarray(canvas).copy(), f"poster of screen {next(iter(screen.title.values()))!r}")


def cost(screen: ScreenModel, path_of: PathOf, /) -> Cost:
    """Its face: pictures and films are held of a few screens at a time (renderer/movies.py)."""
    width, height = _size(screen.width_m, _film(screen.video), screen.pictures)
    wide, high = _poster_size(height / width)
    return Cost(pixels=wide * high, help="fewer screens")


ELEMENT = ElementKind(
    model=ScreenModel,
    build=build,
    cost=cost,
    example="""\
- kind: screen
  title: {zh: 九棵树的诞生, en: How the centre came to be}
  video: media/opening.mp4
  subtitles: {zh: media/opening.zh.srt, en: media/opening.en.srt}
  at: [12, -8]
  heading_deg: 200
  width_m: 3.2
""",
)
