"""The values that all shaders share: views, light and air. They live in arrays that the engine reads at every frame, so a
change costs a copy and no new state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from panda3d.core import NodePath, PTA_LMatrix4f, PTA_LVecBase3f, PTA_LVecBase4f, SamplerState, Texture  # noqa: TID251

from vrclient.frame.views import ViewSet
from vrclient.geometry.frames import inverse_rigid
from vrclient.render_data.texels import table_texels
from vrclient.renderer import convert
from vrclient.scene.draw_data import Mist
from vrclient.scene.environment import LightEnvironment
from vrclient.scene.light_map import LightMap

Floats = NDArray[np.floating[Any]]
Floats32 = NDArray[np.float32]

VIEWS_MAX = 4


class Projection:
    """The projections of a viewer's views, with reversed depth: near is 1, far is 0 (or -1 where clip space cannot start
    at 0). They are made anew only when the optics change."""

    def __init__(self, *, zero_to_one: bool) -> None:
        self._zero_to_one = zero_to_one
        self._of: NDArray[np.float64] | None = None
        self._clip_from_view: Floats = np.empty((0, 4, 4))
        self._view_from_clip: Floats = self._clip_from_view

    def matrices(self, view_set: ViewSet, /) -> tuple[Floats, Floats]:
        """clip_from_world and world_from_clip, both [V, 4, 4] float64."""
        if view_set.clip_from_view is not self._of:
            self._of = clip = view_set.clip_from_view
            self._clip_from_view = clip.copy()
            self._clip_from_view[:, 2] = 0.5 * (clip[:, 3] - clip[:, 2]) if self._zero_to_one else -clip[:, 2]
            self._view_from_clip = np.linalg.inv(self._clip_from_view)
        world_from_view = inverse_rigid(view_set.view_from_world)
        return self._clip_from_view @ view_set.view_from_world, world_from_view @ self._view_from_clip


class ViewUniforms:
    """The matrices and eyes of the views of one pass."""

    def __init__(self, count: int, /) -> None:
        self._arrays: dict[str, Any] = {
            "clip_from_world": PTA_LMatrix4f.empty_array(count),
            "world_from_clip": PTA_LMatrix4f.empty_array(count),
            "eye": PTA_LVecBase4f.empty_array(count),
        }
        self._clip = convert.matrices(self._arrays["clip_from_world"])
        self._world = convert.matrices(self._arrays["world_from_clip"])
        self._eye = convert.vectors(self._arrays["eye"])

    def bind(self, node: NodePath, /) -> None:
        """Lets the node's shaders read them."""
        node.set_shader_inputs(**self._arrays)

    def set(self, clip_from_world: Floats, world_from_clip: Floats, eyes: Floats, /) -> None:
        """[V, 4, 4], [V, 4, 4] and [V, 3] eyes in the world; used from the next draw on."""
        self._clip[:] = clip_from_world.swapaxes(1, 2)
        self._world[:] = world_from_clip.swapaxes(1, 2)
        self._eye[:, :3] = eyes


