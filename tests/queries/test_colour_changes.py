"""Each movement of colour between two days, what is to come, and the same for what recurs and over several plans."""

from __future__ import annotations

from datetime import date, timedelta

from tests.queries.conftest import TODAY, Story
from tests.services import acts
from tests.statements import counted
from tracker.queries.colour_changes import colour_changes
from tracker.queries.coming import coming_changes, coming_of_plans
from tracker.queries.tree import snapshot
from tracker.rules.colour import Colour
from tracker.services.commitments import RuleChoice, confirm_rule


def told(story: Story, first: date, last: date) -> list[tuple[str, str, str | None, str, date, str]]:
    return [
        (c.workstream, c.milestone, c.before and c.before.value, c.after.value, c.on, c.cause)
        for c in colour_changes(story.session, story.row, first, last, TODAY)
    ]


def test_each_movement_between_two_days_has_from_to_day_and_cause(story: Story) -> None:
    assert told(story, date(2025, 9, 29), TODAY) == [
        ("1a", "1a.2", "amber", "green", date(2025, 9, 29), "completion claimed on 29 September 2025"),
        ("1a", "1a.1", "green", "red", date(2025, 10, 1), "deadline passed on 30 September 2025"),
        ("1a", "1a.7", None, "grey", date(2025, 10, 15), "added on 15 October 2025"),
        ("1a", "1a.2", "green", "blue", date(2025, 10, 20), "completion signed off on 20 October 2025"),
    ]


def test_the_movements_are_those_between_the_plans_of_neighbouring_days(story: Story) -> None:
    first, last = date(2025, 5, 29), date(2025, 12, 31)
    found = {
        (c.milestone, c.on): (c.before, c.after) for c in colour_changes(story.session, story.row, first, last, TODAY)
    }
    before = {row.full_ref: row.colour for row in story.on(first - timedelta(days=1)).milestones}
    day = first
    while day <= last:
        now = {row.full_ref: row.colour for row in story.on(day).milestones}
        moved = {(ref, day): (before.get(ref), colour) for ref, colour in now.items() if before.get(ref) is not colour}
        assert moved == {key: pair for key, pair in found.items() if key[1] == day}
        before, day = now, day + timedelta(days=1)


def test_days_ahead_say_what_is_to_come(story: Story) -> None:
    found = colour_changes(story.session, story.row, TODAY, date(2025, 12, 1), TODAY)
    assert {c.milestone for c in found} == {"1a.3", "6"}
    assert all(c.coming and c.on > TODAY for c in found)
    assert next(c for c in found if c.on == date(2025, 10, 31)).cause.startswith("Work has not started")
    coming = coming_changes(story.session, story.on(TODAY), 40, TODAY, story.scheme)
    assert {(c.full_ref, c.day, c.after) for c in coming} == {(c.milestone, c.on, c.after) for c in found}


def confirmed(story: Story) -> None:
    """Let the weekly commitment count from the first of September, with nothing held."""
    key = story.on(TODAY).priorities[0].workstreams[0].commitments[0].id
    choice = RuleChoice("weekly", date(2025, 10, 1), None, "")
    confirm_rule(story.session, story.manager, acts.at(date(2025, 10, 2)), key, acts.token(), choice)


def test_what_recurs_stands_among_what_is_to_come(story: Story) -> None:
    confirmed(story)
    now = snapshot(story.session, story.row, story.scheme, TODAY, TODAY, annexes=False, commitments=True)
    found = coming_changes(story.session, now, 30, TODAY, story.scheme)
    recurring = [change for change in found if change.recurring]
    assert [(c.day, c.after, c.closes) for c in recurring] == [
        (date(2025, 10, 28), recurring[0].before, True),
        *[(c.day, c.after, False) for c in recurring if not c.closes],
    ]
    assert any(c.after is Colour.RED or c.before is Colour.RED for c in recurring)
    assert recurring[0].full_ref == "1a.1"
    assert [change.day for change in found] == sorted(change.day for change in found)


def test_all_plans_together_hold_what_each_holds_in_at_most_ten_statements(story: Story) -> None:
    confirmed(story)
    for day in (TODAY, date(2025, 9, 20), date(2025, 11, 10)):
        now = snapshot(story.session, story.row, story.scheme, day, TODAY, annexes=False, commitments=True)
        alone = coming_changes(story.session, now, 60, TODAY, story.scheme)
        with counted(story.session) as statements:
            together, plans = coming_of_plans(story.session, story.manager, 60, day, TODAY)
        assert len(statements) <= 10
        assert [(c.full_ref, c.day, c.before, c.after, c.reason) for c in together] == [
            (c.full_ref, c.day, c.before, c.after, c.reason) for c in alone
        ]
        assert {c.plan_id for c in together} <= set(plans)
