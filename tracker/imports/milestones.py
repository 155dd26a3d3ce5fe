"""Milestones of one row: the entries of a cell, each with the date that belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.imports.duetext import Due, dates_a_figure, deadline_in, due_of_text, is_found_in_prose
from tracker.imports.lists import (
    Item,
    bullets,
    dated_lines,
    lettered,
    numbered,
    one_line,
    own_mark,
    sentence_lines,
    small_lettered,
    strip_bullet,
)
from tracker.imports.sentences import sentences
from tracker.imports.words import begins_with_verb, status_kind
from tracker.rules.dates import NOT_COUNTED, Period, Precision, Reading, leading_period

_BEFORE_DATE = re.compile(
    r"(.*\w.*?)[\s,;(–—-]*?(?:\b(?:due |complete )?(?:by|in|for|during|on|due)(?: the)?)?[\s,;:(–—-]*$", re.S | re.I
)
_STARTS_BEFORE = re.compile(
    r"\b(?:from|since|starting|started|to|until|after|between|and|of|than|before|week|year)$", re.I
)
_COUNTED = re.compile(rf"(?!{NOT_COUNTED})$")
_ENDS_IN_DATE = re.compile(
    r"(.{6,}?)(?:(?:\s+[-–—:]|(?<=\w\w):)\s*([^-–—:()]{4,24})|\s*\(([^()]{4,24})\))\s*[.;]?$", re.S
)


@dataclass(slots=True)
class Entry:
    """One milestone or commitment as its cell writes it."""

    mark: str
    text: str
    due: Due = field(default_factory=Due)
    frequency: str = ""  # set for a commitment


def entries_of(text: str, *, year_kind: str, says_when: bool, has_due_column: bool, due_lines: int) -> list[Entry]:
    """Return the milestones and commitments that a cell lists.

    `says_when`: the heading promises dates in the text. `due_lines`: how many lines the date cell of the row has; plain
    lines are entries of their own only if the dates stand in lines as well.
    """
    entries: list[Entry] = []
    items = _items(text, due_lines)
    if len(items) > 1 and not any(item.below for item, _ in items):
        ended = [ending_in_date(item.text, year_kind) for item, _ in items]
        if all(ended):
            pairs = [(item, end) for (item, _), end in zip(items, ended, strict=True) if end is not None]
            cut = [has_due_column or item.text[len(text) :].lstrip()[:1] in "-–—:" for item, (text, _) in pairs]
            return [
                Entry(item.mark, text if short else item.text, due)
                for short, (item, (text, due)) in zip(cut, pairs, strict=True)
            ]
    for item, own_below in items:
        entries.extend(_read(item, own_below, year_kind, says_when=says_when, has_due_column=has_due_column))
    return [entry for entry in entries if entry.text]


def _items(text: str, due_lines: int) -> list[tuple[Item, bool]]:
    """Return the entries of a cell, and whether sub-bullets are entries of their own."""
    if partly := _partly_numbered(text):
        return [(item, False) for item in partly]
    for split in (numbered, dated_lines, lettered, small_lettered):
        items = split(text)
        if items and (len(items) > 1 or split is numbered):
            return [(item, False) for item in items]
    marked = bullets(text)
    if marked:
        return [(item, True) for item in marked]
    plain = sentence_lines(text)
    listed = due_lines > 1 or _begins_with_dates(text) or all(map(_is_entry, plain)) or _are_names(plain)
    lines = _dated_parts(text) or (plain if listed else [])
    if lines:
        return [(Item("", one_line(line)), False) for line in lines]
    mark, rest = own_mark(text.strip())
    return [(Item(mark, one_line(rest)), False)]


def _is_entry(line: str) -> bool:
    """Return whether a line reads as a step of its own: "Agree job roles", "Furniture delivered"."""
    return begins_with_verb(line) or (1 < len(line.split()) <= 9 and line[-1] not in ".,;:!?")


def _are_names(lines: list[str]) -> bool:
    """Return whether three lines or more are names of one to three words in capitals: "Leave", "Sick pay", "Travel"."""
    short = all(len(line.split()) <= 3 and line[0].isupper() and line[-1].isalnum() for line in lines)
    return len(lines) > 2 and short


def _partly_numbered(text: str) -> list[Item]:
    """Return the lines of a cell that all begin with a date, where only some are numbered before it; else []."""
    lines = [own_mark(line.strip()) for line in text.split("\n") if line.strip()]
    if len({bool(mark) for mark, _ in lines}) < 2:
        return []
    led = [leading_period(rest) for _, rest in lines]
    dated = all(found is not None and found[0].end is not None and found[1] for found in led)
    return [Item(mark, one_line(rest)) for mark, rest in lines] if dated else []


def _begins_with_dates(text: str) -> bool:
    """Return whether a line below the first one begins with a date: "Nov 2013 – share the figures"."""
    led = [leading_period(line.strip()) for line in text.split("\n")[1:]]
    return any(found is not None and found[0].end is not None and bool(found[1]) for found in led)


def _dated_parts(text: str) -> list[str]:
    """Return the lines of a cell, its sentences, or parts of one, if each has a date of its own at its end; else [].

    "Tablets bought – May 2026" above "Staff trained by June 2026"; "Draft by May 2026; consultation by July 2026".
    Parts of a sentence may as well begin with their dates.
    """
    for mark in ("\n", ";", ", "):
        parts = [part.strip() for part in text.split(mark) if part.strip()]
        if len(parts) > 1 and all(ending_in_date(re.sub(r"^and ", "", part)) for part in parts):
            return parts
        if len(parts) > 1 and mark == ";" and "\n" not in text:
            led = [leading_period(part) for part in parts]
            if all(found is not None and found[0].end is not None and found[1] for found in led):
                return parts
    told = sentences(text)
    return told if len(told) > 1 and all(map(ending_in_date, told)) else []


@lru_cache(maxsize=2048)
def ending_in_date(text: str, year_kind: str = "financial") -> tuple[str, Due] | None:
    """Return a line and the date that it ends in, "Staff in post October 2008" or "Sites agreed by May 2026".

    One that begins with a date has that date.
    """
    if not any(letter.isdigit() for letter in text[-8:]) or leading_period(text, year_kind=year_kind) is not None:
        return None
    ends = _ENDS_IN_DATE.match(text)
    ranged = ends is not None and re.search(r"\b(?:19|20)\d\d$", ends[1])  # "Drafted November 2014 - February 2015"
    if ends and not ranged and (due := due_of_text(ends[2] or ends[3], year_kind)).dated and not due.question:
        return ends[1], due
    words = text.rstrip(" .;)").split(" ")
    for at in range(max(1, len(words) - 5), len(words)):
        if words[at].isdigit() and _COUNTED.search(words[at - 1] + " "):
            continue  # "Phase 2 December 2025"
        due = due_of_text(" ".join(words[at:]).lstrip("("), year_kind)
        if not due.dated or due.question or due.left or due.period.precision is Precision.YEAR:
            continue
        found = _BEFORE_DATE.match(" ".join(words[:at]))
        return (found[1], due) if found and not _STARTS_BEFORE.search(found[1]) else None
    return None


def _ending_by(text: str, year_kind: str) -> tuple[str, Due] | None:
    """Return a short text and the date by which it is to be done, where it ends with that date."""
    short = len(text.split()) <= 9 and not re.search(r"[.!?;] ", text)
    ended = ending_in_date(text, year_kind) if short else None
    by = ended and re.match(r"[\s,;(–—-]*(?:due |complete )?by\b", text[len(ended[0]) :], re.I)
    return ended if by else None


def begun_on(text: str, year_kind: str) -> Entry:
    """Return a line without the date that it begins with, and that date: "Nov 2013 – share the figures"."""
    led = leading_period(text, year_kind=year_kind)
    if led is None or led[0].reading is not Reading.DATED or led[0].end is None or not led[1]:
        return Entry("", text)
    parted = re.match(r"\s*[–—:-]", text[len(led[0].text) :])
    return Entry("", led[1], _due_of_period(led[0])) if parted else Entry("", text)


def own_deadline(text: str, year_kind: str) -> Due | None:
    """Return the deadline that one action of a list ends with, whatever the date beside the list is."""
    ended = _ending_by(text, year_kind)
    return ended[1] if ended else None


def _read(item: Item, own_below: bool, year_kind: str, *, says_when: bool, has_due_column: bool) -> list[Entry]:
    led = leading_period(item.text, year_kind=year_kind)
    if led is not None and led[0].reading is Reading.DONE:
        led = None  # "Complete the following schemes:" says what to do
    if led is not None and led[0].reading is Reading.RECURRING:
        return _commitments(item, led[0], led[1])
    if led is not None and led[0].text and (led[1] or item.below):
        due = _due_of_period(led[0])
        if not led[1]:
            return [Entry(f"{item.mark}.{at}" if item.mark else "", text, due) for at, text in enumerate(item.below, 1)]
        below = [] if own_below else item.below
        own = Entry(item.mark, _with(led[1], below), due)
        return [
            own,
            *(_plain(Item("", text), year_kind, says_when, has_due_column) for text in item.below if own_below),
        ]
    if own_below:
        found = [Item(item.mark, item.text), *(Item("", text) for text in item.below)]
    else:
        found = [Item(item.mark, _with(item.text, item.below))]
    return [_plain(each, year_kind, says_when, has_due_column) for each in found]


def _with(text: str, below: list[str]) -> str:
    return "; ".join([text.rstrip(" ;"), *below]) if below else text


def _plain(item: Item, year_kind: str, says_when: bool, has_due_column: bool) -> Entry:
    """Return an entry whose date, if any, stands inside its sentence."""
    ends = _ENDS_IN_DATE.match(item.text)
    if ends and (dates_a_figure(ends[1]) or (ends[3] and not has_due_column)):
        ends = None
    if ends and (due := due_of_text(ends[2] or ends[3], year_kind)).dated and not due.question:
        return Entry(item.mark, ends[1], due)  # "Sites agreed - Jan 2026", whatever the row's own date is
    ended = _ending_by(item.text, year_kind) if has_due_column else None
    if ended:
        return Entry(item.mark, *ended)  # "New specification by April 2020"
    phrase = "" if has_due_column and not says_when else deadline_in(item.text, year_kind, strict=not says_when)
    if not phrase and not has_due_column and (ended := ending_in_date(item.text, year_kind)):
        return Entry(item.mark, item.text, ended[1])  # "First report in October 2004", and no other column says when
    return Entry(item.mark, item.text, due_of_text(phrase, year_kind) if phrase else Due())


def _commitments(item: Item, period: Period, rest: str) -> list[Entry]:
    """Return a recurring entry: one commitment for its own text, or one for each sub-bullet."""
    if not item.below:
        return [Entry(item.mark, rest or item.text, frequency=period.text)]
    entries = [
        Entry(f"{item.mark}.{at}" if item.mark else "", text, frequency=period.text)
        for at, text in enumerate(item.below, 1)
    ]
    return [Entry(item.mark, rest, frequency=period.text), *entries] if rest else entries


def _due_of_period(period: Period) -> Due:
    words, tail = period.text, ""
    if period.note and period.frequency:
        words = re.sub(r"\s*\([^()]*\)\s*$", "", period.text)
        tail = period.note
    return Due(words, period, tail=tail, question=period.question)


def pair_dates(entries: list[Entry], text: str, year_kind: str) -> str:
    """Give the lines of a date cell to the entries that they stand beside; return what no entry took.

    Lines pair with entries one to one. Where the numbers differ only the lines at the top that are nothing but a date
    are given out, so that no entry gets a date that may belong to another. Lines that carry the marks of the entries
    ("a) Nov 2025", "b) Jan 2026") go to these.
    """
    lines = [strip_bullet(line) for line in text.split("\n") if line.strip()]
    if _paired_by_mark(entries, [own_mark(line) for line in lines], year_kind):
        return ""
    reads = [due_of_text(line, year_kind) for line in lines]
    clean = [_is_clean(read) for read in reads]
    if len(lines) == len(entries) and all(read.said or read.status for read in reads):
        clean = [True] * len(reads)  # each line says when, be it in a sentence, and each has its entry
    elif len(lines) != len(entries):
        dates = [at for at, line in enumerate(lines) if not _bare_status(line)]
        beside = [line for line in lines if _bare_status(line)]
        if len(dates) == len(entries) and all(clean[at] for at in dates):
            reads = [reads[at] for at in dates]
            clean = [True] * len(reads)
            lines = [lines[at] for at in dates] + beside  # what stands beside no entry is left over
    if _stand_beside(entries, lines, reads, clean):
        for entry, read in zip(entries, reads, strict=False):
            if read.said and not entry.due.said:
                entry.due = read
        told = [not (read.said or read.status) for read in reads[: len(entries)]]
        return " ".join([line for line, left in zip(lines, told, strict=False) if left] + lines[len(entries) :])
    given = 0
    for entry, read, is_clean in zip(entries, reads, clean, strict=False):
        if not is_clean:
            break
        if not entry.due.said:
            entry.due = read
        given += 1
    return " ".join(lines[given:]) if given else text


def _stand_beside(entries: list[Entry], lines: list[str], reads: list[Due], clean: list[bool]) -> bool:
    """Return whether lines stand beside entries one by one, though some give no date: "Meetings in place".

    One below the first has to be nothing but a date; what stands below the last entry has to give none.
    """
    beside, below = len(entries), reads[len(entries) :]
    extra = any(read.said or read.status for read in below)
    return len(lines) >= beside > 1 and any(clean[1:beside]) and not all(clean[:beside]) and not extra


def _paired_by_mark(entries: list[Entry], marked: list[tuple[str, str]], year_kind: str) -> bool:
    """Give each marked date to the entry of that mark, if all are nothing but dates and each has its entry."""
    by_mark = {entry.mark.lower(): entry for entry in entries if entry.mark}
    pairs = [(by_mark.get(mark.lower()), due_of_text(text, year_kind)) for mark, text in marked]
    if not pairs or not all(entry is not None and _is_clean(read) for entry, read in pairs):
        return False
    for entry, read in pairs:
        if entry is not None and not entry.due.said:
            entry.due = read
    return True


def _is_clean(read: Due) -> bool:
    if read.left or is_found_in_prose(read.period):
        return False
    if read.period.reading is Reading.UNDATED and read.question.startswith("No date"):
        return False
    return bool(read.words or read.status)


def _bare_status(line: str) -> bool:
    """Return whether a line is only "Completed" and the like, without a date of its own."""
    return status_kind(line) == "done"
