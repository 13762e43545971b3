"""The bytes behind a document: buffers, buffer views and accessors as numpy arrays. It draws no conclusions.

Every method raises UnreadableError for what is out of range, and reads each thing once."""

from functools import cached_property
from typing import Any

import meshopt
import numpy as np
from numpy.typing import NDArray

from vrclient.scene.gltf import schema
from vrclient.scene.gltf.document import Document, file_bytes
from vrclient.scene.gltf.problems import REWRITE, UnreadableError
from vrclient.scene.gltf.uris import ModelFolder, inline_bytes

MAX_ELEMENTS = 8_000_000
"""An accessor with more elements is refused."""

MAX_COMPONENTS = 120_000_000
"""All accessors of a file together may hold so many numbers."""

COMPONENTS: dict[int, np.dtype] = {
    5120: np.dtype("i1"), 5121: np.dtype("u1"), 5122: np.dtype("<i2"), 5123: np.dtype("<u2"),
    5125: np.dtype("<u4"), 5126: np.dtype("<f4"),
}  # fmt: skip
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

MAX_READ_BYTES = 2**30
"""All that is read or copied of files, pictures and compressed data."""

MAX_UNPACKED_BYTES = 512 * 2**20
"""What a file's meshopt and Draco data may become, by what they say of themselves before they are unpacked."""

