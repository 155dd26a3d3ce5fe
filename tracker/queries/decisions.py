"""The deadline ledger of a plan, and everything in it that waits for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import DeadlineChange, Milestone, Workstream
from tracker.queries.rows import DeadlineMove, DecisionNeeded, MilestoneRow, PlanSnapshot
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day


def deadline_ledger(session: Session, plan_id: int, day: date, milestone_id: int | None = None) -> list[DeadlineMove]:
    """Return the requests for a new date made by `day`, as they stood that day, newest first. One statement."""
    query = (
        select(DeadlineChange, Milestone.ref, Milestone.text, Milestone.original_due_text, Workstream.ref)
        .join(Milestone, Milestone.id == DeadlineChange.milestone_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(DeadlineChange.plan_id == plan_id, DeadlineChange.requested_on <= day)
        .order_by(DeadlineChange.requested_on.desc(), DeadlineChange.id.desc())
    )
    if milestone_id is not None:
        query = query.where(DeadlineChange.milestone_id == milestone_id)
    return [
        _move(change, f"{workstream}.{ref}" if workstream else ref, text, original, day)
        for change, ref, text, original, workstream in session.execute(query)
    ]


def _move(change: DeadlineChange, full_ref: str, text: str, original: str, day: date) -> DeadlineMove:
    decided = change.decided_on is not None and change.decided_on <= day
    return DeadlineMove(
        id=change.id,
        milestone_id=change.milestone_id,
        full_ref=full_ref,
        text=text,
        original_text=original,
        from_text=change.from_text,
        to_text=change.to_text,
        from_due=change.from_due,
        to_due=change.to_due,
        precision=change.to_precision,
        state=change.state if decided else "requested",
        reason=change.reason,
        recovery=change.recovery,
        requested_on=change.requested_on,
        requested_by=change.requested_by,
        decided_on=change.decided_on if decided else None,
        decided_by=change.decided_by if decided else "",
        decision_level=change.decision_level if decided else "",
        minute=change.minute if decided else "",
    )


def _waiting(row: MilestoneRow) -> str:
    if row.signoff == "lapsed":
        return "What was signed off has changed, so the completion waits for a new decision."
    since = f" since {show_day(row.claimed)}" if row.claimed else ""
    return f"Completion is claimed with evidence and has waited for sign-off{since}."


def decisions_needed(now: PlanSnapshot, moves: Sequence[DeadlineMove]) -> list[DecisionNeeded]:
    """Return what waits for a decision, most pressing first: new dates, sign-offs, missed dates, open questions."""
    asked = {move.milestone_id: move for move in moves if move.state == "requested"}
    found: list[tuple[int, DecisionNeeded]] = []
    for row in now.milestones:
        if row.id in asked:
            move = asked[row.id]
            sentence = (
                f"{move.requested_by} asks to move the deadline from {move.from_text or 'no date'} to {move.to_text}: "
                f"{move.reason}"
            )
            found.append((0, DecisionNeeded("new date", row, sentence, "Decide the new date", move.id)))
        if row.rule == "2":
            found.append((1, DecisionNeeded("sign-off", row, _waiting(row), "Approve or return")))
        if "new date required" in row.marks:
            found.append((2, DecisionNeeded("new date required", row, row.reason, "Ask for a new date")))
        if row.needs_decision and row.colour not in (Colour.BLUE, Colour.NONE):
            kind = "unplaced" if row.workstream_id is None else "question"
            found.append((3, DecisionNeeded(kind, row, row.needs_decision, "Answer the question")))
    return [need for _, need in sorted(found, key=lambda pair: pair[0])]
