"""What is written on one system is read on the others: the same, or with the reason said on both."""

import codecs
import os
import shlex
import shutil
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase import config_layers, find
from vrclient.showcase.diagnostics import as_text
from vrclient.showcase.file_names import argument, elsewhere_refused
from vrclient.showcase.load import load_showcase
from vrclient.showcase.models import ElementModel
from vrclient.showcase.settings import BadSettings
from vrclient.showcase.subtitles import subtitle_problems

Models = dict[str, type[ElementModel]]
PICTURE = Path(__file__).parents[1] / "golden" / "minimal" / "spawn.png"
HEAD = "vrclient: 1\ntitle: {zh: 港口, en: Harbour}\norigin: {lon_deg: 121.5, lat_deg: 31.2}\n"
CASE = ": capital and small letters are different"
COPY = "copy it into the showcase's folder and give its name there"
UNIX = sys.platform != "win32"


def said(folder: Path, models: Models, text: str | bytes) -> list[str]:
    """Every problem of a showcase.yaml, with its files as seen from its folder."""
    folder.mkdir(exist_ok=True)
    (folder / "showcase.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return [as_text(one).replace(f"{folder}{os.sep}", "") for one in load_showcase(folder, models).diagnostics]


WRONG = f"""{HEAD}elements:
  - {{kind: spawn, at: [0, -40]}}
  - kind: panel
    at: [0, 9]
    text:
      zh: |
        一行
        二行
      en: >
        one
        line
    imge: gate.png   # 图
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "marked"])
def test_ends_of_lines_and_a_mark_change_nothing(tmp_path: Path, models: Models, end: str, mark: bytes) -> None:
    assert said(tmp_path / "a", models, mark + WRONG.replace("\n", end).encode()) == [
        "showcase.yaml:15:5: error[unknown-key]: 'imge' is not a key of 'panel'\n"
        "    imge: gate.png   # 图\n"
        "    ^^^^\n"
        "  help: did you mean 'image'?"
    ]
    broken = WRONG + "  - {kind: road, path: [[0, 0]\n"
    assert said(tmp_path / "a", models, mark + broken.replace("\n", end).encode()) == [
        "showcase.yaml:16:24: error[syntax]: this '[' is not closed, or a ',' is missing after an item\n"
        "  - {kind: road, path: [[0, 0]\n"
        "                       ^\n"
        "  showcase.yaml:17:1: reading stopped here\n"
        "  help: separate items with ',' and close with ']'"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_called_so(tmp_path: Path, models: Models, encoding: str) -> None:
    is_written = "seems to be written" if encoding != "utf-16" else "is written"
    assert said(tmp_path / "a", models, WRONG.encode(encoding)) == [
        f"showcase.yaml:1:1: error[encoding]: the file {is_written} in UTF-16, not in UTF-8\n"
        "  help: save it as UTF-8 (in the editor: Save as, Encoding: UTF-8)"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_subtitles_as_windows_writes_them(tmp_path: Path, encoding: str) -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,000\r\n奉贤\r\n"
    (tmp_path / "a.srt").write_bytes(text.encode(encoding))
    assert list(subtitle_problems(tmp_path / "a.srt")) == []


@pytest.mark.skipif(not UNIX, reason="Windows cannot have such files")
def test_names_that_windows_cannot_have(tmp_path: Path, models: Models) -> None:
    folder = tmp_path / "harbour"
    (folder / "pictures").mkdir(parents=True)
    names = ["con.png", "a:b.png", "pictures/what?.png", "pictures/dot.", "pictures/gate.png", "pictures/Gate.png", "x\\y.png"]
    for name in names:
        shutil.copy(PICTURE, folder / name)
    (folder / "aux.yaml").write_text("elements: []\n", "utf-8")
    panels = "".join(f"  - {{kind: panel, at: [0, 9], text: {{zh: 港, en: a}}, image: '{name}'}}\n" for name in names[:5])
    column = panels.splitlines()[0].index("image:") + 8
    text = f"{HEAD}include: [aux.yaml]\nelements:\n  - {{kind: spawn, at: [0, -40]}}\n{panels}"
    lines = text.splitlines()

    def warning(line: int, column: int, length: int, key: str, message: str, help: str) -> str:
        wide = "港" in lines[line - 1]  # it takes two columns on the terminal
        marked = f"{lines[line - 1]}\n{' ' * (column - 1 + wide)}{'^' * length}"
        return f"showcase.yaml:{line}:{column}: warning[file-name]: '{key}': {message}\n{marked}\n  help: {help}"

    wrong = [
        "Windows cannot have 'con.png': 'con' is a device there",
        "Windows cannot have 'a:b.png': no name may have a ':' in it",
        "Windows cannot have 'what?.png': no name may have a '?' in it",
        "Windows cannot have 'dot.': no name may end in a dot",
        "there is also 'Gate.png'; where capital and small letters are the same, as on Windows, both are one file",
    ]
    instead = [f"call it '{one}'" for one in ("con_.png", "a_b.png", "what_.png", "dot")] + ["call one of them otherwise"]
    message = "Windows cannot have 'aux.yaml': 'aux' is a device there"
    assert [one.replace("...", "") for one in said(folder, models, text)] == [
        warning(4, 11, 8, "include", message, "call it 'aux_.yaml'"),
        *(warning(7 + k, column, len(names[k]) + 2, "image", wrong[k], instead[k]) for k in range(5)),
    ]


def test_a_folder_that_windows_cannot_have(tmp_path: Path, models: Models) -> None:
    if not UNIX:
        pytest.skip("Windows cannot have it")
    assert said(tmp_path / "nul", models, f"{HEAD}elements:\n  - {{kind: spawn, at: [0, -40]}}\n") == [
        "showcase.yaml:1:1: warning[file-name]: the showcase's folder: Windows cannot have 'nul': 'nul' is a device there\n"
        "  help: call it 'nul_'"
    ]


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        (
            "Pictures/gate.png",
            "there is no 'Pictures' in the showcase's folder, but there is 'pictures'",
            f"write 'pictures'{CASE}",
        ),
        ("pictures/Gate.PNG", "there is no 'Gate.PNG' in 'pictures', but there is 'gate.png'", f"write 'gate.png'{CASE}"),
        ("pictures\\gate.png", "'pictures\\gate.png' has a '\\' in it", "write 'pictures/gate.png'"),
        ("C:\\a\\gate.png", "'C:\\a\\gate.png' is a path on one machine only", COPY),
        ("c:/a/gate.png", "'c:/a/gate.png' is a path on one machine only", COPY),
        ("D:gate.png", "'D:gate.png' is a path on one machine only", COPY),
        ("\\\\server\\share\\gate.png", "'\\\\server\\share\\gate.png' is a path on one machine only", COPY),
        ("\\\\?\\C:\\gate.png", "'\\\\?\\C:\\gate.png' is a path on one machine only", COPY),
    ],
)
def test_paths_as_windows_takes_them(tmp_path: Path, models: Models, name: str, message: str, help: str) -> None:
    """The same on both systems, for pictures and for included files."""
    (tmp_path / "a" / "pictures").mkdir(parents=True)
    shutil.copy(PICTURE, tmp_path / "a/pictures/gate.png")
    code = "missing-file" if "there is no" in message else "outside-folder"
    elements = "elements:\n  - {kind: spawn, at: [0, 0]}\n"
    image = f"{HEAD}{elements}  - {{kind: panel, at: [0, 9], text: {{zh: 港, en: a}}, image: '{name}'}}\n"
    include = f"{HEAD}include: ['{name}']\n{elements}"
    for text, key, at in ((image, "image", "6:60"), (include, "include", "4:11")):
        (found,) = said(tmp_path / "a", models, text)
        first, *_, last = found.splitlines()
        assert first == f"showcase.yaml:{at}: error[{code}]: '{key}': {message}"
        assert last == f"  help: {help}"


def test_names_that_are_too_long() -> None:
    bridge = "桥" * 90 + ".png"  # 274 bytes
    found = [elsewhere_refused(PurePosixPath(one)) for one in (bridge, "/".join(["quay" * 10] * 5), "pictures/gate.png")]
    assert [(one.message, one.help) if one else None for one in found] == [
        (f"'{'桥' * 40}...' is longer than every system takes (255 bytes)", "give it a shorter name"),
        (
            "this path has 204 characters, and Windows takes 259 with all the folders above it",
            "give it and its folders shorter names, 180 in all",
        ),
        None,
    ]


ODD = st.lists(st.sampled_from(["aux", "con", "COM1", ".", " ", ":", "<", "\x7f", "桥", "a", "\u202e"]), min_size=1).map("".join)


@given((st.text(min_size=1) | ODD).filter(lambda name: "/" not in name and "\0" not in name and name not in (".", "..")))
def test_what_is_to_be_called_otherwise_may_be_called_so(name: str) -> None:
    found = elsewhere_refused(PurePosixPath(name))
    if found is not None and found.help.startswith("call it"):
        again = elsewhere_refused(PurePosixPath(found.help[len("call it '") : -1]))
        assert again is None or not again.message.startswith("Windows"), (found, again)


@pytest.mark.parametrize("finds_it", [False, True], ids=["where letters count", "where they do not"])
def test_a_showcase_in_other_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finds_it: bool) -> None:
    if finds_it:
        found = Path.is_file
        monkeypatch.setattr(Path, "is_file", lambda file: found(file) or found(file.with_name(file.name.capitalize())))
    (tmp_path / "a").mkdir()
    (tmp_path / "a/Showcase.yaml").write_text(HEAD, "utf-8")
    with pytest.raises(find.NoSuchShowcase) as refused:
        find.find_showcase(str(tmp_path / "a"))
    assert str(refused.value) == (
        f"the folder {tmp_path / 'a'} holds no showcase.yaml, but 'Showcase.yaml'; call it showcase.yaml: capital and small "
        "letters are different"
    )
    assert "a" not in find.reachable_showcases(tmp_path / "b" / "showcase.yaml")
    with pytest.raises(find.NoSuchShowcase, match="did you mean 'fengxian'"):
        find.find_showcase("Fengxian")


@pytest.mark.skipif(not UNIX, reason="Windows finds it")
@pytest.mark.parametrize("text", ["places\\harbour", "Places/harbour", "places\\Harbour\\showcase.yaml", "{here}/PLACES/harbour"])
def test_a_path_as_it_is_given_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "places/harbour").mkdir(parents=True)
    (tmp_path / "places/harbour/showcase.yaml").touch()
    monkeypatch.chdir(tmp_path)
    given = text.format(here=tmp_path)
    meant = given.replace("\\", "/").replace("Harbour", "harbour").replace("Places", "places").replace("PLACES", "places")
    with pytest.raises(find.NoSuchShowcase) as refused:
        find.find_showcase(given)
    assert str(refused.value) == f"there is no '{given}'; did you mean '{meant}'?"


@pytest.mark.parametrize("name", ["Client.yaml", "Policy"])
def test_settings_in_other_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).mkdir() if name == "Policy" else (tmp_path / name).touch()
    with pytest.raises(BadSettings) as refused:
        config_layers.use(tmp_path)
    (found,) = refused.value.diagnostics
    assert found.message == f"--config {tmp_path}: '{name}' is not read"
    assert found.help == f"call it '{name.lower()}': capital and small letters are different"


def test_a_policy_counts_whatever_the_letters_of_its_suffix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/own.YAML").touch()
    monkeypatch.setenv(config_layers.VARIABLE, str(tmp_path))
    assert [one.path for one in config_layers.files_of("policy")["own"]] == [tmp_path / "policy/own.YAML"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lake film (1).mp4", '"lake film (1).mp4"'),
        ("湖.mp4", '"湖.mp4"'),
        ("it's.mp4", '"./it\'s.mp4"'),
        ("a & b.mp4", '"./a & b.mp4"'),
        ("-y.mp4", '"./-y.mp4"'),
        ("$(calc).mp4", '"FILE.mp4"'),
        ("100%.mp4", '"FILE.mp4"'),
        ("“calc”.mp4", '"FILE.mp4"'),
        ("`calc`.mp4", '"FILE.mp4"'),
        ("a.m`p4", '"FILE"'),
    ],
)
def test_quotes_in_commands(name: str, expected: str) -> None:
    assert argument(name, windows=True) == expected
    assert [os.path.normpath(one) for one in shlex.split(argument(name, windows=False))] == [name]
