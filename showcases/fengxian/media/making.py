"""How the media of this folder were made, and the ambiences of the hall and of Zhangjiajie: sounds out of filtered noise, and a
film out of pictures of this very showcase with a quiet sound track.

Nothing here is recorded, and nothing here runs during a visit.

    python -m venv making && making/bin/pip install numpy pillow imageio-ffmpeg soundfile
    making/bin/python making.py stills PICTURES     # needs vrclient on the path; a minute or two with a graphics card
    making/bin/python making.py film PICTURES
    making/bin/python making.py sounds              # or some of them: sounds mountain gallery
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
Samples = NDArray[np.float64]

# --- sounds ---------------------------------------------------------------------------------------------------------------------

RATE = 32_000


def noise(seconds: float, seed: int, shape: Callable[[Samples], Samples], /) -> Samples:
    """Noise that begins as it ends (it is made of whole waves), of unit power: shape maps frequencies in Hz to amplitudes."""
    count = round(seconds * RATE)
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    random = np.random.default_rng(seed)
    wave = np.fft.irfft(shape(frequency) * np.exp(2j * np.pi * random.random(len(frequency))), count)
    return wave / np.sqrt(np.mean(wave**2))


def band(low: float, high: float, /, *, slope: float = 0.5) -> Callable[[Samples], Samples]:
    """A soft band between two frequencies in which the amplitude falls as frequency ** -slope."""

    def shape(frequency: Samples) -> Samples:
        safe = np.maximum(frequency, 1.0)
        return safe**-slope / ((1 + (low / safe) ** 4) * (1 + (safe / high) ** 4)) * (frequency > 0)

    return shape


def swell(seconds: float, seed: int, /, *, slowest: float, fastest: float, depth: float) -> Samples:
    """A slow rise and fall round 1, without a seam."""
    wave = noise(seconds, seed, lambda f: ((f >= slowest) & (f <= fastest)) / np.maximum(f, slowest))
    return np.exp(depth * wave - 0.5 * depth**2)


def placed(into: Samples, what: Samples, at: float, gain: float, /) -> None:
    """Adds a short sound at a second, over the seam if need be."""
    index = (round(at * RATE) + np.arange(len(what))) % len(into)
    np.add.at(into, index, gain * what)


def lake(seconds: float = 22.0) -> Samples:
    """Small waves against a stone bank: a wash that comes and goes, and drops of lapping over it."""
    random = np.random.default_rng(11)
    wash = noise(seconds, 12, band(180, 1300, slope=0.9)) * swell(seconds, 13, slowest=0.09, fastest=0.4, depth=0.55)
    far = noise(seconds, 14, band(60, 420, slope=0.8)) * swell(seconds, 15, slowest=0.05, fastest=0.2, depth=0.3)
    foam = noise(seconds, 16, band(1800, 6500, slope=0.4)) * swell(seconds, 17, slowest=0.15, fastest=0.8, depth=0.9)
    sound = 0.6 * wash + 0.55 * far + 0.07 * foam
    time = np.arange(round(0.16 * RATE)) / RATE
    for _ in range(int(5.5 * seconds)):  # a bubble: a tone that rises as the bubble closes (Minnaert), soon damped
        pitch, damping = random.uniform(320, 1100), random.uniform(28, 60)
        drop = np.sin(2 * np.pi * pitch * (time + random.uniform(0.8, 2.2) * time**2)) * np.exp(-damping * time)
        drop *= np.minimum(1.0, time / 0.004)
        placed(sound, drop, random.uniform(0, seconds), 0.5 * random.uniform(0.15, 1.0) ** 2)
    return sound


def wood(seconds: float = 26.0) -> Samples:
    """Wind in the leaves, in gusts, and a few birds far and near."""
    gusts = swell(seconds, 21, slowest=0.04, fastest=0.22, depth=0.5)
    leaves = noise(seconds, 22, band(900, 5200, slope=0.55)) * gusts**1.15
    flutter = noise(seconds, 23, band(2500, 8000, slope=0.3)) * gusts**1.6 * swell(seconds, 24, slowest=2, fastest=9, depth=0.35)
    trunk = noise(seconds, 25, band(70, 380, slope=0.9)) * gusts
    sound = 0.42 * leaves + 0.1 * flutter + 0.4 * trunk
    random = np.random.default_rng(26)
    phrases = ((2.4, 0, 0.55), (5.6, 1, 0.22), (9.3, 2, 0.36), (12.9, 1, 0.3), (15.8, 0, 0.34), (19.6, 2, 0.46), (23.1, 1, 0.18))
    for start, voice, gain in phrases:
        placed(sound, song(voice, random), start, gain)
    return sound


def song(voice: int, random: np.random.Generator, /) -> Samples:
    """A phrase of a bird: whistled notes that glide, with a little of the wood's echo."""
    pieces = {
        0: [(3300, 2900, 0.16), (2900, 3500, 0.12), (3700, 3100, 0.2)],
        1: [(4600, 5200, 0.06)] * 5,
        2: [(2500, 2450, 0.22), (2050, 2000, 0.3)],
    }[voice]
    notes = []
    for start, end, length in pieces:
        length *= random.uniform(0.85, 1.15)
        time = np.arange(round(length * RATE)) / RATE
        pitch = start + (end - start) * (time / length) + 45 * np.sin(2 * np.pi * 23 * time)
        tone = np.sin(2 * np.pi * np.cumsum(pitch * random.uniform(0.97, 1.03)) / RATE)
        notes += [tone * np.sin(np.pi * time / length) ** 1.3, np.zeros(round(random.uniform(0.05, 0.11) * RATE))]
    phrase = np.concatenate([*notes, np.zeros(round(0.7 * RATE))])
    tail = np.random.default_rng(27).standard_normal(round(0.6 * RATE)) * np.exp(-np.arange(round(0.6 * RATE)) / (0.14 * RATE))
    echo = np.fft.irfft(np.fft.rfft(phrase, 2 * len(phrase)) * np.fft.rfft(tail, 2 * len(phrase)))[: len(phrase)]
    return phrase + 0.5 * echo / max(np.abs(echo).max(), 1e-9)


