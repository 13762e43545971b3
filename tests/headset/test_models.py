"""Models of controllers that the runtime itself gives (XR_FB_render_model, XR_EXT_interaction_render_model): they are where they
belong, no frame waits for them, and where they cannot be had there is another."""

import logging
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xr  # noqa: TID251
from faults import MODEL_CALLS, Faults, install
from glb_files import File
from monado import MonadoService
from numpy.typing import NDArray
from remote import ControllerState, HeadState, RemoteClient, RemoteState, looking
from validation import Validation
from visits import Visit, visiting
from xr import Result  # noqa: TID251

from vrclient.display.states import State
from vrclient.frame.inputs import OfferedModel
from vrclient.renderer import controllers as drawing
from vrclient.scene.controllers import ControllerModel, offered_model

SIDE_M, MIDDLE = 0.08, np.array([0.01, 0.05, -0.03])
"""A cube's sides, and where its middle is from the grip, in OpenXR's axes."""
HEAD, GRIP = np.array([0.0, 1.6, 0.0]), np.array([0.12, 1.52, -0.45])
ELSEWHERE = GRIP + np.array([-0.09, 0.07, -0.05])
"""The origin of a model that has a place of its own."""
KINDS = ("fb", "interaction")
"""The two extensions."""
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * SIDE_M / 2


def cube(color: tuple[float, float, float] = (1.0, 0.0, 0.0)) -> bytes:
    """A .glb of a cube."""
    file = File()
    material = file.add("materials", pbrMetallicRoughness={"baseColorFactor": [*color, 1.0], "metallicFactor": 0.0})
    corners = CORNERS + MIDDLE
    faces = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    triangles = [[a, b, c] for one in faces for a, b, c in ((one[0], one[1], one[2]), (one[0], one[2], one[3]))]
    position = file.accessor(corners, min=corners.min(axis=0).tolist(), max=corners.max(axis=0).tolist())
    file.mesh({"POSITION": position}, indices=file.accessor(np.ravel(triangles), "H"), material=material)
    return file.glb()


