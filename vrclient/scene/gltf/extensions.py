"""Which glTF extensions are read, which are left out, and what to do about the rest."""

from collections.abc import Iterator
from typing import Any

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.problems import GltfProblems

READ = frozenset(
    {
        "EXT_mesh_gpu_instancing",
        "EXT_meshopt_compression",
        "EXT_texture_avif",
        "EXT_texture_webp",
        "KHR_draco_mesh_compression",
        "KHR_materials_emissive_strength",
        "KHR_materials_pbrSpecularGlossiness",
        "KHR_materials_transmission",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_meshopt_compression",
        "KHR_node_visibility",
        "KHR_texture_transform",
    }
)

SEEN_AS_TEXTURE_FALLBACK = frozenset({"KHR_texture_basisu", "MSFT_texture_dds"})
"""Of these the PNG or JPEG that stands beside them is used; without one, images.py says so."""

UNSEEN = frozenset(
    {
        "EXT_mesh_features",
        "EXT_structural_metadata",
        "EXT_instance_features",
        "EXT_texture_procedurals",
        "KHR_xmp",
        "KHR_xmp_json_ld",
        "KHR_animation_pointer",
        "KHR_materials_ior",
        "KHR_materials_dispersion",
        "KHR_materials_specular",
        "KHR_materials_variants",
        "KHR_materials_volume",
    }
)
"""What these add is not visible here, or hardly; nothing is said about them."""

DECORATIVE = (
    "KHR_materials_", "KHR_lights_punctual", "EXT_lights_", "KHR_animation_", "KHR_audio", "KHR_physics_", "KHR_collision_",
    "KHR_interactivity", "KHR_node_", "CESIUM_RTC", "CESIUM_primitive_outline", "FB_ngon_encoding", "MSFT_lod", "VRM",
)  # fmt: skip
"""A model that requires one of these (or one with this prefix) is drawn without it; the rest of it is right."""

KTX2_HELP = "export it with PNG, JPEG or WebP textures (gltf-transform: `gltf-transform webp in.glb out.glb`)"

HELP_WITH = {
    "KHR_texture_basisu": KTX2_HELP,
    "MSFT_texture_dds": KTX2_HELP,
}

PLACES = {
    "EXT_mesh_gpu_instancing": ("nodes",),
    "EXT_texture_": ("textures",),
    "KHR_draco_mesh_compression": ("primitives",),
    "KHR_materials_variants": ("", "primitives"),
    "KHR_materials_": ("materials",),
    "KHR_node_visibility": ("nodes",),
    "KHR_texture_basisu": ("textures",),
}
"""Where an extension (or all with this prefix) may stand, "" being the top; elsewhere nobody looks at it."""


def check_extensions(gltf: schema.Gltf, raw: dict[str, Any], problems: GltfProblems, /) -> None:
    """Required ones that are not read are errors; undeclared and misplaced ones, and what is left out, are warnings."""
    used, required = gltf.extensionsUsed, gltf.extensionsRequired
    for name in dict.fromkeys(required):
        if name not in READ | SEEN_AS_TEXTURE_FALLBACK | UNSEEN and not name.startswith(DECORATIVE):
            problems.error(
                "gltf-extension",
                f"it requires the extension {name[:80]}, which is not read",
                HELP_WITH.get(name, f"export it without {name[:80]}"),
            )
    for name in dict.fromkeys(required):
        if name not in used:
            problems.warning("gltf-extension", f"the extension {name[:80]} is required, but extensionsUsed does not name it")
    for listed, names in (("extensionsUsed", used), ("extensionsRequired", required)):
        if len(set(names)) < len(names):
            problems.warning("gltf-extension", f"{listed} names an extension twice")
    undeclared, misplaced = set(), set()
    for parent, name in _extension_objects(raw):
        if name not in used:
            undeclared.add(name)
        places = next((places for prefix, places in PLACES.items() if name.startswith(prefix)), (parent,))
        if parent not in places:
            misplaced.add((name, parent or "the top"))
    for name in sorted(undeclared):
        problems.warning("gltf-extension", f"the extension {name[:80]} is used, but extensionsUsed does not name it")
    for name, parent in sorted(misplaced):
        problems.warning(
            "gltf-extension", f"the extension {name[:80]} stands in {parent}, where it means nothing; it is left out"
        )


def ignored_extensions(gltf: schema.Gltf, /) -> list[str]:
    """Names of optional extensions that would be visible, but are not drawn."""
    known = READ | SEEN_AS_TEXTURE_FALLBACK | UNSEEN
    return [name[:80] for name in dict.fromkeys(gltf.extensionsUsed) if name not in known]


def _extension_objects(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(the key that the object's parent stands under, extension name) of every extension object outside `extras`."""
    waiting: list[tuple[str, object]] = [("", raw)]
    while waiting:
        parent, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((parent, item) for item in value if isinstance(item, dict | list))
        elif isinstance(value, dict):
            extensions = value.get("extensions")
            if isinstance(extensions, dict):
                yield from ((parent, name) for name in extensions)
            waiting.extend(
                (key, item)
                for key, item in value.items()
                if key not in ("extensions", "extras") and isinstance(item, dict | list)
            )
