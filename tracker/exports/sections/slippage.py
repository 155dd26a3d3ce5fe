"""Slippage against the original and the current date, and every request for a new date."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, Column, DateValue, Group, Heading, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import (
    baseline_value,
    due_value,
    forecast_value,
    leads,
    none_or,
    number,
    original_value,
    period_value,
    precision_of,
    status,
)
from tracker.queries.deadline_rows import DeadlineMove, PlanEndMove
from tracker.queries.rows import MilestoneRow
from tracker.rules.baseline import version_words
from tracker.rules.colour import Colour
from tracker.rules.dates import read_period
from tracker.rules.slippage import slip

_SLIPPAGE = (
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Status", Kind.STATUS, 18),
    Column("Marks", width=22),
    Column("Original deadline", Kind.DATE, 16, as_written=True),
    Column("Current deadline", Kind.DATE, 16, as_written=True),
    Column("Slipped", width=18),
    Column("Days slipped", Kind.NUMBER, 9),
    Column("Times moved", Kind.NUMBER, 9),
    Column("Forecast", Kind.DATE, 16, as_written=True),
    Column("Forecast against original", width=18),
    Column("Lead", width=34),
)
_SLIPPAGE_GROUPS = (
    Group("Milestone", 61, (Part(1, prefix=0), Part(11, quiet=True))),
    Group("Status", 29, (Part(2),)),
    Group("Original", 22, (Part(4),)),
    Group("Current", 22, (Part(5),)),
    Group("Slipped", 18, (Part(6),)),
    Group("Forecast", 22, (Part(9), Part(10, quiet=True))),
)
# Under a later version the whole story stands in the line: the original date, the baseline, the current deadline.
_REVIEWED = (
    *_SLIPPAGE[:5],
    Column("Baseline", Kind.DATE, 16, as_written=True),
    Column("Current deadline", Kind.DATE, 16, as_written=True),
    Column("Slipped from baseline", width=18),
    Column("Days slipped", Kind.NUMBER, 9),
    Column("Times moved since", Kind.NUMBER, 9),
    Column("Slipped from original", width=18),
    Column("Times moved in all", Kind.NUMBER, 9),
    Column("Forecast", Kind.DATE, 16, as_written=True),
    Column("Forecast against baseline", width=18),
    Column("Lead", width=34),
)
_REVIEWED_GROUPS = (
    Group("Milestone", 52, (Part(1, prefix=0), Part(14, quiet=True))),
    Group("Status", 28, (Part(2),)),
    Group("Original", 20, (Part(4),)),
    Group("Baseline", 20, (Part(5),)),
    Group("Current", 20, (Part(6),)),
    Group("Slipped", 34, (Part(7, "From baseline"), Part(10, "From original"))),
)
_LEDGER = (
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Original deadline", width=16),
    Column("From", Kind.DATE, 16, as_written=True),
    Column("To", Kind.DATE, 16, as_written=True),
    Column("State", width=12),
    Column("Reason", width=44),
    Column("Recovery", width=44),
    Column("Kind of reason", width=20),
    Column("Moved by", width=16),
    Column("Slipped in all", width=16),
    Column("Times moved", Kind.NUMBER, 9),
    Column("Requested on", Kind.DATE, 18),
    Column("Requested by", width=28),
    Column("Decided on", Kind.DATE, 18),
    Column("Decided by", width=28),
    Column("Level", width=20),
    Column("Minute", width=14),
    Column("Meeting", Kind.DATE, 18),
    Column("Baseline", width=30),
    Column("Slipped from baseline", width=18),
)
_ENDS = (
    Column("From", Kind.DATE, 16, as_written=True),
    Column("To", Kind.DATE, 16, as_written=True),
    Column("Moved by", width=16),
    Column("Kind of reason", width=20),
    Column("Reason", width=60),
    Column("Agreed by", width=28),
    Column("Minute", width=14),
    Column("Meeting", Kind.DATE, 18),
)
_ENDS_GROUPS = (
    Group("The end", 40, (Part(0, "From"), Part(1, "To"), Part(2, bold=True))),
    Group("Reason", 90, (Part(4), Part(3, quiet=True))),
    Group("Agreed", 44, (Part(5), Part(6, "Minute"), Part(7, "Meeting"))),
)
_LEDGER_GROUPS = (
    Group("Milestone", 46, (Part(1, prefix=0),)),
    Group(
        "New date",
        31,
        (
            Part(2, "Original"),
            Part(19, "Baseline"),
            Part(3, "From"),
            Part(4, "To"),
            Part(9, quiet=True),
            Part(5, bold=True),
            Part(20, "From baseline"),
            Part(10, "In all"),
            Part(11, "Times moved"),
        ),
    ),
    Group("Reason and recovery", 54, (Part(8, bold=True), Part(6), Part(7, "Recovery"))),
    Group(
        "Requested and decided",
        43,
        (
            Part(12, "Requested"),
            Part(13, quiet=True),
            Part(14, "Decided"),
            Part(15, quiet=True),
            Part(17, "Minute"),
            Part(18, "Meeting"),
        ),
    ),
)


def slippage(facts: ReportFacts) -> Section:
    """Return what has slipped, furthest first, and the deadline ledger."""
    slipped = [row for row in facts.milestones if _has_slipped(row)]
    slipped.sort(key=lambda row: (-(_days(row) or 0), -(slip(row.original_due, row.due).days or 0)))
    moved = sum(1 for row in facts.milestones if row.moves)
    version = facts.snapshot.version
    reviewed = version.number > 1
    make = _reviewed_row if reviewed else _slip_row
    moved_in_words = none_or(moved)
    if reviewed:
        in_all = sum(1 for row in facts.milestones if row.total_moves)
        moved_in_words = f"{none_or(in_all)}, of which {none_or(moved).lower()} since the baseline"
    pending = sum(1 for move in facts.moves if move.state == "requested")
    return Section(
        "slippage",
        "",
        "Slippage and deadline ledger",
        (
            Paragraph(
                f"Milestones with a moved deadline: {moved_in_words}. Requests in the ledger: "
                f"{none_or(len(facts.moves))}; undecided: {none_or(pending)}. "
                "An original date never changes; slippage is in whole months where the date is a month."
                + _against(facts)
            ),
            *_ends(facts.ends),
            Heading("Slippage"),
            Table(
                "slippage",
                "Milestones whose deadline moved or whose forecast is after it",
                _REVIEWED if reviewed else _SLIPPAGE,
                tuple(make(row, facts) for row in slipped),
                "Slippage",
                _REVIEWED_GROUPS if reviewed else _SLIPPAGE_GROUPS,
                "No deadline has moved and no forecast is after its deadline.",
            ),
            Heading("Deadline ledger"),
            Table(
                "deadlines",
                f"{number(len(facts.moves), 'request').capitalize()} for a new date",
                _LEDGER,
                tuple(_ledger_row(move) for move in facts.moves),
                "Deadline ledger",
                _LEDGER_GROUPS,
                "No new date has been requested.",
            ),
        ),
    )


def _ends(ends: Sequence[PlanEndMove]) -> tuple[Block, ...]:
    """Return the moves of the plan's own end; nothing where it has not moved."""
    if not ends:
        return ()
    return (
        Heading("The end of the plan"),
        Table(
            "plan-end",
            f"The end of the plan was moved {number(len(ends), 'time')}",
            _ENDS,
            tuple(_end_row(move) for move in ends),
            "End of the plan",
            _ENDS_GROUPS,
        ),
    )


