"""The programs of the surface types, compiled when they are first needed."""

from typing import Literal

from panda3d.core import Shader  # noqa: TID251

from vrclient.render_data.quality import Shading
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.shaders import load_shader
from vrclient.scene.draw_data import OPAQUE

VIEWPORT_EXTENSIONS = ("GL_ARB_shader_viewport_layer_array", "GL_AMD_vertex_shader_viewport_index")


OWN_VERTICES = ("sky", "hidden_area")
Instanced = Literal["", "still", "swaying"]
"""Whether rows of a table are drawn, and whether the wind moves them."""


class Programs:
    """All programs of one context, by surface type, number of views in a pass, and what repeated things do."""

    def __init__(self, context: GraphicsContext, /) -> None:
        self._context = context
        self._shaders: dict[tuple[str, int, Instanced, bool], Shader] = {}
        self._shadow: dict[bool, Shader] = {}

    def surface(self, surface: str, /, *, copies: int, instanced: Instanced = "", imaged: bool = False) -> Shader:
        """The program of a surface type, "sky", "hidden_area" or "normals"; `imaged`: with a texture. Raises
        ShaderError."""
        key = (surface, copies, instanced, imaged)
        if key not in self._shaders:
            info = self._context.info
            definitions = [f"VIEWS_PER_PASS {copies}", f"FAR_DEPTH {'0.0' if info.reversed_depth else '-1.0'}"]
            definitions += ["INSTANCED"] if instanced else []
            definitions += ["SWAYING"] if instanced == "swaying" else []
            definitions += ["IMAGED"] if imaged else []
            definitions += ["NUDGED"] if surface == "image" else []
            viewports = tuple(name for name in VIEWPORT_EXTENSIONS if name in info.extensions)[:1]
            self._shaders[key] = load_shader(
                self._context,
                f"{surface}.vert" if surface in OWN_VERTICES else "surface.vert",
                f"{surface}.frag",
                definitions=tuple(definitions),
                extensions=viewports if copies > 1 else (),
            )
        return self._shaders[key]

    def compile_all(self, *, copies: int, shading: Shading, shadows: bool) -> None:
        """Everything that any scene may need, so that none compiles anything later. Raises ShaderError."""
        surfaces: tuple[str, ...] = ("lit", "unlit", "glass", "water", "image", "sky") if shading == "lit" else ("normals",)
        for surface in (*surfaces, "hidden_area"):
            self.surface(surface, copies=copies)
        for instanced in ("still", "swaying"):
            self.surface(surfaces[0], copies=copies, instanced=instanced)
        if shading == "lit":
            for surface in OPAQUE:
                self.surface(surface, copies=copies, imaged=True)
        for of_rows in (False, True) if shadows else ():
            self.shadow(instanced=of_rows)

    def shadow(self, *, instanced: bool) -> Shader:
        """What draws a shadow map. Raises ShaderError."""
        if instanced not in self._shadow:
            definitions = ("INSTANCED",) if instanced else ()
            self._shadow[instanced] = load_shader(self._context, "shadow.vert", "shadow.frag", definitions=definitions)
        return self._shadow[instanced]
