"""What a rating scheme would do to a plan today: done for real within the transaction, looked at, and taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.queries.plans import find_plan
from tracker.queries.rows import MilestoneRow, PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.rating import Rating, with_choice
from tracker.rules.rollup import Headline
from tracker.rules.vocabulary import Term, Vocabulary
from tracker.services import colours


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a preview: the headline with its term, and how many milestones have each term."""

    headline: Headline
    term: Term
    counts: tuple[tuple[Term, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A milestone that would be called something else, or for another reason: both terms and both sentences."""

    milestone: MilestoneRow
    before: Term
    before_reason: str
    after: Term
    after_reason: str
    moves: bool  # its computed colour changes, and not only the word for it


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan before and after, on one day."""

    plan_title: str
    day: date
    before: Side
    after: Side
    changes: tuple[Change, ...]
    total: int


def preview(session: Session, actor: Actor, plan_id: int, rating: Rating, today: date) -> Preview:
    """Return what would change in a plan today if it took `rating` on. Nothing of it is kept."""
    permit(actor, Act.SEE, plan_id)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    before = _seen(session, plan, today)
    attempt = session.begin_nested()
    try:
        plan.ratings = with_choice(plan.ratings, today, rating)
        session.flush()
        colours.rebuild(session, plan)
        after = _seen(session, plan, today)
    finally:
        attempt.rollback()
        session.expire_all()
    old, new = (shown.plan.ratings.on(today).vocabulary for shown in (before, after))
    then = {row.id: row for row in after.milestones}
    changes = tuple(
        change
        for row in before.milestones
        if (change := _change(row, then[row.id], old, new)).before.text != change.after.text
        or change.before.paint_name != change.after.paint_name
        or change.before_reason != change.after_reason
    )
    return Preview(
        before.plan.title, today, _side(before, old), _side(after, new), changes, sum(1 for _ in before.milestones)
    )


def _seen(session: Session, plan: Plan, today: date) -> PlanSnapshot:
    found = find_plan(session, plan.slug)
    assert found is not None
    return snapshot(session, *found, today, today, annexes=False)


def _term(row: MilestoneRow, words: Vocabulary) -> Term:
    return words.term(row.colour, row.rule, row.marks, row.standing)


def _side(shown: PlanSnapshot, words: Vocabulary) -> Side:
    counts = Counter(_term(row, words).key for row in shown.milestones)
    return Side(
        shown.headline,
        words.term(shown.headline.colour),
        tuple((term, counts[term.key]) for term in words.terms),
    )


def _change(row: MilestoneRow, then: MilestoneRow, old: Vocabulary, new: Vocabulary) -> Change:
    return Change(row, _term(row, old), row.reason, _term(then, new), then.reason, row.colour is not then.colour)
