"""Whatever people do around a review: days before it keep their colours, and no slip is lost by a new baseline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests.factories import ADOPTED
from tests.services import acts
from tests.services.reviews import DECISION, spans_before
from tests.services.test_histories import ONE_DAY, TWICE, World, steps, world
from tracker.models import LedgerEntry, Milestone
from tracker.queries.plans import find_plan
from tracker.queries.tree import snapshot
from tracker.rules.fold import fold
from tracker.rules.slippage import slip
from tracker.rules.timeline import assess_on
from tracker.services.review import Decision
from tracker.services.verification import verify
from tracker.services.versions import adopt


def _slips(made: World) -> list[int | None]:
    """Return the slip of each milestone against the first version, in days."""
    return [slip(row.original_due, row.due).days for row in made.milestones]


def _adopt(made: World, back: int) -> Decision | None:
    """Adopt the next version some days back, where that is after the last one; None if it is refused."""
    label = f"review {made.reviews}"
    day = max(ADOPTED + ONE_DAY, made.day - timedelta(days=back))
    decision = Decision(label, day, DECISION.board, day, DECISION.minute)
    made.attempt(lambda: adopt(made.session, made.managers[0], acts.at(made.day), made.plan.id, acts.token(), decision))
    found = find_plan(made.session, made.plan.slug)
    assert found
    return decision if found[0].versions[-1].label == label else None


@settings(max_examples=20, deadline=None, suppress_health_check=TWICE)
@given(before=steps, after=steps, back=st.integers(0, 40))
def test_a_new_baseline_leaves_every_day_before_it_and_every_slip_against_the_first_version(
    engine: Engine, before: list[Any], after: list[Any], back: int
) -> None:
    with world(engine) as made:
        for step in before:
            made.step(*step)
        made.day += ONE_DAY
        slips, dates = _slips(made), [(row.original_due, row.due, row.moves) for row in made.milestones]
        day = max(ADOPTED + ONE_DAY, made.day - timedelta(days=back))
        spans = spans_before(made.session, made.plan, day)
        decision = _adopt(made, back)
        assert spans_before(made.session, made.plan, day) == spans
        assert _slips(made) == slips
        assert [(row.original_due, row.due, row.moves) for row in made.milestones] == dates
        for step in after:
            made.step(*step)
            for row in made.milestones:
                if row.baseline_version and row.original_due and row.baseline_due and row.due:
                    whole = (row.due - row.original_due).days
                    since, until = (row.due - row.baseline_due).days, (row.baseline_due - row.original_due).days
                    assert whole == since + until
        if decision is not None:
            assert spans_before(made.session, made.plan, day) == spans
        assert verify(made.session).faults == ()
        made.check()


@settings(max_examples=20, deadline=None, suppress_health_check=TWICE)
@given(before=steps, after=steps)
def test_a_report_against_the_first_version_is_what_it_would_be_without_a_review(
    engine: Engine, before: list[Any], after: list[Any]
) -> None:
    with world(engine) as made:
        for step in before:
            made.step(*step)
        made.day += ONE_DAY
        _adopt(made, 0)
        for step in after:
            made.step(*step)
        found = find_plan(made.session, made.plan.slug)
        assert found
        plan, scheme = found
        for days in (0, 3, 20, 90):
            day = made.day - timedelta(days=days)
            if day < ADOPTED:
                continue
            shown = snapshot(made.session, plan, scheme, day, made.day, against=plan.versions[0])
            rows = {row.id: row for row in shown.milestones}
            for key, entries in _entries(made).items():
                verdict = assess_on(fold([entry for entry in entries if entry[0] <= day], plan.adopted), day, scheme)
                row = rows[key]
                assert verdict
                assert (row.colour, row.rule, row.reason, row.marks) == (
                    verdict.colour,
                    verdict.rule,
                    verdict.reason,
                    verdict.marks,
                )
                assert (row.measured_due, row.moves) == (row.original_due, row.total_moves)


def _entries(made: World) -> dict[int, list[Any]]:
    """Return the ledger without what a review wrote: (day, {field: value after}) by milestone."""
    found: dict[int, list[Any]] = {row.id: [] for row in made.milestones}
    query = select(LedgerEntry).where(LedgerEntry.subject_type == Milestone.__tablename__)
    for entry in made.session.scalars(query.order_by(LedgerEntry.effective_day, LedgerEntry.seq)):
        after = {name: pair[1] for name, pair in entry.changes.items() if not name.startswith("baseline_")}
        found[entry.subject_id].append((entry.effective_day, after))
    return found
