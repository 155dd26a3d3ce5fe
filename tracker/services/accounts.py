"""Accounts: make one, sign in with a password, lock out guesses, disable, hand out roles and posts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Holding, Membership, Person, Post, SignInAttempt
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, Role, permit
from tracker.rules.text import clean

MOST_ATTEMPTS = 10
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 12
_HASHER = PasswordHasher()
# Verified when there is no such account, so that the answer takes as long as for one that there is.
_NOBODY = _HASHER.hash("nobody has this password")


def add_person(session: Session, name: str, email: str, password: str = "", *, administrator: bool = False) -> Person:
    """Make an account. Raises Refusal for a name, address or password that will not do."""
    name, email = clean(name), clean(email).lower()
    if not name:
        raise Refusal("Enter a name.", "name")
    if "@" not in email.strip("@"):
        raise Refusal("Enter an e-mail address, like name@council.gov.uk", "email")
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Refusal("There is an account with this e-mail address already.", "email")
    if password and len(password) < SHORTEST_PASSWORD:
        raise Refusal(f"Enter a password of at least {SHORTEST_PASSWORD} characters.", "password")
    person = Person(
        name=name,
        email=email,
        password_hash=_HASHER.hash(password) if password else "",
        administrator=administrator,
        session_epoch=0,
    )
    session.add(person)
    session.flush()
    return person


def sign_in(session: Session, email: str, password: str, now: datetime) -> Person | None:
    """Return the person whose address and password these are, or None; every attempt is recorded.

    After ten wrong passwords in fifteen minutes the address is locked for the rest of them, right password or not.
    What is tried while it is locked is not counted, so that nobody can keep the owner out by trying on. The answer is
    the same, and takes as long, whether there is such an account or not.
    """
    email = clean(email).lower()[:254]
    failures = session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.email == email, SignInAttempt.at > now - LOCKED_FOR, SignInAttempt.succeeded.is_(False))
    )
    person = session.scalar(select(Person).where(Person.email == email))
    usable = person is not None and bool(person.password_hash) and person.disabled_at is None
    right = _matches(person.password_hash if person is not None and usable else _NOBODY, password) and usable
    if (failures or 0) >= MOST_ATTEMPTS:
        return None
    session.add(SignInAttempt(email=email, at=now, succeeded=right))
    session.flush()
    return person if right else None


def disable(session: Session, actor: Actor, person_id: int, now: datetime) -> Person:
    """Disable an account: the person's sessions end at their next request."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = _person(session, person_id)
    if person.id == actor.person_id:
        raise Refusal("You cannot disable your own account. Ask another administrator.")
    person.disabled_at = now
    person.session_epoch += 1
    session.flush()
    return person


def enable(session: Session, actor: Actor, person_id: int) -> Person:
    """Let a disabled person sign in again."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = _person(session, person_id)
    person.disabled_at = None
    session.flush()
    return person


def give_role(session: Session, person_id: int, plan_id: int, role: Role) -> None:
    """Give a person a role on a plan; a second time changes nothing."""
    known = select(Membership.id).where(
        Membership.person_id == person_id, Membership.plan_id == plan_id, Membership.role == role.value
    )
    if session.scalar(known) is None:
        session.add(Membership(person_id=person_id, plan_id=plan_id, role=role.value))
        session.flush()


def hold_post(
    session: Session,
    person_id: int,
    post_id: int,
    from_day: date,
    *,
    to_day: date | None = None,
    deputy: bool = False,
) -> None:
    """Put a person in a post from a day on, to a day if one is given; a second time changes nothing."""
    if to_day is not None and to_day < from_day:
        raise Refusal("Enter a last day that is not before the first.", "to_day")
    if session.get(Post, post_id) is None:
        raise NotFound("There is no such post.")
    known = select(Holding.id).where(
        Holding.person_id == person_id, Holding.post_id == post_id, Holding.to_day.is_(None), Holding.deputy == deputy
    )
    if session.scalar(known) is None:
        session.add(Holding(person_id=person_id, post_id=post_id, from_day=from_day, to_day=to_day, deputy=deputy))
        session.flush()


def leave_post(session: Session, actor: Actor, holding_id: int, last_day: date) -> None:
    """End a holding on a day; the post and its history stay."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    holding = session.get(Holding, holding_id)
    if holding is None:
        raise NotFound("There is no such holding.")
    if last_day < holding.from_day:
        raise Refusal("Enter a last day that is not before the first.", "to_day")
    holding.to_day = last_day
    session.flush()


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password[:1024])
    except (VerificationError, InvalidHashError):
        return False
