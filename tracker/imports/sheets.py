"""A workbook's sheets as grids, read by openpyxl with defusedxml from the workbook as trimmed.

openpyxl is imported inside: only the process that reads a file pays for it.
"""

from __future__ import annotations

import math
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from tracker.imports.cellstyles import Styles
from tracker.imports.celltext import cleaned, day_of, indent_of, is_date_format, shown_number
from tracker.imports.grid import Cell, Grid, Notice, Span, Value, address
from tracker.imports.guard import damaged
from tracker.imports.limits import Limits
from tracker.imports.trimming import SheetNotes, trimmed
from tracker.rules.errors import Refusal

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as Read
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_ROW = 1_048_576


def read_sheets(archive: zipfile.ZipFile, limits: Limits) -> list[Grid]:
    """Read all sheets. Raises Refusal if the workbook is damaged, empty or over a limit."""
    small = trimmed(archive, limits)
    if not small.sheets:
        raise Refusal("The workbook has no sheet with cells. Check that you chose the right file.")
    with _understood():
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(small.data), data_only=True, keep_links=False)
        styles = Styles(book.loaded_theme)
        return [
            _Sheet(sheet, book.epoch, styles, limits, notes).read()
            for sheet, notes in zip(book.worksheets, small.sheets, strict=True)
        ]


