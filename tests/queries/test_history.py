"""The ledger in plain sentences."""

from __future__ import annotations

from datetime import date

from tests.queries.conftest import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.models import DeadlineChange, Post
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.history import milestone_history, plan_history
from tracker.services.plans import edit_plan


def test_a_milestone_tells_what_happened_newest_first(story):
    panel = story.object("1a.1")
    rows = milestone_history(story.session, panel.id, TODAY)
    assert [(row.effective_on, row.sentence) for row in rows] == [
        (date(2025, 10, 15), "Manager reworded"),
        (date(2025, 10, 8), "SEND Senior Manager asked to move the deadline to Dec 2025"),
        (date(2025, 8, 1), "SEND Senior Manager updated"),
        (date(2025, 5, 28), "The tracker linked it to an action"),
        (date(2025, 5, 28), "The tracker added it with the deadline Sep 2025"),
    ]
    assert rows[0].fields == (("Text", "Panel set up", "Panel set up and meeting"),)
    assert ("Started", "", "1 August 2025") in rows[2].fields
    assert (rows[1].reason, rows[1].back_filled, rows[3].back_filled) == ("The post was vacant.", False, True)


def test_a_number_is_told_as_a_number(story):
    panel = story.object("1a.1")
    change = story.session.get_one(DeadlineChange, deadline_ledger(story.session, story.plan.id, TODAY, TODAY)[0].id)
    acts.settle(story.session, story.manager, panel, change, acts.at(TODAY), minute="5.2")
    row = milestone_history(story.session, panel.id, TODAY)[0]
    assert row.sentence == "Manager approved the new date Dec 2025 (was Sep 2025)"
    assert ("Times moved", "0", "1") in row.fields


def test_a_day_tells_no_more_than_was_known(story):
    panel = story.object("1a.1")
    assert len(milestone_history(story.session, panel.id, date(2025, 9, 30))) == 3


def test_a_plan_tells_its_entries_in_pages(story):
    rows, total = plan_history(story.session, story.plan.id, TODAY, 5, 0)
    assert (len(rows), total) == (5, story.plan.ledger_seq)
    further, _ = plan_history(story.session, story.plan.id, TODAY, 1000, 5)
    assert len(further) == total - 5
    assert rows[0].sentence.startswith("Manager approved the completion (milestone 1a.2)")
    with counted(story.session) as statements:
        plan_history(story.session, story.plan.id, TODAY, 5, 0)
    assert len(statements) == 2


def test_evidence_is_told_by_its_name_on_the_page_of_its_milestone_and_in_the_plan(story):
    panel = story.object("1a.1")
    acts.give(story.session, story.lead, panel, acts.at(TODAY))
    acts.take(story.session, story.lead, panel, acts.at(TODAY))
    taken, given = milestone_history(story.session, panel.id, TODAY)[:2]
    assert taken.sentence.endswith("withdrew evidence “Minutes of 29 September”")
    assert taken.reason == "It was of another school."
    assert given.sentence.endswith("added evidence “Minutes of 29 September”")
    rows, _ = plan_history(story.session, story.plan.id, TODAY, 2, 0)
    assert [row.sentence for row in rows] == [f"{one.sentence} (milestone 1a.1)" for one in (taken, given)]


def test_a_new_date_is_told_with_its_milestone_and_offers_no_undo(story):
    panel = story.object("1a.1")
    change = story.session.get_one(DeadlineChange, deadline_ledger(story.session, story.plan.id, TODAY, TODAY)[0].id)
    acts.settle(story.session, story.manager, panel, change, acts.at(TODAY), minute="5.2")
    rows = [
        row for row in plan_history(story.session, story.plan.id, TODAY, 5, 0)[0] if "approved the new" in row.sentence
    ]
    assert {row.sentence for row in rows} == {
        "Manager approved the new date (new date of 1a.1)",
        "Manager approved the new date Dec 2025 (was Sep 2025) (milestone 1a.1)",
    }
    assert [row.undoable for row in rows] == [False, False]


def test_a_sign_off_that_lapsed_is_told_as_what_somebody_did(story):
    done = story.object("1a.2")
    acts.give(story.session, story.lead, done, acts.at(TODAY))
    row = milestone_history(story.session, done.id, TODAY)[0]
    assert row.sentence.endswith("changed what was signed off, so the sign-off lapsed")


def test_the_senior_officer_of_a_plan_is_told_by_the_title_of_the_post(story):
    post, other = (Post(title=title, organisation_id=1) for title in ("Director of Education", "Chief executive"))
    story.session.add_all([post, other])
    story.session.flush()
    for values in ({"senior_post_id": post.id}, {"senior_post_id": other.id}, {"senior_post_id": None}):
        edit_plan(story.session, story.manager, acts.at(TODAY), story.plan.id, values, "The board asked for it")
    with counted(story.session) as statements:
        rows, _ = plan_history(story.session, story.plan.id, TODAY, 3, 0)
    assert len(statements) == 3
    name = "Senior responsible officer"
    assert [row.fields for row in reversed(rows)] == [
        ((name, "", "Director of Education"),),
        ((name, "Director of Education", "Chief executive"),),
        ((name, "Chief executive", ""),),
    ]
