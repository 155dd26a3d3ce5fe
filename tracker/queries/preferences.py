"""How one person is told: what they chose, when they are away, who deputises for their posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Absence, Holding, Person, Post
from tracker.queries.holdings import held_on


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Days on which a person is away."""

    id: int
    from_day: date
    to_day: date


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose; `deputies` names who deputises today for each post that they hold, nobody included."""

    email: str
    digest: str
    at_once: bool
    workbook: bool
    away: tuple[AwayRow, ...]
    deputies: tuple[tuple[str, tuple[str, ...]], ...]


def preferences(session: Session, person_id: int, today: date) -> Preferences:
    """Return how a person is told. Four statements."""
    columns = (Person.email, Person.digest, Person.at_once, Person.workbook)
    person = session.execute(select(*columns).where(Person.id == person_id)).one()
    away = (
        select(Absence.id, Absence.from_day, Absence.to_day)
        .where(Absence.person_id == person_id, Absence.to_day >= today)
        .order_by(Absence.from_day)
    )
    mine = (
        select(Post.id, Post.title)
        .join(Holding, Holding.post_id == Post.id)
        .where(Holding.person_id == person_id, Holding.deputy.is_(False), *held_on(today))
        .order_by(Post.title)
    )
    posts = list(session.execute(mine))
    named: dict[int, list[str]] = {key: [] for key, _ in posts}
    deputies = (
        select(Holding.post_id, Person.name)
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.post_id.in_(list(named)), Holding.deputy.is_(True), *held_on(today))
    )
    for post_id, name in session.execute(deputies):
        named[post_id].append(name)
    return Preferences(
        *person,
        away=tuple(AwayRow(*row) for row in session.execute(away)),
        deputies=tuple((title, tuple(named[key])) for key, title in posts),
    )
