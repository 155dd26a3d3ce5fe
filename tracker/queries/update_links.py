"""Links by which people update their own milestones: what one opens, and how many a person has."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.models import Person, SecurityEvent, UpdateLink
from tracker.queries.people import SignedIn, signed_in
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotPermitted
from tracker.rules.permissions import Role
from tracker.rules.security import Kind

MOST_GUESSES = 10
GUESSED_WITHIN = timedelta(minutes=15)
_INSTEAD = "Sign in to update your milestones, or use the link in the newest message you have. "
_ASK = "Your improvement manager can help if you cannot sign in."


class LinkRefused(NotPermitted):
    """A link that opens nothing; `email` is that of the person whose link it was, "" where it is nobody's."""

    def __init__(self, why: str, email: str = "") -> None:
        super().__init__(f"{why} {_INSTEAD}{_ASK}")
        self.email = email


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that holds, with its person, who by it is a lead and nothing else."""

    id: int
    person: SignedIn


def new_value() -> str:
    """Return what a new link is made of: random, and no link until it is signed."""
    return secrets.token_urlsafe(24)


def signed(secret: str, value: str) -> str:
    """Return what a link ends with: its value with our signature, so that a guess is told without looking it up."""
    return _signer(secret).sign(value).decode()


def hash_of(token: str) -> str:
    """Return what is stored of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened_link(session: Session, secret: str, token: str, now: datetime) -> OpenedLink:
    """Return what a link opens; LinkRefused says why it opens nothing. Two statements.

    The person is a lead by it, whatever else they are with an account: administrators and managers are not by link.
    """
    try:
        _signer(secret).unsign(token)
    except BadSignature:
        raise LinkRefused("This link is not complete, or is not one of ours.") from None
    query = select(UpdateLink, Person.email).join(Person, Person.id == UpdateLink.person_id)
    found = session.execute(query.where(UpdateLink.token_hash == hash_of(token))).first()
    if found is None:
        raise LinkRefused("This link has expired.")
    link, email = found
    if link.revoked_at is not None:
        raise LinkRefused(f"This link was withdrawn on {show_day(london_day(link.revoked_at))}.", email)
    if link.expires_at <= now:
        raise LinkRefused(f"This link expired on {show_day(london_day(link.expires_at))}.", email)
    person = signed_in(session, link.person_id, london_day(now))
    if person is None or person.disabled:
        raise LinkRefused("The account that this link was for is disabled.", email)
    lead = frozenset({Role.LEAD})
    actor = replace(
        person.actor,
        label=f"By link to {person.actor.label}",
        roles={plan_id: lead for plan_id, roles in person.actor.roles.items() if Role.LEAD in roles},
        administrator=False,
    )
    return OpenedLink(link.id, replace(person, actor=actor))


def guessing(session: Session, now: datetime) -> bool:
    """Return whether somebody tries one link after another: links that are good are opened all the same."""
    query = select(func.sum(SecurityEvent.times)).where(
        SecurityEvent.kind == Kind.LINK_REFUSED.value,
        SecurityEvent.email == "",
        SecurityEvent.at > now - GUESSED_WITHIN,
    )
    return (session.scalar(query) or 0) >= MOST_GUESSES


def live_links(session: Session, person_id: int, now: datetime) -> int:
    """Return how many links of a person hold now. One statement."""
    query = select(func.count()).select_from(UpdateLink)
    return session.scalar(query.where(*holding(person_id, now))) or 0


def holding(person_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a link is of a person and holds now."""
    return (UpdateLink.person_id == person_id, UpdateLink.revoked_at.is_(None), UpdateLink.expires_at > now)


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="tracker.update-link", digest_method=hashlib.sha256)
