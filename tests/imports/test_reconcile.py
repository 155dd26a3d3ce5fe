"""The account of every line, whatever the file: nothing vanishes, and the totals add up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.imports.scores import FIXTURES, FOUND, THINGS, score_of
from tests.imports.workbooks import HEAD, actions, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.grid import Cell, Grid, Workbook
from tracker.imports.plans import plan_of
from tracker.imports.reconcile import Account, Outcome
from tracker.imports.result import ImportResult, Problem

CELLS = st.sampled_from(
    ["", "", "", "1", "1.1", "A", "Recruit a chair", "A. One\nB. Two", "• a\n• b", "Sep 2025", "TBC", "Ongoing",
     "Director", "Green", "Priority 1: Homes", "1a. Develop", "Action", "Lead", "Deadline", "Ref", "Milestone", "Key",
     "Total", "- step", "Done (May 2004)\nBy end 2005/06", "1. Sep 2025: x\n2. Weekly:\n ○ y", "What good looks like",
     "Red", "ditto", "¹ note"]
)  # fmt: skip


def grid_of(rows: list[list[str]]) -> Grid:
    grid = Grid("Sheet")
    for number, row in enumerate(rows, 1):
        cells = {column: Cell(number, column, text, text) for column, text in enumerate(row, 1) if text}
        if cells:
            grid.rows[number] = cells
    return grid


def sound(result: ImportResult) -> None:
    """Assert what holds for every import: the account is whole and refs are unique where they must be."""
    assert whole(result)
    plan = result.document
    assert len({area.ref for area in plan.priorities}) == len(plan.priorities)
    for area in plan.priorities:
        assert len({each.ref for each in area.workstreams}) == len(area.workstreams)
        for each in area.workstreams:
            assert len({action.ref for action in each.actions}) == len(each.actions)
            assert len({line.ref for line in each.milestones}) == len(each.milestones)
            assert all(line.text for line in (*each.actions, *each.milestones, *each.commitments))
            refs = {action.ref for action in each.actions}
            assert all(set(line.actions) <= refs for line in each.milestones)
    json.dumps(result.to_json())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=14))
@example(  # a column that groups the first table holds the refs of the second
    [
        ["", "", "", "", "Action", "- step"],
        ["", "", "1.1", "", "", "1"],
        ["", "", "Recruit a chair", "", "", "1"],
        ["", "", "", "", "1", "1"],
        ["", "", "Ref", "", "Action", "Action"],
        ["", "", "", "", "", "1"],
    ]
)
def test_any_rows_under_a_header_are_accounted_for(rows: list[list[str]]) -> None:
    result = plan_of(Workbook("plan.xlsx", [grid_of([list(HEAD), *rows])]))
    sound(result)
    counted = {line.row for line in result.lines}
    assert counted == {number for number, row in enumerate([list(HEAD), *rows], 1) if any(row)}
    assert not [line for line in result.lines if line.reason == "not recognised as part of the plan"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=14))
def test_any_rows_at_all_are_accounted_for(rows: list[list[str]]) -> None:
    sound(plan_of(Workbook("plan.xlsx", [grid_of(rows)])))


def test_a_row_that_nobody_accounted_for_is_found() -> None:
    account = Account()
    account.add("Sheet", 2, "A2", "second", Outcome.IMPORTED)
    account.close({"Sheet": [(1, "A1", "first"), (2, "A2", "second")]})
    assert [(line.row, line.outcome) for line in account.lines] == [(1, "left_out"), (2, "imported")]
    assert account.totals() == {"lines": 2, "imported": 1, "merged": 0, "needs_decision": 0, "left_out": 1}
    assert account.lines[0].where == "Sheet A1"


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("Plan B7", "The date is unclear.", "Enter it.")) == "Plan B7: The date is unclear. Enter it."
    assert str(Problem("", "No plan.")) == "No plan."


if FOUND:  # plan files to compare with lie beside some checkouts only

    @pytest.mark.parametrize("truth", FOUND, ids=lambda path: path.name)
    def test_every_plan_file_at_hand_reads_as_a_careful_reader_reads_it(truth: Path) -> None:
        expected = json.loads(truth.read_text(encoding="utf-8"))
        result = read_plan((FIXTURES / expected["file"]).read_bytes(), expected["file"])
        sound(result)
        named = [each for each in expected["workstreams"] if each["ref"] or each["title"]]
        assert len([each for each in workstreams(result) if each.source is not None]) == len(named)
        assert len(actions(result)) == sum(len(each["actions"]) for each in expected["workstreams"])
        score = score_of(truth)
        assert {each: score.recall(each) for each in THINGS} == dict.fromkeys(THINGS, 1.0), str(score)
        assert score.precision("dates") == 1.0, "a date was invented"
        assert not [line for line in result.lines if line.reason == "not recognised as part of the plan"]
