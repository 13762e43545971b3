import logging
from pathlib import Path

import numpy as np
import pytest
from glb_files import triangle_file
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from shapes import check_all, problems

from vrclient.elements.exhibit import ExhibitModel, build
from vrclient.interaction.collision import Obstacles
from vrclient.scene.build import BuiltElement, scene_from_draw_data
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext
from vrclient.scene.interactives import Exhibit, Rectangle, turntable_key
from vrclient.scene.labels import LABEL_DISTANCE_M, LABEL_TEXT_MM
from vrclient.scene.tables import InstanceTable

TEXT = {"zh": "走近看，细字依然清晰。", "en": "Step up to it; the fine print stays sharp."}


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3000 x 2000 pixels: red left, blue right."""
    file = tmp_path_factory.mktemp("pictures") / "wide.png"
    pixels = np.zeros((2000, 3000, 3), np.uint8)
    pixels[:, :1500, 0], pixels[:, 1500:, 2] = 255, 255
    Image.fromarray(pixels).save(file)
    return file


@pytest.fixture(scope="module")
def sketch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sketches") / "small.png"
    Image.new("RGB", (30, 20), "olive").save(file)
    return file


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return triangle_file().write(tmp_path_factory.mktemp("models") / "triangle.glb")


def exhibit(**keys: object) -> ExhibitModel:
    usual = {"kind": "exhibit", "id": "plan", "title": {"zh": "总平面图", "en": "Site plan"}, "text": TEXT, "at": [3, 4]}
    return ExhibitModel.model_validate({**usual, **keys})


def corners(face: Rectangle) -> np.ndarray:
    """[4, 3] lower left, lower right, upper right, upper left, as its reader sees them."""
    right, up = np.array(face.right) * face.half[0], np.array(face.up) * face.half[1]
    return np.array(face.center) + np.array([-right - up, right - up, right + up, up - right])


def offered(data: DrawData) -> Exhibit:
    (offer,) = data.interactives
    assert isinstance(offer, Exhibit)
    return offer


@given(
    width=st.floats(0.2, 6.0), heading=st.floats(-360, 360), at=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    mount=st.sampled_from(["wall", "easel"]),
)  # fmt: skip
def test_the_face_is_what_is_drawn_at_its_real_size(
    sketch: Path, width: float, heading: float, at: tuple[float, float], mount: str
) -> None:
    data = build(exhibit(picture=sketch, width_m=width, at=at, heading_deg=heading, mount=mount, label="none"), BuildContext())
    face = offered(data).face
    drawn = next(one.mesh for one in data.surfaces if one.material.surface == "image")
    assert np.abs(drawn.position - corners(face)).max() < 2e-4
    assert np.allclose(drawn.uv, [[0, 0], [1, 0], [1, 1], [0, 1]])
    assert np.allclose(np.cross(face.right, face.up), drawn.normal[0], atol=1e-5)
    assert face.half == pytest.approx((width / 2, width / 3), rel=1e-6)
    towards = np.array([np.sin(np.radians(heading)), np.cos(np.radians(heading))])
    assert drawn.normal[0, :2] @ towards > 0.95
    assert drawn.position[:, 2].min() > 0.15


def test_the_scene_holds_a_small_picture_and_names_the_whole_file(picture: Path) -> None:
    data = build(exhibit(picture=picture, width_m=1.0, label="none"), BuildContext())
    image = next(one.material.image for one in data.surfaces if one.material.image)
    assert image.pixels.shape == (683, 1024, 4)
    assert tuple(image.pixels[300, 20]) == (255, 0, 0, 255) and tuple(image.pixels[300, 1000]) == (0, 0, 255, 255)
    assert offered(data).picture == picture


def test_a_picture_turned_by_its_camera_hangs_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200), "green").save(tmp_path / "turned.jpg", exif=exif)
    face = offered(build(exhibit(picture=tmp_path / "turned.jpg", width_m=1.0), BuildContext())).face
    assert face.half == pytest.approx((0.5, 0.75))


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("mount", ["wall", "easel"])
def test_the_label_is_beside_the_picture_and_large_enough(picture: Path, side: str, mount: str) -> None:
    data = build(exhibit(picture=picture, width_m=1.0, label=side, mount=mount, heading_deg=180), BuildContext())
    face, label = (one.mesh.position for one in data.surfaces if one.material.surface == "image")
    gap = label[:, 0].min() - face[:, 0].max() if side == "right" else face[:, 0].min() - label[:, 0].max()
    assert 0.1 < gap < 0.4
    assert 0.35 <= label[:, 2].min() < label[:, 2].max() < 2.0
    assert np.degrees(np.arctan(0.92 * LABEL_TEXT_MM / 1000 / LABEL_DISTANCE_M)) > 1.0


def test_the_label_grows_with_source_and_confidence(picture: Path) -> None:
    plain, told = (
        build(exhibit(picture=picture, width_m=1.0, **keys), BuildContext())
        for keys in ({}, {"source": "city archive", "confidence": "measured"})
    )
    heights = [np.ptp([one.mesh.position for one in data.surfaces if one.material.image][1][:, 2]) for data in (plain, told)]
    assert heights[1] > heights[0] + 0.03


def test_a_vanished_picture_leaves_a_plate_that_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "gone.png"
    with caplog.at_level(logging.WARNING):
        data = build(exhibit(picture=file, width_m=1.2, mount="wall"), BuildContext())
    assert caplog.messages == ["exhibit 'plan': the picture is left out: gone.png: No such file or directory"]
    assert data.interactives == () and data.selectables == ()
    plate = next(one for one in data.surfaces if one.material.surface == "image")
    assert np.ptp(plate.mesh.position[:, 0]) == pytest.approx(1.2, abs=1e-5)
    assert plate.material.image is not None and (plate.material.image.pixels[..., :3].max(axis=2) < 90).sum() > 300
    check_all(data)


def test_a_vanished_model_leaves_a_plate_that_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        data = build(exhibit(model=tmp_path / "gone.glb", size_m=0.6), BuildContext())
    (message,) = caplog.messages
    assert message.startswith("exhibit 'plan': the model is left out: ")
    assert data.interactives == () and data.selectables == () and data.instances == ()
    check_all(data)


@pytest.fixture(scope="module")
def stood(model: Path) -> tuple[InstanceTable, Exhibit]:
    data = build(exhibit(model=model, size_m=0.8, at=[12, -7, 1.0], heading_deg=40), BuildContext())
    return scene_from_draw_data([BuiltElement(data)]).instances, offered(data)


@given(turn=st.floats(-7.0, 7.0))
def test_a_turned_model_stays_within_its_rows_bounds(stood: tuple[InstanceTable, Exhibit], turn: float) -> None:
    table, offer = stood
    assert [mesh.key for mesh in table.meshes] == [turntable_key(offer)] and len(table.heading) == 1
    points = np.concatenate([one.mesh.position for one in table.meshes[0].levels[0]])
    cosine, sine = np.cos(turn), np.sin(turn)
    x, y = cosine * points[:, 0] + sine * points[:, 1], cosine * points[:, 1] - sine * points[:, 0]
    away = np.abs(np.column_stack([x, y, points[:, 2]]) + table.position[0] - table.center[0]) - table.half_extent[0]
    assert away.max() < 0.01


def test_a_model_is_as_large_as_it_says_and_turns_about_its_middle(model: Path) -> None:
    data = build(exhibit(model=model, size_m=0.8, at=[12, -7, 1.0], plinth_m=0.9, label="none"), BuildContext())
    offer = offered(data)
    table, *own = (one.mesh.position for one in data.instances[0].mesh.levels[0])
    shape = np.concatenate(own)
    assert np.ptp(shape, axis=0).max() == pytest.approx(0.8, abs=1e-4)
    assert (shape[:, :2].min(axis=0) + shape[:, :2].max(axis=0)) == pytest.approx((0, 0), abs=1e-4)
    assert np.allclose(data.instances[0].position, [[12, -7, 1.9]])
    assert offer.model == model and offer.model_at == pytest.approx((12, -7, 1.9 + shape[:, 2].mean()), abs=0.3)
    assert np.hypot(table[:, 0], table[:, 1]).max() >= np.hypot(shape[:, 0], shape[:, 1]).max()


@pytest.mark.parametrize("mount", ["easel", "plinth"])
def test_what_stands_on_the_floor_is_in_the_way(picture: Path, model: Path, mount: str) -> None:
    what = {"picture": picture, "width_m": 1.0} if mount == "easel" else {"model": model, "size_m": 0.6}
    data = build(exhibit(**what, mount=mount, at=[0, 0], heading_deg=180), BuildContext())
    floor = np.array([[[-9, -9, 0], [9, -9, 0], [9, 9, 0]], [[-9, -9, 0], [9, 9, 0], [-9, 9, 0]]], np.float32)
    way = Obstacles.build(floor, data.walls)
    assert way.wall_between([0.0, -2.0, 1.0], [0.0, 2.0, 1.0])
    check_all(data)


def test_choosing_it_opens_it(picture: Path) -> None:
    data = build(exhibit(picture=picture, width_m=1.0), BuildContext())
    (chosen,) = data.selectables
    assert chosen.offers is data.interactives[0]
    assert (chosen.id, chosen.title["en"]) == ("plan", "Site plan")
    assert (chosen.center, chosen.half) == (offered(data).face.center, offered(data).face.half)


def test_contradictions_are_said_in_a_sentence() -> None:
    usual = {"kind": "exhibit", "id": "a", "title": {"zh": "画"}, "at": [0, 0]}
    assert problems(**usual) == ["an exhibit shows either a 'picture' or a 'model'; give one of the two"]
    assert problems(**usual, picture="a.png", model="b.glb", width_m=1) == [
        "an exhibit shows either a 'picture' or a 'model'; give one of the two"
    ]
    assert problems(**usual, picture="a.png") == [
        "a picture is shown at its real size; give only its width, such as width_m: 0.8"
    ]
    assert problems(**usual, model="b.glb") == ["a model is shown at a size; give only its largest extent, such as size_m: 0.6"]
    assert problems(**usual, picture="a.png", width_m=1, mount="plinth") == [
        "'mount': a picture does not stand on a plinth; write wall or easel"
    ]
    assert problems(**usual, model="b.glb", size_m=1, mount="easel") == [
        "'mount': a model stands on a plinth, not on an easel; write plinth"
    ]
