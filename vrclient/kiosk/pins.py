"""PINs: kept as scrypt hashes (RFC 7914), and wrong ones are answered ever more slowly. Who is let in where is said elsewhere."""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

LOG2_N, R, P = 14, 8, 1
"""16 MB and some 50 ms a try."""
SHORTEST, LONGEST = 4, 64
FREE = 3
"""Wrong ones, one after another, that cost nothing: fingers slip."""
LONGEST_WAIT_S = 300.0
MAX_SOURCES = 256
FORGOTTEN_S = 3600.0


def hashed(pin: str, /) -> str:
    """The text for kiosk.yaml. Raises ValueError for a PIN that is too short or too long."""
    if not SHORTEST <= len(pin) <= LONGEST:
        raise ValueError(f"a PIN has {SHORTEST} to {LONGEST} characters, this one {len(pin)}")
    salt = secrets.token_bytes(16)
    return f"scrypt${LOG2_N}${R}${P}${salt.hex()}${_scrypt(pin, salt, LOG2_N, R, P).hex()}"


def is_right(pin: str, kept: str, /) -> bool:
    """Whether `kept` is the hash of it. Takes some 50 ms."""
    _, log2_n, r, p, salt, expected = kept.split("$")
    if not SHORTEST <= len(pin) <= LONGEST:
        return False
    return hmac.compare_digest(_scrypt(pin, bytes.fromhex(salt), int(log2_n), int(r), int(p)).hex(), expected)


def _scrypt(pin: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    text = pin.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=1 << log2_n, r=r, p=p, maxmem=256 << 20, dklen=32)


class Patience:
    """Counts wrong PINs by where they come from, and together. After FREE of a source it waits 1 s, 2 s, 4 s ... LONGEST_WAIT_S
    for the next; many sources together slow each other down, too, from twenty times as many on. An hour without any forgets."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """How many, and when the last one was; the oldest source first."""

    def wait_s(self, source: str, /) -> float:
        """Seconds until the next PIN of that source is looked at; 0: now."""
        return max(self._left(source, FREE), self._left("", 20 * FREE))

    def wrong(self, source: str, /) -> None:
        """One was wrong."""
        for one in (source, ""):
            count, last = self._wrong.pop(one, (0, 0.0))
            self._wrong[one] = (1 if self._clock() - last > FORGOTTEN_S else count + 1, self._clock())
        while len(self._wrong) > MAX_SOURCES:
            self._wrong.popitem(last=False)

    def right(self, source: str, /) -> None:
        """One was right: that source begins anew."""
        self._wrong.pop(source, None)

    def _left(self, source: str, free: int) -> float:
        count, last = self._wrong.get(source, (0, 0.0))
        if count <= free:
            return 0.0
        wait = min(2.0 ** min(count - free - 1, 20), LONGEST_WAIT_S)
        return max(0.0, last + wait - self._clock())
