"""The full register: every milestone in document order with everything that is known of it."""

from __future__ import annotations

from datetime import date

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, Column, DateValue, Group, Heading, Kind, Part, Section, Table
from tracker.exports.wording import (
    baseline_value,
    days_late,
    due_value,
    forecast_value,
    leads,
    original_value,
    status,
    timing,
)
from tracker.queries.rows import MilestoneRow, PriorityRow
from tracker.rules.slippage import slip

COLUMNS = (
    Column("Ref", width=9),
    Column("Priority", width=8),
    Column("Workstream", width=34),
    Column("Milestone", width=52),
    Column("Lead", width=34),
    Column("Deadline", Kind.DATE, 16, as_written=True),
    Column("Status", Kind.STATUS, 18),
    Column("Marks", width=22),
    Column("Why", width=48),
    Column("Where it stands", width=20),
    Column("Days late", Kind.NUMBER, 9),
    Column("Original deadline", Kind.DATE, 16, as_written=True),
    Column("Times moved", Kind.NUMBER, 9),
    Column("New date proposed", width=18),
    Column("Forecast", Kind.DATE, 16, as_written=True),
    Column("Colour stands until", Kind.DATE, 18),
    Column("Started", Kind.DATE, 18),
    Column("What the lead says", width=36),
    Column("Blocked by", width=28),
    Column("Update", width=52),
    Column("Impact", width=52),
    Column("Recovery", width=40),
    Column("Help needed", width=40),
    Column("Last updated", Kind.DATE, 18),
    Column("Updated by", width=28),
    Column("Claimed complete", Kind.DATE, 18),
    Column("Completed", Kind.DATE, 18),
    Column("Sign-off", width=14),
    Column("Actions", width=12),
    Column("Critical", width=9),
    Column("Recurs", width=28),
    Column("Standing", width=14),
    Column("Rule", width=7),
    Column("Question", width=40),
    Column("Baseline deadline", Kind.DATE, 16, as_written=True),
    Column("Days slipped from baseline", Kind.NUMBER, 12),
    Column("Times moved in all", Kind.NUMBER, 9),
    Column("Reported against", width=36),
)
_GROUPS = (
    Group("Ref", 17, (Part(0, bold=True),)),
    Group("Milestone", 74, (Part(3), Part(4, quiet=True), Part(30, "Recurs"), Part(28, "Actions"))),
    Group("Deadline", 30, (Part(5, bold=True), Part(9), Part(11, "Originally"), Part(14, "Forecast"))),
    Group("Status", 28, (Part(6),)),
    Group("Why", 50, (Part(8),)),
    Group("Update and impact", 62, (Part(19), Part(20, "Impact"))),
)
_NO_DAY = DateValue("")


def register(facts: ReportFacts) -> Section:
    """Return the register as an annex, a table for each priority."""
    label = facts.snapshot.plan.priority_label or "Priority"
    blocks: list[Block] = []
    for priority in facts.snapshot.priorities:
        blocks.append(Heading(f"{label} {priority.ref}: {priority.title}"))
        blocks.append(_table(priority, facts))
    if not blocks:
        blocks.append(Table("register", "Register", COLUMNS, (), "Register", _GROUPS, "The plan has no milestones."))
    return Section("register", "", "Full register", tuple(blocks), annex=True, landscape=True)


def _table(priority: PriorityRow, facts: ReportFacts) -> Table:
    found = [row for stream in priority.workstreams for row in stream.milestones]
    found += priority.unplaced
    return Table(
        f"register.{priority.id}",
        f"Milestones of {facts.snapshot.plan.priority_label or 'Priority'} {priority.ref}",
        COLUMNS,
        tuple(_row(row, facts) for row in found),
        "Register",
        _GROUPS,
        "No milestones.",
    )


def _row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    value = status(row)
    return (
        row.full_ref,
        row.priority_ref,
        f"{row.workstream_ref} {row.workstream_title}".strip(),
        row.text,
        leads(row.leads),
        due_value(row),
        value,
        value.marks_text,
        row.reason,
        timing(row, facts.day),
        days_late(row, facts.day),
        original_value(row),
        row.moves,
        row.proposed_text,
        forecast_value(row) if row.forecast else _NO_DAY,
        _day(row.until),
        _day(row.started),
        row.confidence_reason or row.confidence.replace("_", " "),
        row.blocked,
        row.progress,
        row.impact,
        row.recovery,
        row.help_needed,
        _day(row.updated_on),
        row.updated_by,
        _day(row.claimed),
        _day(row.completed),
        "" if row.signoff == "none" else row.signoff,
        ", ".join(row.actions),
        "Yes" if row.critical else "",
        row.tail,
        "" if row.standing == "open" else row.standing,
        row.rule,
        row.needs_decision,
        baseline_value(row),
        slip(row.measured_due, row.due).days,
        row.total_moves,
        facts.snapshot.version.baseline,
    )


def _day(day: date | None) -> DateValue:
    return DateValue.of(day) if day is not None else _NO_DAY
