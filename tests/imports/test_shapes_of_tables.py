"""Shapes that plans of other councils have: titles beside entries, periods under years, answers for ratings."""

from __future__ import annotations

import pytest

from tests.imports.documents import H, P, T, read_document
from tests.imports.workbooks import actions, bold, dates, merged, milestones, read, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.duetext import due_of_text
from tracker.imports.result import ImportResult

HEAD = ("Ref", "Action", "Lead", "Deadline")


def shape(result: ImportResult) -> list[tuple[str, list[str]]]:
    """Return the titles of the workstreams with the texts of their actions."""
    return [(each.title, [action.text for action in each.actions]) for each in workstreams(result)]


def test_titles_stand_in_a_column_and_entries_in_the_next_which_has_no_heading() -> None:
    result = read(
        ("Task", None, "Owner", "Due"),
        ("Workforce",),
        (None, "Recruit two officers", "HR", "May 2025"),
        (None, "Train them", "HR", "June 2025"),
        ("Estate",),
        (None, "Sell the depot", "Property", "July 2025"),
    )
    assert shape(result) == [("Workforce", ["Recruit two officers", "Train them"]), ("Estate", ["Sell the depot"])]
    assert whole(result)


@pytest.mark.parametrize("title", ["Governance", "Vision", "Workforce"])
def test_a_text_over_texts_that_are_set_in_is_their_title(title: str) -> None:
    result = read(
        ("Task", "Owner", "Due"),
        (title,),
        ("   Set up the board", "CEX", "May 2025"),
        ("   Agree its terms", "CEX", "June 2025"),
    )
    assert shape(result) == [(title, ["Set up the board", "Agree its terms"])]


def test_indentation_of_a_style_counts_as_spaces_do() -> None:
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.worksheet import Worksheet

    def set_in(sheet: Worksheet) -> None:
        sheet["A3"].alignment = Alignment(indent=2)

    long = "A title of so many words that it would be taken for an action if it stood at the margin of the others"
    rows = [("Task", "Owner", "Due"), (long,), ("Agree its terms", "CEX", "June 2025")]
    assert len(actions(read(*rows))) == 2
    assert shape(read(*rows, changes=[set_in])) == [(long, ["Agree its terms"])]


def test_terms_stand_under_the_years_that_are_merged_over_them() -> None:
    terms = ("Spring term", "Summer term", "Autumn term")
    result = read(
        ("Action", "Lead", "2024", None, None, "2025"),
        (None, None, *terms, *terms),
        ("Map the offer", "Ann", "Started", "Completed"),
        ("Launch it", "Bob", None, None, None, None, "In progress"),
        changes=[merged("C1:E1", "F1:H1"), bold(1, 2)],
    )
    states = [(each.period, each.state) for each in workstreams(result)[0].period_states]
    assert states == [
        ("Spring term 2024", "Started"),
        ("Summer term 2024", "Completed"),
        ("Summer term 2025", "In progress"),
    ]
    assert [each.fact for each in milestones(result)] == ["completed", "started"]


def test_years_in_a_row_of_their_own_stand_over_the_months_up_to_the_next_year() -> None:
    result = read(
        (None, "2025", None, "2026"),
        ("Action", "Nov", "Dec", "Jan", "Feb"),
        ("Recruit", "Started", None, None, "Completed"),
    )
    states = [(each.period, each.state) for each in workstreams(result)[0].period_states]
    assert states == [("Nov 2025", "Started"), ("Feb 2026", "Completed")]


def test_an_action_that_a_page_cut_in_two_goes_on_below_the_repeated_headings() -> None:
    rows = [
        HEAD,
        ("1", "Carry out a full review of the", "Legal", "June 2024"),
        HEAD,
        ("", "constitution and its protocols.", "", ""),
        ("2", "Publish it", "Legal", "Aug 2024"),
    ]
    result = read_document(T(rows))
    assert dates(result) == {
        "Carry out a full review of the constitution and its protocols.": "June 2024",
        "Publish it": "Aug 2024",
    }
    assert whole(result)


def test_ditto_below_ditto_is_what_stands_above_both() -> None:
    rows = b"Ref,Action,Lead,Deadline\na),Write,Ann,Jan 2026\nb),Consult,ditto,ditto\nc),Decide,ditto,ditto\n"
    result = read_plan(rows, "plan.csv")
    assert [each.leads[0].post for each in actions(result)] == ["Ann"] * 3
    assert {each.date for each in milestones(result)} == {"Jan 2026"}


def test_yes_and_no_are_ratings_with_the_question_of_their_heading() -> None:
    head = ("Ref", "Action", "Lead", "Deadline", "On target?")
    result = read(head, ("1", "Recruit", "HR", "May 2025", "Yes"), ("2", "Train", "HR", "May 2025", "No"))
    told = [(each.status_text, each.fact) for each in milestones(result)]
    assert told == [("On target: Yes", "started"), ("On target: No", "delayed")]
    head = (*head[:4], "Complete?")
    result = read(head, ("1", "Recruit", "HR", "May 2025", "Y"), ("2", "Train", "HR", "May 2025", "N"))
    assert [each.fact for each in milestones(result)] == ["completed", ""]


def test_a_heading_of_date_and_status_holds_both() -> None:
    head = ("Ref", "Action", "Lead", "End date & status")
    result = read(head, ("1", "Write the paper", "Ann", "Summer 2012\n\nONGOING"), ("2", "Send it", "Ann", "May 2012"))
    assert [(each.date, each.status_text) for each in milestones(result)] == [
        ("Summer 2012", "ONGOING"),
        ("May 2012", ""),
    ]


