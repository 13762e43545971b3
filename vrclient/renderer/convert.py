"""numpy to Panda3D and back: buffers, textures and matrices. The only place that transposes, and the only one that knows
Panda's column names. Nothing loops over vertices."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (  # noqa: TID251
    Geom,
    GeomEnums,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
    InternalName,
    OmniBoundingVolume,
    SamplerState,
    Texture,
)

from vrclient.render_data.texels import image_texels
from vrclient.scene.draw_data import Image
from vrclient.scene.tables import VERTEX, PackedMesh


def _vertex_format() -> GeomVertexFormat:
    """The columns of VERTEX. Bytes reach the shader as 0..255."""
    columns = GeomVertexArrayFormat()
    columns.add_column(InternalName.get_vertex(), 3, GeomEnums.NT_float32, GeomEnums.C_point)
    columns.add_column(InternalName.get_normal(), 3, GeomEnums.NT_float32, GeomEnums.C_normal)
    columns.add_column(InternalName.get_texcoord(), 2, GeomEnums.NT_float32, GeomEnums.C_texcoord)
    columns.add_column(InternalName.make("base_color"), 4, GeomEnums.NT_uint8, GeomEnums.C_other)
    columns.add_column(InternalName.make("finish"), 4, GeomEnums.NT_uint8, GeomEnums.C_other)
    if columns.stride != VERTEX.itemsize:
        raise AssertionError(f"VERTEX has {VERTEX.itemsize} bytes, the engine's format {columns.stride}")
    return GeomVertexFormat.register_format(GeomVertexFormat(columns))


_FORMAT = _vertex_format()


def bytes_of(array: NDArray[Any], /) -> memoryview:
    """The array's memory as bytes; copies only an array that is not contiguous."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def geom(mesh: PackedMesh, /, *, bounded: bool = False) -> Geom:
    """The mesh as one indexed Geom; both buffers are copied whole. `bounded` leaves the engine its bounds to cull by."""
    vertices = GeomVertexData("mesh", _FORMAT, GeomEnums.UH_static)
    vertices.unclean_set_num_rows(len(mesh.vertex))
    triangles = GeomTriangles(GeomEnums.UH_static)
    wide = len(mesh.vertex) > 0xFFFF
    triangles.set_index_type(GeomEnums.NT_uint32 if wide else GeomEnums.NT_uint16)
    indices = triangles.modify_vertices()
    indices.unclean_set_num_rows(mesh.triangle.size)
    if mesh.triangle.size:
        memoryview(vertices.modify_array(0)).cast("B")[:] = bytes_of(mesh.vertex)
        memoryview(indices).cast("B")[:] = bytes_of(mesh.triangle.astype(np.uint32 if wide else np.uint16))
    shape = Geom(vertices)
    shape.add_primitive(triangles)
    if not bounded:
        shape.set_bounds(OmniBoundingVolume())
    return shape


def fill(texture: Texture, texels: NDArray[Any], /, *, lent: bool) -> None:
    """Gives a texture its texels: a copy, or, `lent`, the very memory of the array, which must live as long as the texture is
    drawn. Fetching fresh memory for the copy takes longer than the upload.

    Raises ValueError where they are not contiguous or not of the texture's size."""
    if not texels.flags.c_contiguous or texels.nbytes != texture.get_expected_ram_image_size():
        rule = f"contiguous ones of {texture.get_expected_ram_image_size()} bytes"
        raise ValueError(f"the texels of '{texture.name}' have shape {texels.shape} and dtype {texels.dtype}; expected {rule}")
    if lent:
        texture.set_ram_mipmap_pointer_from_int(texels.ctypes.data, 0, texels.nbytes)
    else:
        texture.set_ram_image(bytes_of(texels))


def corners(count: int, /) -> Geom:
    """A Geom of `count` triangles' corners without any column: the shader makes the positions from their number."""
    vertices = GeomVertexData("corners", GeomVertexFormat.get_empty(), GeomEnums.UH_static)
    triangles = GeomTriangles(GeomEnums.UH_static)
    triangles.add_next_vertices(3 * count)
    vertices.unclean_set_num_rows(3 * count)
    shape = Geom(vertices)
    shape.add_primitive(triangles)
    shape.set_bounds(OmniBoundingVolume())
    return shape


