"""Compare everything that is stored of one plan with its ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Base,
    ColourSpan,
    Commitment,
    DeadlineChange,
    Evidence,
    LeadAssignment,
    LedgerEntry,
    Measure,
    Milestone,
    MilestoneAction,
    Occurrence,
    PeriodState,
    Plan,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.rules.colour import NAMES, Colour
from tracker.rules.dates import london_day, show_day
from tracker.rules.facts import SignOff
from tracker.rules.fold import fold
from tracker.rules.scheme import Scheme
from tracker.rules.timeline import FOREVER, spans
from tracker.services.colours import MEANING, ONE_DAY, scheme_of, span_row
from tracker.services.completion import content_hash
from tracker.services.ledger import entry_hash, plain, tracked

# Every table whose rows are a projection of the ledger. Workstreams first: they give milestones their refs.
TRACKED: tuple[type[Base], ...] = (
    Plan,
    Priority,
    Workstream,
    Milestone,
    Action,
    Record,
    Measure,
    Reading,
    LeadAssignment,
    MilestoneAction,
    PeriodState,
    Commitment,
    Occurrence,
    Evidence,
    DeadlineChange,
)
_SPAN = ("from_day", "to_day", *MEANING)

_EMPTY = (None, "")
_MOST_MISSING = 20  # entries that are named one by one when many are missing

Subject = tuple[str, int]
Broken = tuple[int, Subject | None, str]  # number of an entry, what it is about, what is wrong with it
Changes = list[tuple[date, int, Mapping[str, list[Any]]]]  # day of effect, number, {field: [before, after]}


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What was found of one plan; `faults` says where, in sentences."""

    slug: str
    entries: int
    rows: int
    chain: bool
    projection: bool
    spans: bool
    signatures: bool
    faults: tuple[str, ...]


