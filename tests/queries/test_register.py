"""The list of milestones: narrowed, sorted and paged in the database, the same on every day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import milestone_line
from tests.queries.conftest import TODAY
from tests.statements import counted
from tracker.models import Post
from tracker.queries.plans import find_plan
from tracker.queries.register import PAGE_SIZE, Filters, register
from tracker.rules.colour import Colour


def refs(story, day=TODAY, **filters):
    return [row.full_ref for row in register(story.session, story.row, Filters(**filters), day, TODAY).rows]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"colours": (Colour.RED,)}, ["1a.1"]),
        ({"colours": (Colour.RED, Colour.BLUE)}, ["1a.1", "1a.2"]),
        ({"window": "overdue"}, ["1a.1"]),
        ({"window": "60"}, ["1a.3"]),
        ({"window": "90"}, ["1a.3", "6"]),
        ({"window": "undated"}, ["1a.4"]),
        ({"text": "PANEL"}, ["1a.1"]),
        ({"text": "1a.7"}, ["1a.7"]),
        ({"text": "100%"}, []),
        ({"text": "_"}, []),
        ({"text": "timely"}, ["1a.1", "1a.2", "1a.3", "1a.4", "1a.5", "1a.7"]),
        ({"sort": "colour"}, ["1a.1", "1a.3", "1a.4", "1a.7", "6", "1a.2", "1a.5"]),
        ({"sort": "due", "window": "90"}, ["1a.3", "6"]),
        ({"sort": "updated", "colours": (Colour.RED, Colour.BLUE)}, ["1a.1", "1a.2"]),
        ({"page": 99, "text": "panel"}, ["1a.1"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(story, filters, found):
    assert refs(story, **filters) == found


def test_the_list_is_narrowed_to_a_lead(story):
    second = story.session.scalars(select(Post.id).where(Post.title == "Head of Inclusion")).one()
    assert refs(story, lead=second) == ["1a.1", "1a.2", "1a.3", "1a.4", "1a.5", "1a.7"]
    assert refs(story, lead=second + 1) == []


def test_a_past_day_lists_what_was_there_with_the_words_of_then(story):
    page = register(story.session, story.row, Filters(), date(2025, 9, 30), TODAY)
    assert [(row.full_ref, row.text) for row in page.rows][:1] == [("1a.1", "Panel set up")]
    assert "1a.7" not in [row.full_ref for row in page.rows]
    assert refs(story, date(2025, 9, 30), window="overdue") == []


def test_a_long_list_has_pages_and_takes_as_many_statements(session):
    numbers = set()
    for size in (10, 2 * PAGE_SIZE + 1):
        made = factories.plan(session, *(milestone_line(str(ref)) for ref in range(size)))
        found = find_plan(session, made.slug)
        assert found
        with counted(session) as statements:
            page = register(session, found[0], Filters(page=3), factories.TODAY, factories.TODAY)
        numbers.add(len(statements))
        assert page.total == size
    assert (page.pages, len(page.rows), page.filters.page) == (3, 1, 3)
    assert len(numbers) == 1
    assert numbers.pop() <= 8
