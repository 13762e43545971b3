import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shapes import check_all

from vrclient.app.opening import load
from vrclient.elements import kinds
from vrclient.elements.portal import DEPTH_M, PortalModel, build
from vrclient.interaction.collision import BODY_RADIUS, Obstacles
from vrclient.interaction.locomotion import Rig, walked
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext
from vrclient.scene.interactives import Portal
from vrclient.showcase.find import reachable_showcases
from vrclient.showcase.load import load_showcase

FLOOR = np.array([[[-60, -60, 0], [60, -60, 0], [60, 60, 0]], [[-60, -60, 0], [60, 60, 0], [-60, 60, 0]]], np.float32)


def portal(**keys: object) -> PortalModel:
    usual = {"kind": "portal", "id": "to_fengxian", "title": {"zh": "奉贤", "en": "Fengxian"}, "to": "fengxian", "at": [0, 0]}
    return PortalModel.model_validate({**usual, **keys})


def offered(data: DrawData) -> Portal:
    (offer,) = data.interactives
    assert isinstance(offer, Portal)
    return offer


def passage(data: DrawData) -> np.ndarray:
    """The picture in the opening."""
    return next(one.mesh.position for one in data.surfaces if one.material.surface == "image")


@given(
    width=st.floats(1.0, 8.0), height=st.floats(2.0, 9.0), heading=st.floats(-360, 360),
    at=st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(-5, 20)),
)  # fmt: skip
@settings(max_examples=25)
def test_the_face_is_the_opening(width: float, height: float, heading: float, at: tuple[float, float, float]) -> None:
    data = build(portal(width_m=width, height_m=height, heading_deg=heading, at=at), BuildContext())
    face = offered(data).face
    assert face.half == pytest.approx((width / 2, height / 2))
    towards = np.cross(face.right, face.up)
    assert np.allclose(towards, [np.sin(np.radians(heading)), np.cos(np.radians(heading)), 0.0], atol=1e-6)
    local = passage(data) - np.array(face.center)
    across, up, deep = local @ np.array(face.right), local @ np.array(face.up), local @ towards
    for low, high, half in ((across.min(), across.max(), width / 2), (up.min(), up.max(), height / 2)):
        assert (low, high) == pytest.approx((-half, half), abs=2e-3)
    assert deep == pytest.approx(np.full(len(deep), 0.012 - DEPTH_M), abs=1e-3)


@given(aside=st.floats(-0.85, 0.85), heading=st.floats(-180, 180), seconds=st.floats(0.03, 0.3))
@settings(max_examples=15)
def test_one_walks_through_the_opening(aside: float, heading: float, seconds: float) -> None:
    data = build(portal(heading_deg=heading, width_m=2.6), BuildContext())
    face = offered(data).face
    right, towards = np.array(face.right), np.cross(face.right, face.up)
    way = Obstacles.build(FLOOR, data.walls)
    start = aside * right + 2.0 * towards
    rig = Rig((float(start[0]), float(start[1]), 0.0), heading=np.radians(heading + 180.0))
    for _ in range(int(4.0 / seconds)):
        rig = walked(rig, way, forward=1.0, right=0.0, fast=False, seconds=seconds)
    deep = np.array(rig.feet) @ towards
    assert deep < -0.3, "the visitor has crossed the face"
    assert deep > -DEPTH_M - 0.05, "and has not walked through the picture"
    assert abs(np.array(rig.feet) @ right) < 1.3


JAMBS = Obstacles.build(FLOOR, build(portal(width_m=2.6, heading_deg=180), BuildContext()).walls)


@given(aside=st.sampled_from([-1.38, 1.38]), seconds=st.floats(0.03, 0.3))
@settings(max_examples=15)
def test_a_jamb_stops_one(aside: float, seconds: float) -> None:
    rig = Rig((aside, -2.0, 0.0), heading=0.0)
    for _ in range(int(4.0 / seconds)):
        rig = walked(rig, JAMBS, forward=1.0, right=0.0, fast=False, seconds=seconds)
    assert rig.feet[1] < 0.0 or abs(rig.feet[0] - aside) > BODY_RADIUS / 2


