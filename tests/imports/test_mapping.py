"""What a person says of a file's columns holds over what is found in it, in this edition and the next."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.workbooks import HEAD, workbook
from tracker.imports import read_plan, read_plan_in_child
from tracker.imports.mapping import FileMapping
from tracker.imports.result import ImportResult, Kind

STRANGE = ("Undertaking", "Champion", "Whenabouts", "Words")
ROWS = (
    ("The chair is recruited", "Director", "Mar 2026", "Begun"),
    ("The budget is agreed", "Clerk", "Apr 2026", "None yet"),
)
SAID = {"undertaking": "action", "champion": "lead", "whenabouts": "due", "words": "update"}


def read(rows: list[Any], **said: Any) -> ImportResult:
    return read_plan(workbook(("Plan", rows)), "plan.xlsx", said=FileMapping(**said))


def milestones(result: ImportResult) -> list[tuple[str, str, str]]:
    return [
        (each.text, each.date, each.update_text)
        for area in result.document.priorities
        for workstream in area.workstreams
        for each in workstream.milestones
    ]


def test_a_file_whose_headings_nobody_knows_is_read_once_a_person_has_said_what_they_hold() -> None:
    rows = [("Our plan",), (), STRANGE, *ROWS]
    assert read(rows).kind is Kind.NOT_A_PLAN
    result = read(rows, columns=SAID)
    assert result.kind is Kind.PLAN
    assert milestones(result) == [
        ("The chair is recruited", "Mar 2026", "Begun"),
        ("The budget is agreed", "Apr 2026", "None yet"),
    ]
    totals = result.totals()
    assert totals["lines"] == sum(totals.values()) - totals["lines"] == 4


def test_the_columns_of_the_next_edition_may_stand_elsewhere() -> None:
    moved = [("Draft",), tuple(reversed(STRANGE)), *(tuple(reversed(row)) for row in ROWS)]
    again = FileMapping(columns=dict(SAID), headers={"Plan": 3}).for_next_edition()
    result = read_plan(workbook(("Plan", moved)), "plan.xlsx", said=again)
    assert milestones(result)[0] == ("The chair is recruited", "Mar 2026", "Begun")


def test_a_row_that_a_person_names_is_the_row_of_headings() -> None:
    rows = [("Action", "Lead", "Deadline"), ("Thing", "Who", "Day"), ("The chair is recruited", "Director", "Mar 2026")]
    said = {"columns": {"thing": "action", "who": "lead", "day": "due"}}
    assert len(milestones(read(rows, **said))) == 1
    result = read(rows, headers={"Plan": 2}, **said)
    assert milestones(result) == [("The chair is recruited", "Mar 2026", "")]


def test_a_column_that_a_person_takes_out_is_not_imported_and_is_named() -> None:
    rows = [HEAD, ("1", "The chair is recruited", "Director", "Mar 2026", "Green", "Begun.")]
    own = milestones(read(rows))
    assert own[0][1] == "Mar 2026"
    result = read(rows, columns={"deadline": "", "update": ""})
    assert all(each[1] == "" for each in milestones(result))
    assert any("These columns were not imported" in each.what for each in result.problems)


def test_of_two_columns_for_one_thing_the_one_that_was_named_counts() -> None:
    rows = [("Action", "Lead", "Deadline", "Expected"), ("The chair is recruited", "Director", "Mar 2026", "Jun 2026")]
    assert milestones(read(rows))[0][1] == "Mar 2026"
    assert milestones(read(rows, columns={"expected": "due"}))[0][1] == "Jun 2026"


def test_what_a_person_says_of_headings_that_stand_twice_ends_the_reading_as_two_blocks() -> None:
    head = ("Ref", "Action", "Due date", "Ref", "Milestone", "Due date")
    rows = [
        head,
        ("A", "Recruit the chair", "Jun 2026", "A1", "Agree the profile", "Feb 2026"),
        ("", "", "", "A2", "Advertise the post", "Mar 2026"),
    ]
    steps = [("Agree the profile", "Feb 2026", ""), ("Advertise the post", "Mar 2026", "")]
    assert milestones(read(rows)) == [("Recruit the chair", "Jun 2026", ""), *steps]
    assert milestones(read(rows, columns={"due date": "due"})) == steps


def test_a_column_of_a_time_grid_stands_for_the_period_that_a_person_names() -> None:
    rows = [("Action", "Lead", "First", "Then"), ("The chair is recruited", "Director", "COMPLETED", "x")]
    result = read(
        rows,
        columns={"first": "period", "then": "period"},
        periods={"first": "Autumn term 2025", "then": "Spring term 2026"},
    )
    states = result.document.priorities[0].workstreams[0].period_states
    assert (states[0].period, states[0].state) == ("Autumn term 2025", "COMPLETED")


def test_a_sheet_that_a_person_leaves_out_is_accounted_for() -> None:
    data = workbook(
        ("Plan", [HEAD, ("1", "Go", "A", "Mar 2026", "", "")]), ("Old", [HEAD, ("9", "Stop", "B", "", "", "")])
    )
    result = read_plan(data, "plan.xlsx", said=FileMapping(left_out=["Old"]))
    assert not [line for line in result.lines if line.sheet == "Old" and line.outcome != "left_out"]
    assert [sheet.state for sheet in result.sheets] == ["read", "left out"]


def test_what_was_said_crosses_to_the_reading_process_and_its_progress_comes_back() -> None:
    rows = [("Our plan",), STRANGE, *(row for row in ROWS for _ in range(150))]
    heard: list[tuple[int, int]] = []
    said = FileMapping(columns=SAID)
    result = read_plan_in_child(
        workbook(("Plan", rows)), "plan.xlsx", said=said, tell=lambda done, total: heard.append((done, total))
    )
    assert len(milestones(result)) == 300
    assert (200, 302) in heard
    assert heard == sorted(heard)


class Stopped(Exception):
    """A person wants no more."""


def test_what_the_listener_raises_stops_the_reading() -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_plan_in_child(workbook(("Plan", [HEAD])), "plan.xlsx", tell=stop)


def test_what_is_not_understood_of_a_kept_mapping_is_left_out() -> None:
    kept = {"columns": {"a": "action", "b": "a meaning of a later version"}, "headers": {"Plan": "3"}}
    assert FileMapping.from_data(kept) == FileMapping(columns={"a": "action"}, headers={"Plan": 3})
    assert not FileMapping.from_data({})


def test_a_picture_says_what_each_row_was_read_as_and_what_each_column_holds() -> None:
    rows = [("The travel plan",), (), HEAD, ("1", "The chair is recruited", "Director", "Mar 2026", "Green", "Begun.")]
    sheet = read(rows).sheets[0]
    assert [(row.number, row.region) for row in sheet.rows] == [(1, "title"), (3, "header"), (4, "milestones")]
    held = {column.name: (column.letters, column.meaning, column.samples) for column in sheet.tables[0].columns}
    assert held["deadline"] == ("D", "due", ["Mar 2026"])
    assert sheet.tables[0].row == 3


def test_pictures_of_a_large_file_stay_small() -> None:
    rows = [HEAD, *(("1", "x" * 500, "Director", "Mar 2026", "Green", "y") for _ in range(2_000))]
    sheet = read(rows).sheets[0]
    assert sheet.size == 2_001
    assert len(sheet.rows) <= 45
    assert max(len(cell) for row in sheet.rows for cell in row.cells) <= 60
