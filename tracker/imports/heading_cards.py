"""Cards whose labels are headings: "Action 1", and below it "Person responsible", a line, "Target date", a line.

Web pages and documents that give each action a part of its own are written so; a list under "Actions to be taken" and
one under "Target date" then run in parallel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.imports.card_lines import Card, told
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import is_note
from tracker.imports.lists import has_bullet, one_line, strip_bullet
from tracker.imports.words import begins_with_verb, exactly_known, roles_of

_NUMBERED = re.compile(r"(?P<name>.*?)\s*(?:no\.?|number)?\s*(?P<number>\d{1,3}(?:\.\d{1,3})*[a-z]?)\W*$", re.I | re.S)
_ANNOUNCED = re.compile(r"(?:agreed |key |priority )?(?:action|task|recommendation)\s+\d", re.I)
_LISTED = re.compile(r"\d{1,3}[.)]\s+(\S.*)$", re.S)
_WHO_AND_WHEN = frozenset({"lead", "due", "due_revised", "due_original"})
_KNOWN_BY = _WHO_AND_WHEN | {"status"}
_BIDDEN = re.compile(r"\b(?:should|must|shall|needs? to|has to|have to|is to|are to)\b", re.I)
_LOWEST = 10  # the level of a bold line that is no heading


@dataclass(slots=True)
class _Part:
    """One card that is being gathered: its title, its text before any label, and the lines under each label."""

    title: Cell | None = None
    body: list[Cell] = field(default_factory=list)
    labels: dict[str, list[Cell]] = field(default_factory=dict)
    lines: list[list[Cell]] = field(default_factory=list)
    at: str = ""  # the label above the next lines


def headed_pieces(grid: Grid) -> list[Card | int]:
    """Return the cards of a document whose labels are headings, and the rows between them; [] if it has fewer than two.

    Labels count where they stand over lines more than once, and one of them says who or when.
    """
    if not grid.paragraphs:
        return []
    labels = _labels(grid)
    if len(labels) < 2 or not told(labels) & _KNOWN_BY:
        return []
    pieces: list[Card | int] = []
    for part in _parts(grid, labels):
        pieces += part if isinstance(part, list) else _made(part)
    cards = [piece for piece in pieces if isinstance(piece, Card)]
    return pieces if len(cards) > 1 and _say_what_to_do(cards, labels) else []


def _say_what_to_do(cards: list[Card], labels: set[str]) -> bool:
    """Return whether cards are those of actions: by a label, by their titles, or by who, when and how far.

    Pages of events, committees and vacancies have who and when as well. Where neither stands there, only titles that
    say what is to be done make plans of them: "The board should review its membership", with a rating below.
    """
    if not told(labels) & _WHO_AND_WHEN:
        whole = [card.title.text for card in cards if card.title is not None]
        bid = sum(_BIDDEN.search(text) is not None or begins_with_verb(text) for text in whole)
        return bid * 3 >= 2 * len(cards)
    if any("Ref" in card.values for card in cards) or any(roles_of(name)[:1] == ("action",) for name in labels):
        return True
    titles = [card.title.text for card in cards if card.title is not None]
    first = {role for name in labels for role in roles_of(name)[:1]}
    told_what = sum(_ANNOUNCED.match(text) is not None or begins_with_verb(text) for text in titles)
    return told_what * 2 >= max(len(titles), 1) or first >= {"lead", "due", "status"}


def _label(cell: Cell) -> str:
    """Return the heading of a plan that a heading or bold line is, "" for another line."""
    name = one_line(cell.text).rstrip(" :")
    if not (cell.level or cell.bold) or len(name) > 45 or len(name.split()) > 6 or _NUMBERED.match(name):
        return ""
    return name if exactly_known(name) or roles_of(name) else ""


def _labels(grid: Grid) -> set[str]:
    """Return the labels that stand more than once over a line."""
    seen: dict[str, int] = {}
    above = ""
    for number in grid.rows:
        cells = grid.texts(number)
        if len(cells) != 1 or number not in grid.paragraphs:
            above = ""
            continue
        name = _label(cells[0])
        if above and not name and not cells[0].level:
            seen[above] = seen.get(above, 0) + 1
        above = name
    return {name for name, count in seen.items() if count > 1}


def _parts(grid: Grid, labels: set[str]) -> list[_Part | list[Card | int]]:
    """Return the cards as they stand, and the numbers of the rows between them."""
    found: list[_Part | list[Card | int]] = []
    part: _Part | None = None
    level = min((_level(c) for n in grid.rows for c in grid.texts(n)[:1] if _label(c) in labels), default=_LOWEST)
    names = {number: _label(cells[0]) for number in grid.rows if len(cells := grid.texts(number)) == 1}
    over = {at for at, below in zip(names, list(names)[1:], strict=False) if names[below] in labels}
    headed = {at for at, below in pairwise(grid.rows) if below in grid.paragraphs and grid.texts(below)[0].level}
    for number in grid.rows:
        cells = grid.texts(number)
        cell = cells[0] if len(cells) == 1 and number in grid.paragraphs else None
        name = names.get(number, "")
        if cell is None:
            part = None
            found.append([number])
        elif name in labels:
            if part is None or (name in part.labels and name == next(iter(part.labels))):
                part = _Part()
                found.append(part)
            part.at = name
            part.labels.setdefault(name, [])
            part.lines.append(cells)
        elif (cell.level or cell.bold) and (_level(cell) < level or (number in over and _level(cell) == level)):
            part = _Part(title=cell)
            found.append(part)
        elif part is None or (cell.level and number in headed):
            part = None
            found.append([number])
        elif cell.level and _level(cell) == level and part.labels and len(cell.text) <= 60:
            part.at = one_line(cell.text).rstrip(" :")  # a label that no plan is known to have
            part.labels.setdefault(part.at, [])
            part.lines.append(cells)
        else:
            if part.at and roles_of(part.at)[:1] == ("status",) and part.labels[part.at]:
                part.at = ""  # what stands below a rating of one line is the text of the card
            (part.labels[part.at] if part.at else part.body).append(cell)
            part.lines.append(cells)
    return found


def _level(cell: Cell) -> int:
    return cell.level or _LOWEST


def _made(part: _Part) -> list[Card | int]:
    """Return a card for what was gathered; its rows where it says too little."""
    title = part.title
    values = {name: _joined(cells, name) for name, cells in part.labels.items() if cells}
    if len(values) < 2 or not told(set(values)) & _KNOWN_BY:
        return [*([title.row] if title is not None else []), *(line[0].row for line in part.lines)]
    listed = next((name for name in values if roles_of(name)[:1] == ("action",)), "")
    found = _NUMBERED.match(one_line(title.text)) if title is not None else None
    named = found is not None and exactly_known(found["name"])
    if title is None or found is None or not named or not (part.body or listed):
        return _with_title(part, values, listed)
    own: dict[str, Cell] = {}
    if not part.body:
        own["Ref"] = replace(title, text=found["number"], value=found["number"], level=0, bold=False)
        return [Card(None, own | values, [[title], *part.lines])]
    body = _joined(part.body, "")
    said = [name for name in values if roles_of(name)[:1] == ("section",)]
    if listed and len(said) == 1 and all(is_note(cell.text) for cell in part.body):
        own["Notes"], body = body, values.pop(said[0])  # what a recommendation is stands under a label of its own
    if not listed or roles_of(found["name"])[:1] == ("action",):
        own["Ref"] = replace(title, text=found["number"], value=found["number"], level=0, bold=False)
        own["Action"] = replace(body, text=one_line(body.text), value=None)
        if listed:
            own["Milestones"] = values.pop(listed)
    else:
        text = f"{found['number']}. {one_line(body.text)}"
        own[found["name"]] = replace(body, text=text, value=text)
    return [Card(None, own | values, [[title], *part.lines])]


def _with_title(part: _Part, values: dict[str, Cell], listed: str) -> list[Card | int]:
    """Return a card whose title is what is to be done, or stands over what is; other lines are rows of their own."""
    title = part.title
    before = [cell.row for cell in part.body if listed or title is None]
    rows = [line for line in part.lines if line[0].row not in before]
    if listed or title is None:
        above = [title.row] if title is not None else []
        return [*above, *before, Card(None, {listed: values.pop(listed)} | values if listed else values, rows)]
    if part.body:
        values.setdefault("Update", _joined(part.body, ""))
    return [Card(title, values, rows)]


def _joined(cells: list[Cell], name: str) -> Cell:
    """Return the lines under a label as one cell; names in bullets stand together, other lists keep their marks."""
    if "lead" in roles_of(name)[:1] and all(has_bullet(cell.text) for cell in cells):
        text = "; ".join(strip_bullet(cell.text).rstrip(" ;.") for cell in cells)  # together, whatever stands in lines
    else:
        text = "\n".join(_renumbered([cell.text for cell in cells]))
    return replace(cells[0], text=text, value=text, level=0, bold=False, span=None)


def _renumbered(lines: list[str]) -> list[str]:
    """Return lines with numbers from 1, where a list goes on with those of the list above; one line needs none."""
    marked = [_LISTED.match(line) for line in lines]
    if not all(marked):
        return lines
    texts = [found[1] for found in marked if found is not None]
    return [f"{at}. {text}" for at, text in enumerate(texts, 1)] if len(texts) > 1 else texts
