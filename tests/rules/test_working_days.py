"""Working days: weekends, bank holidays, counting forwards and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.queries.working_days import bank_holidays, working_days
from tracker.rules.working_days import WEEKDAYS, WorkingDays

CHRISTMAS = WorkingDays(frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas Day, a weekend and Monday in between
        (date(2026, 12, 24), 5, date(2027, 1, 4)),
        (date(2026, 12, 29), -1, date(2026, 12, 24)),
        (date(2026, 12, 26), 0, date(2026, 12, 29)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
    ],
)
def test_a_number_of_working_days_after_a_day(day: date, number: int, expected: date) -> None:
    assert CHRISTMAS.add(day, number) == expected


@given(DAYS, st.integers(1, 40))
def test_counting_back_what_was_added_gives_the_number(day: date, number: int) -> None:
    later = CHRISTMAS.add(day, number)
    assert CHRISTMAS.works(later)
    assert CHRISTMAS.between(day, later) == number
    assert CHRISTMAS.between(later, day) == 0


@given(DAYS)
def test_the_nearest_working_days_lie_on_both_sides(day: date) -> None:
    before, after = CHRISTMAS.on_or_before(day), CHRISTMAS.on_or_after(day)
    assert before <= day <= after
    assert CHRISTMAS.works(before)
    assert CHRISTMAS.works(after)
    assert (before == after) == CHRISTMAS.works(day)


def test_the_bank_holidays_are_those_of_england_with_their_substitutes() -> None:
    assert {date(2025, 4, 21), date(2026, 8, 31), date(2026, 12, 28)} <= bank_holidays()
    assert date(2026, 3, 17) not in bank_holidays()  # Saint Patrick's Day, in Northern Ireland alone
    assert not working_days().works(date(2026, 12, 25))


def test_a_calendar_says_until_when_it_knows() -> None:
    calendar = working_days()
    assert calendar.known_until is not None
    assert calendar.knows(date(2026, 12, 31))
    assert not calendar.knows(calendar.known_until + timedelta(days=1))
    assert WEEKDAYS.knows(date(2100, 1, 1))
