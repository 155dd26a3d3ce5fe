"""Milestones in rows of their own, in the column of the actions that they belong to."""

from __future__ import annotations

import pytest

from tests.imports.workbooks import actions, bold, dates, milestones, read, workstreams
from tracker.imports.leads import shown_lead

HEAD = ("Ref", "Project / milestone", "Project manager", "Forecast", "RAG")


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("T01", "T01.a", "T01.b"),
        ("1", "1.1", "1.2"),
        ("S1", "S1-1", "S1-2"),
        ("1", "a", "b"),
        ("P1", "M1", "M2"),
        ("1", "", ""),
    ],
)
def test_refs_tell_milestones_from_the_project_above_them(first: str, second: str, third: str) -> None:
    result = read(
        HEAD,
        (first, "Market hall", "Town Centre Manager", "31 March 2026", "G"),
        (second, "Traders consulted", None, "31 October 2025", "G"),
        (third, "Start on site", None, "31 January 2026", "A"),
    )
    assert [(each.ref, each.text) for each in actions(result)] == [(first, "Market hall")]
    assert dates(result) == {
        "Market hall": "31 March 2026",
        "Traders consulted": "31 October 2025",
        "Start on site": "31 January 2026",
    }
    assert all(each.actions == [first] for each in milestones(result))


def test_a_milestone_keeps_a_lead_of_its_own() -> None:
    result = read(
        HEAD,
        ("1", "Market hall", "Town Centre Manager", "31 March 2026", "G"),
        ("1.1", "Traders consulted", "Markets Officer", "31 October 2025", "G"),
        ("1.2", "Start on site", "Town Centre Manager", "31 January 2026", "A"),
    )
    assert [[shown_lead(lead) for lead in each.leads] for each in milestones(result)] == [[], ["Markets Officer"], []]


def test_rows_below_a_bold_one_with_lead_and_date_are_its_milestones() -> None:
    rows = [
        ("Action", "Lead", "Due", "RAG"),
        ("Adopt the local plan", "Planning Manager", "December 2026", "Green"),
        ("Consultation closed", None, "October 2025", "Green"),
        ("Refresh the design code", "Urban Designer", "June 2026", "Green"),
        ("Draft to Cabinet", None, "March 2026", "Amber"),
    ]
    assert len(actions(read(*rows))) == 4
    result = read(*rows, changes=[bold(2, 4)])
    assert [each.text for each in actions(result)] == ["Adopt the local plan", "Refresh the design code"]


def test_a_text_that_is_set_in_is_a_milestone_even_where_nothing_stands_beside_it() -> None:
    result = read(
        ("Task", "Owner", "End date"),
        ("Replace the telephony platform", "Contact Centre Manager", "30/06/2026"),
        ("   Number porting agreed", None, "31/01/2026"),
        ("   Staff trained", None, None),
        ("Retire the old intranet", "Communications Manager", "31/05/2026"),
    )
    assert [each.text for each in actions(result)] == ["Replace the telephony platform", "Retire the old intranet"]
    assert dates(result)["Staff trained"] == ""


def test_actions_with_leads_below_an_action_with_a_lead_stay_actions() -> None:
    result = read(
        ("Ref", "Action", "Lead", "Due"),
        ("1", "Improve the timeliness of plans", "SEND Manager", "March 2026"),
        ("1.1", "Recruit two plan writers", "HR Adviser", "December 2025"),
        ("1.2", "Hold a weekly panel", "Head of SEND", "October 2025"),
    )
    assert [each.ref for each in actions(result)] == ["1", "1.1", "1.2"]


def test_a_column_that_names_the_task_above_tells_milestones_in_any_order() -> None:
    result = read(
        ("ID", "Title", "Parent", "Owner", "Due"),
        ("10", "Refresh the housing strategy", None, "Housing Manager", "31/03/2026"),
        ("11", "Procure a repairs contractor", None, "Head of Repairs", "30/06/2026"),
        ("12", "Evidence base complete", "10", None, "31/10/2025"),
        ("13", "Evaluation of bids", "11", None, "31/01/2026"),
        ("14", "Draft to Cabinet", "10", None, "31/01/2026"),
    )
    assert [each.ref for each in actions(result)] == ["10", "11"]
    below = {each.text: each.actions for each in milestones(result)}
    assert below["Draft to Cabinet"] == below["Evidence base complete"] == ["10"]
    assert below["Evaluation of bids"] == ["11"]


def test_what_others_name_is_their_workstream_where_it_has_no_lead_and_no_date() -> None:
    result = read(
        ("Item", "Belongs to", "Owner", "Due date"),
        ("Better homes", None, None, None),
        ("Warmer streets", None, None, None),
        ("Inspect all tower blocks", "Better homes", "Fire Safety Manager", "30/11/2025"),
        ("Replace 400 boilers", "Warmer streets", "Heating Manager", "31/03/2026"),
        ("Publish the repairs charter", "Better homes", "Head of Repairs", "31/01/2026"),
    )
    found = {each.title: [action.text for action in each.actions] for each in workstreams(result)}
    assert found == {
        "Better homes": ["Inspect all tower blocks", "Publish the repairs charter"],
        "Warmer streets": ["Replace 400 boilers"],
    }


def test_an_action_that_each_row_says_again_is_one_action() -> None:
    result = read(
        ("Ref", "Action", "Lead", "Milestone", "Due"),
        ("1", "Electrify the pool fleet", "Fleet Manager", "Chargers in", "31/12/2025"),
        ("1", "Electrify the pool fleet", "Fleet Manager", "First 20 vans", "30/04/2026"),
        ("2", "School streets", "Transport Planner", "Orders made", "31/01/2026"),
    )
    assert [each.ref for each in actions(result)] == ["1", "2"]
    assert [each.actions for each in milestones(result)] == [["1"], ["1"], ["2"]]
