"""Milestones in columns of their own, the rating that counts among several, outlines, and what is no plan."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import actions, bold, dates, milestones, read, read_sheets, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.duetext import due_of_text
from tracker.imports.result import Kind

QUARTERS = ("Q1 2025/26", "Q2 2025/26", "Q3 2025/26", "Q4 2025/26")


def csv(*rows: tuple[str, ...]) -> bytes:
    """Return rows as comma-separated text."""
    return "\n".join(",".join(row) for row in rows).encode()


BARE = ("Action", "Owner", "Q1", "Q2", "Q3", "Q4")
ROWS = (
    ("Bring empty homes back", "Housing", "Survey all homes", "Write to owners", None, "Fifty are in use"),
    ("Cleaner streets", "Streets", None, "Agree a new rota", "Buy two sweepers", None),
)


def test_quarters_without_a_year_are_those_of_the_one_that_the_title_names_which_is_said() -> None:
    result = read(("Delivery plan 2025/26",), BARE, *ROWS)
    assert dates(result)["Agree a new rota"] == "Q2 2025/26"
    assert any("the year that the title above them names" in each.what for each in result.problems)


@pytest.mark.parametrize("title", ["Delivery plan", "Delivery plan 2024/25 to 2025/26", "It was agreed in 2025/26."])
def test_quarters_stay_without_a_date_where_no_title_names_one_year(title: str) -> None:
    result = read((title,), BARE, *ROWS)
    assert all(each.needs_decision.startswith("Which year") for each in milestones(result))


def test_quarters_of_two_tables_are_those_of_the_years_above_each() -> None:
    result = read(("Year one: 2025/26",), BARE, *ROWS, ("Year two: 2026/27",), BARE, *ROWS)
    assert [each.date for each in milestones(result) if each.text == "Agree a new rota"] == ["Q2 2025/26", "Q2 2026/27"]


@pytest.mark.parametrize(
    ("label", "date"),
    [
        ("Q1 (Apr-Jun) 2025/26", "Q1 2025/26"),
        ("Quarter 1 2025/26 - April to June", "Quarter 1 2025/26"),
        ("Apr - Jun (Q1 2025/26)", "Q1 2025/26"),
        ("Q1 2026 (Jan-Mar)", "Jan-Mar 2026"),
    ],
)
def test_a_quarter_may_say_its_months(label: str, date: str) -> None:
    result = read(("Action", "Owner", label, *QUARTERS[1:]), *ROWS)
    assert dates(result)["Survey all homes"] == date


def test_three_lines_of_a_word_or_two_each_are_sub_tasks() -> None:
    head = ("Action", "Sub tasks", "Lead", "Due")
    result = read(head, ("Review HR policies", "Leave\nSick pay\nTravel", "HR Manager", "March 2026"))
    assert dates(result) == {"Leave": "March 2026", "Sick pay": "March 2026", "Travel": "March 2026"}
    result = read(head, ("Review HR policies", "Leave policy\nand travel\nand sick pay", "HR Manager", "March 2026"))
    assert len(milestones(result)) == 1


def test_sentences_under_periods_are_milestones_due_by_the_end_of_each() -> None:
    result = read(
        ("Action", "Owner", *QUARTERS),
        (
            "Bring empty homes back",
            "Housing",
            "Survey all empty homes",
            "Write to each owner",
            None,
            "Fifty are in use",
        ),
        ("Cleaner streets", "Streets", None, "Agree a new rota", "Buy two sweepers", None),
        changes=[bold(1)],
    )
    assert dates(result) == {
        "Survey all empty homes": "Q1 2025/26",
        "Write to each owner": "Q2 2025/26",
        "Fifty are in use": "Q4 2025/26",
        "Agree a new rota": "Q2 2025/26",
        "Buy two sweepers": "Q3 2025/26",
    }
    assert all(each.actions and not each.implicit for each in milestones(result))
    assert whole(result)


def test_headings_that_say_by_when_are_periods_too() -> None:
    head = ("Action", "Lead", "By September 2025", "Milestones by end of Dec 2025", "By March 2026")
    result = read(
        head,
        ("Recruit a team", "Ann", "Posts are filled by two people", "Team is at full strength", None),
        (None, None, None, "Induction of the team is done", None),
    )
    assert dates(result) == {
        "Posts are filled by two people": "September 2025",
        "Team is at full strength": "Dec 2025",
        "Induction of the team is done": "Dec 2025",
    }
    assert len(actions(result)) == 1


def test_sentences_under_periods_beside_a_deadline_say_how_far_it_is() -> None:
    result = read(
        ("Action", "Owner", "Deadline", *QUARTERS),
        (
            "Cleaner streets",
            "Streets",
            "March 2026",
            "The rota was agreed by all",
            "Two sweepers were bought",
            None,
            None,
        ),
        ("Warmer homes", "Housing", "June 2026", "Forty homes were insulated", None, None, None),
    )
    assert dates(result) == {"Cleaner streets": "March 2026", "Warmer homes": "June 2026"}
    assert len(workstreams(result)[0].period_states) == 3


def test_numbered_columns_of_milestones_and_dates_are_pairs() -> None:
    result = read(
        ("Objective", "Lead", "Milestone 1", "Date 1", "Milestone 2", "Milestone 2 date"),
        ("Open a family hub", "Ann", "Site is agreed", "30/04/2025", "Hub opens", "30/09/2025"),
        ("Launch the offer", "Bob", "Policy is agreed", "TBC", None, None),
    )
    assert dates(result) == {"Site is agreed": "30/04/2025", "Hub opens": "30/09/2025", "Policy is agreed": "TBC"}
    assert [each.text for each in actions(result)] == ["Open a family hub", "Launch the offer"]


@pytest.mark.parametrize(
    ("head", "row", "rating"),
    [
        (("Previous RAG", "Current RAG"), ("Green", "Amber"), "Amber"),
        (("RAG Apr", "RAG May", "RAG Jun"), ("R", "A", "G"), "G"),
        (("RAG Q1", "RAG Q2", "RAG Q3"), ("R", "A", None), "A"),
    ],
)
def test_of_several_ratings_the_latest_counts_and_the_others_are_kept(
    head: tuple[str, ...], row: tuple[str | None, ...], rating: str
) -> None:
    result = read(("Ref", "Action", "Lead", "Deadline", *head), ("1", "Recruit", "Ann", "May 2025", *row))
    (milestone,) = milestones(result)
    assert milestone.status_text == rating
    assert f"{head[0]}: {row[0]}" in milestone.update_text


def test_summary_rows_of_an_outline_are_titles() -> None:
    head = ("ID", "Outline Level", "Task Name", "Duration", "Start", "Finish", "Resource Names")
    result = read_plan(
        csv(
            head,
            ("1", "1", "Governance", "60 days", "06/01/25", "28/03/25", ""),
            ("2", "2", "Set up the board", "10 days", "06/01/25", "17/01/25", "Director"),
            ("3", "1", "Workforce", "80 days", "03/02/25", "23/05/25", ""),
            ("4", "2", "Skills audit", "30 days", "03/02/25", "14/03/25", "HR"),
        ),
        "project.csv",
    )
    assert [(each.title, [action.text for action in each.actions]) for each in workstreams(result)] == [
        ("Governance", ["Set up the board"]),
        ("Workforce", ["Skills audit"]),
    ]
    assert whole(result)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Original: Dec 2024\nRevised: Mar 2025", "Mar 2025"),
        ("Revised: June 2025 (was March 2025)", "June 2025"),
        ("31/12/2024, extended to 31/03/2025", "31/03/2025"),
    ],
)
def test_a_date_that_was_moved_is_the_one_it_was_moved_to(text: str, words: str) -> None:
    due = due_of_text(text)
    assert due.words == words
    assert due.left == " ".join(text.split())


def test_a_sheet_that_counts_is_a_summary_and_no_part_of_the_plan() -> None:
    summary = [
        ("Theme", "Completed", "On track", "Delayed", "Not started"),
        ("Leadership", 1, 1, 1, 0),
        ("Workforce", 0, 2, 0, 0),
    ]
    plan = [("Ref", "Action", "Lead", "Deadline"), ("1", "Recruit", "Ann", "May 2025")]
    result = read_sheets(("Summary", summary), ("Plan", plan))
    assert [each.text for each in actions(result)] == ["Recruit"]
    assert whole(result)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("Indicator", "Polarity", "Target", "Actual", "RAG", "Commentary", "Owner"),
          ("Plans in time", "High", "60%", "45%", "Red", "A backlog", "SEN Manager")], "a table of measures"),
        ([("Name", "Course", "Date completed", "Expiry date", "Manager"),
          ("A Smith", "Fire safety", "01/02/2025", "01/02/2026", "B Jones")], "a record of training"),
        ([("Asset no", "Description", "Location", "Owner", "Date bought", "Status"),
          ("1", "Laptop for the hall", "Town Hall", "Finance", "01/02/2023", "In use")], "a list of assets"),
        ([("Contract ref", "Contract title", "Supplier", "Start date", "End date", "Contract manager"),
          ("C1", "Grounds maintenance", "Acme", "01/04/2023", "31/03/2027", "Parks")], "a register of contracts"),
        ([("Decision", "Decision maker", "Date of decision", "Contact officer"),
          ("Adopt the local plan", "Cabinet", "12 May 2025", "Planning Lead")], "a forward plan of decisions"),
        ([("FOI ref", "Requester", "Request", "Date received", "Date due"),
          ("F1", "Press", "Pothole spend", "01/02/2025", "01/03/2025")], "a log of requests"),
    ],
)  # fmt: skip
def test_tables_that_look_like_plans_to_a_loose_reader_are_named(rows: list[tuple[str, ...]], words: str) -> None:
    result = read_plan(csv(*rows), "list.csv")
    assert result.kind is Kind.NOT_A_PLAN
    assert words in result.sentence


@pytest.mark.parametrize(
    ("sign", "fact"), [("✅", "completed"), ("⏳", "started"), ("⏸", "stopped"), ("🟠", "delayed")]
)
def test_signs_tell_facts(sign: str, fact: str) -> None:
    head = ("Ref", "Action", "Lead", "Deadline", "Status")
    result = read(head, ("1", "Recruit", "Ann", "May 2025", sign), ("2", "Train", "Ann", "May 2025", "✅"))
    assert milestones(result)[0].fact == fact
    assert sign in milestones(result)[0].status_text


def test_bullets_with_dates_below_what_is_to_be_done_are_its_milestones() -> None:
    dated = "Strengthen participation:\n• Recruit inspectors (by September 2025)\n• Train them (by December 2025)"
    plain_ = "Strengthen participation:\n• Recruit inspectors\n• Train them"
    result = read(("Theme", "Action", "Lead"), ("Voice", dated, "Ann"), ("Health", plain_, "Bob"), changes=[bold(1)])
    assert actions(result)[0].text == "Strengthen participation"
    assert [(each.text, each.date) for each in milestones(result)] == [
        ("Recruit inspectors (by September 2025)", "by September 2025"),
        ("Train them (by December 2025)", "by December 2025"),
    ]
    assert "Recruit inspectors" in actions(result)[1].text
    assert whole(result)
