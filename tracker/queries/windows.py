"""Update windows that are open, what leads have not confirmed in them, and packs that were issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardPlan, ColourSpan, Meeting, Membership, Milestone, Pack, Plan, Workstream
from tracker.queries.boards import meeting_row
from tracker.queries.plans import on
from tracker.rules.colour import Colour
from tracker.rules.meeting_dates import MeetingDates, MeetingState
from tracker.rules.permissions import Role
from tracker.rules.refs import whole_ref
from tracker.rules.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """The update window of one meeting that is open today, with the plans that report to its board."""

    meeting_id: int
    board: str
    dates: MeetingDates
    plan_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenMilestone:
    """A milestone that can be confirmed in a window, and when it was last updated."""

    milestone_id: int
    plan_id: int
    workstream_id: int | None
    full_ref: str
    text: str
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A pack that was issued, with those of its plan who are told: the board and the managers."""

    id: int
    plan_id: int
    number: int
    board: str
    as_at: date
    issued_at: datetime
    readers: tuple[int, ...]


def open_windows(session: Session, today: date, days: WorkingDays) -> list[OpenWindow]:
    """Return the windows that are open today. One statement."""
    query = (
        select(Meeting, Board, BoardPlan.plan_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(BoardPlan, BoardPlan.board_id == Board.id)
        .where(
            Meeting.state == MeetingState.PLANNED.value,
            Meeting.day >= today,
            BoardPlan.ended.is_(None),
        )
        .order_by(Meeting.day, Meeting.id, BoardPlan.plan_id)
    )
    plans: dict[int, list[int]] = defaultdict(list)
    rows = {}
    for meeting, board, plan_id in session.execute(query):
        if meeting.id not in rows:
            rows[meeting.id] = meeting_row(meeting, board, days)
        plans[meeting.id].append(plan_id)
    return [
        OpenWindow(key, row.board, row.dates, tuple(plans[key]))
        for key, row in rows.items()
        if row.dates.opens <= today <= row.dates.closes
    ]


def open_milestones(session: Session, today: date) -> Iterator[OpenMilestone]:
    """Yield the milestones that are open and not finished, of plans that report to a board. One statement."""
    reporting = select(BoardPlan.plan_id).where(BoardPlan.ended.is_(None))
    query = (
        select(
            Milestone.id,
            Milestone.plan_id,
            Milestone.workstream_id,
            Workstream.ref,
            Milestone.ref,
            Milestone.text,
            Milestone.updated_on,
        )
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(
            *on(today),
            Milestone.plan_id.in_(reporting),
            Milestone.standing == "open",
            ColourSpan.colour.not_in([Colour.BLUE.value, Colour.NONE.value]),
        )
        .order_by(Milestone.position, Milestone.id)
    )
    for key, plan_id, workstream_id, workstream, ref, text, updated_on in session.execute(query):
        yield OpenMilestone(key, plan_id, workstream_id, whole_ref(workstream, ref), text, updated_on)


def issued_since(session: Session, since: datetime) -> list[Issued]:
    """Return the packs that were issued since a moment, with who reads them. Two statements."""
    query = (
        select(Pack, Board.name)
        .join(Plan, Plan.id == Pack.plan_id)
        .outerjoin(Board, Board.id == Pack.board_id)
        .where(Pack.issued_at >= since)
        .order_by(Pack.id)
    )
    found = session.execute(query).all()
    readers: dict[int, list[int]] = defaultdict(list)
    roles = select(Membership.plan_id, Membership.person_id).where(
        Membership.role.in_([Role.BOARD.value, Role.MANAGER.value])
    )
    for plan_id, person_id in session.execute(roles.order_by(Membership.id)) if found else ():
        readers[plan_id].append(person_id)
    return [
        Issued(
            pack.id,
            pack.plan_id,
            pack.number,
            board or "",
            pack.as_at,
            pack.issued_at,
            tuple(dict.fromkeys(readers[pack.plan_id])),
        )
        for pack, board in found
        if pack.issued_at is not None
    ]
