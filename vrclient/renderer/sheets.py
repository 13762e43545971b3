"""Draws the sheets of a frame (frame/sheets.py), for all views of a pass.

Their places are composed in double precision for every view. They cover the scene's colours with their own, unlit, and write
their depth: what a visitor holds or points before a sheet stays before it, and a headset's runtime knows where the sheet is.
From behind a sheet is not there."""

from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
from panda3d.core import (  # noqa: TID251
    ColorBlendAttrib,
    CullBinAttrib,
    DepthTestAttrib,
    DepthWriteAttrib,
    GeomNode,
    NodePath,
    OmniBoundingVolume,
    PTA_LMatrix4f,
    PTA_LVecBase4f,
    Texture,
)

from vrclient.frame.sheets import MARKS_MAX, Sheet, SheetPicture
from vrclient.renderer import convert
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.pictures import Pictures
from vrclient.renderer.programs import VIEWPORT_EXTENSIONS
from vrclient.renderer.shaders import load_shader
from vrclient.renderer.uniforms import Floats

WORLD_ORDER, FRONT_ORDER = 12, 14
"""Among what is blended: after images on walls, before the aids (aids.py), and the world's before the fronts."""
NUDGE = 5e-4
"""A sheet in the world is as if nearer by that share of its distance: it may lie on a wall."""
SPARE = 32
"""So many nodes that are not in use are kept."""


class FilmTextures(Protocol):
    """What has the pictures of films."""

    def texture(self, screen: str, /) -> Texture | None:
        """The film that runs on a screen; None = there is no picture yet."""


class SheetsPass:
    """The sheets of one pass over a scene."""

    def __init__(self, context: GraphicsContext, root: NodePath, pictures: Pictures, /, *, view_count: int, copies: int) -> None:
        """`root`: the graph of the eyes, with views bound to it; `copies`: views of one pass (1 where each view has a pass of
        its own). Raises ShaderError."""
        self._root: NodePath = root.attach_new_node("sheets")
        self._pictures, self._copies = pictures, copies
        self._composed = view_count == copies
        viewports = tuple(name for name in VIEWPORT_EXTENSIONS if name in context.info.extensions)[:1] if copies > 1 else ()
        definitions = [
            f"VIEWS_PER_PASS {copies}",
            f"FAR_DEPTH {'0.0' if context.info.reversed_depth else '-1.0'}",
            f"MARKS_MAX {MARKS_MAX}",
            *(() if self._composed else ("IN_WORLD",)),
        ]
        self._shader = load_shader(context, "sheet.vert", "sheet.frag", definitions=tuple(definitions), extensions=viewports)
        self._world = self._parent("in the world", WORLD_ORDER, DepthTestAttrib.M_greater_equal)
        self._front = self._parent("in front", FRONT_ORDER, DepthTestAttrib.M_always)
        self._nothing = Texture("no picture")
        self._nothing.setup_2d_texture(1, 1, Texture.T_unsigned_byte, Texture.F_rgba)
        self._nothing.set_ram_image(bytes(4))
        self._shown: dict[Hashable, _Shown] = {}
        self._spare: list[_Shown] = []
        self._fronts: list[_Shown] = []
        self._in_world: list[_Shown] = []
        self._world_from_unit: Floats = np.zeros((0, 4, 4))
        self._clip_from_world: Floats = np.zeros((view_count, 4, 4))

    def __len__(self) -> int:
        """Sheets in the graph."""
        return len(self._shown)

    def show(self, sheets: Sequence[Sheet], movies: FilmTextures | None = None, /) -> None:
        """Draws these from the next draw on; those in the world from the farthest to the nearest.

        Raises ValueError where two have the same key, or one more marks than MARKS_MAX."""
        if not sheets and not self._shown:
            return
        _check(sheets)
        before, self._shown = self._shown, {}
        fronts: list[_Shown] = []
        in_world: list[_Shown] = []
        for sheet in sheets:
            one = before.pop(sheet.key, None) or (self._spare.pop() if self._spare else _Shown(self))
            self._shown[sheet.key] = one
            one.fill(sheet, movies)
            (fronts if sheet.place == "front" else in_world).append(one)
        for one in before.values():
            one.clear()
            if len(self._spare) < SPARE:
                self._spare.append(one)
            else:
                one.path.remove_node()
        if fronts != self._fronts:
            self._fronts = fronts
            for number, one in enumerate(fronts):
                one.path.reparent_to(self._front, number)
        self._place()
        in_world.sort(key=_ahead, reverse=True)
        if in_world != self._in_world:
            self._in_world = in_world
            for number, one in enumerate(in_world):
                one.path.reparent_to(self._world, number)

    def set_views(self, clip_from_world: Floats, /) -> None:
        """[V, 4, 4] float64; used from the next draw on."""
        self._clip_from_world = clip_from_world
        if self._shown:
            self._place()

    def remove(self) -> None:
        """Takes everything out of the graph."""
        for one in (*self._shown.values(), *self._spare):
            one.path.remove_node()
        self._root.remove_node()

    def _place(self) -> None:
        """Everything to where it is in every view."""
        for one in self._shown.values():
            if self._composed:
                clip = self._clip_from_world @ one.world_from_unit
                one.matrices[:] = clip.swapaxes(1, 2)
                one.ahead = float(clip[0, 3, 3])
            else:
                one.matrices[0] = one.world_from_unit.T
                one.ahead = float(self._clip_from_world[0, 3] @ one.world_from_unit[:, 3])

    def _parent(self, name: str, order: int, test: int) -> NodePath:
        """Children are drawn in the order of their numbers."""
        path = self._root.attach_new_node(name)
        path.set_shader(self._shader)
        path.set_attrib(DepthTestAttrib.make(test), 1)
        path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_on))
        path.set_attrib(
            ColorBlendAttrib.make(ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one_minus_incoming_alpha)
        )
        path.set_attrib(CullBinAttrib.make("fixed", order))
        if self._copies > 1:
            path.set_instance_count(self._copies)
        return path


