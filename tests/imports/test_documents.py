"""Plans in Word: headings, tables, lists and cards become the same rows as those of a workbook, with their places."""

from __future__ import annotations

import pytest

from tests.imports.documents import H, L, P, T, document, read_document
from tests.imports.workbooks import actions, dates, milestones, rezipped, whole, workstreams
from tracker.imports import read_plan, read_plan_in_child
from tracker.imports.result import ImportResult, Kind
from tracker.rules.errors import Refusal

HEAD = ("Action", "Lead", "By when", "RAG", "Update")


def row(text: str, when: str = "Sep 2025", *more: str) -> tuple[str, ...]:
    """Return a row of a table under HEAD."""
    return (text, "Head of SEND", when, *more, *[""] * (2 - len(more)))


def tree(result: ImportResult) -> list[tuple[str, str, list[str]]]:
    """Return area, workstream and actions, in order."""
    return [
        (area.title, each.title, [action.text for action in each.actions])
        for area in result.document.priorities
        for each in area.workstreams
    ]


def left_out(result: ImportResult) -> dict[str, str]:
    """Return the reason of each line that was not imported by its text."""
    return {line.text: line.reason for line in result.lines if line.outcome != "imported"}


# ------------------------------------------------------------------ headings
def test_a_heading_above_each_table_names_its_workstream() -> None:
    result = read_document(
        H("Attendance Plan 2025-2027", 0), H("Priority 1: Better attendance"), "We will do things.",
        T([HEAD, row("Hire staff"), row("Train staff")]), H("Priority 2: Homes"), T([HEAD, row("Build")]),
    )  # fmt: skip
    assert tree(result) == [
        ("Better attendance", "Better attendance", ["Hire staff", "Train staff"]),
        ("Homes", "Homes", ["Build"]),
    ]
    assert result.document.title == "Attendance Plan 2025-2027"
    assert (result.document.starts, result.document.ends) == ("2025", "2027")
    assert whole(result)


def test_of_three_levels_of_headings_the_lower_two_are_areas_and_workstreams() -> None:
    head = ("Ref", *HEAD)
    result = read_document(
        H("Improvement Plan"), H("Introduction", 2), "Why we wrote it.",
        H("1. Leadership", 2), H("1.1 Vision", 3), T([head, ("1.1.1", *row("Agree a vision"))]),
        H("1.2 Workforce", 3), T([head, ("1.2.1", *row("Plan the workforce"))]),
        H("2. Practice", 2), H("2.1 Audit", 3), T([head, ("2.1.1", *row("Audit cases"))]),
    )  # fmt: skip
    assert tree(result) == [
        ("Leadership", "Vision", ["Agree a vision"]),
        ("Leadership", "Workforce", ["Plan the workforce"]),
        ("Practice", "Audit", ["Audit cases"]),
    ]
    assert [each.ref for each in workstreams(result)] == ["1.1", "1.2", "2.1"]
    assert left_out(result)["Why we wrote it."] == "introduction of the document"


def test_bold_lines_are_titles_where_no_heading_styles_are_used() -> None:
    result = read_document(
        P("Corporate Delivery Plan", bold=True), P("DRAFT"), P("March 2025", bold=True),
        P("Objective 1: Growth", bold=True), T([HEAD, row("Grow")]),
        P("Objective 2: Homes", bold=True), T([HEAD, row("Build")]),
    )  # fmt: skip
    assert tree(result) == [("Growth", "Growth", ["Grow"]), ("Homes", "Homes", ["Build"])]
    assert result.document.priority_label == "Objective"
    assert left_out(result)["March 2025"] == "a remark about the sheet"


