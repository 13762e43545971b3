"""numpy to the engine and back: nothing is lost, nothing is turned round."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vrclient.render_data.texels import TINT_MAX, packed_tint
from vrclient.renderer import convert
from vrclient.scene.draw_data import Image
from vrclient.scene.tables import VERTEX, PackedMesh

SIDES = st.integers(1, 5)


@given(st.tuples(SIDES, SIDES).flatmap(lambda size: arrays.arrays(np.uint8, (*size, 4))))
def test_an_image_comes_back_as_it_was(pixels: np.ndarray) -> None:
    texture = convert.image_texture(Image(pixels, "random"))
    assert np.array_equal(convert.pixels(texture), pixels[..., :3])


def test_a_mesh_keeps_every_byte() -> None:
    random = np.random.default_rng(1)
    vertex = random.integers(0, 256, 7 * VERTEX.itemsize, np.uint8).view(VERTEX)
    triangle = random.integers(0, 7, (5, 3)).astype(np.uint32)
    geom = convert.geom(PackedMesh(vertex, triangle))
    assert bytes(memoryview(geom.get_vertex_data().get_array(0)).cast("B")) == vertex.tobytes()
    indices = geom.get_primitive(0).get_vertices()
    assert bytes(memoryview(indices).cast("B")) == triangle.astype(np.uint16).tobytes()


def test_a_large_mesh_has_wide_indices() -> None:
    vertex = np.zeros(70_000, VERTEX)
    geom = convert.geom(PackedMesh(vertex, np.uint32([[0, 1, 69_999]])))
    assert np.frombuffer(memoryview(geom.get_primitive(0).get_vertices()).cast("B"), np.uint32).tolist() == [0, 1, 69_999]


@given(arrays.arrays(np.float32, (3, 3), elements=st.floats(0, TINT_MAX, width=32)))
def test_a_tint_survives_packing(tint: np.ndarray) -> None:
    packed = packed_tint(tint)
    assert np.isfinite(packed).all() and (np.abs(packed) > 1e-37).all(), "a driver may flush other floats"
    bits = packed.view(np.uint32)
    root = np.stack([bits & 511, bits >> 9 & 511, bits >> 18 & 511], axis=1) * (2.0 / 511.0)
    assert np.abs(root**2 - tint).max() <= 0.008


def test_numbers_are_written_in_place() -> None:
    texture = convert.number_rows("numbers", 8)
    convert.numbers(texture)[:] = np.arange(8)
    assert convert.numbers(texture).tolist() == list(range(8))
