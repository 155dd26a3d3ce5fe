"""What is done: actions, milestones, commitments, evidence and deadline changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class Action(Base):
    """A lettered undertaking within a workstream."""

    __tablename__ = "action"
    __table_args__ = (UniqueConstraint("workstream_id", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    workstream_id: Mapped[int] = mapped_column(ForeignKey("workstream.id"), index=True)
    ref: Mapped[str]
    text: Mapped[str]
    status_text: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class Milestone(Base):
    """A numbered deliverable with everything that its colour depends on.

    The columns from `due` to `override_improves` are the facts of the colour rules; their ledger entries, folded
    by day, are the only source of the colour timeline.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("workstream_id", "ref"),
        Index("ix_milestone_plan_position", "plan_id", "position"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    priority_id: Mapped[int] = mapped_column(ForeignKey("priority.id"), index=True)
    workstream_id: Mapped[int | None] = mapped_column(ForeignKey("workstream.id"), index=True)
    ref: Mapped[str]
    text: Mapped[str]
    position: Mapped[int]
    tail: Mapped[str] = mapped_column(default="")
    implicit: Mapped[bool] = mapped_column(default=False)
    critical: Mapped[bool] = mapped_column(default=False)
    status_text: Mapped[str] = mapped_column(default="")
    """What the imported document said of it; kept beside the computed colour, never turned into one."""
    rating: Mapped[str] = mapped_column(Short, default="")
    """The colour that `status_text` means, by the document's own key where it has one; "" where it means none."""
    rating_file: Mapped[str] = mapped_column(default="")
    rating_as_at: Mapped[date | None]
    """The document that first said so, and the day that it speaks of."""
    needs_decision: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")
    """Where it came from, in words, if it was split off another one."""

    due: Mapped[date | None]
    due_text: Mapped[str] = mapped_column(default="")
    due_precision: Mapped[str] = mapped_column(Short, default="none")
    original_due: Mapped[date | None]
    original_due_text: Mapped[str] = mapped_column(default="")
    """The very first date, which no review changes."""
    baseline_due: Mapped[date | None]
    baseline_due_text: Mapped[str] = mapped_column(default="")
    baseline_version: Mapped[str] = mapped_column(default="")
    """The label of the version of the plan whose baseline slippage is measured against; "" for the original date."""
    baseline_number: Mapped[int] = mapped_column(default=0)
    baseline_moves: Mapped[int] = mapped_column(default=0)
    """How often the deadline had been moved when that baseline was adopted; `moves` counts all of them."""
    planned_start: Mapped[date | None]
    started: Mapped[date | None]
    forecast: Mapped[date | None]
    forecast_text: Mapped[str] = mapped_column(default="")
    confidence: Mapped[str] = mapped_column(Short, default="")
    confidence_reason: Mapped[str] = mapped_column(default="")
    blocked: Mapped[str] = mapped_column(default="")
    claimed: Mapped[date | None]
    completed: Mapped[date | None]
    signoff: Mapped[str] = mapped_column(Short, default="none")
    signoff_day: Mapped[date | None]
    moves: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[bool] = mapped_column(default=True)
    proposed_text: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    override_colour: Mapped[str] = mapped_column(Short, default="")
    override_until: Mapped[date | None]
    override_reason: Mapped[str] = mapped_column(default="")
    override_improves: Mapped[bool] = mapped_column(default=False)

    progress: Mapped[str] = mapped_column(default="")
    impact: Mapped[str] = mapped_column(default="")
    help_needed: Mapped[str] = mapped_column(default="")
    recovery: Mapped[str] = mapped_column(default="")
    consequence: Mapped[str] = mapped_column(default="")
    """What happens if nothing more is done about it, in the lead's words."""
    percent: Mapped[int | None]
    """How much of the work is done in the lead's own figure, 0 to 99, where the rating scheme has one."""
    outcome_confidence: Mapped[str] = mapped_column(Short, default="")
    outcome_reason: Mapped[str] = mapped_column(default="")
    """The second rating, where the scheme has one: the lead's, with its reason. No colour depends on it."""
    updated_on: Mapped[date | None]
    updated_by: Mapped[str] = mapped_column(default="")
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who claimed completion: may not sign it off, and neither may who last changed its evidence."""
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_hash: Mapped[str] = mapped_column(default="")
    """Hash of what was signed: text, deadline, completion day and evidence."""
    signed_content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What was signed, in full, so that a lapse can say what changed; None where nothing is, or it was not kept."""
    signoff_note: Mapped[str] = mapped_column(default="")
    check_due: Mapped[date | None] = mapped_column(index=True)
    """The day from which somebody asks whether what was signed off is still true."""
    embedded: Mapped[date | None]
    """The day on which it was found still true."""

    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute

    @property
    def measured_moves(self) -> int:
        """Return how often the deadline was moved since the original date, or the baseline that took its place."""
        return max(self.moves - self.baseline_moves, 0) if self.baseline_version else self.moves


class MilestoneAction(Base):
    """A milestone that belongs to an action, where the source (or a person) says so."""

    __tablename__ = "milestone_action"
    __table_args__ = (UniqueConstraint("milestone_id", "action_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    unlinked_on: Mapped[date | None]
    """The day on which the link was taken away; empty while it stands."""


class MilestonePredecessor(Base):
    """A milestone that waits for another one, of the same plan or of another; the link belongs to who waits."""

    __tablename__ = "milestone_predecessor"
    __table_args__ = (UniqueConstraint("milestone_id", "predecessor_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    """The plan of the milestone that waits: its ledger holds the link."""
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    unlinked_on: Mapped[date | None]
    """The day on which the link was taken away; empty while it stands."""


class PeriodState(Base):
    """What a document kept as a period grid said of a milestone in one of its columns."""

    __tablename__ = "period_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    workstream_id: Mapped[int] = mapped_column(ForeignKey("workstream.id"), index=True)
    milestone: Mapped[str]
    period: Mapped[str]
    state: Mapped[str]
    position: Mapped[int]


class Commitment(Base):
    """Something that recurs; `milestone_id` is set when it is the recurring tail of a milestone.

    `frequency` is the source's word for it. `every` and `anchor` (the first day of the first window) are empty until
    a person, or a dated source, has confirmed them: a proposal is worked out when it is read, never stored.
    """

    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    workstream_id: Mapped[int] = mapped_column(ForeignKey("workstream.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"))
    ref: Mapped[str]
    frequency: Mapped[str]
    text: Mapped[str]
    every: Mapped[str] = mapped_column(Short, default="")
    anchor: Mapped[date | None]
    ends: Mapped[date | None]
    confirmed: Mapped[date | None]
    """The day on which rule and anchor were confirmed."""
    accepted_as_usual: Mapped[date | None]
    """The day on which the board took it as business as usual."""
    accepted_minute: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class Occurrence(Base):
    """What is recorded of one window of a commitment, known by its scheduled date, which never changes.

    There is a row once something is recorded; that a window was missed follows from there being nothing.
    """

    __tablename__ = "occurrence"
    __table_args__ = (UniqueConstraint("commitment_id", "scheduled"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    opens: Mapped[date]
    scheduled: Mapped[date]
    outcome: Mapped[str] = mapped_column(Short, default="")
    """Held, skipped, or empty where it is only planned or was taken back."""
    held_on: Mapped[date | None]
    """Empty where it was attested as held within its window."""
    planned_for: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(default="")


class Evidence(Base):
    """A link or a file that supports a completion. Withdrawn, never destroyed."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    title: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    stored_name: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    added_on: Mapped[date]
    added_by: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class DeadlineChange(Base):
    """A request for a new date and what was decided."""

    __tablename__ = "deadline_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    from_due: Mapped[date | None]
    from_text: Mapped[str]
    from_precision: Mapped[str] = mapped_column(Short)
    to_due: Mapped[date]
    to_text: Mapped[str]
    to_precision: Mapped[str] = mapped_column(Short)
    state: Mapped[str] = mapped_column(Short, default="requested")
    reason_code: Mapped[str] = mapped_column(Short, default="")
    """One of rules/reason_codes.py; empty on requests from before there were codes."""
    reason: Mapped[str]
    recovery: Mapped[str] = mapped_column(default="")
    requested_on: Mapped[date]
    requested_by: Mapped[str]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(default="")
    decision_level: Mapped[str] = mapped_column(Short, default="")
    decision_note: Mapped[str] = mapped_column(default="")
    minute: Mapped[str] = mapped_column(default="")
    meeting_on: Mapped[date | None]
    decision_act: Mapped[str] = mapped_column(Short, default="")
    """The ledger's act of a decision on a list at a meeting, by which the list can be undone."""


class PlanEndChange(Base):
    """The end of a whole plan, moved by a decision of the board."""

    __tablename__ = "plan_end_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    from_text: Mapped[str]
    to_text: Mapped[str]
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    to_precision: Mapped[str] = mapped_column(Short)
    reason_code: Mapped[str] = mapped_column(Short, default="")
    reason: Mapped[str]
    minute: Mapped[str] = mapped_column(default="")
    meeting_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    """The day it was recorded; None where the plan's own document says that its end was moved, and not when."""
    decided_by: Mapped[str] = mapped_column(default="")


class Edition(Base):
    """A document that a plan was made of or brought up to date with, whether or not that changed anything."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    act: Mapped[str] = mapped_column(Short)
    """The act of its ledger entries; there are none where it changed nothing."""
    source: Mapped[str] = mapped_column(default="")
    """The file that it was read from, in words."""
    as_at: Mapped[date]
    """The day that it speaks of."""
    back_filled: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was decided to stay as it is: question, what the document said and answer, by the key of the line."""
