"""The bytes behind a document: URIs, buffers, buffer views and accessors as numpy arrays. It draws no conclusions.

Every method raises UnreadableError for what is out of range, and reads each thing once."""

import base64
import binascii
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import meshopt
import numpy as np
from numpy.typing import NDArray

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.document import Document, file_bytes
from vrclient.scene.gltf.problems import UnreadableError

MAX_ELEMENTS = 8_000_000
"""An accessor with more elements is refused."""

MAX_COMPONENTS = 120_000_000
"""All accessors of a file together may hold so many numbers."""

COMPONENTS: dict[int, np.dtype] = {
    5120: np.dtype("i1"), 5121: np.dtype("u1"), 5122: np.dtype("<i2"), 5123: np.dtype("<u2"),
    5125: np.dtype("<u4"), 5126: np.dtype("<f4"),
}  # fmt: skip
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

STAY_INSIDE = "keep the files of a model beside it or in folders below it, or save it as .glb"


def element_bytes(accessor: schema.Accessor, /) -> int:
    """Bytes of one element; a matrix's columns begin at multiples of four bytes."""
    size = COMPONENTS[accessor.componentType].itemsize
    if accessor.type.startswith("MAT"):
        rows = int(accessor.type[3])
        return rows * (rows * size + -rows * size % 4)
    return WIDTHS[accessor.type] * size


def _padding(accessor: schema.Accessor) -> int:
    """Bytes after a matrix's last column, which the last element of a buffer view may lack."""
    rows = int(accessor.type[3]) if accessor.type.startswith("MAT") else 0
    return -rows * COMPONENTS[accessor.componentType].itemsize % 4


class Resources:
    """Bytes and arrays of one document, by glTF index."""

    def __init__(self, document: Document) -> None:
        self.gltf = document.gltf
        self._document = document
        self._buffers: dict[int, bytes] = {}
        self._views: dict[int, bytes] = {}
        self._raw: dict[int, NDArray[Any]] = {}
        self._components = 0

    @property
    def is_binary(self) -> bool:
        """Whether it is a .glb, whose first buffer may be inside."""
        return self._document.is_binary

    @cached_property
    def _folder(self) -> Path:
        return self._document.folder.resolve()

    def uri_bytes(self, uri: str, place: str, /) -> bytes:
        """The bytes a URI names: inline, or a file in the folder of the glTF file or below it."""
        if uri[:5].lower() == "data:":
            return _inline_bytes(uri, place)
        scheme = uri.split(":", 1)[0] if ":" in uri else ""
        if scheme or uri.startswith("//") or not uri:
            raise UnreadableError(f"{place} is {_short(uri)}, which is no file in the model's folder", STAY_INSIDE)
        try:
            name = unquote_to_bytes(uri.encode()).decode()
            target = (self._folder / name).resolve()
        except (ValueError, OSError, RuntimeError) as wrong:
            raise UnreadableError(f"{place} is {_short(uri)}, which is no file name ({wrong})") from wrong
        if name.startswith(("/", "\\")) or not target.is_relative_to(self._folder):
            raise UnreadableError(f"{place} is {_short(uri)}, which leads out of the model's folder", STAY_INSIDE)
        try:
            return file_bytes(target)
        except UnreadableError as unreadable:
            raise UnreadableError(
                f"{place} names {_short(name)}: {unreadable.message}",
                "copy the file there, or save the model as .glb, which holds everything",
            ) from unreadable

    def buffer(self, index: int, /) -> bytes:
        if index not in self._buffers:
            self._buffers[index] = self._read_buffer(index)
        return self._buffers[index]

    def _read_buffer(self, index: int) -> bytes:
        place = f"buffers[{index}]"
        if index >= len(self.gltf.buffers):
            raise UnreadableError(f"{place} is used, but the file has {len(self.gltf.buffers)} buffers")
        buffer = self.gltf.buffers[index]
        if buffer.uri is not None:
            data = self.uri_bytes(buffer.uri, f"{place}.uri")
        elif index == 0 and self._document.binary is not None:
            data = self._document.binary
        else:
            raise UnreadableError(f"{place} has no uri and the file has no binary chunk for it", "export it again")
        if len(data) < buffer.byteLength:
            raise UnreadableError(
                f"{place} has {len(data)} bytes, but byteLength says {buffer.byteLength}: it is truncated",
                "copy or export it again",
            )
        return data

    def slice(self, buffer: int, offset: int, length: int, place: str, /) -> bytes:
        data = self.buffer(buffer)
        limit = min(len(data), self.gltf.buffers[buffer].byteLength)
        if offset + length > limit:
            raise UnreadableError(f"{place} reaches {offset + length - limit} bytes past the end of buffers[{buffer}]")
        return data[offset : offset + length]

    def view(self, index: int, /) -> bytes:
        """The bytes of a buffer view, unpacked where meshopt compression is used."""
        if index not in self._views:
            place = f"bufferViews[{index}]"
            if index >= len(self.gltf.bufferViews):
                raise UnreadableError(f"{place} is used, but the file has {len(self.gltf.bufferViews)} bufferViews")
            view = self.gltf.bufferViews[index]
            if view.compressed:
                self._views[index] = self._unpacked(view, view.compressed, place)
            else:
                self._views[index] = self.slice(view.buffer, view.byteOffset, view.byteLength, place)
        return self._views[index]

    def _unpacked(self, view: schema.BufferView, packed: schema.CompressedView, place: str) -> bytes:
        if packed.count * packed.byteStride > view.byteLength or packed.count > MAX_ELEMENTS:
            raise UnreadableError(f"{place} is smaller than its meshopt data says")
        data = self.slice(packed.buffer, packed.byteOffset, packed.byteLength, f"{place}'s meshopt data")
        try:
            return meshopt.decode_gltf_buffer(data, packed.count, packed.byteStride, packed.mode, packed.filter).tobytes()
        except (ValueError, RuntimeError) as wrong:
            raise UnreadableError(f"{place} holds meshopt data that cannot be decoded ({wrong})") from wrong

    def accessor(self, index: int, /) -> NDArray[Any]:
        """[count, width], normalized integers as float32 in 0..1 or -1..1, everything else as stored; matrices as
        [count, rows * rows], column by column."""
        raw = self.stored(index)
        return normalized(raw) if self.gltf.accessors[index].normalized else raw

    def stored(self, index: int, /) -> NDArray[Any]:
        """[count, width] in the component type of the file, sparse values put in."""
        if index not in self._raw:
            if index >= len(self.gltf.accessors):
                raise UnreadableError(f"accessors[{index}] is used, but the file has {len(self.gltf.accessors)} accessors")
            self._raw[index] = self._read_accessor(index)
        return self._raw[index]

    def _read_accessor(self, index: int) -> NDArray[Any]:
        accessor = self.gltf.accessors[index]
        width = WIDTHS[accessor.type]
        place = f"accessors[{index}]"
        self._components += accessor.count * width
        if accessor.count > MAX_ELEMENTS or self._components > MAX_COMPONENTS:
            raise UnreadableError(
                f"{place} has {accessor.count:,} elements, more than this client reads from one file",
                "reduce the model: fewer triangles (Blender: Decimate), smaller parts",
            )
        if accessor.bufferView is None:
            values = np.zeros((accessor.count, width), COMPONENTS[accessor.componentType])
        else:
            data = self.view(accessor.bufferView)
            step = self.gltf.bufferViews[accessor.bufferView].byteStride or element_bytes(accessor)
            values = _elements(data, accessor, accessor.byteOffset or 0, accessor.count, step, place)
        if accessor.sparse:
            values = self._with_sparse(values.copy(), accessor, accessor.sparse, place)
        values.setflags(write=False)
        return values

    def _with_sparse(self, values: NDArray[Any], accessor: schema.Accessor, sparse: schema.Sparse, place: str) -> NDArray[Any]:
        if sparse.count > accessor.count:
            raise UnreadableError(f"{place}.sparse replaces {sparse.count} of {accessor.count} elements")
        where = schema.Accessor(componentType=sparse.indices.componentType, count=sparse.count, type="SCALAR")
        data = self.view(sparse.indices.bufferView)
        rows = _elements(data, where, sparse.indices.byteOffset, sparse.count, element_bytes(where), f"{place}.sparse.indices")[
            :, 0
        ].astype(np.int64)
        if (np.diff(rows) <= 0).any() or rows[-1] >= accessor.count:
            raise UnreadableError(f"{place}.sparse.indices must grow and stay below {accessor.count}")
        data = self.view(sparse.values.bufferView)
        values[rows] = _elements(
            data, accessor, sparse.values.byteOffset, sparse.count, element_bytes(accessor), f"{place}.sparse.values"
        )
        return values


