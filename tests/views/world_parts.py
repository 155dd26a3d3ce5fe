"""Parts of the world that stand by themselves: a message that was refused, days away, a link."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import Absence, CalendarFeed, OutboxMessage, UpdateLink, Webhook, WebhookDelivery
from tracker.queries.calendars import token_of
from tracker.queries.update_links import hash_of, signed

LINK = signed("a-key-for-tests", "the-link-of-the-lead")
"""What the link ends with by which the lead updates without signing in."""
CALENDAR = token_of("a-key-for-tests", 1, "nonce")
"""What the address of the lead's calendar ends with."""


def refused_message(session: Session) -> int:
    """Let the mail server refuse the first message there is; return its number."""
    refused = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id).limit(1)).one()
    refused.state, refused.detail, refused.attempts = "failed", "550 There is nobody of this name", 1
    return refused.id


def told_webhook(session: Session) -> tuple[int, int]:
    """Let an address be told of everything, and one delivery have failed; return the numbers of both."""
    made = Webhook(
        address="https://hooks.testshire.example/plans",
        secret="a secret of a test",
        form="json",
        kinds=["signed-off"],
        created_at=NOW,
        created_by="The administrator",
    )
    session.add(made)
    session.flush()
    failed = WebhookDelivery(
        webhook_id=made.id, cause="ledger:1", kind="signed-off", body="{}", state="failed", created_at=NOW
    )
    session.add(failed)
    session.flush()
    return made.id, failed.id


def days_away(session: Session, person_id: int) -> int:
    """Let a person be away over Christmas; return the number of these days."""
    made = Absence(person_id=person_id, from_day=date(2025, 12, 22), to_day=date(2026, 1, 2))
    session.add(made)
    session.flush()
    return made.id


def update_link(session: Session, person_id: int) -> None:
    """Give a person the link that the tests know."""
    session.add(
        UpdateLink(
            person_id=person_id,
            token_hash=hash_of(LINK),
            made_at=NOW - timedelta(days=2),
            expires_at=NOW + timedelta(days=12),
        )
    )
    session.flush()


def calendar(session: Session, person_id: int) -> int:
    """Give a person the calendar of what they lead, at the address that the tests know; return its number."""
    made = CalendarFeed(person_id=person_id, nonce="nonce", made_at=NOW)
    session.add(made)
    session.flush()
    assert made.id == 1  # the number that the address is made of
    return made.id
