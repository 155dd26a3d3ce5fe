"""People and posts: who is signed in, what they may do, who holds what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from tracker.models import Holding, LeadAssignment, Membership, Organisation, Person, Plan, Post, Workstream
from tracker.rules.permissions import SYSTEM, Actor, Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person as every request needs them: account, session epoch, and the actor for the permission table."""

    actor: Actor
    name: str
    email: str
    session_epoch: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post on the list of posts: who holds it today, and how much it leads."""

    id: int
    title: str
    organisation: str
    holders: tuple[str, ...]
    deputies: tuple[str, ...]
    workstreams: int

    @property
    def vacant(self) -> bool:
        """Return whether nobody holds the post today."""
        return not self.holders


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person on the list of people."""

    id: int
    name: str
    email: str
    administrator: bool
    disabled: bool
    roles: tuple[tuple[str, str], ...]  # plan title and role
    posts: tuple[str, ...]


def held_on(day: date) -> tuple[object, ...]:
    """Return the condition that a holding covers a day."""
    return Holding.from_day <= day, or_(Holding.to_day.is_(None), Holding.to_day >= day)


def signed_in(session: Session, person_id: int, today: date) -> SignedIn | None:
    """Return a person with roles and posts as they are now. One statement."""
    mine = and_(Holding.person_id == person_id, *held_on(today))  # type: ignore[arg-type]
    grants = union_all(
        select(literal("role"), Membership.plan_id, Membership.role, literal("")).where(
            Membership.person_id == person_id
        ),
        select(literal("post"), Holding.post_id, literal(""), Post.title)
        .join(Post, Post.id == Holding.post_id)
        .where(mine),
        select(literal("lead"), LeadAssignment.plan_id, literal(""), literal(""))
        .join(Holding, Holding.post_id == LeadAssignment.post_id)
        .where(mine)
        .distinct(),
    ).subquery()
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.administrator,
            Person.disabled_at,
            Person.session_epoch,
            *grants.c,
        )
        .outerjoin(grants, true())
        .where(Person.id == person_id)
    ).all()
    if not rows:
        return None
    person = rows[0]
    roles: dict[int, set[Role]] = defaultdict(set)
    posts: dict[int, str] = {}
    for kind, key, role, title in (row[6:] for row in rows):
        if kind == "role":
            roles[key].add(Role(role))
        elif kind == "lead":
            roles[key].add(Role.LEAD)
        elif kind == "post":
            posts[key] = title
    return SignedIn(
        actor=Actor(
            person_id=person.id,
            label=next(iter(posts.values()), person.name),
            posts=frozenset(posts),
            roles={plan: frozenset(found) for plan, found in roles.items()},
            administrator=person.administrator,
        ),
        name=person.name,
        email=person.email,
        session_epoch=person.session_epoch,
        disabled=person.disabled_at is not None,
    )


def seen_by(actor: Actor, plan_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that the actor may see the plan with an id."""
    return true() if actor.administrator or actor.system else plan_id.in_(sorted(actor.roles))


def posts(session: Session, today: date, actor: Actor = SYSTEM) -> list[PostLine]:
    """Return every post with its holders and how many workstreams it leads in plans that the actor may see.

    Three statements.
    """
    held: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    query = select(Holding.post_id, Person.name, Holding.deputy).join(Person, Person.id == Holding.person_id)
    for post_id, name, deputy in session.execute(query.where(*held_on(today))):  # type: ignore[arg-type]
        held[post_id].append((name, deputy))
    counted = select(LeadAssignment.post_id, func.count(LeadAssignment.workstream_id.distinct())).where(
        seen_by(actor, LeadAssignment.plan_id)
    )
    led = dict(session.execute(counted.group_by(LeadAssignment.post_id)).all())
    listed = select(Post.id, Post.title, Organisation.name).join(Organisation, Organisation.id == Post.organisation_id)
    return [
        PostLine(
            post_id,
            title,
            organisation,
            tuple(name for name, deputy in held[post_id] if not deputy),
            tuple(name for name, deputy in held[post_id] if deputy),
            led.get(post_id, 0),
        )
        for post_id, title, organisation in session.execute(listed.order_by(Organisation.name, Post.title))
    ]


def people(session: Session, today: date, actor: Actor) -> list[PersonLine]:
    """Return every person with posts, and with roles on plans that the actor may see. Three statements."""
    roles: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(Membership.person_id, Plan.title, Membership.role).join(Plan, Plan.id == Membership.plan_id)
    query = query.where(seen_by(actor, Plan.id))
    for person_id, title, role in session.execute(query.order_by(Plan.title)):
        roles[person_id].append((title, role))
    held: dict[int, list[str]] = defaultdict(list)
    titles = select(Holding.person_id, Post.title).join(Post, Post.id == Holding.post_id)
    for person_id, title in session.execute(titles.where(*held_on(today))):  # type: ignore[arg-type]
        held[person_id].append(title)
    return [
        PersonLine(
            person.id,
            person.name,
            person.email,
            person.administrator,
            person.disabled_at is not None,
            tuple(roles[person.id]),
            tuple(held[person.id]),
        )
        for person in session.scalars(select(Person).order_by(Person.name))
    ]


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """Who held a post, or deputised, from when to when."""

    person: str
    from_day: date
    to_day: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class LedLine:
    """A workstream that a post leads."""

    plan_slug: str
    plan_title: str
    workstream_id: int
    ref: str
    title: str
    accountable: bool


def post_line(session: Session, post_id: int, today: date, actor: Actor) -> PostLine | None:
    """Return one post, None if there is none with this id."""
    return next((line for line in posts(session, today, actor) if line.id == post_id), None)


def holdings(session: Session, post_id: int) -> list[HoldingLine]:
    """Return who held a post, newest first. One statement."""
    query = (
        select(Person.name, Holding.from_day, Holding.to_day, Holding.deputy)
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.post_id == post_id)
        .order_by(Holding.from_day.desc())
    )
    return [HoldingLine(*row) for row in session.execute(query)]


def workstreams_led(session: Session, post_id: int, actor: Actor) -> list[LedLine]:
    """Return the workstreams that a post leads in plans that the actor may see. One statement."""
    other = aliased(LeadAssignment)
    said = exists().where(other.workstream_id == LeadAssignment.workstream_id, other.accountable)
    # Where the source says of nobody that the post is accountable, the first one named is.
    accountable = or_(LeadAssignment.accountable, and_(LeadAssignment.position == 1, ~said))
    query = (
        select(Plan.slug, Plan.title, Workstream.id, Workstream.ref, Workstream.title, accountable)
        .join(Workstream, Workstream.id == LeadAssignment.workstream_id)
        .join(Plan, Plan.id == LeadAssignment.plan_id)
        .where(LeadAssignment.post_id == post_id, seen_by(actor, Plan.id))
        .order_by(Plan.title, Workstream.position)
    )
    return [LedLine(*row) for row in session.execute(query)]
