"""The versions of a plan as rows, and which of them is in force on a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.dates import show_day

_NUMBER = re.compile(r"\d{1,4}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a plan. The first one is the plan's own label and adoption day, and rests on no decision here."""

    id: int | None  # None: the first version
    number: int
    label: str
    adopted: date | None  # None: the first version of a plan whose document does not say when it was adopted
    board: str = ""
    meeting_on: date | None = None
    minute: str = ""
    note: str = ""
    recorded_on: date | None = None
    recorded_by: str = ""
    undone_on: date | None = None
    undone_reason: str = ""

    @property
    def name(self) -> str:
        """Return the version as a heading has it ("Version 2", "Version 1 (Final)")."""
        return f"Version {self.label}" if self.label[:1].isdecimal() else f"Version {self.number} ({self.label})"

    @property
    def words(self) -> str:
        """Return the version as a sentence has it ("version 2", "version 1 (Final)")."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def key(self) -> str:
        """Return what an address calls it: its label where that is a number, otherwise "v" and its own number."""
        return self.label if _NUMBER.fullmatch(self.label) else f"v{self.number}"

    @property
    def decision(self) -> str:
        """Return the decision that adopted it ("Partnership Board, 14 May 2026, minute 5.2"); "" for the first."""
        if self.meeting_on is None:
            return ""
        return f"{self.board}, {show_day(self.meeting_on)}, minute {self.minute}"

    @property
    def sentence(self) -> str:
        """Return the version with its adoption day, as the head of a page or a report prints it."""
        return self.name + (f", adopted {show_day(self.adopted)}" if self.adopted else "")

    @property
    def baseline(self) -> str:
        """Return the version with the day of its baseline, as every page of a report prints it."""
        return self.name + (f", baseline {show_day(self.adopted)}" if self.adopted else "")

    def holds_on(self, day: date) -> bool:
        """Return whether it had been adopted, and not undone, by the end of a day."""
        begun = self.adopted is None or self.adopted <= day or self.number == 1
        return begun and (self.undone_on is None or self.undone_on > day)


def first_version(label: str, adopted: date | None) -> VersionRow:
    """Return the first version of a plan: worked out from the plan itself, never stored."""
    return VersionRow(None, 1, label or "1", adopted)


def in_force(versions: Sequence[VersionRow], day: date) -> VersionRow:
    """Return the version in force at the end of a day: the last one adopted by then. The first is always there."""
    return max((version for version in versions if version.holds_on(day)), key=lambda version: version.number)


def following(versions: Sequence[VersionRow], version: VersionRow, day: date) -> VersionRow | None:
    """Return the version that took the place of another one by a day; None if it is the one in force."""
    later = [other for other in versions if other.number > version.number and other.holds_on(day)]
    return min(later, key=lambda other: other.number, default=None)


def find_version(versions: Sequence[VersionRow], asked: str, day: date) -> VersionRow | None:
    """Return the version that is asked for by its label or, where no label is meant, its number; None if none is."""
    there = [version for version in versions if version.holds_on(day)]
    wanted = asked.strip().casefold()
    by_label = [version for version in there if version.label.casefold() == wanted]
    by_number = [version for version in there if wanted in {str(version.number), f"v{version.number}"}]
    return next(iter([*by_label, *by_number]), None)
