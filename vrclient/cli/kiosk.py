"""What `vrclient kiosk` does: reads the stand's settings, examines the machine, and keeps the stand going."""

import logging
from collections.abc import Callable
from pathlib import Path

import platformdirs

from vrclient import ending
from vrclient.cli.exits import NOTHING_TO_SHOW_ON, PROBLEMS, WRONG_USAGE
from vrclient.cli.terminal import Terminal
from vrclient.kiosk.checks import Check, checked
from vrclient.kiosk.control import ControlServer, KioskRuns, NoKiosk, UnsafeFolder, ask
from vrclient.kiosk.extra import missing
from vrclient.kiosk.mouths import Mouths
from vrclient.kiosk.notify import ready, still_alive
from vrclient.kiosk.settings import KioskSettings, read_kiosk
from vrclient.kiosk.showcases import PlaylistEntry, entry
from vrclient.kiosk.stand import SupervisedStand
from vrclient.showcase.config_layers import layers
from vrclient.showcase.diagnostics import printable
from vrclient.showcase.find import NoSuchShowcase

KIOSK = "kiosk.yaml"
HOME = "fengxian"

MARKS = {"ok": "green", "note": "yellow", "wrong": "red"}


def kiosk(names: list[str], *, config: Path | None, check: bool, stills: bool = True) -> int:
    """Exit status. Raises BadSettings, NoSuchShowcase, OSError."""
    settings = _settings(config)
    texts = tuple(names) or settings.showcases or (HOME,)
    folder = state_folder(settings)
    if check:
        return _check(settings, texts, folder)
    playlist = _playlist(texts)
    return _run(settings, playlist, folder, stills=stills)


def state_folder(settings: KioskSettings, /) -> Path:
    """Where visits, faults and stills are kept."""
    return platformdirs.user_state_path("vrclient", appauthor=False) / settings.stand


def installation(names: list[str], *, config: Path | None) -> int:
    """Exit status of `vrclient kiosk install` and `uninstall`. What is installed is known to be right."""
    from vrclient.kiosk.install import install, uninstall

    verb, *showcases = names
    if verb == "install":
        _settings(config)
        if showcases:
            _playlist(tuple(showcases))
        arguments = [str(entry(one).path) if Path(one).exists() else one for one in showcases]
        if config is not None:
            arguments += ["--config", str(config.absolute())]
    done = install(arguments) if verb == "install" else [*uninstall(), *_forgotten(_settings(config))]
    for line in done:
        Terminal().print(printable(line), markup=False)
    return 0


def _forgotten(settings: KioskSettings) -> list[str]:
    """What a broker has kept of the stand is taken away; what is to be said."""
    if settings.broker.host is None or missing() is not None:
        return []
    try:
        ask("status", {})
    except NoKiosk:
        from vrclient.kiosk.mqtt.mouth import decommission

        if decommission(settings.broker, settings.stand):
            return [f"the broker {settings.broker.host} keeps nothing of '{settings.stand}' any more"]
        return [f"the broker {settings.broker.host} is not reached: run this again when it is, so that it forgets the stand"]
    return ["the kiosk still runs: end it and run this again, so that the broker forgets the stand"]


def _settings(config: Path | None) -> KioskSettings:
    if config is not None:
        return read_kiosk(config / KIOSK if config.is_dir() else config)
    found = [one.folder / KIOSK for one in layers() if one.folder is not None and (one.folder / KIOSK).is_file()]
    return read_kiosk(found[-1]) if found else KioskSettings()


def _playlist(texts: tuple[str, ...]) -> tuple[PlaylistEntry, ...]:
    """One that is not there is left out, and said to be, as long as another one is."""
    found, problems = [], []
    for text in texts:
        try:
            found.append(entry(text))
        except NoSuchShowcase as error:
            problems.append(error)
    if not found:
        raise problems[0]
    for problem in problems:
        Terminal(stderr=True).print(f"vrclient: {problem}; it is left out")
    return tuple(found)


def _check(settings: KioskSettings, texts: tuple[str, ...], folder: Path) -> int:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("", "", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    found: list[Check] = []
    for one in checked(settings, texts, folder):
        found.append(one)
        table.add_row(one.subject, Text(one.state, MARKS[one.state]), Text(printable(one.found)), Text(printable(one.help)))
    Terminal().print(table)
    wrong = sum(one.state == "wrong" for one in found)
    Terminal().print(f"{wrong} to be mended before the stand can open" if wrong else "the stand can open")
    return NOTHING_TO_SHOW_ON if wrong else 0


def _run(settings: KioskSettings, playlist: tuple[PlaylistEntry, ...], folder: Path, *, stills: bool) -> int:
    console, notes = Terminal(), Terminal(stderr=True)
    if problem := missing():
        notes.print(f"vrclient: {problem}", markup=False)
        return WRONG_USAGE
    stand = SupervisedStand(settings, playlist, folder, stills=stills)
    _log(stand)
    control = ControlServer(stand)
    try:
        control.start()
    except (KioskRuns, UnsafeFolder) as error:
        notes.print(f"vrclient: {error}")
        return PROBLEMS
    console.print(f"the stand '{settings.stand}' runs ({', '.join(one.name for one in playlist)}); Ctrl-C ends it")
    closing: list[Callable[[], None]] = [control.close]
    try:
        with ending.noted():
            mouths = Mouths(stand, settings.page, settings.broker)
            mouths.start()
            closing.append(mouths.close)
            stand.more_faults = mouths.faults
            if mouths.url is not None:
                console.print(f"operator's page: {mouths.url}")
            ready()
            stand.run(still_alive)
    finally:
        for close in reversed(closing):
            close()
    return 0


class _Kept(logging.Handler):
    """The last lines of the log, for `vrclient ctl logs`."""

    def __init__(self, stand: SupervisedStand) -> None:
        super().__init__(logging.INFO)
        self._stand = stand
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._stand.lines.append(printable(self.format(record)))


def _log(stand: SupervisedStand) -> None:
    from vrclient.cli.console import Lines

    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler, _Kept(stand)], force=True)
    for name in ("uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
