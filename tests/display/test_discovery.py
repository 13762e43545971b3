"""Which OpenXR runtime is found, by files alone."""

import json
import os
import sys
from pathlib import Path

import pytest

from vrclient.display.openxr.discovery import Found, Missing, installed_runtime, openxr_runtime_files

LINUX = pytest.mark.skipif(sys.platform == "win32", reason="the registry, not files, names the runtime there")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a runtime, but for this folder's."""
    monkeypatch.delenv("XR_RUNTIME_JSON", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'first'}:{tmp_path / 'second'}")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return tmp_path


def described(file: Path, library: object = "libopenxr_fake.so", name: object = "Fake") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    runtime = {"name": name, "library_path": library}
    file.write_text(json.dumps({"file_format_version": "1.0.0", "runtime": {k: v for k, v in runtime.items() if v is not None}}))
    return file


def missing() -> str:
    found = installed_runtime()
    assert isinstance(found, Missing)
    return found.reason


@LINUX
def test_the_order_is_the_loaders(folder: Path) -> None:
    files = openxr_runtime_files()
    assert [file.name for file in files] == ["active_runtime.x86_64.json", "active_runtime.json"] * 5
    assert [file.parent for file in files[::2]] == [
        one / "openxr" / "1"
        for one in (folder / "home", folder / "first", folder / "second", Path("/usr/local/etc"), Path("/etc"))
    ]


@LINUX
def test_the_first_that_exists_is_taken(folder: Path) -> None:
    for number, file in reversed(list(enumerate(openxr_runtime_files()[:6]))):
        described(file, name=f"Fake {number}")
        assert installed_runtime() == Found(file, f"Fake {number}", "libopenxr_fake.so")


def test_the_variable_stands_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = described(folder / "fake.json")
    monkeypatch.setenv("XR_RUNTIME_JSON", str(file))
    assert openxr_runtime_files() == (file,)
    assert installed_runtime() == Found(file, "Fake", "libopenxr_fake.so")


def test_a_runtime_without_a_name_is_called_by_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", str(described(folder / "wivrn.json", name=None)))
    assert installed_runtime() == Found(folder / "wivrn.json", "wivrn", "libopenxr_fake.so")


def test_a_library_beside_the_file_that_the_link_leads_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = described(folder / "share" / "fake.json", "../lib/libfake.so")
    (folder / "lib").mkdir()
    (folder / "lib" / "libfake.so").touch()
    link = folder / "link.json"
    link.symlink_to(real)
    monkeypatch.setenv("XR_RUNTIME_JSON", str(link))
    assert installed_runtime() == Found(link, "Fake", str((folder / "lib" / "libfake.so").resolve()))


@LINUX
def test_none_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file for file in openxr_runtime_files() if folder in file.parents]  # not what /etc may have
    monkeypatch.setattr("vrclient.display.openxr.discovery.openxr_runtime_files", lambda: files)
    assert missing() == (
        "no OpenXR runtime is installed;"
        " install the headset's software (SteamVR, Monado, ...) and make it the active OpenXR runtime"
    )


@LINUX
def test_the_active_one_was_removed(folder: Path) -> None:
    link = folder / "first" / "openxr" / "1" / "active_runtime.json"
    link.parent.mkdir(parents=True)
    link.symlink_to(folder / "gone.json")
    assert (
        missing()
        == f"the active OpenXR runtime, {link}, is a link to a file that no longer exists; install the headset's software again"
    )


