"""Read date phrases. Never in US order, never with a guessed year."""

from __future__ import annotations

import re
from datetime import date, datetime

from tracker.rules.calendar import (
    MONTHS,
    Period,
    Precision,
    Reading,
    TermCalendar,
    end_of_month,
)
from tracker.rules.errors import Refusal


def read_period(text: str, *, calendar: TermCalendar = TermCalendar(), year_kind: str = "financial") -> Period:  # noqa: B008
    """Read one date phrase."""
    words = " ".join(text.split())
    found = re.fullmatch(r"([A-Za-z]{3})[a-z]*\.? (\d{4})", words)
    if found:
        for number, name in enumerate(MONTHS, 1):
            if name[:3].lower() == found[1].lower():
                start = date(int(found[2]), number, 1)
                return Period(words, start, end_of_month(start), Precision.MONTH, Reading.DATED)
    return Period(words, None, None, Precision.NONE, Reading.UNDATED)


def leading_period(
    text: str,
    *,
    calendar: TermCalendar = TermCalendar(),
    year_kind: str = "financial",  # noqa: B008
) -> tuple[Period, str] | None:
    """Read the date phrase that begins `text` and return it with the rest, or None."""
    found = re.match(r"([A-Za-z]{3,9}\.? \d{4}):? +(.*)", text, re.S)
    if not found:
        return None
    period = read_period(found[1])
    return (period, found[2]) if period.end else None


def period_from_cell(value: datetime | date, number_format: str) -> Period:
    """Read a spreadsheet date; one on the 1st that shows as month and year is that month."""
    day = value.date() if isinstance(value, datetime) else value
    return Period(day.isoformat(), day, day, Precision.DAY, Reading.DATED)


def parse_day(text: str) -> date:
    """Read a day that was typed into a form. Raises Refusal with the sentence to show."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal("Enter a real date, for example 27 3 2027.") from None
