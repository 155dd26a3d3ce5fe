"""What a pack asks of its meeting, and the form's choice of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import Pack
from tracker.queries.minutes import Asked, asked_of
from tracker.queries.packs import find_pack

MET = NOW + timedelta(days=6)


def asked(session: Session, pack: Pack) -> list[Asked]:
    """Return what the pack asks, as it stands now."""
    row = find_pack(session, pack.id)
    assert row is not None
    return asked_of(session, row)


def seen(*chosen: Asked) -> dict[str, int]:
    """Return the form's choice of some decisions."""
    return {one.subject: one.version for one in chosen}
