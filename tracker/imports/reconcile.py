"""Every line of the source accounted for: imported, merged, waiting for a decision, or left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a line of the source."""

    IMPORTED = "imported"
    MERGED = "merged"
    NEEDS_DECISION = "needs_decision"
    LEFT_OUT = "left_out"


@dataclass(slots=True)
class SourceLine:
    """A row of a sheet, or one entry of a list in a cell, and what became of it."""

    sheet: str
    row: int
    cell: str
    text: str
    outcome: Outcome
    reason: str = ""

    @property
    def where(self) -> str:
        """Return "Sheet1 B7"."""
        return f"{self.sheet} {self.cell}"


@dataclass(slots=True)
class Account:
    """The lines in the order of the source. A row that nobody accounted for is found by `close`."""

    lines: list[SourceLine] = field(default_factory=list)

    def add(self, sheet: str, row: int, cell: str, text: str, outcome: Outcome, reason: str = "") -> SourceLine:
        """Record what became of one line."""
        line = SourceLine(sheet, row, cell, " ".join(text.split())[:200], outcome, reason)
        self.lines.append(line)
        return line

    def close(self, rows: dict[str, list[tuple[int, str, str]]]) -> None:
        """Add every row of the source (number, cell, text by sheet) that has no line yet, and put all in order."""
        known = {(line.sheet, line.row) for line in self.lines}
        for sheet, found in rows.items():
            for row, cell, text in found:
                if (sheet, row) not in known:
                    self.add(sheet, row, cell, text, Outcome.LEFT_OUT, "not recognised as part of the plan")
        order = {sheet: at for at, sheet in enumerate(rows)}
        self.lines.sort(key=lambda line: (order.get(line.sheet, 0), line.row))

    def totals(self) -> dict[str, int]:
        """Return the number of lines in all and by outcome; the parts add up to the whole."""
        counts = Counter(line.outcome for line in self.lines)
        return {"lines": len(self.lines)} | {outcome.value: counts[outcome] for outcome in Outcome}
