"""Who has given the PIN, in memory alone. A new start of the supervisor asks for it again."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from vrclient.kiosk.commands import Who

MAX_LOGINS = 32
IDLE_S = 4 * 3600.0
LONGEST_S = 24 * 3600.0


@dataclass(slots=True)
class Login:
    """`token` is what a page must send with every command, besides its cookie."""

    who: Who
    token: str
    began: float
    used: float


class Logins:
    """By the hash of the cookie. A login ends after IDLE_S without any use, and after LONGEST_S; the one that was used least
    recently makes room."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._logins: dict[str, Login] = {}

    def begin(self, who: Who, /) -> tuple[str, Login]:
        """A cookie and its login."""
        now = self._clock()
        self._forget(now)
        if len(self._logins) >= MAX_LOGINS:
            del self._logins[min(self._logins, key=lambda one: self._logins[one].used)]
        cookie = secrets.token_urlsafe(32)
        login = self._logins[_hash(cookie)] = Login(who, secrets.token_urlsafe(32), now, now)
        return cookie, login

    def of(self, cookie: str | None, /) -> Login | None:
        """The login of that cookie, if there is one."""
        now = self._clock()
        self._forget(now)
        login = self._logins.get(_hash(cookie)) if cookie else None
        if login is not None:
            login.used = now
        return login

    def end(self, cookie: str | None, /) -> None:
        """The login of that cookie is over."""
        if cookie:
            self._logins.pop(_hash(cookie), None)

    def _forget(self, now: float) -> None:
        over = [one for one, found in self._logins.items() if now - found.used > IDLE_S or now - found.began > LONGEST_S]
        for one in over:
            del self._logins[one]


def is_token(login: Login, given: str | None, /) -> bool:
    """Whether that is the login's token."""
    return given is not None and hmac.compare_digest(login.token.encode(), given.encode("utf-8", "replace"))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
