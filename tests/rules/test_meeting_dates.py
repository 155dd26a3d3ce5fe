"""The days of a board's meetings, counted in working days, and the meetings that a cycle proposes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tracker.queries.working_days import working_days
from tracker.rules.errors import Refusal
from tracker.rules.meeting_dates import (
    Cycle,
    MeetingDates,
    Offsets,
    check_dates,
    check_offsets,
    meeting_dates,
    propose,
)
from tracker.rules.working_days import WorkingDays


def test_days_are_counted_back_over_christmas_and_a_closure_day() -> None:
    england = working_days()
    closed = WorkingDays(england.closed | {date(2025, 12, 24)}, england.known_until)
    found = meeting_dates(date(2026, 1, 6), Offsets(), closed)
    # Back from Tuesday 6 January: 5, 2, 31, 30, 29 (1 January, 26, 25 and 24 December are closed), 23, 22, 19, 18, 17.
    assert found == MeetingDates(
        opens=date(2025, 12, 3),
        closes=date(2025, 12, 17),
        cut_off=date(2025, 12, 19),
        papers=date(2025, 12, 29),
        meeting=date(2026, 1, 6),
    )


def test_a_date_that_is_set_by_hand_stands() -> None:
    found = meeting_dates(date(2026, 3, 10), Offsets(), WorkingDays(), {"papers": date(2026, 3, 2), "opens": None})
    assert (found.papers, found.cut_off) == (date(2026, 3, 2), date(2026, 2, 26))


def test_no_days_before_the_meeting_is_the_meeting_itself_even_at_a_weekend() -> None:
    saturday = date(2026, 3, 7)
    assert meeting_dates(saturday, Offsets(20, 10, 8, 0), WorkingDays()).papers == saturday


def test_days_out_of_order_are_refused_with_the_field() -> None:
    with pytest.raises(Refusal, match="nearer to the meeting") as refused:
        check_offsets(Offsets(opens=5, closes=10))
    assert refused.value.field == "closes"
    with pytest.raises(Refusal, match="from 0 to 60"):
        check_offsets(Offsets(opens=61))
    good = meeting_dates(date(2026, 3, 10), Offsets(), WorkingDays())
    check_dates(good)
    with pytest.raises(Refusal, match="Meeting on 10 March 2026, and papers go out on 12 March 2026") as refused:
        check_dates(replace(good, papers=date(2026, 3, 12)))
    assert refused.value.field == "papers"


@pytest.mark.parametrize(
    ("cycle", "expected"),
    [
        (Cycle.MONTHLY, ["2026-01-13", "2026-02-10", "2026-03-10", "2026-04-14", "2026-05-12", "2026-06-09"]),
        (Cycle.SIX_WEEKLY, ["2026-01-13", "2026-02-24", "2026-04-07", "2026-05-19", "2026-06-30"]),
        (Cycle.QUARTERLY, ["2026-01-13", "2026-04-14"]),
        (Cycle.HALF_TERMLY, ["2026-01-13", "2026-03-10", "2026-05-12", "2026-06-09"]),
        (Cycle.ANNUAL, ["2026-01-13"]),
    ],
)
def test_a_cycle_keeps_weekday_and_place(cycle: Cycle, expected: list[str]) -> None:
    found = propose(cycle, date(2026, 1, 13), date(2026, 1, 1), date(2026, 6, 30), working_days())
    assert [day.isoformat() for day in found] == expected
    assert all(day.weekday() == 1 for day in found)


def test_a_fifth_weekday_is_the_last_of_shorter_months() -> None:
    found = propose(Cycle.MONTHLY, date(2026, 1, 29), date(2026, 1, 1), date(2026, 4, 30))
    assert [day.day for day in found] == [29, 26, 26, 30]


def test_a_meeting_on_a_holiday_is_held_on_the_next_working_day() -> None:
    found = propose(Cycle.MONTHLY, date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 31), working_days())
    assert found == [date(2026, 4, 7), date(2026, 5, 5)]  # Easter Monday and the early May holiday are passed over


def test_only_the_days_that_are_asked_for_are_proposed() -> None:
    assert propose(Cycle.ANNUAL, date(2024, 6, 4), date(2026, 1, 1), date(2027, 12, 31)) == [
        date(2026, 6, 2),
        date(2027, 6, 1),
    ]
