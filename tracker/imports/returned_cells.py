"""The cells of a workbook that came back, as plain texts: what the reading process answers for it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from tracker.imports.celltext import plain_format
from tracker.imports.filetype import FileType, file_type
from tracker.imports.grid import Cell, Grid, address
from tracker.imports.guard import checked_archive, read_part
from tracker.imports.limits import Limits
from tracker.rules.dates import show_day, show_month
from tracker.rules.errors import Refusal

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NO_WORKBOOK = (
    "This is not a workbook, so it cannot be one that was sent out. Choose the Excel file (.xlsx) or the OpenDocument "
    "spreadsheet (.ods) that came back."
)


def cells_of(data: bytes, filename: str, limits: Limits) -> list[dict[str, Any]]:
    """Return each sheet as {name, rows: [[row, [[column, text], ...]], ...], unknown: [address, ...]}.

    Rows and columns are counted from 1; days are in words ("14 November 2027"), and a day that is shown as a month is
    that month. Raises Refusal for a file that is no workbook, or that is not safe or too large to read.
    """
    return [
        {
            "name": grid.name,
            "rows": [
                [number, [[column, _text(cell)] for column, cell in sorted(cells.items()) if cell.text]]
                for number, cells in grid.rows.items()
            ],
            "unknown": sorted(grid.unknown),
        }
        for grid in _grids(data, filename, limits)
    ]


def _grids(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    kind = file_type(data, filename)
    if kind is FileType.XLSX:
        kind, archive = checked_archive(data, limits)
        if kind is FileType.XLSX:
            from tracker.imports.sheets import read_sheets

            return read_sheets(archive, limits)
    if kind in (FileType.ODS, FileType.XLS, FileType.XLSB):
        from tracker.imports.othersheets import read_other_sheets

        grids = read_other_sheets(data, kind, limits)
        if kind is FileType.ODS:
            wrong = _errors(read_part(archive, "content.xml", limits))
            for grid in grids:
                grid.unknown |= wrong.get(grid.name, set())
        return grids
    raise Refusal(_NO_WORKBOOK)


def _errors(content: bytes) -> dict[str, set[str]]:
    """Return the addresses of the cells that end in an error, by sheet: the reader takes them for empty ones."""
    found: dict[str, set[str]] = {}
    if b'value-type="error"' not in content:
        return found
    from defusedxml.ElementTree import iterparse

    sheet, row, column = "", 0, 0
    for event, element in iterparse(BytesIO(content), events=("start", "end")):
        name = element.tag.removeprefix(_TABLE)
        if event == "start":
            if name == "table":
                sheet, row = element.get(f"{_TABLE}name", ""), 0
            elif name == "table-row":
                row, column = row + 1, 0
            elif name in ("table-cell", "covered-table-cell"):
                column += 1
                if element.get(_VALUE_TYPE) == "error":
                    found.setdefault(sheet, set()).add(address(row, column))
                column += int(element.get(f"{_TABLE}number-columns-repeated", "1")) - 1
        elif name == "table-row":
            row += int(element.get(f"{_TABLE}number-rows-repeated", "1")) - 1
            element.clear()
    return found


def _text(cell: Cell) -> str:
    """Return what a cell says; a date in words, for a person who reads it and for the rule that does."""
    if not isinstance(cell.value, datetime):
        return cell.text
    day = cell.value.date()
    codes = plain_format(cell.number_format).lower()
    return show_month(day) if "m" in codes and "d" not in codes else show_day(day)
