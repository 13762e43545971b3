import numpy as np
import pytest

from vrclient.elements.text import TextModel, build
from vrclient.scene.draw_data import DrawData
from vrclient.scene.element import BuildContext


def made(languages: tuple[str, ...] = ("zh", "en"), **keys: object) -> DrawData:
    return build(
        TextModel.model_validate(
            {"kind": "text", "text": {"zh": "奉贤城市之门", "en": "Fengxian City Gate"}, "at": [0, 0], **keys}
        ),
        BuildContext(languages=languages),
    )


def test_a_wall_sign_is_one_image_that_shines_after_dark():
    (surface,) = made(at=[3, 4, 5], height_m=1.0, relief_m=0).surfaces
    assert surface.material.surface == "image" and surface.material.emission > 0 and surface.material.emission_when == "dark"
    assert surface.mesh.position[:, 2].min() >= 4.9 and surface.mesh.position[:, 2].max() <= 8.0
    assert np.allclose(surface.mesh.position[:, 1], 4 - 0.02, atol=1e-4)


def test_characters_have_the_height_asked_for():
    surface = made(("zh",), at=[0, 0, 0], height_m=2.0, relief_m=0, text={"zh": "国"}).surfaces[0]
    alpha = surface.material.image.pixels[..., 3]
    rows = np.nonzero(alpha.max(axis=1) > 128)[0]
    meters = np.ptp(surface.mesh.position[:, 2]) / alpha.shape[0]
    assert (np.ptp(rows) + 1) * meters == pytest.approx(2.0, rel=0.08)


def test_a_language_without_text_is_marked_below():
    one, marked = (
        made(languages, at=[0, 0, 0], height_m=1.0, relief_m=0, text={"zh": "国"}).surfaces[0].mesh.position
        for languages in (("zh",), ("zh", "en"))
    )
    assert np.ptp(marked[:, 2]) > 1.3 * np.ptp(one[:, 2])


def test_standing_letters_are_solid_and_cannot_be_walked_through():
    sign = made(mount="letters", height_m=1.5)
    assert all(surface.material.surface == "lit" for surface in sign.surfaces)
    assert sum(len(surface.mesh.triangle) for surface in sign.surfaces) < 8000
    assert sign.walls.shape == (1, 6) and sign.walls[0, 5] > 1.5


def test_a_large_name_on_a_bare_wall_is_solid_unless_told_not_to_be():
    assert all(surface.material.surface == "lit" for surface in made(height_m=0.8).surfaces)
    assert any(surface.material.surface == "image" for surface in made(height_m=0.3).surfaces)
    assert any(surface.material.surface == "image" for surface in made(height_m=0.8, board="#202020").surfaces)


@pytest.mark.parametrize("mount", ("wall", "letters", "slab", "posts", "hanging"))
@pytest.mark.parametrize("relief", (None, 0.1))
def test_every_mount_stands_around_its_place(mount, relief):
    sign = made(mount=mount, at=[10, 20, 3], heading_deg=37, height_m=0.4, relief_m=relief)
    position = np.concatenate([surface.mesh.position for surface in sign.surfaces])
    middle = (position.min(axis=0) + position.max(axis=0)) / 2
    assert np.hypot(*(middle[:2] - [10, 20])) < 0.4
    assert position[:, 2].min() >= 3 - 0.35 and position[:, 2].max() < 7.5


def test_with_two_numbers_a_wall_sign_hangs_above_heads():
    assert made().surfaces[0].mesh.position[:, 2].min() >= 2.5


def test_letters_that_shine_light_what_is_near():
    assert made().lights and made(emission=0).lights == () and made(glow=0).lights == ()


def test_a_very_long_sign_stays_a_sensible_picture():
    long = made(text={"zh": "欢迎" * 60, "en": "Welcome " * 40}, height_m=3.0, relief_m=0)
    assert max(long.surfaces[0].material.image.pixels.shape) <= 4200


def test_a_language_that_is_not_there_is_not_missed():
    assert len(made(text={"en": "Gate"}, relief_m=0).surfaces) == 1
