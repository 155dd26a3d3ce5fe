"""My milestones: what my posts lead, in the order in which it needs doing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tests import factories
from tests.factories import milestone_line
from tests.queries.conftest import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.models import DeadlineChange, LeadAssignment
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.mine import count_due, mine
from tracker.rules.permissions import Actor, Role


def groups(story, day=TODAY):
    found = mine(story.session, story.lead, day, max(day, TODAY))
    return {key: [(row.milestone.full_ref, row.button) for row in rows] for key, _, rows in found.groups}


def test_what_i_lead_is_grouped_by_what_it_needs(story):
    assert groups(story) == {
        "overdue": [("1a.1", "See the request")],
        "unconfirmed": [("1a.3", "Update"), ("1a.7", "Update"), ("1a.4", "Update")],
        "done": [("1a.2", "See")],
    }
    found = mine(story.session, story.lead, TODAY, TODAY)
    assert found.total == 5, "what is out of the plan is not counted"
    assert [heading for _, heading, _ in found.groups] == ["Overdue", "Not confirmed this month", "Done"]


def test_what_comes_back_to_me_waits_for_me(story):
    now = acts.at(TODAY)
    change = story.session.get_one(DeadlineChange, deadline_ledger(story.session, story.plan.id, TODAY, TODAY)[0].id)
    acts.settle(story.session, story.manager, story.object("1a.1"), change, now, minute="5.2")
    acts.claim(story.session, story.lead, story.object("1a.3"), now)
    acts.claim(story.session, story.lead, story.object("1a.7"), now)
    acts.decide(story.session, story.manager, story.object("1a.3"), now, approve=False)
    assert groups(story) == {
        "waiting": [("1a.3", "Put right and claim again"), ("1a.1", "Confirm the new date")],
        "unconfirmed": [("1a.4", "Update")],
        "later": [("1a.7", "See")],
        "done": [("1a.2", "See")],
    }


def test_a_month_before_the_deadline_it_is_due_soon(story):
    assert groups(story, date(2025, 11, 5))["soon"] == [("1a.3", "Update")]


def test_a_past_day_groups_what_was_there(story):
    found = groups(story, date(2025, 9, 15))
    assert found["soon"] == [("1a.1", "Update"), ("1a.2", "Update")]
    assert "done" not in found


def test_who_leads_nothing_has_nothing(story):
    assert mine(story.session, story.manager, TODAY, TODAY).groups == ()
    assert mine(story.session, Actor(None, "Nobody"), TODAY, TODAY).total == 0


def test_the_figure_in_the_navigation_counts_red_and_amber(story):
    assert count_due(story.session, story.lead, TODAY) == 1
    assert count_due(story.session, story.manager, TODAY) == 0


def test_my_milestones_take_as_many_statements_at_any_size(session):
    numbers = set()
    for size in (10, 150):
        made = factories.plan(
            session, *(milestone_line(str(ref)) for ref in range(size)), lead=f"Head of {size} things"
        )
        post = session.scalars(select(LeadAssignment.post_id).where(LeadAssignment.plan_id == made.id)).one()
        lead = Actor(None, "Lead", frozenset({post}), {made.id: frozenset({Role.LEAD})})
        with counted(session) as statements:
            assert mine(session, lead, factories.TODAY, factories.TODAY).total == size
        numbers.add(len(statements))
    assert len(numbers) == 1
    assert numbers.pop() <= 5
