"""Which controller is drawn: the runtime's own before a profile's, a profile's before the plain one; and what is made of it
beside the frames."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glb_files import File

from vrclient.frame.aids import Controller
from vrclient.frame.inputs import OfferedModel
from vrclient.renderer import controllers
from vrclient.renderer.controllers import ControllerModels, drawable
from vrclient.scene.controllers import ControllerModel, plain_model, read_offered
from vrclient.scene.draw_data import Image

TOUCH = "/interaction_profiles/oculus/touch_controller"


def file(*, pixels: int = 4) -> File:
    """A triangle of 10 cm with a picture."""
    made = File()
    texture = made.png(np.full((pixels, pixels, 3), 200))
    material = made.add("materials", pbrMetallicRoughness={"baseColorTexture": {"index": texture}})
    position = made.accessor([[0, 0, 0], [0.1, 0, 0], [0, 0.1, 0]], min=[0, 0, 0], max=[0.1, 0.1, 0])
    made.mesh({"POSITION": position, "TEXCOORD_0": made.accessor([[0, 1], [1, 1], [0, 0]])}, material=material)
    return made


def held(model: OfferedModel | None = None) -> Controller:
    return Controller(np.eye(4), TOUCH, 1, model=model)


@pytest.fixture
def from_folder(monkeypatch: pytest.MonkeyPatch) -> ControllerModel:
    """What every folder of profiles has."""
    model = read_offered(OfferedModel("of the folder", file().glb()))
    monkeypatch.setattr(controllers, "controller_model", lambda *_: model)
    return model


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set, what is read beside the frames is not there yet, however fast the machine is."""
    may, made = threading.Event(), controllers._made

    def later(*arguments: Any) -> controllers.Drawable | None:
        assert may.wait(30.0)
        return made(*arguments)

    monkeypatch.setattr(controllers, "_made", later)
    return may


def triangles(shown: controllers.Drawable) -> int:
    return sum(shape.get_primitive(0).get_num_primitives() for shape, _ in shown.shapes)


def test_the_runtime_s_own_comes_first_and_once(from_folder: ControllerModel, reading: threading.Event) -> None:
    models, own = ControllerModels(Path("profiles")), OfferedModel("own", file(pixels=8).glb())
    plain = models.model(held(own))
    assert triangles(plain) == triangles(drawable(plain_model()))
    reading.set()
    models.wait()
    shown = models.model(held(own))
    ((_, texture),) = shown.shapes
    assert triangles(shown) == 1 and texture is not None and texture.x_size == 8
    assert models.model(held(own)) is shown
    models.close()


def test_only_the_runtime_s_own_is_at_the_runtime_s_place(from_folder: ControllerModel, reading: threading.Event) -> None:
    """While it is read, and where it cannot be, what stands in is at the grip."""
    models, there = ControllerModels(Path("profiles")), np.eye(4) + np.eye(4, k=3)
    for own, place in (OfferedModel("own", file().glb()), there), (OfferedModel("broken", b"nothing"), np.eye(4)):
        with_place = replace(held(own), world_from_model=there)
        reading.clear()
        assert np.array_equal(models.place(with_place, models.model(with_place)), np.eye(4))
        reading.set()
        for _ in range(2):  # what the folder has is read second
            models.wait()
            shown = models.model(with_place)
        assert np.array_equal(models.place(with_place, shown), place)
        assert np.array_equal(models.place(held(own), models.model(held(own))), np.eye(4))
    models.close()


@pytest.mark.parametrize("folder", [Path("profiles"), None])
def test_a_broken_one_gives_way(folder: Path | None, from_folder: ControllerModel, caplog: pytest.LogCaptureFixture) -> None:
    models, broken = ControllerModels(folder), OfferedModel("own", b"nothing")
    for _ in range(3):
        models.model(held(broken))
        models.wait()
    shown = models.model(held(broken))
    assert shown is models.model(held())
    assert triangles(shown) == (1 if folder else triangles(drawable(plain_model())))
    assert len(caplog.messages) == 1
    models.close()


def test_it_is_made_ready_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    models, own, seen = ControllerModels(), OfferedModel("own", file().glb()), []

    def made(model: ControllerModel) -> controllers.Drawable:
        seen.append(threading.current_thread())
        return drawable(model)

    monkeypatch.setattr(controllers, "drawable", made)
    models.model(held(own))
    models.wait()
    assert len(seen) == 1 and seen[0] is not threading.current_thread()
    models.close()


@pytest.mark.parametrize(
    ("width", "height", "wanted"), [(2048, 4096, (512, 1024)), (1024, 512, (1024, 512)), (2047, 8, (2047, 8))]
)
def test_large_images_are_halved_to_their_mean(width: int, height: int, wanted: tuple[int, int]) -> None:
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[::2], pixels[1::2] = 40, 80
    small = controllers._reduced(Image(pixels, "an image")).pixels
    assert (small.shape[1], small.shape[0]) == wanted
    assert small.mean() == pytest.approx(60.0, abs=1.0)
