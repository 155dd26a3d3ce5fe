"""Messages left in an outbox, and what became of them."""

from __future__ import annotations

from sqlalchemy import Engine, select

from tests import factories
from tests.mail.conftest import NOW
from tracker.models import OutboxMessage
from tracker.models.engine import transaction
from tracker.services.outbox import Words, post


def leave(engine: Engine, *names: str) -> list[str]:
    """Leave a message to each name; return their addresses."""
    addresses = [f"{name}@testshire.example" for name in names]
    with transaction(engine) as session:
        for name, address in zip(names, addresses, strict=True):
            person = factories.person(session, name, email=address)
            words = Words(f"Dear {name},\n\nIt is done.\n", "/milestones/5")
            post(session, f"key:{name}", "test", person, f"Grüße & news for {name}", words, NOW)
    return addresses


def states(engine: Engine) -> list[str]:
    """Return the state of each message."""
    with engine.connect() as connection:
        return list(connection.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


def details(engine: Engine) -> list[str]:
    """Return what is written down of each message."""
    with engine.connect() as connection:
        return list(connection.scalars(select(OutboxMessage.detail).order_by(OutboxMessage.id)))
