"""Workbooks in other formats (.ods, .xls, .xlsb) as grids, read by python-calamine where it is installed.

It tells what cells hold and which are merged, and neither colours nor how numbers are shown: both are said in a notice
where they may matter. A day that is the first of its month in a whole column was typed as a month.
"""

from __future__ import annotations

import datetime
import io
import math
from typing import Any

from tracker.imports.celltext import cleaned, shown_number
from tracker.imports.filetype import FileType
from tracker.imports.grid import Cell, Grid, Notice, Span, Value, address
from tracker.imports.guard import damaged, too_many_cells, too_many_rows
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

_NAMES = {
    FileType.ODS: "an OpenDocument spreadsheet (.ods)",
    FileType.XLS: "a workbook in the old .xls format",
    FileType.XLSB: "a binary workbook (.xlsb)",
}
_PROGRAM = {FileType.ODS: "LibreOffice or Excel", FileType.XLS: "Excel", FileType.XLSB: "Excel"}


def read_other_sheets(data: bytes, kind: FileType, limits: Limits) -> list[Grid]:
    """Read all sheets. Raises Refusal if the reader is not installed, or the file is damaged or over a limit."""
    try:
        import python_calamine
    except ImportError:
        raise Refusal(
            f"This is {_NAMES[kind]}, which this server cannot read. Open it in {_PROGRAM[kind]}, choose Save As, "
            "“Excel Workbook (.xlsx)”, and upload that file."
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [each for each in book.sheets_metadata if each.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if not sheets:
            raise damaged()
        if len(sheets) > limits.sheets:
            raise Refusal(
                f"The workbook has more than {limits.sheets} sheets; at most {limits.sheets} can be read. "
                "Copy the plan's sheets into a new workbook and upload that."
            )
        left, cells = limits.rows, limits.cells
        grids: list[Grid] = []
        for each in sheets:
            hidden = each.visible != python_calamine.SheetVisibleEnum.Visible
            grids.append(_sheet(book.get_sheet_by_name(each.name), hidden=hidden, limits=limits))
            left -= len(grids[-1].rows)
            cells -= sum(len(row) for row in grids[-1].rows.values())
            if left < 0:
                raise too_many_rows(limits)
            if cells < 0:
                raise too_many_cells(limits)
    except (Refusal, MemoryError):
        raise
    except python_calamine.PasswordError:
        raise Refusal(
            "This workbook is protected with a password. Open it, remove the password and upload it again."
        ) from None
    except BaseException as error:  # calamine's own errors, and its panics, which are no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise damaged() from None
    for grid in grids:
        if grid.rows and not grid.hidden:
            grid.notices.append(
                Notice(
                    grid.name,
                    "Colours of cells cannot be read from this kind of file.",
                    "If a rating is only a colour, save the file as .xlsx and upload that.",
                )
            )
    return grids


def _sheet(sheet: Any, *, hidden: bool, limits: Limits) -> Grid:
    grid = Grid(sheet.name, hidden=hidden)
    first = (sheet.start or (0, 0))[1] + 1  # rows are given from the top of the sheet, columns from the first used
    months = _Months()
    beyond = 0
    for row, values in enumerate(sheet.iter_rows(), 1):
        cells: dict[int, Cell] = {}
        for column, value in enumerate(values, first):
            if value == "" or value is None:
                continue
            text, held, shown_as = _content(value)
            if not text:
                if isinstance(value, str) and value.startswith("#"):
                    grid.unknown.add(address(row, column))
                continue
            if column > limits.columns:
                beyond += 1
                continue
            if len(text) > limits.cell_text:
                raise Refusal(
                    f"Cell {address(row, column)} of sheet “{grid.name}” holds {len(text):,} characters, more than the "
                    f"{limits.cell_text:,} of a spreadsheet cell. Shorten it and upload the file again."
                )
            cells[column] = Cell(row, column, text, held, shown_as)
            if isinstance(held, datetime.datetime):
                months.seen.setdefault(column, []).append(cells[column])
        if cells:
            grid.rows[row] = cells
        if len(grid.rows) > limits.rows:
            raise too_many_rows(limits)
    months.settle(grid)
    _merge(grid, sheet, limits)
    if beyond:
        what = f"Text beyond the {limits.columns}th column was left out ({beyond} cells)."
        grid.notices.append(Notice(grid.name, what, "Move it into the table if it belongs to the plan."))
    return grid


def _content(value: Any) -> tuple[str, Value, str]:
    """Return what a cell shows, what it holds, and how a date in it is shown."""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), value, "General"
    if isinstance(value, (int, float)):
        number = float(value)
        return (shown_number(number, "General"), number, "General") if math.isfinite(number) else ("", None, "General")
    if isinstance(value, datetime.datetime | datetime.date):
        day = datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a sheet's date has no zone
        return (f"{day:%d/%m/%Y}", day, "dd/mm/yyyy") if day.year >= 1905 else ("", None, "General")
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}", f"{value:%H:%M}", "General"
    if isinstance(value, datetime.timedelta):
        return str(value), str(value), "General"
    text = cleaned(str(value))
    return ("", None, "General") if text.startswith("#") and text.rstrip("!?").isupper() else (text, text, "General")


class _Months:
    """Dates by column: if all of a column's are the first of a month, months were typed."""

    def __init__(self) -> None:
        self.seen: dict[int, list[Cell]] = {}

    def settle(self, grid: Grid) -> None:
        """Mark the dates of such columns as months, and say so."""
        for cells in self.seen.values():
            days = [cell.value for cell in cells if isinstance(cell.value, datetime.datetime)]
            if len(days) >= 2 and all(day.day == 1 for day in days):
                for cell in cells:
                    cell.number_format = "mmm-yy"
                grid.notices.append(
                    Notice(
                        f"{grid.name} {cells[0].address}",
                        "All dates of this column are the first of a month; they were read as months.",
                        "Check them if the days were meant.",
                    )
                )


def _merge(grid: Grid, sheet: Any, limits: Limits) -> None:
    merged = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        span = Span(top + 1, left + 1, bottom + 1, min(right + 1, limits.columns))
        if span.area <= 1:
            continue
        merged += span.area
        if merged > limits.merged_cells:
            raise Refusal(
                f"Sheet “{grid.name}” has more than {limits.merged_cells:,} merged cells. Unmerge the empty part of "
                "the sheet and upload it again."
            )
        grid.spans.append(span)
        first = grid.cell(span.top, span.left)
        if first is not None:
            first.span = span
