"""Small things to test with: documents, plans, people and actors, each with only what the test says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Holding, Membership, Milestone, Person, Plan, Post
from tracker.rules.document import ActionLine, LeadLine, MilestoneLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.plan_writer import create_plan

ADOPTED = date(2025, 5, 28)
NOW = datetime(2025, 9, 10, 9, 0, tzinfo=UTC)
"""The instant at which tests act unless they say otherwise: a Wednesday morning in London."""
TODAY = NOW.date()

_numbers = count(1)


def milestone_line(ref: str = "1", text: str = "", date: str = "Sep 2025", **more: Any) -> MilestoneLine:
    """Return a milestone as a document has it."""
    return MilestoneLine(ref=ref, text=text or f"Deliverable {ref}", date=date, **more)


def document(
    *milestones: MilestoneLine, slug: str = "", lead: str = "SEND Senior Manager", **more: Any
) -> PlanDocument:
    """Return a plan of one priority with one workstream, led by one post, that has these milestones."""
    workstream = WorkstreamLine(
        ref="1a",
        title="Timely assessment",
        leads=[LeadLine(lead, "Testshire Council", accountable=True)],
        actions=[ActionLine("A", "Agree one pathway")],
        milestones=list(milestones) or [milestone_line()],
    )
    return PlanDocument(
        title=more.pop("title", "A plan for tests"),
        slug=slug or f"plan-{next(_numbers)}",
        adopted=more.pop("adopted", ADOPTED.isoformat()),
        priorities=[PriorityLine(ref="1", title="Assessment", workstreams=[workstream])],
        **more,
    )


def plan(session: Session, *milestones: MilestoneLine, effective: datetime | None = None, **more: Any) -> Plan:
    """Write a plan into the database through the service that everything uses."""
    applied = create_plan(session, document(*milestones, **more), SYSTEM, NOW, effective=effective)
    found = session.get(Plan, applied.plan_id)
    assert found
    return found


def milestones_of(session: Session, plan: Plan) -> list[Milestone]:
    """Return the milestones of a plan in their order."""
    query = select(Milestone).where(Milestone.plan_id == plan.id).order_by(Milestone.id)
    return list(session.scalars(query))


def person(session: Session, name: str = "", **more: Any) -> Person:
    """Add a person who can be signed in (without a password unless one is given)."""
    number = next(_numbers)
    made = Person(name=name or f"Person {number}", email=more.pop("email", f"person{number}@testshire.example"), **more)
    session.add(made)
    session.flush()
    return made


def lead(session: Session, plan: Plan) -> tuple[Person, Actor]:
    """Add a person who holds the post that leads the plan's workstream; return both."""
    post = session.scalars(select(Post).order_by(Post.id)).first()
    assert post, "The plan has no lead"
    made = person(session, post.title)
    session.add(Holding(post_id=post.id, person_id=made.id, from_day=date(2025, 1, 1)))
    session.flush()
    return made, Actor(made.id, post.title, frozenset({post.id}), {plan.id: frozenset({Role.LEAD})})


def member(session: Session, plan: Plan, role: Role) -> tuple[Person, Actor]:
    """Add a person with one role on the plan; return the person and the actor."""
    made = person(session, role.value.title(), administrator=role is Role.ADMINISTRATOR)
    if role is Role.ADMINISTRATOR:
        return made, Actor(made.id, made.name, administrator=True)
    made.at_once = True  # so that tests see what a manager is told of
    session.add(Membership(plan_id=plan.id, person_id=made.id, role=role.value))
    session.flush()
    return made, Actor(made.id, made.name, frozenset(), {plan.id: frozenset({role})})


@dataclass(frozen=True)
class Cast:
    """A plan with a person in each role, committed: what tests of screens start from."""

    plan_id: int
    slug: str
    milestones: tuple[int, ...]
    people: dict[Role, int]


def cast(session: Session) -> Cast:
    """Make a plan of three milestones (Grey, and due in Sep 2025, Dec 2025 and without a date) and its people."""
    made = plan(
        session,
        milestone_line("1"),
        milestone_line("2", date="Dec 2025"),
        milestone_line("3", date="Ongoing"),
        slug="tests",
    )
    people = {role: member(session, made, role)[0].id for role in Role if role is not Role.LEAD}
    people[Role.LEAD] = lead(session, made)[0].id
    milestones = tuple(milestone.id for milestone in milestones_of(session, made))
    return Cast(made.id, made.slug, milestones, people)
