"""Plays sounds in a process of its own, into a file instead of a loudspeaker. Not a test.

    python playing.py SETTINGS.json     the answer, as JSON, is its last line

settings: heard = the file; phases = a list of {sounds, ears, heading_deg, volume, muted, mono}, one after the other; library =
another name of the engine's sound library. A phase ends when its sounds have played for a while; the answer's `windows` say from
which to which byte of the file it was listened to, which holds on a busy machine too."""

import dataclasses
import json
import logging
import sys
import time
from pathlib import Path

import numpy as np
from panda3d.core import load_prc_file_data  # noqa: TID251

from vrclient.geometry.frames import world_from_body
from vrclient.sound import output
from vrclient.sound.rolloff import Rolloff
from vrclient.sound.sounds import Sound

SETTLED = 0.3
"""Seconds after which fades are over."""
LISTENED = 44_100 // 5 * 4
"""Bytes: 0.2 s of two ears."""


def main(settings: dict) -> dict:
    if "library" in settings:
        output.LIBRARY = settings["library"]
    output.FADE = 0.1
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    load_prc_file_data("", "audio-library-name null")  # as the renderer's context does
    out = output.SoundOutput.open()
    begun = time.perf_counter()
    last, worst, heard = begun, 0.0, Path(settings["heard"])
    places: list[dict] = []
    windows: list[list[int]] = []
    for phase in settings["phases"]:
        sounds = [
            Sound(
                one["key"],
                Path(one["file"]),
                tuple(one["position"]) if one.get("position") else None,
                one.get("volume", 1.0),
                Rolloff(**one.get("rolloff", {})),
                one.get("radius", 0.0),
                one.get("seconds"),
                one.get("loop", True),
                one.get("speech", False),
            )
            for one in phase["sounds"]
        ]
        head = world_from_body(np.array(phase.get("ears", [0.0, 0.0, 0.0])), heading=np.radians(phase.get("heading_deg", 0.0)))
        started = time.perf_counter()
        ready: float | None = None
        window: list[int] = []
        while (now := time.perf_counter()) < started + 20.0:
            moved = [dataclasses.replace(s, seconds=s.seconds + now - started) if s.seconds is not None else s for s in sounds]
            out.update(
                moved,
                head,
                elapsed=now - last,
                volume=phase.get("volume", 1.0),
                muted=phase.get("muted", False),
                mono=phase.get("mono", False),
            )
            worst = max(worst, time.perf_counter() - now)
            last = now
            if ready is None and all(out.place_of(s.key) is not None or out.problem_of(s.file) for s in sounds):
                ready = now
            if out.problem or (len(window) == 2):
                break
            if ready is not None and now > ready + SETTLED:
                size = heard.stat().st_size
                if not window or size > window[0] + LISTENED:
                    window.append(size)
            time.sleep(0.005)
        windows.append(window)
        at = time.perf_counter() - started
        places.append({str(s.key): [out.place_of(s.key), None if s.seconds is None else s.seconds + at] for s in sounds})
    problems = [out.problem_of(Path(one["file"])) for phase in settings["phases"] for one in phase["sounds"]]
    answer = {"problem": out.problem, "lines": lines, "places": places, "problems": problems, "worst": worst, "windows": windows}
    out.close()
    return answer


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
