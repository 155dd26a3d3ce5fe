"""Cards as rows: "Stage: In progress", "Due date: 31 March" in lines under a title become one row of a table.

The lines keep their places: each value is a cell that knows where it was read, and each line that became a part of a
row is kept, so that the account of lines says what became of it.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from tracker.imports.bracketed_lists import under_brackets
from tracker.imports.card_labels import (
    alike,
    join_labels_of_one_meaning,
    labels_in_pairs,
    other_detail,
    own_labels,
    repeated_labels,
)
from tracker.imports.card_lines import (
    Card,
    in_one_line,
    in_pair,
    only_numbers,
    told,
    under_numbers,
)
from tracker.imports.dated_lines import dated_lines
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.heading_cards import headed_pieces
from tracker.imports.headings import parsed_text, record_kind
from tracker.imports.layout import find_headers
from tracker.imports.listed_cards import under_labels
from tracker.imports.lists import has_bullet
from tracker.imports.words import WHEN, begins_with_verb, heading, roles_of

_FIRST = frozenset({"action", "action_weak", "milestone", "ref"})
_BARE_REF = re.compile(r"[A-Z]{0,4}[ -]?\d{1,3}(?:\.\d{1,4})+[a-z]?|[A-Z]{1,4}[ -]?\d{1,3}[a-z]?")
_TOLD = frozenset({"due", "due_revised", "due_original", "lead", "status", "percent", "update", "start", "actual"})


def with_cards_as_rows(grid: Grid) -> Grid:
    """Return the grid with its cards turned into rows; the same grid if it has a table or fewer than two cards."""
    listed = {**under_brackets(grid), **under_labels(grid), **under_numbers(grid)}
    pieces = headed_pieces(grid) or _untitled(_pieces(grid, listed))
    some = not listed and _are_lines(pieces)
    if (some or not _are_cards(pieces)) and _goes_beyond(dated := dated_lines(grid), pieces):
        pieces = _pieces(grid, dated)
    cards = [piece for piece in pieces if isinstance(piece, Card)]
    join_labels_of_one_meaning(cards)
    return grid if not _are_cards(pieces) or find_headers(grid) else _rewritten(grid, pieces, cards)


def _are_cards(pieces: list[Card | int]) -> bool:
    """Return whether there are two cards that say when, who or how far."""
    cards = [piece for piece in pieces if isinstance(piece, Card)]
    repeated = {name for name in _names(cards) if sum(name in card.values for card in cards) >= 2}
    return len(cards) > 1 and bool(told(repeated) & _TOLD)


def _are_lines(pieces: list[Card | int]) -> bool:
    """Return whether each card is one line with a title, as the lines of a list are: others of it may say less."""
    return all(not piece.lines and piece.title is not None for piece in pieces if isinstance(piece, Card))


def _goes_beyond(dated: dict[int, Card | None], pieces: list[Card | int]) -> bool:
    """Return whether lines with dates hold all the cards, and more."""
    cards = {piece.title.row for piece in pieces if isinstance(piece, Card) and piece.title is not None}
    return bool(dated) and (cards < set(dated) or not _are_cards(pieces))


def _untitled(pieces: list[Card | int]) -> list[Card | int]:
    """Give back the lines above cards that begin alike where some card has none: they are titles of several cards."""
    cards = [piece for piece in pieces if isinstance(piece, Card)]
    alike = len({next(iter(card.values), "") for card in cards}) == 1 and len(cards) > 1
    if not alike or cards[0].title is None or all(card.title is not None for card in cards):
        return pieces
    if not told({next(iter(cards[0].values))}) & _FIRST:
        return pieces
    found: list[Card | int] = []
    for piece in pieces:
        if isinstance(piece, Card) and piece.title is not None:
            found.append(piece.title.row)
            piece.title = None
        found.append(piece)
    return found


def _pieces(grid: Grid, under: dict[int, Card | None]) -> list[Card | int]:
    """Return the cards of a grid, and between them the numbers of the rows that belong to none."""
    pieces: list[Card | int] = []
    card: Card | None = None
    repeated = repeated_labels(grid)
    for number, following in itertools.zip_longest(grid.rows, itertools.islice(grid.rows, 1, None)):
        cells = grid.texts(number)
        if number in under:
            card = None
            if (entry := under[number]) is not None:
                pieces += [entry, *entry.also]
            continue
        whole = in_one_line(cells[0]) if len(cells) == 1 else in_pair(cells)
        if whole is not None:
            card = None
            pieces.append(whole)
            continue
        own = own_labels(cells[0]) if len(cells) == 1 else labels_in_pairs(grid, cells)
        if len(own) > 1 and following is not None and _stands_over(own[0][0], grid.texts(following)):
            own, card = [], None
        if not own:
            last = pieces[-1] if pieces else None
            other = other_detail(cells[0], repeated) if len(cells) == 1 else None
            titles = card is not None and following is not None and _begins_like(grid.texts(following), card)
            listed = other is not None and has_bullet(cells[0].text)
            if (titles and not listed and _may_title(cells[0], card)) or last is not card:
                card = None  # the title of the next card
            if card is not None and other is not None:
                name, value = other
                card.values[name] = _added(card.values[name], value.text) if name in card.values else value
                card.lines.append(cells)
            elif card is not None and _is_between(grid, number, card):
                kept = card.values.get("Update")
                card.values["Update"] = _added(kept, cells[0].text) if kept else replace(cells[0])
                card.lines.append(cells)
            elif card is not None and len(cells) == 1 and _goes_on(cells[0], card):
                name = list(card.values)[-1]
                value = card.values[name]
                card.values[name] = _added(value, cells[0].text)
                card.lines.append(cells)
            else:
                card = None
                pieces.append(number)
            continue
        for name, value in own:
            before = pieces[-1] if pieces else None
            if card is None or before is not card or alike(name, next(iter(card.values))):
                title = _title(grid, before, name)
                if title is not None:
                    pieces.pop()
                card = Card(title)
                pieces.append(card)
            if name in card.values:
                card.values[name] = _added(card.values[name], value.text)
            else:
                card.values[name] = value
        assert card is not None
        card.lines.append(cells)
    return [piece for each in pieces for piece in _sound(each)]


def _added(cell: Cell, text: str) -> Cell:
    """Return a value with another line below it."""
    return replace(cell, text=f"{cell.text}\n{text}".strip(), value=None)


def _sound(piece: Card | int) -> list[Card | int]:
    """Return a card as it is if it says enough, else its lines as rows of their own."""
    if isinstance(piece, int):
        return [piece]
    kinds = told(set(piece.values))
    numbered = piece.title is not None and bool(kinds & {"action", "action_weak"})
    if piece.title is not None and numbered and (number := _own_number(piece.title.text)):
        piece.lines.append([piece.title])
        piece.values.setdefault("Ref", replace(piece.title, text=number, value=number, level=0, bold=False))
        piece.title = None
    if piece.title is not None and "action" in kinds:
        return [piece.title.row, *_sound(Card(None, piece.values, piece.lines))]  # the title is that of the document
    one = len(piece.lines) == 1 and len(piece.lines[0]) == 1 and len(piece.values) == 2 and "Ref" in piece.values
    if one and piece.title is None:
        return [piece.lines[0][0].row]  # "Outcome 1: Carers are recognised", a title
    enough = len(piece.values) >= 2 or _is_told_once(piece)
    aims = all(_is_aim(name, value) for name, value in piece.values.items())
    if enough and kinds & _TOLD and not aims and (piece.title is not None or kinds & _FIRST):
        return [piece]
    return [*([piece.title.row] if piece.title is not None else []), *(line[0].row for line in piece.lines)]


def _own_number(title: str) -> str:
    """Return the number of a title that says nothing else, "Action 3" or "7.001"; "" for another title."""
    bare = title.strip().rstrip(".:")
    return bare if _BARE_REF.fullmatch(bare) else only_numbers(title)


def _is_aim(name: str, value: Cell) -> bool:
    """Return whether a label and its value say what something is for, or are lines without a label."""
    return name == "Update" or (bool({"section", "success"} & set(roles_of(name))) and not is_phrase(value.text))


def _is_told_once(card: Card) -> bool:
    """Return whether one line below a title that says what is to be done says by when, or who leads."""
    title = card.title
    if title is None or not (title.level or title.bold) or not begins_with_verb(title.text):
        return False
    (name, value), *more = card.values.items()
    when = roles_of(name)[:1] and roles_of(name)[0] in WHEN and is_phrase(value.text)
    return not more and (bool(when) or roles_of(name)[:1] == ("lead",)) and not parsed_text(title.text).is_area


def _title(grid: Grid, before: Card | int | None, name: str) -> Cell | None:
    """Return the line directly above a card's first line if it is the card's title."""
    if not isinstance(before, int):
        return None
    cells = grid.texts(before)
    if set(roles_of(name)) & {"action", "milestone"} or heading(name) == "recommendation":
        return cells[0] if len(cells) == 1 and _own_number(cells[0].text) else None
    if len(cells) != 1 or len(cells[0].text) > 300 or record_kind(cells[0].text):
        return None
    found = parsed_text(cells[0].text)
    return None if found.is_area and not found.title else cells[0]


def _stands_over(name: str, below: list[Cell]) -> bool:
    """Return whether "Objective 1: ..." is the title over a card that begins below it with a ref: "1.1 Add ..."."""
    title = parsed_text(below[0].text) if len(below) == 1 and not own_labels(below[0]) else None
    return title is not None and "section" in roles_of(name) and "." in title.ref and bool(title.title)


def _begins_like(cells: list[Cell], card: Card) -> bool:
    """Return whether a line is the first of a card like the one above: what stands before it is the next title."""
    own = own_labels(cells[0]) if len(cells) == 1 else []
    return bool(own) and alike(own[0][0], next(iter(card.values))) and len(card.values) > 1


def _may_title(cell: Cell, above: Card | None) -> bool:
    """Return whether a line looks like the title of the card above it, which has none if it begins with an action."""
    if above is None or above.title is None:
        return above is None or not told({next(iter(above.values))}) & _FIRST
    return bool(cell.level or cell.bold) or not (above.title.level or above.title.bold)


def _goes_on(cell: Cell, card: Card) -> bool:
    """Return whether a line under a card's last value goes on with it."""
    if cell.level or cell.bold or record_kind(cell.text):
        return False
    name = list(card.values)[-1]
    roles = set(roles_of(name))
    prose = not roles or bool({"update", "success"} & roles)
    return has_bullet(cell.text) or (prose and (len(cell.text.split()) > 6 or not card.values[name].text))


