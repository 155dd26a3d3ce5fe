"""The end of a whole plan: moved by the board, with a reason, a minute and the day of the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Plan, PlanEndChange
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.reason_codes import known_code
from tracker.rules.text import clean
from tracker.services.deadlines import check_meeting, read_new_date
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token
from tracker.services.plan_dates import read_in_plan


@dataclass(frozen=True, slots=True)
class NewEnd:
    """What the board decided about the end of a plan. `seen` is the end that the form showed."""

    ends: str
    reason_code: str
    reason: str
    minute: str
    meeting_on: date | None
    seen: str


def move_plan_end(
    session: Session, actor: Actor, now: datetime, plan_id: int, token: str, asked: NewEnd
) -> PlanEndChange:
    """Record that the board moved the end of a plan. The first end that the plan had is kept for good."""
    permit(actor, Act.DECIDE_DATE, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    session.refresh(plan)
    recorder = Recorder(session, plan, actor, now)
    if clean(asked.seen) != plan.ends:
        raise Refusal(f"Somebody else moved the end to {plan.ends} while you had this open. Check it and send again.")
    period = read_new_date(plan, asked.ends)
    before = read_in_plan(plan, plan.ends).end if plan.ends else None
    assert period.end is not None
    if period.end < recorder.today:
        raise Refusal("Enter an end that is today or later.", "proposed")
    if before is not None and period.end <= before:
        raise Refusal(f"Enter an end after the present one, {plan.ends}.", "proposed")
    code = known_code(asked.reason_code)
    if not clean(asked.reason):
        raise Refusal("Say why the plan goes on for longer.", "reason")
    if not clean(asked.minute):
        raise Refusal("Enter the board's minute: only the board moves the end of a plan.", "minute")
    check_meeting(asked.minute, asked.meeting_on, recorder.today)
    _keep_what_the_document_says(recorder)
    change = PlanEndChange(
        plan_id=plan.id,
        from_text=plan.ends,
        to_text=period.text,
        from_day=before,
        to_day=period.end,
        to_precision=period.precision.value,
        reason_code=code,
        reason=clean(asked.reason),
        minute=clean(asked.minute),
        meeting_on=asked.meeting_on,
        decided_on=recorder.today,
        decided_by=actor.label,
    )
    session.add(change)
    session.flush()
    recorder.add(change, change.reason, verb="moved the end of the plan")
    values = {
        "ends": period.text,
        "original_end": plan.original_end or plan.ends,
        "end_moved_reason": change.reason,
    }
    recorder.change(plan, "moved the end of the plan", values, change.minute)
    recorder.close()
    return change


def _keep_what_the_document_says(recorder: Recorder) -> None:
    """Store the move that the plan's own document tells of before its reason is written over."""
    plan, session = recorder.plan, recorder.session
    known = session.scalar(select(func.count()).select_from(PlanEndChange).where(PlanEndChange.plan_id == plan.id))
    if known or not plan.original_end:
        return
    first, last = (read_in_plan(plan, words) for words in (plan.original_end, plan.ends))
    row = PlanEndChange(
        plan_id=plan.id,
        from_text=plan.original_end,
        to_text=plan.ends,
        from_day=first.end,
        to_day=last.end,
        to_precision=last.precision.value,
        reason=plan.end_moved_reason,
    )
    session.add(row)
    session.flush()
    recorder.add(row, row.reason, verb="kept how the document moved the end of the plan")