def test_a_section_and_its_title_in_two_headings_are_one_area_with_its_records() -> None:
    head = ("Action", "Lead", "Delivery Milestones", "Update / Impact")
    table = T(
        [head, ("A. Review methods\nB. Publish a plan", "Manager", "1. Jul 2025: Plan live\n2. Sep 2025: Used", "")]
    )
    result = read_document(
        H("SECTION 1"), H("Effective communication"), H("Area for improvement", 3), "Trust is low.",
        H("What good looks like", 3), P("A strategy is in place.", style="List Bullet"),
        P("Contact is timely.", style="List Bullet"), H("1a. Clear communication", 2), table,
        H("1b. Coproduction", 2), table,
    )  # fmt: skip
    (area,) = result.document.priorities
    assert (area.ref, area.title, area.description) == ("1", "Effective communication", "Trust is low.")
    assert [(each.kind, each.text) for each in area.records] == [
        ("good_looks_like", "A strategy is in place."), ("good_looks_like", "Contact is timely."),
    ]  # fmt: skip
    assert [(each.ref, each.title) for each in area.workstreams] == [
        ("1a", "Clear communication"), ("1b", "Coproduction"),
    ]  # fmt: skip
    assert [each.ref for each in area.workstreams[0].actions] == ["A", "B"]
    assert [(each.ref, each.date, each.actions) for each in area.workstreams[0].milestones] == [
        ("1", "Jul 2025", []), ("2", "Sep 2025", []),
    ]  # fmt: skip


def test_a_lead_in_the_title_leads_the_workstream() -> None:
    result = read_document(
        H("1. Prevention – Lead HS/BB", 2), T([("Ref", "Action", "Timescale"), ("1.1", "Act", "2026")])
    )
    (only,) = workstreams(result)
    assert (only.title, [lead.post for lead in only.leads]) == ("Prevention", ["HS/BB"])


# ------------------------------------------------------------------ tables
def test_a_table_that_goes_on_after_a_page_keeps_its_columns() -> None:
    result = read_document(H("Action plan"), T([HEAD, row("One")]), T([row("Two", "Oct 2025", "", "slow")]))
    assert dates(result) == {"One": "Sep 2025", "Two": "Oct 2025"}
    assert milestones(result)[1].update_text == "slow"
    assert str(milestones(result)[1].source) == "Document table 2 A1"


def test_a_table_of_other_things_after_the_plan_is_left_out_by_reason() -> None:
    result = read_document(
        H("Action plan"), T([HEAD, row("One")]),
        H("Document control"),
        T([("Version", "Date", "Owner", "Description"), ("1", "1 May 2025", "Ann", "New")]),
        H("Risks"),
        T([("Risk", "Action", "Owner", "Due date", "Likelihood"), ("Loss", "Train", "HR", "May 2026", "4")]),
        H("Glossary"), T([("Term", "Meaning"), ("SEND", "Special educational needs")]),
    )  # fmt: skip
    assert [each.text for each in actions(result)] == ["One"]
    assert left_out(result)["Loss | Train | HR | May 2026 | 4"] == "in a table that is no part of the plan"
    assert left_out(result)["1 | 1 May 2025 | Ann | New"] == "in a table that is no part of the plan"
    assert whole(result)


def test_title_rows_merged_over_a_table_begin_workstreams() -> None:
    rows = [HEAD, ("Theme 1: Money",), row("Save"), ("Theme 2: People",), row("Hire")]
    result = read_document(T(rows, merges=[((1, 0), (1, 4)), ((3, 0), (3, 4))]))
    assert tree(result) == [("Money", "Money", ["Save"]), ("People", "People", ["Hire"])]


def test_a_title_inside_the_table_above_its_headings_is_not_an_action() -> None:
    title = ("Board Action Log as at 2 Sept 2025",)
    result = read_document(
        T([title, HEAD, row("One")], merges=[((0, 0), (0, 4))]),
        T([("Completed",), HEAD, row("Two")], merges=[((0, 0), (0, 4))]),
    )
    assert result.document.title == "Board Action Log as at 2 Sept 2025"
    assert [each.text for each in actions(result)] == ["One", "Two"]
    assert workstreams(result)[-1].title == "Completed"


