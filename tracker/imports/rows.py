"""What each row below a header is: an entry, a title, the rest of the row above, a key, a remark."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from tracker.imports.colours import heads_a_key
from tracker.imports.column_choice import decide
from tracker.imports.columns import Columns
from tracker.imports.dated_titles import says_its_date
from tracker.imports.document_rows import DocumentRows
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import is_footnote, is_note, parsed, record_kind
from tracker.imports.keyrows import are_of_key, key_rows, sums_up
from tracker.imports.layout import Header
from tracker.imports.lists import has_bullet, lettered, numbered
from tracker.imports.mapping import FileMapping, adjusted
from tracker.imports.row_titles import (
    dates_rows_below,
    is_no_detail,
    is_titled,
    level_of,
    sums_up_rows_below,
    title_of_named,
    title_of_pair,
    title_of_row,
    titles_rows_below,
    within_group,
)
from tracker.imports.rowkinds import Row, RowKind, below_those_named, heads_another
from tracker.imports.words import is_colour, plain, row_kind, status_kind, words

__all__ = ["Row", "RowKind", "SheetRows", "sorted_rows"]

_DOTTED = r"[A-Za-z]{0,4}\d{1,3}(?:\.\d{1,3})*[.:]?"
_BARE_REF = re.compile(r"^\(?(?:[A-Za-z]{0,3}\d{1,4}(?:\.\d{1,3})*[a-z]?|[A-Za-z]|[ivx]{1,4})[.):]?\)?$")
_DETAILS = ("lead", "due", "status", "milestone", "start", "update", "success", "percent")


@dataclass(slots=True)
class SheetRows:
    """The rows of a sheet in order, and the tables that they stand in."""

    rows: list[Row] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    tables: list[Columns] = field(default_factory=list)


def sorted_rows(grid: Grid, headers: list[Header], said: FileMapping | None = None) -> SheetRows:
    """Say what every row with text is. `said` is what a person said of the file's columns."""
    return _Sorter(grid, headers, said or FileMapping()).sorted()


