"""How much the engine holds: on the graphics card, and in its own stores. For soaks; nothing that draws asks for it."""

from dataclasses import dataclass

from panda3d.core import RenderState, TexturePool, TransformState  # noqa: TID251

from vrclient.renderer.context import GraphicsContext


@dataclass(frozen=True, slots=True)
class Held:
    """textures, geometry, buffers   on the graphics card: textures, draws, vertex and index buffers
    outputs   what is drawn into: windows and buffers
    states    render and transform states that are kept to be found again
    pooled    textures that the engine keeps by their file's name
    """

    textures: int
    geometry: int
    buffers: int
    outputs: int
    states: int
    pooled: int


def held(context: GraphicsContext, /) -> Held:
    """What there is now."""
    prepared = context.gsg.prepared_objects
    return Held(
        textures=prepared.get_num_prepared_textures(),
        geometry=prepared.get_num_prepared_geoms(),
        buffers=prepared.get_num_prepared_vertex_buffers() + prepared.get_num_prepared_index_buffers(),
        outputs=len(context.engine.get_windows()),
        states=RenderState.get_num_states() + TransformState.get_num_states(),
        pooled=TexturePool.find_all_textures().get_num_textures(),
    )
