"""What screens show: films, and pictures one after the other, as textures that renderer/sheets.py draws.

Pictures are opened in a thread, and each film is decoded in a process of its own (media/film.py); a frame takes over what is
ready. The clock is the visit's: each frame says at which second each screen is. No sound (sound/), no subtitles
(showcase/subtitles.py)."""

import logging
import math
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from panda3d.core import SamplerState, Texture  # noqa: TID251
from PIL import Image as Pictures

from vrclient.media.film import FilmPlayer
from vrclient.scene.interactives import Screen, moment_in
from vrclient.scene.notices import notice_picture
from vrclient.scene.pictures import UnreadablePicture, read_picture

log = logging.getLogger(__name__)

MOST, MOST_KEPT = 4, 6
"""Screens that are shown at a time: the nearest; and that are held, with those that are not wanted any longer. Each film is a
process."""
AHEAD = 2.0
"""A screen is opened ahead where one is within so many times its `near`, so that it starts at once."""
WIDTHS_AWAY = 60.0
"""A screen is let go of where it is farther away than so many times its width (it is a degree wide there), and outside `near`."""
KEPT = 4.0
"""Seconds for which a screen that nobody wants is still held."""
LARGEST = 1600
"""Pixels along the longer side of a picture of a set."""
GROUND = (8, 8, 9)
"""Of a screen, sRGB: beside a picture of another shape, and where one is clear."""
STRIP = 1 << 16
"""Pixels that are copied at once: Python's lock is held for well under a millisecond."""

NO_FILM = {"zh": "此影片无法播放", "en": "This film cannot be played"}
NO_PICTURES = {"zh": "图片无法显示", "en": "These pictures cannot be shown"}


class Movies:
    """The screens of one place. Make one for each scene, and close it with it."""

    def __init__(self, screens: Iterable[Screen], /) -> None:
        self._screens = {screen.id: screen for screen in screens}
        self._shows: dict[str, _Show] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="movies")
        self._complained: set[str] = set()

    def update(self, wanted: Mapping[str, float], /, *, eye: ArrayLike) -> None:
        """One frame, before it is drawn: these screens are at these seconds since they were started, seen from `eye`, [3] metres.
        A screen that stays at its second is paused. Screens far away, and those that nobody wants any longer, are let go of."""
        now = time.monotonic()
        here = np.asarray(eye, np.float64).tolist()
        near: dict[str, float] = {}
        for id, screen in self._screens.items():
            away = math.dist(here, screen.face.center)
            if away <= AHEAD * screen.near or (id in wanted and away <= 2.0 * WIDTHS_AWAY * screen.face.half[0]):
                near[id] = away
        for id in sorted(near, key=lambda one: (one not in wanted, near[one]))[:MOST]:
            show = self._shows.get(id)
            if show is None:
                show = self._shows[id] = _Show(self._screens[id], self._pool)
            show.used = now
            if id in wanted:
                show.update(moment_in(self._screens[id], wanted[id]))
            if show.problem and id not in self._complained:
                self._complained.add(id)
                log.warning("screen %s: %s", id, show.problem)
        oldest = sorted(self._shows, key=lambda one: self._shows[one].used)[: max(0, len(self._shows) - MOST_KEPT)]
        for id in {*oldest, *(id for id, show in self._shows.items() if now - show.used > KEPT)}:
            self._pool.submit(self._shows.pop(id).close)

    def texture(self, id: str, /) -> Texture | None:
        """What the screen shows now: display values, opaque, the bottom row at v = 0; None where there is nothing yet."""
        show = self._shows.get(id)
        return show.texture if show is not None else None

    def problem(self, id: str, /) -> str | None:
        """Why a screen shows a notice instead, in words."""
        show = self._shows.get(id)
        return show.problem if show is not None else None

    def close(self) -> None:
        """Lets go of all screens, beside the frames."""
        for show in self._shows.values():
            show.cancel()
            self._pool.submit(show.close)
        self._pool.shutdown(wait=False)
        self._shows, self._screens = {}, {}


