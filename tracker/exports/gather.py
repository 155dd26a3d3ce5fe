"""Bring together, in one read, the facts that a report on a plan is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.exports.facts import ReportFacts
from tracker.queries.comparison import Comparison, comparison
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.deadlines import deadline_ledger, end_moves
from tracker.queries.decisions import decisions_needed
from tracker.queries.evidence import evidence_titles
from tracker.queries.knock_on import NewDate, knock_on
from tracker.queries.links import waits_in_words
from tracker.queries.matters import matters_of
from tracker.queries.movement import coming_changes, movements
from tracker.queries.raid_rows import raid_rows
from tracker.queries.rows import PlanRow
from tracker.queries.tree import snapshot
from tracker.queries.version_rows import VersionRow
from tracker.rules.scheme import Thresholds, scheme_on

DAYS_AHEAD = 90


def report_facts(
    session: Session,
    plan: PlanRow,
    scheme: Thresholds,
    day: date,
    today: date,
    now: datetime,
    *,
    since: date | None = None,
    author: str = "",
    contact: str = "",
    annexes: bool = True,
    against: VersionRow | None = None,
    compared: Comparison | None = None,
) -> ReportFacts:
    """Return the facts of a plan as at `day`, compared with `since` (the last issued pack where none is given).

    `against` is the version whose baseline slippage and colours are measured against, and whose milestones are
    reported; None for the one in force on that day.
    Without `annexes` actions, records, measures, evidence, what milestones wait for, what new dates do to others,
    the registers and moves of the plan's own end are left out.
    """
    current = snapshot(session, plan, scheme, day, today, annexes=annexes, commitments=True, against=against)
    found = compared or comparison(session, plan, scheme, day, since, against=current.reported)
    trail = [pack for pack in found.packs if pack.day < found.since]
    moves = deadline_ledger(session, plan.id, day, today)
    matters = matters_of(session, plan, day)
    return ReportFacts(
        snapshot=current,
        before=found.before,
        since=found.since,
        movements=tuple(movements(session, current, found.before)),
        coming=tuple(coming_changes(session, current, DAYS_AHEAD, today, scheme)),
        moves=tuple(moves),
        decisions=tuple(decisions_needed(current, moves, matters)),
        matters=tuple(matters),
        prepared_on=now,
        ends=tuple(end_moves(session, plan, day)) if annexes else (),
        waits=waits_in_words(session, plan.id, day) if annexes else {},
        evidence=evidence_titles(session, plan.id, day) if annexes else {},
        knock_ons=_knock_ons(session, plan.id, moves, day) if annexes else {},
        raid=tuple(raid_rows(session, plan.id, day, today)) if annexes else (),
        scheme=scheme_on(scheme, day),
        author=author,
        contact=contact,
        earlier=trail[0].earlier if trail else None,
        earlier_on=trail[0].day if trail else None,
    )


def _knock_ons(session: Session, plan_id: int, moves: Sequence[DeadlineMove], day: date) -> dict[int, tuple[str, ...]]:
    """Return what each new date that is asked for does to the milestones that wait for it. One statement at most."""
    asked = {move.milestone_id: NewDate(move.to_due) for move in moves if move.state == "requested"}
    if not asked:
        return {}
    found = knock_on(session, asked, day, lambda other: other == plan_id)
    told = {key: tuple(f"{one.other.name}: {one.said}" for one in ones if one.after) for key, ones in found.items()}
    return {key: said for key, said in told.items() if said}
