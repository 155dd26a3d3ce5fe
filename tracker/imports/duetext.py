"""Dates in cells and in sentences: what a date column says, and which date stands inside a piece of prose.

The reading of a phrase itself is `rules.dates`; here is decided which words of a cell are the phrase. A date in prose
counts only where the words around it make it a deadline; otherwise the words are kept and no date is set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from tracker.imports.celltext import plain_format
from tracker.imports.date_labels import labelled_dates
from tracker.imports.grid import Cell
from tracker.imports.sentences import is_to_come, sentences, tells_past
from tracker.imports.words import plain, status_kind
from tracker.rules.dates import (
    NOT_COUNTED,
    Period,
    Precision,
    Reading,
    leading_period,
    period_from_cell,
    read_period,
    show_period,
)

NO_PERIOD = Period("", None, None, Precision.NONE, Reading.UNDATED)

_DATE_STARTS = re.compile(
    r"(?<![\w/.,£$%-])(?:(?:[Ee]arly|[Mm]id|[Ll]ate|[Ee]nd|[Ss]tart|[Bb]eginning)(?:[ -](?:of )?)?(?=[A-Z\d])"
    r"|(?:the )?[Ee]nd of (?:the )?(?=[A-Z\d])"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    rf"|\d{{1,2}}[/.]\d{{2,4}}|{NOT_COUNTED}\d{{1,2}}(?:st|nd|rd|th)? (?=[A-Z][a-z]{{2}})"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?[ -]?'?\d"
    r"|(?:Spring|Summer|Autumn|Winter)\b|(?:spring|summer|autumn|winter)(?= (?:term )?(?:19|20)\d\d)"
    r"|Q[1-4]\b|(?:19|20)\d\d)"
)
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till|no later than|deadline|due|target|from|in|on|for|to|at|of|live|expected"
    r"|starting|launch(?:ing)?|during|autumn|the)\s*(?:the\s+)?(?:end of\s+)?(?:the\s+)?$",
    re.I,
)
_MOVED = re.compile(
    r"\b(?:(?:revised|new|amended|current)(?: target)?(?: date| deadline| timescale)?(?: to)?"
    r"|extended to|moved to|now|changed to|slipped to|deferred to)\s*[:–—-]?\s*(?=[A-Z\d])",
    re.I,
)
_IN_BRACKETS = re.compile(
    r"[^()]+\((?:by |i\.?e\.? |est\.? |estimated |expected |approx\.? )?([^()]*\d[^()]*)\)\s*\.?", re.I
)
_DONE_LINE = re.compile(  # "Actioned Aug 2012" below a date
    r"(?:actioned|completed?|done|achieved|delivered|implemented|closed|finished|signed off)\b[\s:(–—-]*(?:on |in )?"
    r"[\w./ ]{0,20}\d{2,4}\)?$",
    re.I,
)
_ENDS_IN_STATUS = re.compile(r"(.*\d.*?)\s+(?:\([A-Z][a-z]+day\)\s+)?([-–—:(]\s*)?(\D{3,40}?)\)?$")
_STOPS = re.compile(r"\s[-–—]\s|[:(,;]|\s(?:by|as|because|due to|with|into)\s")
_GOES_ON = re.compile(r"(?:on ?-?going|continu|rolling|live\b|open\b|new\b)", re.I)  # no status without a mark
_BY = re.compile(
    r"\b(?:by|before|until|till|no later than|deadline:?|due(?: date)?:?|target(?: date)?:?)\s*(?:the |end of )*$", re.I
)
_PROMISED = re.compile(  # "This will be launched in 2025"
    r"\bwill be (?:launched|published|completed?|delivered|implemented|finali[sz]ed|in place|opened?|issued|introduced"
    r"|rolled out|ready|available|live|adopted|agreed|approved|reported|presented|produced|released|signed)\b"
    r"[^.;]{0,40}?\b(?:in|on|during)\s*(?:the\s+)?$",
    re.I,
)
_OF_A_LAW = re.compile(r"\b(?:Act|Regulations?|Order|Bill|Census|Directive|White Paper|Code of Practice)\s*[(\[]?\s*$")
_PAST = re.compile(
    r"\b(?:since|was|were|dated|of the|published in)\s*$|[;,.(–—-]\s*(?:done|completed?|achieved|closed)\s*$", re.I
)
_FROM = re.compile(
    r"\b(?:from|baseline:?|compared (?:to|with)|was)\s+[£$]?[\d.,]+\s?(?:%|per cent|m|k)?\s*[(\[]?\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Due:
    """What a date cell says: the words that are the date, how they read, a status beside them, what is left over."""

    words: str = ""
    period: Period = NO_PERIOD
    status: str = ""
    tail: str = ""  # the recurring remark of a date
    left: str = ""  # prose that is no date
    question: str = ""
    starts: str = ""  # the words of the day on which it begins, where the cell says that as well

    @property
    def dated(self) -> bool:
        """Return whether a day is known."""
        return self.period.reading is Reading.DATED and self.period.end is not None

    @property
    def said(self) -> bool:
        """Return whether the cell says anything about time: a date, "Ongoing", "TBC"."""
        return bool(self.words)


@lru_cache(maxsize=8192)
def period(text: str, year_kind: str = "financial") -> Period:
    """Read a phrase once for all its repetitions."""
    return read_period(text, year_kind=year_kind)


def is_found_in_prose(found: Period) -> bool:
    """Return whether a date was picked out of a sentence instead of being the whole phrase."""
    return found.question.startswith(("The date was found", "Several dates were found"))


_NAMED_BY_RHYTHM = re.compile(
    r"(?:(?:half|twice|six|three|two|bi)[- ]?)?"
    r"(?:daily|weekly|fortnightly|monthly|quarterly|termly|yearly|annual|annually) "
    r"(?!(?:at|in|by|from|until|till|to|and|or|on|with|through|via|during|as|for|before|after|each|every|starting|meetings?)\b)"
    r"\w[\w-]* \w",
    re.I,
)


def is_phrase(text: str) -> bool:
    """Return whether a text is nothing but a date phrase: a date, "Ongoing", "TBC", "Weekly", a bare month."""
    if len(text) > 60:
        return False
    found = period(text)
    if found.reading is Reading.RECURRING and _NAMED_BY_RHYTHM.match(text.strip()):
        return False  # "Weekly panel in each area" is something to be done
    if found.reading is Reading.UNDATED:
        return (bool(found.question) and not found.question.startswith("No date")) or plain(text) in ("asap", "n/a")
    if found.reading is Reading.DONE and found.note:
        return False  # "Complete the review of policies" says what to do
    return not is_found_in_prose(found)


def is_deadline(text: str) -> bool:
    """Return whether a text is nothing but a day, month or season: "By June 2020"; a bare number may be a figure."""
    found = period(text) if len(text) <= 60 else NO_PERIOD
    return found.end is not None and found.precision is not Precision.YEAR and is_phrase(text)


def due_of(cell: Cell | None, year_kind: str, *, with_status: bool = False) -> Due:
    """Read a cell of a date column. `with_status` says that its heading promises a status as well."""
    if cell is None or not cell.text:
        return Due()
    if isinstance(cell.value, datetime):
        found = period_from_cell(cell.value, plain_format(cell.number_format))
        return Due(show_period(found.text, found.end, found.precision), found)
    return due_of_text(cell.text, year_kind, with_status=with_status)


@lru_cache(maxsize=8192)
def due_of_text(text: str, year_kind: str = "financial", *, with_status: bool = False) -> Due:
    """Read the text of a date cell."""
    if told := _of_several(text, year_kind):
        return told
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    ends = _ENDS_IN_STATUS.match(lines[0]) if len(lines) == 1 and len(text) <= 100 else None
    if ends and status_kind(ends[3]) and (ends[2] or with_status or not _GOES_ON.match(ends[3])) and is_phrase(ends[1]):
        lines = [ends[1], ends[3]]  # "October 2025 - completed"
    status = ""
    kept: list[str] = []
    for line in lines:
        kind = status_kind(line)
        done = len(lines) > 1 and _DONE_LINE.match(line) is not None and line != lines[0] and is_phrase(lines[0])
        if (kind or done) and not status and (len(lines) > 1 or with_status or kind == "stopped"):
            status = line
        else:
            kept.append(line)
    words = " ".join(kept)
    if not words:
        return Due(status=status)
    if moved := _moved_to(kept, year_kind):
        return Due(moved, period(moved, year_kind), status, left=words)
    found = period(words, year_kind)
    if explained := _explained(words, found, year_kind):
        return Due(explained.text, explained, status, left=words)
    if found.reading is Reading.DATED and found.end is not None and not is_found_in_prose(found):
        tail = found.note if found.frequency else ""
        return Due(words, found, status, tail=tail, question=found.question)
    if found.reading is Reading.DONE and len(words) <= 40:
        return Due(words, found, status or words)
    if found.reading in (Reading.ONGOING, Reading.TBC, Reading.RECURRING, Reading.AMBIGUOUS) and len(words) <= 60:
        return Due(words, found, status, question=found.question)
    if found.reading is Reading.UNDATED and not found.question.startswith("No date"):
        return Due(words, found, status, question=found.question)
    if (is_found_in_prose(found) or found.frequency) and len(kept) == 1 and (among := _to_come(words, year_kind)):
        return among if not status else replace(among, status=status)
    if is_found_in_prose(found) and not found.question.startswith("Several") and len(words) > 20:
        # A sentence counts as a deadline only if it says so; "to commence May 2004" or "cleared July 2004" does not.
        phrase = deadline_in(words, year_kind, column=True)
        return Due(words, found, status, question=found.question) if phrase else Due(left=words, status=status)
    if is_found_in_prose(found):
        if all(_could_be_deadline(line) for line in kept):
            return Due(words, found, status, question=found.question)
        return Due(left=words, status=status)
    if (
        len(kept) > 1
        and is_phrase(kept[0])
        and period(kept[0], year_kind).end
        and not re.search(r"\d", " ".join(kept[1:]))
    ):
        return Due(kept[0], period(kept[0], year_kind), status, left=words)  # above "Subject to funding"
    first = _STOPS.split(words, maxsplit=1)[0].strip()
    if first != words and status_kind(first) == "stopped":
        return Due(left=words, status=status or first)  # "Redundant – site sold"
    if len(words) <= 30 and len(words.split()) <= 4:
        return Due(words, found, status, question=found.question or f'No date could be read in "{words}".')
    return Due(left=words, status=status or _done_first(words))


def _of_several(text: str, year_kind: str) -> Due | None:
    """Return what a cell says whose dates are labelled: the last revised one counts, else the end, else the first plan.

    None for a cell that is otherwise, or that only says when it begins.
    """
    found = labelled_dates(text)
    by_kind = {kind: words for kind, words, _ in found}
    words = by_kind.get("revised") or by_kind.get("due") or by_kind.get("original") or ""
    if not words or "(" in words or not all(is_phrase(each) for _, each, _ in found):
        return None
    read = due_of_text(words, year_kind)
    done = next((said for kind, _, said in found if kind == "done"), "")
    left = " ".join(text.split()) if len(found) > 1 else ""
    return replace(read, status=done or read.status, left=left, starts=by_kind.get("start", ""))


def _to_come(text: str, year_kind: str) -> Due | None:
    """Return the deadline of the one sentence of several that gives one for what is to come.

    "The first session took place on 2 July 2025. The next one is due in November 2025."
    """
    told = [part.strip() for each in sentences(text) for part in each.split(";")]
    ahead = [each for each in told if is_to_come(each) and deadline_in(each, year_kind, column=True)]
    if len(told) < 2 or len(ahead) != 1:
        return None
    found = period(ahead[0], year_kind)
    dated = found.reading is Reading.DATED and found.end is not None
    return Due(ahead[0], found, left=text, question=found.question) if dated else None


def _moved_to(lines: list[str], year_kind: str) -> str:
    """Return the words of the date to which a deadline was moved ("Original: Dec 2024 / Revised: Mar 2025"), or ""."""
    for line in lines:
        found = _MOVED.search(line)
        led = _leading(line[found.end() :], year_kind) if found else None
        if led is not None and len(line) <= 120:
            return led.text
    return ""


def _done_first(words: str) -> str:
    """Return the words of completion, or of a stop, that a sentence begins with: "Decision taken to go for ..."."""
    found = re.match(r"(?:decision taken|\w+ed|done)\b(?! by\b)", words, re.I)
    return found[0] if found and status_kind(found[0]) in ("done", "stopped") else ""


def _could_be_deadline(line: str) -> bool:
    return bool(re.search(r"\bby\b", line, re.I)) or not tells_past(line)


def deadline_in(text: str, year_kind: str = "financial", *, column: bool = False, strict: bool = False) -> str:
    """Return the words of the date that a sentence gives as its deadline, "" if it gives none.

    `column` says that the sentence stands in a date column; `strict` takes only "by ..." and a date in brackets.
    The last date wins: a sentence with a start and an end ends at its end.
    """
    best = ""
    at = 0
    while (match := _DATE_STARTS.search(text, at)) is not None:
        start = match.start()
        led = _leading(text[start : start + 60], year_kind)
        at = match.end()
        if led is None:
            continue
        words = led.text
        after = text[start + len(words) :]
        at = max(at, start + len(words))
        before = text[:start]
        if re.match(r"\s*(?:%|m\b|million|k\b|homes|people|children|places|pupils|onwards?\b)", after):
            continue
        if dates_a_figure(before) or (_OF_A_LAW.search(before) and led.precision is Precision.YEAR):
            continue
        if _BY.search(before):
            found = _with_lead_in(before, words)
        elif column:
            own = sentences(before)[-1:]  # the sentence that the date stands in
            if own and tells_past(own[0]) and not is_to_come(own[0]):
                continue
            found = words
        elif (re.search(r"[(\[]\s*$", before) and re.match(r"\s*[)\]]", after)) or _PROMISED.search(before):
            found = words
        elif strict or (led.precision is Precision.YEAR and not _BY.search(before)):
            continue
        elif _DEADLINE.search(before) or re.search(r"[–—:-]\s*$", before) or not after.strip(" .;)"):
            if _PAST.search(before):
                continue
            found = words
        else:
            continue
        best = found
    return best


def dates_a_figure(before: str) -> bool:
    """Return whether the date after a text is that of a figure to start from: "halved from 1,100 (March 2022)"."""
    return _FROM.search(before) is not None


def _explained(words: str, found: Period, year_kind: str) -> Period | None:
    """Return the date that brackets give for words that name none: "Q1 (by 30/06/24)", "Within six weeks (Feb 25)"."""
    inside = _IN_BRACKETS.fullmatch(words)
    if not inside or found.reading not in (Reading.UNDATED, Reading.AMBIGUOUS) or len(words) > 60:
        return None
    meant = period(inside[1].strip(), year_kind)
    dated = meant.reading is Reading.DATED and meant.end is not None and not is_found_in_prose(meant)
    return meant if dated and not meant.question else None


def when_at_end(text: str) -> str:
    """Return what a text ends with after a comma, dash or bracket if that says when: "ongoing", "March"; else ""."""
    last = re.split(r"[,;\n(]|\s[-–—/]\s", text.rstrip(" .)"))[-1].strip()
    return last if last != text.strip() and is_phrase(last) else ""


def when_in_brackets(text: str) -> str:
    """Return what a sentence says of time in brackets at its end: "(ongoing)", "(by winter 2024)"; else ""."""
    found = re.search(r"\s\(([^()]{4,40})\)\s*\.?$", text)
    return found[1] if found and is_phrase(found[1]) else ""


def _with_lead_in(before: str, words: str) -> str:
    """Return a phrase with its "by the end of", if the words before it end so and it still reads the same way."""
    found = re.search(r"\b(by (?:the )?)$", before, re.I)
    return f"{found[1]}{words}" if found else words


@lru_cache(maxsize=8192)
def _leading(text: str, year_kind: str) -> Period | None:
    """Return the date phrase that a text begins with, as far as it reads; None if it begins with none."""
    words = re.match(r"(?:the )?(?:end of (?:the )?)?(?:19|20)\d\d(?:[/-]\d\d)?\b(?![/-]\d)", text)
    if words:
        found = period(words[0], year_kind)
        return found if found.reading is Reading.DATED and found.end and not is_found_in_prose(found) else None
    head = re.split(r"[(),;:]|\.\s", text)[0].strip()
    led = leading_period(head, year_kind=year_kind)
    if led is None or led[0].reading is not Reading.DATED or led[0].end is None:
        return None
    return led[0] if text.startswith(led[0].text) else None
