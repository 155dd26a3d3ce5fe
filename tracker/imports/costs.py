"""Tables of what things cost, "Item | Amount": beside a plan that says who and when they hold no actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tracker.imports.grid import Cell, Grid
from tracker.imports.layout import Header
from tracker.imports.words import heading, roles_of, words

_AMOUNT = re.compile(r"(?:up to |circa |c\.? ?)?[£€$]?\s?-?\d[\d,.]*\s?(?:k|m|bn)?(?:\s?(?:p\.?a\.?|per annum))?", re.I)
_PAID_BY = re.compile(r"\bfund|\bpa(?:y|id)\b|\bpays\b|\bbudget\b|\bcost centre\b|\bsource\b")
_OF_PLANS = frozenset(
    {"lead", "due", "due_revised", "due_original", "status", "milestone", "update", "success", "percent"}
)
_LOOKED_AT = 40  # rows below the headings


def heads_costs(grid: Grid, cells: Mapping[int, str], rows: Iterable[int]) -> bool:
    """Return whether headings, by column, stand over amounts of money and none says who acts, when, or how far."""
    if not 2 <= len(cells) <= 6 or not any(map(_is_money, cells.values())):
        return False
    if any(set(roles_of(text)[:1]) & _OF_PLANS for text in cells.values() if not _PAID_BY.search(heading(text))):
        return False
    below = [grid.cell(row, column) for row in rows for column, text in cells.items() if _is_money(text)]
    amounts = [_AMOUNT.fullmatch(cell.text.strip()) is not None for cell in below if cell is not None and cell.text]
    return len(amounts) > 1 and sum(amounts) * 5 >= 4 * len(amounts)


def _is_money(text: str) -> bool:
    return words().costs.search(heading(text)) is not None


def begins_costs(grid: Grid, number: int, cells: list[Cell], *, apart: bool) -> bool:
    """Return whether a row below a plan, apart from it or under a title, heads a table of what things cost."""
    if not 2 <= len(cells) <= 6 or not (apart or len(grid.texts(number - 1)) == 1):
        return False
    if not any(_is_money(cell.text) for cell in cells if len(cell.text) <= 45):
        return False
    rows = range(number + 1, number + 1 + _LOOKED_AT)
    return heads_costs(grid, {cell.column: cell.text for cell in cells}, rows)


def without_costs(found: list[tuple[Grid, list[Header]]], said: Iterable[str]) -> list[tuple[Grid, list[Header]]]:
    """Return the headers of sheets without those of costs, where another of the file says who acts or when.

    What a person `said` of a sheet holds.
    """
    named = set(said)
    costs = {
        (grid.name, header.row) for grid, headers in found if grid.name not in named for header in headers
        if heads_costs(grid, header.texts | header.periods, _below(grid, header, headers))
    }  # fmt: skip
    others = [header for grid, headers in found for header in headers if (grid.name, header.row) not in costs]
    if not costs or not any(set(roles[:1]) & _OF_PLANS for each in others for roles in each.roles.values()):
        return found
    for grid, headers in found:
        grid.foreign.update(header.row for header in headers if (grid.name, header.row) in costs)
    return [(grid, [each for each in headers if (grid.name, each.row) not in costs]) for grid, headers in found]


def _below(grid: Grid, header: Header, headers: list[Header]) -> list[int]:
    end = min((each.first_row for each in headers if each.row > header.row), default=1 << 30)
    return [row for row in grid.row_numbers() if header.last_row < row < end][:_LOOKED_AT]
