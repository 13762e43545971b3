"""One run of the program: the open showcase, its light, the renderer and the visitor. One owner for all that lives long.

It does not decide the order of a frame (frame.py) nor what the command line prints (cli/)."""

import datetime
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vrclient.app.interact import Interaction
from vrclient.app.opening import Opened
from vrclient.app.settings import QualitySettings, client_settings
from vrclient.app.stages import StageClock
from vrclient.display.backend import Display
from vrclient.frame.aids import NO_AIDS, Aids
from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import Matrix, world_from_body
from vrclient.interaction.collision import Obstacles
from vrclient.interaction.locomotion import Rig, placed
from vrclient.interaction.recording import Recorder
from vrclient.renderer.culling import SceneVisibility
from vrclient.renderer.pipeline import Renderer
from vrclient.scene.draw_data import Viewpoint
from vrclient.scene.environment import light_environment

log = logging.getLogger(__name__)

EYE_HEIGHT = 1.6
HIGHEST_STAND_M = 3.0
"""Metres over the floor from which a viewpoint is in the air."""
FALLBACK = Viewpoint(name="spawn", position=(0.0, -20.0, EYE_HEIGHT), heading=0.0, is_spawn=True)
"""Where a showcase without a spawn begins."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The local date and time that are shown."""

    date: datetime.date
    time: datetime.time


@dataclass(slots=True)
class Visit:
    """What changes while somebody is there; app/apply.py and the frame's stages change it."""

    rig: Rig
    head: Matrix | None = None
    """rig_from_head of a tracked head; None on a flat display."""
    fov: float = float(np.radians(60.0))
    seconds: float = 0.0
    """How long somebody has been there: a clock that does not change with the display, and waits while nobody is."""
    aids: Aids = NO_AIDS
    """What helps the visitor act, as last drawn."""
    statistics: bool = False
    leaving: bool = False
    pictures: list[Path] = field(default_factory=list)

    @property
    def rig_from_head(self) -> Matrix:
        """[4, 4] float64: the head, tracked or not."""
        return self.rig.rig_from_head() if self.head is None else self.head


class Session:
    """Everything of one run on one display."""

    def __init__(self, opened: Opened, display: Display, settings: QualitySettings, /, *, picture_folder: Path) -> None:
        self.opened = opened
        self.display = display
        self.settings = settings
        self.picture_folder = picture_folder
        self.clock = StageClock()
        scene = opened.scene
        self.viewpoints = scene.viewpoints or (FALLBACK,)
        self.spawn = scene.start or FALLBACK
        self.visibility = SceneVisibility(scene, lod_bias=settings.lod_bias, cutoff_px=settings.cutoff_px)
        client = client_settings()
        self.renderer = Renderer(display.context, quality=settings.quality(), controllers=client.controllers_folder())
        self.interaction = Interaction(scene.selectables, lambda: self.obstacles, client.comfort.comfort())
        self.renderer.load(scene, self.visibility, view_counts=display.view_counts)
        environment = opened.showcase.environment
        self.moment: Moment | None = None
        self.show_moment(Moment(environment.date, environment.time))
        self.visit = Visit(rig_at(self.spawn), fov=self.spawn.fov)
        self.recorder: Recorder | None = None
        """Takes the visit down, where somebody wants it."""
        self._obstacles: Future[Obstacles] | None = None

    @property
    def obstacles(self) -> Obstacles:
        """Floors and walls; made when they are first asked for, unless `expect_visitor` has begun before."""
        self.expect_visitor()
        assert self._obstacles is not None
        return self._obstacles.result()

    def expect_visitor(self) -> None:
        """Somebody will point and walk: begins to make what that needs, beside the frames. Pictures need none of it."""
        if self._obstacles is None:
            beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="obstacles")
            self._obstacles = beside.submit(Obstacles.build, self.opened.scene.walkable, self.opened.scene.walls)
            beside.shutdown(wait=False)

    @property
    def day(self) -> int:
        """The day shown, as date.toordinal()."""
        assert self.moment is not None
        return self.moment.date.toordinal()

    def show_moment(self, moment: Moment, /) -> None:
        """Puts sun, moon, sky and lamps to another time."""
        if moment == self.moment:
            return
        origin = self.opened.showcase.origin
        light = light_environment(
            origin.lon_deg, origin.lat_deg, origin.utc_offset_h, moment.date, moment.time, self.opened.scene.sky
        )
        self.renderer.set_environment(light, date=moment.date.toordinal())
        self.moment = moment

    def moment_of(self, view: Viewpoint, /) -> Moment:
        """When a viewpoint is to be seen: its own date and time, or the showcase's."""
        environment = self.opened.showcase.environment
        return Moment(
            datetime.date.fromisoformat(view.date) if view.date else environment.date,
            datetime.time.fromisoformat(view.time) if view.time else environment.time,
        )

    def go_to(self, view: Viewpoint, /) -> None:
        """Puts the visitor where a viewpoint looks from, at its time; who wears a headset, on the floor there, if any."""
        rig = rig_at(view)
        if self.visit.head is None:
            self.visit.rig, self.visit.fov = rig, view.fov
        else:
            x, y, z = rig.feet
            floor = self.obstacles.floor_height((x, y), feet=z)
            if floor is None or z - floor > HIGHEST_STAND_M:
                log.warning("viewpoint %s is in the air; in a headset one stays on the ground", view.name)
                return
            self.visit.rig = placed(rig, self.visit.head, (x, y, floor), heading=view.heading)
        self.show_moment(self.moment_of(view))

    def picture(self, view: Viewpoint, /, *, seconds: float = 0.0) -> NDArray[np.uint8]:
        """[H, W, 3] uint8 sRGB: what a viewpoint sees at the moment that is set, through the same path as any frame."""
        pose = world_from_body(view.position, heading=view.heading, pitch=view.pitch)
        view_set = self.display.locate_views(pose, np.eye(4), fov=view.fov)
        self.renderer.set_seconds(seconds)
        self.draw(view_set)
        return self.display.acquire_target().read()

    def draw(self, view_set: ViewSet, /) -> None:
        """Culls, uploads and draws one view set; frame.py does the same in timed stages."""
        self.renderer.upload(view_set, self.visibility.cull(view_set, date=self.day))
        self.renderer.show_aids(NO_AIDS)
        self.renderer.draw(self.display.acquire_target())

    def close(self) -> None:
        """Gives the renderer and the display back."""
        self.renderer.close()
        self.display.close()


def rig_at(view: Viewpoint, /) -> Rig:
    """A visitor whose eyes are at the viewpoint."""
    x, y, z = view.position
    return Rig((x, y, z - EYE_HEIGHT), heading=view.heading, pitch=view.pitch, eye_height=EYE_HEIGHT)
