"""Days, months and periods: what a date phrase means, and how a date is printed.

Days are London days. Names of months are fixed here, so no locale of a server can change an export.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)


class Precision(StrEnum):
    """How exactly a date was given. A month is never exported as a day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    TERM = "term"
    SEASON = "season"
    YEAR = "year"
    NONE = "none"


class Reading(StrEnum):
    """What kind of phrase stands where a date is expected."""

    DATED = "dated"
    UNDATED = "undated"
    RECURRING = "recurring"
    ONGOING = "ongoing"
    TBC = "tbc"
    AMBIGUOUS = "ambiguous"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TermCalendar:
    """The last day, as (month, day), of each school term and half term of a plan."""

    autumn: tuple[int, int] = (12, 31)
    spring: tuple[int, int] = (4, 30)
    summer: tuple[int, int] = (8, 31)
    autumn_half: tuple[int, int] = (10, 31)
    spring_half: tuple[int, int] = (2, 28)
    summer_half: tuple[int, int] = (5, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A date phrase as read: its words, first and last day (None: no date), and a question where it leaves one.

    `note` keeps what the phrase says beside the date; `frequency` is "quarterly" and the like, in plain words.
    """

    text: str
    start: date | None
    end: date | None
    precision: Precision
    reading: Reading
    question: str = ""
    note: str = ""
    frequency: str = ""

    @property
    def dated(self) -> date | None:
        """Return the last day of a phrase that is a date and nothing else, None for any other phrase."""
        return self.end if self.reading is Reading.DATED else None


def end_of_month(day: date) -> date:
    """Return the last day of the month that `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, n: int) -> date:
    """Return `day` moved by `n` months; the last day of a month stays the last day (30 Sep + 3 is 31 Dec)."""
    total = day.year * 12 + day.month - 1 + n
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    at_end = day == end_of_month(day)
    return date(year, month + 1, last if at_end else min(day.day, last))


def show_day(day: date) -> str:
    """Return "30 September 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def show_short(day: date) -> str:
    """Return "30 Sep 2025"."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"


def show_month(day: date) -> str:
    """Return "Sep 2025"."""
    return f"{SHORT_MONTHS[day.month - 1]} {day.year}"


def show_period(text: str, end: date | None, precision: Precision) -> str:
    """Return a date as it is printed: a month as "Sep 2025", a day in full, anything else in its own words."""
    words = " ".join(text.split())
    if end is None or precision is Precision.NONE:
        return words or "No date"
    if precision is Precision.MONTH:
        return show_month(end)
    if precision is Precision.DAY or not words:
        return show_day(end)
    return words


def london_day(instant: datetime) -> date:
    """Return the London day of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(LONDON).date()


def london_midnight(day: date) -> datetime:
    """Return the instant, in UTC, at which `day` begins in London."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)
