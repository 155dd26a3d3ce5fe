"""Make, use and withdraw the links by which people update their own milestones without signing in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tracker.models import UpdateLink
from tracker.queries.update_links import hash_of, holding, new_token
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.security import Kind
from tracker.services.accounts import find_person
from tracker.services.security import about_person, note


def make_links(
    session: Session, secret: str, people: Collection[int], now: datetime, valid_for: timedelta
) -> dict[int, str]:
    """Make a link for each of some people; return what each ends with, by person. One statement."""
    made = {person_id: new_token(secret) for person_id in people}
    rows = [
        {"person_id": person_id, "token_hash": hash_of(token), "made_at": now, "expires_at": now + valid_for}
        for person_id, token in made.items()
    ]
    if rows:
        session.execute(insert(UpdateLink), rows)
    return made


def use_link(session: Session, link_id: int, now: datetime) -> None:
    """Note that something is saved by a link."""
    session.execute(update(UpdateLink).where(UpdateLink.id == link_id).values(used_at=now))


def withdraw_links(session: Session, actor: Actor, person_id: int, now: datetime) -> int:
    """Let no link of a person open anything from now on; returns how many did until now."""
    if person_id != actor.person_id:
        permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    query = update(UpdateLink).where(*holding(person_id, now)).values(revoked_at=now)
    number = session.execute(query).rowcount  # type: ignore[attr-defined]
    note(session, now, Kind.LINKS_WITHDRAWN, actor, about_person(person))
    return int(number)
