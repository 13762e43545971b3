"""What is really heard: OpenAL writes what it would send to a loudspeaker into a file, which is read again.

Each phase is listened to when its sounds play and fades are over."""

import json
import os
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vrclient.sound.output import DRIFT, UNDER_SPEECH, SoundOutput
from vrclient.sound.sounds import Sound

pytestmark = pytest.mark.measured  # a device plays in real time
MEDIA = Path(__file__).parents[1] / "media"
RATE = 44_100


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone of 441 Hz, a second long, without a seam."""
    file = tmp_path_factory.mktemp("tones") / "tone.wav"
    samples = np.sin(2 * np.pi * 441 * np.arange(RATE) / RATE) * 12_000
    with wave.open(str(file), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(RATE)
        output.writeframes(samples.astype("<i2").tobytes())
    return file


def _played(folder: Path, phases: list[dict], *, drivers: str = "wave", library: str | None = None) -> tuple[dict, list[NDArray]]:
    """The process's answer, and for each phase [S, 2] what was in the two ears late in it."""
    heard, settings = folder / "heard.wav", folder / "settings.json"
    (folder / "alsoft.conf").write_text(
        f"[general]\nchannels=stereo\nfrequency={RATE}\nsample-type=int16\ndither=false\nhrtf=false\n[wave]\nfile={heard}\n",
        "utf-8",
    )
    settings.write_text(json.dumps({"phases": phases, "heard": str(heard)} | ({"library": library} if library else {})), "utf-8")
    environment = os.environ | {"ALSOFT_DRIVERS": drivers, "ALSOFT_CONF": str(folder / "alsoft.conf")}
    script = Path(__file__).with_name("playing.py")
    done = subprocess.run(
        [sys.executable, str(script), str(settings)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer, [_samples(heard, *window) for window in answer["windows"] if window]


def _samples(file: Path, start: int, end: int) -> NDArray[np.float64]:
    """[S, 2] between two bytes of OpenAL Soft's WAV file, whose kind of header (extensible) the wave module reads from Python
    3.12 on."""
    data = file.read_bytes()
    at = 12
    while data[at : at + 4] != b"data":
        at += 8 + struct.unpack_from("<I", data, at + 4)[0]
    body = data[at + 8 :]
    start, end = (max(0, one - at - 8) // 4 * 4 for one in (start, end))
    return np.frombuffer(body[start:end], "<i2").reshape(-1, 2) / 32768.0


def _loud(ears: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(np.mean(ears**2, axis=0))


def _pitch(ear: NDArray[np.float64]) -> float:
    """Hertz of the loudest tone."""
    spectrum = np.abs(np.fft.rfft(ear * np.hanning(len(ear)), 4 * len(ear)))
    return float(np.argmax(spectrum) * RATE / (4 * len(ear)))


def test_left_right_near_far_mono_and_muted(tone: Path, tmp_path: Path) -> None:
    def one(*position: float, **more: object) -> dict:
        return {"sounds": [{"key": "tone", "file": str(tone), "position": position, **more}]}

    inverse = {"model": "inverse", "reference": 2.0, "farthest": 60.0, "factor": 1.0}
    linear = {"model": "linear", "reference": 1.0, "farthest": 21.0, "factor": 1.0}
    phases = [
        one(-2, 0, 0, rolloff=inverse),
        one(2, 0, 0, rolloff=inverse),
        one(-8, 0, 0, rolloff=inverse),
        one(-11, 0, 0, rolloff=linear),
        {**one(-2, 0, 0, rolloff=inverse), "heading_deg": 90.0},
        {**one(-2, 0, 0, rolloff=inverse), "mono": True},
        {**one(-8, 0, 0, rolloff=inverse), "mono": True},
        {**one(-2, 0, 0, rolloff=inverse), "volume": 0.5},
        {**one(-2, 0, 0, rolloff=inverse), "volume": 0.0},
        {**one(-2, 0, 0, rolloff=inverse), "muted": True},
        one(-30, 0, 0, radius=40.0),
        {"sounds": []},
    ]
    answer, heard = _played(tmp_path, phases)
    assert answer["problem"] is None and answer["lines"] == []
    left, right, far, half_linear, behind, mono, far_mono, softer, silent, muted, amid, over = map(_loud, heard)
    assert left[0] > 0.1 and left[0] > 20 * left[1]
    assert right[1] > 0.1 and right[1] > 20 * right[0]
    assert far[0] / left[0] == pytest.approx(2.0 / 8.0, rel=0.03)
    assert half_linear[0] / left[0] == pytest.approx(0.5, rel=0.03)
    assert behind[0] == pytest.approx(behind[1], rel=0.02) and behind[0] > 0.05
    assert mono[0] > 0.05 and mono[0] == pytest.approx(mono[1], rel=0.01)
    assert far_mono[0] == pytest.approx(far_mono[1], rel=0.01) and far_mono[0] / mono[0] == pytest.approx(0.25, rel=0.03)
    assert softer[0] / left[0] == pytest.approx(0.5, rel=0.03)
    assert silent.max() == 0.0 and muted.max() == 0.0 and over.max() == 0.0
    assert amid[0] == pytest.approx(amid[1], rel=0.01) and amid[0] > 0.05


def test_ears_turn_with_the_head(tone: Path, tmp_path: Path) -> None:
    """A sound in the west is before who looks west, at the right of who looks south."""
    west = {"sounds": [{"key": "tone", "file": str(tone), "position": [-4, 0, 0]}]}
    _, heard = _played(tmp_path, [{**west, "heading_deg": 270.0}, {**west, "heading_deg": 180.0}])
    before, aside = map(_loud, heard)
    assert before[0] == pytest.approx(before[1], rel=0.02)
    assert aside[1] > 20 * aside[0]


def test_a_film_and_a_voice_keep_to_the_clock_of_the_visit(tone: Path, tmp_path: Path) -> None:
    """A film's sound from its place and a narration at the seconds that are asked for, the rest quieter under the voice."""
    film = {"key": "film", "file": str(MEDIA / "opening.mp4"), "position": [3, 0, 0], "seconds": 0.4}
    voice = {"key": "voice", "file": str(tone), "seconds": 0.0, "speech": True}
    phases = [
        {"sounds": [film]},
        {"sounds": [{**film, "seconds": 1.3}]},
        {"sounds": [{**film, "seconds": 0.6}, {**voice, "loop": True}]},
    ]

    def aways(places: list[dict[str, list[float]]]) -> list[float]:
        found = []
        for phase in places:
            for key, (place, wanted) in phase.items():
                length = 2.0 if key == "film" else 1.0
                away = abs(place - wanted % length)
                found.append(min(away, length - away))
        return found

    for _ in range(3):  # the device plays in real time, which a busy machine may not have for a moment
        answer, heard = _played(tmp_path, phases)
        if max(aways(answer["places"])) < 1.5 * DRIFT:
            break
    alone, _, together = heard
    assert _loud(alone)[1] > 0.01 and _loud(alone)[1] > 20 * _loud(alone)[0], "the film is on the right"
    assert max(aways(answer["places"])) < 1.5 * DRIFT, answer["places"]
    assert _pitch(alone[:, 1]) == pytest.approx(440.0, abs=2.0)
    assert _pitch(together[:, 0]) == pytest.approx(441.0, abs=2.0) and _loud(together)[0] > 0.05, "the voice is in the left ear"
    assert answer["worst"] < 0.1


def test_while_somebody_speaks_the_rest_is_quieter(tone: Path, tmp_path: Path) -> None:
    lake = {"key": "lake", "file": str(tone), "position": [-2, 0, 0], "rolloff": {"reference": 4.0}}
    voice = {"key": "voice", "file": str(MEDIA / "lake.ogg"), "seconds": 0.0, "speech": True, "volume": 0.01}
    _, heard = _played(tmp_path, [{"sounds": [lake]}, {"sounds": [lake, voice]}])
    assert _loud(heard[1])[0] / _loud(heard[0])[0] == pytest.approx(UNDER_SPEECH, rel=0.05)


def test_a_broken_recording_is_named_once(tmp_path: Path) -> None:
    broken = tmp_path / "lake.ogg"
    broken.write_bytes(b"OggS" + bytes(4000))
    gone = {"key": "b", "file": str(tmp_path / "gone.ogg")}
    answer, _ = _played(tmp_path, [{"sounds": [{"key": "a", "file": str(broken)}, gone]}])
    assert sorted(answer["lines"]) == [
        "sound: 'gone.ogg' cannot be played: the file is gone",
        "sound: 'lake.ogg' cannot be played: it ends too early, or its header is broken",
    ]
    assert answer["problems"][1] == "the file is gone"


def test_without_a_device_it_is_silent_and_says_so_once(tone: Path, tmp_path: Path) -> None:
    phases = [{"sounds": [{"key": "tone", "file": str(tone)}]}]
    answer, _ = _played(tmp_path, phases, drivers="none")
    problem = "there is no sound device that can be used; connect one, or check the system's sound settings"
    assert answer["problem"] == problem
    assert answer["lines"] == [f"sound: silent ({problem})"]
    assert answer["places"] == [{"tone": [None, None]}]


def test_without_the_library_it_is_silent(tone: Path, tmp_path: Path) -> None:
    phases = [{"sounds": [{"key": "tone", "file": str(tone)}]}]
    answer, _ = _played(tmp_path, phases, library="p3no_such_audio")
    assert answer["lines"] == ["sound: silent (Panda3D's library p3no_such_audio is missing; install panda3d again)"]


def test_silent_on_purpose(tone: Path) -> None:
    out = SoundOutput.silent("switched off")
    out.update([Sound("tone", tone)], np.eye(4), elapsed=0.01)
    assert (out.problem, out.place_of("tone"), out.problem_of(tone)) == ("switched off", None, None)
    out.close()
