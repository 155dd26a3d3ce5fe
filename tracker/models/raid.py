"""The short registers of a plan: risks, issues and decisions, and the milestones that each bears on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class RaidItem(Base):
    """A risk, an issue or a decision. Closed when it is over, never destroyed."""

    __tablename__ = "raid_item"
    __table_args__ = (UniqueConstraint("plan_id", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    kind: Mapped[str] = mapped_column(Short)
    """One of rules/raid.py."""
    ref: Mapped[str] = mapped_column(Short)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    likelihood: Mapped[int] = mapped_column(default=0)
    severity: Mapped[int] = mapped_column(default=0)
    """How bad it would be. Both from 1 to 5 for a risk, 0 for anything else."""
    response: Mapped[str] = mapped_column(default="")
    """What is being done about a risk or an issue; what follows from a decision."""
    owner_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    raised_on: Mapped[date]
    """The day a risk or an issue was raised, or a decision was taken."""
    review_by: Mapped[date | None]
    minute: Mapped[str] = mapped_column(default="")
    """Where a decision is minuted."""
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    """How it ended."""
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


class RaidLink(Base):
    """A milestone that an entry bears on. The row stays when the link is taken away."""

    __tablename__ = "raid_link"
    __table_args__ = (UniqueConstraint("raid_item_id", "milestone_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    raid_item_id: Mapped[int] = mapped_column(ForeignKey("raid_item.id"), index=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    unlinked_on: Mapped[date | None]
