"""Files that a showcase asks for: only those inside its own folder, and only whole ones. It draws nothing.

Names are compared as they are on disk, letter by letter, so that what works on one machine works on all."""

import contextlib
import os
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path, PurePosixPath

import numpy as np

from vrclient.media.files import NO_DECODER, Audio, Damaged, begin, film_of, recording_of
from vrclient.media.limits import MOST_ASPECT
from vrclient.media.service import DoesNotStart
from vrclient.showcase.diagnostics import Diagnostic, Severity
from vrclient.showcase.file_names import INSIDE, argument, elsewhere_refused, refused
from vrclient.showcase.folder_listing import FolderListing
from vrclient.showcase.heights import read_heights
from vrclient.showcase.limits import MAX_HEIGHT_M
from vrclient.showcase.subtitles import subtitle_problems
from vrclient.showcase.wording import FILES, closest

MAX_FILE_BYTES = 256 * 2**20
MAX_PIXELS = 64_000_000
MAX_ASPECT = 100.0
"""A picture may be so many times as wide as high, or as high as wide: the longest scrolls are a third of that."""
MAX_HEIGHTS = 36_000_000
MAX_FILM_PIXELS = 1920 * 1088
MAX_SOUND_S = 3600.0
MAX_LINES = 5
"""Of one file of subtitles so many lines are shown."""
IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "MPO")
"""MPO is what many cameras write into a .jpg: a JPEG with more behind it."""
HEIGHT_FORMATS = ("PNG", "TIFF")
ENDINGS = {
    "image": (".png", ".jpg", ".jpeg", ".webp"),
    "heights": (".npy", ".png", ".tif", ".tiff"),
    "gltf": (".glb", ".gltf"),
    "video": (".mp4", ".webm", ".mov", ".mkv", ".m4v"),
    "sound": (".ogg", ".mp3", ".wav", ".flac", ".m4a", ".opus"),
    "subtitles": (".srt", ".vtt"),
}
"""What files of a kind are usually called. A file is judged by its content, not by this."""
DECODER_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    SyntaxError,
    MemoryError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    tokenize.TokenError,
)
"""What Pillow and NumPy raise for files that are damaged."""

_AGAIN = "copy it again from where it came from, or save it again"


MOST_LOOKED_OVER = 500
"""Files and folders that `begin_with_media` looks over."""


def begin_with_media(folder: Path, /) -> None:
    """Starts what looks into films and recordings, where some lie in a showcase's folder, so that nobody waits for it when
    the first one is met. That they are there is guessed by their names; nothing depends on it."""
    endings = ENDINGS["video"] + ENDINGS["sound"]
    with contextlib.suppress(OSError):
        found = islice(chain(folder.iterdir(), folder.glob("*/*")), MOST_LOOKED_OVER)
        if any(one.name.lower().endswith(endings) for one in found):
            begin()


InspectGltf = Callable[[Path], Iterable[Diagnostic]]
"""What is wrong with a glTF file; scene/gltf/read.py."""