def image_texture(image: Image, /, *, anisotropy: int = 8) -> Texture:
    """An sRGB image with mipmaps, sharp at a slant; the shader reads linear colours."""
    texture = empty_image(image, anisotropy=anisotropy)
    # Not lent: of memory that is lent, the engine makes no mipmaps.
    fill(texture, image_texels(image.pixels), lent=False)
    return texture


def empty_image(image: Image, /, *, anisotropy: int = 8) -> Texture:
    """The same without its texels."""
    height, width = image.pixels.shape[:2]
    texture = Texture(image.name)
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_srgb_alpha)
    texture.minfilter = SamplerState.FT_linear_mipmap_linear
    texture.magfilter = SamplerState.FT_linear
    texture.anisotropic_degree = anisotropy
    texture.wrap_u = texture.wrap_v = SamplerState.WM_repeat if image.repeat else SamplerState.WM_clamp
    return texture


def table_texture(texels: NDArray[np.float32], name: str, /, *, repeat_u: bool = False) -> Texture:
    """[H, W, 4] of table_texels as a float32 texture; linear filter, clamped (u may repeat)."""
    height, width, _ = texels.shape
    texture = empty_table((width, height), name, repeat_u=repeat_u)
    fill(texture, texels, lent=False)
    return texture


def empty_table(size: tuple[int, int], name: str, /, *, repeat_u: bool = False) -> Texture:
    """The same without its texels; `size`: width and height."""
    texture = Texture(name)
    texture.setup_2d_texture(*size, Texture.T_float, Texture.F_rgba32)
    texture.minfilter = texture.magfilter = SamplerState.FT_linear
    texture.wrap_u = SamplerState.WM_repeat if repeat_u else SamplerState.WM_clamp
    texture.wrap_v = SamplerState.WM_clamp
    return texture


def float_rows(rows: NDArray[np.float32], name: str, /, *, lent: bool = False) -> Texture:
    """[T, 4] float32 as a buffer texture of T texels, at least one, for texelFetch. `lent` as of `fill`."""
    texture = Texture(name)
    texture.setup_buffer_texture(len(rows), Texture.T_float, Texture.F_rgba32, GeomEnums.UH_static)
    fill(texture, rows, lent=lent)
    return texture


def floats(texture: Texture, /) -> NDArray[np.float32]:
    """[T, 4] float32: the memory of a texture of `float_rows`; what is written is uploaded before the next draw."""
    return np.frombuffer(memoryview(texture.modify_ram_image()).cast("B"), np.float32).reshape(-1, 4)


def number_rows(name: str, capacity: int, /) -> Texture:
    """A buffer texture of `capacity` uint32 numbers that changes from frame to frame; fill it through `numbers`."""
    texture = Texture(name)
    resize_numbers(texture, capacity)
    return texture


def resize_numbers(texture: Texture, capacity: int, /) -> None:
    """Gives a texture of `number_rows` another capacity; what it held is lost."""
    texture.setup_buffer_texture(capacity, Texture.T_unsigned_int, Texture.F_r32i, GeomEnums.UH_dynamic)
    texture.make_ram_image()


def numbers(texture: Texture, /) -> NDArray[np.uint32]:
    """[capacity] uint32: the memory of a texture of `number_rows`; what is written is uploaded before the next draw."""
    return np.frombuffer(memoryview(texture.modify_ram_image()).cast("B"), np.uint32)  # type: ignore[no-any-return, unused-ignore]


def matrices(array: Any, /) -> NDArray[np.float32]:
    """[K, 4, 4] float32: the memory of a PTA_LMatrix4f. Panda's matrices act on row vectors: write `matrix.T`."""
    return np.asarray(memoryview(array)).reshape(-1, 4, 4)


def vectors(array: Any, /) -> NDArray[np.float32]:
    """[K, n] float32: the memory of a PTA_LVecBase4f or PTA_LVecBase3f."""
    memory = np.asarray(memoryview(array))
    return memory.reshape(len(array), -1)


def pixels(texture: Texture, /) -> NDArray[np.uint8]:
    """[H, W, 3] uint8, row 0 on top: what a texture of 4 bytes a pixel holds in memory."""
    raw = np.frombuffer(memoryview(texture.get_ram_image()).cast("B"), np.uint8)
    return np.ascontiguousarray(raw.reshape(texture.y_size, texture.x_size, 4)[::-1, :, [2, 1, 0]])
