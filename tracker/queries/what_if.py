"""A plan as it would be if some things were recorded today: the snapshot with changed facts, and nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import MilestonePredecessor
from tracker.queries.receipts import priority_milestones
from tracker.queries.rows import MilestoneRow, PlanRow, PlanSnapshot, PriorityRow, WorkstreamRow
from tracker.queries.timelines import histories, waiting_now
from tracker.queries.tree import items, snapshot
from tracker.rules.errors import Refusal
from tracker.rules.facts import Facts
from tracker.rules.rollup import Headline, count, headline, taken_out, workstream_colour, workstream_headline
from tracker.rules.scheme import Scheme, Thresholds, scheme_on
from tracker.rules.status import assess
from tracker.rules.waiting import facts_on, with_predecessors
from tracker.rules.what_if import Change, Setting, changed

# What a change may set, of what others wait for.
_PLAIN = (
    "due",
    "due_text",
    "forecast",
    "forecast_text",
    "claimed",
    "completed",
    "signoff",
    "signoff_day",
    "standing",
)


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
    knocked_on: tuple[tuple[MilestoneRow, MilestoneRow], ...] = ()  # what waits and changes too: before, after


def what_if(
    session: Session, plan: PlanRow, thresholds: Thresholds, changes: Sequence[Change], day: date, today: date
) -> WhatIf:
    """Return a plan as at `day` (today or later) as it is, and as it would be had the changes been recorded today.

    What waits for a changed milestone of the plan is judged again too. Twelve statements at most, none of which writes.
    """
    scheme = scheme_on(thresholds, day)
    before = snapshot(session, plan, scheme, day, today, annexes=False)
    rows = {row.id: row for row in before.milestones}
    wanted = {change.milestone_id for change in changes} & rows.keys()
    known = facts_of(session, plan, wanted, today, day) if wanted else {}
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
        now[key] = judged(rows[key], known[key], day, scheme, setting)
        tried.append(Tried(change, was, now[key]))
    chosen = set(now)
    if now:
        waiting = held_up(session, plan, {key: known[key] for key in now}, today, day)
        now |= {
            key: judged(now.get(key, rows[key]), facts, day, scheme, setting)
            for key, facts in waiting.items()
            if key in rows
        }
    after = recoloured(before, now, scheme)
    knocked = tuple(
        (rows[key], row) for key, row in now.items() if key not in chosen and row.colour is not rows[key].colour
    )
    return WhatIf(before, after, tuple(tried), tuple(_levels(before, after, set(now), scheme)), knocked)


def setting_of(plan: PlanRow, today: date) -> Setting:
    """Return what the acts take from a plan."""
    return Setting(today, plan.year_kind, plan.check_months, plan.calendar)


def facts_of(
    session: Session, plan: PlanRow, ids: Collection[int], known_by: date, day: date | None = None
) -> dict[int, Facts]:
    """Return what is known of some milestones at the end of a day, folded from the ledger, predecessors included.

    With `day`, what they wait for stands as it will on that later day by time alone. Two statements; three more where
    one waits for another.
    """
    known = histories(session, plan.id, plan.adopted, sorted(ids), known_by)
    return {key: facts_on(history, day or known_by) or history[-1][1] for key, history in known.items()}


def held_up(session: Session, plan: PlanRow, facts: Mapping[int, Facts], today: date, day: date) -> dict[int, Facts]:
    """Return the facts on a day of what waits for changed milestones, as they would be. `facts` are those changed.

    Three statements at most; one where nothing waits for them.
    """
    links = select(MilestonePredecessor.milestone_id).where(
        MilestonePredecessor.predecessor_id.in_(sorted(facts)),
        MilestonePredecessor.plan_id == plan.id,
        MilestonePredecessor.unlinked_on.is_(None),
    )
    ids = set(session.scalars(links))
    if not ids:
        return {}
    instead = {key: {name: getattr(each, name) for name in _PLAIN} for key, each in facts.items()}
    before = waiting_now(session, sorted(ids), today, instead)
    own = facts_of(session, plan, ids - facts.keys(), today) if ids - facts.keys() else {}
    found = {}
    for key in sorted(ids):
        each = facts.get(key) or own.get(key)
        if each is not None:
            bare = replace(each, predecessors=())
            found[key] = facts_on(with_predecessors([(today, bare)], before.get(key, ())), day) or each
    return found


def judged(row: MilestoneRow, facts: Facts, day: date, scheme: Scheme, setting: Setting) -> MilestoneRow:
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
        due_precision=setting.read(facts.due_text).precision.value if moved else row.due_precision,
        moves=facts.measured_moves,
        all_moves=facts.moves,
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
                pair = (_stream(w, before.day, scheme) for w in (old, new))
                found.append(Compared("workstream", new.ref, new.title, *pair))
    return found


def _stream(stream: WorkstreamRow, day: date, scheme: Scheme) -> Headline:
    below = items(stream.milestones)
    out = taken_out(stream.standing, stream.standing_reference, below, day)
    return out or workstream_headline(below, day, scheme)
