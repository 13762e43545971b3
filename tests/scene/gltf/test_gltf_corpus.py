"""What adr/0003 says of whole and of broken files: of a corpus of our own, and of real files by others and Khronos' own broken
ones where those are at hand."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from glb_files import File
from own_corpus import BROKEN, WHOLE

from vrclient.scene.gltf.read import inspect_gltf, load_gltf
from vrclient.showcase.codes import CODES

UNREADABLE = {
    "Fox.ktx2-etc1s.glb": "KHR_texture_basisu",
    "Fox.ktx2-uastc.glb": "KHR_texture_basisu",
    "ACMEBox.gltf": "ACME_gizmo",
    "TwoBoxes.gltf": "asset.version is 1.0",
    "empty_nodes.glb": "no triangles",
    "TestScene.gltf": "there is no 'TestScene.bin' in the model's folder",
}
"""Files that cannot be shown whole, and what has to be said about them."""


def is_unreadable(path: Path) -> bool:
    is_version_1 = path.parts[-3:] == ("glTF", "CesiumMilkTruck", "CesiumMilkTruck.gltf")
    has_only_points_and_lines = path.name[-7:-5] in ("00", "01", "02", "03", "07", "08", "09", "10")
    is_without_its_buffer = path.parent.name == "models" and path.name == "Mesh_PrimitiveMode_04.gltf"
    is_a_sampler_of_modes = path.name.startswith("Mesh_PrimitiveMode") and has_only_points_and_lines
    return path.name in UNREADABLE or is_version_1 or is_a_sampler_of_modes or is_without_its_buffer


def corpus(folder: Path) -> list[Path]:
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".glb", ".gltf")]
    return [path for path in files if "invalid" not in path.parts]


@pytest.mark.parametrize("made", WHOLE.values(), ids=WHOLE)
def test_every_whole_file_of_ours_is_drawn(tmp_path: Path, made: Callable[[], File]) -> None:
    model = load_gltf(made().write(tmp_path / "a.glb"))
    assert model.problems == () and model.triangles > 0


@pytest.mark.parametrize(("made", "severity", "code"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_every_broken_file_of_ours_is_refused_or_drawn_with_its_reason(
    tmp_path: Path, made: Callable[[], bytes], severity: str, code: str
) -> None:
    path = tmp_path / "gate.glb"
    path.write_bytes(made())
    model = load_gltf(path)
    first = model.problems[0]
    assert (first.severity, first.code) == (severity, code), first
    assert first.message.startswith("gate.glb: ") and first.help
    assert bool(model.surfaces) or severity == "error"


def test_the_corpus_of_ours_has_a_file_for_every_code(tmp_path: Path) -> None:
    path, said = tmp_path / "gate.glb", set()
    for _, made, _, _ in BROKEN:
        path.write_bytes(made())
        said |= {one.code for one in inspect_gltf(path)}
    assert said == {code for code in CODES if code.startswith("gltf-")}


def test_every_real_file_is_drawn_or_refused_with_a_reason(shared_data: Path) -> None:
    files = corpus(shared_data / "gltf")
    assert len(files) > 100
    for path in files:
        model = load_gltf(path)
        errors = [problem.message for problem in model.problems if problem.severity == "error"]
        if is_unreadable(path):
            assert UNREADABLE.get(path.name, "") in errors[0], (path, errors)
        else:
            assert not errors and model.surfaces, (path, errors)


@pytest.mark.parametrize(
    ("variant", "original"),
    [
        ("2CylinderEngine.draco.glb", "2CylinderEngine.meshopt.glb"),
        ("2CylinderEngine.gpu_instancing.glb", "2CylinderEngine.quantized.glb"),
        ("CesiumMilkTruck.draco.glb", "CesiumMilkTruck.meshopt.glb"),
        ("Fox.draco.glb", "Fox.meshopt.glb"),
        ("Fox.webp.glb", "Fox.avif.glb"),
    ],
)
def test_compressed_variants_look_like_each_other(shared_data: Path, variant: str, original: str) -> None:
    one, other = (load_gltf(shared_data / "gltf" / "variants" / name) for name in (variant, original))
    size = float((one.high - one.low).max())
    np.testing.assert_allclose(one.low, other.low, atol=0.002 * size)
    np.testing.assert_allclose(one.high, other.high, atol=0.002 * size)
    assert {surface.material.color for surface in one.surfaces} == {surface.material.color for surface in other.surfaces}


def test_at_most_six_files_that_khronos_rejects_go_without_a_word(shared_data: Path) -> None:
    """Four have extension properties out of range that change nothing here (ior, dispersion, specular, volume), one a data URI
    that browsers take, one a buffer without bytes that nothing uses."""
    said = {"error": 0, "warning": 0, "nothing": 0}
    for report in sorted((shared_data / "gltf" / "invalid").rglob("*.report.json")):
        if json.loads(report.read_text(encoding="utf-8"))["issues"]["numErrors"]:
            problems = inspect_gltf(report.with_name(report.name.removesuffix(".report.json")))
            problems = [problem for problem in problems if "holds no triangles" not in problem.message]
            said[problems[0].severity if problems else "nothing"] += 1
    assert said == {"error": 15, "warning": 80, "nothing": 6}
