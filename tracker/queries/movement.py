"""What changed colour since a day and why, read from the colour spans; `coming_changes` says what will change next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Milestone
from tracker.queries.as_at import any_recounted, counted_then
from tracker.queries.coming import coming_changes
from tracker.queries.plans import on
from tracker.queries.restate import IN_FORCE, Restatement
from tracker.queries.rows import (
    Earlier,
    EarlierPriority,
    EarlierWorkstream,
    MilestoneRow,
    Movement,
    PlanSnapshot,
)
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rollup import Direction, Item, direction, headline, workstream_colour
from tracker.rules.scheme import Thresholds

__all__ = ["coming_changes", "earlier", "movements", "why_moved"]

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
    """Return the milestones whose colour is not what it was, worse first. At most one statement."""
    if before is None:
        return []
    was = before.colours
    moved = [row for row in now.milestones if was.get(row.id) is not row.colour]
    if not moved:
        return []
    causes = _causes(session, now, before, moved)
    found = [
        Movement(row, was.get(row.id), row.colour, direction(was.get(row.id), row.colour), causes[row.id])
        for row in moved
    ]
    order = [Direction.WORSE, Direction.BETTER, Direction.NEW, Direction.CLOSED, Direction.SAME]
    return sorted(found, key=lambda movement: order.index(movement.direction))


def _causes(session: Session, now: PlanSnapshot, before: Earlier, moved: Sequence[MilestoneRow]) -> dict[int, str]:
    """Return for each milestone what turned it: the last entry on the day its colour began, or time alone.

    One statement reads both the entries and the days since which a colour has stood, for whatever reasons.
    """
    ids = [row.id for row in moved]
    since = before.day
    news = LedgerEntry.effective_day > since
    if before.taken_at is not None:  # what was recorded after a pack was frozen is news, whatever day it is about
        news |= LedgerEntry.recorded_at > before.taken_at
    entries = select(
        LedgerEntry.subject_id.label("key"),
        LedgerEntry.effective_day.label("day"),
        LedgerEntry.seq.label("place"),
        LedgerEntry.verb.label("said"),
        LedgerEntry.reason.label("why"),
    ).where(
        LedgerEntry.plan_id == now.plan.id,
        LedgerEntry.subject_type == Milestone.__tablename__,
        LedgerEntry.subject_id.in_(ids),
        news,
        LedgerEntry.effective_day <= now.day,
    )
    stretches = select(
        ColourSpan.milestone_id, ColourSpan.from_day, literal(_SPAN), ColourSpan.colour, ColourSpan.rule
    ).where(ColourSpan.milestone_id.in_(ids), ColourSpan.to_day > since, ColourSpan.from_day <= now.day)
    verbs: dict[tuple[int, date], tuple[str, str]] = {}
    latest: dict[int, tuple[date, str, str]] = {}
    began: dict[int, tuple[date, str, str]] = {}
    last: dict[int, tuple[str, str]] = {}
    for key, day, place, said, why in session.execute(union_all(entries, stretches).order_by("day", "place")):
        if place != _SPAN:
            verbs[key, day] = (said, why)
            latest[key] = (day, said, why)
            continue
        colour, rule = last.get(key, ("", ""))
        if colour != said:
            began[key] = (day, why, rule)
        last[key] = (said, why)
    return {row.id: _cause(row, began.get(row.id), verbs, latest.get(row.id)) for row in moved}


_SPAN = -1  # stands where an entry has its number


def _cause(
    row: MilestoneRow,
    began: tuple[date, str, str] | None,
    verbs: dict[tuple[int, date], tuple[str, str]],
    latest: tuple[date, str, str] | None,
) -> str:
    if began is not None:
        day, rule, before = began
        said = verbs.get((row.id, day))
        if said is not None or rule in _BY_TIME or before == "4c" or latest is None:
            return why_moved(day, rule, row.due, said, before=before)
    if latest is not None:
        return f"{_VERBS.get(latest[1], latest[1])} on {show_day(latest[0])}"
    return "added to the plan"


_BY_TIME = ("2", "3", "4c", "4d")


def why_moved(
    day: date, rule: str, due: date | None, said: tuple[str, str] | None, *, before: str = "", added: bool = False
) -> str:
    """Return why a colour began on a day, as a phrase: `said`, the last verb and reason of that day, or time alone.

    `before` is the rule that held until then.
    """
    if said is not None:
        verb, reason = said
        detail = f", {reason}" if verb.startswith("approved the new date") and reason else ""
        return f"{_VERBS.get(verb, verb)} on {show_day(day)}{detail}"
    if added:
        return f"added to the plan on {show_day(day)}"
    if rule == "3" and due is not None:
        return f"deadline passed on {show_day(due)}"
    if rule == "4d":
        return f"not started, and the deadline is near (from {show_day(day)})"
    if rule == "4c":
        return f"held up by what it waits for, from {show_day(day)}"
    if before == "4c":
        return f"no longer held up by what it waits for, from {show_day(day)}"
    if rule == "2":
        return f"sign-off overdue from {show_day(day)}"
    return f"time passed (rule {rule}, from {show_day(day)})"
