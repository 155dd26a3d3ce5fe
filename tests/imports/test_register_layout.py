"""Registers: one row per action or milestone, under headings that stand anywhere."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

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
from tracker.imports import read_plan
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
    assert dates(result) == {"Write the paper": "Summer 2012", "Send the draft": "21/05/12"}
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


def test_rows_that_begin_with_a_dash_are_steps_of_the_action_above() -> None:
    result = read(HEAD, ("1", "Recruit", "HR", "Mar 2026"), (None, "- place the advert", "Comms", "Jan 2026"))
    assert len(actions(result)) == 1
    assert [(each.text, each.date) for each in milestones(result)] == [
        ("Recruit", "Mar 2026"),
        ("place the advert", "Jan 2026"),
    ]


def test_a_row_of_details_alone_is_merged_into_the_row_above() -> None:
    result = read(
        HEAD,
        ("1", "Recruit", "HR", "Mar 2026", "Green", "Advert placed."),
        (None, None, "Comms", None, None, "Two applied."),
    )
    assert milestones(result)[0].update_text == "Advert placed.\nTwo applied."
    assert [lead.post for lead in actions(result)[0].leads] == ["HR", "Comms"]
    assert result.totals()["merged"] == 1


# ------------------------------------------------------------------ lists in cells
def test_lines_pair_one_to_one_with_the_dates_and_names_beside_them() -> None:
    result = read(
        ("No", "What?", "How?", "Who by?", "When?"),
        ("1.", "Improve speed", "· Hire\n· Train\n· Review", "Ann\nditto\nBob", "Mar 2026\nMay 2026\nOngoing"),
    )
    assert dates(result) == {"Hire": "Mar 2026", "Train": "May 2026", "Review": "Ongoing"}
    assert [[lead.post for lead in each.leads] for each in milestones(result)] == [["Ann"], ["Ann"], ["Bob"]]
    assert actions(result)[0].ref == "1"


def test_lines_that_do_not_match_give_only_the_dates_that_are_certain() -> None:
    when = "Done (March 2004)\nBy end 2005/06\nBacklog cleared July 2004\nSee also Annexe 3"
    result = read(
        ("No", "What?", "How?", "Who by?", "When?"),
        ("3", "Benefits", "· Appoint\n· Move up\n· Focus", "Peter Wells", when),
    )
    assert dates(result) == {"Appoint": "Done (March 2004)", "Move up": "By end 2005/06", "Focus": ""}
    assert "See also Annexe 3" in milestones(result)[0].update_text


def test_one_date_of_a_row_is_the_date_of_all_its_steps() -> None:
    result = read(("Ref", "Action", "Key steps", "Due"), ("1", "Recruit", "• Advertise\n• Interview", "Mar 2026"))
    assert dates(result) == {"Advertise": "Mar 2026", "Interview": "Mar 2026"}
    assert [each.actions for each in milestones(result)] == [["1"], ["1"]]


def test_dates_inside_the_sentences_of_bullets_are_found_where_the_heading_promises_them() -> None:
    result = read(
        ("Action", "What we will do and when", "What residents will see"),
        (
            "2. Net zero", "• Deliver 50+ projects.\n   ○ Recycle more by the end of 2026.\n"
            "• Install chargers (March 2026).\n• Review the 2019 strategy\n"
            "• Phase 2 to commence 06/25, live in September 2025", "Cleaner air",
        ),
    )  # fmt: skip
    assert list(dates(result).values()) == ["", "by the end of 2026", "March 2026", "", "September 2025"]
    assert actions(result)[0].ref == "2"
    assert result.document.priorities[0].records[0].kind == "impact"


def test_a_list_of_actions_in_one_cell_gets_the_dates_and_names_of_its_lines() -> None:
    result = read(
        ("Objective", "Actions", "Who", "When"),
        ("Attendance", "1. Write a policy\n2. Train staff\n3. Review", "HT\nDHT\nHT", "Sept 2025\nOct 2025\nJuly 2026"),
    )
    assert [each.text for each in actions(result)] == ["Write a policy", "Train staff", "Review"]
    assert dates(result) == {"Write a policy": "Sept 2025", "Train staff": "Oct 2025", "Review": "July 2026"}
    assert [each.leads[0].post for each in actions(result)] == ["HT", "DHT", "HT"]


def test_leads_are_split_only_where_the_cell_splits_them() -> None:
    result = read(
        HEAD,
        ("1", "Recruit", "Ann Lee / Bob Day", "Mar 2026"),
        ("2", "Train", "Chair\n\nManager (ICB)", "Mar 2026"),
        ("3", "Review", "Janet\n\nPreviously Tim", "Mar 2026"),
        ("4", "Close", "ditto", "as above"),
    )
    named = [[shown_lead(lead) for lead in each.leads] for each in actions(result)]
    assert named == [["Ann Lee / Bob Day"], ["Chair", "Manager (ICB)"], ["Janet"], ["Janet"]]
    assert actions(result)[1].leads[1].organisation == "ICB"
    assert milestones(result)[2].update_text == "Lead: Previously Tim"
    assert milestones(result)[3].date == "Mar 2026"


# ------------------------------------------------------------------ status, colours, time grids
def test_a_rating_that_is_only_a_colour_is_read_with_the_sheets_key_and_stays_text() -> None:
    result = read(
        ("Ref", "Priority", "Due date", "% complete", "RAG", "Comment"),
        ("7.001", "Promote", "31/03/2021", 0.5, None, "x"), ("7.002", "Benchmark", "31/03/2021", 1, None, "y"),
        ("7.003", "Charge", "31/03/2021", 0.8, None, "z"), ("7.004", "Cut", "31/03/2021", 0.8, None, "z"), (None,),
        ("Key",), (None, "On target"), (None, "Completed"),
        changes=[
            filled(E2="00B050", E3="0070C0", E4="FFC000", A8="00B050", A9="0070C0"),
            formatted(D2="0%", D3="0%", D4="0%", D5="0%"),
        ],
    )  # fmt: skip
    assert [each.status_text for each in actions(result)] == ["On target", "Completed", "Amber (cell colour)", ""]
    assert [each.ref for each in actions(result)] == ["7.001", "7.002", "7.003", "7.004"]
    assert "% complete: 50%" in milestones(result)[0].update_text
    assert result.document.key == {"Green": "On target", "Blue": "Completed"}
    assert any("3 ratings are cell colours" in each.what for each in result.problems)


def test_a_key_of_colours_under_the_table_is_not_actions() -> None:
    result = read(
        HEAD, ("1", "Recruit", "HR", "Mar 2026", "G"), (None,),
        ("Red", "Off track"), ("Amber", "At risk"), ("Green", "On track"),
    )  # fmt: skip
    assert len(actions(result)) == 1
    assert result.document.key == {"Red": "Off track", "Amber": "At risk", "Green": "On track"}


def test_a_time_grid_of_status_words_is_kept_by_period_and_sets_no_date() -> None:
    result = read(
        (None, None, "Sep", "Jan", "May", "Sep"),
        ("Ref", "Action", "Dec 20", "Apr 21", "Aug 21", "Dec 21", "_"),
        ("6.1", "Recruit a panel", None, None, None, "COMPLETED"),
        ("6.2", "Agree a framework", None, None, None, None, "IN PROGRESS"),
        changes=[merged("F3:G3")],
    )
    states = workstreams(result)[0].period_states
    assert [(each.period, each.state) for each in states] == [
        ("Sep - Dec 21", "COMPLETED"),
        ("column G", "IN PROGRESS"),
    ]
    assert [each.status_text for each in actions(result)] == ["COMPLETED", "IN PROGRESS"]
    assert list(dates(result).values()) == ["", ""]


def test_a_ticked_time_grid_asks_whether_its_last_tick_is_the_deadline() -> None:
    result = read(
        ("Task", "Owner", MARCH, datetime(2026, 4, 1), datetime(2026, 5, 1)),  # noqa: DTZ001
        ("Consult", "Ann", "x", "x", None),
        changes=[formatted(C1="mmm-yy", D1="mmm-yy", E1="mmm-yy")],
    )
    assert milestones(result)[0].needs_decision == "The time grid is marked up to Apr 2026: is that the deadline?"
    assert milestones(result)[0].date == ""


# ------------------------------------------------------------------ rows that are no entries
def test_repeated_headers_totals_notes_and_bare_numbers_are_left_out_with_a_reason() -> None:
    result = read(
        HEAD, ("Note: update monthly",), ("1", "Recruit", "HR", "Mar 2026"), HEAD, ("2", "Train", "HR", "Mar 2026"),
        ("3",), ("-",), ("4", None, None, None, "Not started"), ("Total", None, None, None, "2"),
    )  # fmt: skip
    assert [each.ref for each in actions(result)] == ["1", "2"]
    reasons = {line.cell: line.reason for line in result.lines if line.outcome == "left_out"}
    assert reasons["A4"] == "column headings, repeated"
    assert reasons["A2"] == reasons["A9"] == "a remark about the sheet"
    assert reasons["A6"] == reasons["A7"] == reasons["A8"] == "only a reference or an empty mark"
    assert whole(result)


def test_a_row_cut_in_two_by_a_page_break_is_put_together() -> None:
    head = ("Ref:", "Aim", "Progress Made", "Revised Milestones", "Timescale")
    result = read(
        head,
        ("1.2", "Support", "Begun", "Monitor it.\nDeliver a skate park in central", "Ongoing\nCompleted\nAutumn 2004"),
        head,
        (None, None, None, "Godalming.\nProgress the drop in\nPlan to be developed", "Ongoing"),
    )  # fmt: skip
    assert dates(result) == {
        "Monitor it.": "Ongoing", "Deliver a skate park in central Godalming.": "Autumn 2004",
        "Progress the drop in": "Ongoing", "Plan to be developed": "",
    }  # fmt: skip


def test_a_hidden_row_waits_for_a_decision_and_a_filtered_one_is_imported() -> None:
    def hide(data_filter: str | None) -> bytes:
        book = Workbook()
        sheet = book["Sheet"]
        for row in (HEAD, ("1", "Recruit", "HR", "Mar 2026"), ("2", "Train", "HR", "Mar 2026")):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        if data_filter:
            sheet.auto_filter.ref = data_filter
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    hidden = read_plan(hide(None), "plan.xlsx")
    assert [each.ref for each in actions(hidden)] == ["1"]
    assert any(each.where == "Sheet row 3" and "hidden" in each.what for each in hidden.problems)
    assert hidden.totals()["needs_decision"] == 1
    assert [each.ref for each in actions(read_plan(hide("A1:F3"), "plan.xlsx"))] == ["1", "2"]


def test_a_ref_used_twice_is_a_problem_and_neither_row_is_lost() -> None:
    result = read(HEAD, ("2.1", "Recruit", "HR", "Mar 2026"), ("2.1", "Retain", "HR", "Mar 2026"))
    assert [each.ref for each in actions(result)] == ["2.1", "2.1 (2)"]
    assert [each.ref for each in milestones(result)] == ["2.1", "2.1 (2)"]
    assert any("2.1 is used twice" in each.what and each.where == "Plan B3" for each in result.problems)


def test_a_last_zero_that_excel_dropped_is_put_back_where_the_order_shows_it() -> None:
    rows = [(float(f"1.{n}"), f"Action {n}", "HR", "Mar 2026") for n in range(1, 11)]
    result = read(HEAD, *rows)
    assert [each.ref for each in actions(result)][-2:] == ["1.9", "1.10"]
    assert any("drops the last zero" in each.what for each in result.problems)


def test_columns_that_are_not_imported_are_listed_by_name() -> None:
    result = read((*HEAD, "Budget", "Import-ance"), ("1", "Recruit", "HR", "Mar 2026", "G", "Begun", "£5k", "**"))
    assert any(
        each.what == "These columns were not imported: Budget (1 cell), Import-ance (1 cell)."
        for each in result.problems
    )


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
