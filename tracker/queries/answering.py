"""Who answers for what in one plan on a day: the posts that lead, their holders and deputies, and the managers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Absence, Holding, LeadAssignment, Membership, MilestoneAction, Person, Post
from tracker.queries.digest_rows import Leads
from tracker.queries.holdings import held_on
from tracker.rules.dates import show_day
from tracker.rules.permissions import Role


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a post. `why_not` says why messages do not reach them, "" if they do."""

    person_id: int
    name: str
    deputy: bool
    why_not: str = ""


def leads_of_plan(session: Session, plan_id: int) -> Leads:
    """Return which posts lead what in a plan: those of a milestone before those of its actions."""
    made = Leads()
    query = (
        select(LeadAssignment, MilestoneAction.milestone_id)
        .outerjoin(
            MilestoneAction,
            (MilestoneAction.action_id == LeadAssignment.action_id) & MilestoneAction.unlinked_on.is_(None),
        )
        .where(LeadAssignment.plan_id == plan_id, LeadAssignment.ended.is_(None))
        .order_by(LeadAssignment.position, LeadAssignment.id)
    )
    found = session.execute(query).all()
    for one, linked in sorted(found, key=lambda pair: pair[0].action_id is not None):
        if one.action_id is not None:
            if linked is not None:
                made.add("milestone", linked, one.post_id)
        elif one.milestone_id is not None:
            made.add("milestone", one.milestone_id, one.post_id, accountable=one.accountable)
        elif one.workstream_id is not None:
            made.add("workstream", one.workstream_id, one.post_id, accountable=one.accountable)
    return made


def _away(today: date) -> Any:
    there = (Absence.person_id == Person.id, Absence.from_day <= today, Absence.to_day >= today)
    return select(func.max(Absence.to_day)).where(*there).scalar_subquery()


def _why_not(disabled_at: datetime | None, away: date | None) -> str:
    if disabled_at is not None:
        return "cannot sign in"
    return f"is away until {show_day(away)}" if away else ""


def people_of_posts(
    session: Session, plan_id: int, today: date
) -> tuple[Mapping[int, str], Mapping[int, tuple[Contact, ...]]]:
    """Return the titles of the posts that lead in a plan, and their holders and deputies, holders first."""
    leading = select(LeadAssignment.post_id).where(LeadAssignment.plan_id == plan_id, LeadAssignment.ended.is_(None))
    query = (
        select(Post.id, Post.title, Holding.deputy, Person.id, Person.name, Person.disabled_at, _away(today))
        .outerjoin(Holding, (Holding.post_id == Post.id) & held_on(today)[0] & held_on(today)[1])
        .outerjoin(Person, Person.id == Holding.person_id)
        .where(Post.id.in_(leading))
        .order_by(Holding.deputy, Holding.id)
    )
    titles: dict[int, str] = {}
    people: dict[int, dict[int, Contact]] = defaultdict(dict)
    for post_id, title, deputy, person_id, name, disabled_at, away in session.execute(query):
        titles[post_id] = title
        if person_id is not None:
            people[post_id].setdefault(person_id, Contact(person_id, name, deputy, _why_not(disabled_at, away)))
    return titles, {post_id: tuple(found.values()) for post_id, found in people.items()}


def managers_of_plan(session: Session, plan_id: int, today: date) -> tuple[Contact, ...]:
    """Return the managers of a plan who are there. One statement."""
    query = (
        select(Person.id, Person.name, _away(today))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.plan_id == plan_id, Membership.role == Role.MANAGER.value, Person.disabled_at.is_(None))
        .order_by(Membership.id)
    )
    return tuple(Contact(key, name, False) for key, name, away in session.execute(query) if away is None)
