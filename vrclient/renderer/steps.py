"""Work in steps that fit between frames: a generator that does a little after each `next`."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")

Steps = Generator[None, None, Result]
"""Its value, once it ends, is what was made."""


def all_of(steps: Steps[Result], /) -> Result:
    """Everything at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
