"""How much the renderer spends on a picture."""

from dataclasses import dataclass
from typing import Literal

Shading = Literal["lit", "normals"]


@dataclass(frozen=True, slots=True)
class Quality:
    """samples      of anti-aliasing for each pixel: 1, 2, 4 or 8
    shadow_size  pixels along the side of the shadow map; 0 = no shadows
    reflections  still water mirrors the scene, not only the sky
    lod_bias     > 1 keeps finer levels of detail longer
    anisotropy   samples along the slant of a texture: 1-16
    cutoff_px    instances of a smaller projected diameter are not drawn; 0 = every one is
    shading      lit, or normals: the direction of every surface as its colour, and nothing else. Work that other engines
                 can be given too, and a look at the geometry alone
    """

    samples: int = 4
    shadow_size: int = 2048
    reflections: bool = True
    lod_bias: float = 1.0
    anisotropy: int = 8
    cutoff_px: float = 1.2
    shading: Shading = "lit"


HIGH = Quality()
LOW = Quality(samples=2, shadow_size=1024, reflections=False, lod_bias=0.6, anisotropy=4)
