"""Cards as rows: "Stage: In progress", "Due date: 31 March" in lines under a title become one row of a table.

The lines keep their places: each value is a cell that knows where it was read, and each line that became a part of a
row is kept, so that the account of lines says what became of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tracker.imports.duetext import deadline_in, due_of_text, is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import parsed_text, record_kind
from tracker.imports.layout import find_headers
from tracker.imports.lists import has_bullet, strip_bullet
from tracker.imports.words import exactly_known, heading, is_colour, names_a_post, roles_of, status_kind

_LINE = re.compile(r"^([^:\n]{2,45}?)\s*:[ \t]*(.*)$", re.S)
_INLINE = re.compile(r"(?:(?<=[.;,|(\n–—-])|(?<=[.;,|(–—-]\s))(?P<name>[A-Z][A-Za-z/ ]{1,30}?)\s*:\s*(?=\S)")
_ASIDE = re.compile(r"(?:[ ]{2,}|\t|[ ]?[|;] ?)(?P<name>[A-Z][A-Za-z/ ]{1,30}?)\s*:")
_NUMBER = re.compile(r"\s*(?:no\.?|number)?\s*(\d{1,3}(?:\.\d{1,3})*[a-z]?|[A-Z]\d?)$", re.I)
_BY = re.compile(r"(?:to be done |due |complete )?(?:by|before|no later than)\b", re.I)
_FIRST = frozenset({"action", "action_weak", "milestone", "ref"})
_NAMES = {"lead": "Lead", "due": "Deadline", "status": "Status", "update": "Update"}  # for what lines call otherwise
_WHEN = frozenset({"due", "due_revised", "due_original"})
_TOLD = frozenset({"due", "due_revised", "due_original", "lead", "status", "percent", "update", "start", "actual"})


@dataclass(slots=True)
class _Card:
    """One card: its title (none if it begins with "Action: ..."), and its values by the heading of each."""

    title: Cell | None
    values: dict[str, Cell] = field(default_factory=dict)
    lines: list[list[Cell]] = field(default_factory=list)  # the cells of each line that became a part of it


def with_cards_as_rows(grid: Grid) -> Grid:
    """Return the grid with its cards turned into rows; the same grid if it has a table or fewer than two cards."""
    pieces = _untitled(_pieces(grid))
    cards = [piece for piece in pieces if isinstance(piece, _Card)]
    repeated = {name for name in _names(cards) if sum(name in card.values for card in cards) >= 2}
    if len(cards) < 2 or not _told(repeated) & _TOLD or find_headers(grid):
        return grid
    return _rewritten(grid, pieces, cards)


def _untitled(pieces: list[_Card | int]) -> list[_Card | int]:
    """Give back the line above the first card where all cards begin alike and no other has one: it is the title."""
    cards = [piece for piece in pieces if isinstance(piece, _Card)]
    alike = len({next(iter(card.values), "") for card in cards}) == 1 and len(cards) > 1
    if not alike or cards[0].title is None or any(card.title is not None for card in cards[1:]):
        return pieces
    if not _told({next(iter(cards[0].values))}) & _FIRST:
        return pieces
    row, cards[0].title = cards[0].title.row, None
    at = pieces.index(cards[0])
    return [*pieces[:at], row, *pieces[at:]]


def _pieces(grid: Grid) -> list[_Card | int]:
    """Return the cards of a grid, and between them the numbers of the rows that belong to none."""
    pieces: list[_Card | int] = []
    card: _Card | None = None
    under = _under_dates(grid)
    for number in grid.rows:
        cells = grid.texts(number)
        if number in under:
            card = None
            if (entry := under[number]) is not None:
                pieces.append(entry)
            continue
        whole = _in_one_line(cells[0]) if len(cells) == 1 else None
        if whole is not None:
            card = None
            pieces.append(whole)
            continue
        own = _own(cells[0]) if len(cells) == 1 else _own_pairs(grid, cells)
        if not own:
            last = pieces[-1] if pieces else None
            if card is not None and last is card and len(cells) == 1 and _goes_on(cells[0], card):
                name = list(card.values)[-1]
                value = card.values[name]
                card.values[name] = replace(value, text=f"{value.text}\n{cells[0].text}", value=None)
                card.lines.append(cells)
            else:
                card = None
                pieces.append(number)
            continue
        for name, value in own:
            before = pieces[-1] if pieces else None
            if card is None or before is not card or (name in card.values and name == next(iter(card.values))):
                title = _title(grid, before, name)
                if title is not None:
                    pieces.pop()
                card = _Card(title)
                pieces.append(card)
            if name in card.values:
                kept = card.values[name]
                card.values[name] = replace(kept, text=f"{kept.text}\n{value.text}".strip(), value=None)
            else:
                card.values[name] = value
        assert card is not None
        card.lines.append(cells)
    return [piece for each in pieces for piece in _sound(each)]


def _sound(piece: _Card | int) -> list[_Card | int]:
    """Return a card as it is if it says enough, else its lines as rows of their own."""
    if isinstance(piece, int):
        return [piece]
    kinds = _told(set(piece.values))
    numbered = piece.title is not None and bool(kinds & {"action", "action_weak"})
    if piece.title is not None and numbered and (number := _only_numbers(piece.title.text)):
        piece.lines.append([piece.title])
        piece.values.setdefault("Ref", replace(piece.title, text=number, value=number, level=0, bold=False))
        piece.title = None
    if piece.title is not None and "action" in kinds:
        return [piece.title.row, *_sound(_Card(None, piece.values, piece.lines))]  # the title is that of the document
    if len(piece.values) >= 2 and kinds & _TOLD and (piece.title is not None or kinds & _FIRST):
        return [piece]
    return [*([piece.title.row] if piece.title is not None else []), *(line[0].row for line in piece.lines)]


def _only_numbers(title: str) -> str:
    """Return the number of a title that says nothing else: "Action 3"."""
    found = _NUMBER.search(title.strip())
    if found is None or not {"action", "action_weak"} & set(roles_of(_NUMBER.sub("", title.strip()))):
        return ""
    return found[1] if exactly_known(_NUMBER.sub("", title.strip())) else ""


def _under_dates(grid: Grid) -> dict[int, _Card | None]:
    """Return the cards of bullets that stand under a line which is their date: "By 30 June 2026" (and None for it).

    Nothing unless there are two such lines: one may be the date of the paper.
    """
    found: dict[int, _Card | None] = {}
    date: Cell | None = None
    for number in grid.rows:
        cells = grid.texts(number)
        cell = cells[0] if len(cells) == 1 and number in grid.paragraphs else None
        text = cell.text.rstrip(" :.") if cell is not None else ""
        if cell is not None and _BY.match(text) and is_phrase(text) and due_of_text(text).dated:
            date, found[number] = cell, None
        elif cell is not None and date is not None and has_bullet(cell.text) and not _in_one_line(cell):
            card = found[number] = _made(cell, strip_bullet(cell.text), "", date.text.rstrip(" :."))
            if found[date.row] is None and number - 1 == date.row:
                card.lines.append([date])
        else:
            date = None
    dates = {number for number, card in found.items() if card is None}
    return found if len(dates) > 1 and all(number + 1 in found and found[number + 1] for number in dates) else {}


def _own_pairs(grid: Grid, cells: list[Cell]) -> list[tuple[str, Cell]]:
    """Return what a row of a document's table says if it is a heading and its value, once or twice."""
    if not grid.tables or len(cells) not in (2, 4) or cells[0].row in grid.paragraphs:
        return []
    names, values = cells[::2], cells[1::2]
    if not all(_known(each.text) for each in names) or any(
        exactly_known(each.text) and not status_kind(each.text) for each in values
    ):
        return []
    return [each for name, value in zip(names, values, strict=True) for each in _numbered(name.text, name, value)]


