"""Versions of a plan that were adopted at a review, and the baseline that each gave to its milestones."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class PlanVersion(Base):
    """A later version of a plan, adopted by a decision. The first version is the plan's own label and adoption day.

    Numbers count from 2 and are never used twice. From `undone_on` on the version is as if it had not been adopted.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    number: Mapped[int]
    label: Mapped[str]
    adopted: Mapped[date]
    """The first day of the version, and the day on which its baseline is what deadlines were."""
    board: Mapped[str]
    meeting_on: Mapped[date]
    minute: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_on: Mapped[date]
    recorded_by: Mapped[str]
    adoption_act: Mapped[str] = mapped_column(Short, default="")
    """The act of the ledger entries that gave milestones the baseline."""
    undone_on: Mapped[date | None]
    undone_reason: Mapped[str] = mapped_column(default="")


class Baseline(Base):
    """What a version took as the date of one milestone: a copy, for reading, of the milestone's ledger entry."""

    __tablename__ = "plan_baseline"
    __table_args__ = (UniqueConstraint("version_id", "milestone_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    due: Mapped[date]
    due_text: Mapped[str]
    moves: Mapped[int]
    """How often the deadline had been moved before."""
