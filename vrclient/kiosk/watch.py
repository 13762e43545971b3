"""Whether the client is well, and what follows when it is not. Pure: what was seen goes in, a fault comes out; faults lead down a
ladder, and a picture that stays leads up again.

A living process is no proof: what counts is that frames end, and that what stands on the glass is not black."""

from dataclasses import dataclass, replace

from vrclient.kiosk.status import Rung
from vrclient.link.board import Pulse
from vrclient.link.messages import ClientReport

FROZEN_S = 4.0
"""Seconds without a frame after which a client counts as frozen."""
START_S = 45.0
"""The same before its first frames, when shaders are compiled."""
FIRST_FRAMES = 3
BLACK_S, BLACK = 3.0, 10
"""Seconds that the brightest of what is looked at, of 255, may be darker than that."""
STEADY_S = 60.0
"""Seconds without a fault after which the ones before are forgotten."""
WRONG_STATUSES = (1, 2)
"""Exit statuses of a client whose showcase or settings are wrong (cli/exits.py)."""
NO_DISPLAY_STATUS = 3
WAITS_S = (0.0, 0.0, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds before the next start, after so many faults in a row."""
DOWN_AFTER, MESSAGE_AFTER = 3, 6
"""Faults in a row: on each rung of the client; until nothing but a plain message is shown, where there is no film."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen at `now` (time.monotonic()).

    exit_status  None while the client's process lives
    awake_s      since when the supervisor itself has not been late: a machine that slept or was overloaded proves nothing
    brightest    0..255, of what stands on the glass; None where nobody knows
    memory_most  bytes that the client may take; 0: any
    """

    now: float
    started_at: float
    pulse: Pulse
    report: ClientReport | None
    exit_status: int | None = None
    awake_s: float = 1e9
    brightest: int | None = None
    memory_most: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Since when the glass is black; None: it is not."""

    black_since: float | None = None


def looked(before: Watch, sight: Sight, /) -> tuple[Watch, str | None]:
    """What the next look needs to know, and the code of the fault, if any."""
    pulse, now = sight.pulse, sight.now
    if sight.exit_status is not None:
        return Watch(), _ended(sight)
    is_up = pulse.frames > FIRST_FRAMES
    moved = max(pulse.shown_at if is_up else pulse.alive_at, sight.started_at)
    patience = FROZEN_S if is_up else START_S
    if min(now - moved, sight.awake_s) > patience:
        return Watch(), "client-frozen" if is_up else "client-stuck"
    after = before
    if not is_up or sight.brightest is None or sight.brightest >= BLACK:
        after = Watch()
    elif before.black_since is None:
        after = Watch(now)
    elif min(now - before.black_since, sight.awake_s) > BLACK_S:
        return Watch(), "client-black"
    report = sight.report
    if report is not None and sight.memory_most and report.memory > sight.memory_most:
        return after, "client-leaking"
    return after, None


def _ended(sight: Sight) -> str | None:
    if sight.exit_status in WRONG_STATUSES and sight.pulse.frames == 0:
        return "showcase-wrong"
    if sight.exit_status == NO_DISPLAY_STATUS:
        return "no-display"
    return "client-crashed"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where the client stands.

    rungs     of the client, the best first: headset and window, or window alone
    rung      which of them is tried; `faults`: in a row; `next_at`: not started before
    """

    rungs: tuple[Rung, ...] = (Rung.WINDOW,)
    rung: int = 0
    faults: int = 0
    next_at: float = 0.0
    last_fault: float = -1e9

    @property
    def tried(self) -> Rung:
        """The client's rung."""
        return self.rungs[self.rung]

    def failed(self, now: float, /) -> "Ladder":
        """After a fault at `now`."""
        faults = self.faults + 1
        rung = min(faults // DOWN_AFTER, len(self.rungs) - 1)
        next_at = now + WAITS_S[min(faults - 1, len(WAITS_S) - 1)]
        return replace(self, rung=rung, faults=faults, next_at=next_at, last_fault=now)

    def stands(self, now: float, /) -> "Ladder":
        """While the client's picture stands."""
        return replace(self, rung=0, faults=0) if self.faults and now - self.last_fault > STEADY_S else self

    def below(self, *, film: bool, still: bool) -> Rung:
        """What is shown while the client is not."""
        if self.faults >= MESSAGE_AFTER and not film:
            return Rung.MESSAGE
        if self.faults >= DOWN_AFTER * len(self.rungs) and film:
            return Rung.FILM
        return Rung.STILL if still else Rung.MESSAGE
