"""What the rows directly above and below a row of headings say of them: merged over several, periods, years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracker.imports.duetext import due_of_text
from tracker.imports.grid import Cell, Grid, Notice, Span
from tracker.imports.periods import period_label, period_words, year_named
from tracker.imports.under_headings import divide_what_and_when
from tracker.imports.words import roles_of

if TYPE_CHECKING:
    from tracker.imports.layout import Header

_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[/-]\s?\d\d(?:\d\d)?)?")


def take_rows_beside(grid: Grid, header: Header) -> None:
    """Take into a header what the rows directly above and below it say of its headings."""
    _second_row(grid, header)
    _row_above(grid, header)
    _headings_above(grid, header)
    _periods_above(grid, header)
    _year_of_title(grid, header)
    divide_what_and_when(grid, header)


def _second_row(grid: Grid, header: Header) -> None:
    """Take the row below into the header if it only divides headings that are merged over several columns."""
    wide = {
        column: cell.span
        for column, cell in grid.rows[header.row].items()
        if cell.span is not None and cell.span.width > 1 and cell.text and cell.span.top == cell.span.bottom
    }
    below = header.row + 1
    cells = grid.texts(below) if below in grid.rows else []
    if not cells:
        return
    if header.periods and _divides_years(header, cells):
        return
    if not wide:
        return
    timed = {column for column, span in wide.items() if _is_over_periods(header, column, span, cells)}
    if all(any(span.left <= cell.column <= span.right for span in wide.values()) for cell in cells) and all(
        len(cell.text) <= 60 for cell in cells
    ):
        names = dict(header.texts)
        roles = dict(header.roles)
        for cell in cells:
            over = next(column for column, span in wide.items() if span.left <= cell.column <= span.right)
            if over in timed:
                header.texts.pop(cell.column, None)
                header.roles.pop(cell.column, None)
                said = "Milestones " if "milestone" in names.get(over, "").casefold() else ""
                header.periods[cell.column] = said + period_label(cell)
                continue
            header.texts[cell.column] = joined = f"{names.get(over, '')} {cell.text}".strip()
            dated = tuple(each for each in roles_of(joined)[:1] if each in ("due_original", "due_revised"))
            header.roles[cell.column] = dated or roles_of(cell.text) or roles.get(over, ())
            header.under[cell.column] = " ".join(cell.text.split())
        header.last_row = below


def _is_over_periods(header: Header, column: int, span: Span, cells: list[Cell]) -> bool:
    """Return whether a heading is merged over three periods or more in which something is to be done: "Delivery year".

    "Progress" or "RAG" over quarters tells how far it is in each.
    """
    below = [cell for cell in cells if span.left <= cell.column <= span.right]
    roles = set(header.roles.get(column, ()))
    ahead = not roles or bool(roles & {"due", "milestone", "action", "start"})
    ahead = ahead or "milestone" in header.texts.get(column, "").casefold()
    return ahead and len(below) > 2 and all(map(period_label, below))


def _divides_years(header: Header, cells: list[Cell]) -> bool:
    """Take a row of terms, quarters or months below a row of years into the header; return whether it is one."""
    names = {cell.column: period_label(cell) for cell in cells}
    years = {column: name for column, name in header.periods.items() if _YEAR.fullmatch(name)}
    if len(names) < 3 or not all(names.values()) or len(years) < len(header.periods) or min(names) < min(years):
        return False
    header.periods = {
        column: _joined(years[max(each for each in years if each <= column)], name) for column, name in names.items()
    }
    header.last_row = header.row + 1
    return True


def _joined(above: str, own: str) -> str:
    """Return one heading for two that stand over each other: "Autumn term" under "2025" is "Autumn term 2025"."""
    if own.startswith(above):
        return own
    if _YEAR.fullmatch(above):
        return own if re.search(r"\d{4}", own) else f"{own} {above}"
    return f"{above} - {own}"


def _row_above(grid: Grid, header: Header) -> None:
    """Join period headings that are written over two rows: "Sep" above "Dec 20" is "Sep - Dec 20"."""
    above = {cell.column: cell for cell in grid.texts(header.row - 1)}
    if not header.periods or not above:
        return
    names = {column: period_label(cell) for column, cell in above.items()}
    if not all(names.values()) or not set(names) <= set(header.periods) | set(header.texts) | set(names):
        return
    if all(_YEAR.fullmatch(name) for name in names.values()):
        # A year stands over all the periods up to the next year.
        years = dict(names)
        names = {
            column: years[max(each for each in years if each <= column)]
            for column in header.periods
            if column >= min(years)
        }
    for column, name in names.items():
        if column in header.periods:
            header.periods[column] = _joined(name, header.periods[column])
    header.first_row = header.row - 1


def _headings_above(grid: Grid, header: Header) -> None:
    """Take headings from the row above: those that reach down, and words for those that say nothing alone.

    "Action" merged down beside "Target" and "Status"; "Original" and "Revised" under one cell "Dates".
    """
    for cell in grid.texts(header.row - 1) if header.first_row == header.row else []:
        span = cell.span
        if span is not None and span.bottom == header.row and span.width == 1 and cell.column not in header.texts:
            header.texts[cell.column] = " ".join(cell.text.split())
            header.roles[cell.column] = roles_of(cell.text)
            header.first_row = header.row - 1
    lost = [column for column, roles in header.roles.items() if not roles]
    for cell in grid.texts(header.row - 1) if lost else []:
        span = cell.span
        if span is None or not 1 < span.width < len(header.texts) or len(cell.text) > 40:
            continue
        for column in lost:
            joined = f"{header.texts[column]} {' '.join(cell.text.split())}"
            if span.left <= column <= span.right and (roles := roles_of(joined)):
                header.texts[column], header.roles[column] = joined, roles
                header.first_row = header.row - 1


def _periods_above(grid: Grid, header: Header) -> None:
    """Give headings that are used several times the periods above them: "RAG" under "Quarter 1" and "Quarter 2"."""
    texts = list(header.texts.values())
    twice = [column for column, text in header.texts.items() if texts.count(text) > 1]
    above = grid.texts(header.row - 1) if twice and header.first_row == header.row else []
    labels = {cell.column: " ".join(cell.text.split()) for cell in above if len(cell.text) <= 40}
    if len(labels) < 2 or len(labels) < len(above) or min(labels) <= min(header.texts):
        return
    periods = all(period_label(cell) for cell in above)
    for column in twice:
        over = max((each for each in labels if each <= column), default=0)
        span = next((cell.span for cell in above if cell.column == over), None)
        if not over or not (periods or (span is not None and span.left <= column <= span.right)):
            continue
        joined = f"{labels[over]} {header.texts[column]}"
        header.texts[column] = joined
        if roles_of(joined)[:1] in (("due_original",), ("due_revised",)):
            header.roles[column] = roles_of(joined)
        header.first_row = header.row - 1


def _year_of_title(grid: Grid, header: Header) -> None:
    """Give quarters and terms without a year the one that the nearest title names: "Q1" in "Delivery plan 2025/26"."""
    bare = {column: period_words(label) for column, label in header.periods.items()}
    if len(bare) < 2 or any(re.search(r"\d\d", words) for words in bare.values()):
        return
    year = next(filter(None, map(year_named, _titles_above(grid, header))), "")
    dated = {column: f"{words} {year}" for column, words in bare.items()}
    if not year or not all((due := due_of_text(words)).dated and not due.question for words in dated.values()):
        return
    for column, words in dated.items():
        header.periods[column] = header.periods[column].replace(bare[column], words, 1)
    what = f"{', '.join(bare.values())} were read as those of {year}, the year that the title above them names."
    grid.notices.append(
        Notice(f"{grid.name} row {header.row}", what, "Write the year into the headings if it is another.")
    )


def _titles_above(grid: Grid, header: Header) -> Iterator[str]:
    """Yield the headings, and what stands above them in rows of one text without a full stop, the nearest first."""
    for row in reversed(grid.row_numbers()):
        cells = grid.texts(row) if row <= header.last_row else []
        if row >= header.first_row or (
            len(cells) == 1 and cells[0].text[-1:] not in ".;" and len(cells[0].text) <= 120
        ):
            yield " ".join(cell.text for cell in cells)
    yield grid.name