def test_cells_merged_downwards_and_two_rows_of_headings_read_as_in_a_workbook() -> None:
    rows = [
        ("", "", "", "Sep", "Jan", "May"),
        ("Ref", "Action", "Milestone", "Dec 20", "Apr 21", "Aug 21"),
        ("6.1", "Agree what good looks like", "A panel is recruited", "", "COMPLETED", ""),
        ("", "", "Evidence is gathered", "", "IN PROGRESS", ""),
    ]
    result = read_document(T(rows, merges=[((2, 0), (3, 0)), ((2, 1), (3, 1)), ((2, 4), (2, 5))]))
    (only,) = workstreams(result)
    assert [each.text for each in only.actions] == ["Agree what good looks like"]
    assert [(each.text, each.status_text) for each in only.milestones] == [
        ("A panel is recruited", "COMPLETED"), ("Evidence is gathered", "IN PROGRESS"),
    ]  # fmt: skip
    assert next((each.period, each.state) for each in only.period_states) == ("Jan - Apr 21", "COMPLETED")
    assert only.actions[0].status_text == ""  # the states are those of its milestones


def test_shading_is_read_with_the_documents_own_key() -> None:
    result = read_document(
        T([("RAG", "Meaning"), ("", "On track"), ("", "Late")], fills={(1, 0): "00B050", (2, 0): "FF0000"}),
        T([HEAD, row("One"), row("Two"), row("Three")], fills={(1, 3): "00B050", (2, 3): "FF0000", (3, 3): "4472C4"}),
    )
    assert [each.status_text for each in actions(result)] == ["On track", "Late", "Blue (cell colour)"]


def test_a_key_in_one_line_is_kept_as_the_documents_words() -> None:
    result = read_document(
        "Key: Red = overdue; Amber = at risk; Green = on track", T([HEAD, row("One", "Sep 2025", "R")])
    )
    assert result.document.key == {"Red": "overdue", "Amber": "at risk", "Green": "on track"}
    assert actions(result)[0].status_text == "R"


def test_numbers_that_word_counts_are_part_of_the_text() -> None:
    result = read_document(
        P("Plan", bold=True),
        T([("Action", "Lead", "Milestones", "Update"),
           (L("List Number", ["Map services", "Agree budget"]), "Head",
            L("List Bullet", ["Sep 2025: map agreed", "Dec 2025: budget agreed"]), "")]),
    )  # fmt: skip
    assert [(each.ref, each.text) for each in actions(result)] == [("1", "Map services"), ("2", "Agree budget")]
    assert dates(result) == {"map agreed": "Sep 2025", "budget agreed": "Dec 2025"}


# ------------------------------------------------------------------ cards
def test_lines_of_key_and_value_under_a_title_are_one_action() -> None:
    result = read_document(
        H("Quarterly service report - operational priorities"),
        H("7.001 Promote the borough", 2), "Stage: In progress", "Due date: 31 March 2026", "Percentage complete: 50%",
        "Comment: Engaging with businesses.", H("7.010 Benchmark income", 2), "Stage: Completed",
        "Due date: 31 March 2026", "Comment: Reviewed.",
    )  # fmt: skip
    assert [(each.ref, each.text, each.status_text) for each in actions(result)] == [
        ("7.001", "Promote the borough", "In progress"), ("7.010", "Benchmark income", "Completed"),
    ]  # fmt: skip
    assert [each.date for each in milestones(result)] == ["31 March 2026", "31 March 2026"]
    assert str(actions(result)[0].source) == "Document paragraph 2"
    assert left_out(result)["Due date: 31 March 2026"] == "a detail of the line above"
    assert result.totals() == {"lines": 10, "imported": 3, "merged": 7, "needs_decision": 0, "left_out": 0}


