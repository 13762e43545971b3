"""Carries out commands: the only stage of a frame that changes what exists."""

import datetime
import logging
import time
from collections.abc import Iterable
from pathlib import Path

from vrclient.app.moments import Moment
from vrclient.app.session import Session
from vrclient.frame.commands import (
    BeginAnew,
    CancelLoading,
    ChangeComfort,
    Cross,
    EnterPlace,
    GoBack,
    GoToViewpoint,
    Leave,
    LoadShowcase,
    Recentre,
    ShowDay,
    ShowLayers,
    ShowMoment,
    ShowNotice,
    TakePicture,
    Teleport,
    ToggleFullscreen,
    ToggleStatistics,
    Travel,
    TurnExhibit,
)
from vrclient.modes.panels.messages import messages
from vrclient.modes.visitor import Asked
from vrclient.renderer.targets import save_png

log = logging.getLogger(__name__)

PICTURE_SECONDS, PICTURES_MOST = 1.0, 100
"""Between two pictures, at least; in one run, at most."""


def apply(session: Session, commands: Iterable[Asked], /) -> None:
    """Each command in turn. A command that cannot be carried out is logged and changes nothing."""
    for command in commands:
        match command:
            case Leave():
                session.visit.leaving = True
            case TakePicture():
                _take_picture(session)
            case ToggleStatistics():
                session.visit.statistics = not session.visit.statistics
                if not session.visit.statistics:
                    session.display.show_overlay(None)
            case ToggleFullscreen():
                session.visit.fullscreen_toggled ^= True
                session.display.toggle_fullscreen()
            case GoToViewpoint(number):
                if number < len(session.place.viewpoints):
                    session.go_to(session.place.viewpoints[number])
            case Travel(position) if not session.may_be_at(position):
                pass
            case Travel() | Teleport() | Recentre() as movement:
                session.place.interaction.ask(movement, time=session.visit.seconds)
            case ShowMoment(date, time):
                session.place.show_soon(Moment(date, time))
            case ShowDay(date):
                session.place.show_day(date)
            case ShowLayers(layers):
                session.show_layers(layers)
            case BeginAnew():
                session.begin_anew()
            case Cross() | GoBack() as way:
                session.visit_controller.ask(way)
            case LoadShowcase(showcase):
                session.begin_loading(showcase)
            case CancelLoading():
                session.cancel_loading()
            case EnterPlace(view, back):
                session.enter_loaded(view, back=back)
            case ShowNotice(text):
                session.visit_controller.notice(dict(text), time=session.visit.seconds)
            case TurnExhibit(key, angle):
                session.place.turn(key, angle)
            case ChangeComfort() as change:
                session.change_comfort(change)


def _take_picture(session: Session) -> None:
    """Into a file; not more often than a person looks, and not without end: anybody may stand at the keyboard."""
    now, visit = time.monotonic(), session.visit
    if now - visit.pictured_at < PICTURE_SECONDS:
        return
    if len(visit.pictures) >= PICTURES_MOST:
        session.visit_controller.notice(messages("no_more_pictures", PICTURES_MOST), time=visit.seconds)
        return
    visit.pictured_at = now
    stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    path = free_path(session.picture_folder / f"{session.place.name}-{stamp}.png")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_png(session.display.acquire_target().read(), path)
    except OSError as error:
        log.warning("the picture %s cannot be written: %s", path, error.strerror or error)
        return
    session.visit.pictures.append(path)
    log.info("picture: %s", path)


def free_path(path: Path, /) -> Path:
    """The path itself, or with -2, -3 ... where files of that name exist, so that nothing is overwritten."""
    if not path.exists():
        return path
    number = 2
    while (other := path.with_stem(f"{path.stem}-{number}")).exists():
        number += 1
    return other