def normalized(values: NDArray[Any], /) -> NDArray[Any]:
    """Integers as float32 in 0..1 or -1..1; floats unchanged. Source: glTF 2.0.1, section 3.11."""
    if values.dtype.kind == "f":
        return values
    scaled = values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    return np.maximum(scaled, np.float32(-1.0))


def _elements(data: bytes, accessor: schema.Accessor, offset: int, count: int, step: int, place: str) -> NDArray[Any]:
    """[count, width] out of the bytes; matrices lose the padding of their columns."""
    kind = COMPONENTS[accessor.componentType]
    size = element_bytes(accessor)
    if offset % kind.itemsize:
        raise UnreadableError(f"{place} begins at byte {offset}, which is no multiple of {kind.itemsize}")
    if step < size:
        raise UnreadableError(f"{place} has elements of {size} bytes, but its bufferView has a byteStride of {step}")
    reach = offset + step * (count - 1) + size - _padding(accessor)
    if reach > len(data):
        raise UnreadableError(f"{place} reaches {reach - len(data)} bytes past the end of its bufferView")
    if accessor.type.startswith("MAT"):
        rows = int(accessor.type[3])
        strides = (step, size // rows, kind.itemsize)
        return np.ndarray((count, rows, rows), kind, data, offset, strides).reshape(count, rows * rows)
    return np.ascontiguousarray(np.ndarray((count, WIDTHS[accessor.type]), kind, data, offset, (step, kind.itemsize)))


def _inline_bytes(uri: str, place: str) -> bytes:
    head, comma, body = uri[5:].partition(",")
    if not comma or ";;" in head or head.count(";") > 4:
        raise UnreadableError(f"{place} is {_short(uri)}, which is no data URI")
    try:
        if head.lower().endswith(";base64"):
            return base64.b64decode(unquote_to_bytes(body), validate=True)
        return unquote_to_bytes(body)
    except (binascii.Error, ValueError) as wrong:
        raise UnreadableError(f"{place} holds data that is not base64 ({wrong})") from wrong


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
