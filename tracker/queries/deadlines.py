"""The deadline ledger of a plan: each move asked for, who agreed it and why; and the moves of the plan's own end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, DeadlineChange, Milestone, PlanEndChange, Workstream
from tracker.queries.as_at import past
from tracker.queries.deadline_rows import DeadlineMove, PlanEndMove
from tracker.queries.plans import on
from tracker.queries.rows import PlanRow
from tracker.rules.dates import read_period
from tracker.rules.refs import whole_ref

# Fields of DeadlineMove that are columns of the request of the same name.
_OWN = (
    "from_text", "to_text", "from_due", "to_due", "state", "reason_code", "reason", "recovery", "requested_on",
    "requested_by", "decided_on", "decided_by", "decision_level", "decision_note", "decision_act", "minute",
    "meeting_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoveFilters:
    """What of the ledger is shown: "" for all."""

    state: str = ""
    reason: str = ""
    level: str = ""

    def narrowed(self, moves: Iterable[DeadlineMove]) -> list[DeadlineMove]:
        """Return the moves that are asked for."""
        return [
            move
            for move in moves
            if self.state in {"", move.state}
            and self.reason in {"", move.reason_code}
            and self.level in {"", move.decision_level}
        ]


def deadline_ledger(
    session: Session, plan_id: int, day: date, today: date, milestone_id: int | None = None
) -> list[DeadlineMove]:
    """Return the requests for a new date made by `day`, as they stood that day, newest first.

    One statement, one more for a day before today.
    """
    query = (
        select(
            DeadlineChange,
            Milestone.ref,
            Milestone.text,
            Milestone.original_due,
            Milestone.original_due_text,
            Milestone.due_precision,
            Milestone.critical,
            Workstream.ref,
            ColourSpan.due,
            ColourSpan.due_text,
            ColourSpan.moves,
            Milestone.moves,
            Milestone.baseline_due,
            Milestone.baseline_due_text,
            Milestone.baseline_version,
        )
        .join(Milestone, Milestone.id == DeadlineChange.milestone_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .outerjoin(ColourSpan, and_(ColourSpan.milestone_id == Milestone.id, *on(day)))
        .where(DeadlineChange.plan_id == plan_id, DeadlineChange.requested_on <= day)
        .order_by(DeadlineChange.requested_on.desc(), DeadlineChange.id.desc())
    )
    if milestone_id is not None:
        query = query.where(DeadlineChange.milestone_id == milestone_id)
    rows = session.execute(query).all()
    then = past(session, plan_id, day, today, ("deadline_change", "milestone")) if rows else None
    found = []
    for change, ref, text, original_due, original_text, precision, critical, workstream, *rest in rows:
        due, due_text, measured_moves, moves, baseline_due, baseline_text, baseline_version = rest
        was: dict[str, Any] = {name: getattr(change, name) for name in _OWN}
        was["to_precision"] = change.to_precision
        held: dict[str, Any] = {"text": text, "original_due": original_due, "original_due_text": original_text}
        held |= {"due_precision": precision, "moves": moves, "baseline_due": baseline_due}
        held |= {"baseline_due_text": baseline_text, "baseline_version": baseline_version}
        if then is not None:
            was |= {name: value for name, value in then.of("deadline_change", change.id).items() if name in was}
            earlier = then.of("milestone", change.milestone_id)
            held |= {name: value for name, value in earlier.items() if name in held}
        own = {name: was[name] for name in _OWN}
        found.append(
            DeadlineMove(
                id=change.id,
                milestone_id=change.milestone_id,
                full_ref=whole_ref(workstream, ref),
                text=held["text"],
                original_text=held["original_due_text"],
                original_due=held["original_due"],
                precision=was["to_precision"],
                current_text=due_text or "",
                current_due=due,
                current_precision=held["due_precision"],
                times_moved=held["moves"] or 0,
                measured_moves=measured_moves or 0,
                baseline_due=held["baseline_due"],
                baseline_text=held["baseline_due_text"],
                baseline_version=held["baseline_version"],
                requested_by_id=change.requested_by_id,
                critical=critical,
                **own,
            )
        )
    return found


def moved_milestones(moves: Sequence[DeadlineMove]) -> list[DeadlineMove]:
    """Return the newest move of each milestone whose date was moved, furthest from its original first."""
    newest: dict[int, DeadlineMove] = {}
    for move in moves:
        if move.times_moved and move.milestone_id not in newest:
            newest[move.milestone_id] = move
    return sorted(newest.values(), key=_days, reverse=True)


def end_moves(session: Session, plan: PlanRow, day: date) -> list[PlanEndMove]:
    """Return the moves of the end of a plan recorded by `day`, the first one first. One statement."""
    query = select(PlanEndChange).where(PlanEndChange.plan_id == plan.id).order_by(PlanEndChange.id)
    rows = list(session.scalars(query))
    if not rows and plan.original_end:
        return [_as_the_document_says(plan)]
    return [
        PlanEndMove(
            from_text=row.from_text,
            to_text=row.to_text,
            from_day=row.from_day,
            to_day=row.to_day,
            precision=row.to_precision,
            reason_code=row.reason_code,
            reason=row.reason,
            minute=row.minute,
            meeting_on=row.meeting_on,
            decided_on=row.decided_on,
            decided_by=row.decided_by,
        )
        for row in rows
        if row.decided_on is None or row.decided_on <= day
    ]


def _as_the_document_says(plan: PlanRow) -> PlanEndMove:
    """Return the move that the plan's own document tells of, where nobody has moved the end here."""
    ends = (plan.original_end, plan.ends)
    first, last = (read_period(words, calendar=plan.calendar, year_kind=plan.year_kind) for words in ends)
    return PlanEndMove(
        from_text=plan.original_end,
        to_text=plan.ends,
        from_day=first.end,
        to_day=last.end,
        precision=last.precision.value,
        reason_code="",
        reason=plan.end_moved_reason,
        minute="",
        meeting_on=None,
        decided_on=None,
        decided_by="",
    )


def _days(move: DeadlineMove) -> int:
    if move.original_due is None or move.current_due is None:
        return 0
    return (move.current_due - move.original_due).days
