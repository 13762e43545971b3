"""Reports and orders come through as they were; anything else is refused as a whole."""

import json
from dataclasses import asdict, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.link.messages import (
    AnyOrder,
    Aside,
    Attract,
    Begin,
    ClientReport,
    CoverReport,
    Lock,
    Notice,
    Page,
    Phase,
    Quit,
    SetLanguage,
    SetVolume,
    ShowCover,
    StartOver,
    packed,
    unpacked_order,
    unpacked_report,
)

ORDERS = [StartOver(), Attract(), Attract(on=False), SetLanguage("zh"), SetVolume(0.5), Notice({"zh": "好", "en": "ok"}), Quit()]
ORDERS += [Begin(), Lock(), Aside(on=False), ShowCover("still.png", "", {"zh": "好"}, {}, pad=True)]
REPORT = ClientReport("running", 1.0, "hall", "window", "visit", visits=3, memory=1 << 33, language="zh", volume=0.5)
WHOLE = st.integers(0, 2**60)
TEXT = st.text(max_size=20)


def test_orders_come_through() -> None:
    assert {type(one) for one in ORDERS} == set(get_args(AnyOrder))
    assert [unpacked_order(packed(one)) for one in ORDERS] == ORDERS


@given(
    st.builds(
        ClientReport,
        phase=st.sampled_from(get_args(Phase)),
        share=st.floats(0.0, 1.0),
        showcase=TEXT,
        page=st.sampled_from(get_args(Page)),
        worn=st.booleans(),
        empty_s=st.floats(0.0, 1e9),
        memory=WHOLE,
        language=TEXT,
        answered=WHOLE,
        refused=TEXT,
    )
)
def test_reports_come_through(report: ClientReport) -> None:
    assert unpacked_report(packed(report)) == report


def test_the_cover_reports_too() -> None:
    report = CoverReport(2, 1, 1, "1234")
    assert unpacked_report(packed(report)) == report


@pytest.mark.parametrize(
    "change",
    [
        {"phase": "asleep"}, {"share": -0.1}, {"share": "1"}, {"visits": 1.5}, {"visits": True}, {"worn": 1}, {"memory": -1},
        {"showcase": None}, {"language": ["zh"]}, {"more": 1}, {"is": "Quit"}, {"is": None}, {"empty_s": float("inf")},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: dict[str, object]) -> None:
    right = {"is": "ClientReport", **asdict(REPORT)}
    assert unpacked_report(json.dumps(right).encode()) == REPORT
    assert unpacked_report(json.dumps(right | change).encode()) is None


def test_what_lacks_something_is_refused() -> None:
    for key in asdict(REPORT):
        values = {"is": "ClientReport", **asdict(REPORT)}
        del values[key]
        assert unpacked_report(json.dumps(values).encode()) is None


@given(st.binary(max_size=60))
def test_noise_is_nothing(noise: bytes) -> None:
    assert unpacked_report(noise) is None and unpacked_order(noise) is None


def test_an_order_is_no_report() -> None:
    assert unpacked_report(packed(Quit())) is None and unpacked_order(packed(REPORT)) is None
    assert unpacked_order(b'{"is": "SetVolume", "volume": NaN}') is None
    assert unpacked_order(b'{"is": "Notice", "text": {"zh": 1}}') is None
    assert unpacked_order(b"[" * 100_000) is None
    assert replace(REPORT, visits=4) != REPORT
