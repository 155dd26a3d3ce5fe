"""Titles in places where a table has something else: over dates and names, beside a ref."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from tracker.imports.columns import Columns
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid, Span
from tracker.imports.headings import Heading, named_beside, parsed
from tracker.imports.layout import Header
from tracker.imports.lists import has_bullet
from tracker.imports.words import status_kind

_NAMED_LEAD = re.compile(r"[\w /]*\b(?:lead\w*|responsib\w+|owner|sponsor)\b[\w /]*\s*[:–—-]\s*(\S.*)", re.I | re.S)


def is_no_detail(cell: Cell, role: str, columns: Columns) -> bool:
    """Return whether a text alone in a first column of dates is no date: "Phase 1 – Launch", "Key messages: ..."."""
    first = min(columns.texts, default=0)
    return role in ("due", "start") and cell.column == first and not is_phrase(cell.text)


def titles_rows_below(grid: Grid, cell: Cell, role: str, columns: Columns, following: int) -> bool:
    """Return whether a line in the first column is a title where dates or names stand in the rows below it."""
    below = grid.cell(following, cell.column) if following else None
    if cell.column > min(columns.texts, default=0) or len(grid.texts(following)) < 3 or len(cell.text.split()) > 14:
        return False
    looks = (cell.bold, cell.fill), (below.bold, below.fill) if below is not None else (False, "")
    found = parsed(cell)
    apart = (looks[0] != looks[1] and bool(cell.bold or cell.fill)) or found.is_area or found.is_workstream
    if is_no_detail(cell, role, columns):
        return apart or (below is not None and is_phrase(below.text))
    numbered = role == "update" and bool(found.ref)  # "1 Access to education" in the column of what each is for
    return apart and (role == "lead" or numbered) and not status_kind(cell.text)


def within_group(cells: list[Cell], columns: Columns) -> Cell | None:
    """Return the title over a part of a group: a text merged over the refs and the actions of the rows below it."""
    if not columns.sections or not 0 < columns.ref < columns.action:
        return None
    found = next((cell for cell in cells if cell.column == columns.ref), None)
    wide = found is not None and found.span is not None and found.span.right >= columns.action
    return found if wide and len(cells) <= len(columns.sections) + 2 else None


def dates_rows_below(grid: Grid, numbers: list[int], cell: Cell, columns: Columns) -> bool:
    """Let a date that stands alone in the first column count for the rows below it that leave theirs empty.

    Return whether there are such rows: they see the date as if it was merged down to them.
    """
    if cell.column > min(columns.texts, default=0) or cell.span is not None or not is_phrase(cell.text):
        return False
    last = cell.row
    for number in numbers[bisect_right(numbers, cell.row) :]:
        own = grid.cell(number, cell.column)
        if (own is not None and own.text) or len(grid.texts(number)) < 2:
            break
        last = number
    if last == cell.row:
        return False
    grid.merge(Span(cell.row, cell.column, last, cell.column))
    return True


def is_titled(grid: Grid, numbers: list[int], headers: list[Header], own: Header) -> bool:
    """Return whether titles stand above the tables with the same headings, or between the rows of one."""
    alike = [header for header in headers if header.signature == own.signature]
    if len(alike) > 1:
        return all(_stands_below_title(grid, numbers, header.first_row) for header in alike)
    end = next((header.first_row for header in headers if header.first_row > own.row), 1 << 30)
    alone = [cells[0] for row in numbers if own.last_row < row < end and len(cells := grid.texts(row)) == 1]
    return sum((cell.span is not None and cell.span.width > 1) or cell.bold for cell in alone) > 1


def _stands_below_title(grid: Grid, numbers: list[int], row: int) -> bool:
    """Return whether a line with the look of a title stands above a row of headings, or a few lines above it."""
    at = bisect_left(numbers, row)
    for before in reversed(numbers[max(at - 4, 0) : at]):
        cells = grid.texts(before)
        if len(cells) == 1 and (cells[0].level or cells[0].bold or cells[0].span or cells[0].fill):
            return True
        if before not in grid.paragraphs:
            return False
    return False


def title_of_pair(cells: list[Cell]) -> Heading:
    """Return the title that stands beside its ref in a cell of its own."""
    found = parsed(cells[1])
    found.ref, found.title = cells[0].text.strip(" .():"), found.text
    found.look = ("ref", found.ref.count("."))
    return found


def title_of_named(grid: Grid, number: int, columns: Columns) -> Heading:
    """Return the title that a row is which others name as what they belong to."""
    found = parsed(grid.rows[number][columns.action])
    ref, lead = grid.cell(number, columns.ref), grid.cell(number, columns.lead)
    found.ref = found.ref or (ref.text.strip(" .():") if ref is not None else "")
    found.lead = lead.text if lead is not None else ""
    found.look = ("named",)
    return found


def title_of_row(grid: Grid, cells: list[Cell], columns: Columns, following: int) -> Heading | None:
    """Return the title that a row gives with its ref, with who leads it, or both; None for another row."""
    if len(cells) == 3 and (named := named_beside(cells)):
        return named
    if len(cells) == 3:
        return _led_title(grid, cells, columns, following)
    return _title_beside(grid, cells, columns, following) if len(cells) == 2 else None


def _led_title(grid: Grid, cells: list[Cell], columns: Columns, following: int) -> Heading | None:
    """Return the title of a row with a ref, a title and who leads it: "1 | Governance | Director" above "1.1"."""
    ref, title, lead = cells
    if (ref.column, title.column) != (columns.ref, columns.action) or lead.column != columns.lead or not following:
        return None
    if not _is_ref_below(ref.text, grid.shown(following, columns.ref)):
        return None
    found = title_of_pair([ref, title])
    named = _NAMED_LEAD.match(lead.text)
    found.lead = named[1] if named else lead.text
    return found


def _title_beside(grid: Grid, cells: list[Cell], columns: Columns, following: int) -> Heading | None:
    """Return the title of two texts, a title with its lead or a ref and a title: "1" and "Governance" above "1.1"."""
    first, second = cells
    if named := named_beside(cells):
        return named
    roles = columns.roles()
    titled = parsed(first)
    led = re.match(r"lead\w*(?: \w+)?\s*[:–—-]\s*(\S.*)", second.text, re.I | re.S)
    if (titled.is_area or titled.is_workstream) and titled.title and (led or roles.get(second.column) == "lead"):
        titled.lead = led[1] if led else second.text
        return titled
    if first.column == columns.ref and _reaches_over(second, columns) and len(grid.texts(following)) > 2:
        return title_of_pair(cells)
    if {roles.get(first.column), roles.get(second.column)} & {"lead", "due", "milestone", "status", "update", "start"}:
        return None
    if first.column != columns.ref or second.column not in (columns.action, *columns.sections) or not following:
        return None
    below = grid.cell(following, second.column)
    bulleted = below is not None and has_bullet(below.text) and not has_bullet(second.text)
    if bulleted and len(grid.texts(following)) > 1 and grid.cell(following, columns.ref) is None:
        return title_of_pair(cells)  # "1 | Permissions" above "- Road closure order | Town Clerk | 18.09.2023"
    if not _is_ref_below(first.text, grid.shown(following, columns.ref)):
        return None
    return title_of_pair(cells)


def _reaches_over(cell: Cell, columns: Columns) -> bool:
    """Return whether a text is merged over most of a table: no entry stands so, a title does."""
    return cell.span is not None and cell.span.width > 2 and cell.span.width * 2 > len(columns.texts)


def _is_ref_below(above: str, below: Cell | None) -> bool:
    """Return whether a ref belongs below another: "1.1" or "1a" below "1", "A1" below "A"."""
    own = above.strip(" .():")
    deeper = r"(?:[.\-/]?\d|[a-z])" if own.isalpha() else r"(?:[.\-/]\d|[a-z])"
    return below is not None and re.match(rf"^\(?{re.escape(own)}{deeper}", below.text) is not None


def level_of(grid: Grid, number: int, columns: Columns) -> int:
    """Return how deep a row stands in the outline that a column, or its reference, tells; 0 where none does."""
    cell = grid.cell(number, columns.level or columns.ref) if columns.level or columns.ref else None
    if cell is None:
        return 0
    if columns.level:
        return int(cell.text) if cell.text.isdigit() and len(cell.text) < 3 else 0
    return len(cell.text.strip(" .").split(".")) if re.fullmatch(r"\d{1,3}(?:\.\d{1,3})*\.?", cell.text) else 0


def sums_up_rows_below(grid: Grid, number: int, columns: Columns, following: int) -> bool:
    """Return whether a row only sums up the rows below it, as programs for projects write: nobody leads it."""
    cell = grid.cell(number, columns.action) if columns.action else None
    if not following or cell is None or not cell.text or columns.milestone or not columns.lead:
        return False
    led = grid.shown(number, columns.lead)
    unled = led is None or not led.text
    below = grid.cell(following, columns.action)
    if below is not None and below.text and below.indent > cell.indent and columns.start:
        return unled
    if not 0 < level_of(grid, number, columns) < level_of(grid, following, columns):
        return False
    if not columns.level:
        ref, next_ref = (grid.rows[each][columns.ref].text.strip(" .") for each in (number, following))
        if not next_ref.startswith(f"{ref}.") or not columns.days:
            return False
    return unled
