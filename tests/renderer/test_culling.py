"""A scene's visibility: solids hide, moving things are looked for where they are, the same frame is the same object."""

import numpy as np
from renderer_scenes import column, looking_north, rows_of, wall

from vrclient.render_data.culling import SceneVisibility, wind_margin
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData, InstanceMesh, Material, Surface
from vrclient.scene.tables import Scene

THING = InstanceMesh("column", ((Surface(column(radius=0.3, height=1.5), Material()),),))
HOUSE = np.array([[0.0, 20.0, 5.0, 8.0, 2.0, 5.0]], np.float32)
HALVES = np.tile(np.float32([0.3, 0.3, 0.75]), (2, 1))
VIEW = looking_north((0.0, 0.0, 1.7))


def scene(*, built: int = 0, solids: np.ndarray = HOUSE) -> Scene:
    """A thing before a house, one behind it, one beside it."""
    things = rows_of(THING, [(0.0, 10.0, 0.0), (0.0, 40.0, 0.0), (20.0, 40.0, 0.0)])
    return scene_from_draw_data([BuiltElement(DrawData(instances=(things,))), BuiltElement(DrawData(solids=solids), built=built)])


def seen(visibility: SceneVisibility, date: int | None = None) -> list[int]:
    return sorted(visibility.cull(VIEW, date=date).instances.rows.tolist())


def test_what_stands_behind_a_house_is_not_drawn() -> None:
    assert seen(SceneVisibility(scene())) == [0, 2]
    assert seen(SceneVisibility(scene(), horizon=False)) == [0, 1, 2]
    assert seen(SceneVisibility(scene(solids=HOUSE[:0]))) == [0, 1, 2]


def test_a_house_hides_from_the_day_it_is_built() -> None:
    visibility = SceneVisibility(scene(built=700_000))
    assert seen(visibility, 699_999) == [0, 1, 2]
    assert seen(visibility, 700_000) == [0, 2]


def test_a_chunk_behind_a_house_is_not_drawn() -> None:
    low, high = wall((-1.0, 0.0), (1.0, 1.0), y=70.0), wall((-1.0, 0.0), (1.0, 120.0), y=200.0)
    surfaces = tuple(Surface(one, Material()) for one in (low, high))
    both = scene_from_draw_data([BuiltElement(DrawData(surfaces=surfaces, solids=HOUSE))])
    kept = SceneVisibility(both).cull(VIEW).chunks.rows.tolist()
    assert [float(both.chunks[row].half_extent[2]) for row in kept] == [60.0]


def test_what_moves_is_looked_for_where_it_is() -> None:
    visibility = SceneVisibility(scene())
    assert seen(visibility) == [0, 2]
    visibility.move(np.array([0, 1]), np.array([[3.0, 40.0, 0.75], [3.0, 10.0, 0.75]], np.float32), HALVES)
    assert seen(visibility) == [1, 2]


def test_the_same_frame_again_is_the_same_object() -> None:
    visibility = SceneVisibility(scene())
    first = visibility.cull(VIEW)
    assert visibility.cull(looking_north((0.0, 0.0, 1.7))) is first
    assert visibility.cull(looking_north((0.0, 0.1, 1.7))) is not first


def test_a_solid_that_is_turned_hides_nothing() -> None:
    """It does not fill the box around it."""
    block = InstanceMesh("block", ((Surface(column(radius=1.0, height=1.0), Material()),),), solid=True)
    for heading, expected in ((0.0, 1), (np.pi / 2, 1), (np.pi / 4, 2)):
        wall_row = rows_of(block, [(0.0, 20.0, 0.0)], heading=heading, scale=(9.0, 9.0, 9.0))
        behind = rows_of(THING, [(0.0, 60.0, 0.0)])
        made = scene_from_draw_data([BuiltElement(DrawData(instances=(wall_row, behind)))])
        assert len(SceneVisibility(made).cull(VIEW).instances) == expected


def test_what_the_wind_moves_is_looked_for_there() -> None:
    tree = InstanceMesh("tree", ((Surface(column(radius=1.0, height=20.0), Material()),),), sway=1.0)
    things = (rows_of(tree, [(5.0, 5.0, 3.0)]), rows_of(THING, [(5.0, 5.0, 3.0)]))
    made = scene_from_draw_data([BuiltElement(DrawData(instances=things))])
    of = {mesh.key: row for row, mesh in enumerate(made.instances.meshes)}
    margin = wind_margin(made.instances)
    expected = np.zeros(2)
    expected[np.flatnonzero(made.instances.mesh == of["tree"])] = 1.4 * 0.0012 * 400 / 2.6
    np.testing.assert_allclose(margin, expected, rtol=1e-5)
    # beside the view (its box ends 1.87 m from the edge at its depth): only the wind brings it in
    edge = float(np.tan(VIEW.fov[0, 1])) * 30.0
    for aside, count in ((2.1, 1), (2.6, 0)):
        alone = scene_from_draw_data([BuiltElement(DrawData(instances=(rows_of(tree, [(edge + aside, 30.0, 0.0)]),)))])
        assert len(SceneVisibility(alone).cull(VIEW).instances) == count
