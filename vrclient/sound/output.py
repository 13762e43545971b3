"""What is heard: sounds in their places around the visitor's ears, through Panda3D's OpenAL; silent where there is no device.

Each frame it is told what should be heard now. It decides nothing about when something sounds (modes/), and measures no distance
itself (sounds.py, rolloff.py): OpenAL's own roll-off is off."""

import ctypes
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import panda3d  # noqa: TID251
from panda3d.core import AudioManager, AudioSound, Filename, load_prc_file_data  # noqa: TID251

from vrclient.geometry.frames import Matrix
from vrclient.sound.decoding import DecodedFiles, Unplayable
from vrclient.sound.sounds import QUIET, Sound, heard_from, level

log = logging.getLogger(__name__)

FADE = 0.35
"""Seconds in which a sound comes or goes."""
UNDER_SPEECH = 0.4
"""How loud everything else is while somebody speaks."""
DRIFT = 0.12
"""Seconds by which a sound may be away from where it should be; lips and voices part at about 0.1-0.2 (ITU-R BT.1359)."""
KEPT = 20.0
"""Seconds for which a recording stays decoded after it was heard."""
JUMP = 0.5
"""From so many seconds on somebody has moved the sound on purpose."""
SETTLING = 1.0
"""Seconds after which a sound that was put right is looked at again; after a jump, a fifth of it."""

LIBRARY = "p3openal_audio"
_CREATED = re.compile(r'Created device \S+, "(.+)"')
_SETTINGS = "audio-library-name {library}\naudio-buffering-seconds 1.5\nnotify-level-audio fatal\n"


