"""What the council chose about messages: on the page of the settings, or else in the environment."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.models import MessageSettings


def chosen(session: Session) -> MessageSettings | None:
    """Return what an administrator chose; None while the environment says it."""
    return session.get(MessageSettings, 1)


def as_chosen(session: Session, settings: Settings) -> Settings:
    """Return the settings of the environment with what an administrator chose instead. One statement."""
    row = chosen(session)
    if row is None:
        return settings
    grace = (row.grace_manager, row.grace_senior)
    return replace(settings, digest=row.digest, grace_days=grace, link_days=row.link_days)
