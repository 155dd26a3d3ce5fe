"""What every act on the structure of a plan begins and ends with: one thing of it, and colours drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, Commitment, Milestone, Plan, Priority, Record, Workstream
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import check_version, use_token
from tracker.services.signatures import lapse_if_changed

KINDS: Mapping[str, Any] = {
    model.__tablename__: model for model in (Priority, Workstream, Action, Milestone, Record, Commitment)
}
RECORD_NAMES: Mapping[str, str] = {
    "good_looks_like": "what good looks like",
    "criterion_quantitative": "measured success criterion",
    "criterion_qualitative": "described success criterion",
    "interdependency": "interdependency",
    "impact": "impact",
    "practice_universal": "universal practice",
    "practice_targeted": "targeted practice",
    "practice_specialist": "specialist practice",
    "definition": "definition",
    "governance": "governance arrangement",
    "principle": "principle",
}
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Form:
    """What a form carries beside what was typed: the version that it was drawn from and its one-time token."""

    version: int
    token: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a plan that the actor may edit. `row` is a Priority, Workstream, Action, Milestone and so on."""

    kind: str
    row: Any
    plan: Plan


def open_item(session: Session, actor: Actor, plan_id: int, kind: str, item_id: int) -> Item:
    """Return a thing to edit; NotFound if it is none of this plan's."""
    permit(actor, Act.EDIT, plan_id)
    model = KINDS.get(kind)
    row = session.get(model, item_id) if model is not None else None
    if row is None or row.plan_id != plan_id:
        raise NotFound("There is no such thing in this plan.")
    return Item(kind, row, session.get_one(Plan, plan_id))


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    item: Item,
    form: Form,
    typed: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Recorder:
    """Open an act on one thing, which `open_item` permitted: token, lock, then the row again and its version.

    `typed` are the values that the form would set, for the page that shows both where somebody else was first.
    """
    recorder = begin_plan(session, actor, now, item.plan, form.token)
    session.refresh(item.row)
    check_version(item.row, form.version, typed or {}, labels or {})
    return recorder


def begin_plan(session: Session, actor: Actor, now: datetime, plan: Plan, token: str) -> Recorder:
    """Open an act that adds to a plan, which the actor was permitted: the form's token, the lock of the plan."""
    use_token(session, token, actor, now)
    lock_chain(session, plan.id)
    return Recorder(session, plan, actor, now)


def finish(recorder: Recorder, milestones: Iterable[Milestone] = ()) -> str:
    """Write the act, let sign-offs lapse whose content changed, draw the colours again; returns the act."""
    rows = list(dict.fromkeys(milestones))
    for row in rows:
        lapse_if_changed(recorder, row)
    recorder.close()
    for row in rows:
        colours.refresh(recorder.session, recorder.plan, row, london_day(recorder.now))
    return recorder.act


def add_row(recorder: Recorder, row: Any, reason: str = "", verb: str = "added") -> Any:
    """Store a new row and record it; returns it."""
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, reason, verb)
    return row


def name_of(session: Session, row: Any) -> str:
    """Return what people call a thing: "milestone 3 of 1a", "workstream 1a"."""
    kind = row.__tablename__
    if kind == Record.__tablename__:
        return f"{RECORD_NAMES.get(row.kind, row.kind.replace('_', ' '))}{_of_priority(session, row)}"
    if kind in {Priority.__tablename__, Workstream.__tablename__}:
        return f"{kind} {row.ref}"
    above = session.get(Workstream, row.workstream_id) if row.workstream_id else None
    return f"{kind} {row.ref} of {above.ref}" if above else f"{kind} {row.ref}{_of_priority(session, row)}"


def _of_priority(session: Session, row: Any) -> str:
    above = session.get(Priority, row.priority_id) if row.priority_id else None
    return f" of {above.ref}" if above else ""


def refuse_closed(session: Session, row: Any) -> None:
    """Raise Refusal for a thing that a decision has taken out, or that stands below one."""
    if row.standing != OPEN:
        why = f" ({row.standing_reference})" if row.standing_reference else ""
        raise Refusal(f"{name_of(session, row).capitalize()} is {row.standing}{why}. Re-open it first.")
    for above in parents(session, row):
        if above.standing != OPEN:
            raise Refusal(f"{name_of(session, above).capitalize()} is {above.standing}. Re-open it first.")


def parents(session: Session, row: Any) -> list[Any]:
    """Return what a thing stands below, nearest first."""
    found: list[Any] = []
    workstream_id = getattr(row, "workstream_id", None)
    priority_id = getattr(row, "priority_id", None)
    if workstream_id is not None:
        above = session.get_one(Workstream, workstream_id)
        found.append(above)
        priority_id = above.priority_id
    if priority_id is not None:
        found.append(session.get_one(Priority, priority_id))
    return found


def siblings(session: Session, row: Any) -> list[Any]:
    """Return the things of one kind in one place, the row among them, in their order."""
    model = type(row)
    query = select(model).where(model.plan_id == row.plan_id)
    if model is not Priority:
        name = "workstream_id" if getattr(row, "workstream_id", None) is not None else "priority_id"
        query = query.where(getattr(model, name) == getattr(row, name))
        if model is Milestone and name == "priority_id":
            query = query.where(Milestone.workstream_id.is_(None))
    if model is Record:
        query = query.where(Record.kind == row.kind)
    return list(session.scalars(query.order_by(model.position, model.id)))