def test_an_absent_showcase_leaves_it_closed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        data = build(portal(heading_deg=180), BuildContext(showcases=frozenset({"hall"})))
    assert caplog.messages == ["portal 'to_fengxian': there is no showcase 'fengxian'; it stays closed"]
    assert data.interactives == () and data.selectables == () and data.lights == ()
    assert all(
        one.material.emission == 0.0 or one.material.surface == "image" or one.material.emission < 0.2 for one in data.surfaces
    )
    image = next(one.material.image for one in data.surfaces if one.material.image)
    assert (image.pixels[..., :3].max(axis=2) < 90).sum() > 300, "the plate says that it is closed"
    way = Obstacles.build(FLOOR, data.walls)
    rig = Rig((0.0, -2.0, 0.0), heading=0.0)
    for _ in range(60):
        rig = walked(rig, way, forward=1.0, right=0.0, fast=False, seconds=0.1)
    assert rig.feet[1] < -BODY_RADIUS + 0.01
    check_all(data)


HEAD = (
    "vrclient: 1\ntitle: {zh: 甲, en: One}\norigin: {lon_deg: 121.475, lat_deg: 30.945}\nelements:\n"
    "  - {kind: spawn, at: [0, 0]}\n"
)


def test_a_portal_leads_to_what_lies_beside_it_and_to_what_is_shipped(tmp_path: Path) -> None:
    for name, to in (("one", "two"), ("two", "nowhere")):
        (tmp_path / name).mkdir()
        entry = f"  - {{kind: portal, id: way, title: {{zh: 去, en: There}}, to: {to}, at: [0, 9]}}\n"
        (tmp_path / name / "showcase.yaml").write_text(HEAD + entry, "utf-8")
    known = reachable_showcases(tmp_path / "one" / "showcase.yaml")
    assert known["two"] == tmp_path / "two" / "showcase.yaml" and {"hall", "fengxian"} <= set(known)
    assert load(tmp_path / "one" / "showcase.yaml").diagnostics == ()
    models = {name: kind.model for name, kind in kinds().items()}
    (found,) = load_showcase(tmp_path / "two", models, showcases=["one", "two"]).diagnostics
    assert (found.severity, found.code, found.place.line, found.place.column) == ("warning", "unknown-showcase", 6, 60)
    assert found.message == "'to': there is no showcase 'nowhere'; the portal stays closed"
    assert found.help == "copy its folder beside this one, or name one of those there: one, two"


def test_a_vanished_picture_leaves_it_open(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        data = build(portal(still=tmp_path / "gone.webp"), BuildContext())
    assert caplog.messages == ["portal 'to_fengxian': its picture is left out: gone.webp: No such file or directory"]
    assert offered(data).showcase == "fengxian"
    check_all(data)


@pytest.mark.parametrize("size", [(900, 300), (300, 900)])
def test_the_picture_covers_the_opening_undistorted(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, "teal").save(tmp_path / "still.png")
    data = build(portal(still=tmp_path / "still.png", heading_deg=180, width_m=2.0, height_m=4.0), BuildContext())
    shown = next(one.mesh for one in data.surfaces if one.material.surface == "image")
    assert shown.uv.min() > -1e-6 and shown.uv.max() < 1 + 1e-6
    wide, high = np.ptp(shown.uv, axis=0) * size
    assert wide / high == pytest.approx(0.5, rel=1e-3)


@pytest.mark.parametrize("text_m", [0.12, 0.3, 0.8])
def test_its_name_is_as_high_as_asked(text_m: float) -> None:
    data = build(portal(title={"zh": "口口口", "en": "HHH"}, heading_deg=180, text_m=text_m), BuildContext())
    plate = [one for one in data.surfaces if one.material.surface == "image"][-1]
    assert plate.material.image is not None
    rows = (plate.material.image.pixels[..., 3] > 128).any(axis=1)
    steps = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(int), [0]])))
    (first, last), (second, end) = steps.reshape(-1, 2)
    metres = np.ptp(plate.mesh.position[:, 2]) / len(rows)
    assert (last - first) * metres == pytest.approx(text_m, rel=0.15)
    assert (end - second) * metres == pytest.approx(0.72 * text_m, rel=0.12)
    assert plate.mesh.position[:, 2].min() > 3.6


def test_choosing_it_leads_there() -> None:
    data = build(portal(view="lake_shore", near_m=22), BuildContext())
    (chosen,) = data.selectables
    assert chosen.offers is offered(data)
    assert (offered(data).view, offered(data).near, offered(data).title["zh"]) == ("lake_shore", 22, "奉贤")
    check_all(data)
