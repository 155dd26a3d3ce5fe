"""A plan that was edited, as a document: out and in again, and known again from the file that it came from."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.services import acts
from tests.services.documents import bring, sizes, told
from tests.services.structure import edits
from tracker.models import Milestone, Plan
from tracker.queries.plan_document import export_document
from tracker.rules.permissions import SYSTEM, Actor
from tracker.services.plan_writer import create_plan
from tracker.services.plans import edit_terms
from tracker.services.seed_files import dump_document, read_document
from tracker.services.structure.splitting import Part


def edited(session: Session, manager: Actor, plan: Plan) -> None:
    """Do one act of each kind."""
    edits.move(session, manager, edits.milestone(session, "Review"), edits.workstream(session, "1b"))
    edits.move(session, manager, edits.milestone(session, "Agree"), edits.workstream(session, "2a"))
    edits.move(session, manager, edits.milestone(session, "Where"), edits.workstream(session, "1a"))
    edits.move(session, manager, edits.workstream(session, "1b"), edits.priority(session, "2"))
    edits.decide(session, manager, edits.milestone(session, "Publish"))
    edits.split(session, manager, edits.milestone(session, "Buy"), Part("Hire drivers"))


def test_the_file_that_a_plan_came_from_knows_what_was_moved(session: Session, manager: Actor, plan: Plan) -> None:
    edited(session, manager, plan)
    before, rows = sizes(session), [(m.id, m.workstream_id, m.ref) for m in session.query(Milestone)]
    applied = bring(session, plan, edits.two_priorities())
    assert sizes(session) == before
    assert [(m.id, m.workstream_id, m.ref) for m in session.query(Milestone)] == rows
    assert told(applied, "new") == []
    asides = {outcome.ref: outcome.detail for outcome in applied.outcomes if outcome.what == "milestone"}
    assert asides["2a.2"] == "It was moved and is 2a.2 now."
    assert asides["1a.2"] == "It is withdrawn in the plan."
    assert not edits.whole(session)


def test_a_new_line_with_the_ref_of_what_was_moved_is_not_a_second_one(
    session: Session, manager: Actor, plan: Plan
) -> None:
    row = edits.milestone(session, "Review")
    edits.move(session, manager, row, edits.workstream(session, "2a"))
    made = edits.two_priorities()
    made.priorities[0].workstreams[0].milestones[2].text = "Review the pathway with families"
    bring(session, plan, made)
    assert row.text == "Review the pathway with families"
    assert not edits.whole(session)


def test_an_edited_plan_goes_out_and_comes_in_as_it_is(session: Session, manager: Actor, plan: Plan) -> None:
    edited(session, manager, plan)
    edit_terms(session, manager, edits.NOW, plan.id, {"autumn": "19 December"}, "The council's calendar")
    out = export_document(session, plan.id)
    again = read_document(dump_document(out), "plan.yaml")
    assert again == out
    again.slug = "again"
    copy = session.get_one(Plan, create_plan(session, again, SYSTEM, acts.at(edits.TODAY)).plan_id)
    assert copy.term_calendar == {"autumn": [12, 19]}
    back = export_document(session, copy.id)
    back.slug = out.slug
    assert back == out
    withdrawn = [m for p in out.priorities for w in p.workstreams for m in w.milestones if m.standing]
    assert [(m.text, m.standing_reference) for m in withdrawn] == [
        ("Publish the pathway", "SEND Partnership Board, minute 5.2, 9 September 2025")
    ]
    assert not edits.whole(session)


def test_the_same_document_twice_changes_nothing_the_second_time(session: Session, manager: Actor, plan: Plan) -> None:
    edited(session, manager, plan)
    applied = bring(session, plan, export_document(session, plan.id))
    assert told(applied, "new") == told(applied, "changed") == told(applied, "needs decision") == []
