"""Facades: every cell is covered, openings follow the pattern, the choice depends on the seed alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.geometry.mesh import Mesh
from vrclient.scene.facade import Facade, facade_surfaces, far_surfaces, joined, wall_cells

RING = np.array([[0.0, 0.0], [24.0, 0.0], [24.0, 12.0], [0.0, 12.0]])
LEVELS = np.array([0.0, 4.0, 8.0, 12.0])
OUTSIDE = 2 * (24 + 12) * 12.0


def _area(shape: Mesh) -> float:
    a, b, c = (shape.position[shape.triangle[:, k]].astype(np.float64) for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)


@given(st.sampled_from(["window_grid", "curtain_wall", "panels", "plain"]), st.floats(1.2, 8.0), st.integers(0, 99))
def test_wall_and_glass_cover_the_facade(pattern: str, bay: float, seed: int) -> None:
    look = Facade(pattern=pattern, bay_m=bay, seed=seed, density=0.5)  # type: ignore[arg-type]
    surfaces = facade_surfaces(wall_cells(RING, LEVELS, bay=bay), look)
    far = far_surfaces(RING, LEVELS, look)
    assert sum(_area(surface.mesh) for surface in far) == pytest.approx(OUTSIDE, rel=1e-4)
    reveals = sum(_area(surface.mesh) for surface in surfaces) - OUTSIDE
    glass = [surface for surface in surfaces if surface.material.surface == "glass"]
    assert (reveals > 1.0) == bool(glass)
    assert reveals >= -1e-3


def test_density_grows_along_the_wall() -> None:
    look = Facade(pattern="panels", density=0.0, density_to=1.0)
    ring = np.array([[0.0, 0.0], [400.0, 0.0], [400.0, 1.0], [0.0, 1.0]])
    glass = facade_surfaces(wall_cells(ring, LEVELS, bay=2.0), look)[-1].mesh
    front = glass.position[np.abs(glass.position[:, 1] - look.depth_m) < 0.01, 0]
    assert (front < 100).sum() < 0.5 * ((front > 200) & (front < 300)).sum()


def test_the_seed_alone_decides() -> None:
    cells = wall_cells(RING, LEVELS, bay=2.0)
    first, again, other = (
        facade_surfaces(cells, Facade(pattern="panels", seed=seed, density=0.5))[-1].mesh.position for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_rooms_have_the_size_that_the_shader_counts_in() -> None:
    glass = facade_surfaces(wall_cells(RING, LEVELS, bay=3.0), Facade(pattern="window_grid"))[-1].mesh
    storey = np.floor(glass.uv[:, 1] / 4.0)
    assert np.array_equal(np.unique(storey), [0, 1, 2])
    assert np.array_equal(storey, np.floor(glass.position[:, 2] / 4.0))


def test_equal_materials_are_joined() -> None:
    surfaces = facade_surfaces(wall_cells(RING, LEVELS, bay=3.0), Facade(pattern="panels", density=0.5))
    assert len(joined((*surfaces, *surfaces))) == len({surface.material for surface in surfaces})
