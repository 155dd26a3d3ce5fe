"""Sheets as sparse grids: every cell knows its text, its value, how it is shown and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

Value = str | float | bool | datetime | None


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 27 is "AA"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the name of a cell, "B7"."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range; rows and columns are counted from 1 and both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return self.right - self.left + 1

    @property
    def area(self) -> int:
        """Return the number of cells."""
        return self.width * (self.bottom - self.top + 1)


@dataclass(slots=True)
class Cell:
    """One cell with something in it: text, or only a fill."""

    row: int
    column: int
    text: str = ""
    value: Value = None
    number_format: str = "General"
    fill: str = ""  # RRGGBB of a solid fill, "" for none
    bold: bool = False
    span: Span | None = None  # the merged range that starts here
    indent: int = 0  # how far its text is set in
    level: int = 0  # of a heading in a document: 1 for the highest, 0 for text that is no heading
    place: str = ""  # where it stands in a document: "table 3 B7"

    @property
    def address(self) -> str:
        """Return the cell's name, "B7", or where it stands in a document."""
        return self.place or address(self.row, self.column)

    def at_row(self, row: int) -> Cell:
        """Return the cell as it is put in another row of a grid that is written anew; it keeps its own address."""
        if row == self.row:
            return self
        span = self.span
        if span is not None:
            span = Span(row, span.left, row + span.bottom - span.top, span.right)
        return replace(self, row=row, span=span, place=self.address)


@dataclass(slots=True)
class Notice:
    """Something that the reading of a file found: where, what, and what to do next."""

    where: str
    what: str
    next_step: str = ""


@dataclass(slots=True)
class Grid:
    """One sheet. `rows` holds only rows with content, in order; a row holds only cells with text or a fill."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    drawn: set[int] = field(default_factory=set)  # of the hidden columns those of a chart beside the table
    hidden: bool = False
    filtered: bool = False
    notices: list[Notice] = field(default_factory=list)
    paragraphs: set[int] = field(default_factory=set)  # rows that are lines of a document and not of a table
    tables: dict[int, int] = field(default_factory=dict)  # the first row of each table of a document: its columns
    foreign: set[int] = field(default_factory=set)  # rows of headings in a document that are not those of a plan
    made: set[int] = field(default_factory=set)  # rows of headings that the file does not hold as a row
    entries: set[int] = field(default_factory=set)  # rows that are entries of a list, even where they hold one text
    folded: list[tuple[int, str, str]] = field(default_factory=list)  # lines that were put into the row above them
    unknown: set[str] = field(default_factory=set)  # addresses of cells whose content cannot be known
    _covered: dict[tuple[int, int], Span] | None = None

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell that stands at a place itself, or None."""
        return self.rows.get(row, {}).get(column)

    def texts(self, row: int) -> list[Cell]:
        """Return the cells with text in a row, left to right, without hidden columns."""
        cells = self.rows.get(row, {})
        return [cell for column, cell in sorted(cells.items()) if cell.text and column not in self.hidden_columns]

    def leave_out(self, columns: Iterable[int]) -> None:
        """Leave the columns of a chart out of all that is read."""
        self.drawn.update(columns)
        self.hidden_columns.update(self.drawn)

    def covering(self, row: int, column: int) -> Span | None:
        """Return the merged range that a place lies in, or None."""
        if self._covered is None:
            self._covered = {}
            for span in self.spans:
                for inside in range(span.top, span.bottom + 1):
                    if inside in self.rows:
                        for across in range(span.left, span.right + 1):
                            self._covered[inside, across] = span
        return self._covered.get((row, column))

    def merge(self, span: Span) -> None:
        """Let the first cell of a range be seen in all its places."""
        self.spans.append(span)
        if self._covered is not None:
            across = range(span.left, span.right + 1)
            rows = (row for row in range(span.top, span.bottom + 1) if row in self.rows)
            self._covered.update({(row, column): span for row in rows for column in across})

    def shown(self, row: int, column: int) -> Cell | None:
        """Return the cell that a reader sees at a place: its own, or the first of its merged range."""
        cell = self.cell(row, column)
        if cell is not None and cell.text:
            return cell
        span = self.covering(row, column)
        if span is None:
            return cell
        return self.cell(span.top, span.left) or cell

    def row_numbers(self) -> list[int]:
        """Return the numbers of the rows with text, in order."""
        return [number for number, cells in self.rows.items() if any(cell.text for cell in cells.values())]


@dataclass(slots=True)
class Workbook:
    """A file as grids, in the order of its sheets."""

    filename: str
    grids: list[Grid] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
