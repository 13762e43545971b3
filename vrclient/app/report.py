"""What a run measured, as JSON: for `--report` and the benchmarks."""

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vrclient import __version__
from vrclient.app.session import Session
from vrclient.display.select import Rejection
from vrclient.writing import whole_file


def run_report(
    session: Session,
    rejected: tuple[Rejection, ...],
    /,
    *,
    first_frame_seconds: float | None,
    pictures: list[Path],
    skip: int = 1,
) -> dict[str, Any]:
    """Everything in seconds, milliseconds and counts; stages without the first `skip` frames, which warm things up."""
    stats, info = session.renderer.stats, session.display.context.info
    width, height = session.display.acquire_target().size
    return {
        "version": __version__,
        "python": platform.python_version(),
        "showcase": str(session.place.opened.path),
        "display": session.display.name,
        "headset": session.display.figures(),
        "rejected": [{"display": one.name, "reason": one.reason} for one in rejected],
        "graphics": {"vendor": info.vendor, "renderer": info.renderer, "version": info.version, "stereo": info.stereo},
        "size": [width, height],
        "seconds": {
            "load": round(session.place.opened.load_seconds, 3),
            "build": round(session.place.opened.build_seconds, 3),
            "start_to_first_frame": None if first_frame_seconds is None else round(first_frame_seconds, 3),
        },
        "frames": session.clock.frames,
        "stages_ms": session.clock.milliseconds(skip=min(skip, max(session.clock.frames - 1, 0))),
        "visible_instances": stats.instances,
        "visible_chunks": stats.chunks,
        "draw_calls": stats.draw_calls,
        "triangles": stats.triangles,
        "instances": len(session.place.opened.scene.instances.position),
        "chunks": len(session.place.opened.scene.chunks),
        "crossings": [asdict(one) for one in session.places.crossings],
        "pictures": [str(path) for path in pictures],
    }


def write_report(report: dict[str, Any], path: Path, /) -> None:
    """Raises OSError where the file cannot be written."""
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    with whole_file(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