def mountain(seconds: float = 24.0) -> Samples:
    """Wind round rock high above a valley, a little of it in pines, and two birds far off."""
    gusts = swell(seconds, 131, slowest=0.04, fastest=0.17, depth=0.6)
    air = noise(seconds, 132, band(90, 700, slope=0.9)) * gusts
    edge = noise(seconds, 133, band(420, 1500, slope=0.4)) * gusts**1.9 * swell(seconds, 134, slowest=0.2, fastest=0.9, depth=0.4)
    pines = noise(seconds, 135, band(1600, 5600, slope=0.6)) * swell(seconds, 136, slowest=0.06, fastest=0.3, depth=0.5)
    sound = 0.7 * air + 0.16 * edge + 0.1 * pines
    random = np.random.default_rng(137)
    for start, voice, gain in ((4.1, 2, 0.2), (10.6, 0, 0.13), (17.9, 2, 0.24)):
        placed(sound, song(voice, random), start, gain)
    return sound


def hall(seconds: float = 20.0, speakers: int = 9) -> Samples:
    """The hum of a large foyer: air that is moved, and voices so far away that no word is left of them."""
    air = noise(seconds, 31, band(40, 240, slope=1.0)) * swell(seconds, 32, slowest=0.05, fastest=0.2, depth=0.12)
    hush = noise(seconds, 33, band(400, 2600, slope=0.9)) * swell(seconds, 34, slowest=0.1, fastest=0.5, depth=0.2)
    sound = 0.75 * air + 0.2 * hush
    for speaker in range(speakers):  # syllables: noise in a voice's bands, opened and closed four times a second
        first, second = ((480, 1500), (620, 1150), (350, 1900))[speaker % 3]
        voice = noise(seconds, 40 + speaker, band(first - 150, first + 160, slope=0.2))
        voice += 0.5 * noise(seconds, 60 + speaker, band(second - 200, second + 240, slope=0.2))
        opening = np.clip(noise(seconds, 80 + speaker, lambda f: (f > 1.2) & (f < 5.5)), 0, None) ** 1.4
        turn = np.clip(noise(seconds, 100 + speaker, lambda f: (f > 0.05) & (f < 0.3)) + 0.1, 0, None)
        sound += 0.055 * voice * opening * turn
    return sound


def begun_quietly(sound: Samples, /) -> Samples:
    """The same loop, its seam at a zero crossing in its quietest twentieth of a second: there the coding leaves no click."""
    window = round(0.05 * RATE)
    energy = np.fft.irfft(np.fft.rfft(sound**2) * np.conj(np.fft.rfft(np.ones(window), len(sound))), len(sound))
    start = int(np.argmin(energy))
    inside = np.roll(sound, -start)[:window]
    return np.roll(sound, -(start + int(np.argmin(np.abs(inside)))))


