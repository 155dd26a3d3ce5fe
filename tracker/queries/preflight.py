"""The preflight of a pack: what the plan as at its day should have put right, with waivers and messages about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Evidence, Measure, PackChase, Reading
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.packs import Compared, WaiverRow, chases_of, last_packs, waivers_of
from tracker.queries.plan_rows import PlanRow
from tracker.queries.rows import LeadRow, PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules.dates import add_months, show_day
from tracker.rules.preflight import TITLES, Check, Finding, LeadFact, MeasureFact, MilestoneFact, preflight
from tracker.rules.scheme import Thresholds

_WANTING = {"nobody": "No holder is recorded", "disabled": "The account of its holder is disabled"}


@dataclass(frozen=True, slots=True)
class Line:
    """A finding with what was done about it."""

    finding: Finding
    waiver: WaiverRow | None = None
    chase: PackChase | None = None

    @property
    def open(self) -> bool:
        """Return whether it is neither put right nor waived."""
        return self.waiver is None


@dataclass(frozen=True, slots=True)
class Preflight:
    """The whole list of one pack. `window` is the first day of the update window."""

    day: date
    window: date
    lines: tuple[Line, ...]

    @property
    def open(self) -> tuple[Line, ...]:
        """Return the lines that are not waived."""
        return tuple(line for line in self.lines if line.open)

    def counts(self) -> list[tuple[Check, str, int]]:
        """Return how many lines of each check are open, in the order of the checks."""
        tally = Counter(line.finding.check for line in self.open)
        return [(check, title, tally[check]) for check, title in TITLES.items()]

    def of(self, check: Check) -> list[Line]:
        """Return the lines of one check."""
        return [line for line in self.lines if line.finding.check is check]

    def line(self, check: str, subject: str) -> Line | None:
        """Return one line, None if the list does not have it."""
        return next((line for line in self.lines if line.finding.key == (check, subject)), None)


def preflight_of(
    session: Session,
    plan: PlanRow,
    scheme: Thresholds,
    day: date,
    today: date,
    *,
    window: date | None = None,
    board_id: int | None = None,
    pack_id: int | None = None,
) -> Preflight:
    """Return the preflight of a plan as at a day.

    What was confirmed from `window` on counts; where no update window has opened, from the day of the last issued
    pack's data on, or from a month before. With a `pack_id` lines say whether they were waived, and who was asked to
    put them right.
    """
    shown = snapshot(session, plan, scheme, day, today, annexes=False)
    last = next(iter(last_packs(session, plan.id, day, board_id, count=1)), None)
    opens = window or (last.day if last else add_months(day, -1))
    facts = _facts(session, shown, deadline_ledger(session, plan.id, day, today), last)
    measures = _measures(session, plan.id, day)
    waivers = {row.key: row for row in waivers_of(session, pack_id)} if pack_id else {}
    chases = chases_of(session, pack_id) if pack_id else {}
    found = preflight(facts, measures, day, opens)
    lines = (Line(one, waivers.get(one.key), chases.get(one.key)) for one in found)
    return Preflight(day, opens, tuple(lines))


def _facts(
    session: Session, shown: PlanSnapshot, moves: Sequence[DeadlineMove], last: Compared | None
) -> list[MilestoneFact]:
    evidence = _evidence(session, shown.plan.id, shown.day)
    asked = {move.milestone_id: move.requested_on for move in moves if move.state == "requested"}
    before = {one["id"]: one["progress"] for one in last.facts["milestones"]} if last else {}
    return [
        MilestoneFact(
            id=row.id,
            ref=row.full_ref,
            text=row.text,
            colour=row.colour,
            rule=row.rule,
            marks=row.marks,
            due=row.due,
            due_text=row.due_text,
            why=row.confidence_reason or row.blocked,
            recovery=row.recovery,
            progress=row.progress,
            last_progress=before.get(row.id),
            updated_on=row.updated_on,
            evidence=evidence.get(row.id, 0),
            claimed=row.claimed,
            asked_on=asked.get(row.id),
            leads=tuple(_lead(lead) for lead in row.leads),
        )
        for row in shown.milestones
    ]


def _measures(session: Session, plan_id: int, day: date) -> list[MeasureFact]:
    """Return the measures of a plan with how many readings each had on a day. One statement."""
    there = (
        (Reading.measure_id == Measure.id)
        & or_(Reading.withdrawn_on.is_(None), Reading.withdrawn_on > day)
        & or_(Reading.taken_on.is_(None), Reading.taken_on <= day)
    )
    query = (
        select(Measure.id, Measure.name, func.count(Reading.id))
        .outerjoin(Reading, there)
        .where(Measure.plan_id == plan_id)
        .group_by(Measure.id, Measure.name, Measure.position)
        .order_by(Measure.position, Measure.id)
    )
    return [MeasureFact(*row) for row in session.execute(query)]


def _lead(lead: LeadRow) -> LeadFact:
    since = f"Vacant since {show_day(lead.vacant_since)}" if lead.vacant_since else ""
    return LeadFact(lead.post_id, lead.post, lead.accountable, since or _WANTING.get(lead.wanting, ""))


def _evidence(session: Session, plan_id: int, day: date) -> Mapping[int, int]:
    """Return how many pieces of evidence each milestone had on a day. One statement."""
    query = (
        select(Evidence.milestone_id, func.count())
        .where(
            Evidence.plan_id == plan_id,
            Evidence.added_on <= day,
            or_(Evidence.withdrawn.is_(False), Evidence.withdrawn_on > day),
        )
        .group_by(Evidence.milestone_id)
    )
    return dict(session.execute(query).all())
