"""Text as a grid: comma-, semicolon-, tab- or bar-separated values, and lines that are pasted as they are."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Literal

from tracker.imports.celltext import cleaned, indent_of
from tracker.imports.filetype import unmarked_utf16
from tracker.imports.grid import Cell, Grid, Notice
from tracker.imports.guard import too_many_cells, too_many_rows
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

_MARKS = "\t,;|"
_BULLET = re.compile(r"\s*[-–•*·]\s+\w")
_SAMPLE = 65_536  # characters that are looked at to know what separates the values


def read_text(data: bytes, filename: str, limits: Limits) -> Grid:
    """Read text as one sheet of texts. Raises Refusal if its quotation marks do not match or it is too large."""
    text, notice = _decoded(data, filename)
    csv.field_size_limit(limits.part)
    grid = Grid(filename.rpartition("/")[2].rpartition("\\")[2].rpartition(".")[0] or "Sheet")
    if notice:
        grid.notices.append(notice)
    mark = _separator(text)
    quoting: Literal[0, 3] = csv.QUOTE_NONE if mark == "\t" and _has_stray_quotes(text) else csv.QUOTE_MINIMAL
    beyond = held = 0
    alone: set[int] = set()  # lines without any mark that separates values
    try:
        rows = (
            csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=quoting)
            if mark
            else ([line] for line in text.split("\n"))
        )
        for number, values in enumerate(rows, 1):
            cells: dict[int, Cell] = {}
            beyond += any(value.strip() for value in values[limits.columns :])
            for column, value in enumerate(values[: limits.columns], 1):
                shown = cleaned(value)
                if len(shown) > limits.cell_text:
                    raise Refusal(
                        f"Row {number} of the file holds a text of {len(shown):,} characters; a closing quotation mark "
                        "may be missing there. Correct it and upload the file again."
                    )
                if shown:
                    cells[column] = Cell(number, column, shown, shown, indent=indent_of(value))
            if cells:
                grid.rows[number] = cells
                alone |= {number} if len(values) == 1 else set()
            held += len(cells)
            if len(grid.rows) > limits.rows:
                raise too_many_rows(limits)
            if held > limits.cells:
                raise too_many_cells(limits)
    except csv.Error:
        raise Refusal(
            "The comma-separated file cannot be read: its quotation marks do not match. Open it in Excel, "
            "save it as .xlsx and upload that file."
        ) from None
    if mark:
        _divide(grid, alone)
    if beyond:
        what = f"{beyond} rows have text beyond the {limits.columns}th column, which was left out."
        grid.notices.append(Notice(grid.name, what, "Move it into the table if it belongs to the plan."))
    return grid


def _divide(grid: Grid, alone: set[int]) -> None:
    """Tell lines of text from tables where a text holds both: a page that was copied as it is."""
    if len(alone) * 4 < len(grid.rows):
        return  # one table, with titles among its rows
    above = top = doubtful = 0
    for row, cells in grid.rows.items():
        if row in alone:
            grid.paragraphs.add(row)
            doubtful = 0
        elif not top or above in alone:
            top, doubtful = row, 0
            grid.tables[top] = max(cells)
        elif row > above + 1 and max(cells) == 2 < grid.tables[top]:
            top, doubtful = row, top  # two columns after an empty line: terms, perhaps, or a title with its ref
            grid.tables[top] = 2
        elif doubtful and max(cells) > 2:
            del grid.tables[top]
            top, doubtful = doubtful, 0
        else:
            grid.tables[top] = max(grid.tables[top], max(cells))
        above = row


def _separator(text: str) -> str:
    """Return what separates the values: the mark that gives most rows the same number of them; "" for plain lines."""
    if sum(line.count("\t") >= 2 for line in text[:_SAMPLE].split("\n")) >= 3:
        return "\t"  # prose holds no tabs: a table, if only among lines of text
    best, best_share = "", 0.0
    for mark in _MARKS:
        counts: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=mark):
                if any(value.strip() for value in row):
                    counts[len(row)] += 1
        except csv.Error:
            continue
        several = {size: count for size, count in counts.items() if size > 1}
        if not several or (mark in ",;" and _lists_bullets(text[:_SAMPLE], mark)):
            continue
        size, most = max(several.items(), key=lambda each: (each[1] * min(each[0], 6), each[0]))
        share = most / sum(counts.values()) * (1.5 if mark == "\t" else 1.0) * min(size, 6) ** 0.5
        if share > best_share and (most > 1 or size > 2 or mark == "\t"):
            best, best_share = mark, share
    return best if best_share >= 0.5 else ""


def _lists_bullets(text: str, mark: str) -> bool:
    """Return whether most of the lines that hold a mark are entries of a list: "- Renew the signs (Clerk, May)"."""
    held = [line for line in text.split("\n") if mark in line]
    return sum(_BULLET.match(line) is not None for line in held) * 2 > len(held) > 2


def _has_stray_quotes(text: str) -> bool:
    """Return whether a quotation mark opens a value that does not end soon: lines copied from a page, not cells."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
        return any(value.count("\n") > 40 for row in rows for value in row)
    except csv.Error:
        return True


def _decoded(data: bytes, filename: str) -> tuple[str, Notice | None]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), None
    if order := unmarked_utf16(data):
        return data.decode(order, "replace"), None
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), Notice(
            filename,
            "The file does not say how its letters are stored; it was read as Windows text.",
            "Check names with accents, and pound signs.",
        )
