"""The register as CSV: one table, RFC 4180, ISO dates, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from tracker.exports.characters import guard_formula, legal
from tracker.exports.report import Cell, Column, DateValue, Kind, Report, StatusValue, Table, cell_text

BOM = "\ufeff"


def register_csv(report: Report, *, bom: bool = False) -> bytes:
    """Return the register as UTF-8 with CRLF line ends; `bom` adds the mark that Excel wants on a double click.

    A deadline is its words in one column and its last day in the next, so that a month is never a day. What the status
    means and by which rating scheme stands in every line, for a table has no room for a key (`key_csv` has). Where
    progress is illustrative, a last column says so in every line.
    """
    section = report.section("register")
    tables = tuple(section.tables()) if section is not None else ()
    out = io.StringIO(newline="")
    if bom:
        out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    named, noted = (["Note"], [report.notice]) if report.notice else ([], [])
    if tables:
        told = ["Status means", "Rating scheme"]
        writer.writerow([title for column in tables[0].columns for title in titles(column)] + told + named)
    for table in tables:
        for row in table.rows:
            status = next((cell for cell in row if isinstance(cell, StatusValue)), None)
            told = [_text(status.term.meaning if status else ""), _text(report.scheme_name)]
            writer.writerow(_row(table, row) + told + noted)
    return out.getvalue().encode()


def key_csv(report: Report) -> bytes:
    """Return the key of the report as UTF-8 with CRLF line ends: a line for each term of the rating scheme."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(
        ["Rating scheme", "Letter", "Word", "Name", "Computed colour", "Meaning", "In the plan's own document"]
    )
    for key in ("key.colours", "key.outcome"):
        table = report.table(key)
        for row in table.rows if table is not None else ():
            status, *rest = row
            assert isinstance(status, StatusValue)
            colour, meaning, words = rest if len(rest) == 3 else ("Confidence in the outcome", *rest, "")
            line = (report.scheme_name, status.letter, status.word, status.name, colour, meaning, words)
            writer.writerow([_text(cell_text(cell)) for cell in line])
    return out.getvalue().encode()


def titles(column: Column) -> tuple[str, ...]:
    """Return the header cells of a column: two for a date that keeps its words."""
    return (f"{column.title} (as written)", f"{column.title}: last day") if column.as_written else (column.title,)


def _row(table: Table, row: tuple[Cell, ...]) -> list[str]:
    cells: list[str] = []
    for column, value in zip(table.columns, row, strict=True):
        if column.kind is Kind.DATE:
            date = value if isinstance(value, DateValue) else DateValue("")
            if column.as_written:
                cells.append(_text(date.text))
            cells.append(date.day.isoformat() if date.day else "")
        elif isinstance(value, StatusValue):
            cells.append(value.text)
        elif isinstance(value, int):
            cells.append(str(value))
        else:
            cells.append(_text(cell_text(value)))
    return cells


def _text(text: str) -> str:
    return guard_formula(legal(text))
