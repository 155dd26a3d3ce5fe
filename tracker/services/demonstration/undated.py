"""The fixed rule of the demonstration for plans whose undertakings mostly have no dates: lighter stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.rules.dates import add_months, end_of_month
from tracker.services.demonstration.story import Calendar, Item, Story

_YEAR = 365
_PATTERNS = {
    "gloucestershire-inclusion-2022": "done going done going going done going risk going idle done going idle",
    "wf-belonging-2026": "going going idle done going idle risk going idle going idle going",
    "northumberland-inclusion": "going idle going idle idle idle",
    "somerset-wsoa": "going done idle going risk going idle going done going",
}
_STATES = {"COMPLETED": "done", "EMBEDDING": "going", "IN PROGRESS": "going"}


def undated_stories(items: Sequence[Item], calendar: Calendar) -> list[Story]:
    """Return the stories of the milestones of a plan, whatever dates they have."""
    made = []
    for item in items:
        pattern = _PATTERNS.get(item.slug, "going idle").split()
        kind = _STATES.get(item.state.upper()) or pattern[item.number % len(pattern)]
        story = Story(item, calendar)
        made.append(story)
        if item.due is not None and item.due < calendar.first:
            _overdue(story, item.due)
        else:
            _light(story, kind)
    return made


def _light(story: Story, kind: str) -> None:
    """Tell a story of an undertaking without a date."""
    number = story.item.number
    if kind == "idle":
        return
    if kind == "done":
        claimed = 25 + number * 47 % 290
        story.start(_ago(story.calendar, claimed + 60))
        story.claim(_ago(story.calendar, claimed), story.item.printed)
        story.approve(_ago(story.calendar, claimed - 6 - number % 12))
        return
    story.start(_ago(story.calendar, 70 + number * 31 % 280))
    story.tell(_ago(story.calendar, 35 + number * 11 % 30))
    if kind == "risk":
        story.risk(_ago(story.calendar, 6 + number * 17 % 55))
    else:
        story.tell(_ago(story.calendar, 3 + number * 7 % 30))


def _overdue(story: Story, due: date) -> None:
    """Tell a story of a date that had passed before the plan came into the tracker."""
    calendar, number = story.calendar, story.item.number
    if number % 3 == 0:  # still open: a new date is asked for
        story.start(_ago(calendar, 300))
        story.tell(_ago(calendar, 40))
        story.ask(_ago(calendar, 12), end_of_month(add_months(calendar.today, 2)))
        return
    story.claim(_ago(calendar, 350), due - timedelta(days=4 + number % 9))
    story.approve(_ago(calendar, 338))


def _ago(calendar: Calendar, days: int) -> date:
    """Return a day in the last year, or in what there is of it, in the same proportion."""
    span = min(_YEAR, (calendar.today - calendar.first).days)
    return calendar.ago(round(days * span / _YEAR))
