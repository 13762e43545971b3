"""Work in steps that fit between frames: a generator that does a little after each `next`."""

from collections.abc import Callable, Generator
from typing import TypeVar

Result = TypeVar("Result")

Steps = Generator[None, None, Result]
"""Its value, once it ends, is what was made."""


def all_of(steps: Steps[Result], /, *, after_each: Callable[[], None] | None = None) -> Result:
    """Everything at once."""
    while True:
        try:
            next(steps)
            if after_each is not None:
                after_each()
        except StopIteration as end:
            result: Result = end.value
            return result
