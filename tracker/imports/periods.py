"""Headings that name a period: "Sep 2025", "Q1 23/24", "Autumn term milestone", "Milestones by March 2026"."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from tracker.imports.grid import Cell
from tracker.rules.dates import period_from_cell

_PERIOD = re.compile(
    r"^(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?[ -]?'?\d{2,4}"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? ?(?:[-–/]|to) ?[a-z]{3,9}\.? ?'?\d{0,4}"
    r"|q(?:uarter )?[1-4](?: ?(?:(?:19|20)\d\d(?:[/-]\d\d)?|\d\d[/-]\d\d))?"
    r"|q(?:uarter )?[1-4][ (:–-]+[a-z]{3,9}\.? ?(?:[-–/]|to) ?[a-z]{3,9}\.? '?\d{2,4}\)?"
    r"|(?:autumn|spring|summer|winter)(?: term)?(?: ?\d{2,4}(?:[/-]\d\d)?)?"
    r"|(?:19|20)\d\d(?:[/-]\d\d)?|term [1-6](?: .*)?|week \d+|w/?c .*|month \d+|year \d"
    r"|(?:easter|christmas)(?: ?\d{4})?"
    r"|h(?:alf )?[12](?: ?(?:19|20)\d\d(?:[/-]\d\d)?)?"
    r"|year \d[ (:–-]+(?:19|20)\d\d(?:\s?[/-]\s?\d\d(?:\d\d)?)?\)?)$",
    re.I,
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTHS = rf"(?P<months>{_MONTH}(?: ?(?:[-–/,&]|to|and) ?{_MONTH}){{1,2}})"
_YEARS = r"(?:(?:19|20)\d\d(?:[/-]\d\d(?:\d\d)?)?|\d\d[/-]\d\d)"
_QUARTER_OF_MONTHS = re.compile(  # "Q1 (Apr-Jun)", "Quarter 1 2025/26 - April to June", "Apr-Jun (Q1)"
    rf"^(?P<q>q(?:uarter |tr )?[1-4])(?: ?(?P<year>{_YEARS}))?(?: ?[(:–-] ?| ){_MONTHS}\)?(?: ?(?P<after>{_YEARS}))?$"
    rf"|^{_MONTHS.replace('months', 'first')} ?[(:–-] ?(?P<last>q(?:uarter )?[1-4])\)?(?: ?(?P<end>{_YEARS}))?\)?$",
    re.I,
)
_BEFORE = re.compile(
    r"^(?:(?:key )?(?:milestones?|targets?|actions?|outcomes?|deliverables?|what we will (?:do|have done))\s*)?"
    r"(?:(?:due |complete |to be achieved )?(?:by|for|in|during)|[-–:])?\s*(?:the )?(?:end(?: of)? )?(?:the )?",
    re.I,
)
# "Autumn term milestone", "By March 2026 we will have"
_AFTER = re.compile(r"(?<=\w),? (?:milestones?|targets?|outcomes?|deliverables?|we will have)$", re.I)
_TERM = re.compile(  # "Medium term (by 2028)"
    r"^(?:short|medium|mid|long|longer|immediate)[ -]?term\b[^\d]*?((?:by |to )?(?:19|20)\d\d(?:\s?[/-]\s?\d\d)?)\W*$",
    re.I,
)
# "Milestones at 6 months (by end October 2022)", "Year 1 milestone: March 2026"
_SPAN = re.compile(
    r"^(?!.*\b(?:progress|updates?|status|b?rag|position|reviews?|comments?|actuals?|rating|baseline|outturn)\b)"
    r"(?=.*\b(?:milestones?|targets?|outcomes?|deliverables?|actions?|months?|weeks?|years?)\b)"
    r"[^()\n:–—]{4,45}?(?:\s*\(|\s*[:–—]\s*|\s+-\s+)([^()]{2,40}?)\)?$",
    re.I,
)


_FINANCIAL = re.compile(r"(?<![\d/-])20\d\d[/-]\d\d(?:\d\d)?(?![\d/-])")
_QUARTER = re.compile(r"(?m)^\s*[•·-]?\s*Q(?:uarter )?[1-4](?=\s*[-–—:])|(?<=[-–—:(,] )Q[1-4](?=\)?\s*$)")


def period_label(cell: Cell) -> str:
    """Return the words of a heading that names a period, "" if it names none."""
    if isinstance(cell.value, datetime):
        period = period_from_cell(cell.value, cell.number_format)
        return period.text
    text = " ".join(cell.text.split())
    if len(text) > 80:
        return ""
    if _TERM.match(text) or _QUARTER_OF_MONTHS.match(text):
        return text
    return text if _PERIOD.match(text) or (_PERIOD.match(rest := period_words(text)) and rest != text) else ""


@lru_cache(maxsize=512)
def period_words(label: str) -> str:
    """Return the period that a heading names, without the words before it: "Milestones by Dec 2025"."""
    if quarter := _QUARTER_OF_MONTHS.match(label):
        named, months = quarter["q"] or quarter["last"], quarter["months"] or quarter["first"]
        year = quarter["year"] or quarter["after"] or quarter["end"] or ""
        return f"{months if year.isdigit() else named} {year}".strip()  # "Q1 (Jan-Mar) 2026" begins no financial year
    term = _TERM.match(label)
    span = _SPAN.match(label)
    label = _AFTER.sub("", label)
    return term[1] if term else _BEFORE.sub("", span[1] if span else label)


def is_bare_period(text: str) -> bool:
    """Return whether a text is nothing but the name of a period: "Q4", "March 2026"."""
    return len(text) <= 20 and _PERIOD.match(" ".join(text.split())) is not None


def year_named(text: str) -> str:
    """Return the one financial or academic year that a text names, "2025/26"; "" if it names none, or several."""
    years = set(_FINANCIAL.findall(text))
    return years.pop() if len(years) == 1 else ""


def with_year_of(label: str, text: str) -> str:
    """Return a text whose lines begin with bare quarters with the year of their heading in each.

    "Q1 - lease signed" under "Key milestones 2025/26" is the first quarter of that year.
    """
    year = year_named(label)
    return _QUARTER.sub(rf"\g<0> {year}", text) if year else text
