"""Exceptions: every Red and every Amber with what is being done about it. Nothing Green."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Block, Cell, Column, DateValue, Group, Heading, Kind, Paragraph, Part, Section, Table
from tracker.exports.wording import days_late, due_value, forecast_value, leads, number, status, timing
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour

_COLUMNS = (
    Column("Ref", width=9),
    Column("Milestone", width=42),
    Column("Status", Kind.STATUS, 18),
    Column("Deadline", Kind.DATE, 16, as_written=True),
    Column("Where it stands", width=20),
    Column("New date proposed", width=18),
    Column("Why", width=36),
    Column("Recovery", width=34),
    Column("Impact if not mitigated", width=34),
    Column("Help needed", width=30),
    Column("Lead", width=34),
    Column("Days late", Kind.NUMBER, 9),
    Column("Marks", width=22),
    Column("Forecast", Kind.DATE, 16, as_written=True),
    Column("What the lead says", width=36),
    Column("Blocked by", width=28),
    Column("Priority", width=34),
    Column("Waits for", width=28),
    Column("High risks", width=28),
)
_GROUPS = (
    Group("Milestone", 56, (Part(1, prefix=0), Part(10, quiet=True))),
    Group("Status", 29, (Part(2),)),
    Group("Dates", 31, (Part(3, "Deadline"), Part(4, bold=True), Part(5, "Proposed"), Part(13, "Forecast"))),
    Group(
        "Why, recovery and help needed",
        58,
        (
            Part(6),
            Part(14, "Lead"),
            Part(15, "Blocked by"),
            Part(17, "Waits for"),
            Part(18, "High risk"),
            Part(7, "Recovery"),
            Part(8, "Impact if not mitigated"),
            Part(9, "Help needed"),
        ),
    ),
)
_SLIDE = (
    Group("Milestone", 96, (Part(1, prefix=0),)),
    Group("Status", 42, (Part(2),)),
    Group("Dates", 50, (Part(3, "Deadline"), Part(4, bold=True), Part(5, "Proposed"))),
    Group("Why, recovery and help needed", 120, (Part(6), Part(7, "Recovery"), Part(9, "Help needed"))),
)


def exceptions(facts: ReportFacts) -> Section:
    """Return every Red, worst first, then every Amber, soonest first."""
    day = facts.day
    red = [row for row in facts.milestones if row.colour is Colour.RED]
    red.sort(key=lambda row: (not row.critical, -days_late(row, day)))
    amber = [row for row in facts.milestones if row.colour is Colour.AMBER]
    amber.sort(key=lambda row: (not row.critical, row.due is None, row.due or day))
    blocks: list[Block] = [
        Paragraph(
            f"{number(len(red), 'milestone').capitalize()} {facts.name(Colour.RED)} and "
            f"{number(len(amber), 'milestone')} {facts.name(Colour.AMBER)}. "
            "Milestones of other colours are not listed here."
        )
    ]
    for colour, rows in ((Colour.RED, red), (Colour.AMBER, amber)):
        name = facts.name(colour)
        blocks.append(Heading(f"{name}: {'missed' if colour is Colour.RED else 'likely to miss'}"))
        blocks.append(
            Table(
                f"exceptions.{colour}",
                f"Every {name} milestone",
                _COLUMNS,
                tuple(_row(row, facts) for row in rows),
                "Exceptions",
                _GROUPS,
                f"No milestone is {name}.",
                _SLIDE,
            )
        )
    return Section("exceptions", "", "Exceptions", tuple(blocks))


def _row(row: MilestoneRow, facts: ReportFacts) -> tuple[Cell, ...]:
    value = status(row, facts.vocabulary)
    return (
        row.full_ref,
        row.text,
        value,
        due_value(row),
        timing(row, facts.day),
        row.proposed_text,
        row.reason,
        row.recovery,
        row.consequence,
        row.help_needed,
        leads(row.leads),
        days_late(row, facts.day),
        value.marks_text,
        forecast_value(row) if row.forecast else DateValue(""),
        _unless_said(row.confidence_reason, row.reason),
        _unless_said(row.blocked, row.reason),
        f"{row.priority_ref} {row.priority_title}".strip(),
        "; ".join(facts.waits.get(row.id, ())),
        "; ".join(f"{risk.ref} {risk.title}" for risk in facts.bearing_on(row.id) if risk.high),
    )


def _unless_said(text: str, reason: str) -> str:
    """Return text, or nothing where the reason for the colour already says it."""
    said = " ".join(text.split()).rstrip(" .").casefold()
    return "" if said and said in reason.casefold() else text
