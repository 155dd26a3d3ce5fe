"""One plan with one milestone due in September 2025, and the people around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts
from tracker.models import ColourSpan, Milestone, Plan
from tracker.rules.facts import Standing
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import colours
from tracker.services.ledger import Recorder


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(session, effective=acts.at(factories.ADOPTED))


@pytest.fixture
def milestone(session: Session, plan: Plan) -> Milestone:
    return factories.milestones_of(session, plan)[0]


@pytest.fixture
def lead(session: Session, plan: Plan) -> Actor:
    return factories.lead(session, plan)[1]


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def colour_on(session: Session) -> Callable[..., tuple[str, str, str]]:
    """Return the stored colour, rule and marks of a milestone on a day."""

    def find(milestone: Milestone, day: Any) -> tuple[str, str, str]:
        span = session.scalars(
            select(ColourSpan).where(
                ColourSpan.milestone_id == milestone.id, ColourSpan.from_day <= day, ColourSpan.to_day >= day
            )
        ).one()
        return span.colour, span.rule, ", ".join(span.marks)

    return find


@pytest.fixture
def withdraw(session: Session, plan: Plan) -> Callable[[Milestone], None]:
    """Take a milestone out of the plan by a decision of the board."""

    def act(milestone: Milestone) -> None:
        recorder = Recorder(session, plan, SYSTEM, factories.NOW)
        values = {"standing": Standing.WITHDRAWN.value, "standing_reference": "minute 4.2"}
        recorder.change(milestone, "withdrew it", values)
        recorder.close()
        colours.refresh(session, plan, milestone, factories.TODAY)

    return act
