"""A plan of five milestones that one post leads, all due in December 2025."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tracker.models import Milestone, Plan


@pytest.fixture
def plan(session: Session) -> Plan:
    lines = [milestone_line(str(number), date="Dec 2025") for number in range(1, 6)]
    return factories.plan(session, *lines, effective=acts.at(factories.ADOPTED))


@pytest.fixture
def rows(session: Session, plan: Plan) -> dict[str, Milestone]:
    """Return the milestones by the ref that people say."""
    return {f"1a.{row.ref}": row for row in factories.milestones_of(session, plan)}
