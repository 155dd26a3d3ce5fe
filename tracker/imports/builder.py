"""The plan as it grows while sheets are read: areas, workstreams, refs that are unique where they must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import Heading
from tracker.imports.reconcile import Account, Outcome
from tracker.imports.result import Problem
from tracker.rules.document import ActionLine, MilestoneLine, PlanDocument, PriorityLine, Source, WorkstreamLine

Tell: TypeAlias = Callable[[int, int], None]  # lines read so far, rows in all (0: not yet known)
_OFTEN = 100  # lines from one word about the progress to the next


def silent(done: int, total: int) -> None:
    """Tell nobody how far the reading is."""


@dataclass(slots=True)
class Builder:
    """What has been read so far, and where the next line belongs."""

    filename: str
    document: PlanDocument
    account: Account = field(default_factory=Account)
    problems: list[Problem] = field(default_factory=list)
    numbered_here: set[str] = field(default_factory=set)  # sheets whose actions carry no refs of their own
    areas_numbered_here: list[PriorityLine] = field(default_factory=list)  # those whose titles carry no number
    tell: Tell = silent
    rows: int = 0  # of the whole file
    _noted: set[tuple[str, str]] = field(default_factory=set)
    _steps: dict[tuple[int, str], int] = field(default_factory=dict)
    _copies: dict[tuple[int, str], int] = field(default_factory=dict)
    _taken: dict[tuple[int, str], set[str]] = field(default_factory=dict)

    def problem(self, where: str, what: str, next_step: str = "") -> None:
        """Note something that a person has to look at, once."""
        if (where, what) not in self._noted:
            self._noted.add((where, what))
            self.problems.append(Problem(where, what, next_step))

    def _copy(self, workstream: WorkstreamLine, ref: str, taken: set[str]) -> str:
        """Return "1.1 (2)" for the second 1.1 of a workstream."""
        key = (id(workstream), ref)
        number = self._copies.get(key, 1) + 1
        while f"{ref} ({number})" in taken:
            number += 1
        self._copies[key] = number
        return f"{ref} ({number})"

    def taken(self, workstream: WorkstreamLine, kind: str) -> set[str]:
        """Return the refs that a workstream's actions or milestones bear already."""
        return self._taken.setdefault((id(workstream), kind), set())

    def step(self, workstream: WorkstreamLine, ref: str) -> str:
        """Return the next free ref below an action's: "2.1", "2.2"."""
        taken, key = self.taken(workstream, "milestone"), (id(workstream), ref)
        number = self._steps.get(key, 0) + 1
        while f"{ref}.{number}" in taken:
            number += 1
        self._steps[key] = number
        return f"{ref}.{number}"

    def source(self, grid: Grid, cell: str) -> Source:
        """Return where a line was read."""
        return Source(self.filename, grid.name, cell)

    def line(self, grid: Grid, cell: Cell, outcome: Outcome, reason: str = "", text: str | None = None) -> None:
        """Account for one line of a sheet."""
        if len(self.account.lines) % _OFTEN == 0:
            self.tell(min(len(self.account.lines), self.rows), self.rows)
        self.account.add(grid.name, cell.row, cell.address, cell.text if text is None else text, outcome, reason)

    def area(self, ref: str, title: str, source: Source | None, label: str = "") -> PriorityLine:
        """Begin a top-level area, with a ref that no other has."""
        for known in self.document.priorities:
            if known.title.casefold() == title.casefold() and (not ref or known.ref == ref):
                return known
        if label:
            self.document.priority_label = label
        area = PriorityLine(_free(ref, {known.ref for known in self.document.priorities}), title, source=source)
        self.document.priorities.append(area)
        if not ref:
            self.areas_numbered_here.append(area)
        return area

    def leave_out_empty_areas(self) -> None:
        """Take titles without a number and with nothing below them for no areas: "Foreword", "Related pages"."""
        areas = self.document.priorities
        empty = [each for each in self.areas_numbered_here if not (each.workstreams or each.records or each.unplaced)]
        empty = [each for each in empty if not (each.description or each.measures)]
        if not empty or len(empty) == len(areas):
            return
        titles = {(each.source.sheet, each.source.cell) for each in empty if each.source is not None}
        for line in self.account.lines:
            if (line.sheet, line.cell) in titles and line.outcome is Outcome.IMPORTED:
                line.outcome, line.reason = Outcome.LEFT_OUT, "a title with no action under it"
        gone, own = {id(each) for each in empty}, {id(each) for each in self.areas_numbered_here}
        areas[:] = [each for each in areas if id(each) not in gone]
        for number, area in enumerate(areas if own >= {id(each) for each in areas} else [], 1):
            for stream in area.workstreams:
                if (stream.ref, stream.title) == (area.ref, area.title):
                    stream.ref = str(number)
            area.ref = str(number)

    def workstream(self, area: PriorityLine, ref: str, title: str, source: Source | None) -> WorkstreamLine:
        """Begin a workstream; one of the same name in the same area goes on."""
        for known in area.workstreams:
            if known.title.casefold() == title.casefold() and (not ref or known.ref == ref):
                return known
        workstream = WorkstreamLine(_free(ref, {known.ref for known in area.workstreams}), title, source=source)
        area.workstreams.append(workstream)
        return workstream

    def action(self, workstream: WorkstreamLine, action: ActionLine, numeric: bool = False) -> ActionLine:
        """Add an action under a ref that is unique in its workstream; a repeated ref is a problem, not a loss."""
        taken = self.taken(workstream, "action")
        if action.ref and action.ref in taken:
            last = workstream.actions[-1].ref
            given = _lost_zero(action.ref, last, taken) if numeric else ""
            if given:
                self.problem(
                    str(action.source or ""),
                    f"The reference shows as {action.ref}, which is used above; after {last} it was read as {given}, "
                    "because Excel drops the last zero of a number.",
                    "Format the column as text in the workbook, or correct the reference after the import.",
                )
            else:
                given = self._copy(workstream, action.ref, taken)
                first = next(known for known in workstream.actions if known.ref == action.ref)
                self.problem(
                    str(action.source or ""),
                    f"The reference {first.ref} is used twice ({first.source} and here).",
                    f"Say what this one is; until then it is {given}.",
                )
            action.ref = given
        elif not action.ref:
            action.ref = _free("", taken)
        taken.add(action.ref)
        workstream.actions.append(action)
        return action

    def milestone(self, workstream: WorkstreamLine, milestone: MilestoneLine) -> MilestoneLine:
        """Add a milestone under a ref that is unique in its workstream."""
        taken = self.taken(workstream, "milestone")
        ref = milestone.ref
        milestone.ref = self._copy(workstream, ref, taken) if ref and ref in taken else _free(ref, taken)
        taken.add(milestone.ref)
        workstream.milestones.append(milestone)
        return milestone

    def date_of(self, workstream: WorkstreamLine, when: str, source: Source | None) -> None:
        """Add the date that the title of a workstream ends with as a milestone that is linked to no action."""
        self.milestone(workstream, MilestoneLine("", workstream.title, when, source=source))

    def area_of(self, heading: Heading, grid: Grid) -> PriorityLine:
        """Begin an area with a heading's words."""
        return self.area(heading.ref, heading.title or heading.text, self.source(grid, heading.cell), heading.label)


def _free(ref: str, taken: set[str]) -> str:
    """Return a ref that is not taken: the one that is wanted, else the next number, or the ref with a number."""
    if ref and ref not in taken:
        return ref
    if not ref:
        number = len(taken) + 1
        while str(number) in taken:
            number += 1
        return str(number)
    stem = re.sub(r" \(\d+\)$", "", ref)
    number = 2
    while f"{stem} ({number})" in taken:
        number += 1
    return f"{stem} ({number})"


def _lost_zero(ref: str, last: str, taken: set[str]) -> str:
    """Return "1.10" for a second "1.1" that follows "1.9", as numbers lose their last zero; "" otherwise."""
    found = re.fullmatch(r"(\d+)\.([1-9])", ref)
    if not found:
        return ""
    wanted = f"{found[1]}.{found[2]}0"
    return wanted if last == f"{found[1]}.{int(found[2]) * 10 - 1}" and wanted not in taken else ""
