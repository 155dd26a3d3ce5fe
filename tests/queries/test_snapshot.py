"""A plan as at a day: what was recorded then, in texts, leads and dates, and the same counts wherever they stand."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.factories import milestone_line
from tests.queries.conftest import TODAY
from tests.statements import counted
from tracker.queries.plans import find_plan, first_day, portfolio
from tracker.queries.register import Filters, register
from tracker.queries.tree import snapshot, workstream_page
from tracker.rules.colour import Colour
from tracker.rules.permissions import SYSTEM, Actor
from tracker.rules.rollup import Direction


def test_today_shows_what_stands_now(story):
    now = story.on(TODAY)
    assert [(row.full_ref, row.colour.value, row.rule) for row in now.milestones] == [
        ("1a.1", "red", "3"),
        ("1a.2", "blue", "1"),
        ("1a.3", "grey", "5"),
        ("1a.4", "grey", "5"),
        ("1a.5", "none", "0"),
        ("1a.7", "grey", "5"),
        ("6", "grey", "5"),
    ]
    panel = now.milestones[0]
    assert (panel.text, panel.progress) == ("Panel set up and meeting", "Members are asked.")
    assert panel.marks == ("new date proposed",)
    assert [(lead.post, lead.accountable) for lead in panel.leads] == [
        ("SEND Senior Manager", True),
        ("Head of Inclusion", False),
    ]
    (workstream,) = now.priorities[0].workstreams
    assert [line.text for line in workstream.commitments] == ["Meet the provider", "Report to scrutiny"]
    assert workstream.actions[0].colour is Colour.RED
    assert now.measures[0].readings == (("2025", "", "52%"), ("2026", "", "60%"))
    assert [row.text for row in now.priorities[0].unplaced] == ["Board agrees"]


def test_a_past_day_shows_what_stood_then(story):
    then = story.on(date(2025, 9, 30))
    assert [(row.full_ref, row.colour.value) for row in then.milestones] == [
        ("1a.1", "green"),
        ("1a.2", "green"),
        ("1a.3", "grey"),
        ("1a.4", "grey"),
        ("1a.5", "none"),
        ("6", "grey"),
    ]
    panel, offer = then.milestones[:2]
    assert (panel.text, panel.proposed_text, panel.lead_names) == ("Panel set up", "", "SEND Senior Manager")
    assert (offer.signoff, offer.claimed, offer.completed) == ("claimed", date(2025, 9, 29), date(2025, 9, 29))
    (workstream,) = then.priorities[0].workstreams
    assert [line.text for line in workstream.commitments] == ["Meet the provider"]
    assert then.measures[0].readings == (("2025", "", "52%"),)


def test_before_the_first_update_nothing_was_said(story):
    panel = story.milestone("1a.1", date(2025, 7, 31))
    assert (panel.progress, panel.started, panel.updated_on, panel.confidence) == ("", None, None, "")


def test_a_day_ahead_shows_what_comes_if_nothing_is_recorded(story):
    ahead = story.on(date(2025, 12, 1))
    assert story.milestone("1a.3", date(2025, 12, 1)).rule == "3"
    assert ahead.counts.red == 2


def test_before_the_plan_there_is_nothing(story):
    assert first_day(story.session, "workstream", story.on(TODAY).priorities[0].workstreams[0].id) == factories.ADOPTED
    assert story.on(date(2025, 5, 27)).milestones == ()


@pytest.mark.parametrize("day", [date(2025, 9, 30), date(2025, 10, 10), TODAY])
def test_the_same_counts_stand_in_plan_portfolio_and_register(story, day):
    now = story.on(day)
    (line,) = portfolio(story.session, SYSTEM, day).rows
    assert line.headline.counts == now.counts == now.priorities[0].counts
    assert line.headline.colour is now.headline.colour
    page = register(story.session, story.row, Filters(), day, TODAY)
    assert page.total == len(page.rows) == now.counts.total + now.counts.none
    assert sorted(row.id for row in page.rows) == sorted(row.id for row in now.milestones)
    for colour in Colour:
        narrowed = register(story.session, story.row, Filters(colours=(colour,)), day, TODAY)
        assert narrowed.total == now.counts.of(colour)
    found = workstream_page(story.session, story.row, story.scheme, now.priorities[0].workstreams[0].id, day, TODAY)
    assert found
    assert found[1].counts == now.priorities[0].workstreams[0].counts


def test_the_portfolio_shows_what_one_may_see_and_which_way_it_goes(story):
    assert portfolio(story.session, story.lead, TODAY).rows[0].direction is Direction.WORSE
    assert portfolio(story.session, story.lead, date(2025, 6, 1)).rows[0].direction is None
    stranger = factories.person(story.session)
    assert portfolio(story.session, Actor(stranger.id, "Nobody"), TODAY).rows == ()
    assert portfolio(story.session, SYSTEM, date(2025, 5, 27)).rows == (), "it was not adopted yet"


def test_an_unknown_slug_is_no_plan(session):
    assert find_plan(session, "unknown") is None


def test_a_plan_takes_as_many_statements_at_any_size(session):
    numbers = {}
    for size in (10, 200):
        made = factories.plan(session, *(milestone_line(str(ref), actions=["A"]) for ref in range(size)))
        found = find_plan(session, made.slug)
        assert found
        for day in (factories.TODAY, date(2025, 9, 1)):
            with counted(session) as statements:
                now = snapshot(session, *found, day, factories.TODAY)
            assert len(statements) <= 11
            numbers.setdefault(day, set()).add(len(statements))
        assert len(now.milestones) in {0, size}
    assert all(len(found) == 1 for found in numbers.values())
