"""Whatever files and the texts in them are called, the terminal shows text: no control character, no markup, no forged line."""

import json
import logging
import os
import struct
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from vrclient.app import doctor
from vrclient.cli import check as command
from vrclient.cli import main
from vrclient.cli.console import Lines
from vrclient.cli.terminal import Terminal

FORGED = "\x1b[2J\nforged.yaml:1:1: error[x]: y\r\x07\x9b31m\u202etxt.\u2066[red]x[/red][/]"
HEAD = "vrclient: 1\ntitle: {zh: 港口, en: Harbour}\norigin: {lon_deg: 121.5, lat_deg: 31.2}\n"


def is_plain(text: str) -> bool:
    return all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in text)


def film_coded_as(tag: bytes) -> bytes:
    """The smallest MP4 whose picture is coded as `tag`."""

    def box(name: bytes, *body: bytes) -> bytes:
        joined = b"".join(body)
        return struct.pack(">I4s", 8 + len(joined), name) + joined

    entry = box(tag, bytes(24), struct.pack(">HH", 640, 360), bytes(50))
    table = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    handler = box(b"hdlr", bytes(8), b"vide", bytes(12))
    track = box(b"trak", box(b"mdia", handler, box(b"minf", box(b"stbl", table))))
    return box(b"ftyp", b"isom", bytes(4)) + box(b"moov", box(b"mvhd", bytes(100)), track)


def hostile(folder: Path) -> Path:
    """A showcase in which everything that a stranger can name is named to forge a diagnostic."""
    folder.mkdir(parents=True)
    name = FORGED.replace("/", "_").replace("\n", "\x0b")
    gltf = {
        "asset": {"version": "2.0", "generator": FORGED},
        "extensionsRequired": [FORGED],
        "extensionsUsed": [FORGED],
        "nodes": [{"name": FORGED, "mesh": 3}],
        "buffers": [{"uri": FORGED, "byteLength": 1}],
        FORGED: 1,
    }
    (folder / "a.gltf").write_text(json.dumps(gltf), "utf-8")
    (folder / "a.mp4").write_bytes(film_coded_as(b"\x1b[2J"))
    (folder / f"{name}.png").write_bytes(b"no picture")
    (folder / f"{name}.yaml").write_text(f"elements:\n  - {{kind: x, {json.dumps(FORGED)}: 1}}\n", "utf-8")
    quoted = json.dumps(FORGED)
    (folder / "showcase.yaml").write_text(
        HEAD + f"include: [{json.dumps(name + '.yaml')}, {quoted}]\n{quoted}: {quoted}\n"
        "elements:\n"
        "  - {kind: spawn, at: [0, 0], " + quoted + ": 1}\n"
        f"  - {{kind: {quoted}}}\n"
        f"  - {{kind: road, id: {quoted}, path: [[0, 0], {quoted}]}}\n"
        f"  - {{kind: scatter, mesh: {quoted}, along: {quoted}}}\n"
        "  - {kind: model, file: a.gltf, at: [0, 9]}\n"
        f"  - {{kind: panel, at: [0, 9], title: {{zh: {quoted}, en: {quoted}}}, image: {json.dumps(name + '.png')}}}\n"
        "  - {kind: screen, at: [0, 9], video: a.mp4}\n"
        f"  - {{kind: portal, to: {quoted}, at: [0, 9]}}\n",
        "utf-8",
    )
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_nothing_in_a_showcase_acts_upon_the_terminal(tmp_path: Path, option: list[str]) -> None:
    hostile(tmp_path / FORGED.replace("/", "_"))
    done = subprocess.run(
        [sys.executable, "-m", "vrclient.cli.main", "check", ".", *option],
        capture_output=True, cwd=tmp_path, timeout=120, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    text = done.stdout.decode("utf-8") + done.stderr.decode("utf-8")
    assert done.returncode == 1 and "Traceback" not in text
    assert all(is_plain(line) for line in text.split("\n"))
    assert not any(line.startswith("forged.yaml") for line in text.split("\n"))
    if option:
        (report,) = json.loads(done.stdout)["showcases"]
        assert any(FORGED.replace("/", "_") in one["place"]["file"] for one in report["diagnostics"])
    else:
        assert "\\x1b[2J\\nforged.yaml:1:1" in text and "\\u202e" in text and "[red]x[_red]" in text


@given(st.text())
def test_a_printed_string_is_plain_text_on_its_own_lines(text: str) -> None:
    with (terminal := Terminal()).capture() as printed:
        terminal.print(text)
    lines = printed.get().removesuffix("\n").split("\n")
    assert len(lines) == text.count("\n") + 1
    assert all(is_plain(line) for line in lines)


def test_markup_is_text() -> None:
    with (terminal := Terminal()).capture() as printed:
        terminal.print("[red]a[/red] [/] [link=x]b :smile: 12")
    assert printed.get() == "[red]a[/red] [/] [link=x]b :smile: 12\n"


@given(st.text())
def test_a_line_of_the_log_is_one_plain_line(text: str) -> None:
    record = logging.LogRecord("vrclient.app", logging.WARNING, "", 0, "film '%s' is left out", (text,), None)
    assert is_plain(Lines().format(record))


def test_what_was_asked_for_is_quoted_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.check([FORGED]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and is_plain(error.strip())


WRITTEN_OUT = r"\x1b[2J\nforged.yaml:1:1: error[x]: y\r\x07\udc9b31m\u202etxt.\u2066[red]x[/red][/]"
"""What FORGED looks like where a byte stands for its \x9b."""


def test_the_doctor_writes_out_what_the_environment_says(tmp_path: Path) -> None:
    forged = FORGED.replace("\x9b", "\udc9b")
    variables = dict.fromkeys(("XR_RUNTIME_JSON", "DISPLAY", "VRCLIENT_CONFIG"), forged)
    done = subprocess.run(
        [sys.executable, "-m", "vrclient", "doctor"],
        env={**os.environ, **variables, "COLUMNS": "1000"}, cwd=tmp_path, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    lines = done.stdout.decode("utf-8").splitlines()
    assert all(is_plain(line) for line in (*lines, *done.stderr.decode("utf-8").splitlines()))
    found = [" ".join(line.split()) for line in lines if WRITTEN_OUT in line]
    help = "give a file like client.yaml, or a folder that holds one"
    wrong = f"VRCLIENT_CONFIG {WRITTEN_OUT}: there is no such file or folder {help}"
    assert found == [
        f"display missing no display: DISPLAY is '{WRITTEN_OUT}', which names no X server set DISPLAY to that of a desktop that "
        "runs here, such as :0",
        f"OpenXR optional XR_RUNTIME_JSON names {WRITTEN_OUT}, which does not exist correct this variable, or remove it to use "
        "the active runtime",
        f"settings missing {wrong}",
        f"settings missing {wrong}; nothing is shown until then",
    ]
    assert len([line for line in lines if line.strip()]) == 12, lines


def test_the_doctor_writes_out_whatever_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: iter([doctor.Finding("OpenGL", "ok", FORGED, FORGED)]))
    monkeypatch.setenv("COLUMNS", "1000")
    with pytest.raises(typer.Exit):
        main.doctor()
    _, line = capsys.readouterr().out.splitlines()
    assert is_plain(line) and line.count(WRITTEN_OUT.replace("\\udc9b", "\\x9b")) == 2
