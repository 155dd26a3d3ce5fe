"""A small picture of each sheet: its first rows, what each row was read as, and what each column was taken to hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.imports.columns import Columns
from tracker.imports.grid import Grid, column_letters
from tracker.imports.layout import Header
from tracker.imports.mapping import column_name
from tracker.imports.reconcile import Account, Outcome, SourceLine
from tracker.imports.rows import RowKind, SheetRows
from tracker.imports.words import heading

TITLE, HEADER, WORKSTREAM, ENTRIES, UNUSED = "title", "header", "workstream", "milestones", "unused"
_FIRST = 18  # rows shown from the top
_AROUND = 3  # rows shown below each further row of headings
_ROWS = 45  # most rows of one sheet
_ALL_ROWS = 500  # most rows of all sheets
_COLUMNS = 14
_TEXT = 60  # characters of a cell
_SAMPLES = 3


@dataclass(slots=True)
class ColumnPicture:
    """A column of a table: its letters, its name as a person speaks of it, what it was taken to hold, a few values."""

    letters: str
    name: str
    heading: str
    meaning: str
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TablePicture:
    """A row of headings with the columns below it."""

    row: int
    columns: list[ColumnPicture] = field(default_factory=list)


@dataclass(slots=True)
class RowPicture:
    """A row of a sheet: its number, what it was read as, and its cells under the columns of the picture."""

    number: int
    region: str
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SheetPicture:
    """A sheet: how many rows it has, the letters of the columns that are shown, its rows, the tables that were found.

    `state` is "read", "left out" (a person said so), "hidden" or "no plan".
    """

    name: str
    state: str
    size: int
    letters: list[str] = field(default_factory=list)
    rows: list[RowPicture] = field(default_factory=list)
    tables: list[TablePicture] = field(default_factory=list)


def pictures(
    grids: Sequence[Grid], plans: Sequence[tuple[Grid, SheetRows]], account: Account, left_out: Sequence[str]
) -> list[SheetPicture]:
    """Return a picture of every sheet with something in it."""
    found = {grid.name: rows for grid, rows in plans}
    lines: dict[tuple[str, int], list[SourceLine]] = defaultdict(list)
    for line in account.lines:
        lines[line.sheet, line.row].append(line)
    made: list[SheetPicture] = []
    left = _ALL_ROWS
    for grid in grids:
        if not grid.rows:
            continue
        read = found.get(grid.name)
        state = "left out" if grid.name in left_out else "read" if read else "hidden" if grid.hidden else "no plan"
        numbers = _shown(grid, read, min(_ROWS, left))
        left -= len(numbers)
        columns = sorted({cell.column for number in numbers for cell in grid.texts(number)})[:_COLUMNS]
        made.append(
            SheetPicture(
                grid.name,
                state,
                len(grid.row_numbers()),
                [column_letters(column) for column in columns],
                [RowPicture(at, _region(lines[grid.name, at]), _cells(grid, at, columns)) for at in numbers],
                list(_tables(grid, read)) if read else [],
            )
        )
    return made


def _shown(grid: Grid, read: SheetRows | None, most: int) -> list[int]:
    """Return the rows that are shown: the first ones, and those around the other rows of headings."""
    numbers = [number for number in grid.row_numbers() if number not in grid.made]
    wanted = set(numbers[:_FIRST])
    at = {number: index for index, number in enumerate(numbers)}
    for header in read.headers if read else ():
        if header.row in at:
            wanted.update(numbers[max(at[header.row] - 1, 0) : at[header.row] + _AROUND])
    return sorted(wanted)[:most]


def _cells(grid: Grid, row: int, columns: list[int]) -> list[str]:
    texts = {cell.column: " ".join(cell.text.split()) for cell in grid.texts(row)}
    return [_cut(texts.get(column, "")) for column in columns]


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[: _TEXT - 1].rstrip()}…"


def _region(lines: list[SourceLine]) -> str:
    """Return what a row was read as, from what became of its lines."""
    reasons = [line.reason for line in lines]
    if any(reason.startswith("column headings") for reason in reasons):
        return HEADER
    if all(line.outcome is Outcome.LEFT_OUT for line in lines):
        return UNUSED
    if any(reason.startswith(("title of a workstream", "title of a group", "lead of the")) for reason in reasons):
        return WORKSTREAM
    if any(reason.startswith("title of") for reason in reasons):
        return TITLE
    return ENTRIES


def _tables(grid: Grid, read: SheetRows) -> Iterator[TablePicture]:
    """Yield a picture of each different table, under its first row of headings."""
    body: dict[int, list[int]] = defaultdict(list)
    headers: dict[int, Header] = {}
    for row in read.rows:
        if row.columns is None:
            continue
        if row.kind is RowKind.HEADER and row.header is not None:
            headers.setdefault(id(row.columns), row.header)
        elif row.kind in (RowKind.DATA, RowKind.REST):
            body[id(row.columns)].append(row.number)
    for columns in read.tables:
        header = headers.get(id(columns))
        if header is not None:
            yield TablePicture(header.row, list(_columns(grid, columns, header, body[id(columns)])))


def _columns(grid: Grid, columns: Columns, header: Header, rows: list[int]) -> Iterator[ColumnPicture]:
    names = {**header.texts, **header.periods}
    roles = columns.roles() | dict.fromkeys(columns.people, "lead")
    roles |= {columns.due_original: "due_original", columns.due_revised: "due_revised"}
    roles |= dict.fromkeys(columns.revised_before, "due_revised")
    for column in sorted({*roles, *columns.extra, *names} - {0}):
        samples: list[str] = []
        for row in rows:
            cell = grid.cell(row, column)
            text = _cut(" ".join(cell.text.split())) if cell is not None else ""
            if text and text not in samples:
                samples.append(text)
            if len(samples) == _SAMPLES:
                break
        if samples or column in names:
            shown = columns.periods.get(column) or names.get(column, "")
            yield ColumnPicture(
                column_letters(column), column_name(names, column), shown, roles.get(column, ""), samples
            )


def headings_of(sheets: Sequence[SheetPicture]) -> list[str]:
    """Return the headings of all tables of a file, as they are compared, each once."""
    found = [column.name for sheet in sheets for table in sheet.tables for column in table.columns if column.heading]
    return list(dict.fromkeys(found))


def looks_like(sheets: Sequence[SheetPicture], headings: Sequence[str]) -> bool:
    """Return whether the rows of a file hold nearly all of some headings, in as many rows as there are tables."""
    wanted = set(headings)
    if len(wanted) < 2:
        return False
    seen: set[str] = set()
    for sheet in sheets:
        for row in sheet.rows:
            names = {name for cell in row.cells if cell and (name := heading(cell))}
            hits = names & wanted
            if len(hits) >= 2 and len(hits) * 2 > len(names):
                seen |= hits
    return len(seen) * 5 >= 4 * len(wanted)
