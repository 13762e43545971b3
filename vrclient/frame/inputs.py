"""What a visitor did since the frame before, as a value. Displays fill it; interaction/ reads it."""

from dataclasses import dataclass

from vrclient.geometry.frames import Matrix


@dataclass(frozen=True, slots=True, eq=False)
class OfferedModel:
    """What a hand's controller looks like, as the headset's runtime gives it; the same object as long as it is the same model.

    name     for the log
    glb      a binary glTF file, in OpenXR's axes (X right, Y up, -Z forward); whoever gives it says where its origin is
    """

    name: str
    glb: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One hand with its controller; or a desktop's pointer, touch or gamepad, which gives the same values.

    aim, grip   [4, 4] float64 rig_from_hand, metres: X right, Y the way it points, Z up. aim: the ray to point with; grip: where
                the controller is held. None where it is not tracked
    select, teleport, menu, squeeze     what is held down now
    move        (right, forward) -1..1 of the stick that walks
    turn        -1..1 of the stick that turns, to the right
    profile     the interaction profile's path, such as "/interaction_profiles/valve/index_controller"; "" for a pointer
    model       the controller as the runtime itself shows it, where it offers that and has given it
    rig_from_model  [4, 4] float64, metres: where `model` is to be drawn; None where it is not to be, for now
    """

    aim: Matrix | None = None
    grip: Matrix | None = None
    select: bool = False
    teleport: bool = False
    menu: bool = False
    squeeze: bool = False
    move: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    profile: str = ""
    model: OfferedModel | None = None
    rig_from_model: Matrix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class InputSnapshot:
    """Keys by lower-case name: letters, digits, "shift", "control", "escape", "f12", "arrow_up", "mouse1", "wheel_up".

    held, pressed    down now; gone down since the last frame (also when already up again)
    look             how far the mouse turned the head: (right, up) in pixels; zero while the mouse is free
    pointer          the pointer in the picture, 0..1 from the top left corner; None while it is caught or outside
    focused          keys come to us
    close_requested  the person, or the system, wants the display closed
    head             [4, 4] float64 rig_from_head, metres, of a tracked head; None on a flat display, whose rig is its head
    hands            left and right in a headset; one pointer on a flat display; none where there is nothing to point with
    attentive        a headset is worn (interaction/presence.py) and the visit has its inputs; False: pause, hide the hands,
                     and let the time run after which nobody is there any more
    origin_moved     the tracked space was recentred, or another display took over: what the head's pose means has changed
    recentred        the former, by the headset's own button: the visitor is to be where they were last put, and to face the same
    """

    held: frozenset[str] = frozenset()
    pressed: frozenset[str] = frozenset()
    look: tuple[float, float] = (0.0, 0.0)
    pointer: tuple[float, float] | None = None
    focused: bool = True
    close_requested: bool = False
    head: Matrix | None = None
    hands: tuple[Hand, ...] = ()
    attentive: bool = True
    origin_moved: bool = False
    recentred: bool = False


NOTHING = InputSnapshot()
"""A frame in which nobody did anything."""
