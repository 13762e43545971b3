"""The mouse over a window, or the one finger that systems show as a mouse.

The engine's own question where it is (`get_pointer`) waits for the X server with Python's lock in its hands. Were the server to
hang then, no thread could end the program. So there the engine's events say whether the pointer is in the window, which waits
for nobody, and WindowWatch where, which lets go of the lock."""

from panda3d.core import GraphicsWindow  # noqa: TID251

from vrclient.display.x11_loss import WindowWatch

Pixels = tuple[float, float]


class WindowPointer:
    """Of a window that is open; `watch` watches it."""

    def __init__(self, window: GraphicsWindow, watch: WindowWatch | None, /) -> None:
        self._window, self._watch = window, watch
        self._device = window.get_input_device(0)
        self._device.enable_pointer_events()
        self._at = self._asked()

    def read(self) -> Pixels | None:
        """Where it is now, from the window's upper left corner; None where it is not over the window."""
        if self._watch is None or not self._watch.asks:
            return self._asked()
        events = self._device.get_pointer_events()
        if last := events.get_num_events():
            inside, x, y = (get(last - 1) for get in (events.get_in_window, events.get_xpos, events.get_ypos))
            self._at = (x, y) if inside else None
        if self._at is not None:
            self._at = self._watch.pointer() or self._at
        return self._at

    def _asked(self) -> Pixels | None:
        pointer = self._window.get_pointer(0)
        return (pointer.x, pointer.y) if pointer.in_window else None
