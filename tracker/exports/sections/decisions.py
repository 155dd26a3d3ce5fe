"""Decisions required: new dates, sign-offs, and what is not clear enough to be followed."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, DateValue, Group, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import due_value, leads, number, original_value, period_value, precision_of, status, timing
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.rows import DecisionNeeded

# The order in which a board takes them; a kind that is not named here comes last.
ORDER = ("new date", "new date required", "sign-off", "suspension", "escalation", "undated", "unplaced")
KINDS = {
    "new date": "New date",
    "new date required": "New date required",
    "sign-off": "Sign-off",
    "suspension": "Suspension",
    "escalation": "Escalation",
    "undated": "Date missing",
    "unplaced": "Workstream missing",
}

_COLUMNS = (
    Column("No.", Kind.NUMBER, 6),
    Column("Decision", width=18),
    Column("Ref", width=9),
    Column("Milestone", width=44),
    Column("What is asked", width=40),
    Column("Status", Kind.STATUS, 18),
    Column("Current deadline", Kind.DATE, 16, as_written=True),
    Column("Proposed date", Kind.DATE, 16, as_written=True),
    Column("Where it stands", width=18),
    Column("Reason", width=40),
    Column("Recovery", width=40),
    Column("Original deadline", Kind.DATE, 16, as_written=True),
    Column("Times moved", Kind.NUMBER, 9),
    Column("Asked by", width=28),
    Column("Decided by", width=14),
    Column("Lead", width=34),
    Column("Knock-on", width=44),
)
_GROUPS = (
    Group("No.", 10, (Part(0, bold=True),)),
    Group("Decision", 63, (Part(1, bold=True), Part(4), Part(3, prefix=2), Part(15, quiet=True))),
    Group("Status", 28, (Part(5),)),
    Group("Dates", 31, (Part(11, "Original"), Part(6, "Current"), Part(8), Part(7, "Proposed"))),
    Group(
        "Reason and recovery",
        42,
        (Part(9), Part(10, "Recovery"), Part(16, "Knock-on"), Part(13, "Asked by"), Part(14, "Decided by")),
    ),
)
_SLIDE = (
    Group("No.", 14, (Part(0, bold=True),)),
    Group("Decision", 118, (Part(1, bold=True), Part(3, prefix=2))),
    Group("Status", 42, (Part(5),)),
    Group("Dates", 50, (Part(6, "Current"), Part(7, "Proposed"))),
    Group("Reason and recovery", 84, (Part(9), Part(10, "Recovery"))),
)


def decisions(facts: ReportFacts) -> Section:
    """Return the decisions that are asked for, numbered, those about dates first."""
    moves = {move.id: move for move in facts.moves}
    ordered = sorted(facts.decisions, key=lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER))
    rows = tuple(
        _row(index, decision, moves.get(decision.change_id) if decision.change_id is not None else None, facts)
        for index, decision in enumerate(ordered, 1)
    )
    table = Table(
        "decisions",
        "What is to be decided",
        _COLUMNS,
        rows,
        "Decisions",
        _GROUPS,
        "No decision is asked for in this report.",
        _SLIDE,
    )
    said = (Paragraph(f"{number(len(rows), 'decision').capitalize()} to take, in this order."),) if rows else ()
    return Section("decisions", "", "Decisions required", (*said, table))


def _row(index: int, decision: DecisionNeeded, move: DeadlineMove | None, facts: ReportFacts) -> tuple[Cell, ...]:
    row = decision.milestone
    proposed = DateValue(row.proposed_text)
    if move is not None:
        proposed = period_value(move.to_text, move.to_due, precision_of(move.precision))
    return (
        index,
        KINDS.get(decision.kind, decision.kind.capitalize()),
        row.full_ref,
        row.text,
        decision.sentence,
        status(row, facts.vocabulary),
        due_value(row),
        proposed,
        timing(row, facts.day),
        decision.reason or (move.reason if move else row.confidence_reason),
        (move.recovery if move else "") or row.recovery,
        original_value(row),
        row.total_moves,
        move.requested_by if move else "",
        {"manager": "Improvement manager", "board": "Board"}.get(move.decision_level, "") if move else "",
        leads(row.leads),
        "; ".join(facts.knock_ons.get(row.id, ())) if move else "",
    )
