"""Read what stands where a date is expected: a date, a frequency, "ongoing", "to be confirmed", "done".

Never in US order, never with a guessed year: what cannot be known gives no date and a question (domain, section 2).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from tracker.rules.atoms import Context, Hit, clean
from tracker.rules.calendar import Period, Precision, Reading, TermCalendar, end_of_month, show_day, show_month
from tracker.rules.expressions import find_dated, read_dated
from tracker.rules.frequency import UNCLEAR, frequency_in, twice_yearly

_DEFAULT_TERMS = TermCalendar()
_BRACKETS = re.compile(r"(?P<head>[^()]*)\((?P<note>[^()]*)\)[ .,;:]*")
_COUNTED_ON = re.compile(
    r"\b(?:\d{1,2}|one|two|three|four|six|nine|twelve) (?:week|month|year)s? (?:from|after|of|following)\b"
)
_DONE = re.compile(
    r"(?:all |now |already )?(?:done|achieved|completed?|delivered|finished|closed|implemented|decision taken)\b"
    r"(?! by\b)[ .,:;(-]*(?:on |in )?(?P<rest>.*)"
)
_ONGOING = re.compile(
    r"(?:on-? ?going|continuing|continuous(?:ly)?|as and when(?: .*)?|(?:as|when) (?:the )?need(?:ed)?(?: arises)?"
    r"|as required|rolling(?: programme)?|in progress|throughout)\b.*"
)
_ONGOING_UNTIL = re.compile(
    r"(?:on-? ?going|continuing|continuous(?:ly)?)[ ,:(-]+(?:until|till|to|through to|up to) (?P<last>.+)"
)
_MOVED_TO = re.compile(
    r"(?:now|revised|moved|slipped|extended|deferred|delayed|postponed|rescheduled|re-?scheduled|re-?profiled|amended|changed)"
    r"(?: date)?(?: is| to| until|:)* ?(?P<last>.+)"
)
_TAIL_ONGOING = re.compile(r"(?P<head>.+?)[ /,;&-]+(?:and |then )?(?P<tail>on-? ?going\b.*|continuing\b.*)")
_BEGINS = re.compile(r"\b(?:from|starting|commencing)\b")
_BEGINS_ONLY = re.compile(r"(?:from|starting|commencing|beginning)\b.*\d\W+(?:until|till|to|onwards?)\b\D*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TBC = re.compile(
    r"(?:tb[acd]|date tb[acd]|to be (?:confirmed|agreed|determined|decided|announced|set)|will be review(?:ed)?"
    r"|awaiting (?:a )?date|not (?:yet )?known|unknown)\b.*"
)
_NONE = re.compile(
    r"(?:asap|as soon as (?:is )?possible|immediate(?:ly)?|urgent(?:ly)?|n/?a|not applicable|none|[-?]*)"
)
_EMPTY_CELL = re.compile(r"(?:1899|1900|1901)-\d\d-\d\d(?:[t ].*)?")
_COLON = re.compile(r"^(?P<head>[^:\n]{2,90}?)\s*:\s+(?P<rest>.+)$|^(?P<only>[^:\n]{2,90}?)\s*:\s*$", re.DOTALL)
# What a date that names its year has somewhere: looked for first, because reading a date is slow.
_NAMES_A_YEAR = re.compile(
    r"(?:19|20)\d\d|\d\s?[/.,-]\s?\d|['’‘`]\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|winter|term|half|q[1-4]|quarter|fy|ay|year)"
    r"[a-z]*\.?,?\s?[-–]?\s?\d\d",
    re.I,
)
_LONGEST = 300  # characters: a longer text holds more than a date, and some patterns take long to say so
_FORMAT_NOISE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|;.*')


def read_period(
    text: str, *, calendar: TermCalendar = _DEFAULT_TERMS, year_kind: str = "financial", year: int | None = None
) -> Period:
    """Read one date phrase.

    `year_kind` says what "2025/26" means: "financial" or "academic". `year` is given only where the source itself
    states the year elsewhere (a heading, a start date), and is then used for a phrase that names none.
    """
    words = " ".join(text.split())
    context = Context(calendar, year_kind == "academic", year)
    return _read(words, context) if len(words) <= _LONGEST else _read.__wrapped__(words, context)


@lru_cache(maxsize=4_096)
def _read(words: str, context: Context) -> Period:
    """Read a phrase once: a register repeats its dates line by line."""
    return _as_written(_exact(words, context) or _loose(words, context))


def leading_period(
    text: str, *, calendar: TermCalendar = _DEFAULT_TERMS, year_kind: str = "financial"
) -> tuple[Period, str] | None:
    """Read the date phrase that begins `text` ("Sep 2025: ...", "Jul 2025 ...", "Weekly: ..."); return it and the rest.

    None if `text` does not begin with one. Without a colon only a date that names its year is taken.
    """
    context = Context(calendar, year_kind == "academic")
    colon = _COLON.match(text.strip())
    if colon:
        period = _exact(" ".join((colon["head"] or colon["only"]).split()), context)
        if period is not None and period.text:
            return _as_written(period), (colon["rest"] or "").strip()
    pieces = re.split(r"(\s+)", text.strip())
    if not _NAMES_A_YEAR.search("".join(pieces[:17])):
        return None
    for size in range(min(len(pieces), 17), 0, -2):
        head = "".join(pieces[:size])
        hit = read_dated(clean(head), context)
        if hit is None or hit.end is None or hit.precision is Precision.YEAR:
            continue
        rest = "".join(pieces[size:]).strip()
        if head.endswith((".", ",", ";")) and re.search(r"\d.$", head):
            head = head[:-1]
        return _as_written(_dated(" ".join(head.split()), hit)), re.sub(r"^[-–—]\s+", "", rest)
    return None


def period_from_cell(value: datetime | date, number_format: str) -> Period:
    """Read a spreadsheet date. One that shows as month and year was typed as a month: the program added the 1st."""
    day = value.date() if isinstance(value, datetime) else value
    if day.year <= 1901:
        return Period("", None, None, Precision.NONE, Reading.UNDATED)
    shown = _FORMAT_NOISE.sub("", number_format).lower()
    if "d" not in shown and "y" in shown:
        last = end_of_month(day)
        if "m" in shown and day in (day.replace(day=1), last):
            return Period(show_month(day), day.replace(day=1), last, Precision.MONTH, Reading.DATED)
        if "m" not in shown and (day.month, day.day) in ((1, 1), (12, 31)):
            first = date(day.year, 1, 1)
            return Period(str(day.year), first, date(day.year, 12, 31), Precision.YEAR, Reading.DATED)
    return Period(show_day(day), day, day, Precision.DAY, Reading.DATED)


def _exact(words: str, context: Context) -> Period | None:
    """Read a phrase that is nothing but a date, a frequency or a known word; None for anything else."""
    plain = clean(words)
    if not plain or _NONE.fullmatch(plain) or _EMPTY_CELL.fullmatch(plain):
        return Period(words, None, None, Precision.NONE, Reading.UNDATED)
    if len(plain) > _LONGEST:
        return None
    head, note = plain, ""
    if brackets := _BRACKETS.fullmatch(words):
        head, note = clean(brackets["head"]), brackets["note"].strip()
        if not head:
            head, note = clean(note), ""
        note = note if clean(note) else ""  # a weekday says nothing more
    until = _ONGOING_UNTIL.fullmatch(head)
    hit = None if twice_yearly(head) else read_dated(until["last"] if until else head, context)
    if hit is not None and hit.end is None and re.search(r"\d", note):
        joined = read_dated(f"{head} {clean(note)}", context)  # "Q3 (2025/26)"
        hit, note = (joined, "") if joined is not None and joined.end is not None else (hit, note)
    if hit is not None:
        return _moved(words, hit, note, context) or _with_note(words, _finer(hit, head, note, context) or hit, note)
    if _DONE.fullmatch(head):
        return _done(words, head, note, context)
    if UNCLEAR.fullmatch(head):
        return _unclear(words)
    if _TBC.fullmatch(head) and len(head) <= 40:
        return Period(words, None, None, Precision.NONE, Reading.TBC)
    frequency = frequency_in(plain, whole=True)
    if frequency:
        return Period(words, None, None, Precision.NONE, Reading.RECURRING, frequency=frequency)
    tail = _TAIL_ONGOING.fullmatch(head)
    if tail and (hit := read_dated(clean(tail["head"]), context)):
        if hit.end is not None:
            return _dated(words, hit, note=note or words[-len(tail["tail"]) :])
        return Period(words, None, None, Precision.NONE, Reading.ONGOING)
    if _ONGOING.fullmatch(head) and not frequency_in(plain):
        return Period(words, None, None, Precision.NONE, Reading.ONGOING)
    return None


def _finer(hit: Hit, head: str, note: str, context: Context) -> Hit | None:
    """Return what brackets say more exactly: "Easter 2025 (20 April)", "2023 (27 March - 2 April)", "2025/26 (March)".

    It takes its year from the words before it, and has to lie within what these name.
    """
    inside = clean(note)
    named = {int(year) for year in _YEAR.findall(head)}
    opened = hit.start is not None and hit.end is None  # "from 2025" says nothing of an end
    if not inside or opened or hit.reading is Reading.AMBIGUOUS or len(named) > 1 + (hit.end is not None):
        return None
    spanned = {hit.start.year, hit.end.year} if hit.start is not None and hit.end is not None else named
    years = {int(year) for year in _YEAR.findall(inside)} or spanned
    found: set[Hit] = set()
    tried = [read_dated(inside, replace(context, year=year)) for year in years] if named else []
    for finer in [*tried, read_dated(f"{inside} {head}", context)]:  # "Q3 2025/26"
        if finer is None or finer.start is None or finer.end is None:
            continue
        if hit.end is None or (hit.start is not None and hit.start <= finer.start and finer.end <= hit.end):
            found.add(finer)
    return found.pop() if len(found) == 1 else None


def _loose(words: str, context: Context) -> Period:
    """Read a phrase that has more in it than a date."""
    plain = clean(words)
    frequency = frequency_in(plain)
    found = _side_by_side(plain, context) or [hit for hit in find_dated(plain, context) if hit.end is not None]
    if frequency:
        begins = leading_period(words, calendar=context.calendar, year_kind="academic" if context.academic else "")
        if begins is not None and begins[0].reading is Reading.DATED and not re.match(r"(?:from|until|to)\b", plain):
            return replace(begins[0], text=words, note=begins[1], frequency=frequency)
        if not found or re.search(r"\b(?:from|starting|commencing|until|till|throughout|during|to)\b", plain):
            return _recurring(words, plain, frequency, found)
    if found and _COUNTED_ON.search(plain):
        question = f'When is "{words}"?'
        return Period(words, None, None, Precision.NONE, Reading.UNDATED, question=question)
    if UNCLEAR.search(plain) and (not found or _BEGINS.search(plain)):
        return _unclear(words)
    if len(found) == 1 and _BEGINS_ONLY.match(plain):
        question = f'"{words}" gives a start only: when is it due?'
        return Period(words, None, None, Precision.NONE, Reading.UNDATED, question=question)
    if found:
        latest = max(found, key=lambda hit: hit.end or date.min)
        question = "The date was found inside a sentence: is it the deadline?"
        if len(found) > 1:
            question = "Several dates were found; the latest was taken: is it the deadline?"
        return replace(_dated(words, latest, note=words), question=question, frequency=frequency)
    brackets = _BRACKETS.fullmatch(words)
    if brackets and (year := re.search(rf"{_YEAR.pattern}$", clean(brackets["head"]))):
        inside = read_dated(clean(brackets["note"]), replace(context, year=int(year[0])))  # "Week 13 2023 (27 March)"
        if inside is not None and inside.end is not None:
            question = "The date was found inside a sentence: is it the deadline?"
            return replace(_dated(words, inside, note=words), question=question)
    return Period(words, None, None, Precision.NONE, Reading.UNDATED, question=f'No date could be read in "{words}".')


def _side_by_side(plain: str, context: Context) -> list[Hit]:
    """Return the months and days of a phrase that is nothing else, with only blanks between: "04/25 10/25 03/26"."""
    parts = re.split(r"[ ;]+", plain)
    numbers = 2 <= len(parts) <= 6 and all(re.search(r"\d\W+\d", each) for each in parts)
    hits = [read_dated(each, context) for each in parts] if numbers else []
    found = [hit for hit in hits if hit and hit.end and hit.precision in (Precision.DAY, Precision.MONTH)]
    return found if len(found) == len(parts) else []


def _as_written(period: Period) -> Period:
    """Quote the phrase in a question as it was written, which is how a person finds it again."""

    def quoted(found: re.Match[str]) -> str:
        at = period.text.lower().find(found[1])
        return f'"{period.text if at < 0 else period.text[at : at + len(found[1])]}"'

    return replace(period, question=re.sub('"([^"]*)"', quoted, period.question)) if period.question else period


def _moved(words: str, hit: Hit, note: str, context: Context) -> Period | None:
    """Read "Jun 2025 (slipped to Sep 2025)": the later date counts, with a question."""
    found = _MOVED_TO.fullmatch(clean(note))
    later = read_dated(found["last"], context) if found else None
    if later is None or later.end is None or hit.end is None or later.end <= hit.end:
        return None
    question = f'"{words}" names an earlier date and a later one; the later was taken: is it the deadline?'
    return replace(_dated(words, later, note), question=question)


def _with_note(words: str, hit: Hit, note: str) -> Period:
    frequency = frequency_in(clean(note))
    if hit.end is None:
        if frequency and hit.reading is Reading.UNDATED:
            return Period(words, None, None, Precision.NONE, Reading.RECURRING, note=note, frequency=frequency)
        return _dated(words, hit, note)
    period = replace(_dated(words, hit, note), frequency=frequency)
    if UNCLEAR.search(clean(note)):
        return replace(period, question=_unclear(note).question)
    if _TBC.fullmatch(clean(note)):
        return replace(period, question="The date is marked as to be confirmed: is it agreed?")
    return period


def _dated(words: str, hit: Hit, note: str = "") -> Period:
    return Period(words, hit.start, hit.end, hit.precision, hit.reading, hit.question, note)


def _done(words: str, head: str, note: str, context: Context) -> Period:
    match = _DONE.fullmatch(head)
    rest = match["rest"] if match else ""
    for part in (clean(note), rest):
        hit = read_dated(part, context) if part else None
        if hit is not None and hit.end is not None:
            return Period(words, hit.start, hit.end, hit.precision, Reading.DONE)
    return Period(words, None, None, Precision.NONE, Reading.DONE, note=words if rest or note else "")


def _unclear(words: str) -> Period:
    question = f'Does "{words}" mean twice in each period, or once in every two?'
    return Period(words, None, None, Precision.NONE, Reading.AMBIGUOUS, question=question)


def _recurring(words: str, plain: str, frequency: str, found: list[Hit]) -> Period:
    period = Period(words, None, None, Precision.NONE, Reading.RECURRING, frequency=frequency)
    years = re.search(r"\b(?:throughout|during) (\d{4})\b", plain)
    if years:
        first = date(int(years[1]), 1, 1)
        return replace(period, start=first, end=first.replace(month=12, day=31), precision=Precision.YEAR)
    if not found:
        return period
    if _BEGINS.search(plain):
        last = found[-1].end if len(found) > 1 else None
        precision = found[-1].precision if last else Precision.NONE
        return replace(period, start=found[0].start, end=last, precision=precision)
    return replace(period, end=found[-1].end, precision=found[-1].precision)
