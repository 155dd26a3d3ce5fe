"""Lines of text as things to be done: what each says, by when and by whom, whether or not the lines are a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.imports.card_lines import Card, in_one_line, lead_and_rest, made_of, what_and_when
from tracker.imports.dated_titles import is_term
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.milestones import ending_in_date
from tracker.imports.words import names_a_post

_AT_END = re.compile(r"(?P<what>.{8,}?)\s*[(\[](?P<inside>[^()\[\]]{2,60})[)\]]\s*\.?$", re.S)
_STARTS = re.compile(
    r",? (?P<when>(?:starting|beginning|commencing|from)\b(?! by| no later)[^,;.]{3,30}\d{4})\.?$", re.I
)
_LEFT_OPEN = re.compile(  # what a line ends in once its date is taken away
    r"(?:, to be(?: complete\w*| done| finished)?|,? (?:due|complete|for completion))?(?: (?:by|on|in|before))?$"
)


@dataclass(slots=True)
class Item:
    """One thing to be done, before it is known whether the lines are a plan at all."""

    number: int
    line: str
    text: str
    when: str
    card: Card


def is_plain(grid: Grid) -> bool:
    """Return whether a sheet or text holds lines and no table."""
    return not grid.tables and not grid.paragraphs and all(len(grid.texts(number)) == 1 for number in grid.rows)


def lines_of(grid: Grid) -> Iterator[tuple[int, Cell | None]]:
    """Yield the rows with their line of text, None for a row of a table."""
    plain = not grid.paragraphs
    for number in grid.rows:
        cells = grid.texts(number)
        yield number, cells[0] if len(cells) == 1 and (plain or number in grid.paragraphs) else None


def titles_of(grid: Grid) -> list[str]:
    """Return the titles of a document; of a plain text its first line, because none of its lines looks like one."""
    lines = [cell for _, cell in lines_of(grid) if cell is not None]
    first = [cell.text for cell in lines[:1] if not grid.paragraphs]
    return first + [cell.text for cell in lines if cell.level or cell.bold]


def item_of(number: int, cell: Cell, text: str, when: str) -> Item:
    """Return a line as a card with its own date, else that of the title above or of the words before it."""
    card = in_one_line(cell)
    own = card.values.get("Deadline") if card is not None else None
    if card is not None and card.title is not None and own is not None and not when:
        return Item(number, cell.text, card.title.text, own.text, card)
    told = lead_and_rest(text)
    if told is not None and (not told[2] or is_phrase(told[2])):
        what, lead, inside = told
    else:
        what, lead, inside = _in_brackets(text)
    if not inside:
        what, inside = what_and_when(what)
    ended = None if inside else ending_in_date(what)
    if ended is not None:
        what, inside = ended[0].rstrip(" ,;–—-"), ended[1].words
        what = _LEFT_OPEN.sub("", what)
    begins = None if inside or when else _STARTS.search(what)
    if begins is not None and is_phrase(begins["when"]):
        what, inside = what[: begins.start()], begins["when"]  # which is no deadline, and is asked about
    when = inside or when
    return Item(number, cell.text, what, when, made_of(cell, what, lead, when))


def _in_brackets(text: str) -> tuple[str, str, str]:
    """Return a line, and what brackets at its end say of who and when: "(Parks Manager, by June 2026)"."""
    found = _AT_END.match(text)
    parts = re.split(r"[,;]\s+", found["inside"]) if found else []
    when = [part for part in parts if is_phrase(part) or is_term(part) or is_term(f"{part} term")]
    who = ", ".join(part for part in parts if part not in when)
    if found is None or not (when or names_a_post(who)):
        return text, "", ""
    return found["what"], who, " ".join(when)
