"""Valid showcases, damaged at random: never an exception, always a place and a remedy."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from vrclient.showcase.diagnostics import as_dictionary, as_text
from vrclient.showcase.load import LoadResult, load_showcase
from vrclient.showcase.models import ElementModel

MAIN = """\
vrclient: 1
title: {zh: 奉贤城市之门, en: Fengxian City Gate}
description: {zh: 短, en: "A short text: with a colon"}
origin: {lon_deg: 121.475, lat_deg: 30.945, datum: wgs84, confidence: estimate, source: "a map"}
environment: {time: "19:30", date: 2019-10-25, haze_m: 1800}
include: [park.yaml]
elements:
  - {kind: spawn, at: [0, -40], heading_deg: 12.5}
  - kind: building
    id: hall
    title: &hall {zh: 市政厅, en: Town hall}
    footprint: [[-20, 0], [20, 0], [20, 15], [-20, 15]]
    height_m: 1.2e1
    color: "#f4f1ea"
    facade:
      pattern: curtain_wall
      lit_ratio: 0.35
    built: 2019-10-25
  - {kind: panel, at: [3, 4, 5], text: *hall, image: gate.png}
  - {kind: land, heights: land.npy}
"""
PARK = """\
elements:
  - kind: road
    id: quay
    path:
      - [0, 0]
      - [10, 0.5]   # a bend
      - [20, 5]
  - {kind: scatter, mesh: lamp, count: 12, along: quay, area: [[0, 0], [5, 0], [5, 5]]}
  - {kind: statue, file: statue.gltf, at: [5, 5]}
"""
SCALARS = (
    *("", "~", "null", "no", "true", "12:30", "1e999", "-1", "0", "1" * 30, "9" * 400, ".nan", "0x", "2019-02-30"),
    *("[", "]", "{", "}", "[]", "{}", "[[[[]]]]", "{a: {b: [c]}}", "- x", "? x", ": x", "|", ">", '"', "'", "# x"),
    *("&a [*a]", "*hall", "<<: *hall", "!!python/object:os.system x", "!x", "%YAML 1.2", "---", "..."),
    *('"\\ud800"', '"\\x00"', "\t", "\x00", "\x85", "\u2028", "\ufeff", "\u3000", "％", "：", "门" * 300, "a" * 3000),
    *("../x", "/etc/passwd", "C:\\x", "north\x1b[31m"),
)


@st.composite
def other_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(found))), draw(st.integers(0, 12))
        found[at : at + length] = draw(st.binary(max_size=6))
    return bytes(found)


@st.composite
def other_lines(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.sampled_from(("drop", "repeat", "swap", "indent", "outdent", "join"))):
            case "drop":
                del lines[at : at + draw(st.integers(1, 3))]
            case "repeat":
                lines.insert(at, lines[at] if lines else "\n")
            case "swap":
                lines[at : at + 2] = lines[at : at + 2][::-1]
            case "indent":
                lines[at : at + 1] = [" " * draw(st.integers(1, 5)) + line for line in lines[at : at + 1]]
            case "outdent":
                lines[at : at + 1] = [line.removeprefix(" " * draw(st.integers(1, 5))) for line in lines[at : at + 1]]
            case _:
                lines[at : at + 1] = [line.rstrip("\n") for line in lines[at : at + 1]]
    return "".join(lines)


@st.composite
def other_values(draw: st.DrawFn, text: str) -> str:
    """Values, keys and pieces of lists replaced by something of another type."""
    for _ in range(draw(st.integers(1, 3))):
        starts = [number for number in range(1, len(text)) if text[number - 1] in " [{,:" and text[number] not in " \n"]
        start = draw(st.sampled_from(starts))
        end = start
        while end < len(text) and text[end] not in ",]}\n:":
            end += 1
        text = text[:start] + draw(st.sampled_from(SCALARS) | st.text(max_size=12)) + text[end:]
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    picture, heights = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)).save(picture, "PNG")
    np.save(heights, np.arange(12, dtype=np.float32).reshape(3, 4))
    for name, data in {
        "showcase.yaml": MAIN.encode(),
        "park.yaml": PARK.encode(),
        "gate.png": picture.getvalue(),
        "land.npy": heights.getvalue(),
        "statue.gltf": b"{}",
    }.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def load(folder: Path, models: dict[str, type[ElementModel]], has_path: tuple[str, ...]) -> Callable[[str, bytes], LoadResult]:
    """Loads with one file changed."""

    def load(name: str, data: bytes) -> LoadResult:
        original = (folder / name).read_bytes()
        (folder / name).write_bytes(data)
        try:
            return load_showcase(folder, models, has_path=has_path, check_text=lambda text: [c for c in text if c > "\uffff"])
        finally:
            (folder / name).write_bytes(original)

    return load


def test_undamaged(load: Callable[[str, bytes], LoadResult]) -> None:
    assert load("showcase.yaml", MAIN.encode()).diagnostics == ()


def explained(result: LoadResult) -> None:
    assert (result.showcase is None) == any(one.severity == "error" for one in result.diagnostics)
    for one in result.diagnostics:
        assert one.help and one.message
        assert one.place.line >= 1 and one.place.column >= 1 and one.place.length >= 1
        assert one.place.column <= len(one.place.source) + 1
        assert as_text(one) and as_dictionary(one)


FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(FIXTURES, max_examples=120)
@given(data=st.data())
def test_damaged_bytes(data: st.DataObject, load: Callable[[str, bytes], LoadResult]) -> None:
    name, text = data.draw(st.sampled_from((("showcase.yaml", MAIN), ("park.yaml", PARK))))
    explained(load(name, data.draw(other_bytes(text.encode()))))


@settings(FIXTURES, max_examples=120)
@given(data=st.data())
def test_damaged_lines(data: st.DataObject, load: Callable[[str, bytes], LoadResult]) -> None:
    name, text = data.draw(st.sampled_from((("showcase.yaml", MAIN), ("park.yaml", PARK))))
    explained(load(name, data.draw(other_lines(text)).encode()))


@settings(FIXTURES, max_examples=200)
@given(data=st.data())
def test_damaged_values(data: st.DataObject, load: Callable[[str, bytes], LoadResult]) -> None:
    name, text = data.draw(st.sampled_from((("showcase.yaml", MAIN), ("park.yaml", PARK))))
    explained(load(name, data.draw(other_values(text)).encode("utf-8", "surrogatepass")))


@settings(FIXTURES, max_examples=80)
@given(data=st.data())
def test_damaged_files(data: st.DataObject, load: Callable[[str, bytes], LoadResult], folder: Path) -> None:
    name = data.draw(st.sampled_from(("gate.png", "land.npy", "statue.gltf")))
    original = (folder / name).read_bytes()
    explained(load(name, data.draw(other_bytes(original) | st.binary(max_size=40))))
