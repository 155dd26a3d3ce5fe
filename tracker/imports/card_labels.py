"""The labels of cards: "Lead officer: ...", "Progress update March 2021: ...", and details that no plan has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from tracker.imports.card_lines import NUMBER, Card
from tracker.imports.dated_titles import is_term
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import has_bullet, strip_bullet
from tracker.imports.words import exactly_known, heading, is_colour, roles_of, status_kind

_LINE = re.compile(r"^([^:\n]{2,45}?)\s*:[ \t]*(.*)$", re.S)
_ASIDE = re.compile(r"(?:[ ]{2,}|\t|[ ]?[|;] ?|(?<=[.,]) )(?P<name>[A-Z][A-Za-z/ ]{1,30}?)\s*:")
_OTHER = re.compile(r"^([^:\n.]{2,70}?)\s*:[ \t]*(.*)$", re.S)
_MONTH = (
    r"(?:(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
    r"|q[1-4]|spring|summer|autumn|winter)"
)
_DATED = re.compile(
    rf"[\s,(–—-]+(?:(?:as )?(?:at|of|to|in|for|on) )?{_MONTH}?[\s,]*(?:19|20)\d\d(?:[/-]\d\d(?:\d\d)?)?\)?$", re.I
)
_OF_ROWS = frozenset({"action", "action_weak", "milestone", "section", "lead", "due"})  # what begins something new


def labels_in_pairs(grid: Grid, cells: list[Cell]) -> list[tuple[str, Cell]]:
    """Return what a row of a document's table says if it is a heading and its value, once or twice."""
    if len(cells) not in (2, 4) or cells[0].row in grid.paragraphs:
        return []
    names, values = cells[::2], cells[1::2]
    if not all(_known(each.text) for each in names) or any(
        exactly_known(each.text) and not status_kind(each.text) for each in values
    ):
        return []
    return [each for name, value in zip(names, values, strict=True) for each in _numbered(name.text, name, value)]


def own_labels(cell: Cell) -> list[tuple[str, Cell]]:
    """Return the known heading that a line begins with, and its value; nothing for another line."""
    if cell.level or cell.text.count("\n") > 8:
        return []
    own: list[tuple[str, Cell]] = []
    when = strip_bullet(cell.text) if has_bullet(cell.text) else ""
    if is_term(when) or (0 < len(when.split()) < 5 and is_phrase(when)):
        return [("Timescale", replace(cell, text=when, value=when, bold=False))]  # "- Year 1", below who leads
    for part in _parts(strip_bullet(cell.text) if has_bullet(cell.text) else cell.text):
        found = _LINE.match(part)
        if found is None or not _known(found[1]) or is_colour(found[1]):
            return []
        value = found[2].strip()
        own += _numbered(found[1], cell, replace(cell, text=value, value=value, bold=False, span=None))
    return own


def other_detail(cell: Cell, repeated: frozenset[str]) -> tuple[str, Cell] | None:
    """Return the label and the value of a line under a card that no plan's column is known by: "- Cost: £400".

    A line without a bullet, or with a long label, is one where its label is among those that are repeated.
    """
    if cell.level:
        return None
    listed = has_bullet(cell.text)
    text = strip_bullet(cell.text) if listed else cell.text
    found = _OTHER.match(text)
    if found is None:
        return (text, replace(cell, text="", value="", bold=False)) if text in repeated else None
    name = " ".join(found[1].split())
    short = listed and len(name) <= 45 and len(name.split()) <= 3 and bool(found[2].strip())
    if not short and (name not in repeated or _OF_ROWS & set(roles_of(name))):
        return None
    return name, replace(cell, text=found[2].strip(), value=found[2].strip(), bold=False)


def repeated_labels(grid: Grid) -> frozenset[str]:
    """Return what stands before a colon in more than one line of text: "Link to other plans: ...".

    And bullets and bold lines that are nothing but the label of what is told below them: "- Success criteria".
    """
    seen: Counter[str] = Counter()
    for number in grid.paragraphs:
        cells = grid.texts(number)
        if len(cells) != 1 or cells[0].level:
            continue
        cell = cells[0]
        found = _OTHER.match(strip_bullet(cell.text)) if ":" in cell.text[:80] else None
        if found is not None and found[1][:1].isupper() and len(found[1].split()) <= 10:
            seen[" ".join(found[1].split())] += 1
        elif found is None and (cell.bold or has_bullet(cell.text)) and len(cell.text) <= 60:
            name = strip_bullet(cell.text)
            seen[name] += name[-1:].isalpha() and roles_of(name)[:1] in (("update",), ("success",))
    return frozenset(name for name, count in seen.items() if count > 1)


def alike(name: str, other: str) -> bool:
    """Return whether two labels are one but for the number: "Lead", "Leads", "Lead(s)"."""
    return name == other or _singular(name) == _singular(other)


def _singular(name: str) -> str:
    return re.sub(r"(?<=\w)(?:\(s\)|s\b)", "", heading(name))


def join_labels_of_one_meaning(cards: list[Card]) -> None:
    """Let labels that mean the same and never stand in one card be one: "Lead officer", "Lead officers"."""
    names = list(dict.fromkeys(name for card in cards for name in card.values))
    kept: dict[str, str] = {}
    for name in names:
        role = roles_of(name)
        if not exactly_known(name) or role not in (("lead",), ("due",), ("status",), ("action",)):
            continue
        same = [each for each in kept if roles_of(each) == role]
        both = any(name in card.values and each in card.values for card in cards for each in same)
        kept[name] = name if both or not same else kept[same[0]]
    for card in cards:
        card.values = {kept.get(name, name): value for name, value in card.values.items()}


def _parts(line: str) -> list[str]:
    """Return the parts of a line that says several things: "Completion date: October 2008    Status: Complete"."""
    starts = [found.start("name") for found in _ASIDE.finditer(line) if _known(found["name"])]
    parts = [line[start:end].strip(" \t|;") for start, end in zip([0, *starts], [*starts, len(line)], strict=True)]
    return [part.rstrip(".,") for part in parts] if len(parts) > 1 else parts


def _known(name: str) -> bool:
    """Return whether a name is a heading of a plan, with or without a number or a date at its end: "Action 1.2"."""
    return any(exactly_known(each) for each in (name, NUMBER.sub("", name), _DATED.sub("", name)))


def _numbered(name: str, cell: Cell, value: Cell) -> list[tuple[str, Cell]]:
    """Return a heading and its value; the number of "Action 1.2" is the action's ref."""
    name = " ".join(name.rstrip(" :").split())
    number = NUMBER.search(name)
    if exactly_known(name) or number is None or _DATED.search(name):
        return [(name, value)]
    bare = NUMBER.sub("", name)
    if not {"action", "action_weak", "milestone"} & set(roles_of(bare)):
        return [(bare, value)]
    return [(bare, value), ("Ref", replace(cell, text=number[1], value=number[1], bold=False, span=None))]
