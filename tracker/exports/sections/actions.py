"""Actions from the last meeting, and what has become of each."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    BulletList,
    Cell,
    Column,
    DateValue,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    Table,
)
from tracker.exports.wording import number

_COLUMNS = (
    Column("No.", width=8),
    Column("Action", width=60),
    Column("Owner", width=34),
    Column("Due", Kind.DATE, 16, as_written=True),
    Column("State", width=12),
    Column("Outcome", width=50),
)
_GROUPS = (
    Group("No.", 14, (Part(0, bold=True),)),
    Group("Action", 72, (Part(1), Part(2, quiet=True))),
    Group("Due", 24, (Part(3),)),
    Group("State", 20, (Part(4, bold=True),)),
    Group("Outcome", 44, (Part(5),)),
)
_SLIDE = (
    Group("No.", 18, (Part(0, bold=True),)),
    Group("Action", 130, (Part(1),)),
    Group("Owner", 60, (Part(2),)),
    Group("Due", 36, (Part(3),)),
    Group("State and outcome", 64, (Part(4, bold=True), Part(5))),
)


def actions(facts: ReportFacts) -> Section | None:
    """Return the actions with their owners and states; None where there was no meeting before this one."""
    if facts.actions is None:
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.number, one.text, one.owner, DateValue(one.due, one.due_day), one.state.capitalize(), one.outcome)
        for one in facts.actions
    )
    still = sum(one.state == "open" for one in facts.actions)
    late = sum(one.state == "open" and one.due_day is not None and one.due_day < facts.day for one in facts.actions)
    said = f"{number(len(rows), 'action').capitalize()}; {still or 'none'} still open"
    told = (Paragraph(f"{said}, {late} of them past the day agreed." if late else f"{said}."),) if rows else ()
    table = Table(
        "actions",
        "Each action and what has become of it",
        _COLUMNS,
        rows,
        "Actions",
        _GROUPS,
        "The last meeting asked for no action.",
        _SLIDE,
    )
    decided: tuple[Block, ...] = ()
    if facts.minuted:
        decided = (Heading("What the last meeting decided"), BulletList(facts.minuted))
    return Section("actions", "", "Actions from the last meeting", (*told, table, *decided))