SOUNDS: dict[str, tuple[Path, Callable[[], Samples], float]] = {
    "lake": (HERE, lake, 0.075),
    "wood": (HERE, wood, 0.06),
    "hall": (HERE, hall, 0.06),
    "gallery": (HERE.parents[1] / "hall" / "media", lambda: hall(18.0, 3), 0.04),
    "mountain": (HERE.parents[1] / "zhangjiajie" / "media", mountain, 0.06),
}
"""Name of the file: its folder, what it is, how strong it is."""


def sounds(*names: str) -> None:
    """The .ogg files of these names; by default all."""
    import soundfile

    for name in names or SOUNDS:
        folder, made, power = SOUNDS[name]
        sound = made()
        level = sound / np.sqrt(np.mean(sound**2)) * power
        level = begun_quietly(np.tanh(level / 0.7) * 0.7)
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.ogg"
        soundfile.write(file, level.astype(np.float32), RATE, format="OGG", subtype="VORBIS", compression_level=0.62)
        print(name, f"{len(level) / RATE:.1f} s", file.stat().st_size, "bytes, peak", f"{np.abs(level).max():.2f}")


# --- the film -------------------------------------------------------------------------------------------------------------------

SIZE, RENDERED, FRAMES_A_SECOND = (960, 540), (1280, 720), 24
SHOTS = (
    ("field", "aerial", "2017-09-28", "10:30"),
    ("site", "aerial", "2018-03-01", "12:00"),
    ("frame", "aerial", "2018-09-02", "13:30"),
    ("building", "aerial", "2019-08-02", "15:30"),
    ("open_1", "aerial", "2019-10-25", "16:20"),
    ("open_2", "aerial", "2019-10-25", "16:50"),
    ("open_3", "aerial", "2019-10-25", "17:08"),
    ("open_4", "aerial", "2019-10-25", "17:22"),
    ("open_5", "aerial", "2019-10-25", "17:36"),
    ("open_6", "aerial", "2019-10-25", "17:55"),
    ("shore", "lake_shore", "2019-10-25", "17:30"),
    ("terrace", "water_terrace", "2019-10-25", "17:38"),
    ("gate", "ginkgo_gate", "2019-10-25", "17:44"),
)
"""Name, viewpoint, date, time of the pictures."""
CUT = (
    ("field", 0.0, 2.8), ("site", 2.8, 4.9), ("frame", 4.9, 6.9), ("building", 6.9, 8.6),
    ("open_1", 8.6, 9.5), ("open_2", 9.5, 10.2), ("open_3", 10.2, 10.9), ("open_4", 10.9, 11.6), ("open_5", 11.6, 12.3),
    ("open_6", 12.3, 13.6), ("shore", 13.6, 15.6), ("terrace", 15.6, 17.4), ("gate", 17.4, 19.6),
)  # fmt: skip
"""Which picture is seen from when to when, seconds; they dissolve into each other."""
FADE, LENGTH = 0.9, 20.0