def test_the_variable_names_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", str(folder / "absent.json"))
    assert missing() == (
        f"XR_RUNTIME_JSON names {folder / 'absent.json'}, which does not exist;"
        " correct this variable, or remove it to use the active runtime"
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"runtime": []}', '{"runtime": {"name": "Fake"}}', "null", "\0"])
def test_a_file_that_is_something_else(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "fake.json"
    file.write_text(text)
    monkeypatch.setenv("XR_RUNTIME_JSON", str(file))
    assert missing() == f"{file} does not describe an OpenXR runtime; install the headset's software again"


@pytest.mark.parametrize(("library", "name"), [("", "Fake"), (7, "Fake"), ("libfake.so", 7)])
def test_values_of_another_type(library: object, name: object, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", str(described(folder / "fake.json", library, name)))
    assert missing() == f"{folder / 'fake.json'} does not describe an OpenXR runtime; install the headset's software again"


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = described(folder / "fake.json")
    monkeypatch.setenv("XR_RUNTIME_JSON", str(file))

    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert missing() == (
        f"the OpenXR runtime's file {file} cannot be read: Permission denied;"
        " let everyone read it, or install the headset's software again"
    )


def test_the_library_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", str(described(folder / "fake.json", "./libfake.so")))
    assert missing() == (
        f"the OpenXR runtime Fake is damaged: its library {(folder / 'libfake.so').resolve()} is missing;"
        " install the headset's software again"
    )


WRONG = "{file} does not describe an OpenXR runtime; install the headset's software again"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"runtime": ' * 50_000,
        b'{"runtime": {"library_path": "/lib/a\\u0000b.so", "name": "Fake"}}',
        b'{"runtime": {"library_path": "\\u0000", "name": "Fake"}}',
        b'{"runtime": {"library_path": ["libfake.so"], "name": {"a": 1}}}',
        b"\xff\xfe\x00{\x00",
        b'{"runtime": {"library_path": "libfake.so", "name": "\xff"}}',
        b'{"runtime": {"library_path": "lib' + b"9" * 5000 + b'.so", "name": 1e999}}',
    ],
    ids=["deep", "deep objects", "NUL in a path", "NUL alone", "lists", "UTF-16", "Latin-1", "a number as its name"],
)
def test_a_file_of_rubbish(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "fake.json"
    file.write_bytes(content)
    monkeypatch.setenv("XR_RUNTIME_JSON", str(file))
    assert missing() == WRONG.format(file=file)


def test_a_huge_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "fake.json"
    with file.open("wb") as hole:
        hole.truncate(2**40)
    monkeypatch.setenv("XR_RUNTIME_JSON", str(file))
    assert missing() == f"{file} is too large to describe an OpenXR runtime; install the headset's software again"


def test_a_folder_and_a_pipe_are_no_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", str(folder))
    remedy = "correct this variable, or remove it to use the active runtime"
    assert missing() == f"XR_RUNTIME_JSON names {folder}, which is a folder where a file should be; {remedy}"
    if sys.platform != "win32":
        os.mkfifo(folder / "pipe")
        monkeypatch.setenv("XR_RUNTIME_JSON", str(folder / "pipe"))
        assert missing() == f"XR_RUNTIME_JSON names {folder / 'pipe'}, which is not a file; {remedy}"


@LINUX
def test_a_folder_in_place_of_the_active_one(folder: Path) -> None:
    place = folder / "home" / "openxr" / "1" / "active_runtime.json"
    place.mkdir(parents=True)
    assert missing() == (
        f"the active OpenXR runtime, {place}, is a folder where a file should be; install the headset's software again"
    )


@LINUX
def test_links_in_a_circle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = folder / "circle.json"
    link.symlink_to(link)
    monkeypatch.setenv("XR_RUNTIME_JSON", str(link))
    assert "which is a link to a file that no longer exists" in missing()
    monkeypatch.setenv("XR_RUNTIME_JSON", str(described(folder / "fake.json", f"{link}/libfake.so")))
    assert missing().startswith("the OpenXR runtime Fake is damaged: its library ")


def test_what_a_terminal_would_act_upon_is_not_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "./" + "a" * 3000 + ".so"
    monkeypatch.setenv("XR_RUNTIME_JSON", str(described(folder / "fake.json", long, "Fa\x1b[31m\nke" + "e" * 3000)))
    text = missing()
    assert text.startswith(r"the OpenXR runtime Fa\x1b[31m\nkeee") and text.isprintable()
    assert len(text) < 1000
