"""Registers: unusual shapes of columns, titles and groups."""

from __future__ import annotations

from datetime import datetime

from tests.imports.workbooks import (
    HEAD,
    actions,
    bold,
    dates,
    filled,
    formatted,
    merged,
    milestones,
    read,
    read_sheets,
    whole,
    workstreams,
)

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - a sheet's date has no zone


def test_sheets_without_a_title_of_their_own_become_areas_of_their_name() -> None:
    rows = [("Council plan 2025 to 2027",), (None,), ("Action", "Lead", "When"), ("Plant trees", "Parks", "Mar 2026")]
    result = read_sheets(("Greener", rows), ("Fairer", rows))
    assert [area.title for area in result.document.priorities] == ["Greener", "Fairer"]
    assert result.document.title == "Council plan 2025 to 2027"
    assert (result.document.starts, result.document.ends) == ("2025", "2027")


def test_a_plan_for_academic_years_reads_a_pair_of_years_as_one() -> None:
    result = read(("School plan, academic year 2025/26",), HEAD, ("1", "Recruit", "HR", "2025/26"))
    shown = result.to_json()["workstreams"][0]["actions"][0]["milestones"][0]  # type: ignore[index]
    assert shown["due"] == "2026-08-31"


# ------------------------------------------------------------------ headings that say two things, or little
def test_a_column_of_who_and_when_gives_a_lead_and_a_date() -> None:
    result = read(("Action", "Who/when?"), ("Recruit", "Head of HR, March 2026"), ("Train", "SENCO by May 2026"))
    assert [[lead.post for lead in each.leads] for each in actions(result)] == [["Head of HR"], ["SENCO"]]
    assert dates(result) == {"Recruit": "March 2026", "Train": "by May 2026"}


def test_ticks_under_names_are_leads() -> None:
    result = read(
        ("Ref", "Action", "Response Person", None, "Deadline"), (None, None, "Ann", "Bob"),
        ("1", "Recruit", "x", None, "Mar 2026"), ("2", "Train", "x", "x", "Apr 2026"), changes=[merged("C1:D1")],
    )  # fmt: skip
    assert [[lead.post for lead in each.leads] for each in actions(result)] == [["Ann"], ["Ann", "Bob"]]


def test_a_start_and_a_number_of_days_say_when_it_ends() -> None:
    start = datetime(2026, 3, 2)  # noqa: DTZ001
    result = read(
        ("Milestone description", "Category", "Assigned to", "Progress", "Start", "No. Days"),
        ("Kick off", "On Track", "Ann", 0.5, start, 5), ("Design", "Med Risk", "Bob", 0, start, 10),
        changes=[formatted(D2="0%", D3="0%", E2="dd/mm/yyyy", E3="dd/mm/yyyy")],
    )  # fmt: skip
    assert dates(result) == {"Kick off": "6 March 2026", "Design": "11 March 2026"}
    assert [each.status_text for each in actions(result)] == ["On Track", "Med Risk"]
    assert milestones(result)[0].update_text == "Progress: 50%"


def test_a_ref_may_stand_in_the_action_itself() -> None:
    result = read(
        ("What will we do?", "Who will lead?", "When by?"), ("1.1 Launch the policy", "Director", "30 June 2024")
    )
    assert [(each.ref, each.text) for each in actions(result)] == [("1.1", "Launch the policy")]


def test_numbers_and_descriptions_twice_are_outcomes_and_their_milestones() -> None:
    result = read(
        ("Number", "Description", "Number", "Description", "Lead", "Due date"),
        ("1", "Children are safe", "1.1", "Recruit", "HR", "Mar 2026"), (None, None, "1.2", "Train", "HR", "May 2026"),
        ("2", "Children learn", "2.1", "Buy books", "Head", "Jun 2026"),
    )  # fmt: skip
    assert [(each.ref, each.title, len(each.actions)) for each in workstreams(result)] == [
        ("1", "Children are safe", 2), ("2", "Children learn", 1),
    ]  # fmt: skip


