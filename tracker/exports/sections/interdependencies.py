"""What the plan depends on: what its document says, and which milestones wait for others."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, Column, Group, Heading, Kind, Part, Section, Table
from tracker.exports.wording import due_value, leads, standing_words, status

_COLUMNS = (Column("Priority", width=40), Column("Depends on", width=90))
_GROUPS = (Group("Priority", 60, (Part(0, bold=True),)), Group("Depends on", 114, (Part(1),)))
_WAITING = (
    Column("Ref", width=9),
    Column("Milestone", width=48),
    Column("Status", Kind.STATUS, 18),
    Column("Deadline", Kind.DATE, 16, as_written=True),
    Column("Waits for", width=40),
    Column("Lead", width=34),
)
_WAITING_GROUPS = (
    Group("Milestone", 70, (Part(1, prefix=0), Part(5, quiet=True))),
    Group("Status", 30, (Part(2),)),
    Group("Deadline", 24, (Part(3),)),
    Group("Waits for", 50, (Part(4),)),
)
_KIND = "interdependency"


def interdependencies(facts: ReportFacts) -> Section | None:
    """Return what the plan says that it depends on and what waits for what; None if it says nothing of either."""
    told = [("The whole plan", record) for record in facts.snapshot.records if record.kind == _KIND]
    told += [
        (f"{row.ref} {row.title}".strip(), record)
        for row in facts.snapshot.priorities
        for record in row.records
        if record.kind == _KIND
    ]
    waiting = [row for row in facts.milestones if facts.waits.get(row.id)]
    if not told and not waiting:
        return None
    blocks: list[Block] = []
    if told:
        rows = tuple((place, standing_words(record.text, record.standing)) for place, record in told)
        blocks.append(
            Table("depends", "Interdependencies in the plan's document", _COLUMNS, rows, "Interdependencies", _GROUPS)
        )
    if waiting:
        lines: tuple[tuple[Cell, ...], ...] = tuple(
            (
                row.full_ref,
                row.text,
                status(row, facts.vocabulary),
                due_value(row),
                "; ".join(facts.waits[row.id]),
                leads(row.leads),
            )
            for row in waiting
        )
        blocks.append(Heading("Milestones that wait for others"))
        blocks.append(
            Table("waits", "Milestones that wait for others", _WAITING, lines, "Waiting for others", _WAITING_GROUPS)
        )
    return Section("interdependencies", "", "Interdependencies", tuple(blocks))
