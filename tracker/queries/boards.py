"""Boards with their plans, members and meetings, and the working days of the council."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardMember, BoardPlan, ClosureDay, Meeting, Organisation, Person, Plan, Post
from tracker.queries.working_days import working_days
from tracker.rules.meeting_dates import MeetingDates, MeetingState, Offsets, meeting_dates
from tracker.rules.permissions import Act, Actor, allowed
from tracker.rules.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class BoardPlanRow:
    """A plan that reports to a board."""

    id: int
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting with its days; `set_by_hand` names those that were not worked out."""

    id: int
    board_id: int
    board: str
    dates: MeetingDates
    starts_at: str
    place: str
    link: str
    state: str
    note: str
    set_by_hand: tuple[str, ...]
    version: int

    @property
    def day(self) -> date:
        """Return the day of the meeting."""
        return self.dates.meeting

    @property
    def cancelled(self) -> bool:
        """Return whether it was cancelled."""
        return self.state == MeetingState.CANCELLED


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A seat on a board with whom it belongs to, in words."""

    id: int
    part: str
    name: str
    organisation: str
    person_id: int | None
    post_id: int | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board with the plans that report to it and its next and last meeting."""

    id: int
    name: str
    about: str
    cycle: str
    plans: tuple[BoardPlanRow, ...]
    next: MeetingRow | None
    last: MeetingRow | None


def closure_days(session: Session) -> list[ClosureDay]:
    """Return the days on which the council is closed, oldest first, and those that were taken off the list."""
    return list(session.scalars(select(ClosureDay).order_by(ClosureDay.day)))


def council_days(session: Session) -> WorkingDays:
    """Return the working days of the council: without bank holidays and local closure days. One statement."""
    ordinary = working_days()
    local = frozenset(session.scalars(select(ClosureDay.day).where(ClosureDay.removed_on.is_(None))))
    return WorkingDays(ordinary.closed | local, ordinary.known_until) if local else ordinary


def offsets_of(board: Board) -> Offsets:
    """Return how far before its meetings a board opens, closes, cuts off and sends out."""
    return Offsets(board.opens_days, board.closes_days, board.cut_off_days, board.papers_days)


def meeting_row(meeting: Meeting, board: Board, days: WorkingDays) -> MeetingRow:
    """Return a meeting with its days worked out."""
    instead = {name: getattr(meeting, name) for name in ("opens", "closes", "cut_off", "papers")}
    return MeetingRow(
        id=meeting.id,
        board_id=board.id,
        board=board.name,
        dates=meeting_dates(meeting.day, offsets_of(board), days, instead),
        starts_at=meeting.starts_at,
        place=meeting.place,
        link=meeting.link,
        state=meeting.state,
        note=meeting.note,
        set_by_hand=tuple(name for name, day in instead.items() if day is not None),
        version=meeting.version,
    )


def meetings_between(session: Session, board_ids: Collection[int], first: date, last: date) -> list[MeetingRow]:
    """Return the meetings of some boards between two days, both included, in order. Two statements."""
    query = (
        select(Meeting, Board)
        .join(Board, Board.id == Meeting.board_id)
        .where(Meeting.board_id.in_(list(board_ids)), Meeting.day >= first, Meeting.day <= last)
        .order_by(Meeting.day, Board.name)
    )
    days = council_days(session)
    return [meeting_row(meeting, board, days) for meeting, board in session.execute(query)]


def plans_of(session: Session, board_ids: Collection[int], actor: Actor | None = None) -> dict[int, list[BoardPlanRow]]:
    """Return the plans that report to each board; with an actor only those that they may see. One statement."""
    query = (
        select(BoardPlan.board_id, Plan.id, Plan.slug, Plan.title)
        .join(Plan, Plan.id == BoardPlan.plan_id)
        .where(BoardPlan.board_id.in_(list(board_ids)), BoardPlan.ended.is_(None))
        .order_by(Plan.title)
    )
    found: dict[int, list[BoardPlanRow]] = defaultdict(list)
    for board_id, plan_id, slug, title in session.execute(query):
        if actor is None or allowed(actor, Act.SEE, plan_id):
            found[board_id].append(BoardPlanRow(plan_id, slug, title))
    return found


