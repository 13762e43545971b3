"""Who has given the PIN: sessions, in memory alone. A new start of the supervisor asks for it again."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from vrclient.kiosk.commands import Who

MAX_SESSIONS = 32
IDLE_S = 4 * 3600.0
LONGEST_S = 24 * 3600.0


@dataclass(slots=True)
class Session:
    """`token` is what a page must send with every command, besides its cookie."""

    who: Who
    token: str
    began: float
    used: float


class Sessions:
    """By the hash of the cookie. A session ends after IDLE_S without any use, and after LONGEST_S; the one that was used least
    recently makes room."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def begin(self, who: Who, /) -> tuple[str, Session]:
        """A cookie and its session."""
        now = self._clock()
        self._forget(now)
        if len(self._sessions) >= MAX_SESSIONS:
            del self._sessions[min(self._sessions, key=lambda one: self._sessions[one].used)]
        cookie = secrets.token_urlsafe(32)
        session = self._sessions[_hash(cookie)] = Session(who, secrets.token_urlsafe(32), now, now)
        return cookie, session

    def of(self, cookie: str | None, /) -> Session | None:
        """The session of that cookie, if there is one."""
        now = self._clock()
        self._forget(now)
        session = self._sessions.get(_hash(cookie)) if cookie else None
        if session is not None:
            session.used = now
        return session

    def end(self, cookie: str | None, /) -> None:
        """The session of that cookie is over."""
        if cookie:
            self._sessions.pop(_hash(cookie), None)

    def _forget(self, now: float) -> None:
        over = [one for one, found in self._sessions.items() if now - found.used > IDLE_S or now - found.began > LONGEST_S]
        for one in over:
            del self._sessions[one]


def is_token(session: Session, given: str | None, /) -> bool:
    """Whether that is the session's token."""
    return given is not None and hmac.compare_digest(session.token.encode(), given.encode("utf-8", "replace"))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
