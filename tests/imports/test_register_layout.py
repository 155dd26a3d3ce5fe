"""Registers: one row per action or milestone, under headings that stand anywhere."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.imports.workbooks import (
    HEAD,
    actions,
    bold,
    dates,
    formatted,
    merged,
    milestones,
    read,
    whole,
    workstreams,
)
from tracker.imports.leads import shown_lead

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - a sheet's date has no zone


def test_a_row_with_a_date_is_an_action_with_one_implicit_milestone() -> None:
    result = read(HEAD, ("1.1", "Recruit a chair", "Director", "31/03/2026", "Green", "Advert placed."))
    action, milestone = actions(result)[0], milestones(result)[0]
    assert (action.ref, action.text, action.status_text) == ("1.1", "Recruit a chair", "Green")
    assert [shown_lead(lead) for lead in action.leads] == ["Director"]
    assert (milestone.text, milestone.date, milestone.actions) == ("Recruit a chair", "31/03/2026", ["1.1"])
    assert milestone.implicit
    assert milestone.update_text == "Advert placed."
    assert str(milestone.source) == "Plan B2"


def test_an_action_without_a_date_gets_no_milestone_unless_there_is_an_update_to_keep() -> None:
    result = read(HEAD, ("1", "Recruit", "Director"), ("2", "Train", "Director", None, None, "Half of staff trained"))
    assert [each.actions for each in milestones(result)] == [["2"]]
    assert milestones(result)[0].date == ""


@pytest.mark.parametrize("above", [0, 1, 5, 15])
def test_the_header_row_is_found_at_any_height_and_column(above: int) -> None:
    rows = [(None, f"Line {number}") for number in range(above)]
    result = read(*rows, (None, *HEAD), (None, "1", "Recruit", "Director", "Mar 2026"))
    assert dates(result) == {"Recruit": "Mar 2026"}
    assert whole(result)


@pytest.mark.parametrize(
    "header",
    [
        ("No.", "What?", "Who by?", "When?"),
        ("#", "ISSUE / ACTION", "TASK OWNER", "FINISH & STATUS"),
        ("Action Ref", "Recommendation[i]", "Responsible\u00a0Officer:", "Time-scale"),
        ("S.No", "Output/Activity", "Led by", "Target end date"),
        ("Id", "Strategic Action", "Delivery Organisation (Lead)", "By when?"),
        (None, "Agreed action", "Who is responsible", "Completion date"),
        ("Ref", "Proposed improvement actions", "Lead professional", "Deadline for delivery"),
    ],
)
def test_headings_are_known_by_their_synonyms(header: tuple[str, ...]) -> None:
    result = read(header, ("1", "Recruit two staff", "Head of SEND", "Mar 2026"), ("2", "Train them", "HR", "May 2026"))
    assert [each.ref for each in actions(result)] == ["1", "2"]
    assert [shown_lead(each.leads[0]) for each in actions(result)] == ["Head of SEND", "HR"]
    assert dates(result) == {"Recruit two staff": "Mar 2026", "Train them": "May 2026"}


def test_what_a_column_holds_decides_where_its_heading_may_mean_two_things() -> None:
    dated = read(
        ("Ref", "Action", "Milestone", "Progress"), ("1", "Recruit", "Mar 2026", "50%"), ("2", "Train", "TBC", "10%")
    )
    assert dates(dated) == {"Recruit": "Mar 2026", "Train": "TBC"}
    assert [each.status_text for each in actions(dated)] == ["50%", "10%"]
    told = read(
        ("Ref", "Action", "Milestone", "Due", "Status"),
        (
            "1",
            "Recruit",
            "Advert placed in the national press",
            "Mar 2026",
            "We placed the advert and three people applied.",
        ),
    )
    assert dates(told) == {"Advert placed in the national press": "Mar 2026"}
    assert milestones(told)[0].update_text == "We placed the advert and three people applied."
    assert actions(told)[0].status_text == ""


def test_a_priority_of_high_or_low_is_no_title() -> None:
    result = read(
        ("Priority", *HEAD), ("High", "1", "Recruit", "HR", "Mar 2026"), ("Low", "2", "Train", "HR", "May 2026")
    )
    assert len(workstreams(result)) == 1
    assert any("Priority (2 cells)" in each.what for each in result.problems)


@pytest.mark.parametrize(
    ("typed", "number_format", "words", "due", "precision"),
    [
        (MARCH, "mmm-yy", "Mar 2026", "2026-03-31", "month"),
        (MARCH, "[$-409]mmm\\-yy;@", "Mar 2026", "2026-03-31", "month"),
        (MARCH, "dd/mm/yyyy", "1 March 2026", "2026-03-01", "day"),
        (datetime(2026, 3, 31), "mm-dd-yy", "31 March 2026", "2026-03-31", "day"),  # noqa: DTZ001
        ("Q2 2025/26", "General", "Q2 2025/26", "2025-09-30", "quarter"),
        ("Autumn term 2025", "General", "Autumn term 2025", "2025-12-31", "term"),
        ("November", "General", "November", None, "none"),
        ("Ongoing", "General", "Ongoing", None, "none"),
        ("Weekly", "General", "Weekly", None, "recurrence"),
        ("31/02/2026", "General", "31/02/2026", None, "none"),
    ],
)  # fmt: skip
def test_dates_keep_their_words_and_never_gain_a_year(
    typed: object, number_format: str, words: str, due: str | None, precision: str
) -> None:
    result = read(HEAD, ("1", "Recruit", "HR", typed, None, None), changes=[formatted(D2=number_format)])
    shown = result.to_json()["workstreams"][0]["actions"][0]["milestones"][0]  # type: ignore[index]
    assert (shown["date_text"], shown["due"], shown["precision"]) == (words, due, precision)


def test_an_unreadable_date_is_a_problem_with_its_cell_and_waits_for_a_decision() -> None:
    result = read(
        HEAD, ("1", "Recruit", "HR", "31/02/2026"), ("2", "Train", "HR", "xx"), ("3", "Review", "HR", "November")
    )
    assert [each.where for each in result.problems] == ["Plan D2", "Plan D3", "Plan D4"]
    assert all(each.next_step for each in result.problems)
    assert result.totals()["needs_decision"] == 3
    assert all(each.needs_decision for each in milestones(result))


def test_date_and_status_in_one_cell_are_told_apart() -> None:
    result = read(
        ("#", "Issue / action", "Start", "Finish & status", "Task owner"),
        ("1", "Write the paper", "02/03/12", "Summer 2012\n\nONGOING", "Secretariat"),
        ("2", "Book the hall", "02/03/12", "CANCELLED", "Secretariat"),
        ("3", "Send the draft", None, "21/05/12\n\nCOMPLETED", "?"),
    )
    # What is said in the place of a date is said of a milestone: so it can be claimed or withdrawn.
    assert dates(result) == {"Write the paper": "Summer 2012", "Book the hall": "", "Send the draft": "21/05/12"}
    assert [each.status_text for each in actions(result)] == ["ONGOING", "CANCELLED", "COMPLETED"]
    assert milestones(result)[0].start == "02/03/12"
    assert actions(result)[2].leads == []


def test_prose_in_a_date_column_is_kept_as_text_and_sets_no_date() -> None:
    prose = "One officer appointed July 2004. Second appointee failed to start."
    result = read(("No", "What?", "How?", "When?"), ("1", "Improve checks", "· Recruit two staff", prose))
    assert dates(result) == {"Recruit two staff": ""}
    assert prose in milestones(result)[0].update_text


def test_a_deadline_in_a_sentence_is_taken_with_a_question() -> None:
    result = read(HEAD, ("1", "Hold the meeting", "Clerk", "Meeting held by 28 February 2014"))
    assert dates(result) == {"Hold the meeting": "Meeting held by 28 February 2014"}
    assert milestones(result)[0].needs_decision


def test_the_revised_date_counts_and_the_original_and_closing_dates_are_kept() -> None:
    result = read(
        ("Ref", "Action", "Lead", "Original deadline", "Revised deadline", "Status", "Date closed"),
        ("1", "Recruit", "HR", "Mar 2025", "Sep 2025", "Delayed", None),
        ("2", "Train", "HR", "Mar 2025", None, "Completed", "12/03/2025"),
    )
    assert dates(result) == {"Recruit": "Sep 2025", "Train": "Mar 2025"}
    assert milestones(result)[0].update_text == "Original deadline: Mar 2025"
    assert milestones(result)[1].update_text == "Date closed: 12/03/2025"


def test_the_date_on_which_an_action_was_raised_is_never_its_due_date() -> None:
    result = read(
        ("Meeting date & action number", "Action", "Deadline", "Progress"),
        ("07/09/2011", "Publish the list", "Ongoing", "On track"),
    )
    assert dates(result) == {"Publish the list": "Ongoing"}
    assert any("Meeting date & action number" in each.what for each in result.problems)


def test_real_dates_beside_day_first_texts_are_questioned() -> None:
    result = read(
        HEAD,
        ("1", "Recruit", "HR", datetime(2025, 3, 4)),  # noqa: DTZ001
        ("2", "Train", "HR", "23/04/2025"),
        changes=[formatted(D2="dd/mm/yyyy")],
    )
    assert any("may be swapped" in each.what and each.where == "Plan D2" for each in result.problems)


# ------------------------------------------------------------------ titles and groups
def test_title_rows_begin_workstreams() -> None:
    result = read(
        ("Comms plan 2026",),
        ("Ref", "Output/Activity", "Date"),
        ("Events",),
        (1.1, "Workshop", MARCH),
        (1.2, "Hack day", "TBC"),
        ("Web",),
        (2.1, "Promote the site", "March 2010 (Maintenance ongoing)"),
        changes=[merged("A1:C1", "A3:C3", "A6:C6"), bold(1, 2, 3, 6), formatted(C4="mmm-yy")],
    )
    assert [(each.title, len(each.actions)) for each in workstreams(result)] == [("Events", 2), ("Web", 1)]
    assert dates(result)["Workshop"] == "Mar 2026"
    assert [each.ref for each in actions(result)] == ["1.1", "1.2", "2.1"]
    assert result.document.title == "Comms plan 2026"


def test_a_plain_text_in_an_otherwise_empty_row_is_a_title_where_details_follow() -> None:
    result = read(
        HEAD,
        (None, "Outputs"),
        (None,),
        ("1", "Write", "HR", "Mar 2026"),
        (None, "General items"),
        ("1", "Plan", "HR", "TBC"),
    )
    assert [each.title for each in workstreams(result)] == ["Outputs", "General items"]


def test_a_ref_without_a_dot_is_the_title_of_those_with_one() -> None:
    result = read(
        HEAD, ("1", "Governance"), ("1.1", "Set up the board", "Director", "Jan 2026"),
        ("2", "Workforce"), ("2.1", "Recruit", "HR", "TBC"),
    )  # fmt: skip
    assert [(each.ref, each.title) for each in workstreams(result)] == [("1", "Governance"), ("2", "Workforce")]
    assert [each.ref for each in actions(result)] == ["1.1", "2.1"]


def test_two_levels_of_titles_are_areas_and_workstreams() -> None:
    result = read(
        ("Improvement plan",), HEAD,
        ("Priority 1: Leadership",), ("Workstream 1a: Governance",), ("A", "Set up", "HR", "Sep 2025"),
        ("Workstream 1b: Data",), ("A", "Collect", "HR", "Oct 2025"),
        ("Priority 2: Practice",), ("Workstream 2a: Audit",), ("A", "Audit", "HR", "Nov 2025"),
        changes=[bold(1, 2, 3, 4, 6, 8, 9)],
    )  # fmt: skip
    areas = result.document.priorities
    assert [(area.ref, area.title) for area in areas] == [("1", "Leadership"), ("2", "Practice")]
    assert [each.ref for area in areas for each in area.workstreams] == ["1a", "1b", "2a"]
    assert result.document.priority_label == "Priority"


def test_one_level_of_announced_areas_gives_each_a_workstream_of_its_name() -> None:
    result = read(
        ("SEND action plan",), ("Priority 1 - Identification",), HEAD, ("1a", "Screen", "HR", "Sep 2025"),
        ("Priority 2 - Adulthood",), HEAD, ("2a", "Advise", "HR", "2025/26"), changes=[bold(1, 2, 3, 5, 6)],
    )  # fmt: skip
    assert [(area.ref, area.title) for area in result.document.priorities] == [
        ("1", "Identification"),
        ("2", "Adulthood"),
    ]
    assert [(each.ref, each.title) for each in workstreams(result)] == [("1", "Identification"), ("2", "Adulthood")]


def test_a_title_in_the_place_of_the_first_heading_begins_its_area() -> None:
    result = read(
        ("Priority 1: Homes", "Lead", "By when", "Progress"), ("Build ten homes", "Housing", "Mar 2026", "Begun"),
        ("Priority 2: Jobs", "Lead", "By when", "Progress"), ("Hold a fair", "Economy", "May 2026", "Begun"),
    )  # fmt: skip
    assert [each.title for each in workstreams(result)] == ["Homes", "Jobs"]
    assert dates(result) == {"Build ten homes": "Mar 2026", "Hold a fair": "May 2026"}


def test_a_group_column_names_the_workstream_also_where_it_is_blank_below() -> None:
    result = read(
        ("Theme", "Action", "Responsible", "By when?"),
        ("Attendance", "Visit schools", "EWO", "Sep 2025"), (None, "Call parents", "EWO", "Oct 2025"),
        ("Exclusions", "Set up a panel", "SEN lead", "Nov 2025"),
    )  # fmt: skip
    assert [(each.title, len(each.actions)) for each in workstreams(result)] == [("Attendance", 2), ("Exclusions", 1)]


def test_a_category_column_in_a_flat_list_groups_it() -> None:
    rows = [(f"Task {n}", ("Policy", "Training")[n % 2], "Not started", "Ann", "30/06/2025") for n in range(1, 7)]
    result = read(("Task Name", "Bucket Name", "Progress", "Assigned To", "Due date"), *rows)
    assert sorted(each.title for each in workstreams(result)) == ["Policy", "Training"]
    assert len(actions(result)) == 6


def test_cells_merged_downwards_belong_to_every_row_below() -> None:
    result = read(
        ("Ref", "Outcome", "Action", "Lead", "Milestone", "Due"),
        ("6.1", "Inclusive practice", "Agree what good looks like", "Head/PRU", "Recruit a panel", "Sep 2025"),
        (None, None, None, None, "Gather evidence", "Oct 2025"),
        (None, None, None, None, "Draft the findings", "Nov 2025"),
        changes=[merged("A2:A4", "B2:B4", "C2:C4", "D2:D4")],
    )
    workstream = workstreams(result)[0]
    assert (workstream.ref, workstream.title) == ("6.1", "Inclusive practice")
    assert [each.text for each in workstream.actions] == ["Agree what good looks like"]
    assert [(each.ref, each.actions) for each in workstream.milestones] == [
        ("6.1.1", ["6.1"]), ("6.1.2", ["6.1"]), ("6.1.3", ["6.1"]),
    ]  # fmt: skip


def test_the_first_row_of_a_group_may_hold_the_groups_own_date() -> None:
    result = read(
        ("#", "Issue / action", "Sub tasks", "Finish", "Task owner"),
        ("(A)", "Commercial use paper", None, "Summer 2012", "Panel"),
        (None, None, "Ai) Consolidate the note", "21/05/12", "Tim Allen"),
        changes=[merged("A2:A3", "B2:B3")],
    )
    assert [(each.ref, each.date, each.implicit) for each in milestones(result)] == [
        ("A", "Summer 2012", True), ("Ai", "21/05/12", False),
    ]  # fmt: skip
    assert [shown_lead(lead) for lead in milestones(result)[1].leads] == ["Tim Allen"]
