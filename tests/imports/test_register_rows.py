"""Registers: what a row, a list in a cell or a column beside the plan turns into."""

from __future__ import annotations

import io
from datetime import datetime

from openpyxl import Workbook

from tests.imports.workbooks import (
    HEAD,
    actions,
    dates,
    filled,
    formatted,
    merged,
    milestones,
    read,
    whole,
    workstreams,
)
from tracker.imports import read_plan
from tracker.imports.leads import shown_lead

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - a sheet's date has no zone


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


def test_the_last_tick_of_a_time_grid_is_the_deadline_with_a_question() -> None:
    result = read(
        ("Task", "Owner", MARCH, datetime(2026, 4, 1), datetime(2026, 5, 1)),  # noqa: DTZ001
        ("Consult", "Ann", "x", "x", None),
        changes=[formatted(C1="mmm-yy", D1="mmm-yy", E1="mmm-yy")],
    )
    assert milestones(result)[0].needs_decision == "The time grid is marked up to Apr 2026: is that the deadline?"
    assert milestones(result)[0].date == "Apr 2026"


def test_a_time_grid_beside_milestones_dates_each_of_them_and_a_state_in_it_does_not() -> None:
    result = read(
        ("Action", "Lead", "Milestone", "Autumn term 2025", "Spring term 2026", "Summer term 2026"),
        ("Agree a specification", "Joint Commissioner", "Baseline shared", "X", None, None),
        (None, None, "Workshops held", "X", "X", None),
        (None, None, "Specification signed off", None, None, "COMPLETED"),
        changes=[lambda sheet: [sheet.merge_cells(f"{column}2:{column}4") for column in "AB"]],
    )
    assert [each.date for each in milestones(result)] == ["Autumn term 2025", "Spring term 2026", ""]
    assert (
        milestones(result)[1].needs_decision == "The time grid is marked up to Spring term 2026: is that the deadline?"
    )
    assert [each.text for each in actions(result)] == ["Agree a specification"]


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
