"""Refs that a place has ever used, proved by the ledger: none of them is given to anything else again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from tracker.models import Action, Base, Commitment, LedgerEntry, Milestone, Priority, Workstream
from tracker.rules.errors import Refusal
from tracker.rules.refs import next_ref, why_not_a_ref
from tracker.rules.text import fold

Place = tuple[str, int]
"""What a ref is unique below: ("plan", 0), ("priority", id) or ("workstream", id)."""

WITH_REFS: tuple[type[Base], ...] = (Priority, Workstream, Action, Milestone, Commitment)
PLACED_BY = ("ref", "priority_id", "workstream_id")


def place_of(model: type[Base], values: Mapping[str, Any]) -> Place:
    """Return where a row with these values stands. A milestone without a workstream stands below its priority."""
    if model is Priority:
        return "plan", 0
    if model is Workstream or (model is Milestone and values.get("workstream_id") is None):
        return "priority", values.get("priority_id") or 0
    return "workstream", values.get("workstream_id") or 0


def stays(changes: Iterable[Mapping[str, list[Any]]], model: type[Base]) -> Iterator[tuple[Place, str]]:
    """Yield every place and ref that a row has had, from its entries in the order of the ledger."""
    state: dict[str, Any] = {}
    last: tuple[Place, str] | None = None
    for fields in changes:
        state |= {name: pair[1] for name, pair in fields.items() if name in PLACED_BY}
        now = place_of(model, state), str(state.get("ref") or "")
        if now != last and now[1]:
            last = now
            yield now


def used_refs(session: Session, plan_id: int, model: Any) -> dict[Place, dict[str, tuple[str, int]]]:
    """Return the refs ever used in each place of a plan: folded ref to (ref as written, id of whose it is).

    Three statements: the rows as they stand, and the ledger of those that ever stood elsewhere.
    """
    found: dict[Place, dict[str, tuple[str, int]]] = defaultdict(dict)
    columns = [getattr(model, name) for name in PLACED_BY if hasattr(model, name)]
    for row in session.execute(select(model.id, *columns).where(model.plan_id == plan_id).order_by(model.id)):
        found[place_of(model, dict(row._mapping))].setdefault(fold(row.ref), (row.ref, row.id))
    for key, had in former(session, plan_id, model).items():
        for place, ref in had:
            found[place].setdefault(fold(ref), (ref, key))
    return found


def former(session: Session, plan_id: int, model: Any) -> dict[int, list[tuple[Place, str]]]:
    """Return the places and refs of the rows that have stood in more than one, by id. Two statements at most."""
    text = cast(LedgerEntry.changes, Text)
    mine = (LedgerEntry.plan_id == plan_id, LedgerEntry.subject_type == model.__tablename__)
    moved = select(LedgerEntry.subject_id).where(
        *mine, LedgerEntry.verb != "added", or_(*(text.like(f'%"{name}": [%') for name in PLACED_BY))
    )
    ids = sorted(set(session.scalars(moved)))
    if not ids:
        return {}
    entries: dict[int, list[Any]] = defaultdict(list)
    query = select(LedgerEntry.subject_id, LedgerEntry.changes).where(*mine, LedgerEntry.subject_id.in_(ids))
    for key, changes in session.execute(query.order_by(LedgerEntry.effective_day, LedgerEntry.seq)):
        entries[key].append(changes)
    return {key: list(stays(changes, model)) for key, changes in entries.items()}


def propose_ref(session: Session, plan_id: int, model: Any, place: Place, above: str = "") -> str:
    """Return a ref for something new in a place; `above` is the ref of what it stands below."""
    used = [ref for ref, _ in used_refs(session, plan_id, model)[place].values()]
    first = {"workstream": f"{above}a" if above else "1", "action": "A"}.get(model.__tablename__, "1")
    return next_ref(used, first)


def free_ref(session: Session, plan_id: int, model: Any, place: Place, wanted: str, where: str) -> str:
    """Return a ref as it was asked for; a Refusal names what has it, or had it, in that place."""
    why = why_not_a_ref(wanted)
    if why:
        raise Refusal(why, "ref")
    used = used_refs(session, plan_id, model)[place]
    held = used.get(fold(wanted))
    if held is not None:
        free = next_ref([ref for ref, _ in used.values()])
        kind = model.__tablename__
        raise Refusal(
            f"The reference {held[0]} is taken by a {kind} in {where}, or was. Take {free}, which is free.", "ref"
        )
    return wanted


def kept_or_next(session: Session, plan_id: int, model: Any, place: Place, ref: str, key: int) -> str:
    """Return the ref that something keeps when it moves to a place: the one that it had there before, or its own
    where nothing else ever had it there."""
    used = used_refs(session, plan_id, model)[place]
    own = [known for known, holder in used.values() if holder == key]
    if own:  # it stood here before
        return ref if ref in own else own[-1]
    if fold(ref) not in used:
        return ref
    return next_ref([known for known, _ in used.values()])
