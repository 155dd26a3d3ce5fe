"""Adopt a new version of a plan at a review, with a new baseline, and take an adoption back.

An adoption writes one ledger entry for the version and one for each milestone that takes the new baseline. Original
dates, deadlines and counts of moves stay as they are. See decision 0010.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from tracker.models import Baseline, LedgerEntry, Milestone, Plan, PlanVersion
from tracker.rules.baseline import baselines_in, version_words
from tracker.rules.dates import LONDON, london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean
from tracker.services import colours, outbox
from tracker.services.ledger import Recorder, lock_chain, typed
from tracker.services.milestones import use_token
from tracker.services.review import Decision, prepare

ADOPTED = "adopted the new baseline"
VERSION = "adopted a new version of the plan"
UNDONE = "undid the adoption of the version"
_INSTEAD = "The adoption can no longer be undone; record what was decided instead as a new version."


def adopt(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    token: str,
    decision: Decision,
    *,
    left_out: Collection[int] = (),
    seen: str | None = None,
) -> PlanVersion:
    """Adopt a new version: every open, counting milestone takes its deadline of the day of adoption as its baseline.

    Those in `left_out` keep the baseline they have. `seen` is the stamp of the preview that a person looked at; None
    where nobody did, as when a document of the next year is read in. A day of adoption before today is filled in
    afterwards, and entries are marked so. Raises Refusal with what stands against it; nothing is written then.
    """
    permit(actor, Act.ADOPT, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan, today = session.get_one(Plan, plan_id), london_day(now)
    session.refresh(plan)
    found = prepare(session, plan_id, decision, today, left_out)
    if seen is not None and seen != found.stamp:
        raise Refusal("The plan was changed while you looked at the list. Look at it again before you record it.")
    assert decision.adopted is not None
    assert decision.meeting_on is not None
    recorder = Recorder(session, plan, actor, now, _effective(decision.adopted, today))
    last = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan_id))
    version = PlanVersion(
        plan_id=plan_id,
        number=(last or 1) + 1,
        label=clean(decision.label),
        adopted=decision.adopted,
        board=clean(decision.board),
        meeting_on=decision.meeting_on,
        minute=clean(decision.minute),
        note=clean(decision.note),
        recorded_on=today,
        recorded_by=actor.label,
        adoption_act=recorder.act,
        undone_reason="",
    )
    session.add(version)
    session.flush()
    recorder.add(version, f"minute {version.minute}", verb=VERSION)
    ids = [line.milestone_id for line in found.taking]
    rows = {row.id: row for row in session.scalars(select(Milestone).where(Milestone.plan_id == plan_id))}
    for line in found.taking:
        values = {
            "baseline_due": line.due,
            "baseline_due_text": line.due_text,
            "baseline_version": version.label,
            "baseline_number": version.number,
            "baseline_moves": line.moves,
        }
        recorder.change(
            rows[line.milestone_id], ADOPTED, values, f"{version_words(version.label)}, minute {version.minute}"
        )
    recorder.close()
    taken = [
        {
            "plan_id": plan_id,
            "version_id": version.id,
            "milestone_id": line.milestone_id,
            "due": line.due,
            "due_text": line.due_text,
            "moves": line.moves,
        }
        for line in found.taking
    ]
    session.execute(insert(Baseline), taken)
    colours.rebuild(session, plan, ids)
    return version


def rebuild_baselines(session: Session, plan_id: int) -> int:
    """Make the table of baselines again from the ledger; returns how many there are."""
    session.execute(delete(Baseline).where(Baseline.plan_id == plan_id))
    known = select(PlanVersion.number, PlanVersion.id).where(PlanVersion.plan_id == plan_id)
    versions = {row.number: row.id for row in session.execute(known)}
    made = [
        {"plan_id": plan_id, "version_id": versions[number], "milestone_id": key, **taken}
        for (number, key), taken in baselines_from_ledger(session, plan_id).items()
        if number in versions
    ]
    if made:
        session.execute(insert(Baseline), made)
    return len(made)


def baselines_from_ledger(session: Session, plan_id: int) -> dict[tuple[int, int], dict[str, Any]]:
    """Return what the ledger says that versions took as baselines: due, due_text, moves by (number, milestone)."""
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.changes)
        .where(LedgerEntry.plan_id == plan_id, LedgerEntry.subject_type == Milestone.__tablename__)
        .order_by(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.seq)
    )
    found = {}
    for key, rows in groupby(session.execute(query), key=lambda row: row[0]):
        after = [{name: pair[1] for name, pair in changes.items()} for _, changes in rows]
        for number, taken in baselines_in(after).items():
            found[number, key] = taken
    return found


def carry_baseline(session: Session, milestone: Milestone) -> None:
    """Keep the baseline that a new milestone was made with, as one does that was split off another."""
    if not milestone.baseline_number or milestone.baseline_due is None:
        return
    version = find_stored(session, milestone.plan_id, milestone.baseline_number)
    row = {"plan_id": milestone.plan_id, "version_id": version.id, "milestone_id": milestone.id}
    taken = {
        "due": milestone.baseline_due,
        "due_text": milestone.baseline_due_text,
        "moves": milestone.baseline_moves,
    }
    session.execute(insert(Baseline).values(row | taken))


def undo(
    session: Session, actor: Actor, now: datetime, plan_id: int, number: int, token: str, reason: str
) -> PlanVersion:
    """Take the adoption of a version back, as new entries with effect from today. Days under it stay as they were.

    Refused, with a sentence, once something rests on it: a later version, a new date that was agreed since, or a
    completion that was signed off since.
    """
    permit(actor, Act.ADOPT, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan, today = session.get_one(Plan, plan_id), london_day(now)
    session.refresh(plan)
    version = find_stored(session, plan_id, number)
    refuse_undo(session, version)
    if not clean(reason):
        raise Refusal("Say why the adoption is undone.", "reason")
    recorder = Recorder(session, plan, actor, now)
    recorder.change(version, UNDONE, {"undone_on": today, "undone_reason": clean(reason)}, clean(reason))
    touched = []
    for entry in _adoption(session, version):
        milestone = session.get_one(Milestone, entry.subject_id)
        before = {name: typed(Milestone, name, pair[0]) for name, pair in entry.changes.items()}
        recorder.change(milestone, UNDONE, before, clean(reason))
        touched.append(milestone.id)
    recorder.close()
    colours.rebuild(session, plan, touched)
    return version


def find_stored(session: Session, plan_id: int, number: int) -> PlanVersion:
    """Return a later version of a plan by its number; NotFound if there is none."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    version = session.scalar(query)
    if version is None:
        raise NotFound("There is no such version of this plan that was adopted at a review.")
    session.refresh(version)
    return version


