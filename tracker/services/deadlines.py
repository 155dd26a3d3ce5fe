"""New dates: requested by the lead, decided by the manager within limits or by the board with a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, Milestone, Plan
from tracker.rules.dates import Period, london_day
from tracker.rules.errors import NotFound, NotPermitted, Refusal
from tracker.rules.ladder import Level, Rung, who_decides
from tracker.rules.permissions import Act, Actor
from tracker.rules.reason_codes import known_code
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.ledger import Recorder
from tracker.services.milestones import Opened, begin, check_version, refuse_closed
from tracker.services.plan_dates import read_in_plan

APPROVED, REFUSED = "approved the new date", "refused the new date"


@dataclass(frozen=True, slots=True)
class DateRequest:
    """What a lead asks for: a date or a month in words, why (a code and words), and how it will be met this time."""

    proposed: str
    reason: str
    recovery: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a new date; `minute` and `meeting_on` where the board decided."""

    approve: bool
    note: str = ""
    minute: str = ""
    meeting_on: date | None = None


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
    period = read_new_date(opened.plan, asked.proposed)
    assert period.end is not None
    if period.end < day:
        raise Refusal("Enter a new date that is today or later.", "proposed")
    if milestone.due is not None and period.end <= milestone.due:
        raise Refusal("Enter a date after the current deadline.", "proposed")
    code = known_code(asked.reason_code)
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
        reason_code=code,
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
    words = outbox.letter(opened.plan, milestone, ref, said, change.reason)
    key = f"date asked for:{change.id}"
    outbox.tell_managers(
        session, opened.plan, actor, key, "new date", f"A new date is asked for: {ref}", words, now, in_digest=True
    )
    return change


def rung_of(plan: Plan, milestone: Milestone, from_due: date | None, to_due: date | None) -> Rung:
    """Return whose decision a move of a milestone is, and why."""
    return who_decides(
        moves=milestone.measured_moves,
        critical=milestone.critical,
        from_due=from_due,
        to_due=to_due,
        delegated_days=plan.delegated_days,
    )


def within_delegation(plan: Plan, milestone: Milestone, from_due: date | None, to_due: date | None) -> bool:
    """Return whether the improvement manager may approve alone: first move, not critical, short enough."""
    return rung_of(plan, milestone, from_due, to_due).level is Level.MANAGER


def decide_new_date(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    change_id: int,
    version: int,
    token: str,
    verdict: Verdict,
) -> DeadlineChange:
    """Approve or refuse a requested date. Beyond the delegated limit the board's minute and meeting are obligatory.

    Never by the person who asked for it, whatever roles they hold and whoever decided.
    """
    opened = begin(session, actor, Act.DECIDE_DATE, now, milestone_id, token)
    change = session.get(DeadlineChange, change_id)
    if change is None or change.milestone_id != milestone_id:
        raise NotFound("There is no such request for a new date.")
    session.refresh(change)
    check_decision(opened, change, actor, verdict, london_day(now))
    check_version(opened.milestone, version, {}, {})
    recorder = Recorder(session, opened.plan, actor, now)
    record_decision(recorder, opened.milestone, change, verdict)
    recorder.close()
    colours.refresh(session, opened.plan, opened.milestone, london_day(now))
    tell_of_decision(session, opened, change, actor, now)
    return change


def check_decision(opened: Opened, change: DeadlineChange, actor: Actor, verdict: Verdict, day: date) -> None:
    """Raise what stands against a decision on a new date."""
    if change.state != "requested":
        raise Refusal("This request has been decided already.")
    if actor.person_id is not None and actor.person_id == change.requested_by_id:
        raise NotPermitted("You asked for this date, so somebody else has to decide it.")
    milestone = opened.milestone
    if verdict.approve and milestone.standing != "open":
        raise Refusal(f"The milestone is {milestone.standing}, so its deadline stays. Refuse the request.")
    if verdict.approve and milestone.signoff in {"claimed", "approved", "lapsed"}:
        raise Refusal("Completion has been claimed since, so the deadline stays. Refuse the request.")
    rung = rung_of(opened.plan, milestone, change.from_due, change.to_due)
    if verdict.approve and rung.level is Level.BOARD and not clean(verdict.minute):
        raise Refusal(f"Enter the board's minute. {rung.why}", "minute")
    check_meeting(verdict.minute, verdict.meeting_on, day)
    if not verdict.approve and not clean(verdict.note):
        raise Refusal("Say why the new date is refused.", "note")


def check_meeting(minute: str, meeting_on: date | None, day: date) -> None:
    """Raise Refusal unless a minute has the day of its meeting, which has been, and the other way round."""
    if clean(minute) and meeting_on is None:
        raise Refusal("Enter the day of the meeting that the minute is of.", "meeting_on")
    if meeting_on is not None and not clean(minute):
        raise Refusal("Enter the minute of the meeting.", "minute")
    if meeting_on is not None and meeting_on > day:
        raise Refusal("Enter a day of the meeting that is today or earlier.", "meeting_on")


def record_decision(
    recorder: Recorder, milestone: Milestone, change: DeadlineChange, verdict: Verdict, decision_act: str = ""
) -> None:
    """Record a decision that nothing stands against, on the request and on the milestone."""
    verb = APPROVED if verdict.approve else REFUSED
    minute, note = clean(verdict.minute), clean(verdict.note)
    decided = {
        "state": "approved" if verdict.approve else "refused",
        "decided_on": recorder.today,
        "decided_by": recorder.actor.label,
        "decision_level": (Level.BOARD if minute else Level.MANAGER).value,
        "decision_note": note,
        "minute": minute,
        "meeting_on": verdict.meeting_on,
        "decision_act": decision_act,
    }
    recorder.change(change, verb, decided, note)
    values = moved_values(milestone, change) if verdict.approve else {"proposed_text": ""}
    recorder.change(milestone, verb, values, minute or note)


def moved_values(milestone: Milestone, change: DeadlineChange) -> dict[str, Any]:
    """Return what a milestone holds once a new date is agreed. A first date is no move."""
    values: dict[str, Any] = {
        "proposed_text": "",
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
    return values


def tell_of_decision(session: Session, opened: Opened, change: DeadlineChange, actor: Actor, now: datetime) -> None:
    """Leave a message about the decision to the person who asked."""
    milestone = opened.milestone
    ref = outbox.named(session, milestone)
    said = f"{actor.label} {'recorded that the board ' if change.minute else ''}{change.state} the new date"
    words = outbox.letter(opened.plan, milestone, ref, f"{said} {change.to_text} for {ref}.", change.decision_note)
    key = f"date decided:{change.id}:{change.decision_act or change.decided_on}"
    subject = f"The new date is {change.state}: {ref}"
    outbox.tell(session, change.requested_by_id, actor, key, "new date", subject, words, now)


def pending(session: Session, milestone_id: int) -> DeadlineChange | None:
    """Return the undecided request of a milestone, if there is one."""
    return session.scalar(
        select(DeadlineChange).where(DeadlineChange.milestone_id == milestone_id, DeadlineChange.state == "requested")
    )


def read_new_date(plan: Plan, text: str) -> Period:
    """Return a new date as typed, with its last day. Raises Refusal with the question that it leaves open."""
    period = read_in_plan(plan, clean(text))
    if period.dated is None:
        question = f" {period.question}" if period.question else ""
        raise Refusal(
            f'Enter the new date as a day or a month with its year, for example "Nov 2026".{question}', "proposed"
        )
    return period