def test_a_table_of_headings_and_values_for_each_action_is_a_card_too() -> None:
    def card(action: str, when: str) -> T:
        return T([("Action", action), ("Lead officer", "Head of HR"), ("Timescale", when), ("Progress", "Going fine.")])

    result = read_document(H("Delivery Plan"), H("1.1 A hub", 2), card("Find a site", "Dec 2025"),
                           H("1.2 A team", 2), card("Recruit", "Q3 2025/26"))  # fmt: skip
    assert tree(result)[0][1:] == ("A hub", ["Find a site"])
    assert dates(result) == {"Find a site": "Dec 2025", "Recruit": "Q3 2025/26"}
    assert len(result.lines) == 3 + 8
    assert whole(result)


def test_one_pair_of_key_and_value_makes_no_card() -> None:
    result = read_document(H("About us"), "Date: 1 May 2025", "Owner: Ann", "Some prose.")
    assert result.kind is Kind.NOT_A_PLAN


# ------------------------------------------------------------------ the file itself
def test_a_document_is_read_in_the_guarded_process_and_gives_the_same() -> None:
    data = document(H("Plan"), T([HEAD, row("One")]))
    assert read_plan_in_child(data, "plan.docx").to_json() == read_plan(data, "plan.docx").to_json()


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("word/document.xml", lambda xml: xml[: len(xml) // 2], "damaged"),
        (
            "word/document.xml",
            lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml[xml.index(b"<w:") :],
            "document type",
        ),
        ("word/document.xml", lambda xml: b" " * 5000 + b"<!DOCTYPE a>" + xml[xml.index(b"<w:") :], "document type"),
        ("word/styles.xml", lambda _: b"<a", "damaged"),
    ],
)
def test_a_damaged_or_strange_document_is_refused(part: str, change: object, words: str) -> None:
    data = rezipped(document(T([HEAD, row("One")])), {part: change})  # type: ignore[dict-item]
    with pytest.raises(Refusal, match=words):
        read_plan(data, "plan.docx")


def test_a_document_without_text_is_refused_with_what_to_do() -> None:
    data = rezipped(document("x"), drop=["word/document.xml"])
    with pytest.raises(Refusal, match="no text in this document"):
        read_plan(data, "plan.docx")


def test_a_document_of_prose_is_no_plan_and_says_what_is_missing() -> None:
    result = read_document(H("Minutes"), "We met.", "We talked.")
    assert result.kind is Kind.NOT_A_PLAN
    assert "No table of actions was found" in result.sentence
    assert whole(result)


def test_pictures_and_settings_of_a_document_do_not_matter() -> None:
    data = rezipped(document(T([HEAD, row("One")])), {"word/settings.xml": lambda _: b"<broken"})
    assert [each.text for each in actions(read_plan(data, "plan.docx"))] == ["One"]


def test_a_lead_in_a_line_below_the_title_leads_the_workstream() -> None:
    result = read_document(
        H("Children's Improvement Plan"), H("Workstream 1: Front door"), "Lead: Director of Children's Services",
        T([HEAD, row("Audit")]), H("Workstream 2: Planning"), "Lead officer: Head of Service", T([HEAD, row("Review")]),
    )  # fmt: skip
    assert [(each.title, [lead.post for lead in each.leads]) for each in workstreams(result)] == [
        ("Front door", ["Director of Children's Services"]), ("Planning", ["Head of Service"]),
    ]  # fmt: skip
    assert whole(result)


def test_a_title_in_a_table_after_a_table_of_other_things_begins_a_workstream_of_its_own() -> None:
    result = read_document(
        H("Action plan"), T([HEAD, row("One")]), T([("Term", "Meaning"), ("SEND", "Needs")]),
        T([("Completed actions",), HEAD, row("Two")], merges=[((0, 0), (0, 4))]),
    )  # fmt: skip
    assert [(each.title, [action.text for action in each.actions]) for each in workstreams(result)] == [
        ("Action plan", ["One"]), ("Completed actions", ["Two"]),
    ]  # fmt: skip
