"""What one element gives to the scene: engine-free, world coordinates, pure values. The renderer decides how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.mesh import Mesh
from vrclient.scene.interactives import Interactive

Color = tuple[float, float, float]
"""Linear RGB, 0..1."""

SurfaceType = Literal["lit", "unlit", "glass", "water", "image"]
"""Which shader draws a surface (shaders/<name>.frag). `unlit`: its light is in its colours, day and night, as in scans."""

OPAQUE: tuple[SurfaceType, ...] = ("lit", "unlit")
"""Those that nothing shines through, and whose triangles may be drawn in any order."""

Pattern = Literal[
    "plain", "grass", "paving", "asphalt", "gravel", "concrete", "panels", "wood", "foliage", "metal", "sand", "rock", "rooms",
    "sandstone",
]  # fmt: skip
"""Fine procedural detail that the shader adds from world position and uv (metres). `rooms` = lit rooms behind glass."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Image:
    """[H, W, 4] uint8 sRGB straight alpha, row 0 on top. `name` says in messages where it is from.

    `repeat`: outside 0..1 the picture comes again, as textures do; else its edge goes on."""

    pixels: NDArray[np.uint8]
    name: str
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface answers light. Everything but `surface` and `image` is packed into vertices, so that surfaces that
    differ in colour, roughness, pattern or emission still share one draw.

    color        linear RGB, multiplied by the mesh's colour (and the image, if any)
    roughness    0 mirror .. 1 matt
    metallic     0 or 1, as in glTF
    emission     luminous strength times `color`: 1 = as bright as a white wall at noon in the exposure of the moment;
                 signs and fins about 0.5-3 at dusk
    emission_when "always", or "dark": fades in when the sun sinks (lamps, windows, fins)
    pattern      see Pattern
    lit_ratio    for glass with `rooms`: how many rooms are lit after dark, 0..1
    two_sided    drawn from both sides
    """

    surface: SurfaceType = "lit"
    color: Color = (0.8, 0.8, 0.8)
    roughness: float = 0.8
    metallic: float = 0.0
    emission: float = 0.0
    emission_when: Literal["always", "dark"] = "dark"
    pattern: Pattern = "plain"
    lit_ratio: float = 0.5
    image: Image | None = None
    two_sided: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One mesh in world coordinates with one material. `built`, `demolished`: days (date.toordinal()) from which and until which
    it is there, within those of its element; None: as its element."""

    mesh: Mesh
    material: Material
    casts_shadow: bool = True
    built: int | None = None
    demolished: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class InstanceMesh:
    """A repeated thing in its own coordinates: origin on the ground, Y forward, Z up. Level 0 is the finest.

    key           equal keys mean equal meshes; every element that repeats a thing uses the same key
    levels        per LOD the surfaces that make it (drawn together; only surface types `lit`)
    lod_pixels    projected diameter in pixels under which level k gives way to k + 1; len(levels) - 1 values, falling
    sway          0..1: how far the top moves in the wind (foliage)
    solid         every level is opaque and fills its bounding box, such as a cube: it hides what is behind it. Rows that turn
                  by anything but right angles do not fill theirs
    """

    key: str
    levels: tuple[tuple[Surface, ...], ...]
    lod_pixels: tuple[float, ...] = ()
    sway: float = 0.0
    solid: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Instances:
    """Rows of one InstanceMesh.

    position [N, 3] float32 metres; heading [N] float32 radians clockwise from north; scale [N, 3] float32;
    tint [N, 3] float32 linear RGB that multiplies the colour
    """

    mesh: InstanceMesh
    position: NDArray[np.float32]
    heading: NDArray[np.float32]
    scale: NDArray[np.float32]
    tint: NDArray[np.float32]
    casts_shadow: bool = True


@dataclass(frozen=True, slots=True)
class Light:
    """A lamp: a sphere light without shadow. `intensity` 1 = a park lamp that lights its ground at dusk; reach in metres."""

    position: tuple[float, float, float]
    color: Color = (1.0, 0.74, 0.46)
    intensity: float = 1.0
    reach: float = 12.0
    when: Literal["always", "dark"] = "dark"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A named place to look from. `position` is the eye; heading and pitch in radians; fov = vertical angle in radians."""

    name: str
    position: tuple[float, float, float]
    heading: float
    pitch: float = 0.0
    fov: float = np.radians(60.0)
    title: Mapping[str, str] = field(default_factory=dict)
    is_spawn: bool = False
    time: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Selectable:
    """An upright or leaning rectangle that visitors can aim at and choose, such as a panel's face.

    center, right, up   metres and unit vectors, world; right is its reader's right, so its face looks along right x up
    half                half its width and height in metres
    offers              what choosing it opens; None: something to read, which one steps up to
    built, demolished   days (date.toordinal()) from which and until which it is there; its element's, once the scene is built"""

    id: str
    title: Mapping[str, str]
    center: tuple[float, float, float]
    right: tuple[float, float, float]
    up: tuple[float, float, float]
    half: tuple[float, float]
    offers: Interactive | None = None
    built: int | None = None
    demolished: int | None = None


@dataclass(frozen=True, slots=True)
class Sky:
    """What the `sky` element asks for; the sun itself follows from place, date and time (scene/environment.py)."""

    clouds: float = 0.2
    stars: float = 1.0
    haze_m: float = 4000.0
    glow: float = 0.3
    """City light on the night sky, 0..1."""


@dataclass(frozen=True, slots=True)
class Mist:
    """A layer of mist over the land: even up to `top`, thinning out above it. Its light is that of sky and sun.

    top      metres above the origin, on average
    reach    metres within the layer after which a tenth of the contrast is left
    falloff  metres above its top over which it thins to 1/e
    swell    metres by which its top rises and falls
    size     metres from one swell to the next
    drift    metres a second east and north by which the swells move
    """

    top: float
    reach: float = 90.0
    falloff: float = 30.0
    swell: float = 15.0
    size: float = 260.0
    drift: tuple[float, float] = (1.2, 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class DrawData:
    """All that one element contributes. Every field may be empty.

    far       the same thing, much simpler, for where it is small on screen; empty = `surfaces` serve at every distance
    walls     [W, 6] float32: x0, y0, x1, y1, bottom z, top z: what a walking visitor cannot pass
    walkable  meshes one can stand on (besides the terrain)
    solids    [S, 6] float32 center, half extent: boxes that lie wholly within opaque surfaces, near and far ones: what is
              behind them is not drawn
    selectables  what visitors can choose
    interactives  what there is to do, also what a selectable offers
    """

    surfaces: tuple[Surface, ...] = ()
    far: tuple[Surface, ...] = ()
    instances: tuple[Instances, ...] = ()
    lights: tuple[Light, ...] = ()
    viewpoints: tuple[Viewpoint, ...] = ()
    walls: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 6), np.float32))
    walkable: tuple[Mesh, ...] = ()
    solids: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 6), np.float32))
    selectables: tuple[Selectable, ...] = ()
    interactives: tuple[Interactive, ...] = ()
    sky: Sky | None = None
    mist: Mist | None = None