REDUCE = "reduce the model: fewer triangles (Blender: Decimate), smaller parts"


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
        self._views: dict[int, memoryview] = {}
        self._raw: dict[int, NDArray[Any]] = {}
        self._components = 0
        self._unpacked_bytes = 0
        self._spent = 0

    @property
    def is_binary(self) -> bool:
        """Whether it is a .glb, whose first buffer may be inside."""
        return self._document.is_binary

    @cached_property
    def files(self) -> ModelFolder:
        """Where the files lie that a URI names."""
        return ModelFolder(self._document.folder)

    def uri_bytes(self, uri: str, place: str, /) -> bytes:
        """The bytes a URI names: inline, or a file in the folder of the glTF file or below it."""
        if uri.lstrip()[:5].lower() == "data:":
            return inline_bytes(uri.lstrip(), place)
        path = self.files.named(uri, place)
        self.spend(path.stat().st_size)
        return file_bytes(path)

    def spend(self, count: int, /) -> None:
        """Counts bytes that are read or copied. Raises UnreadableError for more than MAX_READ_BYTES."""
        self._spent += count
        if self._spent > MAX_READ_BYTES:
            raise UnreadableError(
                "gltf-limit",
                f"all its pictures and buffers have more than {MAX_READ_BYTES >> 20} MiB together, too much for one model",
                "reduce the model: smaller pictures, fewer triangles",
            )

    def unpack(self, count: int, method: str, place: str, /) -> None:
        """Counts bytes that will be unpacked. Raises UnreadableError for more than MAX_UNPACKED_BYTES."""
        self._unpacked_bytes += count
        if self._unpacked_bytes > MAX_UNPACKED_BYTES:
            raise UnreadableError(
                "gltf-limit",
                f"its {method} data hold more than {MAX_UNPACKED_BYTES >> 20} MiB up to {place}, too much for one model",
                REDUCE,
            )

    def forget(self, index: int, /) -> None:
        """Lets go of an accessor's numbers that nobody needs again."""
        self._raw.pop(index, None)

    def buffer(self, index: int, /) -> bytes:
        if index not in self._buffers:
            self._buffers[index] = self._read_buffer(index)
        return self._buffers[index]

    def _read_buffer(self, index: int) -> bytes:
        place = f"buffers[{index}]"
        if index >= len(self.gltf.buffers):
            raise UnreadableError("gltf-reference", f"{place} is used, but the file has {len(self.gltf.buffers)} buffers")
        buffer = self.gltf.buffers[index]
        if buffer.uri is not None:
            data = self.uri_bytes(buffer.uri, f"{place}.uri")
        elif index == 0 and self._document.binary is not None:
            data = self._document.binary
        elif not buffer.byteLength:
            data = b""
        else:
            raise UnreadableError("gltf-buffer", f"{place} has no uri and the file has no binary chunk for it", "export it again")
        return data

    def slice(self, buffer: int, offset: int, length: int, place: str, /) -> memoryview:
        """Bytes of a buffer: those that are there count, whatever its byteLength says."""
        data = self.buffer(buffer)
        if offset + length > len(data):
            past, declared = offset + length - len(data), self.gltf.buffers[buffer].byteLength
            raise UnreadableError(
                "gltf-buffer",
                f"{place} reaches {past} bytes past the end of buffers[{buffer}]"
                + (f", which has {len(data)} of {declared} bytes: it is truncated" if len(data) < declared else ""),
                "copy or export it again" if len(data) < declared else REWRITE,
            )
        return memoryview(data)[offset : offset + length]

    def view(self, index: int, /) -> memoryview:
        """The bytes of a buffer view, unpacked where meshopt compression is used."""
        if index not in self._views:
            place = f"bufferViews[{index}]"
            if index >= len(self.gltf.bufferViews):
                raise UnreadableError(
                    "gltf-reference", f"{place} is used, but the file has {len(self.gltf.bufferViews)} bufferViews"
                )
            view = self.gltf.bufferViews[index]
            if view.compressed:
                self._views[index] = self._unpacked(view, view.compressed, place)
            else:
                self._views[index] = self.slice(view.buffer, view.byteOffset, view.byteLength, place)
        return self._views[index]

    def _unpacked(self, view: schema.BufferView, packed: schema.CompressedView, place: str) -> memoryview:
        size = packed.count * packed.byteStride
        if size > view.byteLength or packed.count > MAX_ELEMENTS:
            raise UnreadableError("gltf-buffer", f"{place} is smaller than its meshopt data says")
        self.unpack(size, "meshopt", place)
        data = self.slice(packed.buffer, packed.byteOffset, packed.byteLength, f"{place}'s meshopt data")
        self.spend(len(data))
        try:
            unpacked = meshopt.decode_gltf_buffer(bytes(data), packed.count, packed.byteStride, packed.mode, packed.filter)
            return memoryview(unpacked.tobytes())
        except (ValueError, RuntimeError) as wrong:
            raise UnreadableError("gltf-buffer", f"{place} holds meshopt data that cannot be decoded ({wrong})") from wrong

    def accessor(self, index: int, /) -> NDArray[Any]:
        """[count, width], normalized integers as float32 in 0..1 or -1..1, everything else as stored; matrices as
        [count, rows * rows], column by column."""
        raw = self.stored(index)
        return normalized(raw) if self.gltf.accessors[index].normalized else raw

    def stored(self, index: int, /) -> NDArray[Any]:
        """[count, width] in the component type of the file, sparse values put in."""
        if index not in self._raw:
            if index >= len(self.gltf.accessors):
                raise UnreadableError(
                    "gltf-reference", f"accessors[{index}] is used, but the file has {len(self.gltf.accessors)} accessors"
                )
            self._raw[index] = self._read_accessor(index)
        return self._raw[index]

    def _read_accessor(self, index: int) -> NDArray[Any]:
        accessor = self.gltf.accessors[index]
        width = WIDTHS[accessor.type]
        place = f"accessors[{index}]"
        self._components += accessor.count * width
        if accessor.count > MAX_ELEMENTS or self._components > MAX_COMPONENTS:
            raise UnreadableError(
                "gltf-limit",
                f"{place} has {accessor.count:,} elements, more than this client reads from one file",
                REDUCE,
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
            raise UnreadableError("gltf-accessor", f"{place}.sparse replaces {sparse.count} of {accessor.count} elements")
        where = schema.Accessor(componentType=sparse.indices.componentType, count=sparse.count, type="SCALAR")
        data = self.view(sparse.indices.bufferView)
        rows = _elements(data, where, sparse.indices.byteOffset, sparse.count, element_bytes(where), f"{place}.sparse.indices")[
            :, 0
        ].astype(np.int64)
        if len(rows) and rows.max() >= accessor.count:
            raise UnreadableError("gltf-accessor", f"{place}.sparse.indices must stay below {accessor.count}")
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


def _elements(data: memoryview, accessor: schema.Accessor, offset: int, count: int, step: int, place: str) -> NDArray[Any]:
    """[count, width] out of the bytes; matrices lose the padding of their columns."""
    kind = COMPONENTS[accessor.componentType]
    size = element_bytes(accessor)
    if step < size:
        raise UnreadableError(
            "gltf-accessor", f"{place} has elements of {size} bytes, but its bufferView has a byteStride of {step}"
        )
    if not count:
        return np.zeros((0, WIDTHS[accessor.type]), kind)
    reach = offset + step * (count - 1) + size - _padding(accessor)
    if reach > len(data):
        raise UnreadableError("gltf-accessor", f"{place} reaches {reach - len(data)} bytes past the end of its bufferView")
    if accessor.type.startswith("MAT"):
        rows = int(accessor.type[3])
        strides = (step, size // rows, kind.itemsize)
        return np.ndarray((count, rows, rows), kind, data, offset, strides).reshape(count, rows * rows)
    stored: NDArray[Any] = np.ndarray((count, WIDTHS[accessor.type]), kind, data, offset, (step, kind.itemsize))
    return np.require(stored, requirements=["C", "A"])
