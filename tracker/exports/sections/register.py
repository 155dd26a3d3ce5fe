"""The full register: every milestone in document order with everything that is known of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    Cell,
    Column,
    DateValue,
    Group,
    Heading,
    Kind,
    Part,
    Section,
    StatusValue,
    Table,
)
from tracker.exports.wording import (
    baseline_value,
    days_late,
    due_value,
    first_value,
    forecast_value,
    leads,
    original_value,
    status,
    timing,
)
from tracker.queries.rows import MilestoneRow, PriorityRow
from tracker.rules.colour import NAMES
from tracker.rules.percent import milestone_percent
from tracker.rules.said import difference
from tracker.rules.slippage import slip
from tracker.rules.vocabulary import ORIGINAL, PERCENT, Vocabulary

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
    Column("Waits for", width=28),
    Column("Baseline deadline", Kind.DATE, 16, as_written=True),
    Column("Days slipped from baseline", Kind.NUMBER, 12),
    Column("Times moved in all", Kind.NUMBER, 9),
    Column("Reported against", width=36),
    Column("Computed colour", width=12),
    Column("Rating in the plan's document", width=24),
    Column("Document against dates", width=40),
    Column("Impact if not mitigated", width=40),
)
_PERCENT = Column("Percent complete", Kind.NUMBER, 10)
_ORIGINAL = Column("Original date", Kind.DATE, 16, as_written=True)
_OUTCOME = (Column("Outcome confidence", Kind.STATUS, 20), Column("Why that confidence", width=40))
_GROUPS = (
    Group("Ref", 17, (Part(0, bold=True),)),
    Group("Milestone", 74, (Part(3), Part(4, quiet=True), Part(30, "Recurs"), Part(28, "Actions"))),
    Group("Deadline", 30, (Part(5, bold=True), Part(9), Part(11, "Originally"), Part(14, "Forecast"))),
    Group("Status", 28, (Part(6),)),
    Group("Why", 50, (Part(8),)),
    Group("Update and impact", 62, (Part(19), Part(20, "Impact"))),
)
_STATUS_GROUP, _DEADLINE_GROUP = 3, 2
_NO_DAY = DateValue("")


def columns(vocabulary: Vocabulary) -> tuple[Column, ...]:
    """Return the columns of the register: those of every plan, then those that the rating scheme adds."""
    return (
        *COLUMNS,
        *((_PERCENT,) if vocabulary.has(PERCENT) else ()),
        *((_ORIGINAL,) if vocabulary.has(ORIGINAL) else ()),
        *(_OUTCOME if vocabulary.outcome else ()),
    )


def _groups(found: tuple[Column, ...]) -> tuple[Group, ...]:
    """Return how a page shows the columns: what the scheme adds stands below the status, or beside the deadline."""
    groups = list(_GROUPS)
    for column, group, label in (
        (_PERCENT, _STATUS_GROUP, "Complete, %"),
        (_OUTCOME[0], _STATUS_GROUP, "Outcome"),
        (_OUTCOME[1], _STATUS_GROUP, ""),
        (_ORIGINAL, _DEADLINE_GROUP, "Original"),
    ):
        if column in found:
            kept = tuple(part for part in groups[group].parts if column is not _ORIGINAL or part.column != _MOVED_FROM)
            part = Part(found.index(column), label, quiet=column is _OUTCOME[1])
            groups[group] = replace(groups[group], parts=(*kept, part))
    return tuple(groups)


_MOVED_FROM = 11  # the original deadline where it is another one


def register(facts: ReportFacts) -> Section:
    """Return the register as an annex, a table for each priority."""
    label = facts.snapshot.plan.priority_label or "Priority"
    found = columns(facts.vocabulary)
    blocks: list[Block] = []
    for priority in facts.snapshot.priorities:
        blocks.append(Heading(f"{label} {priority.ref}: {priority.title}"))
        blocks.append(_table(priority, facts, found))
    if not blocks:
        blocks.append(
            Table("register", "Register", found, (), "Register", _groups(found), "The plan has no milestones.")
        )
    return Section("register", "", "Full register", tuple(blocks), annex=True, landscape=True)


def _table(priority: PriorityRow, facts: ReportFacts, columns: tuple[Column, ...]) -> Table:
    found = [row for stream in priority.workstreams for row in stream.milestones]
    found += priority.unplaced
    return Table(
        f"register.{priority.id}",
        f"Milestones of {facts.snapshot.plan.priority_label or 'Priority'} {priority.ref}",
        columns,
        tuple((*_row(row, facts), *_added(row, facts.vocabulary)) for row in found),
        "Register",
        _groups(columns),
        "No milestones.",
    )


def _row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    value = status(row, facts.vocabulary)
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
        "; ".join(facts.waits.get(row.id, ())),
        baseline_value(row),
        slip(row.measured_due, row.due).days,
        row.total_moves,
        facts.snapshot.version.baseline,
        NAMES[row.colour],
        row.status_text,
        difference(row.status_text, row.rating, row.computed, row.rule, facts.name),
        row.consequence,
    )


def _added(row: MilestoneRow, vocabulary: Vocabulary) -> tuple[Cell, ...]:
    """Return what the rating scheme adds to a line."""
    cells: list[Cell] = []
    if vocabulary.has(PERCENT):
        cells.append(milestone_percent(row.colour, row.percent))
    if vocabulary.has(ORIGINAL):
        cells.append(first_value(row))
    if vocabulary.outcome:
        term = vocabulary.outcome_term(row.outcome_confidence)
        cells += [StatusValue(row.colour, (), term) if term else None, row.outcome_reason if term else ""]
    return tuple(cells)


def _day(day: date | None) -> DateValue:
    return DateValue.of(day) if day is not None else _NO_DAY
