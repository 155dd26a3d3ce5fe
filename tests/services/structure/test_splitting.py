"""Splitting: the first keeps ref and history, the new ones carry the deadline and say where they came from."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services import acts
from tests.services.structure import edits
from tracker.models import Milestone, MilestoneAction, Plan
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.services.structure.splitting import Part


def made_of(session: Session, row: Milestone) -> list[Milestone]:
    query = select(Milestone).where(Milestone.origin != "", Milestone.workstream_id == row.workstream_id)
    return list(session.scalars(query.order_by(Milestone.position)))


def test_a_split_keeps_the_first_and_gives_the_others_fresh_refs(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    edits.split(session, manager, row, Part("Consult on the pathway"), Part("Sign the pathway"), first="Draft it")
    first, second = made_of(session, row)
    assert (row.ref, row.text) == ("1", "Draft it")
    assert [(one.ref, one.text) for one in (first, second)] == [
        ("4", "Consult on the pathway"),
        ("5", "Sign the pathway"),
    ]
    assert first.origin == "Split from milestone 1 of 1a on 10 September 2025"
    order = select(Milestone.ref).where(Milestone.workstream_id == row.workstream_id).order_by(Milestone.position)
    assert list(session.scalars(order)) == ["1", "4", "5", "2", "3"]
    assert not edits.whole(session)


def test_a_new_part_carries_the_deadline_the_original_date_and_the_moves(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row = edits.milestone(session, "Agree")
    change = acts.ask(session, manager, row, proposed="Oct 2025")
    other = edits.second_manager(session, plan)
    acts.settle(session, other, row, change, minute="Board, 4.1")
    edits.split(session, manager, row, Part("Consult"))
    (new,) = made_of(session, row)
    assert (new.due_text, new.due, new.original_due_text, new.moves) == ("Oct 2025", date(2025, 10, 31), "Sep 2025", 1)
    assert session.query(MilestoneAction).filter(MilestoneAction.milestone_id == new.id).count() == 1
    assert edits.colour(session, new) == edits.colour(session, row)
    assert not edits.whole(session)


def test_an_earlier_date_may_be_given_and_a_later_one_has_to_be_asked_for(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row = edits.milestone(session, "Publish")
    with pytest.raises(Refusal, match="A later date is a new date") as refusal:
        edits.split(session, manager, row, Part("Print it", "Jan 2026"))
    assert refusal.value.field == "due_1"
    session.expire_all()
    edits.split(session, manager, row, Part("Print it", "Nov 2025"))
    (new,) = made_of(session, row)
    assert (new.due_text, new.original_due_text) == ("Nov 2025", "Nov 2025")


def test_a_claimed_milestone_is_not_split(session: Session, manager: Actor, plan: Plan) -> None:
    row = edits.milestone(session, "Agree")
    acts.claim(session, manager, row)
    with pytest.raises(Refusal, match="Completion has been claimed"):
        edits.split(session, manager, row, Part("Consult"))


@pytest.mark.parametrize(
    ("parts", "field"),
    [((), "text_1"), ((Part("", "Sep 2025"),), "text_1"), ((Part("Consult", ref="2"),), "ref_1")],
)
def test_what_is_wrong_with_a_part_is_said_at_its_box(
    session: Session, manager: Actor, plan: Plan, parts: tuple[Part, ...], field: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        edits.split(session, manager, edits.milestone(session, "Agree"), *parts)
    assert refusal.value.field == field
