"""When a board meets and the days that follow from it: everything is counted back from the meeting in working days.

What a working day is, is an argument. Days are London days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from tracker.rules.calendar import TermCalendar, add_months, end_of_month, show_day
from tracker.rules.errors import Refusal
from tracker.rules.working_days import WEEKDAYS, WorkingDays

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
LONGEST = 60
"""How many working days before a meeting anything may be."""


class Cycle(StrEnum):
    """How often a board meets."""

    MONTHLY = "monthly"
    SIX_WEEKLY = "six-weekly"
    HALF_TERMLY = "half-termly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual review"


CYCLE_WORDS: Mapping[Cycle, str] = {
    Cycle.MONTHLY: "Every month",
    Cycle.SIX_WEEKLY: "Every six weeks",
    Cycle.HALF_TERMLY: "Every half term",
    Cycle.QUARTERLY: "Every quarter",
    Cycle.ANNUAL: "Once a year, as a review",
}


class MeetingState(StrEnum):
    """What is known of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


_MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.ANNUAL: 12}


@dataclass(frozen=True, slots=True)
class Offsets:
    """How many working days before the meeting the update window opens and closes, data are cut off, papers go out."""

    opens: int = 20
    closes: int = 10
    cut_off: int = 8
    papers: int = 5


@dataclass(frozen=True, slots=True)
class MeetingDates:
    """The days of one meeting in their order. Facts count up to the end of the day of the cut-off."""

    opens: date
    closes: date
    cut_off: date
    papers: date
    meeting: date


DATE_WORDS: Mapping[str, str] = {
    "opens": "Update window opens",
    "closes": "Update window closes",
    "cut_off": "Cut-off of the data",
    "papers": "Papers go out",
    "meeting": "Meeting",
}


def meeting_dates(
    meeting: date, offsets: Offsets, days: WorkingDays, instead: Mapping[str, date | None] | None = None
) -> MeetingDates:
    """Return the days of a meeting: worked out from it, but for those that a person has set `instead`."""
    chosen = instead or {}
    found = {
        name: chosen.get(name) or _before(meeting, getattr(offsets, name), days)
        for name in ("opens", "closes", "cut_off", "papers")
    }
    return MeetingDates(**found, meeting=meeting)


def _before(meeting: date, number: int, days: WorkingDays) -> date:
    return days.add(meeting, -number) if number else meeting


def check_offsets(offsets: Offsets) -> None:
    """Raise Refusal, with the field, for numbers of working days that are out of range or out of order."""
    names = [field.name for field in fields(offsets)]
    for name in names:
        if not 0 <= getattr(offsets, name) <= LONGEST:
            raise Refusal(f"Enter a number of working days from 0 to {LONGEST}.", name)
    for earlier, later in pairwise(names):
        if getattr(offsets, earlier) < getattr(offsets, later):
            raise Refusal(
                f"{DATE_WORDS[later]} has to be nearer to the meeting than, or as near as: "
                f"{DATE_WORDS[earlier][0].lower()}{DATE_WORDS[earlier][1:]}.",
                later,
            )


def check_dates(dates: MeetingDates) -> None:
    """Raise Refusal, with the field, for days of a meeting that are out of order."""
    names = [field.name for field in fields(dates)]
    for earlier, later in pairwise(names):
        before, after = getattr(dates, earlier), getattr(dates, later)
        if before > after:
            field = earlier if later == "meeting" else later
            raise Refusal(
                f"{DATE_WORDS[later]} on {show_day(after)}, and {DATE_WORDS[earlier].lower()} on {show_day(before)}: "
                "enter them in their order.",
                field,
            )


def propose(
    cycle: Cycle,
    anchor: date,
    first: date,
    last: date,
    days: WorkingDays = WEEKDAYS,
    terms: TermCalendar | None = None,
) -> list[date]:
    """Return the meetings of a cycle between two days, both included, oldest first.

    `anchor` is a meeting of the cycle: its weekday, and where it stands in its month or half term, is kept ("the second
    Tuesday"). One that falls on a day that is closed is held on the next working day.
    """
    found = (days.on_or_after(day) for day in _days(cycle, anchor, last, terms or TermCalendar()))
    return sorted({day for day in found if first <= day <= last})


def _days(cycle: Cycle, anchor: date, last: date, terms: TermCalendar) -> Iterator[date]:
    if cycle is Cycle.HALF_TERMLY:
        yield from _half_termly(anchor, last, terms)
        return
    day, number = anchor, 0
    while day <= last:
        yield day
        number += 1
        if cycle is Cycle.SIX_WEEKLY:
            day = anchor + 6 * _WEEK * number
        else:
            day = _same_place(anchor, add_months(anchor.replace(day=1), _MONTHS[cycle] * number))


def _same_place(anchor: date, month: date) -> date:
    """Return the day of a month with the weekday and the place of the anchor in its own; a fifth is the last one."""
    place = (anchor.day - 1) // 7
    first = month.replace(day=1)
    first += _ONE_DAY * ((anchor.weekday() - first.weekday()) % 7)
    day = first + _WEEK * place
    return day if day <= end_of_month(month.replace(day=1)) else day - _WEEK


def _half_termly(anchor: date, last: date, terms: TermCalendar) -> Iterator[date]:
    """Yield a day in each half term, as many weeks after its beginning as the anchor is after that of its own."""
    starts = _half_terms(anchor.year - 1, last.year + 1, terms)
    own = max(start for start in starts if start <= anchor)
    weeks = (anchor - own).days // 7
    for start, follows in pairwise(starts):
        if start < own:
            continue
        day = start + _ONE_DAY * ((anchor.weekday() - start.weekday()) % 7) + _WEEK * weeks
        while day >= follows:
            day -= _WEEK
        yield anchor if start == own else day


def _half_terms(first: int, last: int, terms: TermCalendar) -> list[date]:
    """Return the first day of each half term of some years, in order."""
    ends = [getattr(terms, field.name) for field in fields(terms)]
    found = []
    for year in range(first, last + 1):
        for month, day in ends:
            end = end_of_month(date(year, 2, 1)) if month == 2 and day >= 28 else date(year, month, day)
            found.append(end + _ONE_DAY)
    return sorted(found)
