"""Many occurrences in one act: attest a batch, take it back, sign a finished commitment off, accept it as usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Commitment, LedgerEntry, Occurrence
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotPermitted, Refusal
from tracker.rules.occurrences import Outcome, occurrences
from tracker.rules.permissions import Act, Actor, allowed
from tracker.rules.text import clean
from tracker.rules.windows import last_window
from tracker.services.commitments import begin, window_to_record, write
from tracker.services.ledger import Recorder, plain, typed

TAKEN_BACK = "took back what was recorded"
_FIXED = frozenset({"commitment_id", "opens", "scheduled"})
_TEXTS = frozenset({"outcome", "note", "recorded_by"})


def attest(
    session: Session,
    actor: Actor,
    now: datetime,
    commitment_id: int,
    token: str,
    held: Sequence[date],
    skipped: Mapping[date, str],
) -> str:
    """Attest several windows at once: held within each, or skipped with a reason; returns the act, for an undo.

    What is neither stays as it is. A window is known by its scheduled date.
    """
    opened = begin(session, actor, Act.KEEP, now, commitment_id, token)
    both = sorted(set(held) & skipped.keys())
    if both:
        raise Refusal(f"The one due {show_day(both[0])} is ticked as held and has a reason for skipping it.", "held")
    if not held and not skipped:
        raise Refusal("Tick what was held, or say why one was skipped.", "held")
    recorder = Recorder(session, opened.plan, actor, now)
    day = recorder.today
    for scheduled in sorted({*held, *skipped}):
        window = window_to_record(opened, scheduled, day)
        if scheduled in skipped:
            reason = clean(skipped[scheduled])
            if not reason:
                raise Refusal(f"Say why the one due {show_day(scheduled)} was skipped.", "held")
            write(recorder, opened, window, {"outcome": Outcome.SKIPPED.value, "note": reason}, reason)
        else:
            write(recorder, opened, window, {"outcome": Outcome.HELD.value})
    recorder.close()
    return recorder.act


def undo(session: Session, actor: Actor, now: datetime, commitment_id: int, act: str, token: str) -> int:
    """Take back what one act recorded, as new entries; returns how many occurrences were put back.

    For who did it, and for the manager. What somebody changed since is left: a Refusal says so, and nothing is undone.
    """
    opened = begin(session, actor, Act.KEEP, now, commitment_id, token)
    query = select(LedgerEntry).where(
        LedgerEntry.plan_id == opened.plan.id,
        LedgerEntry.act == act,
        LedgerEntry.subject_type == Occurrence.__tablename__,
        LedgerEntry.verb != TAKEN_BACK,
    )
    rows = {row.id: row for row in opened.rows.values()}
    entries = [entry for entry in session.scalars(query.order_by(LedgerEntry.seq)) if entry.subject_id in rows]
    if not entries:
        raise Refusal("There is nothing to undo.")
    if entries[0].actor_id != actor.person_id and not allowed(actor, Act.ACCEPT, opened.plan.id):
        raise NotPermitted("Somebody else recorded this. The improvement manager can take it back.")
    recorder = Recorder(session, opened.plan, actor, now)
    for entry in entries:
        row = rows[entry.subject_id]
        if row.signed_on is not None:
            raise Refusal(f"The one due {show_day(row.scheduled)} is signed off, so nothing was undone.")
        if any(plain(getattr(row, name)) != pair[1] for name, pair in entry.changes.items()):
            raise Refusal(f"The one due {show_day(row.scheduled)} was changed since, so nothing was undone.")
        values = {
            name: "" if pair[0] is None and name in _TEXTS else typed(Occurrence, name, pair[0])
            for name, pair in entry.changes.items()
            if name not in _FIXED
        }
        recorder.change(row, TAKEN_BACK, values)
    recorder.close()
    return len(entries)


def sign_off(session: Session, actor: Actor, now: datetime, commitment_id: int, token: str) -> Commitment:
    """Sign off a commitment that has ended, as a second person: none may be missed."""
    opened = begin(session, actor, Act.DECIDE_COMPLETION, now, commitment_id, token)
    day, rule = london_day(now), opened.rule
    last = last_window(rule)
    if last is None:
        raise Refusal("It has no end, so it is never finished. The board can accept it as business as usual.")
    if last.closes >= day:
        raise Refusal(f"Its last window closes on {show_day(last.closes)}. Sign it off after that day.")
    missed = [one for one in occurrences(rule, opened.recorded, day) if one.outcome is Outcome.MISSED]
    if missed:
        raise Refusal(f"The one due {show_day(missed[0].scheduled)} was missed, so it cannot be signed off.")
    rows = [row for row in opened.rows.values() if row.outcome]
    if any(row.recorded_by_id == actor.person_id for row in rows if actor.person_id is not None):
        raise NotPermitted("You recorded some of it, so somebody else has to sign it off.")
    if all(row.signed_on is not None for row in rows):
        raise Refusal("It is signed off already.")
    recorder = Recorder(session, opened.plan, actor, now)
    for row in rows:
        recorder.change(row, "signed it off", {"signed_on": day, "signed_by": actor.label})
    recorder.close()
    return opened.commitment


def accept_as_usual(
    session: Session, actor: Actor, now: datetime, commitment_id: int, token: str, minute: str
) -> Commitment:
    """Record that the board accepts a commitment as business as usual, with the minute of its decision."""
    opened = begin(session, actor, Act.ACCEPT, now, commitment_id, token)
    _ = opened.rule
    if not clean(minute):
        raise Refusal("Enter the minute of the board's decision.", "minute")
    if opened.commitment.accepted_as_usual is not None:
        raise Refusal("The board has accepted it as business as usual already.", "minute")
    recorder = Recorder(session, opened.plan, actor, now)
    values = {"accepted_as_usual": london_day(now), "accepted_minute": clean(minute)}
    recorder.change(opened.commitment, "accepted it as business as usual", values, clean(minute))
    recorder.close()
    return opened.commitment