def _check(sheets: Sequence[Sheet]) -> None:
    seen = set()
    for sheet in sheets:
        if sheet.key in seen:
            raise ValueError(f"sheets: two have the key {sheet.key!r}; expected each once")
        if len(sheet.marks) > MARKS_MAX:
            raise ValueError(f"sheet {sheet.key!r} has {len(sheet.marks)} marks; expected at most {MARKS_MAX}")
        seen.add(sheet.key)


def _ahead(one: "_Shown") -> float:
    return one.ahead


class _Shown:
    """One sheet's draw; it is used again for another when its own is gone."""

    def __init__(self, owner: SheetsPass) -> None:
        self._pictures, self._nothing = owner._pictures, owner._nothing
        count = owner._copies if owner._composed else 1
        place, sheet = PTA_LMatrix4f.empty_array(count), PTA_LVecBase4f.empty_array(2)
        marks = PTA_LVecBase4f.empty_array(3 * MARKS_MAX)
        self.matrices, self._values = convert.matrices(place), convert.vectors(sheet)
        self._marks = convert.vectors(marks).reshape(MARKS_MAX, 12)
        self.world_from_unit = np.eye(4)
        self.ahead = 0.0
        self._sheet: Sheet | None = None
        self._picture: SheetPicture | None = None
        self._texture: Texture | None = None
        node = GeomNode("sheet")
        node.add_geom(convert.corners(2))
        node.set_bounds(OmniBoundingVolume())
        node.final = True
        self.path: NodePath = owner._front.attach_new_node(node)
        matrices = {"clip_from_unit" if owner._composed else "world_from_unit": place}
        self.path.set_shader_inputs(picture=self._nothing, sheet=sheet, marks=marks, **matrices)
        self.path.stash()

    def fill(self, sheet: Sheet, movies: FilmTextures | None) -> None:
        """Takes over what a sheet says; the very same one again costs little."""
        same = sheet is self._sheet
        if not same:
            self._fill_values(sheet)
        if sheet.movie is not None:
            self._show_movie(movies.texture(sheet.movie) if movies is not None else None, sheet)
        elif sheet.picture is not None:
            self._show_picture(sheet.picture, sheet, same=same)
        elif not same or self._texture is not None:
            self._picture = None
            self._bind(None)
        self._sheet = sheet
        seen = self._texture is not None or bool(sheet.marks)
        if seen and sheet.opacity > 0.0:
            self.path.unstash()
        else:
            self.path.stash()

    def clear(self) -> None:
        """Holds nothing any more."""
        self.path.stash()
        self._sheet = self._picture = None
        self._texture = None

    def _fill_values(self, sheet: Sheet) -> None:
        self.world_from_unit = np.array(sheet.world_from_sheet, np.float64)
        self.world_from_unit[:, 0] *= sheet.size[0]
        self.world_from_unit[:, 2] *= sheet.size[1]
        nudge = NUDGE if sheet.place == "world" else 0.0
        self._values[0] = sheet.opacity, len(sheet.marks), self._aspect(sheet), nudge
        for number, mark in enumerate(sheet.marks):
            row = self._marks[number]
            row[:4], row[4:8], row[8] = mark.rect, mark.color, mark.radius

    def _show_picture(self, picture: SheetPicture, sheet: Sheet, *, same: bool) -> None:
        texture = self._pictures.texture(picture)
        if texture is None:  # what was shown stays until then
            if self._picture is not None and self._picture is not picture:
                former = self._pictures.texture(self._picture)
                if former is not self._texture:
                    self._bind(None)
            elif self._texture is not None:
                self._bind(None)
            return
        if texture is not self._texture or not same:
            self._picture = picture
            left, top, right, bottom = sheet.part
            self._values[1] = left, top, right - left, bottom - top
            self._bind(texture)
            self._values[0, 2] = self._aspect(sheet)

    def _show_movie(self, texture: Texture | None, sheet: Sheet) -> None:
        """A film's picture may fill a part of its texture, and its rows begin at the bottom."""
        self._picture = None
        if texture is not None:
            across, up = texture.get_tex_scale()
            left, top, right, bottom = sheet.part
            self._values[1] = left * across, (1.0 - top) * up, (right - left) * across, (top - bottom) * up
        if texture is not self._texture:
            self._bind(texture)
        self._values[0, 2] = self._aspect(sheet)

    def _bind(self, texture: Texture | None) -> None:
        if texture is not self._texture:
            self._texture = texture
            self.path.set_shader_input("picture", texture if texture is not None else self._nothing)
        if texture is None:
            self._values[0, 2] = -abs(self._values[0, 2])

    def _aspect(self, sheet: Sheet) -> float:
        """Width by height; below zero while there is no picture."""
        aspect = sheet.size[0] / sheet.size[1]
        return aspect if self._texture is not None else -aspect
