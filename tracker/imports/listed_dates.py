"""Cells of dates that list milestones with their dates: in lines that end in dates, in pairs of lines, in sentences."""

from __future__ import annotations

import re

from tracker.imports.date_labels import labelled_dates
from tracker.imports.duetext import deadline_in, due_of_text, is_phrase
from tracker.imports.lists import own_mark
from tracker.imports.milestones import Entry, ending_in_date, entries_of
from tracker.imports.sentences import is_to_come, sentences, tells_past
from tracker.imports.words import names_a_post, roles_of, status_kind
from tracker.rules.dates import Reading, leading_period

_ASIDE = re.compile(r"\(.*\)")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_ENDS_IN_MONTHS = re.compile(
    rf"(?P<what>.*?\w.*?)[\s,;(–—-]+(?:(?:by|in|during|from|between) )?"
    rf"(?P<when>{_MONTH}(?:\s?(?:[-–—/&]|and|to)\s?{_MONTH})?)\)?\.?$",
    re.I,
)
_MOVED = re.compile(  # "Extended to June 2026", below it "originally March 2026": one deadline, and no list
    r"(?:originally|previously|formerly|initially|was|now|extended|moved|slipped|deferred|changed|revised|postponed"
    r"|brought forward)\b",
    re.I,
)
_WHEN = frozenset({"due", "due_original", "due_revised", "start", "actual", "raised"})


def listed_with_dates(text: str, year_kind: str) -> tuple[list[Entry], str]:
    """Return the milestones that a cell of dates lists with their dates, and what else it says; [] for any other cell.

    A text and its date below it ("Pilot reviewed" above "2014"), lines that each begin with a date or end in one, or
    sentences of what is to come that each end in one.
    """
    if not any(mark in text for mark in ("\n", ". ", "; ")):
        return [], ""
    if labelled_dates(text):
        return [], ""  # "Start: 04/01/2021" above "End: 26/02/2021"
    every = [line for each in text.split("\n") if (line := each.strip())]
    lines = [line for line in every if not _ASIDE.fullmatch(line)]
    aside = " ".join(line for line in every if line not in lines)
    if len(lines) > 1 and all(_begins(own_mark(line)[1], year_kind) for line in lines):
        whole = "\n".join(lines)
        return entries_of(whole, year_kind=year_kind, says_when=True, has_due_column=False, due_lines=2), aside
    found = _in_pairs(lines, year_kind) or _in_lines(lines, year_kind)
    return (found, aside) if found else _in_sentences(text, year_kind)


def _begins(line: str, year_kind: str) -> bool:
    """Return whether a line begins with a date, or "TBC", and says what is done by then: "Nov 2026: Contract let"."""
    led = leading_period(line, year_kind=year_kind)
    if led is None or (led[0].end is None and led[0].reading is not Reading.TBC):
        return False
    rest = led[1].strip()
    parted = re.match(r"\s*[:–—-]", line[len(led[0].text) :]) is not None
    who = names_a_post(rest) and not re.search(r"\w{3}(?:ed|ing)\b", rest)  # "Six officers recruited" names nobody
    return parted and bool(re.search(r"\w{3}", rest)) and not status_kind(rest) and not who


def _in_pairs(lines: list[str], year_kind: str) -> list[Entry]:
    when = [is_phrase(line) for line in lines]
    texts = lines[::2]
    told = [len(line.split()) > 1 and not status_kind(line) and not names_a_post(line) for line in texts]
    if len(lines) < 2 or len(lines) % 2 or not all(when[1::2]) or any(when[::2]) or not all(told):
        return []
    dates = [due_of_text(line, year_kind) for line in lines[1::2]]
    if any(due.period.reading is Reading.UNDATED for due in dates):
        return []
    return [Entry("", what, due) for what, due in zip(texts, dates, strict=True)]


def _in_lines(lines: list[str], year_kind: str) -> list[Entry]:
    """Return a milestone for each line, if all end in a date; a month without its year is kept and asked about."""
    if len(lines) < 2 or any(is_phrase(line) for line in lines):
        return []
    ended = [_ending(line, year_kind) for line in lines]
    found = [entry for entry in ended if entry is not None]
    if len(found) < len(lines) or not any(entry.due.dated for entry in found):
        return []
    # "Start: May 2025" above "End: June 2026" says when one thing begins and ends
    one = any(_WHEN & set(roles_of(entry.text)[:1]) or _MOVED.match(entry.text) for entry in found)
    return [] if one else found


def _ending(line: str, year_kind: str) -> Entry | None:
    ended = ending_in_date(line, year_kind)
    if ended is not None:
        return Entry("", *ended)
    months = _ENDS_IN_MONTHS.fullmatch(line)
    return Entry("", months["what"], due_of_text(months["when"], year_kind)) if months else None


def _in_sentences(text: str, year_kind: str) -> tuple[list[Entry], str]:
    """Return the milestones of sentences of what is to come, where two or more end in a date, and the other sentences.

    Nothing where a date of what is to come stands anywhere else in a sentence: it could not be told what it dates.
    """
    found: list[Entry] = []
    left: list[str] = []
    told = sentences(text)
    for each in told if len(told) > 1 else []:
        ended = ending_in_date(each, year_kind) if is_to_come(each) or not tells_past(each) else None
        if ended is not None and len(ended[0].split()) > 2:
            found.append(Entry("", *ended))
        elif is_to_come(each) and deadline_in(each, year_kind, column=True):
            return [], ""
        else:
            left.append(each)
    return (found, " ".join(left)) if len(found) > 1 else ([], "")
