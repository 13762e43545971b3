"""Keeps a picture on the glass: starts the client and the cover, watches them, ends what is not well, and starts it again, a rung
lower where that does not help. Which visit is going on is stand.py's.

`tick` is called some ten times a second, always by the same thread."""

import datetime
import logging
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from vrclient.kiosk import faults
from vrclient.kiosk.glass import Glass
from vrclient.kiosk.monitors import Monitor, chosen, monitors
from vrclient.kiosk.processes import CLIENT, COVER, Child, Left, end_group
from vrclient.kiosk.settings import KioskSettings
from vrclient.kiosk.showcases import PlaylistEntry, fingerprint
from vrclient.kiosk.status import Fault, Rung
from vrclient.kiosk.stills import Stills
from vrclient.kiosk.watch import FIRST_FRAMES, MESSAGE_AFTER, Ladder, Sight, Watch, looked
from vrclient.link.board import Pulse
from vrclient.link.messages import ClientReport, CoverReport, Order, ShowCover

log = logging.getLogger(__name__)

LATE_S = 1.0
"""Between two ticks: more than this and it is the machine that was late, or asleep."""
COVER_WAITS_S = (0.0, 0.5, 2.0, 5.0, 15.0)
COVER_FROZEN_S = 10.0
CLEAR_AFTER_S = 3.0
"""Seconds of a picture that stands, after which a fault is over."""
MOMENT = {"zh": "马上就好", "en": "Just a moment"}
OUT_OF_ORDER = {"zh": "暂停服务", "en": "Out of order"}
ASK_STAFF = {"zh": "请联系工作人员。", "en": "Please ask the staff."}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be on the glass: a visit of `showcase`, or, where `shut`, the cover with a title and a text."""

    showcase: PlaylistEntry
    shut: bool = False
    title: tuple[tuple[str, str], ...] = ()
    text: tuple[tuple[str, str], ...] = ()


class Supervisor:
    """`folder`: for stills, faults and what the next supervisor needs; it may be full or not writable. `playlist`: the home
    showcase first."""

    def __init__(
        self, settings: KioskSettings, playlist: tuple[PlaylistEntry, ...], folder: Path, /, *, stills: bool = True
    ) -> None:
        self._settings, self._playlist, self._folder = settings, playlist, folder
        self.wanted = Wanted(playlist[0])
        self.shown: PlaylistEntry | None = None
        """The showcase of the client that runs."""
        self.client: Child | None = None
        self.cover: Child | None = None
        self.monitor: Monitor | None = None
        self.glass = Glass(None)
        self.pad: ShowCover | None = None
        """What the cover asks the staff, above everything."""
        rungs = (Rung.HEADSET, Rung.WINDOW) if settings.display == "auto" else (Rung.WINDOW,)
        self.ladder = Ladder(rungs)
        self._watch = Watch()
        self._faults: dict[str, Fault] = {}
        self._raised_at: dict[str, float] = {}
        """Of each its time.monotonic(): what it says of when is the wall's, which may be set."""
        self._wrong: dict[Path, tuple[int, int]] = {}
        self._good: PlaylistEntry | None = None
        self._left = Left(folder / "processes.json")
        self._stills = Stills(folder / "stills", settings.quality if stills else None)
        self._cover_faults, self._cover_at = 0, 0.0
        self._covering = ShowCover()
        self._ticked_at = self._awake_at = time.monotonic()
        self._desktop: tuple[int, int] | None = None
        self._earlier: tuple[int, ...] = ()
        """What an earlier run has left: its cover is to be seen until ours is."""
        self.recoveries: list[tuple[str, float, float | None]] = []
        """Of each fault its code, when it was noticed, and when the client's picture was back (time.monotonic())."""

    def begin(self) -> None:
        """Ends what the last run has left, and looks at the glass."""
        self._earlier = self._left.found()
        self.glass.start()

    # What is known

    def report(self) -> ClientReport | None:
        """The client's last one."""
        return self.client.board.last_report(ClientReport) if self.client is not None else None

    def pulse(self) -> Pulse:
        return self.client.board.pulse() if self.client is not None else Pulse()

    def cover_report(self) -> CoverReport:
        return (self.cover.board.last_report(CoverReport) if self.cover is not None else None) or CoverReport()

    @property
    def runs(self) -> bool:
        """Whether the client's picture stands."""
        return self.client is not None and self.pulse().frames > FIRST_FRAMES

    @property
    def rung(self) -> Rung:
        """What is on the glass."""
        if self.runs:
            report = self.report()
            return Rung.HEADSET if report is not None and report.display == "headset" else Rung.WINDOW
        return self.ladder.below(film=self._settings.film is not None, still=self._still() is not None)

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong now, the newest last."""
        return tuple(self._faults.values())

    def order(self, order: Order, /) -> None:
        """For the client; where there is none, it has nothing to begin anew."""
        if self.client is not None:
            self.client.order(order)

    def restart(self) -> None:
        """The client is ended, and started again at once: what was wrong is forgotten."""
        self._end_client()
        self._wrong.clear()
        self.ladder = replace(self.ladder, faults=0, rung=0, next_at=0.0)

    # What is done

    def tick(self) -> None:
        """Looks at everything once, and does what is due."""
        now = time.monotonic()
        if now - self._ticked_at > LATE_S:
            self._awake_at = now
        self._ticked_at = now
        self._find_monitor()
        self._keep_cover(now)
        self._keep_client(now)
        self._cover_up()
        if self.client is not None:
            report = self.report()
            self.client.tend(report.answered if report is not None else 0)
        if self.cover is not None:
            self.cover.tend(self.cover_report().showing)
        self._stills.tend(idle=self.runs and self.wanted.showcase is self.shown and self.report_is_idle())

    def report_is_idle(self) -> bool:
        """Whether nobody is there."""
        report = self.report()
        return report is not None and (report.attract or report.page == "first") and report.empty_s > 3.0

    def close(self) -> None:
        """Ends everything."""
        self.glass.close()
        self._stills.close()
        self._end_earlier()
        for child in (self.client, self.cover):
            if child is not None:
                child.end()
        self.client = self.cover = None
        self._left.write()

    def _find_monitor(self) -> None:
        """Where the glass is: asked again when the desktop has changed."""
        desktop = self.glass.desktop
        is_x = sys.platform not in ("win32", "darwin")
        if self.monitor is not None and (desktop == self._desktop or (is_x and desktop is None)):
            if is_x and desktop is None:
                self._raise("no-display")
            else:
                self._faults.pop("no-display", None)
            return
        if is_x and desktop is None:
            self._raise("no-display")
            return
        found = chosen(self._settings.monitor, monitors())
        self._desktop = desktop
        if found is None:
            self._raise("no-display")
            return
        self._faults.pop("no-display", None)
        if self.monitor is not None and found.place != self.monitor.place:
            log.warning("the monitor is now %s at %s", found.name, found.place)
            self._end_client()
            self._end_cover()
        self.monitor, self.glass.place = found, found.place

    def _keep_cover(self, now: float) -> None:
        if self.cover is not None:
            since = now - max(self.cover.board.pulse().shown_at, self.cover.started_at)
            frozen = min(since, now - self._awake_at) > COVER_FROZEN_S
            if self._earlier and self.cover.board.pulse().frames:
                self._end_earlier()
            if self.cover.exit_status() is None and not frozen:
                if self._cover_faults and now - self.cover.started_at > CLEAR_AFTER_S:
                    self._cover_faults = 0
                    self._faults.pop("cover-failed", None)
                return
            log.warning("the cover has %s: %s", "frozen" if frozen else "ended", " ".join(list(self.cover.lines)[-2:]))
            self._end_cover()
            self._cover_faults += 1
            self._cover_at = now + COVER_WAITS_S[min(self._cover_faults - 1, len(COVER_WAITS_S) - 1)]
            if self._cover_faults > 2:
                self._raise("cover-failed")
        if self.monitor is None or now < self._cover_at or "no-display" in self._faults:
            return
        start = {"place": self.monitor.place, "under": self.client is not None}
        try:
            self.cover = Child(COVER, start)
        except OSError as error:
            log.error("the cover does not start: %s", error)
            self._cover_at = now + COVER_WAITS_S[-1]
            return
        self._covering = ShowCover()
        self._left.write(self.client, self.cover)

    def _keep_client(self, now: float) -> None:
        if self.wanted.shut:
            self._end_client()
            return
        if self.client is None:
            if self.monitor is not None and now >= self.ladder.next_at and "no-display" not in self._faults:
                self._start_client(self.monitor)
            return
        if self.shown is not self.wanted.showcase and self._is_right(self.wanted.showcase):
            self._end_client()  # another showcase is wanted; the cover is seen until it is there
            return
        seen = self.glass.seen()
        sight = Sight(
            now,
            self.client.started_at,
            self.pulse(),
            self.report(),
            self.client.exit_status(),
            awake_s=now - self._awake_at,
            brightest=seen.brightest if seen is not None and self.pad is None else None,
            memory_most=_most_memory(self._settings.memory_mb),
        )
        if sight.exit_status == 0:  # the staff have left it, at its keyboard
            self._end_client()
            self.ladder = self.ladder.failed(now)
            return
        self._watch, code = looked(self._watch, sight)
        if code is not None:
            self._fail(code, now, sight)
        elif self.runs:
            self._well(now)

    def _start_client(self, monitor: Monitor) -> None:
        entry = self._choice()
        settings = self._settings
        start = {
            "showcase": str(entry.path),
            "display": "auto" if self.ladder.tried is Rung.HEADSET else "window",
            "place": monitor.place,
            "language": settings.language if settings.language in entry.languages else None,
            "quality": settings.quality,
            "visit": {"idle_s": settings.idle_s, "volume": settings.volume, "sound": settings.sound},
        }
        try:
            self.client = Child(CLIENT, start)
        except OSError as error:
            log.error("the client does not start: %s", error)
            self.ladder = self.ladder.failed(time.monotonic())
            return
        self.shown, self._watch = entry, Watch()
        self._left.write(self.client, self.cover)
        log.info("the client starts with '%s' (%s)", entry.name, self.ladder.tried)

    def _fail(self, code: str, now: float, sight: Sight) -> None:
        assert self.client is not None and self.shown is not None
        log.warning("%s: %s", code, faults.said_of(code)[0].en)
        self._raise(code)
        self.recoveries.append((code, now, None))
        del self.recoveries[:-200]
        report = sight.report
        known = {
            "showcase": self.shown.name, "rung": self.ladder.tried, "exit_status": sight.exit_status,
            "frames": sight.pulse.frames,
            "ran_s": round(now - sight.started_at, 1), "stage": sight.pulse.stage, "brightest": sight.brightest,
            "memory": report.memory if report is not None else None, "faults_in_a_row": self.ladder.faults + 1,
        }  # fmt: skip
        lines, entry = list(self.client.lines), self.shown
        self._end_client()
        if code == "showcase-wrong":
            self._wrong[entry.path] = fingerprint(entry.path)
        if code != "showcase-wrong" or self._choice() is entry:
            self.ladder = self.ladder.failed(now)
        faults.keep(self._folder / "faults", code, datetime.datetime.now().astimezone(), known, lines)

    def _well(self, now: float) -> None:
        """The client's picture stands."""
        self.ladder = self.ladder.stands(now)
        self._good = self.shown
        back = self.pulse().shown_at
        self.recoveries = [one if one[2] is not None else (one[0], one[1], back) for one in self.recoveries]
        for code in list(self._faults):
            is_over = code.startswith("client-") or (code == "showcase-wrong" and not self._wrong)
            if is_over and now - self._raised_at[code] > CLEAR_AFTER_S:
                log.info("%s is over", code)
                del self._faults[code]
        if self._wrong and self._is_right(self.wanted.showcase):
            self._wrong.pop(self.wanted.showcase.path, None)
        if self.shown is not None and self.monitor is not None:
            self._stills.want(self.shown, self.monitor.place[2:])

    def _choice(self) -> PlaylistEntry:
        """What is shown: what is wanted, else what was last shown well, else what there is."""
        order = [self.wanted.showcase, *([self._good] if self._good is not None else []), *self._playlist]
        return next((one for one in order if self._is_right(one)), self.wanted.showcase)

    def _is_right(self, entry: PlaylistEntry) -> bool:
        """False: it could not be shown, and has not changed since."""
        return entry.path not in self._wrong or self._wrong[entry.path] != fingerprint(entry.path)

    def _still(self) -> Path | None:
        entry = self.shown or self._good or self.wanted.showcase
        return self._stills.of(entry, self.monitor.place[2:]) if self.monitor is not None else None

    def _cover_up(self) -> None:
        """What is to be seen under the client, or in its place."""
        if self.cover is None:
            return
        still, film = self._still(), ""
        picture = str(still) if still is not None else ""
        title, text = self.wanted.showcase.title, MOMENT
        if self.wanted.shut:
            title, text = dict(self.wanted.title), dict(self.wanted.text)
        elif self.client is None or not self.runs:
            rung = self.rung
            film = self._settings.film or "" if rung is Rung.FILM else ""
            if film:
                title, text = {}, {}
            elif self.ladder.faults >= MESSAGE_AFTER:
                title, text = OUT_OF_ORDER, ASK_STAFF
        covering = self.pad or ShowCover(picture, film, dict(title), dict(text))
        if covering != self._covering:
            self._covering = covering
            self.cover.order(covering)

    def _end_earlier(self) -> None:
        if count := sum(map(end_group, self._earlier)):
            log.warning("%d processes that an earlier run had left were ended", count)
        self._earlier = ()

    def _end_client(self) -> None:
        if self.client is not None:
            self.client.end()
            self.client, self._watch = None, Watch()
            self._left.write(self.cover)

    def _end_cover(self) -> None:
        if self.cover is not None:
            self.cover.end()
            self.cover = None

    def _raise(self, code: str) -> None:
        if code not in self._faults:
            said, help = faults.said_of(code)
            self._raised_at[code] = time.monotonic()
            self._faults[code] = Fault(code=code, said=said, help=help, since=datetime.datetime.now(datetime.UTC))


def _most_memory(megabytes: int) -> int:
    """Bytes; 0 where nobody has said so and the system does not tell how much it has."""
    if megabytes or sys.platform == "win32":
        return megabytes * 2**20
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 4 // 5
