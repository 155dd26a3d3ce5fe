"""What has to be sent, written in the transaction of the change that causes it, each message once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models import Membership, Milestone, OutboxAttachment, OutboxMessage, Person, Plan, Workstream
from tracker.rules.permissions import Actor, Role
from tracker.rules.refs import whole_ref


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: its paragraphs, and the page of the tracker that it is about ("" for none).

    `sensitive` says that it is about a sensitive plan; the text then names no title. `link` is the value of the
    reader's own link, where the message carries one.
    """

    text: str
    path: str = ""
    sensitive: bool = False
    link: str = ""


def post(session: Session, key: str, kind: str, person: Person, subject: str, words: Words, now: datetime) -> bool:
    """Leave a message to a person; a second one with the same key does nothing. Returns whether it was left."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)) is not None:
        return False
    message = OutboxMessage(
        dedupe_key=key,
        kind=kind,
        to_person_id=person.id,
        to_address=person.email,
        subject=" ".join(subject.split()),
        body=words.text,
        path=words.path,
        link=words.link,
        sensitive=words.sensitive,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:  # somebody else left it a moment ago
        return False
    return True


def post_many(
    session: Session,
    kind: str,
    messages: Sequence[Mapping[str, Any]],
    files: Sequence[tuple[str, str, bytes]] = (),
) -> int:
    """Leave many messages of one kind at once, each a mapping of columns; returns how many were new.

    `files` go with them: the key of the message, a name and the content. For jobs: whoever claimed the period is alone
    with these keys. Two statements, however many messages there are, and one for files.
    """
    there = left_already(session, kind, {message["period"] for message in messages})
    new = [{**message, "kind": kind} for message in messages if message["dedupe_key"] not in there]
    if new:
        session.execute(insert(OutboxMessage), new)
    attached = [
        {"message_key": key, "name": name, "content": content} for key, name, content in files if key not in there
    ]
    if attached:
        session.execute(insert(OutboxAttachment), attached)
    return len(new)


def left_already(session: Session, kind: str, periods: Collection[str]) -> set[str]:
    """Return the keys of the messages of one kind that were left for some periods. One statement."""
    query = select(OutboxMessage.dedupe_key).where(OutboxMessage.kind == kind, OutboxMessage.period.in_(periods))
    return set(session.scalars(query))


def tell_managers(
    session: Session,
    plan: Plan,
    actor: Actor,
    key: str,
    kind: str,
    subject: str,
    words: Words,
    now: datetime,
    *,
    in_digest: bool = False,
) -> int:
    """Leave a message to each improvement manager of a plan but the one who acts; returns to how many.

    What the next digest holds anyway (`in_digest`) goes only to those who want each such message at once.
    """
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.plan_id == plan.id, Membership.role == Role.MANAGER.value, Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    found = [
        person
        for person in session.scalars(query)
        if person.id != actor.person_id and (person.at_once or not in_digest)
    ]
    return sum(post(session, f"{key}:{person.id}", kind, person, subject, words, now) for person in found)


def tell(
    session: Session,
    person_id: int | None,
    actor: Actor,
    key: str,
    kind: str,
    subject: str,
    words: Words,
    now: datetime,
) -> bool:
    """Leave a message to a person who can still sign in and is not the one who acts; returns whether it was left."""
    person = session.get(Person, person_id) if person_id is not None and person_id != actor.person_id else None
    if person is None or person.disabled_at is not None:
        return False
    return post(session, f"{key}:{person.id}", kind, person, subject, words, now)


def named(session: Session, milestone: Milestone) -> str:
    """Return the ref of a milestone as people say it ("1a.5")."""
    workstream = session.get(Workstream, milestone.workstream_id) if milestone.workstream_id is not None else None
    return whole_ref(workstream.ref if workstream else None, milestone.ref)


def letter(plan: Plan, milestone: Milestone, ref: str, *paragraphs: str) -> Words:
    """Return the words of a message about a milestone: what happened, then which milestone of which plan it is.

    Of a sensitive plan the message says what happened to which ref, and nothing that a person wrote.
    """
    path = f"/milestones/{milestone.id}"
    if plan.sensitive:
        return Words(f"{paragraphs[0]}\n\nThe plan is marked as sensitive: open it in the tracker.\n", path, True)
    parts = [*(part for part in paragraphs if part), f"{ref}: {milestone.text}", f"Plan: {plan.title}"]
    return Words("\n\n".join(parts) + "\n", path)