class AssetFolder:
    """One showcase's folder. Answers are kept for its lifetime: a file that many elements name is looked at once."""

    def __init__(self, root: Path, *, inspect_gltf: InspectGltf | None = None, called: str = "the showcase's folder") -> None:
        """`called`: what messages call the folder."""
        self.root, self._called = root, called
        self._real_root = root.resolve()
        self._inspect_gltf = inspect_gltf
        self._listings: dict[Path, FolderListing] = {}
        self._inspected: dict[tuple[Path, str], tuple[Diagnostic, ...]] = {}

    def holds(self, path: Path, /) -> bool:
        """Whether a path leads to something inside this folder, links followed. May raise OSError and RuntimeError."""
        return path.resolve().is_relative_to(self._real_root)

    def spelled(self, name: str, folder: Path, /) -> Path:
        """The path as messages show it, each part as it is on disk, of a name for which `find` gives a path."""
        found = self._spelled(name, folder)
        return found if isinstance(found, Path) else folder / name

    def find(self, name: str, folder: Path, /, *, media: str | None = None) -> Path | Diagnostic:
        """The file that `name`, written in a file in `folder`, means: absolute, links followed. Where it is absent, only files of
        the kind `media` are offered instead of it."""
        try:
            if (problem := refused(name)) and name not in self._listed(folder).names:
                return problem
            found = self._spelled(name, folder, media)
            if isinstance(found, Diagnostic):
                return found
            real = found.resolve()
            if not self.holds(real):
                return self._is_outside(name)
            if real.is_dir():
                return Diagnostic("missing-file", f"'{name}' is a folder", "give the name of a file in it")
            if not real.is_file():
                return Diagnostic("missing-file", f"'{name}' is not a file that can be read", INSIDE)
        except (OSError, RuntimeError, ValueError):
            return Diagnostic("missing-file", f"'{name}' cannot be opened", "check the file's name and its permissions")
        return real

    def doubts(self, name: str, folder: Path, /) -> Iterable[Diagnostic]:
        """Warnings about a name for which `find` gives a path: what is there may be called so here, but not on every system."""
        found = self.spelled(name, folder)
        path = found.relative_to(self.root) if found.is_relative_to(self.root) else Path(found.name)
        if problem := elsewhere_refused(PurePosixPath(path.as_posix())):
            yield problem
        for one in (found, *found.parents[: len(path.parts) - 1]):
            if twin := self._listed(one.parent).alike(one.name):
                message = (
                    f"there is also '{twin}'; where capital and small letters are the same, as on Windows, both are one file"
                )
                yield Diagnostic("file-name", message, "call one of them otherwise", "warning")

    def inspect(self, file: Path, media: str, /) -> tuple[Diagnostic, ...]:
        """What is wrong with a file of that kind; nothing if it can be used."""
        key = (file, media)
        if key not in self._inspected:
            self._inspected[key] = tuple(self._inspect(file, media))
        return self._inspected[key]

    def _inspect(self, file: Path, media: str) -> Iterable[Diagnostic]:
        try:
            size = file.stat().st_size
            if size == 0:
                return [Diagnostic("broken-file", f"'{file.name}' is empty (0 bytes)", _AGAIN)]
            if size > MAX_FILE_BYTES:
                limit = f"'{file.name}' has {size:,} bytes; the limit is {MAX_FILE_BYTES:,}"
                return [Diagnostic("limit", limit, "make the file smaller")]
            with file.open("rb"):  # what may not be read is not damaged
                pass
            if media == "gltf":
                return self._gltf(file)
            if media == "heights" and file.suffix.lower() == ".npy":
                return _heights(file)
            if media == "video":
                return _video(file)
            if media == "sound":
                return _sound(file)
            if media == "subtitles":
                return _subtitles(file)
            return _image(file, media)
        except DoesNotStart as error:
            message = f"'{file.name}' will not play: the process that reads films and sounds does not start ({error})"
            return [Diagnostic("unchecked-file", message, "install vrclient again, with all it depends on", "warning")]
        except PermissionError as error:
            message = f"'{file.name}' cannot be read: {error.strerror or 'it may not be opened'}"
            return [Diagnostic("broken-file", message, "let everybody read it (its permissions), or copy it again")]
        except OSError as error:
            return [Diagnostic("broken-file", f"'{file.name}' cannot be read: {error.strerror or 'it is damaged'}", _AGAIN)]

    def _gltf(self, file: Path) -> Iterable[Diagnostic]:
        with file.open("rb") as stream:
            start = stream.read(64)
        if not start.startswith(b"glTF") and not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return [Diagnostic("gltf-file", f"'{file.name}' is not {FILES['gltf'][0]}", "export the model as .glb")]
        if self._inspect_gltf is None:
            return []
        return self._inspect_gltf(file)

    def _spelled(self, name: str, folder: Path, media: str | None = None) -> Path | Diagnostic:
        """The path with each part as it is on disk."""
        path = folder
        for part in PurePosixPath(name).parts:
            if part == "..":
                path = Path(os.path.normpath(path / part))
                continue
            if not self.holds(path):  # nothing is said about what is there
                return self._is_outside(name)
            exact = self._listed(path).spelled(part)
            if exact is None:
                return self._missing(name, path, part, media)
            path = path / exact
        return path

    def _is_outside(self, name: str) -> Diagnostic:
        how = "is" if ".." in PurePosixPath(name).parts else "is a link to a file"
        return Diagnostic("outside-folder", f"'{name}' {how} outside {self._called}", INSIDE)

    def _missing(self, name: str, path: Path, part: str, media: str | None) -> Diagnostic:
        names, other_case = self._listed(path).names, self._listed(path).alike(part)
        where = f"in '{path.name}'" if path.resolve() != self._real_root else f"in {self._called}"
        if other_case:
            message = f"there is no '{part}' {where}, but there is '{other_case}'"
            return Diagnostic("missing-file", message, f"write '{other_case}': capital and small letters are different")
        endings = ENDINGS.get(media or "", ())
        if endings and part == PurePosixPath(name).name:  # the file itself, no folder on the way to it
            names = tuple(one for one in names if one.lower().endswith(endings))
        close = closest(part, names)
        elsewhere = None if close else self._elsewhere(PurePosixPath(name).name)
        if close:
            help = f"did you mean '{close}'?"
        elif elsewhere:
            help = f"there is '{elsewhere}' in {self._called}"
        else:
            kind = f" of this kind ({', '.join(endings)})" if endings else ""
            help = f"copy the file there, or correct its name; there {_what_is_there(names, kind)}"
        return Diagnostic("missing-file", f"there is no '{part}' {where}", help)

    def _elsewhere(self, name: str) -> str | None:
        for count, (path, _, files) in enumerate(os.walk(self.root)):
            if name in files:
                return (Path(path) / name).relative_to(self.root).as_posix()
            if count > 200:
                break
        return None

    def _listed(self, folder: Path) -> FolderListing:
        if folder not in self._listings:
            self._listings[folder] = FolderListing(folder)
        return self._listings[folder]