@contextmanager
def _understood() -> Iterator[None]:
    """Turn whatever stops openpyxl into the one refusal of a damaged workbook, and keep what it warns of to itself."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Refusal, MemoryError):
        raise
    except Exception:
        raise damaged() from None


@dataclass(slots=True)
class _Sheet:
    """Turns one sheet of openpyxl's into a grid."""

    sheet: Worksheet
    epoch: datetime  # the first day of the workbook's calendar: 1900, or 1904 on old Macs
    styles: Styles
    limits: Limits
    notes: SheetNotes
    grid: Grid = field(init=False)
    beyond: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    empty_dates: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)

    def read(self) -> Grid:
        """Return the grid: rows in order, rows of fills alone dropped, merged ranges known to their first cell."""
        sheet = self.sheet
        self.grid = Grid(sheet.title, hidden=sheet.sheet_state != "visible", filtered=self.notes.filtered)
        rows = self.grid.rows
        # The cells that are there; `iter_rows` would make one for every place up to the last row and column.
        for read in cast("dict[tuple[int, int], Read]", sheet._cells).values():
            self._cell(read)
        self.grid.rows = {
            number: rows[number] for number in sorted(rows) if any(cell.text for cell in rows[number].values())
        }
        self.grid.hidden_rows = {row for row, look in sheet.row_dimensions.items() if look.hidden}
        for look in sheet.column_dimensions.values():
            if look.hidden:
                self.grid.hidden_columns.update(range(look.min or 1, min(look.max or 1, self.limits.columns) + 1))
        self._merges()
        self._notices()
        return self.grid

    def _cell(self, read: Read) -> None:
        row, column = read.row, read.column
        if not 1 <= row <= _MAX_ROW:
            raise damaged()
        style = self.styles.of(read)
        text, value = self._content(read, style.number_format)
        if not text and not style.fill:
            return
        if column > self.limits.columns:
            if text:
                self.beyond.append(address(row, column))
            return
        if style.struck and text:
            self.struck.append(address(row, column))
        if len(text) > self.limits.cell_text:
            raise Refusal(
                f"Cell {address(row, column)} of sheet “{self.grid.name}” holds {len(text):,} characters, "
                f"more than the {self.limits.cell_text:,} of a spreadsheet cell. Shorten it and upload the file again."
            )
        self.grid.rows.setdefault(row, {})[column] = Cell(
            row, column, text, value, style.number_format, style.fill, style.bold and bool(text),
            indent=style.indent + (indent_of(read.value) if isinstance(read.value, str) else 0),
        )  # fmt: skip

    def _content(self, read: Read, number_format: str) -> tuple[str, Value]:
        """Return what the cell shows and holds."""
        value: Any = read.value
        if value is None:
            return "", None
        if read.data_type == "e":
            self.errors.append(read.coordinate)
            return "", None
        if isinstance(value, str):
            text = cleaned(value)
            return text, text
        if isinstance(value, bool):
            return ("TRUE", True) if value else ("FALSE", False)
        if isinstance(value, date) and (is_date_format(number_format) or number_format in ("General", "@")):
            return self._day(datetime(value.year, value.month, value.day), read)  # noqa: DTZ001 - no zone in a sheet
        return self._number(value, number_format, read)

    def _number(self, value: Any, number_format: str, read: Read) -> tuple[str, Value]:
        if isinstance(value, (date, time, timedelta)):
            # openpyxl takes more formats for those of dates than show one: back to the number that is stored.
            from openpyxl.utils.datetime import to_excel

            value = to_excel(value, self.epoch)  # type: ignore[no-untyped-call]
        number = float(value)
        if not math.isfinite(number):
            raise damaged()
        if is_date_format(number_format):
            return self._day(day_of(number, from_1904=self.epoch.year == 1904), read)
        return shown_number(number, number_format), number

    def _day(self, day: datetime | None, read: Read) -> tuple[str, Value]:
        """Return a day; one before 1905 is what Excel shows for an empty cell in a date format."""
        if day is None or day.year < 1905:
            self.empty_dates.append(read.coordinate)
            return "", None
        return f"{day:%d/%m/%Y}", day

    def _merges(self) -> None:
        from openpyxl.utils import range_boundaries

        merged = 0
        for reference in self.notes.merged:
            corners: tuple[Any, ...] = range_boundaries(reference)
            if None in corners:
                continue  # whole columns or rows, which cannot be merged
            left, right = sorted(corners[::2])
            top, bottom = sorted(corners[1::2])
            # A title merged over whole rows (A1:XFD1) counts only as far as columns are read.
            span = Span(top, left, bottom, min(right, self.limits.columns))
            if span.area <= 1:
                continue
            merged += span.area
            if merged > self.limits.merged_cells:
                raise Refusal(
                    f"Sheet “{self.grid.name}” has more than {self.limits.merged_cells:,} merged cells. Unmerge the "
                    "empty part of the sheet (Home, Merge and Centre) and upload it again."
                )
            self.grid.spans.append(span)
        for span in self.grid.spans:
            first = self.grid.cell(span.top, span.left)
            if first is not None:
                first.span = span

    def _notices(self) -> None:
        self.grid.unknown = {*self.notes.without_value, *self.errors}
        for cells, what, next_step in (
            (
                self.notes.without_value,
                "A formula has no stored value, so its result is not known.",
                "Open the file in Excel, save it and upload it again.",
            ),
            (
                self.errors,
                "A formula ends in an error, or a date lies beyond the year 9999.",
                "Correct it, save the file and upload it again.",
            ),
            (
                self.empty_dates,
                "A date format shows a date before 1905, as Excel does for an empty date; it was read as no date.",
                "Enter the date in the workbook, or later in the plan.",
            ),
            (
                self.struck,
                "Text is struck through; it was read as it stands.",
                "Withdraw or suspend what is struck out after the import, or take it out of the file.",
            ),
            (
                self.beyond,
                f"Text beyond the {self.limits.columns}th column was left out.",
                "Move it into the table if it belongs to the plan.",
            ),
        ):
            if cells:
                self.grid.notices.append(Notice(_places(self.grid.name, cells), what, next_step))


def _places(sheet: str, cells: list[str]) -> str:
    """Return "Sheet1 B7", or the first few of many."""
    shown = ", ".join(cells[:5])
    return f"{sheet} {shown}" + (f" and {len(cells) - 5} more" if len(cells) > 5 else "")
