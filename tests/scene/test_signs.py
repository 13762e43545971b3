import numpy as np
import pytest
import shapely

from vrclient.geometry.mesh import face_normals
from vrclient.scene.fonts import Paragraph, laid_out
from vrclient.scene.signs import across, facing, image_plate, languages_shown, raised_letters, traced


def disc(size: int, center: float, radius: float) -> np.ndarray:
    y, x = np.mgrid[:size, :size] + 0.5
    return np.clip(radius - np.hypot(x - center, y - center) + 0.5, 0.0, 1.0).astype(np.float32)


def test_a_traced_disc_is_round_and_where_it_was_drawn():
    (line,) = traced(disc(64, 32.0, 20.0))
    assert np.abs(np.hypot(*(line - 32.0).T) - 20.0).max() < 0.12


def test_a_traced_ring_has_two_lines():
    lines = traced(disc(64, 32.0, 20.0) - disc(64, 32.0, 10.0))
    assert sorted(round(shapely.Polygon(line).area, -1) for line in lines) == [310, 1260]


def test_touching_corners_stay_apart_or_together_but_close():
    mask = np.zeros((6, 6), np.float32)
    mask[1:3, 1:3] = mask[3:5, 3:5] = 1.0
    assert sum(abs(shapely.Polygon(line).area) for line in traced(mask)) == pytest.approx(8.0, abs=1.5)


def test_letters_are_solid_upright_and_as_high_as_asked():
    layout = laid_out([Paragraph("门口", 100.0)])
    faces, edges = raised_letters(layout, meters_per_pixel=0.01, depth=0.2)
    assert np.allclose(faces.position[:, 1], -0.2, atol=1e-5) and np.allclose(faces.normal, [0, -1, 0], atol=1e-5)
    assert edges.position[:, 1].min() == pytest.approx(-0.2) and edges.position[:, 1].max() == pytest.approx(0.0)
    assert 0.8 <= np.ptp(faces.position[:, 2]) <= 0.98
    assert 1.6 <= np.ptp(faces.position[:, 0]) <= 2.0
    assert (np.sum(face_normals(faces.position, faces.triangle) * [0, -1, 0], axis=1) > 0.99).all()


def test_the_hole_of_a_letter_is_open():
    faces, _ = raised_letters(laid_out([Paragraph("口", 100.0)]), meters_per_pixel=0.01, depth=0.1)
    middle = (faces.position.min(axis=0) + faces.position.max(axis=0))[[0, 2]] / 2
    shapes = shapely.polygons(faces.position[faces.triangle][:, :, [0, 2]])
    assert not shapely.contains_xy(shapes, *middle).any()  # noqa: TID251


def test_a_sign_looks_where_it_is_told_and_reads_left_to_right():
    plate = facing(image_plate(-1, 0, 1, 1, front=0.0), at=(5, 5, 0), heading=np.radians(90))
    assert np.allclose(plate.normal, [1, 0, 0], atol=1e-6)
    left = plate.position[plate.uv[:, 0] == 0][0]
    assert np.allclose(left[:2], [5, 4], atol=1e-5)  # its reader in the east looks west, with the south on the left
    assert np.allclose(across((5, 5), heading=np.radians(90), left=-1, right=1), [[5, 4], [5, 6]])


def test_languages_in_order_and_never_none():
    text = {"en": "Gate", "zh": "门", "ja": "門"}
    assert languages_shown(text, ("zh", "en")) == ["门", "Gate"]
    assert languages_shown({"ja": "門"}, ("ja",)) == ["門"]


def test_a_language_without_text_is_marked():
    assert languages_shown({"zh": "门"}, ("zh", "en")) == ["门", "[no English text yet]"]
    assert languages_shown({"zh": " ", "en": "Gate"}, ("zh", "en")) == ["Gate", "[暂无中文]"]
    assert languages_shown({"fr": "Porte"}, ("zh", "de")) == ["[fr] Porte", "[暂无中文]", "[de: -]"]
    assert languages_shown({}, ("zh", "en")) == ["[暂无中文]", "[no English text yet]"]
