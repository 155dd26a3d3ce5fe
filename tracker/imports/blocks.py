"""Documents as grids: paragraphs and tables below each other, every cell with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.imports.celltext import cleaned
from tracker.imports.grid import Cell, Grid, Span, address
from tracker.imports.guard import too_many_cells, too_many_rows
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

DOCUMENT = "Document"


@dataclass(slots=True)
class Box:
    """One cell of a table: where it stands in it (counted from 1), how far it reaches, and what it shows."""

    row: int
    column: int
    text: str
    width: int = 1
    height: int = 1
    fill: str = ""
    bold: bool = False


@dataclass(slots=True)
class Blocks:
    """Writes paragraphs and tables into one grid, with an empty row between tables and what is around them."""

    limits: Limits
    grid: Grid = field(default_factory=lambda: Grid(DOCUMENT))
    at: int = 0  # the last row that was written
    table_count: int = 0
    paragraph_count: int = 0
    merged: int = 0
    after_table: bool = False

    def paragraph(self, text: str, *, level: int = 0, bold: bool = False, fill: str = "") -> None:
        """Add a line of text; `level` is that of a heading, 0 for none."""
        self.paragraph_count += 1
        text = self._checked(text, f"paragraph {self.paragraph_count}")
        if not text:
            return
        self.at += 2 if self.after_table else 1
        self.after_table = False
        place = f"paragraph {self.paragraph_count}"
        self.grid.rows[self.at] = {
            1: Cell(self.at, 1, text, text, fill=fill, bold=bold or bool(level), level=level, place=place)
        }
        self.grid.paragraphs.add(self.at)
        self._count()

    def table(self, boxes: list[Box], rows: int, columns: int) -> None:
        """Add a table of so many rows and columns. Cells beyond the limit of columns are left out with a notice."""
        self.table_count += 1
        top = self.at + (2 if self.at else 1)
        lost = 0
        for box in boxes:
            lost += bool(box.text) and box.column > self.limits.columns
            self._box(box, top - 1)
        if lost:
            self._notice(
                f"table {self.table_count}",
                f"Text beyond the {self.limits.columns}th column was left out.",
                "Move it into the table if it belongs to the plan.",
            )
        self.at = top + rows - 1
        self.after_table = True
        first = next((row for row in range(top, self.at + 1) if row in self.grid.rows), 0)
        if first:
            self.grid.tables[first] = columns
        self._count()

    def done(self) -> Grid:
        """Return the grid, its rows in order and without those of fills alone."""
        rows = self.grid.rows
        self.grid.rows = {
            number: dict(sorted(rows[number].items()))
            for number in sorted(rows)
            if any(cell.text for cell in rows[number].values())
        }
        return self.grid

    def notice(self, what: str, next_step: str = "") -> None:
        """Note something that holds for the document as a whole."""
        self._notice("", what, next_step)

    def _notice(self, place: str, what: str, next_step: str) -> None:
        from tracker.imports.grid import Notice

        self.grid.notices.append(Notice(" ".join(part for part in (DOCUMENT, place) if part), what, next_step))

    def _box(self, box: Box, above: int) -> None:
        if box.column > self.limits.columns:
            return
        place = f"table {self.table_count} {address(box.row, box.column)}"
        text = self._checked(box.text, place)
        row = above + box.row
        width = min(box.width, self.limits.columns - box.column + 1)
        cell = Cell(row, box.column, text, text, fill=box.fill, bold=box.bold and bool(text), place=place)
        if width > 1 or box.height > 1:
            cell.span = Span(row, box.column, row + box.height - 1, box.column + width - 1)
            self.merged += cell.span.area
            if self.merged > self.limits.merged_cells:
                raise Refusal(
                    f"The document has more than {self.limits.merged_cells:,} merged cells. Copy the plan's table into "
                    "a new document and upload that."
                )
            if text:
                self.grid.spans.append(cell.span)
        if text or box.fill:
            self.grid.rows.setdefault(row, {})[box.column] = cell

    def _checked(self, text: str, place: str) -> str:
        text = cleaned(text)
        if len(text) > self.limits.cell_text:
            raise Refusal(
                f"{place[:1].upper()}{place[1:]} holds {len(text):,} characters, more than the "
                f"{self.limits.cell_text:,} that are read at a time. Divide it and upload the file again."
            )
        return text

    def expect(self, cells: int) -> None:
        """Refuse a document of more cells than are read, before its tables are taken apart."""
        if cells > self.limits.cells:
            raise too_many_cells(self.limits)

    def _count(self) -> None:
        if len(self.grid.rows) > self.limits.rows:
            raise too_many_rows(self.limits)
