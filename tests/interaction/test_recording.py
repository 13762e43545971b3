"""A recorded visit comes back as it was; a file that is none is named."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.interaction.recording import FLAGS, BadRecording, Recorder, load_recording, save_recording

share = st.floats(-1.0, 1.0, width=32)
poses = st.builds(
    lambda x, y, z, heading, pitch: world_from_body((x, y, z), heading=heading, pitch=pitch), share, share, share, share, share
)
hands = st.builds(
    Hand,
    aim=st.none() | poses, grip=st.none() | poses, select=st.booleans(), teleport=st.booleans(), menu=st.booleans(),
    squeeze=st.booleans(), move=st.tuples(share, share), turn=share,
    profile=st.sampled_from(["", "/interaction_profiles/valve/index_controller"]),
)  # fmt: skip
keys = st.frozensets(st.sampled_from(["w", "a", "escape", "mouse1", "f12"]))
snapshots = st.builds(
    InputSnapshot,
    held=keys, pressed=keys, look=st.tuples(share, share), pointer=st.none() | st.tuples(share, share), focused=st.booleans(),
    close_requested=st.booleans(), head=st.none() | poses, hands=st.lists(hands, max_size=2).map(tuple),
    attentive=st.booleans(), origin_moved=st.booleans(), recentred=st.booleans(),
)  # fmt: skip


def same(one: Matrix | None, other: Matrix | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.allclose(one, other, atol=1e-6))


@given(frames=st.lists(st.tuples(snapshots, st.floats(0.0, 0.25, width=32)), min_size=1, max_size=6))
def test_every_frame_comes_back(frames: list[tuple[InputSnapshot, float]], tmp_path_factory: pytest.TempPathFactory) -> None:
    recorder = Recorder()
    for inputs, elapsed in frames:
        recorder.add(inputs, elapsed)
    path = tmp_path_factory.mktemp("visit") / "visit.npz"
    save_recording(recorder.recording(), path)
    recording = load_recording(path)
    assert len(recording) == len(frames)
    for at, (inputs, elapsed) in enumerate(frames):
        found = recording.inputs(at)
        assert float(recording.elapsed[at]) == elapsed
        for name in ("held", "pressed", "look", "pointer", *FLAGS):
            assert getattr(found, name) == getattr(inputs, name), name
        assert same(found.head, inputs.head)
        assert len(found.hands) == len(inputs.hands)
        for hand, other in zip(found.hands, inputs.hands, strict=True):
            assert same(hand.aim, other.aim) and same(hand.grip, other.grip)
            for name in ("select", "teleport", "menu", "squeeze", "move", "turn", "profile"):
                assert getattr(hand, name) == getattr(other, name), name


def test_the_eyes_of_the_headset_are_kept(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.add(InputSnapshot(), 0.0)
    world_from_head = world_from_body((3.0, 4.0, 1.6), heading=0.5)
    view_from_head = np.stack([world_from_body((side, 0.0, 0.0)) for side in (0.03, -0.03)])
    fov = [[-0.8, 0.7, 0.6, -0.5], [-0.7, 0.8, 0.6, -0.5]]
    seen = ViewSet.from_arrays(
        view_from_head @ np.linalg.inv(world_from_head), fov, near=0.05, far=900.0, pixels=[[64, 48], [64, 48]]
    )
    recorder.see(seen, world_from_head)
    save_recording(recorder.recording(), tmp_path / "visit.npz")
    eyes = load_recording(tmp_path / "visit.npz").eyes
    assert eyes is not None
    np.testing.assert_allclose(eyes.view_from_world, view_from_head, atol=1e-12)
    np.testing.assert_array_equal(eyes.fov, fov)
    assert (eyes.near, eyes.far, eyes.pixels.tolist()) == (0.05, 900.0, [[64, 48], [64, 48]])


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    text = tmp_path / "visit.npz"
    text.write_text("title: no")
    with pytest.raises(BadRecording) as error:
        load_recording(text)
    assert str(error.value) == f"{text} is not a recorded visit; vrclient run --record writes one"
    np.savez_compressed(tmp_path / "other.npz", version=99)
    with pytest.raises(BadRecording) as error:
        load_recording(tmp_path / "other.npz")
    assert str(error.value) == f"{tmp_path / 'other.npz'} is a recording of another version of vrclient; record the visit again"
    (tmp_path / "empty.npz").write_bytes(b"")
    with pytest.raises(BadRecording):
        load_recording(tmp_path / "empty.npz")
