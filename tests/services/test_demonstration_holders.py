"""Who holds the posts of the demonstration: accounts named after posts, one vacancy, one handover, one deputy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Holding, Person, Post
from tracker.queries.posts import posts
from tracker.rules.permissions import Role
from tracker.services.demonstration import add_demo_accounts, add_demo_holders
from tracker.services.seeding import seed_plans

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_seeded_plan_names_posts_and_no_person(session: Session) -> None:
    seed_plans(session, NOW)
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert session.scalar(select(func.count()).select_from(Holding)) == 0
    assert session.scalar(select(func.count()).select_from(Post)) > 0


def test_the_accounts_of_the_demonstration_are_named_after_posts_and_open_with_no_password(session: Session) -> None:
    seed_plans(session, NOW)
    people = add_demo_accounts(session, NOW)
    for later in (0, 3):
        add_demo_holders(session, NOW + timedelta(days=later), people[Role.LEAD])
    titles = set(session.scalars(select(Post.title)))
    made = session.scalars(select(Person).where(Person.id.not_in([person.id for person in people.values()]))).all()
    for person in made:
        assert person.name.partition("(")[2].removesuffix(")") in titles
        assert (person.password_hash, person.email.endswith("@demo.invalid")) == ("", True)
    lines = [line for line in posts(session, NOW.date()) if line.holders or line.vacant_since]
    assert len([line for line in lines if line.vacant_since]) == 1
    assert len([line for line in lines if line.deputies]) == 1
    assert session.scalar(select(func.count()).select_from(Holding).where(Holding.note != "")) == 1
