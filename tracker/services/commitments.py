"""What recurs: a person confirms how often, and one occurrence at a time is recorded as held, planned or skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import Commitment, LeadAssignment, Occurrence, Plan
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.occurrences import Outcome, Recorded
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.rules.terms import terms_of
from tracker.rules.text import clean
from tracker.rules.windows import Every, Rule, Window, window_of, windows
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import use_token


@dataclass(frozen=True, slots=True)
class Kept:
    """A commitment that the actor may act on, with its plan and what is recorded of it by scheduled date."""

    commitment: Commitment
    plan: Plan
    rows: dict[date, Occurrence]

    @property
    def rule(self) -> Rule:
        """Return the rule; a Refusal says that it has to be confirmed first."""
        found = rule_of(self.commitment, self.plan)
        if found is None:
            raise Refusal("Confirm first how often it is held and from when.")
        return found

    @property
    def recorded(self) -> list[Recorded]:
        """Return what is recorded, as the rules of colour look at it."""
        return [as_recorded(row) for row in self.rows.values()]


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """How often something is held, the first day of its first window, and the last day if it ends."""

    every: str
    anchor: date | None
    ends: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened in one window: held on `day`, planned for `day`, or skipped with a reason in `note`."""

    scheduled: date
    what: str
    day: date | None = None
    note: str = ""


def rule_of(commitment: Commitment, plan: Plan) -> Rule | None:
    """Return the confirmed rule of a commitment, None if it has none yet."""
    if not commitment.every or commitment.anchor is None or commitment.confirmed is None:
        return None
    return Rule(
        every=Every(commitment.every),
        anchor=commitment.anchor,
        ends=commitment.ends,
        terms=terms_of(plan.term_calendar or {}),
        accepted=commitment.accepted_as_usual,
        minute=commitment.accepted_minute,
    )


def as_recorded(row: Occurrence) -> Recorded:
    """Return a stored occurrence as the rules look at it."""
    outcome = Outcome(row.outcome) if row.outcome else None
    return Recorded(row.scheduled, outcome, row.held_on, row.note, row.planned_for, row.signed_on is not None)


def leading_posts(session: Session, commitment: Commitment) -> frozenset[int]:
    """Return the ids of the posts that lead a commitment: its workstream's, and its milestone's if it follows one."""
    found = session.scalars(
        select(LeadAssignment.post_id).where(
            or_(
                LeadAssignment.workstream_id == commitment.workstream_id,
                LeadAssignment.milestone_id == (commitment.milestone_id or -1),
            ),
            LeadAssignment.ended.is_(None),
        )
    )
    return frozenset(found)


def open_commitment(session: Session, actor: Actor, act: Act, commitment_id: int) -> Kept:
    """Return a commitment for an act; NotFound before NotPermitted, so that nobody learns what they may not see."""
    commitment = session.get(Commitment, commitment_id)
    if commitment is None or not allowed(actor, Act.SEE, commitment.plan_id):
        raise NotFound("There is no such commitment, or you may not see its plan.")
    plan = session.get_one(Plan, commitment.plan_id)
    permit(actor, act, plan.id, own=bool(actor.posts & leading_posts(session, commitment)))
    return Kept(commitment, plan, _rows(session, commitment.id))


def begin(session: Session, actor: Actor, act: Act, now: datetime, commitment_id: int, token: str) -> Kept:
    """Open a commitment to change it: permission, the form's token, the lock of the plan, then everything again."""
    opened = open_commitment(session, actor, act, commitment_id)
    use_token(session, token, actor, now)
    lock_chain(session, opened.plan.id)
    session.refresh(opened.commitment)
    if opened.commitment.standing != "open":
        why = opened.commitment.standing_reference
        raise Refusal(f"This commitment is {opened.commitment.standing} ({why}); nothing is recorded of it.")
    for row in opened.rows.values():
        session.refresh(row)
    return Kept(opened.commitment, opened.plan, _rows(session, commitment_id))


def _rows(session: Session, commitment_id: int) -> dict[date, Occurrence]:
    query = select(Occurrence).where(Occurrence.commitment_id == commitment_id).order_by(Occurrence.scheduled)
    return {row.scheduled: row for row in session.scalars(query)}


