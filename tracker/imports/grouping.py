"""Which columns group the entries of a table: by their headings, or by how their values stand beside the entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.imports.columns import Columns
from tracker.imports.grid import Grid
from tracker.imports.layout import Header
from tracker.imports.profiles import Profile
from tracker.imports.words import exactly_known, heading

_REASON = re.compile(r"issue|finding|category|weakness|barrier|concern|\bgap|learning point|requirement|you said")
_WHERE = re.compile(r"^(?:core |clinical )?service(?: area)?$|^location|^site\b|^ward|specialty|^division|care group")
UPPER = re.compile(r"priorit|theme|objective|outcome|workstream|strand|pillar|goal|aim|ambition|programme|project")
_UNIT = re.compile(r"\b(service|directorate|department|team|programme|section|portfolio(?! holder))\b")
_MANY = 12  # words of a value that is repeated to the right of the entries


@dataclass(slots=True)
class Groups:
    """Chooses the grouping columns of one table from those that are not used for anything else."""

    grid: Grid
    header: Header
    rows: list[int]
    profiles: dict[int, Profile]
    free: set[int]
    columns: Columns

    def choose(self, named: list[int]) -> None:
        """Give out the grouping columns, at most two; `named` are those whose heading may be that of a group."""
        columns = self.columns
        main = columns.action or columns.milestone
        exact = [column for column in named if exactly_known(self.header.texts.get(column, ""))]
        counted = self._are_numbered_below_title(main)
        for column in sorted(named):
            found = self.profiles[column]
            if found.levels >= 0.5 or found.statuses >= 0.9 or not found.count:
                continue
            if exact and column not in exact and (column > main or not found.grouped):
                continue  # "Scope of recommendation" beside "Recommendation"
            if counted and not self._in_runs(column) and not found.grouped and not self._left_blank(column, main):
                columns.updates.append(self._taken(column))  # would tear "1.1", "1.2" below "1. Our streets" apart
                continue
            repeated = found.distinct <= 0.7 and found.count >= 3 and found.words <= _MANY
            each = (
                found.distinct >= (0.85 if self.header.titled else 0.9)
                and not found.grouped
                and not self._left_blank(column, main)
            )
            name = heading(self.header.texts.get(column, ""))
            grouped = any(self.profiles[other].distinct <= 0.7 for other in columns.sections)
            if column < main and self._divides_nothing(column, main, named=bool(UPPER.search(name))):
                self._take_reason(column)
                continue
            single = found.count >= (3 if _WHERE.search(name) or grouped else 5) and (
                _REASON.search(name) or _WHERE.search(name)
            )
            if each and (single or (self.header.titled and found.count >= 2 and not UPPER.search(name))):
                columns.updates.append(self._taken(column))  # says why of each action; groups nothing
            elif column < main or repeated:
                columns.sections.append(self._taken(column))
        if len(columns.sections) < 2 and main:
            self._by_shape(main)
        columns.sections = sorted(columns.sections)[:2]

    def _divides_nothing(self, column: int, main: int, *, named: bool = False) -> bool:
        """Return whether titles or a column to the left group the entries, and this column hardly groups them further.

        Below titles two of its values stand for fewer than three entries, or one for all that stands below each; beside
        a column that groups, each stands for one entry: an issue, a recommendation, a paper that they answer. A column
        named for a level of plans ("Objective") must do so below titles, with a value for nearly every entry.
        """
        entries = sum(1 for row in self.rows if (cell := self.grid.cell(row, main)) is not None and cell.text)
        starts = len(self._starts(column))
        if named:
            return self.header.titled and starts > 4 and starts * 10 >= entries * 9
        if self.header.titled:
            return starts > 1 and (starts * 3 > entries * 2 or self._is_one_for_each_table(column))
        beside = any(len(self._starts(other)) * 3 <= entries * 2 for other in self.columns.sections)
        return beside and starts > 4 and starts * 10 >= entries * 9

    def _take_reason(self, column: int) -> None:
        self.columns.reasons.append(column)
        self.columns.updates.append(self._taken(column))

    def _taken(self, column: int) -> int:
        self.free.discard(column)
        return column

    def _by_shape(self, main: int) -> None:
        """Take columns to the left of the entries whose values stand for several rows each, whatever their heading."""
        known = self.columns.sections
        for column in sorted(self.free):
            merged = self.profiles[column].grouped or self._left_blank(column, main)
            if column >= main or not self._may_group(column, merged=merged):
                continue
            if known and _UNIT.search(heading(self.header.texts.get(column, ""))):
                continue  # the directorate beside the theme acts, and is no part of the theme
            starts = len(self._starts(column))
            finer = self._in_runs(column) and all(
                other < column and len(self._starts(other)) < starts for other in known
            )
            if not (merged or finer):
                continue
            if any(self._starts(column) == self._starts(other) for other in known):
                continue  # says the same of the same rows as the group beside it
            if self._divides_nothing(column, main):
                self._take_reason(column)
                continue
            known.append(self._taken(column))
            if len(known) == 2:
                return

    def _are_numbered_below_title(self, main: int) -> bool:
        """Return whether the numbers of nearly all entries go on from that of the title above them."""
        rows = set(self.rows)
        number, below, last = "", 0, max(rows, default=0)
        for row in self.grid.row_numbers():
            if row > last:
                break
            if row in rows:
                cell = self.grid.shown(row, self.columns.ref or main)
                below += bool(number) and cell is not None and cell.text.startswith(f"{number}.")
            elif len(cells := self.grid.texts(row)) == 1:
                found = re.match(r"\D{0,14}?(\d{1,2})[.:)]?\s", cells[0].text)
                number = found[1] if found is not None else ""
        return below > 1 and below * 5 >= 4 * len(rows)

    def _is_one_for_each_table(self, column: int) -> bool:
        """Return whether each table with these headings has one value of a column, which stands for all its rows."""
        tables: list[list[str]] = []
        for at, value in enumerate(self._values(column)):
            if at == 0 or self.rows[at] > self.rows[at - 1] + 1:
                tables.append([])
            tables[-1].append(value)
        return len(tables) > 1 and all(len(set(values)) == 1 for values in tables)

    def _may_group(self, column: int, *, merged: bool) -> bool:
        found = self.profiles[column]
        roles = set(self.header.roles.get(column, ()))
        if roles == {"update"} and self.columns.sections and exactly_known(self.header.texts.get(column, "")):
            return False  # "Comments" between an objective and its actions
        if {"lead", "due", "start", "ref", "status", "raised", "actual"} & roles:
            return False
        outcome = re.search(r"outcome|benefit", heading(self.header.texts.get(column, "")))
        if roles == {"success"} and not (outcome and column == min(self.header.texts) and merged):
            return False  # "Key outcomes", once for the actions that lead to each
        if "support" in roles and not _UNIT.search(heading(self.header.texts.get(column, ""))):
            return False
        coded = found.refs if not any(re.search(r"[a-z]{3}", value) for value in self._values(column)) else 0.0
        values = max(found.dates, found.levels, found.statuses, coded, found.fractions, found.answers)
        return bool(found.count) and values < 0.5 and found.posts < 0.8

    def _values(self, column: int) -> list[str]:
        shown = (self.grid.shown(row, column) for row in self.rows)
        return [" ".join(cell.text.split()).casefold() if cell is not None else "" for cell in shown]

    def _left_blank(self, column: int, main: int) -> bool:
        """Return whether a value stands in the first row of each group and the rows below are left empty."""
        values = self._values(column)
        entries = [self.grid.cell(row, main) for row in self.rows]
        blank = sum(
            not value and cell is not None and bool(cell.text) for value, cell in zip(values, entries, strict=True)
        )
        said = [value for value in values if value]
        alone = blank > 1 and _UNIT.search(heading(self.header.texts.get(column, ""))) is not None
        some = blank >= 1 and (len(said) >= 2 or alone)
        return some and bool(values[0]) and len(set(said)) == len(said)

    def _in_runs(self, column: int) -> bool:
        """Return whether each value stands in rows that follow each other, and some in more than one."""
        values = self._values(column)
        starts = [value for at, value in enumerate(values) if at == 0 or value != values[at - 1]]
        return all(values) and 1 < len(starts) == len(set(starts)) <= 0.75 * len(values)

    def _starts(self, column: int) -> list[int]:
        values = self._values(column)
        return [at for at, value in enumerate(values) if value and (at == 0 or value != values[at - 1])]