def refuse_undo(session: Session, version: PlanVersion) -> None:
    """Raise Refusal with what rests on the adoption of a version, if anything does."""
    words = version_words(version.label)
    if version.undone_on is not None:
        raise Refusal(f"The adoption of {words} was undone on {show_day(version.undone_on)} already.")
    later = session.scalar(
        select(PlanVersion).where(
            PlanVersion.plan_id == version.plan_id,
            PlanVersion.number > version.number,
            PlanVersion.undone_on.is_(None),
        )
    )
    if later is not None:
        raise Refusal(f"{version_words(later.label).capitalize()} was adopted after {words}. Undo that one first.")
    adopted = _adoption(session, version)
    others = select(Milestone).where(
        Milestone.plan_id == version.plan_id,
        Milestone.baseline_number == version.number,
        Milestone.id.not_in([entry.subject_id for entry in adopted]),
    )
    added = session.scalar(others.order_by(Milestone.id).limit(1))
    if added is not None:
        raise Refusal(f"{outbox.named(session, added)} was split off since, with the baseline of {words}. {_INSTEAD}")
    since = (
        select(LedgerEntry)
        .where(
            LedgerEntry.plan_id == version.plan_id,
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id.in_([entry.subject_id for entry in adopted]),
            LedgerEntry.seq > adopted[-1].seq,
        )
        .order_by(LedgerEntry.seq)
    )
    for entry in session.scalars(since):
        what = ""
        if "moves" in entry.changes or "due" in entry.changes:
            what = "a new date was agreed"
        elif entry.changes.get("signoff", ["", ""])[1] == "approved":
            what = "a completion was signed off"
        if what:
            ref = outbox.named(session, session.get_one(Milestone, entry.subject_id))
            raise Refusal(f"For {ref} {what} on {show_day(entry.effective_day)}, and it rests on {words}. {_INSTEAD}")


def _adoption(session: Session, version: PlanVersion) -> list[LedgerEntry]:
    """Return the entries that gave milestones the baseline of a version, in their order."""
    query = select(LedgerEntry).where(
        LedgerEntry.plan_id == version.plan_id,
        LedgerEntry.act == version.adoption_act,
        LedgerEntry.subject_type == Milestone.__tablename__,
    )
    return list(session.scalars(query.order_by(LedgerEntry.seq)))


def _effective(adopted: date, today: date) -> datetime | None:
    """Return the instant at which an adoption takes effect, None for now. The last of its day, as an entry counts."""
    return None if adopted == today else datetime.combine(adopted, time(23, 59), LONDON)
