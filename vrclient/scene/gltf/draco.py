"""How large Draco data become, read from their head before anything is unpacked.

Source: Draco bitstream specification 2.2, sections 2 to 5 (header, metadata, connectivity); glTF's extension knows that version
alone."""

from dataclasses import dataclass

_METADATA = 0x8000
_SEQUENTIAL, _EDGEBREAKER = 0, 1


class NotDracoError(ValueError):
    """It is no head of Draco data that glTF can hold; the text says what it is."""


@dataclass(frozen=True, slots=True)
class DracoSize:
    """What the decoder makes room for. points: before any are split where attributes have a seam, at most into 3 a face."""

    faces: int
    points: int


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def skip(self, count: int) -> None:
        self._at += count
        if self._at > len(self._data):
            raise NotDracoError("it ends in its header")

    def byte(self) -> int:
        self.skip(1)
        return self._data[self._at - 1]

    def number(self) -> int:
        """Seven bits a byte, the lowest first; the last byte has no eighth bit."""
        value = 0
        for place in range(0, 35, 7):
            part = self.byte()
            value |= (part & 0x7F) << place
            if part < 0x80:
                return value
        raise NotDracoError("a number in its header does not end")


def draco_size(data: bytes, /) -> DracoSize:
    """Raises NotDracoError."""
    if data[:5] != b"DRACO":
        raise NotDracoError("it does not begin with DRACO")
    head = _Bytes(data)
    head.skip(5)
    version, kind, method = (head.byte(), head.byte()), head.byte(), head.byte()
    flags = head.byte() | head.byte() << 8
    if version != (2, 2):
        raise NotDracoError(f"it has version {version[0]}.{version[1]} of the format; glTF has 2.2")
    if kind != 1 or method not in (_SEQUENTIAL, _EDGEBREAKER):
        raise NotDracoError("it holds no triangles")
    if flags & _METADATA:
        _skip_metadata(head)
    if method == _SEQUENTIAL:
        faces = head.number()
        return DracoSize(faces, head.number())
    head.byte()  # how the triangles are walked
    points = head.number()
    return DracoSize(head.number(), points)


def _skip_metadata(head: _Bytes) -> None:
    """Of each attribute that has some, and of the file; what lies inside another follows it, depth first."""
    for _ in range(head.number()):
        head.number()
        _skip_entries(head)
    _skip_entries(head)


def _skip_entries(head: _Bytes) -> None:
    inner, has_name = 1, False
    while inner:
        if has_name:
            head.skip(head.byte())
        for _ in range(head.number()):
            head.skip(head.byte())
            head.skip(head.number())
        inner, has_name = inner - 1 + head.number(), True
