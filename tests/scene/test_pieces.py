"""Large chunks come in pieces: nothing of them is lost, doubled or moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrclient.geometry.mesh import mesh as triangle_mesh
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, Image, Material, Surface
from vrclient.scene.pieces import LARGEST_BYTES, in_pieces
from vrclient.scene.tables import VERTEX, Chunk, PackedMesh

LARGEST = LARGEST_BYTES // VERTEX.itemsize


def mesh(vertices: int, triangles: int, seed: int) -> PackedMesh:
    random = np.random.default_rng(seed)
    vertex = np.zeros(vertices, VERTEX)
    vertex["position"] = random.uniform(-30.0, 30.0, (vertices, 3))
    vertex["uv"][:, 0] = np.arange(vertices)  # who is who
    return PackedMesh(vertex, random.integers(0, vertices, (triangles, 3)).astype(np.uint32))


def chunk(near: PackedMesh, far: PackedMesh | None = None, surface: str = "lit") -> Chunk:
    points = near.vertex["position"]
    center = (points.min(axis=0) + points.max(axis=0)) / 2
    return Chunk(surface, None, False, True, near, far, center, np.float32([40.0, 40.0, 40.0]), built=3)


def corners(meshes: list[PackedMesh]) -> np.ndarray:
    """[T, 3]: the numbers of all triangles' corners, in their order."""
    return np.concatenate([one.vertex["uv"][one.triangle, 0] for one in meshes])


@settings(max_examples=15)
@given(st.integers(3, 4 * LARGEST), st.integers(0, 9), st.sampled_from(["lit", "glass"]))
def test_every_triangle_is_in_one_piece_and_within_its_bounds(vertices: int, seed: int, surface: str) -> None:
    whole = chunk(mesh(vertices, vertices // 2, seed), surface=surface)
    pieces = list(in_pieces(whole))
    there, expected = corners([one.near for one in pieces]), corners([whole.near])
    if surface == "lit":
        there, expected = (np.sort(one.view([("", one.dtype)] * 3), axis=0) for one in (there, expected))
    np.testing.assert_array_equal(there, expected)
    for one in pieces:
        assert one.near.vertex.nbytes <= LARGEST_BYTES and one.built == 3 and one.far is None
        off = np.abs(one.near.vertex["position"] - one.center) - one.half_extent
        assert off.max() <= 1e-4


def test_pieces_of_what_stands_apart_have_smaller_bounds() -> None:
    """So that of a long wall only what is seen is drawn."""
    near = mesh(3 * LARGEST, 3 * LARGEST, 1)
    near.vertex["position"] = 0.0
    near.vertex["position"][:, 0] = np.arange(3 * LARGEST) / 1000.0
    near.triangle[:] = np.arange(3 * LARGEST)[:, None]
    pieces = list(in_pieces(chunk(near)))
    assert len(pieces) == 4
    assert max(one.half_extent[0] for one in pieces) == pytest.approx(3 * LARGEST / 8000.0, rel=0.01)


def test_what_is_otherwise_far_away_changes_as_a_whole() -> None:
    whole = chunk(mesh(3 * LARGEST, LARGEST * 2, 1), mesh(LARGEST + 9, LARGEST * 2, 2))
    pieces = list(in_pieces(whole))
    assert [one.center is whole.center and one.half_extent is whole.half_extent for one in pieces] == [True] * len(pieces)
    for level in ("near", "far"):
        meshes = [getattr(one, level) for one in pieces]
        assert sum(len(one.triangle) for one in meshes) == 2 * LARGEST
        assert max(one.vertex.nbytes for one in meshes) <= LARGEST_BYTES


def test_a_small_chunk_stays_itself() -> None:
    small = chunk(mesh(30, 20, 1), mesh(20, 10, 2))
    assert list(in_pieces(small)) == [small]


@pytest.mark.parametrize("step", [1, -1])
def test_chunks_come_in_the_order_of_what_was_written(step: int) -> None:
    """Wherever in memory their pictures lie: what is drawn first is the same in every run."""
    pictures = [Image(np.zeros((1, 1, 4), np.uint8), str(number)) for number in range(40)]
    pictures.sort(key=id, reverse=step < 0)
    square = triangle_mesh([[0, 0, 0], [1, 0, 0], [0, 0, 1]], [[0, 1, 2]])
    elements = [
        BuiltElement(DrawData(surfaces=(Surface(square, Material(surface="image", image=one), casts_shadow=shadow),)))
        for one in pictures
        for shadow in (True, False)
    ]
    made = scene_from_draw_data(elements)
    drawn = [(one.image, one.casts_shadow) for one in made.chunks if one.surface == "image"]
    assert drawn == [(one, shadow) for one in pictures for shadow in (False, True)]
