"""Who holds a post on a day (London days, both inclusive), who deputises for it, and since when it is vacant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Holding, Person, Post

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a post on a day."""

    holders: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    vacant_since: date | None = None  # None while somebody holds it, and where nobody was ever recorded

    @property
    def vacant(self) -> bool:
        """Return whether nobody holds the post, or nobody was ever recorded as its holder."""
        return not self.holders


def held_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a holding covers a day."""
    return Holding.from_day <= day, or_(Holding.to_day.is_(None), Holding.to_day >= day)


def vacant_since(day: date) -> ColumnElement[Any]:
    """Return the last day on which the post in the statement was held, empty where it is held on `day` or never was.

    Read it through `day_after`: the database gives the last day held, a person says since when it is vacant.
    """
    mine = (Holding.post_id == Post.id, Holding.deputy.is_(False))
    held = exists().where(*mine, *held_on(day)).correlate(Post)
    last = select(func.max(Holding.to_day)).where(*mine, Holding.to_day < day).correlate(Post).scalar_subquery()
    return case((~held, last)).label("last_held")


def wanting(day: date) -> ColumnElement[str]:
    """Return what is wanting of the holder of the post in the statement: "nobody" recorded, "disabled", or ""."""
    mine = (Holding.post_id == Post.id, Holding.deputy.is_(False))
    ever = exists().where(*mine, Holding.from_day <= day).correlate(Post)
    held = exists().where(*mine, *held_on(day)).correlate(Post)
    enabled = (
        exists()
        .where(*mine, *held_on(day), Person.id == Holding.person_id, Person.disabled_at.is_(None))
        .correlate(Post)
    )
    return case((~ever, "nobody"), (held & ~enabled, "disabled"), else_="").label("wanting")


def day_after(last_held: date | None) -> date | None:
    """Return the first day of a vacancy from the last day on which the post was held."""
    return None if last_held is None else last_held + ONE_DAY


def answering(session: Session, post_ids: Collection[int], day: date) -> dict[int, Answering]:
    """Return who answers for some posts on a day. Two statements; those that nobody ever held are there too."""
    held: dict[int, list[tuple[str, bool]]] = {post_id: [] for post_id in post_ids}
    query = select(Holding.post_id, Person.name, Holding.deputy).join(Person, Person.id == Holding.person_id)
    query = query.where(Holding.post_id.in_(list(post_ids)), *held_on(day)).order_by(Holding.from_day, Holding.id)
    for post_id, name, deputy in session.execute(query):
        held[post_id].append((name, deputy))
    last = select(Post.id, vacant_since(day)).where(Post.id.in_(list(post_ids)))
    since: dict[int, date | None] = {post_id: day_after(found) for post_id, found in session.execute(last)}
    return {
        post_id: Answering(
            tuple(name for name, deputy in names if not deputy),
            tuple(name for name, deputy in names if deputy),
            since.get(post_id),
        )
        for post_id, names in held.items()
    }
