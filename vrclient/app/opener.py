"""The process that opens another showcase beside the frames: reads, checks, builds, and prepares all that needs no graphics card.

It gets a request on its standard input, tells on its standard output how far it is, a line of JSON each time, and leaves
shared arrays. It ends when its input does: so it does not outlive the program. loading.py runs it."""

import contextlib
import json
import os
import pickle
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vrclient import own_process
from vrclient.app.moments import Moment, first_moment, light_at, moment_of
from vrclient.app.opening import BadShowcase, Opened, Progress, open_showcase
from vrclient.app.shared_arrays import write_shared_arrays
from vrclient.elements import kinds
from vrclient.interaction.collision import Obstacles
from vrclient.render_data.culling import SceneVisibility
from vrclient.render_data.prepared import Prepared, prepare
from vrclient.render_data.quality import Quality
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.gates import passable
from vrclient.showcase.diagnostics import counted, first_line

COMMAND = own_process.command("vrclient.app.opener:main")
"""It waits for its request when it has everything it needs, so it may be started long before."""
NICENESS = 3
"""Milder than is usual: beside frames that are drawn in software, with threads on all cores, what is nicer gets nothing."""
LIGHTS_MADE = 6
"""The light of so many moments is made ahead: of the first one, and of viewpoints that have their own."""


@dataclass(frozen=True, slots=True)
class Request:
    """Open `path` for a renderer of that quality, and leave what came of it in `arrays`. `moment`: of the way back,
    whose light is wanted too."""

    path: Path
    quality: Quality
    arrays: Path
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OpenedBeside:
    """What is in the shared arrays, as their last part."""

    opened: Opened
    prepared: Prepared
    obstacles: Obstacles
    lights: Mapping[Moment, LightEnvironment]


def main() -> None:
    """The process."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what anything else prints is no answer
    _yield_to_others()
    kinds()  # and with them all libraries: on Windows one that is loaded later may wait for whoever reads from the standard input
    try:
        request: Request = pickle.load(sys.stdin.buffer)
    except EOFError:  # nobody has asked for anything
        os._exit(0)
    threading.Thread(target=_end_with_input, args=(request.arrays,), daemon=True).start()

    def say(**answer: object) -> None:
        print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)

    try:
        result = open_beside(request, lambda done, total: say(done=done, total=total))
        write_shared_arrays(request.arrays, parts(result))
        say(ready=True)
    except BadShowcase as error:
        first = next((one for one in error.diagnostics if one.severity == "error"), error.diagnostics[0])
        say(problem=f"{error.path}: {counted(error.diagnostics)}; the first: {first_line(first)}")
    except OSError as error:
        say(problem=f"{error.filename or request.path}: {error.strerror or error}")
    except ValueError as error:  # settings that cannot be read, and the like: their texts are for people
        say(problem=str(error))
    except Exception as error:
        say(problem=f"{type(error).__name__}: {error}")
    answers.close()
    os._exit(0)


def open_beside(request: Request, progress: Progress, /) -> OpenedBeside:
    """Raises BadShowcase, OSError, and ValueErrors with texts for people."""
    opened = open_showcase(request.path, progress=progress)
    scene, showcase = opened.scene, opened.showcase
    moments = [first_moment(showcase), *([request.moment] if request.moment else [])]
    moments += [moment_of(showcase, view) for view in scene.viewpoints]
    return OpenedBeside(
        opened=opened,
        prepared=prepare(scene, request.quality),
        obstacles=Obstacles.build(*passable(scene, day=moments[0].date.toordinal())),
        lights={moment: light_at(showcase, scene.sky, moment) for moment in list(dict.fromkeys(moments))[:LIGHTS_MADE]},
    )


def parts(result: OpenedBeside, /) -> Iterator[object]:
    """The result last, before it what it refers to: each part is unpacked in a fraction of a millisecond."""
    scene, prepared = result.opened.scene, result.prepared
    yield from result.opened.showcase.elements
    for surfaces in scene.instances.meshes:
        yield from surfaces.levels
    for meshes in scene.instances.levels:
        yield from meshes
    for chunk in scene.chunks:
        yield from (chunk.near, chunk.far, chunk)
    yield from scene.interactives
    yield from scene.selectables
    yield scene
    for visibility in (prepared.visibility, prepared.mirrored):
        if visibility is not None:
            yield from visibility_parts(visibility)
    yield from result.lights.values()
    yield result


def visibility_parts(visibility: SceneVisibility, /) -> Iterator[object]:
    """Its indices are laid out anew where they are unpacked."""
    yield visibility.instances
    yield visibility.chunks
    yield visibility


def _end_with_input(arrays: Path) -> None:
    sys.stdin.buffer.read()
    with contextlib.suppress(OSError):
        arrays.unlink()  # the program is gone, and cannot
    os._exit(1)


def _yield_to_others() -> None:
    """Frames go first: less urgent, and on Linux not on the first core. On Windows whoever starts the process says so."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if hasattr(os, "sched_setaffinity"):
        cores = os.sched_getaffinity(0)
        if len(cores) > 1:
            os.sched_setaffinity(0, cores - {min(cores)})