def _is_between(grid: Grid, number: int, card: Card) -> bool:
    """Return whether a line of prose stands between two details of one card: what was said back, before its date."""
    first, following = next(iter(card.values)), (each for each in grid.rows if number < each <= number + 3)
    cells = grid.texts(number)
    if not _FIRST & set(roles_of(first)) or len(cells) != 1 or cells[0].level or cells[0].bold:
        return False
    for each in following:
        below = grid.texts(each)
        if len(below) != 1 or below[0].level:
            return False
        if own := own_labels(below[0]):
            return own[0][0] != first and own[0][0] not in card.values
    return False


def _names(cards: list[Card]) -> list[str]:
    """Return the headings of the cards in the order in which they are first seen."""
    return list(dict.fromkeys(name for card in cards for name in card.values))


def _rewritten(grid: Grid, pieces: list[Card | int], cards: list[Card]) -> Grid:
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
            if piece in grid.tables:
                made.tables[at] = grid.tables[piece]
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
        if piece.title is not None and len(made.texts(at)) == 1:
            made.entries.add(at)
        first = next(iter(made.rows[at].values())).address
        for line in piece.lines:
            if first not in [cell.address for cell in line]:
                made.folded.append((at, line[0].address, " | ".join(cell.text for cell in line)))
    return made


def _row(card: Card, names: list[str], at: int, *, titled: bool) -> dict[int, Cell]:
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
