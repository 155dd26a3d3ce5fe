"""Add to a plan: priorities, workstreams, actions, milestones, records and commitments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Milestone, Plan, Priority, Workstream
from tracker.rules.document import RECORD_KINDS
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.text import clean, too_long
from tracker.services.structure.due import due_values
from tracker.services.structure.items import KINDS, add_row, begin_plan, finish, name_of, refuse_closed
from tracker.services.structure.refs import Place, free_ref, propose_ref

ABOVE: dict[str, Any] = {
    "workstream": Priority,
    "action": Workstream,
    "milestone": Workstream,
    "commitment": Workstream,
}
"""What a thing stands below; a record stands below a priority or below the plan itself, a priority below the plan."""


@dataclass(frozen=True, slots=True)
class Added:
    """What somebody wants to add. `words` is the title of a priority or workstream and the text of anything else.

    `due` and `frequency` are as written; `record_kind` and `term` belong to records.
    """

    kind: str
    under: int | None
    words: str
    ref: str = ""
    description: str = ""
    due: str = ""
    frequency: str = ""
    record_kind: str = ""
    term: str = ""
    reason: str = ""


def proposed_ref(session: Session, plan_id: int, kind: str, under: int | None) -> str:
    """Return the ref that something added to a place would get; "" for a record, which has none."""
    if kind not in KINDS or kind == "record":
        return ""
    above = session.get(ABOVE[kind], under) if kind in ABOVE and under else None
    if kind in ABOVE and (above is None or above.plan_id != plan_id):
        return ""
    return propose_ref(session, plan_id, KINDS[kind], _place(kind, above), above.ref if above else "")


def add_item(session: Session, actor: Actor, now: datetime, plan_id: int, token: str, asked: Added) -> tuple[Any, str]:
    """Add something to a plan; returns the row and the act. Raises Refusal, AlreadyDone or NotFound."""
    permit(actor, Act.EDIT, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None or asked.kind not in KINDS:
        raise NotFound("There is no such thing to add.")
    recorder = begin_plan(session, actor, now, plan, token)
    above = _above(session, plan, asked)
    words = checked_words(asked.words, "title" if asked.kind in {"priority", "workstream"} else "text")
    place = _place(asked.kind, above)
    where = name_of(session, above) if above is not None else "the plan"
    values: dict[str, Any] = {"plan_id": plan.id}
    model = KINDS[asked.kind]
    if asked.kind != "record":
        wanted = clean(asked.ref) or propose_ref(session, plan.id, model, place, above.ref if above is not None else "")
        values["ref"] = free_ref(session, plan.id, model, place, wanted, where)
    values["position"] = _last_position(session, model, plan.id, place) + 1
    row = model(**values, **_own(plan, asked, above, words))
    add_row(recorder, row, clean(asked.reason))
    return row, finish(recorder, [row] if isinstance(row, Milestone) else [])


def checked_words(words: str, field: str) -> str:
    """Return a title or text as it may be stored, or raise Refusal."""
    text = clean(words)
    if not text:
        raise Refusal(f"Enter the {field}.", field)
    if too_long(text):
        raise Refusal("Enter 32,767 characters or fewer.", field)
    return text


def _above(session: Session, plan: Plan, asked: Added) -> Any:
    if asked.kind == "priority":
        return None
    model: Any = ABOVE.get(asked.kind, Priority)
    if asked.kind == "record" and not asked.under:
        return None
    above = session.get(model, asked.under) if asked.under else None
    if above is None or above.plan_id != plan.id:
        raise Refusal("Select where it belongs.", "under")
    refuse_closed(session, above)
    return above


def _place(kind: str, above: Any) -> Place:
    if kind == "priority" or above is None:
        return "plan", 0
    return above.__tablename__, above.id


def _last_position(session: Session, model: Any, plan_id: int, place: Place) -> int:
    query = select(func.max(model.position)).where(model.plan_id == plan_id)
    if place[0] != "plan":
        query = query.where(getattr(model, f"{place[0]}_id") == place[1])
    return session.scalar(query) or 0


def _own(plan: Plan, asked: Added, above: Any, words: str) -> dict[str, Any]:
    """Return the columns that only this kind of thing has."""
    if asked.kind == "priority":
        return {"title": words, "description": clean(asked.description)}
    if asked.kind == "workstream":
        return {"title": words, "priority_id": above.id}
    if asked.kind == "action":
        return {"text": words, "workstream_id": above.id}
    if asked.kind == "record":
        if asked.record_kind not in RECORD_KINDS:
            raise Refusal("Select what kind of record it is.", "record_kind")
        key = above.id if above is not None else None
        return {"text": words, "kind": asked.record_kind, "term": clean(asked.term), "priority_id": key}
    if asked.kind == "commitment":
        if not clean(asked.frequency):
            raise Refusal("Enter how often, for example Weekly or Every half term.", "frequency")
        return {"text": words, "frequency": clean(asked.frequency), "workstream_id": above.id}
    return {
        "text": words,
        "workstream_id": above.id,
        "priority_id": above.priority_id,
        **due_values(plan, asked.due),
    }
