"""Titles within a sheet: "SECTION 1", "Priority 2: Attendance", "1a. Develop ...", "Events"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import one_line
from tracker.imports.words import begins_with_verb, is_colour, plain, words
from tracker.rules.dates import Precision, read_period

_REF = re.compile(
    r"^\(?((?:\d{1,3}[a-z]?(?:\.\d{1,3}[a-z]?)*)|\d{1,3}(?:\.\d{1,3})+[A-Z]|[A-Z]{1,4}\d{1,3}(?:\.\d{1,3})+|[A-Z]{2,4}(?:\.\d{1,3})+|[A-Z]\d{0,2}|[ivxIVX]{1,5})"
    r"(?:[.):]+\s*|\s+[-–—]\s*|\s+(?=[A-Z]))(?=\S)(.*)$",
    re.DOTALL,
)
_CODES = r"[A-Z]{0,4}\d{1,3}[a-z]?(?:\.\d{1,3})*"
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten"
_EQUALS = re.compile(r"\W*[\w£/&+-]{1,20}(?: [\w/&+-]{1,15}){0,2}\s*=\s*\w")  # "AHT = Assistant Headteacher"
_MEANS = re.compile(r"\W*(\w+)\s*[-–—:(]+\s*\w")  # "Red – off track"
_SENTENCE = re.compile(
    r"\b(?:are|is|was|were|be|been|has|have|had|will|shall|should|must|following|follows?|below)\b", re.I
)
_GENERIC_SHEET = re.compile(
    r"^(sheet|tab|table|feuil|tabelle)\s*\d*$"
    r"|^(?:(?:the|action|improvement|development|delivery|implementation|annual|project|work|master|main|full|live|current"
    r"|key|our)\s+)*"
    r"(plan|actions?|tracker|register|log|data|list|export|sheet|tasks?|milestones?)"
    r"(?: (?:required|needed|agreed|to be taken))?"
    r"(?:,? [-–—(]?\s?(?:(?:for|in|during|to|from) )?(?:the )?"
    r"(?:year (?:one|two|three|\d)|(?:coming|next) year|(?:[a-z]{3,9} )?\d{4}.*))?$",
    re.I,
)


@dataclass(slots=True)
class Heading:
    """A title row: the word that announces it ("Priority"), its ref, its title, and how it looks."""

    row: int
    cell: str
    text: str
    label: str = ""
    ref: str = ""
    title: str = ""
    look: tuple[object, ...] = ()
    level: int = 0  # of a heading in a document, 1 for the highest
    lead: str = ""  # who leads what it begins, where its row says so
    is_area: bool = False  # announced as a top-level area
    is_workstream: bool = False  # announced as a workstream


@cache
def _labels() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in (*words().labels, *words().workstreams))
    return re.compile(
        rf"^({names})s?\s*(?:no\.?|number)?\s*({_CODES}|[A-Z]|[IVX]{{1,4}}|{_NUMBERS})?(?:\s*[:.\-–—)]+\s*|\s+|$)(.*)$",
        re.I | re.DOTALL,
    )


def parsed(cell: Cell, *, wide: bool = False) -> Heading:
    """Return a title row's text taken apart."""
    found = parsed_text(cell.text, row=cell.row, cell=cell.address, look=(cell.column, wide, cell.bold, cell.fill))
    found.level = cell.level
    return found


def parsed_text(text: str, *, row: int = 0, cell: str = "", look: tuple[object, ...] = ()) -> Heading:
    """Return a title taken apart: word, ref, title."""
    text = one_line(text)
    found = _labels().match(text)
    if found and (found[2] or re.match(rf"^{re.escape(found[1])}s?\s*[:–—-]", text, re.I)):
        label = plain(found[1])
        ref, title = (found[2] or "").strip(), found[3].strip()
        if not ref and (numbered := re.match(r"(\d{1,2}(?:\.\d{1,2})*)\s*[-–—:.)]\s*(?=\D)(\S.*)", title, re.S)):
            ref, title = numbered[1], numbered[2]  # "Objective: 1 - Determine the needs"
        made = Heading(row, cell, text, label.capitalize(), ref, title, look)
        made.is_workstream = label in words().workstreams
        made.is_area = not made.is_workstream
        return made
    found = _REF.match(text)
    if found and found[2].strip():
        return Heading(row, cell, text, "", found[1], found[2].strip(), look)
    return Heading(row, cell, text, "", "", text.strip(" :"), look)


