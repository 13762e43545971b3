"""Nothing outside a showcase's folder is read, quoted or listed, whichever key names it and however."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vrclient.app.opening import load
from vrclient.showcase.diagnostics import as_dictionary, as_text
from vrclient.showcase.find import NoSuchShowcase, find_reachable, reachable_showcases
from vrclient.showcase.load import LoadResult

HEAD = "vrclient: 1\ntitle: {zh: 港口, en: Harbour}\norigin: {lon_deg: 121.5, lat_deg: 31.2}\n"
SPAWN = "elements:\n  - {kind: spawn, at: [0, -40]}\n"
SECRET = "root: x0secret0x:17:0:99999:7\n"

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that tests lack on Windows")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "private").mkdir()
    for name in (
        "shadow",
        "shadow.yaml",
        "shadow.png",
        "shadow.glb",
        "shadow.mp4",
        "shadow.ogg",
        "shadow.srt",
        "shadow.npy",
        "shadow.bin",
    ):
        (tmp_path / "private" / name).write_text(SECRET)
    (tmp_path / "harbour").mkdir()
    return tmp_path / "harbour"


def told(result: LoadResult) -> str:
    return "\n".join(as_text(one) + json.dumps(as_dictionary(one)) for one in result.diagnostics)


@needs_links
@pytest.mark.parametrize("given", [lambda folder: folder, lambda folder: folder / "showcase.yaml"])
def test_showcase_yaml_is_no_way_out(folder: Path, given: Callable[[Path], Path]) -> None:
    (folder / "showcase.yaml").symlink_to(folder.parent / "private/shadow")
    result = load(given(folder))
    assert [as_text(one) for one in result.diagnostics] == [
        f"{folder}/showcase.yaml:1:1: error[outside-folder]: 'showcase.yaml' is a link to a file outside the showcase's folder\n"
        "  help: copy the file itself into the folder"
    ]
    assert result.files == ()


@needs_links
def test_showcase_yaml_may_be_a_link_inside_and_its_folder_a_link(folder: Path) -> None:
    (folder / "summer.yaml").write_text(HEAD + SPAWN, "utf-8")
    (folder / "showcase.yaml").symlink_to("summer.yaml")
    (folder.parent / "link").symlink_to(folder)
    assert load(folder).diagnostics == load(folder.parent / "link").diagnostics == ()


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/random", "/proc/self/environ", "/proc/kmsg"])
@needs_links
def test_devices_are_not_read(folder: Path, target: str) -> None:
    (folder / "showcase.yaml").symlink_to(target)
    assert load(folder).showcase is None


@needs_links
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "showcase.yaml").write_text(HEAD + "include: [pipe.yaml]\n" + SPAWN, "utf-8")
    os.mkfifo(folder / "pipe.yaml")
    assert [one.code for one in load(folder).diagnostics] == ["missing-file"]
    (folder / "showcase.yaml").unlink()
    os.mkfifo(folder / "showcase.yaml")
    assert [one.code for one in load(folder).diagnostics] == ["file"]


ELEMENTS = {
    "png": (
        "{kind: panel, at: [0, 9], title: {zh: 一, en: a}, image: NAME}",
        "{kind: screen, at: [0, 9], pictures: [NAME]}",
        "{kind: portal, id: p, to: hall, at: [0, 9], title: {zh: 一, en: a}, still: NAME}",
        "{kind: exhibit, id: e, at: [0, 9], title: {zh: 一, en: a}, picture: NAME}",
        "{kind: terrain, heights: NAME}",
    ),
    "npy": ("{kind: terrain, heights: NAME}",),
    "glb": ("{kind: model, file: NAME, at: [0, 9]}",),
    "mp4": ("{kind: screen, at: [0, 9], video: NAME}",),
    "ogg": ("{kind: sound, at: [0, 9], file: NAME}",),
    "srt": ("{kind: screen, at: [0, 9], video: NAME, subtitles: {zh: NAME}}",),
    "yaml": (),
}


@needs_links
@pytest.mark.parametrize("ending", ELEMENTS)
@pytest.mark.parametrize("way", ["link", "folder", "dots"])
def test_every_key_that_names_a_file(folder: Path, ending: str, way: str) -> None:
    (folder / f"link.{ending}").symlink_to(folder.parent / f"private/shadow.{ending}")
    (folder / "private").symlink_to(folder.parent / "private")
    name = {"link": f"link.{ending}", "folder": f"private/shadow.{ending}", "dots": f"../private/shadow.{ending}"}[way]
    elements = "".join(f"  - {one.replace('NAME', name)}\n" for one in ELEMENTS[ending])
    include = f"include: [{name}]\n" if ending == "yaml" else ""
    (folder / "showcase.yaml").write_text(HEAD + include + SPAWN + elements, "utf-8")
    result = load(folder)
    found = [one for one in result.diagnostics if one.code == "outside-folder"]
    assert len(found) >= max(1, len(ELEMENTS[ending])), told(result)
    assert "x0secret0x" not in told(result)
    assert not any("private" in file.parts for file in result.files)


@needs_links
@pytest.mark.parametrize(
    "uri", ["link.bin", "private/shadow.bin", "../private/shadow.bin", "pipe.bin", "zero.bin", "%2e%2e/private/shadow.bin"]
)
def test_what_a_model_names(folder: Path, uri: str) -> None:
    (folder / "link.bin").symlink_to(folder.parent / "private/shadow.bin")
    (folder / "private").symlink_to(folder.parent / "private")
    (folder / "zero.bin").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.bin")
    accessor = {"bufferView": 0, "componentType": 5121, "count": 1, "type": "SCALAR"}
    model = {
        "asset": {"version": "2.0"},
        "buffers": [{"uri": uri, "byteLength": 8}],
        "bufferViews": [{"buffer": 0, "byteLength": 8}],
        "accessors": [accessor],
        "images": [{"uri": uri}],
        "textures": [{"source": 0}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
    }
    (folder / "a.gltf").write_text(json.dumps(model))
    (folder / "showcase.yaml").write_text(HEAD + SPAWN + "  - {kind: model, file: a.gltf, at: [0, 9]}\n", "utf-8")
    result = load(folder)
    assert result.showcase is None and "x0secret0x" not in told(result)


def test_a_portal_leads_to_neighbours_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "showcase.yaml").write_text(HEAD + SPAWN, "utf-8")
    for name in ("quay", "elsewhere/inner"):
        (folder.parent / name).mkdir(parents=True)
        (folder.parent / name / "showcase.yaml").write_text(HEAD + SPAWN, "utf-8")
    (folder.parent / "showcase.yaml").write_text(HEAD + SPAWN, "utf-8")
    monkeypatch.chdir(folder.parent / "elsewhere")
    assert find_reachable("quay", folder) == folder.parent.resolve() / "quay/showcase.yaml"
    for name in ("..", ".", "inner", "showcase.yaml", "C:", "quay\n"):
        with pytest.raises(NoSuchShowcase):
            find_reachable(name, folder)


@needs_links
def test_a_link_beside_is_no_neighbour(folder: Path) -> None:
    (folder / "showcase.yaml").write_text(HEAD + SPAWN, "utf-8")
    inner = folder.parent / "inner"
    inner.mkdir()
    (inner / "city").symlink_to(folder)
    (inner / "own").mkdir()
    (inner / "own/showcase.yaml").write_text(HEAD + SPAWN, "utf-8")
    assert {"own", "city"} & set(reachable_showcases(inner / "own")) == {"own"}
