"""Cards of bullets under a label that says they are actions: "We will:", "Activities including timescale:"."""

from __future__ import annotations

import re
from itertools import pairwise

from tracker.imports.card_labels import own_labels
from tracker.imports.card_lines import Card, made_of, what_and_when
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import has_bullet, strip_bullet
from tracker.imports.words import exactly_known, roles_of

_ACTS = frozenset({"action", "milestone", "due"})
_DETAILS = frozenset({"success", "lead", "support", "update", "status"})  # what is told of a list, above or below it

_AIMS = frozenset({"section", "success", "action_weak"})


def under_labels(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of bullets that stand under "We will:", half or more with a date after a dash or "by".

    Lines above the label and below the bullets that tell of the whole list, who leads among them, are theirs (and None
    for each).
    """
    lines = _lines(grid)
    found: dict[int, Card | None] = {}
    at = 0
    while at < len(lines):
        end = _end_of_bullets(lines, at + 1)
        if end - at < 3 or not _announces(lines[at]):
            at += 1
            continue
        bullets = [(cell, what_and_when(strip_bullet(cell.text))) for cell in lines[at + 1 : end] if cell is not None]
        if sum(bool(when) for _, (_, when) in bullets) * 2 < len(bullets):
            at = end
            continue
        label = [each for each in lines[at : at + 1] if each is not None]
        details = [*_aims(lines, at - 1), *_details(lines, at - 1, -1), *label, *_details(lines, end, 1)]
        name = next((told for each, below in pairwise([*details, None]) if (told := _who_leads(each, below))), "")
        cards = {cell.row: made_of(cell, what, name, when) for cell, (what, when) in bullets}
        next(iter(cards.values())).lines += [[each] for each in details]
        found.update({each.row: None for each in details})
        found.update(cards)
        at = end
    return found if sum(bool(card and card.values["Deadline"].text) for card in found.values()) > 2 else {}


def _lines(grid: Grid) -> list[Cell | None]:
    """Return the lines of a document from top to bottom; None for a row of a table."""
    rows = [(number, grid.texts(number)) for number in grid.rows]
    return [cells[0] if len(cells) == 1 and number in grid.paragraphs else None for number, cells in rows]


def _end_of_bullets(lines: list[Cell | None], at: int) -> int:
    while at < len(lines) and (cell := lines[at]) is not None and has_bullet(cell.text):
        at += 1
    return at


def _announces(cell: Cell | None) -> bool:
    """Return whether a line is the label over a list of actions."""
    label = cell.text.strip() if cell is not None and not cell.level else ""
    return label.endswith(":") and len(label) <= 60 and bool(_ACTS & set(roles_of(label.rstrip(": "))))


def _details(lines: list[Cell | None], at: int, step: int) -> list[Cell]:
    """Return the lines next to a list, upwards or downwards, that tell of it: "Responsible person: Site Manager".

    A label may stand in a line of its own above its value.
    """
    found: list[Cell] = []
    while 0 <= at < len(lines) and (cell := lines[at]) is not None and (told := _told(cell)):
        found.append(cell)
        at += step
        value = lines[at] if step > 0 and told == "label" and at < len(lines) else None
        if value is not None and not value.level and not _told(value) and not _announces(value):
            found.append(value)
            at += step
    return found


def _aims(lines: list[Cell | None], at: int) -> list[Cell]:
    """Return the line right above a label that says what its list is for: "Target: Improve access to the hall"."""
    cell = lines[at] if at >= 0 else None
    own = own_labels(cell) if cell is not None and not has_bullet(cell.text) else []
    aim = len(own) == 1 and bool(_AIMS & set(roles_of(own[0][0]))) and len(own[0][1].text.split()) > 2
    return [cell] if cell is not None and aim and not is_phrase(own[0][1].text) else []


def _told(cell: Cell) -> str:
    """Return "label" or "value" for a line that is, or begins with, the label of a detail; "" for another."""
    own = own_labels(cell) if not has_bullet(cell.text) else []
    fits = bool(own) and all(_DETAILS & set(roles_of(name)[:1]) for name, _ in own)
    return ("value" if own[-1][1].text else "label") if fits else ""


def _who_leads(cell: Cell | None, below: Cell | None) -> str:
    """Return who leads all the bullets: "Lead: Health Partnership", or the line below "Lead:"; "" if nobody."""
    told = re.fullmatch(r"([A-Z][A-Za-z/ ]{1,30}?)\s*:\s*([^\n]{0,90})", cell.text) if cell is not None else None
    if told is None or roles_of(told[1])[:1] != ("lead",) or not exactly_known(told[1]):
        return ""
    return told[2] or (below.text if below is not None and len(below.text) <= 90 else "")
