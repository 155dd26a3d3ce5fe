"""Read a day that a person typed into a form."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from tracker.rules.atoms import FIRST_YEAR, LAST_YEAR, MONTH, clean, month_number
from tracker.rules.calendar import MONTHS
from tracker.rules.errors import Refusal

_EXAMPLE = "for example 27 3 2027"
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_TYPED = re.compile(rf"(?P<day>\d{{1,2}})[ /.-]+(?P<month>\d{{1,2}}|{MONTH})[ /.,-]+(?P<year>\d{{4}})")
_SHORT_YEAR = re.compile(rf"\d{{1,2}}[ /.-]+(?:\d{{1,2}}|{MONTH})[ /.,-]+'?\d{{1,3}}")
_NO_YEAR = re.compile(rf"\d{{1,2}}[ /.-]+(?:\d{{1,2}}|{MONTH})")
_NO_DAY = re.compile(rf"(?:\d{{1,2}}|{MONTH})[ /.,-]+\d{{4}}")


def parse_day(text: str, field: str = "") -> date:
    """Return the day that `text` names, day first: "27 3 2027", "27 March 2027", "2027-03-27".

    Raises Refusal with the sentence to show, for `field` where one is named.
    """
    words = clean(text)
    if not words:
        raise Refusal(f"Enter a date, {_EXAMPLE}.", field)
    found = _ISO.fullmatch(words) or _TYPED.fullmatch(words)
    if found is None:
        raise Refusal(_what_is_missing(words), field)
    name, day, year = found["month"], int(found["day"]), int(found["year"])
    month = int(name) if name.isdigit() else month_number(name)
    if not 1 <= month <= 12:
        raise Refusal(f"The month must be between 1 and 12, not {month}: enter the day first, {_EXAMPLE}.", field)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}, not {year}.", field)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Refusal(f"{MONTHS[month - 1]} {year} has {last} days: the day cannot be {day}.", field)
    return date(year, month, day)


def _what_is_missing(words: str) -> str:
    if _SHORT_YEAR.fullmatch(words):
        return f"Enter the year with four digits, {_EXAMPLE}."
    if _NO_DAY.fullmatch(words):
        return f"The date must include a day, {_EXAMPLE}."
    if _NO_YEAR.fullmatch(words):
        return f"The date must include a year, {_EXAMPLE}."
    return f"Enter a real date with a day, a month and a year, {_EXAMPLE}."
