"""What recurs, as windows of time: a rule and its first day give every window, each with its scheduled date.

A window is scheduled for its last day. Windows follow from the rule alone: what was held, late or missed in one of
them never moves another (domain, section 6). Days are London days, so a change of the clocks changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import Reading, TermCalendar, add_months, end_of_month
from tracker.rules.phrases import read_period

ONE_DAY = timedelta(days=1)


class Every(StrEnum):
    """How often something recurs."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    HALF_TERMLY = "half-termly"
    QUARTERLY = "quarterly"
    TERMLY = "termly"
    SIX_MONTHLY = "6-monthly"
    ANNUAL = "annual"


EVERY_WORDS: Mapping[Every, str] = {
    Every.WEEKLY: "Every week",
    Every.FORTNIGHTLY: "Every two weeks",
    Every.MONTHLY: "Every month",
    Every.HALF_TERMLY: "Every half term",
    Every.QUARTERLY: "Every quarter",
    Every.TERMLY: "Every term",
    Every.SIX_MONTHLY: "Every six months",
    Every.ANNUAL: "Every year",
}
ORDINARY_TERMS = TermCalendar()
FREQUENT = frozenset({Every.WEEKLY, Every.FORTNIGHTLY})
_DAYS = {Every.WEEKLY: 7, Every.FORTNIGHTLY: 14}
_MONTHS = {Every.MONTHLY: 1, Every.QUARTERLY: 3, Every.SIX_MONTHLY: 6, Every.ANNUAL: 12}
_TERMS = {
    Every.TERMLY: ("autumn", "spring", "summer"),
    Every.HALF_TERMLY: ("autumn_half", "autumn", "spring_half", "spring", "summer_half", "summer"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How a commitment recurs. `anchor` is the first day of the first window; no window closes after `ends`.

    `confirmed`: a person has said that rule and anchor are right. `accepted` is the day on which the board took the
    commitment as business as usual, with its minute.
    """

    every: Every
    anchor: date
    ends: date | None = None
    terms: TermCalendar = ORDINARY_TERMS
    confirmed: bool = True
    accepted: date | None = None
    minute: str = ""

    @property
    def frequent(self) -> bool:
        """Return whether it is judged by its share of the last weeks rather than by its latest windows."""
        return self.every in FREQUENT


@dataclass(frozen=True, slots=True)
class Window:
    """The days, first and last included, within which one occurrence is to be held."""

    opens: date
    closes: date

    @property
    def scheduled(self) -> date:
        """Return the scheduled date, by which the occurrence is known for ever: the last day."""
        return self.closes

    @property
    def days(self) -> int:
        """Return how many days the window has."""
        return (self.closes - self.opens).days + 1

    @property
    def two_thirds(self) -> date:
        """Return the day at whose end two thirds of the window are gone."""
        return self.opens + timedelta(days=-(-2 * self.days // 3) - 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a source's words propose as a rule; `question` is what a person has to answer first, "" for nothing."""

    every: Every | None
    anchor: date | None
    question: str = ""


def windows(rule: Rule, through: date) -> list[Window]:
    """Return the windows that have opened by the end of `through`, without gap or overlap, oldest first."""
    found = []
    for window in _endless(rule):
        if window.opens > through or (rule.ends is not None and window.closes > rule.ends):
            break
        found.append(window)
    return found


def window_of(rule: Rule, scheduled: date) -> Window | None:
    """Return the window that is scheduled for a date, None if the rule has none."""
    return next((window for window in windows(rule, scheduled) if window.scheduled == scheduled), None)


def last_window(rule: Rule) -> Window | None:
    """Return the last window of a rule that ends; None for one that does not, or that ends before it begins."""
    if rule.ends is None:
        return None
    found = windows(rule, rule.ends)
    return found[-1] if found else None


def next_window(rule: Rule, day: date) -> Window | None:
    """Return the first window that opens after `day`, None if the rule has ended by then."""
    for window in _endless(rule):
        if rule.ends is not None and window.closes > rule.ends:
            return None
        if window.opens > day:
            return window
    return None


def propose(frequency: str, adopted: date | None, follows: date | None = None) -> Proposal:
    """Return the rule that a source's words for a frequency propose; a person confirms it.

    The first window opens on the day after `follows` (the deadline of the milestone that the commitment comes after),
    otherwise on the day of adoption. Words with two meanings ("bi-annual") propose nothing and ask.
    """
    anchor = follows + ONE_DAY if follows is not None else adopted
    read = read_period(frequency)
    if read.reading is Reading.AMBIGUOUS:
        return Proposal(None, anchor, read.question or f"“{frequency}” can be read in two ways. Which one is meant?")
    if read.frequency not in set(Every):
        said = f"“{frequency}” is not" if frequency else "Nothing in the source is"
        return Proposal(None, anchor, f"{said} a frequency that the tracker counts. How often is it held?")
    question = "" if anchor is not None else "From which day on does it count?"
    return Proposal(Every(read.frequency), anchor, question)


def _endless(rule: Rule) -> Iterator[Window]:
    opens, number = rule.anchor, 0
    while opens.year < 9990:
        number += 1
        follows = _opening(rule, opens, number)
        yield Window(opens, follows - ONE_DAY)
        opens = follows


def _opening(rule: Rule, opens: date, number: int) -> date:
    """Return the first day of a window from the anchor (counted, so that a short month shortens no later one)."""
    if rule.every in _DAYS:
        return rule.anchor + timedelta(days=_DAYS[rule.every] * number)
    if rule.every in _MONTHS:
        return add_months(rule.anchor, _MONTHS[rule.every] * number)
    lasts = [getattr(rule.terms, name) for name in _TERMS[rule.every]]
    days = (_day(year, *last) for year in (opens.year, opens.year + 1) for last in lasts)
    return min(day for day in days if day >= opens) + ONE_DAY


def _day(year: int, month: int, day: int) -> date:
    """Return a day of a term calendar; 28 February stands for the end of that month."""
    if month == 2 and day >= 28:
        return end_of_month(date(year, 2, 1))
    return date(year, month, day)
