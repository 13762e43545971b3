"""The folder is the registry: a kind is added by adding one file, and every kind keeps the same promises."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from glb_files import triangle_file

from vrclient.elements import kinds
from vrclient.scene.build import build_context, build_element
from vrclient.scene.draw_data import DrawData
from vrclient.showcase.load import LoadResult, load_showcase

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "ARCHITECTURE.md"
HEAD = """\
vrclient: 1
title: {zh: 试, en: Test}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
"""


def _loaded(folder: Path, entries: str, *extra: Path) -> LoadResult:
    (folder / "showcase.yaml").write_text(HEAD + "".join(f"  {line}\n" for line in entries.splitlines()), "utf-8")
    known = kinds(*extra)
    return load_showcase(
        folder, {name: kind.model for name, kind in known.items()}, has_path=[n for n, k in known.items() if k.path]
    )


def test_the_file_of_the_architecture_page_is_a_new_kind(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", ARCHITECTURE.read_text("utf-8"), re.DOTALL)
    assert example
    folder = tmp_path / "elements"
    folder.mkdir()
    (folder / "post.py").write_text(example[1], "utf-8")
    known = kinds(folder)
    assert set(known) == {*kinds(), "post"}
    result = _loaded(tmp_path, "- {kind: spawn, at: [0, 0]}\n" + known["post"].example, folder)
    assert result.diagnostics == ()
    assert result.showcase
    context = build_context(result.showcase, known)
    built = build_element(result.showcase.elements[1], known, context)
    assert np.allclose(built.draw_data.surfaces[0].mesh.position.max(axis=0), [10.1, 4.0, 0.9])


def test_a_new_kind_is_suggested_like_the_others(tmp_path: Path) -> None:
    result = _loaded(tmp_path, "- {kind: spawn, at: [0, 0]}\n- {kind: bulding}")
    assert [one.code for one in result.diagnostics] == ["unknown-kind"]
    assert result.diagnostics[0].help == "did you mean 'building'?"


def test_a_file_that_is_no_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "nothing.py").write_text("A = 1\n", "utf-8")
    with pytest.raises(ValueError, match=r"^elements/nothing\.py must end in ELEMENT = ElementKind\(\.\.\.\)$"):
        kinds(tmp_path)


def test_a_known_name_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "water.py").write_text("", "utf-8")
    with pytest.raises(ValueError, match="the kind 'water' exists already; give the file another name"):
        kinds(tmp_path)


def _write_assets(folder: Path) -> None:
    """The files that examples name."""
    (folder / "models").mkdir()
    (folder / "models" / "pavilion.glb").write_bytes(triangle_file().glb())
    shutil.copytree(Path(__file__).parents[1] / "media", folder / "media")


def _arrays(data: DrawData) -> list[np.ndarray]:
    found = [data.walls, *(mesh.position for mesh in data.walkable)]
    for surface in (*data.surfaces, *data.far):
        shape = surface.mesh
        found += [shape.position, shape.normal, shape.uv, shape.color, shape.openness, shape.triangle]
        found += [surface.material.image.pixels] if surface.material.image else []
    for group in data.instances:
        found += [group.position, group.heading, group.scale, group.tint]
    return found


@pytest.mark.parametrize("name", kinds())
class TestEveryKind:
    """What docs/ARCHITECTURE.md promises of a kind."""

    def test_its_example_checks_and_builds_the_same_twice(self, name: str, tmp_path: Path) -> None:
        _write_assets(tmp_path)
        start = "" if name == "spawn" else "- {kind: spawn, at: [0, 0]}\n"
        result = _loaded(tmp_path, start + kinds()[name].example)
        assert [one.message for one in result.diagnostics if one.severity == "error"] == []
        assert result.showcase
        element = next(one for one in result.showcase.elements if one.kind == name)
        context = build_context(result.showcase, kinds())
        first, second = (_arrays(build_element(element, kinds(), context).draw_data) for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
        assert all(np.isfinite(array).all() for array in first if array.dtype.kind == "f")

    def test_its_normals_are_unit_and_its_triangles_have_corners(self, name: str, tmp_path: Path) -> None:
        _write_assets(tmp_path)
        start = "" if name == "spawn" else "- {kind: spawn, at: [0, 0]}\n"
        result = _loaded(tmp_path, start + kinds()[name].example)
        assert result.showcase
        element = next(one for one in result.showcase.elements if one.kind == name)
        data = build_element(element, kinds(), build_context(result.showcase, kinds())).draw_data
        for surface in (*data.surfaces, *data.far):
            assert np.allclose(np.linalg.norm(surface.mesh.normal, axis=1), 1.0, atol=1e-3)
            assert surface.mesh.triangle.size == 0 or surface.mesh.triangle.max() < len(surface.mesh.position)

    def test_every_key_has_a_description(self, name: str) -> None:
        fields = kinds()[name].model.model_fields
        assert [key for key, field in fields.items() if not field.description] == []

    def test_it_says_what_it_is(self, name: str) -> None:
        assert (kinds()[name].model.__doc__ or "").strip()