@pytest.fixture
def faults(monado: MonadoService, validation: Validation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    found, environment = install()
    found.clear()
    found.made.clear()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield found
    found.clear()


@pytest.fixture
def remote(remote: RemoteClient) -> RemoteClient:
    """A visitor who looks ahead and holds the right controller before them."""
    right, left = ControllerState(pose=looking(tuple(GRIP))), ControllerState(active=False)
    remote.send(RemoteState(head=HeadState(looking(tuple(HEAD))), left=left, right=right))
    return remote


def offer(faults: Faults, kind: str, right: bytes, at: NDArray[np.float64] = GRIP) -> None:
    """A model for the right hand by one of KINDS."""
    if kind == "fb":
        faults.offer_models(b"", right)
    else:
        x, y, z = at.tolist()
        faults.offer_interaction_models(b"", right, places=((0.0, 0.0, 0.0), (x, y, z)))


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said of controllers' models."""
    return [one.getMessage() for one in caplog.records if "controller" in one.getMessage()]


def until_given(visit: Visit) -> None:
    """Until the right hand has the runtime's model, and it was read."""
    visit.until(lambda: bool(visit.inputs().hands) and visit.inputs().hands[1].model is not None, "the runtime's model")
    visit.frames(2)
    visit.session.renderer._controllers.wait()
    visit.frames(3)


def red(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    color = picture.astype(int)
    return (color[..., 0] > 60) & (color[..., 0] > 1.6 * color[..., 1]) & (color[..., 0] > 1.6 * color[..., 2])


def see(visit: Visit, origin: NDArray[np.float64]) -> None:
    """Each eye sees the cube where it must be, to two pixels."""
    picture = visit.picture()
    headset = visit.display.headset
    assert headset is not None
    eyes = [(np.array([*view.pose.position]), view.fov) for view in headset._located]
    for number, (eye, fov) in enumerate(eyes):
        seen = origin + MIDDLE + CORNERS - eye
        across, up = seen[:, 0] / -seen[:, 2], seen[:, 1] / -seen[:, 2]
        left, right, top, bottom = np.tan([fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down])
        columns, rows = (across - left) / (right - left) * 320, (top - up) / (top - bottom) * 240
        y, x = np.nonzero(red(picture[:, 320 * number : 320 * (number + 1)]))
        assert len(x) > 400
        wanted = columns.min(), columns.max(), rows.min(), rows.max()
        assert (x.min(), x.max() + 1, y.min(), y.max() + 1) == pytest.approx(wanted, abs=2.0)


def test_it_is_in_the_hand_as_large_as_it_is(faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    faults.offer_models(b"", cube())
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        see(visit, GRIP)
    assert lines(caplog) == []


def test_one_with_a_place_of_its_own_comes_first(faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    """It is where the runtime has it, and the other extension is not asked; all that was opened is given back."""
    faults.offer_models(b"", cube((0.0, 0.0, 1.0)))
    offer(faults, "interaction", cube(), ELSEWHERE)
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        see(visit, ELSEWHERE)
        assert [kind for kind, _ in faults.interaction.handles.values()] == ["model"]
        assert "EXT_texture_webp" in faults.interaction.gltf_extensions
    assert [one for one in MODEL_CALLS if one.endswith("FB") and faults.count(one)] == []
    assert faults.interaction.handles == {}
    assert lines(caplog) == []


def test_half_of_it_is_not_asked_for(faults: Faults, remote: RemoteClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extensions need one another."""
    monkeypatch.setattr("faults.INTERACTION_EXTENSIONS", ("XR_EXT_uuid", "XR_EXT_render_model"))
    offer(faults, "interaction", cube((0.0, 0.0, 1.0)), ELSEWHERE)
    offer(faults, "fb", cube())
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        headset = visit.display.headset
        assert headset is not None and not any("render_model" in one for one in headset.runtime.extensions if "EXT" in one)
        see(visit, GRIP)


def test_one_that_is_not_tracked_is_not_shown(faults: Faults, remote: RemoteClient) -> None:
    """That is how a runtime says that it is to be hidden; nothing is shown in its stead."""
    offer(faults, "interaction", cube())
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        tracked = xr.SPACE_LOCATION_POSITION_TRACKED_BIT | xr.SPACE_LOCATION_ORIENTATION_TRACKED_BIT
        faults.keep_flags = ~int(tracked)
        visit.frames(3)
        assert visit.inputs().hands[1].grip is not None and visit.session.visit.aids.controllers == ()
        assert not red(visit.picture()).any()
        faults.clear()
        visit.frames(3)
        see(visit, GRIP)


def test_another_controller_is_taken_up(faults: Faults, remote: RemoteClient) -> None:
    """The runtime tells of it by an event; what was opened for the first one is given back."""
    offer(faults, "interaction", cube((0.0, 0.0, 1.0)))
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        before = visit.inputs().hands[1].model
        assert not red(visit.picture()).any()
        offer(faults, "interaction", cube(), ELSEWHERE)
        faults.models_changed()
        visit.until(lambda: visit.inputs().hands[1].model not in (None, before), "the other model")
        until_given(visit)
        see(visit, ELSEWHERE)
        visit.until(lambda: len(faults.interaction.handles) == 1, "the first one to be given back")
        offer(faults, "interaction", b"")
        faults.models_changed()
        visit.until(lambda: visit.inputs().hands[1].model is None, "it to go")
        visit.until(lambda: not faults.interaction.handles, "it to be given back")
        assert len(visit.session.visit.aids.controllers) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_frames_go_on_while_it_is_asked_for_and_read(
    kind: str, faults: Faults, remote: RemoteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runtime, and then whoever reads the file, takes as long as many frames; what is drawn is made ready beside them."""
    asked, read = threading.Event(), threading.Event()
    threads = []

    def slowly(model: OfferedModel, side: int) -> ControllerModel | None:
        read.wait(30.0)
        return offered_model(model, side)

    def ready(model: ControllerModel) -> drawing.Drawable:
        threads.append(threading.current_thread().name)
        return drawable(model)

    drawable = drawing.drawable
    monkeypatch.setattr(drawing, "offered_model", slowly)
    offer(faults, kind, cube())
    loading = {"fb": "xrLoadRenderModelFB", "interaction": "xrCreateRenderModelAssetEXT"}[kind]
    faults.hangs[loading] = asked
    with visiting() as visit:
        monkeypatch.setattr(drawing, "drawable", ready)
        visit.until_in_headset()
        visit.until(lambda: loading not in faults.hangs, "the question")
        visit.frames(10)
        assert visit.inputs().hands[1].model is None and len(visit.session.visit.aids.controllers) == 1
        asked.set()
        visit.until(lambda: visit.inputs().hands[1].model is not None, "the runtime's model")
        visit.frames(10)
        assert not red(visit.picture()).any()
        read.set()
        visit.until(lambda: bool(threads), "the file to be read")
        visit.session.renderer._controllers.wait()
        visit.frames(3)
        assert red(visit.picture()).any()
    assert [one.rsplit("_", 1)[0] for one in threads] == ["controllers"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_real_controller_is_shown(side: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    """One of the WebXR input profiles, where they lie; it is no smaller and no larger than it would be from there."""
    folder = Path(os.environ.get("VRCLIENT_SHARED_DATA", "/nowhere")) / "controllers" / "oculus-touch-v3"
    glb = (folder / f"{side}.glb").read_bytes() if folder.is_dir() else cube()
    faults.offer_models(b"", b"")
    with visiting() as visit:
        visit.until_in_headset()
        visit.until(lambda: bool(visit.inputs().hands) and visit.inputs().hands[1].grip is not None, "the controller")
        visit.frames(3)
        plain = visit.picture().astype(int)
        assert visit.inputs().hands[1].model is None
        faults.offer_models(b"", glb)
        state = RemoteState(head=HeadState(looking(tuple(HEAD))))
        remote.send(state)  # both controllers off and on again, as they are when others are taken up
        off = ControllerState(active=False)
        remote.send(RemoteState(head=state.head, left=off, right=off))
        visit.until(lambda: visit.inputs().hands[1].grip is None, "the controller to go")
        remote.send(RemoteState(head=state.head, left=off, right=ControllerState(pose=looking(tuple(GRIP)))))
        until_given(visit)
        shown = visit.picture().astype(int)
    changed = np.abs(shown - plain).max(axis=2) > 12
    assert 150 < changed.sum() < 16000
    assert lines(caplog) == []


@pytest.mark.parametrize("call", ["xrEnumerateRenderModelPathsFB", "xrGetRenderModelPropertiesFB", "xrLoadRenderModelFB"])
def test_a_refusal_is_one_line(call: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    faults.offer_models(b"", cube())
    faults.always(call, Result.ERROR_RUNTIME_FAILURE)
    with visiting() as visit:
        visit.until_in_headset()
        visit.until(lambda: faults.count(call) > 0, "the question")
        visit.frames(5)
        assert visit.in_headset and visit.inputs().hands[1].model is None
        assert len(visit.session.visit.aids.controllers) == 1
    what = "the controllers' models" if "Paths" in call else "the model of the right controller"
    said = lines(caplog)
    assert said[-1:] == [f"headset: the runtime does not provide {what} (RuntimeFailure); another is shown"]
    assert len(said) == (2 if "Properties" in call else 1)  # there, a left one might be, too


ONE = "a controller's model"
ITS = "the model of the right controller"


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("xrEnumerateInteractionRenderModelIdsEXT", "the controllers' models"),
        ("xrCreateRenderModelEXT", ONE),
        ("xrGetRenderModelPoseTopLevelUserPathEXT", ONE),
        ("xrGetRenderModelPropertiesEXT", ITS),
        ("xrCreateRenderModelAssetEXT", ITS),
        ("xrGetRenderModelAssetDataEXT", ITS),
        ("xrCreateRenderModelSpaceEXT", ITS),
    ],
)
def test_what_one_extension_refuses_the_other_gives(
    call: str, what: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture
) -> None:
    faults.offer_models(b"", cube())
    offer(faults, "interaction", cube((0.0, 0.0, 1.0)), ELSEWHERE)
    faults.always(call, Result.ERROR_RUNTIME_FAILURE)
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        see(visit, GRIP)
    assert lines(caplog) == [f"headset: the runtime does not provide {what} (RuntimeFailure); another is shown"]
    assert faults.interaction.handles == {}


@pytest.mark.parametrize("call", ["xrEnumerateInteractionRenderModelIdsEXT", "xrGetRenderModelAssetDataEXT"])
def test_without_the_other_there_is_a_plain_one(
    call: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture
) -> None:
    offer(faults, "interaction", cube())
    faults.always(call, Result.ERROR_RUNTIME_FAILURE)
    with visiting() as visit:
        visit.until_in_headset()
        visit.until(lambda: faults.count(call) > 0, "the question")
        visit.frames(5)
        assert visit.inputs().hands[1].model is None and len(visit.session.visit.aids.controllers) == 1
    (said,) = lines(caplog)
    assert said.endswith(" (RuntimeFailure); another is shown")


def test_one_that_cannot_be_located_gives_way(
    faults: Faults, remote: RemoteClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    offer(faults, "interaction", cube())
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        headset = visit.display.headset
        assert headset is not None
        locate, (_, its) = xr.locate_space, headset.controllers.models._shown[1]

        def refused(space: Any, base: Any, time: int) -> Any:
            if space is its:
                raise xr.exception.RuntimeFailureError
            return locate(space, base, time)

        monkeypatch.setattr(xr, "locate_space", refused)
        visit.frames(3)
        assert visit.in_headset and visit.inputs().hands[1].model is None
        assert len(visit.session.visit.aids.controllers) == 1 and not red(visit.picture()).any()
    what = "the place of the right controller's model"
    assert lines(caplog) == [f"headset: the runtime does not provide {what} (RuntimeFailure); another is shown"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("glb", "reason"),
    [
        (cube()[:-40], r"the file ends after \d+ bytes, but its header says \d+: it is truncated"),
        (b"nothing of the kind", r"it is neither binary glTF nor JSON \(.*\)"),
    ],
    ids=["truncated", "something else"],
)
def test_a_broken_one_is_one_line(
    kind: str, glb: bytes, reason: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture
) -> None:
    offer(faults, kind, glb + kind[:1].encode())  # each of its own: what was given once keeps its name
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        assert visit.in_headset and not red(visit.picture()).any()
    (said,) = lines(caplog)
    name = {"fb": "right test controller", "interaction": "model [0-9a-f-]{36}"}[kind]
    assert re.fullmatch(f"the right controller is not shown as the headset has it: {name}: {reason}", said)


@pytest.mark.parametrize("kind", KINDS)
def test_it_outlives_a_loss(kind: str, faults: Faults, remote: RemoteClient, caplog: pytest.LogCaptureFixture) -> None:
    """A session may go while the runtime is asked; the next one's model is the same one."""
    caplog.set_level(logging.INFO)
    offer(faults, kind, cube())
    loading = {"fb": "xrGetRenderModelPropertiesFB", "interaction": "xrGetRenderModelAssetDataEXT"}[kind]
    with visiting() as visit:
        visit.until_in_headset()
        until_given(visit)
        before = visit.inputs().hands[1].model
        faults.once("xrEndFrame", Result.ERROR_SESSION_LOST)
        visit.until(lambda: visit.display.state is State.RECOVERING, "the loss")
        faults.hangs[loading] = 0.5
        visit.until_in_headset()
        visit.until(lambda: loading not in faults.hangs, "the question")
        faults.once("xrEndFrame", Result.ERROR_SESSION_LOST)
        visit.until(lambda: visit.display.state is State.RECOVERING, "the loss")
        visit.until_in_headset()
        until_given(visit)
        assert visit.inputs().hands[1].model is before
        assert red(visit.picture()).any()
