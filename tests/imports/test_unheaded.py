"""Tables without any row of headings, in files that announce a plan."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import actions, dates, read, whole
from tracker.imports.leads import shown_lead
from tracker.imports.result import Kind

ROWS = (
    ("Write a volunteering policy", "HR Manager", "31/12/2025"),
    ("Map all community rooms", "Property Officer", "January 2026"),
    ("Bring back the staff newsletter", "Communications Manager", "Ongoing"),
)


def test_columns_without_headings_are_known_by_what_stands_in_them_and_a_person_is_asked_to_look() -> None:
    result = read(("Actions agreed at the away day",), *ROWS)
    assert [(each.text, shown_lead(each.leads[0])) for each in actions(result)] == [
        ("Write a volunteering policy", "HR Manager"),
        ("Map all community rooms", "Property Officer"),
        ("Bring back the staff newsletter", "Communications Manager"),
    ]
    assert dates(result)["Map all community rooms"] == "January 2026"
    assert any("no row of headings" in each.what for each in result.problems)
    assert whole(result)


def test_cells_below_the_headings_that_were_put_in_keep_their_places() -> None:
    result = read(("Actions agreed at the away day",), *ROWS)
    assert [each.source.cell for each in actions(result) if each.source] == ["A2", "A3", "A4"]


def test_order_refs_and_ratings_may_be_any() -> None:
    turned = [(str(at), when, what, who, "Green") for at, (what, who, when) in enumerate(ROWS, 1)]
    result = read(*turned, name="Action plan")
    assert [(each.ref, each.status_text) for each in actions(result)] == [
        ("1", "Green"),
        ("2", "Green"),
        ("3", "Green"),
    ]


@pytest.mark.parametrize("title", ["Staff news", "Minutes of the last meeting", "Our year", "Version control"])
def test_what_no_title_announces_is_no_plan(title: str) -> None:
    assert read((title,), *ROWS, name="Sheet1").kind is Kind.NOT_A_PLAN


@pytest.mark.parametrize(
    "rows",
    [
        [("Opened the library", "Library Manager", "March 2025"), ("Repaired potholes", "Engineer", "April 2025")] * 2,
        [(f"0.{at}", what, who, "12/05/2025") for at, (what, who, _) in enumerate(ROWS, 1)],
        [(what, who, "12/05/2025", "£340.00") for what, who, _ in ROWS],
        [("Check the smoke alarms", "Caretaker", f"0{at}/09/2025") for at in range(1, 6)],
    ],
    ids=["what was done", "versions", "invoices", "a log of checks"],
)
def test_lists_of_what_was_done_changed_paid_or_checked_are_no_plans(rows: list[tuple[str, ...]]) -> None:
    assert read(("Action plan",), *rows).kind is Kind.NOT_A_PLAN