def stills(folder: Path, /) -> None:
    """Draws the pictures that are not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, view, date, time in SHOTS:
        if not (folder / f"{name}.png").is_file():
            size = f"{RENDERED[0]}x{RENDERED[1]}"
            options = ["--view", view, "--date", date, "--time", time, "--size", size, "--quality", "high"]
            subprocess.run(["vrclient", "shot", "fengxian", "-o", str(folder / f"{name}.png"), *options], check=True)


def frame(pictures: dict[str, NDArray[np.float32]], second: float, /) -> NDArray[np.uint8]:
    """[H, W, 3] uint8: the film at a second: dissolves between pictures, each slowly drawn nearer."""
    from PIL import Image

    shown = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    for name, start, end in CUT:
        fade = min(FADE, 0.8 * (end - start))
        rise = 1.0 if start == 0.0 else float(np.clip((second - start + fade / 2) / fade, 0, 1))
        if rise <= 0.0 or second > end + FADE:
            continue
        if name.startswith("open") or name in ("field", "site", "frame", "building"):
            zoom = 1.0 + 0.16 * second / 14.0
        else:
            zoom = 1.02 + 0.045 * (second - start + fade / 2)
        width, height = RENDERED[0] / zoom, RENDERED[1] / zoom
        left, top = (RENDERED[0] - width) / 2, (RENDERED[1] - height) * 0.52
        picture = Image.fromarray(np.clip(pictures[name], 0, 255).astype(np.uint8))
        part = picture.resize(SIZE, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
        smooth = rise * rise * (3 - 2 * rise)
        shown = (1 - smooth) * shown + smooth * np.asarray(part, np.float32)
    dark = min(1.0, second / 0.7, (LENGTH - second) / 0.9)
    return np.round(shown * max(dark, 0.0)).astype(np.uint8)


def music() -> Samples:
    """A quiet chord that opens with the building, over the wind of the wood: long tones with soft overtones."""
    count = round(LENGTH * RATE)
    time = np.arange(count) / RATE
    random = np.random.default_rng(5)
    sound = np.zeros(count)
    chords: tuple[tuple[tuple[float, ...], float, float], ...] = (
        ((146.8, 220.0), 0.0, 8.0),
        ((146.8, 220.0, 293.7), 5.4, 13.0),
        ((123.5, 185.0, 246.9, 370.0), 9.4, 16.5),
        ((146.8, 220.0, 293.7, 370.0, 440.0), 13.0, 20.0),
    )
    for tones, start, end in chords:
        inside = np.clip((time - start) / 2.6, 0, 1) * np.clip((end - time) / 2.8, 0, 1)
        inside = inside * inside * (3 - 2 * inside)
        for tone in tones:
            for part in range(1, 6):
                slow = 1 + 0.12 * np.sin(2 * np.pi * random.uniform(0.08, 0.3) * time + random.uniform(0, 6.28))
                detuned = tone * part * (1 + random.uniform(-0.0012, 0.0012))
                sound += (
                    inside * slow * np.sin(2 * np.pi * detuned * time + random.uniform(0, 6.28)) * part**-2.1 / len(tones) ** 0.6
                )
    bell = np.arange(round(2.6 * RATE)) / RATE
    for at, tone in ((2.8, 587.3), (4.9, 659.3), (6.9, 740.0), (8.6, 880.0), (13.6, 1174.7), (15.6, 880.0), (17.4, 1174.7)):
        ring = sum(np.sin(2 * np.pi * tone * k * bell) * np.exp(-bell * (1.4 + 1.1 * k)) * k**-1.6 for k in (1, 2.01, 3.03))
        placed(sound, np.asarray(ring) * np.minimum(1.0, bell / 0.012), min(at, LENGTH - 2.7), 0.22)
    wind = wood(26.0)[:count]
    sound = 0.085 * sound / np.sqrt(np.mean(sound**2)) + 0.016 * wind / np.sqrt(np.mean(wind**2))
    return sound * np.clip(time / 1.2, 0, 1) * np.clip((LENGTH - time) / 1.6, 0, 1)


def film(folder: Path, /) -> None:
    """opening.mp4; its subtitles are written by hand, opening.zh.srt and opening.en.srt."""
    import imageio_ffmpeg
    import soundfile
    from PIL import Image

    pictures = {name: np.asarray(Image.open(folder / f"{name}.png").convert("RGB"), np.float32) for name, *_ in SHOTS}
    with tempfile.TemporaryDirectory() as scratch:
        track, made = Path(scratch) / "track.wav", Path(scratch) / "opening.mp4"
        soundfile.write(track, np.clip(music(), -1, 1).astype(np.float32), RATE, subtype="PCM_16")
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        command += ["-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FRAMES_A_SECOND), "-i", "-", "-i", str(track), "-c:v", "libx264"]
        command += [
            "-preset",
            "veryslow",
            "-crf",
            "27",
            "-pix_fmt",
            "yuv420p",
            "-g",
            "48",
            "-c:a",
            "aac",
            "-b:a",
            "64k",
            "-ac",
            "1",
        ]
        command += ["-movflags", "+faststart", "-map_metadata", "-1", str(made)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None
            for number in range(round(LENGTH * FRAMES_A_SECOND)):
                encoder.stdin.write(frame(pictures, number / FRAMES_A_SECOND).tobytes())
            encoder.stdin.close()
        shutil.move(made, HERE / "opening.mp4")
    print("opening.mp4", (HERE / "opening.mp4").stat().st_size, "bytes")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["stills", where]:
            stills(Path(where))
        case ["film", where]:
            film(Path(where))
        case ["sounds", *names]:
            sounds(*names)
        case _:
            print(__doc__)
