"""Who holds a post and who deputises for it, from day to day (London days, both inclusive). History is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Holding, Person, Post
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.accounts import find_person
from tracker.services.posts import find_post
from tracker.services.security import about_person, note

ONE_DAY = timedelta(days=1)
_BACKWARDS = "Enter a last day that is not before the first."


@dataclass(frozen=True, slots=True)
class Term:
    """A person from one day to another, both inclusive; without a last day until it is ended."""

    person_id: int
    from_day: date
    to_day: date | None = None


def hold_post(
    session: Session, person_id: int, post_id: int, from_day: date, *, to_day: date | None = None, deputy: bool = False
) -> None:
    """Put a person in a post; a second time changes nothing. For set-up: a person acts through `appoint`."""
    if to_day is not None and to_day < from_day:
        raise Refusal(_BACKWARDS, "to_day")
    find_post(session, post_id)
    known = select(Holding.id).where(
        Holding.person_id == person_id, Holding.post_id == post_id, Holding.to_day.is_(None), Holding.deputy == deputy
    )
    if session.scalar(known) is None:
        session.add(Holding(person_id=person_id, post_id=post_id, from_day=from_day, to_day=to_day, deputy=deputy))
        session.flush()


def appoint(
    session: Session, actor: Actor, now: datetime, post_id: int, term: Term, *, shared: bool = False, left: str = ""
) -> Holding:
    """Let a person hold a post. `shared` says that they hold it together with who holds it on those days."""
    post, person = _opened(session, actor, post_id, term)
    others = [holding for holding in _covering(session, post_id, term, deputy=False) if holding.person_id != person.id]
    if others and not shared:
        until = others[0].to_day
        raise Refusal(
            f"{find_person(session, others[0].person_id).name} holds this post"
            f"{f' until {show_day(until)}' if until else ''}. Hand it over instead, or say that they share it.",
            "person",
        )
    return _add(session, actor, now, post, person, term, deputy=False, left=left)


def name_deputy(session: Session, actor: Actor, now: datetime, post_id: int, term: Term) -> Holding:
    """Let a person act for a post between two days. Who acts for a post never signs off what it claimed."""
    if term.to_day is None:
        raise Refusal("Enter the last day on which the deputy acts.", "to_day")
    post, person = _opened(session, actor, post_id, term)
    if any(holding.person_id == person.id for holding in _covering(session, post_id, term, deputy=False)):
        raise Refusal(f"{person.name} holds the post on those days, and cannot be the deputy too.", "person")
    return _add(session, actor, now, post, person, term, deputy=True)


def hand_over(
    session: Session, actor: Actor, now: datetime, post_id: int, term: Term, message: str, seen: int | None
) -> Holding:
    """End the present holding on the day before the term begins and begin the next one, in one act.

    `message` is what the old holder leaves in writing for the new one. `seen` is the holding that the form showed.
    """
    post, person = _opened(session, actor, post_id, term)
    today = london_day(now)
    current = _covering(session, post_id, Term(0, today, today), deputy=False)
    if not current:
        raise Refusal("Nobody holds this post today, so there is nothing to hand over. Appoint somebody instead.")
    if seen is not None and seen not in {holding.id for holding in current}:
        raise Refusal("The holder has changed since this page was opened. Look at the post again.")
    for holding in current:
        if holding.person_id == person.id:
            raise Refusal(f"{person.name} holds this post already. Select who takes it over.", "person")
        if term.from_day <= holding.from_day:
            raise Refusal(
                f"The present holder began on {show_day(holding.from_day)}. Enter a later first day.", "from_day"
            )
        _end(session, actor, now, post, holding, term.from_day - ONE_DAY)
    waiting = _covering(session, post_id, term, deputy=False)
    if waiting:
        name = find_person(session, waiting[0].person_id).name
        raise Refusal(f"{name} is to hold the post from {show_day(waiting[0].from_day)} on already.", "from_day")
    return _add(session, actor, now, post, person, term, deputy=False, left=message)


def end_holding(session: Session, actor: Actor, now: datetime, holding_id: int, last_day: date) -> Holding:
    """End a holding, or a deputy's, on a day; with nobody after it the post is vacant from the next day on."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    holding = session.get(Holding, holding_id)
    if holding is None:
        raise NotFound("There is no such holding.")
    if last_day < holding.from_day:
        raise Refusal(_BACKWARDS, "to_day")
    _end(session, actor, now, find_post(session, holding.post_id), holding, last_day)
    return holding


def _opened(session: Session, actor: Actor, post_id: int, term: Term) -> tuple[Post, Person]:
    """Return a post and a person that can be brought together, or refuse."""
    permit(actor, Act.MANAGE_PEOPLE, None)
    post = find_post(session, post_id)
    if post.closed_on is not None:
        raise Refusal(f"This post was closed on {show_day(post.closed_on)}. Open it again first.")
    if term.to_day is not None and term.to_day < term.from_day:
        raise Refusal(_BACKWARDS, "to_day")
    person = session.get(Person, term.person_id)
    if person is None:
        raise Refusal("Select a person.", "person")
    if person.disabled_at is not None:
        raise Refusal(f"The account of {person.name} is disabled. Enable it first.", "person")
    return post, person


def _covering(session: Session, post_id: int, term: Term, *, deputy: bool) -> list[Holding]:
    """Return the holdings of a post that share a day with a term, oldest first."""
    query = select(Holding).where(
        Holding.post_id == post_id,
        Holding.deputy == deputy,
        or_(Holding.to_day.is_(None), Holding.to_day >= term.from_day),
    )
    if term.to_day is not None:
        query = query.where(Holding.from_day <= term.to_day)
    return list(session.scalars(query.order_by(Holding.from_day, Holding.id)))


def _add(
    session: Session,
    actor: Actor,
    now: datetime,
    post: Post,
    person: Person,
    term: Term,
    *,
    deputy: bool,
    left: str = "",
) -> Holding:
    if any(known.person_id == person.id for known in _covering(session, post.id, term, deputy=deputy)):
        what = "deputises for" if deputy else "holds"
        raise Refusal(f"{person.name} {what} this post on some of those days already.", "person")
    holding = Holding(
        post_id=post.id,
        person_id=person.id,
        from_day=term.from_day,
        to_day=term.to_day,
        deputy=deputy,
        note=clean(left),
    )
    session.add(holding)
    session.flush()
    until = f" to {term.to_day:%d/%m/%Y}" if term.to_day else ""
    said = f"{post.title}, from {term.from_day:%d/%m/%Y}{until}"
    note(session, now, Kind.DEPUTY_NAMED if deputy else Kind.POST_HELD, actor, about_person(person, detail=said))
    return holding


def _end(session: Session, actor: Actor, now: datetime, post: Post, holding: Holding, last_day: date) -> None:
    holding.to_day = last_day
    session.flush()
    person = find_person(session, holding.person_id)
    what = "deputy for " if holding.deputy else ""
    note(session, now, Kind.POST_LEFT, actor, about_person(person, detail=f"{what}{post.title}, {last_day:%d/%m/%Y}"))
