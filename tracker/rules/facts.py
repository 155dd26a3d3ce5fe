"""What is known of one milestone at the end of one day: the whole input of the colour rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.colour import Colour


class Confidence(StrEnum):
    """What the lead says about meeting the current deadline."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    WILL_MISS = "will_miss"


class SignOff(StrEnum):
    """Where a completion stands. `LAPSED`: approved, and what was signed has changed since."""

    NONE = "none"
    CLAIMED = "claimed"
    APPROVED = "approved"
    RETURNED = "returned"
    REVOKED = "revoked"
    LAPSED = "lapsed"


class Standing(StrEnum):
    """Whether a milestone counts. Anything but `OPEN` rests on a recorded decision."""

    OPEN = "open"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Override:
    """A colour set by a person: stands up to and including `until`."""

    colour: Colour
    until: date
    reason: str
    improves: bool = False  # only an improvement manager may improve


@dataclass(frozen=True, slots=True)
class Predecessor:
    """Another milestone that has to be finished first, as it stands on the day in question.

    `finished` means signed off. `colour` is asked only for Red. `expected` is its forecast, or its current deadline
    where it has no forecast. `elsewhere` says that it belongs to another plan, which not every reader may see: a
    sentence then gives neither its ref nor its date.
    """

    ref: str
    finished: bool
    colour: Colour
    expected: date | None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the colour of a milestone depends on, as known at the end of a day.

    Dates are London days. `due` is the last day of the period that `due_text` names (None: undated).
    `signoff_day` is the day on which `signoff` took its present value (for a lapse: the day it lapsed).
    `moves` counts approved deadline changes; `confirmed` is False from the approval of a new date until the
    lead has confirmed it. `check_due` is the day from which a completion is checked again, `embedded` the day on
    which it was found still true. The fields from `baseline_due` on are set while the baseline of a later version of
    the plan holds: the date that lateness is measured against, that version's label, and the moves there had been.
    """

    due: date | None = None
    due_text: str = ""
    original_due: date | None = None
    original_due_text: str = ""
    adopted: date | None = None
    planned_start: date | None = None
    started: date | None = None
    forecast: date | None = None
    forecast_text: str = ""
    confidence: Confidence | None = None
    confidence_reason: str = ""
    blocked: str = ""  # what blocks it, in words; empty if nothing does
    claimed: date | None = None  # the day on which completion was claimed
    completed: date | None = None  # the day on which the work was complete
    signoff: SignOff = SignOff.NONE
    signoff_day: date | None = None
    check_due: date | None = None
    embedded: date | None = None
    moves: int = 0
    confirmed: bool = True
    proposed_text: str = ""  # a requested new date that is undecided, in words
    standing: Standing = Standing.OPEN
    standing_reference: str = ""  # the recorded decision
    override: Override | None = None
    predecessors: tuple[Predecessor, ...] = ()
    baseline_due: date | None = None
    baseline_due_text: str = ""
    baseline_version: str = ""
    baseline_moves: int = 0

    @property
    def measured_due(self) -> date | None:
        """Return the date that slippage and lateness are measured against: the baseline, or the original date."""
        return self.baseline_due if self.baseline_version else self.original_due

    @property
    def measured_moves(self) -> int:
        """Return how often the deadline was moved since the date that it is measured against was agreed."""
        return max(self.moves - self.baseline_moves, 0) if self.baseline_version else self.moves
