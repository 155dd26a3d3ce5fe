"""Outcomes: each measure with its baseline, its target and the latest figure, beside the colours of the actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

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
from tracker.exports.wording import arrow, share
from tracker.queries.rows import MeasureRow
from tracker.rules.rollup import Direction

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")

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
    Column("Trend", width=14),
)
_GROUPS = (
    Group("Measure", 66, (Part(1, bold=True), Part(2), Part(3, "Unit"), Part(4, "Better is"))),
    Group("Baseline", 22, (Part(5),)),
    Group("Target", 22, (Part(6),)),
    Group("Latest", 28, (Part(7, bold=True), Part(8, quiet=True), Part(12))),
    Group("Earlier", 36, (Part(9),)),
)
_VOICE_COLUMNS = (
    Column("Priority", width=34),
    Column("Measure", width=44),
    Column("Latest figure", width=24),
    Column("Who says it", width=24),
    Column("What they say", width=60),
    Column("Source", width=34),
    Column("Heard on", Kind.DATE, 16),
)
_VOICE_GROUPS = (
    Group("Measure", 58, (Part(1, bold=True), Part(2, "Latest"))),
    Group("What they say", 76, (Part(3, bold=True), Part(4))),
    Group("Where it is from", 40, (Part(5), Part(6, quiet=True))),
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
            *_not_moved(facts),
            Table("measures", "Measures with their latest figures", _COLUMNS, rows, "Measures", _GROUPS),
            Heading("What children, young people and parent carers say"),
            Table(
                "voices",
                "What people say beside the figures",
                _VOICE_COLUMNS,
                tuple(row for priority, measure in found for row in _voices(priority, measure)),
                "Voices",
                _VOICE_GROUPS,
                "Nothing that they say is recorded beside these figures.",
            ),
        ),
    )


def _voices(priority: str, measure: MeasureRow) -> list[tuple[Cell, ...]]:
    """Return what people say of a measure, each beside its latest figures."""
    latest = {group: f"{value}{f' {group}' if group else ''} ({period})" for period, group, value in measure.readings}
    figures = "; ".join(latest.values()) or "no figure yet"
    return [
        (priority, measure.name, figures, one.who, one.text, one.source, DateValue.of(one.heard_on))
        for one in measure.voices
    ]


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
            trend(measure, [value for _, value in figures]),
        )
        for group, figures in (groups or {"": []}).items()
    ]


def figure(text: str) -> Decimal | None:
    """Return the first number in a text ("1,204 weeks", "83%"); None where it holds none."""
    found = _NUMBER.search(text)
    return Decimal(found[0].replace(",", "")) if found else None


def better(measure: MeasureRow, before: str, after: str) -> bool | None:
    """Return whether a figure is better than one before; None where the two or the direction cannot be told."""
    one, other = figure(before), figure(after)
    if one is None or other is None or measure.polarity not in ("up", "down"):
        return None
    return other > one if measure.polarity == "up" else other < one


def trend(measure: MeasureRow, values: Sequence[str]) -> str:
    """Return how the latest figure stands against the one before, or against the baseline where it is the first."""
    before = values[-2] if len(values) > 1 else measure.baseline
    if not values or not before or figure(before) is None or figure(values[-1]) is None:
        return ""
    if figure(before) == figure(values[-1]):
        return arrow(Direction.SAME)
    found = better(measure, before, values[-1])
    return "" if found is None else arrow(Direction.BETTER if found else Direction.WORSE)


def _not_moved(facts: ReportFacts) -> tuple[Block, ...]:
    """Return the measures of priorities that delivered at least half of what was due, and whose figure is no better."""
    told = []
    for priority in facts.snapshot.priorities:
        counts = priority.counts
        if not counts.delivered_of_due or counts.delivered_of_due * 2 < counts.due_to_date:
            continue
        for measure in priority.measures:
            values = [value for _, _, value in measure.readings]
            if values and better(measure, measure.baseline, values[-1]) is False:
                told.append(
                    f"{priority.ref} {measure.name}: {values[-1]}, against a baseline of {measure.baseline}; "
                    f"{share(counts.delivered_of_due, counts.due_to_date)} of what was due is delivered."
                )
    if not told:
        return ()
    return Heading("Delivered, but the number has not moved"), BulletList(tuple(told)), Heading("Every measure")
