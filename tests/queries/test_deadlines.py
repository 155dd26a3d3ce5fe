"""What the plans that ship with the tracker say of their own ends, and what pages of deadlines cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.exports import build_report
from tracker.exports.gather import report_facts
from tracker.models.engine import make_engine
from tracker.queries.deadlines import deadline_ledger, end_moves
from tracker.queries.plans import find_plan
from tracker.queries.sign_offs import queue
from tracker.rules.permissions import Role


@pytest.fixture
def seeded(seeded_template: str, make_database: Callable[[str], str]):
    engine = make_engine(make_database(seeded_template))
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_the_strategy_of_gloucestershire_shows_that_its_end_was_moved(seeded):
    plan, scheme = find_plan(seeded, "gloucestershire-inclusion-2022")
    (move,) = end_moves(seeded, plan, TODAY)
    assert (move.from_text, move.to_text) == ("2025", "Sept 2026")
    assert (move.to_day, move.moved_by) == (date(2026, 9, 30), "9 months later")
    assert "12 months" in move.reason
    report = build_report(report_facts(seeded, plan, scheme, TODAY, TODAY, factories.NOW))
    table = report.table("plan-end")
    assert table is not None
    assert [row[5] for row in table.rows] == ["As the plan's own document says"]


def test_a_plan_whose_end_was_never_moved_says_nothing(seeded):
    plan, _ = find_plan(seeded, "wf-send-2025")
    assert end_moves(seeded, plan, TODAY) == []


def test_ledger_and_queue_cost_the_same_at_any_size(session):
    def make(number: int):
        plan = factories.plan(session, *(factories.milestone_line(str(ref)) for ref in range(number)))
        lead, manager = factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]
        for place, milestone in enumerate(factories.milestones_of(session, plan)):
            (acts.claim if place % 2 else acts.ask)(session, lead, milestone)
        return plan, manager

    numbers = []
    for size in (2, 12):
        plan, manager = make(size)
        with counted(session) as statements:
            assert len(deadline_ledger(session, plan.id, TODAY, TODAY)) == size // 2
            assert len(queue(session, manager, TODAY).rows) == size // 2
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 6
