"""The colour timeline: spans kept in a table, replaced from the moment of each change on, future included.

A milestone that waits for another one breaks its spans where that one does, so whatever changes a milestone draws
again those that wait for it, in whichever plan. One step is enough: only a Red or a date of a predecessor counts, and
neither follows from what the predecessor waits for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, insert, inspect, or_, select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, Milestone, MilestonePredecessor, Plan
from tracker.queries import timelines
from tracker.rules.facts import Facts
from tracker.rules.fold import facts_of
from tracker.rules.rating import Ratings
from tracker.rules.scheme import Scheme, Schemes, scheme_on
from tracker.rules.timeline import Span, spans
from tracker.rules.waiting import Waiting, facts_on, with_predecessors
from tracker.services.ledger import tracked

ONE_DAY = timedelta(days=1)
MEANING = ("colour", "rule", "reason", "marks", "computed", "attributed", "due", "due_text", "moves")


def schemes_of(plan: Plan) -> Schemes:
    """Return the thresholds that colour a plan, each from the day on which it was chosen."""
    return Ratings.from_data(plan.ratings).schemes


def scheme_of(plan: Plan, day: date) -> Scheme:
    """Return the thresholds that colour a plan on a day."""
    return scheme_on(schemes_of(plan), day)


def facts_now(milestone: Milestone, plan: Plan) -> Facts:
    """Return the facts of a milestone as its row holds them, without what it waits for."""
    there = vars(milestone)
    values = {name: there[name] if name in there else getattr(milestone, name) for name in tracked(Milestone)}
    return facts_of(values, plan.adopted)


def facts_today(session: Session, milestone: Milestone, plan: Plan, day: date) -> Facts:
    """Return the facts of a milestone as its row holds them, with its predecessors as they stand on `day`."""
    own = facts_now(milestone, plan)
    before = timelines.waiting_now(session, [milestone.id], day)
    return facts_on(with_predecessors([(day, own)], before.get(milestone.id, ())), day) or own


def refresh(session: Session, plan: Plan, milestone: Milestone, day: date) -> None:
    """Replace the spans of one milestone, and of those that wait for it, from `day` on; what lies before stays."""
    links = session.execute(
        select(MilestonePredecessor.milestone_id, MilestonePredecessor.predecessor_id).where(
            or_(MilestonePredecessor.milestone_id == milestone.id, MilestonePredecessor.predecessor_id == milestone.id),
            MilestonePredecessor.unlinked_on.is_(None),
        )
    ).all()
    if not links:
        _replace(session, plan, milestone.id, facts_now(milestone, plan), (), day)
        return
    held = _hold(session, {milestone.id, *(waits for waits, _ in links)})
    waiting = timelines.waiting_now(session, [row["id"] for row in held], day)
    for row in held:
        other = session.get_one(Plan, row["plan_id"])
        _replace(session, other, row["id"], facts_of(dict(row), other.adopted), waiting.get(row["id"], ()), day)


def _hold(session: Session, milestone_ids: Iterable[int]) -> Sequence[RowMapping]:
    """Read a changed milestone and those that wait for it, held against whoever draws their colours meanwhile.

    Always in one order, and along links that never go round in a circle, so no two acts wait for each other. Not the
    strongest lock: rows that point at a milestone take a share of its key.
    """
    columns = [getattr(Milestone, each.key) for each in inspect(Milestone).column_attrs]
    query = select(*columns).where(Milestone.id.in_(list(milestone_ids))).order_by(Milestone.id)
    return session.execute(query.with_for_update(key_share=True)).mappings().all()


def _replace(
    session: Session, plan: Plan, milestone_id: int, facts: Facts, before: Sequence[Waiting], day: date
) -> None:
    history = with_predecessors([(day, facts)], before)
    made = [span_row(plan.id, milestone_id, span) for span in spans(history, schemes_of(plan))]
    session.execute(delete(ColourSpan).where(ColourSpan.milestone_id == milestone_id, ColourSpan.from_day >= day))
    last = session.scalars(
        select(ColourSpan).where(ColourSpan.milestone_id == milestone_id, ColourSpan.to_day >= day - ONE_DAY)
    ).one_or_none()
    if last is not None and all(getattr(last, name) == made[0][name] for name in MEANING):
        last.to_day = made.pop(0)["to_day"]  # nothing changed today: one span, not two
    elif last is not None:
        last.to_day = day - ONE_DAY
    if made:
        session.execute(insert(ColourSpan), made)
    session.flush()


def histories(
    session: Session, plan: Plan, milestone_ids: Iterable[int] | None = None
) -> Iterator[tuple[int, list[tuple[date, Facts]]]]:
    """Yield every milestone of a plan with its facts by day, predecessors included, folded from the ledger alone."""
    ids = None if milestone_ids is None else list(milestone_ids)
    yield from timelines.histories(session, plan.id, plan.adopted, ids).items()


def spans_from_ledger(
    session: Session, plan: Plan, milestone_ids: Iterable[int] | None = None
) -> Iterator[tuple[int, list[Span]]]:
    """Yield every milestone of a plan with the spans that its ledger entries give."""
    schemes = schemes_of(plan)
    for milestone_id, history in histories(session, plan, milestone_ids):
        yield milestone_id, spans(history, schemes)


def rebuild(session: Session, plan: Plan, milestone_ids: list[int] | None = None) -> int:
    """Make the spans of a plan (or of some of its milestones) again from the ledger; returns how many there are.

    Those that wait for them are made again too, in other plans as well (and not counted there).
    """
    changed = Milestone.plan_id == plan.id if milestone_ids is None else Milestone.id.in_(milestone_ids)
    waits = (
        select(MilestonePredecessor.plan_id, MilestonePredecessor.milestone_id)
        .join(Milestone, Milestone.id == MilestonePredecessor.predecessor_id)
        .where(changed)
    )
    dependents: dict[int, set[int]] = defaultdict(set)
    for plan_id, milestone_id in session.execute(waits):
        dependents[plan_id].add(milestone_id)
    here = dependents.pop(plan.id, set())
    for plan_id, others in sorted(dependents.items()):
        _remake(session, session.get_one(Plan, plan_id), sorted(others))
    return _remake(session, plan, None if milestone_ids is None else sorted({*milestone_ids, *here}))


def _remake(session: Session, plan: Plan, milestone_ids: list[int] | None) -> int:
    old = delete(ColourSpan).where(ColourSpan.plan_id == plan.id)
    if milestone_ids is not None:
        old = old.where(ColourSpan.milestone_id.in_(milestone_ids))
    session.execute(old)
    rows = [
        span_row(plan.id, key, span) for key, made in spans_from_ledger(session, plan, milestone_ids) for span in made
    ]
    if rows:
        session.execute(insert(ColourSpan).execution_options(render_nulls=True), rows)
    return len(rows)


def span_row(plan_id: int, milestone_id: int, span: Span) -> dict[str, Any]:
    """Return a span as a row of the table."""
    return {
        "plan_id": plan_id,
        "milestone_id": milestone_id,
        "from_day": span.from_day,
        "to_day": span.to_day,
        "colour": span.colour.value,
        "rule": span.rule,
        "reason": span.reason,
        "marks": list(span.marks),
        "computed": span.computed.value,
        "attributed": span.attributed,
        "due": span.due,
        "due_text": span.due_text,
        "moves": span.moves,
    }
