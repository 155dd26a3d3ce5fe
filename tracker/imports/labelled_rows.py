"""Rows of labels and values below an entry as its columns: "Time frame: | March 2007 | Lead officer: | Head of Care".

Where a table has no column for what such rows say, each label gets one, and its value stands in the row of the entry
above. The rows themselves are kept as details of that entry.
"""

from __future__ import annotations

from dataclasses import replace

from tracker.imports.card_labels import own_labels
from tracker.imports.grid import Cell, Grid
from tracker.imports.layout import find_headers
from tracker.imports.words import exactly_known, roles_of

_WANTED = frozenset({"lead", "due", "due_revised", "due_original", "status", "update", "success", "start", "support"})
_MOST = 8  # cells of a row of labels


def with_labelled_rows_as_columns(grid: Grid) -> Grid:
    """Give the rows of labels and values their columns, in place; nothing where fewer than two say who or when."""
    told = {
        number: said for number, cells in grid.rows.items() if len(cells) <= _MOST and (said := _said(grid, number))
    }
    if len(told) < 2:
        return grid
    starts = sorted(grid.tables) if grid.tables else [header.row for header in find_headers(grid)]
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else 1 << 30
        rows = [number for number in grid.rows if start <= number < end and number not in grid.paragraphs]
        _take(grid, rows, told)
    grid.rows = {number: cells for number, cells in grid.rows.items() if cells}
    return grid


def _said(grid: Grid, number: int) -> list[tuple[str, Cell]]:
    """Return the labels of a row and their values, [] if it is no such row: it says who or when, in known words."""
    if number in grid.paragraphs:
        return []
    cells = grid.texts(number)
    found: list[tuple[str, Cell]] = []
    label: Cell | None = None
    for cell in cells:
        if _is_label(cell.text):
            label = cell
        elif label is not None:
            found.append((label.text.strip(" :"), cell))
            label = None
        else:
            own = own_labels(cell)
            if not own or not all(_is_label(name) for name, _ in own):
                return []
            found += own
    kinds = {role for name, _ in found for role in roles_of(name)[:1]}
    return found if kinds & {"lead", "due", "due_revised"} else []


def _is_label(text: str) -> bool:
    return len(text) <= 45 and exactly_known(text) and bool(_WANTED & set(roles_of(text)[:1]))


def _take(grid: Grid, rows: list[int], told: dict[int, list[tuple[str, Cell]]]) -> None:
    """Move what the rows of labels of one table say into columns of their own."""
    head = next((number for number in rows if len(grid.texts(number)) > 1 and number not in told), 0)
    named = {role for cell in grid.texts(head) for role in roles_of(cell.text)[:1]} if head else set()
    labels = [name for number in rows if number in told for name, _ in told[number]]
    kinds = {role for name in labels for role in roles_of(name)[:1]}
    if not head or not kinds or kinds & named & {"lead", "due", "due_revised"} or not named & {"action", "action_weak"}:
        return
    width = max(column for cells in grid.rows.values() for column in cells)
    columns = {name: width + at for at, name in enumerate(dict.fromkeys(labels), 1)}
    for name, column in columns.items():
        grid.rows[head][column] = Cell(head, column, name, name, bold=True)
    entry = 0
    for number in rows:
        if number not in told:
            entry = number if number > head and len(grid.texts(number)) > 1 else 0
            continue
        taken = [name for name, _ in told[number] if entry and columns[name] not in grid.rows[entry]]
        if len(taken) < len(told[number]):
            continue  # no entry above, or one that has all this
        for name, value in told[number]:
            column = columns[name]
            grid.rows[entry][column] = replace(
                value, row=entry, column=column, bold=False, span=None, place=value.address
            )  # fmt: skip
        cells = grid.texts(number)
        grid.folded.append((entry, cells[0].address, " | ".join(cell.text for cell in cells)))
        grid.rows[number] = {}
    top = max((first for first in grid.tables if first <= head), default=0)
    if top:
        grid.tables[top] = max(grid.tables[top], max(columns.values()))
