"""Who gets the messages of a post, and who those of a plan's managers, on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Absence, Holding, Membership, Person, Post
from tracker.queries.holdings import held_on
from tracker.rules.dates import show_day
from tracker.rules.permissions import Role


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who can sign in, with how they want to be told. `away_until` is set while they are away."""

    id: int
    name: str
    email: str
    digest: str
    workbook: bool
    away_until: date | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is told on a day.

    A post's messages go to its holders who are there, and to its deputies while they deputise. `nobody` says of each
    post without such a person why, so that the managers can be told.
    """

    people: dict[int, Reader]
    of_post: dict[int, tuple[int, ...]]
    nobody: dict[int, str]
    titles: dict[int, str]
    managers: dict[int, tuple[int, ...]]  # of each plan, those who are there


def roster(session: Session, today: date) -> Roster:
    """Return who is told. Five statements, however many people there are."""
    away: dict[int, date] = {}
    absences = select(Absence.person_id, Absence.to_day).where(Absence.from_day <= today, Absence.to_day >= today)
    for person_id, until in session.execute(absences):
        away[person_id] = max(until, away.get(person_id, until))
    columns = (Person.id, Person.name, Person.email, Person.digest, Person.workbook)
    people = {
        key: Reader(key, name, email, digest, workbook, away.get(key))
        for key, name, email, digest, workbook in session.execute(select(*columns).where(Person.disabled_at.is_(None)))
    }
    titles = {key: title for key, title in session.execute(select(Post.id, Post.title))}  # noqa: C416  rows
    held: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    holdings = select(Holding.post_id, Holding.person_id, Holding.deputy).where(*held_on(today)).order_by(Holding.id)
    for post_id, person_id, deputy in session.execute(holdings):
        held[post_id].append((person_id, deputy))
    of_post, nobody = {}, {}
    for post_id in titles:
        told = [key for key, _ in held[post_id] if key in people and people[key].away_until is None]
        of_post[post_id] = tuple(dict.fromkeys(told))
        if not told:
            nobody[post_id] = _why([people.get(key) for key, deputy in held[post_id] if not deputy])
    managers: dict[int, list[int]] = defaultdict(list)
    roles = select(Membership.plan_id, Membership.person_id).where(Membership.role == Role.MANAGER.value)
    for plan_id, person_id in session.execute(roles.order_by(Membership.id)):
        if person_id in people and people[person_id].away_until is None:
            managers[plan_id].append(person_id)
    return Roster(people, of_post, nobody, titles, {key: tuple(found) for key, found in managers.items()})


def _why(holders: list[Reader | None]) -> str:
    """Say why nobody gets the messages of a post."""
    if not holders:
        return "The post is vacant and nobody deputises."
    there = [holder for holder in holders if holder is not None]
    if not there:
        return "The account of its holder is disabled and nobody deputises."
    until = min(holder.away_until for holder in there if holder.away_until is not None)
    return f"{there[0].name} is away until {show_day(until)} and nobody deputises."
