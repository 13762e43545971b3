"""The films and sounds of one place, brought to where the visit is, and the words that are said in them. One per place entered.

What plays, and how far it is, is the visit's state (modes/state.py); it decides nothing of that."""

from pathlib import Path

import numpy as np

from vrclient.app.place import Place
from vrclient.frame.sheets import Sheet
from vrclient.geometry.frames import Matrix
from vrclient.modes.state import VisitState
from vrclient.renderer.movies import Movies
from vrclient.scene.interactives import Interactive, Rectangle, Screen, SoundSource, moment_in
from vrclient.showcase.subtitles import read_subtitles
from vrclient.sound.output import SoundOutput
from vrclient.sound.sounds import Sound, ambience, film_sound, narration


class Playback:
    """`sound` is the run's; it stays when the place is left."""

    def __init__(self, place: Place, sound: SoundOutput, /) -> None:
        scene = place.opened.scene
        things = scene.interactives
        self.screens = tuple(one for one in things if isinstance(one, Screen))
        self.movies = Movies(self.screens)
        self._sound = sound
        self._days = {id(one): days for one, days in zip(things, scene.interactive_days, strict=True)}
        self._ambience = tuple((one, ambience(one)) for one in things if isinstance(one, SoundSource))
        self._said = {file: read_subtitles(file) for screen in self.screens for file in screen.subtitles.values()}

    def is_there(self, thing: Interactive, state: VisitState, /) -> bool:
        """Whether it stands on the day that is shown."""
        built, demolished = self._days[id(thing)]
        return built <= state.date.toordinal() < demolished

    def narrated(self, state: VisitState, /) -> tuple[Path | None, float]:
        """The narration of the tour's stop in the chosen language, and its length in seconds; (None, 0) without one."""
        touring, language = state.tour, state.language
        if touring is None:
            return None, 0.0
        stop = touring.tour.stops[touring.stop]
        return stop.narration.get(language), stop.narration_seconds.get(language, 0.0)

    def subtitle(self, state: VisitState, /) -> str:
        """What is said in a film that plays."""
        for screen in self.screens:
            play = state.screens.get(screen.id) if self.is_there(screen, state) else None
            file = screen.subtitles.get(state.language) or screen.subtitles.get("en")
            if play is not None and play.playing and file is not None:
                text = self._said[file].at(moment_in(screen, play.seconds))
                if text:
                    return text
        return ""

    def sheets(self, state: VisitState, /) -> list[Sheet]:
        """Films in the scene, where a picture of them is there."""
        return [
            Sheet(("film", screen.id), *_stands(screen.face), movie=screen.id, place="world")
            for screen in self.screens
            if self.is_there(screen, state) and self.movies.texture(screen.id) is not None
        ]

    def update(self, state: VisitState, world_from_head: Matrix, /, *, elapsed: float, attentive: bool) -> None:
        """One frame of `elapsed` seconds. Films and voices are silent while nobody is there."""
        plays, settings = state.screens, state.settings
        self.movies.update({id: play.seconds for id, play in plays.items()}, eye=world_from_head[:3, 3])
        self._sound.update(
            self._sounds(state) if attentive else self._around(state),
            world_from_head,
            elapsed=elapsed,
            volume=settings.volume,
            muted=settings.muted,
            mono=settings.mono,
        )

    def close(self) -> None:
        """Ends the films."""
        self.movies.close()

    def _around(self, state: VisitState) -> list[Sound]:
        return [sound for source, sound in self._ambience if self.is_there(source, state)]

    def _sounds(self, state: VisitState) -> list[Sound]:
        """What is around, and what plays."""
        sounds = self._around(state)
        for screen in self.screens:
            play = state.screens.get(screen.id) if self.is_there(screen, state) else None
            heard = film_sound(screen, play.seconds) if play is not None and play.playing else None
            if heard is not None:
                sounds.append(heard)
        file, length = self.narrated(state)
        touring = state.tour
        if file is not None and touring is not None and touring.playing and touring.seconds is not None:
            sounds += [narration(file, touring.seconds)] if touring.seconds < length else []
        return sounds


def _stands(face: Rectangle) -> tuple[Matrix, tuple[float, float]]:
    """world_from_sheet and the size of a sheet that covers a face."""
    pose = np.eye(4)
    right, up = np.asarray(face.right), np.asarray(face.up)
    pose[:3, 0], pose[:3, 1], pose[:3, 2], pose[:3, 3] = right, np.cross(up, right), up, face.center
    return pose, (2.0 * face.half[0], 2.0 * face.half[1])