def _what_is_there(names: tuple[str, ...], kind: str = "") -> str:
    shown = [f"'{name}'" for name in names if not name.startswith(".")][:6]
    if not shown:
        return f"is nothing{kind} yet"
    return ("are " if len(shown) > 1 else "is ") + ", ".join(shown) + (" and others" if len(names) > 6 else "")


def _image(file: Path, media: str) -> Iterable[Diagnostic]:
    from PIL import Image, UnidentifiedImageError

    formats = IMAGE_FORMATS if media == "image" else HEIGHT_FORMATS
    save = f"save it as {' or '.join(formats[:2])}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as image:
                width, height = image.size
                if image.format not in formats:
                    return [Diagnostic("broken-file", f"'{file.name}' holds {image.format}, which cannot be used here", save)]
                most = MAX_HEIGHTS if media == "heights" else MAX_PIXELS
                if width * height > most:
                    message = f"'{file.name}' has {width} x {height} pixels; the limit is {most:,} in all"
                    return [Diagnostic("limit", message, "make the image smaller")]
                if media == "heights" and image.mode not in ("1", "L", "I", "I;16", "I;16B", "I;16L", "F"):
                    message = f"'{file.name}' is a colour image; heights need one shade of grey for each point"
                    return [Diagnostic("broken-file", message, "save it as greyscale, best with 16 bit")]
                if media == "heights" and min(width, height) < 2:
                    message = f"'{file.name}' has {width} x {height} pixels; heights need at least 2 x 2"
                    return [Diagnostic("broken-file", message, "use an image with more pixels")]
                if media == "image" and max(width, height) > MAX_ASPECT * min(width, height):
                    message = (
                        f"'{file.name}' has {width} x {height} pixels; a picture is at most {MAX_ASPECT:g} times as long as wide"
                    )
                    return [Diagnostic("limit", message, "cut it, or give it a margin")]
                image.load()
    except UnidentifiedImageError:
        return [Diagnostic("broken-file", f"'{file.name}' is not {FILES[media][0]}", save)]
    except Image.DecompressionBombError:
        return [Diagnostic("limit", f"'{file.name}' has more than {MAX_PIXELS:,} pixels", "make the image smaller")]
    except DECODER_ERRORS:
        return [Diagnostic("broken-file", f"'{file.name}' is damaged: the image ends too early or is broken inside", _AGAIN)]
    return _heights(file) if media == "heights" else []


def _video(file: Path) -> Iterable[Diagnostic]:
    found = film_of(file)
    source, target = argument(file.name), argument(f"{file.stem}_h264.mp4")
    convert = f"ffmpeg -i {source} -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart {target}"
    help = f"make one with H.264 and AAC in MP4: {convert}"
    if isinstance(found, Damaged):
        return [Diagnostic("broken-file", f"'{file.name}' is damaged: {found.reason}", _AGAIN)]
    if found is None:
        return [Diagnostic("broken-file", f"'{file.name}' is not a video that can be played", help)]
    if found.codec is None:
        return [
            Diagnostic("broken-file", f"'{file.name}' has sound, but no picture", "name a file with a picture, or use 'sound'")
        ]
    if found.codec == NO_DECODER:
        message = f"'{file.name}' is in a format that is not supported; it is not a video that can be played"
        return [Diagnostic("broken-file", message, help, "warning")]
    if found.is_hdr:
        tones = "zscale=t=linear:npl=100,tonemap=hable,zscale=t=bt709:m=bt709:p=bt709:r=tv,format=yuv420p"
        message = f"'{file.name}' is an HDR film (HLG or PQ, as phones make them); its colours will look flat here"
        return [
            Diagnostic("heavy-file", message, f"make one without HDR: {convert.replace('-c:v', f'-vf {tones} -c:v')}", "warning")
        ]
    if max(found.width, found.height) > MOST_ASPECT * min(found.width, found.height):
        message = f"'{file.name}' has {found.width} x {found.height} pixels, a shape that no screen has"
        return [Diagnostic("limit", message, f"cut it to at most {MOST_ASPECT:g} times as long as wide")]
    if found.width * found.height > MAX_FILM_PIXELS:
        message = (
            f"'{file.name}' has {found.width} x {found.height} pixels; a film larger than 1920 x 1080 may make the visit stutter"
        )
        return [
            Diagnostic("heavy-file", message, f"make it smaller: {convert.replace('-c:v', '-vf scale=1920:-2 -c:v')}", "warning")
        ]
    return []


