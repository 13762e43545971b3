"""What a visitor did since the frame before, as a value. Displays fill it; interaction/ reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputSnapshot:
    """Keys by lower-case name: letters, digits, "shift", "control", "escape", "f12", "arrow_up", "mouse1", "wheel_up".

    held, pressed    down now; gone down since the last frame (also when already up again)
    look             how far the mouse turned the head: (right, up) in pixels; zero while the mouse is free
    pointer          the pointer in the picture, 0..1 from the top left corner; None while it is caught or outside
    focused          keys come to us
    close_requested  the person, or the system, wants the display closed
    """

    held: frozenset[str] = frozenset()
    pressed: frozenset[str] = frozenset()
    look: tuple[float, float] = (0.0, 0.0)
    pointer: tuple[float, float] | None = None
    focused: bool = True
    close_requested: bool = False


NOTHING = InputSnapshot()
"""A frame in which nobody did anything."""
