"""The glTF 2.0 JSON as pydantic models: types, ranges and required properties, as far as they are read here.

References between objects, and what is in the buffers, are looked at in checks.py. Source: glTF 2.0.1, section 5."""
# ruff: noqa: N815 (the names are those of the format)

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=2**40)]
"""JSON has no integers; 3.0 is one."""
Positive = Annotated[Whole, Field(ge=1)]
Unit = Annotated[float, Field(ge=0.0, le=1.0)]
Amount = Annotated[float, Field(ge=0.0)]
Vector2 = Annotated[tuple[float, float], Field(strict=False)]
Vector3 = Annotated[tuple[float, float, float], Field(strict=False)]
Vector4 = Annotated[tuple[float, float, float, float], Field(strict=False)]
Color3 = Annotated[tuple[Unit, Unit, Unit], Field(strict=False)]
Color4 = Annotated[tuple[Unit, Unit, Unit, Unit], Field(strict=False)]
Matrix16 = Annotated[list[float], Field(min_length=16, max_length=16)]
ComponentType = Annotated[Literal[5120, 5121, 5122, 5123, 5125, 5126], BeforeValidator(_whole)]
AccessorType = Literal["SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4"]


class Extensions(BaseModel):
    """The extensions of an object. Known ones are fields of subclasses; every one must be an object."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False, frozen=True)
    __pydantic_extra__: dict[str, dict[str, Any]] = Field(init=False)


class Property(BaseModel):
    """Common to every glTF object; unknown properties are left alone, as the specification asks."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False, frozen=True)


class Plain(Property):
    extensions: Extensions | None = None


# Buffers


class CompressedView(Property):
    """EXT_meshopt_compression of a bufferView."""

    buffer: Whole
    byteOffset: Whole = 0
    byteLength: Positive
    byteStride: Annotated[Positive, Field(le=256)]
    count: Positive
    mode: Literal["ATTRIBUTES", "TRIANGLES", "INDICES"]
    filter: Literal["NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR"] = "NONE"


class BufferViewExtensions(Extensions):
    EXT_meshopt_compression: CompressedView | None = None
    KHR_meshopt_compression: CompressedView | None = None


class FallbackBuffer(Property):
    fallback: bool = False


class BufferExtensions(Extensions):
    EXT_meshopt_compression: FallbackBuffer | None = None
    KHR_meshopt_compression: FallbackBuffer | None = None


class Buffer(Property):
    byteLength: Whole
    uri: str | None = None
    extensions: BufferExtensions = BufferExtensions()


class BufferView(Property):
    buffer: Whole
    byteOffset: Whole = 0
    byteLength: Whole
    byteStride: Annotated[Positive, Field(le=65535)] | None = None
    target: Whole | None = None
    extensions: BufferViewExtensions = BufferViewExtensions()

    @property
    def compressed(self) -> CompressedView | None:
        return self.extensions.EXT_meshopt_compression or self.extensions.KHR_meshopt_compression


class SparseIndices(Plain):
    bufferView: Whole
    byteOffset: Whole = 0
    componentType: Annotated[Literal[5121, 5123, 5125], BeforeValidator(_whole)]


class SparseValues(Plain):
    bufferView: Whole
    byteOffset: Whole = 0


class Sparse(Plain):
    count: Positive
    indices: SparseIndices
    values: SparseValues


class Accessor(Plain):
    bufferView: Whole | None = None
    byteOffset: Whole | None = None
    componentType: ComponentType
    normalized: bool = False
    count: Whole
    type: AccessorType
    max: Annotated[list[float], Field(min_length=1, max_length=16)] | None = None
    min: Annotated[list[float], Field(min_length=1, max_length=16)] | None = None
    sparse: Sparse | None = None


# Images and materials


class GltfImage(Plain):
    uri: str | None = None
    mimeType: str | None = None
    bufferView: Whole | None = None


class Sampler(Plain):
    magFilter: Whole | None = None
    wrapS: Annotated[Literal[33071, 33648, 10497], BeforeValidator(_whole)] = 10497
    wrapT: Annotated[Literal[33071, 33648, 10497], BeforeValidator(_whole)] = 10497


class OtherSource(Property):
    source: Whole | None = None


class TextureExtensions(Extensions):
    EXT_texture_webp: OtherSource | None = None
    EXT_texture_avif: OtherSource | None = None
    KHR_texture_basisu: OtherSource | None = None
    MSFT_texture_dds: OtherSource | None = None


class GltfTexture(Property):
    source: Whole | None = None
    sampler: Whole | None = None
    extensions: TextureExtensions = TextureExtensions()


class TextureTransform(Property):
    offset: Vector2 = (0.0, 0.0)
    rotation: float = 0.0
    scale: Vector2 = (1.0, 1.0)
    texCoord: Whole | None = None


class TextureInfoExtensions(Extensions):
    KHR_texture_transform: TextureTransform | None = None


