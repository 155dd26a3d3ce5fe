"""How a person is told, and on which days they are away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Absence, Person
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.rules.rhythm import read_rhythm

_LONGEST = timedelta(days=366)


def choose(session: Session, actor: Actor, digest: str, *, at_once: bool, workbook: bool) -> Person:
    """Set how often the actor is told ("" for the council's rhythm), whether at once too, and whether by workbook."""
    if digest:
        read_rhythm(digest)
    person = _self(session, actor)
    person.digest, person.at_once, person.workbook = digest, at_once, workbook
    session.flush()
    return person


def go_away(session: Session, actor: Actor, now: datetime, from_day: date, to_day: date) -> Absence:
    """Note that the actor is away between two days, both included."""
    person = _self(session, actor)
    if to_day < from_day:
        raise Refusal("Enter a last day that is not before the first one.", "to_day")
    if to_day < london_day(now):
        raise Refusal("Enter a last day that is today or later.", "to_day")
    if to_day - from_day > _LONGEST:
        raise Refusal("Enter at most a year. Somebody else can hold the post meanwhile.", "to_day")
    query = select(Absence).where(
        Absence.person_id == person.id, Absence.from_day <= to_day, Absence.to_day >= from_day
    )
    there = session.scalars(query.limit(1)).first()
    if there is not None:
        said = f"from {show_day(there.from_day)} to {show_day(there.to_day)}"
        raise Refusal(f"You are away {said} already. Take that off the list first.", "from_day")
    made = Absence(person_id=person.id, from_day=from_day, to_day=to_day)
    session.add(made)
    session.flush()
    return made


def come_back(session: Session, actor: Actor, absence_id: int) -> bool:
    """Take days on which the actor is away off the list; False if they are not on it."""
    found = session.get(Absence, absence_id)
    if found is None or found.person_id != _self(session, actor).id:
        return False
    session.delete(found)
    session.flush()
    return True


def _self(session: Session, actor: Actor) -> Person:
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotPermitted("Sign in first.")
    return person
