"""A lead workbook that came back: what was read of it, and what becomes of each of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from tracker.rules.workbook import BY_KEY, comparable


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row with a key: where it stands, what its locked cells say, and what was found in those to be filled in.

    `typed` has a text for each column that the sheet still has; `unread` are those whose content cannot be known (a
    formula that ends in an error, or that nobody has calculated).
    """

    place: str
    key: str
    ref: str
    locked: Mapping[str, str]
    typed: Mapping[str, str]
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the file that a person should know: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What was read of a workbook. `about` is its hidden sheet; `sent` the refs that went out, by milestone id."""

    filename: str
    rows: tuple[ReturnedRow, ...]
    about: Mapping[str, str]
    sent: Mapping[int, str]
    remarks: tuple[Remark, ...]
    missing: tuple[str, ...] = ()  # titles of columns that are not there

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        for row in data["rows"]:
            row["unread"] = sorted(row["unread"])
        data["sent"] = [[key, ref] for key, ref in self.sent.items()]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it from plain data."""
        rows = [ReturnedRow(**{**row, "unread": frozenset(row["unread"])}) for row in data["rows"]]
        return cls(
            data["filename"],
            tuple(rows),
            data["about"],
            {int(key): ref for key, ref in data["sent"]},
            tuple(Remark(**remark) for remark in data["remarks"]),
            tuple(data["missing"]),
        )


class Outcome(StrEnum):
    """What became of a cell, or of a row."""

    UNCHANGED = "unchanged"
    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(slots=True)
class CellResult:
    """One cell: what went out, what stands now, what came back, and what became of it with the reason in words.

    `seen` names what stands now, so that a choice between both texts holds only for what the person saw.
    """

    key: str
    outcome: Outcome
    sent: str = ""
    now: str = ""
    typed: str = ""
    why: str = ""
    seen: str = ""
    settled: bool = False  # a conflict in which a person chose what the workbook says

    @property
    def title(self) -> str:
        """Return the heading of its column."""
        return BY_KEY[self.key].title


@dataclass(slots=True)
class RowResult:
    """One row of the workbook: which milestone it is of, what became of its cells, and what else there is to say."""

    place: str
    milestone_id: int
    ref: str
    text: str = ""
    cells: list[CellResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    colour: str = ""  # what the milestone is after it, in the plan's words

    @property
    def outcome(self) -> Outcome:
        """Return the one word for the row: what most needs a person first."""
        found = {cell.outcome for cell in self.cells}
        for outcome in (Outcome.CONFLICT, Outcome.REFUSED, Outcome.APPLIED):
            if outcome in found:
                return outcome
        return Outcome.UNCHANGED

    @property
    def told(self) -> list[CellResult]:
        """Return the cells that there is something to say about."""
        return [cell for cell in self.cells if cell.outcome is not Outcome.UNCHANGED or cell.why]


@dataclass(slots=True)
class Result:
    """What became of a workbook, or would become of it."""

    made: str = ""  # the day on which it went out, as a date in words
    lead: str = ""  # whose workbook it is
    rows: list[RowResult] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    act: str = ""  # of the updates, by which they can be undone
    claims: int = 0  # completions that were claimed; these are not undone with the rest

    def count(self, outcome: Outcome) -> int:
        """Return how many cells ended so."""
        return sum(cell.outcome is outcome for row in self.rows for cell in row.cells)

    def rows_with(self, outcome: Outcome) -> list[RowResult]:
        """Return the rows in which a cell ended so."""
        return [row for row in self.rows if any(cell.outcome is outcome for cell in row.cells)]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, with the counts."""
        counts = {outcome.value: self.count(outcome) for outcome in Outcome}
        return {**asdict(self), "counts": counts}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it from plain data."""
        rows = [
            RowResult(
                **{
                    **row,
                    "cells": [CellResult(**{**cell, "outcome": Outcome(cell["outcome"])}) for cell in row["cells"]],
                }
            )
            for row in data["rows"]
        ]
        known = {name: value for name, value in data.items() if name not in {"rows", "remarks", "counts"}}
        return cls(**known, rows=rows, remarks=[Remark(**remark) for remark in data["remarks"]])


def agree(rows: Sequence[ReturnedRow]) -> bool:
    """Return whether copies of one row say the same in every cell."""
    return len({_content(row) for row in rows}) <= 1


def _content(row: ReturnedRow) -> tuple[Any, ...]:
    typed = tuple(sorted((key, comparable(text)) for key, text in row.typed.items()))
    return typed, tuple(sorted(row.unread)), (comparable(row.ref),)
