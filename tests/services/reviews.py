"""Reviews as managers record them, with only what a test says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services import acts
from tracker.models import ColourSpan, Milestone, Plan, PlanVersion
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import colours, versions
from tracker.services.ledger import Recorder
from tracker.services.review import Decision, Preview, preview

DECISION = Decision("2", TODAY, "SEND Partnership Board", TODAY, "5.2")
DAY = timedelta(days=1)


def reviewed_plan(session: Session) -> Plan:
    """Write a plan of four milestones, the third without a date, the first version of which is "Final"."""
    return factories.plan(
        session,
        milestone_line("1"),
        milestone_line("2", date="Dec 2025"),
        milestone_line("3", date="Ongoing"),
        milestone_line("4", date="Nov 2025"),
        effective=acts.at(factories.ADOPTED),
        version="Final",
    )


def adopt(session: Session, actor: Actor, plan: Plan, now: datetime = NOW, **more: Any) -> PlanVersion:
    """Adopt version 2 today, with only what a test says."""
    given = {name: more.pop(name) for name in ("left_out", "seen", "token") if name in more}
    decision = replace(DECISION, **{"adopted": now.date(), "meeting_on": now.date(), **more})
    return versions.adopt(session, actor, now, plan.id, given.pop("token", acts.token()), decision, **given)


def undo(session: Session, actor: Actor, plan: Plan, now: datetime = NOW, number: int = 2, **more: Any) -> PlanVersion:
    reason = more.pop("reason", "The board wants to look again.")
    return versions.undo(session, actor, now, plan.id, number, acts.token(), reason)


def looked(session: Session, actor: Actor, plan: Plan, **more: Any) -> Preview:
    return preview(session, actor, plan.id, replace(DECISION, **more), TODAY)


def move(session: Session, plan: Plan, milestone: Milestone, to: str, now: datetime = NOW) -> None:
    """Have the board agree a new date."""
    lead, manager = factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]
    change = acts.ask(session, lead, milestone, now, proposed=to)
    acts.settle(session, manager, milestone, change, now, minute="4.1")


def withdraw(session: Session, plan: Plan, milestone: Milestone) -> None:
    recorder = Recorder(session, plan, SYSTEM, NOW)
    values = {"standing": Standing.WITHDRAWN.value, "standing_reference": "minute 3"}
    recorder.change(milestone, "withdrew it", values, "minute 3")
    recorder.close()
    colours.refresh(session, plan, milestone, TODAY)


def spans_before(session: Session, plan: Plan, day: date) -> list[tuple[Any, ...]]:
    """Return the colours of every day before `day`, in a form that does not mind where a span is cut."""
    query = select(ColourSpan).where(ColourSpan.plan_id == plan.id, ColourSpan.from_day < day)
    found = []
    for span in session.scalars(query.order_by(ColourSpan.milestone_id, ColourSpan.from_day)):
        last = min(span.to_day, day - DAY)
        told = (span.milestone_id, span.colour, span.rule, span.reason, tuple(span.marks), span.moves, span.due)
        if found and found[-1][:-2] == told and found[-1][-1] + DAY == span.from_day:
            found[-1] = (*told, found[-1][-2], last)
        else:
            found.append((*told, span.from_day, last))
    return found
