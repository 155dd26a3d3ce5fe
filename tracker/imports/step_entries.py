"""Milestones that a row does not hold in the one column for them: in bullets, in columns of their own, in sub rows."""

from __future__ import annotations

import re

from tracker.imports.columns import Columns
from tracker.imports.duetext import Due
from tracker.imports.grid import Cell
from tracker.imports.leads import is_same
from tracker.imports.lists import Item, bullets, has_bullet, one_line, own_mark, strip_bullet
from tracker.imports.milestones import Entry, ending_in_date, entries_of
from tracker.imports.reconcile import Outcome
from tracker.imports.row_entries import Place, RowEntries, names, tidy_ref
from tracker.imports.rows import Row
from tracker.imports.words import begins_with_verb

# A line that says that milestones follow, below what is to be done.
_STEPS_BELOW = re.compile(
    r"\n\s*(?:key |our |main )?(?:milestones?|steps|stages|sub-?actions|sub-?tasks)(?: and (?:dates|timescales))?"
    r"\s*(?::|[-–—](?=\s)|(?=\n))\s*(?=\S)",
    re.I,
)


class StepEntries(RowEntries):
    """Adds such milestones to the action that they belong to."""

    def marks_in_row(self, row: Row, columns: Columns, cell: Cell, place: Place, listed: list[Item]) -> list[str]:
        """Return the refs of actions that a row lists: its own before their marks, "1.2.1" and "1.2.2" in row 1.2."""
        found = self.values.ref_of_action(row, columns, cell)
        marks = [item.mark for item in listed]
        own = tidy_ref(found.text) if found is not None and found.row == row.number else ""
        whole = any(re.match(rf"{re.escape(own)}\D", mark) for mark in marks)  # "1a" in row 1, but not "1" or "10"
        if not own or own == place.workstream.ref or whole:
            return marks
        return [f"{own}.{mark or at}" if not mark.isalpha() else f"{own}{mark}" for at, mark in enumerate(marks, 1)]

    def led(self, cell: Cell, columns: Columns) -> tuple[str, list[Entry]]:
        """Return an action and its milestones where a cell says what is to be done and, in bullets below, by when."""
        if not columns.milestone and (named := _STEPS_BELOW.search(cell.text)):
            below = cell.text[named.end() :]
            entries = entries_of(below, year_kind=self.year_kind, says_when=True, has_due_column=False, due_lines=2)
            return cell.text[: named.start()].strip(), entries
        first, _, rest = cell.text.partition("\n")
        if columns.milestone or has_bullet(first) or len(bullets(rest)) < 2:
            return "", []
        entries = entries_of(rest, year_kind=self.year_kind, says_when=True, has_due_column=False, due_lines=1)
        dated = sum(entry.due.said or bool(entry.frequency) for entry in entries)
        return (first.rstrip(" :"), entries) if dated * 2 > len(entries) else ("", [])

    def says_the_same(self, row: Row, cell: Cell, place: Place) -> bool:
        """Return whether a row says "ditto", or beside a milestone the action of the row above, as exports do."""
        if is_same(cell.text):
            return True
        columns = row.columns
        if columns is None or self.values.own(row, columns.milestone) is None or place.many or len(place.actions) != 1:
            return False
        above = place.actions[0]
        ref = self.values.own(row, columns.ref)
        same_ref = ref is None or tidy_ref(ref.text) == above.ref
        texts = {one_line(strip_bullet(each)).casefold() for each in (cell.text, own_mark(cell.text.strip())[1])}
        return same_ref and above.text.casefold() in texts

    def _is_beside(self, row: Row, columns: Columns, place: Place) -> bool:
        """Return whether a row has a ref that is no part of that of the action above: "1.2" after "1.1"."""
        ref = self.values.own(row, columns.ref)
        above = place.actions[-1].ref
        return ref is not None and bool(above) and not tidy_ref(ref.text).startswith(above)

    def add_led(
        self, row: Row, columns: Columns, cell: Cell, place: Place, below: list[Entry], due: Due, remark: str
    ) -> None:
        """Add the milestones that stand in bullets below their action."""
        update = self.values.update(row, columns, due, remark)
        place.milestones = []
        for at, entry in enumerate(below):
            if not entry.due.said and not entry.frequency:
                entry.due = due
            status = place.actions[0].status_text
            self.add_entry(row, columns, cell, entry, place, status, update if at == 0 else "", [])

    def add_steps(
        self, row: Row, columns: Columns, place: Place, steps: list[tuple[Cell, Due]], due: Due, remark: str
    ) -> None:
        """Add the milestones that a row holds in columns of their own, each with the date beside or above it."""
        update = self.values.update(row, columns, due, remark)
        status = self.values.status(row, columns, due)
        for at, (cell, when) in enumerate(steps):
            ended = None if when.said or "\n" in cell.text.strip() else ending_in_date(cell.text, self.year_kind)
            entries = (
                [Entry("", *ended)]
                if ended
                else entries_of(
                    cell.text, year_kind=self.year_kind, says_when=True, has_due_column=when.said, due_lines=2
                )
            )
            for number, entry in enumerate(entries):
                if not entry.due.said and not entry.frequency:
                    entry.due = when
                first = at == 0 and number == 0
                self.add_entry(row, columns, cell, entry, place, status, update if first else "", [])

    def add_dated_criterion(self, row: Row, columns: Columns, place: Place) -> bool:
        """Take what shall be reached by a date of its own, in a row below a dated action, as a milestone of it."""
        found = [cell for column in columns.success if (cell := self.values.own(row, column)) is not None]
        when = self.values.due_cell(row, columns)
        due = self.values.due(row, columns)
        told = when is not None and when.row == row.number and due.dated and len(found) == 1
        if not told or len(place.actions) != 1 or not place.milestones or not place.milestones[-1].date:
            return False
        entry = Entry("", one_line(strip_bullet(found[0].text)), due)
        leads = self.own_leads(row, columns, place)
        status = self.values.status(row, columns, due)
        self.add_entry(row, columns, found[0], entry, place, status, self.values.update(row, columns, due, ""), leads)
        return True

    def sub_row(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        """A row "- ..." under an action: a step of it, with its own date, or the end of its sentence."""
        if place.opens and len(row.cells) == 1 and not begins_with_verb(strip_bullet(cell.text)):
            action = place.actions[-1]
            action.text += f"{' ' if action.text.endswith(':') else '; '}{one_line(strip_bullet(cell.text))}"
            for milestone in place.milestones:
                milestone.text = action.text if milestone.implicit else milestone.text
            self.builder.line(self.grid, cell, Outcome.MERGED, "ends the sentence of the action above")
            return
        due = self.values.due(row, columns)
        leads, remark = self.values.leads(row, columns)
        ref = self.values.own(row, columns.ref)
        mark, text = (tidy_ref(ref.text), cell.text) if ref is not None else own_mark(cell.text.strip())
        above = place.actions[-1].ref if place.actions else ""
        mark = f"{above}{mark}" if mark.isalpha() else mark  # "a", "b" below each action
        entry = Entry(mark, one_line(strip_bullet(text)), due)
        status = self.values.status(row, columns, due)
        known = names(place.actions[0].leads)
        self.add_entry(
            row, columns, cell, entry, place, status, self.values.update(row, columns, due, remark),
            leads if leads and names(leads) != known else [],
        )  # fmt: skip
