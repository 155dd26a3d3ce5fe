"""A sheet as a document: titles, paragraphs of records, and tables in the places that the titles give them."""

from __future__ import annotations

import re

from tracker.imports.dated_titles import dated_title
from tracker.imports.details import taken
from tracker.imports.headings import Heading, ends_a_list, is_footnote, named_beside, parsed, parsed_text, record_kind
from tracker.imports.leads import lead_in_title, leads_of, named_in
from tracker.imports.lists import has_bullet, one_line
from tracker.imports.other_sheets import heads_terms
from tracker.imports.reconcile import Outcome
from tracker.imports.row_entries import Place
from tracker.imports.row_titles import within_group
from tracker.imports.rows import Row, RowKind
from tracker.imports.sheet_titles import SheetTitles, look_of
from tracker.imports.words import exactly_known, roles_of
from tracker.rules.document import RecordLine

_PARTS = {
    RowKind.HEADER: "column headings",
    RowKind.REPEATED: "column headings, repeated",
    RowKind.KEY: "key to the colours",
    RowKind.NOTE: "a remark about the sheet",
    RowKind.BARE: "only a reference or an empty mark",
}


_MAY_LEAD = (RowKind.PREFACE, RowKind.RECORD, RowKind.DATA, RowKind.HEADING)


