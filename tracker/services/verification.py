"""Prove that the ledger is whole and that everything shown follows from it, with nothing but the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select
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
    PeriodState,
    Plan,
    PlanEndChange,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.rules.dates import london_day, show_day
from tracker.rules.fold import fold
from tracker.rules.scheme import Scheme
from tracker.rules.timeline import spans
from tracker.services.colours import MEANING, scheme_of, span_row
from tracker.services.ledger import entry_hash, plain, tracked
from tracker.services.verified_colours import append_span, span_at, span_words
from tracker.services.verified_decisions import file_faults, move_faults, signature_faults

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
    Evidence,
    DeadlineChange,
    PlanEndChange,
)
_SPAN = ("from_day", "to_day", *MEANING)

_EMPTY = (None, "")
_MOST_MISSING = 20  # entries that are named one by one when many are missing

Subject = tuple[str, int]
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
    evidence: bool | None  # None: the files were not looked at
    moves: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of every plan that was looked at."""

    plans: tuple[PlanCheck, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Return every fault, each with the plan that it is in."""
        return tuple(f"{plan.slug}: {fault}" for plan in self.plans for fault in plan.faults)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "ok": not self.faults,
            "plans": [
                {
                    "plan": plan.slug,
                    "entries": plan.entries,
                    "rows": plan.rows,
                    "chain": plan.chain,
                    "projection": plan.projection,
                    "spans": plan.spans,
                    "signatures": plan.signatures,
                    "evidence": plan.evidence,
                    "moves": plan.moves,
                    "faults": list(plan.faults),
                }
                for plan in self.plans
            ],
        }

    def to_lines(self) -> Iterator[str]:
        """Yield what was found as lines that a person reads."""
        for plan in self.plans:
            found = f"{len(plan.faults)} faults" if plan.faults else "whole"
            yield f"{plan.slug}: {plan.entries} ledger entries, {plan.rows} rows: {found}"
            yield from (f"  {fault}" for fault in plan.faults)
        if not self.plans:
            yield "There are no plans."
        elif not self.faults:
            yield "The ledger is whole, and every row, colour and sign-off follows from it."
            if all(plan.evidence is not None for plan in self.plans):
                yield "Every file of evidence is there and is what was stored."


def verify(session: Session, slug: str | None = None, folder: Path | None = None) -> Verification:
    """Check every plan, or the one with `slug`: chain, rows, colours, sign-offs and moves of deadlines.

    Files of evidence are read as well where the `folder` that they are kept in is given. Some twenty statements a plan.
    """
    query = select(Plan).order_by(Plan.slug)
    if slug is not None:
        query = query.where(Plan.slug == slug)
    return Verification(tuple(_Checker(session, plan, folder).check() for plan in session.scalars(query)))


@dataclass
class _Checker:
    """One run over one plan: everything is read once, in one statement a table, and compared in memory."""

    session: Session
    plan: Plan
    folder: Path | None = None
    entries: int = 0
    history: dict[Subject, Changes] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)

    def check(self) -> PlanCheck:
        broken = list(self._chain())
        for model in TRACKED:
            self._load(model)
        for changes in self.history.values():
            changes.sort(key=lambda change: change[:2])
        chain = [f"Ledger entry {seq}{self._of(subject)} {what}." for seq, subject, what in broken]
        projection = list(self._projection())
        colours = list(self._colours())
        milestones, evidence = self.tables[Milestone.__tablename__], self.tables[Evidence.__tablename__]
        signatures = list(signature_faults(milestones, evidence, self._name))
        files = list(file_faults(evidence, self.folder, self._name)) if self.folder is not None else []
        moves = list(move_faults(milestones, self.tables[DeadlineChange.__tablename__], self._name))
        return PlanCheck(
            slug=self.plan.slug,
            entries=self.entries,
            rows=sum(len(rows) for rows in self.tables.values()),
            chain=not chain,
            projection=not projection,
            spans=not colours,
            signatures=not signatures,
            evidence=None if self.folder is None else not files,
            moves=not moves,
            faults=(*chain, *projection, *colours, *signatures, *files, *moves),
        )

    def _chain(self) -> Iterator[tuple[int, Subject | None, str]]:
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
            self.history[subject].append((entry["effective_day"], entry["seq"], entry["changes"]))
        for missing in range(last + 1, min(self.plan.ledger_seq + 1, last + 1 + _MOST_MISSING)):
            yield missing, None, "is missing at the end of the ledger"
        if last > self.plan.ledger_seq:
            yield last, None, f"is more than the plan knows of: its last one is {self.plan.ledger_seq}"
        elif last == self.plan.ledger_seq and previous != self.plan.ledger_head:
            yield last, None, "is not the one that the plan holds as its last"

    def _load(self, model: type[Base]) -> None:
        table: Any = model
        names = tracked(model)
        owner = table.id if model is Plan else table.plan_id
        query = select(table.id, *(getattr(table, name) for name in names)).where(owner == self.plan.id)
        rows = self.session.execute(query.order_by(table.id))
        self.tables[model.__tablename__] = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _projection(self) -> Iterator[str]:
        """Yield rows that are not what their entries make of them."""
        unrecorded = {model.__tablename__: _defaults(model) for model in TRACKED}
        for table, rows in self.tables.items():
            for key, row in rows.items():
                changes = self.history.get((table, key))
                if changes is None:
                    yield f"{self._name((table, key))} has no ledger entry."
                    continue
                told = {name: pair[1] for _, _, fields in changes for name, pair in fields.items()}
                for name, value in row.items():
                    stored, given = plain(value), told[name] if name in told else unrecorded[table].get(name)
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
            append_span(stored[row[0]], dict(zip(_SPAN, row[1:], strict=True)))
        known = {key for table, key in self.history if table == Milestone.__tablename__}
        for key in sorted(known | stored.keys()):
            given = self._given(key, scheme) if key in known else []
            if given != stored[key]:
                yield self._difference(key, stored[key], given)

    def _given(self, key: int, scheme: Scheme) -> list[dict[str, Any]]:
        entries = self.history[Milestone.__tablename__, key]
        after = [(day, {name: pair[1] for name, pair in fields.items()}) for day, _, fields in entries]
        made: list[dict[str, Any]] = []
        for span in spans(fold(after, self.plan.adopted), scheme):
            row = span_row(0, 0, span)
            append_span(made, {name: row[name] for name in _SPAN})
        return made

    def _difference(self, key: int, stored: Sequence[dict[str, Any]], given: Sequence[dict[str, Any]]) -> str:
        longest = max(len(stored), len(given))
        pairs = ((span_at(stored, index), span_at(given, index)) for index in range(longest))
        one, other = next(pair for pair in pairs if pair[0] != pair[1])
        days = [span["from_day"] for span in (one, other) if span is not None]
        said = f"the table says {span_words(one)}, and the ledger gives {span_words(other)}."
        return f"{self._name((Milestone.__tablename__, key))}: from {show_day(min(days))} {said}"

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
        for owner in (Milestone, Workstream, Priority):
            if row.get(f"{owner.__tablename__}_id") is not None:
                name = self._name((owner.__tablename__, row[f"{owner.__tablename__}_id"]))
                return f"{words} number {key} of {name[0].lower()}{name[1:]}"
        return f"{words} number {key}"


def _defaults(model: type[Base]) -> dict[str, Any]:
    """Return what a field holds that no entry speaks of: it came with a later migration, and nobody has set it."""
    found = {}
    for name in tracked(model):
        default: Any = inspect(model).columns[name].default
        if default is not None and default.is_scalar:
            found[name] = default.arg
    return found


def _words(value: Any) -> str:
    if value in _EMPTY:
        return "empty"
    text = str(value)
    return f'"{text[:80]}…"' if len(text) > 80 else f'"{text}"'
