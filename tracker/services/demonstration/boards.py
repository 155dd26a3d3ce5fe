"""Boards of the demonstration: those that the plans' own documents name, with a year of meetings and issued packs.

The meetings, and that packs were issued for them, are illustrations, as the progress is; every pack says so.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardPlan, LeadAssignment, Plan
from tracker.queries.boards import council_days, meetings_between
from tracker.rules.dates import LONDON, add_months, london_day
from tracker.rules.meeting_dates import Cycle, propose
from tracker.rules.permissions import SYSTEM
from tracker.services import board_meetings, boards
from tracker.services.pack_freezing import Compose, freeze, issue
from tracker.services.packs import draft, edit_draft
from tracker.services.seed_files import seed_slugs

PACKED = "wf-send-2025"
"""The plan of which packs were issued."""
PACKS = 2
_BACK, _AHEAD = 12, 9  # months of meetings
_SEATS = 5
_AUTHOR = "SEND Partnership & Improvement Manager"  # a post of the plan's own document
_ABOUT = "Named by the plan’s own document. Its meetings, members and packs here are illustrations."


def add_demo_boards(session: Session, now: datetime, compose: Compose) -> int:
    """Make a board for each shipped demonstration plan that names one; returns how many. Safe to call again."""
    made = 0
    plans = select(Plan).where(Plan.slug.in_(seed_slugs()), Plan.demonstration).order_by(Plan.id)
    for plan in session.scalars(plans).all():
        name = str(next(iter(plan.reports_to), ""))
        if not name:
            continue
        board = session.scalar(select(Board).where(Board.name == name))
        if board is None:
            board = _board(session, now, name)
            made += 1
        elif board.about != _ABOUT:
            continue  # somebody's own board
        if not _reports(session, plan, board):
            boards.report_to(session, SYSTEM, now, board.id, plan.id, f"demo-reports-{plan.id}")
            _seats(session, now, plan, board)
            if plan.slug == PACKED:
                _packs(session, now, plan, board, compose)
    return made


def _board(session: Session, now: datetime, name: str) -> Board:
    today = london_day(now)
    anchor = _second_tuesday(add_months(today.replace(day=1), -_BACK))
    values = {"name": name, "about": _ABOUT, "cycle": Cycle.QUARTERLY.value, "anchor": anchor}
    board = boards.add_board(session, SYSTEM, now, f"demo-board-{name}"[:100], values)
    days = propose(Cycle.QUARTERLY, anchor, anchor, add_months(today, _AHEAD), council_days(session))
    for meeting in board_meetings.add_meetings(session, SYSTEM, now, board.id, f"demo-meetings-{board.id}", days):
        if meeting.day < today:
            token = f"demo-held-{meeting.id}"
            board_meetings.hold_meeting(session, SYSTEM, now, meeting.id, meeting.version, token)
    return board


def _second_tuesday(month: date) -> date:
    first = month.replace(day=1)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7)


def _reports(session: Session, plan: Plan, board: Board) -> bool:
    query = select(BoardPlan.id).where(BoardPlan.plan_id == plan.id, BoardPlan.board_id == board.id)
    return session.scalar(query) is not None


def _seats(session: Session, now: datetime, plan: Plan, board: Board) -> None:
    """Give seats to the first posts that lead in the plan: no post and no person is invented."""
    posts = session.scalars(
        select(LeadAssignment.post_id).where(LeadAssignment.plan_id == plan.id).order_by(LeadAssignment.id)
    )
    for post_id in list(dict.fromkeys(posts))[:_SEATS]:
        boards.add_member(session, SYSTEM, now, board.id, f"demo-seat-{plan.id}-{post_id}", post_id=post_id)


def _packs(session: Session, now: datetime, plan: Plan, board: Board, compose: Compose) -> None:
    """Issue packs for the last meetings, each frozen on the day after its cut-off and issued when papers went out."""
    today = london_day(now)
    past = [row for row in meetings_between(session, [board.id], date.min, today) if row.dates.papers < today]
    for row in past[-PACKS:]:
        if plan.adopted is not None and row.dates.cut_off <= plan.adopted:
            continue
        frozen = _at(row.dates.cut_off + timedelta(days=1))
        key = f"demo-pack-{plan.id}-{row.id}"
        pack = draft(session, SYSTEM, frozen, plan.id, f"{key}-1", meeting_id=row.id)
        values = {"author": _AUTHOR}
        edit_draft(session, SYSTEM, frozen, pack.id, pack.version, f"{key}-2", values)
        freeze(session, SYSTEM, frozen, pack.id, pack.version, f"{key}-3", compose)
        issue(session, SYSTEM, _at(row.dates.papers), pack.id, pack.version, f"{key}-4")


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 0), LONDON)
