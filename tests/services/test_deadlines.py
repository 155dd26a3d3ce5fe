"""New dates: asked for with a reason and a plan, decided within limits or with the board's minute."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import NOW
from tests.services import acts
from tracker.models import DeadlineChange
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Role

LATE = acts.at(date(2025, 10, 8))


@pytest.mark.parametrize(
    ("words", "sentence", "field"),
    [
        ({"proposed": ""}, "Enter the new date as a day or a month with its year", "proposed"),
        ({"proposed": "asap"}, "Enter the new date as a day or a month with its year", "proposed"),
        ({"proposed": "November"}, 'Which year is "November" in\\?', "proposed"),
        ({"proposed": "Aug 2025"}, "Enter a new date that is today or later.", "proposed"),
        ({"proposed": "Sep 2025"}, "Enter a date after the current deadline.", "proposed"),
        ({"proposed": "15 September 2025"}, "Enter a date after the current deadline.", "proposed"),
        ({"reason": " "}, "Say why a new date is needed.", "reason"),
        ({"recovery": ""}, "Say how the new date will be met.", "recovery"),
    ],
)
def test_a_request_that_will_not_do_says_which_field_and_what_to_do(session, lead, milestone, words, sentence, field):
    with pytest.raises(Refusal, match=sentence) as refused:
        acts.ask(session, lead, milestone, **words)
    assert refused.value.field == field
    assert session.scalars(select(DeadlineChange)).all() == []


def test_a_request_moves_nothing_and_clears_no_red(session, lead, milestone, colour_on):
    acts.ask(session, lead, milestone, LATE, proposed="Dec 2025")
    assert (milestone.due, milestone.due_text, milestone.proposed_text) == (date(2025, 9, 30), "Sep 2025", "Dec 2025")
    assert colour_on(milestone, LATE.date()) == ("red", "3", "new date proposed")


def test_there_is_one_request_at_a_time(session, lead, milestone):
    acts.ask(session, lead, milestone)
    with pytest.raises(Refusal, match=r"A new date has been asked for already and waits for a decision."):
        acts.ask(session, lead, milestone, proposed="Dec 2025")


def test_what_is_claimed_needs_no_new_date(session, lead, milestone):
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Completion has been claimed, so no new date is needed."):
        acts.ask(session, lead, milestone)


def test_a_closed_milestone_takes_no_request(session, lead, milestone, withdraw):
    withdraw(milestone)
    with pytest.raises(Refusal, match="it takes no updates"):
        acts.ask(session, lead, milestone)


def test_a_request_on_an_old_form_is_a_conflict_and_a_second_copy_counts_once(session, lead, milestone):
    opened = milestone.version
    acts.update(session, lead, milestone)
    with pytest.raises(Conflict):
        acts.ask(session, lead, milestone, version=opened)
    form = acts.token()
    acts.ask(session, lead, milestone, token=form)
    with pytest.raises(AlreadyDone):
        acts.ask(session, lead, milestone, token=form)
    assert len(session.scalars(select(DeadlineChange)).all()) == 1


# ------------------------------------------------------------------ deciding
def test_the_manager_decides_a_first_short_move_alone(session, lead, manager, milestone, colour_on):
    change = acts.ask(session, lead, milestone)
    acts.settle(session, manager, milestone, change, LATE)
    assert (change.state, change.decision_level, change.decided_by) == ("approved", "manager", manager.label)
    assert (milestone.due, milestone.due_text, milestone.due_precision) == (date(2025, 10, 31), "Oct 2025", "month")
    assert (milestone.original_due, milestone.original_due_text) == (date(2025, 9, 30), "Sep 2025")
    assert (milestone.moves, milestone.confirmed, milestone.proposed_text) == (1, False, "")
    assert colour_on(milestone, LATE.date()) == ("amber", "4d", "moved x1")
    acts.update(session, lead, milestone, LATE)
    assert milestone.confirmed
    assert colour_on(milestone, LATE.date()) == ("green", "6", "moved x1")


@pytest.mark.parametrize(
    ("line", "moved", "proposed"),
    [({}, False, "Dec 2025"), ({"critical": True}, False, "Oct 2025"), ({}, True, "Nov 2025")],
    ids=["too long", "critical", "the second move"],
)
def test_beyond_the_delegated_limit_the_boards_minute_is_obligatory(session, line, moved, proposed):
    plan = factories.plan(session, factories.milestone_line(**line))
    milestone = factories.milestones_of(session, plan)[0]
    lead = factories.lead(session, plan)[1]
    manager = factories.member(session, plan, Role.MANAGER)[1]
    if moved:
        acts.settle(session, manager, milestone, acts.ask(session, lead, milestone))
    change = acts.ask(session, lead, milestone, proposed=proposed)
    with pytest.raises(Refusal, match="Enter the board's minute") as refused:
        acts.settle(session, manager, milestone, change)
    assert refused.value.field == "minute"
    acts.settle(session, manager, milestone, change, minute="5.2 of 8 October")
    assert (change.decision_level, change.minute) == ("board", "5.2 of 8 October")
    assert milestone.moves == (2 if moved else 1)


def test_the_limit_is_that_of_the_plan(session, plan, lead, manager, milestone):
    plan.delegated_days = 100
    change = acts.ask(session, lead, milestone, proposed="Dec 2025")
    acts.settle(session, manager, milestone, change)
    assert change.decision_level == "manager"


def test_a_refused_date_changes_no_deadline(session, lead, manager, milestone, colour_on):
    change = acts.ask(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Say why the new date is refused.") as refused:
        acts.settle(session, manager, milestone, change, approve=False, note="")
    assert refused.value.field == "note"
    acts.settle(session, manager, milestone, change, LATE, approve=False)
    assert (milestone.due_text, milestone.moves, milestone.proposed_text) == ("Sep 2025", 0, "")
    assert colour_on(milestone, LATE.date()) == ("red", "3", "new date required")


def test_a_request_is_decided_once(session, lead, manager, milestone):
    change = acts.ask(session, lead, milestone)
    acts.settle(session, manager, milestone, change)
    with pytest.raises(Refusal, match=r"This request has been decided already."):
        acts.settle(session, manager, milestone, change, approve=False)


def test_a_request_of_another_milestone_is_not_found(session, lead, manager, milestone):
    other = factories.plan(session)
    foreign = factories.milestones_of(session, other)[0]
    change = acts.ask(session, lead, milestone)
    with pytest.raises(NotFound, match=r"There is no such request for a new date."):
        acts.settle(session, factories.member(session, other, Role.MANAGER)[1], foreign, change)
    with pytest.raises(NotFound):
        acts.settle(session, manager, milestone, change, change_id=change.id + 1)


def test_nobody_decides_alone_on_a_date_that_they_asked_for(session, plan, manager, milestone):
    change = acts.ask(session, manager, milestone)
    with pytest.raises(NotPermitted, match=r"You asked for this date, so somebody else has to decide it."):
        acts.settle(session, manager, milestone, change)
    acts.settle(session, factories.member(session, plan, Role.MANAGER)[1], milestone, change)


def test_nobody_records_the_boards_decision_on_a_date_that_they_asked_for(session, plan, manager, milestone):
    change = acts.ask(session, manager, milestone, proposed="Dec 2025")
    for approve in (True, False):
        with pytest.raises(NotPermitted, match=r"You asked for this date, so somebody else has to decide it."):
            acts.settle(session, manager, milestone, change, approve=approve, minute="5.2")
    acts.settle(session, factories.member(session, plan, Role.MANAGER)[1], milestone, change, minute="5.2")
    assert change.decision_level == "board"


def test_a_decision_on_an_old_form_is_a_conflict(session, lead, manager, milestone):
    change = acts.ask(session, lead, milestone)
    opened = milestone.version
    acts.update(session, lead, milestone)
    with pytest.raises(Conflict):
        acts.settle(session, manager, milestone, change, version=opened)


def test_a_deadline_stays_where_completion_was_claimed_since(session, lead, manager, milestone):
    change = acts.ask(session, lead, milestone)
    acts.claim(session, lead, milestone)
    with pytest.raises(Refusal, match=r"Completion has been claimed since, so the deadline stays."):
        acts.settle(session, manager, milestone, change)
    acts.settle(session, manager, milestone, change, approve=False)
    acts.decide(session, manager, milestone)


def test_a_first_date_is_no_move_and_answers_the_question(session):
    plan = factories.plan(session, factories.milestone_line(date="September"))
    milestone = factories.milestones_of(session, plan)[0]
    assert (milestone.due, milestone.needs_decision) == (None, 'Which year is "September" in?')
    lead = factories.lead(session, plan)[1]
    manager = factories.member(session, plan, Role.MANAGER)[1]
    acts.settle(session, manager, milestone, acts.ask(session, lead, milestone, proposed="Sep 2026"))
    assert (milestone.due, milestone.original_due, milestone.moves) == (date(2026, 9, 30), date(2026, 9, 30), 0)
    assert milestone.needs_decision == ""
    assert NOW < LATE
