"""What a stand writes: visits without anything of the visitor, faults of which the newest are kept, what starts it at log-in."""

import configparser
import csv
import datetime
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from vrclient.kiosk import faults
from vrclient.kiosk.install import task, unit
from vrclient.kiosk.status import Visits
from vrclient.kiosk.visits import HEAD, VisitLog
from vrclient.kiosk.watch import Sight, Watch, looked
from vrclient.link.board import Pulse

NOON = datetime.datetime(2026, 12, 31, 12, 0, 30)


def test_a_line_for_each_visit_and_a_file_for_each_month(tmp_path: Path) -> None:
    log = VisitLog(tmp_path / "visits", "foyer-1")
    log.add(NOON, "fengxian", 330.0, "time", headset=True)
    log.add(NOON, "fengxian", 2.0, "left", headset=False)  # somebody brushed past
    log.add(NOON, '湖，"边"', 60.0, "left", headset=False)
    assert log.counted(NOON.date()) == Visits(today=2, completed=1)
    log.add(NOON + datetime.timedelta(days=1), "fengxian", 60.0, "staff", headset=False)
    assert log.counted(NOON.date() + datetime.timedelta(days=1)) == Visits(today=1, completed=0)
    rows = list(csv.reader((tmp_path / "visits" / "visits-2026-12.csv").read_text("utf-8").splitlines()))
    assert rows == [
        list(HEAD),
        ["2026-12-31T11:55", "foyer-1", "fengxian", "330", "time", "1"],
        ["2026-12-31T11:59", "foyer-1", '湖，"边"', "60", "left", "0"],
    ]
    assert (tmp_path / "visits" / "visits-2027-01.csv").read_text("utf-8").count("\n") == 2


def test_a_disk_that_takes_nothing_costs_lines_alone(tmp_path: Path) -> None:
    (tmp_path / "visits").write_text("a file, where a folder should be", "utf-8")
    log = VisitLog(tmp_path / "visits", "foyer-1")
    log.add(NOON, "fengxian", 330.0, "time", headset=True)
    assert log.counted(NOON.date()).today == 1
    assert faults.keep(tmp_path / "visits", "client-crashed", NOON, {}, []) is None


def test_the_newest_faults_are_kept(tmp_path: Path) -> None:
    for number in range(faults.MOST_FILES + 5):
        kept = faults.keep(tmp_path, "client-crashed", NOON + datetime.timedelta(seconds=number), {"frames": number}, ["x"] * 500)
        assert kept is not None and kept.is_file()
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) == faults.MOST_FILES
    assert [json.loads(one.read_text("utf-8"))["frames"] for one in (files[0], files[-1])] == [5, faults.MOST_FILES + 4]
    assert len(json.loads(files[0].read_text("utf-8"))["said"]) == 100


def test_a_fault_with_much_to_say_stays_whole_and_small(tmp_path: Path) -> None:
    lines = [f"{number} {'奉' * 398}" for number in range(200)]
    kept = faults.keep(tmp_path, "client-crashed", NOON, {"frames": 1}, lines)
    assert kept is not None and kept.stat().st_size <= faults.MOST_BYTES
    assert json.loads(kept.read_text("utf-8"))["said"][-1] == lines[-1]


def test_every_fault_that_can_be_found_has_its_words() -> None:
    """In both languages, with what to do."""
    sights = [Sight(100.0, 0.0, Pulse(), None, exit_status=status) for status in (1, 2, 3, 70, -9)]
    sights += [Sight(100.0, 0.0, Pulse(), None), Sight(100.0, 0.0, Pulse(9, 1.0, 1.0, 0, 1.0, 1.0), None)]
    codes = {looked(Watch(), one)[1] for one in sights}
    assert codes | {"client-black", "client-leaking", "cover-failed"} == set(faults.SAID)


def test_the_unit_is_watched_and_starts_it_again() -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit(["hall", "--config", "/srv/the city's/100%/kiosk.yaml"]))
    service = parser["Service"]
    assert (service["Restart"], service["WatchdogSec"], service["Type"]) == ("always", "30", "notify")
    assert service["SuccessExitStatus"] == "129 130 143", "it says by which signal it was asked to end"
    assert service["ExecStart"] == f'{sys.executable} -m vrclient kiosk hall --config "/srv/the city\'s/100%%/kiosk.yaml"'


def test_the_task_of_windows() -> None:
    root = ElementTree.fromstring(task(["hall", "--config", "C:\\the city & more\\kiosk.yaml"]).split("?>", 1)[1])
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    action = root.find(f"{space}Actions/{space}Exec")
    assert action is not None
    assert action.findtext(f"{space}Command") == sys.executable
    assert action.findtext(f"{space}Arguments") == '-m vrclient kiosk hall --config "C:\\the city & more\\kiosk.yaml"'


def test_a_bundle_s_program_is_the_client_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert f"ExecStart={sys.executable} kiosk hall\n" in unit(["hall"])
    assert "<Arguments>kiosk hall</Arguments>" in task(["hall"])
