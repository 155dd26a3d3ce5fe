"""The append-only ledger and the colour timeline that is made from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class LedgerEntry(Base):
    """One change to one thing. Never updated, never deleted (a trigger refuses), chained by hash per plan.

    `changes` maps a field to [before, after]; dates are ISO texts. `effective_day` is the London day of
    `effective_at`. Entries of one act of a person share `act`.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("plan_id", "seq"),
        Index("ix_ledger_entry_subject", "subject_type", "subject_id", "effective_day"),
        Index("ix_ledger_entry_plan_day", "plan_id", "effective_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    seq: Mapped[int]
    act: Mapped[str] = mapped_column(Short)
    recorded_at: Mapped[datetime]
    effective_at: Mapped[datetime]
    effective_day: Mapped[date]
    back_filled: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor: Mapped[str]
    verb: Mapped[str] = mapped_column(Short)
    subject_type: Mapped[str] = mapped_column(Short)
    subject_id: Mapped[int]
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    previous_hash: Mapped[str]
    hash: Mapped[str]


class ColourSpan(Base):
    """A stretch of days over which the colour of a milestone, and the reason for it, stay the same."""

    __tablename__ = "colour_span"
    __table_args__ = (
        Index("ix_colour_span_milestone", "milestone_id", "from_day", "to_day"),
        Index("ix_colour_span_plan_days", "plan_id", "from_day", "to_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"))
    from_day: Mapped[date]
    to_day: Mapped[date]
    """Inclusive; 31 December 9999 where nothing ends it."""
    colour: Mapped[str] = mapped_column(Short)
    rule: Mapped[str] = mapped_column(Short)
    reason: Mapped[str]
    marks: Mapped[list[Any]] = mapped_column(default=list)
    computed: Mapped[str] = mapped_column(Short)
    attributed: Mapped[str] = mapped_column(Short, default="")
    due: Mapped[date | None]
    due_text: Mapped[str] = mapped_column(default="")
    moves: Mapped[int] = mapped_column(default=0)
