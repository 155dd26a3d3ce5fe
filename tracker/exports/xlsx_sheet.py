"""Worksheets: title and note on top, one table below, with filters, frozen header and print set-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

from tracker.exports.characters import fit_cell, legal
from tracker.exports.csv_register import titles
from tracker.exports.report import Cell, Column, DateValue, Kind, Report, StatusValue, Table, cell_text
from tracker.exports.xlsx_formats import Formats

EPOCH = date(1899, 12, 30).toordinal()
FIRST_DAY = date(1900, 3, 1).toordinal()  # Excel's calendar is wrong before it
LAST_DAY_WIDTH = 14
PAGE_WIDTH = 320  # characters that can still be read on A3 on its side
A4_WIDTH = 190
A3, A4 = 8, 9
HEADER_LIMIT = 255
LINE, TALLEST = 13, 409
LETTERS_PER_UNIT = 1.08  # a column's unit is a digit, and letters are a little narrower
BROKEN = 3  # letters that a line loses, because words are not broken

_LATE = ("Days late", "Days slipped")  # a figure above nothing in these columns is marked
_FORMULA_STARTS = ("=", "+", "-", "@")
Write: TypeAlias = Callable[..., Any]


def start_sheet(sheet: Any, report: Report, title: str, formats: Formats) -> int:
    """Write title, day, marking and notice at the top of a sheet and set up its pages; return the next free row."""
    sheet.write_string(0, 0, fit_cell(title), formats.title)
    marking = f" · {report.page_marking}" if report.page_marking else ""
    sheet.write_string(1, 0, fit_cell(f"{report.plan_title} · {report.page_text}{marking}"), formats.note)
    row = 2
    if report.notice:
        sheet.write_string(row, 0, report.notice, formats.notice)
        row += 1
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.6)
    sheet.hide_gridlines(2)
    # The parts are cut before their ampersands are doubled, so that no pair is split.
    title = report.plan_title if len(report.plan_title) <= 90 else f"{report.plan_title[:89]}…"
    left, right, below = _escaped(title, 90), _escaped(report.page_marking, 40), _escaped(report.page_text, 110)
    notice = f"\n{_escaped(report.notice, 80)}" if report.notice else ""
    sheet.set_header(f"&L&8{left}{notice}&R&8&B{right}"[:HEADER_LIMIT])
    sheet.set_footer(f"&L&8{below}{f' · {right}' if right else ''}&R&8Page &P of &N"[:HEADER_LIMIT])
    return row


def write_table(sheet: Any, tables: Sequence[Table], row: int, formats: Formats, name: str) -> tuple[int, int]:
    """Write tables of equal columns as one from `row` on; return the rows of its header and of its last line."""
    columns = tables[0].columns
    heads = _heads(columns)
    last = row
    sheet.set_row(row, height_of(max(lines_of(title, width) for title, width, _ in heads)))
    for table in tables:
        last = _write_rows(sheet, columns, table.rows, last + 1, formats) - 1
    if last > row:
        sheet.add_table(
            row,
            0,
            last,
            len(heads) - 1,
            {
                "name": name,
                "style": None,
                "columns": [
                    {
                        "header": title,
                        "header_format": formats.coloured_head[column.term.paint_name] if column.term else formats.head,
                    }
                    for title, _, column in heads
                ],
            },
        )
        _set_rules(sheet, columns, [row for table in tables for row in table.rows], row + 1, last, formats)
    return row, last


def _set_rules(
    sheet: Any, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], first: int, last: int, formats: Formats
) -> None:
    """Paint a status by its words, so that one that is copied or typed over keeps its colour; mark lateness."""
    place = 0
    for index, column in enumerate(columns):
        if column.kind is Kind.STATUS:
            found = {cell.text: cell.term for row in rows if isinstance(cell := row[index], StatusValue)}
            for text, term in sorted(found.items(), key=lambda item: item[0]):
                if len(text) < HEADER_LIMIT:  # what a formula can hold
                    painted = {"value": _quoted(text), "format": formats.rule[term.paint_name]}
                    sheet.conditional_format(first, place, last, place, {"type": "cell", "criteria": "==", **painted})
        elif column.title in _LATE:
            rule = {"type": "cell", "criteria": ">", "value": 0, "format": formats.late}
            sheet.conditional_format(first, place, last, place, rule)
        place += len(_widths(column))


def _quoted(text: str) -> str:
    """Return a text as a formula writes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def set_table_page(sheet: Any, columns: Sequence[Column], header: int, last: int, formats: Formats) -> None:
    """Set widths, frozen panes, repeated header and paper for a sheet that holds one table."""
    widths = [width for column in columns for width in _widths(column)]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width, formats.text)
    sheet.freeze_panes(header + 1, 1)
    sheet.repeat_rows(header)
    sheet.set_paper(A4 if sum(widths) <= A4_WIDTH else A3)
    shown = total = 0
    for width in widths:
        total += width
        if total > PAGE_WIDTH:
            break
        shown += 1
    sheet.print_area(0, 0, last, max(shown, 1) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def write_text(sheet: Any, row: int, column: int, text: str, formats: Formats, form: Any = None) -> None:
    """Write any text as text; one that begins like a formula is marked so that it stays one when edited."""
    text = fit_cell(text)
    chosen = formats.quoted if text.startswith(_FORMULA_STARTS) else form or formats.text
    sheet.write_string(row, column, text, chosen)


def _write_rows(
    sheet: Any, columns: Sequence[Column], rows: Iterable[tuple[Cell, ...]], start: int, formats: Formats
) -> int:
    """Write the rows from `start` on and return the row after them. Empty cells are left to the column's format."""
    write_string, write_number, set_row = sheet.write_string, sheet.write_number, sheet.set_row
    text, quoted, number, day_format, status = (
        formats.text,
        formats.quoted,
        formats.number,
        formats.date,
        formats.status,
    )
    plan = tuple((column.kind is Kind.DATE, column.as_written) for column in columns)
    widths = tuple(width for column in columns for width in _widths(column))
    at = start
    for row in rows:
        place = 0
        lines = 1
        for (is_date, as_written), value in zip(plan, row, strict=True):
            if is_date:
                if as_written:
                    if isinstance(value, DateValue) and value.text:
                        written = fit_cell(value.text)
                        write_string(at, place, written, quoted if written.startswith(_FORMULA_STARTS) else text)
                    place += 1
                if isinstance(value, DateValue) and value.day is not None:
                    serial = value.day.toordinal()
                    if serial >= FIRST_DAY:
                        write_number(at, place, serial - EPOCH, day_format)
                    else:
                        write_string(at, place, value.day.isoformat(), text)
            elif isinstance(value, StatusValue):
                write_string(at, place, value.text, status[value.term.paint_name])
            elif isinstance(value, str):
                if value:
                    fitted = fit_cell(value)
                    write_string(at, place, fitted, quoted if fitted.startswith(_FORMULA_STARTS) else text)
                    if len(fitted) > widths[place] or "\n" in fitted:
                        lines = max(lines, lines_of(fitted, widths[place]))
            elif isinstance(value, int):
                write_number(at, place, value, number)
            elif value is not None:
                write_string(at, place, fit_cell(cell_text(value)), text)
            place += 1
        if lines > 1:
            set_row(at, height_of(lines))
        at += 1
    return at


def lines_of(text: str, width: int) -> int:
    """Return how many lines a wrapped text takes in a column of `width` characters (never too few)."""
    room = max(width * LETTERS_PER_UNIT - BROKEN, width * 0.6)
    return sum(1 + int(len(line) / room) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """Return the height in points of a row of so many lines; not every program fits it on opening."""
    return min(TALLEST, 3 + LINE * lines)


def _heads(columns: Sequence[Column]) -> list[tuple[str, int, Column]]:
    """Return title, width and column of each header cell; Excel wants the titles of a table filled and distinct."""
    heads: list[tuple[str, int, Column]] = []
    taken: set[str] = set()
    for column in columns:
        for title, width in zip(titles(column), _widths(column), strict=True):
            wanted = " ".join(legal(title).split())[:HEADER_LIMIT] or "Column"
            number = 1
            unique = wanted
            while unique.casefold() in taken:
                number += 1
                unique = f"{wanted} {number}"
            taken.add(unique.casefold())
            heads.append((unique, width, column))
    return heads


def _widths(column: Column) -> tuple[int, ...]:
    return (column.width, LAST_DAY_WIDTH) if column.as_written else (column.width,)


def _escaped(text: str, limit: int) -> str:
    return " ".join(legal(text).split())[:limit].replace("&", "&&")
