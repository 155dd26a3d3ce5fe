"""What will change if nothing more is recorded, in one plan or in several: the one function for all who ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    ColourSpan,
    Commitment,
    LeadAssignment,
    Milestone,
    Plan,
    Workstream,
)
from tracker.queries.as_at import REWOUND, past_of_plans
from tracker.queries.coming_rows import Coming, ComingChange, ComingOccurrence
from tracker.queries.commitment_rows import CommitmentRow, commitment_rows
from tracker.queries.milestone_rows import load_leads, milestone_query, rows_of
from tracker.queries.plans import on, ratings_of
from tracker.queries.rows import LeadRow, MilestoneRow, PlanSnapshot
from tracker.queries.timelines import histories
from tracker.rules.colour import Colour
from tracker.rules.permissions import Actor
from tracker.rules.rating import Rating
from tracker.rules.recurrence_ahead import closing, colours_ahead
from tracker.rules.scheme import Scheme, Thresholds, known_by, scheme_on
from tracker.rules.timeline import spans

HORIZONS = (30, 60, 90)

Ahead: TypeAlias = tuple[date, int, Colour, str]  # day, milestone, colour then, why
Known: TypeAlias = Mapping[int, tuple[date | None, Thresholds]]  # plan: day of adoption, scheme over time


@dataclass(frozen=True, slots=True)
class ComingPlan:
    """A plan in a list over several, with what its scheme calls the colours."""

    slug: str
    title: str
    rating: Rating


def coming_changes(session: Session, now: PlanSnapshot, days: int, today: date, scheme: Thresholds) -> list[Coming]:
    """Return what changes within `days` after the snapshot if nothing more is recorded, soonest first. One statement.

    Colours of milestones, and of the recurring commitments that the snapshot holds with their windows that close. For
    a day before today they are computed from what the ledger knew at the end of that day: the spans of today hold what
    was recorded since.
    """
    known = {now.plan.id: (now.plan.adopted, scheme)}
    against = now.reported.number if now.reported is not None else None
    found: list[Coming] = [*_changes(_ahead(session, known, now.day, days, today, against), now.milestones)]
    standing = scheme_on(scheme, now.day)
    for priority in now.priorities:
        for stream in priority.workstreams:
            for one in stream.commitments:
                found += _recurring(one, stream.id, stream.ref, stream.title, stream.leads, now.day, days, standing)
    return _in_order(found)


def coming_of_plans(
    session: Session, actor: Actor, days: int, day: date, today: date
) -> tuple[list[Coming], dict[int, ComingPlan]]:
    """Return what `coming_changes` does for every plan that the actor may see, with the plans.

    Ten statements; for a past day one more for each further plan.
    """
    seen = true() if actor.administrator or actor.system else Plan.id.in_(sorted(actor.roles))
    plans = session.execute(
        select(Plan.id, Plan.slug, Plan.title, Plan.adopted, Plan.ratings).where(seen).order_by(Plan.title)
    ).all()
    names = {plan.id: ComingPlan(plan.slug, plan.title, ratings_of(plan.ratings).on(day)) for plan in plans}
    ratings = {plan.id: ratings_of(plan.ratings) for plan in plans}
    known = {plan.id: (plan.adopted, ratings[plan.id].schemes) for plan in plans}
    if not known:
        return [], {}
    then = past_of_plans(session, sorted(known), day, today, (*REWOUND, "commitment", "occurrence"))
    ahead = _ahead(session, known, day, days, today)
    wanted = sorted({key for _, key, _, _ in ahead})
    found: list[Coming] = []
    if wanted:
        query = milestone_query(day).where(Milestone.id.in_(wanted))
        found += _changes(ahead, rows_of(session, query, day, then), _plans_of(session, wanted))
    led = LeadAssignment.workstream_id.in_(
        select(Commitment.workstream_id).where(Commitment.plan_id.in_(sorted(known)))
    )
    schemes = {key: rating.on(day).scheme for key, rating in ratings.items()}
    rows = commitment_rows(session, Commitment.plan_id.in_(sorted(known)), schemes, day, then, {})
    if rows:
        leads = load_leads(session, led, day, then)
        streams = select(Workstream.id, Workstream.ref, Workstream.title, Workstream.plan_id)
        for key, ref, title, plan_id in session.execute(streams.where(Workstream.id.in_(sorted(rows)))):
            for one in rows[key]:
                mine = leads.get(("workstream", key), ())
                found += _recurring(one, key, ref, title, mine, day, days, schemes[plan_id], plan_id)
    return _in_order(found), names


def _plans_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(Milestone.id, Milestone.plan_id).where(Milestone.id.in_(ids))
    return {row.id: row.plan_id for row in session.execute(query)}


def _in_order(found: Iterable[Coming]) -> list[Coming]:
    return sorted(found, key=lambda change: (change.day, change.recurring, change.full_ref))


def _changes(
    ahead: Iterable[Ahead], rows: Iterable[MilestoneRow], plans: Mapping[int, int] | None = None
) -> list[ComingChange]:
    known = {row.id: row for row in rows}
    current = {row.id: row.colour for row in known.values()}
    found = []
    for day, key, after, reason in ahead:
        if key in known and current[key] is not after:
            found.append(ComingChange(known[key], day, current[key], after, reason, (plans or {}).get(key, 0)))
            current[key] = after
    return found


def _recurring(
    one: CommitmentRow,
    workstream_id: int,
    ref: str,
    title: str,
    leads: tuple[LeadRow, ...],
    day: date,
    days: int,
    scheme: Scheme,
    plan_id: int = 0,
) -> list[ComingOccurrence]:
    if one.rule is None:
        return []
    last = day + timedelta(days=days)
    place = (workstream_id, ref, title, leads)
    found = [
        ComingOccurrence(one, *place, turn, before, verdict.colour, verdict.reason, plan_id=plan_id)
        for turn, before, verdict in colours_ahead(one.rule, one.recorded, day, last, scheme)
    ]
    colour = one.verdict.colour
    found += [
        ComingOccurrence(one, *place, each.day, colour, colour, each.sentence, each.number, plan_id)
        for each in closing(one.rule, one.recorded, day, last)
    ]
    return found


def _ahead(
    session: Session, known: Known, day: date, days: int, today: date, against: int | None = None
) -> list[Ahead]:
    """Return the stretches to come; `against` is the number of an earlier version, unknown to the stored ones."""
    if day < today or against is not None:
        return _as_known_then(session, known, day, days, against)
    return _stored(session, known, day, days)


def _stored(session: Session, known: Known, day: date, days: int) -> list[Ahead]:
    later = aliased(ColourSpan)
    query = (
        select(later.from_day, later.milestone_id, later.colour, later.reason)
        .select_from(ColourSpan)
        .join(later, and_(later.milestone_id == ColourSpan.milestone_id, later.from_day > day))
        .where(ColourSpan.plan_id.in_(sorted(known)), *on(day), later.from_day <= day + timedelta(days=days))
        .order_by(later.from_day, later.milestone_id)
    )
    return [(turn, key, Colour(colour), reason) for turn, key, colour, reason in session.execute(query)]


def _as_known_then(session: Session, known: Known, day: date, days: int, against: int | None) -> list[Ahead]:
    last = day + timedelta(days=days)
    found = []
    for plan_id, (adopted, thresholds) in known.items():
        told = histories(session, plan_id, adopted, until=day, against=against)
        for key, history in told.items():
            for span in spans(history, known_by(thresholds, day)):
                if day < span.from_day <= last:
                    found.append((span.from_day, key, span.colour, span.reason))
    return sorted(found, key=lambda change: change[:2])
