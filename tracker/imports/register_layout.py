"""Tables to actions and milestones: one row per action or milestone, with or without lists in its cells."""

from __future__ import annotations

import re

from tracker.imports.columns import Columns
from tracker.imports.duetext import Due, due_of_text
from tracker.imports.grid import Cell
from tracker.imports.leads import is_same, shown_lead
from tracker.imports.lists import (
    Item,
    begins_with,
    bullets,
    capital_mark,
    has_bullet,
    lettered,
    numbered,
    one_line,
    own_mark,
    sentence_lines,
    small_lettered,
    strip_bullet,
)
from tracker.imports.milestones import begun_on, entries_of, own_deadline, pair_dates
from tracker.imports.reconcile import Outcome
from tracker.imports.row_entries import Place, joined, names, tidy_ref
from tracker.imports.rows import Row
from tracker.imports.sentences import says_what_to_do
from tracker.imports.step_entries import StepEntries
from tracker.imports.words import plain, row_kind, status_kind, words
from tracker.rules.document import ActionLine, MilestoneLine


class Table(StepEntries):
    """Reads the rows of one table into a builder."""

    # ------------------------------------------------------------------ one row
    def read(self, row: Row, place: Place) -> None:
        """Read one row of entries."""
        columns = row.columns
        assert columns is not None
        action = self.values.shown(row, columns.action)
        own_action = action is not None and action.row == row.number and bool(action.text)
        if self._is_blank(row, columns):
            self.builder.line(self.grid, row.cells[0], Outcome.LEFT_OUT, "a blank line of a template")
            return
        accounted = len(self.builder.account.lines)
        if own_action and action is not None and self._goes_on(row, columns, action, place):
            place.actions[-1].text = f"{place.actions[-1].text} {one_line(action.text)}"
            for milestone in place.milestones:
                if milestone.implicit:
                    milestone.text = place.actions[-1].text
            self.rest(row, place)
        elif own_action and action is not None and not self.says_the_same(row, action, place):
            self._with_action(row, columns, action, place)
        else:
            self._without_action(row, columns, action, place)
        if len(self.builder.account.lines) == accounted:
            self.builder.line(self.grid, row.cells[0], Outcome.LEFT_OUT, "says nothing beside the row above")
        for cell in row.cells:
            if not is_same(cell.text):
                self.values.above[cell.column] = cell

    def says_nothing(self, row: Row) -> bool:
        """Account for a row that says "None" in the place of an action; return whether it does."""
        cell = self.values.own(row, row.columns.action) if row.columns is not None else None
        if cell is None or plain(cell.text) not in words().nothing:
            return False
        self.builder.line(self.grid, cell, Outcome.LEFT_OUT, "says that nothing is to be done")
        return True

    def _goes_on(self, row: Row, columns: Columns, action: Cell, place: Place) -> bool:
        """Return whether a text ends the sentence above repeated headings, where a page cut the row in two."""
        led = self.values.own(row, columns.lead) or self.values.own(row, columns.due)
        return (
            row.after_header and bool(place.actions) and not place.many
            and (action.text[:1].islower() or (action.text[:1] in "£$(0123456789" and not led))
            and self.values.own(row, columns.ref) is None and not re.search(r"[.!?:;]$", place.actions[-1].text)
        )  # fmt: skip

    def _is_blank(self, row: Row, columns: Columns) -> bool:
        """Return whether a row only says what to write there: "[Insert action]", "Action 1" with nothing beside it."""
        if any(words().example.search(cell.text) for cell in row.cells if cell.column not in columns.core):
            return True  # "DD/MM/YYYY" under a date, "e.g. 1.1" under a ref
        empty = words().placeholder.search
        own = [cell.text for cell in row.cells if cell.column in columns.core]
        if not own or not all(empty(text) for text in own):
            return False
        texts = (cell.text for cell in row.cells if cell.column not in (columns.ref, columns.section_ref))
        return all(empty(text) or status_kind(text) for text in texts)

    def _with_action(self, row: Row, columns: Columns, cell: Cell, place: Place) -> None:
        told = self.values.own(row, columns.kind)
        of_above = row.number in columns.sub_rows or (told is not None and row_kind(told.text) == "milestone")
        if of_above and place.actions:
            self.sub_row(row, columns, cell, place)
            return
        after = place.actions[-1].ref[-1:] if place.many and place.actions else ""
        listed = lettered(cell.text, after) or small_lettered(cell.text)
        listed = listed or _many(numbered(cell.text)) or _many(bullets(cell.text)) or self._parallel(row, columns, cell)
        part_of_it = has_bullet(cell.text) and bool(place.actions) and not place.bulleted
        if not columns.milestone and not listed and part_of_it and not self._is_beside(row, columns, place):
            self.sub_row(row, columns, cell, place)
            return
        if listed:
            self._list_row(row, columns, cell, listed, place)
            return
        of_action = columns.of_action or columns
        ref_cell = self.values.ref_of_action(row, of_action, cell)
        ref = tidy_ref(ref_cell.text) if ref_cell else ""
        led, below = self.led(cell, columns)
        text = one_line(strip_bullet(led or cell.text))
        if not ref:
            ref, text = capital_mark(text) if columns.capitals else own_mark(text)
        if columns.sections and ref.isdigit() and (listed := numbered(text)) and listed[0].mark == "1":
            ref, text = "1", listed[0].text  # a list of one, beside the number of what groups it
        if not ref and re.fullmatch("[A-Z]{1,3}", above := place.workstream.ref):
            ref, text = begins_with(text, above)
        leads, remark = self.values.leads(row, of_action)
        if columns.lead_helps and place.led:
            leads, remark = [], "; ".join(shown_lead(lead) for lead in leads)  # the partners of who leads
        action = ActionLine(ref, text, leads, source=self.builder.source(self.grid, cell.address))
        if not ref:
            self.builder.numbered_here.add(self.grid.name)
        numeric = ref_cell is not None and isinstance(ref_cell.value, float)
        self.builder.action(place.workstream, action, numeric)
        place.actions, place.many, place.last_mark = [action], False, ""
        place.bulleted, place.opens = has_bullet(cell.text), text.rstrip().endswith(":")
        found = self.found(row, columns)
        action.status_text = self.values.status_of_action(row, of_action, cell, found.due)
        action.percent = self.values.percent(row, columns)
        self.add_success(row, columns, place, action)
        if below and found.entries is None:
            self.builder.line(self.grid, cell, Outcome.IMPORTED, text=led)
            self.add_led(row, columns, cell, place, below, found.due, remark)
            return
        steps = self.values.steps(row, columns)
        if steps and found.entries is None:
            place.milestones = []
            if found.due.said:  # the date of the whole, beside those of its milestones
                self.add_implied(row, of_action, cell, place, found.due, "", line_for_action=True)
            else:
                self.builder.line(self.grid, cell, Outcome.IMPORTED)
            self.add_steps(row, columns, place, steps, found.due, remark)
            return
        self.add_entries(row, columns, cell, place, remark, found, line_for_action=True)

    def _parallel(self, row: Row, columns: Columns, cell: Cell) -> list[Item]:
        """Return the lines of an action's cell as actions of their own where as many dates stand beside them."""
        lines = sentence_lines(re.sub(r"\n\s*\n", "\n", cell.text))
        due = self.values.due_cell(row, columns)
        beside = [line for line in due.text.split("\n") if line.strip()] if due is not None else []
        if columns.milestone or len(lines) < 2:
            return []
        told = any(re.search(r"\b(?:already|has been|have been|was|were)\b", line) for line in lines)
        own_ref = self.values.own(row, columns.ref) is not None  # one reference, one action
        short = all(len(each.split()) > 2 and each[-1] not in ".,;:!?" for each in lines)  # and no full stop
        if len(beside) < 2 and not told and (short or (not own_ref and all(map(says_what_to_do, lines)))):
            return [Item("", one_line(line)) for line in lines]
        if len(beside) != len(lines):
            return []
        if not all(due_of_text(line.strip(), self.year_kind).said or is_same(line) for line in beside):
            return []
        return [Item("", one_line(line)) for line in lines]

    def _list_row(self, row: Row, columns: Columns, cell: Cell, listed: list[Item], place: Place) -> None:
        """A row that lists actions: its milestones belong to the workstream, linked to no action."""
        leads, remark = self.values.leads(row, columns)
        by_line = self.values.leads_by_line(row, columns, len(listed))
        shared = place.workstream.source is not None and not place.workstream.actions and not by_line
        if shared and leads:
            place.workstream.leads = leads
        own = [] if shared or names(leads) == names(place.workstream.leads) else leads
        place.actions = []
        states = self.values.states_by_line(row, columns, len(listed))
        states = states or [self.values.status(row, columns, Due())] * len(listed)
        source = self.builder.source(self.grid, cell.address)
        marks = self.marks_in_row(row, columns, cell, place, listed)
        for at, item in enumerate(listed):
            text = "; ".join([item.text, *item.below])
            action = ActionLine(marks[at], text, by_line[at] if by_line else list(own), states[at], source)
            place.actions.append(self.builder.action(place.workstream, action))
            self.builder.line(self.grid, cell, Outcome.IMPORTED, text=f"{marks[at]}. {text}".strip(" ."))
        place.many, place.bulleted, place.last_mark = True, False, ""
        if self.values.own(row, columns.milestone) is not None:
            self.add_entries(row, columns, cell, place, remark, self.found(row, columns), line_for_action=False)
        else:
            self._implied_each(row, columns, cell, place, remark)

    def _implied_each(self, row: Row, columns: Columns, cell: Cell, place: Place, remark: str) -> None:
        """Give each action of a list its date: the line beside it, or the one date of the row."""
        due_cell = self.values.due_cell(row, columns)
        due = self.values.due(row, columns)
        entries = [begun_on(action.text, self.year_kind) for action in place.actions]
        for action, entry in zip(place.actions, entries, strict=True):
            action.text, entry.mark = entry.text, action.ref
        if due_cell is not None and len(due_cell.text.split("\n")) > 1 and len(entries) > 1:
            left = pair_dates(entries, due_cell.text, self.year_kind)
            due = Due(left=one_line(left)) if left != due_cell.text else due
        others, each = self.values.updates_by_line(row, columns, len(entries))
        update = self.values.update(row, others, due, remark)
        place.milestones = []
        for at, (action, entry) in enumerate(zip(place.actions, entries, strict=True)):
            said = entry.due.said or entry.due.status
            own = entry.due if said else own_deadline(action.text, self.year_kind) or due
            if not own.said:
                own = self.due_in_words(columns, action, place.workstream) or own
            told = joined(each[at] if each else "", update if at == 0 else "")
            if not own.said and not told:
                continue
            status = own.status or action.status_text
            action.status_text = status
            milestone = MilestoneLine(
                action.ref, action.text, own.words, own.tail, actions=[action.ref], implicit=True, status_text=status,
                update_text=told, needs_decision=own.question, source=action.source,
            )  # fmt: skip
            place.milestones.append(self.builder.milestone(place.workstream, milestone))
            if own.question:
                self.account_for(cell, milestone, f"{own.words}: {action.text}", due_cell)

    def _without_action(self, row: Row, columns: Columns, action: Cell | None, place: Place) -> None:
        """A row whose action stands above: merged downwards, left blank, or cut off by a page."""
        cell = self.values.own(row, columns.milestone)
        steps = self.values.steps(row, columns)
        if cell is None and steps and place.actions:
            self.add_steps(row, columns, place, steps, self.values.due(row, columns), "")
            return
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
        remark = self.values.leads(row, columns)[1] if self.values.own(row, columns.lead) is not None else ""
        self.add_entries(row, columns, cell, place, remark, self.found(row, columns), line_for_action=False)

    # ------------------------------------------------------------------ rows that go on, or belong nowhere
    def rest(self, row: Row, place: Place | None) -> None:
        """Add a row without an action or a milestone of its own to the row above."""
        columns = row.columns
        assert columns is not None
        if place is not None and self.add_dated_criterion(row, columns, place):
            return
        if self.is_entry_without_text(row, columns, place):
            return
        if place is None or not (place.actions or place.milestones):
            self.builder.line(self.grid, row.cells[0], Outcome.LEFT_OUT, "details without an action above them")
            return
        due = self.values.due(row, columns)
        leads, remark = self.values.leads(row, columns)
        update = self.values.update(row, columns, due, remark)
        target = place.milestones[-1] if place.milestones else None
        if place.actions:
            self.add_success(row, columns, place, place.actions[-1])
        if target is None and (update or due.said) and place.actions:
            self.add_implied(row, columns, row.cells[0], place, due, update, line_for_action=False)
        elif target is not None:
            target.update_text = joined(target.update_text, update)
            if due.said and not target.date:
                target.date, target.tail = due.words, due.tail
            elif due.said:
                target.update_text = joined(
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
        last.update_text = joined(last.update_text, update)
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
            self.add_entry(row, columns, cell, entry, place, "", "", [])
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
            place_ = f"The row at {cell.place}" if cell.place else f"Row {row.number} of “{self.grid.name}”"
            question = (
                f"{place_} has no action, lead or workstream above it, and its number "
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


def _many(items: list[Item]) -> list[Item]:
    return items if len(items) > 1 else []
