"""Take messages in hand one by one, write down what came of each, and let a person decide what got stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tracker.models import OutboxAttachment, OutboxMessage, Person
from tracker.rules.delivery import STUCK_AFTER, Mail, Trouble, after_trouble
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.services.bounces import does_not_arrive

_LONGEST_DETAIL = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in the hands of one worker, with the number of this attempt."""

    id: int
    key: str
    to_person_id: int | None
    to_address: str
    subject: str
    body: str
    html: str
    path: str
    link: str
    attempts: int
    created_at: datetime
    files: tuple[tuple[str, bytes], ...] = ()


def waiting_ids(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Return the numbers of messages that are to go now, oldest first. One statement."""
    query = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.state == Mail.PENDING,
            or_(OutboxMessage.next_try_at.is_(None), OutboxMessage.next_try_at <= now),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def take(session: Session, message_id: int, now: datetime) -> Taken | None:
    """Take a message in hand; None if another worker did. Commit before it is handed over."""
    mine = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.state == Mail.PENDING,
            or_(OutboxMessage.next_try_at.is_(None), OutboxMessage.next_try_at <= now),
        )
        .values(state=Mail.SENDING.value, sending_at=now, attempts=OutboxMessage.attempts + 1)
    )
    if not session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return None
    row = session.get_one(OutboxMessage, message_id, populate_existing=True)
    attached = select(OutboxAttachment.name, OutboxAttachment.content).where(
        OutboxAttachment.message_key == row.dedupe_key
    )
    files = session.execute(attached.order_by(OutboxAttachment.id))
    return Taken(
        row.id,
        row.dedupe_key,
        row.to_person_id,
        row.to_address,
        row.subject,
        row.body,
        row.html,
        row.path,
        row.link,
        row.attempts,
        row.created_at,
        tuple((name, content) for name, content in files),
    )


def record_sent(session: Session, taken: Taken, now: datetime, detail: str = "", *, dry_run: bool = False) -> None:
    """Write down that a message went, or that it would have gone."""
    state = Mail.DRY_RUN if dry_run else Mail.SENT
    _record(session, taken, {"state": state.value, "sent_at": now, "next_try_at": None, "detail": detail})


def record_trouble(session: Session, taken: Taken, trouble: Trouble, detail: str, now: datetime) -> Mail:
    """Write down that a message did not go, and when it is tried again; returns its state."""
    if trouble is Trouble.ADDRESS:
        does_not_arrive(session, taken.to_person_id, taken.to_address, now, detail)
    then = after_trouble(trouble, taken.attempts, taken.created_at, now)
    _record(session, taken, {"state": then.state.value, "next_try_at": then.at, "detail": detail})
    return then.state


def _record(session: Session, taken: Taken, values: dict[str, object]) -> None:
    """Set fields of a message that is still in the same hands: a person may have decided about it since."""
    values["detail"] = str(values["detail"])[:_LONGEST_DETAIL]
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == taken.id,
            OutboxMessage.state == Mail.SENDING,
            OutboxMessage.attempts == taken.attempts,
        )
        .values(**values)
    )


def send_again(session: Session, actor: Actor, message_id: int, now: datetime) -> None:
    """Let a message that failed, came back, was given up or got stuck be sent once more, under the same key."""
    _decide(session, actor, message_id, now, Mail.PENDING, "Sent again")


def give_up(session: Session, actor: Actor, message_id: int, now: datetime) -> None:
    """Say that a message that failed or got stuck is not to be sent."""
    _decide(session, actor, message_id, now, Mail.GIVEN_UP, "Given up")


def _decide(session: Session, actor: Actor, message_id: int, now: datetime, state: Mail, said: str) -> None:
    permit(actor, Act.MANAGE_OUTBOX, None)
    row = session.get(OutboxMessage, message_id)
    if row is None:
        raise NotFound("There is no such message.")
    ended = OutboxMessage.state.in_([Mail.FAILED, Mail.BOUNCED])
    stuck = (OutboxMessage.state == Mail.SENDING) & (OutboxMessage.sending_at <= now - STUCK_AFTER)
    open_to = [ended, stuck]
    if state is Mail.PENDING:
        open_to.append(OutboxMessage.state.in_([Mail.GIVEN_UP, Mail.DRY_RUN]))
    person = session.get(Person, row.to_person_id) if row.to_person_id is not None else None
    values: dict[str, Any] = {"state": state.value, "next_try_at": None}
    if state is Mail.PENDING and person is not None:
        values["to_address"] = person.email  # it may have been the address that was wrong
    before = f" ({row.detail})" if row.detail else ""
    decided = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, or_(*open_to))
        .values(**values, detail=f"{said} by {actor.label}{before}"[:_LONGEST_DETAIL])
    )
    if not session.execute(decided).rowcount:  # type: ignore[attr-defined]
        raise Refusal(f"This message is {row.state}: there is nothing to decide about it.")
    session.expire(row)