def boards_of_plan(session: Session, plan_id: int) -> list[Board]:
    """Return the boards that a plan reports to, by name. One statement."""
    query = (
        select(Board)
        .join(BoardPlan, BoardPlan.board_id == Board.id)
        .where(BoardPlan.plan_id == plan_id, BoardPlan.ended.is_(None))
        .order_by(Board.name)
    )
    return list(session.scalars(query))


def boards(session: Session, actor: Actor, today: date) -> list[BoardRow]:
    """Return the boards that the actor may see, by name. Four statements."""
    every = session.scalars(select(Board).order_by(Board.name)).all()
    plans = plans_of(session, [board.id for board in every])
    known = [board for board in every if _sees(actor, plans.get(board.id, ()))]
    coming: dict[int, MeetingRow] = {}
    past: dict[int, MeetingRow] = {}
    for meeting in meetings_between(session, [board.id for board in known], date.min, date.max):
        if meeting.cancelled:
            continue
        if meeting.day >= today:
            coming.setdefault(meeting.board_id, meeting)
        else:
            past[meeting.board_id] = meeting
    return [
        BoardRow(
            id=board.id,
            name=board.name,
            about=board.about,
            cycle=board.cycle,
            plans=tuple(plan for plan in plans.get(board.id, ()) if allowed(actor, Act.SEE, plan.id)),
            next=coming.get(board.id),
            last=past.get(board.id),
        )
        for board in known
    ]


def _sees(actor: Actor, plans: Sequence[BoardPlanRow]) -> bool:
    if not plans:
        return allowed(actor, Act.MANAGE_BOARDS, None)
    return actor.administrator or any(allowed(actor, Act.SEE_BOARDS, plan.id) for plan in plans)


def members(session: Session, board_id: int) -> list[MemberRow]:
    """Return the seats of a board, former ones last. One statement."""
    query = (
        select(BoardMember, Post.title, Organisation.name, Person.name)
        .outerjoin(Post, Post.id == BoardMember.post_id)
        .outerjoin(Organisation, Organisation.id == Post.organisation_id)
        .outerjoin(Person, Person.id == BoardMember.person_id)
        .where(BoardMember.board_id == board_id)
        .order_by(BoardMember.until.is_not(None), BoardMember.id)
    )
    found = []
    for member, post, organisation, person in session.execute(query):
        name = post or member.represents or person or ""
        found.append(
            MemberRow(
                member.id,
                member.part,
                f"{name} ({member.represents})" if post and member.represents else name,
                organisation or "",
                member.person_id,
                member.post_id,
                member.since,
                member.until,
            )
        )
    order = ["chair", "deputy chair", "member", "adviser", "clerk"]
    return sorted(found, key=lambda row: (row.until is not None, order.index(row.part) if row.part in order else 9))


def next_meeting_of_plan(session: Session, plan_id: int, after: date) -> date | None:
    """Return the day of the next meeting, after a day, of any board that a plan reports to. One statement."""
    query = (
        select(func.min(Meeting.day))
        .join(BoardPlan, BoardPlan.board_id == Meeting.board_id)
        .where(BoardPlan.plan_id == plan_id, BoardPlan.ended.is_(None))
        .where(Meeting.day > after, Meeting.state != MeetingState.CANCELLED.value)
    )
    return session.scalar(query)


def next_meetings(session: Session, board_id: int, after: date, count: int = 2) -> list[MeetingRow]:
    """Return the next meetings of a board after a day that are not cancelled. Two statements."""
    query = (
        select(Meeting, Board)
        .join(Board, Board.id == Meeting.board_id)
        .where(Meeting.board_id == board_id, Meeting.day > after, Meeting.state != MeetingState.CANCELLED.value)
        .order_by(Meeting.day)
        .limit(count)
    )
    days = council_days(session)
    return [meeting_row(meeting, board, days) for meeting, board in session.execute(query)]
