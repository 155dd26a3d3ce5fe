"""A plan reported against an earlier version: its baseline for slippage and colours, and the milestones it had.

The colour spans are kept for the baseline in force. For an earlier version the milestones that a later one
re-baselined are folded again from the ledger with that baseline left aside; every other figure is the stored one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Baseline, LedgerEntry, Milestone, MilestonePredecessor, PlanVersion
from tracker.queries.rows import MilestoneRow, PlanRow
from tracker.queries.timelines import link_entries, waiting
from tracker.queries.version_rows import VersionRow, following
from tracker.rules.facts import Facts
from tracker.rules.fold import fold
from tracker.rules.scheme import Thresholds
from tracker.rules.timeline import FOREVER, Span, spans
from tracker.rules.waiting import facts_on, with_predecessors


@dataclass(frozen=True, slots=True)
class Restated:
    """One milestone against an earlier version: the stretch of its colour, and the facts it follows from."""

    span: Span
    facts: Facts


@dataclass(frozen=True, slots=True)
class Restatement:
    """What is otherwise on a day if a plan is reported against an earlier version."""

    version: VersionRow | None = None  # None: the version in force, and nothing is otherwise
    changed: Mapping[int, Restated] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()  # milestones that came into the plan under a later version

    def has(self, milestone_id: int) -> bool:
        """Return whether the milestone was in the version."""
        return milestone_id not in self.absent

    def row(self, row: MilestoneRow) -> MilestoneRow:
        """Return a milestone as it is against the version."""
        found = self.changed.get(row.id)
        if found is None:
            return row
        span, facts = found.span, found.facts
        return replace(
            row,
            colour=span.colour,
            rule=span.rule,
            reason=span.reason,
            marks=span.marks,
            computed=span.computed,
            attributed=span.attributed,
            since=span.from_day,
            until=None if span.to_day == FOREVER else span.to_day,
            moves=facts.measured_moves,
            all_moves=facts.moves,
            baseline_due=facts.baseline_due,
            baseline_due_text=facts.baseline_due_text,
            baseline_version=facts.baseline_version,
        )


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """The date that one version took as the baseline of one milestone, and how often it had been moved by then."""

    number: int
    label: str
    adopted: date
    due_text: str
    due: date
    moves: int


IN_FORCE = Restatement()


def restate(session: Session, plan: PlanRow, scheme: Thresholds, day: date, against: VersionRow | None) -> Restatement:
    """Return what is otherwise on a day if the plan is reported against a version; no statement for the one in force.

    At most four statements, three more where one of them waits for another milestone.
    """
    after = following(plan.versions, against, day) if against is not None else None
    if against is None or after is None or after.adopted is None:
        return IN_FORCE
    changed = {}
    found = rebaselined(session, plan, day, against)
    links = link_entries(session, MilestonePredecessor.milestone_id.in_(list(found)), day) if found else []
    before = waiting(session, links, day)
    for milestone_id, entries in found.items():
        history = with_predecessors(fold(entries, plan.adopted, against.number), before.get(milestone_id, ()))
        span = next(span for span in spans(history, scheme) if span.from_day <= day <= span.to_day)
        changed[milestone_id] = Restated(span, facts_on(history, day) or history[0][1])
    return Restatement(against, changed, _added_from(session, plan.id, after.adopted))


def rebaselined(
    session: Session, plan: PlanRow, day: date, against: VersionRow
) -> dict[int, list[tuple[date, dict[str, Any]]]]:
    """Return the ledger, up to a day, of the milestones that a version later than `against` re-baselined by then."""
    later = [version.id for version in plan.later_versions if version.number > against.number and version.holds_on(day)]
    touched = select(Baseline.milestone_id).where(Baseline.version_id.in_(later))
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id.in_(touched),
            LedgerEntry.effective_day <= day,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    found: dict[int, list[tuple[date, dict[str, Any]]]] = defaultdict(list)
    for milestone_id, effective, changes in session.execute(query):
        found[milestone_id].append((effective, {name: pair[1] for name, pair in changes.items()}))
    return found


def baselines_of(session: Session, milestone_ids: Iterable[int], day: date) -> dict[int, list[BaselineRow]]:
    """Return the baselines that versions in force by a day gave to milestones, the first one first. One statement."""
    query = (
        select(
            Baseline.milestone_id, PlanVersion.number, PlanVersion.label, PlanVersion.adopted, Baseline.due_text,
            Baseline.due, Baseline.moves, PlanVersion.undone_on,
        )
        .join(PlanVersion, PlanVersion.id == Baseline.version_id)
        .where(Baseline.milestone_id.in_(list(milestone_ids)), PlanVersion.adopted <= day)
        .order_by(PlanVersion.number)
    )  # fmt: skip
    found: dict[int, list[BaselineRow]] = defaultdict(list)
    for milestone_id, number, label, adopted, text, due, moves, undone in session.execute(query):
        if undone is None or undone > day:
            found[milestone_id].append(BaselineRow(number, label, adopted, text, due, moves))
    return found


def baseline_counts(session: Session, plan_id: int) -> dict[int, int]:
    """Return how many milestones took a baseline in each version of a plan, by the version's id. One statement."""
    query = select(Baseline.version_id, func.count()).where(Baseline.plan_id == plan_id).group_by(Baseline.version_id)
    return dict(session.execute(query).all())


def _added_from(session: Session, plan_id: int, day: date) -> frozenset[int]:
    """Return the milestones whose first ledger entry took effect on a day or later."""
    query = (
        select(LedgerEntry.subject_id)
        .where(LedgerEntry.plan_id == plan_id, LedgerEntry.subject_type == Milestone.__tablename__)
        .group_by(LedgerEntry.subject_id)
        .having(func.min(LedgerEntry.effective_day) >= day)
    )
    return frozenset(session.scalars(query))
