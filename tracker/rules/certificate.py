"""The reconciliation of an import: what became of every line of the source; the parts add up to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.rules.text import fold


class Fate(StrEnum):
    """How a line of the source can end."""

    IMPORTED = "imported"
    MERGED = "merged"
    NEEDS_DECISION = "needs decision"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class SourceFate:
    """One line of the source: where it stands, what it says, how it ended and why."""

    where: str
    text: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanFate:
    """What became of a line in the plan ("new", "changed", "unchanged", "needs decision", "refused"), and where it was
    read.
    """

    where: str
    text: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an import did with a file: which file, when, by whom, into what, and every line of it."""

    filename: str
    sha256: str
    applied_at: datetime | None
    by: str
    plan: str
    plan_version: str
    profile: str
    lines: tuple[SourceFate, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Return the number of lines by how they ended, in the order of Fate."""
        counts = dict.fromkeys((fate.value for fate in Fate), 0)
        for line in self.lines:
            counts[line.fate.value] += 1
        return counts

    @property
    def sentence(self) -> str:
        """Return the totals as one sentence."""
        parts = ", ".join(f"{number:,} {_WORDS.get(fate, fate)}" for fate, number in self.totals.items())
        return f"{len(self.lines):,} lines were read: {parts}."


_WORDS = {Fate.NEEDS_DECISION.value: "need a decision"}


def reconciled(read: Sequence[SourceFate], applied: Iterable[PlanFate]) -> tuple[SourceFate, ...]:
    """Return the lines as they ended in the plan: one that the plan refused was left out, one with a question waits.

    `read` is what reading said of each line; no line is added and none is lost.
    """
    at: dict[str, list[PlanFate]] = defaultdict(list)
    for outcome in applied:
        if outcome.where and outcome.state in {"needs decision", "refused"}:
            at[outcome.where].append(outcome)
    alone: dict[str, int] = defaultdict(int)
    for line in read:
        alone[line.where] += 1
    return tuple(_ended(line, at.get(line.where, []), only=alone[line.where] == 1) for line in read)


def _ended(line: SourceFate, outcomes: list[PlanFate], *, only: bool) -> SourceFate:
    if line.fate not in {Fate.IMPORTED, Fate.MERGED}:
        return line
    words = fold(line.text)
    mine = [each for each in outcomes if only or (fold(each.text) and fold(each.text)[:60] in words)]
    waiting = next((each for each in mine if each.state == "needs decision"), None)
    if waiting is not None:
        return SourceFate(line.where, line.text, Fate.NEEDS_DECISION, waiting.detail)
    if mine:
        return SourceFate(line.where, line.text, Fate.LEFT_OUT, mine[0].detail or "refused")
    return line
