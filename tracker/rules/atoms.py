"""Single date expressions: a day, a month, a quarter, a term, a season, a year. Day first, never US order.

`read_atom` takes cleaned words (see `clean`) and answers with a hit. A hit without an end is an expression that is
understood but names no date that can be known; its question says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import Precision, Reading, TermCalendar, add_months, end_of_month

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?:19|20)\d\d"
YEARS = rf"(?:fy ?|ay ?)?(?:{YEAR}|\d\d) ?(?:[/-]|to) ?(?:{YEAR}|\d\d?)"
TERM = r"(?:autumn|spring|summer)"
FIRST_YEAR, LAST_YEAR = 1950, 2099

# A number after one of these is no day: "Phase 2 December 2025".
_COUNTED = (
    "phase", "stage", "tranche", "part", "lot", "wave", "cohort", "option", "gateway", "gate", "objective", "priority",
    "action", "year", "block", "zone", "round", "level", "milestone", "module", "version", "task", "step", "group",
)  # fmt: skip
NOT_COUNTED = "".join(f"(?<![{word[0].upper()}{word[0]}]{word[1:]} )" for word in _COUNTED)
_INITIALS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b,? ?")
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_TIME = re.compile(r"(?<=\d)[t ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:z| ?[ap]m)?$")
_SLASHED = re.compile(rf"(?<!\d)(\d{{1,2}})[/.]({'|'.join(_INITIALS)})[/.](?=\d)")
_HALVES = {"oct": "autumn", "feb": "spring", "may": "summer"}
_QUARTER_WORDS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_RUN_ON = (
    rf"(?:{'|'.join(_INITIALS)}|sept|january|february|march|april|june|july|august|september|october|november|december)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a plan says about reading its dates. `year` only where the source states one elsewhere."""

    calendar: TermCalendar
    academic: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An expression as read: its days, or None with a question."""

    start: date | None
    end: date | None
    precision: Precision = Precision.NONE
    question: str = ""
    reading: Reading = Reading.DATED


def clean(text: str) -> str:
    """Return `text` in lower case with one kind of dash and quotation mark, without weekdays, ordinals and times."""
    words = " ".join(text.lower().split())
    words = re.sub("[‐‑‒–—−]", "-", words)
    words = re.sub("[’‘`´]", "'", words)
    words = _SLASHED.sub(r"\1-\2-", _ORDINAL.sub(r"\1", _WEEKDAY.sub("", words)))
    return _TIME.sub("", words.strip(" .,;:")).strip(" .,;:")


def read_atom(words: str, context: Context) -> Hit | None:
    """Read one expression that is the whole of `words`, or return None."""
    for pattern, read in _ATOMS:
        found = pattern.fullmatch(words)
        if found:
            hit = read(found, context)
            if hit is not None:
                return hit
    return None


def no_year(words: str) -> Hit:
    """Return the hit of an expression that leaves its year open."""
    return Hit(None, None, question=f'Which year is "{words}" in?', reading=Reading.UNDATED)


def ambiguous(question: str) -> Hit:
    """Return the hit of an expression that has two meanings."""
    return Hit(None, None, question=question, reading=Reading.AMBIGUOUS)


def month_number(name: str) -> int:
    """Return 1 to 12 for the name of a month, short or long."""
    return _INITIALS.index(name[:3]) + 1


def full_year(digits: str) -> int:
    """Return the year that two or four digits stand for; two digits up to 69 are this century."""
    value = int(digits.lstrip("'"))
    return value if value > 99 else value + (2000 if value < 70 else 1900)


def _day(year: int, month: int, day: int, words: str) -> Hit:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Hit(None, None, question=f'"{words}" is not a likely date: when is it due?', reading=Reading.UNDATED)
    try:
        found = date(year, month, day)
    except ValueError:
        question = f'"{words}" is not a real date, read day first: when is it due?'
        return Hit(None, None, question=question, reading=Reading.UNDATED)
    return Hit(found, found, Precision.DAY)


def _month(year: int, month: int) -> Hit:
    start = date(year, month, 1)
    return Hit(start, end_of_month(start), Precision.MONTH)


def _iso(found: re.Match[str], context: Context) -> Hit:
    return _day(int(found[1]), int(found[3]), int(found[4]), found[0])


def _numbers(found: re.Match[str], context: Context) -> Hit:
    return _day(full_year(found[4]), int(found[3]), int(found[1]), found[0])


def _day_month(found: re.Match[str], context: Context) -> Hit:
    if found["year"] is None and context.year is None:
        return no_year(found[0])
    year = full_year(found["year"]) if found["year"] else context.year or 0
    return _day(year, month_number(found["month"]), int(found["day"]), found[0])


def _month_and_two_digits(found: re.Match[str], context: Context) -> Hit:
    day = int(found["two"])
    if not 1 <= day <= 31:
        return _month(full_year(found["two"]), month_number(found["month"]))
    return ambiguous(f'Is "{found[0]}" a day or a month of the year 20{day:02d}?')


def _month_year(found: re.Match[str], context: Context) -> Hit:
    return _month(full_year(found["year"]), month_number(found["month"]))


def _month_alone(found: re.Match[str], context: Context) -> Hit:
    return _month(context.year, month_number(found["month"])) if context.year else no_year(found[0])


def _number_year(found: re.Match[str], context: Context) -> Hit | None:
    return _month(full_year(found[2]), int(found[1])) if 1 <= int(found[1]) <= 12 else None


def _years(found: re.Match[str], context: Context) -> Hit | None:
    kind = (found["before"] or "") + (found["after"] or "")
    first, second, mark = found["first"], found["second"], found["mark"]
    named = bool(kind.strip())
    if len(first) == 2 and not named:
        a, b = int(first), int(second)
        if mark != "/" or len(second) != 2:
            return None
        if a <= 12 and b <= 12:
            return ambiguous(f'Is "{found[0]}" a day, a month or a year from April to March?')
        if 1 <= a <= 12:
            return _month(full_year(second), a)
        if 1 <= b <= 12 and a <= 31 and b != a + 1:
            return no_year(found[0])
        if b != a + 1:
            return None
    start = full_year(first)
    # "2009-10" is the year 2009/10 in every plan seen; "2025-09" can only be a month.
    follows = int(second) == (start + 1) % 10 ** len(second)
    if not follows:
        if mark == "-" and len(second) == 2 and 1 <= int(second) <= 12 and not named:
            return _month(start, int(second))
        if len(second) == 4 and int(second) > start:
            return Hit(date(start, 1, 1), date(int(second), 12, 31), Precision.YEAR)
        return ambiguous(f'What is the last day of "{found[0]}"?')
    academic = any(word in kind for word in ("academic", "school", "ay")) or (context.academic and "f" not in kind)
    opens = date(start, 9 if academic else 4, 1)
    return Hit(opens, add_months(opens, 12) - timedelta(days=1), Precision.YEAR)


def _year(found: re.Match[str], context: Context) -> Hit:
    if found["kind"]:
        return ambiguous(f'Does "{found[0]}" begin or end in {found["year"]}?')
    year = int(found["year"])
    return Hit(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)


def _quarter(found: re.Match[str], context: Context) -> Hit:
    groups = found.groupdict()
    years, number = groups["years"], int(_QUARTER_WORDS.get(groups["quarter"], groups["quarter"][:1]))
    if not years:
        return no_year(found[0])
    if re.fullmatch(r"(?:19|20)?\d\d", years):
        start = date(full_year(years), 3 * number - 2, 1)
        asked = f'"{found[0]}" was read as a quarter of the calendar year: is it one of the financial year?'
        return Hit(start, add_months(start, 3) - timedelta(days=1), Precision.QUARTER, question=asked)
    start = add_months(date(_first_year(years), 4, 1), 3 * (number - 1))
    return Hit(start, add_months(start, 3) - timedelta(days=1), Precision.QUARTER)


def _half(found: re.Match[str], context: Context) -> Hit:
    years, second = found["years"], found["half"] in ("2", "second")
    if not years:
        return no_year(found[0])
    single = re.fullmatch(r"(?:19|20)?\d\d", years)
    start = date(full_year(years), 1, 1) if single else date(_first_year(years), 4, 1)
    start = add_months(start, 6 if second else 0)
    asked = f'"{found[0]}" was read as a half of the calendar year: is it one of the financial year?' if single else ""
    return Hit(start, add_months(start, 6) - timedelta(days=1), Precision.QUARTER, question=asked)


def _run_on(found: re.Match[str], context: Context) -> Hit:
    month, year = month_number(found["month"]), int(found["year"])
    return _day(year, month, int(found["day"]), found[0]) if found["day"] else _month(year, month)


def _term(found: re.Match[str], context: Context) -> Hit:
    groups = found.groupdict()
    term, half = groups["term"], bool(groups.get("half")) or groups.get("part") in ("first", "1st", "1")
    years = groups["years"] or (str(context.year) if context.year else "")
    if not years:
        return no_year(found[0])
    if term[:3] in _HALVES:
        term, half = _HALVES[term[:3]], True
    year = _year_in(years, autumn=term == "autumn")
    calendar = context.calendar
    start = {
        "autumn": date(year, 9, 1),
        "spring": date(year, 1, 1),
        "summer": _on(year, calendar.spring) + timedelta(days=1),
    }[term]
    last: tuple[int, int] = getattr(calendar, f"{term}_half" if half else term)
    return Hit(start, _on(year, last), Precision.TERM)


def _season(found: re.Match[str], context: Context) -> Hit:
    season, years = found["season"], found["years"] or (str(context.year) if context.year else "")
    if not years:
        return no_year(found[0])
    if season == "winter":
        if re.fullmatch(YEAR, years):
            return ambiguous(f'Does "{found[0]}" end in February {years} or in February {int(years) + 1}?')
        start = date(_first_year(years), 12, 1)
    else:
        month = {"spring": 3, "summer": 6, "autumn": 9}[season]
        start = date(_year_in(years, autumn=season == "autumn"), month, 1)
    return Hit(start, add_months(start, 3) - timedelta(days=1), Precision.SEASON)


def _feast(found: re.Match[str], context: Context) -> Hit:
    return Hit(None, None, question=f'Which day is meant by "{found[0]}"?', reading=Reading.UNDATED)


def _on(year: int, last: tuple[int, int]) -> date:
    month, day = last
    return min(date(year, month, 1) + timedelta(days=day - 1), end_of_month(date(year, month, 1)))


def _first_year(years: str) -> int:
    return full_year(re.findall(r"\d+", years)[0])


def _year_in(years: str, *, autumn: bool) -> int:
    """Return the calendar year of a term or season: of "2025/26", autumn is in 2025 and the others in 2026."""
    first = _first_year(years)
    return first if autumn or len(re.findall(r"\d+", years)) == 1 else first + 1


_KIND = r"(?:the )?(?:financial year|academic year|school year|fy|ay|f/y)"
_ANY_YEAR = rf"(?:{YEARS}|{YEAR})"
_FEASTS = r"(?:easter|christmas|xmas|new year|half[ -]?term|whitsun|summer (?:holidays?|break)|ramadan|eid|diwali)"

_ATOMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Context], Hit | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", _iso),
        (r"(20\d\d)()(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", _iso),  # "20251231"
        (r"(\d{1,2})([-/. ])(\d{1,2})\2('?\d\d|\d{4})", _numbers),
        (rf"(?P<day>\d{{1,2}})[ -]?(?:of )?(?P<month>{MONTH})[ ,/-]*(?P<year>\d{{4}}|'?\d\d)?", _day_month),
        (rf"(?P<day>\d{{1,2}})?(?P<month>{_RUN_ON})(?P<year>{YEAR})", _run_on),
        (rf"(?P<month>{MONTH}) ?(?P<day>\d{{1,2}}),? (?P<year>\d{{4}})", _day_month),
        (rf"(?P<month>{MONTH}) (?P<two>\d\d?)", _month_and_two_digits),
        (rf"(?P<month>{MONTH}),?[ /-]*(?:of )?(?P<year>{YEAR})", _month_year),
        (rf"(?P<month>{MONTH})(?:[-/]'?| ?')(?P<year>\d\d)", _month_year),
        (rf"(?:month of )?(?P<month>{MONTH})", _month_alone),
        (rf"(\d{{1,2}})[/.-]({YEAR})", _number_year),
        (r"([1-9])/(1[3-9]|[2-6]\d)", _number_year),  # "9/26": no month has this number
        (
            rf"(?P<before>{_KIND} ?)?(?P<first>{YEAR}|\d\d) ?(?P<mark>[/-]) ?(?P<second>{YEAR}|\d\d?)"
            rf"(?P<after> ?{_KIND})?",
            _years,
        ),
        (rf"(?P<kind>{_KIND} ?)?(?P<year>{YEAR})", _year),
        (
            rf"(?:q|qtr ?|quarter )(?P<quarter>[1-4])(?:[ ,/-]+(?:of )?(?:fy ?)?(?P<years>{_ANY_YEAR}|\d\d))?",
            _quarter,
        ),
        (
            rf"(?P<quarter>first|second|third|fourth|[1-4]) quarter(?: of)?(?: (?P<years>{_ANY_YEAR}))?",
            _quarter,
        ),
        (rf"(?P<years>{_ANY_YEAR}) ?(?:q|qtr |quarter )(?P<quarter>[1-4])", _quarter),
        (
            rf"(?:(?P<part>first|second|1st|2nd|1|2) half (?:of )?(?:the )?)?(?P<term>{TERM}) (?P<half>half[ -]?)?term"
            rf"[ ,]*(?:of )?(?P<years>{_ANY_YEAR})?",
            _term,
        ),
        (rf"(?P<term>{TERM})(?: term)? (?P<part>[12])(?:[ ,]+(?P<years>{_ANY_YEAR}))?", _term),
        (rf"(?P<term>{TERM}) (?P<years>{_ANY_YEAR}) (?P<half>half[ -]?)?term", _term),
        (rf"(?P<term>october|oct|february|feb|may) half[ -]?term(?: (?P<years>{_ANY_YEAR}))?", _term),
        (rf"half[ -]?term,? (?P<term>october|oct|february|feb|may),?(?: (?P<years>{YEAR}))?", _term),
        (rf"(?P<season>{TERM}|winter)[ ,]*(?:of )?(?P<years>{_ANY_YEAR})?", _season),
        (rf"(?P<season>{TERM}) (?P<years>'?\d\d)", _season),
        (rf"{_FEASTS}(?: \w+)??(?: {YEAR})?", _feast),
        (rf"(?:h|half[ -]?year )(?P<half>[12])[ ,/-]*(?:of )?(?:fy ?)?(?P<years>{_ANY_YEAR}|\d\d)?", _half),
        (rf"(?P<half>first|second) half of (?P<years>{YEARS})", _half),
        (rf"(?:the )?(?:new |next |this )?{_KIND}|(?:the )?(?:new |next |this )?(?:calendar )?year", _feast),
    )
)