class Sheet(SheetTitles):
    """Reads one sheet that holds at least one table of the plan."""

    def read(self) -> None:
        """Read the sheet's rows in order."""
        for at, row in enumerate(self.rows):
            if row.kind in _MAY_LEAD and (who := self._leads_title(row)):
                self._account(row, *who)
            elif row.kind is RowKind.PREFACE:
                self._preface(row, at)
            elif row.kind is RowKind.HEADING:
                self._title(row, at)
            elif row.kind is RowKind.DATA:
                self._data(row)
            elif row.kind is RowKind.REST:
                self.table.rest(row, self.place)
            elif row.kind is RowKind.DATE:
                self._account(row, Outcome.MERGED, "the date of the rows below")
            elif row.kind is RowKind.RECORD:
                self.paragraphs.read(row, self._area_of_records)
            elif row.kind is RowKind.HIDDEN:
                self._hidden(row)
            elif row.kind is RowKind.OTHER:
                reason = taken(self.builder.document, row.cells) or self._term(row)
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

    def _leads_title(self, row: Row) -> tuple[Outcome, str] | None:
        """Take a line "Lead: Director" below a title as the lead of what it begins; return how the line ends, if so.

        A sponsor or a cabinet member answers for it and leads nothing; an executive lead does, where no column says
        who else.
        """
        begun = self.heading is not None or (self.area is not None and self.place is None)
        label, name = named_in([cell.text for cell in row.cells])
        if not begun or not label:
            return None
        led = any(columns.lead or columns.people or columns.due_has_lead for columns in self.tables)
        if roles_of(label)[0] == "support" and (led or not label.casefold().endswith("lead")):
            return Outcome.LEFT_OUT, "a detail of a workstream that is not kept"
        leads, _ = leads_of(name)
        self.leads = leads
        return (Outcome.IMPORTED, "lead of the workstream") if leads else None

    def _term(self, row: Row) -> str:
        """Keep a row of a document's list of terms; return in words what it was, "" if it is none."""
        top = max((first for first in self.grid.tables if first <= row.number), default=0)
        head = self.grid.texts(top) if top else []
        if row.number == top or len(row.cells) != 2 or not heads_terms(head):
            return ""
        source = self.builder.source(self.grid, row.cells[1].address)
        term, text = (one_line(cell.text) for cell in row.cells)
        self.builder.document.records.append(RecordLine("definition", text, term, source))
        return "a term"

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

    def _title(self, row: Row, at: int) -> None:
        heading = row.heading
        assert heading is not None
        if heading.text == self.builder.document.title:
            self._account(row, Outcome.IMPORTED, "title of the plan")
            return
        if heading.is_area and not heading.title:
            heading.title = self._title_below(at)
        elif self.area is not None and self.rows[at - 1].heading is not None and _says_again(heading, self.area.title):
            self._account(row, Outcome.MERGED, "title of the area")
            return
        kind = record_kind(heading.text)
        below = self.rows[at + 1].kind if at + 1 < len(self.rows) else None
        if kind and not heading.ref and below not in (RowKind.DATA, RowKind.HEADER, RowKind.REPEATED):
            self.paragraphs.begin(row, kind)
            return
        if self.heading is not None:
            if self.place is None and _says_again(heading, self.heading.text):
                self._account(row, Outcome.MERGED, "title of the workstream")
                return
            self._empty_heading()
        self.paragraphs.end()
        grouping = any(columns.sections for columns in self.tables)
        if heading.level:
            above = row.number in self.outline.areas or grouping
            if not above and self.area is not None and heading.level <= self.area_level:
                self.area, self.area_level = None, 0  # a title beside the last area, with a table of its own
                above = row.number in self.outline.leaves
        else:
            above = look_of(heading) in self.tops or (heading.is_area and self._has_workstreams_below(row)) or grouping
        if above:
            self._begin_area(heading)
            self.area_level = heading.level
            self._account(row, Outcome.IMPORTED, "title of an area")
            self.heading, self.place = None, None
            return
        heading.is_area = heading.is_area and not self._divides(heading)
        self.heading, self.place = heading, None

    def _data(self, row: Row) -> None:
        self.paragraphs.end()
        columns = row.columns
        assert columns is not None
        sections = [self.table.values.shown(row, column) for column in columns.sections]
        values = [one_line(cell.text) if cell is not None else "" for cell in sections]
        for at, column in enumerate(columns.sections):
            if values[at] and values[at] != self.grouped.get(column, ""):
                for lower in (*columns.sections[at + 1 :], -columns.ref):
                    self.grouped.pop(lower, None)  # a new upper group ends the lower one
            values[at] = values[at] or self.grouped.get(column, "")
            self.grouped[column] = values[at]
        if self.table.says_nothing(row):
            return
        within = within_group(row.cells, columns)
        if within is not None:
            self.grouped[-columns.ref] = one_line(within.text)
        if columns.sections and (part := self.grouped.get(-columns.ref)):
            values[1:] = [f"{values[1]}: {part}" if values[1:] else part]
        if any(values):
            self._grouped(row, values)
        elif self.place is None:
            self._begin()
        assert self.place is not None
        of_group = {*columns.sections, columns.ref, columns.section_ref, columns.lead}
        if within is not None or (any(sections) and all(cell.column in of_group for cell in row.cells)):
            led, _ = self.table.values.leads(row, columns)
            if led:
                self.place.workstream.leads, self.place.led = led, True
            self.table.values.above |= {cell.column: cell for cell in row.cells}
            self._account(row, Outcome.IMPORTED, "title of a group")
            return
        self.table.read(row, self.place)

    def _begin(self) -> None:
        """Begin the workstream that the last title names, or one that stands for the sheet."""
        heading = self.heading
        if heading is None:
            area = self._area()
            area.title, named_here = lead_in_title(area.title)
            source = area.source or (None if self.alone else self.builder.source(self.grid, "A1"))
            workstream = self.builder.workstream(area, area.ref if area.source else "", area.title, source)
            self.place = Place(area, workstream)
            workstream.leads, self.leads = self.leads or named_here or workstream.leads, []
            self.place.led = bool(workstream.leads)
            return
        title, leads = self._title_and_leads(heading.title or heading.text)
        title, when = dated_title(title)
        heading.title = title
        area = self.builder.area_of(heading, self.grid) if heading.is_area else self._area()
        source = self.builder.source(self.grid, heading.cell)
        self.place = Place(area, self.builder.workstream(area, heading.ref, title, source))
        named, _ = leads_of(heading.lead)
        self.place.workstream.leads = (
            leads or named or self.leads or self.place.workstream.leads or list(self.area_leads)
        )
        self.place.led = bool(self.place.workstream.leads)
        self.leads = []
        if when:
            self.builder.date_of(self.place.workstream, when, source)
        self.builder.line(self.grid, self._cell(heading), Outcome.IMPORTED, "title of a workstream", heading.text)
        self.heading = None

    def _begin_area(self, heading: Heading) -> None:
        """Begin the area that a title names, and keep who leads it for the workstreams below."""
        title, self.area_leads = self._title_and_leads(heading.title or heading.text)
        heading.title = title if self.area_leads else heading.title
        self.area = self.builder.area_of(heading, self.grid)

    def _grouped(self, row: Row, values: list[str]) -> None:
        """Go to the workstream that the grouping columns name."""
        columns = row.columns
        assert columns is not None
        if self.heading is not None:
            self._begin_area(self.heading)
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
            self.place.workstream.leads = self.place.workstream.leads or list(self.area_leads)

    # ------------------------------------------------------------------ paragraphs and records
    def _preface(self, row: Row, at: int) -> None:
        """A row above the first table: the plan's title, an area's title, records, details of the plan."""
        if named := named_beside(row.cells):
            if self.heading is not None:
                self._empty_heading()
            self.heading, self.place = named, None
            return
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
        if heading.is_area and self._divides(heading):
            heading.is_area = False
        if self._names_a_part(heading):
            if self.heading is not None:
                self._empty_heading()
            heading.is_area, self.heading = False, heading
            self.paragraphs.end()
            return
        if heading.is_area and not self.paragraphs.kind and not heading.is_workstream:
            if self.heading is not None:
                self._empty_heading()
            title = heading.title or self._title_below(at)
            self.area = self.builder.area(
                heading.ref, title or heading.text, self.builder.source(self.grid, cell.address), heading.label
            )
            self.area_label = heading.label
            self._account(row, Outcome.IMPORTED, "title of an area")
            return
        if (self.area is not None and self.area.title == text) or text.startswith(self.grid.name):
            self._account(row, Outcome.MERGED, "title of the area")
            return
        if self._is_next_title(heading, cell, at):
            if self.heading is not None and self.place is None and _says_again(heading, self.heading.text):
                self._account(row, Outcome.MERGED, "title of the workstream")
                return
            if self.heading is not None:
                self._empty_heading()
            self.heading, self.place = heading, None
            self.paragraphs.end()
            return
        if self.heading is not None and not self.heading.level and ends_a_list(self.grid, row.number):
            self._empty_heading()  # it heads a list of codes, and not the table below that
        self.paragraphs.read(row, self._area_of_records)

    def _hidden(self, row: Row) -> None:
        if row.number in self.grid.hidden_rows:
            self.builder.problem(
                f"{self.grid.name} row {row.number}",
                "The row is hidden in the workbook and was not imported.",
                "Show the row and import again if it belongs to the plan.",
            )
            self._account(row, Outcome.NEEDS_DECISION, "the row is hidden")
        else:
            drawn = all(cell.column in self.grid.drawn for cell in row.cells)
            self._account(row, Outcome.LEFT_OUT, "only a chart or key" if drawn else "only in hidden columns")


def _says_again(heading: Heading, above: str) -> bool:
    """Return whether a title below another says the same, or the same with a remark ("Fairer: our deliverables")."""
    return heading.text == above or bool(re.match(rf"{re.escape(above)}\s*[:–—-]", heading.text, re.I))
