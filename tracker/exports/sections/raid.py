"""Risks, issues and decisions: what stands in the registers of the plan, worst risks first."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, Column, DateValue, Group, Heading, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import number
from tracker.queries.raid_rows import RaidRow
from tracker.rules.dates import add_months

_COLUMNS = (
    Column("Ref", width=8),
    Column("What it is", width=48),
    Column("More about it", width=40),
    Column("Score", Kind.NUMBER, 8),
    Column("Level", width=12),
    Column("Likelihood and impact", width=24),
    Column("What is being done", width=44),
    Column("Who answers for it", width=34),
    Column("Raised or taken", Kind.DATE, 16),
    Column("Look again by", Kind.DATE, 16),
    Column("Minute", width=24),
    Column("Bears on", width=20),
    Column("Closed", Kind.DATE, 16),
    Column("How it ended", width=36),
)
_GROUPS = (
    Group("What it is", 60, (Part(1, prefix=0), Part(2), Part(7, quiet=True))),
    Group("Score", 24, (Part(3, bold=True), Part(4), Part(5, quiet=True))),
    Group("What is being done", 54, (Part(6), Part(13, "Ended"))),
    Group(
        "When",
        36,
        (Part(8, "Since"), Part(9, "Look again by"), Part(10, "Minute"), Part(12, "Closed"), Part(11, "Bears on")),
    ),
)
_GROUPS_UNSCORED = (
    Group("What it is", 72, _GROUPS[0].parts),
    Group("What follows", 62, _GROUPS[2].parts),
    Group("When", 40, _GROUPS[3].parts),
)
_REGISTERS = (
    ("risk", "Risks", "Each risk with its score"),
    ("issue", "Issues", "Each issue and what is done about it"),
    ("decision", "Decisions", "Each decision and what follows from it"),
)
_RECENT_MONTHS = 3
"""What was closed within so many months before the day is still told."""


def raid(facts: ReportFacts) -> Section | None:
    """Return the open entries, and what was closed or decided of late; None where the registers are empty."""
    since = add_months(facts.day, -_RECENT_MONTHS)
    rows = [row for row in facts.raid if row.closed_on is None or row.closed_on > since]
    if not rows:
        return None
    open_risks = [row for row in rows if row.kind == "risk" and row.closed_on is None]
    high = sum(row.high for row in open_risks)
    late = sum(row.late(facts.day) for row in rows)
    blocks: list[Block] = [
        Paragraph(
            f"{number(len(open_risks), 'open risk').capitalize()}, {high or 'none'} of them high or very high; "
            f"{late or 'none'} past the day of {'its' if late == 1 else 'their'} review. "
            "A risk scores likelihood times impact, each from 1 to 5; from 10 on it is high. It never changes a colour."
        )
    ]
    for kind, title, caption in _REGISTERS:
        own = [row for row in rows if row.kind == kind]
        groups = _GROUPS if kind == "risk" else _GROUPS_UNSCORED
        blocks += [Heading(title), _table(kind, caption, own, groups)]
    return Section("raid", "", "Risks, issues and decisions", tuple(blocks))


def _table(kind: str, caption: str, rows: Sequence[RaidRow], groups: tuple[Group, ...]) -> Table:
    lines = tuple(_row(row) for row in rows)
    return Table(f"raid.{kind}", caption, _COLUMNS, lines, "Risks and issues", groups, f"No {kind} is recorded.")


def _row(row: RaidRow) -> tuple[Cell, ...]:
    scored = row.points > 0
    return (
        row.ref,
        row.title,
        row.description,
        row.points if scored else None,
        row.level if scored else "",
        f"likelihood {row.likelihood}, impact {row.severity}" if scored else "",
        row.response,
        row.owner,
        DateValue.of(row.raised_on),
        DateValue.of(row.review_by),
        row.minute,
        row.refs,
        DateValue.of(row.closed_on),
        row.outcome,
    )
