"""Take one act back as a new one: every field goes back to what it was, and nothing is deleted.

What an act added is withdrawn, so its ref stays taken. Where somebody changed the same fields since, nothing is
undone, and the refusal names what was changed. An undo is an act too, and can itself be undone.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Base,
    LeadAssignment,
    LedgerEntry,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Occurrence,
    Plan,
    Priority,
    Workstream,
)
from tracker.queries.as_at import as_stored
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean
from tracker.rules.undoing import UNDO, Step, own_id, still_standing, why_not_undone
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chain, plain
from tracker.services.links import touch
from tracker.services.milestones import use_token
from tracker.services.signatures import lapse_if_changed
from tracker.services.structure.items import OPEN, name_of, parents
from tracker.services.structure.standing import below

MODELS: Mapping[str, Any] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
_OF_A_WINDOW = frozenset({"plan_id", "commitment_id", "opens", "scheduled"})
_OWNERS = ("milestone_id", "action_id", "workstream_id")
_VERB = 120
LINKS = "What a milestone is linked to is changed on the page of the milestone."


@dataclass(frozen=True, slots=True)
class Back:
    """One row and the values that it goes back to."""

    row: Any
    verb: str
    values: Mapping[str, Any]


def entries_of(session: Session, plan_id: int, act: str) -> list[LedgerEntry]:
    """Return the entries of an act on a plan, oldest first; NotFound if there are none."""
    query = select(LedgerEntry).where(LedgerEntry.plan_id == plan_id, LedgerEntry.act == act).order_by(LedgerEntry.seq)
    found = list(session.scalars(query)) if act else []
    if not found:
        raise NotFound("There is no such act in the history of this plan.")
    return found


def undo(session: Session, actor: Actor, now: datetime, plan_id: int, act: str, token: str, reason: str = "") -> str:
    """Undo an act on a plan; returns the act of the undo. Raises Refusal with what stands against it."""
    permit(actor, Act.EDIT, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    session.expire_all()
    plan = session.get_one(Plan, plan_id)
    steps = _steps_back(session, plan_id, act, london_day(now))
    recorder = Recorder(session, plan, actor, now, act=f"{secrets.token_hex(8)}~{own_id(act)}")
    adopted = plan.adopted
    for step in steps:
        recorder.change(step.row, f"{UNDO}{step.verb}"[:_VERB], step.values, clean(reason))
        if isinstance(step.row, LeadAssignment):
            session.flush()  # one after the other: the database lets only one lead be accountable at a time
    session.flush()
    touched = {step.row.id: step.row for step in steps if isinstance(step.row, Milestone)}
    for key in {
        step.row.milestone_id for step in steps if isinstance(step.row, MilestoneAction | MilestonePredecessor)
    }:
        touched[key] = session.get_one(Milestone, key)
        touch(session, touched[key])
    for row in touched.values():
        lapse_if_changed(recorder, row)
    recorder.close()
    for row in touched.values():
        colours.refresh(session, plan, row, london_day(now))
    if plan.adopted != adopted:
        colours.rebuild(session, plan)
    return recorder.act


def check_undo(session: Session, actor: Actor, plan_id: int, act: str, today: date | None = None) -> list[Back]:
    """Return what undoing an act would put back, newest first; raises Refusal where it cannot be. Writes nothing.

    `today` is the day from which leads and links that the act added stand no longer; a preview needs none.
    """
    permit(actor, Act.EDIT, plan_id)
    return _steps_back(session, plan_id, act, today)


def _steps_back(session: Session, plan_id: int, act: str, today: date | None) -> list[Back]:
    entries = entries_of(session, plan_id, act)
    steps = [Step(e.subject_type, e.verb, tuple(e.changes), _made(session, e)) for e in entries]
    why = why_not_undone(steps)
    if why:
        raise Refusal(why)
    _refuse_undone(session, plan_id, act)
    _refuse_changed(session, entries)
    made = {(e.subject_type, e.subject_id) for e, step in zip(entries, steps, strict=True) if step.added}
    found: list[Back] = []
    seen: set[tuple[str, int, str]] = set()
    for entry, step in reversed(list(zip(entries, steps, strict=True))):
        row: Any = session.get_one(MODELS[entry.subject_type], entry.subject_id)
        values = _added_back(session, row, made, today) if step.added else _changed_back(session, row, entry, seen)
        if values:
            found.append(Back(row, entry.verb, values))
    _refuse_closed_places(session, found)
    return found


def _made(session: Session, entry: LedgerEntry) -> bool:
    """Return whether an entry is the one that made its row."""
    if any(pair[0] is not None for pair in entry.changes.values()):
        return False
    earlier = select(LedgerEntry.id).where(
        LedgerEntry.plan_id == entry.plan_id,
        LedgerEntry.subject_type == entry.subject_type,
        LedgerEntry.subject_id == entry.subject_id,
        LedgerEntry.seq < entry.seq,
    )
    return session.scalar(earlier.limit(1)) is None


def _changed_back(session: Session, row: Any, entry: LedgerEntry, seen: set[tuple[str, int, str]]) -> dict[str, Any]:
    """Return the values before an entry; `seen` are the fields that a later entry of the same act has set."""
    if isinstance(row, MilestonePredecessor):
        raise Refusal(LINKS)  # whether it may stand again, and what turns Amber by it, is asked there
    for name, pair in entry.changes.items():
        stored, key = plain(getattr(row, name)), (entry.subject_type, entry.subject_id, name)
        if key not in seen and stored != pair[1] and (stored not in (None, "") or pair[1] not in (None, "")):
            raise Refusal(f"{_name(session, row)} is not as this act left it, so nothing was undone.")
        seen.add(key)
    return {name: as_stored(entry.subject_type, name, pair[0]) for name, pair in entry.changes.items()}


def _refuse_closed_places(session: Session, found: Sequence[Back]) -> None:
    """Raise Refusal where something would go back below a workstream or a priority that a decision has taken out."""
    opened = [back.row for back in found if back.values.get("standing") == OPEN]
    for back in found:
        if back.values.get("standing", getattr(back.row, "standing", "")) != OPEN:
            continue
        places = [] if {"workstream_id", "priority_id"} & set(back.values) else parents(session, back.row)
        for name, model in (("workstream_id", Workstream), ("priority_id", Priority)):
            if back.values.get(name) is not None:
                places.append(session.get_one(model, back.values[name]))
        for above in places:
            if above.standing != OPEN and above not in opened:
                raise Refusal(f"{_name(session, above)} is {above.standing}, so nothing can go back to it.")


def _added_back(session: Session, row: Any, made: set[tuple[str, int]], today: date | None) -> dict[str, Any]:
    """Return how a row that the act made is taken back: withdrawn, for rows are never deleted."""
    if isinstance(row, Occurrence):
        columns = [column.key for column in Occurrence.__table__.columns if column.key not in {"id", *_OF_A_WINDOW}]
        return {name: as_stored("occurrence", name, None) for name in columns if getattr(row, name)}
    if not hasattr(row, "standing"):
        for name in _OWNERS:
            if (name.removesuffix("_id"), getattr(row, name, None)) in made:
                return {}  # what it belongs to is withdrawn with it
        if isinstance(row, LeadAssignment):
            return {"ended": today}
        if isinstance(row, MilestoneAction | MilestonePredecessor):
            return {"unlinked_on": today}
        words = row.__tablename__.replace("_", " ")
        raise Refusal(f"This added a {words}, which cannot be taken back here.")
    inside = [one for one in below(session, row).rows if (one.__tablename__, one.id) not in made]
    if inside:
        raise Refusal(f"{_name(session, inside[0])} stands below {name_of(session, row)} now, so nothing was undone.")
    return {"standing": "withdrawn", "standing_reference": "Its addition was undone"}


def _refuse_undone(session: Session, plan_id: int, act: str) -> None:
    later = select(LedgerEntry.act).where(
        LedgerEntry.plan_id == plan_id, or_(LedgerEntry.act == act, LedgerEntry.act.like("%~%"))
    )
    acts = list(session.scalars(later.order_by(LedgerEntry.seq)))
    if act not in still_standing(acts):
        raise Refusal("This act was undone already.")


def _refuse_changed(session: Session, entries: Sequence[LedgerEntry]) -> None:
    """Raise Refusal with what was changed since in the same fields; an act that was itself undone is no change."""
    for entry, later in _later(session, entries):
        fields = set(entry.changes) & set(later.changes)
        if fields:
            row = session.get(MODELS[entry.subject_type], entry.subject_id)
            name = _name(session, row) if row is not None else entry.subject_type.replace("_", " ").capitalize()
            day, verb = show_day(later.effective_day), later.verb.replace(" it", "", 1)
            raise Refusal(
                f"{name} was changed since: {later.actor} {verb} on {day}. Nothing was undone. "
                "Undo that first, or change it by hand."
            )


def _later(session: Session, entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, LedgerEntry]]:
    first = entries[0]
    by_type: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        by_type[entry.subject_type].append(entry)
    found: dict[tuple[str, int], list[LedgerEntry]] = defaultdict(list)
    acts: list[tuple[int, str]] = []
    for kind, those in by_type.items():
        query = select(LedgerEntry).where(
            LedgerEntry.plan_id == first.plan_id,
            LedgerEntry.subject_type == kind,
            LedgerEntry.subject_id.in_({entry.subject_id for entry in those}),
            LedgerEntry.seq > first.seq,
            LedgerEntry.act != first.act,
        )
        for later in session.scalars(query.order_by(LedgerEntry.seq)):
            found[kind, later.subject_id].append(later)
            acts.append((later.seq, later.act))
    standing = set(still_standing(act for _, act in sorted(acts)))
    for entry in entries:
        for later in found[entry.subject_type, entry.subject_id]:
            if later.act in standing:
                yield entry, later


def _name(session: Session, row: Any) -> str:
    """Return what a row is called, as a sentence begins."""
    if isinstance(row, Plan):
        return "The plan"
    if isinstance(row, Occurrence):
        return f"The one due {show_day(row.scheduled)}"
    if not hasattr(row, "standing"):
        return str(row.__tablename__).replace("_", " ").capitalize()
    name = name_of(session, row)
    return f"{name[0].upper()}{name[1:]}"
