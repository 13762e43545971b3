"""A process that checks, builds and draws showcases, one folder a line of its input, one line of JSON an answer."""

import datetime
import json
import resource
import sys
import time
import traceback
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

MEMORY_BYTES = 6 * 2**30
"""More than this is not even tried: a MemoryError, not a machine that stands still."""


@dataclass(slots=True)
class Built:
    """What became of one. Seconds are the processor's, so that a busy machine changes nothing; peak_mb is of the whole process.

    fault: a traceback, or what of the scene is not finite; problems: (code, message, help) of the refusals"""

    accepted: bool = False
    seconds: float = 0.0
    check_seconds: float = 0.0
    peak_mb: float = 0.0
    triangles: int = 0
    fault: str = ""
    problems: list[tuple[str, str, str | None]] = field(default_factory=list)


def built(folder: Path) -> Built:
    """Checks, builds and draws one showcase at 64 x 64."""
    from vrclient.app.moments import light_at, moment_of
    from vrclient.app.opening import load, open_showcase
    from vrclient.app.settings import quality_settings
    from vrclient.interaction.collision import Obstacles
    from vrclient.renderer.preview import one_view, render_scene
    from vrclient.scene.gates import passable
    from vrclient.scene.tables import Viewpoint

    result = Built()
    _forget_peak()
    begun = time.process_time()
    try:
        checked = load(folder / "showcase.yaml")
        result.check_seconds = time.process_time() - begun
        result.problems = [(one.code, one.message, one.help) for one in checked.diagnostics if one.severity == "error"]
        if checked.showcase is not None:
            result.accepted = True
            opened = open_showcase(folder / "showcase.yaml")
            scene = opened.scene
            result.triangles = sum(len(one.near.triangle) for one in scene.chunks)
            wrong = not_finite(scene)
            view: Viewpoint = scene.start
            moment = moment_of(opened.showcase, view)
            if int(folder.name) % 4 == 0:  # as long as all the rest, where there is land
                Obstacles.build(*passable(scene, day=moment.date.toordinal()))
            views = one_view(view.position, heading=view.heading, pitch=view.pitch, fov=view.fov, size=(64, 64))
            light = light_at(opened.showcase, scene.sky, moment)
            render_scene(scene, views, environment=light, quality=quality_settings("low").quality())
            result.fault = f"not finite: {', '.join(wrong)}" if wrong else ""
    except Exception:
        result.fault = traceback.format_exc()
    result.seconds = time.process_time() - begun
    result.peak_mb = _peak_mb()
    return result


def not_finite(scene: Any) -> list[str]:
    """The names of a scene's tables that hold NaN or infinities."""
    columns: dict[str, Any] = {
        **{name: getattr(scene.instances, name) for name in ("position", "heading", "scale", "tint", "center", "half_extent")},
        "walls": scene.walls,
        "walkable": scene.walkable,
        "solids": scene.solids.center,
        "light map": scene.light_map.pixels,
        "lights": [(*one.position, *one.color, one.intensity, one.reach) for one in scene.lights],
        "viewpoints": [(*one.position, one.heading, one.pitch, one.fov) for one in scene.viewpoints],
        "selectables": [(*one.center, *one.right, *one.up, *one.half) for one in scene.selectables],
    }
    wrong = [name for name, values in columns.items() if not np.isfinite(np.asarray(values, np.float64)).all()]
    for chunk in scene.chunks:
        for mesh in (chunk.near, chunk.far) if chunk.far is not None else (chunk.near,):
            for name in mesh.vertex.dtype.names:
                column = mesh.vertex[name]
                if column.dtype.kind == "f" and not np.isfinite(column).all():
                    wrong.append(f"{name} of a {chunk.surface} chunk")
    return wrong


def _forget_peak() -> None:
    """Linux: the peak of this process counts anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    import faulthandler
    import logging

    faulthandler.enable()
    logging.disable(logging.WARNING)
    warnings.simplefilter("error", RuntimeWarning)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    assert datetime.date.today()
    for line in sys.stdin:
        answer = built(Path(line.strip()))
        print(json.dumps(asdict(answer)), flush=True)


if __name__ == "__main__":
    main()
