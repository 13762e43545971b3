"""Visits as files: what a visitor did, frame by frame, to be shown, measured or tested again. It reads no device.

A file is a compressed npz; a minute in a headset takes about a megabyte. Poses are kept as float32 (under 0.1 mm within 1 km of
the rig), everything else as it was."""

import logging
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_array_header_2_0, read_magic
from numpy.typing import NDArray

from vrclient.frame.inputs import Hand, InputSnapshot
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix
from vrclient.writing import whole_file

log = logging.getLogger(__name__)

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
        self.is_full = False

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def last(self) -> InputSnapshot:
        """The newest frame. Raises IndexError before the first."""
        return self._frames[-1]

    def add(self, inputs: InputSnapshot, elapsed: float, /) -> None:
        """One more frame; `elapsed` seconds after the one before. After LONGEST frames
        nothing is taken any more, which is said."""
        if len(self._frames) == LONGEST:
            if not self.is_full:
                log.warning("the recording is full: it holds the first %s frames", LONGEST)
            self.is_full = True
            return
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


PER_FRAME: dict[str, tuple[type, tuple[int, ...]]] = {
    "elapsed": (np.float32, ()),
    "poses": (np.float32, (len(POSES), 3, 4)),
    "hands": (np.uint8, ()),
    "buttons": (np.uint8, (HANDS,)),
    "sticks": (np.float32, (HANDS, 3)),
    "flags": (np.uint8, ()),
    "mouse": (np.float32, (4,)),
    "profiles": (np.int32, (HANDS,)),
}
"""Type and shape of a frame's share of a column."""
LONGEST, KEYS_A_FRAME = 2_000_000, 8
"""Frames: six hours at 90 a second; keys that are down, in the middle of them all."""
MOST_NAMES, LONGEST_NAME = 4096, 256
MOST_PIXELS = 16384
AT_ONCE = 50_000
"""Frames that are judged at once."""


def save_recording(recording: Recording, path: Path, /) -> None:
    """Writes the file. Raises OSError where that cannot be."""
    eyes: dict[str, Any] = {}
    if (seen := recording.eyes) is not None:
        eyes = {"view_from_head": seen.view_from_world, "fov": seen.fov, "pixels": seen.pixels, "depth": [seen.near, seen.far]}
    columns: dict[str, Any] = {name: getattr(recording, name) for name in COLUMNS}
    with whole_file(path) as file:
        np.savez_compressed(file, version=np.int64(VERSION), names=np.array(recording.names, np.str_), **columns, **eyes)


def load_recording(path: Path, /) -> Recording:
    """Reads a file. Raises BadRecording where it is not a whole recording of this version, OSError where it cannot be opened.
    What a file declares is judged before it is read, so none takes more memory than LONGEST frames do."""
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings(), zipfile.ZipFile(file) as archive:
                warnings.simplefilter("ignore")  # numpy's, of headers from elsewhere
                return _whole(archive)
        except DamagedRecording as error:
            why = str(error)
        except zipfile.BadZipFile:
            why = "it is damaged, or another kind of file"
        except DAMAGE:
            why = "it is damaged"
    raise BadRecording(f"{path} is not a usable recording: {why}; 'vrclient run --record FILE' writes one")


DAMAGE = (
    ValueError, LookupError, EOFError, ArithmeticError, MemoryError, RuntimeError, TypeError, OSError, zlib.error, struct.error,
)  # fmt: skip
"""What zipfile and numpy raise over damaged files."""


class DamagedRecording(Exception):
    """Why a file is no recording."""


def _whole(archive: zipfile.ZipFile) -> Recording:
    """The archive as checked columns."""
    version = _column(archive, "version", np.int64, ())
    if version != VERSION:
        raise DamagedRecording(f"it is of another version ({version}, not {VERSION}); record the visit again")
    count = len(_column(archive, "elapsed", np.float32, (None,)))
    if not count:
        raise DamagedRecording("it holds no frames: the visit ended before the first one")
    columns = {name: _column(archive, name, dtype, (count, *shape)) for name, (dtype, shape) in PER_FRAME.items()}
    keys = {name: _column(archive, name, np.int32, (None, 2)) for name in ("held", "pressed")}
    names = tuple(str(name) for name in _column(archive, "names", np.str_, (None,)))
    _judge(columns, keys, len(names))
    eyes = None
    if "view_from_head.npy" in archive.namelist():
        poses = _column(archive, "view_from_head", np.float64, (None, 4, 4))
        fov = _column(archive, "fov", np.float64, (len(poses), 4))
        pixels = _column(archive, "pixels", np.int32, (len(poses), 2))
        near, far = _column(archive, "depth", np.float64, (2,))
        _that(1 <= len(poses) <= HANDS and _rigid(poses[:, :3]) and (poses[:, 3] == (0.0, 0.0, 0.0, 1.0)).all(), "view_from_head")
        _that(bool((pixels <= MOST_PIXELS).all()), "pixels")
        _that(near >= 1e-4 and far <= 1e6, "depth")
        eyes = ViewSet.from_arrays(poses, fov, near=float(near), far=float(far), pixels=pixels)
    return Recording(**columns, **keys, names=names, eyes=eyes)


