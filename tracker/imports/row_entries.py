"""Milestones and commitments of one row, added where they belong: to the row's action or to the workstream."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tracker.imports.builder import Builder
from tracker.imports.columns import Columns
from tracker.imports.duetext import Due, deadline_in, due_of_text, is_phrase, when_at_end, when_in_brackets
from tracker.imports.grid import Cell, Grid
from tracker.imports.leads import is_same
from tracker.imports.listed_dates import listed_with_dates
from tracker.imports.lists import one_line
from tracker.imports.milestones import Entry, entries_of, pair_dates
from tracker.imports.periods import is_bare_period, period_words, with_year_of
from tracker.imports.reconcile import Outcome
from tracker.imports.row_values import RowValues
from tracker.imports.rows import Row
from tracker.imports.words import is_rating_letter, status_kind
from tracker.rules.dates import Precision
from tracker.rules.document import (
    ActionLine,
    CommitmentLine,
    LeadLine,
    MilestoneLine,
    PeriodState,
    PriorityLine,
    RecordLine,
    WorkstreamLine,
)

_NEXT_DATE = "Enter the date in the plan, or correct the cell and import again."


@dataclass(slots=True)
class Place:
    """Where the next row of a table belongs."""

    area: PriorityLine
    workstream: WorkstreamLine
    actions: list[ActionLine] = field(default_factory=list)  # of the last row that had any
    milestones: list[MilestoneLine] = field(default_factory=list)  # of the last row
    many: bool = False  # the last row listed lettered actions: its milestones belong to the workstream
    last_mark: str = ""  # the number of the last milestone in a numbered list
    bulleted: bool = False  # the last action was a sub row ("- ...")
    led: bool = False  # a title, or a line below it, says who leads the workstream
    opens: bool = False  # the last action ends in a colon: "Arrange a meeting to discuss:"


@dataclass(slots=True)
class Found:
    """The milestones that a row writes out (None: it has no milestone text) and what its date cell says beside them."""

    entries: list[Entry] | None
    due: Due
    own_dates: bool = False  # each milestone says when in its own words, and none by the date of the row
    cell: Cell | None = None  # where they stand, if that is the cell of dates


class RowEntries:
    """Adds the milestones of rows to a builder."""

    def __init__(self, builder: Builder, grid: Grid, key: dict[str, str]) -> None:
        self.builder = builder
        self.grid = grid
        self.year_kind = builder.document.year_kind
        self.values = RowValues(grid, key, self.year_kind, builder.document.key)

    def found(self, row: Row, columns: Columns) -> Found:
        """Return the milestones that a row writes out, with the dates of the row given to them."""
        own = self.values.own(row, columns.milestone)
        before = self.values.own(row, columns.milestone_original) if own is None else None
        own = own or before  # no new milestone: the one before holds
        due = self.values.due(row, columns)
        due_cell = self.values.due_cell(row, columns)
        beside = due_cell if own is None and not columns.due_has_lead else None
        if beside is not None and beside.row == row.number:
            listed, left = listed_with_dates(beside.text, self.year_kind)
            if listed:
                return Found(listed, Due(left=left), cell=beside)
        if own is None or is_same(own.text):
            return Found(None, due)
        due_text = due_cell.text if due_cell else ""
        lines = sum(bool(line.strip()) for line in due_text.split("\n"))
        if due.dated and is_bare_period(own.text):
            return Found(None, replace(due, left=joined(due.left, one_line(own.text))))  # "Q4", beside the date itself
        entries = entries_of(
            with_year_of(columns.texts.get(columns.milestone, ""), own.text),
            year_kind=self.year_kind,
            says_when=columns.says_when,
            has_due_column=bool(columns.due or columns.due_revised),
            due_lines=lines,
        )
        if len(entries) > 1 and lines > 1:
            left = pair_dates(entries, due_text, self.year_kind)
            if left != due_text:
                return Found(entries, Due(left=one_line(left)), cell=before)
        own_dates = bool(entries) and all(
            entry.due.said and entry.due.period.end != due.period.end for entry in entries
        )
        for entry in entries:
            if due.said and not entry.due.said and not entry.frequency:
                entry.due = due
        return Found(entries, due, own_dates, before)

    def add_entries(
        self, row: Row, columns: Columns, cell: Cell, place: Place, remark: str, found: Found, *, line_for_action: bool
    ) -> None:
        """Add what a row writes out as milestones, or the milestone that its date implies."""
        update = self.values.update(row, columns, found.due, remark)
        place.milestones = []
        own = found.cell or self.values.own(row, columns.milestone)
        of_action = columns.of_action or columns
        whole = self.values.due(row, of_action) if columns.of_action is not None else found.due
        if found.entries is None or own is None:
            self.add_implied(row, of_action, cell, place, whole, update, line_for_action=line_for_action)
            return
        own_date = columns.of_action is not None or found.own_dates
        if line_for_action and own_date and whole.dated and len(place.actions) == 1:
            # The date beside milestones that have dates of their own is that of the whole action.
            self.add_implied(row, of_action, cell, place, whole, "", line_for_action=True)
        elif line_for_action:
            self.builder.line(self.grid, cell, Outcome.IMPORTED)
        status = self.values.status(row, columns, found.due)
        leads = self.own_leads(row, columns, place)
        by_line = self.values.leads_by_line(row, columns, len(found.entries))
        known = names(place.actions[0].leads) if place.actions else []
        names_it = (not columns.action or columns.of_action is not None) and len(found.entries) == 1
        ref = self.values.own(row, columns.ref) if names_it else None
        if ref is not None and not is_same(ref.text):
            found.entries[0].mark = found.entries[0].mark or tidy_ref(ref.text)
        if len(found.entries) == 1 and not found.entries[0].due.said and not found.entries[0].frequency:
            found.entries[0].due = self._due_of_grid(columns, self.values.states(row, columns)) or found.entries[0].due
        for at, entry in enumerate(found.entries):
            own_leads = leads if by_line is None else by_line[at] if names(by_line[at]) != known else []
            self.add_entry(row, columns, own, entry, place, status, update if at == 0 else "", own_leads)
        if not found.entries:
            self.builder.line(self.grid, own, Outcome.LEFT_OUT, "no words in the milestone")

    def add_entry(
        self, row: Row, columns: Columns, cell: Cell, entry: Entry, place: Place, status: str, update: str,
        leads: list[LeadLine],
    ) -> None:  # fmt: skip
        """Add one milestone or commitment to where it belongs."""
        source = self.builder.source(self.grid, cell.address)
        workstream = place.workstream
        if entry.frequency:
            taken = {known.ref for known in workstream.commitments}
            ref = entry.mark if entry.mark and entry.mark not in taken else str(len(taken) + 1)
            workstream.commitments.append(CommitmentLine(ref, entry.frequency, entry.text, source))
            self.builder.line(self.grid, cell, Outcome.IMPORTED, "recurring", text=f"{entry.frequency}: {entry.text}")
            place.last_mark = entry.mark.partition(".")[0]
            return
        actions = [] if place.many or len(place.actions) != 1 else [place.actions[0].ref]
        start = self.values.own(row, columns.start)
        milestone = MilestoneLine(
            entry.mark or self._next_ref(place), entry.text, entry.due.words, entry.due.tail,
            start=self.values.date_words(start) or entry.due.starts, actions=actions, leads=leads,
            status_text=self.values.milestone_status(row, columns, entry.due, status), update_text=update,
            needs_decision=entry.due.question, source=source,
            percent=self.values.percent(row, columns), done_on=self.values.done_on(row, columns),
        )  # fmt: skip
        self.builder.milestone(workstream, milestone)
        place.milestones.append(milestone)
        place.last_mark = entry.mark
        self._periods(row, columns, milestone, place)
        text = f"{entry.due.words}: {entry.text}" if entry.due.words else entry.text
        due_cell = self.values.due_cell(row, columns)
        beside = due_cell is not None and bool(entry.due.words) and entry.due.words.split()[0] in due_cell.text
        self.account_for(cell, milestone, text, due_cell if beside else None)

    def add_implied(
        self, row: Row, columns: Columns, cell: Cell, place: Place, due: Due, update: str, *, line_for_action: bool
    ) -> None:
        """Give an action with a date, or with an update to keep, the one milestone that its row implies."""
        states = self.values.states(row, columns)
        status = self.values.status(row, columns, due)
        if place.actions and not due.said:
            due = self.due_in_words(columns, place.actions[0], place.workstream) or due
            due = due if due.said else self._due_of_grid(columns, states) or due
        if place.actions and (due.said or due.status or update or states):
            action = place.actions[0]
            milestone = MilestoneLine(
                action.ref, action.text, due.words, due.tail,
                start=self.values.date_words(self.values.own(row, columns.start)) or due.starts,
                actions=[action.ref], implicit=True,
                status_text=self.values.milestone_status(row, columns, due, status),
                update_text=update, needs_decision=due.question, source=self.builder.source(self.grid, cell.address),
                percent=self.values.percent(row, columns), done_on=self.values.done_on(row, columns),
            )  # fmt: skip
            self.builder.milestone(place.workstream, milestone)
            place.milestones = [milestone]
            self._periods(row, columns, milestone, place)
            if line_for_action:
                self.account_for(cell, milestone, cell.text, self.values.due_cell(row, columns))
        elif line_for_action:
            self.builder.line(self.grid, cell, Outcome.IMPORTED)

    def due_in_words(self, columns: Columns, action: ActionLine, above: WorkstreamLine) -> Due | None:
        """Return the deadline in an action's own sentence, or in the title above it ("September 2024").

        Only where the table has no column for dates.
        """
        if columns.due or columns.due_revised or columns.due_original:
            return None
        phrase = deadline_in(action.text, self.year_kind, strict=not columns.says_when)
        phrase = phrase or (when_at_end(action.text) if columns.says_when else when_in_brackets(action.text))
        title = above.title if is_phrase(above.title) else _named_in_brackets(above.title)
        if not phrase and not columns.periods and title:
            due = due_of_text(title, self.year_kind)
            if due.dated and due.period.precision is not Precision.DAY:  # a day may be that of a meeting
                return replace(due, question=f"The title above reads “{above.title}”: is that the deadline?")
        return due_of_text(phrase, self.year_kind) if phrase else None

    def _due_of_grid(self, columns: Columns, states: list[tuple[str, str]]) -> Due | None:
        """Return the last period that is ticked or coloured, with the question whether it is the deadline."""
        ticked = [label for label, state in states if not status_kind(state) and not is_rating_letter(state)]
        if not ticked or columns.due or columns.due_revised or columns.due_original:
            return None
        due = due_of_text(period_words(ticked[-1]), self.year_kind)
        question = f"The time grid is marked up to {ticked[-1]}: is that the deadline?"
        return replace(due if due.dated else Due(), question=question)

    def account_for(self, cell: Cell, milestone: MilestoneLine, text: str, due_cell: Cell | None = None) -> None:
        """Account for a milestone's line: imported, or imported with a question to decide."""
        if not milestone.needs_decision:
            self.builder.line(self.grid, cell, Outcome.IMPORTED, text=text)
            return
        self.builder.line(self.grid, cell, Outcome.NEEDS_DECISION, milestone.needs_decision, text)
        where = f"{self.grid.name} {(due_cell or cell).address}"
        said = f"The date reads “{milestone.date}”. " if milestone.date else ""
        self.builder.problem(where, said + milestone.needs_decision, _NEXT_DATE)

    def own_leads(self, row: Row, columns: Columns, place: Place) -> list[LeadLine]:
        """Return a milestone row's leads where they are not those of its action or workstream."""
        leads, _ = self.values.leads(row, columns)
        leads = [] if columns.lead_helps and place.led else leads
        above = place.actions[0].leads if len(place.actions) == 1 and not place.many else []
        return leads if leads and names(leads) not in (names(above), names(place.workstream.leads)) else []

    def _periods(self, row: Row, columns: Columns, milestone: MilestoneLine, place: Place) -> None:
        for label, state in self.values.states(row, columns):
            place.workstream.period_states.append(PeriodState(milestone.ref, label, state))

    def _next_ref(self, place: Place) -> str:
        """Return the ref of a milestone that carries none: its action's ref and a number, or the next number."""
        if len(place.actions) == 1 and not place.many:
            action = place.actions[0]
            return self.builder.step(place.workstream, action.ref)
        return ""

    def add_success(self, row: Row, columns: Columns, place: Place, action: ActionLine) -> None:
        """Keep success measures and expected outcomes of an action as records of its area."""
        for column in columns.success:
            cell = self.values.own(row, column)
            if cell is not None and not is_same(cell.text):
                heading = columns.texts.get(column, "")
                outcome = re.search(r"impact|residents|outcome|different", heading, re.I)
                kind = "impact" if outcome else "criterion_qualitative"
                term = f"{heading} ({action.ref})" if action.ref else heading
                source = self.builder.source(self.grid, cell.address)
                place.area.records.append(RecordLine(kind, one_line(cell.text), term, source))

    def is_entry_without_text(self, row: Row, columns: Columns, place: Place | None) -> bool:
        """Return whether a row has a reference of its own; it goes on from no row above, so a person has to decide."""
        ref = self.values.own(row, columns.ref)
        if ref is None or is_same(ref.text) or not re.search(r"\w", ref.text):
            return False
        if place is not None:
            if tidy_ref(ref.text) in [a.ref for a in place.actions] + [m.ref for m in place.milestones]:
                return False
            place.actions, place.milestones = [], []  # what follows belongs to this row, and not to the one above
        self.builder.line(
            self.grid, row.cells[0], Outcome.NEEDS_DECISION, "a reference without an action or a milestone",
            " | ".join(cell.text for cell in row.cells),
        )  # fmt: skip
        self.builder.problem(
            f"{self.grid.name} {ref.address}",
            f"The row with the reference {one_line(ref.text)} has no action or milestone, so it was not imported.",
            "Write its text in the workbook and import again, or enter it in the plan.",
        )
        return True


def _named_in_brackets(title: str) -> str:
    """Return by when a title says that all below it is due: "Short term (by December 2011)"."""
    return when_in_brackets(title) if re.search(r"\bby\b|\bterm\b|\bwithin\b", title, re.I) else ""


def tidy_ref(text: str) -> str:
    """Return a ref without the marks around it: "(A)" is "A", "16. " is "16", "60/17(h)" stays."""
    ref = one_line(text).strip(" .:")
    whole = ref.count("(") == ref.count(")") and not ref.startswith("(")
    return ref if whole else ref.strip(" .:()")


def names(leads: list[LeadLine]) -> list[tuple[str, str]]:
    """Return who leads, to compare one row with another."""
    return [(lead.post, lead.organisation) for lead in leads]


def joined(first: str, second: str) -> str:
    """Return two texts on lines of their own, without the empty ones."""
    return "\n".join(part for part in (first, second) if part)
