"""The period grid of a plan: workstreams down, months, quarters or terms across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.queries.rows import MilestoneRow, PlanSnapshot, PriorityRow, WorkstreamRow
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.dates import add_months, end_of_month, show_month

STEPS = {"month": 1, "quarter": 3, "term": 4}
_MOST_COLUMNS = 60
_ORDER = (*BAR_ORDER, Colour.NONE)


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the grid with its first and last day."""

    label: str
    first: date
    last: date
    current: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One workstream with the milestones due in each period, worst colour first."""

    workstream: WorkstreamRow
    cells: tuple[tuple[MilestoneRow, ...], ...]


@dataclass(frozen=True, slots=True)
class GridGroup:
    """One priority with its workstreams."""

    priority: PriorityRow
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole grid; `undated` also holds what is due outside the columns or has no workstream."""

    kind: str
    periods: tuple[Column, ...]
    groups: tuple[GridGroup, ...]
    undated: tuple[MilestoneRow, ...]


def period_grid(now: PlanSnapshot, kind: str) -> Grid:
    """Lay out a snapshot by the period ("month", "quarter" or "term") in which each milestone is due."""
    dues = [row.due for row in now.milestones if row.due is not None]
    periods = _columns(min(dues), max(dues), kind, now.day) if dues else ()
    placed: set[int] = set()
    groups = []
    for priority in now.priorities:
        rows = []
        for workstream in priority.workstreams:
            cells = tuple(_cell(workstream.milestones, period) for period in periods)
            placed.update(row.id for cell in cells for row in cell)
            rows.append(GridRow(workstream, cells))
        if rows:
            groups.append(GridGroup(priority, tuple(rows)))
    undated = tuple(row for row in now.milestones if row.id not in placed)
    return Grid(kind, periods, tuple(groups) if periods else (), undated)


def _cell(milestones: tuple[MilestoneRow, ...], period: Column) -> tuple[MilestoneRow, ...]:
    due = [row for row in milestones if row.due is not None and period.first <= row.due <= period.last]
    return tuple(sorted(due, key=lambda row: _ORDER.index(row.colour)))


def _columns(first: date, last: date, step: str, day: date) -> tuple[Column, ...]:
    months = STEPS[step]
    start = first.replace(day=1)
    if step == "quarter":
        start = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    elif step == "term":
        start = date(first.year, (first.month - 1) // 4 * 4 + 1, 1)
    found: list[Column] = []
    while start <= last and len(found) < _MOST_COLUMNS:
        end = end_of_month(add_months(start, months - 1))
        found.append(Column(_label(start, end, step), start, end, start <= day <= end))
        start = add_months(start, months)
    return tuple(found)


def _label(start: date, end: date, step: str) -> str:
    if step == "month":
        return show_month(start)
    if step == "quarter":
        return f"{show_month(start).split()[0]} to {show_month(end)}"
    term = {1: "Spring term", 5: "Summer term", 9: "Autumn term"}[start.month]
    return f"{term} {start.year}"
