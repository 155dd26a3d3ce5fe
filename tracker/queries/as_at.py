"""Time travel: what rows said on an earlier day, folded from the ledger for just what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Text, cast, exists, inspect, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import Base, LedgerEntry, Milestone, Priority, Workstream

_MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}

# What a list of milestones shows that may have been otherwise on an earlier day.
REWOUND = ("milestone", "workstream", "priority", "lead_assignment", "milestone_action")


@dataclass(frozen=True, slots=True)
class Past:
    """Rows as they were on a day: `values` for those changed since, `absent` for those added since.

    `places` names the workstreams and priorities of the plans as they were then, if anything was moved since.
    """

    values: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    absent: frozenset[tuple[str, int]] = frozenset()
    places: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)

    def had(self, subject_type: str, subject_id: int) -> bool:
        """Return whether the row was there on that day."""
        return (subject_type, subject_id) not in self.absent

    def of(self, subject_type: str, subject_id: int) -> Mapping[str, Any]:
        """Return the fields that differ from the current row (empty if none is known to)."""
        return self.values.get((subject_type, subject_id), {})

    def elsewhere(self, subject_type: str, name: str) -> dict[int, Any]:
        """Return the rows of a table of which a field was another one then: id to the value then."""
        return {
            key: values[name] for (kind, key), values in self.values.items() if kind == subject_type if name in values
        }

    def stands(self, subject_type: str, subject_id: int, unlinked_on: date | None) -> bool:
        """Return whether a link stood on that day; `unlinked_on` is what its row says now."""
        then = self.of(subject_type, subject_id).get("unlinked_on", unlinked_on)
        return self.had(subject_type, subject_id) and then is None


PRESENT = Past()


def past(session: Session, plan_id: int, day: date, today: date, types: tuple[str, ...]) -> Past:
    """Return what rows of the given tables said at the end of `day`; one statement, none for today or later."""
    return past_of_plans(session, [plan_id], day, today, types)


def past_of_plans(session: Session, plan_ids: Collection[int], day: date, today: date, types: tuple[str, ...]) -> Past:
    """Return what `past` does for the rows of several plans at once; one more statement where anything was moved."""
    if day >= today:
        return PRESENT
    there = LedgerEntry.plan_id.in_(list(plan_ids))
    later = (
        select(LedgerEntry.subject_type, LedgerEntry.subject_id)
        .where(there, LedgerEntry.effective_day > day, LedgerEntry.subject_type.in_(types))
        .distinct()
    )
    query = (
        select(LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(there, tuple_(LedgerEntry.subject_type, LedgerEntry.subject_id).in_(later))
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    then: dict[tuple[str, int], dict[str, Any]] = {}
    touched: dict[tuple[str, int], set[str]] = {}
    moved = False
    for subject_type, subject_id, effective, changes in session.execute(query):
        key = (subject_type, subject_id)
        touched.setdefault(key, set()).update(changes)
        if effective <= day:
            then.setdefault(key, {}).update({name: pair[1] for name, pair in changes.items()})
        elif key in then:  # what was added since was not there to be moved
            moved = moved or "workstream_id" in changes or "priority_id" in changes
    values = {
        key: {name: as_stored(key[0], name, fields.get(name)) for name in touched[key]} for key, fields in then.items()
    }
    places = _places(session, plan_ids, values) if moved else {}
    return Past(values, frozenset(touched.keys() - then.keys()), places)


def _places(
    session: Session, plan_ids: Collection[int], values: Mapping[tuple[str, int], Mapping[str, Any]]
) -> dict[tuple[str, int], dict[str, Any]]:
    """Return ref and title of every workstream and priority as they were. One statement."""
    query = (
        select(Priority.id, Priority.ref, Priority.title, Workstream.id, Workstream.ref, Workstream.title)
        .outerjoin(Workstream, Workstream.priority_id == Priority.id)
        .where(Priority.plan_id.in_(list(plan_ids)))
    )
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for priority_id, ref, title, workstream_id, workstream_ref, workstream_title in session.execute(query):
        found["priority", priority_id] = {"ref": ref, "title": title, **values.get(("priority", priority_id), {})}
        if workstream_id is not None:
            key = ("workstream", workstream_id)
            found[key] = {"ref": workstream_ref, "title": workstream_title, **values.get(key, {})}
    return found


_COUNTED_BY = ("critical", "priority_id", "workstream_id")


def _recounted(plan_ids: Collection[int], day: date) -> tuple[ColumnElement[bool], ...]:
    text = cast(LedgerEntry.changes, Text)
    return (
        LedgerEntry.plan_id.in_(list(plan_ids)),
        LedgerEntry.effective_day > day,
        LedgerEntry.subject_type == Milestone.__tablename__,
        LedgerEntry.verb != "added",
        or_(*(text.like(f'%"{name}": [%') for name in _COUNTED_BY)),
    )


def any_recounted(plan_ids: Collection[int], day: date) -> ColumnElement[bool]:
    """Return a column that says whether `counted_then` would find anything, for a statement that is made anyway."""
    return exists().where(*_recounted(plan_ids, day))


def counted_then(session: Session, plan_ids: Collection[int], day: date) -> dict[int, dict[str, Any]]:
    """Return how milestones were counted at the end of `day` where that differs from now, by milestone.

    That is their place and whether they were critical; what the colour spans do not hold. One statement.
    """
    query = select(LedgerEntry.subject_id, LedgerEntry.changes).where(*_recounted(plan_ids, day))
    found: dict[int, dict[str, Any]] = {}
    for key, changes in session.execute(query.order_by(LedgerEntry.effective_day, LedgerEntry.seq)):
        for name in _COUNTED_BY:
            if name in changes:
                found.setdefault(key, {}).setdefault(name, changes[name][0])
    return found


def as_stored(table: str, name: str, value: Any) -> Any:
    """Return a value of the ledger as the column of a table holds it; its default where the ledger says nothing."""
    column = inspect(_MODELS[table]).column_attrs[name].columns[0]
    if value is None:
        if column.nullable:
            return None
        default = column.default.arg if column.default is not None and column.default.is_scalar else ""
        return default if not callable(default) else ""
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return value
