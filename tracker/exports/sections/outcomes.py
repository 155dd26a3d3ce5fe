"""Outcomes: each measure with its baseline, its target and the latest figure, beside the colours of the actions."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, Group, Paragraph, Part, Section, Table
from tracker.queries.rows import MeasureRow

_COLUMNS = (
    Column("Priority", width=34),
    Column("Measure", width=44),
    Column("For whom", width=24),
    Column("Unit", width=12),
    Column("Better is", width=10),
    Column("Baseline", width=14),
    Column("Target", width=14),
    Column("Latest", width=14),
    Column("Period", width=16),
    Column("Earlier", width=40),
    Column("Frequency", width=14),
    Column("Notes", width=40),
)
_GROUPS = (
    Group("Measure", 66, (Part(1, bold=True), Part(2), Part(3, "Unit"), Part(4, "Better is"))),
    Group("Baseline", 22, (Part(5),)),
    Group("Target", 22, (Part(6),)),
    Group("Latest", 28, (Part(7, bold=True), Part(8, quiet=True))),
    Group("Earlier", 36, (Part(9),)),
)


def outcomes(facts: ReportFacts) -> Section | None:
    """Return the measures of the plan and of its priorities; None if it has none."""
    found = [("", measure) for measure in facts.snapshot.measures]
    found += [
        (f"{priority.ref} {priority.title}".strip(), measure)
        for priority in facts.snapshot.priorities
        for measure in priority.measures
    ]
    if not found:
        return None
    rows = tuple(row for priority, measure in found for row in _rows(priority, measure))
    return Section(
        "outcomes",
        "",
        "Outcomes",
        (
            Paragraph("A milestone can be delivered before the number it serves has moved: read the two together."),
            Table("measures", "Measures with their latest figures", _COLUMNS, rows, "Measures", _GROUPS),
        ),
    )


def _rows(priority: str, measure: MeasureRow) -> list[tuple[Cell, ...]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for period, group, value in measure.readings:
        groups.setdefault(group, []).append((period, value))
    return [
        (
            priority,
            measure.name,
            group,
            measure.unit,
            {"up": "higher", "down": "lower"}.get(measure.polarity, measure.polarity),
            measure.baseline,
            measure.target,
            figures[-1][1] if figures else "",
            figures[-1][0] if figures else "",
            "; ".join(f"{period}: {value}" for period, value in figures[:-1]),
            measure.frequency,
            measure.notes,
        )
        for group, figures in (groups or {"": []}).items()
    ]
