"""Adding to a plan: refs are proposed and never given again, deadlines are read as written."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.services import acts
from tests.services.structure import edits
from tracker.models import Milestone, Plan
from tracker.rules.errors import AlreadyDone, NotPermitted, Refusal
from tracker.rules.permissions import Actor
from tracker.services.structure.adding import proposed_ref


def test_a_milestone_keeps_the_words_and_the_precision_of_its_deadline(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row = edits.add(session, manager, plan, "milestone", edits.workstream(session, "1b"), due="Sept 2026")
    assert (row.ref, row.due, row.due_text, row.due_precision) == ("2", date(2026, 9, 30), "Sept 2026", "month")
    assert (row.original_due, row.original_due_text, row.priority_id) == (
        date(2026, 9, 30),
        "Sept 2026",
        edits.priority(session, "1").id,
    )
    assert edits.colour(session, row) == "grey"
    assert not edits.whole(session)


@pytest.mark.parametrize("words", ["", "TBC", "Ongoing"])
def test_a_milestone_may_be_added_without_a_date(session: Session, manager: Actor, plan: Plan, words: str) -> None:
    row = edits.add(session, manager, plan, "milestone", edits.workstream(session, "1b"), due=words)
    assert (row.due, row.due_text, row.due_precision) == (None, words, "none")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("bi-annual", 'Does "bi-annual" mean twice'),
        ("September", "year"),
        ("Weekly", "recurs"),
        ("Jun 2026 (quarterly reviews following this)", "recurs"),
        ("Done", "not that it is done"),
        ("when the stars are right", "No date could be read"),
    ],
)
def test_words_that_leave_a_question_are_refused_with_it(
    session: Session, manager: Actor, plan: Plan, words: str, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refusal:
        edits.add(session, manager, plan, "milestone", edits.workstream(session, "1b"), due=words)
    assert refusal.value.field == "due"


def test_the_terms_of_the_plan_say_when_a_term_ends(session: Session, manager: Actor, plan: Plan) -> None:
    plan.term_calendar = {"autumn": [12, 19]}
    session.flush()
    row = edits.add(session, manager, plan, "milestone", edits.workstream(session, "1b"), due="Autumn term 2025")
    assert row.due == date(2025, 12, 19)


def test_everything_a_plan_is_made_of_can_be_added_with_a_ref_that_follows(
    session: Session, manager: Actor, plan: Plan
) -> None:
    priority = edits.add(session, manager, plan, "priority", words="Voice", description="Hearing families")
    first = edits.add(session, manager, plan, "workstream", priority, words="Surveys")
    second = edits.add(session, manager, plan, "workstream", edits.priority(session, "1"))
    action = edits.add(session, manager, plan, "action", edits.workstream(session, "1a"))
    commitment = edits.add(session, manager, plan, "commitment", first, frequency="Weekly")
    record = edits.add(session, manager, plan, "record", priority, record_kind="good_looks_like")
    general = edits.add(session, manager, plan, "record", record_kind="definition", term="EHCP")
    assert [row.ref for row in (priority, first, second, action, commitment)] == ["3", "3a", "1c", "C", "1"]
    assert (record.priority_id, general.priority_id) == (priority.id, None)
    assert not edits.whole(session)


def test_a_ref_that_is_taken_is_refused_with_a_free_one(session: Session, manager: Actor, plan: Plan) -> None:
    with pytest.raises(Refusal, match=r"The reference 2 is taken by a milestone in workstream 1a, or was\. Take 4"):
        edits.add(session, manager, plan, "milestone", edits.workstream(session, "1a"), ref="2")


def test_nothing_is_added_below_what_a_decision_has_taken_out(session: Session, manager: Actor, plan: Plan) -> None:
    place = edits.workstream(session, "1b")
    edits.decide(session, manager, place, below="with")
    with pytest.raises(Refusal, match="Workstream 1b is withdrawn"):
        edits.add(session, manager, plan, "milestone", place)


def test_a_place_of_another_plan_is_no_place(session: Session, manager: Actor, plan: Plan) -> None:
    assert proposed_ref(session, plan.id + 1, "milestone", edits.workstream(session, "1a").id) == ""
    with pytest.raises(Refusal, match="Select where it belongs"):
        edits.add(session, manager, plan, "milestone")


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("milestone", {"words": " "}, "text"),
        ("workstream", {"words": ""}, "title"),
        ("commitment", {"frequency": ""}, "frequency"),
        ("record", {"record_kind": "poem"}, "record_kind"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    session: Session, manager: Actor, plan: Plan, kind: str, more: dict[str, str], field: str
) -> None:
    above = edits.priority(session, "1") if kind in {"workstream", "record"} else edits.workstream(session, "1a")
    with pytest.raises(Refusal) as refusal:
        edits.add(session, manager, plan, kind, above, **more)
    assert refusal.value.field == field


def test_the_same_form_sent_twice_adds_once(session: Session, manager: Actor, plan: Plan) -> None:
    place, token = edits.workstream(session, "1b"), acts.token()
    edits.add(session, manager, plan, "milestone", place, token=token)
    with pytest.raises(AlreadyDone):
        edits.add(session, manager, plan, "milestone", place, token=token)
    assert session.query(Milestone).filter(Milestone.workstream_id == place.id).count() == 2


def test_a_board_member_adds_nothing(session: Session, board: Actor, plan: Plan) -> None:
    with pytest.raises(NotPermitted):
        edits.add(session, board, plan, "milestone", edits.workstream(session, "1b"))
