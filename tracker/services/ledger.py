"""The only way to write: every change to a plan becomes a chained ledger entry and a change of the current row."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, inspect, or_, select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Milestone, MilestonePredecessor, Plan
from tracker.models.base import Base
from tracker.rules.dates import london_day
from tracker.rules.permissions import Actor

# Columns that are not facts of the plan: keys, the lock, the head of the chain itself.
UNTRACKED = frozenset({"id", "plan_id", "version", "ledger_seq", "ledger_head"})

# Not the strongest lock: rows that point at a plan take a share of its key, and two acts that each hold one would wait
# for each other for ever.
_HELD: Any = {"key_share": True}
_AT_ONCE = 2_000  # entries that one statement stores: more would only cost memory
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@cache
def tracked(model: type[Base]) -> tuple[str, ...]:
    """Return the attributes of a model whose changes the ledger holds (a plan's own version is one)."""
    untracked = UNTRACKED - {"version"} if model is Plan else UNTRACKED
    return tuple(a.key for a in inspect(model).column_attrs if a.key not in untracked)


def plain(value: Any) -> Any:
    """Return a value as the ledger stores it: dates and instants as ISO texts."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def typed(model: type[Base], name: str, value: Any) -> Any:
    """Return a stored value as the model's column holds it."""
    kind = inspect(model).columns[name].type.python_type if value is not None else None
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the hash that chains an entry: SHA-256 over canonical JSON, the previous hash included."""
    body = {
        "seq": entry["seq"],
        "act": entry["act"],
        "recorded_at": entry["recorded_at"].astimezone(UTC).isoformat(),
        "effective_at": entry["effective_at"].astimezone(UTC).isoformat(),
        "back_filled": entry["back_filled"],
        "actor_id": entry["actor_id"],
        "actor": entry["actor"],
        "verb": entry["verb"],
        "subject": [entry["subject_type"], entry["subject_id"]],
        "changes": entry["changes"],
        "reason": entry["reason"],
        "previous": entry["previous_hash"],
    }
    return hashlib.sha256(_CANONICAL.encode(body).encode("utf-8", "surrogatepass")).hexdigest()


def lock_chain(session: Session, plan_id: int) -> None:
    """Let nobody else write to a plan until the transaction ends."""
    lock_chains(session, [plan_id])


def lock_chains(session: Session, plan_ids: Collection[int]) -> list[int]:
    """Let nobody else write to some plans until the transaction ends; return the ids of all that are held.

    Plans whose milestones wait for theirs are held with them, because their colours are drawn again too: always in the
    order of their ids, so that no two acts wait for each other. Whoever needs several plans asks for them at once.
    """
    waiting = (
        select(MilestonePredecessor.plan_id)
        .join(Milestone, Milestone.id == MilestonePredecessor.predecessor_id)
        .where(Milestone.plan_id.in_(plan_ids), MilestonePredecessor.unlinked_on.is_(None))
    )
    query = select(Plan.id).where(or_(Plan.id.in_(plan_ids), Plan.id.in_(waiting))).order_by(Plan.id)
    return list(session.scalars(query.with_for_update(**_HELD)))


def _last_entry(session: Session, plan_id: int) -> tuple[int, str]:
    """Hold a plan's chain, as nearly every act does already, and return number and hash of its last entry."""
    query = select(Plan.ledger_seq, Plan.ledger_head).where(Plan.id == plan_id)
    seq, head = session.execute(query.with_for_update(**_HELD)).one()
    return seq, head


@dataclass
class Recorder:
    """Writes the entries of one act of one actor on one plan.

    `now` is the instant of recording; `effective` is set only when history is filled in afterwards, which marks the
    entries as back-filled: what took effect after that instant stands, in the ledger and in the row. Locks the
    plan's chain until the transaction ends. Call `close()` once, at the end.
    """

    session: Session
    plan: Plan
    actor: Actor
    now: datetime
    effective: datetime | None = None
    act: str = field(default_factory=lambda: secrets.token_hex(8))
    because: str = ""
    """The reason of every entry that has none of its own."""
    trial: bool = False
    """What is written is taken back at once, so no entry is made of it."""
    _pending: list[dict[str, Any]] = field(default_factory=list)
    _later: bool | None = None
    _seq: int = -1
    _head: str = ""

    @property
    def today(self) -> date:
        """Return the London day on which the act takes effect."""
        return london_day(self.effective or self.now)

    @property
    def recorded_on(self) -> date:
        """Return the London day on which the act is recorded."""
        return london_day(self.now)

    def add(self, row: Base, reason: str = "", verb: str = "added") -> None:
        """Record a new row; it must be flushed already, so that it has an id."""
        if self.trial:
            return
        there = vars(row)  # what is not in it is asked of the row, which is several times slower
        values = {n: plain(there[n] if n in there else getattr(row, n)) for n in tracked(type(row))}
        changes = {name: [None, value] for name, value in values.items() if value not in (None, "")}
        self._write(row, verb, changes, reason)

    def change(self, row: Base, verb: str, values: Mapping[str, Any], reason: str = "") -> dict[str, Any]:
        """Set fields of a row and record those that differ; returns the changes, empty if nothing did."""
        changes: dict[str, Any] = {}
        overtaken = self._overtaken(row)
        for name, value in values.items():
            before = overtaken[name] if name in overtaken else plain(getattr(row, name))
            if before != plain(value):
                changes[name] = [before, plain(value)]
                if name not in overtaken:
                    setattr(row, name, value)
        if changes:
            self._write(row, verb, changes, reason)
        return changes

    def tell(self, row: Base, verb: str, changes: Mapping[str, list[Any]], reason: str = "") -> None:
        """Record what was so on the day of the act and is otherwise now: an entry that leaves the row as it is."""
        self._write(row, verb, {name: [plain(value) for value in pair] for name, pair in changes.items()}, reason)

    def close(self) -> None:
        """Write the entries of this act, so many by one statement."""
        if self._pending:
            for at in range(0, len(self._pending), _AT_ONCE):
                self.session.execute(insert(LedgerEntry), self._pending[at : at + _AT_ONCE])
            self.plan.ledger_seq, self.plan.ledger_head = self._seq, self._head
            self._pending = []
        self.session.flush()

    def _overtaken(self, row: Base) -> dict[str, Any]:
        """Return the fields that entries set with effect after this act's day, with what they were on that day."""
        if self.effective is None or not self._something_later():
            return {}
        query = (
            select(LedgerEntry.effective_day, LedgerEntry.changes)
            .where(LedgerEntry.subject_type == row.__tablename__, LedgerEntry.subject_id == inspect(row).identity[0])  # type: ignore[index]
            .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
        )
        then: dict[str, Any] = {}
        later: set[str] = set()
        for day, changes in self.session.execute(query):
            if day > self.today:
                later.update(changes)
            else:
                then.update({name: pair[1] for name, pair in changes.items()})
        return {name: then.get(name) for name in later}

    def _something_later(self) -> bool:
        """Return whether anything took effect in this plan after the day of the act; asked once."""
        if self._later is None:
            later = select(LedgerEntry.id).where(
                LedgerEntry.plan_id == self.plan.id, LedgerEntry.effective_day > self.today
            )
            self._later = self.session.scalar(later.limit(1)) is not None
        return self._later

    def _write(self, row: Base, verb: str, changes: dict[str, Any], reason: str) -> None:
        if self.trial:
            return
        if self._seq < 0:
            self.session.flush()
            self._seq, self._head = _last_entry(self.session, self.plan.id)
        entry: dict[str, Any] = {
            "plan_id": self.plan.id,
            "seq": self._seq + 1,
            "act": self.act,
            "recorded_at": self.now,
            "effective_at": self.effective or self.now,
            "effective_day": self.today,
            "back_filled": self.effective is not None,
            "actor_id": self.actor.person_id,
            "actor": self.actor.label,
            "verb": verb,
            "subject_type": row.__tablename__,
            "subject_id": inspect(row).identity[0],  # type: ignore[index]
            "changes": changes,
            "reason": reason or self.because,
            "previous_hash": self._head,
        }
        entry["hash"] = entry_hash(entry)
        self._pending.append(entry)
        self._seq += 1
        self._head = entry["hash"]
