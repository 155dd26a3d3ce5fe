"""People: who is signed in and what they may do today, and the list of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.models import Holding, LeadAssignment, Membership, Person, Plan, Post, SecurityEvent
from tracker.queries.holdings import held_on
from tracker.rules.permissions import Actor, Role
from tracker.rules.security import Kind


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person as every request needs them: account, session epoch, and the actor for the permission table."""

    actor: Actor
    name: str
    email: str
    session_epoch: int
    disabled: bool


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


def signed_in(session: Session, person_id: int, today: date) -> SignedIn | None:
    """Return a person with roles and posts as they are now. One statement."""
    mine = and_(Holding.person_id == person_id, *held_on(today))
    grants = union_all(
        select(literal("role"), Membership.plan_id, Membership.role, literal("")).where(
            Membership.person_id == person_id
        ),
        select(case((Holding.deputy, "deputy"), else_="post"), Holding.post_id, literal(""), Post.title)
        .join(Post, Post.id == Holding.post_id)
        .where(mine),
        select(literal("lead"), LeadAssignment.plan_id, literal(""), literal(""))
        .join(Holding, Holding.post_id == LeadAssignment.post_id)
        .where(mine, LeadAssignment.ended.is_(None))
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
    held: dict[int, str] = {}
    deputised: dict[int, str] = {}
    for kind, key, role, title in (row[6:] for row in rows):
        if kind == "role":
            roles[key].add(Role(role))
        elif kind == "lead":
            roles[key].add(Role.LEAD)
        elif kind == "post":
            held[key] = title
        elif kind == "deputy":
            deputised[key] = title
    return SignedIn(
        actor=Actor(
            person_id=person.id,
            label=_label(person.name, held, deputised),
            posts=frozenset(held | deputised),
            roles={plan: frozenset(found) for plan, found in roles.items()},
            administrator=person.administrator,
        ),
        name=person.name,
        email=person.email,
        session_epoch=person.session_epoch,
        disabled=person.disabled_at is not None,
    )


def _label(name: str, held: Mapping[int, str], deputised: Mapping[int, str]) -> str:
    """Return what the ledger calls a person: the post held, else that of which one is the deputy, else the name."""
    if held:
        return held[min(held)]
    return f"Deputy for {deputised[min(deputised)]}" if deputised else name


def seen_by(actor: Actor, plan_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that the actor may see the plan with an id."""
    return true() if actor.administrator or actor.system else plan_id.in_(sorted(actor.roles))


def people(session: Session, today: date, actor: Actor) -> list[PersonLine]:
    """Return every person with posts, and with roles on plans that the actor may see. Three statements."""
    roles: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(Membership.person_id, Plan.title, Membership.role).join(Plan, Plan.id == Membership.plan_id)
    query = query.where(seen_by(actor, Plan.id))
    for person_id, title, role in session.execute(query.order_by(Plan.title)):
        roles[person_id].append((title, role))
    held: dict[int, list[str]] = defaultdict(list)
    titles = select(Holding.person_id, Post.title).join(Post, Post.id == Holding.post_id)
    for person_id, title in session.execute(titles.where(*held_on(today))):
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
class AccountRole:
    """A role of a person on a plan."""

    plan_id: int
    plan_title: str
    role: str


@dataclass(frozen=True, slots=True)
class AccountPost:
    """A post that a person holds, held or deputises for."""

    post_id: int
    title: str
    from_day: date
    to_day: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One account as an administrator sees it."""

    id: int
    name: str
    email: str
    administrator: bool
    disabled: bool
    has_password: bool
    last_signed_in: datetime | None
    mail_failed_at: datetime | None  # since when messages to the address come back
    mail_fault: str
    roles: tuple[AccountRole, ...]
    posts: tuple[AccountPost, ...]


def account(session: Session, person_id: int) -> Account | None:
    """Return one account, None if there is none with this id. Four statements."""
    person = session.get(Person, person_id)
    if person is None:
        return None
    roles = (
        select(Membership.plan_id, Plan.title, Membership.role)
        .join(Plan, Plan.id == Membership.plan_id)
        .where(Membership.person_id == person_id)
        .order_by(Plan.title, Membership.role)
    )
    held = (
        select(Holding.post_id, Post.title, Holding.from_day, Holding.to_day, Holding.deputy)
        .join(Post, Post.id == Holding.post_id)
        .where(Holding.person_id == person_id)
        .order_by(Holding.from_day.desc(), Holding.id.desc())
    )
    last = select(func.max(SecurityEvent.at)).where(
        SecurityEvent.kind == Kind.SIGNED_IN.value,
        or_(SecurityEvent.email == person.email, SecurityEvent.subject_id == person.id),
    )
    return Account(
        person.id,
        person.name,
        person.email,
        person.administrator,
        person.disabled_at is not None,
        bool(person.password_hash),
        session.scalar(last),
        person.mail_failed_at,
        person.mail_fault,
        tuple(AccountRole(*row) for row in session.execute(roles)),
        tuple(AccountPost(*row) for row in session.execute(held)),
    )


@dataclass(frozen=True, slots=True)
class FailingAddress:
    """A person whose messages come back: since when, and what the mail server said."""

    person_id: int
    name: str
    email: str
    since: datetime
    fault: str


def failing_addresses(session: Session) -> list[FailingAddress]:
    """Return the people to whom messages do not arrive, the longest first. One statement."""
    columns = (Person.id, Person.name, Person.email, Person.mail_failed_at, Person.mail_fault)
    query = select(*columns).where(Person.mail_failed_at.is_not(None), Person.disabled_at.is_(None))
    rows = session.execute(query.order_by(Person.mail_failed_at, Person.id))
    return [FailingAddress(key, name, email, since, fault) for key, name, email, since, fault in rows if since]


def can_answer(session: Session) -> list[tuple[int, str]]:
    """Return everybody who can be given a post, as id and "name (address)". One statement."""
    query = select(Person.id, Person.name, Person.email).where(Person.disabled_at.is_(None)).order_by(Person.name)
    return [(key, f"{name} ({email})") for key, name, email in session.execute(query)]


def all_plans(session: Session) -> list[tuple[int, str]]:
    """Return id and title of every plan. One statement."""
    return [(key, title) for key, title in session.execute(select(Plan.id, Plan.title).order_by(Plan.title))]
