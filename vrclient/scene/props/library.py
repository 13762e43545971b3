"""The names a showcase can scatter, and what each thing is: its mesh, its usual spacing and size, where it keeps clear of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from vrclient.scene.colors import linear_color
from vrclient.scene.draw_data import Color, InstanceMesh, Light
from vrclient.scene.props import benches, lamps, people, plants, trees

PropName = Literal[
    "broadleaf", "ginkgo", "conifer", "willow", "palm", "bamboo", "shrub", "hedge", "reed", "flowers",
    "lamp", "bollard", "bench", "bin", "bicycle_rack", "person", "child",
]  # fmt: skip

Taken = Literal["building", "water", "road"]
_ALL: tuple[Taken, ...] = ("building", "water", "road")
_SOLID: tuple[Taken, ...] = ("building", "water")


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing of the library.

    make          (key, variant, colour) -> the mesh
    color         the colour it has unless a showcase says otherwise, '#rrggbb'
    variants      how many meshes there are, so that neighbours differ
    min_distance  metres between two of them, unless a showcase says otherwise
    size_range    smallest and largest scale
    tint          0..1: how far single ones differ in brightness and hue
    clear_of      what it does not stand on
    margin        metres it keeps from the edge of that
    aligned       stands along or across a path instead of anyhow
    light         its lamp, at scale 1 and with its foot in the origin
    """

    make: Callable[[str, int, Color], InstanceMesh]
    color: str
    variants: int = 1
    min_distance: float = 1.0
    size_range: tuple[float, float] = (1.0, 1.0)
    tint: float = 0.0
    clear_of: tuple[Taken, ...] = _SOLID
    margin: float = 0.3
    aligned: bool = False
    light: Light | None = None


def _tree(shape: Callable[[int, Color], trees.Tree]) -> Callable[[str, int, Color], InstanceMesh]:
    return lambda key, variant, color: trees.tree_mesh(key, shape(variant, color))


PROPS: Mapping[PropName, Prop] = MappingProxyType({
    "broadleaf": Prop(_tree(trees.broadleaf), "#6f8f42", 3, 5.5, (0.75, 1.2), 0.16, _ALL, 2.5),
    "ginkgo": Prop(_tree(trees.ginkgo), "#93ab4a", 2, 4.5, (0.8, 1.1), 0.12, _ALL, 2.0),
    "conifer": Prop(_tree(trees.conifer), "#587a3c", 2, 3.6, (0.8, 1.12), 0.12, _ALL, 2.0),
    "willow": Prop(_tree(trees.willow), "#8fa855", 2, 6.5, (0.8, 1.15), 0.12, _ALL, 1.5),
    "palm": Prop(_tree(trees.palm), "#6d9048", 2, 4.0, (0.8, 1.2), 0.12, _ALL, 1.0),
    "bamboo": Prop(_tree(trees.bamboo), "#86a24e", 2, 1.8, (0.8, 1.2), 0.14, _ALL, 1.0),
    "shrub": Prop(plants.shrub, "#5f7f3d", 2, 1.1, (0.6, 1.25), 0.2, _ALL, 0.7),
    "hedge": Prop(plants.hedge, "#557638", 1, 1.5, (1.0, 1.0), 0.06, _ALL, 0.3, aligned=True),
    "reed": Prop(plants.reed, "#8c9c55", 2, 0.55, (0.7, 1.2), 0.16, ("building", "road"), 0.4),
    "flowers": Prop(plants.flowers, "#d98fa8", 2, 0.8, (0.8, 1.15), 0.15, _ALL, 0.5),
    "lamp": Prop(lamps.lamp, "#3d4144", min_distance=12.0, light=Light((0.0, 0.0, 3.9), intensity=1.0, reach=14.0)),
    "bollard": Prop(lamps.bollard, "#3d4144", min_distance=4.0, light=Light((0.0, 0.0, 0.8), intensity=0.25, reach=5.0)),
    "bench": Prop(benches.bench, "#a47a4f", min_distance=3.0, tint=0.06, aligned=True),
    "bin": Prop(benches.bin, "#7d8489", min_distance=10.0),
    "bicycle_rack": Prop(benches.bicycle_rack, "#9aa1a6", min_distance=0.8, aligned=True),
    "person": Prop(people.person, "#b9b6b0", 6, 0.75, (0.92, 1.06), 0.05),
    "child": Prop(people.child, "#c4c1bb", 3, 0.6, (0.8, 1.1), 0.05),
})  # fmt: skip


@cache
def prop_mesh(name: PropName, variant: int, color: str | None = None, /) -> InstanceMesh:
    """The thing's mesh; equal arguments give the very same one. `color` is '#rrggbb', or None for its own."""
    prop = PROPS[name]
    shade = (color or prop.color).lower()
    return prop.make(f"{name}_{variant}_{shade[1:]}", variant, linear_color(shade))
