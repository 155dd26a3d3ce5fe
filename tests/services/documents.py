"""A document with something of every kind, and what bringing one in does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services import acts
from tracker.models import (
    Action,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    PeriodState,
    Plan,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.rules import document as lines
from tracker.rules.document import PlanDocument
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.plan_outcomes import Applied, Outcome
from tracker.services.plan_writer import create_plan, update_plan


def rich() -> PlanDocument:
    """Return a plan with something of every kind."""
    made = factories.document(
        milestone_line("1", actions=["A"]),
        milestone_line("2", date="Jun 2026", tail="quarterly reviews following this"),
        milestone_line("3", date="TBC"),
        slug="rich",
        organisation="Testshire Council",
    )
    made.records = [lines.RecordLine("definition", "Education, health and care plan", "EHCP")]
    made.measures = [lines.MeasureLine("Plans on time", "%", "up", "40%", "60%", "monthly")]
    made.measures[0].readings = [lines.ReadingLine("2024", "41%"), lines.ReadingLine("2025", "52%")]
    priority = made.priorities[0]
    priority.records = [
        lines.RecordLine("good_looks_like", "Families are heard at every meeting"),
        lines.RecordLine("good_looks_like", "Families are heard at every review"),
    ]
    priority.unplaced = [milestone_line("X", "Where does this belong?")]
    workstream = priority.workstreams[0]
    workstream.commitments = [
        lines.CommitmentLine("4", "Weekly", "Meet the provider to review cases"),
        lines.CommitmentLine("5", "Monthly", "Meet the provider to review costs"),
    ]
    workstream.period_states = [lines.PeriodState("Panel", "Sep - Dec 21", "COMPLETED")]
    return made


def create(session: Session, made: PlanDocument) -> Plan:
    return session.get_one(Plan, create_plan(session, made, SYSTEM, NOW).plan_id)


def bring(session: Session, plan: Plan, made: PlanDocument) -> Applied:
    return update_plan(session, plan, made, SYSTEM, acts.at(date(2025, 9, 20)))


def decide(session: Session, plan: Plan, made: PlanDocument, actor: Actor, given: Mapping[str, str]) -> Applied:
    return update_plan(session, plan, made, actor, acts.at(date(2025, 9, 20)), decisions=given)


def manager_of(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


def asked(applied: Applied, question: str) -> list[Outcome]:
    return [outcome for outcome in applied.outcomes if outcome.question == question]


def told(applied: Applied, state: str) -> list[tuple[str, str]]:
    return [(outcome.what, outcome.ref) for outcome in applied.outcomes if outcome.state == state]


TABLES = (
    Priority,
    Workstream,
    Action,
    Milestone,
    Commitment,
    Record,
    Measure,
    Reading,
    LeadAssignment,
    MilestoneAction,
    PeriodState,
)


def sizes(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in TABLES]