class TextureInfo(Property):
    index: Whole
    texCoord: Whole = 0
    extensions: TextureInfoExtensions = TextureInfoExtensions()


class MetallicRoughness(Plain):
    baseColorFactor: Color4 = (1.0, 1.0, 1.0, 1.0)
    baseColorTexture: TextureInfo | None = None
    metallicFactor: Unit = 1.0
    roughnessFactor: Unit = 1.0
    metallicRoughnessTexture: TextureInfo | None = None


class EmissiveStrength(Property):
    emissiveStrength: Amount = 1.0


class SpecularGlossiness(Property):
    diffuseFactor: Color4 = (1.0, 1.0, 1.0, 1.0)
    diffuseTexture: TextureInfo | None = None
    glossinessFactor: Unit = 1.0


class Transmission(Property):
    transmissionFactor: Unit = 0.0


class MaterialExtensions(Extensions):
    KHR_materials_emissive_strength: EmissiveStrength | None = None
    KHR_materials_pbrSpecularGlossiness: SpecularGlossiness | None = None
    KHR_materials_transmission: Transmission | None = None
    KHR_materials_unlit: Property | None = None


class GltfMaterial(Property):
    pbrMetallicRoughness: MetallicRoughness = MetallicRoughness()
    normalTexture: TextureInfo | None = None
    occlusionTexture: TextureInfo | None = None
    emissiveTexture: TextureInfo | None = None
    emissiveFactor: Color3 = (0.0, 0.0, 0.0)
    alphaMode: Literal["OPAQUE", "MASK", "BLEND"] = "OPAQUE"
    alphaCutoff: Amount = 0.5
    doubleSided: bool = False
    extensions: MaterialExtensions = MaterialExtensions()


# Meshes and nodes


class Draco(Property):
    bufferView: Whole
    attributes: dict[str, Whole]


class PrimitiveExtensions(Extensions):
    KHR_draco_mesh_compression: Draco | None = None


class Primitive(Property):
    attributes: Annotated[dict[str, Whole], Field(min_length=1)]
    indices: Whole | None = None
    material: Whole | None = None
    mode: Annotated[Whole, Field(le=6)] = 4
    targets: Annotated[list[dict[str, Whole]], Field(min_length=1)] | None = None
    extensions: PrimitiveExtensions = PrimitiveExtensions()


class GltfMesh(Plain):
    primitives: Annotated[list[Primitive], Field(min_length=1)]
    weights: Annotated[list[float], Field(min_length=1)] | None = None


class Instancing(Property):
    attributes: dict[str, Whole]


class Visibility(Property):
    visible: bool = True


class NodeExtensions(Extensions):
    EXT_mesh_gpu_instancing: Instancing | None = None
    KHR_node_visibility: Visibility | None = None


class Node(Property):
    children: Annotated[list[Whole], Field(min_length=1)] | None = None
    mesh: Whole | None = None
    skin: Whole | None = None
    camera: Whole | None = None
    matrix: Matrix16 | None = None
    translation: Vector3 | None = None
    rotation: Vector4 | None = None
    scale: Vector3 | None = None
    weights: Annotated[list[float], Field(min_length=1)] | None = None
    extensions: NodeExtensions = NodeExtensions()


class Skin(Plain):
    joints: Annotated[list[Whole], Field(min_length=1)]
    inverseBindMatrices: Whole | None = None
    skeleton: Whole | None = None


class GltfScene(Plain):
    nodes: list[Whole] = []


class GltfAsset(Plain):
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$")]
    minVersion: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$")] | None = None


class Gltf(Property):
    """The whole document. Top-level arrays are limited, so that a hostile file cannot keep the reader busy."""

    asset: GltfAsset
    extensionsUsed: list[str] = []
    extensionsRequired: list[str] = []
    scene: Whole | None = None
    scenes: Annotated[list[GltfScene], Field(max_length=10_000)] = []
    nodes: Annotated[list[Node], Field(max_length=100_000)] = []
    meshes: Annotated[list[GltfMesh], Field(max_length=100_000)] = []
    accessors: Annotated[list[Accessor], Field(max_length=100_000)] = []
    bufferViews: Annotated[list[BufferView], Field(max_length=100_000)] = []
    buffers: Annotated[list[Buffer], Field(max_length=10_000)] = []
    materials: Annotated[list[GltfMaterial], Field(max_length=10_000)] = []
    textures: Annotated[list[GltfTexture], Field(max_length=10_000)] = []
    images: Annotated[list[GltfImage], Field(max_length=10_000)] = []
    samplers: Annotated[list[Sampler], Field(max_length=10_000)] = []
    skins: Annotated[list[Skin], Field(max_length=10_000)] = []
    cameras: Annotated[list[dict[str, Any]], Field(max_length=10_000)] = []
    animations: Annotated[list[dict[str, Any]], Field(max_length=100_000)] = []
    extensions: Extensions | None = None
