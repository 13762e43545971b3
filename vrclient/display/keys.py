"""The window's keys and mouse buttons: which are down, and which went down. A key that is held is one press, however often the
system repeats it."""

from collections.abc import Iterator

from panda3d.core import ButtonEvent, GraphicsWindow  # noqa: TID251


class Keys:
    """`held`: the names of what is down; nothing is while another window has the keyboard."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self._interrupted: set[str] = set()
        """What was down when the keyboard went to another window, or this one was made anew (F11), and may be down still."""

    def read(self, window: GraphicsWindow, /, *, focused: bool) -> set[str]:
        """What went down since the last call."""
        pressed: set[str] = set()
        is_new = False
        for event in _events(window):
            name = event.button.name
            if event.type == ButtonEvent.T_raw_down:
                is_new = True  # comes before the key's own event when a finger moves, but not when the system repeats
            elif event.type == ButtonEvent.T_down:
                if name not in self.held and (is_new or name not in self._interrupted):
                    pressed.add(name)
                    self._interrupted.discard(name)
                self.held.add(name)
                is_new = False
            elif event.type == ButtonEvent.T_resume_down:
                self.held.add(name)
            elif event.type == ButtonEvent.T_up:
                if name in self.held and not focused:
                    self._interrupted.add(name)
                else:
                    self._interrupted.discard(name)
                self.held.discard(name)
        if not focused:
            self._interrupted |= self.held
            self.held.clear()
        return pressed


def _events(window: GraphicsWindow) -> Iterator[ButtonEvent]:
    """Each is good until the next one is asked for."""
    if not window.get_num_input_devices():
        return
    device = window.get_input_device(0)
    if not device.has_button_event():
        return
    events = device.get_button_events()
    for number in range(events.get_num_events()):
        yield events.get_event(number)
