"""What the values of a column look like, whatever its heading says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.imports.colours import SIGNS
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Grid
from tracker.imports.headings import parsed_text
from tracker.imports.words import begins_with_verb, is_colour, is_rating_letter, names_a_post, status_kind

SAMPLE = 80  # rows looked at to know a column
_REF = re.compile(
    r"^\(?(?:[A-Za-z]{0,4}[ .-]?\d{1,4}(?:[.\-/]\d{1,3}){0,4}[a-z]{0,3}|[A-Za-z]{1,2}\d{0,3}"
    r"|[A-Z]?[ivx]{1,5}|[IVX]{1,5})\)?[.):]?$"
)
_LEVEL = re.compile(
    r"^(high|medium|med|low|h|m|l|critical|urgent|important|essential|desirable|(?:must|should|could)(?: do| have)?|\d"
    r"|(?:(?:partly|partially|fully|not) )?(?:accept|agree|reject|note)(?:e?d)?(?: in (?:full|part|principle))?)$",
    re.I,
)
_ANSWER = re.compile(r"^(yes|no|y|n)$", re.I)
_TICK = re.compile(r"^[x✓✔•●*y]$|^yes$", re.I)


@dataclass(slots=True)
class Profile:
    """Shares (0 to 1) of the values of one column that look like this or that."""

    count: int = 0
    dates: float = 0.0
    statuses: float = 0.0
    refs: float = 0.0
    levels: float = 0.0
    words: float = 0.0  # mean number of words
    line_words: float = 0.0  # mean number of words of a line
    distinct: float = 1.0
    fills: int = 0
    percents: float = 0.0
    fractions: float = 0.0  # numbers from 0 to 1
    ticks: float = 0.0
    answers: float = 0.0  # yes or no
    letters: float = 0.0  # the letters of ratings, or signs in a colour
    verbs: float = 0.0  # begin with what is to be done
    aims: float = 0.0  # "To improve ..."
    posts: float = 0.0  # name who leads
    labelled: float = 0.0  # announce an area: "Priority 1: Homes"
    grouped: bool = False  # merged downwards

    def numbers_each(self, rows: int) -> bool:
        """Return whether each of so many rows has a reference of its own in the column."""
        return self.refs >= 0.8 and self.distinct == 1 and not self.grouped and self.count == min(rows, SAMPLE)


def _announces(text: str) -> bool:
    found = parsed_text(text)
    return bool((found.is_area or found.is_workstream) and found.ref and found.title)


def _each_line(text: str, fits: Callable[[str], bool]) -> bool:
    """Return whether each of several short lines of a cell is so."""
    return "\n" in text and len(text) <= 240 and all(fits(line.strip()) for line in text.split("\n") if line.strip())


def profile(grid: Grid, column: int, rows: list[int]) -> Profile:
    """Look at the values of a column in the given rows."""
    found = Profile()
    texts: list[str] = []
    dates = statuses = fractions = 0
    for row in rows[:SAMPLE]:
        cell = grid.cell(row, column)
        if cell is None:
            continue
        if cell.span is not None and cell.span.bottom > cell.span.top:
            found.grouped = True
        if not cell.text:
            found.fills += bool(cell.fill)
            continue
        texts.append(cell.text)
        fractions += isinstance(cell.value, float) and 0 <= cell.value <= 1
        dates += isinstance(cell.value, datetime) or is_phrase(cell.text) or _each_line(cell.text, is_phrase)
        statuses += bool(status_kind(cell.text)) or is_colour(cell.text)
    found.count = len(texts)
    if texts:
        found.dates = dates / len(texts)
        found.statuses = statuses / len(texts)
        found.fractions = fractions / len(texts)
        found.percents = sum("%" in text for text in texts) / len(texts)
        found.letters = sum(is_rating_letter(text) or text.strip() in SIGNS for text in texts) / len(texts)
        found.answers = sum(bool(_ANSWER.match(text)) for text in texts) / len(texts)
        found.ticks = sum(bool(_TICK.match(text)) for text in texts) / len(texts)
        found.refs = sum(bool(_REF.match(text)) for text in texts) / len(texts)
        found.levels = sum(bool(_LEVEL.match(text)) for text in texts) / len(texts)
        found.verbs = sum(begins_with_verb(text) for text in texts) / len(texts)
        found.aims = sum(text.lstrip("•·-– ")[:3].casefold() == "to " for text in texts) / len(texts)
        found.posts = sum(names_a_post(text) or _each_line(text, names_a_post) for text in texts) / len(texts)
        found.labelled = sum(_announces(text) for text in texts) / len(texts)
        said = sum(len(text.split()) for text in texts)
        found.words = said / len(texts)
        found.line_words = said / sum(1 + text.count("\n") for text in texts)
        found.distinct = len({text.casefold() for text in texts}) / len(texts)
    return found
