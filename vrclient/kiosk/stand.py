"""The stand: the supervisor, the sessions and the hours together, as `Stand` for every mouth (commands.py). `run` is the
process's main loop.

Mouths ask from threads of their own: what they know is the last status, which is a value; what they want done waits for the next
tick."""

import datetime
import logging
import queue
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path
from zoneinfo import ZoneInfo

from vrclient import __version__, ending
from vrclient.kiosk import flow
from vrclient.kiosk.commands import Command, Reply
from vrclient.kiosk.flow import Flow, Presence, Step
from vrclient.kiosk.hours import is_open, next_opening
from vrclient.kiosk.operator import Operator
from vrclient.kiosk.settings import KioskSettings
from vrclient.kiosk.showcases import PlaylistEntry
from vrclient.kiosk.status import Fault, Picture, SessionState, Status, Words
from vrclient.kiosk.supervisor import Supervisor, Wanted
from vrclient.kiosk.visits import VisitLog
from vrclient.link.messages import Lock, Notice, Order, SetLanguage, SetVolume, StartOver

log = logging.getLogger(__name__)

TICK_S = 0.1
ANSWER_S = 1.0
MESSAGE_AGAIN_S = 5.0
"""A notice is on the glass for a few seconds; what the staff has written is said again."""
DONE = Words(zh="好的", en="done")
CLOSED = {"zh": "现在不开放", "en": "Closed"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class SupervisedStand:
    """`folder`: of what is kept (visits, faults, stills). Made, ticked and closed by one thread; `status`, `picture` and `do` may
    be called by any."""

    def __init__(
        self,
        settings: KioskSettings,
        playlist: tuple[PlaylistEntry, ...],
        folder: Path,
        /,
        *,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
        stills: bool = True,
    ) -> None:
        self._settings, self._playlist, self._now = settings, playlist, now
        self.supervisor = Supervisor(settings, playlist, folder, stills=stills)
        self._rules, self._hours = settings.rules(), settings.hours.hours()
        self._zone = ZoneInfo(settings.time_zone) if settings.time_zone else None
        self._flow = Flow(since=time.monotonic())
        self._visits = VisitLog(folder / "visits", settings.stand)
        self._operator = Operator(settings.page)
        self._asked: queue.SimpleQueue[tuple[Command, Future[Reply]]] = queue.SimpleQueue()
        self._boot, self._sequence = uuid.uuid4().hex[:12], 0
        self._showcase = playlist[0]
        self._language, self._volume = settings.language, settings.volume
        self._message: tuple[str, float, float] | None = None
        self._locked = True
        self.lines: deque[str] = deque(maxlen=1000)
        """The log, for whoever asks for it."""
        self.more_faults: Callable[[], tuple[Fault, ...]] = tuple
        """What is wrong besides: with what talks with the stand (mouths.py)."""
        self._main = threading.current_thread()
        self._status = self._made(time.monotonic())

    # For the mouths

    def status(self) -> Status:
        """As of the last tick."""
        return self._status

    def picture(self) -> Picture | None:
        """What is on the glass."""
        return self.supervisor.glass.picture()

    def do(self, command: Command, /) -> Reply:
        """Waits for the next tick, and for what is being carried out. What was not begun in time is not done at all."""
        if threading.current_thread() is self._main:
            return self._done(command)
        answer: Future[Reply] = Future()
        self._asked.put((command, answer))
        try:
            return answer.result(ANSWER_S)
        except NotInTime:
            if answer.cancel():  # whoever tries again does not have it done twice
                return Reply(False, Words(zh="监督程序正忙，请再试一次", en="the supervisor is busy; try again"))
            return answer.result()

    # For the main loop

    def run(self, beat: Callable[[], None] = lambda: None, /) -> None:
        """Until the process is to end. `beat` is called after every tick: systemd's watchdog."""
        self.supervisor.begin()
        try:
            while not ending.asked():
                began = time.monotonic()
                self.tick()
                beat()
                time.sleep(max(0.0, began + TICK_S - time.monotonic()))
        finally:
            self.close()

    def tick(self) -> None:
        """Everything that is due."""
        now, local = time.monotonic(), self._local()
        while not self._asked.empty():
            command, answer = self._asked.get()
            if answer.set_running_or_notify_cancel():
                answer.set_result(self._done(command))
        seen = self._seen(local)
        self._take(flow.looked(self._flow, seen, now, self._rules), local)
        shut = self._flow.state is SessionState.CLOSED
        opens = next_opening(self._hours, local) if shut else None
        text = _opens(opens) if opens is not None else {}
        self.supervisor.wanted = Wanted(
            self._showcase, shut=shut, title=tuple(CLOSED.items()) if shut else (), text=tuple(text.items())
        )
        self._attend(now)
        self._say_again(now)
        self.supervisor.tick()
        status = self._made(now)
        if status.model_copy(update=_MOVING) != self._status.model_copy(update=_MOVING):
            self._sequence += 1
        self._status = status.model_copy(update={"sequence": self._sequence})

    def close(self) -> None:
        """Ends what was started."""
        self.supervisor.close()

    def _local(self) -> datetime.datetime:
        return self._now().astimezone(self._zone)

    def _seen(self, local: datetime.datetime) -> Presence:
        supervisor = self.supervisor
        report = supervisor.report()
        opened = is_open(self._hours, local)
        if report is None or not supervisor.runs:
            return Presence(runs=False, is_open=opened)
        visited = report.page in ("visit", "asked") and not report.attract
        return Presence(True, visited or report.worn, report.worn, report.attract, report.visits, report.empty_s, opened)

    def _take(self, step: Step, local: datetime.datetime) -> None:
        """What a step of the flow leads to."""
        before, self._flow = self._flow, step.flow
        if step.ended is not None:
            headset = before.headset
            self._visits.add(local, self._showcase.name, step.lasted, step.ended, headset=headset)
        for order in step.orders:
            self.supervisor.order(order)
            if isinstance(order, StartOver):
                self._language, self._volume = self._settings.language, self._settings.volume
        if before.state is not self._flow.state:
            log.info("the stand is at '%s'", self._flow.state)
            if self._flow.state in (SessionState.ATTRACT, SessionState.CLEAN):
                self._showcase = self._playlist[0] if before.state.visited else self._showcase
                self._message = None if before.state.visited else self._message

    def _attend(self, now: float) -> None:
        """The operator's gesture, and the PIN."""
        report = self.supervisor.report()
        asked = self._operator.looked(report.gestures if report is not None else 0, self.supervisor.cover_report(), now)
        if asked.pad != self.supervisor.pad:
            self.supervisor.pad = asked.pad
        for order in asked.orders:
            self.supervisor.order(order)
        if asked.entered:
            self._locked = False

    def _say_again(self, now: float) -> None:
        if self._message is None:
            return
        text, until, due = self._message
        if now >= until:
            self._message = None
        elif now >= due:
            self._message = text, until, now + MESSAGE_AGAIN_S
            self.supervisor.order(Notice(dict.fromkeys(self._languages() or ("zh", "en"), text)))

    def _languages(self) -> tuple[str, ...]:
        entry = self.supervisor.shown or self._showcase
        return entry.languages

    # Commands

    def _done(self, command: Command) -> Reply:
        try:
            return _DO[command.name](self, command.arguments)
        except Exception:
            log.exception("the command '%s' failed", command.name)
            return Reply(False, Words(zh="命令执行失败，见日志", en="the command failed; see the log"))

    def _start(self, arguments: Mapping[str, object]) -> Reply:
        if self._flow.state is SessionState.CLOSED:
            return Reply(False, Words(zh="现在不开放", en="the stand is closed now"))
        language = arguments.get("language")
        if (name := arguments.get("showcase")) is not None:
            found = next((one for one in self._playlist if one.name == name), None)
            if found is None:
                names = ", ".join(one.name for one in self._playlist)
                return Reply(
                    False,
                    Words(zh=f"播放列表中没有“{name}”；有：{names}", en=f"'{name}' is not in the playlist; there are: {names}"),
                )
            self._showcase = found
        if language is not None and language not in self._showcase.languages:
            return _no_such_language(str(language), self._showcase.languages)
        step = flow.started(
            self._flow, self._seen(self._local()), time.monotonic(), self._rules, language=str(language) if language else None
        )
        self._take(step, self._local())
        self._language = str(language) if language else self._settings.language
        return Reply(True, DONE)

    def _stop(self, _: Mapping[str, object]) -> Reply:
        self._take(flow.stopped(self._flow, time.monotonic(), self._rules), self._local())
        return Reply(True, DONE)

    def _extend(self, arguments: Mapping[str, object]) -> Reply:
        if self._flow.until is None:
            return Reply(False, Words(zh="现在没有计时的参观", en="no visit is being timed now"))
        self._flow = flow.extended(self._flow, 60.0 * int(str(arguments["minutes"])), time.monotonic())
        return Reply(True, DONE)

    def _next(self, _: Mapping[str, object]) -> Reply:
        if len(self._playlist) < 2:
            return Reply(False, Words(zh="播放列表中只有一个展项", en="there is only one showcase in the playlist"))
        at = next((number for number, one in enumerate(self._playlist) if one is self._showcase), 0)
        self._showcase = self._playlist[(at + 1) % len(self._playlist)]
        return Reply(True, Words(zh=f"换到 {self._showcase.name}", en=f"{self._showcase.name} is next"))

    def _clean(self, arguments: Mapping[str, object]) -> Reply:
        done = bool(arguments.get("done"))
        self._take(flow.cleaned(self._flow, self._seen(self._local()), time.monotonic(), self._rules, done=done), self._local())
        return Reply(True, DONE)

    def _set_language(self, arguments: Mapping[str, object]) -> Reply:
        language = str(arguments["language"])
        if language not in self._languages():
            return _no_such_language(language, self._languages())
        self._language = language
        return self._ordered(SetLanguage(language))

    def _set_volume(self, arguments: Mapping[str, object]) -> Reply:
        self._volume = int(str(arguments["percent"])) / 100.0
        return self._ordered(SetVolume(self._volume))

    def _say(self, arguments: Mapping[str, object]) -> Reply:
        text = str(arguments["text"])
        now = time.monotonic()
        self._message = (text, now + float(str(arguments["seconds"])), now) if text else None
        return Reply(True, DONE)

    def _restart(self, _: Mapping[str, object]) -> Reply:
        self.supervisor.restart()
        return Reply(True, DONE)

    def _lock(self, _: Mapping[str, object]) -> Reply:
        self._locked = True
        return self._ordered(Lock(True))

    def _unlock(self, _: Mapping[str, object]) -> Reply:
        self._locked = False
        return self._ordered(Lock(False))

    def _logs(self, arguments: Mapping[str, object]) -> Reply:
        count = int(str(arguments["lines"]))
        return Reply(True, DONE, list(self.lines)[-count:])

    def _unknown(self, _: Mapping[str, object]) -> Reply:
        return Reply(False, Words(zh="这个版本还不能这样做", en="this version cannot do that yet"))

    def _ordered(self, order: Order) -> Reply:
        if self.supervisor.client is None:
            return Reply(False, Words(zh="展示程序现在没有运行", en="the client does not run now"))
        self.supervisor.order(order)
        return Reply(True, DONE)

    # Status

    def _made(self, now: float) -> Status:
        supervisor, settings, local = self.supervisor, self._settings, self._local()
        report, pulse, seen = supervisor.report(), supervisor.pulse(), supervisor.glass.seen()
        until = self._flow.until
        closed = self._flow.state is SessionState.CLOSED
        return Status(
            stand=settings.stand,
            title=settings.title.words(),
            version=__version__,
            boot=self._boot,
            sequence=self._sequence,
            at=self._now(),
            state=self._flow.state,
            left_s=max(0.0, until - now) if until is not None else None,
            rung=supervisor.rung,
            faults=(*supervisor.faults(), *self.more_faults()),
            frame_age_s=max(0.0, now - pulse.shown_at) if pulse.shown_at else None,
            content_age_s=max(0.0, now - seen.changed_at) if seen is not None else None,
            showcase=supervisor.shown.name[:200] if supervisor.client is not None and supervisor.shown is not None else None,
            playlist=tuple(one.listed() for one in self._playlist),
            language=report.language if report is not None and report.language else self._language,
            languages=self._languages(),
            volume_percent=round(100.0 * (report.volume if report is not None and report.page else self._volume)),
            message=self._message[0] if self._message is not None else None,
            locked=self._locked,
            headset_worn=report.worn if report is not None and report.display == "headset" else None,
            visits=self._visits.counted(local.date()),
            opens_at=next_opening(self._hours, local) if closed else None,
        )


_MOVING = {
    "sequence": 0,
    "at": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
    "left_s": None,
    "frame_age_s": None,
    "content_age_s": None,
}
"""What changes all the time, and is no change."""

_DO: dict[str, Callable[[SupervisedStand, Mapping[str, object]], Reply]] = {
    "start": SupervisedStand._start,
    "stop": SupervisedStand._stop,
    "extend": SupervisedStand._extend,
    "next": SupervisedStand._next,
    "clean": SupervisedStand._clean,
    "language": SupervisedStand._set_language,
    "volume": SupervisedStand._set_volume,
    "message": SupervisedStand._say,
    "restart": SupervisedStand._restart,
    "reload": SupervisedStand._restart,
    "rollback": SupervisedStand._unknown,
    "lock": SupervisedStand._lock,
    "unlock": SupervisedStand._unlock,
    "logs": SupervisedStand._logs,
}


def _no_such_language(language: str, known: tuple[str, ...]) -> Reply:
    names = ", ".join(known)
    return Reply(
        False,
        Words(zh=f"展项没有“{language}”的文字；有：{names}", en=f"the showcase has no texts in '{language}'; it has: {names}"),
    )


def _opens(at: datetime.datetime) -> dict[str, str]:
    """When it opens, for whoever stands before it."""
    zh = f"{at.month} 月 {at.day} 日（{WEEKDAYS[at.weekday()]}）{at:%H:%M} 开放"
    return {"zh": zh, "en": f"Opens on {at:%A, %d %B, %H:%M}"}
