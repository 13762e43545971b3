"""The one way to the terminal: what is printed is text. No markup is read in it, and no character of it acts upon the terminal,
whoever named the files that it tells of. How a message is worded is said elsewhere."""

from typing import Any

from rich.console import Console

from vrclient.showcase.diagnostics import printable


class ReaderLeft(Exception):
    """Whoever read what is printed does not want more, such as `| head`."""


class Terminal(Console):
    """Rich's console without markup, highlights and wrapping. Strings are printed line by line as `printable` makes them."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        raise ReaderLeft

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(printable_lines(one) if isinstance(one, str) else one for one in objects), **options)


def printable_lines(text: str, /) -> str:
    """The text with every line as `printable` makes it."""
    return "\n".join(printable(line) for line in text.split("\n"))
