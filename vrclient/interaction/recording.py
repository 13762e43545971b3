"""Visits as files: what a visitor did, frame by frame, to be shown, measured or tested again. It reads no device.

A file is a compressed npz; a minute in a headset takes about a megabyte. Poses are kept as float32 (under 0.1 mm within 1 km of
the rig), everything else as it was."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.writing import whole_file

VERSION = 1
HANDS = 2
FLAGS = ("focused", "close_requested", "attentive", "origin_moved", "recentred")
BUTTONS = ("select", "teleport", "menu", "squeeze")
POSES = ("head", "left aim", "left grip", "right aim", "right grip")


class BadRecording(ValueError):
    """A file that is no recording, or one of another version; the text says which file and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """F frames of one visit, as columns.

    elapsed  [F] float32 seconds since the frame before
    poses    [F, 5, 3, 4] float32: the upper rows of rig_from_... in the order of POSES; NaN where there was none
    hands    [F] uint8: how many hands there were
    buttons  [F, 2] uint8: a bit for each of BUTTONS;  sticks [F, 2, 3] float32: move right, move forward, turn
    flags    [F] uint8: a bit for each of FLAGS
    mouse    [F, 4] float32: look right and up, pointer x and y (NaN where it was not in the picture)
    profiles [F, 2] int32 numbers of names
    held, pressed  [.., 2] int32: (frame, number of a name)
    names    the keys and profiles
    eyes     how a headset's eyes saw, with the head as their world; None where it was a flat display
    """

    elapsed: NDArray[np.float32]
    poses: NDArray[np.float32]
    hands: NDArray[np.uint8]
    buttons: NDArray[np.uint8]
    sticks: NDArray[np.float32]
    flags: NDArray[np.uint8]
    mouse: NDArray[np.float32]
    profiles: NDArray[np.int32]
    held: NDArray[np.int32]
    pressed: NDArray[np.int32]
    names: tuple[str, ...]
    eyes: ViewSet | None = None

    def __len__(self) -> int:
        return len(self.elapsed)

    def inputs(self, frame: int, /) -> InputSnapshot:
        """What the visitor did in a frame. Raises IndexError outside of the recording."""
        head, *hands = (_pose(rows) for rows in self.poses[frame])
        pointer = self.mouse[frame, 2:]
        return InputSnapshot(
            held=self._keys(self.held, frame),
            pressed=self._keys(self.pressed, frame),
            look=(float(self.mouse[frame, 0]), float(self.mouse[frame, 1])),
            pointer=None if np.isnan(pointer).any() else (float(pointer[0]), float(pointer[1])),
            head=head,
            hands=tuple(self._hand(frame, side, hands[2 * side : 2 * side + 2]) for side in range(int(self.hands[frame]))),
            **{name: bool(self.flags[frame] >> bit & 1) for bit, name in enumerate(FLAGS)},
        )

    def _keys(self, table: NDArray[np.int32], frame: int) -> frozenset[str]:
        first, last = np.searchsorted(table[:, 0], [frame, frame + 1])
        return frozenset(self.names[number] for number in table[first:last, 1])

    def _hand(self, frame: int, side: int, poses: list[Matrix | None]) -> Hand:
        right, forward, turn = (float(value) for value in self.sticks[frame, side])
        return Hand(
            aim=poses[0],
            grip=poses[1],
            move=(right, forward),
            turn=turn,
            profile=self.names[self.profiles[frame, side]],
            model=None,
            rig_from_model=None,
            **{name: bool(self.buttons[frame, side] >> bit & 1) for bit, name in enumerate(BUTTONS)},
        )


