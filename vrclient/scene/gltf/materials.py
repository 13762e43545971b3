"""glTF materials become draw_data.Material values.

Known limits: metallic and roughness textures count with their mean; normal and occlusion textures are left out; BLEND
is drawn as glass or with a hard edge; an emissive texture decides per triangle what glows."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.draw_data import Color, Image, Material
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.drawn import texture_channel
from vrclient.scene.gltf.images import DecodedTextures
from vrclient.scene.gltf.problems import GltfProblems, UnreadableError

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
GLASS_ALPHA = 0.85
"""A blended material below this is drawn as glass."""


@dataclass(frozen=True, slots=True, eq=False)
class UvPlace:
    """Where a texture's coordinates come from: TEXCOORD_<channel>, then a [2, 3] affine matrix to image uv, v up."""

    channel: int
    matrix: NDArray[np.float64]

    def apply(self, uv: NDArray[np.float64], /) -> NDArray[np.float64]:
        return uv @ self.matrix[:, :2].T + self.matrix[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Glow:
    """What an emissive texture adds. `pixels` [H, W, 3] float32 linear light in 0..1 (row 0 on top), reduced;
    `material` is for the triangles that glow, its image placed by `place` too."""

    place: UvPlace
    pixels: NDArray[np.float32]
    material: Material


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a primitive is drawn: its material, where its image's uv come from, and what glows."""

    material: Material
    place: UvPlace | None = None
    glow: Glow | None = None


class Materials:
    """The looks of one document's materials, each made once."""

    def __init__(self, gltf: schema.Gltf, pictures: DecodedTextures, problems: GltfProblems) -> None:
        self._gltf = gltf
        self._pictures = pictures
        self._problems = problems
        self._looks: dict[int | None, Look] = {}

    def look(self, index: int | None, /) -> Look:
        """What materials[index] looks like; without one it is the default material of glTF, in a matt finish."""
        if index not in self._looks:
            if index is None or index >= len(self._gltf.materials):
                self._looks[index] = Look(Material(color=(0.8, 0.8, 0.8), roughness=0.9))
            else:
                self._looks[index] = self._read(self._gltf.materials[index], index)
        return self._looks[index]

    def _read(self, source: schema.GltfMaterial, index: int) -> Look:
        color, alpha, info = self._base(source)
        is_unlit = source.extensions.KHR_materials_unlit is not None
        metallic, roughness = (0.0, 1.0) if is_unlit else self._finish(source)
        material = Material(
            surface="unlit" if is_unlit else "lit",
            color=color,
            roughness=roughness,
            metallic=metallic,
            two_sided=source.doubleSided,
            emission_when="always",
        )
        transmission = source.extensions.KHR_materials_transmission
        blended = source.alphaMode == "BLEND"
        if (transmission and transmission.transmissionFactor >= 0.3) or (blended and info is None and alpha < GLASS_ALPHA):
            return Look(replace(material, surface="glass", roughness=min(roughness, 0.2), metallic=0.0))
        place = None
        if info is not None:
            with self._problems.collecting():
                image = self._image(source, info, alpha)
                if blended and image.pixels[..., 3].max() < 128:
                    return Look(replace(material, surface="glass", roughness=min(roughness, 0.2), metallic=0.0))
                place = self._place(info)
                material = replace(material, image=image)
        return Look(material, place) if is_unlit else self._glowing(source, Look(material, place))

    def _base(self, source: schema.GltfMaterial) -> tuple[Color, float, schema.TextureInfo | None]:
        gloss = source.extensions.KHR_materials_pbrSpecularGlossiness
        if gloss:
            return gloss.diffuseFactor[:3], gloss.diffuseFactor[3], gloss.diffuseTexture
        pbr = source.pbrMetallicRoughness
        return pbr.baseColorFactor[:3], pbr.baseColorFactor[3], pbr.baseColorTexture

    def _finish(self, source: schema.GltfMaterial) -> tuple[float, float]:
        """(metallic 0 or 1, roughness)."""
        extensions, pbr = source.extensions, source.pbrMetallicRoughness
        if extensions.KHR_materials_pbrSpecularGlossiness:
            return 0.0, 1.0 - extensions.KHR_materials_pbrSpecularGlossiness.glossinessFactor
        if pbr.metallicRoughnessTexture is None:
            return float(pbr.metallicFactor >= 0.5), pbr.roughnessFactor
        try:
            mean = self._pictures.mean(pbr.metallicRoughnessTexture.index)
        except UnreadableError as unreadable:
            found = unreadable.found
            self._problems.warning(found.code, f"{found.message}; it is drawn matt instead", found.help)
            return 0.0, pbr.roughnessFactor * 0.8
        return float(pbr.metallicFactor * mean[2] >= 0.5), float(pbr.roughnessFactor * mean[1])

    def _image(self, source: schema.GltfMaterial, info: schema.TextureInfo, alpha: float) -> Image:
        cutoff = source.alphaCutoff if source.alphaMode == "MASK" else 0.5
        return self._pictures.drawn(info.index, alpha_mode=source.alphaMode, factor=alpha, cutoff=cutoff)

    def _place(self, info: schema.TextureInfo) -> UvPlace:
        """KHR_texture_transform, doubled mirrored pictures, and v turned upwards, as one matrix."""
        transform = info.extensions.KHR_texture_transform or schema.TextureTransform()
        cosine, sine = np.cos(transform.rotation), np.sin(transform.rotation)
        matrix = np.array([[cosine, sine, transform.offset[0]], [-sine, cosine, transform.offset[1]]])
        matrix[:, :2] *= transform.scale
        matrix *= np.reshape(self._pictures.texture(info.index).uv_scale, (2, 1))
        return UvPlace(texture_channel(info), np.array([[1.0], [-1.0]]) * matrix + [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])

    def _glowing(self, source: schema.GltfMaterial, look: Look) -> Look:
        strength = source.extensions.KHR_materials_emissive_strength
        emitted = np.array(source.emissiveFactor) * (strength.emissiveStrength if strength else 1.0)
        if not emitted.any():
            return look
        if source.emissiveTexture is None:
            base = self._base(source)[2] if look.material.image is not None else None
            mean = None if base is None else self._pictures.light(base.index).reshape(-1, 3).mean(axis=0)
            return replace(look, material=_with_emission(look.material, emitted, mean))
        with self._problems.collecting():
            info = source.emissiveTexture
            place, pixels = self._place(info), self._pictures.light(info.index)
            image = self._pictures.drawn(info.index, alpha_mode="OPAQUE", factor=1.0, cutoff=0.5)
            brightness = float(emitted.max())
            color = (emitted[0] / brightness, emitted[1] / brightness, emitted[2] / brightness)
            material = replace(look.material, image=image, color=color, emission=brightness, metallic=0.0)
            return replace(look, glow=Glow(place, pixels, material))
        return look


def _with_emission(material: Material, emitted: NDArray[np.float64], mean: NDArray[np.float32] | None) -> Material:
    """One colour has to serve for light that falls on it and light it gives: the stronger of the two decides. `mean`: of the
    material's picture, linear RGB."""
    base = np.array(material.color)
    if mean is not None:
        return replace(material, emission=float((emitted @ LUMINANCE) / max(float((base * mean) @ LUMINANCE), 0.02)))
    share = float(emitted @ LUMINANCE) / max(float((emitted + base) @ LUMINANCE), 1e-6)
    color = (1.0 - share) * base + share * emitted / emitted.max()
    emission = float(emitted @ LUMINANCE) / max(float(color @ LUMINANCE), 1e-3)
    return replace(material, color=(float(color[0]), float(color[1]), float(color[2])), emission=emission)
