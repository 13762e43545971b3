import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import box

from vrclient.geometry.mesh import Mesh
from vrclient.scene.joinery import arch, bar, plate, widened

near = st.floats(-20, 20)


def volume(shape: Mesh) -> float:
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


@given(start=st.tuples(near, near, near), end=st.tuples(near, near, near))
def test_a_bar_reaches_from_one_point_to_the_other(start: tuple[float, ...], end: tuple[float, ...]) -> None:
    a, b = np.array(start), np.array(end)
    length = float(np.linalg.norm(b - a))
    assume(length > 0.1)
    made = bar(a, b, width=0.06, depth=0.04)
    along = (made.position - a) @ (b - a) / length
    assert (along.min(), along.max()) == pytest.approx((0.0, length), abs=1e-3)
    assert volume(made) == pytest.approx(0.06 * 0.04 * length, rel=0.02, abs=1e-4)


def test_a_bar_between_one_point_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^start and end of a bar are the same place, \[1\.0, 2\.0, 3\.0\]$"):
        bar([1, 2, 3], [1, 2, 3], width=0.1, depth=0.1)


@given(width=st.floats(0.5, 12), height=st.floats(1.0, 16), by=st.floats(0.02, 0.2))
def test_an_arch_fills_its_rectangle_and_grows_evenly(width: float, height: float, by: float) -> None:
    opening = arch(width, height)
    assert opening.is_valid and opening.bounds == pytest.approx((-width / 2, 0.0, width / 2, height), abs=1e-6)
    wider, narrower = widened(opening, by), widened(opening, -by)
    assert wider.bounds == pytest.approx((-width / 2 - by, 0.0, width / 2 + by, height + by), abs=5e-3)
    assert narrower.bounds == pytest.approx((by - width / 2, 0.0, width / 2 - by, height - by), abs=5e-3)
    assert wider.contains(opening.buffer(-1e-6)) and opening.buffer(1e-6).contains(narrower)


@given(width=st.floats(0.2, 5), height=st.floats(0.2, 5), front=st.floats(0.0, 0.5), back=st.floats(-0.5, -0.01))
def test_a_plate_is_solid(width: float, height: float, front: float, back: float) -> None:
    made = plate(box(0, 0, width, height), front=front, back=back)
    assert volume(made) == pytest.approx(width * height * (front - back), rel=1e-3, abs=1e-4)
    assert (made.position[:, 1].min(), made.position[:, 1].max()) == pytest.approx((-front, -back), abs=1e-6)
