"""Where no temporary file can be made, as on a full disk or a read-only system, everything works but what needs one."""

import tempfile
from pathlib import Path

import pytest

from vrclient.app.shared_arrays import SharedArraysFile, clear_shared_arrays
from vrclient.cli.last_resort import said
from vrclient.display.openxr.notes import native_errors_logged
from vrclient.media.service import DoesNotStart, MediaService
from vrclient.sound.output import SoundOutput
from vrclient.writing import refuse_unwritable, whole_file

FILM = Path(__file__).parent / "media" / "opening.mp4"


@pytest.fixture(autouse=True)
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", nowhere)
    with pytest.raises(OSError):
        tempfile.gettempdir()


def test_films_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    service = MediaService()
    try:
        assert service.ask("facts", FILM)["codec"] == "h264"
    finally:
        service.close()
    monkeypatch.setattr("vrclient.media.service.COMMAND", ["/nowhere/python"])
    service = MediaService()
    with pytest.raises(DoesNotStart):
        service.ask("facts", FILM)
    service.close()


def test_sound_and_notes_do_without() -> None:
    SoundOutput.open(named=True).close()
    with native_errors_logged():
        pass


def test_a_place_beside_is_refused_and_nothing_is_left_to_clear() -> None:
    clear_shared_arrays()
    with pytest.raises(OSError):
        SharedArraysFile()


def test_a_fault_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert said(RuntimeError("x")) == 70
    assert capsys.readouterr().err == "vrclient: RuntimeError: x; this is a fault in vrclient, please report it\n"


def test_what_cannot_be_written_is_named_as_it_was_given() -> None:
    """Not as the file beside it, which takes its place when it is whole."""
    wanted = Path("/proc/report.json")
    for write in (lambda: refuse_unwritable(wanted), lambda: whole_file(wanted).__enter__()):
        with pytest.raises(OSError) as refused:
            write()
        assert (refused.value.filename, refused.value.strerror) == (str(wanted), "No such file or directory")
