"""What a plan is made of, from the plan down to workstreams; all of it a projection of the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class RatingScheme(Base):
    """Thresholds and colour words as data; a plan points at one, and keeps a copy of what it chose.

    A scheme that a plan has used is never changed: an edit makes the next `number` under the same `title`.
    """

    __tablename__ = "rating_scheme"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """Title and number as they are printed."""
    thresholds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Terms, columns and second rating, as `rules.vocabulary` reads them."""
    title: Mapped[str] = mapped_column(default="")
    number: Mapped[int] = mapped_column(default=1)
    preset: Mapped[str] = mapped_column(Short, default="")
    """The file that it comes from; "" for a copy that an administrator made."""
    summary: Mapped[str] = mapped_column(default="")
    made_on: Mapped[date | None]
    made_by: Mapped[str] = mapped_column(default="")

    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class Plan(Base):
    """A strategy, improvement plan, statement of action, inquiry or framework."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Short, unique=True)
    title: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="improvement plan")
    version: Mapped[str] = mapped_column(default="")
    adopted: Mapped[date | None]
    starts: Mapped[str] = mapped_column(default="")
    ends: Mapped[str] = mapped_column(default="")
    original_end: Mapped[str] = mapped_column(default="")
    end_moved_reason: Mapped[str] = mapped_column(default="")
    priority_label: Mapped[str] = mapped_column(default="Priority")
    workstream_label: Mapped[str] = mapped_column(default="Workstream")
    year_kind: Mapped[str] = mapped_column(default="financial")
    review_cycle: Mapped[str] = mapped_column(default="")
    reports_to: Mapped[list[Any]] = mapped_column(default=list)
    key: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The document's own words for each colour, printed beside ours."""
    term_calendar: Mapped[dict[str, Any]] = mapped_column(default=dict)
    delegated_days: Mapped[int] = mapped_column(default=31)
    """How many days the improvement manager may move a deadline the first time."""
    check_months: Mapped[int] = mapped_column(default=0)
    """How many months after a sign-off somebody asks whether it is still true: 3 or 6; 0 for never."""
    marking: Mapped[str] = mapped_column(default="")
    sensitive: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its title and texts stay out of messages."""
    senior_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    """The post of the senior responsible officer: told last of what is overdue and silent."""
    source_note: Mapped[str] = mapped_column(default="")
    demonstration: Mapped[bool] = mapped_column(default=False)
    rating_scheme_id: Mapped[int | None] = mapped_column(ForeignKey("rating_scheme.id"))
    ratings: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Each rating scheme that was chosen, in full, with its first day ("from"); None while the default stands."""
    ledger_seq: Mapped[int] = mapped_column(default=0)
    ledger_head: Mapped[str] = mapped_column(default="")
    """Number and hash of the last ledger entry: locks the chain while one is added, and shows a cut-off tail."""


class Priority(Base):
    """A top-level area of a plan."""

    __tablename__ = "priority"
    __table_args__ = (UniqueConstraint("plan_id", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    ref: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class Record(Base):
    """What good looks like, a criterion, an interdependency, a definition, a practice."""

    __tablename__ = "record"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priority.id"), index=True)
    kind: Mapped[str] = mapped_column(Short)
    term: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    position: Mapped[int]
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class Measure(Base):
    """An outcome that is measured."""

    __tablename__ = "measure"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priority.id"), index=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    polarity: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    position: Mapped[int]


class Reading(Base):
    """One figure of a measure."""

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    period: Mapped[str]
    group: Mapped[str] = mapped_column("for_group", default="")
    value: Mapped[str]
    taken_on: Mapped[date | None]
    """The day the figure is of, where somebody entered it; a plan's document names only the period."""
    source: Mapped[str] = mapped_column(default="", server_default="")
    """Where the figure is from."""
    withdrawn_on: Mapped[date | None]
    """The day on which the figure was taken back; None while it stands."""
    position: Mapped[int]


class Voice(Base):
    """What children, young people, parent carers or others say, beside the figures of a measure."""

    __tablename__ = "voice"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    who: Mapped[str]
    """Whose voice it is, as a group: "Parent carers"; never a name."""
    text: Mapped[str]
    source: Mapped[str]
    """The survey, forum or visit that it is from."""
    heard_on: Mapped[date]
    withdrawn_on: Mapped[date | None]


class Workstream(Base):
    """A ref and a title; owns actions and milestones."""

    __tablename__ = "workstream"
    __table_args__ = (UniqueConstraint("priority_id", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    priority_id: Mapped[int] = mapped_column(ForeignKey("priority.id"), index=True)
    ref: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    standing: Mapped[str] = mapped_column(Short, default="open")
    standing_reference: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class LeadAssignment(Base):
    """A post that leads a workstream, or one action or milestone of it where the source says so.

    A row stays when the post no longer leads. Of those that do, at most one is accountable; the database holds that.
    """

    __tablename__ = "lead_assignment"
    __table_args__ = tuple(
        Index(
            f"uq_lead_assignment_accountable_{subject}",
            f"{subject}_id",
            unique=True,
            sqlite_where=text("accountable AND ended IS NULL"),
            postgresql_where=text("accountable AND ended IS NULL"),
        )
        for subject in ("workstream", "action", "milestone")
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    workstream_id: Mapped[int | None] = mapped_column(ForeignKey("workstream.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    accountable: Mapped[bool] = mapped_column(default=False)
    organisation_named: Mapped[bool] = mapped_column(default=True)
    """Whether the source names the organisation; if not, the plan's own was taken."""
    position: Mapped[int]
    ended: Mapped[date | None]
    """The day from which the post no longer leads; None while it does."""
