"""What the reads return: plain rows as at one day, shared by screens, reports and exports.

Every figure that a person can read in two places is computed once and stands here. Dates are London days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.queries.commitment_rows import CommitmentRow
from tracker.queries.plan_rows import PlanRow as PlanRow
from tracker.queries.version_rows import VersionRow
from tracker.rules.baseline import version_words
from tracker.rules.colour import Colour
from tracker.rules.refs import whole_ref
from tracker.rules.rollup import Counts, Direction, Headline


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A post that leads, with its organisation and whether it is the accountable one."""

    post_id: int
    post: str
    organisation: str
    accountable: bool
    vacant_since: date | None = None  # the first day since which nobody has held the post; None while somebody does
    wanting: str = ""  # "nobody" where no holder was ever recorded, "disabled" where the holder cannot sign in


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone as at a day, with its colour and the sentence that explains it."""

    id: int
    ref: str
    text: str
    priority_id: int
    priority_ref: str
    priority_title: str
    workstream_id: int | None
    workstream_ref: str
    workstream_title: str
    actions: tuple[str, ...]  # refs of linked actions
    leads: tuple[LeadRow, ...]
    due: date | None
    due_text: str  # as written; "" if undated
    due_precision: str
    original_due: date | None
    original_due_text: str
    moves: int  # since the date that slippage is measured against was agreed
    colour: Colour
    rule: str
    reason: str
    marks: tuple[str, ...]
    computed: Colour
    attributed: str
    until: date | None  # last day on which the colour stands if nothing more is recorded; None: for good
    started: date | None
    forecast: date | None
    forecast_text: str
    confidence: str
    confidence_reason: str
    blocked: str
    progress: str
    impact: str
    help_needed: str
    recovery: str
    updated_on: date | None
    updated_by: str
    claimed: date | None
    completed: date | None
    signoff: str
    confirmed: bool
    proposed_text: str
    critical: bool
    implicit: bool
    standing: str
    needs_decision: str
    tail: str
    version: int
    percent: int | None = None  # the lead's own figure; see `delivered_percent`
    outcome_confidence: str = ""
    outcome_reason: str = ""
    consequence: str = ""  # what happens if nothing more is done, in the lead's words
    since: date | None = None  # first day of the stretch in which colour and reason have been the same
    standing_reference: str = ""
    origin: str = ""  # where it came from, in words, if it was split off another one
    baseline_due: date | None = None
    baseline_due_text: str = ""
    baseline_version: str = ""  # label of the version whose baseline slippage is measured against; "": the original
    all_moves: int | None = None  # of the deadline, whatever baseline was adopted in between; None: `moves` is all
    status_text: str = ""  # what the plan's document said of it
    rating: str = ""  # the name of the colour that these words mean; "" where they mean none
    rating_file: str = ""
    rating_as_at: date | None = None

    @property
    def full_ref(self) -> str:
        """Return the ref that people say: workstream and number ("1a.5")."""
        return whole_ref(self.workstream_ref, self.ref)

    @property
    def measured_due(self) -> date | None:
        """Return the date that slippage is measured against: the baseline, or the original date."""
        return self.baseline_due if self.baseline_version else self.original_due

    @property
    def total_moves(self) -> int:
        """Return how often the deadline was moved in all."""
        return self.moves if self.all_moves is None else self.all_moves

    @property
    def measured_text(self) -> str:
        """Return the words of the date that slippage is measured against."""
        return self.baseline_due_text if self.baseline_version else self.original_due_text

    @property
    def measured_name(self) -> str:
        """Return what that date is ("original date", "baseline of version 2")."""
        return f"baseline of {version_words(self.baseline_version)}" if self.baseline_version else "original date"

    @property
    def lead_names(self) -> str:
        """Return the posts, accountable first, as one text."""
        return "; ".join(lead.post for lead in self.leads)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A lettered action; `colour` is None when it has no linked milestone ("via workstream")."""

    id: int
    ref: str
    text: str
    colour: Colour | None
    leads: tuple[LeadRow, ...]
    standing: str = "open"
    standing_reference: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record of a priority or of the plan (a criterion, a definition, an interdependency)."""

    kind: str
    term: str
    text: str
    standing: str = "open"
    standing_reference: str = ""


@dataclass(frozen=True, slots=True)
class WorkstreamRow:
    """A workstream with everything below it."""

    id: int
    ref: str
    title: str
    colour: Colour
    counts: Counts
    leads: tuple[LeadRow, ...]
    actions: tuple[ActionRow, ...]
    milestones: tuple[MilestoneRow, ...]
    commitments: tuple[CommitmentRow, ...]
    standing: str = "open"
    standing_reference: str = ""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What a group of people says beside the figures of a measure."""

    id: int
    who: str
    text: str
    source: str
    heard_on: date


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure with its baseline, target and readings as (period, group, value), and what people say beside them."""

    id: int
    name: str
    unit: str
    polarity: str
    baseline: str
    target: str
    frequency: str
    notes: str
    readings: tuple[tuple[str, str, str], ...]
    voices: tuple[VoiceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """A priority with its headline and everything below it."""

    id: int
    ref: str
    title: str
    description: str
    headline: Headline
    records: tuple[RecordRow, ...]
    measures: tuple[MeasureRow, ...]
    workstreams: tuple[WorkstreamRow, ...]
    unplaced: tuple[MilestoneRow, ...]  # milestones whose workstream is not known: each needs a decision
    standing: str = "open"
    standing_reference: str = ""

    @property
    def counts(self) -> Counts:
        """Return the counts behind the headline."""
        return self.headline.counts


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """A whole plan as at one day: the facts that the board view and every export are made of."""

    plan: PlanRow
    day: date
    headline: Headline
    priorities: tuple[PriorityRow, ...]
    records: tuple[RecordRow, ...]
    measures: tuple[MeasureRow, ...]
    reported: VersionRow | None = None  # the earlier version it is reported against; None: the one in force that day

    @property
    def version(self) -> VersionRow:
        """Return the version that the figures are measured against."""
        return self.reported or self.plan.version_on(self.day)

    @property
    def counts(self) -> Counts:
        """Return the counts behind the headline."""
        return self.headline.counts

    @property
    def milestones(self) -> tuple[MilestoneRow, ...]:
        """Return every milestone in document order."""
        return tuple(
            row
            for priority in self.priorities
            for group in (*(w.milestones for w in priority.workstreams), priority.unplaced)
            for row in group
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """One milestone whose colour is not what it was; `cause` is a phrase ("deadline passed 30 September 2025")."""

    milestone: MilestoneRow
    before: Colour | None
    after: Colour | None
    direction: Direction
    cause: str


@dataclass(frozen=True, slots=True)
class DecisionNeeded:
    """Something a person has to decide: what, about which milestone, and where it is decided."""

    kind: str  # "new date", "sign-off", "suspension", "escalation", "new date required", "unplaced", "undated"
    milestone: MilestoneRow
    sentence: str
    act: str  # label of the act ("Decide the new date")
    change_id: int | None = None
    reason: str = ""  # why it is asked, where somebody asks


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One ledger entry in plain words."""

    seq: int
    recorded_at: datetime
    effective_on: date
    actor: str
    sentence: str
    reason: str
    back_filled: bool
    fields: tuple[tuple[str, str, str], ...] = field(default=())
    act: str = ""  # what entries of one act of one person share
    undoable: bool = False  # as far as the entries of its act say that are shown


@dataclass(frozen=True, slots=True)
class EarlierWorkstream:
    """The colour of a workstream on an earlier day."""

    id: int
    colour: Colour


@dataclass(frozen=True, slots=True)
class EarlierPriority:
    """The headline of a priority on an earlier day, with its workstreams."""

    id: int
    headline: Headline
    workstreams: tuple[EarlierWorkstream, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The colours of a plan on an earlier day, to compare with: no texts, only what the comparison needs."""

    day: date
    headline: Headline
    priorities: tuple[EarlierPriority, ...]
    colours: dict[int, Colour]  # of every milestone that was there, by id
    pack: str = ""  # the issued pack that says so ("pack 3"); "" where the day is read from the timeline
    taken_at: datetime | None = None  # when that pack was frozen: what was recorded later is news

    @property
    def counts(self) -> Counts:
        """Return the counts behind the headline."""
        return self.headline.counts
