"""What the reads of deadlines return: moves of dates and of the plan's end, with how far each moves, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.rules.baseline import version_words
from tracker.rules.dates import Precision
from tracker.rules.reason_codes import reason_words
from tracker.rules.slippage import slip


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    """One line of the deadline ledger: a request for a new date and what became of it."""

    id: int
    milestone_id: int
    full_ref: str
    text: str
    original_text: str
    from_text: str
    to_text: str
    from_due: date | None
    to_due: date | None
    precision: str
    state: str  # "requested", "approved", "refused"
    reason: str
    recovery: str
    requested_on: date
    requested_by: str
    decided_on: date | None
    decided_by: str
    decision_level: str  # "manager" or "board"
    minute: str
    reason_code: str = ""
    meeting_on: date | None = None
    decision_note: str = ""
    decision_act: str = ""  # of a decision on a list at a meeting
    requested_by_id: int | None = None
    critical: bool = False
    original_due: date | None = None
    current_text: str = ""  # the deadline on the day shown
    current_due: date | None = None
    current_precision: str = "day"
    times_moved: int = 0  # in all, by the day shown
    measured_moves: int = 0  # of these, since the baseline in force, or since the original date where there is none
    baseline_due: date | None = None
    baseline_text: str = ""
    baseline_version: str = ""  # the label of the version that adopted it; "" while the original date counts

    @property
    def moved_by(self) -> str:
        """Return how far this request moves the date, in words; "" where there was none."""
        return slip(self.from_due, self.to_due, _precision(self.precision)).words if self.from_due else ""

    @property
    def from_original(self) -> str:
        """Return how far the date asked for is from the original, in words; "" where there was none."""
        return slip(self.original_due, self.to_due, _precision(self.precision)).words if self.original_due else ""

    @property
    def total_slip(self) -> str:
        """Return how far the deadline on the day shown is from the original, in words; "" where there was none."""
        if self.original_due is None:
            return ""
        return slip(self.original_due, self.current_due, _precision(self.current_precision)).words

    @property
    def baseline_name(self) -> str:
        """Return what the baseline is called ("baseline of version 2"); "" where the original date counts."""
        return f"baseline of {version_words(self.baseline_version)}" if self.baseline_version else ""

    @property
    def baseline_slip(self) -> str:
        """Return how far the deadline on the day shown is from the baseline; "" where the original date counts."""
        if not self.baseline_version:
            return ""
        found = slip(self.baseline_due, self.current_due, _precision(self.current_precision))
        return "on the baseline" if found.days == 0 else found.words

    @property
    def why(self) -> str:
        """Return the kind of reason in words; "" where none was given."""
        return reason_words(self.reason_code)


@dataclass(frozen=True, slots=True)
class PlanEndMove:
    """A move of the end of the whole plan; `decided_on` None: the plan's own document says so, and not when."""

    from_text: str
    to_text: str
    from_day: date | None
    to_day: date | None
    precision: str
    reason_code: str
    reason: str
    minute: str
    meeting_on: date | None
    decided_on: date | None
    decided_by: str

    @property
    def moved_by(self) -> str:
        """Return how far the end moved, in words; "" where one of the ends is no date."""
        if self.from_day is None or self.to_day is None:
            return ""
        return slip(self.from_day, self.to_day, _precision(self.precision)).words

    @property
    def why(self) -> str:
        """Return the kind of reason in words; "" where none was given."""
        return reason_words(self.reason_code)


def _precision(text: str) -> Precision:
    return Precision(text) if text in set(Precision) else Precision.DAY