class _Sorter:
    """Goes through a sheet once, from top to bottom."""

    def __init__(self, grid: Grid, headers: list[Header], said: FileMapping) -> None:
        self.grid = grid
        self.said = said
        self.headers = headers
        self.numbers = grid.row_numbers()
        self.document = DocumentRows(grid, headers)
        self.begins = {header.first_row: header for header in headers}
        self.by_signature = self._tables()
        self.keys = key_rows(grid)
        self.in_key = False
        self.key_row = -1
        self.in_records = False
        self.apart = False  # in a table below that of the plan that holds something else
        self.untitled = False  # the row above announces an area ("SECTION 2") whose title is still to come

    def _tables(self) -> dict[tuple[tuple[int, str], ...], Columns]:
        """Decide the columns of each different header, from the rows below all its repetitions."""
        bodies: dict[tuple[tuple[int, str], ...], list[int]] = {}
        shown: dict[tuple[tuple[int, str], ...], Header] = {}
        for at, header in enumerate(self.headers):
            end = self.headers[at + 1].first_row if at + 1 < len(self.headers) else 1 << 30
            top = max((row for row in self.grid.tables if row <= end), default=0)
            end = top if header.last_row < top else end  # what stands above the next headings in their own table
            end = next(
                (
                    row
                    for row in sorted(self.grid.tables)
                    if header.row < row < end and self.document.leaves(row, header)
                ),
                end,
            )
            body = bodies.setdefault(header.signature, [])
            shown.setdefault(header.signature, header)
            body += [row for row in self.numbers if header.last_row < row < end and len(self.grid.texts(row)) > 1]
        for header in shown.values():
            header.titled = is_titled(self.grid, self.numbers, self.headers, header)
        return {
            name: adjusted(decide(self.grid, shown[name], body), shown[name], self.said)
            for name, body in bodies.items()
        }

    def sorted(self) -> SheetRows:
        """Sort all rows."""
        result = SheetRows(headers=self.headers, tables=list(self.by_signature.values()))
        by_row = {row: header for header in self.headers for row in range(header.first_row, header.last_row + 1)}
        current: Header | None = None
        columns: Columns | None = None
        before = 0
        for at, number in enumerate(self.numbers):
            cells = self.grid.texts(number)
            row = Row(number, RowKind.PREFACE, cells, columns, current, gap=bool(before) and number > before + 1)
            before = number
            if not cells:
                row.kind = RowKind.HIDDEN
                row.cells = [cell for _, cell in sorted(self.grid.rows[number].items()) if cell.text]
            elif number in by_row:
                header = by_row[number]
                repeated = current is not None and (header is current or header.same_as(current))
                row.kind = RowKind.REPEATED if repeated and header is not current else RowKind.HEADER
                if header is not current:
                    current, columns = header, self.by_signature[header.signature]
                row.columns, row.header = columns, header
                self.in_key = self.in_records = self.document.in_records = False
            elif number in self.grid.hidden_rows and not self.grid.filtered:
                row.kind = RowKind.HIDDEN
            elif number in self.grid.paragraphs:
                following = next(iter(self.numbers[at + 1 : at + 2]), 0)
                self.document.sort(row, following, begun=current is not None)
            elif self._titles_table_below(cells, at):
                row.kind, row.heading = RowKind.HEADING, title_of_pair(cells)
            elif self.document.is_other(row, current):
                self.document.in_records = False
                current = columns = None
                row.columns = None
            elif heads_another(self.grid, row):
                row.kind = RowKind.OTHER
                current = columns = row.columns = None
                self.apart = True
            elif self.apart and current is None:
                row.kind = RowKind.OTHER
            elif number in self.keys:
                row.kind = RowKind.KEY
            elif current is not None and 1 < len(cells) < 4 and self._stands_below_title(result.rows, at):
                row.kind = RowKind.RECORD  # "Expected outcome | ...", between a title and the headings below it
            elif current is not None and columns is not None:
                self._sort(row, columns, next(iter(self.numbers[at + 1 : at + 2]), 0))
                row.after_header = bool(result.rows) and result.rows[-1].kind is RowKind.REPEATED
            result.rows.append(row)
        result.rows = below_those_named(result.rows)
        return result

    def _stands_below_title(self, before: list[Row], at: int) -> bool:
        """Return whether a row stands directly between a title and a row of headings."""
        follows = bool(before) and before[-1].kind is RowKind.HEADING and self.numbers[at - 1] == before[-1].number
        return follows and any(row in self.begins for row in self.numbers[at + 1 : at + 2])

    def _titles_table_below(self, cells: list[Cell], at: int) -> bool:
        """Return whether a ref and a title stand above headings, over entries with refs below it: "QS1.1"."""
        if len(cells) != 2 or (not _BARE_REF.match(cells[0].text) and not re.fullmatch(_DOTTED, cells[0].text)):
            return False
        own = cells[0].text.strip(" .():")
        header = next((self.begins[row] for row in self.numbers[at + 1 : at + 3] if row in self.begins), None)
        after = bisect_right(self.numbers, header.last_row) if header is not None else len(self.numbers)
        first = self.grid.texts(self.numbers[after]) if after < len(self.numbers) else []
        return bool(first) and bool(re.match(rf"^\(?{re.escape(own)}[.\-/]\d", first[0].text))

    def _sort(self, row: Row, columns: Columns, following: int) -> None:
        cells = row.cells
        texts = [plain(cell.text) for cell in cells]
        below = next(iter(self.grid.texts(following)), cells[-1]) if len(cells) == 2 and heads_a_key(cells) else None
        if (texts[0] in words().keys and are_of_key(cells[1:])) or (below and is_colour(below.text)):
            row.kind, self.in_key = RowKind.KEY, True
            return
        if self._is_key_row(row):
            row.kind = RowKind.KEY
            return
        if self.in_key and row.gap:
            self.in_key = False
        told = self.grid.cell(row.number, columns.kind) if columns.kind else None
        if (
            told is not None
            and row_kind(told.text) == "section"
            and (title := self.grid.cell(row.number, columns.action))
        ):
            row.kind, row.heading = RowKind.HEADING, parsed(title)
            row.heading.look = ("kind", plain(told.text))
            return
        if row.number in columns.sub_rows or row.number in self.grid.entries:
            row.kind = RowKind.DATA
            return
        if row.number in columns.titles:
            row.kind, row.heading = RowKind.HEADING, title_of_named(self.grid, row.number, columns)
            return
        if sums_up_rows_below(self.grid, row.number, columns, following):
            row.kind, row.heading = RowKind.HEADING, parsed(self.grid.rows[row.number][columns.action])
            row.heading.look = ("level", level_of(self.grid, row.number, columns))
            return
        own = [cell for cell in cells if cell.column not in (columns.ref, columns.section_ref)]
        if all(not re.search(r"\w", cell.text) for cell in own or cells):
            row.kind = RowKind.BARE
        elif texts[0] in words().totals or all(re.match(r"total\b", text) for text in texts[:1]):
            row.kind = RowKind.NOTE
        elif within_group(cells, columns):
            row.kind = RowKind.DATA
        elif len(cells) == 1:
            self._sort_single(row, columns, following)
        elif titled := title_of_row(self.grid, cells, columns, following):
            row.kind, row.heading = RowKind.HEADING, titled
        else:
            self.in_records = False
            self._sort_entry(row, columns)

    def _is_key_row(self, row: Row) -> bool:
        """Return whether a row explains a colour: a filled cell or a colour's name, words, and nothing more."""
        if len(row.cells) > 2:
            return False
        own = [cell for cell in self.grid.rows[row.number].values() if cell.fill and not cell.text]
        first = row.cells[0]
        if sums_up(row.cells):
            return True
        named = is_colour(first.text) and len(row.cells) == 2
        filled = bool(own) and len(row.cells) == 1 and any(cell.column == first.column - 1 for cell in own)
        if self.in_key:
            return named or filled or (bool(first.fill) and len(row.cells) <= 2) or len(first.text) < 60
        goes_on = row.number - 1 == self.key_row  # below a colour and the status that it means
        if filled and len(first.text) < 60 and (goes_on or status_kind(first.text)):
            self.key_row = row.number
            return True
        return named

    def _sort_single(self, row: Row, columns: Columns, following: int) -> None:
        """A row with one text: a title, a remark, or something of the row above."""
        cell = row.cells[0]
        role = columns.roles().get(cell.column, "")
        wide = cell.span is not None and cell.span.width >= max(2, len(columns.texts) // 2)
        untitled, self.untitled = self.untitled, False
        if is_note(cell.text) or is_footnote(cell.text) or (role == "section" and not following):
            row.kind = RowKind.NOTE
        elif untitled and not record_kind(cell.text) and not has_bullet(cell.text):
            row.kind, row.heading = RowKind.HEADING, parsed(cell, wide=wide)
        elif not wide and _BARE_REF.match(cell.text) and role in ("ref", "section_ref", ""):
            row.kind = RowKind.BARE
        elif not wide and (role == "milestone" or (role == "period" and columns.periods_say_what)):
            row.kind = RowKind.DATA
        elif not wide and role == "due" and dates_rows_below(self.grid, self.numbers, cell, columns):
            row.kind = RowKind.DATE
        elif not wide and titles_rows_below(self.grid, cell, role, columns, following):
            row.kind, row.heading = RowKind.HEADING, parsed(cell)
        elif not wide and role in (*_DETAILS, "period"):
            row.kind = RowKind.RECORD if is_no_detail(cell, role, columns) else RowKind.REST
        elif role == "section" and not wide and not record_kind(cell.text):
            row.kind = RowKind.DATA  # a group whose entries stand in the rows below
        elif self._belongs_to_merged(row, columns):
            row.kind = RowKind.DATA if role == "action" else RowKind.REST
        elif (
            record_kind(cell.text) and not has_bullet(cell.text) and role in ("", "ref", "action", "section")
            and not self._heads_entries(following)
        ):  # fmt: skip
            row.kind, row.heading = RowKind.HEADING, parsed(cell, wide=wide)
            self.in_records = True
        elif self._is_record(cell, role, wide=wide, following=following):
            row.kind = RowKind.RECORD
        elif self._is_title(cell, role, columns, wide=wide, following=following):
            row.kind, row.heading = RowKind.HEADING, parsed(cell, wide=wide)
            self.untitled = row.heading.is_area and not row.heading.title
        elif role == "action":
            row.kind = RowKind.DATA
        else:
            row.kind = RowKind.RECORD

    def _is_record(self, cell: Cell, role: str, *, wide: bool, following: int) -> bool:
        """Return whether a line is a paragraph: below a heading of records, or a bullet outside the action column."""
        if self.in_records and not self._ends_records(cell, following):
            return True
        return has_bullet(cell.text) and (wide or role != "action")

    def _heads_entries(self, following: int) -> bool:
        """Return whether a table's row stands directly below: "Governance" is then a title and heads no paragraphs."""
        return bool(following) and following not in self.grid.paragraphs and len(self.grid.texts(following)) >= 2

    def _ends_records(self, cell: Cell, following: int) -> bool:
        """Return whether a line ends the paragraphs above it: a title with a ref, or one directly above a header."""
        found = parsed(cell)
        starts_table = any(header.first_row == following for header in self.headers)
        ended = (starts_table or bool(found.ref) or found.is_area) and not has_bullet(cell.text)
        self.in_records = self.in_records and not ended
        return ended

    def _belongs_to_merged(self, row: Row, columns: Columns) -> bool:
        span = self.grid.covering(row.number, columns.action) if columns.action else None
        return span is not None and span.top < row.number

    def _is_title(self, cell: Cell, role: str, columns: Columns, *, wide: bool, following: int) -> bool:
        """Return whether a single text is a title and not an action that lacks all its details."""
        length = len(cell.text.split())
        letter = re.match(r"([A-Z])[.)]?\s+\S", cell.text)
        below = self.grid.cell(following, cell.column) if letter and following else None
        if letter and below is not None and re.match(rf"{letter[1]}\.?\d", below.text):
            return True
        if length > 60 or len(lettered(cell.text)) > 1 or len(numbered(cell.text)) > 1 or has_bullet(cell.text):
            return False
        if wide or (cell.bold and length <= 40) or any(header.first_row == following for header in self.headers):
            return True
        found = parsed(cell)
        if found.is_area or found.is_workstream:
            return True
        data_look = self.grid.cell(following, cell.column) if following else None
        if data_look is not None and data_look.text and data_look.indent > cell.indent:
            return True
        if cell.fill and (data_look is None or data_look.fill != cell.fill):
            return True
        if not following:
            return False
        details = [column for column, name in columns.roles().items() if name in _DETAILS]
        next_full = len(self.grid.texts(following)) >= 2
        if role == "action" and next_full and says_its_date(cell.text):
            return True
        return length <= 14 and next_full and bool(details) and not cell.text.rstrip().endswith(".")

    def _sort_entry(self, row: Row, columns: Columns) -> None:
        own = {cell.column for cell in row.cells}
        if own & set(columns.core):
            row.kind = RowKind.DATA
            return
        if own <= {columns.ref, columns.section_ref, columns.percent, columns.status} or (
            own & set(columns.sections) and own <= {columns.ref, columns.lead, *columns.sections}
        ):
            # A number and a default such as "Not started", waiting for a text; or a group, and who leads it.
            row.kind = RowKind.BARE if not own & set(columns.sections) else RowKind.DATA
        else:
            row.kind = RowKind.REST
