"""What the headset shows, as its compositor's window has it: both eyes upright, at scale, with the depth of two eyes, in
the right colours and with smooth edges.

The compositor draws each eye's picture pixel by pixel, so places and values can be told exactly."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from capture import capture, find_window
from monado import MonadoService
from numpy.typing import NDArray
from remote import HeadState, RemoteClient, RemoteState, looking
from renderer_scenes import scene_of, shining, wall
from visits import Visit, visiting

from vrclient.display.openxr.resolution import LEAST
from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import mesh
from vrclient.scene.draw_data import Surface

EYE = (480, 540)
"""Pixels of each eye."""
EYES_M = 0.063
"""Metres from eye to eye."""
START_Y = -20.0
"""Where visitors stand in a scene without a viewpoint, and look north."""
MID_GREY = 0.2158605
"""Linear light that is 128 on the screen."""

Picture = NDArray[np.uint8]


@pytest.fixture
def compositor(x_display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MonadoService]:
    """Monado, which shows what the headset shows in a window."""
    with MonadoService(display=x_display, compositor="window", environment={"XRT_COMPOSITOR_SCALE_PERCENTAGE": "50"}) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        yield service


def shown(visit: Visit, compositor: MonadoService) -> tuple[Picture, Picture]:
    """Left and right eye as the headset shows them, once frames have gone through."""
    client = RemoteClient.connect(compositor.port)
    client.send(RemoteState(head=HeadState(looking((0.0, 1.6, 0.0)))))
    visit.until_in_headset()
    visit.frames(20)
    window = find_window(compositor.display, "Monado")
    time.sleep(0.1)
    picture = capture(compositor.display, window)
    client.close()
    assert picture.shape == (EYE[1], 2 * EYE[0], 3)
    return picture[:, : EYE[0]], picture[:, EYE[0] :]


def middle(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """(x, y) of what is marked, in pixels."""
    assert mask.any()
    y, x = np.nonzero(mask)
    return float(x.mean()), float(y.mean())


def is_color(picture: Picture, *, red: bool = False, green: bool = False, blue: bool = False) -> NDArray[np.bool_]:
    bright = picture > 90
    return (bright[..., 0] == red) & (bright[..., 1] == green) & (bright[..., 2] == blue)


def test_both_eyes_are_upright_at_scale_and_see_depth(compositor: MonadoService) -> None:
    """A red cube of 1 m stands 5 m before the eyes, a green post 1 m, a blue board 50 m; above them all, left, a white lamp."""
    red, green, blue, white = (shining(color) for color in ((0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5), (0.5, 0.5, 0.5)))
    cube = box([-0.5, START_Y + 5.0, 1.1], [0.5, START_Y + 6.0, 2.1])
    post = wall((-0.03, 1.2), (0.03, 1.5), y=START_Y + 1.0)
    board = wall((10.0, -4.0), (14.0, 4.0), y=START_Y + 50.0)
    lamp = wall((-3.0, 3.0), (-2.0, 4.0), y=START_Y + 5.0)
    scene = scene_of(Surface(cube, red), Surface(post, green), Surface(board, blue), Surface(lamp, white))
    with visiting(scene=scene, samples=4) as visit:
        eyes = shown(visit, compositor)
        headset = visit.display.headset
        assert headset is not None
        headset.advance()
        fov = headset.locate(np.eye(4)).fov[0]
        headset.end_frame()
    slope = EYE[0] / (np.tan(fov[1]) - np.tan(fov[0]))
    rise = EYE[1] / (np.tan(fov[2]) - np.tan(fov[3]))
    x_of = {}
    for eye, picture in zip("LR", eyes, strict=True):
        front = is_color(picture, red=True)
        columns, rows = np.flatnonzero(front.any(axis=0)), np.flatnonzero(front.any(axis=1))
        assert columns[-1] - columns[0] + 1 == pytest.approx(1.0 / 5.0 * slope, abs=2.0), "the cube is as wide as it must be"
        assert rows[-1] - rows[0] + 1 == pytest.approx(1.0 / 5.0 * rise, abs=2.0), "the cube is as high as it must be"
        lamp_x, lamp_y = middle(is_color(picture, red=True, green=True, blue=True))
        assert lamp_x < EYE[0] / 2 and lamp_y < rows[0], "left is left and up is up"
        x_of["near", eye] = middle(is_color(picture, green=True))[0]
        x_of["cube", eye] = (columns[0] + columns[-1]) / 2
        x_of["far", eye] = middle(is_color(picture, blue=True))[0]
    shift = {name: x_of[name, "L"] - x_of[name, "R"] for name in ("near", "cube", "far")}
    assert shift["near"] == pytest.approx(EYES_M / 1.0 * slope, abs=1.0), "the left eye sees near things further right"
    assert shift["cube"] == pytest.approx(EYES_M / 5.0 * slope, abs=1.0)
    assert shift["far"] == pytest.approx(EYES_M / 50.0 * slope, abs=0.5)
    assert shift["near"] > shift["cube"] > shift["far"]


def test_mid_grey_is_mid_grey_and_edges_are_smooth_in_both_eyes(compositor: MonadoService) -> None:
    grey = Surface(wall((-1.0, 0.6), (1.0, 2.6), y=START_Y + 4.0), shining((MID_GREY,) * 3))
    corners = [[-3.0, START_Y + 5.0, -1.0], [3.0, START_Y + 5.0, -0.4], [3.0, START_Y + 5.0, 0.2], [-3.0, START_Y + 5.0, -0.3]]
    slanted = Surface(mesh(corners, [[0, 1, 2], [0, 2, 3]], normal=[0, -1, 0]), shining((0.5, 0.5, 0.5)))
    with visiting(scene=scene_of(grey, slanted), samples=4) as visit:
        for picture in shown(visit, compositor):
            patch = picture[240:300, 210:270].astype(int)
            assert np.abs(patch - 128).max() <= 2, f"{patch.min()}..{patch.max()}"
            band = picture[330:, :, 1]
            between = (band > 20) & (band < 170)
            assert between.sum() > 150, "edges without samples have no values in between"


def test_fengxian_is_in_the_headset(compositor: MonadoService) -> None:
    with visiting("fengxian") as visit:
        left, right = shown(visit, compositor)
        headset = visit.display.headset
        assert headset is not None
        drawn = visit.picture()
    for eye, own in ((left, drawn[:, : EYE[0]]), (right, drawn[:, EYE[0] :])):
        assert eye.std() > 20
        assert np.abs(eye.astype(int) - own).mean() < 2.0, "what was drawn is what is seen"
    assert 0.3 < np.abs(left.astype(int) - right).mean() < 40.0, "two eyes, not one twice"


def test_a_smaller_picture_fills_the_eyes_all_the_same(compositor: MonadoService) -> None:
    grey = Surface(wall((-30.0, -30.0), (30.0, 30.0), y=START_Y + 4.0), shining((MID_GREY,) * 3))
    mark = Surface(wall((-0.5, 1.1), (0.5, 2.1), y=START_Y + 3.9), shining((0.5, 0, 0)))
    with visiting(scene=scene_of(grey, mark), samples=4) as visit:
        visit.until_in_headset()
        assert visit.display.headset is not None
        whole = shown(visit, compositor)
        visit.display.headset.resolution.scale = LEAST
        small = shown(visit, compositor)
        for eye, eye_small in zip(whole, small, strict=True):
            assert np.abs(eye_small[2:-2, 2:-2].astype(int) - eye[2:-2, 2:-2]).mean() < 2.0
            assert middle(is_color(eye_small, red=True)) == pytest.approx(middle(is_color(eye, red=True)), abs=1.0)
        assert visit.display.headset.resolution.size(EYE) == (288, 320)
