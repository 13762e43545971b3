"""GLSL from files: includes resolved, definitions put in front, compiled at once, and errors named by file and line."""

import re
from pathlib import Path

from panda3d.core import Shader  # noqa: TID251

from vrclient.paths import shaders_folder
from vrclient.renderer.context import GraphicsContext, log_notices, take_notices

VERSION = "#version 430 core"
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"\s*$')
_PLACE = re.compile(r"^(?:ERROR: )?(?:created-shader|\d+)[:(](\d+)(?:\(\d+\))?\)?\s*:?\s*")
_DEPTH = 8

Places = list[tuple[str, int]]
"""For each line of a source, the file and line it comes from."""


class ShaderError(RuntimeError):
    """A shader does not compile or link, or a file that it includes is missing. The text names file and line."""


def load_shader(
    context: GraphicsContext,
    vertex: str,
    fragment: str,
    /,
    *,
    definitions: tuple[str, ...] = (),
    extensions: tuple[str, ...] = (),
    folder: Path | None = None,
) -> Shader:
    """The program of two files in the shaders folder, compiled. `definitions` are lines such as "INSTANCED" or "VIEWS 2".

    Raises ShaderError."""
    sources = [_source(folder or shaders_folder(), name, definitions, extensions) for name in (vertex, fragment)]
    shader = Shader.make(Shader.SL_GLSL, sources[0][0], sources[1][0])
    context.make_current()
    log_notices()
    compiled = shader.prepare_now(context.gsg.prepared_objects, context.gsg)
    report = take_notices()
    if compiled is None or shader.get_error_flag():
        raise ShaderError(f"{vertex} with {fragment} does not compile:\n{_named(report, sources[0][1], sources[1][1])}")
    return shader


def _source(folder: Path, name: str, definitions: tuple[str, ...], extensions: tuple[str, ...]) -> tuple[str, Places]:
    head = [VERSION, *(f"#extension {one} : require" for one in extensions), *(f"#define {one}" for one in definitions)]
    body = _lines(folder, name, set(), 0)
    places = [(name, 0)] * len(head) + [place for _, place in body]
    return "\n".join([*head, *(line for line, _ in body), ""]), places


def _lines(folder: Path, name: str, seen: set[str], depth: int) -> list[tuple[str, tuple[str, int]]]:
    """The lines of a file with its includes, each file once, each line with its place."""
    if depth > _DEPTH:
        raise ShaderError(f"{name}: includes are nested more than {_DEPTH} deep")
    path = folder / name
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ShaderError(f"{path}: {error.strerror}") from error
    seen.add(name)
    lines: list[tuple[str, tuple[str, int]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        included = _INCLUDE.match(line)
        if included is None:
            lines.append(("" if line.lstrip().startswith("#version") else line, (name, number)))
        elif included[1] not in seen:
            lines += _lines(folder, included[1], seen, depth + 1)
    return lines


def _named(report: str, vertex: Places, fragment: Places) -> str:
    """The compiler's report with files and lines in place of its line numbers."""
    places = vertex

    def place(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        name, line = places[index] if 0 <= index < len(places) else ("?", index)
        return f"{name}:{line}: "

    lines = []
    for line in report.splitlines():
        if "(error)" in line:
            places = fragment if "fragment" in line else vertex
        elif line.strip():
            lines.append(_PLACE.sub(place, line))
    return "\n".join(lines)
