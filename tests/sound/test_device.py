"""Which device sounds, and that sound moves with the system's default one."""

import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

OPENS = "from vrclient.sound.output import SoundOutput; out = SoundOutput.open(named=True); print(out.device, out.problem)"


def opened(**environment: str) -> str:
    """What a process says of its sound."""
    done = subprocess.run(
        [sys.executable, "-c", OPENS], env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_the_device_has_a_name(tmp_path: Path) -> None:
    settings = tmp_path / "alsoft.conf"
    settings.write_text(f"[wave]\nfile = {tmp_path / 'heard.wav'}\n", "utf-8")
    assert opened(ALSOFT_DRIVERS="wave", ALSOFT_CONF=str(settings)) == "Wave File Writer None"


@pytest.mark.parametrize("given", [False, True])
def test_the_sound_server_may_move_it_unless_openal_is_told_otherwise(given: bool, tmp_path: Path) -> None:
    own, notes = tmp_path / "alsoft.conf", tmp_path / "notes"
    own.write_text("", "utf-8")
    opened(ALSOFT_DRIVERS="null", ALSOFT_LOGLEVEL="3", ALSOFT_LOGFILE=str(notes), **({"ALSOFT_CONF": str(own)} if given else {}))
    assert ("found 'pulse/allow-moves' = 'true'" in notes.read_text("utf-8")) is not given


PLAYS = """
import sys, time
from pathlib import Path
import numpy as np
from vrclient.sound.output import SoundOutput
from vrclient.sound.sounds import Sound
out, tone = SoundOutput.open(named=True), Sound("tone", Path(sys.argv[1]), loop=True)
print(out.device, flush=True)
while True:
    out.update([tone], np.eye(4), elapsed=0.02)
    time.sleep(0.02)
"""


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PulseAudio with the devices One, which is the default, and Two."""
    if shutil.which("pulseaudio") is None or shutil.which("pactl") is None:
        pytest.skip("there is no PulseAudio here (apt install pulseaudio pulseaudio-utils)")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'sound'}")
    modules = [f"module-native-protocol-unix socket={tmp_path / 'sound'} auth-anonymous=1"]
    modules += [f"module-null-sink sink_name={name} sink_properties=device.description={name.title()}" for name in ("one", "two")]
    loads = [part for module in modules for part in ("-L", module)]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *loads]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: "two" in pactl("list", "short", "sinks"), "the sound server")
        pactl("set-default-sink", "one")
        yield
    finally:
        server.terminate()
        server.wait(30)


def test_it_moves_with_the_default_device(sound_server: None, tmp_path: Path) -> None:
    tone = tmp_path / "tone.wav"
    with wave.open(str(tone), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(44_100)
        output.writeframes((np.sin(2 * np.pi * 441 * np.arange(44_100) / 44_100) * 12_000).astype("<i2").tobytes())
    player = subprocess.Popen([sys.executable, "-c", PLAYS, str(tone)], stdout=subprocess.PIPE, text=True)
    try:
        assert player.stdout and player.stdout.readline() == "One\n"
        until(lambda: running() == {"one"}, "sound from One")
        pactl("set-default-sink", "two")
        until(lambda: running() == {"two"}, "sound from Two")
    finally:
        player.kill()
        player.communicate()


def running() -> set[str]:
    """The devices that something plays on."""
    lines = pactl("list", "short", "sinks").splitlines()
    return {line.split("\t")[1] for line in lines if line.endswith("RUNNING")}


def pactl(*arguments: str) -> str:
    return subprocess.run(["pactl", *arguments], capture_output=True, text=True, timeout=30).stdout


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60.0
    while not holds():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.1)
