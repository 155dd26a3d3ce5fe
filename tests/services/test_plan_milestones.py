"""A file never overwrites an agreed deadline, whatever words it uses."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.services.documents import bring, create
from tracker.rules.permissions import Role


@pytest.mark.parametrize("words", ["Dec 2025", "30 November 2025", "TBC", "weekly", "November"])
def test_another_date_needs_a_decision_and_is_not_applied(session, words):
    plan = create(session, factories.document(milestone_line("1")))
    applied = bring(session, plan, factories.document(milestone_line("1", date=words)))
    (outcome,) = [outcome for outcome in applied.outcomes if outcome.what == "deadline"]
    assert (outcome.state, outcome.question) == ("needs decision", "re-dated")
    assert (outcome.before, outcome.after) == ("Sep 2025", words)
    assert outcome.detail.startswith(f'The file says "{words}", the agreed deadline is "Sep 2025".')
    (milestone,) = factories.milestones_of(session, plan)
    assert (milestone.due, milestone.due_text, milestone.moves) == (date(2025, 9, 30), "Sep 2025", 0)


@pytest.mark.parametrize("words", ["Sep 2025", "sept 2025", "September 2025", "30/09/2025", ""])
def test_the_agreed_date_in_other_words_needs_none(session, words):
    plan = create(session, factories.document(milestone_line("1")))
    applied = bring(session, plan, factories.document(milestone_line("1", date=words)))
    assert applied.count("needs decision") == 0


def test_a_file_from_before_a_move_needs_none(session):
    plan = create(session, factories.document(milestone_line("1")))
    milestone = factories.milestones_of(session, plan)[0]
    lead, manager = factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]
    acts.settle(session, manager, milestone, acts.ask(session, lead, milestone))
    assert bring(session, plan, factories.document(milestone_line("1"))).count("needs decision") == 0
    assert milestone.due_text == "Oct 2025"


def test_a_line_with_another_date_and_another_text_says_both(session):
    plan = create(session, factories.document(milestone_line("1", "Panel")))
    applied = bring(session, plan, factories.document(milestone_line("1", "The panel", date="Dec 2025")))
    states = [(outcome.what, outcome.state) for outcome in applied.outcomes if outcome.ref == "1a.1"]
    assert states == [("milestone", "changed"), ("deadline", "needs decision")]
    assert factories.milestones_of(session, plan)[0].text == "The panel"


def test_a_date_for_what_had_none_needs_a_decision(session):
    plan = create(session, factories.document(milestone_line("1", date="TBC")))
    assert bring(session, plan, factories.document(milestone_line("1", date="Dec 2025"))).count("needs decision") == 1