def _against(facts: ReportFacts) -> str:
    """Return which version slippage is measured against, where the plan has had a review."""
    version = facts.snapshot.version
    if len(facts.snapshot.plan.versions) == 1:
        return ""
    what = "the original dates" if version.number == 1 else f"the baseline of {version.words}"
    kept = "" if version.number == 1 else "; a milestone that keeps an earlier baseline is measured against that one"
    return f" Slippage, moves and lateness are measured against {what}{kept}."


def _days(row: MilestoneRow) -> int | None:
    return slip(row.measured_due, row.due).days


def _has_slipped(row: MilestoneRow) -> bool:
    if row.colour is Colour.NONE:
        return False
    if row.total_moves or (row.original_due and row.due and row.original_due != row.due):
        return True
    return bool(row.colour is not Colour.BLUE and row.forecast and row.due and row.forecast > row.due)


def _slip_row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    precision = precision_of(row.due_precision)
    original = original_value(row) if row.original_due != row.due else due_value(row)
    against = slip(row.original_due or row.due, row.forecast, precision) if row.forecast else None
    value = status(row, facts.vocabulary)
    return (
        row.full_ref,
        row.text,
        value,
        value.marks_text,
        original,
        due_value(row),
        slip(row.original_due or row.due, row.due, precision).words,
        _days(row),
        row.moves,
        forecast_value(row) if row.forecast else DateValue(""),
        against.words if against else "",
        leads(row.leads),
    )


def _reviewed_row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    precision = precision_of(row.due_precision)
    against = slip(row.measured_due or row.due, row.forecast, precision) if row.forecast else None
    value = status(row, facts.vocabulary)
    return (
        row.full_ref,
        row.text,
        value,
        value.marks_text,
        original_value(row) if row.original_due != row.due else due_value(row),
        baseline_value(row),
        due_value(row),
        _since_baseline(row),
        _days(row),
        row.moves,
        slip(row.original_due or row.due, row.due, precision).words,
        row.total_moves,
        forecast_value(row) if row.forecast else DateValue(""),
        against.words.replace("original date", row.measured_name) if against else "",
        leads(row.leads),
    )


def _since_baseline(row: MilestoneRow) -> str:
    """Return how far the deadline is from the date it is measured against, and which one where that is not plain."""
    said = slip(row.measured_due or row.due, row.due, precision_of(row.due_precision)).words
    return said if not row.baseline_version else said.replace("on the original date", "on the baseline")


def _ledger_row(move: DeadlineMove) -> tuple[Cell, ...]:
    precision = precision_of(move.precision)
    return (
        move.full_ref,
        move.text,
        move.original_text,
        period_value(move.from_text, move.from_due, precision),
        period_value(move.to_text, move.to_due, precision),
        move.state.capitalize(),
        move.reason,
        move.recovery,
        move.why,
        move.moved_by,
        move.total_slip,
        move.times_moved,
        DateValue.of(move.requested_on),
        move.requested_by,
        DateValue.of(move.decided_on),
        move.decided_by,
        {"manager": "Improvement manager", "board": "Board"}.get(move.decision_level, move.decision_level),
        move.minute,
        DateValue.of(move.meeting_on),
        f"{move.baseline_text} ({version_words(move.baseline_version)})" if move.baseline_version else "",
        move.baseline_slip,
    )


def _end_row(move: PlanEndMove) -> tuple[Cell, ...]:
    return (
        period_value(move.from_text, move.from_day, read_period(move.from_text).precision),
        period_value(move.to_text, move.to_day, precision_of(move.precision)),
        move.moved_by,
        move.why,
        move.reason,
        f"Board, recorded by {move.decided_by}" if move.decided_on else "As the plan's own document says",
        move.minute,
        DateValue.of(move.meeting_on),
    )