def _own(cell: Cell) -> list[tuple[str, Cell]]:
    """Return the known heading that a line begins with, and its value; nothing for another line."""
    if cell.level or cell.text.count("\n") > 8:
        return []
    own: list[tuple[str, Cell]] = []
    for part in _parts(strip_bullet(cell.text) if has_bullet(cell.text) else cell.text):
        found = _LINE.match(part)
        if found is None or not _known(found[1]) or is_colour(found[1]):
            return []
        value = found[2].strip()
        own += _numbered(found[1], cell, replace(cell, text=value, value=value, bold=False, span=None))
    return own


def _parts(line: str) -> list[str]:
    """Return the parts of a line that says several things: "Completion date: October 2008    Status: Complete"."""
    starts = [found.start("name") for found in _ASIDE.finditer(line) if _known(found["name"])]
    return [line[start:end].strip(" \t|;") for start, end in zip([0, *starts], [*starts, len(line)], strict=True)]


def _in_one_line(cell: Cell) -> _Card | None:
    """Return the card that one line holds: "1.1 Review the code. Lead: Monitoring Officer. By: March 2026"."""
    if cell.level or len(cell.text) > 1500:
        return None
    marks = [found for found in _INLINE.finditer(cell.text) if exactly_known(found["name"]) and _told({found["name"]})]
    if len(marks) < 2:
        return _by_dashes(cell) or _with_lead(cell, marks) or (None if marks else _bracketed(cell))
    if not cell.text[: marks[0].start()].strip():
        return None
    starts = [found.start() for found in marks[1:]] + [len(cell.text)]
    text = cell.text[: marks[0].start()].rstrip(" ,;|(–—-")
    card = _Card(replace(cell, text=strip_bullet(text), value=text))
    for found, end in zip(marks, starts, strict=True):
        value = cell.text[found.end() : end].strip(" .;,|()–—-\n")
        name = next((_NAMES[role] for role in roles_of(found["name"]) if role in _NAMES), found["name"])
        card.values.setdefault(" ".join(name.split()), replace(cell, text=value, value=value, bold=False, span=None))
    return card if _told(set(card.values)) & {"lead"} and _told(set(card.values)) & _WHEN else None