@dataclass
class Checker:
    """One run over one plan: everything is read once, in one statement a table, and compared in memory."""

    session: Session
    plan: Plan
    entries: int = 0
    history: dict[Subject, Changes] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)

    def check(self) -> PlanCheck:
        """Return what is found of the plan."""
        broken = list(self._readable(self._chain()))
        unreadable = [fault for model in TRACKED for fault in self._load(model)]
        for changes in self.history.values():
            changes.sort(key=lambda change: change[:2])
        chain = [f"Ledger entry {seq}{self._of(subject)} {what}." for seq, subject, what in broken]
        projection = [*unreadable, *self._projection()]
        colours = list(self._colours())
        signatures = list(self._signatures())
        return PlanCheck(
            slug=self.plan.slug,
            entries=self.entries,
            rows=sum(len(rows) for rows in self.tables.values()),
            chain=not chain,
            projection=not projection,
            spans=not colours,
            signatures=not signatures,
            faults=(*chain, *projection, *colours, *signatures),
        )

    def _chain(self) -> Iterator[Broken]:
        """Yield what is wrong with an entry, from the first to the one that the plan holds as its last."""
        columns = [column for column in LedgerEntry.__table__.columns if column.key not in {"id", "plan_id"}]
        query = select(*columns).where(LedgerEntry.plan_id == self.plan.id).order_by(LedgerEntry.seq)
        last, previous = 0, ""
        for entry in self.session.execute(query).mappings():
            subject = (entry["subject_type"], entry["subject_id"])
            for missing in range(last + 1, min(entry["seq"], last + 1 + _MOST_MISSING)):
                yield missing, None, "is missing"
            if entry["previous_hash"] != previous and entry["seq"] == last + 1:
                yield entry["seq"], subject, "does not follow from the one before it"
            if entry["hash"] != entry_hash(dict(entry)):
                yield entry["seq"], subject, "is not what was written: its hash does not match"
            elif entry["effective_day"] != london_day(entry["effective_at"]):
                yield entry["seq"], subject, "has another day of effect than was written"
            last, previous = entry["seq"], entry["hash"]
            self.entries += 1
            changes = entry["changes"] if _is_changes(entry["changes"]) else {}
            self.history[subject].append((entry["effective_day"], entry["seq"], changes))
        for missing in range(last + 1, min(self.plan.ledger_seq + 1, last + 1 + _MOST_MISSING)):
            yield missing, None, "is missing at the end of the ledger"
        if last > self.plan.ledger_seq:
            yield last, None, f"is more than the plan knows of: its last one is {self.plan.ledger_seq}"
        elif last == self.plan.ledger_seq and previous != self.plan.ledger_head:
            yield last, None, "is not the one that the plan holds as its last"

    def _readable(self, found: Iterator[Broken]) -> Iterator[Broken]:
        """Yield what is found, and one more where an entry is so damaged that the database cannot give it back."""
        try:
            yield from found
        except (ValueError, TypeError) as error:
            yield self.entries + 1, None, f"or one after it cannot be read ({error})"

    def _load(self, model: type[Base]) -> list[str]:
        """Read the rows of a table; returns why it cannot be read, if so."""
        table: Any = model
        names = tracked(model)
        owner = table.id if model is Plan else table.plan_id
        query = select(table.id, *(getattr(table, name) for name in names)).where(owner == self.plan.id)
        found = self.tables[model.__tablename__] = {}
        try:
            for row in self.session.execute(query.order_by(table.id)):
                found[row[0]] = dict(zip(names, row[1:], strict=True))
        except (ValueError, TypeError) as error:
            return [f"The table {model.__tablename__} cannot be read ({error})."]
        return []

    def _projection(self) -> Iterator[str]:
        """Yield rows that are not what their entries make of them."""
        for table, rows in self.tables.items():
            for key, row in rows.items():
                changes = self.history.get((table, key))
                if changes is None:
                    yield f"{self._name((table, key))} has no ledger entry."
                    continue
                told = {name: pair[1] for _, _, fields in changes for name, pair in fields.items()}
                for name, value in row.items():
                    stored, given = plain(value), told.get(name)
                    if stored != given and (stored not in _EMPTY or given not in _EMPTY):
                        what = f"{name} is {_words(stored)} in the table, and the ledger says {_words(given)}"
                        yield f"{self._name((table, key))}: {what}."
        for subject in self.history:
            if subject[1] not in self.tables.get(subject[0], {}):
                yield f"{self._name(subject)} has ledger entries and is not in the table."

    def _colours(self) -> Iterator[str]:
        """Yield milestones whose stored colours are not those that the ledger gives."""
        scheme = scheme_of(self.session, self.plan)
        stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
        columns = [getattr(ColourSpan, name) for name in ("milestone_id", *_SPAN)]
        query = select(*columns).where(ColourSpan.plan_id == self.plan.id)
        for row in self.session.execute(query.order_by(ColourSpan.milestone_id, ColourSpan.from_day, ColourSpan.id)):
            _append(stored[row[0]], dict(zip(_SPAN, row[1:], strict=True)))
        known = {key for table, key in self.history if table == Milestone.__tablename__}
        for key in sorted(known | stored.keys()):
            try:
                given = self._given(key, scheme) if key in known else []
            except (ValueError, TypeError) as error:
                yield f"{self._name((Milestone.__tablename__, key))}: what the ledger says has no colour ({error})."
                continue
            if given != stored[key]:
                yield self._difference(key, stored[key], given)

    def _given(self, key: int, scheme: Scheme) -> list[dict[str, Any]]:
        entries = self.history[Milestone.__tablename__, key]
        after = [(day, {name: pair[1] for name, pair in fields.items()}) for day, _, fields in entries]
        made: list[dict[str, Any]] = []
        for span in spans(fold(after, self.plan.adopted), scheme):
            row = span_row(0, 0, span)
            _append(made, {name: row[name] for name in _SPAN})
        return made

    def _difference(self, key: int, stored: Sequence[dict[str, Any]], given: Sequence[dict[str, Any]]) -> str:
        longest = max(len(stored), len(given))
        pairs = ((_at(stored, index), _at(given, index)) for index in range(longest))
        one, other = next(pair for pair in pairs if pair[0] != pair[1])
        days = [span["from_day"] for span in (one, other) if span is not None]
        return (
            f"{self._name((Milestone.__tablename__, key))}: from {show_day(min(days))} the table says {_span(one)}, "
            f"and the ledger gives {_span(other)}."
        )

    def _signatures(self) -> Iterator[str]:
        """Yield milestones that are signed off although what was signed is not what is there."""
        evidence: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for row in self.tables[Evidence.__tablename__].values():
            if not row["withdrawn"]:
                evidence[row["milestone_id"]].append((row["title"], row["url"], row["sha256"]))
        for key, row in self.tables[Milestone.__tablename__].items():
            if row["signoff"] != SignOff.APPROVED:
                continue
            content = content_hash(row["ref"], row["text"], row["due"], row["completed"], evidence[key])
            if content != row["signed_hash"]:
                yield f"{self._name((Milestone.__tablename__, key))} is signed off, and what was signed has changed."

    def _of(self, subject: Subject | None) -> str:
        return f" ({self._name(subject)})" if subject else ""

    def _name(self, subject: Subject) -> str:
        """Return what a row is called, with the ref of the milestone or workstream that it belongs to."""
        table, key = subject
        row = self.tables.get(table, {}).get(key)
        words = table.replace("_", " ").capitalize()
        if row is None or table == Plan.__tablename__:
            return f"{words} number {key}" if row is None else words
        if table in {Milestone.__tablename__, Action.__tablename__}:
            above = self.tables[Workstream.__tablename__].get(row["workstream_id"])
            return f"{words} {above['ref']}.{row['ref']}" if above else f"{words} {row['ref']}"
        if "ref" in row:
            return f"{words} {row['ref']}"
        for owner in (Commitment, Milestone, Workstream, Priority):
            if row.get(f"{owner.__tablename__}_id") is not None:
                name = self._name((owner.__tablename__, row[f"{owner.__tablename__}_id"]))
                return f"{words} number {key} of {name[0].lower()}{name[1:]}"
        return f"{words} number {key}"


def _is_changes(value: Any) -> bool:
    """Return whether a value has the shape of changes: each field with what it was and what it is."""
    return isinstance(value, dict) and all(isinstance(pair, list) and len(pair) == 2 for pair in value.values())


def _append(found: list[dict[str, Any]], span: dict[str, Any]) -> None:
    """Add a span, or lengthen the last one where it goes on with nothing but the days different."""
    before = found[-1] if found else None
    if before is not None and before["to_day"] != FOREVER and before["to_day"] + ONE_DAY == span["from_day"]:
        merged = {**span, "from_day": before["from_day"]}
        if merged == {**before, "to_day": span["to_day"]}:
            found[-1] = merged
            return
    found.append(span)


def _at(found: Sequence[dict[str, Any]], index: int) -> dict[str, Any] | None:
    return found[index] if index < len(found) else None


def _span(span: dict[str, Any] | None) -> str:
    if span is None:
        return "nothing"
    until = "" if span["to_day"] == FOREVER else f" until {show_day(span['to_day'])}"
    colour = NAMES[Colour(span["colour"])] if span["colour"] in set(Colour) else span["colour"]
    return f"{colour}{until} by rule {span['rule']} ({span['reason']})"


def _words(value: Any) -> str:
    if value in _EMPTY:
        return "empty"
    text = str(value)
    return f'"{text[:80]}…"' if len(text) > 80 else f'"{text}"'
