"""The titles of a sheet: which stand over which, which area is open, and which title the next rows stand under."""

from __future__ import annotations

import re

from tracker.imports.builder import Builder
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import Heading, ends_a_list, is_generic, is_note, names_a_part, parsed_text, record_kind
from tracker.imports.leads import lead_in_title, leads_of, named_in, post_in_brackets
from tracker.imports.lists import has_bullet, one_line
from tracker.imports.outline import outline_of
from tracker.imports.paragraphs import Paragraphs
from tracker.imports.reconcile import Outcome
from tracker.imports.register_layout import Table
from tracker.imports.row_entries import Place
from tracker.imports.rows import Row, RowKind, SheetRows
from tracker.rules.document import LeadLine, PriorityLine


class SheetTitles:
    """Knows the titles of one sheet and what they begin."""

    def __init__(
        self, builder: Builder, grid: Grid, sheet_rows: SheetRows, key: dict[str, str], *, alone: bool
    ) -> None:
        self.builder = builder
        self.grid = grid
        self.rows = sheet_rows.rows
        self.tables = sheet_rows.tables
        self.alone = alone  # no other sheet of the file holds a part of the plan
        self.table = Table(builder, grid, key)
        self.area: PriorityLine | None = None
        self.leads: list[LeadLine] = []  # of the title, from a line of its own below it
        self.heading: Heading | None = None  # the title that the next rows stand under
        self.place: Place | None = None
        self.paragraphs = Paragraphs(builder, grid)
        self.tops = self._top_looks()
        self.outline = outline_of(self.rows, builder.document.title)
        self.led_in_brackets = self._all_end_in_posts()
        self.area_level = 0
        self.area_leads: list[LeadLine] = []  # who leads the workstreams of the area, where its title says so
        self.area_label = ""  # the word that announced the area, where a line above the first table did
        self.grouped: dict[int, str] = {}  # the last value of each grouping column; below 0, of a title over refs

    def _top_looks(self) -> set[tuple[object, ...]]:
        """Return the looks of titles that stand directly above titles of another look: those are the upper level."""
        tops: set[tuple[object, ...]] = set()
        last: Heading | None = None
        for row in self.rows:
            if row.kind is RowKind.HEADING and row.heading is not None and not record_kind(row.heading.text):
                if last is not None and look_of(last) != look_of(row.heading):
                    tops.add(look_of(last))
                last = row.heading
            elif row.kind in (RowKind.DATA, RowKind.REST, RowKind.RECORD):
                last = None
        lower = {look_of(row.heading) for row in self.rows if row.heading is not None} - tops
        return tops if lower else set()

    def _all_end_in_posts(self) -> bool:
        """Return whether each title over rows of the plan, of two or more, ends in a post in brackets."""
        over: list[str] = []
        title = ""
        for row in self.rows:
            if row.kind is RowKind.HEADING and row.heading is not None:
                title = row.heading.text
            elif row.kind is RowKind.DATA and title:
                over, title = [*over, title], ""
        return len(over) > 1 and all(post_in_brackets(each)[1] for each in over)

    def _title_and_leads(self, text: str) -> tuple[str, list[LeadLine]]:
        """Return a title without who leads what it begins, and who that is."""
        title, leads = lead_in_title(text)
        if leads or not self.led_in_brackets:
            return title, leads
        title, name = post_in_brackets(title)
        return title, leads_of(name)[0]

    def _has_workstreams_below(self, row: Row) -> bool:
        """Return whether an announced area is divided by titles of another look."""
        return any(
            other.heading is not None
            and look_of(other.heading) not in (look_of(row.heading), *self.tops)
            and not record_kind(other.heading.text)
            for other in self.rows
            if row.heading is not None and other.number > row.number
        )

    def _divides(self, heading: Heading) -> bool:
        """Return whether an announced title divides the area above it: "Objective 2: ..." below "Theme: Homes"."""
        return bool(self.tops) and self.area is not None and look_of(heading) not in self.tops

    def _names_a_part(self, heading: Heading) -> bool:
        """Return whether a line below an area's title names a part of it: "Outcome: ..." below "Priority: Homes"."""
        open_ = self.area is not None and bool(self.area_label) and self.place is None
        return (
            open_ and heading.is_area and bool(heading.title) and not heading.ref and heading.label != self.area_label
        )

    def _title_below(self, at: int) -> str:
        """Return the title on the line below "SECTION 1", if that line is no heading of records."""
        if at + 1 < len(self.rows) and self.rows[at + 1].kind in (RowKind.PREFACE, RowKind.HEADING, RowKind.RECORD):
            cells = self.rows[at + 1].cells
            if len(cells) == 1 and not record_kind(cells[0].text) and not has_bullet(cells[0].text):
                return one_line(cells[0].text)
        return ""

    def _names_lead(self, row: Row) -> bool:
        """Return whether a line above a table says who leads what it holds: "Executive lead: Medical Director"."""
        return row.kind is RowKind.PREFACE and bool(named_in([cell.text for cell in row.cells])[0])

    def _is_next_title(self, heading: Heading, cell: Cell, at: int) -> bool:
        """Return whether a line above the first table is the title of that table's workstream."""
        last = at
        while last + 1 < len(self.rows) and self._names_lead(self.rows[last + 1]):
            last += 1
        following = self.rows[last + 1] if last + 1 < len(self.rows) else None
        if has_bullet(cell.text) or is_note(cell.text) or following is None:
            return False
        near = following.number <= self.rows[last].number + 2
        if following.kind is not RowKind.HEADER or not near or ends_a_list(self.grid, cell.row):
            return False
        headers = sum(row.kind in (RowKind.HEADER, RowKind.REPEATED) for row in self.rows)
        later = any(row.kind is RowKind.HEADING for row in self.rows)
        alike = any(row.heading is not None and look_of(row.heading) == look_of(heading) for row in self.rows)
        told = self.heading is not None or not names_a_part(cell.text)
        if cell.text.rstrip().endswith(":") and not heading.ref and told:
            return False  # "Key actions:" below the title, "These were agreed by the board:"
        if self.heading is not None and self.place is None and not alike and self._is_like_a_later(self.heading):
            return False  # what the title above it is for
        if cell.text.rstrip().endswith(".") and not alike:
            return False  # a sentence about the table
        over = cell.row in self.grid.tables and cell.span is not None and cell.span.width > 2
        named = over and not is_generic(cell.text)  # merged over the headings of its table
        led = last > at  # who leads it stands between it and the table
        return bool(heading.ref) or heading.is_workstream or alike or named or led or (headers > 1 and later)

    def _is_like_a_later(self, heading: Heading) -> bool:
        """Return whether another title of a table further down looks like one that stands above the first table."""
        others = [row.heading for row in self.rows if row.number > heading.row and row.heading is not None]
        return any(look_of(other) == look_of(heading) for other in others)

    def _cell(self, heading: Heading) -> Cell:
        return next(
            (cell for cell in self.grid.texts(heading.row) if cell.address == heading.cell),
            Cell(heading.row, 1, heading.text),
        )

    def _empty_heading(self) -> None:
        """Account for a title under which nothing stands."""
        heading = self.heading
        assert heading is not None
        if self.place is None:
            cell = self._cell(heading)
            self.builder.line(self.grid, cell, Outcome.LEFT_OUT, "a title with no action under it", heading.text)
        self.heading, self.leads = None, []

    def _area(self) -> PriorityLine:
        """Return the area of the sheet; without a title of its own it bears the sheet's name or the plan's title."""
        if self.area is None:
            named = parsed_text(self.grid.name)
            generic = is_generic(self.grid.name) or self.alone
            title = (self.builder.document.title if generic else named.title) or self.grid.name
            ref = named.ref if not generic else ""
            self.area = self.builder.area(ref, title, None, named.label if not generic else "")
        return self.area

    def _area_of_records(self) -> PriorityLine | None:
        """Return the area that lines belong to; None above the first area of a document that has areas."""
        if self.area is None and self.grid.paragraphs:
            later = any(row.heading is not None and row.heading.is_area for row in self.rows)
            return None if later or self.outline.areas else self._area()
        return self._area()

    def _account(self, row: Row, outcome: Outcome, reason: str) -> None:
        if row.number in self.grid.made:
            return  # headings that were put over cards are no line of the file
        text = " | ".join(cell.text for cell in row.cells)
        self.builder.line(self.grid, row.cells[0], outcome, reason, text)


def look_of(heading: Heading | None) -> tuple[object, ...]:
    """Return what titles of one level have in common: the word that announces them, or how they look."""
    if heading is None:
        return ()
    if heading.label:
        return ("label", heading.label)
    shape = re.sub(r"\d+", "1", re.sub(r"[a-z]+", "a", heading.ref.casefold())) if heading.ref else ""
    return ("look", *heading.look, shape)
