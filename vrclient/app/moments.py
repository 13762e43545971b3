"""The date and time at which a showcase is seen, and the light that goes with them. It shows nothing."""

import datetime
from dataclasses import dataclass

from vrclient.scene.draw_data import Sky, Viewpoint
from vrclient.scene.environment import LightEnvironment, light_environment
from vrclient.showcase.models import Showcase


@dataclass(frozen=True, slots=True)
class Moment:
    """The local date and time that are shown."""

    date: datetime.date
    time: datetime.time


def first_moment(showcase: Showcase, /) -> Moment:
    """The one at which a showcase is opened."""
    return Moment(showcase.environment.date, showcase.environment.time)


def moment_of(showcase: Showcase, view: Viewpoint, /) -> Moment:
    """When a viewpoint is to be seen: its own date and time, or the showcase's."""
    first = first_moment(showcase)
    return Moment(
        datetime.date.fromisoformat(view.date) if view.date else first.date,
        datetime.time.fromisoformat(view.time) if view.time else first.time,
    )


def light_at(showcase: Showcase, sky: Sky, moment: Moment, /) -> LightEnvironment:
    """Sun, moon, sky and lamps; about 0.06 s."""
    origin = showcase.origin
    return light_environment(*origin.wgs84, origin.utc_offset_h, moment.date, moment.time, sky)