def _with_lead(cell: Cell, marks: list[re.Match[str]]) -> _Card | None:
    """Return the card of "Open a site by March 2026 (Lead: Commissioner)": the lead at the end, a date before it."""
    if len(marks) != 1 or "lead" not in roles_of(marks[0]["name"])[:1]:
        return None
    text = strip_bullet(cell.text[: marks[0].start()].rstrip(" ,;|(–—-"))
    name, _, after = cell.text[marks[0].end() :].partition(")")
    name, after = name.strip(" .;,|()\n"), after.strip(" .;,|()–—-\n")
    phrase = after if due_of_text(after).dated else "" if after else deadline_in(text)
    return _made(cell, text, name, phrase) if phrase and name else None


def _by_dashes(cell: Cell) -> _Card | None:
    """Return the card of "1. Survey speeds - Traffic Manager - by 30 November 2025"."""
    parts = [part.strip() for part in re.split(r"\s+[-–—|]\s+", cell.text.strip())]
    if len(parts) != 3 or not 0 < len(parts[1].split()) <= 8 or not parts[1][:1].isupper():
        return None
    when = due_of_text(parts[2].rstrip(" ."))
    return _made(cell, strip_bullet(parts[0]), parts[1], parts[2].rstrip(" .")) if when.dated else None


def _bracketed(cell: Cell) -> _Card | None:
    """Return the card of "Open a site – by March 2026 (Parks Manager)"."""
    found = re.match(r"(.{8,300}?)\s*\(([^()]{4,80})\)\s*[.;]?$", cell.text, re.S)
    if found is None:
        return None
    text, (name, _, when) = strip_bullet(found[1]), found[2].partition(", ")
    if when and (due_of_text(when).dated or when.startswith("from ")) and names_a_post(name):
        return _made(cell, text, name, when)  # "Open a site (Parks Manager, by March 2026)"
    phrase = deadline_in(text)
    plain = re.sub(rf"\s*[–—-]\s*{re.escape(phrase)}\s*$", "", text) if phrase else text
    return _made(cell, plain, found[2], phrase) if phrase and names_a_post(found[2]) else None


def _made(cell: Cell, text: str, lead: str, due: str) -> _Card:
    def part(words: str) -> Cell:
        return replace(cell, text=words, value=words, bold=False, span=None)

    return _Card(part(text), {"Lead": part(lead), "Deadline": part(due)})


def _known(name: str) -> bool:
    """Return whether a name is a heading of a plan, with or without a number: "Lead", "Action 1.2"."""
    return exactly_known(name) or exactly_known(_NUMBER.sub("", name))


