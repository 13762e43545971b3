"""kiosk.yaml: every key has its default and its description, what is wrong is said with its place, files are seen from where it
lies."""

import datetime
from pathlib import Path

import pytest

from vrclient.kiosk.hours import is_open
from vrclient.kiosk.settings import KioskSettings, read_kiosk
from vrclient.paths import config_folder
from vrclient.showcase.models import Model
from vrclient.showcase.settings import BadSettings


def test_the_shipped_file_says_what_counts_anyway() -> None:
    assert read_kiosk(config_folder() / "kiosk.yaml") == KioskSettings(showcases=("fengxian",))


def described(model: type[Model]) -> list[str]:
    return [f"{model.__name__}.{name}" for name, field in model.model_fields.items() if not field.description]


def test_every_key_is_described() -> None:
    assert described(KioskSettings) == []


def test_a_week_a_closed_day_and_an_event(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.yaml"
    file.write_text(
        """
hours:
  week: {mon: ["09:00-17:00"], sat: ["00:00-24:00"]}
  closed: [2026-12-28]
  events: [{date: 2026-12-31, hours: ["20:00-02:00"]}]
""",
        "utf-8",
    )
    hours = read_kiosk(file).hours.hours()
    days = {"2026-12-21 10:00": True, "2026-12-22 10:00": False, "2026-12-26 23:59": True, "2026-12-28 10:00": False}
    days |= {"2027-01-01 01:59": True, "2027-01-01 02:00": False}
    assert {when: is_open(hours, datetime.datetime.fromisoformat(when)) for when in days} == days


def test_files_are_seen_from_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    file = tmp_path / "kiosk.yaml"
    broker = "{host: b, user: u, password_file: p}"
    file.write_text(f"{{showcases: [lake, hall, ../city], film: films/loop.mp4, broker: {broker}}}", "utf-8")
    settings = read_kiosk(file)
    assert settings.showcases == (str(tmp_path / "lake"), "hall", str(tmp_path / "../city"))
    assert (settings.film, settings.broker.password_file) == (str(tmp_path / "films/loop.mp4"), str(tmp_path / "p"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("idle_s: 1", "kiosk.yaml:1:9: error[wrong-value]: 'idle_s' cannot be '1'"),
        ("hours: {week: {mon: ['9-17']}}", "kiosk.yaml:1:22: error"),
        ("sesion_s: 300", "kiosk.yaml:1:1: error[unknown-key]"),
        ("session_s: 20", "session_s: a visit of 20 s is over before it begins"),
        ("page: {enabled: true, address: 0.0.0.0}", "needs 'certificate' and 'key'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "kiosk.yaml").write_text(text, "utf-8")
    with pytest.raises(BadSettings) as caught:
        read_kiosk(tmp_path / "kiosk.yaml")
    assert said in str(caught.value).replace(f"{tmp_path}/", "")