def confirm_rule(
    session: Session, actor: Actor, now: datetime, commitment_id: int, token: str, choice: RuleChoice
) -> Commitment:
    """Confirm how often a commitment is held and from when, or correct it with a reason while nothing is recorded.

    Once something is recorded only the end may change, and never to a day that has passed: a miss stays a miss.
    """
    opened = begin(session, actor, Act.KEEP, now, commitment_id, token)
    row, day = opened.commitment, london_day(now)
    if choice.every not in set(Every):
        raise Refusal("Select how often it is held.", "every")
    if choice.anchor is None:
        raise Refusal("Enter the first day of the first window.", "anchor")
    if not 1990 <= choice.anchor.year <= 2100:
        raise Refusal("Enter a first day between 1990 and 2100.", "anchor")
    if choice.ends is not None and choice.ends < choice.anchor:
        raise Refusal("Enter an end after the first day.", "ends")
    before = rule_of(row, opened.plan)
    if before is not None:
        _check_correction(opened, actor, before, choice, day)
    values = {"every": choice.every, "anchor": choice.anchor, "ends": choice.ends}
    recorder = Recorder(session, opened.plan, actor, now)
    if before is None:
        recorder.change(row, "confirmed the rule", {**values, "confirmed": day}, clean(choice.reason))
    else:
        recorder.change(row, "corrected the rule", values, clean(choice.reason))
    recorder.close()
    return row


def _check_correction(opened: Kept, actor: Actor, before: Rule, choice: RuleChoice, day: date) -> None:
    permit(actor, Act.ACCEPT, opened.plan.id)
    if not clean(choice.reason):
        raise Refusal("Say why the confirmed rule is changed.", "reason")
    moved = (choice.every, choice.anchor) != (before.every, before.anchor)
    if moved and any(row.outcome for row in opened.rows.values()):
        raise Refusal("Something is recorded under this rule, so only its end can change.", "every")
    if choice.ends != before.ends and choice.ends is not None and choice.ends < day:
        raise Refusal("Enter an end that is today or later.", "ends")
    if choice.ends != before.ends and before.ends is not None and before.ends < day:
        raise Refusal("It has ended already.", "ends")


def record_occurrence(
    session: Session, actor: Actor, now: datetime, commitment_id: int, token: str, happened: Happened
) -> str:
    """Record one window: held on a day, planned for a day, or skipped with a reason; returns the act, for an undo."""
    opened = begin(session, actor, Act.KEEP, now, commitment_id, token)
    day = london_day(now)
    window = window_to_record(opened, happened.scheduled, day)
    values = _checked(window, happened, day)
    recorder = Recorder(session, opened.plan, actor, now)
    write(recorder, opened, window, values, reason=clean(happened.note))
    recorder.close()
    return recorder.act


def window_to_record(opened: Kept, scheduled: date, day: date) -> Window:
    """Return the window of a scheduled date; a Refusal says why nothing can be recorded of it."""
    rule = opened.rule
    window = window_of(rule, scheduled)
    if window is None:
        raise Refusal("Select one of the windows of this commitment.", "window")
    if window.opens > day:
        raise Refusal(f"That window opens on {show_day(window.opens)}.", "window")
    row = opened.rows.get(scheduled)
    if row is not None and row.outcome:
        who = f" by {row.recorded_by}" if row.recorded_by else ""
        raise Refusal(f"The one due {show_day(scheduled)} was recorded as {row.outcome}{who} already.", "window")
    return window


def _checked(window: Window, happened: Happened, day: date) -> dict[str, Any]:
    note = clean(happened.note)
    if happened.what == "skipped":
        if not note:
            raise Refusal("Say why it was skipped.", "note")
        return {"outcome": Outcome.SKIPPED.value, "note": note}
    if happened.what == "planned":
        if happened.day is None or not window.opens <= happened.day <= window.closes or happened.day < day:
            until = show_day(window.closes)
            raise Refusal(f"Enter a day from today to {until}, the end of the window.", "day")
        return {"planned_for": happened.day, "note": note}
    if happened.what != "held":
        raise Refusal("Select what happened.", "what")
    if happened.day is None or happened.day > day:
        raise Refusal("Enter the day on which it was held, today or earlier.", "day")
    if happened.day < window.opens:
        raise Refusal(f"Enter a day from {show_day(window.opens)} on, when the window opened.", "day")
    return {"outcome": Outcome.HELD.value, "held_on": happened.day, "note": note}


def write(recorder: Recorder, opened: Kept, window: Window, values: dict[str, Any], reason: str = "") -> Occurrence:
    """Write what is recorded of one window, in the row that it has or in a new one."""
    stamp = {"recorded_by": recorder.actor.label, "recorded_by_id": recorder.actor.person_id}
    verb = {"held": "recorded as held", "skipped": "skipped"}.get(values.get("outcome", ""), "planned")
    row = opened.rows.get(window.scheduled)
    if row is not None:
        recorder.change(row, verb, {**values, **stamp}, reason)
        return row
    row = Occurrence(
        plan_id=opened.plan.id,
        commitment_id=opened.commitment.id,
        opens=window.opens,
        scheduled=window.scheduled,
        **values,
        **stamp,
    )
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, reason, verb)
    opened.rows[window.scheduled] = row
    return row


def windows_to_record(opened: Kept, day: date) -> list[Window]:
    """Return the windows that have opened and of which nothing is recorded yet, newest first."""
    done = {row.scheduled for row in opened.rows.values() if row.outcome}
    return [window for window in reversed(windows(opened.rule, day)) if window.scheduled not in done]
