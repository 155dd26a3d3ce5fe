"""The colour timeline: spans kept in a table, replaced from the moment of each change on, future included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Milestone, Plan
from tracker.rules.facts import Facts
from tracker.rules.fold import facts_of, fold
from tracker.rules.rating import Ratings
from tracker.rules.scheme import Scheme, Schemes, scheme_on
from tracker.rules.timeline import Span, spans
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
    """Return the facts of a milestone as its row holds them."""
    return facts_of({name: getattr(milestone, name) for name in tracked(Milestone)}, plan.adopted)


def refresh(session: Session, plan: Plan, milestone: Milestone, day: date) -> None:
    """Replace the spans of one milestone from `day` on; what lies before stays as it was."""
    made = [
        span_row(plan.id, milestone.id, span) for span in spans([(day, facts_now(milestone, plan))], schemes_of(plan))
    ]
    session.execute(delete(ColourSpan).where(ColourSpan.milestone_id == milestone.id, ColourSpan.from_day >= day))
    before = session.scalars(
        select(ColourSpan).where(ColourSpan.milestone_id == milestone.id, ColourSpan.to_day >= day - ONE_DAY)
    ).one_or_none()
    if before is not None and all(getattr(before, name) == made[0][name] for name in MEANING):
        before.to_day = made.pop(0)["to_day"]  # nothing changed today: one span, not two
    elif before is not None:
        before.to_day = day - ONE_DAY
    if made:
        session.execute(insert(ColourSpan), made)
    session.flush()


def histories(
    session: Session, plan: Plan, milestone_ids: Iterable[int] | None = None
) -> Iterator[tuple[int, list[tuple[date, Facts]]]]:
    """Yield every milestone of a plan with its facts by day, folded from the ledger alone."""
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(LedgerEntry.plan_id == plan.id, LedgerEntry.subject_type == Milestone.__tablename__)
        .order_by(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.seq)
    )
    if milestone_ids is not None:
        query = query.where(LedgerEntry.subject_id.in_(list(milestone_ids)))
    for milestone_id, rows in groupby(session.execute(query), key=lambda row: row[0]):
        yield milestone_id, fold([(day, _after(changes)) for _, day, changes in rows], plan.adopted)


def spans_from_ledger(
    session: Session, plan: Plan, milestone_ids: Iterable[int] | None = None
) -> Iterator[tuple[int, list[Span]]]:
    """Yield every milestone of a plan with the spans that its ledger entries give."""
    schemes = schemes_of(plan)
    for milestone_id, history in histories(session, plan, milestone_ids):
        yield milestone_id, spans(history, schemes)


def rebuild(session: Session, plan: Plan, milestone_ids: list[int] | None = None) -> int:
    """Make the spans of a plan (or of some of its milestones) again from the ledger; returns how many there are."""
    old = delete(ColourSpan).where(ColourSpan.plan_id == plan.id)
    if milestone_ids is not None:
        old = old.where(ColourSpan.milestone_id.in_(milestone_ids))
    session.execute(old)
    rows = [
        span_row(plan.id, key, span) for key, made in spans_from_ledger(session, plan, milestone_ids) for span in made
    ]
    if rows:
        session.execute(insert(ColourSpan), rows)
    return len(rows)


def _after(changes: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: pair[1] for name, pair in changes.items()}


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
