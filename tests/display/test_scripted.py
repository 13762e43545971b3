"""A scripted head: frame by frame where the script says, and at its end it stays."""

import numpy as np

from vrclient.bench.walk import head_views, straight_walk
from vrclient.display.scripted import ScriptedDisplay
from vrclient.geometry.frames import inverse_rigid


def test_the_head_follows_the_script() -> None:
    walk = straight_walk((0.0, 0.0, 1.7), (4.0, 0.0, 1.7), turn=np.pi, frames=3)
    display = ScriptedDisplay(walk, head_views((32, 24), fov=1.5, views=2))
    try:
        for _ in range(2):
            for frame in (0, 1, 2, 2):
                assert display.wait_frame().should_render
                view_set = display.locate_views(np.eye(4), np.eye(4), fov=1.0)
                eyes = inverse_rigid(view_set.view_from_world)[:, :3, 3]
                np.testing.assert_allclose(eyes.mean(axis=0), walk[frame][:3, 3], atol=1e-12)
                np.testing.assert_allclose(eyes[1] - eyes[0], 0.064 * walk[frame][:3, 0], atol=1e-12)
            display.rewind()
        assert display.acquire_target().size == (64, 24)
    finally:
        display.close()