def named_beside(cells: list[Cell]) -> Heading | None:
    """Return the title that a row of two cells gives: "Priority 1 | Homes", or "Key issue: | ..." over the columns."""
    if len(cells) == 3 and cells[2].text.strip().isdigit() and plain(cells[0].text.rstrip(": ")) in words().labels:
        return parsed(cells[1])  # "Priority | CP1: Economic Development | 1"
    if len(cells) != 2 or len(cells[1].text.split()) > 40:
        return None
    label, second = parsed(cells[0]), cells[1]
    if (label.is_area or label.is_workstream) and label.ref and not label.title:
        found = parsed(second)
        found.label, found.ref, found.title = label.label, label.ref, found.text
        found.is_area, found.is_workstream = label.is_area, label.is_workstream
        return found
    wide = second.span is not None and second.span.width > 1 and not second.text.rstrip().endswith(":")
    wide = wide and re.match(r"(?:how|why|what|where)\b", cells[0].text, re.I) is None  # "How it was not being met:"
    return parsed(second) if wide and cells[0].text.rstrip().endswith(":") else None


def is_legend(text: str) -> bool:
    """Return whether a line says what marks mean: "Ratings: R – off track; A – at risk", "HT = Headteacher"."""
    label, _, rest = text.partition(":")
    explains = _explains(text) or (len(label.split()) <= 4 and _explains(rest))
    return len(text) <= 600 and (explains or words().legend.search(text) is not None)


def _explains(text: str) -> bool:
    parts = [part for part in re.split(r"\s*[,;|\n]\s*", text.strip()) if part]
    equal = sum(_EQUALS.match(part) is not None for part in parts)
    if equal and equal * 2 >= len(parts):
        return True
    told = [_MEANS.match(part) for part in parts]
    return len(told) > 1 and all(each and (is_colour(each[1]) or re.fullmatch("[A-Z]{1,2}", each[1])) for each in told)


def is_note(text: str) -> bool:
    """Return whether a line is a remark about the sheet and not a part of the plan."""
    if is_legend(text):
        return True
    first = re.match(r"^\W*([\w.]+(?: note)?)\s*[:.\-–]", text)
    return (
        bool(first and first[1].casefold().rstrip(".") in {note.rstrip(".") for note in words().notes})
        or re.match(r"[*†]|N\.?B\.?\s", text) is not None
    )


def is_footnote(text: str) -> bool:
    """Return whether a line begins with a footnote mark."""
    return text[:1] in "¹²³⁴⁵⁶⁷⁸⁹†‡"


def is_mark(text: str) -> bool:
    """Return whether a line says something about the document and heads nothing: "DRAFT", "March 2012"."""
    text = one_line(text)
    if len(text.split()) > 8:
        return False
    if not re.search(r"[^\W\d_]", text):
        return True  # "2015 / 11721"
    when = read_period(text)
    is_day = when.end is not None and not when.question and when.precision in (Precision.DAY, Precision.MONTH)
    return bool(words().marks.search(text)) or is_day


def names_a_part(text: str) -> bool:
    """Return whether a line names a part of a plan, "Junior School:", and says nothing of what stands below it.

    A longer one does so where it is an aim: "Allocate time for the board to review its own progress:".
    """
    label = text.rstrip(" :")
    if len(label.split()) > 8:
        return begins_with_verb(label) and text.rstrip().endswith(":")
    told = _SENTENCE.search(label) is not None if text.rstrip().endswith(":") else label[-1:] in (".", ";")
    return bool(label) and not told and not is_generic(one_line(label))


def is_generic(sheet: str) -> bool:
    """Return whether a sheet's name says nothing about what is in it."""
    return bool(_GENERIC_SHEET.match(sheet.strip()))


def record_kind(text: str) -> str:
    """Return which record the lines under a heading are, "" if the heading announces none."""
    line = plain(text)
    if len(line) > 80:
        return ""
    return next((kind for kind, pattern in words().records if pattern.search(line)), "")


def ends_a_list(grid: Grid, row: int) -> bool:
    """Return whether a line is the last of three below each other that have a ref each: a list of codes, no title."""
    lines = [grid.texts(number) for number in (row - 2, row - 1, row)]
    return all(len(cells) == 1 and not cells[0].level and bool(parsed(cells[0]).ref) for cells in lines)
