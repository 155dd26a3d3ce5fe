"""Where the tables of a sheet begin: rows of headings, at any height, repeated or changed further down."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.imports.charts import days_of_chart, key_beside
from tracker.imports.grid import Cell, Grid
from tracker.imports.heading_or_entry import is_entry
from tracker.imports.headings import parsed_text
from tracker.imports.headings_beside import take_rows_beside
from tracker.imports.periods import period_label
from tracker.imports.titled_headings import take_first_cells_as_titles
from tracker.imports.under_headings import explains
from tracker.imports.words import WHEN, exactly_known, heading, may_say_when, roles_of, words

_MAIN = frozenset({"action", "milestone"})
_WEAK = frozenset({"action_weak", "section"})
_WITH = frozenset({"due", "due_revised", "due_original", "lead", "status"})


@dataclass(slots=True)
class Header:
    """One row of headings: the text over each column and the roles it may have; periods over a time grid."""

    row: int
    texts: dict[int, str] = field(default_factory=dict)
    roles: dict[int, tuple[str, ...]] = field(default_factory=dict)
    periods: dict[int, str] = field(default_factory=dict)
    under: dict[int, str] = field(default_factory=dict)  # texts of a second row, under a merged heading
    title: Cell | None = None  # a title in the place of the first heading ("Priority 1: Homes | Lead | By when")
    last_row: int = 0  # the lowest row of a header of two rows
    first_row: int = 0
    titled: bool = False  # a title stands above each table with these headings, and there are several
    guessed: bool = False  # known from what stands below it
    certain: bool = False  # guessed, with headings known word for word that say who and by when

    @property
    def signature(self) -> tuple[tuple[int, str], ...]:
        """Return what makes a repeated header the same header."""
        return tuple((column, heading(text)) for column, text in sorted({**self.texts, **self.periods}.items()))

    def same_as(self, other: Header) -> bool:
        """Return whether most headings stand over the same columns."""
        mine, theirs = set(self.signature), set(other.signature)
        return len(mine & theirs) * 5 >= 4 * max(len(mine), 1)


def find_headers(grid: Grid, *, among: int = 0) -> list[Header]:
    """Return the header rows of a sheet from top to bottom, or only those among its first rows with text."""
    found: list[Header] = []
    below = 0
    for row in grid.row_numbers()[: among or None]:
        if row <= below or row in grid.hidden_rows:
            continue
        header = _header(grid, row, first=not found or any(_repeats(grid, row, each) for each in found))
        if header is not None and not (found and is_entry(grid, header, found[-1])):
            texts = grid.texts(row)
            grid.leave_out(cell.column for cell in days_of_chart(texts) or key_beside(texts))
            take_rows_beside(grid, header)
            _rows_below(grid, header)
            below = header.last_row
            found.append(header)
    take_first_cells_as_titles(grid, found)
    return found


def _repeats(grid: Grid, row: int, above: Header) -> bool:
    """Return whether a row holds the headings of a table above it, word for word."""
    return {cell.column: " ".join(cell.text.split()) for cell in grid.texts(row)} == above.texts | above.periods


def _rows_below(grid: Grid, header: Header) -> None:
    """Take the row below into the header if it says the headings again, or how the columns are to be filled in."""
    below = header.last_row + 1
    if below not in grid.rows or below in grid.tables or below in grid.hidden_rows:
        return
    again = _header(grid, below, first=False)
    if again is not None and not again.same_as(header) and not is_entry(grid, again, header):
        for column, roles in again.roles.items():
            if not header.roles.get(column):
                header.texts[column] = header.texts.get(column) or again.texts[column]
                header.roles[column] = roles
        header.last_row = below
    elif explains(grid.texts(below), header.texts, header.roles):
        header.last_row = below


def any_header(grid: Grid, row: int, *, fewest: int = 3) -> Header:
    """Return a row as a header, whatever stands in it; so many names of periods or more head a time grid."""
    header = Header(row, last_row=row, first_row=row)
    days = days_of_chart(grid.texts(row)) if fewest < 3 else []
    cells = [cell for cell in grid.texts(row) if cell not in days]
    labels = {cell.column: period_label(cell) for cell in cells}
    grid_of_time = sum(bool(label) for label in labels.values()) >= fewest
    for cell in cells:
        if grid_of_time and labels[cell.column]:
            header.periods[cell.column] = labels[cell.column]
        else:
            header.texts[cell.column] = " ".join(cell.text.split())
            header.roles[cell.column] = roles_of(cell.text)
    return header


def _header(grid: Grid, row: int, *, first: bool) -> Header | None:
    """Return a row as a header if enough of its cells are known headings."""
    texts = grid.texts(row)
    days = days_of_chart(texts) or key_beside(texts)
    texts = [cell for cell in texts if cell not in days] if days else texts
    if sum(len(cell.text) for cell in texts) > 45 * len(texts):
        return None
    labels = [bool(period_label(cell)) for cell in texts]
    labels = labels if sum(labels) != 1 else _without_what_is_done(texts, labels)
    cells = [cell for cell, label in zip(texts, labels, strict=True) if not label]
    periods = [cell for cell, label in zip(texts, labels, strict=True) if label]
    alone = len(cells) == 1 and len(periods) >= 3 and bool(_MAIN & set(roles_of(cells[0].text)))
    if (len(cells) < 2 and not alone) or sum(len(cell.text) for cell in cells) > 45 * len(cells):
        return None
    if sum(len(cell.text.split()) for cell in cells) > 7 * len(cells):
        return None
    exact = sum(exactly_known(cell.text) for cell in cells)
    marked = all(cell.bold or cell.fill for cell in cells)
    if not exact and not (first and marked) and not any(may_say_when(cell.text) for cell in cells):
        return None
    roles = {cell.column: roles_of(cell.text) for cell in cells}
    title = not exactly_known(cells[0].text) and len(cells) >= 3 and _is_title(cells)
    beside = title and any("action" in each for each in list(roles.values())[1:])
    if title:
        roles[cells[0].column] = ("section",) if beside else ("action",)
    known = sum(bool(each) for each in roles.values())
    if (known < 2 and not alone) or known * (3 if _is_certain(cells, roles) else 2) < len(cells):
        return None
    if (
        exact < 2
        and not _says_who_and_when(roles)
        and not (exact and alone)
        and not (exact and marked)
        and not (exact and first and known >= 3)
        and not (first and marked and known >= 3)
    ):
        return None
    if not _makes_a_table(roles, has_periods=len(periods) >= 3):
        return None
    if any(isinstance(cell.value, float) for cell in cells) or is_beside_the_plan(cells):
        return None
    header = Header(row, last_row=row, first_row=row)
    for cell in cells:
        header.texts[cell.column] = " ".join(cell.text.split())
        header.roles[cell.column] = roles[cell.column]
    if title:
        header.title = cells[0]
        header.texts[cells[0].column] = "Objective" if beside else "Action"
    for cell in periods:
        header.periods[cell.column] = period_label(cell)
    return header


def _without_what_is_done(cells: list[Cell], labels: list[bool]) -> list[bool]:
    """Return which headings name periods, without the one that says what is done in one: "Key actions 2025/26"."""
    period = cells[labels.index(True)]
    others = [cell for cell in cells if cell is not period]
    says = "action" in roles_of(period.text) and not any(_MAIN & set(roles_of(cell.text)) for cell in others)
    return [False] * len(labels) if says else labels


def has_header(grid: Grid) -> bool:
    """Return whether a sheet has a row of headings, without looking for more than one."""
    return any(_header(grid, row, first=True) for row in grid.row_numbers() if row not in grid.hidden_rows)


def _is_certain(cells: list[Cell], roles: dict[int, tuple[str, ...]]) -> bool:
    """Return whether two headings, known word for word, say what is to be done and by when."""
    exact = {roles[cell.column][0] for cell in cells if exactly_known(cell.text)}
    return bool(exact & _MAIN) and bool(exact & WHEN)


def _says_who_and_when(roles: dict[int, tuple[str, ...]]) -> bool:
    """Return whether three headings say what, who and when, in whatever words."""
    first = {found[0] for found in roles.values() if found}
    return bool(first & _MAIN) and "lead" in first and bool(first & WHEN)


def is_beside_the_plan(cells: list[Cell]) -> bool:
    """Return whether headings are those of a change log or a list of people, which a plan may have beside it."""
    names = {heading(cell.text) for cell in cells}
    return any(
        len(names & words().others[kind]) * 5 >= 4 * len(names) and bool(names & strong)
        for kind, strong in words().strong.items()
    )


def _is_title(cells: list[Cell]) -> bool:
    """Return whether the first of a row's cells announces an area: "Priority 1: Better homes", "1. Better homes".

    A number alone does so where all the cells beside it are headings that are known word for word.
    """
    found = parsed_text(cells[0].text)
    named = found.is_area or found.is_workstream or all(exactly_known(cell.text) for cell in cells[1:])
    return named and bool(found.title) and bool(found.ref)


def _makes_a_table(roles: dict[int, tuple[str, ...]], *, has_periods: bool) -> bool:
    """Return whether headings are those of a plan: something to do, and who, when or how far."""
    for column, own in roles.items():
        if _MAIN & set(own) and has_periods:
            return True
        others = [set(each) for at, each in roles.items() if at != column and each]
        if _MAIN & set(own) and any(each - _WEAK - {"ref"} or each & _MAIN for each in others):
            return True
        if "action" in own and sum({"section", "action_weak"} <= each for each in others) >= 2:
            return True  # "Aim | Objective | Actions", whoever acts
        if _WEAK & set(own) and len(others) >= 2 and any(each & _WITH for each in others):
            return True
    return False
