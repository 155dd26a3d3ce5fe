"""The difference between two versions of a plan, folded from the ledger to the day on which each was adopted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Post
from tracker.queries.rows import PlanRow
from tracker.queries.version_rows import VersionRow
from tracker.rules.dates import Precision
from tracker.rules.slippage import slip

KINDS = {
    "added": "Added",
    "withdrawn": "Withdrawn",
    "suspended": "Suspended",
    "reinstated": "Opened again",
    "reworded": "Reworded",
    "moved": "Moved to another place",
    "redated": "Given another date",
    "critical": "Made critical, or no longer",
    "leads": "Led by others",
}
"""What can have happened, in the order in which it is told, with its heading."""

# Tables in the order of the plan, with the field that is the thing's words.
_WORDS = {
    "priority": "title",
    "workstream": "title",
    "action": "text",
    "milestone": "text",
    "commitment": "text",
    "record": "text",
}
_NOUNS = {"record": "criterion or note"}
_OUT = ("withdrawn", "superseded")

State = dict[tuple[str, int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what happened to which thing, and how it was before and after, in words."""

    kind: str
    what: str  # "milestone", "workstream", ...
    ref: str  # as it is said in the later version, or the earlier one where it is gone
    text: str
    before: str
    after: str
    milestone_id: int | None = None


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """The difference between two versions, each as it was at the end of the day of its adoption."""

    earlier: VersionRow
    later: VersionRow
    from_day: date
    to_day: date
    changes: tuple[Change, ...]

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind, in the order of the plan."""
        return tuple(change for change in self.changes if change.kind == kind)

    def count(self, kind: str, what: str = "") -> int:
        """Return how many changes of a kind there are, of one sort of thing or of all."""
        return sum(change.kind == kind and what in {"", change.what} for change in self.changes)


def version_diff(session: Session, plan: PlanRow, earlier: VersionRow, later: VersionRow) -> VersionDiff:
    """Return what is otherwise in the later of two versions. Two statements.

    The first version is the plan on the day of its adoption, or on the first day that anything is recorded of it.
    """
    days = [max(version.adopted or date.min, plan.began or date.min) for version in (earlier, later)]
    before, after = _states(session, plan.id, days[0], days[1])
    posts = dict(session.execute(select(Post.id, Post.title)).all())
    found = [change for subject in _ordered(after) for change in _changes(subject, before, after)]
    found += _other_leads(before, after, posts)
    order = list(KINDS)
    return VersionDiff(earlier, later, days[0], days[1], tuple(sorted(found, key=lambda each: order.index(each.kind))))


def _states(session: Session, plan_id: int, first: date, last: date) -> tuple[State, State]:
    """Return the rows of a plan as they were at the end of two days. One statement."""
    query = (
        select(LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(
            LedgerEntry.plan_id == plan_id,
            LedgerEntry.subject_type.in_([*_WORDS, "lead_assignment"]),
            LedgerEntry.effective_day <= last,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    before: State = {}
    after: State = {}
    for table, key, day, changes in session.execute(query):
        values = {name: pair[1] for name, pair in changes.items()}
        after.setdefault((table, key), {}).update(values)
        if day <= first:
            before.setdefault((table, key), {}).update(values)
    return before, after


def _ordered(after: State) -> Iterator[tuple[str, int]]:
    """Yield every thing in the order of the later plan: kind by kind, then by place."""
    tables = list(_WORDS)

    def position(table: str, key: int | None) -> int:
        return int(after.get((table, key or 0), {}).get("position") or 0)

    def place(subject: tuple[str, int]) -> tuple[int, ...]:
        row = after[subject]
        stream = row.get("workstream_id")
        priority = row.get("priority_id") or after.get(("workstream", stream or 0), {}).get("priority_id")
        above = position("priority", priority), position("workstream", stream)
        return (tables.index(subject[0]), *above, position(*subject), subject[1])

    yield from sorted((subject for subject in after if subject[0] in _WORDS), key=place)


def _changes(subject: tuple[str, int], before: State, after: State) -> Iterator[Change]:
    was, now = before.get(subject), after[subject]  # what was there before has entries up to the later day too
    table, key = subject

    def told(kind: str, old: str, new: str, state: State = after) -> Change:
        return Change(
            kind=kind,
            what=_NOUNS.get(table, table),
            ref=_ref(subject, state),
            text=str(state[subject].get(_WORDS[table]) or ""),
            before=old,
            after=new,
            milestone_id=key if table == "milestone" else None,
        )

    standing = now.get("standing") or "open"
    if was is None:
        if standing not in _OUT:
            yield told("added", "", _date(now) or _place(subject, after))
        return
    stood = was.get("standing") or "open"
    if standing != stood:
        kind = "withdrawn" if standing in _OUT else "suspended" if standing == "suspended" else "reinstated"
        yield told(kind, stood, ": ".join(part for part in (standing, now.get("standing_reference")) if part))
    if standing in _OUT:
        return
    if was.get(_WORDS[table]) != now.get(_WORDS[table]) or was.get("term") != now.get("term"):
        yield told("reworded", _said(was, table), _said(now, table))
    if _place(subject, before) != _place(subject, after):
        yield told("moved", _place(subject, before), _place(subject, after))
    if table != "milestone":
        return
    if was.get("due") != now.get("due") or was.get("due_text") != now.get("due_text"):
        yield told("redated", _date(was) or "no date", f"{_date(now) or 'no date'}{_further(was, now)}")
    if bool(was.get("critical")) != bool(now.get("critical")):
        old, new = ("critical" if row.get("critical") else "not critical" for row in (was, now))
        yield told("critical", old, new)


def _leads(state: State) -> dict[tuple[str, int], list[int]]:
    """Return the posts that lead each thing, in the order in which they are named."""
    found: dict[tuple[str, int], list[int]] = {}
    for (table, _), row in sorted(state.items(), key=lambda each: (each[1].get("position") or 0, each[0])):
        if table != "lead_assignment" or row.get("ended"):
            continue
        owner = next((name for name in ("milestone", "action", "workstream") if row.get(f"{name}_id")), None)
        if owner is not None:
            found.setdefault((owner, row[f"{owner}_id"]), []).append(row["post_id"])
    return found


def _other_leads(before: State, after: State, posts: Mapping[int, str]) -> Iterator[Change]:
    """Yield the things that were there before and have other leads now."""
    led = _leads(before), _leads(after)
    for owner in sorted(led[0].keys() | led[1].keys()):
        was, now = (posts_of.get(owner, []) for posts_of in led)
        if owner not in before or set(was) == set(now) or after[owner].get("standing") in _OUT:
            continue  # what is new is told as added, what is gone as withdrawn
        names = ["; ".join(posts.get(key, "a post that is not there") for key in keys) for keys in (was, now)]
        table, key = owner
        yield Change(
            kind="leads",
            what=table,
            ref=_ref(owner, after),
            text=str(after[owner].get(_WORDS[table]) or ""),
            before=names[0],
            after=names[1],
            milestone_id=key if table == "milestone" else None,
        )


def _ref(subject: tuple[str, int], state: State) -> str:
    table, row = subject[0], state[subject]
    own = str(row.get("ref") or "")
    if table not in {"action", "milestone", "commitment"}:
        return own
    above = state.get(("workstream", row.get("workstream_id") or 0), {})
    return ".".join(part for part in (str(above.get("ref") or ""), own) if part)


def _place(subject: tuple[str, int], state: State) -> str:
    """Return where a thing stands, in words: below what, and with which ref."""
    row = state[subject]
    parts = []
    for table in ("workstream", "priority"):
        above = state.get((table, row.get(f"{table}_id") or 0))
        if above is not None and subject[0] != table:
            parts.append(f"{table} {above.get('ref') or above.get('title') or ''}".strip())
            break
    if subject[0] != "record" and row.get("ref"):
        parts.append(f"ref {row['ref']}")
    return ", ".join(parts)


def _said(row: Mapping[str, Any], table: str) -> str:
    return ": ".join(str(part) for part in (row.get("term"), row.get(_WORDS[table])) if part)


def _date(row: Mapping[str, Any]) -> str:
    return str(row.get("due_text") or row.get("due") or "")


def _further(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if not was.get("due") or not now.get("due"):
        return ""
    precision = now.get("due_precision") or "day"
    days = date.fromisoformat(was["due"]), date.fromisoformat(now["due"])
    found = slip(*days, Precision(precision) if precision in set(Precision) else Precision.DAY)
    return f" ({found.words})" if found.days else ""