def test_a_sentence_that_begins_with_what_was_done_is_a_status_and_no_date() -> None:
    told = due_of_text("Decision taken to go for stock transfer – Full Council agreed")
    assert (told.words, told.status) == ("", "Decision taken")
    assert due_of_text("Completed by the contractor in two phases over the year").status == ""


def test_a_title_that_says_the_title_above_it_again_begins_nothing() -> None:
    table = T([HEAD, ("1", "Act", "Ann", "May 2025")])
    result = read_document(H("Council plan", 1), H("Fairer", 2), H("Fairer: our deliverables", 3), table)
    assert shape(result) == [("Fairer", ["Act"])]
    assert whole(result)


def test_a_lead_in_a_line_below_the_title_leads_all_lettered_actions() -> None:
    table = T([("Actions", "Milestones"), ("A. Publish the offer\nB. Hold events", "1. Jul 2025: Offer is live")])
    result = read_document(H("1.1 Better communication", 2), P("Lead: SEND Manager"), table)
    assert [lead.post for lead in workstreams(result)[0].leads] == ["SEND Manager"]


def test_a_heading_that_says_what_is_done_in_a_year_heads_actions_and_no_time_grid() -> None:
    title = ("Ambition 1: Best start in life", None, None, None)
    head = ("Key actions 2025/26", "Lead organisation", "Timescale", "Outcome measure")
    result = read(title, head, ("Open two further hubs", "Early Help", "March 2026", "Reach of hubs"))
    assert [(each.text, [lead.post for lead in each.leads]) for each in actions(result)] == [
        ("Open two further hubs", ["Early Help"])
    ]
    assert [each.date for each in milestones(result)] == ["March 2026"]


def test_milestones_beside_a_further_lettered_action_have_its_lead_and_not_that_of_the_workstream() -> None:
    table = T([
        ("Action", "Lead", "Delivery milestones"),
        ("A. Review places\n\nB. Set up a framework", "Assistant Director", "1. Dec 2025: Review reported"),
        ("C. Work on an offer", "Head of Inclusion", "1. Feb 2026: Offer agreed"),
    ])  # fmt: skip
    result = read_document(H("6a. Commission the right places", 2), table)
    assert [[lead.post for lead in each.leads] for each in actions(result)][-1] == ["Head of Inclusion"]
    assert [lead.post for lead in milestones(result)[-1].leads] == ["Head of Inclusion"]


def test_a_row_with_a_group_and_who_leads_it_leads_the_rows_below_it() -> None:
    result = read(
        ("Portfolio", "Who", "", "Actions", "Year to action"),
        ("Airfield", "Cllr MH, Cllr TR", None, None, None),
        (None, None, "1", "Present noise data to the district council", "2026/27"),
        (None, None, "2", "Arrange an annual meeting with the owner", "2026/27"),
        ("Footpaths", "Cllr PW", None, None, None),
        (None, None, "3", "Walk all public rights of way", "2027/28"),
    )
    assert [(each.title, [lead.post for lead in each.leads]) for each in workstreams(result)] == [
        ("Airfield", ["Cllr MH, Cllr TR"]),
        ("Footpaths", ["Cllr PW"]),
    ]
    assert whole(result)


def test_a_heading_that_is_called_action_in_brackets_says_what_is_to_be_done() -> None:
    result = read(
        ("What we want to do", "How we'll do it (action)", "Who's leading", "When"),
        ("1 Understanding of autism", None, None, None),
        ("Better trained workforce", "Train all staff in public facing roles", "Workforce Development", "Mar 2026"),
        (None, "Train taxi drivers at licence renewal", "Licensing Team", "Apr 2026"),
        ("2 Access to education", None, None, None),
        ("Fewer exclusions", "Run the project in 20 more schools", "Specialist Teaching Service", "Jul 2026"),
        changes=[bold(2, 5)],
    )
    assert [(each.text, [lead.post for lead in each.leads]) for each in actions(result)] == [
        ("Train all staff in public facing roles", ["Workforce Development"]),
        ("Train taxi drivers at licence renewal", ["Licensing Team"]),
        ("Run the project in 20 more schools", ["Specialist Teaching Service"]),
    ]


@pytest.mark.parametrize(("beside", "led"), [("Evidence", ["Medical Director"]), ("Lead", [])])
def test_an_executive_lead_above_a_table_leads_where_no_column_says_who(beside: str, led: list[str]) -> None:
    result = read(
        ("Quality improvement plan", None, None), (None, None, None),
        ("Care of the deteriorating patient", None, None), ("Executive lead: Medical Director", None, None),
        ("Action", "Deadline", beside), ("Record observations on all wards", "March 2027", "Ward manager"),
    )  # fmt: skip
    assert [(each.title, [lead.post for lead in each.leads]) for each in workstreams(result)] == [
        ("Care of the deteriorating patient", led)
    ]


def test_aims_objectives_and_actions_are_a_plan_where_no_column_says_who_or_when() -> None:
    table = T([
        ("Aim", "Objective", "Actions"),
        ("Safer hall", "To replace the roof of the hall", "- Clerk to obtain tenders.\n- Council to agree a firm."),
        ("New chairs", "To replace the chairs in two years", "- Hall Users Group to look at chairs."),
    ])  # fmt: skip
    result = read_document(H("Council Action Plan 2026-27", 1), table)
    assert [lead.post for each in actions(result) for lead in each.leads] == ["Clerk", "Council", "Hall Users Group"]
