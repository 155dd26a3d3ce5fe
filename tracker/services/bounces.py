"""Addresses to which messages do not arrive: noted when a server refuses one or a message comes back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models import OutboxMessage, Person
from tracker.rules.delivery import Mail, reference
from tracker.rules.text import clean

_LONGEST = 1_000


def came_back(session: Session, now: datetime, ours: str, says: str) -> tuple[OutboxMessage, bool] | None:
    """Note that a message came back; return it with whether that is new. None where it is not a message of ours.

    `ours` is the reference that its Message-ID begins with. Told again it changes nothing; a message that was given up
    or sent anew in the meantime keeps what was decided.
    """
    keys = session.execute(select(OutboxMessage.id, OutboxMessage.dedupe_key).order_by(OutboxMessage.id.desc()))
    found = next((key for key, dedupe_key in keys if reference(dedupe_key) == ours), None)
    if found is None:
        return None
    message = session.get_one(OutboxMessage, found)
    detail = f"Came back: {clean(says)}"[:_LONGEST]
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == found, OutboxMessage.state == Mail.SENT.value)
        .values(state=Mail.BOUNCED.value, detail=detail)
    )
    session.refresh(message)
    new = bool(changed.rowcount)  # type: ignore[attr-defined]
    if new:
        does_not_arrive(session, message.to_person_id, message.to_address, now, says)
    return message, new


def does_not_arrive(session: Session, person_id: int | None, address: str, now: datetime, says: str) -> None:
    """Note that messages to the address of a person do not arrive; nothing if they have another one by now."""
    failing = (
        update(Person)
        .where(Person.id == person_id, Person.email == address, Person.mail_failed_at.is_(None))
        .values(mail_failed_at=now, mail_fault=clean(says)[:_LONGEST])
    )
    session.execute(failing)
