"""Looking ahead: what falls due in 90 days, which colours will change by themselves, where it gets crowded."""

from __future__ import annotations

from collections import Counter

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    Cell,
    Column,
    DateValue,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    StatusValue,
    Table,
)
from tracker.exports.wording import due_value, group_status, leads, number, status
from tracker.queries.coming import HORIZONS
from tracker.queries.coming_rows import Coming, ComingOccurrence
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.dates import show_month

_COLUMNS = (
    Column("What", width=16),
    Column("When", Kind.DATE, 18, as_written=True),
    Column("Days away", Kind.NUMBER, 9),
    Column("Within", width=12),
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Now", Kind.STATUS, 18),
    Column("Becomes", Kind.STATUS, 18),
    Column("If nothing more is recorded", width=48),
    Column("Lead", width=34),
)
_DUE_GROUPS = (
    Group("Due", 26, (Part(1, bold=True), Part(3, "Within"))),
    Group("Milestone", 82, (Part(5, prefix=4),)),
    Group("Now", 29, (Part(6),)),
    Group("Lead", 37, (Part(9),)),
)
_CLOSING_GROUPS = (
    Group("Closes", 27, (Part(1, bold=True),)),
    Group("Commitment", 58, (Part(5, prefix=4), Part(9, quiet=True))),
    Group("Now", 29, (Part(6),)),
    Group("Adherence", 60, (Part(8),)),
)
_CHANGE_GROUPS = (
    Group("From", 27, (Part(1, bold=True),)),
    Group("Milestone", 48, (Part(5, prefix=4), Part(9, quiet=True))),
    Group("Now", 29, (Part(6),)),
    Group("Becomes", 29, (Part(7),)),
    Group("If nothing more is recorded", 41, (Part(8),)),
)
_DUE_SLIDE = (
    Group("Due", 44, (Part(1, bold=True),)),
    Group("Milestone", 150, (Part(5, prefix=4),)),
    Group("Now", 44, (Part(6),)),
    Group("Lead", 70, (Part(9),)),
)
_CHANGE_SLIDE = (
    Group("From", 40, (Part(1, bold=True),)),
    Group("Milestone", 110, (Part(5, prefix=4),)),
    Group("Now", 42, (Part(6),)),
    Group("Becomes", 42, (Part(7),)),
    Group("If nothing more is recorded", 74, (Part(8),)),
)


def ahead(facts: ReportFacts) -> Section:
    """Return what is due, what will change colour within 30, 60 and 90 days, and which windows close."""
    due = sorted(
        (row for row in facts.milestones if _is_due(row, facts)), key=lambda row: (row.due or facts.day, row.full_ref)
    )
    changes = [change for change in facts.coming if not change.closes]
    closing = [change for change in facts.coming if change.closes]
    counts = [sum(1 for row in due if _days(row, facts) <= horizon) for horizon in HORIZONS]
    red = sum(1 for change in changes if change.after is Colour.RED and not change.recurring)
    blocks: list[Block] = [
        Paragraph(
            f"Due in the next 30 days: {counts[0] or 'none'}; 60 days: {counts[1] or 'none'}; "
            f"90 days: {counts[2] or 'none'}. "
            f"{number(red, 'milestone').capitalize()} will turn {facts.name(Colour.RED)} in that time "
            "if nothing more is recorded."
        )
    ]
    crowded = _crowded(facts)
    if crowded:
        blocks.append(Paragraph(crowded))
    blocks += [
        Heading("Due in the next 90 days"),
        Table(
            "ahead.due",
            "Milestones due in the next 90 days",
            _COLUMNS,
            tuple(_due_row(row, facts) for row in due),
            "Looking ahead",
            _DUE_GROUPS,
            "Nothing unfinished falls due in the next 90 days.",
            _DUE_SLIDE,
        ),
        Heading("Colours that will change"),
        Table(
            "ahead.changes",
            "Colours that will change in the next 90 days if nothing more is recorded",
            _COLUMNS,
            tuple(_change_row(change, facts) for change in changes),
            "Looking ahead",
            _CHANGE_GROUPS,
            "No colour will change by itself in the next 90 days.",
            _CHANGE_SLIDE,
        ),
    ]
    if closing or any(stream.commitments for row in facts.snapshot.priorities for stream in row.workstreams):
        blocks += [
            Heading("Recurring commitments"),
            Table(
                "ahead.recurring",
                "Windows of recurring commitments that close in the next 90 days with nothing recorded",
                _COLUMNS,
                tuple(_change_row(change, facts) for change in closing),
                "Looking ahead",
                _CLOSING_GROUPS,
                "No window closes with nothing recorded in the next 90 days.",
            ),
        ]
    return Section("ahead", "", "Looking ahead", tuple(blocks))


def _days(row: MilestoneRow, facts: ReportFacts) -> int:
    return (row.due - facts.day).days if row.due else -1


def _is_due(row: MilestoneRow, facts: ReportFacts) -> bool:
    return row.colour not in (Colour.BLUE, Colour.NONE) and 0 <= _days(row, facts) <= HORIZONS[-1]


def _within(days: int) -> str:
    return next((f"{horizon} days" for horizon in HORIZONS if days <= horizon), "")


def _crowded(facts: ReportFacts) -> str:
    months: Counter[tuple[int, int]] = Counter()
    words = {}
    for row in facts.milestones:
        if row.due and row.colour not in (Colour.BLUE, Colour.NONE) and 0 <= _days(row, facts) <= 365:
            key = (row.due.year, row.due.month)
            months[key] += 1
            words[key] = show_month(row.due)
    if not months:
        return ""
    busiest, most = max(months.items(), key=lambda pair: (pair[1], [-part for part in pair[0]]))
    total = sum(months.values())
    if most < 3 or most * 2 < total / len(months) * 3:
        return ""
    return f"The busiest month of the next twelve is {words[busiest]}: {most} of {number(total, 'milestone')} due."


def _due_row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    days = _days(row, facts)
    return (
        "Due",
        due_value(row),
        days,
        _within(days),
        row.full_ref,
        row.text,
        status(row, facts.vocabulary),
        None,
        "",
        leads(row.leads),
    )


def _change_row(change: Coming, facts: ReportFacts) -> tuple[Cell, ...]:
    days = (change.day - facts.day).days
    return (
        _what(change),
        DateValue.of(change.day),
        days,
        _within(days),
        change.full_ref,
        change.text,
        _now(change, facts),
        None if change.closes else group_status(change.after, facts.vocabulary),
        _why(change),
        leads(change.leads),
    )


def _now(change: Coming, facts: ReportFacts) -> StatusValue:
    if isinstance(change, ComingOccurrence) or change.before is not change.milestone.colour:
        return group_status(change.before, facts.vocabulary)
    return status(change.milestone, facts.vocabulary)


def _what(change: Coming) -> str:
    if not change.recurring:
        return "Colour change"
    return "Window closes" if change.closes else "Recurring: colour change"


def _why(change: Coming) -> str:
    if isinstance(change, ComingOccurrence):
        return f"{change.reason} So far: {change.commitment.adherence.text}."
    return change.reason
