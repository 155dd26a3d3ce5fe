"""Compare everything that is stored of one plan with its ledger."""

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
    Baseline,
    BoardPlan,
    ColourSpan,
    Commitment,
    DeadlineChange,
    Evidence,
    LeadAssignment,
    Matter,
    Measure,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Occurrence,
    Pack,
    PackAction,
    PackCommentary,
    PackMinute,
    PackWaiver,
    PeriodState,
    Plan,
    PlanEndChange,
    PlanVersion,
    Priority,
    RaidItem,
    RaidLink,
    Reading,
    Record,
    Voice,
    Workstream,
)
from tracker.queries.timelines import after
from tracker.rules.dates import show_day
from tracker.rules.facts import SignOff
from tracker.rules.fold import fold
from tracker.rules.rating import Ratings
from tracker.rules.scheme import Schemes
from tracker.rules.timeline import spans
from tracker.rules.waiting import Waiting, with_predecessors
from tracker.services.colours import MEANING, span_row
from tracker.services.ledger import plain, tracked
from tracker.services.verified_chains import Chains, Subject, chain_faults
from tracker.services.verified_colours import append_span, span_at, span_words
from tracker.services.verified_decisions import baseline_faults, file_faults, move_faults, signature_faults
from tracker.services.verified_packs import pack_faults
from tracker.services.verified_refs import twice_used
from tracker.services.verified_waits import waits_of

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
    MilestonePredecessor,
    PeriodState,
    Commitment,
    Occurrence,
    Evidence,
    DeadlineChange,
    PlanEndChange,
    PlanVersion,
    BoardPlan,
    Pack,
    PackWaiver,
    PackCommentary,
    Matter,
    PackMinute,
    PackAction,
    Voice,
    RaidItem,
    RaidLink,
)
_SPAN = ("from_day", "to_day", *MEANING)

