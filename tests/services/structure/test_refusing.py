"""What an edit of a plan's structure is refused for: the place, the spot, the words, the decision; nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tests.services import acts
from tests.services.structure import edits
from tracker.models import Plan
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import SYSTEM, Actor
from tracker.services.plan_writer import create_plan
from tracker.services.structure import adding, wording
from tracker.services.structure.adding import Added
from tracker.services.structure.splitting import Part


@pytest.fixture
def elsewhere(session: Session, plan: Plan, manager: Actor) -> Plan:
    """Return another plan, with one workstream "9z" in a priority "9"."""
    document = PlanDocument(title="Another plan", slug="elsewhere", adopted="2025-05-28", priorities=[])
    other = session.get_one(Plan, create_plan(session, document, SYSTEM, NOW).plan_id)
    place = edits.add(session, SYSTEM, other, "priority", ref="9")
    edits.add(session, SYSTEM, other, "workstream", place, ref="9z")
    return other


# ------------------------------------------------------------------ adding
def test_only_what_a_plan_is_made_of_is_added_and_only_to_a_plan(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(NotFound, match="no such thing to add"):
        edits.add(session, manager, plan, "person")
    with pytest.raises(NotFound, match="no such thing to add"):
        adding.add_item(session, SYSTEM, NOW, 999_999, acts.token(), Added("priority", None, "Nowhere"))


def test_nothing_is_added_below_something_of_another_plan(
    session: Session, plan: Plan, manager: Actor, elsewhere: Plan
) -> None:
    with pytest.raises(Refusal, match="Select where it belongs"):
        edits.add(session, manager, plan, "milestone", edits.workstream(session, "9z"))


def test_words_that_no_cell_of_a_spreadsheet_holds_are_refused(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(Refusal, match="32,767 characters or fewer"):
        edits.add(session, manager, plan, "priority", words="x" * 32_768)


def test_a_reference_is_refused_where_it_is_too_long(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(Refusal, match="40 characters or fewer") as refused:
        edits.add(session, manager, plan, "priority", ref="x" * 41)
    assert refused.value.field == "ref"


def test_nothing_is_added_in_a_workstream_whose_priority_is_out(session: Session, plan: Plan, manager: Actor) -> None:
    edits.decide(session, manager, edits.priority(session, "1"), below="with", token=acts.token())
    inside = edits.workstream(session, "1a")
    inside.standing = "open"  # as an older version of the tracker may have left it
    with pytest.raises(Refusal, match="Priority 1 is withdrawn"):
        edits.add(session, manager, plan, "milestone", inside)


# ------------------------------------------------------------------ moving
def test_nothing_moves_to_another_plan(session: Session, plan: Plan, manager: Actor, elsewhere: Plan) -> None:
    with pytest.raises(Refusal, match="Select where it belongs"):
        edits.move(session, manager, edits.milestone(session, "Agree"), edits.workstream(session, "9z"))


def test_a_workstream_does_not_move_to_where_it_stands(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(Refusal, match="It stands in 1 already"):
        edits.move(session, manager, edits.workstream(session, "1a"), edits.priority(session, "1"))


def test_only_what_is_in_the_plan_is_put_behind_one_of_its_like(session: Session, plan: Plan, manager: Actor) -> None:
    row = edits.milestone(session, "Agree")
    with pytest.raises(Refusal, match="Select where it stands"):
        edits.put(session, manager, row, edits.milestone(session, "Train"))
    edits.decide(session, manager, row, token=acts.token())
    with pytest.raises(Refusal, match="is withdrawn"):
        edits.put(session, manager, row, edits.milestone(session, "Publish"))


# ------------------------------------------------------------------ splitting and words
def test_a_milestone_is_split_with_a_reason_and_not_while_a_new_date_waits(
    session: Session, plan: Plan, manager: Actor
) -> None:
    row = edits.milestone(session, "Agree")
    with pytest.raises(Refusal, match="Say why it is split"):
        edits.split(session, manager, row, Part("Agree it again"), reason=" ")
    acts.ask(session, manager, row)
    with pytest.raises(Refusal, match="A new date waits for a decision"):
        edits.split(session, manager, row, Part("Agree it again"))


def test_a_commitment_keeps_words_that_say_how_often(session: Session, plan: Plan, manager: Actor) -> None:
    row = edits.add(session, manager, plan, "commitment", edits.workstream(session, "1b"), frequency="Weekly")
    with pytest.raises(Refusal, match="Enter how often") as refused:
        edits.reword(session, manager, row, "Hold it", words={"frequency": " "})
    assert refused.value.field == "frequency"


# ------------------------------------------------------------------ decisions
def test_a_decision_is_one_of_three(session: Session, plan: Plan, manager: Actor) -> None:
    with pytest.raises(Refusal, match="withdrawn, suspended or superseded") as refused:
        edits.decide(session, manager, edits.milestone(session, "Agree"), "open", token=acts.token())
    assert refused.value.field == "standing"


def test_a_decision_was_made_today_or_earlier(session: Session, plan: Plan, manager: Actor) -> None:
    row = edits.milestone(session, "Agree")
    for day, said in ((None, "Enter the day of the decision"), (TODAY + timedelta(days=1), "today or earlier")):
        with pytest.raises(Refusal, match=said) as refused:
            edits.decide(session, manager, row, decided_on=day, token=acts.token())
        assert refused.value.field == "decided_on"


def test_what_stands_below_moves_to_another_open_place_of_the_same_plan(
    session: Session, plan: Plan, manager: Actor, elsewhere: Plan
) -> None:
    row = edits.workstream(session, "1a")
    for target in (0, row.id, edits.workstream(session, "9z").id):
        with pytest.raises(Refusal, match="Select where they are moved to"):
            edits.decide(session, manager, row, below="move", target_id=target, token=acts.token())
    closed = edits.workstream(session, "1b")
    edits.decide(session, manager, closed, below="with", token=acts.token())
    with pytest.raises(Refusal, match="Workstream 1b is withdrawn"):
        edits.decide(session, manager, row, below="move", target_id=closed.id, token=acts.token())


def test_a_priority_keeps_nothing_that_has_no_workstream_when_its_workstreams_move(
    session: Session, plan: Plan, manager: Actor
) -> None:
    target = edits.priority(session, "2").id
    with pytest.raises(Refusal, match="in a workstream first"):
        edits.decide(session, manager, edits.priority(session, "1"), below="move", target_id=target, token=acts.token())


def test_what_is_out_of_the_plan_is_neither_moved_nor_split_nor_marked_nor_taken_out_again(
    session: Session, plan: Plan, manager: Actor
) -> None:
    row, place = edits.milestone(session, "Agree"), edits.workstream(session, "1b")
    edits.decide(session, manager, row, token=acts.token())
    form = edits.form(row)
    for act in (
        lambda: edits.move(session, manager, row, place),
        lambda: edits.split(session, manager, row, Part("Agree it again")),
        lambda: wording.set_critical(session, manager, NOW, plan.id, row.id, form, critical=True, reason="So"),
    ):
        with pytest.raises(Refusal, match="is withdrawn"):
            act()
    with pytest.raises(Refusal, match="It is withdrawn already"):
        edits.decide(session, manager, row, token=acts.token())
    edits.decide(session, manager, place, below="with", token=acts.token())
    with pytest.raises(Refusal, match="Workstream 1b is withdrawn"):
        edits.move(session, manager, edits.milestone(session, "Publish"), place)
