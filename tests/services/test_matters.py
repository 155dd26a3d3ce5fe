"""What is put to the board about a milestone: it changes nothing by itself, and stands until it is settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.boards import token
from tracker.models import Milestone, Plan
from tracker.queries.matters import matters_of
from tracker.queries.plan_rows import PlanRow
from tracker.queries.plans import find_plan
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.minutes import MatterState
from tracker.rules.permissions import Actor, Role
from tracker.services import matters
from tracker.services.verification import verify


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan of two milestones."""
    return factories.plan(session, factories.milestone_line("1"), factories.milestone_line("2"))


@pytest.fixture
def lead(session: Session, plan: Plan) -> Actor:
    """Return who leads it."""
    return factories.lead(session, plan)[1]


def row(session: Session, plan: Plan) -> PlanRow:
    """Return the plan as pages read it."""
    found = find_plan(session, plan.slug)
    assert found is not None
    return found[0]


def first(session: Session, plan: Plan) -> Milestone:
    """Return its first milestone."""
    return factories.milestones_of(session, plan)[0]


def test_a_lead_puts_a_milestone_to_the_board_and_takes_it_back(session: Session, plan: Plan, lead: Actor) -> None:
    milestone = first(session, plan)
    assert matters_of(session, row(session, plan), TODAY) == []
    made = matters.put_to_board(session, lead, NOW, milestone.id, token(), "suspension", " Two schools close. ")
    assert (made.text, made.put_on, made.state, milestone.standing) == ("Two schools close.", TODAY, "open", "open")
    with pytest.raises(Refusal, match="put to the board already"):
        matters.put_to_board(session, lead, NOW, milestone.id, token(), "suspension", "Again")
    later = NOW + timedelta(days=2)
    with pytest.raises(Refusal, match="Enter why"):
        matters.take_back(session, lead, later, milestone.id, made.id, token(), " ")
    matters.take_back(session, lead, later, milestone.id, made.id, token(), "They stay open")
    with pytest.raises(Refusal, match="is taken back already"):
        matters.take_back(session, lead, later, milestone.id, made.id, token(), "Twice")
    (now,), (then,) = (matters_of(session, row(session, plan), day) for day in (later.date(), TODAY))
    assert (now.state, now.outcome, then.state, then.waits) == (
        MatterState.WITHDRAWN,
        "They stay open",
        MatterState.OPEN,
        True,
    )
    assert matters_of(session, row(session, plan), TODAY - timedelta(days=1)) == []
    assert not verify(session).faults


def test_what_is_not_said_or_not_open_is_not_put_to_the_board(session: Session, plan: Plan, lead: Actor) -> None:
    milestone = first(session, plan)
    with pytest.raises(Refusal, match="Select what is put to the board"):
        matters.put_to_board(session, lead, NOW, milestone.id, token(), "delay", "Why")
    with pytest.raises(Refusal, match="Enter why"):
        matters.put_to_board(session, lead, NOW, milestone.id, token(), "escalation", "  ")
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match="Completion has been claimed"):
        matters.put_to_board(session, lead, NOW, milestone.id, token(), "escalation", "Money")
    other = factories.milestones_of(session, plan)[1]
    made = matters.put_to_board(session, lead, NOW, other.id, token(), "escalation", "Money")
    with pytest.raises(NotFound, match="put to the board"):
        matters.take_back(session, lead, NOW, milestone.id, made.id, token(), "Of another one")


def test_a_member_of_the_board_puts_nothing_to_it(session: Session, plan: Plan) -> None:
    member = factories.member(session, plan, Role.BOARD)[1]
    with pytest.raises(NotPermitted):
        matters.put_to_board(session, member, NOW, first(session, plan).id, token(), "escalation", "Money")
