"""What a runtime says that pyopenxr does not know: codes and enumerations of a later specification, or of no one's.

pyopenxr takes every number that comes back for one of its enumerations, and raises ValueError where it is none: in the middle of
a frame, with a traceback. So this module, which is imported before any call is made, gives its enumerations a member for whatever
number there is, and puts its one check of results in order (OpenXR 1.1, "Return Codes"): negative codes are errors, known or not,
and raise an xr.exception.XrException; positive ones are successes, and raise only where they are among HEARD: those for which
somebody waits. Structures of an unknown type, such as events, need nothing: they are looked at by their number (session.py)."""

import sys
from typing import Any

import xr  # noqa: TID251

Result = xr.Result

HEARD = frozenset(
    {
        Result.TIMEOUT_EXPIRED,
        Result.SESSION_LOSS_PENDING,
        Result.EVENT_UNAVAILABLE,
        Result.SESSION_NOT_FOCUSED,
        Result.FRAME_DISCARDED,
        Result.RENDER_MODEL_UNAVAILABLE_FB,
    }
)
"""Successes that are told by an exception, as they are something else than a plain success."""


class UnknownError(xr.exception.ErrorResult):
    """An error that pyopenxr does not know. `code`: its number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"OpenXR's error {code}")
        self.code = code


def checked(result: Any, message: str | None = None) -> xr.exception.XrException:
    """What pyopenxr makes of a result, a number: an exception that is raised where its is_exception() says so."""
    code = int(result)
    if code > 0 and code not in HEARD:
        code = 0
    if code < 0 and code not in _KNOWN:
        return UnknownError(code)
    return _check_result(Result(code), message)


def _member(cls: Any, value: object) -> Any:
    """A member of an enumeration for a number that it does not have; it belongs to no list of them."""
    if not isinstance(value, int):
        return None
    member = int.__new__(cls, value)
    member._name_, member._value_ = f"UNKNOWN_{value}", value
    return member


_KNOWN = frozenset(int(one) for one in Result)
_check_result = xr.exception.check_result
xr.enums.EnumBase._missing_ = classmethod(_member)
for _name, _module in tuple(sys.modules.items()):
    if _name.partition(".")[0] == "xr" and hasattr(_module, "check_result"):
        vars(_module)["check_result"] = checked  # each has it by its own name
