"""An exhibit looked at closely: its picture as tiles in the hole of its panel, at the resolution that is seen. One per session.

What part is seen is in modes/closeup.py and panels/closeup.py; reading the file in panels/tiles.py."""

import logging

from vrclient.frame.sheets import Sheet, SheetPicture
from vrclient.modes.closeup import STANDING_M
from vrclient.modes.placing import StandingPanel
from vrclient.modes.state import CloseUp
from vrclient.panels.closeup import fitted, framing, pixels_seen, tile_sheets
from vrclient.panels.tiles import TiledPicture
from vrclient.scene.interactives import Exhibit
from vrclient.scene.notices import notice_picture

log = logging.getLogger(__name__)

PIXEL_M = 0.0254 / 96.0
"""Metres of a screen's pixel, as the web takes them: what 1:1 means on a screen whose size is unknown."""
NOT_SHOWN = {"zh": "图片无法显示", "en": "This picture cannot be shown"}


class CloseUps:
    """The picture that is looked at; the one before is given back."""

    def __init__(self, *, patient: bool = False) -> None:
        """`patient`: every tile is waited for, for stills and tests."""
        self._patient = patient
        self._of: Exhibit | None = None
        self._picture: TiledPicture | None = None
        self._notice: SheetPicture | None = None

    def sheets(self, close_up: CloseUp | None, standing: StandingPanel | None, /, *, tracked: bool) -> tuple[Sheet, ...]:
        """The tiles to show now, below the panel; none where no picture is looked at."""
        exhibit = close_up.what if close_up is not None and isinstance(close_up.what, Exhibit) else None
        if exhibit is not self._of:
            self.close()
            self._of = exhibit
            if exhibit is not None and exhibit.picture is not None:
                self._picture = TiledPicture.open(exhibit.picture)
        if exhibit is None or close_up is None or self._picture is None or standing is None or standing.panel.hole is None:
            return ()
        pose, area = standing.part(standing.panel.hole)
        if self._picture.problem is not None:
            return (self._unreadable(self._picture, exhibit, standing, area),)
        if self._patient:
            self._picture.settle()
        size = exhibit.face.half
        framed = framing(size, area, zoom=close_up.zoom, middle=close_up.middle)
        left, top, right, bottom = framed.rect
        seen = (right - left, top - bottom)
        pixels = pixels_seen(seen, distance=STANDING_M) if tracked else (seen[0] / standing.metre, seen[1] / standing.metre)
        tiles = self._picture.tiles(framed.part, pixels)
        if self._patient and self._picture.settle():
            tiles = self._picture.tiles(framed.part, pixels)
        return tile_sheets(tiles, framed, pose, key="exhibit")

    def close(self) -> None:
        """Gives the memory back."""
        if self._picture is not None:
            self._picture.close()
        self._picture = self._of = self._notice = None

    def _unreadable(self, picture: TiledPicture, exhibit: Exhibit, standing: StandingPanel, area: tuple[float, float]) -> Sheet:
        """The place is marked plainly; the log says why, once."""
        assert standing.panel.hole is not None
        if self._notice is None:
            log.warning("exhibit %s: %s", exhibit.id, picture.problem)
            said = notice_picture(NOT_SHOWN, picture.path.name, shape=area[0] / area[1])
            self._notice = SheetPicture(said, picture.path.name)
        pose, _ = standing.part(standing.panel.hole)
        return Sheet(("exhibit", "unreadable"), pose, area, self._notice)


def fitted_share(close_up: CloseUp, standing: StandingPanel, /) -> tuple[float, float]:
    """How many times the hole of the panel is as wide and as high as the picture in it at zoom 1."""
    assert standing.panel.hole is not None and isinstance(close_up.what, Exhibit)
    _, area = standing.part(standing.panel.hole)
    width, height = fitted(close_up.what.face.half, area)
    return area[0] / width, area[1] / height


def real_zoom(close_up: CloseUp | None, standing: StandingPanel | None, /, *, tracked: bool) -> float:
    """The zoom at which the exhibit that is looked at has its real size on this display; 1 where nothing is."""
    if close_up is None or not isinstance(close_up.what, Exhibit) or standing is None or standing.panel.hole is None:
        return 1.0
    _, area = standing.part(standing.panel.hole)
    width, _ = fitted(close_up.what.face.half, area)
    return 2.0 * close_up.what.face.half[0] / (width if tracked else width / standing.metre * PIXEL_M)
