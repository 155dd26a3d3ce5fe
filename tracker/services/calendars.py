"""Give a calendar an address, and take the address back."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import CalendarFeed
from tracker.queries.calendars import offers
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Actor


def give_address(session: Session, actor: Actor, now: datetime, today: date, of: str) -> CalendarFeed:
    """Give a calendar that the actor may have an address; NotFound for any other. One that has one keeps it."""
    offer = next((one for one in offers(session, "", actor, today) if one.of == of), None)
    if offer is None:
        raise NotFound("There is no such calendar, or you may not see what is in it.")
    if offer.feed_id:
        return session.get_one(CalendarFeed, offer.feed_id)
    kind, _, number = of.partition("-")
    made = CalendarFeed(
        person_id=actor.person_id,
        plan_id=int(number) if kind == "plan" else None,
        board_id=int(number) if kind == "board" else None,
        nonce=secrets.token_hex(12),
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def withdraw_address(session: Session, actor: Actor, now: datetime, feed_id: int) -> None:
    """Let an address of the actor's open nothing from now on."""
    query = select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.person_id == actor.person_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such calendar among yours.")
    found.revoked_at = found.revoked_at or now
    session.flush()