class _Show:
    """One screen that is being opened, or shows something."""

    def __init__(self, screen: Screen, pool: ThreadPoolExecutor) -> None:
        self.used = time.monotonic()
        self.problem: str | None = None
        self._screen = screen
        self._pool = pool
        self._film: _Film | None = None
        self._opening: Future[_Film] | None = pool.submit(_Film, screen.video) if screen.video is not None else None
        self._pictures: dict[int, Future[Texture]] = {}
        self._texture: Texture | None = None
        self._notice: Future[Texture] | None = None

    @property
    def texture(self) -> Texture | None:
        return self._texture

    def update(self, moment: float) -> None:
        """Takes over what is ready for that second."""
        if self._notice is not None:
            if self._notice.done():
                self._texture = self._notice.result()
        elif self._screen.video is None:
            self._update_pictures(moment)
        else:
            if self._opening is not None and self._opening.done():
                try:
                    self._film = self._opening.result()
                except _Unplayable as reason:
                    self._give_up(str(reason))
                self._opening = None
            if self._film is not None and self._film.problem is not None:
                self._give_up(self._film.problem)
            elif self._film is not None and self._film.show(moment):
                self._texture = self._film.texture

    def _update_pictures(self, moment: float) -> None:
        """This picture, and the next one on its way."""
        files = self._screen.pictures
        number = int(moment / self._screen.seconds) % len(files)
        coming = {number, (number + 1) % len(files)}
        for index in coming - self._pictures.keys():
            self._pictures[index] = self._pool.submit(_picture, files[index], self._screen.face.half)
        for index in self._pictures.keys() - coming:
            if self._pictures[index].done():
                del self._pictures[index]
        if self._pictures[number].done():
            try:
                self._texture = self._pictures[number].result()
            except _Unplayable as reason:
                self._give_up(str(reason))

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        said = NO_FILM if self._screen.video is not None else NO_PICTURES
        names = self._screen.video or self._screen.pictures[0]
        shape = self._screen.face.half[0] / self._screen.face.half[1]
        self._notice = self._pool.submit(lambda: _still(notice_picture(said, names.name, shape=shape), names.name))

    def cancel(self) -> None:
        """What is not begun yet is not wanted any more."""
        for coming in (self._opening, self._notice, *self._pictures.values()):
            if coming is not None:
                coming.cancel()

    def close(self) -> None:
        """Ends the process that decodes the film; for another thread than the frames'."""
        if self._opening is not None and not self._opening.cancelled() and self._opening.exception() is None:
            self._film = self._opening.result()
        if self._film is not None:
            self._film.close()
        self._film = self._opening = self._texture = None
        self._pictures.clear()


class _Unplayable(Exception):
    """The text says why, in words."""


class _Film:
    """A film whose pictures come from a process of its own (media/film.py). Made in a thread: starting a process takes some
    milliseconds."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise _Unplayable(f"'{file.name}' is gone")
        self._name, self._player = file.name, FilmPlayer(file)
        self._memory: NDArray[np.uint8] | None = None
        self.texture = Texture(file.name)

    @property
    def problem(self) -> str | None:
        reason = self._player.problem
        return f"'{self._name}' {reason}" if reason is not None else None

    def show(self, second: float) -> bool:
        """Puts the newest picture up to that second into the texture; whether there was one yet."""
        picture = self._player.picture(second)
        if picture is not None:
            if self._memory is None:
                self.texture.setup_2d_texture(picture.shape[1], picture.shape[0], Texture.T_unsigned_byte, Texture.F_rgba)
                _filter(self.texture)
            np.copyto(np.frombuffer(memoryview(self.texture.modify_ram_image()).cast("B"), np.uint8), picture.reshape(-1))
            self._memory = picture
            self._player.is_whole()
        return self._memory is not None

    def close(self) -> None:
        self._memory = None
        self._player.close()


def _picture(file: Path, half: tuple[float, float]) -> Texture:
    """A whole picture on a black ground in the shape of the screen."""
    shape = half[0] / half[1]
    size = (LARGEST, max(1, round(LARGEST / shape))) if shape >= 1.0 else (max(1, round(LARGEST * shape)), LARGEST)
    try:
        picture, _ = read_picture(file, longest=2 * LARGEST, ground=GROUND)
    except UnreadablePicture as error:
        raise _Unplayable(f"'{file.name}' is not a picture that can be read") from error
    scale = min(size[0] / picture.width, size[1] / picture.height)
    inner = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture.resize(inner, Pictures.Resampling.LANCZOS)
    canvas = Pictures.new("RGB", size, GROUND)
    canvas.paste(picture, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return _still(np.asarray(canvas.convert("RGBA")), file.name)


def _still(pixels: NDArray[np.uint8], name: str) -> Texture:
    """[H, W, 4] opaque RGBA, row 0 on top, as a texture; copied in strips, so that the frames run on."""
    height, width = pixels.shape[:2]
    texture = Texture(name)
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_rgba)
    texture.make_ram_image()
    memory = np.frombuffer(memoryview(texture.modify_ram_image()).cast("B"), np.uint8).reshape(height, width, 4)
    step = max(1, STRIP // width)
    for top in range(0, height, step):
        strip = pixels[top : top + step]
        upward = memory[height - top - len(strip) : height - top][::-1]
        upward[..., 0], upward[..., 1], upward[..., 2], upward[..., 3] = (strip[..., one] for one in (2, 1, 0, 3))
        time.sleep(0.0)
    texture.set_keep_ram_image(False)
    _filter(texture)
    return texture


def _filter(texture: Texture) -> None:
    texture.minfilter = SamplerState.FT_linear_mipmap_linear
    texture.magfilter = SamplerState.FT_linear
    texture.anisotropic_degree = 4
    texture.wrap_u = texture.wrap_v = SamplerState.WM_clamp
