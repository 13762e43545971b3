"""One open showcase as it is visited: its scene, what is visible of it, where one starts, what stops a visitor, the moment that
is shown there.

It draws nothing (renderer/), and knows no visitor and no display (session.py)."""

import datetime
import threading
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app.interact import Interaction
from vrclient.app.moments import Moment, first_moment, light_at, moment_of
from vrclient.app.opening import Opened
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.comfort import Comfort
from vrclient.interaction.locomotion import EYE_HEIGHT, Rig
from vrclient.render_data.culling import SceneVisibility
from vrclient.renderer.loaded import LoadedScene
from vrclient.scene.draw_data import Viewpoint
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.gates import changes, gates, passable

FALLBACK = Viewpoint(name="spawn", position=(0.0, -20.0, EYE_HEIGHT), heading=0.0, is_spawn=True)
"""Where a showcase without a spawn begins."""
LIGHTS_KEPT = 8
"""The light of so many moments is kept, half a megabyte each."""


class Place:
    """`loaded`: what the renderer holds of the scene. Of `obstacles` and `lights` what was made before."""

    def __init__(
        self,
        opened: Opened,
        loaded: LoadedScene,
        /,
        *,
        comfort: Comfort,
        obstacles: Obstacles | None = None,
        lights: Mapping[Moment, LightEnvironment] | None = None,
    ) -> None:
        scene = opened.scene
        self.opened = opened
        self.loaded = loaded
        self.visibility: SceneVisibility = loaded.prepared.visibility
        """The viewer's."""
        self.viewpoints = scene.viewpoints or (FALLBACK,)
        self.spawn = scene.start or FALLBACK
        self._beside = ObstaclesBeside(opened, obstacles)
        self.interaction = Interaction(scene.selectables, self._beside.result, comfort)
        self.moment: Moment | None = None
        self._lit: Moment | None = None
        """The moment whose light is shown."""
        self._light: LightEnvironment | None = None
        self._making: tuple[Moment, Future[LightEnvironment]] | None = None
        self._lights = dict(lights or {})
        self._gates_open = False
        self._turned: set[str] = set()

    @property
    def name(self) -> str:
        """The showcase's folder."""
        return self.opened.path.resolve().parent.name

    @property
    def obstacles(self) -> Obstacles:
        """Floors and walls; made when they are first asked for, unless `expect_visitor` has begun before."""
        return self._beside.result()

    def expect_visitor(self) -> None:
        """Somebody will point and walk: begins to make what that needs, beside the frames. Pictures need none of it."""
        _start_threads()
        self._beside.begin()

    @property
    def first_moment(self) -> Moment:
        """The one at which the showcase is opened."""
        return first_moment(self.opened.showcase)

    def moment_of(self, view: Viewpoint, /) -> Moment:
        """When a viewpoint is to be seen: its own date and time, or the showcase's."""
        return moment_of(self.opened.showcase, view)

    @property
    def day(self) -> int:
        """The day shown, as date.toordinal()."""
        assert self.moment is not None
        return self.moment.date.toordinal()

    def show_moment(self, moment: Moment, /) -> None:
        """Puts sun, moon, sky and lamps to another time; quick where its light is there already."""
        if moment == self.moment:
            return
        light = self._lights.get(moment) or light_at(self.opened.showcase, self.opened.scene.sky, moment)
        self._lights.pop(moment, None)
        self._lights[moment] = light
        while len(self._lights) > LIGHTS_KEPT:
            del self._lights[next(iter(self._lights))]
        self.loaded.set_environment(light, date=moment.date.toordinal())
        self._beside.want(day=moment.date.toordinal())
        self.moment = self._lit = moment
        self._light = light

    def show_soon(self, moment: Moment, /) -> None:
        """As show_moment, without waiting: the day is another one at once; its light is made beside the frames and follows
        (`follow_light`)."""
        if moment in self._lights:
            self.show_moment(moment)
        self._beside.want(day=moment.date.toordinal())
        self.moment = moment

    def show_day(self, date: datetime.date, /) -> None:
        """What stands on another day, in the light that is shown."""
        assert self.moment is not None
        before, day = self.moment.date.toordinal(), date.toordinal()
        self.moment = replace(self.moment, date=date)
        self._beside.want(day=day)
        if self._making is None:
            self._lit = self.moment
        if self._light is not None and np.searchsorted(self._changes, before, "right") != np.searchsorted(
            self._changes, day, "right"
        ):
            self.loaded.set_environment(self._light, date=day)

    @cached_property
    def _changes(self) -> NDArray[np.int64]:
        """The days on which anything comes or goes, rising."""
        scene = self.opened.scene
        chunks = np.array([(chunk.built, chunk.demolished) for chunk in scene.chunks], np.int64).ravel()
        return np.unique(np.concatenate([scene.instances.built, scene.instances.demolished, chunks]).astype(np.int64))

    def follow_light(self) -> None:
        """Once a frame: takes over the light that was made, and has the next one made where it is not that of the moment yet."""
        if self._making is not None and self._making[1].done():
            moment, light = self._making[0], self._making[1].result()
            self._making, self._lit = None, moment
            self._lights[moment] = self._light = light
            self.loaded.set_environment(light, date=self.day)
        if self._making is None and self.moment is not None and self.moment != self._lit:
            showcase, sky, wanted = self.opened.showcase, self.opened.scene.sky, self.moment
            self._making = (wanted, _BESIDE.submit(light_at, showcase, sky, wanted))

    def open_gates(self, *, opened: bool) -> None:
        """Whether the visitor has agreed to stand high in the air: what keeps them off such places goes or comes back, once it is
        made beside the frames."""
        known = [gate.id for gate in gates(self.opened.scene)]
        if known and opened != self._gates_open:
            self._gates_open = opened
            self._beside.want(agreed=known if opened else ())

    def leave(self) -> None:
        """The visitor goes elsewhere: what was under way here ends, and whoever comes back finds everything shown, as it was."""
        self.interaction.relocation.forget()
        self.show_layers(None)
        self.turn_back()

    def turn(self, key: str, angle: float, /) -> None:
        """Turns the exhibit whose rows have that key about its axis, to `angle` radians."""
        self.loaded.turn(key, angle)
        self._turned.add(key)

    def turn_back(self) -> None:
        """Exhibits stand as the showcase has them."""
        for key in self._turned:
            self.loaded.turn(key, 0.0)
        self._turned.clear()

    def show_layers(self, names: Iterable[str] | None, /) -> None:
        """Shows these layers and hides all others; None: shows all."""
        self.loaded.show_layers(names)


