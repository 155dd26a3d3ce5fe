"""The days of a chart that is drawn beside a table: "1 2 3 4", "M T W T F" over columns of colours."""

from __future__ import annotations

from tracker.imports.grid import Cell

_LETTERS = frozenset("MTWFS")
_FEWEST = 3


def days_of_chart(cells: list[Cell]) -> list[Cell]:
    """Return the cells at the right end of a row that count days: numbers one after the other, letters of weekdays."""
    found: list[Cell] = []
    for cell in reversed(cells):
        if found and not (_is_next(cell, found[-1]) and cell.column == found[-1].column - 1):
            break
        if not (_number(cell) or cell.text.strip() in _LETTERS):
            break
        found.append(cell)
    counts = all(_number(cell) for cell in found)
    return found if len(found) >= (_FEWEST if counts else 5) and len(found) < len(cells) else []


def _is_next(cell: Cell, right: Cell) -> bool:
    """Return whether a day stands before another: 3 before 4, the last of a month before 1, letter before letter."""
    if not _number(cell) or not _number(right):
        return not _number(cell) and not _number(right)
    return _number(right) == _number(cell) + 1 or (_number(right) == 1 and 28 <= _number(cell) <= 31)


def _number(cell: Cell) -> int:
    whole = isinstance(cell.value, float) and cell.value.is_integer() and 1 <= cell.value <= 366
    return int(cell.value) if whole and isinstance(cell.value, float) else 0
