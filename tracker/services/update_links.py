"""Make, use and withdraw the links by which people update their own milestones without signing in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tracker.models import UpdateLink
from tracker.queries.update_links import hash_of, holding, new_value, signed
from tracker.rules.dates import london_day
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.security import Kind
from tracker.services.accounts import find_person
from tracker.services.security import about_person, note


@dataclass(frozen=True, slots=True)
class Links:
    """How an installation makes links: the secret key that signs them, and for how many days they hold; 0 for none."""

    secret: str
    days: int

    def until(self, now: datetime) -> date:
        """Return the last day of a link that is made now."""
        return london_day(now + timedelta(days=self.days))

    def make(self, session: Session, people: Collection[int], now: datetime) -> dict[int, str]:
        """Make a link for each of some people and return their values by person; nothing where there are no links.

        A value is kept with the message that carries the link, and signed when that is sent: what is stored opens
        nothing without the secret key. One statement.
        """
        made = {person_id: new_value() for person_id in people} if self.days else {}
        rows = [
            {
                "person_id": person_id,
                "token_hash": hash_of(signed(self.secret, value)),
                "made_at": now,
                "expires_at": now + timedelta(days=self.days),
            }
            for person_id, value in made.items()
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
