"""What changed colour, why, and what will change next."""

from __future__ import annotations

from datetime import date

from tests.queries.conftest import TODAY
from tests.services import acts
from tests.statements import counted
from tracker.queries.movement import coming_changes, earlier, movements
from tracker.rules.rollup import Direction


def moved(story, since, day=TODAY):
    now = story.on(day)
    before = earlier(story.session, story.plan.id, since, story.scheme)
    return {
        found.milestone.full_ref: (found.before, found.after, found.direction, found.cause)
        for found in movements(story.session, now, before)
    }


def test_each_movement_has_its_cause(story):
    assert moved(story, date(2025, 9, 15)) == {
        "1a.1": ("green", "red", Direction.WORSE, "deadline passed on 30 September 2025"),
        "1a.2": ("amber", "blue", Direction.BETTER, "completion signed off on 20 October 2025"),
        "1a.7": (None, "grey", Direction.NEW, "added on 15 October 2025"),
    }


def test_what_was_withdrawn_is_closed_and_time_alone_is_a_cause(story):
    found = moved(story, date(2025, 8, 15), date(2025, 9, 10))
    assert found["1a.5"][2:] == (Direction.CLOSED, "withdrew it on 1 September 2025")
    assert found["1a.2"][2:] == (
        Direction.WORSE,
        "not started, and the deadline is near (from 31 August 2025)",
    )


def test_worse_stands_before_better(story):
    assert [line[2] for line in moved(story, date(2025, 9, 15)).values()] == [
        Direction.WORSE,
        Direction.BETTER,
        Direction.NEW,
    ]


def test_nothing_moved_since_today_and_there_is_no_before_the_plan(story):
    assert moved(story, TODAY) == {}
    assert moved(story, date(2025, 5, 1)) == {}


def test_an_earlier_day_has_the_headlines_of_that_day(story):
    then = earlier(story.session, story.plan.id, date(2025, 9, 30), story.scheme)
    assert then
    assert then.headline == story.on(date(2025, 9, 30)).headline
    assert then.priorities[0].headline == story.on(date(2025, 9, 30)).priorities[0].headline


def test_a_second_sign_off_overdue_is_told_as_such(story):
    acts.give(story.session, story.lead, story.object("1a.2"), acts.at(TODAY))
    late = date(2025, 11, 30)
    now = story.on(late, late)
    before = earlier(story.session, story.plan.id, TODAY, story.scheme)
    found = {line.milestone.full_ref: line for line in movements(story.session, now, before)}
    assert found["1a.2"].cause == "sign-off overdue from 22 November 2025"


def test_what_comes_next_if_nothing_is_recorded(story):
    now = story.on(TODAY)
    found = coming_changes(story.session, now, 30, TODAY, story.scheme)
    assert [(line.milestone.full_ref, line.day, line.before, line.after) for line in found] == [
        ("1a.3", date(2025, 10, 31), "grey", "amber")
    ]
    assert found[0].reason == "Work has not started with 30 days or fewer to the deadline, Nov 2025."
    further = coming_changes(story.session, now, 45, TODAY, story.scheme)
    assert [(line.milestone.full_ref, line.after) for line in further] == [
        ("1a.3", "amber"),
        ("1a.3", "red"),
        ("6", "amber"),
    ]


def test_what_came_next_is_told_as_it_was_known_then(story):
    day = date(2025, 8, 20)
    found = coming_changes(story.session, story.on(day), 45, TODAY, story.scheme)
    assert [(line.milestone.full_ref, line.day, line.after) for line in found] == [
        ("1a.2", date(2025, 8, 31), "amber"),
        ("1a.1", date(2025, 10, 1), "red"),
        ("1a.2", date(2025, 10, 1), "red"),
    ]


def test_movement_takes_two_statements(story):
    now, before = story.on(TODAY), earlier(story.session, story.plan.id, date(2025, 9, 1), story.scheme)
    with counted(story.session) as statements:
        movements(story.session, now, before)
    assert len(statements) <= 2
