"""The values of one row of a table: what a reader sees in each column, merged cells and "ditto" included."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tracker.imports.colours import colour_name, fill_words, sign_words
from tracker.imports.columns import Columns
from tracker.imports.duetext import Due, due_of, due_of_text
from tracker.imports.grid import Cell, Grid
from tracker.imports.leads import are_posts_above_bodies, is_same, leads_of, without_support
from tracker.imports.lists import marked_lines, one_line
from tracker.imports.periods import period_words
from tracker.imports.rows import Row
from tracker.imports.who_and_when import who_and_when
from tracker.imports.words import is_dated, is_rating_letter, names_a_post, plain, status_kind, words
from tracker.rules.dates import Precision, show_day
from tracker.rules.document import LeadLine

_SIGNED = re.compile(  # "Terms of reference added. Complete 04/03/2020"
    r"(?:[.;:\n–—]\s*|\s-\s|\s(?=\w+ (?:on )?\d))(Completed?|Closed|Achieved|Implemented|Done|Delivered)"
    r"(?:\s+(?:on |in )?(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4}))?\s*\.?\s*$"
)


class RowValues:
    """Reads the cells of rows by what their columns hold."""

    def __init__(self, grid: Grid, key: dict[str, str], year_kind: str, by_name: dict[str, str] | None = None) -> None:
        self.grid = grid
        self.by_name = by_name or {}  # the words of the key by the name of the colour
        self.key = key
        self.year_kind = year_kind
        self.fills: set[int] = set()  # the rows whose rating was read from a cell's colour
        self.above: dict[int, Cell] = {}  # the last text in a column, for "ditto"

    def shown(self, row: Row, column: int) -> Cell | None:
        """Return what a reader sees in a column of a row, merged cells included."""
        if not column:
            return None
        cell = self.grid.shown(row.number, column)
        return cell if cell is not None and cell.text else None

    def ref_of_action(self, row: Row, columns: Columns, action: Cell) -> Cell | None:
        """Return the cell of an action's reference; one that is merged over the rows of its group is the group's."""
        cell = self.shown(row, columns.ref)
        group = self.shown(row, columns.sections[-1]) if columns.sections else None
        span = cell.span if cell is not None else None
        if span is None or span.bottom == span.top or group is None or group.span is None:
            return cell
        own = action.span is not None and (action.span.top, action.span.bottom) == (span.top, span.bottom)
        is_group = (group.span.top, group.span.bottom) == (span.top, span.bottom)
        return None if is_group and not own else cell

    def own(self, row: Row, column: int) -> Cell | None:
        """Return the text that begins in a column of a row; a cell merged from above is not its own."""
        cell = self.shown(row, column)
        return cell if cell is not None and cell.row == row.number else None

    def due_cell(self, row: Row, columns: Columns) -> Cell | None:
        revised = [columns.due_revised, *columns.revised_before]
        for column in (*revised, columns.due, columns.due_original):
            cell = self.shown(row, column)
            if cell is not None and not (column in revised and _says_none(cell.text)):
                return self.above.get(cell.column, cell) if is_same(cell.text) else cell
        return None

    def due(self, row: Row, columns: Columns) -> Due:
        """Return what the row says about its date; a start and a number of days say it as well."""
        due = self._written_due(row, columns)
        if due.words or due.left or not columns.days:
            return due
        start, days = self.own(row, columns.start), self.own(row, columns.days)
        begins = due_of(start, self.year_kind).period
        if begins.precision is not Precision.DAY or begins.start is None or days is None:
            return due
        count = re.fullmatch(r"(\d{1,4})(?:\.0)?(?: days?)?", days.text.strip(), re.I)
        if count is None or not 1 <= int(count[1]) <= 3650:
            return due
        last = show_day(begins.start + timedelta(days=int(count[1]) - 1))
        return due_of_text(last, self.year_kind)

    def _written_due(self, row: Row, columns: Columns) -> Due:
        cell = self.due_cell(row, columns)
        if columns.due_has_lead and cell is not None and cell.column == columns.due:
            when = who_and_when(cell.text, self.year_kind)[1]
            return due_of_text(when or cell.text, self.year_kind)
        if columns.due_among_measures and cell is not None and not due_of(cell, self.year_kind).dated:
            return Due(left=cell.text)
        has_status = columns.due_has_status or not columns.status
        return due_of(cell, self.year_kind, with_status=columns.due_has_status and has_status)

    def leads(self, row: Row, columns: Columns) -> tuple[list[LeadLine], str]:
        if columns.people:
            ticked = [name for column, name in columns.people.items() if self.own(row, column) is not None]
            return [LeadLine(name) for name in ticked], ""
        if columns.due_has_lead:
            cell = self.shown(row, columns.due)
            return leads_of(who_and_when(cell.text, self.year_kind)[0]) if cell is not None else ([], "")
        if columns.action_has_lead:
            action = self.shown(row, columns.action)
            ends = re.search(r"\(([^()]{2,80})\)\s*\.?$", action.text) if action is not None else None
            return leads_of(ends[1]) if ends and names_a_post(ends[1]) else ([], "")
        cell = self.shown(row, columns.lead)
        if cell is None and columns.lead_of_group and row.columns is columns:
            cell = self.above.get(columns.lead)
        if cell is not None and is_same(cell.text):
            cell = self.above.get(columns.lead, cell)
            self.above[columns.lead] = cell
        if cell is None:
            return [], ""
        own, aside = without_support(cell.text)
        found, other = leads_of(own)
        return found, " ".join(filter(None, (other, aside)))

    def leads_by_line(self, row: Row, columns: Columns, count: int) -> list[list[LeadLine]] | None:
        """Return the lead of each entry of a list where names stand in lines beside the entries, else None.

        Lines of names alone may as well be joint leads: the dates must stand in as many lines, or one say "ditto", or
        the names carry marks of their own ("a) Head of Service").
        """
        cell = self.own(row, columns.lead)
        marked = [item.text for item in marked_lines(cell.text)] if cell is not None else []
        if count > 1 and len(marked) == count:
            return [leads_of(text)[0] for text in marked]
        lines = [line.strip() for line in cell.text.split("\n") if line.strip()] if cell is not None else []
        if are_posts_above_bodies(lines):
            return None
        due = self.due_cell(row, columns)
        due_lines = sum(bool(line.strip()) for line in due.text.split("\n")) if due is not None else 0
        if count < 2 or len(lines) != count or not (due_lines == count or any(is_same(line) for line in lines)):
            return None
        found: list[list[LeadLine]] = []
        for line in lines:
            found.append(list(found[-1]) if is_same(line) and found else leads_of(line)[0])
        return found

    def states_by_line(self, row: Row, columns: Columns, count: int) -> list[str]:
        """Return the status of each entry of a list where as many stand in lines beside the entries, else []."""
        cell = self.own(row, columns.status)
        lines = [one_line(line) for line in cell.text.split("\n") if line.strip()] if cell is not None else []
        if len(lines) == count > 1 and all(status_kind(line) for line in lines):
            return lines
        told = [status_in(text) for text in self.updates_by_line(row, columns, count)[1]] if not columns.status else []
        return told if any(told) else []

    def updates_by_line(self, row: Row, columns: Columns, count: int) -> tuple[Columns, list[str]]:
        """Return the update of each entry of a list where one beside it is a list as long, and the other columns."""
        lists = {
            column: [one_line(item.text) for item in marked_lines(cell.text)]
            for column in columns.updates
            if count > 1 and (cell := self.own(row, column)) is not None
        }
        found = [column for column, texts in lists.items() if len(texts) == count]
        if len(found) != 1:
            return columns, []
        return replace(columns, updates=[each for each in columns.updates if each not in found]), lists[found[0]]

    def status(self, row: Row, columns: Columns, due: Due) -> str:
        """Return the source's status: its word, else the meaning of the cell's fill, else a percentage."""
        if columns.status:
            cell = self.shown(row, columns.status) or self.grid.cell(row.number, columns.status)
            if cell is not None and cell.text:
                return sign_words(cell, self.key) or self._answered(cell, columns)
            if cell is not None and cell.fill:
                self.fills.add(row.number)
                return fill_words(cell.fill, self.key)
        if ticked := self._ticked(row, columns):
            return ticked
        states = [state for _, state in self.states(row, columns) if status_kind(state) or is_rating_letter(state)]
        percent = self.own(row, columns.percent) if not columns.status else None
        said = (states[-1] if states else "") or due.status or percent_words(percent)
        return said or self._status_in_update(row, columns) or self._colour_of_row(row, columns)

    def _ticked(self, row: Row, columns: Columns) -> str:
        """Return the heading of the column of statuses that a row ticks; "On target: No" where it only says no."""
        found = {text: cell for column, text in columns.ticked.items() if (cell := self.own(row, column)) is not None}
        denied = [text for text, cell in found.items() if plain(cell.text) in ("no", "n")]
        ticked = [text for text in found if text not in denied]
        return "; ".join(ticked) or (f"{denied[-1]}: No" if denied else "")

    def _colour_of_row(self, row: Row, columns: Columns) -> str:
        """Return what the colour of a row's text or ref says by the file's own key, where no column holds a rating."""
        cell = None if columns.status or columns.periods else self.grid.cell(row.number, columns.action)
        ref = self.grid.cell(row.number, columns.ref) if cell is not None and not cell.fill else None
        cell = ref if ref is not None and ref.fill in self.key else cell
        if cell is None or not cell.fill:
            return ""
        words_ = self.key.get(cell.fill) or self.by_name.get(colour_name(cell.fill), "")
        if words_:
            self.fills.add(row.number)
        return words_

    def _status_in_update(self, row: Row, columns: Columns) -> str:
        """Return the status word that an update begins or ends with, "" where it does with none."""
        told = [column for column in columns.updates if is_dated(columns.texts.get(column, ""))]
        said = [column for column in columns.updates if self.own(row, column) is not None]
        for column in said[-1:] if len(told) == len(columns.updates) else said:  # of several times the last one counts
            cell = self.own(row, column)
            if cell is not None and (told_by := status_in(cell.text)):
                return told_by
        return ""

    def status_of_action(self, row: Row, columns: Columns, action: Cell, due: Due) -> str:
        """Return an action's own status: where it is merged over several milestones, theirs is not its."""
        if action.span is not None and action.span.bottom > row.number and self.own(row, columns.milestone) is not None:
            cell = self.grid.cell(row.number, columns.status) if columns.status else None
            if cell is None or cell.span is None or cell.span.bottom < action.span.bottom:
                return ""
        return self.status(row, columns, due)

    def milestone_status(self, row: Row, columns: Columns, due: Due, status: str) -> str:
        own = self.own(row, columns.status)
        return (sign_words(own, self.key) or self._answered(own, columns)) if own is not None else due.status or status

    def _answered(self, cell: Cell, columns: Columns) -> str:
        """Return a status; a bare "Yes" or "No" says nothing without the question in its heading ("On target?")."""
        said = one_line(cell.text)
        asked = columns.texts.get(columns.status, "").rstrip(" ?:")
        return f"{asked}: {said}" if asked and plain(said) in ("yes", "no", "y", "n") else said

    def update(self, row: Row, columns: Columns, due: Due, remark: str) -> str:
        """Return the narrative of a row; parts from other columns carry their heading."""
        parts: list[str] = []
        begins = self.own(row, columns.action) is not None
        seen = {column: self.shown if begins and column in columns.reasons else self.own for column in columns.updates}
        texts = [(column, look(row, column)) for column, look in seen.items()]
        found = [(column, cell) for column, cell in texts if cell is not None]
        for column, cell in found:
            text = cell.text.strip()
            alone = len(found) == 1 and not status_kind(text) and not is_rating_letter(text)
            parts.append(text if alone else f"{columns.texts.get(column, 'Update')}: {text}")
        due_cell = self.due_cell(row, columns)
        others = [(column, self.own(row, column)) for column in (columns.actual, self._replaced(row, columns))]
        if due_cell is not None and due_cell.column != columns.due_original:
            others.append((columns.due_original, self.own(row, columns.due_original)))
        revised = [columns.due_revised, *columns.revised_before]
        if due_cell is not None and due_cell.column in revised:
            before = [*revised[revised.index(due_cell.column) + 1 :], columns.due]
            others += [(column, self.own(row, column)) for column in before]
        percent = self.own(row, columns.percent)
        if columns.status and percent is not None:
            others.append((columns.percent, percent))
        for column, other in others:
            if other is not None and other.text:
                words_ = self.date_words(other) if column != columns.milestone_original else one_line(other.text)
                words_ = percent_words(other) if column == columns.percent else words_
                parts.append(f"{columns.texts.get(column, '')}: {words_}")
        if due.left and due_cell is not None:
            parts.append(f"{columns.texts.get(due_cell.column, 'When')}: {due.left}")
        if remark:
            parts.append(f"{columns.texts.get(columns.lead, 'Lead')}: {remark}")
        return "\n".join(parts)

    def _replaced(self, row: Row, columns: Columns) -> int:
        """Return the column of the milestones as they were, where a row has new ones; 0 where those hold."""
        return columns.milestone_original if self.own(row, columns.milestone) is not None else 0

    def date_words(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        due = due_of(cell, self.year_kind)
        return due.words or one_line(cell.text)

    def percent(self, row: Row, columns: Columns) -> int | None:
        """Return how much of a row's work is done, from 0 to 100; None if no column says so."""
        found = re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*%?", percent_words(self.own(row, columns.percent)))
        return int(found[1]) if found and int(found[1]) <= 100 else None

    def done_on(self, row: Row, columns: Columns) -> str:
        """Return the words of the day on which a row's work was done, from a column that holds such days."""
        due = due_of(self.own(row, columns.actual), self.year_kind)
        return due.words if due.dated else ""

    def steps(self, row: Row, columns: Columns) -> list[tuple[Cell, Due]]:
        """Return the milestones that stand in columns of their own, with the date beside or the period above each."""
        found = [
            (cell, due_of(self.own(row, date), self.year_kind))
            for column, date in columns.steps
            if (cell := self.own(row, column)) is not None
        ]
        for column, label in columns.periods.items() if columns.periods_say_what else ():
            cell = self.own(row, column)
            if cell is not None and not is_same(cell.text):
                found.append((cell, due_of_text(period_words(label), self.year_kind)))
        return found

    def states(self, row: Row, columns: Columns) -> list[tuple[str, str]]:
        """Return what a time grid says: the period and the word, tick or colour under it."""
        found: list[tuple[str, str]] = []
        for column, label in columns.periods.items() if not columns.periods_say_what else ():
            cell = self.grid.cell(row.number, column)
            if cell is not None and cell.text:
                found.append((label, one_line(cell.text)))
            elif cell is not None and cell.fill and self.grid.covering(row.number, column) in (None, cell.span):
                found.append((label, fill_words(cell.fill, self.key)))
        return found


def _says_none(text: str) -> bool:
    """Return whether a text says that there is nothing: "n/a", "-", or the date that Excel makes of nothing."""
    empty = re.fullmatch(r"190[01]-\d\d-\d\d|00/01/1900", text.strip())
    return plain(text) in words().nothing or empty is not None or not re.search(r"\w", text)


def status_in(text: str) -> str:
    """Return the status word that a text begins with ("Completed. Chris met ..."), or is signed with at its end."""
    led = re.sub(r"^(?:\d{1,2}(?:\s?[-–]\s?\d{1,2}[.):]?|[.):])\s+)?[^\w(]*", "", text)  # "⬤ Amber", "1-3 Complete"
    first = re.split(r"[.,;:\n(]| [-–—] | and ", led, maxsplit=1)[0]
    if first and status_kind(first) and not first.strip().endswith("%"):
        return one_line(first)
    signed = _SIGNED.search(text)
    return one_line(signed[1]) if signed else ""


def percent_words(cell: Cell | None) -> str:
    """Return how much is done in words: "50%", also where the cell holds 0.5 without a format of its own."""
    if cell is None:
        return ""
    if isinstance(cell.value, float) and 0 <= cell.value <= 1 and "%" not in cell.text:
        return f"{cell.value:.0%}"
    return one_line(cell.text)
