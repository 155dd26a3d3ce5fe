"""The ledger in plain sentences."""

from __future__ import annotations

from datetime import date

from tests.queries.conftest import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.models import DeadlineChange
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.history import milestone_history, plan_history


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
