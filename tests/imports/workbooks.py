"""Small workbooks made for one test each, and the ways in which a file can be broken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tracker.imports import read_plan
from tracker.imports.result import ImportResult
from tracker.rules.document import ActionLine, MilestoneLine, WorkstreamLine

Rows = Sequence[Sequence[object]]
Change = Callable[[Worksheet], None]
HEAD = ("Ref", "Action", "Lead", "Deadline", "RAG", "Update")


def workbook(*sheets: tuple[Any, ...]) -> bytes:
    """Return a workbook of sheets given as (name, rows, change, change, ...)."""
    made = Workbook()
    made.remove(made["Sheet"])
    for name, rows, *changes in sheets:
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, column, value)
        for change in changes:
            change(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def merged(*ranges: str) -> Change:
    """Merge ranges."""

    def change(sheet: Worksheet) -> None:
        for each in ranges:
            sheet.merge_cells(each)

    return change


def bold(*rows: int) -> Change:
    """Make whole rows bold."""

    def change(sheet: Worksheet) -> None:
        for row in rows:
            for cell in sheet[row]:
                cell.font = Font(bold=True)

    return change


def filled(**fills: str) -> Change:
    """Fill cells, by address, with a colour."""

    def change(sheet: Worksheet) -> None:
        for place, colour in fills.items():
            sheet[place].fill = PatternFill("solid", fgColor=colour)

    return change


def formatted(**formats: str) -> Change:
    """Give cells, by address, a number format."""

    def change(sheet: Worksheet) -> None:
        for place, number_format in formats.items():
            sheet[place].number_format = number_format

    return change


def rezipped(
    data: bytes,
    change: Mapping[str, Callable[[bytes], bytes]] | None = None,
    extra: Mapping[str, bytes | str] | None = None,
    drop: Sequence[str] = (),
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return an archive with parts changed, added and dropped."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", compression) as new:
        for member in old.infolist():
            if member.filename not in drop:
                content = old.read(member.filename)
                new.writestr(member.filename, (change or {}).get(member.filename, bytes)(content))
        for name, added in (extra or {}).items():
            new.writestr(name, added)
    return stream.getvalue()


def read(
    *rows: Sequence[object], name: str = "Plan", file: str = "plan.xlsx", changes: Sequence[Change] = ()
) -> ImportResult:
    """Read a workbook of one sheet."""
    return read_plan(workbook((name, rows, *changes)), file)


def read_sheets(*sheets: tuple[Any, ...], file: str = "plan.xlsx") -> ImportResult:
    """Read a workbook of several sheets."""
    return read_plan(workbook(*sheets), file)


def workstreams(result: ImportResult) -> list[WorkstreamLine]:
    """Return all workstreams of a result."""
    return [each for area in result.document.priorities for each in area.workstreams]


def actions(result: ImportResult) -> list[ActionLine]:
    """Return all actions of a result."""
    return [each for workstream in workstreams(result) for each in workstream.actions]


def milestones(result: ImportResult) -> list[MilestoneLine]:
    """Return all milestones of a result."""
    return [each for workstream in workstreams(result) for each in workstream.milestones]


def dates(result: ImportResult) -> dict[str, str]:
    """Return the words of the date of each milestone by the milestone's text."""
    return {each.text: each.date for each in milestones(result)}


def whole(result: ImportResult) -> bool:
    """Return whether the account adds up."""
    totals = result.totals()
    return totals["lines"] == sum(count for name, count in totals.items() if name != "lines")
