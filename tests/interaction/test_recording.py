"""A recorded visit comes back as it was; a file that is none is named."""

import io
import tempfile
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

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


WRITES = "; 'vrclient run --record FILE' writes one"


def problem(path: Path) -> str:
    """What is said of a file that is no recording."""
    with pytest.raises(BadRecording) as error:
        load_recording(path)
    text = str(error.value)
    assert text.startswith(f"{path} is not a usable recording: ") and text.endswith(WRITES) and "\n" not in text
    return text.removeprefix(f"{path} is not a usable recording: ").removesuffix(WRITES)


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    text = tmp_path / "visit.npz"
    text.write_text("title: no")
    assert problem(text) == "it is damaged, or another kind of file"
    text.write_bytes(b"")
    assert problem(text) == "it is damaged, or another kind of file"
    np.savez_compressed(text, version=99)
    assert problem(text) == "it is of another version (99, not 1); record the visit again"
    save_recording(Recorder().recording(), text)
    assert problem(text) == "it holds no frames: the visit ended before the first one"


def columns() -> dict[str, Any]:
    """The arrays of a good recording of three frames."""
    recorder = Recorder()
    for number in range(3):
        hand = Hand(aim=world_from_body((0.1, 0.2, number), heading=0.3), profile="a", move=(0.5, -0.5))
        recorder.add(InputSnapshot(held=frozenset("w"), pressed=frozenset("q"), head=np.eye(4), hands=(hand, hand)), 0.01)
    recorder.see(ViewSet.from_arrays([np.eye(4)], [[-0.8, 0.7, 0.6, -0.5]], near=0.05, far=900.0, pixels=[[64, 48]]), np.eye(4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "good.npz"
        save_recording(recorder.recording(), path)
        with np.load(path) as file:
            return dict(file)


GOOD = columns()
numbers = st.sampled_from([np.nan, np.inf, -np.inf, -1.0, 1e38, 255.0, 2.0**31 - 1])


@given(name=st.sampled_from(sorted(GOOD)), how=st.sampled_from(["value", "shape", "type", "gone", "text"]), data=st.data())
def test_wrong_columns_are_refused_in_one_line_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: str, data: st.DataObject
) -> None:
    changed = {one: np.array(value) for one, value in GOOD.items()}
    column = changed[name]
    if how == "gone":
        del changed[name]
    elif how == "text":
        changed[name] = np.full(column.shape, "x" * data.draw(st.sampled_from([1, 300])))
    elif how == "shape":
        changed[name] = np.resize(column, data.draw(st.sampled_from([(), (0,), (7,), (3, 3), (1, 1, 1), (3, 5, 4, 3)])))
    elif how == "type":
        kind = data.draw(st.sampled_from(["f2", "f8", "i1", ">f4", "c16", "U3", "M8[s]", "?"]))
        changed[name] = np.zeros(column.shape, kind)
    elif column.dtype.kind in "fiu" and column.size:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            column.flat[data.draw(st.integers(0, column.size - 1))] = np.array(data.draw(numbers)).astype(column.dtype)
    path = tmp_path_factory.getbasetemp() / "changed.npz"
    np.savez(path, **changed)
    read_all(path)


@given(data=st.data())
def test_damaged_bytes_are_refused_in_one_line_or_harmless(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    (np.savez if data.draw(st.booleans()) else np.savez_compressed)(path, **GOOD)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["flip", "zero", "cut", "twice"])):
            case "flip":
                content[at] ^= 1 << data.draw(st.integers(0, 7))
            case "zero":
                content[at : at + 4] = bytes(len(content[at : at + 4]))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 40))]
            case "twice":
                content[at:at] = content[at : at + 20]
        if not content:
            break
    path.write_bytes(content)
    read_all(path)


def read_all(path: Path) -> None:
    """Refused, or every frame of it can be had."""
    try:
        recording = load_recording(path)
    except BadRecording as error:
        assert "\n" not in str(error)
        return
    for frame in range(len(recording)):
        recording.inputs(frame)


def test_what_is_declared_huge_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    tracemalloc.start()
    try:
        for name, shape in (("elapsed", (2**40,)), ("elapsed", (10**8,)), ("poses", (10**8, 5, 3, 4)), ("held", (10**9, 2))):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for one, value in GOOD.items():
                    buffer = io.BytesIO()
                    if one == name:
                        declared = {"descr": np.lib.format.dtype_to_descr(value.dtype), "fortran_order": False, "shape": shape}
                        np.lib.format.write_array_header_1_0(buffer, declared)
                        buffer.write(bytes(10_000_000))
                    else:
                        np.lib.format.write_array(buffer, value)
                    archive.writestr(f"{one}.npy", buffer.getvalue())
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            assert problem(path) == f"'{name}' is {GOOD[name].dtype} {shape}"
            assert tracemalloc.get_traced_memory()[1] - before < 5_000_000
    finally:
        tracemalloc.stop()
