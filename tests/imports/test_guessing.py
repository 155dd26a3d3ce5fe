"""Tables whose headings nobody foresaw: known by what stands below them, and said to be so."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import actions, dates, read, whole, workstreams
from tracker.imports.result import Kind

STRANGE = ("Undertaking", "Champion", "Whenabouts")


def test_verbs_posts_and_dates_make_a_plan_of_a_table_in_unknown_words_and_a_person_is_asked_to_look() -> None:
    result = read(
        ("Our year",), STRANGE, ("Recruit a chair", "Director", "Mar 2026"), ("Agree the budget", "Clerk", "30/04/2026")
    )
    assert [(each.text, each.leads[0].post) for each in actions(result)] == [
        ("Recruit a chair", "Director"),
        ("Agree the budget", "Clerk"),
    ]
    assert dates(result) == {"Recruit a chair": "Mar 2026", "Agree the budget": "30/04/2026"}
    assert any("The headings of this table are not known" in each.what for each in result.problems)
    assert whole(result)


def test_without_verbs_a_known_heading_is_needed_and_no_word_of_a_register() -> None:
    rows = (("The chair is found", "Director", "Mar 2026"), ("The budget is agreed", "Clerk", "Apr 2026"))
    assert read(STRANGE, *rows).kind is Kind.NOT_A_PLAN
    assert read(("Undertaking", "Champion", "By when"), *rows).kind is Kind.PLAN
    assert read(("Case", "Champion", "By when"), *rows).kind is Kind.NOT_A_PLAN


@pytest.mark.parametrize("blank", [True, False], ids=["left blank below", "repeated in each row"])
def test_a_column_whose_values_stand_for_several_rows_groups_them_whatever_it_is_called(blank: bool) -> None:
    again = None if blank else "Depot"
    result = read(
        ("Whereabouts", "Action", "Lead", "Deadline"),
        ("Depot", "Fit lights", "Engineer", "Mar 2026"),
        (again, "Mend the gate", "Engineer", "Apr 2026"),
        ("Town hall", "Paint the doors", "Caretaker", "May 2026"),
    )
    assert [(each.title, len(each.actions)) for each in workstreams(result)] == [("Depot", 2), ("Town hall", 1)]


def test_a_lead_that_stands_once_for_its_group_leads_all_of_it() -> None:
    result = read(
        ("Theme", "Action", "Lead", "Deadline"),
        ("Homes", "Build ten homes", "Head of Housing", "Mar 2026"),
        (None, "Repair ten homes", None, "Apr 2026"),
        ("Jobs", "Hold a fair", "Head of Economy", "May 2026"),
    )
    assert [[lead.post for lead in each.leads] for each in actions(result)] == [
        ["Head of Housing"], ["Head of Housing"], ["Head of Economy"],
    ]  # fmt: skip


def test_where_nothing_is_to_be_done_neither_an_action_nor_its_group_is_made() -> None:
    result = read(
        ("Recommendation", "Action", "Lead", "Deadline"),
        ("Train staff", "Add it to induction", "Head of HR", "Mar 2026"),
        ("Lobby government", "None", "n/a", "n/a"),
    )
    assert [each.title for each in workstreams(result)] == ["Train staff"]
    assert any(line.reason == "says that nothing is to be done" for line in result.lines)
    assert whole(result)


def test_a_table_of_something_else_below_the_plan_is_left_out_with_a_reason() -> None:
    result = read(
        ("Action", "Lead", "Deadline"), ("Fit lights", "Engineer", "Mar 2026"), (None,),
        ("Risk", "Impact", "Mitigation"), ("Staff leave", "High", "Deputies"),
    )  # fmt: skip
    assert [each.text for each in actions(result)] == ["Fit lights"]
    reasons = [line.reason for line in result.lines if line.row >= 4]
    assert reasons == ["in a table that is no part of the plan"] * 2
    assert whole(result)
