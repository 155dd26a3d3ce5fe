"""Parts of the world that stand by themselves: a message that was refused."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import OutboxMessage


def refused_message(session: Session) -> int:
    """Let the mail server refuse the first message there is; return its number."""
    refused = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id).limit(1)).one()
    refused.state, refused.detail, refused.attempts = "failed", "550 There is nobody of this name", 1
    return refused.id