def _column(archive: zipfile.ZipFile, name: str, dtype: type, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """One array of that type and shape; None: any length that a recording may have. It is read only if it is declared so."""
    try:
        info = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise DamagedRecording(f"'{name}' is missing") from None
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DamagedRecording(f"'{name}' is compressed in another way")
    with archive.open(info) as stream:
        header = {(1, 0): read_array_header_1_0, (2, 0): read_array_header_2_0}[read_magic(stream)]
        found, is_fortran, kind = header(stream)
        is_text = dtype is np.str_ and kind.kind == "U" and 0 < kind.itemsize <= 4 * LONGEST_NAME and kind.isnative
        longest = MOST_NAMES if is_text else KEYS_A_FRAME * LONGEST if shape == (None, 2) else LONGEST
        fits = len(found) == len(shape) and all(
            have <= longest if want is None else have == want for have, want in zip(found, shape, strict=True)
        )
        if not fits or not (is_text or kind == dtype) or (is_fortran and len(shape) > 1):
            raise DamagedRecording(f"'{name}' is {kind} {found}")
        size = int(np.prod(found, dtype=np.int64)) * kind.itemsize
        data = stream.read(size)
        if len(data) != size or stream.read(1):  # reading beyond the end has the checksum looked at
            raise DamagedRecording(f"'{name}' is cut off, or too long")
    return np.frombuffer(data, kind).reshape(found)


def _judge(columns: dict[str, NDArray[Any]], keys: dict[str, NDArray[np.int32]], names: int) -> None:
    """Raises Damaged for values that no visit has."""
    elapsed, mouse, sticks = columns["elapsed"], columns["mouse"], columns["sticks"]
    _that(bool(((elapsed >= 0.0) & (elapsed <= 3600.0)).all()), "elapsed")
    _that(bool((columns["hands"] <= HANDS).all()), "hands")
    _that(bool((columns["buttons"] < 1 << len(BUTTONS)).all()), "buttons")
    _that(bool((columns["flags"] < 1 << len(FLAGS)).all()), "flags")
    _that(bool((np.abs(sticks) <= 10.0).all()), "sticks")
    _that(bool((np.abs(mouse[:, :2]) <= 1e6).all()), "mouse")
    _that(bool((np.isnan(mouse[:, 2:]) | (np.abs(mouse[:, 2:]) <= 1e3)).all()), "mouse")
    _that(bool(((columns["profiles"] >= 0) & (columns["profiles"] < names)).all()), "profiles")
    for name, table in keys.items():
        at, number = table.T
        in_order = bool((np.diff(at) >= 0).all()) and (not len(at) or (at[0] >= 0 and at[-1] < len(elapsed)))
        _that(in_order and bool(((number >= 0) & (number < names)).all()), name)
    for first in range(0, len(elapsed), AT_ONCE):
        poses = columns["poses"][first : first + AT_ONCE].reshape(-1, 3, 4)
        _that(_rigid(poses[~np.isnan(poses).any(axis=(1, 2))]), "poses")


def _rigid(poses: NDArray[Any]) -> bool:
    """Whether all of [N, 3, 4] turn and move, nothing else, and stay where anybody may be."""
    if not len(poses):
        return True
    if not np.isfinite(poses).all() or np.abs(poses[:, :, 3]).max() > 1e5 or np.abs(poses[:, :, :3]).max() > 1.1:
        return False
    turn = poses[:, :, :3].astype(np.float64)
    return bool(np.abs(turn @ turn.transpose(0, 2, 1) - np.eye(3)).max() < 0.02 and (np.linalg.det(turn) > 0.0).all())


def _that(holds: bool, name: str) -> None:
    if not holds:
        raise DamagedRecording(f"'{name}' holds values that no visit has")


def _pose(rows: NDArray[np.float32]) -> Matrix | None:
    """The rigid matrix of three stored rows; None where there was none."""
    if np.isnan(rows).any():
        return None
    return np.concatenate([rows.astype(np.float64), [[0.0, 0.0, 0.0, 1.0]]])
