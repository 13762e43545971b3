"""Laws of throwing: what is landed on has a floor, keeps its distance, and does not depend on where north is."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vrclient.geometry.frames import heading_matrix, world_from_body
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.teleport import ARC_POINTS, GRAVITY, THROW_SPEED, landing

Array = NDArray[np.float64]


def square(low: float, high: float, z: float, *, tilt: float = 0.0) -> Array:
    """Two triangles that rise to the north by `tilt` metres a metre."""
    a, b, c, d = ((x, y, z + tilt * (y - low)) for x, y in ((low, low), (high, low), (high, high), (low, high)))
    return np.array([[a, b, c], [a, c, d]])


def scene(seed: int) -> tuple[Array, Array]:
    """Uneven ground with platforms and walls."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(-16, 17, 2.0), np.arange(-16, 17, 2.0), indexing="ij")
    z = random.uniform(-0.35, 0.35, x.shape)
    point = np.stack([x, y, z], axis=-1)
    a, b, c, d = point[:-1, :-1], point[1:, :-1], point[1:, 1:], point[:-1, 1:]
    ground = np.concatenate([np.stack([a, b, c], axis=2).reshape(-1, 3, 3), np.stack([a, c, d], axis=2).reshape(-1, 3, 3)])
    platforms = [square(0, 3, float(random.uniform(0.5, 3))) + np.append(random.uniform(-10, 8, 2), 0.0) for _ in range(4)]
    start = random.uniform(-10, 10, (12, 2))
    walls = np.column_stack([start, start + random.uniform(-4, 4, (12, 2)), np.full(12, -1.0), random.uniform(0.8, 3, 12)])
    return np.concatenate([ground, *platforms]), walls


def built(triangles: Array, walls: Array) -> Obstacles:
    return Obstacles.build(triangles.astype(np.float32), walls.reshape(-1, 6).astype(np.float32))


NO_WALLS = np.zeros((0, 6))
FIELD = built(square(-50, 50, 0.0), NO_WALLS)


def test_a_level_throw_lands_where_gravity_says() -> None:
    throw = landing(world_from_body((0, 0, 1.2)), FIELD, feet=0.0)
    assert throw.valid and throw.spot is not None
    assert np.allclose(throw.spot, [0, THROW_SPEED * np.sqrt(2 * 1.2 / GRAVITY), 0], atol=1e-6)
    assert throw.points.shape == (ARC_POINTS, 3)
    assert np.allclose(throw.points[-1], throw.spot)
    assert 0.0 < throw.points[0, 1] < 0.2


