"""What files of films and recordings are, as values, so that `vrclient check` can say in time what a visit could not play. A
process looks into them (worker.py); each file is looked at once.

A file's words reach nobody: codecs are named as FFmpeg names them."""

import atexit
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vrclient.media.service import DoesNotStart, MediaService

NO_DECODER = "unknown"
"""The codec of a film that cannot be decoded here."""

_CODECS = {
    "h264": "H.264",
    "hevc": "HEVC",
    "mpeg4": "MPEG-4",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "prores": "ProRes",
    "mjpeg": "Motion JPEG",
    "vorbis": "Vorbis",
    "opus": "Opus",
}
_FORMATS = {"mov": "MP4", "matroska": "WebM", "ogg": "Ogg", "wav": "WAV", "mp3": "MP3", "flac": "FLAC", "aac": "AAC"}


@dataclass(frozen=True, slots=True)
class Film:
    """codec: None where no picture is in it; width, height in pixels as it is shown, upright and with square pixels; seconds:
    None where nobody knows; is_hdr: made for screens that shine brighter (HLG, PQ), as phones do."""

    format: str
    codec: str | None
    width: int
    height: int
    seconds: float | None
    has_sound: bool
    is_hdr: bool = False


@dataclass(frozen=True, slots=True)
class Audio:
    """seconds: None where nobody knows."""

    format: str
    channels: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Damaged:
    """Begins as what it should be, but is not whole. `reason` ends the sentence "'film.mp4' is damaged: ..."."""

    reason: str


def begin() -> None:
    """Starts the process that looks into files, without waiting for it."""
    _service.begin()


def film_of(file: Path, /) -> Film | Damaged | None:
    """What a file of a film is; None where it is none that is known here. Raises OSError where it cannot be read, DoesNotStart
    where no file can be looked into."""
    facts = _facts(file)
    if "problem" in facts:
        return Damaged(facts["problem"]) if facts.get("format") not in ("Ogg", "WAV", "MP3", "FLAC", "AAC") else None
    if facts.get("format") not in ("MP4", "WebM"):
        return None
    codec = facts["codec"]
    return Film(
        facts["format"],
        _CODECS.get(codec, codec) if codec is not None else None,
        facts["width"],
        facts["height"],
        facts["seconds"],
        facts["sound_codec"] is not None,
        facts.get("is_hdr", False),
    )


def recording_of(file: Path, /) -> Audio | Damaged | None:
    """What a file of a sound is; None where it is none that is known here. Raises OSError where it cannot be read, DoesNotStart
    where no file can be looked into."""
    facts = _facts(file)
    if "problem" in facts:
        return Damaged(facts["problem"])
    if "format" not in facts or facts["codec"] is not None:
        return None
    if facts["sound_codec"] is None:
        return Damaged("there is no sound in it")
    codec = _CODECS.get(facts["sound_codec"], facts["sound_codec"])
    name = f"Ogg {codec}" if facts["format"] == "Ogg" else facts["format"]
    return Audio(name, facts["channels"], facts["seconds"])


def seconds_of(file: Path, /) -> float | None:
    """How long a recording or a film plays; None where nobody knows or the file cannot be read."""
    try:
        facts = _facts(file)
    except (OSError, DoesNotStart):
        return None
    return facts.get("seconds")


_service = MediaService()
atexit.register(_service.close)
_lock = threading.Lock()
_known: dict[tuple[str, int, int], dict[str, Any]] = {}


def _facts(file: Path) -> dict[str, Any]:
    """What a process found out (contents.py, `inspected`); {} of a file of another kind, `problem` where it is damaged."""
    state = file.stat()
    with file.open("rb"):
        pass
    key = (str(file.absolute()), state.st_size, state.st_mtime_ns)
    with _lock:
        if key not in _known:
            found = _service.ask("facts", file)
            if "unreadable" in found:
                raise OSError(0, found["unreadable"], str(file))
            found.pop("unknown", None)
            if "format" in found:
                first = found["format"].split(",")[0]
                found["format"] = _FORMATS.get(first, first)
            if found.pop("is_cut", False):
                found["problem"] = "it ends too early"
            _known[key] = found
        return _known[key]
