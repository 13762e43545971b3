"""Files that a showcase names."""

import os
import shlex
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vrclient.showcase import assets
from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Diagnostic


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    (folder / "pictures").mkdir(parents=True)
    Image.new("RGB", (4, 4)).save(folder / "pictures/gate.png")
    Image.new("RGB", (4, 4)).save(tmp_path / "secret.png")
    return folder


def test_found_as_absolute_path(root: Path) -> None:
    folder = AssetFolder(root)
    assert folder.find("pictures/gate.png", root) == (root / "pictures/gate.png").resolve()
    assert folder.find("./gate.png", root / "pictures") == (root / "pictures/gate.png").resolve()
    assert folder.find("../pictures/gate.png", root / "pictures") == (root / "pictures/gate.png").resolve()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "pictures/../../secret.png",
        "../harbour/../secret.png",
        "/etc/passwd",
        "~/secret.png",
        "C:\\secret.png",
        "c:secret.png",
        "\\\\server\\a.png",
        "..\\secret.png",
        "file:///etc/passwd",
        "https://example.org/a.png",
    ],
)
def test_nothing_outside_the_folder(name: str, root: Path) -> None:
    found = AssetFolder(root).find(name, root)
    assert isinstance(found, Diagnostic) and found.code == "outside-folder", found


def test_no_link_out_of_the_folder(root: Path) -> None:
    (root / "link.png").symlink_to(root.parent / "secret.png")
    (root / "folder").symlink_to(root.parent)
    (root / "loop.png").symlink_to(root / "loop.png")
    (root / "inside.png").symlink_to(root / "pictures/gate.png")
    folder = AssetFolder(root)
    found = folder.find("link.png", root)
    assert isinstance(found, Diagnostic)
    assert found.message == "'link.png' is a link to a file outside the showcase's folder"
    assert isinstance(folder.find("folder/secret.png", root), Diagnostic)
    assert isinstance(folder.find("loop.png", root), Diagnostic)
    assert folder.find("inside.png", root) == (root / "pictures/gate.png").resolve()


def test_a_showcase_may_itself_be_a_link(root: Path) -> None:
    link = root.parent / "linked"
    link.symlink_to(root)
    assert AssetFolder(link).find("pictures/gate.png", link) == (root / "pictures/gate.png").resolve()


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", "/", "a\0b", "x" * 5000, "pictures/", "a" * 300, "pictures//gate.pn", "gate.png/x", "con:"]
)
def test_odd_names(name: str, root: Path) -> None:
    assert isinstance(AssetFolder(root).find(name, root), Diagnostic)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes as files here")
def test_what_is_no_plain_file(root: Path) -> None:
    os.mkfifo(root / "pipe.png")
    assert AssetFolder(root).find("pipe.png", root) == Diagnostic(
        "missing-file", "'pipe.png' is not a file that can be read", "copy it into the showcase's folder and give its name there"
    )


def test_composed_and_decomposed_names_are_the_same(root: Path) -> None:
    (root / "cafe\u0301.png").touch()
    assert AssetFolder(root).find("caf\u00e9.png", root) == (root / "cafe\u0301.png").resolve()


def test_a_bomb_is_refused_before_it_is_decoded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "MAX_PIXELS", 10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (found,) = AssetFolder(root).inspect(root / "pictures/gate.png", "image")
    assert found == Diagnostic("limit", "'gate.png' has 4 x 4 pixels; the limit is 10 in all", "make the image smaller")


def test_other_picture_formats(root: Path) -> None:
    folder = AssetFolder(root)
    for name, is_fine in (("a.jpg", True), ("a.webp", True), ("a.bmp", False), ("a.gif", False), ("a.tiff", False)):
        Image.new("RGB", (4, 4)).save(root / name)
        assert (not folder.inspect(root / name, "image")) == is_fine, name


@pytest.mark.parametrize("mode", ["L", "I;16"])
def test_heights_from_pictures(mode: str, root: Path) -> None:
    Image.new(mode, (4, 4)).save(root / "land.png")
    assert AssetFolder(root).inspect(root / "land.png", "heights") == ()


@pytest.mark.parametrize(
    "heights", [np.zeros((1, 5)), np.zeros(5), np.zeros(()), np.zeros((2, 2), complex), np.array([["a", "b"], ["c", "d"]])]
)
def test_heights_that_are_none(heights: object, root: Path) -> None:
    np.save(root / "land.npy", heights)
    (found,) = AssetFolder(root).inspect(root / "land.npy", "heights")
    assert found.code == "broken-file"