def test_milestones_without_actions_stand_under_their_workstream() -> None:
    result = read(
        ("Workstream", "Milestone", "Owner", "Due", "Status"),
        ("Finance", "Close the books", "CFO", "30/04/2025", "Done"),
        ("People", "Survey staff", "HRD", "May 2025", "Done"),
    )
    assert actions(result) == []
    assert [(each.text, each.actions, each.leads[0].post) for each in milestones(result)] == [
        ("Close the books", [], "CFO"), ("Survey staff", [], "HRD"),
    ]  # fmt: skip


def test_steps_that_have_leads_and_no_action_above_them_are_what_is_to_be_done() -> None:
    result = read(
        ("Workstream", "Step", "Owner", "Due", "Status"),
        ("Finance", "Close the books", "CFO", "30/04/2025", "Done"),
        ("People", "Survey staff", "HRD", "May 2025", "Done"),
    )
    assert [(each.text, each.leads[0].post) for each in actions(result)] == [
        ("Close the books", "CFO"), ("Survey staff", "HRD"),
    ]  # fmt: skip
    assert dates(result) == {"Close the books": "30/04/2025", "Survey staff": "May 2025"}


def test_a_later_table_that_names_its_actions_otherwise_is_a_workstream_of_its_own() -> None:
    result = read(
        ("Action", "Deadline", "Progress"), ("Publish the list", "Ongoing", "On track"), (None,),
        ("Actions completed", "Deadline", "Progress"), ("Share the briefing", "August", "Complete"),
    )  # fmt: skip
    assert [each.title for each in workstreams(result)] == ["plan", "Actions completed"]


def test_two_group_columns_are_area_and_workstream() -> None:
    result = read(
        ("Priority", "Objective", "Action", "Lead", "Due"),
        ("Priority 1: Homes", "Build", "Plan ten homes", "Housing", "Mar 2026"),
        (None, None, "Build ten homes", "Housing", "Mar 2027"),
        (None, "Repair", "Fix roofs", "Housing", "TBC"),
        ("Priority 2: Jobs", "Train", "Hold a fair", "Economy", "May 2026"),
    )
    areas = result.document.priorities
    assert [(area.ref, area.title, [each.title for each in area.workstreams]) for area in areas] == [
        ("1", "Homes", ["Build", "Repair"]),
        ("2", "Jobs", ["Train"]),
    ]


def test_a_title_above_grouped_rows_is_their_area() -> None:
    result = read(
        ("Plan for 2026",), ("Theme", "Action", "Lead", "Due"),
        ("Children",), ("Safety", "Train staff", "HR", "Mar 2026"),
        ("Adults",), ("Care", "Open a hub", "ASC", "May 2026"), changes=[bold(1, 2, 3, 5), merged("A3:D3", "A5:D5")],
    )  # fmt: skip
    assert [(area.title, [each.title for each in area.workstreams]) for area in result.document.priorities] == [
        ("Children", ["Safety"]),
        ("Adults", ["Care"]),
    ]
    assert whole(result)


def test_a_group_with_nothing_but_its_title_goes_on_in_the_rows_below() -> None:
    result = read(
        ("Theme", "Action", "Lead", "Due"), ("Safety", None, None, None), (None, "Train staff", "HR", "Mar 2026"),
        ("Care", None, None, None), (None, "Open a hub", "ASC", "May 2026"),
    )  # fmt: skip
    assert [(each.title, len(each.actions)) for each in workstreams(result)] == [("Safety", 1), ("Care", 1)]


def test_a_column_of_numbers_without_a_heading_holds_the_refs() -> None:
    result = read(
        (None, "Action", "Lead", "Due"), ("A1", "Recruit", "HR", "Mar 2026"), ("A2", "Train", "HR", "May 2026")
    )
    assert [each.ref for each in actions(result)] == ["A1", "A2"]