class Recorder:
    """Takes a visit frame by frame; `recording` is what has been taken so far."""

    def __init__(self) -> None:
        self._elapsed: list[float] = []
        self._frames: list[InputSnapshot] = []
        self._eyes: ViewSet | None = None

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def last(self) -> InputSnapshot:
        """The newest frame. Raises IndexError before the first."""
        return self._frames[-1]

    def add(self, inputs: InputSnapshot, elapsed: float, /) -> None:
        """One more frame; `elapsed` seconds after the one before."""
        self._elapsed.append(elapsed)
        self._frames.append(inputs)

    def see(self, view_set: ViewSet, world_from_head: Matrix, /) -> None:
        """How the eyes of a headset saw a frame."""
        self._eyes = view_set.seen_from(view_set.view_from_world @ world_from_head)

    def recording(self) -> Recording:
        """All frames as columns."""
        frames, names = self._frames, {"": 0}

        def number(name: str) -> int:
            return names.setdefault(name, len(names))

        def keys(kind: str) -> NDArray[np.int32]:
            rows = [(at, number(key)) for at, one in enumerate(frames) for key in sorted(getattr(one, kind))]
            return np.array(rows, np.int32).reshape(-1, 2)

        poses = np.full((len(frames), len(POSES), 3, 4), np.nan, np.float32)
        buttons, sticks = np.zeros((len(frames), HANDS), np.uint8), np.zeros((len(frames), HANDS, 3), np.float32)
        profiles = np.zeros((len(frames), HANDS), np.int32)
        mouse = np.full((len(frames), 4), np.nan, np.float32)
        for at, one in enumerate(frames):
            mouse[at, :2] = one.look
            if one.pointer is not None:
                mouse[at, 2:] = one.pointer
            found = [one.head, *(pose for hand in one.hands[:HANDS] for pose in (hand.aim, hand.grip))]
            for place, pose in enumerate(found):
                if pose is not None:
                    poses[at, place] = pose[:3]
            for side, hand in enumerate(one.hands[:HANDS]):
                buttons[at, side] = sum(getattr(hand, name) << bit for bit, name in enumerate(BUTTONS))
                sticks[at, side] = (*hand.move, hand.turn)
                profiles[at, side] = number(hand.profile)
        held, pressed = keys("held"), keys("pressed")
        return Recording(
            elapsed=np.array(self._elapsed, np.float32),
            poses=poses,
            hands=np.array([min(len(one.hands), HANDS) for one in frames], np.uint8),
            buttons=buttons,
            sticks=sticks,
            flags=np.array([sum(getattr(one, name) << bit for bit, name in enumerate(FLAGS)) for one in frames], np.uint8),
            mouse=mouse,
            profiles=profiles,
            held=held,
            pressed=pressed,
            names=tuple(names),
            eyes=self._eyes,
        )


COLUMNS = ("elapsed", "poses", "hands", "buttons", "sticks", "flags", "mouse", "profiles", "held", "pressed")


def save_recording(recording: Recording, path: Path, /) -> None:
    """Writes the file. Raises OSError where that cannot be."""
    eyes: dict[str, Any] = {}
    if (seen := recording.eyes) is not None:
        eyes = {"view_from_head": seen.view_from_world, "fov": seen.fov, "pixels": seen.pixels, "depth": [seen.near, seen.far]}
    columns: dict[str, Any] = {name: getattr(recording, name) for name in COLUMNS}
    with whole_file(path) as file:
        np.savez_compressed(file, version=VERSION, names=np.array(recording.names, np.str_), **columns, **eyes)


def load_recording(path: Path, /) -> Recording:
    """Reads a file. Raises BadRecording where it is not a recording of this version, OSError where it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if int(file["version"]) != VERSION:
                raise BadRecording(f"{path} is a recording of another version of vrclient; record the visit again")
            eyes = None
            if "view_from_head" in file:
                near, far = file["depth"]
                eyes = ViewSet.from_arrays(file["view_from_head"], file["fov"], near=near, far=far, pixels=file["pixels"])
            recording = Recording(
                **{name: file[name] for name in COLUMNS}, names=tuple(str(name) for name in file["names"]), eyes=eyes
            )
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, BadRecording):
            raise
        raise BadRecording(f"{path} is not a recorded visit; vrclient run --record writes one") from error
    count = len(recording)
    if not count or recording.poses.shape != (count, len(POSES), 3, 4) or recording.mouse.shape != (count, 4):
        raise BadRecording(f"{path} holds no whole visit; record it again")
    return recording


def _pose(rows: NDArray[np.float32]) -> Matrix | None:
    """The rigid matrix of three stored rows; None where there was none."""
    if np.isnan(rows).any():
        return None
    return np.concatenate([rows.astype(np.float64), [[0.0, 0.0, 0.0, 1.0]]])
