"""The period grid of a plan: workstreams down, months, quarters or terms across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.queries.rows import MilestoneRow, PlanSnapshot
from tracker.rules.colour import BAR_ORDER, LETTERS, Colour
from tracker.rules.dates import add_months, end_of_month, show_month

STEPS = {"month": 1, "quarter": 3, "term": 4}
_MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One period of the grid with its first and last day."""

    label: str
    first: date
    last: date
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """The milestones of one colour in one cell: letter and number."""

    colour: Colour
    letter: str
    number: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One workstream in one period: chips, worst first, and the milestones behind them."""

    chips: tuple[Chip, ...]
    milestones: tuple[MilestoneRow, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One workstream (or the milestones of a priority that have none)."""

    priority_ref: str
    priority_title: str
    workstream_id: int | None
    ref: str
    title: str
    cells: tuple[Cell, ...]
    undated: Cell


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole grid; `hidden` counts milestones due outside the columns shown."""

    step: str
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    hidden: int


def period_grid(now: PlanSnapshot, step: str) -> Grid:
    """Lay out a snapshot by the period in which each milestone is due."""
    dues = [row.due for row in now.milestones if row.due is not None]
    columns = _columns(min(dues), max(dues), step, now.day) if dues else ()
    rows = []
    hidden = 0
    for priority in now.priorities:
        groups = [(w.id, w.ref, w.title, w.milestones) for w in priority.workstreams]
        if priority.unplaced:
            groups.append((0, "", f"Not placed in a {now.plan.workstream_label.lower()}", priority.unplaced))
        for workstream_id, ref, title, milestones in groups:
            cells = tuple(_cell(m for m in milestones if m.due and c.first <= m.due <= c.last) for c in columns)
            undated = _cell(m for m in milestones if m.due is None)
            hidden += len(milestones) - sum(len(cell.milestones) for cell in (*cells, undated))
            rows.append(GridRow(priority.ref, priority.title, workstream_id or None, ref, title, cells, undated))
    return Grid(step, columns, tuple(rows), hidden)


def _cell(milestones: object) -> Cell:
    found = tuple(sorted(milestones, key=lambda m: (*BAR_ORDER, Colour.NONE).index(m.colour)))  # type: ignore[call-overload]
    chips = tuple(
        Chip(colour, LETTERS[colour], number)
        for colour in (*BAR_ORDER, Colour.NONE)
        if (number := sum(m.colour is colour for m in found))
    )
    return Cell(chips, found)


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
