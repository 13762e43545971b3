"""Texts as values."""

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase import scalars
from vrclient.showcase.scalars import Misread


@pytest.mark.parametrize(
    ("text", "value"),
    [("010", 10.0), ("-0", 0.0), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("+1.5E-2", 0.015), ("0", 0.0)],
)
def test_numbers(text: str, value: float) -> None:
    assert scalars.number(text) == value


@pytest.mark.parametrize(("text", "value"), [("010", 10), ("1e3", 1000), ("12.0", 12), ("0x1f", 31), ("0o17", 15)])
def test_whole_numbers(text: str, value: int) -> None:
    found = scalars.number(text, whole=True)
    assert found == value and isinstance(found, int)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("1_000", "write 1000, without separators"),
        ("1,000,000", "write 1000000, without separators"),
        ("1 000.5", "write 1000.5, without separators"),
        ("12,5", "write 12.5"),
        ("１２．５", "write 12.5 with half-width digits"),
        ("12 m", "write 12 without 'm'"),
        ("12米", "write 12 without '米'"),
        ("45°", "write 45 without '°'"),
        (".inf", "write a finite number"),
        ("-.INF", "write a finite number"),
        (".NaN", "write a finite number"),
        ("1e999", "write a smaller number"),
        ("nan", None),
        ("inf", None),
        ("infinity", None),
        ("0x1f", None),
        ("1:30", None),
        ("", None),
        ("9" * 5000, None),
        ("١٢", None),
    ],
)
def test_what_is_no_number(text: str, remedy: str | None) -> None:
    assert scalars.number(text) == Misread(remedy)


def test_a_fraction_is_no_whole_number() -> None:
    assert scalars.number("2.5", whole=True) == Misread("write a whole number, such as 2")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_prints_is_read_back(value: float) -> None:
    assert scalars.number(repr(value)) == value


@given(st.text(max_size=40))
def test_any_text_gives_a_value_or_a_misread(text: str) -> None:
    for read in (scalars.number, scalars.day, scalars.clock, scalars.flag):
        read(text)
    number = scalars.number(text)
    assert isinstance(number, Misread) or math.isfinite(number)
    scalars.core(text, plain=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2019-10-25", datetime.date(2019, 10, 25)),
        ("2019/8/25", Misread("write 2019-08-25")),
        ("2019年8月25日", Misread("write 2019-08-25")),
        ("2019-10-25T10:00", Misread("write 2019-10-25")),
        ("2019-13-01", Misread("this day is not in the calendar")),
        ("2019", Misread("write a whole date, such as 2019-01-01")),
        ("1571961600", Misread()),
    ],
)
def test_dates(text: str, found: object) -> None:
    assert scalars.day(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("19:30", datetime.time(19, 30)),
        ("7:05", datetime.time(7, 5)),
        ("00:00:30", datetime.time(0, 0, 30)),
        ("24:00", Misread("a day has the times from 00:00 to 23:59")),
        ("7pm", Misread("write 19:00")),
        ("7:30 PM", Misread("write 19:30")),
        ("晚上7点30分", Misread("write 19:30")),
        ("19：30", Misread("write 19:30")),
        ("1930", Misread()),
        ("dusk", Misread()),
    ],
)
def test_times(text: str, found: object) -> None:
    assert scalars.clock(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("true", True), ("FALSE", False), ("yes", Misread("write true")), ("off", Misread("write false")), ("x", Misread())],
)
def test_flags(text: str, found: object) -> None:
    assert scalars.flag(text) == found


def test_core_schema() -> None:
    texts = ["no", "true", "12:30", "010", "0o10", "1e3", "~", "null", "2019-10-25", "0x10", "1_000"]
    assert [scalars.core(text, plain=True) for text in texts] == [
        "no", True, "12:30", 10, 8, 1000, None, None, "2019-10-25", 16, "1_000",
    ]  # fmt: skip
    assert scalars.core("null", plain=False) == "null"
