"""What verification asks of a chain of ledger entries: nothing missing, nothing altered, each after the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Plan
from tracker.rules.dates import london_day
from tracker.services.ledger import entry_hash

_MOST_MISSING = 20  # entries that are named one by one when many are missing

Subject = tuple[str, int]
Broken = tuple[int, Subject | None, str]  # number of an entry, what it is about, what is wrong with it
Note = Callable[[Mapping[str, Any]], None]


def chain_faults(session: Session, plan: Plan, note: Note = lambda entry: None) -> Iterator[Broken]:
    """Yield what is wrong with a plan's entries, first to last; `note` is given each one as it is read."""
    last = 0
    try:
        for step in _read(session, plan, note):
            last = step[0]
            yield from step[1]
    except (ValueError, TypeError) as error:  # so damaged that the database cannot give it back
        yield last + 1, None, f"or one after it cannot be read ({error})"


def _read(session: Session, plan: Plan, note: Note) -> Iterator[tuple[int, list[Broken]]]:
    columns = [column for column in LedgerEntry.__table__.columns if column.key not in {"id", "plan_id"}]
    query = select(*columns).where(LedgerEntry.plan_id == plan.id).order_by(LedgerEntry.seq)
    count, last, previous = 0, 0, ""
    for entry in session.execute(query).mappings():
        found: list[Broken] = []
        seq, subject = entry["seq"], (entry["subject_type"], entry["subject_id"])
        found += [(missing, None, "is missing") for missing in _gap(last, seq)]
        if entry["previous_hash"] != previous and seq == last + 1:
            found.append((seq, subject, "does not follow from the one before it"))
        if entry["hash"] != entry_hash(dict(entry)):
            found.append((seq, subject, "is not what was written: its hash does not match"))
        elif entry["effective_day"] != london_day(entry["effective_at"]):
            found.append((seq, subject, "has another day of effect than was written"))
        last, previous = seq, entry["hash"]
        count += 1
        note(dict(entry))
        yield count, found
    found = [(missing, None, "is missing at the end of the ledger") for missing in _gap(last, plan.ledger_seq + 1)]
    if last > plan.ledger_seq:
        found.append((last, None, f"is more than the plan knows of: its last one is {plan.ledger_seq}"))
    elif last == plan.ledger_seq and previous != plan.ledger_head:
        found.append((last, None, "is not the one that the plan holds as its last"))
    yield count, found


def _gap(last: int, following: int) -> range:
    return range(last + 1, min(following, last + 1 + _MOST_MISSING))


@dataclass
class Chains:
    """The chains of other plans that a plan waits for: each is proved once in a run."""

    session: Session
    whole: dict[int, bool] = field(default_factory=dict)

    def is_whole(self, plan_id: int) -> bool:
        """Return whether nothing is wrong with a plan's ledger."""
        if plan_id not in self.whole:
            plan = self.session.get_one(Plan, plan_id)
            self.whole[plan_id] = next(chain_faults(self.session, plan), None) is None
        return self.whole[plan_id]
