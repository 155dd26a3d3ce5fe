"""Edits as an improvement manager makes them; every form has a token of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services import acts
from tracker.models import Action, ColourSpan, Milestone, Plan, Priority, Workstream
from tracker.rules.document import ActionLine, CommitmentLine, PlanDocument, PriorityLine, RecordLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import undo as undoing
from tracker.services.plan_writer import create_plan
from tracker.services.structure import adding, moving, splitting, standing, wording
from tracker.services.structure.adding import Added
from tracker.services.structure.items import Form
from tracker.services.structure.splitting import Part
from tracker.services.structure.standing import Decision
from tracker.services.verification import verify

BOARD = "SEND Partnership Board, minute 5.2"
DECIDED = date(2025, 9, 9)


def two_priorities() -> PlanDocument:
    """Return a plan with workstreams 1a and 1b in the first priority, 2a in the second, and one unplaced milestone."""
    first = WorkstreamLine(
        "1a",
        "Timely assessment",
        actions=[ActionLine("A", "Agree one pathway"), ActionLine("B", "Train the panel")],
        milestones=[
            milestone_line("1", "Agree the pathway", "Sep 2025", actions=["A"]),
            milestone_line("2", "Publish the pathway", "Dec 2025"),
            milestone_line("3", "Review the pathway", "Jun 2026", tail="quarterly reviews following this"),
        ],
        commitments=[CommitmentLine("4", "Weekly", "Hold the panel")],
    )
    second = WorkstreamLine("1b", "Inclusion", milestones=[milestone_line("1", "Train schools", "Jan 2026")])
    third = WorkstreamLine("2a", "Travel", milestones=[milestone_line("1", "Buy minibuses", "Feb 2026")])
    lost = milestone_line("11", "Where does this belong?", "Jun 2026", needs_decision="Its workstream is not known.")
    return PlanDocument(
        title="A plan to edit",
        slug="edited",
        adopted="2025-05-28",
        priorities=[
            PriorityLine("1", "Assessment", workstreams=[first, second], unplaced=[lost], records=[GOOD]),
            PriorityLine("2", "Travel", workstreams=[third]),
        ],
    )


GOOD = RecordLine("good_looks_like", "Families are heard")


def make(session: Session) -> Plan:
    """Write the plan with two priorities."""
    applied = create_plan(session, two_priorities(), SYSTEM, NOW, effective=acts.at(date(2025, 5, 28)))
    return session.get_one(Plan, applied.plan_id)


def workstream(session: Session, ref: str) -> Workstream:
    return session.scalars(select(Workstream).where(Workstream.ref == ref)).one()


def priority(session: Session, ref: str) -> Priority:
    return session.scalars(select(Priority).where(Priority.ref == ref)).one()


def action(session: Session, ref: str) -> Action:
    return session.scalars(select(Action).where(Action.ref == ref)).one()


def milestone(session: Session, text: str) -> Milestone:
    """Return the milestone whose text begins so."""
    return session.scalars(select(Milestone).where(Milestone.text.startswith(text))).one()


def form(row: Any, **more: Any) -> Form:
    return Form(more.get("version", row.version), more.get("token") or acts.token())


def add(session: Session, actor: Actor, plan: Plan, kind: str, under: Any = None, **more: Any) -> Any:
    """Add something below a row."""
    now, token = more.pop("now", NOW), more.pop("token", acts.token())
    words = more.pop("words", "Something new")
    asked = Added(kind, under.id if under is not None else None, words, **more)
    return adding.add_item(session, actor, now, plan.id, token, asked)[0]


def reword(session: Session, actor: Actor, row: Any, text: str, now: datetime = NOW, **more: Any) -> str:
    """Change the words of a row."""
    name = next(iter(wording.WORDS[row.__tablename__]))
    words, reason = {name: text, **more.pop("words", {})}, more.pop("reason", "Clearer")
    return wording.reword(session, actor, now, row.plan_id, row.__tablename__, row.id, form(row, **more), words, reason)


def move(session: Session, actor: Actor, row: Any, target: Any, now: datetime = NOW, **more: Any) -> str:
    """Move a row to another place."""
    reason = more.pop("reason", "It belongs there")
    key = target.id if target is not None else None
    return moving.move_to(session, actor, now, row.plan_id, row.__tablename__, row.id, form(row, **more), key, reason)


def put(session: Session, actor: Actor, row: Any, after: Any = None, now: datetime = NOW) -> str:
    """Put a row behind one of its like, or first."""
    key = after.id if after is not None else moving.FIRST
    return moving.reorder(session, actor, now, row.plan_id, row.__tablename__, row.id, form(row), key)


def split(session: Session, actor: Actor, row: Milestone, *parts: Part, now: datetime = NOW, **more: Any) -> str:
    """Split a milestone; the first keeps its text unless one is given."""
    first, reason = more.pop("first", row.text), more.pop("reason", "It is two things")
    return splitting.split_milestone(session, actor, now, row.plan_id, row.id, form(row, **more), first, parts, reason)


def decide(session: Session, actor: Actor, row: Any, to: str = "withdrawn", now: datetime = NOW, **more: Any) -> str:
    """Take a row out of the plan by a decision of the board."""
    said = {"reference": BOARD, "decided_on": DECIDED, **more}
    given = form(row, version=said.pop("version", row.version), token=said.pop("token", ""))
    decision = Decision(to, **said)
    return standing.decide_standing(session, actor, now, row.plan_id, row.__tablename__, row.id, given, decision)


def reopen(session: Session, actor: Actor, row: Any, now: datetime = NOW, **more: Any) -> str:
    """Open a row again."""
    reason = more.pop("reason", "The board thought again")
    return standing.reopen(session, actor, now, row.plan_id, row.__tablename__, row.id, form(row, **more), reason)


def undo(session: Session, actor: Actor, plan: Plan, act: str, now: datetime = NOW) -> str:
    """Undo an act."""
    return undoing.undo(session, actor, now, plan.id, act, acts.token())


def colour(session: Session, row: Milestone, day: date = TODAY) -> str:
    """Return the stored colour of a milestone on a day."""
    query = select(ColourSpan.colour).where(
        ColourSpan.milestone_id == row.id, ColourSpan.from_day <= day, ColourSpan.to_day >= day
    )
    return session.scalars(query).one()


def whole(session: Session) -> tuple[str, ...]:
    """Return what verification finds wrong."""
    session.flush()
    return verify(session).faults


def second_manager(session: Session, plan: Plan) -> Actor:
    """Return a second improvement manager, who may decide what the first one asked for."""
    return factories.member(session, plan, Role.MANAGER)[1]
