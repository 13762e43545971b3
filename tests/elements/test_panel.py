from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from vrclient.elements.panel import PanelModel, build, panel_image
from vrclient.scene.element import BuildContext

TEXT = {"zh": "湖心小岛上的舞台由一条堤道与岸相连。", "en": "The stage on the islet is joined to the shore by a causeway."}


def panel(**keys: object) -> PanelModel:
    return PanelModel.model_validate(
        {"kind": "panel", "title": {"zh": "水上舞台", "en": "The water stage"}, "at": [0, 0], **keys}
    )


def test_both_languages_have_their_column():
    pixels = panel_image(panel(text=TEXT), ("zh", "en")).pixels
    dark = (pixels[..., :3].mean(axis=2) < 120)[260:]
    assert dark[:, : pixels.shape[1] // 2].sum() > 500 and dark[:, pixels.shape[1] // 2 :].sum() > 500


def test_one_language_takes_the_whole_width():
    one = panel_image(panel(text={"zh": TEXT["zh"] * 4}), ("zh",)).pixels
    dark = (one[..., :3].mean(axis=2) < 120).any(axis=0)
    assert np.nonzero(dark)[0].max() > 0.85 * one.shape[1]


def test_a_language_without_text_has_its_column_with_a_mark():
    pixels = panel_image(panel(text={"zh": TEXT["zh"] * 4}), ("zh", "en")).pixels
    dark = (pixels[..., :3].mean(axis=2) < 120)[260:]
    half = pixels.shape[1] // 2
    assert dark[:, :half].sum() > 500 and 100 < dark[:, half:].sum() < dark[:, :half].sum()


def test_margins_stay_empty_and_it_grows_with_its_text():
    short, long = (panel_image(panel(text={"zh": TEXT["zh"] * n, "en": TEXT["en"] * n}), ("zh", "en")).pixels for n in (1, 8))
    assert long.shape[0] > short.shape[0] and long.shape[1] == short.shape[1] == 1400
    for pixels in (short, long):
        assert all((edge == pixels[0, 0]).all() for edge in (pixels[:60], pixels[-60:], pixels[:, :60], pixels[:, -60:]))


def test_a_picture_keeps_its_proportions(tmp_path: Path):
    file = tmp_path / "red.png"
    Image.new("RGB", (300, 100), (255, 0, 0)).save(file)
    pixels = panel_image(panel(image=file, caption={"zh": "红"}), ("zh", "en")).pixels
    rows, columns = np.nonzero((pixels[..., 0] == 255) & (pixels[..., 1] == 0))
    assert np.ptp(columns) / np.ptp(rows) == pytest.approx(3.0, rel=0.02)


def test_the_source_is_shown():
    plain, told = (
        panel_image(panel(text=TEXT, **keys), ("zh", "en")).pixels
        for keys in ({}, {"source": "scg.com.cn", "confidence": "published"})
    )
    assert told.shape[0] > plain.shape[0]


def test_it_stands_at_reading_height_and_cannot_be_walked_through():
    data = build(panel(text=TEXT, at=[4, 5]), BuildContext())
    face = data.surfaces[-1].mesh
    assert face.position[:, 2].min() >= 0.3 and face.position[:, 2].mean() == pytest.approx(1.45, abs=0.5)
    assert data.walls.shape == (1, 6)
    assert build(panel(text=TEXT, mount="wall"), BuildContext()).walls.shape == (0, 6)


@pytest.mark.parametrize("heading_deg", [0.0, 77.0, 200.0])
def test_its_whole_face_can_be_chosen(heading_deg: float):
    data = build(panel(text=TEXT, at=[4, 5], heading_deg=heading_deg, id="about"), BuildContext())
    (chosen,) = data.selectables
    face = data.surfaces[-1].mesh
    right, up = np.array(chosen.right), np.array(chosen.up)
    across, high = np.meshgrid([-chosen.half[0], chosen.half[0]], [-chosen.half[1], chosen.half[1]])
    corners = np.array(chosen.center) + across.reshape(-1, 1) * right + high.reshape(-1, 1) * up
    assert (chosen.id, chosen.title["en"]) == ("about", "The water stage")
    assert np.allclose(np.cross(right, up), face.normal[0], atol=1e-6)
    for corner in corners:
        assert np.linalg.norm(face.position - corner, axis=1).min() < 1e-5


def test_text_is_a_degree_high_at_reading_distance():
    assert np.degrees(np.arctan(0.92 * panel().text_mm / 1000 / 1.5)) > 1.0


def test_too_long_a_text_is_said_in_a_sentence():
    with pytest.raises(ValidationError) as error:
        panel(text={"zh": "水" * 500})
    assert (
        error.value.errors()[0]["msg"]
        == "Value error, the text in 'zh' has 500 characters; one panel holds at most 450, so use two panels"
    )
