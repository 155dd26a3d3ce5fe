"""Pages as at a past day show the words, the places, the order and the weight that things had then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tests.services.structure import edits
from tracker.models import Plan
from tracker.queries.milestone_page import milestone_page
from tracker.queries.movement import earlier
from tracker.queries.plans import find_plan, headline_items
from tracker.queries.register import Filters, register
from tracker.queries.rows import PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules.permissions import Actor
from tracker.services.structure.splitting import Part
from tracker.services.structure.wording import set_critical

LATER = NOW + timedelta(days=10)
NEW_DAY = LATER.date()


@pytest.fixture
def edited(session: Session, manager: Actor, plan: Plan) -> Plan:
    """Return the plan, edited ten days later."""
    row = edits.milestone(session, "Agree")
    edits.reword(session, manager, row, "Agree two pathways", LATER)
    set_critical(session, manager, LATER, plan.id, row.id, edits.form(row), critical=True, reason="The board asked")
    edits.move(session, manager, row, edits.workstream(session, "2a"), LATER)
    edits.move(session, manager, edits.workstream(session, "1b"), edits.priority(session, "2"), LATER)
    edits.put(session, manager, edits.milestone(session, "Review"), None, LATER)
    edits.reword(session, manager, edits.workstream(session, "1a"), "Assessment in time", LATER)
    edits.decide(session, manager, edits.action(session, "B"), now=LATER)
    edits.split(session, manager, edits.milestone(session, "Buy"), Part("Hire drivers"), now=LATER)
    return plan


def shape(shown: PlanSnapshot) -> list[tuple[str, list[str]]]:
    """Return the refs and words of a plan."""
    return [
        (f"{p.ref} {w.ref} {w.title} {w.standing}", [f"{m.full_ref} {m.text} {m.marks}" for m in w.milestones])
        for p in shown.priorities
        for w in p.workstreams
    ]


def shown(session: Session, day: date) -> PlanSnapshot:
    found = find_plan(session, "edited")
    assert found
    return snapshot(session, *found, day, NEW_DAY)


def test_the_plan_of_a_past_day_is_as_it_was_seen_on_that_day(
    session: Session, plan: Plan, request: pytest.FixtureRequest
) -> None:
    found = find_plan(session, "edited")
    assert found
    before = snapshot(session, *found, TODAY, TODAY)
    request.getfixturevalue("edited")
    after = shown(session, TODAY)
    assert shape(after) == shape(before)
    assert [a.standing for p in after.priorities for w in p.workstreams for a in w.actions] == ["open", "open"]
    assert after.headline == before.headline
    assert [p.headline for p in after.priorities] == [p.headline for p in before.priorities]
    assert shape(shown(session, NEW_DAY)) != shape(before)


def test_the_list_of_a_past_day_is_narrowed_by_the_priority_of_that_day(session: Session, edited: Plan) -> None:
    found = find_plan(session, "edited")
    assert found
    first = Filters(priority=edits.priority(session, "1").id)
    then = register(session, found[0], first, TODAY, NEW_DAY)
    assert {row.text for row in then.rows} >= {"Agree the pathway", "Train schools"}
    assert [row.workstream_ref for row in then.rows] == ["1a", "1a", "1a", "1b", ""]
    now = register(session, found[0], first, NEW_DAY, NEW_DAY)
    assert {row.text for row in now.rows} == {"Review the pathway", "Publish the pathway", "Where does this belong?"}


def test_the_page_of_a_moved_milestone_names_its_place_on_a_past_day(session: Session, edited: Plan) -> None:
    found = find_plan(session, "edited")
    assert found
    key = edits.milestone(session, "Agree").id
    page = milestone_page(session, found[0], key, TODAY, NEW_DAY)
    assert page
    assert (page.milestone.full_ref, page.milestone.workstream_title) == ("1a.1", "Timely assessment")
    assert page.milestone.priority_title == "Assessment"
    now = milestone_page(session, found[0], key, NEW_DAY, NEW_DAY)
    assert now
    assert (now.milestone.full_ref, now.milestone.critical) == ("2a.2", True)


def test_what_a_day_is_compared_with_is_counted_as_it_was(session: Session, edited: Plan) -> None:
    found = find_plan(session, "edited")
    assert found
    before = earlier(session, edited.id, TODAY, found[1])
    assert before
    then = shown(session, TODAY)
    assert {p.id: p.headline.counts for p in before.priorities} == {p.id: p.counts for p in then.priorities}
    assert before.headline == then.headline
    assert not any(item.critical for item in headline_items(session, [edited.id], TODAY)[edited.id])
    assert any(item.critical for item in headline_items(session, [edited.id], NEW_DAY)[edited.id])