class ObstaclesBeside:
    """The obstacles of a scene as it stands on a day, with some height gates open; made in a thread once somebody needs them, and
    anew when others are wanted. Until those are there, the ones before hold."""

    def __init__(self, opened: Opened, made: Obstacles | None, /) -> None:
        """`made`: those of the first day, with all gates closed, where they are there already."""
        self._scene = opened.scene
        self._changes = changes(opened.scene)
        self._day, self._agreed = first_moment(opened.showcase).date.toordinal(), tuple[str, ...]()
        self._made_for = self._key()
        self._future: Future[Obstacles] | None = None
        self._next: Future[Obstacles] | None = None
        if made is not None:
            self._future = Future()
            self._future.set_result(made)

    def begin(self) -> None:
        """Begins; once."""
        if self._future is None:
            self._made_for, self._future = self._key(), self._make()

    def want(self, *, day: int | None = None, agreed: Collection[str] | None = None) -> None:
        """From when they are made on: of that day (date.toordinal()), with the gates of these ids open."""
        self._day = self._day if day is None else day
        self._agreed = self._agreed if agreed is None else tuple(agreed)
        if self._future is not None and self._next is None and self._key() != self._made_for:
            self._made_for, self._next = self._key(), self._make()

    def result(self) -> Obstacles:
        """Waits for the first ones."""
        self.begin()
        assert self._future is not None
        if self._next is not None and self._next.done():
            self._future, self._next = self._next, None
            self.want()  # they may not be the ones that are wanted by now
        return self._future.result()

    def _key(self) -> tuple[int, tuple[str, ...]]:
        """Days between which nothing comes or goes have the same obstacles."""
        return int(np.searchsorted(self._changes, self._day, "right")), self._agreed

    def _make(self) -> Future[Obstacles]:
        scene, agreed, day = self._scene, self._agreed, self._day
        return _BESIDE.submit(lambda: Obstacles.build(*passable(scene, agreed, day=day)))


_BESIDE = ThreadPoolExecutor(max_workers=2, thread_name_prefix="place")
"""What places have made beside the frames."""


@cache
def _start_threads() -> None:
    """Both at once: otherwise the second begins whenever two things are first wanted together, in the middle of a visit."""
    both = threading.Barrier(2)
    for _ in range(2):
        _BESIDE.submit(both.wait)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How a visitor stood in a place when they left it: `spot` on the floor [3] metres and `heading` of the head serve those
    whose head is tracked."""

    path: Path
    title: Mapping[str, str]
    rig: Rig
    fov: float
    spot: tuple[float, float, float]
    heading: float
    moment: Moment


def rig_at(view: Viewpoint, /) -> Rig:
    """A visitor whose eyes are at the viewpoint."""
    x, y, z = view.position
    return Rig((x, y, z - EYE_HEIGHT), heading=view.heading, pitch=view.pitch, eye_height=EYE_HEIGHT)