def test_the_gltf_reader_is_asked_once(root: Path) -> None:
    asked: list[Path] = []

    def inspect(file: Path) -> list[Diagnostic]:
        asked.append(file)
        return [Diagnostic("gltf-skin", "too many bones", "remove some", "warning")]

    (root / "a.gltf").write_text("{}")
    (root / "a.glb").write_text("solid")
    folder = AssetFolder(root, inspect_gltf=inspect)
    for _ in range(2):
        assert folder.inspect(root / "a.gltf", "gltf") == (Diagnostic("gltf-skin", "too many bones", "remove some", "warning"),)
    assert folder.inspect(root / "a.glb", "gltf")[0].message == "'a.glb' is not a glTF file (.glb or .gltf)"
    assert asked == [root / "a.gltf"]


def test_a_folder_that_a_link_leads_to_is_not_looked_into(root: Path) -> None:
    (root.parent / "private").mkdir()
    (root.parent / "private/passwords.txt").write_text("x")
    (root / "link").symlink_to(root.parent / "private")
    for name in ("link/password.txt", "link/passwords.txt", "link", "link/x/y", "pictures/../link/password.txt"):
        found = AssetFolder(root).find(name, root)
        assert isinstance(found, Diagnostic)
        assert "passwords" not in (found.message + found.help).replace(name, ""), found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_never_ends_is_not_opened(root: Path) -> None:
    os.mkfifo(root / "pipe.png")
    (root / "zero.png").symlink_to("/dev/zero")
    (root / "tty.png").symlink_to("/dev/tty")
    messages = [AssetFolder(root).find(name, root) for name in ("pipe.png", "zero.png", "tty.png")]
    assert [one.message for one in messages if isinstance(one, Diagnostic)] == [
        "'pipe.png' is not a file that can be read",
        "'zero.png' is a link to a file outside the showcase's folder",
        "'tty.png' is a link to a file outside the showcase's folder",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "//server/share/a.png",
        "\\\\?\\C:\\a.png",
        "\\\\.\\PhysicalDrive0",
        "Z:/a.png",
        "file:a.png/../../secret.png",
        "smb://server/a.png",
        "pictures/../../harbour/pictures/gate.png/../../../secret.png",
        "CON",
        "NUL.png",
        "pictures/gate.png:stream",
        "pictures/gate.png ",
        "pictures/gate.png.",
    ],
)
def test_no_name_leads_elsewhere_on_any_system(name: str, root: Path) -> None:
    assert isinstance(AssetFolder(root).find(name, root), Diagnostic)


def test_what_is_offered_instead_is_of_the_same_kind(tmp_path: Path) -> None:
    """A sound that is missing is not answered with a list of pictures."""
    for name in ("lake.png", "gate.jpg", "birds.ogg", "wind.mp3", "showcase.yaml"):
        (tmp_path / name).write_bytes(b"x")
    folder = AssetFolder(tmp_path)
    missing = folder.find("lake.ogg", tmp_path, media="sound")
    assert isinstance(missing, Diagnostic)
    assert missing.help == "copy the file there, or correct its name; there are 'birds.ogg', 'wind.mp3'"
    close = folder.find("brids.ogg", tmp_path, media="sound")
    assert isinstance(close, Diagnostic) and close.help == "did you mean 'birds.ogg'?"
    none = folder.find("a.srt", tmp_path, media="subtitles")
    assert isinstance(none, Diagnostic)
    assert none.help == "copy the file there, or correct its name; there is nothing of this kind (.srt, .vtt) yet"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0)
    (problem,) = AssetFolder(tmp_path).inspect(tmp_path / "a.png", "image")
    assert problem.message == "'a.png' cannot be read: Permission denied"


def test_what_the_system_does_not_let_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (problem,) = AssetFolder(tmp_path).inspect(tmp_path / "a.png", "image")
    assert problem.message == "'a.png' cannot be read: Permission denied"
    assert problem.help == "let everybody read it (its permissions), or copy it again"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["$(touch x).mp4", "a;touch x.mp4", '"; touch x #.mp4', "`touch x`.mp4", "-y.mp4", "it's.mp4"])
def test_a_command_that_is_proposed_carries_out_nothing_that_a_file_is_called(name: str, root: Path) -> None:
    (root / name).write_bytes(b"no film")
    (problem,) = AssetFolder(root).inspect((root / name).resolve(), "video")
    words = shlex.split(problem.help.partition(": ")[2])
    assert words[:3] == ["ffmpeg", "-i", f"./{name}"] and words[-1] == f"./{name.removesuffix('.mp4')}_h264.mp4"
    assert "$(" not in problem.help.replace(shlex.quote(f"./{name}"), "").replace(shlex.quote(words[-1]), "")
