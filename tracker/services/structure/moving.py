"""Move a milestone to another workstream, a workstream to another priority, anything up or down among its like."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Commitment, Milestone, Priority, Workstream
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.rules.text import clean
from tracker.services.ledger import Recorder
from tracker.services.structure.items import Form, begin, finish, name_of, open_item, refuse_closed, siblings
from tracker.services.structure.refs import kept_or_next

TARGETS: dict[str, Any] = {"milestone": Workstream, "workstream": Priority}
"""What a thing can be moved to; anything else only changes its order."""
FIRST = 0
_VERB = 120  # characters of a verb in the ledger


def move_to(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    kind: str,
    item_id: int,
    form: Form,
    target_id: int | None,
    reason: str,
) -> str:
    """Move a milestone to a workstream, or a workstream with all it holds to a priority, at its end; returns the act.

    The ref stays where nothing in the new place ever had it; otherwise the next free one is given. A milestone whose
    workstream is not known is placed in the same way.
    """
    item = open_item(session, actor, plan_id, kind, item_id)
    recorder = begin(session, actor, now, item, form)
    refuse_closed(session, item.row)
    target = session.get(TARGETS[kind], target_id) if kind in TARGETS and target_id else None
    if target is None or target.plan_id != plan_id:
        raise Refusal("Select where it belongs.", "target")
    refuse_closed(session, target)
    if not clean(reason):
        raise Refusal("Say why it is moved.", "reason")
    moved = move(recorder, item.row, target, clean(reason))
    return finish(recorder, moved)


def move(recorder: Recorder, row: Any, target: Any, reason: str) -> list[Milestone]:
    """Record a move within an act that is open; returns the milestones that it touched."""
    if isinstance(row, Workstream):
        return _workstream(recorder, row, target, reason)
    _milestone(recorder, row, target, reason)
    return [row]


def _milestone(recorder: Recorder, row: Milestone, target: Workstream, reason: str) -> None:
    session = recorder.session
    if row.workstream_id == target.id:
        raise Refusal(f"It stands in {target.ref} already.", "target")
    unplaced = row.workstream_id is None
    was = session.get_one(Workstream, row.workstream_id).ref if row.workstream_id else ""
    ref = kept_or_next(session, row.plan_id, Milestone, ("workstream", target.id), row.ref, row.id)
    values: dict[str, Any] = {
        "workstream_id": target.id,
        "priority_id": target.priority_id,
        "ref": ref,
        "position": _end(session, Milestone, Milestone.workstream_id == target.id),
    }
    said = f"placed it in {target.ref} as {ref}" if unplaced else f"moved it from {was} to {target.ref} as {ref}"
    if unplaced:
        values["needs_decision"] = ""
    recorder.change(row, said[:_VERB], values, reason)
    tails = select(Commitment).where(Commitment.milestone_id == row.id)
    for tail in session.scalars(tails):
        place = {"workstream_id": target.id, "ref": f"{ref} tail"}
        recorder.change(tail, f"moved it with its milestone to {target.ref}"[:_VERB], place, reason)


def _workstream(recorder: Recorder, row: Workstream, target: Priority, reason: str) -> list[Milestone]:
    session = recorder.session
    if row.priority_id == target.id:
        raise Refusal(f"It stands in {target.ref} already.", "target")
    was = session.get_one(Priority, row.priority_id).ref
    ref = kept_or_next(session, row.plan_id, Workstream, ("priority", target.id), row.ref, row.id)
    values = {
        "priority_id": target.id,
        "ref": ref,
        "position": _end(session, Workstream, Workstream.priority_id == target.id),
    }
    recorder.change(row, f"moved it from {was} to {target.ref} as {ref}"[:_VERB], values, reason)
    below = list(session.scalars(select(Milestone).where(Milestone.workstream_id == row.id).order_by(Milestone.id)))
    for milestone in below:
        verb = f"moved it with its workstream to {target.ref}"[:_VERB]
        recorder.change(milestone, verb, {"priority_id": target.id}, reason)
    return below


def reorder(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    kind: str,
    item_id: int,
    form: Form,
    after_id: int,
) -> str:
    """Put a thing behind one of its like, or first (0) in its place; returns the act. Refs stay as they are."""
    item = open_item(session, actor, plan_id, kind, item_id)
    recorder = begin(session, actor, now, item, form)
    refuse_closed(session, item.row)
    there = siblings(session, item.row)
    others = [row for row in there if row.id != item.row.id]
    index = next((number for number, row in enumerate(others, 1) if row.id == after_id), None)
    if after_id == FIRST:
        index = 0
    if index is None:
        raise Refusal("Select where it stands.", "after")
    order = [*others[:index], item.row, *others[index:]]
    if order == there:
        raise Refusal("It stands there already.", "after")
    spots = sorted(row.position for row in there)
    spots = spots if len(set(spots)) == len(spots) else list(range(1, len(spots) + 1))
    behind = f"behind {name_of(session, others[index - 1])}" if index else "first"
    for row, position in zip(order, spots, strict=True):
        verb = f"put it {behind}" if row is item.row else "shifted it to make room"
        recorder.change(row, verb[:_VERB], {"position": position})
    return finish(recorder)


def _end(session: Session, model: Any, condition: Any) -> int:
    last = session.scalar(select(model.position).where(condition).order_by(model.position.desc()).limit(1))
    return (last or 0) + 1
