"""A chart that is drawn beside a table: columns of colours below "1 2 3 4", "2 9 16", "M T W T F" or "25 50 75 100"."""

from __future__ import annotations

from itertools import pairwise

from tracker.imports.grid import Cell
from tracker.imports.words import is_colour

_LETTERS = frozenset("MTWFS")
_FEWEST = 3
_SCALES = ((25, 50, 75, 100), (20, 40, 60, 80, 100), tuple(range(10, 101, 10)), (0, 25, 50, 75, 100))


def days_of_chart(cells: list[Cell]) -> list[Cell]:
    """Return the cells at the right end of a row that count days, or are the marks of a scale up to 100 per cent.

    Numbers one after the other and letters of weekdays count days; the days on which weeks begin are seven apart.
    """
    for marks in _SCALES if cells and _per_cent(cells[-1]) == 100 else ():
        last = cells[-len(marks) :]
        if len(last) < len(cells) and tuple(map(_per_cent, last)) == marks and _adjoin(last):
            return last
    found: list[Cell] = []
    step = 7 if len(cells) > 1 and not _is_next(cells[-2], cells[-1], 1) else 1
    for cell in reversed(cells):
        if found and not (_is_next(cell, found[-1], step) and cell.column == found[-1].column - 1):
            break
        if not (_number(cell) or cell.text.strip() in _LETTERS):
            break
        found.append(cell)
    counts = all(_number(cell) for cell in found)
    return found if len(found) >= (_FEWEST if counts else 5) and len(found) < len(cells) else []


def key_beside(cells: list[Cell]) -> list[Cell]:
    """Return the cells of a key that begins, after an empty column, at the right end of a row: "Blue | Delivered"."""
    for before, cell in pairwise(cells):
        if cell.column > before.column + 1 and is_colour(cell.text) and cell.column >= cells[-1].column - 1:
            return [each for each in cells if each.column >= cell.column]
    return []


def _adjoin(cells: list[Cell]) -> bool:
    return all(cell.column == cells[0].column + at for at, cell in enumerate(cells))


def _per_cent(cell: Cell) -> int:
    """Return the mark of a scale that a cell is, from 0 to 100; -1 if it is none. "25%" in a workbook is 0.25."""
    if not isinstance(cell.value, float):
        return -1
    mark = cell.value * 100 if "%" in cell.text else cell.value
    return int(mark) if mark.is_integer() and 0 <= mark <= 100 else -1


def _is_next(cell: Cell, right: Cell, step: int) -> bool:
    """Return whether a day stands so many days before another: 3 before 4, 30 before 1, letter before letter."""
    if not _number(cell) or not _number(right):
        return not _number(cell) and not _number(right)
    over = _number(cell) + step - _number(right)
    return over == 0 or (28 <= over <= 31 and _number(right) <= step)


def _number(cell: Cell) -> int:
    whole = isinstance(cell.value, float) and cell.value.is_integer() and 1 <= cell.value <= 366
    return int(cell.value) if whole and isinstance(cell.value, float) else 0
