"""Read the security log: filtered and paged in the database, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.models import Person, Plan, SecurityEvent
from tracker.rules.dates import london_midnight
from tracker.rules.permissions import SYSTEM, Act, Actor, permit
from tracker.rules.security import GROUPS, Kind

PAGE_SIZE = 50
MOST = 10_000
"""How many events a filter shows at most: more has to be narrowed."""


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What the log is narrowed to; empty values narrow nothing. `since` is a London day."""

    group: str = ""
    text: str = ""
    since: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it is shown."""

    id: int
    at: datetime
    last_at: datetime
    times: int
    kind: str
    actor: str
    email: str
    subject: str
    plan: str
    detail: str
    known_browser: bool


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of the log, with how many events there are in all."""

    rows: tuple[EventRow, ...]
    total: int
    page: int
    pages: int

    @property
    def too_many(self) -> bool:
        """Return whether there are more than are shown."""
        return self.total > MOST


def events(session: Session, actor: Actor, filters: EventFilters, size: int = PAGE_SIZE) -> EventPage:
    """Return a page of the log. An auditor does not see what is about plans of others. Two statements."""
    permit(actor, Act.READ_SECURITY, None)
    conditions = [_seen(actor), *_conditions(filters)]
    total = session.scalar(select(func.count()).select_from(SecurityEvent).where(*conditions)) or 0
    pages = max(1, -(-min(total, MOST) // size))
    page = min(max(1, filters.page), pages)
    subject = aliased(Person)
    query = (
        select(
            SecurityEvent.id,
            SecurityEvent.at,
            SecurityEvent.last_at,
            SecurityEvent.times,
            SecurityEvent.kind,
            SecurityEvent.actor,
            SecurityEvent.email,
            func.coalesce(subject.name, ""),
            func.coalesce(Plan.title, ""),
            SecurityEvent.detail,
            SecurityEvent.device != "",
        )
        .outerjoin(subject, subject.id == SecurityEvent.subject_id)
        .outerjoin(Plan, Plan.id == SecurityEvent.plan_id)
        .where(*conditions)
        .order_by(SecurityEvent.at.desc(), SecurityEvent.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return EventPage(tuple(EventRow(*row) for row in session.execute(query)), total, page, pages)


def events_since(session: Session, since: date | None) -> tuple[EventRow, ...]:
    """Return every event since a London day for the command line, newest first. Two statements."""
    return events(session, SYSTEM, EventFilters(since=since), size=MOST).rows


def _seen(actor: Actor) -> ColumnElement[bool]:
    if actor.administrator or actor.system:
        return true()
    return or_(SecurityEvent.plan_id.is_(None), SecurityEvent.plan_id.in_(sorted(actor.roles)))


def _conditions(filters: EventFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.group in GROUPS:
        found.append(SecurityEvent.kind.in_([kind.value for kind in sorted(GROUPS[filters.group][1])]))
    if filters.since is not None:
        found.append(SecurityEvent.at >= london_midnight(filters.since))
    if filters.text:
        wanted = filters.text
        found.append(
            or_(
                SecurityEvent.email.icontains(wanted, autoescape=True),
                SecurityEvent.actor.icontains(wanted, autoescape=True),
                SecurityEvent.detail.icontains(wanted, autoescape=True),
            )
        )
    return found


def board_changes(session: Session, board_id: int | None, most: int = 30) -> list[EventRow]:
    """Return what was changed of a board and its meetings, or of the closure days, newest first. One statement."""
    about = SecurityEvent.board_id == board_id
    if board_id is None:
        about = SecurityEvent.kind == Kind.CLOSURE_CHANGED.value
    query = select(SecurityEvent).where(about).order_by(SecurityEvent.at.desc(), SecurityEvent.id.desc()).limit(most)
    return [
        EventRow(row.id, row.at, row.last_at, row.times, row.kind, row.actor, "", "", "", row.detail, False)
        for row in session.scalars(query)
    ]
