"""The ladder: lead, manager, senior officer; grace in working days; an answer and a new deadline begin anew."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.rules.escalation import Asked, Rung, coming_step, next_rung, next_step
from tracker.rules.working_days import WorkingDays

DUE = date(2026, 12, 15)  # a Tuesday
DAYS = WorkingDays(frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}))
GRACE = (5, 5)
LEAD, MANAGER = Asked(Rung.LEAD, date(2026, 12, 16)), Asked(Rung.MANAGER, date(2026, 12, 23))


def rung(today: date, *asked: Asked, answered: date | None = None) -> Rung | None:
    """Return who is told on a day."""
    return next_rung(DUE, asked, answered, today, GRACE, DAYS)


@pytest.mark.parametrize(
    ("today", "asked", "answered", "expected"),
    [
        (date(2026, 12, 15), (), None, None),  # the day itself
        (date(2026, 12, 16), (), None, Rung.LEAD),
        (date(2026, 12, 22), (LEAD,), None, None),  # the fourth working day
        (date(2026, 12, 23), (LEAD,), None, Rung.MANAGER),
        (date(2026, 12, 31), (LEAD, MANAGER), None, None),  # Christmas, its substitute and weekends do not count
        (date(2027, 1, 4), (LEAD, MANAGER), None, Rung.SENIOR),
        (date(2027, 3, 1), (LEAD, MANAGER, Asked(Rung.SENIOR, date(2027, 1, 4))), None, None),
        (date(2026, 12, 23), (LEAD,), date(2026, 12, 17), None),  # an answer takes it off the ladder
        (date(2026, 12, 23), (LEAD,), date(2026, 12, 16), Rung.LEAD),  # and five working days later the lead is asked
        (date(2026, 12, 24), (LEAD,), date(2026, 12, 17), Rung.LEAD),
        (date(2026, 12, 16), (), date(2026, 12, 1), Rung.LEAD),  # an update before the deadline is no answer
        (date(2026, 12, 18), (), date(2026, 12, 16), None),  # one after it is, though nobody asked
    ],
)
def test_the_next_rung(today: date, asked: tuple[Asked, ...], answered: date | None, expected: Rung | None) -> None:
    assert rung(today, *asked, answered=answered) is expected


def test_a_worker_that_comes_late_goes_one_rung_at_a_time() -> None:
    assert rung(date(2027, 3, 1)) is Rung.LEAD
    assert rung(date(2027, 3, 1), LEAD) is Rung.MANAGER


def test_what_comes_next_is_known_with_its_day() -> None:
    assert next_step((), GRACE, DAYS) is None
    assert next_step((LEAD,), GRACE, DAYS) == (Rung.MANAGER, date(2026, 12, 23))
    assert next_step((LEAD, MANAGER), GRACE, DAYS) == (Rung.SENIOR, date(2027, 1, 4))
    assert next_step((LEAD, MANAGER, Asked(Rung.SENIOR, date(2027, 1, 4))), GRACE, DAYS) is None


@pytest.mark.parametrize("today", [date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 26), date(2027, 1, 2)])
@pytest.mark.parametrize("asked", [(), (LEAD,), (LEAD, MANAGER), (LEAD, MANAGER, Asked(Rung.SENIOR, date(2027, 1, 4)))])
@pytest.mark.parametrize("answered", [None, date(2026, 12, 1), date(2026, 12, 16), date(2026, 12, 24)])
def test_the_step_that_is_foretold_is_the_one_that_the_ladder_takes(
    today: date, asked: tuple[Asked, ...], answered: date | None
) -> None:
    worked = [day for number in range(60) if DAYS.works(day := today + timedelta(days=number))]
    taken = next(((found, day) for day in worked if (found := rung(day, *asked, answered=answered))), None)
    assert coming_step(DUE, asked, answered, today, GRACE, DAYS) == taken
