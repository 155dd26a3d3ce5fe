"""What the lines of a document are, and which of its tables belong to the plan."""

from __future__ import annotations

import itertools
import re

from tracker.imports.card_labels import repeated_labels
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import (
    ends_a_list,
    is_footnote,
    is_generic,
    is_mark,
    is_note,
    named_beside,
    names_a_part,
    parsed,
    record_kind,
)
from tracker.imports.layout import Header
from tracker.imports.leads import named_in
from tracker.imports.lists import has_bullet, one_line
from tracker.imports.rowkinds import Row, RowKind
from tracker.imports.words import plain, roles_of, words

_PURPOSE = re.compile(r"(?:our |the |key )?(?:objectives?|aims?|purpose|rationale|goals?|outcomes?)")
_GOES_ON = re.compile(r"\(?\bcont(?:inued|'d|d)?\.?\)?\s*$", re.I)


class DocumentRows:
    """Tells titles, records and remarks apart, line by line; a grid that is no document has none of them."""

    def __init__(self, grid: Grid, headers: list[Header]) -> None:
        self.grid = grid
        self.headers = headers
        self.tops = sorted(grid.tables, reverse=True)  # the first rows of the document's tables, the last one first
        self.in_records = False
        self.repeated = repeated_labels(grid)
        above = self._above_tables()
        self.lined = len(set(above)) > 1 and (all(map(names_a_part, above)) or _are_counted(above))  # their titles
        self.remark = above[0] if len(above) > 1 == len(set(above)) else ""  # "Key actions for this theme", above each
        self.headed = 0  # the row of the last title with a level
        self.titled = False  # a title stands above
        self.below = 0  # the row of the last title
        self.named = 0  # the column below the label of what the table is about: "Area for improvement:"
        self.untitled = False  # the line above announces an area ("SECTION 2") whose title is still to come

    def _labelled_again(self, cell: Cell, row: int) -> bool:
        """Return whether a line right below a title has a label that other lines have: "Governor link: Chair"."""
        label, mark, told = cell.text.partition(":")
        again = bool(mark and told.strip()) and " ".join(label.split()) in self.repeated
        return again and self.headed == row - 1 and not roles_of(label)

    def _above_tables(self) -> list[str]:
        """Return the line directly above each table of the plan, "" where there is none; [] for one table."""
        firsts = {header.first_row for header in self.headers}
        numbers = self.grid.row_numbers() if len(firsts) > 1 else []
        pairs = [(before, row) for before, row in itertools.pairwise(numbers) if row in firsts]
        return [self.grid.texts(row)[0].text if row in self.grid.paragraphs else "" for row, _ in pairs]

    def leaves(self, row: int, header: Header) -> bool:
        """Return whether a table of a document that begins without headings is another one than that of a header."""
        own = next((top for top in sorted(self.grid.tables, reverse=True) if top <= header.row), 0)
        between = [line for line in self.grid.paragraphs if own < line < row]
        if any(row <= foreign <= row + 2 for foreign in self.grid.foreign):
            return True
        title = any(cell.level or cell.bold for line in between for cell in self.grid.texts(line))
        return title or not own or self.grid.tables[own] != self.grid.tables[row]

    def is_other(self, row: Row, current: Header | None) -> bool:
        """Say what a row is that stands above the headings of its table, or in a table without any of the plan's."""
        top = next((first for first in self.tops if first <= row.number), 0)
        if not top:
            return False
        end = next((first for first in reversed(self.tops) if first > row.number), 1 << 30)
        below = next((header for header in self.headers if row.number < header.first_row < end), None)
        above = next((header for header in reversed(self.headers) if header.last_row < row.number), None)
        if above is not None and (above.last_row >= top or (below is None and not self.leaves(top, above))):
            return False
        row.kind = RowKind.OTHER
        if below is not None:
            cell = row.cells[0]
            row.kind = RowKind.PREFACE
            named = named_beside(row.cells)
            if named is not None:
                row.kind, row.heading = RowKind.HEADING, named
            elif self.named and row.cells[0].column == self.named and not self._titled_above(top):
                row.kind, row.heading = RowKind.HEADING, parsed(cell)
            elif len(row.cells) == 1 and (current or above) is not None and not is_note(cell.text):
                row.kind, row.heading = RowKind.HEADING, parsed(cell, wide=cell.span is not None)
            self.named = self._names_what_follows(row)
        return True

    def _names_what_follows(self, row: Row) -> int:
        """Return the column of the label of what a table is about, where a row holds labels alone; 0 if it does not."""
        labels = len(row.cells) > 1 and all(cell.text.rstrip().endswith(":") for cell in row.cells)
        return row.cells[0].column if labels and roles_of(row.cells[0].text)[:1] == ("section",) else 0

    def _titled_above(self, top: int) -> bool:
        """Return whether a title stands between a table and the one before it, or below that of the document."""
        before = next((first for first in self.tops if first < top), 0)
        lines = [line for line in sorted(self.grid.paragraphs) if before < line < top]
        titles = [line for line in lines if any(cell.level or cell.bold for cell in self.grid.texts(line))]
        return len(titles) > (0 if before else 1)

    def sort(self, row: Row, following: int, *, begun: bool) -> None:
        """A line of a document outside its tables: a title, a record, a remark."""
        cell = row.cells[0]
        untitled, self.untitled = self.untitled, False
        plain_line = not has_bullet(cell.text) and len(cell.text.split()) <= 40
        over_table = any(header.first_row == following for header in self.headers)
        kind = record_kind(cell.text) if plain_line and not over_table else ""
        found = parsed(cell)
        announced = (found.is_area or found.is_workstream) and len(cell.text.split()) <= 25
        length = len(cell.text.split())
        sentence = cell.text.rstrip().endswith("." if self.lined else (".", ":")) and not re.search(
            r"[a-z.]", found.ref
        )
        above_table = following in self.tops and length <= 40 and not sentence
        if announced and not (found.ref or cell.level or cell.bold) and length > 4 and self.headed == row.number - 1:
            row.kind = RowKind.RECORD  # "Objective: to raise standards", which the title above it says more shortly
            return
        if self.titled and not cell.level and (named_in([cell.text])[0] or self._labelled_again(cell, row.number)):
            row.kind = RowKind.RECORD  # "Sponsor: Director of Place", below the title of what is sponsored
            return
        if self.below == row.number - 1 and not found.ref and _PURPOSE.fullmatch(plain(cell.text)):
            row.kind, self.in_records = RowKind.NOTE, True  # "Objective", over what the title above it is for
            return
        self.headed = row.number if cell.level else 0
        numbered = bool(found.ref) and not ends_a_list(self.grid, row.number)
        untitled_area = announced and found.is_area and not found.title
        goes_on = _GOES_ON.search(cell.text) is not None  # "Action plan (continued)", above the rest of a table
        again = self.titled and cell.text == self.remark
        if not cell.level and (again or goes_on or is_mark(cell.text) or is_note(cell.text) or is_footnote(cell.text)):
            row.kind = RowKind.NOTE
        elif kind and (cell.level or cell.bold or begun or len(cell.text.split()) <= 8):
            row.kind, row.heading, self.in_records = RowKind.HEADING, found, True
        elif plain_line and (
            cell.level or untitled or untitled_area or (above_table and (numbered or self.lined))
            or (cell.bold and (announced or above_table or not self.in_records))
            or (announced and (above_table or not self.in_records))
        ):  # fmt: skip
            row.kind, row.heading, self.in_records = RowKind.HEADING, found, False
            self.untitled = found.is_area and not found.title
        elif self.in_records or begun:
            row.kind = RowKind.RECORD
        if row.kind is RowKind.HEADING and not kind:
            if plain(cell.text) in words().furniture:
                row.kind = RowKind.NOTE  # "Contact us", on a page
                return
            if self.titled and is_generic(one_line(cell.text)):
                row.kind = RowKind.NOTE  # "Actions", above the table of the title before it
            self.titled, self.below = True, row.number
        if plain(cell.text) in words().keys:
            row.kind = RowKind.KEY


def _are_counted(lines: list[str]) -> bool:
    """Return whether lines begin with the same word and a number each: "Duty 2 Clean wards", "Duty 4 Policies"."""
    found = [re.match(r"([A-Z]\w+) (\d{1,2}(?:\.\d{1,2})*)\b", line) for line in lines]
    return all(found) and len({each[1] for each in found if each}) == 1
