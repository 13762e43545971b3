"""Opens another showcase beside the frames: a process of its own reads and builds it (opener.py), then what came back is
unpacked, uploaded and warmed up, a slice of each frame's slack at a time.

When to begin and when to enter is decided elsewhere (modes/portal_transition.py); which places stay open in places.py."""

import json
import logging
import pickle
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vrclient import own_process
from vrclient.app.moments import Moment, first_moment
from vrclient.app.opener import COMMAND, OpenedBeside, Request
from vrclient.app.place import Place
from vrclient.app.shared_arrays import SharedArrays, SharedArraysFile
from vrclient.frame.views import ViewSet
from vrclient.interaction.comfort import Comfort
from vrclient.render_data.steps import Steps
from vrclient.renderer.context import GraphicsUnavailable
from vrclient.renderer.pipeline import Renderer
from vrclient.renderer.shaders import ShaderError
from vrclient.showcase.find import NoSuchShowcase

log = logging.getLogger(__name__)

BUILT, UNPACKED, UPLOADED = 0.70, 0.75, 0.90
"""The progress when each of these is done."""
FADING = 0.97
"""The longest step so far counts a little less after each further one, when the next one is judged by it."""


SPARE, LEAST_SLICE, LONGEST_SLICE = 0.0035, 0.0003, 0.0025
"""Seconds of a frame: left free whatever happens; given to loading at least, and at most where frames are in time."""
SHARE, SHARE_AWAITED = 0.1, 0.3
"""Of what a frame takes that is late anyway: given to loading, and where the visitor waits for it."""


def slice_seconds(worked: float, worked_before: float, period: float, /, *, awaited: bool) -> float:
    """How long a frame that has `worked` so long may load; `period`: what it has. A single late frame gives no more than others:
    only if the one before was late, too, the machine is a slow one."""
    left = min(max(period - worked - SPARE, LEAST_SLICE), LONGEST_SLICE)
    usual = min(worked, worked_before)
    return max(left, usual * (SHARE_AWAITED if awaited else SHARE)) if usual > period else left


class LoadingFailed(Exception):
    """The text is what people are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a visitor sees: the views of a frame, and the wider ones they were culled with."""

    views: ViewSet
    culled: ViewSet


