"""Date expressions made of single ones: "end of ...", "mid June", ranges, and dates inside a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tracker.rules.atoms import MONTH, NOT_COUNTED, TERM, YEAR, YEARS, Context, Hit, clean, no_year, read_atom
from tracker.rules.calendar import Precision, Reading, add_months

_LEAD = re.compile(
    r"(?:(?:to be |must be |is )?(?:completed?|delivered|finished|done|agreed) by|due(?: by| on| in)?|by|on|in|no later"
    r" than|not later than|before|until|till|up to|to|target(?: date)?|deadline|for|during|within|the)(?::| )\s*"
)
_PART = re.compile(
    r"(?:the )?(?P<part>mid ?(?:/|to|-) ?end|end|close|late|mid|middle|early|beginning|start|first half|second half)"
    r"(?: of)?(?: |-)(?:the )?(?P<rest>.+)"
)
_START_ONLY = re.compile(
    r"(?:from|starting|start(?:s|ing|ed)?(?: in| from| on)?|began(?: in)?|begun(?: in)?|beginning in|after"
    r"|commenc(?:ing|es|ed)(?: in| on)?|as of) (?P<rest>.+?)(?: on-?wards?)?"
    r"|(?P<first>.+?) on-?wards?"
)
_WEEK = re.compile(r"(?:(?:the )?(?:week|wk) (?:commencing|beginning|starting|of)|w/?[cb]):? ?(?P<rest>.+)")
_WEEK_END = re.compile(r"(?:(?:the )?(?:week|wk) ending|w/?e):? ?(?P<rest>.+)")
_BETWEEN = re.compile(r"(?:from|between) (?P<left>.+?) (?:to|and|until|-) (?P<right>.+)")
_APART = re.compile(r" ?(?:/|-|&|,| to | until | and | or | then ) ?")
_LISTS = ("&", ",", "and", "or")
_LONGEST = 90  # characters; a longer text is a sentence
_DAY_ALONE = re.compile(rf"\d\d {MONTH}[-/]'?\d\d")
_BARE_MONTH_YEAR = re.compile(rf"({MONTH}) (\d\d)")


def read_dated(words: str, context: Context) -> Hit | None:
    """Read cleaned `words` that are one expression or one range from end to end, or return None."""
    if len(words) > _LONGEST:
        return None
    hit = _single(words, context)
    if hit is not None:
        return hit
    found = _BETWEEN.fullmatch(words)
    if found and (hit := _range(found["left"], found["right"], context)):
        return hit
    found = _START_ONLY.fullmatch(words)
    if found and (inner := _single(found["rest"] or found["first"], context)):
        question = f'"{words}" gives a start only: when is it due?'
        return replace(inner, end=None, precision=Precision.NONE, question=question, reading=Reading.UNDATED)
    for mark in _APART.finditer(words):
        listed = mark[0].strip() in _LISTS
        if hit := _range(words[: mark.start()], words[mark.end() :], context, listed=listed):
            return hit
    return None


def _single(words: str, context: Context) -> Hit | None:
    """Read one expression with the words that may stand before it ("by", "end of", "week commencing")."""
    hit = read_atom(words, context)
    while hit is None and (lead := _LEAD.match(words)):
        words = words[lead.end() :]
        hit = read_atom(words, context)
    if hit is not None:
        return hit
    for pattern, adjust in ((_PART, _part), (_WEEK, _week), (_WEEK_END, _plain)):
        found = pattern.fullmatch(words)
        if found and (inner := _single(found["rest"], context)):
            return adjust(found, inner)
    return None


def find_dated(words: str, context: Context) -> list[Hit]:
    """Return the dates inside a sentence, in order; each names its year, or follows one that does."""
    hits: list[Hit] = []
    year = None
    for found in _INSIDE.finditer(words):
        near = replace(context, year=year)
        hit = read_dated(clean(found[0]), near)
        if hit is not None and hit.end is not None:
            hits.append(hit)
            year = hit.end.year
    return hits


def _plain(found: re.Match[str], hit: Hit) -> Hit:
    return hit


def _week(found: re.Match[str], hit: Hit) -> Hit:
    if hit.start is None or hit.precision is not Precision.DAY:
        return hit
    return replace(hit, end=hit.start + timedelta(days=6))


def _part(found: re.Match[str], hit: Hit) -> Hit:
    """Narrow a hit to its named part. Only what has one plain meaning is narrowed; the rest keeps its last day."""
    part = found["part"]
    if hit.start is None or hit.end is None or part[:3] in ("end", "clo", "lat", "sec") or "end" in part:
        return hit
    if hit.precision is Precision.MONTH and part in ("mid", "middle"):
        middle = hit.start.replace(day=15)
        return Hit(middle, middle, Precision.DAY)
    if hit.precision is Precision.YEAR:
        months = 6 if part in ("mid", "middle", "first half") else 3
        if part in ("beginning", "start") and hit.start.month == 9:
            months = 1  # an academic year begins in September
        return Hit(hit.start, add_months(hit.start, months) - timedelta(days=1), Precision.QUARTER)
    return replace(hit, question=f'Read as the last day of "{found["rest"]}": which day does "{part}" mean?')


def _range(left: str, right: str, context: Context, *, listed: bool = False) -> Hit | None:
    """Read a range: its last day counts, and its left side takes what it lacks from the right side.

    Where the dates are `listed` ("Sep 2025 and Mar 2026") the last one counts too, with a question.
    """
    left, right = left.strip(" ,"), right.strip(" ,")
    if _DAY_ALONE.fullmatch(right) and re.fullmatch(MONTH, left):
        return None  # "May-25 Aug-25" is not from May to the 25th
    short, first_short = _BARE_MONTH_YEAR.fullmatch(right), _BARE_MONTH_YEAR.fullmatch(left)
    if short and re.fullmatch(MONTH, left):
        right = f"{short[1]}-{short[2]}"  # "Sep - Dec 21": a month on both sides, so 21 is a year
    elif short and first_short and first_short[2] <= short[2] and not listed:
        left, right = f"{first_short[1]}-{first_short[2]}", f"{short[1]}-{short[2]}"  # "Apr 25 - Mar 26"
    last = _single(right, context)
    if last is None:
        return None
    first = read_dated(left, context)
    borrowed = first is None or first.end is None
    if borrowed:
        first = _borrow(left, right, last, context)
    if first is None:
        return None
    if last.end is None or first.start is None or first.end is None:
        if Reading.AMBIGUOUS in (first.reading, last.reading):
            return last if last.reading is Reading.AMBIGUOUS else first
        return no_year(f"{left} - {right}")
    start, end = first.start, first.end
    if borrowed and start > last.end:
        start, end = add_months(start, -12), add_months(end, -12)  # "Nov - Feb 2026"
    if end > last.end:
        question = f'"{left}" is after "{right}": which one is the deadline?'
        return Hit(None, None, question=question, reading=Reading.AMBIGUOUS)
    question = "Several dates are named; the last was taken: is it the deadline?" if listed and not borrowed else ""
    return replace(last, start=start, question=question or last.question)


def _borrow(left: str, right: str, last: Hit, context: Context) -> Hit | None:
    """Read the left side of a range with the day's month, the term or the year of the right side."""
    if left.isdigit() and len(left) <= 2:
        if last.end is None:
            return last if last.reading is Reading.UNDATED else None
        if last.precision is not Precision.DAY or not 1 <= int(left) <= last.end.day:
            return None
        day = last.end.replace(day=int(left))
        return Hit(day, day, Precision.DAY)
    tail = right.split(" ")
    for cut in range(1, len(tail)):
        hit = _single(f"{left} {' '.join(tail[cut:])}", context)
        if hit is not None and hit.end is not None:
            return hit
    return _single(left, replace(context, year=last.end.year) if last.end else context)


_PARTS = r"(?:by |the )*(?:(?:end|early|mid|late|middle|beginning|start)(?: of)?(?: the)?[ -])?"
_INSIDE = re.compile(
    r"\b(?:"
    r"\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)"
    rf"|{NOT_COUNTED}\d{{1,2}} (?:of )?{MONTH},? {YEAR}"
    rf"|{MONTH} \d{{1,2}}, {YEAR}"
    rf"|{_PARTS}{MONTH},? ?{YEAR}"
    rf"|{MONTH}[-']\d\d"
    rf"|q[1-4] {YEARS}"
    rf"|{_PARTS}{TERM}(?: half)? term {YEAR}(?:/\d\d)?"
    rf"|{_PARTS}{TERM} {YEAR}"
    rf"|{YEAR}[/-]\d\d(?: academic year| financial year)?"
    rf"|(?:by|end of|early|mid|late|end|until) (?:the end of )?{YEAR}"
    # Only taken where a year was named before it, see `find_dated`.
    rf"|(?:by |the )*(?:end|mid|by)(?: of)?[ -]{MONTH}(?!,? ?{YEAR})"
    r")(?![\w/])"
)
