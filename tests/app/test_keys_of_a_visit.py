"""What anybody at the keyboard may do for as long as they like: leave, once asked, and take pictures, but not without end."""

from dataclasses import replace
from pathlib import Path

import pytest
from two_places import RED, SILENT, controller, showcase, visiting

from vrclient.app import apply as applying
from vrclient.app.apply import apply
from vrclient.app.frame import one_frame
from vrclient.app.visit_controller import LEAVES
from vrclient.frame.commands import TakePicture
from vrclient.frame.inputs import NOTHING
from vrclient.modes import ids, visitor
from vrclient.modes.state import said
from vrclient.modes.visitor import NOTICE_SECONDS, Happened
from vrclient.panels.pressing import Pressed

ESCAPE = replace(NOTHING, pressed=frozenset({"escape"}))


def test_pictures_have_an_end_and_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "PICTURES_MOST", 2)
    with visiting(showcase(tmp_path / "red", RED), views=1, options=SILENT) as session:
        session.picture_folder = tmp_path / "pictures"
        one_frame(session)
        visit = controller(session)
        apply(session, [TakePicture()] * 5)
        assert len(session.visit.pictures) == 1, "one a second"
        monkeypatch.setattr(applying, "PICTURE_SECONDS", 0.0)
        apply(session, [TakePicture()] * 5)
        assert len(session.visit.pictures) == 2
        assert len(list((tmp_path / "pictures").glob("*.png"))) == 2
        assert visit.state.notice is not None
        assert said(visit.state.notice, "en") == "2 pictures taken; no more can be taken"
        assert said(visit.state.notice, "zh") == "已拍摄 2 张照片，不能再拍"


def test_escape_leaves_when_it_is_pressed_again_while_that_is_to_be_read(tmp_path: Path) -> None:
    with visiting(showcase(tmp_path / "red", RED), views=1, options=SILENT) as session:
        visit = controller(session)

        def passes(seconds: float, *pressed: str) -> None:
            happened = Happened(time=seconds, pressed=tuple(Pressed(one) for one in pressed))
            visit.state = visitor.updated(visit.state, visit.offer, (), happened)[0]

        assert visit.heard(ESCAPE, time=0.0).pressed == frozenset()
        assert visit.state.notice is LEAVES
        assert visit.heard(ESCAPE, time=1.0) is ESCAPE
        passes(NOTICE_SECONDS + 1.0)
        assert visit.heard(ESCAPE, time=NOTICE_SECONDS + 1.0).pressed == frozenset(), "it asks anew"
        passes(2.0 * NOTICE_SECONDS + 2.0, ids.MENU)
        assert visit.heard(ESCAPE, time=2.0 * NOTICE_SECONDS + 2.0).pressed == frozenset({visitor.CLOSE_KEY})
        assert visit.state.notice is None
