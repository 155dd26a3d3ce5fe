"""What a row can be, and a row that has been told what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.imports.columns import Columns
from tracker.imports.costs import begins_costs
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import Heading
from tracker.imports.layout import Header, is_beside_the_plan
from tracker.imports.words import heading, words


class RowKind(StrEnum):
    """What a row is."""

    HEADER = "header"
    REPEATED = "repeated"
    HEADING = "heading"
    DATA = "data"
    REST = "rest"  # belongs to the row above
    RECORD = "record"  # a line under a heading such as "What good looks like"
    KEY = "key"
    NOTE = "note"
    BARE = "bare"  # a reference number, a dash or a formula and nothing else
    DATE = "date"  # stands for the rows below it
    HIDDEN = "hidden"
    PREFACE = "preface"
    OTHER = "other"  # in a table of a document that is no part of the plan


@dataclass(slots=True)
class Row:
    """One row with content, and what it is."""

    number: int
    kind: RowKind
    cells: list[Cell]
    columns: Columns | None = None
    header: Header | None = None
    heading: Heading | None = None
    gap: bool = False  # an empty row stands above
    after_header: bool = False  # a repeated header stands directly above


def heads_another(grid: Grid, row: Row) -> bool:
    """Return whether a row heads a table of something else below that of the plan: "Risk | Impact | Mitigation"."""
    if row.number in grid.foreign:
        return True
    if begins_costs(grid, row.number, row.cells, apart=row.gap):
        return True
    short = len(row.cells) > 2 and all(isinstance(each.value, str) and len(each.text) <= 45 for each in row.cells)
    if not row.gap and not short:
        return False
    above = grid.texts(row.number - 1)
    apart = row.gap or (len(above) == 1 and heading(above[0].text) in words().apart)  # "Decisions"
    if not apart and len(row.cells) < 4:
        return False
    names = {heading(cell.text) for cell in row.cells}
    alone = apart and len(names) >= 3 and any(names <= known for known in words().others.values())
    beside = not grid.tables and len(names) >= 4 and is_beside_the_plan(row.cells)
    return alone or beside


def below_those_named(rows: list[Row]) -> list[Row]:
    """Return rows in order, but those that name another below it, and the titles that they name below all others."""
    below: dict[int, list[Row]] = {}
    others: list[Row] = []
    titles: list[Row] = []
    for row in rows:
        above = row.columns.named.get(row.number, 0) if row.columns is not None else 0
        titled = row.columns is not None and row.number in row.columns.titles
        (below.setdefault(above, []) if above else titles if titled else others).append(row)
    return [each for row in [*others, *titles] for each in _with_rows_below(row, below)] if below else rows


def _with_rows_below(row: Row, below: dict[int, list[Row]]) -> Iterator[Row]:
    yield row
    for each in below.pop(row.number, []):
        yield from _with_rows_below(each, below)
