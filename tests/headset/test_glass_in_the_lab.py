"""What stands on the glass beside a headset: the X server's own picture of the screen, as its mirror and after it is gone."""

from collections.abc import Iterator

import numpy as np
import pytest
from capture import capture, find_window
from faults import Faults
from monado import MonadoService
from PIL import Image
from remote import RemoteClient
from test_faults import faulty
from validation import Validation
from visits import Visit, visiting

from vrclient.app.assembly import VisitOptions
from vrclient.display.states import State
from vrclient.modes.panels.start import START

ALIKE = 12.0
"""Mean difference of 0..255 between what was drawn and what stands on the glass, which is another size of it."""


@pytest.fixture
def faults(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    yield from faulty(monkeypatch)


def assert_on_the_glass(visit: Visit, display: str, picture: np.ndarray) -> None:
    """It is there, the right way up, and nothing else is."""
    shown = capture(display, find_window(display, "vrclient")).astype(float)
    drawn = np.asarray(Image.fromarray(picture).resize(shown.shape[1::-1], Image.Resampling.BILINEAR)).astype(float)
    assert shown.std() > 20, "black"
    assert np.abs(shown - drawn).mean() < ALIKE
    assert np.abs(shown - drawn).mean() < 0.5 * np.abs(shown - drawn[::-1]).mean(), "upside down"


@pytest.mark.parametrize("name", ["minimal", "fengxian"])
def test_the_mirror_and_the_window_after_a_killed_runtime(
    name: str, x_display: str, monado: MonadoService, remote: RemoteClient
) -> None:
    """With the first panel of the place."""
    with visiting(name, panels=VisitOptions(patient=True)) as visit:
        visit.until_in_headset()
        visit.frames(12)  # the mirror is drawn every 33 ms
        headset = visit.display.headset
        assert headset is not None
        picture = visit.picture()
        height, width = picture.shape[:2]
        left, bottom, right, top = headset.mirror_part(320 / 180)
        part = picture[round((1 - top) * height) : round((1 - bottom) * height), round(left * width) : round(right * width)]
        assert_on_the_glass(visit, x_display, part)
        monado.kill()
        visit.until(lambda: visit.display.state is State.RECOVERING, "the loss")
        visit.frames(5)
        assert any(one.panel.id == START for one in visit.session.place.interaction.panels.standing), "no first panel"
        assert_on_the_glass(visit, x_display, visit.picture())


def test_the_runtime_is_told_of_touch_controllers_first_and_of_the_simple_kind_last(faults: Faults) -> None:
    faults.suggested.clear()
    with visiting() as visit:
        visit.until_in_headset()
    assert faults.suggested[0] == "/interaction_profiles/oculus/touch_controller"
    assert faults.suggested[-1] == "/interaction_profiles/khr/simple_controller"
    assert len(faults.suggested) == len(set(faults.suggested)) >= 5
