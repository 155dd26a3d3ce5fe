"""Packs that nobody has to remember: a draft for each plan of a board once the cut-off of its meeting has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardPlan, Meeting, Pack, Plan
from tracker.queries.boards import council_days, meeting_row
from tracker.rules.dates import london_day, show_day
from tracker.rules.meeting_dates import LONGEST, MeetingState
from tracker.rules.permissions import SYSTEM
from tracker.services import outbox
from tracker.services.pack_checks import pack_preflight
from tracker.services.packs import draft


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was done: how many drafts were begun, and how many notes to managers were left."""

    packs: int
    notes: int

    def __str__(self) -> str:
        return f"{self.packs} draft packs begun, {self.notes} notes left"


def draft_due_packs(session: Session, now: datetime) -> Drafted:
    """Begin a draft pack for every plan and meeting whose cut-off has come, with a note to the plan's managers.

    For the worker's schedule, once a day: `run(session, now)`. Safe to run again: a plan that has a pack of any state
    for a meeting gets no other. Meetings that are held, cancelled or past are left out.
    """
    today = london_day(now)
    days = council_days(session)
    query = (
        select(Meeting, Board, BoardPlan.plan_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(BoardPlan, BoardPlan.board_id == Board.id)
        .where(
            Meeting.state == MeetingState.PLANNED.value,
            Meeting.day >= today,
            Meeting.day <= today + timedelta(days=3 * LONGEST),
            BoardPlan.ended.is_(None),
            ~select(Pack.id).where(Pack.meeting_id == Meeting.id, Pack.plan_id == BoardPlan.plan_id).exists(),
        )
        .order_by(Meeting.day, Meeting.id, BoardPlan.plan_id)
    )
    packs = notes = 0
    for meeting, board, plan_id in session.execute(query).all():
        row = meeting_row(meeting, board, days)
        if row.dates.cut_off > today:
            continue
        pack = draft(session, SYSTEM, now, plan_id, f"cut-off:{meeting.id}:{plan_id}", meeting_id=meeting.id)
        plan = session.get_one(Plan, plan_id)
        open_lines = len(pack_preflight(session, pack, today).open)
        words = "nothing to put right" if not open_lines else f"{open_lines} lines to put right or to waive"
        subject = f"Draft pack for {board.name}, {show_day(meeting.day)}: {words}"
        body = (
            f"The cut-off was {show_day(row.dates.cut_off)}. "
            f"A draft pack of {plan.title} for {board.name} is ready.\n\n"
            f"Its preflight has {words}. Papers go out on {show_day(row.dates.papers)}.\n"
        )
        if plan.sensitive:
            body = f"The cut-off was {show_day(row.dates.cut_off)}. A draft pack of a sensitive plan is ready.\n"
        notes += outbox.tell_managers(
            session,
            plan,
            SYSTEM,
            f"draft-pack:{pack.id}",
            "pack",
            subject,
            outbox.Words(body, f"/packs/{pack.id}", plan.sensitive),
            now,
        )
        packs += 1
    return Drafted(packs, notes)
