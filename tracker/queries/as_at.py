"""Time travel: what rows said on an earlier day, folded from the ledger for just what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, inspect, select, tuple_
from sqlalchemy.orm import Session

from tracker.models import Base, LedgerEntry

_MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}

# What a list of milestones shows that may have been otherwise on an earlier day.
REWOUND = ("milestone", "workstream", "priority", "lead_assignment", "milestone_action")


@dataclass(frozen=True, slots=True)
class Past:
    """Rows as they were on a day: `values` for those changed since, `absent` for those added since."""

    values: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    absent: frozenset[tuple[str, int]] = frozenset()

    def had(self, subject_type: str, subject_id: int) -> bool:
        """Return whether the row was there on that day."""
        return (subject_type, subject_id) not in self.absent

    def of(self, subject_type: str, subject_id: int) -> Mapping[str, Any]:
        """Return the fields that differ from the current row (empty if none is known to)."""
        return self.values.get((subject_type, subject_id), {})


PRESENT = Past()


def past(session: Session, plan_id: int, day: date, today: date, types: tuple[str, ...]) -> Past:
    """Return what rows of the given tables said at the end of `day`; one statement, none for today or later."""
    return past_of_plans(session, [plan_id], day, today, types)


def past_of_plans(session: Session, plan_ids: Collection[int], day: date, today: date, types: tuple[str, ...]) -> Past:
    """Return what `past` does for the rows of several plans at once; one statement."""
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
    for subject_type, subject_id, effective, changes in session.execute(query):
        key = (subject_type, subject_id)
        touched.setdefault(key, set()).update(changes)
        if effective <= day:
            then.setdefault(key, {}).update({name: pair[1] for name, pair in changes.items()})
    values = {
        key: {name: _typed(key[0], name, fields.get(name)) for name in touched[key]} for key, fields in then.items()
    }
    return Past(values, frozenset(touched.keys() - then.keys()))


def _typed(table: str, name: str, value: Any) -> Any:
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
