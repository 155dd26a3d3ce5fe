"""Moving: what moves keeps its history, and its old ref stays taken where it was."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.structure import edits
from tracker.models import Commitment, Milestone, Plan
from tracker.queries.history import milestone_history
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor


def test_a_moved_milestone_keeps_its_ref_where_that_is_free(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Publish")
    edits.move(session, manager, row, edits.workstream(session, "2a"), reason="Travel publishes it")
    assert (row.ref, row.workstream_id) == ("2", edits.workstream(session, "2a").id)
    assert row.priority_id == edits.priority(session, "2").id
    sentence = milestone_history(session, row.id, edits.NOW.date())[0].sentence
    assert sentence == "Manager moved it from 1a to 2a as 2"
    assert not edits.whole(session)


def test_a_moved_milestone_gets_the_next_ref_where_its_own_is_taken(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row = edits.milestone(session, "Agree")
    edits.move(session, manager, row, edits.workstream(session, "1b"))
    assert row.ref == "2"
    assert not edits.whole(session)


def test_the_old_ref_of_what_moved_stays_taken(session: Session, manager: Actor, plan: Plan) -> None:
    place = edits.workstream(session, "1a")
    edits.move(session, manager, edits.milestone(session, "Review"), edits.workstream(session, "1b"))
    assert edits.add(session, manager, plan, "milestone", place).ref == "4"
    with pytest.raises(Refusal, match="The reference 3 is taken"):
        edits.add(session, manager, plan, "milestone", place, ref="3")


def test_what_comes_back_gets_its_old_ref_again(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    edits.move(session, manager, row, edits.workstream(session, "1b"))
    edits.move(session, manager, row, edits.workstream(session, "2a"))
    edits.move(session, manager, row, edits.workstream(session, "1b"))
    assert row.ref == "2"
    edits.move(session, manager, row, edits.workstream(session, "1a"))
    assert row.ref == "1"
    assert not edits.whole(session)


def test_the_recurring_tail_moves_with_its_milestone(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Review")
    edits.move(session, manager, row, edits.workstream(session, "1b"))
    tail = session.scalars(select(Commitment).where(Commitment.milestone_id == row.id)).one()
    assert (tail.workstream_id, tail.ref) == (row.workstream_id, "3 tail")
    assert not edits.whole(session)


def test_a_milestone_without_a_workstream_is_placed_in_one(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Where")
    assert (row.workstream_id, bool(row.needs_decision)) == (None, True)
    edits.move(session, manager, row, edits.workstream(session, "1a"), reason="The missing page was found")
    assert (row.workstream_id, row.ref, row.needs_decision) == (edits.workstream(session, "1a").id, "11", "")
    assert milestone_history(session, row.id, edits.NOW.date())[0].sentence == "Manager placed it in 1a as 11"
    assert not edits.whole(session)


def test_a_workstream_moves_with_all_it_holds(session: Session, manager: Actor, plan: Plan) -> None:
    row, target = edits.workstream(session, "1a"), edits.priority(session, "2")
    edits.move(session, manager, row, target)
    assert (row.ref, row.priority_id) == ("1a", target.id)
    below = session.scalars(select(Milestone.priority_id).where(Milestone.workstream_id == row.id)).all()
    assert set(below) == {target.id}
    assert edits.add(session, manager, plan, "workstream", edits.priority(session, "1")).ref == "1c"
    assert not edits.whole(session)


def test_a_move_needs_a_reason_and_another_place(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    with pytest.raises(Refusal, match="Say why"):
        edits.move(session, manager, row, edits.workstream(session, "1b"), reason=" ")
    with pytest.raises(Refusal, match="It stands in 1a already"):
        edits.move(session, manager, row, edits.workstream(session, "1a"))
    with pytest.raises(Refusal, match="Select where it belongs"):
        edits.move(session, manager, row, None)


def test_order_changes_and_refs_do_not(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Review")
    edits.put(session, manager, row)
    order = select(Milestone.ref).where(Milestone.workstream_id == row.workstream_id).order_by(Milestone.position)
    assert list(session.scalars(order)) == ["3", "1", "2"]
    edits.put(session, manager, row, edits.milestone(session, "Agree"))
    assert list(session.scalars(order)) == ["1", "3", "2"]
    with pytest.raises(Refusal, match="stands there already"):
        edits.put(session, manager, row, edits.milestone(session, "Agree"))
    assert not edits.whole(session)


def test_the_colour_of_a_moved_milestone_stays_what_it_was(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    before = [edits.colour(session, row, day) for day in (date(2025, 6, 1), date(2025, 9, 20), date(2025, 10, 5))]
    edits.move(session, manager, row, edits.workstream(session, "1b"))
    after = [edits.colour(session, row, day) for day in (date(2025, 6, 1), date(2025, 9, 20), date(2025, 10, 5))]
    assert before == after == ["grey", "amber", "red"]
