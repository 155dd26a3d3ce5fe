"""Taken out by a decision: listed, without a colour, out of every percentage; opened again with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import TODAY
from tests.services import acts
from tests.services.structure import edits
from tracker.models import Milestone, Plan
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules.colour import Colour
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor, Role


def shown(session: Session, day: date = TODAY) -> PlanSnapshot:
    found = find_plan(session, "edited")
    assert found
    return snapshot(session, *found, day, TODAY)


@pytest.mark.parametrize("standing", ["withdrawn", "suspended", "superseded"])
def test_what_is_taken_out_is_listed_and_left_out_of_every_percentage(
    session: Session, manager: Actor, plan: Plan, standing: str
) -> None:
    row, before = edits.milestone(session, "Publish"), shown(session).counts
    edits.decide(session, manager, row, standing)
    after = shown(session)
    assert (edits.colour(session, row), after.counts.total, after.counts.none) == ("none", before.total - 1, 1)
    assert row.id in {one.id for one in after.milestones}
    assert row.standing_reference == "SEND Partnership Board, minute 5.2, 9 September 2025"
    assert not edits.whole(session)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reference": " "}, "reference"),
        ({"decided_on": None}, "decided_on"),
        ({"decided_on": date(2025, 9, 11)}, "decided_on"),
    ],
)
def test_a_decision_needs_its_reference_and_a_day_that_has_been(
    session: Session, manager: Actor, plan: Plan, more: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        edits.decide(session, manager, edits.milestone(session, "Publish"), **more)
    assert refusal.value.field == field


def test_what_was_taken_out_can_be_opened_again_with_a_reason(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Publish")
    before = edits.colour(session, row)
    edits.decide(session, manager, row, "suspended")
    with pytest.raises(Refusal, match="Say why"):
        edits.reopen(session, manager, row, reason="")
    edits.reopen(session, manager, row)
    assert (edits.colour(session, row), row.standing, row.standing_reference) == (before, "open", "")
    with pytest.raises(Refusal, match="nothing to re-open"):
        edits.reopen(session, manager, row)
    assert not edits.whole(session)


def test_the_ref_of_what_was_withdrawn_stays_taken(session: Session, manager: Actor, plan: Plan) -> None:
    edits.decide(session, manager, edits.milestone(session, "Review"))
    assert edits.add(session, manager, plan, "milestone", edits.workstream(session, "1a")).ref == "4"


def test_what_becomes_of_the_milestones_of_a_workstream_is_asked(session: Session, manager: Actor, plan: Plan) -> None:
    with pytest.raises(Refusal, match="what becomes of what stands below") as refusal:
        edits.decide(session, manager, edits.workstream(session, "1a"))
    assert refusal.value.field == "below"


def test_a_workstream_goes_with_what_is_open_and_keeps_what_was_delivered(
    session: Session, manager: Actor, plan: Plan
) -> None:
    done = edits.milestone(session, "Agree")
    acts.claim(session, factories.member(session, plan, Role.MANAGER)[1], done)
    acts.decide(session, manager, done)
    row = edits.workstream(session, "1a")
    edits.decide(session, manager, row, below="with")
    colours = {one.text: edits.colour(session, one) for one in factories.milestones_of(session, plan)}
    assert (colours["Agree the pathway"], colours["Publish the pathway"]) == ("blue", "none")
    first = shown(session).priorities[0].workstreams[0]
    assert (first.standing, first.colour, first.actions[0].standing) == ("withdrawn", Colour.NONE, "withdrawn")
    assert not edits.whole(session)
    edits.reopen(session, manager, row)
    assert edits.colour(session, edits.milestone(session, "Publish")) == "grey"
    assert {one.standing for one in factories.milestones_of(session, plan)} == {"open"}
    assert not edits.whole(session)


def test_the_milestones_of_a_workstream_may_be_moved_before_it_goes(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row, target = edits.workstream(session, "1a"), edits.workstream(session, "1b")
    edits.decide(session, manager, row, below="move", target_id=target.id)
    refs = select(Milestone.ref).where(Milestone.workstream_id == target.id).order_by(Milestone.position)
    assert list(session.scalars(refs)) == ["1", "2", "3", "4"]
    assert {one.standing for one in factories.milestones_of(session, plan)} == {"open"}
    assert row.standing == "withdrawn"
    assert not edits.whole(session)


@pytest.mark.parametrize(("below", "colour"), [("stay", "amber"), ("with", "none")])
def test_the_milestones_of_an_action_stay_or_go(
    session: Session, manager: Actor, plan: Plan, below: str, colour: str
) -> None:
    edits.decide(session, manager, edits.action(session, "A"), below=below)
    assert edits.colour(session, edits.milestone(session, "Agree")) == colour
    assert not edits.whole(session)


def test_a_priority_goes_with_everything_below_it(session: Session, manager: Actor, plan: Plan) -> None:
    edits.decide(session, manager, edits.priority(session, "1"), "suspended", below="with")
    counts = shown(session).counts
    assert (counts.total, counts.none) == (1, 5)
    with pytest.raises(Refusal, match="Priority 1 is suspended"):
        edits.reopen(session, manager, edits.workstream(session, "1a"))
    edits.decide(session, manager, edits.priority(session, "1"), "withdrawn")
    assert edits.workstream(session, "1a").standing == "withdrawn"
    assert not edits.whole(session)


def test_a_milestone_that_is_out_takes_no_edits(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Publish")
    edits.decide(session, manager, row)
    with pytest.raises(Refusal, match="Milestone 2 of 1a is withdrawn"):
        edits.reword(session, manager, row, "Otherwise")
