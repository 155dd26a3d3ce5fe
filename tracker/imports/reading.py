"""Bytes to grids: find out what the file is, check it, read its sheets."""

from __future__ import annotations

import csv
import io

from tracker.imports.celltext import cleaned
from tracker.imports.filetype import FileType, file_type
from tracker.imports.grid import Cell, Grid, Notice, Workbook
from tracker.imports.guard import checked_archive, too_many_rows
from tracker.imports.limits import Limits
from tracker.imports.sheets import read_sheets
from tracker.rules.errors import Refusal


def read_workbook(data: bytes, filename: str, limits: Limits) -> Workbook:
    """Read a file into grids. Raises Refusal, in a sentence for the person who uploaded it."""
    if len(data) > limits.file_size:
        raise Refusal(
            f"The file has {len(data) / 1_048_576:.1f} MB; at most {limits.file_size // 1_048_576} MB can be read. "
            "Take out pictures and sheets that are not part of the plan, and upload it again."
        )
    if file_type(data, filename) is FileType.CSV:
        return Workbook(filename, [_read_csv(data, filename, limits)])
    grids = read_sheets(checked_archive(data, limits), limits)
    return Workbook(filename, grids, [notice for grid in grids for notice in grid.notices])


def _read_csv(data: bytes, filename: str, limits: Limits) -> Grid:
    """Read comma-, semicolon- or tab-separated text as one sheet of texts."""
    text, notice = _decoded(data, filename)
    first = text[:8192]
    separator = max(",;\t", key=lambda mark: first.count(mark))
    csv.field_size_limit(limits.part)
    grid = Grid(filename.rpartition("/")[2].rpartition("\\")[2].rpartition(".")[0] or "Sheet")
    if notice:
        grid.notices.append(notice)
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            cells: dict[int, Cell] = {}
            for column, value in enumerate(values[: limits.columns], 1):
                shown = cleaned(value)
                if len(shown) > limits.cell_text:
                    raise Refusal(
                        f"Row {number} of the file holds a text of {len(shown):,} characters; a closing quotation mark "
                        "may be missing there. Correct it and upload the file again."
                    )
                if shown:
                    cells[column] = Cell(number, column, shown, shown)
            if cells:
                grid.rows[number] = cells
            if len(grid.rows) > limits.rows:
                raise too_many_rows(limits)
    except csv.Error:
        raise Refusal(
            "The comma-separated file cannot be read: its quotation marks do not match. Open it in Excel, "
            "save it as .xlsx and upload that file."
        ) from None
    return grid


def _decoded(data: bytes, filename: str) -> tuple[str, Notice | None]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), None
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), Notice(
            filename,
            "The file does not say how its letters are stored; it was read as Windows text.",
            "Check names with accents, and pound signs.",
        )
