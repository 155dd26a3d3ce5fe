"""Columns under headings that nobody foresaw are known by where they stand and what they hold."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import workbook
from tracker.imports import read_plan

CAMPAIGN = "Campaign on buses and in surgeries"


def meanings(*rows: tuple[str, ...]) -> dict[str, str]:
    """Return what each column of a sheet was taken to hold."""
    found = read_plan(workbook(("Plan", list(rows))), "plan.xlsx")
    return {column.heading: column.meaning for table in found.sheets[0].tables for column in table.columns}


def test_a_text_between_what_groups_and_who_and_when_is_the_action() -> None:
    held = meanings(
        ("Barrier", "Zorple", "Staff lead", "When"),
        ("Oral language is low on entry", "Daily reading with a volunteer", "EYFS Lead", "Dec 2025"),
        ("Persistent absence", "Breakfast club for 30 pupils", "Pastoral Manager", "Jan 2026"),
    )
    assert held == {"Barrier": "section", "Zorple": "action", "Staff lead": "lead", "When": "due"}


def test_what_answers_a_recommendation_is_not_taken_for_the_action() -> None:
    held = meanings(
        ("Recommendation", "Zorple", "Lead officer", "Deadline"),
        ("That cameras be placed at ten sites", "Accepted in part", "Head of Street Scene", "Oct 2025"),
        ("That charges be reviewed each year", "Agreed, with a report", "Waste Manager", "Jan 2026"),
    )
    assert held["Recommendation"] == "action"


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (("30/09/2025", "March 2026", "Q3 2025/26"), "due"),
        (("Termly, first by 17 October 2025", "by Feb half term 2026", "3 September 2025 INSET"), "due"),
        (("Head of Housing", "Planning Manager", "SENCo"), "lead"),
        (("£2,000", "£3,500", "None"), ""),
        (("High", "Low", "Medium"), ""),
    ],
)
def test_dates_and_posts_are_known_by_themselves(values: tuple[str, ...], role: str) -> None:
    other = ("Lead", "Head of Service") if role == "due" else ("By when", "Mar 2026")
    rows = [(f"Publish plan {at}", value, other[1]) for at, value in enumerate(values)]
    assert meanings(("Action", "Zorple", other[0]), *rows)["Zorple"] == role


def test_who_leads_comes_before_who_only_answers_for_it() -> None:
    held = meanings(
        ("Action", "Sponsor", "Zorple", "By when"),
        ("Publish the plan", "Director of Place", "Planning Manager", "Mar 2026"),
        ("Agree the budget", "Director of Finance", "Chief Accountant", "Apr 2026"),
    )
    assert held["Zorple"] == "lead"


def test_when_something_was_noted_is_no_deadline() -> None:
    held = meanings(
        ("Action", "Zorple", "Lead", "Notes", "Note date"),
        ("Publish the plan", "31/03/2026", "Planning Manager", "Drafted", "01/05/2025"),
        ("Agree the budget", "30/04/2026", "Chief Accountant", "Begun", "02/05/2025"),
    )
    assert held["Zorple"] == "due"


def test_dates_beside_revised_ones_are_the_original() -> None:
    rows = (
        ("Action", "Lead", "Zorple", "Revised date"),
        ("Publish the plan", "Planning Manager", "31/03/2026", "30/06/2026"),
        ("Agree the budget", "Chief Accountant", "30/04/2026", ""),
    )
    found = read_plan(workbook(("Plan", list(rows))), "plan.xlsx").to_json()
    streams = found["workstreams"]
    assert isinstance(streams, list)
    dues = [each["due"] for action in streams[0]["actions"] for each in action["milestones"]]
    assert dues == ["2026-06-30", "2026-04-30"]


def test_a_rhythm_before_a_thing_is_something_to_be_done() -> None:
    held = meanings(
        ("Zorple", "By whom", "By when"),
        ("Daily huddle on unallocated cases", "Team Managers", "1 December 2025"),
        ("Weekly panel in each area", "Heads of Service", "12 January 2026"),
        ("Agency exit plan for each team", "HR Lead", "19.12.2025"),
    )
    assert held == {"Zorple": "action", "By whom": "lead", "By when": "due"}


def test_a_cell_of_leads_may_say_in_labels_who_leads_and_who_helps() -> None:
    rows = (
        ("Action", "Lead and partners", "When"),
        ("Refurbish laptops", "Lead: Head of ICT\nPartners: Reuse CIC", "March 2026"),
        ("Lend tablets", "Lead: Libraries Manager", "May 2026"),
    )
    found = read_plan(workbook(("Plan", list(rows))), "plan.xlsx").document.priorities[0].workstreams[0]
    assert [[lead.post for lead in action.leads] for action in found.actions] == [
        ["Head of ICT"],
        ["Libraries Manager"],
    ]
    assert "Partners: Reuse CIC" in found.milestones[0].update_text


def test_quarters_that_begin_lines_have_the_year_of_their_heading() -> None:
    rows = (
        ("Deliverable", "Key milestones 2025/26", "Due date", "Lead"),
        ("Open two hubs", "Q1 - lease signed\nQ3 - first hub opens", "31/03/2026", "Director"),
        ("Adopt the scheme", "Q2 - consultation\nQ3 - decision", "31/01/2026", "Director"),
    )
    found = read_plan(workbook(("Plan", list(rows))), "plan.xlsx").document.priorities[0].workstreams[0]
    dates = {milestone.text: milestone.date for milestone in found.milestones}
    assert dates["lease signed"] == "Q1 2025/26"
    assert dates["decision"] == "Q3 2025/26"


def test_a_sheet_that_tells_of_the_document_is_no_part_of_the_plan() -> None:
    plan = [("Action", "Owner", "Deadline"), ("Survey homes", "Director of Assets", "Feb 2026")]
    log = [("Date", "Change", "Approved by"), ("15/09/2025", "SQ1 moved two months", "Board")]
    found = read_plan(workbook(("Plan", plan), ("Change log", log)), "plan.xlsx")
    assert [action.text for area in found.document.priorities for w in area.workstreams for action in w.actions] == [
        "Survey homes"
    ]
    assert {line.outcome.value for line in found.lines if line.sheet == "Change log"} == {"left_out"}


def test_a_plan_none_of_whose_headings_is_known_is_found_by_what_it_holds() -> None:
    held = meanings(
        ("The ask", "Baton holder", "Landing"),
        ("New benches along the river walk", "Parks Manager", "31/03/2026"),
        ("Signs in three languages at both stations", "Tourism Officer", "30/04/2026"),
        ("A second bus on market days", "Transport Planner", "29/05/2026"),
    )
    assert held == {"The ask": "action", "Baton holder": "lead", "Landing": "due"}


def test_what_a_known_heading_groups_is_no_lead_though_it_names_services() -> None:
    held = meanings(
        ("Workstream", "The ask", "Baton holder", "Landing"),
        ("Hub team", "Write the standard procedure", "Hub Manager", "31/03/2026"),
        ("Hub team", "Recruit two coordinators", "Hub Manager", "30/04/2026"),
        ("Pharmacy service", "Pilot weekend dispensing", "Chief Pharmacist", "29/05/2026"),
    )
    assert held == {"Workstream": "section", "The ask": "action", "Baton holder": "lead", "Landing": "due"}


def test_posts_under_a_heading_nobody_foresaw_lead_and_are_not_what_is_to_be_done() -> None:
    watched = meanings(
        ("Ref", "Action", "Zorple", "Deadline", "Oversight group"),
        ("1", "Print the allergy band", "Reception Manager", "30/09/2025", "Medicines Safety Group"),
        ("2", "Keep two trolleys on each floor", "Surgical Matron", "31/12/2025", "Sepsis Group"),
    )
    assert watched["Zorple"] == "lead"
    advised = meanings(
        ("No.", "Recommendation", "Zorple", "Agreed", "Date"),
        ("1", "That the Council consider a training programme", "Training Manager", "Yes", "June 2026"),
        ("2", "That the Council assign an officer to each committee", "The Executive", "No", "July 2026"),
    )
    assert advised == {"No.": "ref", "Recommendation": "action", "Zorple": "lead", "Agreed": "", "Date": "due"}


def test_dates_under_a_heading_nobody_foresaw_are_due_beside_those_of_a_meeting_or_of_what_is_done() -> None:
    met = meanings(
        ("Date", "Action", "Lead", "Zorple"),
        ("4 June 2025", "Review the grass cutting", "Parks Manager", "October 2025"),
        ("9 July 2025", "Publish a map of bins", "Waste Manager", "January 2026"),
    )
    done = meanings(
        ("Action", "Lead", "Zorple", "Date completed"),
        ("Revise the template", "Service Manager", "31/10/2025", ""),
        ("Draw a tree of supervision", "Team Manager", "30/06/2025", "14/08/2025"),
    )
    assert met["Zorple"] == "due"
    assert done["Zorple"] == "due"


def test_posts_beside_times_lead_what_is_to_be_done_then() -> None:
    result = read_plan(
        workbook(
            (
                "Roadmap",
                [
                    ("Data roadmap",),
                    ("Workstream", "Zorple", "2025/26", "2026/27"),
                    ("Governance", "Data Protection Officer", "Approve the policy", "Audit compliance"),
                    ("Skills", "Head of Training", "Survey staff", "Launch an academy"),
                ],
            )
        ),
        "plan.xlsx",
    )
    found = [action for area in result.document.priorities for w in area.workstreams for action in w.actions]
    assert [(each.text, each.leads[0].post) for each in found] == [
        ("Approve the policy", "Data Protection Officer"), ("Audit compliance", "Data Protection Officer"),
        ("Survey staff", "Head of Training"), ("Launch an academy", "Head of Training"),
    ]  # fmt: skip
