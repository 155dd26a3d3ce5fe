"""New dates: requested by the lead, decided by the manager within limits or by the board with a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, Milestone, Plan
from tracker.rules.dates import Period, Reading, london_day, read_period
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.permissions import Act, Actor
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.ledger import Recorder
from tracker.services.milestones import begin, check_version, refuse_closed


@dataclass(frozen=True, slots=True)
class DateRequest:
    """What a lead asks for: a date or a month in words, why, and how it will be met this time."""

    proposed: str
    reason: str
    recovery: str


def request_new_date(
    session: Session, actor: Actor, now: datetime, milestone_id: int, version: int, token: str, asked: DateRequest
) -> DeadlineChange:
    """Ask for a new date. The current deadline stays until the request is approved."""
    opened = begin(session, actor, Act.REQUEST_DATE, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    refuse_closed(milestone)
    check_version(milestone, version, {}, {})
    if milestone.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal("Completion has been claimed, so no new date is needed.")
    if pending(session, milestone.id):
        raise Refusal("A new date has been asked for already and waits for a decision.")
    period = _period(opened.plan, asked.proposed)
    assert period.end is not None
    if period.end < day:
        raise Refusal("Enter a new date that is today or later.", "proposed")
    if milestone.due is not None and period.end <= milestone.due:
        raise Refusal("Enter a date after the current deadline.", "proposed")
    if not clean(asked.reason):
        raise Refusal("Say why a new date is needed.", "reason")
    if not clean(asked.recovery):
        raise Refusal("Say how the new date will be met.", "recovery")
    change = DeadlineChange(
        plan_id=milestone.plan_id,
        milestone_id=milestone.id,
        from_due=milestone.due,
        from_text=milestone.due_text,
        from_precision=milestone.due_precision,
        to_due=period.end,
        to_text=period.text,
        to_precision=period.precision.value,
        state="requested",
        reason=clean(asked.reason),
        recovery=clean(asked.recovery),
        requested_on=day,
        requested_by=actor.label,
        requested_by_id=actor.person_id,
    )
    session.add(change)
    session.flush()
    recorder = Recorder(session, opened.plan, actor, now)
    recorder.add(change, change.reason, verb="requested a new date")
    recorder.change(milestone, "requested a new date", {"proposed_text": period.text}, change.reason)
    recorder.close()
    colours.refresh(session, opened.plan, milestone, day)
    ref = outbox.named(session, milestone)
    said = f"{actor.label} asks to move the deadline of {ref} from {change.from_text or 'no date'} to {change.to_text}."
    body = outbox.letter(opened.plan, milestone, ref, said, change.reason)
    key = f"date asked for:{change.id}"
    outbox.tell_managers(session, opened.plan, actor, key, "new date", f"A new date is asked for: {ref}", body, now)
    return change


def within_delegation(plan: Plan, milestone: Milestone, from_due: date | None, to_due: date | None) -> bool:
    """Return whether the improvement manager may approve alone: first move, not critical, short enough."""
    first = milestone.moves == 0 and not milestone.critical
    if from_due is None or to_due is None:
        return first
    return first and (to_due - from_due).days <= plan.delegated_days


def decide_new_date(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    change_id: int,
    version: int,
    token: str,
    *,
    approve: bool,
    note: str,
    minute: str,
) -> DeadlineChange:
    """Approve or refuse a requested date. Beyond the delegated limit the board's minute is obligatory."""
    opened = begin(session, actor, Act.DECIDE_DATE, now, milestone_id, token)
    milestone, day = opened.milestone, london_day(now)
    change = session.get(DeadlineChange, change_id)
    if change is None or change.milestone_id != milestone.id:
        raise NotFound("There is no such request for a new date.")
    if change.state != "requested":
        raise Refusal("This request has been decided already.")
    alone = within_delegation(opened.plan, milestone, change.from_due, change.to_due)
    if alone and not clean(minute) and actor.person_id is not None and actor.person_id == change.requested_by_id:
        raise NotPermitted("You asked for this date, so somebody else has to decide it.")
    check_version(milestone, version, {}, {})
    if approve and milestone.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal("Completion has been claimed since, so the deadline stays. Refuse the request.")
    if approve and not alone and not clean(minute):
        raise Refusal("Enter the board's minute: this move is beyond what the manager may approve alone.", "minute")
    if not approve and not clean(note):
        raise Refusal("Say why the new date is refused.", "note")
    recorder = Recorder(session, opened.plan, actor, now)
    verb = "approved the new date" if approve else "refused the new date"
    recorder.change(
        change,
        verb,
        {
            "state": "approved" if approve else "refused",
            "decided_on": day,
            "decided_by": actor.label,
            "decision_level": "board" if clean(minute) else "manager",
            "decision_note": clean(note),
            "minute": clean(minute),
        },
        clean(note),
    )
    values: dict[str, object] = {"proposed_text": ""}
    if approve:
        values |= {
            "due": change.to_due,
            "due_text": change.to_text,
            "due_precision": change.to_precision,
            "moves": milestone.moves + 1,
            "confirmed": False,
        }
        if milestone.original_due is None:
            values |= {"original_due": change.to_due, "original_due_text": change.to_text, "moves": milestone.moves}
            if milestone.workstream_id is not None:
                values["needs_decision"] = ""  # the open question was the date
    recorder.change(milestone, verb, values, clean(minute) or clean(note))
    recorder.close()
    colours.refresh(session, opened.plan, milestone, day)
    ref = outbox.named(session, milestone)
    decided = "approved" if approve else "refused"
    said = f"{actor.label} {decided} the new date {change.to_text} for {ref}."
    body = outbox.letter(opened.plan, milestone, ref, said, change.decision_note)
    key = f"date decided:{change.id}"
    subject = f"The new date is {decided}: {ref}"
    outbox.tell(session, change.requested_by_id, actor, key, "new date", subject, body, now)
    return change


def pending(session: Session, milestone_id: int) -> DeadlineChange | None:
    """Return the undecided request of a milestone, if there is one."""
    return session.scalar(
        select(DeadlineChange).where(DeadlineChange.milestone_id == milestone_id, DeadlineChange.state == "requested")
    )


def _period(plan: Plan, text: str) -> Period:
    period = read_period(clean(text), year_kind=plan.year_kind)
    if period.reading is not Reading.DATED or period.end is None:
        question = f" {period.question}" if period.question else ""
        raise Refusal(
            f'Enter the new date as a day or a month with its year, for example "Nov 2026".{question}', "proposed"
        )
    return period