class SoundOutput:
    """All sounds of a run. `problem` says in words why it is silent; None where one hears something. Everything else is the same:
    clocks are the visit's, and how long a recording takes stands in its file."""

    def __init__(self, manager: AudioManager | None, problem: str | None) -> None:
        self.problem, self.device = problem, ""
        self._manager = manager
        self._recordings: dict[Path, _Recording] = {}
        self._voices: dict[_Key, _Voice] = {}
        self._decoded = DecodedFiles() if manager is not None else None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound") if manager is not None else None
        self._closing = Event()
        self._complained: set[Path] = set()

    @classmethod
    def open(cls, *, named: bool = False) -> "SoundOutput":
        """The machine's default sound device, also when that becomes another one while it sounds, where the system has a sound
        server (PulseAudio, PipeWire). Where there is none, a silent output; the log says why, once. `named`: `device` is its
        name, as far as it is known, if this process has asked for no sound before."""
        _silence_alsa()
        load_prc_file_data("vrclient", _SETTINGS.format(library=LIBRARY))
        with _openal_prepared(named=named) as notes:
            manager = AudioManager.create_AudioManager()
            device = _device_in(notes)
        if manager.is_valid() and manager.get_type().get_name() != "NullAudioManager":
            manager.audio_3d_set_drop_off_factor(0.0)
            manager.audio_3d_set_doppler_factor(0.0)
            manager.set_concurrent_sound_limit(0)
            output = cls(manager, None)
            output.device = device
            return output
        if any(Path(panda3d.__file__).parent.glob(f"*{LIBRARY}*")):
            problem = "there is no sound device that can be used; connect one, or check the system's sound settings"
        else:
            problem = f"Panda3D's library {LIBRARY} is missing; install panda3d again"
        log.warning("sound: silent (%s)", problem)
        return cls(None, problem)

    @classmethod
    def silent(cls, reason: str, /) -> "SoundOutput":
        """No sound, on purpose: pictures, tests, a visit with sound switched off."""
        return cls(None, reason)

    def update(
        self,
        sounds: Sequence[Sound],
        world_from_head: Matrix,
        /,
        *,
        elapsed: float,
        volume: float = 1.0,
        muted: bool = False,
        mono: bool = False,
    ) -> None:
        """One frame: these sounds are heard, and no others; `elapsed` seconds after the last one.

        world_from_head  [4, 4] metres: the head, X right, Y forward, Z up
        volume           of everything, linear, 0..1
        mono             everything is in both ears alike
        """
        if self._manager is None:
            return
        ears = np.asarray(world_from_head, np.float64)[:3, 3]
        wanted: dict[_Key, float] = {}
        someone_speaks = any(sound.speech and self._is_heard(sound) for sound in sounds)
        for sound in sounds:
            gain = level(sound, ears) * (UNDER_SPEECH if someone_speaks and not sound.speech else 1.0)
            if gain > QUIET:
                wanted[_key(sound)] = gain
                self._prepare(sound)
        for key, voice in list(self._voices.items()):
            voice.approach(wanted.get(key, 0.0), elapsed)
            if key not in wanted and voice.gain <= 0.0:
                voice.handle.stop()
                del self._voices[key]
        for sound in sounds:
            if (known := self._voices.get(_key(sound))) is not None:
                known.keep(sound, ears if mono else heard_from(sound, ears))
        self._manager.set_volume(0.0 if muted else min(max(volume, 0.0), 1.0))
        position, forward, up = (column.tolist() for column in (ears, world_from_head[:3, 1], world_from_head[:3, 2]))
        self._manager.audio_3d_set_listener_attributes(*position, 0.0, 0.0, 0.0, *forward, *up)
        self._manager.update()
        self._forget()

    def place_of(self, key: Hashable, /) -> float | None:
        """The second of its file at which a sound is; None where it is not heard."""
        found = next((voice for (name, _), voice in self._voices.items() if name == key and voice.target > 0.0), None)
        return float(found.handle.get_time()) if found is not None else None

    def problem_of(self, file: Path, /) -> str | None:
        """Why a recording is not heard, in words."""
        recording = self._recordings.get(file)
        return recording.problem if recording is not None else None

    def close(self) -> None:
        """Silence; gives the device back."""
        self._closing.set()
        if self._decoded is not None:
            self._decoded.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        for voice in self._voices.values():
            voice.handle.stop()
        self._voices.clear()
        if self._decoded is not None:
            for recording in self._recordings.values():
                if recording.decoded is not None:
                    self._decoded.remove(recording.decoded)
        self._recordings.clear()
        if self._manager is not None:
            self._manager.shutdown()
            self._manager = None
            self.problem = "closed"

    def _is_heard(self, sound: Sound) -> bool:
        voice = self._voices.get(_key(sound))
        return voice is not None and voice.handle.status() == AudioSound.PLAYING

    def _prepare(self, sound: Sound) -> None:
        """Brings a sound on its way to being heard: decoded beside the frames, then made a voice, one a frame."""
        assert self._manager is not None and self._pool is not None
        recording = self._recordings.get(sound.file)
        if recording is None:
            self._recordings[sound.file] = _Recording(self._pool.submit(self._decode, sound.file))
            return
        recording.used = time.monotonic()
        if _key(sound) in self._voices or not recording.is_ready():
            return
        if recording.problem is not None:
            if sound.file not in self._complained:
                self._complained.add(sound.file)
                log.warning("sound: '%s' cannot be played: %s", sound.file.name, recording.problem)
            return
        handle = self._manager.get_sound(recording.decoded, True, AudioManager.SM_heuristic)
        self._voices[_key(sound)] = _Voice(handle)

    def _decode(self, file: Path) -> Filename:
        assert self._decoded is not None

        def give_way() -> None:
            if self._closing.is_set():
                raise CancelledError
            time.sleep(0.0)

        return self._decoded.add(file, give_way=give_way)

    def _forget(self) -> None:
        """Gives the memory of what was not heard for a while back."""
        assert self._manager is not None and self._decoded is not None
        now = time.monotonic()
        for file, recording in list(self._recordings.items()):
            in_use = any(other == file for _, other in self._voices)
            if recording.decoded is not None and not in_use and now - recording.used > KEPT:
                self._manager.uncache_sound(recording.decoded)
                self._decoded.remove(recording.decoded)
                del self._recordings[file]


