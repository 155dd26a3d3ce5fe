"""Who is signed in, what they may do today, and who holds what."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests import factories
from tests.queries.conftest import TODAY
from tests.statements import counted
from tracker.models import Holding, Post
from tracker.queries.people import people, signed_in
from tracker.queries.plans import portfolio
from tracker.queries.posts import posts
from tracker.rules.permissions import SYSTEM, Role


def test_a_lead_is_a_lead_by_the_post_and_only_while_holding_it(story):
    session = story.session
    now = signed_in(session, story.lead.person_id, TODAY)
    assert now
    assert (now.actor.label, now.actor.posts) == ("SEND Senior Manager", story.lead.posts)
    assert now.actor.roles == {story.plan.id: frozenset({Role.LEAD})}
    session.scalars(select(Holding)).one().to_day = TODAY - timedelta(days=1)
    session.flush()
    gone = signed_in(session, story.lead.person_id, TODAY)
    assert gone
    assert (gone.actor.roles, gone.actor.posts) == ({}, frozenset())
    before = signed_in(session, story.lead.person_id, date(2024, 1, 1))
    assert before
    assert before.actor.posts == frozenset()


def test_roles_are_those_of_the_memberships(story):
    manager = signed_in(story.session, story.manager.person_id, TODAY)
    assert manager
    assert manager.actor.roles == {story.plan.id: frozenset({Role.MANAGER})}
    assert manager.actor.label == "Manager"
    assert signed_in(story.session, 999, TODAY) is None


def test_a_person_with_many_posts_and_roles_takes_no_more_statements(story):
    post = Post(title="Deputy", organisation_id=story.session.scalars(select(Post.organisation_id)).first())
    story.session.add(post)
    story.session.flush()
    story.session.add(Holding(post_id=post.id, person_id=story.lead.person_id, from_day=date(2025, 1, 1), deputy=True))
    story.session.flush()
    with counted(story.session) as statements:
        found = signed_in(story.session, story.lead.person_id, TODAY)
    assert len(statements) <= 2
    assert found
    assert len(found.actor.posts) == 2


def test_posts_and_people_are_listed_with_who_holds_what(story):
    lines = {line.title: line for line in posts(story.session, TODAY)}
    assert lines["SEND Senior Manager"].holders == ("SEND Senior Manager",)
    assert lines["Head of Inclusion"].vacant
    named = {line.name: line for line in people(story.session, TODAY, SYSTEM)}
    assert named["Manager"].roles == (("A plan for tests", "manager"),)
    assert named["SEND Senior Manager"].posts == ("SEND Senior Manager",)


def test_the_portfolio_takes_as_many_statements_for_any_number_of_plans(session):
    numbers = set()
    for _ in range(2):
        for _ in range(5):
            factories.plan(session)
        with counted(session) as statements:
            rows = portfolio(session, SYSTEM, factories.TODAY).rows
        numbers.add(len(statements))
    assert len(rows) == 10
    assert len(numbers) == 1
    assert numbers.pop() <= 6
