"""What a document says of how things stand: taken over where a person says so, and never as a colour."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services import acts
from tests.services.documents import asked, create, decide, manager_of
from tracker.models import Plan
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, TABLE, Act, Role
from tracker.services.plan_writer import create_plan
from tracker.services.verification import verify

DAY = date(2025, 9, 20)


# ------------------------------------------------------------------ statuses
def told(fact: str, words: str, **more: str) -> PlanDocument:
    return factories.document(milestone_line("1", date="Sep 2025", fact=fact, status_text=words, **more))


def test_a_status_of_completed_claims_and_never_signs_off(session, colour_on):
    plan = create(session, told("completed", "Completed", done_on="12/08/2025"))
    (row,) = factories.milestones_of(session, plan)
    assert (row.status_text, row.signoff, row.completed) == ("Completed", "none", None)
    actor = manager_of(session, plan)
    made = told("completed", "Completed", done_on="12/08/2025")
    decide(session, plan, made, actor, {"*completed": "claim"})
    assert (row.signoff, row.completed, row.claimed, row.started) == (
        "claimed",
        date(2025, 8, 12),
        DAY,
        date(2025, 8, 12),
    )
    assert colour_on(row, DAY)[0] == "green"
    assert {outcome.state for outcome in decide(session, plan, made, actor, {}).outcomes} == {"unchanged"}
    with pytest.raises(Refusal, match="evidence"):
        acts.decide(session, factories.member(session, plan, Role.MANAGER)[1], row)
    assert verify(session).faults == ()


def test_statuses_are_asked_about_when_a_plan_is_made_too(session):
    applied = create_plan(session, told("completed", "Done"), SYSTEM, NOW)
    assert [outcome.what for outcome in asked(applied, "completed")] == ["status"]
    done = create_plan(session, told("completed", "Done"), SYSTEM, NOW, decisions={"*completed": "claim"})
    (row,) = factories.milestones_of(session, session.get_one(Plan, done.plan_id))
    assert row.completed == NOW.date()
    assert verify(session).faults == ()


def test_what_has_begun_is_taken_over_unless_a_person_says_otherwise(session):
    applied = create_plan(session, told("started", "In progress"), SYSTEM, NOW)
    assert asked(applied, "started") == []
    (row,) = factories.milestones_of(session, session.get_one(Plan, applied.plan_id))
    assert row.started == NOW.date()
    left = create_plan(session, told("started", "In progress"), SYSTEM, NOW, decisions={"*started": "leave"})
    (row,) = factories.milestones_of(session, session.get_one(Plan, left.plan_id))
    assert row.started is None
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("fact", "words", "value", "what"),
    [
        ("delayed", "Amber", "risk", ("confidence", "at_risk")),
        ("started", "On track", "start", ("started", DAY)),
        ("stopped", "On hold", "suspend", ("standing", "suspended")),
        ("stopped", "Cancelled", "withdraw", ("standing", "withdrawn")),
        ("delayed", "Amber", "leave", ("confidence", "")),
    ],
)
def test_other_statuses_are_taken_over_where_a_person_says_so(session, fact, words, value, what):
    plan = create(session, factories.document(milestone_line("1")))
    given = {f"*{fact}": value, f"*{fact}:reference": "Board, minute 4", f"*{fact}:decided_on": "15/09/2025"}
    actor = manager_of(session, plan)
    decide(session, plan, told(fact, words), actor, given)
    (row,) = factories.milestones_of(session, plan)
    assert getattr(row, what[0]) == what[1]
    assert {outcome.state for outcome in decide(session, plan, told(fact, words), actor, {}).outcomes} == {"unchanged"}
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("fact", "words", "value", "act"),
    [
        ("completed", "Completed", "claim", Act.CLAIM),
        ("started", "On track", "start", Act.UPDATE),
        ("delayed", "Amber", "risk", Act.UPDATE),
        ("stopped", "On hold", "suspend", Act.EDIT),
    ],
)
def test_a_status_does_nothing_that_who_reads_it_may_not_do_otherwise(session, monkeypatch, fact, words, value, act):
    plan = create(session, factories.document(milestone_line("1")))
    given = {f"*{fact}": value, f"*{fact}:reference": "Board, minute 4", f"*{fact}:decided_on": "15/09/2025"}
    actor = manager_of(session, plan)
    monkeypatch.setitem(TABLE, act, {})
    with pytest.raises(NotPermitted, match=act.value):
        decide(session, plan, told(fact, words), actor, given)
