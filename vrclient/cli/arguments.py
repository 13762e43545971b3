"""Texts of the command line as values; each refusal says what was given and what instead."""

import datetime
import re

import numpy as np

from vrclient.showcase.limits import FIRST_DAY, LAST_DAY

SIZE_LIMITS = (16, 8192)


class Usage(ValueError):
    """The command line asks for something impossible; the text says what and what instead."""


def parsed_size(text: str, /) -> tuple[int, int]:
    """'1280x720' as (1280, 720). Raises Usage."""
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    low, high = SIZE_LIMITS
    if not match or not all(low <= int(part) <= high for part in match.groups()):
        raise Usage(f"--size {text}: give WIDTHxHEIGHT in pixels, each {low} to {high}, such as 1280x720")
    return int(match[1]), int(match[2])


def parsed_time(text: str, /) -> datetime.time:
    """'19:30'. Raises Usage."""
    try:
        return datetime.datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise Usage(f"--time {text}: give HH:MM from 00:00 to 23:59, such as 19:30") from None


def parsed_date(text: str, /) -> datetime.date:
    """'2026-06-21'. Raises Usage."""
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Usage(f"--date {text}: give YYYY-MM-DD, such as 2026-06-21") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Usage(f"--date {text}: give a day from {FIRST_DAY} to {LAST_DAY}")
    return day


def parsed_numbers(option: str, text: str, /, *, count: int, form: str) -> tuple[float, ...]:
    """'1,2,3' as so many finite numbers; `form` says in words what is wanted. Raises Usage."""
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError:
        values = ()
    if len(values) != count or not np.isfinite(values).all() or max(map(abs, values)) > 1e5:
        raise Usage(f"{option} {text}: give {form}")
    return values
