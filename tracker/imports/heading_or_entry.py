"""Rows below a table's headings that are made of words of headings, and are entries: "To do", "Go live", "Manager"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.imports.grid import Grid
from tracker.imports.words import WHEN

if TYPE_CHECKING:
    from tracker.imports.layout import Header

_LOOKED_AT = 80  # rows of the table


def is_entry(grid: Grid, header: Header, above: Header) -> bool:
    """Return whether a row is an entry and no header: by a date below a heading of dates, or by values said again."""
    dated = (set(above.roles.get(column, ())) & WHEN for column in header.periods)
    return (len(header.periods) < 3 and any(dated)) or _says_values_again(grid, header, above)


def _says_values_again(grid: Grid, header: Header, above: Header) -> bool:
    """Return whether two cells of a row or more say what other rows below the same headings say, in the same columns.

    Rows that say all of it again are headings that are repeated.
    """
    if header.same_as(above) or not set(header.texts) <= set(above.texts) | set(above.periods):
        return False
    own = {cell.column: cell.text for cell in grid.texts(header.row)}
    again: set[int] = set()
    for row in range(above.last_row + 1, above.last_row + 1 + _LOOKED_AT):
        theirs = {cell.column: cell.text for cell in grid.texts(row)}
        same = {column for column, text in own.items() if theirs.get(column) == text}
        if row != header.row and len(same) * 3 < 2 * len(own):
            again |= same
    return len(again) > 1
