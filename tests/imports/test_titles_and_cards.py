"""Titles that carry a lead or only name a table, sections by letters, cards in tables, rows that say what they are."""

from __future__ import annotations

from tests.imports.documents import H, P, T, read_document
from tests.imports.workbooks import actions, dates, milestones, read, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.milestones import entries_of, pair_dates
from tracker.imports.result import ImportResult

HEAD = ("Action", "Lead", "Deadline", "RAG")


def shape(result: ImportResult) -> list[tuple[str, list[str]]]:
    """Return the titles of the workstreams with the texts of their actions."""
    return [(each.title, [action.text for action in each.actions]) for each in workstreams(result)]


def test_a_heading_that_only_names_the_table_below_it_is_no_workstream() -> None:
    result = read_document(
        H("Improvement plan for children", 1),
        H("Priority 1: Leadership", 1),
        H("1.1 Vision", 2),
        P("Why this matters to families."),
        H("Actions", 3),
        T([HEAD, ("Write a shared vision", "DCS", "May 2025", "G")]),
        H("1.2 Culture", 2),
        H("Key milestones", 3),
        T([HEAD, ("Staff survey", "HR", "June 2025", "A")]),
    )
    assert shape(result) == [("Vision", ["Write a shared vision"]), ("Culture", ["Staff survey"])]
    assert whole(result)


def test_a_title_row_may_say_who_leads_what_it_begins() -> None:
    result = read(
        ("Ref", *HEAD),
        ("Priority 1: Homes", None, "Lead: Director of Housing"),
        ("1.1", "Survey all blocks", None, "May 2025", "Green"),
        ("Priority 2: Streets", None, "Director of Place"),
        ("2.1", "Buy new sweepers", None, "July 2025", "Red"),
    )
    assert shape(result) == [("Homes", ["Survey all blocks"]), ("Streets", ["Buy new sweepers"])]
    assert [each.leads[0].post for each in workstreams(result)] == ["Director of Housing", "Director of Place"]


def test_sections_by_letters_stand_over_refs_that_begin_with_the_letter() -> None:
    head = ("Ref", "Action", "Owner", "Due")
    rows = [
        ("A", "Leadership"),
        ("A1", "Appoint a chair", "CEX", "May 2025"),
        ("B", "Workforce"),
        ("B1", "Recruit six", "HR"),
    ]
    result = read(head, *rows)
    assert shape(result) == [("Leadership", ["Appoint a chair"]), ("Workforce", ["Recruit six"])]
    text = (
        b"Action,Owner,Due\nA. Leadership,,\nA1 Appoint a chair,CEX,May 2025\nB. Workforce,,\nB1 Recruit six,HR,May\n"
    )
    assert [each.title for each in workstreams(read_plan(text, "plan.csv"))] == ["Leadership", "Workforce"]


def test_a_table_for_each_action_with_its_headings_down_the_side_is_a_card() -> None:
    cards = [
        T([("Ref", ref), ("Action", text), ("Lead officer", lead), ("Target date", when), ("Status", status)])
        for ref, text, lead, when, status in (
            ("1", "Agree a budget", "S151 Officer", "31 March 2025", "Complete"),
            ("2", "Freeze agency spend", "HR Director", "30 April 2025", "On track"),
        )
    ]
    result = read_document(H("Recovery plan", 1), *cards)
    assert [(each.ref, each.text, each.leads[0].post, each.fact) for each in actions(result)] == [
        ("1", "Agree a budget", "S151 Officer", "completed"),
        ("2", "Freeze agency spend", "HR Director", "started"),
    ]
    assert dates(result) == {"Agree a budget": "31 March 2025", "Freeze agency spend": "30 April 2025"}
    assert whole(result)


def test_a_column_may_say_which_rows_are_milestones_of_the_action_above() -> None:
    text = (
        b"Type,Ref,Title,Owner,Due date,Status\nTheme,,Inclusion,,,\n"
        b"Action,1,Improve attendance,Head,31/07/2025,On track\n"
        b"Milestone,1.1,Policy agreed,Head,30/04/2025,Done\nAction,2,Reduce exclusions,Head,31/12/2025,Delayed\n"
        b"Milestone,2.1,Panel set up,Chair,30/09/2025,Delayed\n"
    )
    result = read_plan(text, "plan.csv")
    assert shape(result) == [("Inclusion", ["Improve attendance", "Reduce exclusions"])]
    assert [(each.ref, each.actions, each.fact) for each in milestones(result) if not each.implicit] == [
        ("1.1", ["1"], "completed"),
        ("2.1", ["2"], "delayed"),
    ]


def test_where_the_rating_is_empty_another_column_may_tell_the_status() -> None:
    head = ("Ref", "Action", "Stage", "Due date", "RAG")
    rows = [
        ("1", "Promote it", "In progress", "May 2025", "Green"),
        ("2", "Review it", "Not started", "May 2025", None),
    ]
    assert [each.fact for each in milestones(read(head, *rows))] == ["started", "not started"]


def test_a_status_among_dates_that_stands_beside_no_entry_is_left_over_and_not_lost() -> None:
    entries = entries_of("Do this\nDo that", year_kind="financial", says_when=False, has_due_column=True, due_lines=3)
    assert pair_dates(entries, "Ongoing\nCompleted\nAutumn 2004", "financial") == "Completed"
    assert [each.due.words for each in entries] == ["Ongoing", "Autumn 2004"]


def test_a_detail_that_a_card_names_twice_is_kept_twice() -> None:
    result = read_document(
        H("Town plan", 1),
        P("Action: Replace the benches"),
        P("Lead: Town Clerk"),
        P("When: September 2025"),
        P("• Cost: £4,000 for oak"),
        P("• Cost: £900 for steel"),
        P("Action: Plant a verge"),
        P("Lead: Foreman"),
        P("When: March 2026"),
    )
    assert dates(result) == {"Replace the benches": "September 2025", "Plant a verge": "March 2026"}
    held = [
        sample for sheet in result.sheets for table in sheet.tables for each in table.columns for sample in each.samples
    ]
    assert any("oak" in text and "steel" in text for text in held)
    assert whole(result)


def test_what_stands_in_brackets_above_a_list_of_dates_is_kept_beside_its_first_milestone() -> None:
    when = "(Proposed timetable)\nDraft to the board March 2026\nAdopted by Cabinet May 2026"
    result = read(
        ("Action", "By when", "Lead"), ("Write the strategy", when, "Clerk"), ("Sign it", "June 2026", "Clerk")
    )
    first, second, _ = milestones(result)
    assert [(each.text, each.date) for each in (first, second)] == [
        ("Draft to the board", "March 2026"), ("Adopted by Cabinet", "May 2026"),
    ]  # fmt: skip
    assert first.update_text == "By when: (Proposed timetable)"
