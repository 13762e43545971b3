"""Shader files: includes, definitions, and errors that name file and line."""

from pathlib import Path

import pytest

from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.shaders import ShaderError, load_shader

VERTEX = '#include "include/place.glsl"\n\nvoid main() {\n    gl_Position = place();\n}\n'
PLACE = "in vec3 p3d_Vertex;\n\nvec4 place() {\n    return vec4(p3d_Vertex, 1.0);\n}\n"
FRAGMENT = "#version 330\nlayout(location = 0) out vec4 color;\n\nvoid main() {\n    color = vec4(STRENGTH);\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "place.glsl").write_text(PLACE)
    (tmp_path / "one.vert").write_text(VERTEX)
    (tmp_path / "one.frag").write_text(FRAGMENT)
    return tmp_path


def compiled(context: GraphicsContext, folder: Path) -> None:
    load_shader(context, "one.vert", "one.frag", definitions=("STRENGTH 0.5",), folder=folder)


def test_includes_and_definitions_make_a_program(context: GraphicsContext, folder: Path) -> None:
    compiled(context, folder)


def test_a_file_is_included_once(context: GraphicsContext, folder: Path) -> None:
    (folder / "one.vert").write_text('#include "include/place.glsl"\n' + VERTEX)
    compiled(context, folder)


def test_an_error_names_the_included_file_and_its_line(context: GraphicsContext, folder: Path) -> None:
    (folder / "include" / "place.glsl").write_text(PLACE.replace("return vec4(p3d_Vertex", "return vec4(p3d_Vortex"))
    with pytest.raises(ShaderError) as error:
        compiled(context, folder)
    text = str(error.value)
    assert text.startswith("one.vert with one.frag does not compile:\ninclude/place.glsl:4: ")
    assert "p3d_Vortex" in text


def test_an_error_after_an_include_names_its_own_line(context: GraphicsContext, folder: Path) -> None:
    (folder / "one.vert").write_text(VERTEX.replace("place();", "places();"))
    with pytest.raises(ShaderError, match=r"one\.vert:4: .*places"):
        compiled(context, folder)


def test_an_error_in_the_second_file_names_it(context: GraphicsContext, folder: Path) -> None:
    (folder / "one.frag").write_text(FRAGMENT.replace("vec4(STRENGTH)", "vec5(STRENGTH)"))
    with pytest.raises(ShaderError, match=r"one\.frag:5: .*vec5"):
        compiled(context, folder)


def test_a_missing_include_is_named(context: GraphicsContext, folder: Path) -> None:
    (folder / "include" / "place.glsl").unlink()
    with pytest.raises(ShaderError, match=r"include/place\.glsl: No such file or directory$"):
        compiled(context, folder)


def test_endless_includes_are_refused(context: GraphicsContext, folder: Path) -> None:
    for number in range(12):
        (folder / "include" / f"{number}.glsl").write_text(f'#include "include/{number + 1}.glsl"\n')
    (folder / "one.vert").write_text('#include "include/0.glsl"\n')
    with pytest.raises(ShaderError, match=r"^include/8\.glsl: includes are nested more than 8 deep$"):
        compiled(context, folder)
