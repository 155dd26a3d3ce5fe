"""Messages: what has to be sent, what was, what waits for a person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import OutboxAttachment, OutboxMessage
from tracker.rules.delivery import STUCK_AFTER, Mail, needs_a_person

PAGE_SIZE = 50
WAITING = "waiting"
"""The filter for what waits for a person."""
MASKED = "A message about a sensitive plan"
_COLUMNS = (
    "id", "kind", "period", "to_address", "subject", "state", "attempts", "created_at", "next_try_at", "sending_at",
    "sent_at", "detail", "sensitive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list has it: no words of it but the subject, and that one only where no plan is sensitive."""

    id: int
    kind: str
    period: str
    to_address: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    sending_at: datetime | None
    sent_at: datetime | None
    detail: str
    sensitive: bool
    waits: bool  # for a person


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of the outbox; how many there are of each state, and how many wait for a person."""

    rows: tuple[MessageRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class Preview:
    """One message with its words; None for those of a message that is masked."""

    row: MessageRow
    key: str
    subject: str
    text: str | None
    html: str | None
    path: str
    files: tuple[tuple[str, int], ...]
    """What goes with it: names, and sizes in bytes; forgotten a month after it was sent."""


def messages(session: Session, now: datetime, state: str = "", page: int = 1, size: int = PAGE_SIZE) -> MessagePage:
    """Return a page of the outbox, newest first; `state` is one of the states, WAITING or "". Three statements."""
    counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    counts = {row[0]: row[1] for row in session.execute(counted)}
    waiting = session.scalar(select(func.count()).select_from(OutboxMessage).where(_waits(now))) or 0
    wanted = [_waits(now)] if state == WAITING else [OutboxMessage.state == state] if state else []
    total = waiting if state == WAITING else counts.get(state, 0) if state else sum(counts.values())
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    query = select(*(getattr(OutboxMessage, name) for name in _COLUMNS)).where(*wanted)
    found = session.execute(query.order_by(OutboxMessage.id.desc()).limit(size).offset((page - 1) * size)).all()
    return MessagePage(tuple(_row(tuple(values), now) for values in found), total, page, pages, counts, waiting)


def preview(session: Session, message_id: int, now: datetime, *, masked: bool = True) -> Preview | None:
    """Return one message with its words; those about a sensitive plan are masked unless asked for. Two statements."""
    found = session.get(OutboxMessage, message_id)
    if found is None:
        return None
    hidden = masked and found.sensitive
    row = _row(tuple(getattr(found, name) for name in _COLUMNS), now)
    return Preview(
        row,
        found.dedupe_key,
        row.subject if hidden else found.subject,
        None if hidden else found.body,
        None if hidden else found.html,
        "" if hidden else found.path,
        tuple((name, size) for name, size in session.execute(_files(found.dedupe_key))),
    )


def _files(key: str) -> Any:
    size = func.length(OutboxAttachment.content)
    mine = OutboxAttachment.message_key == key
    return select(OutboxAttachment.name, size).where(mine).order_by(OutboxAttachment.id)


def newest_id(session: Session) -> int:
    """Return the number of the newest message, 0 if there is none. One statement."""
    return session.scalar(select(func.max(OutboxMessage.id))) or 0


def left_after(session: Session, number: int) -> list[dict[str, Any]]:
    """Return the messages that were left after one, as a dry run prints them. Two statements."""
    query = select(OutboxMessage).where(OutboxMessage.id > number).order_by(OutboxMessage.id)
    enclosed = select(OutboxAttachment.message_key, OutboxAttachment.name).join(
        OutboxMessage, OutboxMessage.dedupe_key == OutboxAttachment.message_key
    )
    files: dict[str, list[str]] = defaultdict(list)
    for key, name in session.execute(enclosed.where(OutboxMessage.id > number).order_by(OutboxAttachment.id)):
        files[key].append(name)
    return [
        {
            "to": row.to_address,
            "subject": row.subject,
            "kind": row.kind,
            "period": row.period,
            "body": row.body,
            "files": files[row.dedupe_key],
        }
        for row in session.scalars(query)
    ]


def _waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a message waits for a person; `needs_a_person` says the same of one."""
    stuck = and_(OutboxMessage.state == Mail.SENDING, OutboxMessage.sending_at <= now - STUCK_AFTER)
    return or_(OutboxMessage.state.in_([Mail.FAILED, Mail.BOUNCED]), stuck)


def _row(values: tuple[Any, ...], now: datetime) -> MessageRow:
    named = dict(zip(_COLUMNS, values, strict=True))
    if named["sensitive"]:
        named["subject"] = MASKED
    return MessageRow(**named, waits=needs_a_person(named["state"], named["sending_at"], now))