def _numbered(name: str, cell: Cell, value: Cell) -> list[tuple[str, Cell]]:
    """Return a heading and its value; the number of "Action 1.2" is the action's ref."""
    name = " ".join(name.rstrip(" :").split())
    number = _NUMBER.search(name)
    if exactly_known(name) or number is None:
        return [(name, value)]
    bare = _NUMBER.sub("", name)
    if not {"action", "action_weak", "milestone"} & set(roles_of(bare)):
        return [(bare, value)]
    return [(bare, value), ("Ref", replace(cell, text=number[1], value=number[1], bold=False, span=None))]


def _title(grid: Grid, before: _Card | int | None, name: str) -> Cell | None:
    """Return the line directly above a card's first line if it is the card's title."""
    if not isinstance(before, int):
        return None
    cells = grid.texts(before)
    if set(roles_of(name)) & {"action", "milestone"}:
        return cells[0] if len(cells) == 1 and _only_numbers(cells[0].text) else None
    if len(cells) != 1 or len(cells[0].text) > 300 or record_kind(cells[0].text):
        return None
    found = parsed_text(cells[0].text)
    return None if found.is_area and not found.title else cells[0]


def _goes_on(cell: Cell, card: _Card) -> bool:
    """Return whether a line under a card's last value goes on with it."""
    if cell.level or cell.bold or record_kind(cell.text):
        return False
    last = roles_of(list(card.values)[-1])
    return has_bullet(cell.text) or (bool({"update", "success"} & set(last)) and len(cell.text.split()) > 6)


def _names(cards: list[_Card]) -> list[str]:
    """Return the headings of the cards in the order in which they are first seen."""
    return list(dict.fromkeys(name for card in cards for name in card.values))


def _told(names: set[str]) -> set[str]:
    return {role for name in names for role in roles_of(name)}


def _rewritten(grid: Grid, pieces: list[_Card | int], cards: list[_Card]) -> Grid:
    """Return a grid with a row of headings above each run of cards; rows keep their order and get new numbers."""
    known: dict[str, str] = {}
    for name in _names(cards):
        known.setdefault(heading(name), name)
    names = list(known.values())
    titled = any(card.title is not None for card in cards)
    made = Grid(grid.name, hidden=grid.hidden, notices=grid.notices)
    made.folded = list(grid.folded)
    at, in_run = 0, False
    for piece in pieces:
        at += 1
        if isinstance(piece, int):
            if piece in grid.paragraphs or len(grid.texts(piece)) == 1:
                made.paragraphs.add(at)
            made.rows[at] = {column: _moved(cell, at, column) for column, cell in grid.rows[piece].items()}
            in_run = False
            continue
        if not in_run:
            heads = (["Ref", "Action"] if titled else []) + names
            made.rows[at] = {column: Cell(at, column, text, text, bold=True) for column, text in enumerate(heads, 1)}
            made.made.add(at)
            made.tables[at] = len(heads)
            at, in_run = at + 1, True
        made.rows[at] = _row(piece, names, at, titled=titled)
        first = next(iter(made.rows[at].values())).address
        for line in piece.lines:
            if first not in [cell.address for cell in line]:
                made.folded.append((at, line[0].address, " | ".join(cell.text for cell in line)))
    return made


def _row(card: _Card, names: list[str], at: int, *, titled: bool) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    if card.title is not None:
        found = parsed_text(card.title.text)
        plain = replace(card.title, level=0, bold=False, span=None)
        if found.ref and not found.is_area:
            cells[1] = _moved(replace(plain, text=found.ref, value=found.ref), at, 1)
        text = found.title if found.ref and not found.is_area else found.text
        cells[2] = _moved(replace(plain, text=text, value=text), at, 2)
    by_name = {heading(name): cell for name, cell in card.values.items()}
    for column, name in enumerate(names, 3 if titled else 1):
        cell = by_name.get(heading(name))
        if cell is not None and cell.text:
            cells[column] = _moved(cell, at, column)
    return cells


def _moved(cell: Cell, row: int, column: int) -> Cell:
    return replace(cell, row=row, column=column, place=cell.address)
