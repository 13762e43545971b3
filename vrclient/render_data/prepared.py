"""What of a scene can be made ready without a graphics card, by another process too: who sees what, and texels. Values; loaded.py
takes them to the card."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.render_data.culling import SceneVisibility
from vrclient.render_data.quality import Quality
from vrclient.render_data.texels import image_texels, instance_rows, table_texels
from vrclient.scene.draw_data import Image
from vrclient.scene.tables import Scene

MIRRORED_BIAS = 0.5
"""What water mirrors is as much coarser."""

Box = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(low, high) [3] metres."""


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
    box          of everything that stands
    """

    scene: Scene
    visibility: SceneVisibility
    mirrored: SceneVisibility | None
    rows: NDArray[np.float32]
    light_map: NDArray[np.float32]
    images: tuple[PreparedImage, ...]
    box: Box


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
        box=scene_box(scene),
    )


def scene_box(scene: Scene, /) -> Box:
    """Of everything that stands; an empty scene has a box of 2 m."""
    centers = [np.array([chunk.center for chunk in scene.chunks]).reshape(-1, 3), scene.instances.center]
    halves = [np.array([chunk.half_extent for chunk in scene.chunks]).reshape(-1, 3), scene.instances.half_extent]
    center, half = np.concatenate(centers).astype(np.float64), np.concatenate(halves).astype(np.float64)
    if not len(center):
        return np.full(3, -1.0), np.full(3, 1.0)
    return (center - half).min(axis=0), (center + half).max(axis=0)
