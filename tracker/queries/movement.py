"""What changed colour since a day, why, and what will change next: all of it read from the colour spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import ColourSpan, LedgerEntry, Milestone
from tracker.queries.as_at import any_recounted, counted_then
from tracker.queries.plans import on
from tracker.queries.restate import IN_FORCE, Restatement
from tracker.queries.rows import (
    ComingChange,
    Earlier,
    EarlierPriority,
    EarlierWorkstream,
    MilestoneRow,
    Movement,
    PlanSnapshot,
)
from tracker.queries.timelines import histories
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rollup import Direction, Item, direction, headline, workstream_colour
from tracker.rules.scheme import Thresholds, known_by
from tracker.rules.timeline import spans

_VERBS = {
    "claimed completion": "completion claimed",
    "approved the completion": "completion signed off",
    "returned the completion": "completion returned",
    "revoked the sign-off": "sign-off revoked",
    "sign-off lapsed": "sign-off lapsed",
    "approved the new date": "new date approved",
    "refused the new date": "new date refused",
    "overrode the colour": "colour overridden",
    "ended the override": "override ended",
    "requested a new date": "new date asked for",
    "updated": "update",
    "confirmed on track": "confirmed on track",
    "adopted the new baseline": "new baseline adopted",
}


def earlier(
    session: Session, plan_id: int, since: date, scheme: Thresholds, restated: Restatement = IN_FORCE
) -> Earlier | None:
    """Return the colours of a plan on a day; None if it was not there yet.

    One statement, one more where a milestone was moved or marked as critical since. `restated` is what is otherwise on
    that day against an earlier version.
    """
    query = (
        select(
            ColourSpan.milestone_id,
            ColourSpan.colour,
            ColourSpan.due,
            Milestone.critical,
            Milestone.priority_id,
            Milestone.workstream_id,
            any_recounted([plan_id], since),
        )
        .join(Milestone, Milestone.id == ColourSpan.milestone_id)
        .where(ColourSpan.plan_id == plan_id, *on(since))
    )
    colours: dict[int, Colour] = {}
    below: dict[int, list[Item]] = defaultdict(list)
    workstreams: dict[int, dict[int, set[Colour]]] = defaultdict(lambda: defaultdict(set))
    read = session.execute(query).all()
    then = counted_then(session, [plan_id], since) if read and read[0][-1] else {}
    for milestone_id, name, due, critical, priority_id, workstream_id, _ in read:
        if not restated.has(milestone_id):
            continue
        found = restated.changed.get(milestone_id)
        colour = colours[milestone_id] = found.span.colour if found else Colour(name)
        was = then.get(milestone_id, {})
        critical, priority_id = was.get("critical", critical), was.get("priority_id", priority_id)
        workstream_id = was.get("workstream_id", workstream_id)
        below[priority_id].append(Item(colour, due, critical))
        if workstream_id is not None:
            workstreams[priority_id][workstream_id].add(colour)
    if not colours:
        return None
    return Earlier(
        day=since,
        headline=headline([item for items in below.values() for item in items], since, scheme),
        priorities=tuple(
            EarlierPriority(
                key,
                headline(items, since, scheme),
                tuple(EarlierWorkstream(w, workstream_colour(seen)) for w, seen in workstreams[key].items()),
            )
            for key, items in below.items()
        ),
        colours=colours,
    )


def movements(session: Session, now: PlanSnapshot, before: Earlier | None) -> list[Movement]:
    """Return the milestones whose colour is not what it was, worse first. At most two statements."""
    if before is None:
        return []
    was = before.colours
    moved = [row for row in now.milestones if was.get(row.id) is not row.colour]
    if not moved:
        return []
    causes = _causes(session, now, before.day, moved)
    found = [
        Movement(row, was.get(row.id), row.colour, direction(was.get(row.id), row.colour), causes[row.id])
        for row in moved
    ]
    order = [Direction.WORSE, Direction.BETTER, Direction.NEW, Direction.CLOSED, Direction.SAME]
    return sorted(found, key=lambda movement: order.index(movement.direction))


def coming_changes(
    session: Session, now: PlanSnapshot, days: int, today: date, scheme: Thresholds
) -> list[ComingChange]:
    """Return the colours that change within `days` after the snapshot if nothing more is recorded. One statement.

    For a day before today they are computed from what the ledger knew at the end of that day: the spans of today
    hold what was recorded since.
    """
    folded = now.day < today or now.reported is not None
    ahead = _ahead_as_known_then(session, now, days, scheme) if folded else _ahead(session, now, days)
    rows = {row.id: row for row in now.milestones}
    current = {row.id: row.colour for row in now.milestones}
    found = []
    for day, milestone_id, after, reason in ahead:
        if milestone_id in rows and current[milestone_id] is not after:
            found.append(ComingChange(rows[milestone_id], day, current[milestone_id], after, reason))
            current[milestone_id] = after
    return found


def _ahead(session: Session, now: PlanSnapshot, days: int) -> list[tuple[date, int, Colour, str]]:
    later = aliased(ColourSpan)
    query = (
        select(later.from_day, later.milestone_id, later.colour, later.reason)
        .select_from(ColourSpan)
        .join(
            later,
            and_(later.milestone_id == ColourSpan.milestone_id, later.from_day > now.day),
        )
        .where(
            ColourSpan.plan_id == now.plan.id,
            *on(now.day),
            later.from_day <= now.day + timedelta(days=days),
        )
        .order_by(later.from_day, later.milestone_id)
    )
    return [(day, key, Colour(colour), reason) for day, key, colour, reason in session.execute(query)]


def _ahead_as_known_then(
    session: Session, now: PlanSnapshot, days: int, scheme: Thresholds
) -> list[tuple[date, int, Colour, str]]:
    last = now.day + timedelta(days=days)
    found = []
    against = now.reported.number if now.reported else None
    known = histories(session, now.plan.id, now.plan.adopted, until=now.day, against=against)
    for key, history in known.items():
        for span in spans(history, known_by(scheme, now.day)):
            if now.day < span.from_day <= last:
                found.append((span.from_day, key, span.colour, span.reason))
    return sorted(found, key=lambda change: change[:2])


def _causes(session: Session, now: PlanSnapshot, since: date, moved: Sequence[MilestoneRow]) -> dict[int, str]:
    """Return for each milestone what turned it: the last entry on the day its colour began, or time alone."""
    ids = [row.id for row in moved]
    verbs: dict[tuple[int, date], tuple[str, str]] = {}
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.verb, LedgerEntry.reason)
        .where(
            LedgerEntry.plan_id == now.plan.id,
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id.in_(ids),
            LedgerEntry.effective_day > since,
            LedgerEntry.effective_day <= now.day,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    latest: dict[int, tuple[date, str, str]] = {}
    for milestone_id, day, verb, reason in session.execute(query):
        verbs[milestone_id, day] = (verb, reason)
        latest[milestone_id] = (day, verb, reason)
    began = _began(session, now, since, ids)
    return {row.id: _cause(row, began.get(row.id), verbs, latest.get(row.id)) for row in moved}


def _began(session: Session, now: PlanSnapshot, since: date, ids: Sequence[int]) -> dict[int, tuple[date, str, str]]:
    """Return for each milestone the day since which it has its colour, for whatever reasons, with the first rule.

    Last comes the rule that held before.
    """
    query = (
        select(ColourSpan.milestone_id, ColourSpan.from_day, ColourSpan.colour, ColourSpan.rule)
        .where(ColourSpan.milestone_id.in_(ids), ColourSpan.to_day > since, ColourSpan.from_day <= now.day)
        .order_by(ColourSpan.milestone_id, ColourSpan.from_day)
    )
    found: dict[int, tuple[date, str, str]] = {}
    last: dict[int, tuple[str, str]] = {}
    for milestone_id, day, colour, rule in session.execute(query):
        before_colour, before_rule = last.get(milestone_id, ("", ""))
        if before_colour != colour:
            found[milestone_id] = (day, rule, before_rule)
        last[milestone_id] = (colour, rule)
    return found


def _cause(
    row: MilestoneRow,
    began: tuple[date, str, str] | None,
    verbs: dict[tuple[int, date], tuple[str, str]],
    latest: tuple[date, str, str] | None,
) -> str:
    if began is not None:
        day, rule, before = began
        if (row.id, day) in verbs:
            verb, reason = verbs[row.id, day]
            detail = f", {reason}" if verb.startswith("approved the new date") and reason else ""
            return f"{_VERBS.get(verb, verb)} on {show_day(day)}{detail}"
        if rule == "3" and row.due is not None:
            return f"deadline passed on {show_day(row.due)}"
        if rule == "4d":
            return f"not started, and the deadline is near (from {show_day(day)})"
        if rule == "4c":
            return f"held up by what it waits for, from {show_day(day)}"
        if before == "4c":
            return f"no longer held up by what it waits for, from {show_day(day)}"
        if rule == "2":
            return f"sign-off overdue from {show_day(day)}"
        if latest is None:
            return f"time passed (rule {rule}, from {show_day(day)})"
    if latest is not None:
        return f"{_VERBS.get(latest[1], latest[1])} on {show_day(latest[0])}"
    return "added to the plan"
