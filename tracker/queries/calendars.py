"""Calendars: which a person may have and has, and what stands in one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, Signer
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.models import CalendarFeed, ColourSpan, Meeting, Milestone, Plan
from tracker.queries.boards import boards, boards_of_plan, meetings_between
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.people import SignedIn, signed_in
from tracker.queries.plans import seen_plans
from tracker.queries.register import led_by
from tracker.rules.calendar import Precision
from tracker.rules.colour import Colour
from tracker.rules.dates import london_day
from tracker.rules.digest import shorten
from tracker.rules.errors import NotFound
from tracker.rules.meeting_dates import DATE_WORDS
from tracker.rules.permissions import Act, Actor, allowed

_GONE = "There is no such calendar, or its address was withdrawn. Get a new one on your page Calendars."
_BACK, _AHEAD = timedelta(days=92), timedelta(days=800)
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `starts_at` is the time of a meeting as its board writes it, "" for a whole day."""

    uid: str
    day: date
    summary: str
    about: str
    path: str
    sequence: int
    starts_at: str = ""
    place: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar with its name."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A calendar that a person may have; `of` names it in a form, `feed_id` is 0 while there is no address."""

    of: str
    name: str
    feed_id: int
    token: str


def token_of(secret: str, feed_id: int, nonce: str) -> str:
    """Return what the address of a calendar ends with."""
    return _signer(secret).sign(f"{feed_id}-{nonce}").decode()


def offers(session: Session, secret: str, actor: Actor, today: date) -> list[Offer]:
    """Return the calendars that a person may have, with the addresses there are."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == actor.person_id, CalendarFeed.revoked_at.is_(None))
    known = {name_of(feed.plan_id, feed.board_id): feed for feed in session.scalars(query.order_by(CalendarFeed.id))}
    possible = [("mine", "What I lead, and the meetings of my boards")]
    possible += [(f"plan-{key}", title) for key, title in seen_plans(session, actor)]
    possible += [(f"board-{board.id}", board.name) for board in boards(session, actor, today)]
    found = []
    for of, name in possible:
        feed = known.get(of)
        token = token_of(secret, feed.id, feed.nonce) if feed is not None else ""
        found.append(Offer(of, name, feed.id if feed is not None else 0, token))
    return found


def name_of(plan_id: int | None, board_id: int | None) -> str:
    """Return how a form names a calendar."""
    return f"plan-{plan_id}" if plan_id else f"board-{board_id}" if board_id else "mine"


def opened_calendar(session: Session, secret: str, token: str, now: datetime) -> Calendar:
    """Return what an address shows today to its person, by the roles they have now; NotFound if it opens nothing."""
    try:
        number, _, nonce = _signer(secret).unsign(token).decode().partition("-")
    except BadSignature:
        raise NotFound(_GONE) from None
    feed = session.get(CalendarFeed, int(number))
    today = london_day(now)
    person = signed_in(session, feed.person_id, today) if feed is not None else None
    if feed is None or feed.nonce != nonce or feed.revoked_at is not None or person is None or person.disabled:
        raise NotFound(_GONE)
    return _calendar(session, feed, person, today)


def _calendar(session: Session, feed: CalendarFeed, person: SignedIn, today: date) -> Calendar:
    actor = person.actor
    seen = boards(session, actor, today)
    if feed.board_id is not None:
        name = next((board.name for board in seen if board.id == feed.board_id), None)
        if name is None:
            raise NotFound(_GONE)
        return Calendar(name, tuple(_meetings(session, [feed.board_id], today)))
    if feed.plan_id is not None:
        if not allowed(actor, Act.SEE, feed.plan_id):
            raise NotFound(_GONE)
        title = session.get_one(Plan, feed.plan_id).title
        entries = _deadlines(session, Milestone.plan_id == feed.plan_id, today)
        of_plan = [board.id for board in boards_of_plan(session, feed.plan_id)]
        return Calendar(title, (*entries, *_meetings(session, of_plan, today)))
    entries = _deadlines(session, led_by(sorted(actor.posts), today), today) if actor.posts else []
    mine = [board.id for board in seen if any(plan.id in actor.roles for plan in board.plans)]
    return Calendar(f"Improvement plans: {person.name}", (*entries, *_meetings(session, mine, today)))


def _deadlines(session: Session, condition: ColumnElement[bool], today: date) -> list[Entry]:
    """Return the deadlines that are open, each on its last day. Of a sensitive plan the ref alone."""
    query = milestone_query(today).where(
        condition, ColourSpan.colour.not_in([Colour.NONE.value, Colour.BLUE.value]), ColourSpan.due.is_not(None)
    )
    rows = rows_of(session, query.order_by(ColourSpan.due, Milestone.id).limit(_MOST), today)
    plans: Any = select(Milestone.id, Plan.title, Plan.sensitive).join(Plan, Plan.id == Milestone.plan_id)
    known = {row[0]: row[1:] for row in session.execute(plans.where(Milestone.id.in_([row.id for row in rows])))}
    found = []
    for row in rows:
        assert row.due is not None  # the query asks for it
        title, sensitive = known[row.id]
        when = "" if row.due_precision == Precision.DAY else f" (due in {row.due_text})"
        text = "" if sensitive else f" {shorten(row.text, 100)}"
        about = "A plan marked as sensitive" if sensitive else title
        uid = f"milestone-{row.id}"
        found.append(
            Entry(uid, row.due, f"Due: {row.full_ref}{text}{when}", about, f"/milestones/{row.id}", row.version)
        )
    return found


def _meetings(session: Session, board_ids: list[int], today: date) -> list[Entry]:
    """Return the meetings of some boards with the days before each that matter."""
    query = select(Meeting.id, Meeting.version).where(Meeting.board_id.in_(board_ids))
    changes = {key: version for key, version in session.execute(query)}  # noqa: C416  rows
    found = []
    for row in meetings_between(session, board_ids, today - _BACK, today + _AHEAD):
        for name, words in DATE_WORDS.items():
            meets = name == "meeting"
            found.append(
                Entry(
                    uid=f"meeting-{row.id}-{name}",
                    day=getattr(row.dates, name),
                    summary=row.board if meets else f"{words}: {row.board}",
                    about=row.note if meets else f"For the meeting on {row.day:%d/%m/%Y}",
                    path=f"/meetings/{row.id}",
                    sequence=changes[row.id],
                    starts_at=row.starts_at if meets else "",
                    place=row.place if meets else "",
                    cancelled=row.cancelled,
                )
            )
    return found


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="tracker.calendar", digest_method=hashlib.sha256)
