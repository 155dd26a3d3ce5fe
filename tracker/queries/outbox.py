"""Messages: what has to be sent, what was, what waits for a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import OutboxMessage


def newest_id(session: Session) -> int:
    """Return the number of the newest message, 0 if there is none. One statement."""
    return session.scalar(select(func.max(OutboxMessage.id))) or 0


def left_after(session: Session, number: int) -> list[dict[str, Any]]:
    """Return the messages that were left after one, as a dry run prints them. One statement."""
    query = select(OutboxMessage).where(OutboxMessage.id > number).order_by(OutboxMessage.id)
    return [
        {"to": row.to_address, "subject": row.subject, "kind": row.kind, "body": row.body}
        for row in session.scalars(query)
    ]
