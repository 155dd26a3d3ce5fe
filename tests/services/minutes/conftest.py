"""A plan of four milestones, and the pack of its meeting that asks the board to decide."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import TODAY
from tests.services import acts
from tests.services import boards as made
from tracker.models import Pack, Plan
from tracker.rules.permissions import Actor, Role


@pytest.fixture
def plan(session: Session) -> Plan:
    """Return a plan of four milestones: new dates are asked for two, one is claimed, one is only open."""
    return factories.plan(session, *(factories.milestone_line(str(ref)) for ref in range(1, 5)))


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    """Return its improvement manager."""
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def pack(session: Session, plan: Plan, manager: Actor) -> Pack:
    """Return the pack issued for the meeting of 16 September 2025."""
    lead = factories.lead(session, plan)[1]
    one, two, three, _ = factories.milestones_of(session, plan)
    for milestone in (one, two):
        acts.ask(session, lead, milestone, proposed="Dec 2025")
    acts.claim(session, lead, three)
    board = made.board(session, manager, plan)
    meeting = made.meeting(session, manager, board, date(2025, 9, 16), cut_off=TODAY, papers=TODAY)
    return made.issued(session, manager, plan, meeting_id=meeting.id)