def test_an_area_and_its_title_in_two_cells_are_one_title() -> None:
    result = read(
        HEAD, ("Priority 1", "Homes"), ("1.1", "Build", "Housing", "Mar 2026"),
        ("Priority 2", "Jobs"), ("2.1", "Fair", "Economy", "TBC"),
    )  # fmt: skip
    assert [(area.ref, area.title) for area in result.document.priorities] == [("1", "Homes"), ("2", "Jobs")]


def test_of_several_weak_headings_the_finest_is_the_action() -> None:
    result = read(
        ("Outcome", "Deliverable", "Owner", "Due date"),
        ("Safe", "A policy that is written and agreed by all", "Ann", "Mar 2026"),
        ("Safe", "A training plan for the whole workforce", "Bob", "May 2026"),
        ("Safe", "A panel that meets each month without fail", "Bob", "May 2026"),
    )
    assert [each.title for each in workstreams(result)] == ["Safe"]
    assert len(actions(result)) == 3


def test_an_announced_objective_is_the_action_where_nothing_finer_is() -> None:
    result = read(
        ("Theme", "Lead", "Due date"), ("Better attendance", "Ann", "Mar 2026"), ("Fewer exclusions", "Bob", "TBC")
    )
    assert [each.text for each in actions(result)] == ["Better attendance", "Fewer exclusions"]


def test_a_director_leads_where_no_other_column_names_a_lead() -> None:
    result = read(("Action", "Directorate", "Due date"), ("Recruit", "Children's Services", "Mar 2026"))
    assert actions(result)[0].leads[0].post == "Children's Services"


def test_a_date_in_a_row_of_its_own_completes_the_row_above() -> None:
    result = read(
        HEAD,
        ("1", "Recruit", "HR", None, None, "Begun."),
        (None, None, None, "Mar 2026"),
        (None, None, None, "May 2026"),
    )
    assert milestones(result)[0].date == "Mar 2026"
    assert "Deadline: May 2026" in milestones(result)[0].update_text


def test_details_without_an_action_above_them_are_left_out_with_a_reason() -> None:
    result = read(HEAD, (None, None, "HR", "Mar 2026"), ("1", "Recruit", "HR", "Mar 2026"))
    assert result.lines[1].reason == "details without an action above them"


def test_a_coloured_time_grid_is_kept_by_the_name_of_its_colours() -> None:
    result = read(
        ("Task", "Owner", "Q1", "Q2", "Q3"), ("Consult", "Ann", None, None, None),
        changes=[filled(C2="00B050", D2="FF0000")],
    )  # fmt: skip
    states = [(each.period, each.state) for each in workstreams(result)[0].period_states]
    assert states == [("Q1", "Green (cell colour)"), ("Q2", "Red (cell colour)")]


def test_text_in_hidden_columns_is_named_and_not_imported() -> None:
    def hide(sheet: object) -> None:
        sheet.column_dimensions["F"].hidden = True  # type: ignore[attr-defined]

    result = read(
        HEAD, ("1", "Recruit", "HR", "Mar 2026", "G", "secret"), (None, None, None, None, None, "x"), changes=[hide]
    )
    assert milestones(result)[0].update_text == ""
    assert any("Update (hidden)" in each.what for each in result.problems)
    assert result.lines[-1].reason == "only in hidden columns"


# ------------------------------------------------------------------ marks in the cells beside a list
def test_marked_dates_and_names_beside_a_list_go_to_the_entries_of_these_marks() -> None:
    result = read(
        ("Ref", "What we will do", "Who", "Target date"),
        ("1", "a) Audit\nb) Report\nc) Publish", "a) Head of Audit\nb) Chair\nc) Editor", "c) March 2026\na) Nov 2025"),
        ("2", "a) Audit\nb) Report", "Head of Audit", "a) Nov 2025\nb) by the board"),
    )
    first, second = actions(result)[:3], actions(result)[3:]
    assert [[lead.post for lead in each.leads] for each in first] == [["Head of Audit"], ["Chair"], ["Editor"]]
    assert dates(result)["Publish"] == "March 2026"
    assert [each.text for each in second] == ["Audit", "Report"]
