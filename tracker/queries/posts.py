"""The register of who answers: posts by organisation with who holds them today and what they answer for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Integer, case, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    Action,
    ColourSpan,
    Holding,
    LeadAssignment,
    LedgerEntry,
    Milestone,
    Organisation,
    Person,
    Plan,
    Post,
    Workstream,
)
from tracker.queries.holdings import day_after, held_on, vacant_since
from tracker.queries.people import seen_by
from tracker.queries.plans import on, ratings_of
from tracker.rules.colour import Colour
from tracker.rules.permissions import SYSTEM, Actor
from tracker.rules.rating import Rating
from tracker.rules.rollup import workstream_colour


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation with what is said of it."""

    id: int
    name: str
    kind: str
    outside: bool | None


@dataclass(frozen=True, slots=True)
class LedLine:
    """A workstream, an action or a milestone that a post leads, with its colour today (None for an action)."""

    kind: str
    id: int
    plan_slug: str
    plan_title: str
    ref: str
    title: str
    accountable: bool
    colour: Colour | None
    from_day: date | None = None
    to_day: date | None = None
    rating: Rating | None = None  # the words of its plan today

    @property
    def unfinished(self) -> bool:
        """Return whether something is still to be done for it."""
        return self.colour not in (Colour.BLUE, Colour.NONE)


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in the register: who holds it today, since when it is vacant, and what it answers for."""

    id: int
    title: str
    organisation: str
    organisation_id: int = 0
    holders: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()  # holders whose account is disabled
    vacant_since: date | None = None
    closed_on: date | None = None
    leads: tuple[LedLine, ...] = field(default=())

    @property
    def vacant(self) -> bool:
        """Return whether nobody holds the post today."""
        return not self.holders and self.closed_on is None


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """Who held a post, or deputised, from when to when, with what the one before left in writing."""

    id: int
    person_id: int
    person: str
    from_day: date
    to_day: date | None
    deputy: bool
    note: str
    disabled: bool

    def on(self, day: date) -> bool:
        """Return whether it covers a day."""
        return self.from_day <= day and (self.to_day is None or self.to_day >= day)


def organisations(session: Session) -> list[OrganisationLine]:
    """Return every organisation by name. One statement."""
    query = select(Organisation.id, Organisation.name, Organisation.kind, Organisation.outside)
    return [OrganisationLine(*row) for row in session.execute(query.order_by(Organisation.name))]


def posts(session: Session, today: date, actor: Actor = SYSTEM) -> list[PostLine]:
    """Return every post by organisation with what it leads in plans that the actor may see. Four statements."""
    held: dict[int, list[tuple[str, bool, bool]]] = defaultdict(list)
    query = select(Holding.post_id, Person.name, Holding.deputy, Person.disabled_at.is_not(None))
    query = query.join(Person, Person.id == Holding.person_id).where(*held_on(today))
    for post_id, name, deputy, disabled in session.execute(query.order_by(Holding.from_day, Holding.id)):
        held[post_id].append((name, deputy, disabled))
    led = led_by_posts(session, today, actor)
    listed = select(Post.id, Post.title, Organisation.name, Organisation.id, vacant_since(today), Post.closed_on).join(
        Organisation, Organisation.id == Post.organisation_id
    )
    return [
        PostLine(
            post_id,
            title,
            organisation,
            organisation_id,
            tuple(name for name, deputy, _ in held[post_id] if not deputy),
            tuple(name for name, deputy, _ in held[post_id] if deputy),
            tuple(name for name, deputy, disabled in held[post_id] if disabled and not deputy),
            day_after(last),
            closed,
            tuple(led[post_id]),
        )
        for post_id, title, organisation, organisation_id, last, closed in session.execute(
            listed.order_by(Organisation.name, Post.title)
        )
    ]


def open_posts(session: Session) -> list[tuple[int, str]]:
    """Return number and "title (organisation)" of every post that is not closed. One statement."""
    query = (
        select(Post.id, Post.title, Organisation.name)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.closed_on.is_(None))
        .order_by(Post.title, Organisation.name)
    )
    return [(key, f"{title} ({organisation})") for key, title, organisation in session.execute(query)]


def led_by_posts(
    session: Session, today: date, actor: Actor, post_id: int | None = None, *, past: bool = False
) -> dict[int, list[LedLine]]:
    """Return what posts lead in plans that the actor may see, by post, in the order of the plans. Two statements.

    With `past`, what they once led is there too, with the days; one statement more.
    """
    lead = LeadAssignment
    other = aliased(LeadAssignment)
    same = or_(
        other.workstream_id == lead.workstream_id,
        other.action_id == lead.action_id,
        other.milestone_id == lead.milestone_id,
    )
    alone = ~exists().where(same, other.id != lead.id, other.ended.is_(None))
    shown: list[Any] = [seen_by(actor, Plan.id)]
    if post_id is not None:
        shown.append(lead.post_id == post_id)
    if not past:
        shown.append(lead.ended.is_(None))
    holder = aliased(Workstream)
    kinds = case((lead.milestone_id.is_not(None), "milestone"), (lead.action_id.is_not(None), "action"))
    query = (
        select(
            lead.id,
            lead.post_id,
            func.coalesce(kinds, "workstream"),
            func.coalesce(lead.milestone_id, lead.action_id, lead.workstream_id),
            Plan.slug,
            Plan.title,
            holder.ref,
            func.coalesce(Milestone.ref, Action.ref, literal("")),
            func.coalesce(Milestone.text, Action.text, holder.title),
            or_(lead.accountable, alone),
            lead.ended,
            Plan.ratings,
        )
        .join(Plan, Plan.id == lead.plan_id)
        .outerjoin(Milestone, Milestone.id == lead.milestone_id)
        .outerjoin(Action, Action.id == lead.action_id)
        .outerjoin(
            holder, holder.id == func.coalesce(lead.workstream_id, Milestone.workstream_id, Action.workstream_id)
        )
        .where(*shown)
        .order_by(Plan.title, holder.position, lead.id)
    )
    rows = session.execute(query).all()
    colours = _colours(session, today, [row[2:4] for row in rows])
    begun = _begun(session, [row[0] for row in rows]) if past else {}
    found: dict[int, list[LedLine]] = defaultdict(list)
    ratings = {slug: ratings_of(stored).on(today) for slug, stored in {row[4]: row[11] for row in rows}.items()}
    for key, post, kind, subject, slug, plan, above, ref, title, accountable, ended, _ in rows:
        full = ".".join(part for part in (above, ref) if part)
        colour = colours.get((kind, subject))
        line = LedLine(
            kind, subject, slug, plan, full, title, accountable, colour, begun.get(key), ended, ratings[slug]
        )
        found[post].append(line)
    return found


def _colours(session: Session, today: date, subjects: list[Any]) -> dict[tuple[str, int], Colour]:
    """Return the colours of workstreams and milestones today. One statement."""
    wanted = {"workstream": {key for kind, key in subjects if kind == "workstream"}}
    wanted["milestone"] = {key for kind, key in subjects if kind == "milestone"}
    none = cast(null(), Integer)  # PostgreSQL takes a bare one for text where rows are made distinct
    query: Any = union_all(
        select(Milestone.workstream_id, none, ColourSpan.colour)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(Milestone.workstream_id.in_(wanted["workstream"]), *on(today))
        .distinct(),
        select(none, Milestone.id, ColourSpan.colour)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(Milestone.id.in_(wanted["milestone"]), *on(today)),
    )
    below: dict[int, set[Colour]] = defaultdict(set)
    found: dict[tuple[str, int], Colour] = {}
    for workstream, milestone, colour in session.execute(query):
        if workstream is not None:
            below[workstream].add(Colour(colour))
        else:
            found["milestone", milestone] = Colour(colour)
    return found | {("workstream", key): workstream_colour(colours) for key, colours in below.items()}


def _begun(session: Session, assignments: list[int]) -> dict[int, date]:
    """Return the day on which each assignment began, as the ledger has it. One statement."""
    query = (
        select(LedgerEntry.subject_id, func.min(LedgerEntry.effective_day))
        .where(LedgerEntry.subject_type == LeadAssignment.__tablename__, LedgerEntry.subject_id.in_(assignments))
        .group_by(LedgerEntry.subject_id)
    )
    return dict(session.execute(query).all())


def post_line(session: Session, post_id: int, today: date, actor: Actor) -> PostLine | None:
    """Return one post, None if there is none with this id."""
    return next((line for line in posts(session, today, actor) if line.id == post_id), None)


def holdings(session: Session, post_id: int) -> list[HoldingLine]:
    """Return who held a post, newest first. One statement."""
    query = (
        select(
            Holding.id,
            Holding.person_id,
            Person.name,
            Holding.from_day,
            Holding.to_day,
            Holding.deputy,
            Holding.note,
            Person.disabled_at.is_not(None),
        )
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.post_id == post_id)
        .order_by(Holding.from_day.desc(), Holding.id.desc())
    )
    return [HoldingLine(*row) for row in session.execute(query)]


def holding_line(session: Session, holding_id: int) -> tuple[int, HoldingLine] | None:
    """Return the post of a holding and the holding itself, None if there is none with this id."""
    post_id = session.scalar(select(Holding.post_id).where(Holding.id == holding_id))
    if post_id is None:
        return None
    return post_id, next(line for line in holdings(session, post_id) if line.id == holding_id)