class LightUniforms:
    """The light and air of the moment, the shadow's matrix and the textures that go with them."""

    def __init__(self) -> None:
        self._arrays: dict[str, Any] = {
            "sun_direction": PTA_LVecBase3f.empty_array(1),
            "sun_radiance": PTA_LVecBase3f.empty_array(1),
            "ambient_sh": PTA_LVecBase3f.empty_array(9),
            "atmosphere": PTA_LVecBase4f.empty_array(1),
            "mist": PTA_LVecBase4f.empty_array(2),
            "light_map_frame": PTA_LVecBase4f.empty_array(1),
            "reflection_frame": PTA_LVecBase4f.empty_array(1),
            "shadow_from_world": PTA_LMatrix4f.empty_array(1),
        }
        self._memory = {name: convert.vectors(array) for name, array in self._arrays.items() if name != "shadow_from_world"}
        self._shadow = convert.matrices(self._arrays["shadow_from_world"])
        self._shadow[0] = np.eye(4)
        self._no_reflection = convert.table_texture(np.zeros((1, 1, 4), np.float32), "no reflection")
        self._textures: dict[str, Texture] = {
            "sky_table": convert.table_texture(np.zeros((1, 1, 4), np.float32), "no sky"),
            "light_map": convert.table_texture(np.zeros((2, 1, 4), np.float32), "no lamps"),
            "shadow_map": _no_shadow(),
            "reflection": self._no_reflection,
        }
        self._nodes: list[NodePath] = []

    def bind(self, node: NodePath, /) -> None:
        """Lets the node's shaders read them, now and after changes."""
        node.set_shader_inputs(**self._textures, **self._arrays)
        self._nodes.append(node)

    def unbind(self, node: NodePath, /) -> None:
        """Changes no longer reach the node."""
        self._nodes = [one for one in self._nodes if one != node]

    def set_environment(self, environment: LightEnvironment, /) -> None:
        """Takes over a moment's light, its sky included."""
        memory = self._memory
        memory["sun_direction"][0] = environment.sun_direction
        memory["sun_radiance"][0] = environment.sun_radiance
        memory["ambient_sh"][:] = environment.ambient_sh
        memory["atmosphere"][0, :3] = environment.haze, environment.exposure, environment.darkness
        self._textures["sky_table"].release_all()
        self._set_texture("sky_table", convert.table_texture(table_texels(environment.sky_table), "sky table", repeat_u=True))

    def set_seconds(self, seconds: float, /) -> None:
        """The time by which waves, clouds and leaves move."""
        self._memory["atmosphere"][0, 3] = seconds

    def set_light_map(self, light_map: LightMap, texture: Texture, /) -> None:
        """Takes over the light of a scene's lamps; `texture`: of its pixels."""
        self._memory["light_map_frame"][0] = light_map.frame
        self._set_texture("light_map", texture)

    def set_mist(self, mist: Mist | None, /) -> None:
        """Takes over a scene's mist; None = there is none. shaders/include/fog.glsl knows the layout."""
        memory = self._memory["mist"]
        memory[:] = 0.0
        if mist is not None:
            memory[0] = 2.3 / mist.reach, mist.top, mist.falloff, mist.swell
            memory[1, :3] = 1.0 / mist.size, *mist.drift

    def set_shadow(self, shadow_map: Texture, shadow_from_world: NDArray[np.float64], /) -> None:
        """The map and where the world is in it."""
        self._shadow[0] = shadow_from_world.T
        self._set_texture("shadow_map", shadow_map)

    def set_reflection(self, reflection: Texture | None, size: tuple[int, int], level: float, /) -> None:
        """The mirrored picture for a target of `size` pixels, and the level of the water that mirrors; None = there is none."""
        frame = (1.0 / size[0], 1.0 / size[1], float(reflection is not None), level)
        self._memory["reflection_frame"][0] = frame
        self._set_texture("reflection", reflection if reflection is not None else self._no_reflection)

    @property
    def textures(self) -> list[Texture]:
        """What the shaders read now."""
        return list(self._textures.values())

    def close(self) -> None:
        """Gives the textures back."""
        for texture in (*self._textures.values(), self._no_reflection):
            texture.release_all()

    def _set_texture(self, name: str, texture: Texture) -> None:
        if self._textures[name] is not texture:
            self._textures[name] = texture
            for node in self._nodes:
                node.set_shader_input(name, texture)


def _no_shadow() -> Texture:
    texture = Texture("no shadow")
    texture.setup_2d_texture(1, 1, Texture.T_float, Texture.F_depth_component)
    texture.set_ram_image(convert.bytes_of(np.ones((1, 1), np.float32)))
    texture.minfilter = texture.magfilter = SamplerState.FT_shadow
    return texture
