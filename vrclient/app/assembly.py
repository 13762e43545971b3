"""A session put together: the one place where a run's place, display, visit and recorder meet. For the command line,
benchmarks and tests alike."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vrclient.app.clock import wall_seconds
from vrclient.app.opening import Opened
from vrclient.app.session import Session
from vrclient.app.settings import QualitySettings, VisitSettings, client_settings
from vrclient.app.visit_controller import VisitController
from vrclient.display.engine import EngineDisplay
from vrclient.interaction.recording import Recorder
from vrclient.sound.output import SoundOutput


@dataclass(frozen=True, slots=True)
class VisitOptions:
    """What there is to do and to press.

    language   in which the visit begins; None: the configured one
    sound      whether it is heard, where the settings want that
    patient    every picture of a panel is waited for, as stills and tests need
    settings   in place of the configured ones
    clock      seconds of the wall's, by which a room is found empty
    """

    language: str | None = None
    sound: bool = False
    patient: bool = False
    settings: VisitSettings | None = None
    clock: Callable[[], float] = wall_seconds


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a session is for.

    visit            None: the place by itself, for pictures and figures
    expects_visitor  somebody will point and walk: what that needs is made from the start
    records          inputs are kept, for a file (interaction/recording.py)
    picture_folder   where a visitor's pictures go
    progress         is called often while the place is uploaded
    """

    visit: VisitOptions | None = None
    expects_visitor: bool = False
    records: bool = False
    picture_folder: Path = Path()
    progress: Callable[[], None] | None = None


PLACE_ALONE = SessionOptions()


def open_session(
    opened: Opened, display: EngineDisplay, settings: QualitySettings, options: SessionOptions = PLACE_ALONE, /
) -> Session:
    """The session of an open showcase on a display, which is the session's to close once this returns."""
    session = Session(opened, display, settings, picture_folder=options.picture_folder, progress=options.progress)
    if options.expects_visitor:
        session.place.expect_visitor()
    if options.visit is not None:
        session.visit_controller = _controller(session, options.visit)
    if options.records:
        session.recorder = Recorder()
    return session


def _controller(session: Session, options: VisitOptions) -> VisitController:
    wanted = options.settings or client_settings().visit
    if options.language is not None:
        wanted = wanted.model_copy(update={"language": options.language})
    sound = SoundOutput.open() if options.sound and wanted.sound else SoundOutput.silent("switched off")
    return VisitController(session.place, wanted, session.comfort, sound, patient=options.patient, clock=options.clock)
