"""Who is away, and who was chased for what and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class Absence(Base):
    """Days on which a person is away, both included: messages go to the deputy of the post, or the manager is told."""

    __tablename__ = "absence"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]


class Chase(Base):
    """Somebody was asked about a milestone: which rung of the ladder, on which day, by which message.

    `due` is the deadline that had passed, so a new one begins a new ladder. There is a row for each person told, and
    one without a person where a rung had nobody to tell. What a manager sends by hand (`asked_by`) is no step of the
    ladder: it may be about what has no deadline, or about recurring commitments alone and then names no milestone.
    """

    __tablename__ = "chase"
    __table_args__ = (Index("ix_chase_milestone", "milestone_id", "chased_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"))
    due: Mapped[date | None]
    rung: Mapped[str] = mapped_column(Short)
    """One of `rules.escalation.Rung`."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    told: Mapped[str] = mapped_column(default="")
    """Whom, in words: the post and the name, or why nobody."""
    message_key: Mapped[str] = mapped_column(default="", index=True)
    """The key of the message in the outbox."""
    about: Mapped[str] = mapped_column(Short, default="deadline", server_default="deadline")
    """What waited: "deadline", or "sign-off" since the day that `due` then says."""
    chased_on: Mapped[date]
    chased_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(default="")
    """The manager who asked by hand, as the ledger names them; "" for the ladder itself."""


class UpdateLink(Base):
    """A link by which one person updates their own milestones without signing in. The link itself is not stored."""

    __tablename__ = "update_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(Short, unique=True)
    """SHA-256 of what the link ends with."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When something was last saved by it; opening it is no use."""


class CalendarFeed(Base):
    """A calendar at a secret address: of one plan, of one board, or of what the person leads where both are empty.

    The address is made of the row and the secret key of the tracker, so the database alone does not tell it.
    """

    __tablename__ = "calendar_feed"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    nonce: Mapped[str] = mapped_column(Short)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
