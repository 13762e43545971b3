"""A hand on Monado's remote driver: says where head and controllers are, and what is pressed.

Everything is in OpenXR's axes (X right, Y up, -Z forward) of the runtime's stage, in metres and radians. Each packet replaces
the whole state; the runtime takes it when it gets to it, so whoever reads it back must wait for it.
"""

import math
import socket
import struct
import time
from dataclasses import astuple, dataclass, field
from typing import Self

Vector = tuple[float, float, float]
MAGIC = b"mndrmt3\0"
"""The version of the protocol. Monado 25.0 leaves it out (zeros) of a state that nobody has sent it."""
VIEW, POSE, CONTROLLER = "4f7f4x", "7f", "7f3f3f5f3f2ff2f13?3x"
PACKET = struct.Struct(f"<8s{VIEW}{VIEW}{POSE}?3x{CONTROLLER}{CONTROLLER}")
assert PACKET.size == 376, "Monado 25.0's struct r_remote_data"


@dataclass(frozen=True, slots=True)
class Pose:
    orientation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    """Unit quaternion, x y z w."""
    position: Vector = (0.0, 0.0, 0.0)


def looking(position: Vector, *, yaw: float = 0.0, pitch: float = 0.0) -> Pose:
    """At that position, turned left by yaw (counterclockwise from above) and then up by pitch; with neither, along -Z."""
    sin_yaw, cos_yaw, sin_pitch, cos_pitch = (f(angle / 2) for angle in (yaw, pitch) for f in (math.sin, math.cos))
    return Pose((cos_yaw * sin_pitch, sin_yaw * cos_pitch, -sin_yaw * sin_pitch, cos_yaw * cos_pitch), position)


@dataclass(frozen=True, slots=True)
class ViewState:
    """One eye of a headset of one's own making."""

    fov: tuple[float, float, float, float]
    """Signed half angles as in OpenXR: left, right, up, down."""
    pose: Pose
    """Of the eye in the head's frame."""


@dataclass(frozen=True, slots=True)
class HeadState:
    pose: Pose = Pose(position=(0.0, 1.6, 0.0))
    views: tuple[ViewState, ViewState] | None = None
    """Left and right eye; None leaves them as the driver has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerState:
    """A Valve Index controller. The order of the fields is the packet's."""

    pose: Pose = Pose()
    linear_velocity: Vector = (0.0, 0.0, 0.0)
    angular_velocity: Vector = (0.0, 0.0, 0.0)
    curl: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    trigger: float = 0.0
    squeeze: float = 0.0
    squeeze_force: float = 0.0
    thumbstick: tuple[float, float] = (0.0, 0.0)
    """Right and forward, -1 to 1."""
    trackpad_force: float = 0.0
    trackpad: tuple[float, float] = (0.0, 0.0)
    hand_tracking_active: bool = True
    active: bool = True
    """False: switched off."""
    system_click: bool = False
    system_touch: bool = False
    a_click: bool = False
    a_touch: bool = False
    b_click: bool = False
    b_touch: bool = False
    trigger_click: bool = False
    trigger_touch: bool = False
    thumbstick_click: bool = False
    thumbstick_touch: bool = False
    trackpad_touch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What a packet says. As it stands without arguments, it is the state in which the driver starts."""

    head: HeadState = field(default_factory=HeadState)
    left: ControllerState = ControllerState(pose=Pose(position=(-0.2, 1.3, -0.5)))
    right: ControllerState = ControllerState(pose=Pose(position=(0.2, 1.3, -0.5)))

    def packet(self) -> bytes:
        """[376] bytes, as on the wire."""
        zeros = ViewState((0.0, 0.0, 0.0, 0.0), Pose((0.0, 0.0, 0.0, 0.0)))
        views = self.head.views or (zeros, zeros)
        parts = (
            *map(astuple, views),
            astuple(self.head.pose),
            self.head.views is not None,
            astuple(self.left),
            astuple(self.right),
        )
        return PACKET.pack(MAGIC, *flat(parts))


def flat(values: tuple) -> list[float | bool]:
    """The numbers in nested tuples, in order."""
    return [number for value in values for number in (flat(value) if isinstance(value, tuple) else [value])]


class RemoteClient:
    """The one connection that the driver takes at a time. It outlives the service: reconnect() once that is back."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.latest = b""
        """The state in force when the connection was made, a packet."""
        self._socket: socket.socket | None = None

    @classmethod
    def connect(cls, port: int, *, timeout: float = 10.0) -> Self:
        """TimeoutError when nothing answers at 127.0.0.1:port within so many seconds; ValueError when it is another driver."""
        client = cls(port)
        client.reconnect(timeout=timeout)
        return client

    def reconnect(self, *, timeout: float = 10.0) -> None:
        """A new connection in place of the old; fails as connect does. A new service knows nothing of what was sent before."""
        self.close()
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=1.0)
                greeting = self._read(2 * PACKET.size)
                break
            except (ConnectionError, TimeoutError) as problem:
                self.close()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"nothing speaks at port {self.port}: {problem}") from problem
                time.sleep(0.02)
        start, self.latest = greeting[: PACKET.size], greeting[PACKET.size :]
        magics = {start[:8], self.latest[:8]}
        if not magics <= {MAGIC, bytes(8)} or start[8:] != RemoteState().packet()[8:]:
            self.close()
            raise ValueError(f"port {self.port} greets as another version of the remote driver: {start!r}")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, state: RemoteState) -> None:
        """ConnectionError when the service is gone; as TCP has it, perhaps only with the second packet after its end."""
        if self._socket is None:
            raise ConnectionError("not connected")
        self._socket.sendall(state.packet())

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _read(self, size: int) -> bytes:
        assert self._socket is not None
        received = b""
        while len(received) < size:
            part = self._socket.recv(size - len(received))
            if not part:
                raise ConnectionResetError("the driver hung up")
            received += part
        return received
