"""What is measured: files of boxes with their errors, a cube that faces outwards, counts that multiply."""

from pathlib import Path

import numpy as np
import pytest

from vrclient import paths
from vrclient.app.opening import load
from vrclient.bench.scenes import BadBoxes, cube, open_boxes, read_boxes, with_objects
from vrclient.elements.scatter import Scatter

WANTED = "expected an npz file with the arrays center and half, both (N, 3), in metres, z up"
THREE = np.arange(9, dtype=np.float32).reshape(3, 3)


def saved(folder: Path, **arrays: object) -> Path:
    path = folder / "boxes.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_boxes_come_back_as_they_were_saved(tmp_path: Path) -> None:
    boxes = read_boxes(saved(tmp_path, center=THREE.astype(np.float64), half=THREE, osm_id=np.arange(3)))
    assert boxes.center.dtype == boxes.half.dtype == np.float32
    np.testing.assert_array_equal(boxes.center, THREE)
    opened = open_boxes(Path("boxes.npz"), boxes)
    np.testing.assert_array_equal(opened.scene.instances.center, THREE)
    np.testing.assert_allclose(opened.scene.instances.half_extent, np.maximum(THREE, 1e-5))
    assert opened.scene.instances.meshes[0].solid


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"center": THREE}, f"has no array half; {WANTED}"),
        ({"center": THREE, "half": THREE[:2]}, f": half has shape (2, 3) and dtype float32; {WANTED}"),
        ({"center": THREE.astype(int), "half": THREE}, f": center has shape (3, 3) and dtype int64; {WANTED}"),
        ({"center": THREE * np.nan, "half": THREE}, f": center holds NaN or an infinite number; {WANTED}"),
        ({"center": THREE, "half": THREE - 1}, ": half holds -1; a half extent is not negative"),
        ({"center": THREE[:0], "half": THREE[:0]}, f"holds no boxes; {WANTED}"),
        ({"center": np.array([None]), "half": THREE}, f"is not an npz file; {WANTED}"),
    ],
)
def test_boxes_that_are_none(tmp_path: Path, arrays: dict[str, object], message: str) -> None:
    path = saved(tmp_path, **arrays)
    with pytest.raises(BadBoxes) as error:
        read_boxes(path)
    assert str(error.value) == f"{path}{message if message[0] == ':' else ' ' + message}"


def test_files_that_are_none(tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("hello")
    with pytest.raises(BadBoxes) as error:
        read_boxes(text)
    assert str(error.value) == f"{text} is not an npz file; {WANTED}"
    absent = tmp_path / "absent.npz"
    with pytest.raises(BadBoxes) as error:
        read_boxes(absent)
    assert str(error.value) == f"{absent}: No such file or directory; {WANTED}"


def test_the_cube_is_closed_and_faces_outwards() -> None:
    shape = cube().levels[0][0].mesh
    a, b, c = (shape.position[shape.triangle[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    assert len(shape.triangle) == 12
    assert (np.abs(shape.position) == 1.0).all()
    np.testing.assert_allclose(np.linalg.norm(across, axis=1), 4.0)
    np.testing.assert_allclose(across / 4.0, shape.normal[shape.triangle[:, 0]])
    assert ((a + b + c) * across).sum(axis=1).min() > 0


def test_every_count_is_multiplied_alike() -> None:
    showcase = load(paths.showcases_folder() / "stress" / "showcase.yaml").showcase
    assert showcase is not None
    counts = [one.count for one in showcase.elements if isinstance(one, Scatter) and one.count]
    more = [one.count for one in with_objects(showcase, 300_000).elements if isinstance(one, Scatter)]
    assert sum(counts) == 100_000
    assert more == [3 * count for count in counts]


def test_where_nothing_is_counted_nothing_is_multiplied() -> None:
    showcase = load(paths.showcases_folder() / "minimal" / "showcase.yaml").showcase
    assert showcase is not None
    with pytest.raises(ValueError, match=r"^the showcase scatters nothing by 'count'; --objects has nothing to multiply$"):
        with_objects(showcase, 5)