_EMPTY = (None, "")
Changes = list[tuple[date, int, Mapping[str, list[Any]]]]  # day of effect, number, {field: [before, after]}


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What was found of one plan; `faults` says where, in sentences."""

    slug: str
    entries: int
    last_hash: str
    """Hash of the last ledger entry that the plan knows of: filed with a verdict, it shows a later rewriting."""
    rows: int
    milestones: int
    signed: int
    files: int
    chain: bool
    projection: bool
    spans: bool
    signatures: bool
    evidence: bool | None  # None: the files were not looked at
    moves: bool
    frozen: int
    packs: bool
    faults: tuple[str, ...]


@dataclass
class Checker:
    """One run over one plan: everything is read once, in one statement a table, and compared in memory."""

    session: Session
    plan: Plan
    chains: Chains
    folder: Path | None = None
    entries: int = 0
    history: dict[Subject, Changes] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)

    def check(self) -> PlanCheck:
        """Return what is found of the plan."""
        broken = list(chain_faults(self.session, self.plan, self._note))
        unreadable = [fault for model in TRACKED for fault in self._load(model)]
        for changes in self.history.values():
            changes.sort(key=lambda change: change[:2])
        self.chains.whole[self.plan.id] = not broken
        chain = [f"Ledger entry {seq}{self._of(subject)} {what}." for seq, subject, what in broken]
        twice = twice_used(self.history, self._name)
        projection = [*unreadable, *self._projection(), *twice, *self._baselines()]
        colours = list(self._colours())
        milestones, evidence = self.tables[Milestone.__tablename__], self.tables[Evidence.__tablename__]
        signatures = list(signature_faults(milestones, evidence, self._name))
        files = list(file_faults(evidence, self.folder, self._name)) if self.folder is not None else []
        moves = list(move_faults(milestones, self.tables[DeadlineChange.__tablename__], self._brought(), self._name))
        packs = list(pack_faults(self.session, self.plan, self.tables[Pack.__tablename__]))
        return PlanCheck(
            slug=self.plan.slug,
            entries=self.entries,
            last_hash=self.plan.ledger_head,
            rows=sum(len(rows) for rows in self.tables.values()),
            milestones=len(milestones),
            signed=sum(row["signoff"] == SignOff.APPROVED for row in milestones.values()),
            files=sum(bool(row["stored_name"]) for row in evidence.values()),
            chain=not chain,
            projection=not projection,
            spans=not colours,
            signatures=not signatures,
            evidence=None if self.folder is None else not files,
            moves=not moves,
            frozen=sum(bool(row["fingerprint"]) for row in self.tables[Pack.__tablename__].values()),
            packs=not packs,
            faults=(*chain, *projection, *colours, *signatures, *files, *moves, *packs),
        )

    def _note(self, entry: Mapping[str, Any]) -> None:
        self.entries += 1
        changes = entry["changes"] if _is_changes(entry["changes"]) else {}
        subject = (entry["subject_type"], entry["subject_id"])
        self.history[subject].append((entry["effective_day"], entry["seq"], changes))

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

    def _brought(self) -> dict[int, int]:
        """Return the moves that milestones were made with, by milestone."""
        first = (
            (key, fields[0][2].get("moves")) for (table, key), fields in self.history.items() if table == "milestone"
        )
        return {key: pair[1] for key, pair in first if pair is not None and isinstance(pair[1], int)}

    def _baselines(self) -> Iterator[str]:
        """Yield baselines of versions that are not what the ledger gave to the milestone."""
        entries = {key: changes for (table, key), changes in self.history.items() if table == Milestone.__tablename__}
        columns = (Baseline.version_id, Baseline.milestone_id, Baseline.due, Baseline.due_text, Baseline.moves)
        stored = [tuple(row) for row in self.session.execute(select(*columns).where(Baseline.plan_id == self.plan.id))]
        yield from baseline_faults(entries, self.tables[PlanVersion.__tablename__], stored, self._name)

    def _colours(self) -> Iterator[str]:
        """Yield milestones whose stored colours are not those that the ledger gives."""
        try:
            schemes = self._schemes()
        except (ValueError, TypeError, LookupError) as error:
            yield f"Plan: what the ledger says of its rating schemes cannot be read ({error})."
            return
        stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
        columns = [getattr(ColourSpan, name) for name in ("milestone_id", *_SPAN)]
        query = select(*columns).where(ColourSpan.plan_id == self.plan.id)
        for row in self.session.execute(query.order_by(ColourSpan.milestone_id, ColourSpan.from_day, ColourSpan.id)):
            append_span(stored[row[0]], dict(zip(_SPAN, row[1:], strict=True)))
        known = {key for table, key in self.history if table == Milestone.__tablename__}
        try:
            waits = waits_of(self.session, self.plan.id, self.history, self.chains)
        except (ValueError, TypeError, LookupError) as error:
            yield f"What milestones of the plan wait for cannot be read ({error!r})."
            return
        yield from waits.faults
        for key in sorted(known | stored.keys()):
            try:
                given = self._given(key, schemes, waits.before.get(key, ())) if key in known else []
            except (ValueError, TypeError) as error:
                yield f"{self._name((Milestone.__tablename__, key))}: what the ledger says has no colour ({error})."
                continue
            if given != stored[key]:
                yield self._difference(key, stored[key], given)

    def _schemes(self) -> Schemes:
        """Return the thresholds that stood when, as the ledger of the plan itself has them."""
        told = [
            fields["ratings"][1]
            for _, _, fields in self.history[Plan.__tablename__, self.plan.id]
            if "ratings" in fields
        ]
        return Ratings.from_data(told[-1] if told else None).schemes

    def _given(self, key: int, schemes: Schemes, before: Sequence[Waiting]) -> list[dict[str, Any]]:
        entries = [(day, after(fields)) for day, _, fields in self.history[Milestone.__tablename__, key]]
        made: list[dict[str, Any]] = []
        for span in spans(with_predecessors(fold(entries, self.plan.adopted), before), schemes):
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
        for owner in (Commitment, Milestone, Workstream, Priority):
            if row.get(f"{owner.__tablename__}_id") is not None:
                name = self._name((owner.__tablename__, row[f"{owner.__tablename__}_id"]))
                return f"{words} number {key} of {name[0].lower()}{name[1:]}"
        return f"{words} number {key}"


def _is_changes(value: Any) -> bool:
    """Return whether a value has the shape of changes: each field with what it was and what it is."""
    return isinstance(value, dict) and all(isinstance(pair, list) and len(pair) == 2 for pair in value.values())


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
