"""What became of each occurrence of a commitment by a day: held, held late, missed, skipped with a reason, not due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.windows import Rule, Window, windows


class Outcome(StrEnum):
    """What became of one occurrence. The last four are never stored: they follow from what is, and the day."""

    HELD = "held"
    SKIPPED = "skipped"
    LATE = "held late"
    MISSED = "missed"
    NOT_DUE = "not due"


NOT_IN_TIME = (Outcome.MISSED, Outcome.LATE)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of the occurrence of one scheduled date: held, skipped with a reason, or planned for a day.

    `held_on` None: on a day within its window. `signed`: a second person has signed it off.
    """

    scheduled: date
    outcome: Outcome | None = None
    held_on: date | None = None
    reason: str = ""
    planned_for: date | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One window with what became of it by a day."""

    window: Window
    outcome: Outcome
    recorded: Recorded | None = None
    current: bool = False  # the window that the day lies in

    @property
    def scheduled(self) -> date:
        """Return the date by which the occurrence is known."""
        return self.window.scheduled


def occurrences(rule: Rule, recorded: Iterable[Recorded], day: date) -> list[Occurrence]:
    """Return every window that has opened by the end of `day` with its outcome as at that day, oldest first."""
    known = {one.scheduled: one for one in recorded}
    return [occurrence(window, known.get(window.scheduled), day) for window in windows(rule, day)]


def occurrence(window: Window, recorded: Recorded | None, day: date) -> Occurrence:
    """Return one window with what became of it by the end of `day`."""
    current = window.opens <= day <= window.closes
    outcome = None if recorded is None else recorded.outcome
    if recorded is not None and recorded.held_on is not None and recorded.held_on > day:
        outcome = None  # on that day it had not been held
    if outcome is Outcome.HELD and recorded is not None and (recorded.held_on or window.closes) > window.closes:
        outcome = Outcome.LATE
    if outcome is None:
        outcome = Outcome.NOT_DUE if day <= window.closes else Outcome.MISSED
    return Occurrence(window, outcome, recorded, current)
