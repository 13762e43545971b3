from typing import get_args

import numpy as np
import pytest

from vrclient.geometry.mesh import face_normals
from vrclient.scene.draw_data import InstanceMesh, Surface
from vrclient.scene.props.library import PROPS, PropName, prop_mesh

NAMES = sorted(PROPS)
TREES = ("broadleaf", "ginkgo", "conifer", "willow", "palm", "bamboo")
HEIGHTS = {
    "broadleaf": (8.5, 11.0), "ginkgo": (12.0, 15.0), "conifer": (16.0, 22.0), "willow": (7.0, 10.0), "palm": (6.0, 9.0),
    "bamboo": (5.5, 8.0), "shrub": (0.9, 1.5), "hedge": (0.8, 1.1), "reed": (1.4, 2.4), "flowers": (0.25, 0.6),
    "lamp": (4.1, 4.3), "bollard": (0.85, 0.95), "bench": (0.7, 0.95),
    "bin": (0.8, 1.0), "bicycle_rack": (0.7, 0.9), "person": (1.6, 1.8),
    "child": (1.1, 1.35),
}  # fmt: skip


def extent(level: tuple[Surface, ...]) -> tuple[np.ndarray, np.ndarray]:
    position = np.concatenate([surface.mesh.position for surface in level])
    return position.min(axis=0), position.max(axis=0)


def triangles(mesh: InstanceMesh) -> list[int]:
    return [sum(len(surface.mesh.triangle) for surface in level) for level in mesh.levels]


def test_every_name_of_the_format_is_a_thing():
    assert set(get_args(PropName)) == set(PROPS)


@pytest.mark.parametrize("name", NAMES)
def test_a_thing_is_sound(name):
    for variant in range(PROPS[name].variants):
        mesh = prop_mesh(name, variant)
        assert len(mesh.lod_pixels) == len(mesh.levels) - 1
        assert list(mesh.lod_pixels) == sorted(mesh.lod_pixels, reverse=True)
        for level in mesh.levels:
            for surface in level:
                shape = surface.mesh
                assert surface.material.surface == "lit"
                assert np.isfinite(shape.position).all() and np.isfinite(shape.color).all()
                assert np.allclose(np.linalg.norm(shape.normal, axis=1), 1.0, atol=1e-3)
                assert shape.color.min() >= 0.0 and shape.color.max() <= 1.0
                assert shape.openness.min() >= 0.0 and shape.openness.max() <= 1.0
                assert shape.triangle.max() < len(shape.position)


@pytest.mark.parametrize("name", NAMES)
def test_a_thing_has_its_natural_height_and_stands_on_the_ground(name):
    low, high = extent(prop_mesh(name, 0).levels[0])
    assert HEIGHTS[name][0] <= high[2] <= HEIGHTS[name][1]
    assert -0.35 <= low[2] <= 0.06


@pytest.mark.parametrize("name", NAMES)
def test_levels_get_simpler_and_keep_the_outline(name):
    mesh = prop_mesh(name, 0)
    counts = triangles(mesh)
    assert counts == sorted(counts, reverse=True) and counts[-1] <= 120
    finest_low, finest_high = extent(mesh.levels[0])
    for level in mesh.levels[1:]:
        high = extent(level)[1]
        assert np.abs(high - finest_high).max() <= 0.3 * (finest_high - finest_low).max()
        assert abs(high[2] - finest_high[2]) <= 0.12 * finest_high[2]


@pytest.mark.parametrize("name", TREES)
def test_trees_keep_within_their_triangles(name):
    counts = triangles(prop_mesh(name, 0))
    assert counts[0] <= 3500 and counts[2] <= 700 and counts[3] <= 160 and counts[4] <= 100


@pytest.mark.parametrize("name", TREES)
def test_leaves_face_outward_mostly(name):
    leaves = prop_mesh(name, 0).levels[2][1].mesh
    flat = face_normals(leaves.position, leaves.triangle)
    soft = leaves.normal[leaves.triangle].mean(axis=1)
    assert np.mean(np.sum(flat * soft, axis=1) > 0.0) > 0.8


@pytest.mark.parametrize("name", ("broadleaf", "ginkgo", "conifer", "willow"))
def test_levels_agree_in_mean_colour(name):
    means = []
    for level in prop_mesh(name, 0).levels:
        shape = level[1].mesh
        corner = shape.position[shape.triangle]
        area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
        means.append(np.average((shape.color * shape.openness[:, None])[shape.triangle].mean(axis=1), axis=0, weights=area))
    assert np.abs(np.array(means) / means[0] - 1.0).max() < 0.6


def test_variants_differ_and_equal_arguments_give_the_same_thing():
    assert prop_mesh("broadleaf", 0) is prop_mesh("broadleaf", 0)
    first, second = prop_mesh("broadleaf", 0), prop_mesh("broadleaf", 1)
    assert first.key != second.key
    assert not np.array_equal(first.levels[0][1].mesh.position, second.levels[0][1].mesh.position)


def test_a_colour_changes_the_leaves_and_not_the_bark():
    green, gold = prop_mesh("ginkgo", 0), prop_mesh("ginkgo", 0, "#d9a521")
    assert gold.key == "ginkgo_0_d9a521"
    assert np.array_equal(green.levels[0][0].mesh.color, gold.levels[0][0].mesh.color)
    mean = gold.levels[0][1].mesh.color.mean(axis=0)
    assert mean[0] > 1.3 * mean[1] > 4 * mean[2]
