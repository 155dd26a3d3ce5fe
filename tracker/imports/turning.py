"""Sheets on their side: headings down a column and a column for each action become a table; cells keep their places.

Only what can be nothing else than a plan is turned: the headings name an action in so many words, a date and who or how
far, and at least two columns of actions stand beside them. Anything less is refused as turned on its side.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid, Notice, Span, column_letters
from tracker.imports.layout import find_headers
from tracker.imports.words import WHEN, exactly_known, roles_of

_BESIDE = frozenset({"lead", "status", "update"})


def turned(grid: Grid) -> Grid:
    """Return the grid with its table turned upright; the same grid if it has none on its side."""
    found = next((each for column in (1, 2, 3) if (each := _labels(grid, column))), None)
    if found is None or find_headers(grid):
        return grid
    column, rows = found
    first, last = rows[0], rows[-1]
    after = max(at for row in rows for at in grid.rows[row]) - column + 1  # rows that the table takes when upright
    made = Grid(grid.name, hidden=grid.hidden, notices=grid.notices)
    for number, cells in grid.rows.items():
        if number < first:
            made.rows[number] = dict(cells)
        elif number <= last:
            for at, cell in cells.items():
                if at >= column:
                    place = (first + at - column, 1 + number - first)
                    made.rows.setdefault(place[0], {})[place[1]] = _at(cell, *place)
        else:
            moved = number - last + first + after
            made.rows[moved] = {at: _at(cell, moved, at) for at, cell in cells.items()}
            made.paragraphs |= {moved} if len(grid.texts(number)) == 1 else set()
    made.rows = {number: made.rows[number] for number in sorted(made.rows)}
    made.spans = [cell.span for cells in made.rows.values() for cell in cells.values() if cell.span is not None]
    made.hidden_rows = {first + each - column for each in grid.hidden_columns if each > column}
    made.hidden_columns = {1 + each - first for each in grid.hidden_rows if first <= each <= last}
    made.notices.append(
        Notice(
            grid.name,
            f"The table stands on its side: its headings run down column {column_letters(column)}. Each column beside "
            "them was read as one action.",
            "Nothing to do, unless a column holds something else.",
        )
    )
    return made


def _labels(grid: Grid, column: int) -> tuple[int, list[int]] | None:
    """Return a column and the rows of the table whose headings run down it, None if there is no such table."""
    rows = [
        number
        for number in list(grid.rows)[:60]
        if (cell := grid.cell(number, column)) is not None and len(cell.text) <= 60 and exactly_known(cell.text)
        and any(other.column > column for other in grid.texts(number))
    ]  # fmt: skip
    if len(rows) < 3 or rows[-1] - rows[0] >= 2 * len(rows):
        return None
    by_role = {roles_of(grid.rows[row][column].text)[0]: row for row in reversed(rows)}
    main = by_role.get("action") or by_role.get("milestone")
    due = next((by_role[role] for role in by_role if role in WHEN), 0)
    if not main or not due or not _BESIDE & set(by_role):
        return None
    acts = [cell for cell in grid.texts(main) if cell.column > column]
    says = [cell for cell in grid.texts(due) if cell.column > column]
    dated = sum(isinstance(cell.value, datetime) or is_phrase(cell.text) for cell in says)
    several = len(acts) >= 2 and sum(len(cell.text.split()) > 1 for cell in acts) * 2 > len(acts)
    return (column, rows) if several and says and dated * 2 > len(says) else None


def _at(cell: Cell, row: int, column: int) -> Cell:
    if column == cell.column:
        return cell.at_row(row)
    span = cell.span
    if span is not None:
        height, width = span.bottom - span.top, span.right - span.left
        span = Span(row, column, row + width, column + height)
    return replace(cell, row=row, column=column, span=span, place=cell.address)
