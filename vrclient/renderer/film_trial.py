"""Whether the engine survives a film. FFmpeg ends the whole program over some damaged files (an assertion in libswscale), so each
file is opened in a process of its own first, once. It shows nothing."""

import logging
import subprocess
import sys
from pathlib import Path

log = logging.getLogger(__name__)

LONGEST = 30.0
"""Seconds after which a film that is not open yet counts as broken."""

_TRIAL = """
import sys, time
from panda3d.core import Filename, MovieTexture, load_prc_file_data
load_prc_file_data("", "load-video-type p3ffmpeg\\nnotify-level-ffmpeg fatal\\nnotify-level-movies fatal")
opener = MovieTexture("trial")
if opener.read(Filename.from_os_specific(sys.argv[1])):
    cursor = opener.get_color_cursor(0)
    for second in (0.0, 0.1, 0.2):
        cursor.set_time(second, 0) and cursor.fetch_buffer()
        time.sleep(0.02)
"""
_known: dict[tuple[str, int, int], bool] = {}


def is_harmless(file: Path, /) -> bool:
    """False where opening the film ends a process, or takes LONGEST. Takes about half a second for a file that is new or has
    changed: for a thread beside the frames. Raises OSError where the file cannot be found."""
    state = file.stat()
    key = (str(file), state.st_size, state.st_mtime_ns)
    if key not in _known:
        command = [sys.executable, "-c", _TRIAL, str(file)]
        flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows, no console flashes up
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False, creationflags=flags
            )
            _known[key] = done.returncode == 0
        except subprocess.TimeoutExpired:
            _known[key] = False
        except OSError as error:  # no second process here: the film is taken on trust
            log.info("films are not tried out first: %s", error)
            return True
    return _known[key]
