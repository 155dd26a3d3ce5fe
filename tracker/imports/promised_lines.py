"""Plans without a table, in lists of sentences that promise: "Heads of Year to meet the parents by 24 October 2025"."""

from __future__ import annotations

import re

from tracker.imports.card_lines import Card
from tracker.imports.dated_titles import is_to_do, tells_of_plan
from tracker.imports.duetext import due_of_text
from tracker.imports.grid import Cell, Grid
from tracker.imports.line_items import Item, item_of, lines_of, titles_of
from tracker.imports.lists import has_bullet, own_mark, strip_bullet
from tracker.imports.sentences import sentences
from tracker.imports.words import begins_with_verb

_WE = re.compile(r"we (?:will|shall)\b", re.I)


def promised(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of the entries of lists, most of which end in their dates: "Open a hostel (by June 2026)"."""
    items: list[Item] = []
    for number, cell in lines_of(grid):
        if cell is None or cell.level or cell.bold:
            continue
        promised = _WE.match(cell.text) or (begins_with_verb(cell.text) and 4 < len(cell.text.split()) < 40)
        if has_bullet(cell.text) or own_mark(cell.text)[0] or promised:
            items += _each_sentence(number, cell)
    found: dict[int, Card | None] = {}
    for each in items:
        first = found.setdefault(each.number, each.card)
        if first is not None and first is not each.card:
            first.also.append(each.card)
    dated = sum(due_of_text(each.when).dated for each in items if each.when)
    bid = sum(begins_with_verb(each.text) or bool(_WE.match(each.text)) for each in items) * 2 >= len(items)
    told = bid or tells_of_plan(titles_of(grid))
    return (
        found
        if dated > 2 and dated * 5 >= 3 * len(items) and told and is_to_do([e.text for e in items], announced=told)
        else {}
    )


def _each_sentence(number: int, cell: Cell) -> list[Item]:
    """Return a line as one thing to be done, or each of its sentences where all of them promise something."""
    told = sentences(cell.text)
    promises = len(told) > 1 and not has_bullet(cell.text) and all(_WE.match(each) for each in told)
    return [item_of(number, cell, each, "") for each in (told if promises else [strip_bullet(cell.text)])]
