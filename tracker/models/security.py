"""The security log: who signed in, what was refused, what was given to whom. Append-only, for as long as it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, Short


class SecurityEvent(Base):
    """One thing that happened at the door. Never changed but to be counted again, never deleted before its time.

    Triggers of the database hold both: of an event only `times` and `last_at` may grow, and it may go only where
    the retention job has said that its day is past. It holds no text that a person wrote, but for what a board, a
    meeting or a closure day was and is.
    """

    __tablename__ = "security_event"
    __table_args__ = (
        Index("ix_security_event_kind_at", "kind", "at"),
        Index("ix_security_event_email_at", "email", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    """How often the same thing happened within a minute of `at`."""
    kind: Mapped[str] = mapped_column(Short)
    """One of `rules/security.py`."""
    actor: Mapped[str] = mapped_column(default="")
    """The post of who did it, or the name of the account; empty where nobody was signed in."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str] = mapped_column(default="")
    """The address of the account that it is about."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The person that it is about, where that is another than who did it."""
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    board_id: Mapped[int | None] = mapped_column(index=True)
    """The board that it is about."""
    detail: Mapped[str] = mapped_column(default="")
    """The route, role or post in question; of a board, what was changed, before and after."""
    device: Mapped[str] = mapped_column(Short, default="")
    """Which known browser it came from: a hash that means nothing elsewhere; empty for an unknown one."""


class SecurityRetention(Base):
    """Until when the security log has been forgotten: one row, moved on by the retention job alone."""

    __tablename__ = "security_retention"
    id: Mapped[int] = mapped_column(primary_key=True)
    forget_before: Mapped[datetime]
