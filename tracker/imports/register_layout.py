"""Tables to actions and milestones: one row per action or milestone, with or without lists in its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracker.imports.builder import Builder
from tracker.imports.columns import Columns
from tracker.imports.duetext import Due
from tracker.imports.grid import Cell, Grid
from tracker.imports.leads import is_same
from tracker.imports.lists import Item, has_bullet, lettered, numbered, one_line, own_mark, small_lettered, strip_bullet
from tracker.imports.milestones import Entry, entries_of, pair_dates
from tracker.imports.reconcile import Outcome
from tracker.imports.row_values import RowValues
from tracker.imports.rows import Row
from tracker.imports.words import words
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


class Table:
    """Reads the rows of one table into a builder."""

    def __init__(self, builder: Builder, grid: Grid, key: dict[str, str]) -> None:
        self.builder = builder
        self.grid = grid
        self.year_kind = builder.document.year_kind
        self.values = RowValues(grid, key, self.year_kind)

    # ------------------------------------------------------------------ one row
    def read(self, row: Row, place: Place) -> None:
        """Read one row of entries."""
        columns = row.columns
        assert columns is not None
        action = self.values.shown(row, columns.action)
        own_action = action is not None and action.row == row.number and bool(action.text)
        texts = [
            cell.text for cell in (action if own_action else None, self.values.own(row, columns.milestone)) if cell
        ]
        if texts and all(words().placeholder.search(text) for text in texts):
            self.builder.placeholders += 1
            self.builder.line(self.grid, row.cells[0], Outcome.LEFT_OUT, "a blank line of a template", texts[0])
            return
        if own_action and action is not None and not is_same(action.text):
            self._with_action(row, columns, action, place)
        else:
            self._without_action(row, columns, action, place)
        for cell in row.cells:
            self.values.above[cell.column] = cell

    def _with_action(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        listed = lettered(cell.text) or small_lettered(cell.text) or _many(numbered(cell.text))
        if not columns.milestone and not listed and has_bullet(cell.text) and place.actions and not place.bulleted:
            self._sub_row(row, columns, cell, place)
            return
        if listed:
            self._list_row(row, columns, cell, listed, place)
            return
        ref_cell = self.values.shown(row, columns.ref)
        ref = tidy_ref(ref_cell.text) if ref_cell else ""
        text = one_line(strip_bullet(cell.text))
        if not ref:
            ref, text = own_mark(text)
        leads, remark = self.values.leads(row, columns)
        action = ActionLine(ref, text, leads, source=self.builder.source(self.grid, cell.address))
        if not ref:
            self.builder.numbered_here.add(self.grid.name)
        numeric = ref_cell is not None and isinstance(ref_cell.value, float)
        self.builder.action(place.workstream, action, numeric)
        place.actions, place.many, place.last_mark = [action], False, ""
        place.bulleted = has_bullet(cell.text)
        self._row_details(row, columns, cell, place, remark)

    def _list_row(self, row: Row, columns: Columns, cell: Cell, listed: list[Item], place: Place) -> None:
        """A row that lists actions: leads and milestones belong to the workstream, linked to no action."""
        leads, remark = self.values.leads(row, columns)
        first = not place.workstream.leads
        if first:
            place.workstream.leads = leads
        own = leads if not first and _names(leads) != _names(place.workstream.leads) else []
        place.actions = []
        for item in listed:
            text = "; ".join([item.text, *item.below])
            action = ActionLine(item.mark, text, list(own), source=self.builder.source(self.grid, cell.address))
            place.actions.append(self.builder.action(place.workstream, action))
            self.builder.line(self.grid, cell, Outcome.IMPORTED, text=f"{item.mark}. {text}")
        place.many, place.bulleted, place.last_mark = True, False, ""
        status = self.values.status(row, columns, Due())
        for action in place.actions:
            action.status_text = status
        self._entries(row, columns, cell, place, remark, line_for_action=False)

    def _row_details(self, row: Row, columns: Columns, cell: Cell, place: Place, remark: str) -> None:
        """A row with one action: its milestones, or one implied by its date."""
        action = place.actions[0]
        due = self.values.due(row, columns)
        action.status_text = self.values.status(row, columns, due)
        self._success(row, columns, place, action)
        self._entries(row, columns, cell, place, remark, line_for_action=True)

    def _without_action(self, row: Row, columns: Columns, action: Cell | None, place: Place) -> None:
        """A row whose action stands above: merged downwards, left blank, or cut off by a page."""
        cell = self.values.own(row, columns.milestone)
        if cell is None:
            if action is not None and action.text:
                self.rest(row, place)
            else:
                self.builder.line(
                    self.grid, row.cells[0], Outcome.NEEDS_DECISION, "a group without an action or a milestone"
                )
            return
        if row.after_header and place.milestones and not self.values.own(row, columns.ref):
            self._continued(row, columns, cell, place)
            return
        merged = action is not None and bool(action.text)
        if not merged and self._is_astray(row, cell, place):
            self._unplaced(row, columns, cell, place)
            return
        self._entries(row, columns, cell, place, "", line_for_action=False)

    # ------------------------------------------------------------------ milestones of a row
    def _entries(
        self, row: Row, columns: Columns, cell: Cell, place: Place, remark: str, *, line_for_action: bool
    ) -> None:
        due_cell = self.values.due_cell(row, columns)
        due = self.values.due(row, columns)
        own = self.values.own(row, columns.milestone)
        update = self.values.update(row, columns, due, remark)
        place.milestones = []
        if own is None or is_same(own.text):
            self._implied(row, columns, cell, place, due, update, line_for_action=line_for_action)
            return
        due_text = due_cell.text if due_cell else ""
        due_lines = sum(bool(line.strip()) for line in due_text.split("\n"))
        entries = entries_of(
            own.text, year_kind=self.year_kind, says_when=columns.says_when,
            has_due_column=bool(columns.due or columns.due_revised), due_lines=due_lines,
        )  # fmt: skip
        if len(entries) > 1 and due_lines > 1:
            left = pair_dates(entries, due_text, self.year_kind)
            if left and left != due.left and due_cell is not None:
                update = _joined(update, f"{columns.texts.get(due_cell.column, 'When')}: {one_line(left)}")
        elif due.said:
            for entry in entries:
                if not entry.due.said and not entry.frequency:
                    entry.due = due
        elif due.status:
            for entry in entries:
                entry.due = due
        if line_for_action:
            self.builder.line(self.grid, cell, Outcome.IMPORTED)
        status = self.values.status(row, columns, due)
        leads = self._own_leads(row, columns, place)
        for at, entry in enumerate(entries):
            self._entry(row, columns, own, entry, place, status, update if at == 0 else "", leads)
        if not entries:
            self.builder.line(self.grid, own, Outcome.LEFT_OUT, "no words in the milestone")

    def _entry(
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
            start=self.values.date_words(start), actions=actions, leads=leads,
            status_text=self.values.milestone_status(row, columns, entry.due, status), update_text=update,
            needs_decision=entry.due.question, source=source,
        )  # fmt: skip
        self.builder.milestone(workstream, milestone)
        place.milestones.append(milestone)
        place.last_mark = entry.mark
        self._periods(row, columns, milestone, place)
        text = f"{entry.due.words}: {entry.text}" if entry.due.words else entry.text
        self._account(cell, milestone, text)

    def _implied(
        self, row: Row, columns: Columns, cell: Cell, place: Place, due: Due, update: str, *, line_for_action: bool
    ) -> None:
        """Give an action with a date, or with an update to keep, the one milestone that its row implies."""
        states = self.values.states(row, columns)
        status = self.values.status(row, columns, due)
        if place.actions and (due.said or update or states):
            action = place.actions[0]
            milestone = MilestoneLine(
                action.ref if len(place.actions) == 1 else "", action.text, due.words, due.tail,
                start=self.values.date_words(self.values.own(row, columns.start)),
                actions=[action.ref] if len(place.actions) == 1 and not place.many else [],
                implicit=True, status_text=self.values.milestone_status(row, columns, due, status),
                update_text=update, needs_decision=due.question, source=self.builder.source(self.grid, cell.address),
            )  # fmt: skip
            if place.many:
                milestone.text = place.workstream.title
            self.builder.milestone(place.workstream, milestone)
            place.milestones = [milestone]
            self._periods(row, columns, milestone, place)
            if line_for_action or place.many:
                due_cell = self.values.due_cell(row, columns)
                self._account(cell, milestone, cell.text, due_cell)
        elif line_for_action:
            self.builder.line(self.grid, cell, Outcome.IMPORTED)

    def _account(self, cell: Cell, milestone: MilestoneLine, text: str, due_cell: Cell | None = None) -> None:
        """Account for a milestone's line: imported, or imported with a question to decide."""
        if not milestone.needs_decision:
            self.builder.line(self.grid, cell, Outcome.IMPORTED, text=text)
            return
        self.builder.line(self.grid, cell, Outcome.NEEDS_DECISION, milestone.needs_decision, text)
        where = f"{self.grid.name} {(due_cell or cell).address}"
        self.builder.problem(where, milestone.needs_decision, _NEXT_DATE)

    def _sub_row(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        """A row "- ..." under an action: a step of it, with its own date."""
        due = self.values.due(row, columns)
        leads, remark = self.values.leads(row, columns)
        entry = Entry("", one_line(strip_bullet(cell.text)), due)
        status = self.values.status(row, columns, due)
        known = _names(place.actions[0].leads)
        self._entry(
            row, columns, cell, entry, place, status, self.values.update(row, columns, due, remark),
            leads if leads and _names(leads) != known else [],
        )  # fmt: skip

    # ------------------------------------------------------------------ rows that go on, or belong nowhere
    def rest(self, row: Row, place: Place | None) -> None:
        """Add a row without an action or a milestone of its own to the row above."""
        columns = row.columns
        assert columns is not None
        if place is None or not (place.actions or place.milestones):
            self.builder.line(self.grid, row.cells[0], Outcome.LEFT_OUT, "details without an action above them")
            return
        due = self.values.due(row, columns)
        leads, remark = self.values.leads(row, columns)
        update = self.values.update(row, columns, due, remark)
        target = place.milestones[-1] if place.milestones else None
        if target is None and (update or due.said) and place.actions:
            self._implied(row, columns, row.cells[0], place, due, update, line_for_action=False)
        elif target is not None:
            target.update_text = _joined(target.update_text, update)
            if due.said and not target.date:
                target.date, target.tail = due.words, due.tail
            elif due.said:
                target.update_text = _joined(
                    target.update_text, f"{columns.texts.get(columns.due, 'Date')}: {due.words}"
                )
        if leads and place.actions:
            known = place.actions[-1].leads
            known += [lead for lead in leads if lead.post not in {each.post for each in known}]
        text = " | ".join(cell.text for cell in row.cells)
        self.builder.line(self.grid, row.cells[0], Outcome.MERGED, "goes on from the row above", text)

    def _continued(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        """Join a row that a page break cut in two: its first lines end the sentences above."""
        last = place.milestones[-1]
        text = cell.text
        if not re.search(r"[.!?:;]$", last.text):
            first, _, text = text.partition("\n")
            last.text = f"{last.text} {one_line(first)}"
        update = self.values.update(row, columns, Due(), "")
        last.update_text = _joined(last.update_text, update)
        self.builder.line(self.grid, cell, Outcome.MERGED, "goes on from the row above the repeated headings")
        due_cell = self.values.due_cell(row, columns)
        due_text = due_cell.text if due_cell else ""
        if not text.strip():
            return
        kept = place.milestones
        entries = entries_of(
            text, year_kind=self.year_kind, says_when=columns.says_when, has_due_column=bool(columns.due), due_lines=2
        )
        pair_dates(entries, due_text, self.year_kind)
        for entry in entries:
            self._entry(row, columns, cell, entry, place, "", "", [])
        place.milestones = kept + [each for each in place.milestones if each not in kept]

    def _is_astray(self, row: Row, cell: Cell, place: Place) -> bool:
        """Return whether a milestone without an action cannot belong to the row above: its number does not follow."""
        if not place.workstream.actions:
            return False
        items = numbered(cell.text)
        if not items:
            return place.many and row.gap
        mark = items[0].mark
        follows = place.last_mark.isdigit() and int(mark) == int(place.last_mark) + 1
        return not follows and mark != "1" and (place.many or row.gap)

    def _unplaced(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        """Keep a milestone whose workstream the source does not show, with a question."""
        for entry in entries_of(
            cell.text,
            year_kind=self.year_kind,
            says_when=columns.says_when,
            has_due_column=bool(columns.due),
            due_lines=1,
        ):
            due = entry.due if entry.due.said else self.values.due(row, columns)
            question = (
                f"Row {row.number} of “{self.grid.name}” has no action, lead or workstream above it, and its number "
                "does not follow. Which workstream does it belong to?"
            )
            milestone = MilestoneLine(
                entry.mark, entry.text, due.words, due.tail, needs_decision=question,
                update_text=self.values.update(row, columns, due, ""),
                source=self.builder.source(self.grid, cell.address),
            )  # fmt: skip
            place.area.unplaced.append(milestone)
            self.builder.line(self.grid, cell, Outcome.NEEDS_DECISION, "no workstream above it")
            self.builder.problem(
                f"{self.grid.name} {cell.address}", question, "Choose its workstream after the import."
            )

    # ------------------------------------------------------------------ what stands beside a milestone
    def _own_leads(self, row: Row, columns: Columns, place: Place) -> list[LeadLine]:
        """Return a milestone row's leads where they are not those of its action or workstream."""
        leads, _ = self.values.leads(row, columns)
        above = place.actions[0].leads if len(place.actions) == 1 else []
        return leads if leads and _names(leads) not in (_names(above), _names(place.workstream.leads)) else []

    def _periods(self, row: Row, columns: Columns, milestone: MilestoneLine, place: Place) -> None:
        for label, state in self.values.states(row, columns):
            place.workstream.period_states.append(PeriodState(milestone.ref, label, state))

    def _success(self, row: Row, columns: Columns, place: Place, action: ActionLine) -> None:
        """Keep success measures and expected outcomes of an action as records of its area."""
        for column in columns.success:
            cell = self.values.own(row, column)
            if cell is not None and not is_same(cell.text):
                heading = columns.texts.get(column, "")
                kind = (
                    "impact"
                    if re.search(r"impact|residents|outcome|different", heading, re.I)
                    else "criterion_qualitative"
                )
                term = f"{heading} ({action.ref})" if action.ref else heading
                source = self.builder.source(self.grid, cell.address)
                place.area.records.append(RecordLine(kind, one_line(cell.text), term, source))

    def _next_ref(self, place: Place) -> str:
        """Return the ref of a milestone that carries none: its action's ref and a number, or the next number."""
        if len(place.actions) == 1 and not place.many:
            action = place.actions[0]
            known = sum(action.ref in each.actions and not each.implicit for each in place.workstream.milestones)
            return f"{action.ref}.{known + 1}"
        return ""


def tidy_ref(text: str) -> str:
    """Return a ref without the marks around it: "(A)" is "A", "16. " is "16"."""
    return one_line(text).strip(" .:()")


def _many(items: list[Item]) -> list[Item]:
    return items if len(items) > 1 else []


def _names(leads: list[LeadLine]) -> list[tuple[str, str]]:
    return [(lead.post, lead.organisation) for lead in leads]


def _joined(first: str, second: str) -> str:
    return "\n".join(part for part in (first, second) if part)
