"""Accounts: make one, sign in with a password, lock out guesses, disable, end sessions, change a password."""

from __future__ import annotations

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Person, SecurityEvent
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.security import Noted, about_person, note

MOST_ATTEMPTS = 10
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 12
_HASHER = PasswordHasher()
# Verified when there is no such account, so that the answer takes as long as for one that there is.
_NOBODY = _HASHER.hash("nobody has this password")


def add_person(session: Session, name: str, email: str, password: str = "", *, administrator: bool = False) -> Person:
    """Make an account. Raises Refusal for a name, address or password that will not do."""
    name = clean(name)
    if not name:
        raise Refusal("Enter a name.", "name")
    email = _checked_email(session, email)
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


def sign_in(session: Session, email: str, password: str, now: datetime, device: str = "") -> Person | None:
    """Return the person whose address and password these are, or None; every attempt is written down.

    After ten wrong passwords in fifteen minutes the address is locked for the rest of them, right password or not.
    What is tried while it is locked is not counted, so that nobody can keep the owner out by trying on. The answer is
    the same, and takes as long, whether there is such an account or not.

    `device` names a browser in which the owner has signed in before ("" for any other). Its attempts are counted
    apart, so that a stranger who locks the address does not lock out its owner, and has no more tries for it.
    """
    email = clean(email).lower()[:254]
    told = Noted(email=email if "@" in email else "", device=device)
    failures = session.scalar(
        select(func.count())
        .select_from(SecurityEvent)
        .where(
            SecurityEvent.kind == Kind.SIGN_IN_FAILED.value,
            SecurityEvent.email == told.email,
            SecurityEvent.device == device,
            SecurityEvent.at > now - LOCKED_FOR,
        )
    )
    person = session.scalar(select(Person).where(Person.email == email))
    usable = person is not None and bool(person.password_hash) and person.disabled_at is None
    right = _matches(person.password_hash if person is not None and usable else _NOBODY, password) and usable
    if (failures or 0) >= MOST_ATTEMPTS:
        note(session, now, Kind.LOCKED_OUT, None, told)
        return None
    if person is None or not right:
        note(session, now, Kind.SIGN_IN_FAILED, None, told)
        return None
    told = Noted(email=email, subject_id=person.id, device=device)
    note(session, now, Kind.SIGNED_IN, None, told)
    return person


def disable(session: Session, actor: Actor, person_id: int, now: datetime) -> Person:
    """Disable an account: the person's sessions end at their next request."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    if person.id == actor.person_id:
        raise Refusal("You cannot disable your own account. Ask another administrator.")
    person.disabled_at = now
    person.session_epoch += 1
    note(session, now, Kind.ACCOUNT_DISABLED, actor, about_person(person))
    return person


def enable(session: Session, actor: Actor, person_id: int, now: datetime) -> Person:
    """Let a disabled person sign in again."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    person.disabled_at = None
    note(session, now, Kind.ACCOUNT_ENABLED, actor, about_person(person))
    return person


def end_sessions(session: Session, actor: Actor, person_id: int, now: datetime) -> Person:
    """End every session of a person at its next request; the person may sign in again."""
    if person_id != actor.person_id:
        permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    person.session_epoch += 1
    note(session, now, Kind.SESSIONS_ENDED, actor, about_person(person))
    return person


def create_account(session: Session, actor: Actor, now: datetime, name: str, email: str, password: str = "") -> Person:
    """Make an account as an administrator; without a password nobody can sign in with it yet."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = add_person(session, name, email, password)
    note(session, now, Kind.ACCOUNT_CREATED, actor, about_person(person))
    return person


def set_password(session: Session, actor: Actor, now: datetime, person_id: int, password: str) -> Person:
    """Give another person a new password as an administrator; it ends the sessions of the person."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    if person_id == actor.person_id:
        raise Refusal("Change your own password on the page for it, which asks for the one you have.")
    return _new_password(session, actor, now, find_person(session, person_id), password, "password")


def change_password(session: Session, actor: Actor, now: datetime, old: str, new: str) -> Person:
    """Change one's own password, knowing the one there is; ends every session but the one that starts now."""
    if actor.person_id is None:
        raise NotFound("There is no such person.")
    person = find_person(session, actor.person_id)
    if not _matches(person.password_hash, old):
        raise Refusal("Enter the password that you sign in with now.", "old")
    return _new_password(session, actor, now, person, new, "new")


def _new_password(session: Session, actor: Actor, now: datetime, person: Person, password: str, field: str) -> Person:
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(f"Enter a password of at least {SHORTEST_PASSWORD} characters.", field)
    person.password_hash = _HASHER.hash(password)
    person.session_epoch += 1
    note(session, now, Kind.PASSWORD_CHANGED, actor, about_person(person))
    return person


def find_person(session: Session, person_id: int) -> Person:
    """Return a person; NotFound if there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password[:1024])
    except (VerificationError, InvalidHashError):
        return False


def change_email(session: Session, actor: Actor, now: datetime, person_id: int, email: str) -> bool:
    """Give a person another address, or say that the one they have works again; returns whether it is another."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    email = _checked_email(session, email, person_id)
    new = email != person.email
    if new:
        note(session, now, Kind.ADDRESS_CHANGED, actor, about_person(person, detail=f"to {email}"))
    person.email, person.mail_failed_at, person.mail_fault = email, None, ""
    session.flush()
    return new


def _checked_email(session: Session, email: str, besides: int | None = None) -> str:
    """Return an address as it is stored; Refusal where it is none, or is that of another account."""
    email = clean(email).lower()
    if "@" not in email.strip("@"):
        raise Refusal("Enter an e-mail address, like name@council.gov.uk", "email")
    known = session.scalar(select(Person.id).where(Person.email == email))
    if known is not None and known != besides:
        raise Refusal("There is an account with this e-mail address already.", "email")
    return email