class PlaceLoading:
    """One place on its way. `showcase`: as it was asked for; `path`: what that is, if it is anything.

    progress  0..1
    ready     `place` can be entered
    problem   why it cannot be had, in words; it is logged once
    """

    def __init__(
        self,
        showcase: str | Path,
        renderer: Renderer,
        /,
        *,
        comfort: Comfort,
        view_counts: tuple[int, ...],
        moment: Moment | None,
        arrival: Callable[[Place], Seen | None],
        path: Path | NoSuchShowcase,
        opener: Callable[[], "OpenerProcess"],
        open_place: Place | None = None,
    ) -> None:
        """`moment`: at which it is shown, None = its own; `arrival`: what one will see on entering it, as far as is known;
        `path`: what `showcase` is, or why it is nothing; `opener`: a process that has not been asked yet; `open_place`: the very
        place, where it is open already."""
        self.showcase = showcase
        self.path = path if isinstance(path, Path) else None
        self.place = open_place
        self.problem: str | None = None
        self.progress = 0.0 if open_place is None else 1.0
        self._is_own = open_place is None
        self._began = time.monotonic()
        self.seconds = 0.0
        """How long it took, once it is ready."""
        self.slices = 0
        self._renderer, self._comfort, self._view_counts = renderer, comfort, view_counts
        self._moment, self._arrival = moment, arrival
        self._found, self._new_opener = path, opener
        self.opener: OpenerProcess | None = None
        """The process at work."""
        self._steps: Steps[Place] = self._work()
        self._longest = 0.0

    @property
    def ready(self) -> bool:
        """Whether `place` can be entered."""
        return self.place is not None

    def advance(self, budget: float, /) -> None:
        """Goes on for about `budget` seconds, at least one step. Steps are short; the longest of late decides whether another one
        fits, unless frames are late anyway and have more for it."""
        if self.place is not None or self.problem is not None:
            return
        start = now = time.perf_counter()
        try:
            while True:
                next(self._steps)
                before, now = now, time.perf_counter()
                self._longest = max(FADING * self._longest, now - before)
                ahead = self._longest if budget <= LONGEST_SLICE else 0.0
                if self.opener is not None or now - start + ahead > budget:
                    break
        except StopIteration as end:
            self.place = end.value
            self.progress, self.seconds = 1.0, time.monotonic() - self._began
        except (LoadingFailed, GraphicsUnavailable, ShaderError) as failed:
            self.problem = str(failed)
            log.warning("the portal to '%s' is closed: %s", self.showcase, failed)
        self.slices += 1

    def cancel(self) -> None:
        """Gives up whatever is under way, the place too unless it was open before."""
        self._steps.close()
        if self.place is not None and self._is_own:
            self._renderer.unload(self.place.loaded)
            self.place = None

    def _work(self) -> Steps[Place]:
        if isinstance(self._found, NoSuchShowcase):
            raise LoadingFailed(str(self._found))
        arrays = yield from self._opened(self._found)
        result: OpenedBeside | None = None
        for number, part in enumerate(arrays.parts()):
            result = part
            self.progress = BUILT + (UNPACKED - BUILT) * number / arrays.count
            yield
        assert result is not None
        return (yield from self._uploaded(result))

    def _opened(self, path: Path) -> Steps[SharedArrays]:
        """Waits for the process."""
        file: SharedArraysFile | None = None
        try:
            file = SharedArraysFile()
            self.opener = self._new_opener()
            self.opener.ask(Request(path, self._renderer.quality, file.path, self._moment))
            while not self.opener.ended:
                self.progress = BUILT * self.opener.progress
                yield
            if self.opener.problem is not None:
                raise LoadingFailed(self.opener.problem)
            return file.take()
        except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
            raise LoadingFailed(f"what was opened cannot be used: {error}") from error
        finally:
            if self.opener is not None:
                self.opener.close()
                self.opener = None
            if file is not None:
                file.close()

    def _uploaded(self, result: OpenedBeside) -> Steps[Place]:
        pieces = len(result.opened.scene.chunks) + len(result.opened.scene.instances.meshes)
        steps = self._renderer.load_steps(result.prepared, view_counts=self._view_counts)
        done = 0
        while True:
            try:
                next(steps)
            except StopIteration as end:
                loaded = end.value
                break
            done += 1
            self.progress = UNPACKED + (UPLOADED - UNPACKED) * min(1.0, done / (8 * pieces + 8))
            yield
        try:
            yield
            place = Place(result.opened, loaded, comfort=self._comfort, obstacles=result.obstacles, lights=result.lights)
            yield
            place.show_moment(self._moment or first_moment(result.opened.showcase))
            yield
            seen = self._arrival(place)
            if seen is not None:
                yield from self._renderer.warm_up_steps(loaded, seen.views, culled_with=seen.culled)
        except BaseException:
            self._renderer.unload(loaded)
            raise
        return place


class OpenerProcess:
    """A process of opener.py, and a thread that hears what it says. It is started at once and waits for what it is asked: getting
    ready takes it a second or two."""

    def __init__(self) -> None:
        self.progress = 0.0
        self.problem: str | None = None
        self.ended = False
        """It has left its shared arrays, or there is a `problem`."""
        self.process: subprocess.Popen[bytes] | None = None
        self._asked: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        threading.Thread(target=self._run, name="opener", daemon=True).start()

    def ask(self, request: Request, /) -> None:
        """What is to be opened; once."""
        self._asked.put(request)

    def close(self) -> None:
        """Ends it, if it is still there."""
        self._asked.put(None)
        with self._lock:
            self._closed = True
            if self.process is not None:
                self.process.kill()

    def _run(self) -> None:
        """The thread: starting a process takes longer than a frame has."""
        try:
            self._start()
            request = self._asked.get()
            if self.process is not None and self.process.poll() is not None:
                with self.process:  # it waited for long; somebody has ended it meanwhile
                    self.process = None
                self._start()
            if self.process is not None:
                with self.process as process:
                    self._listen(process, request)
        except OSError as error:
            self.problem = f"the process that opens it cannot be started: {error.strerror or error}"
        self.ended = True

    def _start(self) -> None:
        with self._lock:
            if not self._closed:
                self.process = subprocess.Popen(
                    COMMAND,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=own_process.flags(),
                )

    def _listen(self, process: "subprocess.Popen[bytes]", request: Request | None) -> None:
        """Its answers, to the last one."""
        assert process.stdin is not None and process.stdout is not None
        if request is None:
            return
        is_ready = False
        with process.stdin, process.stdout:
            process.stdin.write(pickle.dumps(request))
            process.stdin.flush()
            for line in process.stdout:
                answer = json.loads(line)
                is_ready = is_ready or "ready" in answer
                self.problem = answer.get("problem")
                if "total" in answer:
                    self.progress = answer["done"] / max(answer["total"], 1)
            status = process.wait()
        if not is_ready and self.problem is None:
            self.problem = f"the process that opened it ended with status {status} before it was done"
