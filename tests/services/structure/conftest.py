"""A plan with two priorities and its improvement manager."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.services.structure import edits
from tracker.models import Plan
from tracker.rules.permissions import Actor, Role


@pytest.fixture
def plan(session: Session) -> Plan:
    return edits.make(session)


@pytest.fixture
def manager(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.MANAGER)[1]


@pytest.fixture
def board(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.BOARD)[1]
