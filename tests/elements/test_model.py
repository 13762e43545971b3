"""The kind `model`: where it stands, how large, how often, and what a visitor bumps into."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from vrclient.elements.model import ELEMENT, GltfElement, build, occupied
from vrclient.geometry.mesh import concatenated
from vrclient.scene.element import BuildContext
from vrclient.scene.gltf.simplify import simplified


class Slope:
    def height(self, xy: np.ndarray, /) -> np.ndarray:
        return 0.1 * np.asarray(xy, np.float64)[..., 0]


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> np.ndarray:
    """[12, 3, 3] triangles of a box."""
    corner = np.array([[(low, high)[k >> axis & 1][axis] for axis in range(3)] for k in range(8)])
    quads = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    return corner[[quad[k] for quad in quads for k in (0, 1, 2, 0, 2, 3)]].reshape(-1, 3, 3)


def glb_of(path: Path, triangles: np.ndarray) -> Path:
    """A file with these triangles (in glTF's frame: Y up, front at +Z)."""
    data = np.ascontiguousarray(triangles, "<f4").tobytes()
    document = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(data)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(data)}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": triangles.size // 3, "type": "VEC3"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "nodes": [{"mesh": 0}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
    path.write_bytes(b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks)
    return path


@pytest.fixture
def nosed(tmp_path: Path) -> Path:
    """A body 2 wide, 1 high, floating 0.5 above its origin, with a nose to +Z (to 4 m)."""
    return glb_of(tmp_path / "nosed.glb", np.concatenate([box((-1, 0.5, -1), (1, 1.5, 1)), box((-0.1, 0.6, 1), (0.1, 0.8, 4))]))


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """Two pillars 4 m apart and a beam on top, on a plinth one can step over."""
    parts = [
        box((-3, 0, -0.5), (-2, 4, 0.5)),
        box((2, 0, -0.5), (3, 4, 0.5)),
        box((-3, 3, -0.5), (3, 4, 0.5)),
        box((-5, 0, -2), (5, 0.1, 2)),
    ]
    return glb_of(tmp_path / "gate.glb", np.concatenate(parts))


def bounds(element: GltfElement) -> tuple[np.ndarray, np.ndarray]:
    whole = concatenated([surface.mesh for surface in build(element, BuildContext(ground=Slope())).surfaces])
    return whole.position.min(axis=0), whole.position.max(axis=0)


@pytest.mark.parametrize(
    ("heading", "low", "high"), [(0, (9, 4), (11, 9)), (90, (9, 4), (14, 6)), (180, (9, 1), (11, 6)), (270, (6, 4), (11, 6))]
)
def test_the_front_looks_where_the_heading_points(nosed: Path, heading: float, low: tuple, high: tuple) -> None:
    lowest, highest = bounds(GltfElement(kind="model", file=nosed, at=(10.0, 5.0), heading_deg=heading))
    np.testing.assert_allclose(lowest[:2], low, atol=1e-5)
    np.testing.assert_allclose(highest[:2], high, atol=1e-5)


@pytest.mark.parametrize(
    ("anchor", "low"), [("ground", (9.0, 4.0, 1.0)), ("center", (9.0, 2.5, 1.0)), ("origin", (9.0, 4.0, 1.5))]
)
def test_the_anchor_says_what_stands_at_the_place_on_the_land(nosed: Path, anchor: str, low: tuple) -> None:
    lowest, _ = bounds(GltfElement(kind="model", file=nosed, at=(10.0, 5.0), anchor=anchor))
    np.testing.assert_allclose(lowest, low, atol=1e-5)


def test_a_height_scales_and_a_third_number_lifts(nosed: Path) -> None:
    lowest, highest = bounds(GltfElement(kind="model", file=nosed, at=(0.0, 0.0, 7.0), height_m=3.0))
    np.testing.assert_allclose(lowest, [-3, -3, 7], atol=1e-5)
    np.testing.assert_allclose(highest, [3, 12, 10], atol=1e-5)


def test_placements_are_instances_of_one_mesh(nosed: Path) -> None:
    places = [{"at": (20.0 * k, 5.0), "heading_deg": 30.0 * k, "scale": 1.0 + k} for k in range(3)]
    element = GltfElement(kind="model", file=nosed, placements=places, heading_deg=10.0, tint="#ff0000")
    (rows,) = build(element, BuildContext(ground=Slope())).instances
    np.testing.assert_allclose(rows.position, [[0, 5, 0], [20, 5, 2], [40, 5, 4]], atol=1e-6)
    np.testing.assert_allclose(np.degrees(rows.heading), [10, 40, 70], atol=1e-4)
    np.testing.assert_allclose(rows.scale, [[1] * 3, [2] * 3, [3] * 3])
    (surface,) = rows.mesh.levels[0]
    assert surface.mesh.position[:, 2].min() == 0.0
    np.testing.assert_allclose(surface.material.color, [0.8, 0, 0], atol=1e-6)
    other = build(element.model_copy(update={"tint": "#ffffff"}), BuildContext())
    assert other.instances[0].mesh.key != rows.mesh.key
    assert build(element, BuildContext()).instances[0].mesh.key == rows.mesh.key


