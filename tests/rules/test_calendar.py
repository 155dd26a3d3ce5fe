"""Arithmetic of days and months, London days, and how a date is printed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.dates import (
    Precision,
    add_months,
    end_of_month,
    london_day,
    london_midnight,
    show_day,
    show_period,
    show_short,
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 9, 30), 3, date(2025, 12, 31)),
        (date(2025, 9, 29), 3, date(2025, 12, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 30), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 1, 31), -2, date(2024, 11, 30)),
    ],
)
def test_months_are_added_and_the_end_stays_the_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_day_and_month_are_printed_the_same_everywhere() -> None:
    day = date(2025, 9, 30)
    assert (show_day(day), show_short(day)) == ("30 September 2025", "30 Sep 2025")


@pytest.mark.parametrize(
    ("text", "end", "precision", "shown"),
    [
        ("Sept 2025", date(2025, 9, 30), Precision.MONTH, "Sep 2025"),
        ("31/03/26", date(2026, 3, 31), Precision.DAY, "31 March 2026"),
        ("Autumn  term 2025", date(2025, 12, 31), Precision.TERM, "Autumn term 2025"),
        ("", date(2025, 12, 31), Precision.TERM, "31 December 2025"),
        ("Ongoing", None, Precision.NONE, "Ongoing"),
        ("", None, Precision.NONE, "No date"),
    ],
)
def test_period_is_printed_as_exactly_as_it_was_said(
    text: str, end: date | None, precision: Precision, shown: str
) -> None:
    assert show_period(text, end, precision) == shown


def test_london_day_follows_summer_time() -> None:
    assert london_day(datetime(2025, 9, 30, 23, 30, tzinfo=UTC)) == date(2025, 10, 1)
    assert london_day(datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) == date(2025, 12, 31)
    assert london_midnight(date(2025, 10, 1)) == datetime(2025, 9, 30, 23, 0, tzinfo=UTC)


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        london_day(datetime(2025, 9, 30, 23, 30))  # noqa: DTZ001 the naive instant is the point


@settings(max_examples=100)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_london_midnight_begins_its_day(day: date) -> None:
    assert london_day(london_midnight(day)) == day


@settings(max_examples=100)
@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-40, 40))
def test_end_of_a_month_moves_to_the_end_of_a_month(day: date, months: int) -> None:
    last = end_of_month(day)
    assert add_months(last, months) == end_of_month(add_months(last, months))
