"""The last days of a plan's school terms in words, as its manager enters them and as its document keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from tracker.rules.calendar import MONTHS, TermCalendar
from tracker.rules.errors import Refusal
from tracker.rules.text import clean, fold

TERM_NAMES: Mapping[str, str] = {
    "autumn_half": "First half of the autumn term",
    "autumn": "Autumn term",
    "spring_half": "First half of the spring term",
    "spring": "Spring term",
    "summer_half": "First half of the summer term",
    "summer": "Summer term",
}
"""Every term and half term in the order of a school year."""
_WORDS = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<month>[a-z]{3,9})\.?")
_NOT_A_LEAP_YEAR = 2025


def show_terms(stored: Mapping[str, Any]) -> dict[str, str]:
    """Return the last day of each term in words ("19 December"); what is not stored has its default."""
    calendar = terms_of(stored)
    return {name: _show(getattr(calendar, name)) for name in TERM_NAMES}


def terms_of(stored: Mapping[str, Any]) -> TermCalendar:
    """Return the term calendar of a plan from what is stored of it; what is missing takes its default."""
    known = {field.name for field in fields(TermCalendar)}
    return TermCalendar(**{name: (int(day[0]), int(day[1])) for name, day in stored.items() if name in known})


def read_terms(words: Mapping[str, str]) -> dict[str, list[int]]:
    """Return what is stored of term ends given in words: only those that are not the default.

    Raises Refusal, with the name of the term as the field, for what is no day or out of the order of a school year.
    """
    default = TermCalendar()
    found = {name: getattr(default, name) for name in TERM_NAMES}
    found |= {name: _read(name, words[name]) for name in TERM_NAMES if clean(words.get(name))}
    _in_order(found)
    return {name: list(day) for name, day in found.items() if day != getattr(default, name)}


def _in_order(found: Mapping[str, tuple[int, int]]) -> None:
    names = list(TERM_NAMES)
    days = [date(_NOT_A_LEAP_YEAR + (found[name] < (9, 1)), *found[name]) for name in names]
    for index in range(1, len(names)):
        if days[index] <= days[index - 1]:
            before, after = TERM_NAMES[names[index - 1]], TERM_NAMES[names[index]]
            raise Refusal(f"{after} has to end after: {before[0].lower()}{before[1:]}.", names[index])


def _read(name: str, words: str) -> tuple[int, int]:
    match = _WORDS.fullmatch(fold(words))
    found = [
        (n, int(match["day"]))
        for n, month in enumerate(MONTHS, 1)
        if match and month.lower().startswith(match["month"])
    ]
    try:
        ((month, number),) = found  # of one month, and no other
        day = date(_NOT_A_LEAP_YEAR, month, number)
    except ValueError as error:
        raise Refusal(f'Enter the last day like 19 December, not "{clean(words)}".', name) from error
    return day.month, day.day


def _show(day: Sequence[int]) -> str:
    return f"{day[1]} {MONTHS[day[0] - 1]}"
