"""Town houses by the thousand, all made together as columns: no line here runs once for each house.

A house is a few upright boxes (its body, perhaps a lower wing behind and a top storey set back), each with four walls and a
roof. This module puts looks, forms and faces together, and decides none of them. Where houses stand is geometry/lots.py's; what
the ground is like between them is the caller's."""

from dataclasses import dataclass

import numpy as np

from vrclient.geometry.lots import Column, Houses, Numbers
from vrclient.geometry.quad_table import facing_up
from vrclient.scene.draw_data import Surface
from vrclient.scene.element import Ground
from vrclient.scene.townhouses.faces import (
    Faces,
    add_distant_walls,
    add_flat_roofs,
    add_fronts,
    add_openings,
    add_reveals,
    add_roof_details,
    add_slopes,
    add_solid_walls,
    add_trimmings,
)
from vrclient.scene.townhouses.forms import BLANK, DEEP, FLAT, attics_of, bodies_of, joined, roofs_of, walls_of, wings_of
from vrclient.scene.townhouses.looks import Chance, Style, looks_of

INSIDE_M = 0.3
"""So far inside its footprint and below its eaves a body is behind walls and glass everywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Townhouses:
    """Surfaces, near and far: one for each cell and finish. bottom, eaves [N] metres: from where to where walls stand."""

    near: tuple[Surface, ...]
    far: tuple[Surface, ...]
    bottom: Column
    eaves: Column


def townhouses(houses: Houses, style: Style, ground: Ground, cell: Numbers, /) -> Townhouses:
    """Houses that stand on the ground. cell [N]: houses with the same number share their surfaces."""
    chance = Chance(houses, style.seed)
    looks = looks_of(style, houses, chance, ground)
    bodies, attics = bodies_of(houses, looks, chance), attics_of(houses, looks, chance)
    boxes = joined(bodies, wings_of(houses, looks, chance), attics)
    walls, flat = walls_of(boxes, looks), boxes.only(~boxes.is_pitched)
    roofs = roofs_of(bodies.only(bodies.is_pitched), houses, chance)
    has_attic = np.zeros(len(houses.width), bool)
    has_attic[attics.owner] = True

    near = Faces()
    blank, fronts = walls.only(walls.kind == BLANK), walls.only(walls.kind == DEEP)
    add_solid_walls(blank, looks.wall[blank.owner], near)
    add_openings(walls.only(walls.kind >= FLAT), looks, near)
    add_reveals(fronts, looks, near)
    add_trimmings(fronts, looks, near)
    add_fronts(fronts, looks, chance, near)
    add_flat_roofs(flat, has_attic, looks, chance, near)
    add_slopes(roofs, looks, near, "tiles")
    add_roof_details(roofs, looks, chance, near)

    far = Faces()
    add_distant_walls(walls, looks, far)
    covering = facing_up((0.0, flat.width), (0.0, flat.depth), flat.top)
    far.add("wall", flat.frames, covering, looks.flat_roof[flat.owner], flat.owner)
    add_slopes(roofs, looks, far, "wall")
    return Townhouses(near.surfaces(cell, style), far.surfaces(cell, style), looks.bottom, looks.eaves)
