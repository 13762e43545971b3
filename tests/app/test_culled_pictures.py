"""What is culled is never missed: along walks through the shipped showcases every picture is, pixel by pixel, the one that
draws everything. Levels and the cut-off by size are switched off in both, as they change pictures on purpose."""

import numpy as np
import pytest
from scripted_walks import COARSE, fengxian, session, stress, tour_of_viewpoints, walk_from_spawn

from vrclient.app.opening import Opened
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings
from vrclient.display.scripted import ScriptedDisplay
from vrclient.render_data.culling import Visible
from vrclient.visibility.batches import VisibleSet

Floats = np.ndarray


FINE = COARSE.model_copy(update={"lod_bias": 1e6})


def everything(running: Session) -> Visible:
    """All rows of both tables that exist on the day, at the coarsest level or, if the session's settings are FINE, the finest."""
    scene, day = running.place.opened.scene, running.place.day
    table = scene.instances
    rows = np.flatnonzero((table.built <= day) & (day < table.demolished))
    order = np.argsort(table.mesh[rows], kind="stable")
    levels = running.place.visibility.instances.cull(running.display.locate_views(np.eye(4), np.eye(4), fov=1.0)).counts.shape[1]
    is_fine = running.settings is FINE
    level = np.array([0 if is_fine else len(one) - 1 for one in table.levels])
    counts = np.zeros((len(table.meshes), levels), np.int32)
    counts[np.arange(len(counts)), level] = np.bincount(table.mesh[rows], minlength=len(counts))
    offsets = np.concatenate([[0], np.cumsum(counts.reshape(-1))[:-1]]).astype(np.int32).reshape(counts.shape)
    instances = VisibleSet(rows[order].astype(np.uint32), counts, offsets)
    standing = np.array([one.built <= day < one.demolished for one in scene.chunks])
    chunks = np.flatnonzero(standing).astype(np.uint32)
    near = len(chunks) if is_fine else 0
    chunk_counts, chunk_offsets = np.array([[near, len(chunks) - near]], np.int32), np.array([[0, near]], np.int32)
    return Visible(instances, VisibleSet(chunks, chunk_counts, chunk_offsets))


def check(scene: Opened, walk: Floats, *, views: int, settings: QualitySettings = COARSE) -> float:
    """Walks, compares every picture, and returns the share of the instances that was drawn."""
    running = session(scene, walk, views=views, settings=settings)
    assert isinstance(running.display, ScriptedDisplay)
    everywhere, shares = everything(running), []
    try:
        for number in range(len(walk)):
            running.display.wait_frame()
            view_set = running.display.locate_views(np.eye(4), np.eye(4), fov=1.0)
            visible = running.place.visibility.cull(view_set, date=running.place.day)
            shares.append(len(visible.instances) / max(len(everywhere.instances), 1))
            pictures = []
            for shown in (visible, everywhere):
                running.renderer.upload(view_set, shown)
                running.renderer.draw(running.display.acquire_target())
                pictures.append(running.display.acquire_target().read())
            differing = (pictures[0] != pictures[1]).any(axis=2)
            assert not differing.any(), f"frame {number}: {differing.sum()} pixels lack something"
            assert pictures[0].any()
    finally:
        running.close()
    return float(np.mean(shares))


@pytest.mark.parametrize("views", [1, 2])
def test_walking_and_turning_through_fengxian(views: int) -> None:
    scene = fengxian()
    assert check(scene, walk_from_spawn(scene, frames=24, step=3.0, turn=4.0 * np.pi), views=views) < 0.7


def test_flying_from_viewpoint_to_viewpoint_of_fengxian() -> None:
    scene = fengxian()
    check(scene, tour_of_viewpoints(scene, between=3), views=2)


@pytest.mark.parametrize("views", [1, 2])
def test_walking_and_turning_through_stress(views: int) -> None:
    scene = stress(3_000)
    assert check(scene, walk_from_spawn(scene, frames=16, step=7.0, turn=4.0 * np.pi), views=views) < 0.4


def test_walking_between_houses_at_their_finest() -> None:
    scene = stress(100)
    check(scene, walk_from_spawn(scene, frames=12, step=9.0, turn=4.0 * np.pi), views=1, settings=FINE)
