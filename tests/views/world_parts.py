"""Parts of the world that stand by themselves: a message that was refused, days away."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Absence, OutboxMessage


def refused_message(session: Session) -> int:
    """Let the mail server refuse the first message there is; return its number."""
    refused = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id).limit(1)).one()
    refused.state, refused.detail, refused.attempts = "failed", "550 There is nobody of this name", 1
    return refused.id


def days_away(session: Session, person_id: int) -> int:
    """Let a person be away over Christmas; return the number of these days."""
    made = Absence(person_id=person_id, from_day=date(2025, 12, 22), to_day=date(2026, 1, 2))
    session.add(made)
    session.flush()
    return made.id
