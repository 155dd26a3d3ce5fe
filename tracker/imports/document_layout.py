"""A sheet as a document: titles, paragraphs of records, and tables in the places that the titles give them."""

from __future__ import annotations

import re

from tracker.imports.builder import Builder
from tracker.imports.details import taken
from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import Heading, is_footnote, is_generic, is_note, parsed, parsed_text, record_kind
from tracker.imports.leads import lead_in_title
from tracker.imports.lists import has_bullet, one_line
from tracker.imports.outline import outline_of
from tracker.imports.paragraphs import Paragraphs
from tracker.imports.reconcile import Outcome
from tracker.imports.register_layout import Table
from tracker.imports.row_entries import Place
from tracker.imports.rows import Row, RowKind, SheetRows
from tracker.imports.words import exactly_known
from tracker.rules.document import PriorityLine

_PARTS = {
    RowKind.HEADER: "column headings",
    RowKind.REPEATED: "column headings, repeated",
    RowKind.KEY: "key to the colours",
    RowKind.NOTE: "a remark about the sheet",
    RowKind.BARE: "only a reference or an empty mark",
}


class Sheet:
    """Reads one sheet that holds at least one table of the plan."""

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
        self.heading: Heading | None = None  # the title that the next rows stand under
        self.place: Place | None = None
        self.paragraphs = Paragraphs(builder, grid)
        self.tops = self._top_looks()
        self.outline = outline_of(self.rows, builder.document.title)
        self.area_level = 0
        self.grouped: dict[int, str] = {}  # the last value of each grouping column

    def read(self) -> None:
        """Read the sheet's rows in order."""
        for at, row in enumerate(self.rows):
            if row.kind is RowKind.PREFACE:
                self._preface(row, at)
            elif row.kind is RowKind.HEADING:
                self._title(row, at)
            elif row.kind is RowKind.DATA:
                self._data(row)
            elif row.kind is RowKind.REST:
                self.table.rest(row, self.place)
            elif row.kind is RowKind.RECORD:
                self.paragraphs.read(row, self._area_of_records)
            elif row.kind is RowKind.HIDDEN:
                self._hidden(row)
            elif row.kind is RowKind.OTHER:
                reason = taken(self.builder.document, row.cells)
                known = Outcome.IMPORTED if reason else Outcome.LEFT_OUT
                self._account(row, known, reason or "in a table that is no part of the plan")
            else:
                if row.kind in (RowKind.HEADER, RowKind.REPEATED):
                    self._header(row)
                if (
                    row.kind is RowKind.NOTE
                    and is_footnote(row.cells[0].text)
                    and self.paragraphs.footnote(row.cells[0], self.area)
                ):
                    continue
                self._account(row, Outcome.LEFT_OUT, _PARTS[row.kind])
        if self.heading is not None:
            self._empty_heading()
        if self.table.values.fills:
            by = "with the key that the file gives" if self.table.values.key else "by the name of the colour"
            self.builder.problem(
                self.grid.name,
                f"{len(self.table.values.fills)} ratings are cell colours without words; they were read {by}.",
                "Check them; the tracker computes its own colours from dates and sign-off.",
            )

    # ------------------------------------------------------------------ titles and where they lead
    def _header(self, row: Row) -> None:
        """A row of headings ends paragraphs; one whose first cell is a title begins what that names."""
        self.paragraphs.end()
        header = row.header
        title = header.title if header is not None else None
        if header is not None and row.kind is RowKind.HEADER and header.row == row.number and self.place is not None:
            # A later table that names its actions in another way ("Actions completed") is a part of its own.
            cell = self.grid.cell(row.number, row.columns.action) if row.columns is not None else None
            title = title or (cell if cell is not None and not exactly_known(cell.text) else None)
        if title is not None and row.number == title.row:
            if self.heading is not None:
                self._empty_heading()
            self.heading, self.place = parsed(title), None

    def _top_looks(self) -> set[tuple[object, ...]]:
        """Return the looks of titles that stand directly above titles of another look: those are the upper level."""
        tops: set[tuple[object, ...]] = set()
        last: Heading | None = None
        for row in self.rows:
            if row.kind is RowKind.HEADING and row.heading is not None and not record_kind(row.heading.text):
                if last is not None and _look(last) != _look(row.heading):
                    tops.add(_look(last))
                last = row.heading
            elif row.kind in (RowKind.DATA, RowKind.REST, RowKind.RECORD):
                last = None
        lower = {_look(row.heading) for row in self.rows if row.heading is not None} - tops
        return tops if lower else set()

    def _title(self, row: Row, at: int) -> None:
        heading = row.heading
        assert heading is not None
        if heading.text == self.builder.document.title:
            self._account(row, Outcome.IMPORTED, "title of the plan")
            return
        if heading.is_area and not heading.title:
            heading.title = self._title_below(at)
        elif self.area is not None and self.area.title == heading.text and self.rows[at - 1].heading is not None:
            self._account(row, Outcome.MERGED, "title of the area")
            return
        kind = record_kind(heading.text)
        if kind and not heading.ref:
            self.paragraphs.begin(row, kind)
            return
        if self.heading is not None:
            self._empty_heading()
        self.paragraphs.end()
        grouping = any(columns.sections for columns in self.tables)
        if heading.level:
            above = row.number in self.outline.areas or grouping
            if not above and self.area is not None and heading.level <= self.area_level:
                self.area, self.area_level = None, 0  # a title beside the last area, with a table of its own
                above = row.number in self.outline.leaves
        else:
            above = _look(heading) in self.tops or (heading.is_area and self._has_workstreams_below(row)) or grouping
        if above:
            self.area, self.area_level = self.builder.area_of(heading, self.grid), heading.level
            self._account(row, Outcome.IMPORTED, "title of an area")
            self.heading, self.place = None, None
            return
        self.heading, self.place = heading, None

    def _has_workstreams_below(self, row: Row) -> bool:
        """Return whether an announced area is divided by titles of another look."""
        return any(
            other.heading is not None
            and _look(other.heading) != _look(row.heading)
            and not record_kind(other.heading.text)
            for other in self.rows
            if row.heading is not None and other.number > row.number
        )

    def _empty_heading(self) -> None:
        """Account for a title under which nothing stands."""
        heading = self.heading
        assert heading is not None
        if self.place is None:
            cell = self._cell(heading)
            self.builder.line(self.grid, cell, Outcome.LEFT_OUT, "a title with no action under it", heading.text)
        self.heading = None

    def _cell(self, heading: Heading) -> Cell:
        return next(
            (cell for cell in self.grid.texts(heading.row) if cell.address == heading.cell),
            Cell(heading.row, 1, heading.text),
        )

    def _data(self, row: Row) -> None:
        self.paragraphs.end()
        columns = row.columns
        assert columns is not None
        sections = [self.table.values.shown(row, column) for column in columns.sections]
        values = [one_line(cell.text) if cell is not None else "" for cell in sections]
        for at, column in enumerate(columns.sections):
            if values[at] and values[at] != self.grouped.get(column, ""):
                for lower in columns.sections[at + 1 :]:
                    self.grouped.pop(lower, None)  # a new upper group ends the lower one
            values[at] = values[at] or self.grouped.get(column, "")
            self.grouped[column] = values[at]
        if any(values):
            self._grouped(row, values)
        elif self.place is None:
            self._begin()
        assert self.place is not None
        if columns.sections and all(
            cell.column in (*columns.sections, columns.ref, columns.section_ref) for cell in row.cells
        ):
            self._account(row, Outcome.IMPORTED, "title of a group")
            return
        self.table.read(row, self.place)

    def _begin(self) -> None:
        """Begin the workstream that the last title names, or one that stands for the sheet."""
        heading = self.heading
        if heading is None:
            area = self._area()
            source = area.source or (None if self.alone else self.builder.source(self.grid, "A1"))
            workstream = self.builder.workstream(area, area.ref if area.source else "", area.title, source)
            self.place = Place(area, workstream)
            return
        title, leads = lead_in_title(heading.title or heading.text)
        heading.title = title
        area = self.builder.area_of(heading, self.grid) if heading.is_area else self._area()
        source = self.builder.source(self.grid, heading.cell)
        self.place = Place(area, self.builder.workstream(area, heading.ref, title, source))
        self.place.workstream.leads = leads or self.place.workstream.leads
        self.builder.line(self.grid, self._cell(heading), Outcome.IMPORTED, "title of a workstream", heading.text)
        self.heading = None

    def _grouped(self, row: Row, values: list[str]) -> None:
        """Go to the workstream that the grouping columns name."""
        columns = row.columns
        assert columns is not None
        if self.heading is not None:
            self.area = self.builder.area_of(self.heading, self.grid)
            self.builder.line(
                self.grid, self._cell(self.heading), Outcome.IMPORTED, "title of an area", self.heading.text
            )
            self.heading = None
        if len(values) > 1 and values[0]:
            top = parsed_text(values[0])
            cell = self.table.values.shown(row, columns.sections[0])
            area = self.builder.area(
                top.ref,
                top.title or top.text,
                self.builder.source(self.grid, cell.address) if cell else None,
                top.label,
            )
        else:
            area = self._area()
        name = parsed_text(values[-1] or values[0])
        title = name.title or name.text
        ref = name.ref
        own_ref = self.table.values.shown(row, columns.section_ref)
        if own_ref is not None:
            ref = ref or own_ref.text.strip(" .():")
        section = self.table.values.shown(row, columns.sections[-1])
        ref_cell = self.table.values.shown(row, columns.ref)
        if not ref and section is not None and section.span is not None and ref_cell is not None:
            # The ref is merged over the same rows as the group: it is the group's.
            span = ref_cell.span
            if span is not None and (span.top, span.bottom) == (section.span.top, section.span.bottom):
                ref = ref_cell.text.strip(" .():")
        place = self.place
        known = place is not None and place.area is area and place.workstream.title.casefold() == title.casefold()
        if not known:
            source = self.builder.source(self.grid, section.address if section else row.cells[0].address)
            self.place = Place(area, self.builder.workstream(area, ref, title, source))

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
        return None if self.area is None and self.outline.areas else self._area()

    # ------------------------------------------------------------------ paragraphs and records
    def _preface(self, row: Row, at: int) -> None:
        """A row above the first table: the plan's title, an area's title, records, details of the plan."""
        if len(row.cells) > 1:
            reason = taken(self.builder.document, row.cells)
            self._account(row, Outcome.IMPORTED if reason else Outcome.LEFT_OUT, reason or "above the first table")
            return
        cell = row.cells[0]
        text = one_line(cell.text)
        if is_footnote(text) and self.paragraphs.footnote(cell, self.area):
            return
        if text and (text == self.builder.document.title or self.builder.document.title in text):
            self._account(row, Outcome.IMPORTED, "title of the plan")
            return
        kind = record_kind(text) if not has_bullet(cell.text) else ""
        if kind:
            self.paragraphs.begin(row, kind)
            return
        heading = parsed(cell, wide=cell.span is not None)
        if heading.is_area and not self.paragraphs.kind and not heading.is_workstream:
            title = heading.title or self._title_below(at)
            self.area = self.builder.area(
                heading.ref, title or heading.text, self.builder.source(self.grid, cell.address), heading.label
            )
            self._account(row, Outcome.IMPORTED, "title of an area")
            return
        if (self.area is not None and self.area.title == text) or text.startswith(self.grid.name):
            self._account(row, Outcome.MERGED, "title of the area")
            return
        if self._is_next_title(heading, cell, at):
            if self.heading is not None:
                self._empty_heading()
            self.heading = heading
            self.paragraphs.end()
            return
        self.paragraphs.read(row, self._area_of_records)

    def _title_below(self, at: int) -> str:
        """Return the title on the line below "SECTION 1", if that line is no heading of records."""
        if at + 1 < len(self.rows) and self.rows[at + 1].kind in (RowKind.PREFACE, RowKind.HEADING, RowKind.RECORD):
            cells = self.rows[at + 1].cells
            if len(cells) == 1 and not record_kind(cells[0].text) and not has_bullet(cells[0].text):
                return one_line(cells[0].text)
        return ""

    def _is_next_title(self, heading: Heading, cell: Cell, at: int) -> bool:
        """Return whether a line above the first table is the title of that table's workstream."""
        following = self.rows[at + 1] if at + 1 < len(self.rows) else None
        if has_bullet(cell.text) or is_note(cell.text) or following is None:
            return False
        if following.kind is not RowKind.HEADER or following.number > cell.row + 2:
            return False
        headers = sum(row.kind in (RowKind.HEADER, RowKind.REPEATED) for row in self.rows)
        later = any(row.kind is RowKind.HEADING for row in self.rows)
        alike = any(row.heading is not None and _look(row.heading) == _look(heading) for row in self.rows)
        if cell.text.rstrip().endswith(".") and not alike:
            return False  # a sentence about the table
        return bool(heading.ref) or heading.is_workstream or alike or (headers > 1 and later)

    def _hidden(self, row: Row) -> None:
        if row.number in self.grid.hidden_rows:
            self.builder.problem(
                f"{self.grid.name} row {row.number}",
                "The row is hidden in the workbook and was not imported.",
                "Show the row and import again if it belongs to the plan.",
            )
            self._account(row, Outcome.NEEDS_DECISION, "the row is hidden")
        else:
            self._account(row, Outcome.LEFT_OUT, "only in hidden columns")

    def _account(self, row: Row, outcome: Outcome, reason: str) -> None:
        if row.number in self.grid.made:
            return  # headings that were put over cards are no line of the file
        text = " | ".join(cell.text for cell in row.cells)
        self.builder.line(self.grid, row.cells[0], outcome, reason, text)


def _look(heading: Heading | None) -> tuple[object, ...]:
    """Return what titles of one level have in common: the word that announces them, or how they look."""
    if heading is None:
        return ()
    if heading.label:
        return ("label", heading.label)
    shape = re.sub(r"\d+", "1", re.sub(r"[a-z]+", "a", heading.ref.casefold())) if heading.ref else ""
    return ("look", *heading.look, shape)