@contextmanager
def _openal_prepared(*, named: bool) -> Iterator[Path]:
    """Within it OpenAL Soft reads its settings, once in a process; what the environment says counts more. Panda3D's is 1.19,
    which forbids the sound server to move what it plays unless told otherwise (its alsoftrc.sample, "allow-moves"). It tells
    which device it takes in its log alone: `named`, it writes one to the file that this gives."""
    with ExitStack() as closing:
        wanted, notes = {"ALSOFT_LOGLEVEL": "0"}, Path(os.devnull)  # level 0: it writes to the terminal otherwise
        with suppress(OSError):  # where no file can be made, it does without
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            (folder / "alsoft.conf").write_text("[pulse]\nallow-moves = true\n", "utf-8")
            wanted["ALSOFT_CONF"] = str(folder / "alsoft.conf")
            if named:
                notes = folder / "notes"
                wanted |= {"ALSOFT_LOGLEVEL": "3", "ALSOFT_LOGFILE": str(notes)}
        given = {name: value for name, value in wanted.items() if name not in os.environ}
        os.environ.update(given)
        try:
            yield notes
        finally:
            for name in given:
                del os.environ[name]


def _device_in(notes: Path) -> str:
    """The device that OpenAL's log names last; "" where it names none."""
    if not notes.exists():
        return ""
    if sys.platform != "win32":
        ctypes.CDLL(None).fflush(None)  # the log is a C stream that OpenAL keeps open
    created = _CREATED.findall(notes.read_text("utf-8", "replace"))
    return str(created[-1]) if created else ""


@cache
def _silence_alsa() -> Any:
    """Keeps ALSA's own words, a page of them where there is no sound card, off the terminal; what is the matter is said in ours.
    Gives back what must live as long as the program: ALSA calls it."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return None
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
        lambda *_: None
    )
    alsa.snd_lib_error_set_handler(handler)
    return handler


_Key = tuple[Hashable, Path]


def _key(sound: Sound) -> _Key:
    """Another file under the same key is another sound, so that the one goes while the other comes."""
    return (sound.key, sound.file)


class _Recording:
    """A file on its way into memory, or in it."""

    __slots__ = ("_coming", "decoded", "problem", "used")

    def __init__(self, coming: "Future[Filename]") -> None:
        self._coming: Future[Filename] | None = coming
        self.decoded: Filename | None = None
        self.problem: str | None = None
        self.used = time.monotonic()

    def is_ready(self) -> bool:
        """Whether `decoded` or `problem` is known."""
        if self._coming is not None and self._coming.done():
            try:
                self.decoded = self._coming.result()
            except Unplayable as reason:
                self.problem = str(reason)
            except (CancelledError, OSError, MemoryError) as error:
                self.problem = f"it cannot be read ({error or 'closed'})"
            self._coming = None
        return self._coming is None


@dataclass(slots=True)
class _Voice:
    """One sound of the engine that is playing or about to."""

    handle: AudioSound
    gain: float = 0.0
    target: float = 0.0
    looked: float = -1.0
    started: bool = False

    def approach(self, target: float, elapsed: float) -> None:
        """Goes towards a gain, as fast as fades are."""
        self.target = target
        step = max(elapsed, 0.0) / FADE
        self.gain = min(self.gain + step, target) if target > self.gain else max(self.gain - step, target)
        self.handle.set_volume(self.gain)

    def keep(self, sound: Sound, place: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
        """Where and when the sound should be."""
        self.handle.set_3d_attributes(*place.tolist(), 0.0, 0.0, 0.0)
        now, length = time.monotonic(), self.handle.length()
        if sound.seconds is None:
            if not self.started:
                self._start(0.0, loop=sound.loop)
            return
        if not sound.loop and sound.seconds >= length > 0.0:
            if self.handle.status() == AudioSound.PLAYING:
                self.handle.stop()
            return
        wanted = sound.seconds % length if sound.loop and length > 0.0 else sound.seconds
        away = abs(self.handle.get_time() - wanted)
        if sound.loop and length > 0.0:
            away = min(away, length - away)
        if self.started and now - self.looked < (SETTLING if away < JUMP else SETTLING / 5):
            return
        if not self.started or away > DRIFT or self.handle.status() != AudioSound.PLAYING:
            self._start(wanted, loop=sound.loop)
        self.looked = now

    def _start(self, at: float, *, loop: bool) -> None:
        self.handle.set_loop(loop)
        self.handle.set_time(at)
        self.handle.play()
        self.started = True
