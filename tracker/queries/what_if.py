"""A plan as it would be if some things were recorded today: the snapshot with changed facts, and nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import LedgerEntry, Milestone
from tracker.queries.receipts import priority_milestones
from tracker.queries.rows import MilestoneRow, PlanRow, PlanSnapshot, PriorityRow, WorkstreamRow
from tracker.queries.tree import items, snapshot
from tracker.rules.dates import read_period
from tracker.rules.errors import Refusal
from tracker.rules.facts import Facts
from tracker.rules.fold import fold
from tracker.rules.rollup import Headline, count, headline, workstream_colour, workstream_headline
from tracker.rules.scheme import Scheme, Thresholds, scheme_on
from tracker.rules.status import assess
from tracker.rules.what_if import Change, Setting, changed


@dataclass(frozen=True, slots=True)
class Tried:
    """One change with the milestone before and after it; `refused` says why it cannot be, "" if it can."""

    change: Change
    before: MilestoneRow | None
    after: MilestoneRow | None
    refused: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan, priority or workstream before and after: its name, and both headlines with their counts."""

    level: str
    ref: str
    title: str
    before: Headline
    after: Headline

    @property
    def differs(self) -> bool:
        """Return whether colour or any count is not what it was."""
        return (self.before.colour, self.before.counts) != (self.after.colour, self.after.counts)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both plans as at one day, what was tried, and the levels above what was tried."""

    before: PlanSnapshot
    after: PlanSnapshot
    tried: tuple[Tried, ...]
    levels: tuple[Compared, ...]


def what_if(
    session: Session, plan: PlanRow, thresholds: Thresholds, changes: Sequence[Change], day: date, today: date
) -> WhatIf:
    """Return a plan as at `day` (today or later) as it is, and as it would be had the changes been recorded today.

    Six statements at most, none of which writes.
    """
    scheme = scheme_on(thresholds, day)
    before = snapshot(session, plan, scheme, day, today, annexes=False)
    rows = {row.id: row for row in before.milestones}
    wanted = {change.milestone_id for change in changes} & rows.keys()
    known = facts_of(session, plan, wanted, today) if wanted else {}
    setting = setting_of(plan, today)
    tried: list[Tried] = []
    now: dict[int, MilestoneRow] = {}
    for change in changes:
        key = change.milestone_id
        if key not in known:
            tried.append(Tried(change, None, None, "There is no such milestone in this plan.", "milestone"))
            continue
        was = now.get(key, rows[key])
        try:
            known[key] = changed(known[key], change, setting)
        except Refusal as refusal:
            tried.append(Tried(change, was, None, refusal.sentence, refusal.field))
            continue
        now[key] = judged(rows[key], known[key], day, scheme, plan.year_kind)
        tried.append(Tried(change, was, now[key]))
    after = recoloured(before, now, scheme)
    return WhatIf(before, after, tuple(tried), tuple(_levels(before, after, set(now), scheme)))


def setting_of(plan: PlanRow, today: date) -> Setting:
    """Return what the acts take from a plan."""
    return Setting(today, plan.year_kind, plan.check_months)


def facts_of(session: Session, plan: PlanRow, ids: set[int], day: date) -> dict[int, Facts]:
    """Return what is known of some milestones at the end of a day, folded from the ledger. One statement."""
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(
            LedgerEntry.plan_id == plan.id,
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id.in_(sorted(ids)),
            LedgerEntry.effective_day <= day,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    entries: dict[int, list[tuple[date, dict[str, object]]]] = defaultdict(list)
    for key, effective, changes in session.execute(query):
        entries[key].append((effective, {name: pair[1] for name, pair in changes.items()}))
    return {key: fold(known, plan.adopted)[-1][1] for key, known in entries.items()}


def judged(row: MilestoneRow, facts: Facts, day: date, scheme: Scheme, year_kind: str) -> MilestoneRow:
    """Return a milestone with changed facts, and the colour that the rules give them on a day."""
    verdict = assess(facts, day, scheme)
    moved = facts.due != row.due
    return replace(
        row,
        colour=verdict.colour,
        rule=verdict.rule,
        reason=verdict.reason,
        marks=verdict.marks,
        computed=verdict.computed,
        attributed=verdict.attributed,
        until=verdict.until,
        due=facts.due,
        due_text=facts.due_text,
        due_precision=read_period(facts.due_text, year_kind=year_kind).precision.value if moved else row.due_precision,
        moves=facts.moves,
        forecast=facts.forecast,
        forecast_text=facts.forecast_text,
        started=facts.started,
        standing=facts.standing.value,
    )


def recoloured(now: PlanSnapshot, rows: Mapping[int, MilestoneRow], scheme: Scheme) -> PlanSnapshot:
    """Return a snapshot with some milestones replaced and every colour above them rolled up again."""
    if not rows:
        return now
    priorities = tuple(_priority(priority, rows, now.day, scheme) for priority in now.priorities)
    everything = [row for priority in priorities for row in priority_milestones(priority)]
    return replace(now, priorities=priorities, headline=headline(items(everything), now.day, scheme))


def _priority(priority: PriorityRow, rows: Mapping[int, MilestoneRow], day: date, scheme: Scheme) -> PriorityRow:
    made = replace(
        priority,
        workstreams=tuple(_workstream(stream, rows, day) for stream in priority.workstreams),
        unplaced=_replaced(priority.unplaced, rows),
    )
    return replace(made, headline=headline(items(priority_milestones(made)), day, scheme))


def _workstream(stream: WorkstreamRow, rows: Mapping[int, MilestoneRow], day: date) -> WorkstreamRow:
    below = _replaced(stream.milestones, rows)
    colour = workstream_colour(m.colour for m in below) if stream.standing == "open" else stream.colour
    return replace(stream, milestones=below, colour=colour, counts=count(items(below), day))


def _replaced(found: Sequence[MilestoneRow], rows: Mapping[int, MilestoneRow]) -> tuple[MilestoneRow, ...]:
    return tuple(rows.get(row.id, row) for row in found)


def _levels(before: PlanSnapshot, after: PlanSnapshot, touched: set[int], scheme: Scheme) -> list[Compared]:
    found = [Compared("plan", "", before.plan.title, before.headline, after.headline)]
    for was, now in zip(before.priorities, after.priorities, strict=True):
        if not touched & {row.id for row in priority_milestones(now)}:
            continue
        found.append(Compared("priority", now.ref, now.title, was.headline, now.headline))
        for old, new in zip(was.workstreams, now.workstreams, strict=True):
            if touched & {row.id for row in new.milestones}:
                pair = (workstream_headline(items(w.milestones), before.day, scheme) for w in (old, new))
                found.append(Compared("workstream", new.ref, new.title, *pair))
    return found
