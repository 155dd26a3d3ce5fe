"""The period grid: every milestone once, in the period in which it is due."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.conftest import TODAY
from tracker.queries.grid import period_grid


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("quarter", ["Jul to Sep 2025", "Oct to Dec 2025", "Jan to Mar 2026", "Apr to Jun 2026"]),
        ("term", ["Summer term 2025", "Autumn term 2025", "Spring term 2026", "Summer term 2026"]),
        ("month", ["Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025"]),
    ],
)
def test_periods_follow_each_other_without_a_gap(story, kind, labels):
    grid = period_grid(story.on(TODAY), kind)
    shown = [period.label for period in grid.periods]
    assert shown[: len(labels)] == labels or shown[: len(labels) - 1] == labels[1:]
    for one, next_one in zip(grid.periods, grid.periods[1:], strict=False):
        assert (next_one.first - one.last).days == 1
    (current,) = [period for period in grid.periods if period.current]
    assert current.first <= TODAY <= current.last


@pytest.mark.parametrize("kind", ["month", "quarter", "term"])
def test_every_milestone_stands_once(story, kind):
    now = story.on(TODAY)
    grid = period_grid(now, kind)
    placed = [row.id for group in grid.groups for line in group.rows for cell in line.cells for row in cell]
    assert sorted([*placed, *(row.id for row in grid.undated)]) == sorted(row.id for row in now.milestones)
    assert [row.full_ref for row in grid.undated] == ["1a.4", "6"]


def test_the_worst_stands_first_in_a_cell(story):
    grid = period_grid(story.on(TODAY), "quarter")
    (row,) = grid.groups[0].rows
    assert [[milestone.full_ref for milestone in cell] for cell in row.cells][:2] == [["1a.1", "1a.2"], ["1a.3"]]


def test_a_plan_without_dates_has_no_periods(story):
    before = story.on(date(2025, 1, 1))
    grid = period_grid(before, "month")
    assert (grid.periods, grid.groups, grid.undated) == ((), (), ())