def _sound(file: Path) -> Iterable[Diagnostic]:
    found = recording_of(file)
    help = f"convert it: ffmpeg -i {argument(file.name)} -vn -ac 1 -c:a libvorbis {argument(f'{file.stem}_mono.ogg')}"
    match found:
        case Damaged():
            return [Diagnostic("broken-file", f"'{file.name}' is damaged: {found.reason}", _AGAIN)]
        case Audio(seconds=float(seconds)) if seconds > MAX_SOUND_S:
            message = f"'{file.name}' is {seconds / 60:.0f} minutes long; only its first hour is played"
            return [Diagnostic("limit", message, "cut it into several", "warning")]
        case Audio():
            return []
        case _:
            return [Diagnostic("broken-file", f"'{file.name}' is not {FILES['sound'][0]} that can be played", help)]


def _subtitles(file: Path) -> Iterable[Diagnostic]:
    found = subtitle_problems(file)
    shown = []
    for one in found[:MAX_LINES]:
        where = f", line {one.place.line}, column {one.place.column}" if one.place else ""
        shown.append(replace(one, message=f"'{file.name}'{where}: {one.message}", place=None))
    if len(found) > MAX_LINES:
        severity: Severity = "error" if any(one.severity == "error" for one in found[MAX_LINES:]) else "warning"
        message = f"'{file.name}' has {len(found) - MAX_LINES} more such lines"
        shown.append(Diagnostic("subtitles", message, "correct these first", severity))
    return shown


def _heights(file: Path) -> Iterable[Diagnostic]:
    """Of a grid of numbers or a greyscale image that is whole so far."""
    if file.suffix.lower() == ".npy":
        problem = _no_grid(file)
        if problem:
            return [problem]
    try:
        found = read_heights(file)
    except DECODER_ERRORS:
        return [Diagnostic("broken-file", f"'{file.name}' is damaged: it ends too early or is broken inside", _AGAIN)]
    if not found.is_metres:
        return []
    size = found.values.size
    if found.voids == size:
        return [Diagnostic("broken-file", f"all {size:,} heights in '{file.name}' are voids ({found.mark})", "export it again")]
    low, high = float(found.values.min()), float(found.values.max())
    if low < -MAX_HEIGHT_M or high > MAX_HEIGHT_M:
        message = f"'{file.name}' has heights from {low:.6g} to {high:.6g} m; at most {MAX_HEIGHT_M:,.0f} m up or down is allowed"
        return [Diagnostic("limit", message, "give heights in metres, and mark voids with NaN or -9999")]
    if found.voids:
        message = f"{found.voids:,} of the {size:,} heights in '{file.name}' are voids ({found.mark}), filled from their edges"
        return [Diagnostic("voids", message, "fill them in a GIS if the land there matters", "warning")]
    return []


def _no_grid(file: Path) -> Diagnostic | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grid = np.load(file, mmap_mode="r", allow_pickle=False)
    except DECODER_ERRORS:
        message = f"'{file.name}' is damaged or not a NumPy file of numbers"
        return Diagnostic("broken-file", message, "write it with numpy.save(file, heights)")
    if not isinstance(grid, np.ndarray) or grid.ndim != 2 or min(grid.shape, default=0) < 2:
        shape = "x".join(map(str, getattr(grid, "shape", ()))) or "no"
        message = f"'{file.name}' holds {shape} values; heights need rows and columns, at least 2 x 2"
        return Diagnostic("broken-file", message, "save a two-dimensional array")
    if grid.dtype.kind not in "iuf":
        return Diagnostic("broken-file", f"'{file.name}' does not hold numbers", "save an array of float32 metres")
    if grid.size > MAX_HEIGHTS:
        return Diagnostic("limit", f"'{file.name}' holds {grid.size:,} heights; the limit is {MAX_HEIGHTS:,}", "thin it out")
    return None
