"""What follows from what happens to a headset: the state machine of supervisor.py, which carries it out. Pure.

    FLAT         no headset; a search asks for one beside the frames
    STARTING     a headset's session is open, but nobody sees it: its first frame is still to come, or it is asleep
    HEADSET      somebody sees the frames in it; the window mirrors one eye
    RECOVERING   the headset was lost, refuses or does not answer: the window goes on

tests/display/test_headset_states.py has all of it as a table."""

import enum


class State(enum.Enum):
    """See the module."""

    FLAT = "flat"
    STARTING = "starting"
    HEADSET = "headset"
    RECOVERING = "recovering"


class Event(enum.Enum):
    """Of a headset that was found (the first two), then of its open session."""

    OPENED = "its session is open"
    REFUSED = "it opens no session, or has not for long"
    SEEN = "the runtime shows this frame"
    UNSEEN = "the runtime wants no frame, or one that nobody will see"
    SILENT = "the runtime does not answer in time; it may still"
    LOST = "session, instance or runtime are gone, or make no sense"


class Act(enum.Enum):
    """What the display does of it, in this order."""

    GREET = "whoever wears it is taken to be awake, and the search to have worked"
    FREE_WINDOW = "the headset sets the pace: the window waits for the screen no more"
    CLOSE = "the session is given back"
    HOLD_WINDOW = "the window waits for the screen again"
    ASK = "the search begins again"


def follow(state: State, event: Event, /) -> tuple[State, tuple[Act, ...]]:
    """The state after an event, and what is to be done."""
    match event:
        case Event.OPENED:
            return State.STARTING, ()
        case Event.REFUSED:
            return State.RECOVERING, ()
        case Event.SEEN:
            return State.HEADSET, () if state is State.HEADSET else (Act.GREET, Act.FREE_WINDOW)
        case Event.UNSEEN | Event.SILENT:
            after = State.STARTING if event is Event.UNSEEN else State.RECOVERING
            return after, (Act.HOLD_WINDOW,) if state is State.HEADSET else ()
        case Event.LOST:
            return State.RECOVERING, (Act.CLOSE, Act.HOLD_WINDOW, Act.ASK)