@given(seed=st.integers(0, 30), heading=st.floats(-3.2, 3.2), pitch=st.floats(-1.5, 1.5), x=st.floats(-9, 9), y=st.floats(-9, 9))
def test_a_valid_landing_has_a_floor_and_keeps_clear_of_walls(
    seed: int, heading: float, pitch: float, x: float, y: float
) -> None:
    triangles, walls = scene(seed)
    obstacles = built(triangles, walls)
    throw = landing(world_from_body((x, y, 1.4), heading=heading, pitch=pitch), obstacles, feet=0.0)
    assert np.isfinite(throw.points).all()
    assert throw.valid == (throw.reason == "")
    if throw.valid:
        assert throw.spot is not None and throw.normal is not None
        floor = obstacles.floor_height(throw.spot[:2], feet=float(throw.spot[2]) - 0.5)
        assert floor is not None and abs(floor - throw.spot[2]) < 1e-3
        assert throw.normal[2] >= np.cos(np.radians(20.0)) - 1e-6
        a, along = walls[:, :2], walls[:, 2:4] - walls[:, :2]
        share = np.clip(((throw.spot[:2] - a) * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
        away = np.linalg.norm(throw.spot[:2] - a - share[:, None] * along, axis=1)
        assert (away[walls[:, 5] > throw.spot[2] + 0.56] >= BODY_RADIUS - 1e-4).all()
        for low, high in zip(throw.points[:-1], throw.points[1:], strict=True):
            assert not obstacles.wall_between(low, high)


@given(
    seed=st.integers(0, 30),
    heading=st.floats(-3.2, 3.2),
    pitch=st.floats(-1.2, 1.2),
    turn=st.floats(-3.2, 3.2),
    mirror=st.booleans(),
)
def test_a_turned_or_mirrored_world_gives_a_turned_or_mirrored_landing(
    seed: int, heading: float, pitch: float, turn: float, mirror: bool
) -> None:
    triangles, walls = scene(seed)
    change = heading_matrix(turn) @ np.diag([-1.0 if mirror else 1.0, 1.0, 1.0])
    other_walls = walls.copy()
    other_walls[:, :2], other_walls[:, 2:4] = walls[:, :2] @ change[:2, :2].T, walls[:, 2:4] @ change[:2, :2].T
    aim = world_from_body((0.37, -0.21, 1.4), heading=heading, pitch=pitch)
    other_aim = np.eye(4)
    other_aim[:3, 1], other_aim[:3, 3] = change @ aim[:3, 1], change @ aim[:3, 3]
    obstacles = built(triangles, walls)
    here = landing(aim, obstacles, feet=0.0)
    for more, higher in ((3e-4, 3e-4), (3e-4, -3e-4), (-3e-4, 3e-4), (-3e-4, -3e-4)):
        beside = landing(world_from_body((0.37, -0.21, 1.4), heading=heading + more, pitch=pitch + higher), obstacles, feet=0.0)
        assume(beside.reason == here.reason and np.abs(beside.points - here.points).max() < 0.05)  # it touches no edge
    there = landing(other_aim, built(triangles @ change.T, other_walls), feet=0.0)
    assert here.reason == there.reason
    assert np.abs(there.points - here.points @ change.T).max() < 2e-3


WALL = np.array([[-5.0, 2.0, 5.0, 2.0, 0.0, 2.5]])


@pytest.mark.parametrize(
    ("obstacles", "pitch", "feet", "reason"),
    [
        (built(np.zeros((0, 3, 3)), NO_WALLS), 0.0, 0.0, "nothing there"),
        (built(square(-50, 50, 0.0), WALL), 0.0, 0.0, "a wall"),
        (built(square(-50, 50, 0.0), WALL + np.array([0, 1.6, 0, 1.6, 0, 0])), 0.0, 0.0, "too near a wall"),
        (built(square(-50, 50, -20.0, tilt=0.4), NO_WALLS), 0.0, 0.0, "too steep"),
        (built(square(-50, 50, 1.0), NO_WALLS), 0.0, -2.0, "too high"),
        (built(square(-50, 50, -9.0), NO_WALLS), 0.0, 0.0, "too deep"),
        (built(np.concatenate([square(-50, 50, 0.0), square(-50, 50, 2.0)]), NO_WALLS), 1.0, 0.0, "from below"),
        (built(square(-50, 50, 0.0, tilt=0.3), NO_WALLS), 0.5, 14.0, ""),
    ],
)
def test_where_one_cannot_stand_says_why(obstacles: Obstacles, pitch: float, feet: float, reason: str) -> None:
    height = 16.5 if feet == 14.0 else 1.2
    throw = landing(world_from_body((0, 0, height), pitch=pitch), obstacles, feet=feet)
    assert throw.reason == reason
    assert throw.valid == (reason == "")


def test_a_hand_that_reaches_through_a_wall_throws_nothing() -> None:
    obstacles = built(square(-50, 50, 0.0), np.array([[-5.0, 0.3, 5.0, 0.3, 0.0, 2.5]]))
    aim = world_from_body((0, 0.5, 1.2))
    assert landing(aim, obstacles, feet=0.0).valid
    through = landing(aim, obstacles, feet=0.0, eye=np.array([0.0, 0.0, 1.6]))
    assert through.reason == "a wall"
    assert through.spot is None


@given(heading=st.floats(-3.2, 3.2), pitch=st.floats(-1.5, 1.5), seed=st.integers(0, 20))
def test_a_ray_meets_what_small_steps_meet(heading: float, pitch: float, seed: int) -> None:
    triangles, walls = scene(seed)
    aim = world_from_body((0.3, 0.4, 1.7), heading=heading, pitch=pitch)
    strike = built(triangles, walls).struck(aim[:3, 3], aim[:3, 1], until=30.0)
    expected = min([*_triangle_distances(triangles, aim), *_wall_distances(walls, aim), np.inf])
    assert np.isclose(strike.time if strike else np.inf, expected, atol=1e-3) or expected > 29.9


def _triangle_distances(triangles: Array, aim: Array) -> Array:
    """Source: Möller, Trumbore (1997)."""
    origin, way = aim[:3, 3], aim[:3, 1]
    e1, e2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    h = np.cross(way, e2)
    a = (e1 * h).sum(axis=1)
    s = origin - triangles[:, 0]
    a = np.where(np.abs(a) > 1e-12, a, 1e-12)
    u, q = (s * h).sum(axis=1) / a, np.cross(s, e1)
    v, t = (q @ way) / a, (e2 * q).sum(axis=1) / a
    return t[(u >= 0) & (v >= 0) & (u + v <= 1) & (t >= 0) & (t <= 30.0)]


def _wall_distances(walls: Array, aim: Array) -> Array:
    low = np.column_stack([walls[:, :2], walls[:, 4]])
    along, up = np.column_stack([walls[:, 2:4] - walls[:, :2], np.zeros(len(walls))]), walls[:, 5] - walls[:, 4]
    high = low + np.column_stack([np.zeros((len(walls), 2)), up])
    both = np.concatenate([np.stack([low, low + along, high + along], axis=1), np.stack([low, high + along, high], axis=1)])
    return _triangle_distances(both, aim)
