"""What a report is made of: plain rows that the queries return, and who asked for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.queries.coming_rows import Coming
from tracker.queries.deadline_rows import DeadlineMove, PlanEndMove
from tracker.queries.matters import MatterRow
from tracker.queries.raid_rows import RaidRow
from tracker.queries.rows import DecisionNeeded, Earlier, MilestoneRow, Movement, PlanSnapshot
from tracker.rules.colour import Colour
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Waiver:
    """A check that was waived before the pack was made: which, about what, why, by whom and when."""

    check: str
    ref: str
    text: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class MeetingAction:
    """An action that a meeting asked for and what has become of it. `due` is as it was said, `due_day` its last day."""

    number: str
    text: str
    owner: str
    due: str
    due_day: date | None
    state: str  # "open", "done" or "closed"
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person wrote about a part of the plan, or a draft of it that nobody has accepted yet."""

    text: str
    accepted: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The frozen facts of one report. `before` is the same plan as at `since`, the day of the last pack.

    `coming` reaches 90 days ahead. The fields with a default are printed where they are known.
    """

    snapshot: PlanSnapshot
    before: Earlier | PlanSnapshot | None
    since: date | None
    movements: tuple[Movement, ...]
    coming: tuple[Coming, ...]
    moves: tuple[DeadlineMove, ...]
    decisions: tuple[DecisionNeeded, ...]
    prepared_on: datetime
    ends: tuple[PlanEndMove, ...] = ()
    waits: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # what a milestone waits for, by its id
    evidence: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # titles of what stands for it, likewise
    knock_ons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # what a new date asked for does to others
    raid: tuple[RaidRow, ...] = ()  # the registers: risks, issues and decisions
    scheme: Scheme = DEFAULT
    board: str = ""
    meeting: date | None = None
    author: str = ""
    purpose: str = ""  # "decide", "discuss" or "note"
    contact: str = ""  # whom to ask for another format
    senior_officer: str = ""  # the post that is the senior responsible officer
    assurance: str = ""  # level of assurance, as the board grades it
    considered_by: tuple[str, ...] = ()  # who considered it before, each with its day
    recommendations: tuple[str, ...] = ()  # what the board is asked; computed from the decisions where it is empty
    earlier: Earlier | PlanSnapshot | None = None  # the pack before `before`, for the trend of three
    earlier_on: date | None = None
    next_meetings: tuple[date, ...] = ()  # of the board, soonest first
    actions: tuple[MeetingAction, ...] | None = None  # from the last meeting; None where there was none
    minuted: tuple[str, ...] = ()  # what the last meeting decided, a sentence each
    waivers: tuple[Waiver, ...] = ()
    matters: tuple[MatterRow, ...] = ()  # what was put to the board
    commentary: Mapping[str, Said] = field(default_factory=dict)  # by the key of its part: "plan", "priority.3"

    @property
    def day(self) -> date:
        """Return the day that the facts are as at."""
        return self.snapshot.day

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the words of the rating scheme that stood on that day."""
        return self.snapshot.plan.ratings.on(self.day).vocabulary

    def bearing_on(self, milestone_id: int) -> tuple[RaidRow, ...]:
        """Return the open entries of the registers that bear on a milestone."""
        return tuple(row for row in self.raid if row.closed_on is None and milestone_id in dict(row.milestones))

    def name(self, colour: Colour) -> str:
        """Return what sentences of this report call a colour."""
        return self.vocabulary.term(colour).name

    @property
    def milestones(self) -> tuple[MilestoneRow, ...]:
        """Return every milestone in document order."""
        return self.snapshot.milestones