def test_one_walks_through_a_gate_but_not_through_its_pillars(gate: Path) -> None:
    walls = build(GltfElement(kind="model", file=gate, at=(0.0, 0.0)), BuildContext()).walls
    assert sorted({round(float(x), 2) for x in walls[:, [0, 2]].ravel()}) == pytest.approx([-3.05, -1.95, 1.95, 3.05], abs=0.03)
    assert np.abs(walls[:, [1, 3]]).max() < 0.6
    np.testing.assert_allclose(walls[:, 4:], [[0, 4]] * len(walls))
    assert not len(build(GltfElement(kind="model", file=gate, at=(0.0, 0.0), collision="none"), BuildContext()).walls)


def test_what_is_flat_or_overhead_is_in_nobodys_way(tmp_path: Path) -> None:
    for low, high in (((-3, 0, -3), (3, 0.2, 3)), ((-3, 3, -3), (3, 3.2, 3))):
        parts = [box(low, high), box((-0.1, 0, -0.1), (0.1, 0.05, 0.1))]
        file = glb_of(tmp_path / f"{high[1]}.glb", np.concatenate(parts))
        assert build(GltfElement(kind="model", file=file, at=(0.0, 0.0)), BuildContext()).walls.shape == (0, 6)


def test_a_walkable_model_gives_its_surfaces_to_stand_on(gate: Path) -> None:
    data = build(GltfElement(kind="model", file=gate, at=(0.0, 0.0), walkable=True), BuildContext())
    assert [len(mesh.triangle) for mesh in data.walkable] == [48]


def test_the_ground_it_takes_is_the_rectangle_under_it(gate: Path) -> None:
    (ring,) = occupied(GltfElement(kind="model", file=gate, at=(10.0, 5.0), heading_deg=90.0))
    np.testing.assert_allclose([ring.min(axis=0), ring.max(axis=0)], [[8, 0], [12, 10]], atol=1e-5)


def test_a_fine_model_has_a_simple_version_of_the_same_size(tmp_path: Path) -> None:
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 97), np.linspace(0, np.pi, 49))
    ball = np.stack([np.cos(u) * np.sin(v), np.cos(v), np.sin(u) * np.sin(v)], axis=-1)
    quad = np.stack([ball[:-1, :-1], ball[:-1, 1:], ball[1:, 1:], ball[1:, :-1]], axis=2).reshape(-1, 4, 3)
    file = glb_of(tmp_path / "ball.glb", np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]))
    data = build(GltfElement(kind="model", file=file, at=(0.0, 0.0)), BuildContext())
    near, far = (concatenated([surface.mesh for surface in some]) for some in (data.surfaces, data.far))
    assert 100 < len(far.triangle) <= 0.2 * len(near.triangle)
    np.testing.assert_allclose(np.ptp(far.position, axis=0), [2, 2, 2], atol=0.15)
    a, b, c = (far.position[far.triangle[:, k]] for k in range(3))
    outward = (np.cross(b - a, c - a) * ((a + b + c) / 3 - [0, 0, 1])).sum(axis=1)
    assert (outward < 1e-3).all() or (outward > -1e-3).all()
    assert simplified(data.far) == ()


def test_a_file_that_went_away_draws_nothing(tmp_path: Path) -> None:
    element = GltfElement(kind="model", file=tmp_path / "gone.glb", at=(0.0, 0.0))
    assert build(element, BuildContext()).surfaces == () and occupied(element) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "give either 'at' or 'placements'"),
        ({"at": (0, 0), "placements": [{"at": (1, 1)}]}, "give either 'at' or 'placements'"),
        ({"at": (0, 0), "scale": 2.0, "height_m": 3.0}, "give either 'scale' or 'height_m'"),
    ],
)
def test_choices_that_exclude_each_other_are_refused(keys: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        GltfElement(kind="model", file=Path("a.glb"), **keys)


def test_real_models_build(shared_data: Path) -> None:
    file = shared_data / "gltf" / "mikedh_trimesh" / "models" / "CesiumMilkTruck.glb"
    data = build(GltfElement(kind="model", file=file, at=(0.0, 0.0)), BuildContext())
    assert {surface.material.surface for surface in data.surfaces} == {"lit"}
    assert sum(surface.material.image is not None for surface in data.surfaces) >= 1
    assert 0 < sum(len(surface.mesh.triangle) for surface in data.far) < 1000 and len(data.walls) > 4
    assert ELEMENT.model is GltfElement
