"""Ratings as words, letters, signs, fills and percentages: kept as they are, told as facts, never a colour."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import HEAD, actions, filled, merged, milestones, read
from tracker.imports.facts import fact_of, rating_of
from tracker.rules.document import PlanDocument

KEY = {
    "Blue": "Suspended",
    "Green": "Action completed and signed off",
    "Amber": "Delayed and likely to miss",
    "Grey": "-",
}


@pytest.mark.parametrize(
    ("status", "fact"),
    [("Completed", "completed"), ("100%", "completed"), ("In progress", "started"), ("50%", "started"),
     ("Not started", "not started"), ("Off Track", "delayed"), ("R", "delayed"), ("G", "started"),
     ("Red (cell colour)", "delayed"), ("Green (🟢)", "started"), ("Cancelled", "stopped"), ("Blue", ""), ("B", ""),
     ("", ""), ("A long story about it", ""), ("Purple", "")],
)  # fmt: skip
def test_a_status_tells_a_fact_by_its_common_use(status: str, fact: str) -> None:
    assert fact_of(status, {}) == fact


@pytest.mark.parametrize(
    ("status", "fact"),
    [("Blue", "stopped"), ("b", "stopped"), ("Green (cell colour)", "completed"), ("Amber", "delayed"), ("Gray", ""),
     ("Completed", "completed"), ("R", "delayed")],
)  # fmt: skip
def test_the_files_own_key_says_what_its_colours_tell(status: str, fact: str) -> None:
    assert fact_of(status, KEY) == fact


def test_a_fact_stands_beside_the_word_in_the_dry_run_and_nothing_is_typed_as_a_colour() -> None:
    shown = read(HEAD, ("1", "Recruit", "HR", "Mar 2026", "Off track", "")).to_json()
    milestone = shown["workstreams"][0]["actions"][0]["milestones"][0]  # type: ignore[index]
    assert (milestone["status_text"], milestone["fact"]) == ("Off track", "delayed")
    assert "colour" not in PlanDocument.__dataclass_fields__


def test_letters_and_signs_in_a_column_of_ratings_are_ratings() -> None:
    head = ("Ref", "Action", "Owner", "Deadline", "Status")
    rows = [
        ("1", "Act one", "Ann", "Sep 2025", "G"),
        ("2", "Act two", "Ann", "Sep 2025", "A/G"),
        ("3", "Act three", "Ann", "", "R"),
    ]
    assert [each.status_text for each in actions(read(head, *rows))] == ["G", "A/G", "R"]
    signs = [(*row[:4], sign) for row, sign in zip(rows, "🟢🟠🔴", strict=True)]
    assert [each.status_text for each in actions(read(head, *signs))] == ["Green (🟢)", "Amber (🟠)", "Red (🔴)"]


def test_a_column_of_fractions_is_how_much_is_done() -> None:
    head = ("Ref", "Action", "Owner", "Deadline", "Progress", "RAG")
    result = read(head, ("1", "Act one", "Ann", "Sep 2025", 0.5, "A"), ("2", "Act two", "Ann", "Sep 2025", 1, "G"))
    assert [each.status_text for each in actions(result)] == ["A", "G"]
    assert [each.update_text for each in milestones(result)] == ["Progress: 50%", "Progress: 100%"]
    alone = read(head[:5], ("1", "Act one", "Ann", "Sep 2025", 0.5), ("2", "Act two", "Ann", "Sep 2025", 0))
    assert [each.status_text for each in actions(alone)] == ["50%", "0%"]


def test_an_update_that_begins_with_a_status_word_gives_it_where_no_column_does() -> None:
    head = ("Action", "By whom", "Timescale", "Latest position")
    result = read(
        head,
        ("Meet", "Ann", "Ongoing", "Complete. Chris met them in May."),
        ("Write", "Ann", "Ongoing", "Completed, and published on the site"),
        ("Ask", "Ann", "Ongoing", "The completed survey is being read"),
    )
    assert [each.status_text for each in actions(result)] == ["Complete", "Completed", ""]


def test_the_status_of_the_first_milestone_is_not_that_of_the_action_merged_over_all() -> None:
    head = ("Ref", "Action", "Milestone", "Due", "RAG")
    rows = [("1", "Agree", "Recruit a panel", "Sep 2025", "Completed"), (None, None, "Gather", "Oct 2025", "On track")]
    result = read(head, *rows, changes=[merged("A2:A3", "B2:B3")])
    assert [each.status_text for each in actions(result)] == [""]
    assert [each.status_text for each in milestones(result)] == ["Completed", "On track"]


def test_a_key_with_headings_of_its_own_gives_the_fills_their_words() -> None:
    result = read(
        ("RAG", "Meaning"), (None, "On track"), (None, "Overdue"), (None,), HEAD,
        ("1", "Act one", "Ann", "Sep 2025", None, None), ("2", "Act two", "Ann", "Sep 2025", None, None),
        changes=[filled(A2="00B050", A3="FF0000", E6="00B050", E7="FF0000")],
    )  # fmt: skip
    assert [each.status_text for each in actions(result)] == ["On track", "Overdue"]


def test_as_many_lines_of_actions_as_of_dates_are_actions_of_their_own() -> None:
    head = ("No", "Objective", "Actions", "By whom", "By when")
    result = read(
        head,
        (1, "Better advice", "Write a leaflet\nTrain advisers", "Ann\nditto", "May 2025\nJune 2025"),
        (2, "Safer homes", "Inspect homes\nwith the fire service", "Bob", "July 2025"),
    )
    assert [each.text for each in actions(result)] == [
        "Write a leaflet", "Train advisers", "Inspect homes with the fire service",
    ]  # fmt: skip
    assert [each.date for each in milestones(result)] == ["May 2025", "June 2025", "July 2025"]
    assert [lead.post for each in actions(result) for lead in each.leads] == ["Ann", "Ann", "Bob"]


@pytest.mark.parametrize(
    ("status", "fact"),
    [("Completed May 2025", "completed"), ("Complete - signed off by DMT", "completed"), ("On track (80%)", "started"),
     ("Amber: awaiting recruitment", "delayed"), ("Not started as yet because of the vacancy", "")],
)  # fmt: skip
def test_a_status_with_more_words_tells_the_fact_that_it_begins_with(status: str, fact: str) -> None:
    assert fact_of(status, {}) == fact


def test_the_document_carries_fact_percentage_and_the_day_on_which_it_was_done() -> None:
    head = ("Ref", "Action", "Lead", "Deadline", "Status", "% complete", "Actual date")
    result = read(
        head,
        ("1", "Write the plan", "Ann", "Sep 2025", "In progress", 0.5, None),
        ("2", "Agree the plan", "Ann", "Sep 2025", None, None, "12/05/2025"),
        ("3", "Publish the plan", "Ann", "Sep 2025", "Completed (June 2025)", 1, None),
        ("4", "Print the plan", "Ann", "Sep 2025", "Delayed", None, None),
    )
    told = [(each.fact, each.percent, each.done_on) for each in milestones(result)]
    assert told == [
        ("started", 50, ""),
        ("completed", None, "12/05/2025"),
        ("completed", 100, "June 2025"),
        ("delayed", None, ""),
    ]
    assert [each.fact for each in actions(result)] == ["started", "", "completed", "delayed"]


def test_a_date_column_that_says_done_tells_when() -> None:
    result = read(("Ref", "Action", "Lead", "When"), ("1", "Appoint a manager", "Ann", "Done (March 2004)"))
    assert [(each.fact, each.done_on) for each in milestones(result)] == [("completed", "March 2004")]


SHEFFIELD = {"Green": "Action complete", "Amber": "On track", "Red": "Significantly delayed"}


@pytest.mark.parametrize(
    ("status", "key", "rating"),
    [
        ("Green", {}, "green"), ("G", {}, "green"), ("Amber", {}, "amber"), ("Red: no staff", {}, "red"),
        ("Blue", {}, ""), ("Purple", {}, ""), ("Grey", {}, "grey"), ("Green", SHEFFIELD, "blue"),
        ("Red", SHEFFIELD, "red"), ("On track", {}, "green"), ("In progress", {}, ""),
        ("Completed May 2025", {}, "blue"), ("Behind schedule", {}, "red"), ("Delayed", {}, "amber"),
        ("Not started", {}, "grey"), ("On hold", {}, "none"), ("", {}, ""), ("We met twice", {}, ""),
    ],
)  # fmt: skip
def test_a_status_means_a_colour_by_the_key_of_its_file_or_by_common_use(
    status: str, key: dict[str, str], rating: str
) -> None:
    assert rating_of(status, key) == rating


def test_where_whole_rows_are_coloured_the_files_key_says_what_that_means() -> None:
    rows = [
        ("Ref", "Action", "Owner", "Due"),
        ("1", "Write the policy", "Ann", "May 2025"),
        ("2", "Train the staff", "Bob", "Jun 2025"),
    ]
    paint = filled(A2="00B050", B2="00B050", A3="FF0000", B3="FF0000")
    told = read(*rows, ("Key: Green = complete; Red = overdue",), changes=[paint])
    assert [(each.status_text, each.fact) for each in milestones(told)] == [
        ("complete", "completed"),
        ("overdue", "delayed"),
    ]
    assert [each.status_text for each in milestones(read(*rows, changes=[paint]))] == ["", ""]
