"""Roles on plans, and the administrator's own: given and taken away, each in the security log."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Membership, Person, Plan
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, Actor, Role, permit
from tracker.rules.security import Kind
from tracker.services.accounts import find_person
from tracker.services.security import about_person, note

_LOG = logging.getLogger("tracker.security")
ON_PLANS = (Role.MANAGER, Role.BOARD, Role.AUDITOR)


class OwnRole(NotPermitted):
    """An administrator asked for a role of their own: somebody else has to."""


def give_role(session: Session, person_id: int, plan_id: int, role: Role) -> bool:
    """Give a person a role on a plan; returns whether it is new. For set-up: a person acts through `grant`."""
    known = select(Membership.id).where(
        Membership.person_id == person_id, Membership.plan_id == plan_id, Membership.role == role.value
    )
    if session.scalar(known) is not None:
        return False
    session.add(Membership(person_id=person_id, plan_id=plan_id, role=role.value))
    session.flush()
    return True


def grant(session: Session, actor: Actor, now: datetime, person_id: int, plan_id: int, role: Role) -> Person:
    """Give a person a role on a plan, as an administrator; never to oneself."""
    person = _somebody_else(session, actor, person_id)
    if role not in ON_PLANS:
        raise Refusal("Select a role that a person can have on a plan.", "role")
    if session.get(Plan, plan_id) is None:
        raise NotFound("There is no such plan.")
    if not give_role(session, person_id, plan_id, role):
        raise Refusal(f"{person.name} has this role on the plan already.", "role")
    note(session, now, Kind.ROLE_GRANTED, actor, about_person(person, plan_id=plan_id, detail=role.value))
    return person


def remove(session: Session, actor: Actor, now: datetime, person_id: int, plan_id: int, role: Role) -> Person:
    """Take a role on a plan away, as an administrator; never from oneself. It counts from the next request on."""
    person = _somebody_else(session, actor, person_id)
    query = select(Membership).where(
        Membership.person_id == person_id, Membership.plan_id == plan_id, Membership.role == role.value
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound("The person does not have this role.")
    session.delete(found)
    note(session, now, Kind.ROLE_REMOVED, actor, about_person(person, plan_id=plan_id, detail=role.value))
    return person


def make_administrator(session: Session, actor: Actor, now: datetime, person_id: int, *, value: bool) -> Person:
    """Make another person an administrator, or no longer one; nobody does it to themselves."""
    person = _somebody_else(session, actor, person_id)
    if person.administrator == value:
        raise Refusal(f"{person.name} is {'an' if value else 'no'} administrator already.")
    person.administrator = value
    kind = Kind.ROLE_GRANTED if value else Kind.ROLE_REMOVED
    note(session, now, kind, actor, about_person(person, detail=Role.ADMINISTRATOR.value))
    return person


def _somebody_else(session: Session, actor: Actor, person_id: int) -> Person:
    """Return whose role is changed. Raises OwnRole where it is the actor's own, and says so in the system's log."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    person = find_person(session, person_id)
    if person.id != actor.person_id:
        return person
    others = select(func.count()).where(
        Person.administrator, Person.disabled_at.is_(None), Person.id != actor.person_id
    )
    alone = not session.scalar(others)
    _LOG.warning(
        "The administrator %s tried to change a role of their own%s: refused",
        person.id,
        ", being the only administrator" if alone else "",
    )
    raise OwnRole(
        "You are the only administrator, so nobody can change your own roles. Make a second administrator first, "
        "who then does it."
        if alone
        else "A role of your own takes a second administrator. Ask one of them to do it."
    )
