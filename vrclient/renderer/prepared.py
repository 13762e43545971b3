"""What of a scene can be made ready without a graphics card, by another process too: who sees what, and texels. Values; loaded.py
takes them to the card."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.renderer.culling import SceneVisibility
from vrclient.renderer.quality import Quality
from vrclient.renderer.texels import image_texels, instance_rows, table_texels
from vrclient.scene.draw_data import Image
from vrclient.scene.tables import Scene

MIRRORED_BIAS = 0.5
"""What water mirrors is as much coarser."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedImage:
    """An image and its texels [H, W, 4] uint8 (see image_texels)."""

    image: Image
    texels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """visibility   the viewer's
    mirrored     what the scene's water sees; None where no water mirrors
    rows         [2 N, 4] float32 (see instance_rows)
    light_map    [H, W, 4] float32 (see table_texels)
    images       each image of the chunks once
    """

    scene: Scene
    visibility: SceneVisibility
    mirrored: SceneVisibility | None
    rows: NDArray[np.float32]
    light_map: NDArray[np.float32]
    images: tuple[PreparedImage, ...]


def prepare(scene: Scene, quality: Quality, /, *, visibility: SceneVisibility | None = None) -> Prepared:
    """`visibility` where the viewer's is there already."""
    has_water = any(chunk.surface == "water" for chunk in scene.chunks)
    mirrored = None
    if has_water and quality.reflections:
        mirrored = SceneVisibility(scene, lod_bias=MIRRORED_BIAS, cutoff_px=quality.cutoff_px, horizon=False)
    images = {id(chunk.image): chunk.image for chunk in scene.chunks if chunk.image is not None}
    return Prepared(
        scene=scene,
        visibility=visibility or SceneVisibility(scene, lod_bias=quality.lod_bias, cutoff_px=quality.cutoff_px),
        mirrored=mirrored,
        rows=instance_rows(scene.instances),
        light_map=table_texels(scene.light_map.pixels),
        images=tuple(PreparedImage(image, image_texels(image.pixels)) for image in images.values()),
    )
