"""Tables on their side, months with two digits, cards in one line, and keys beside the plan."""

from __future__ import annotations

import pytest

from tests.imports.documents import H, P, T, read_document
from tests.imports.workbooks import actions, bold, dates, filled, merged, milestones, read, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.result import Kind

SIDE = [
    ("Improvement plan for roads",),
    (None, "Action", "Recruit 3 engineers", "Train the inspectors", "Launch the portal"),
    (None, "Lead", "Head of Roads", "Training Lead", "ICT"),
    (None, "Deadline", "Sep 2025", "Dec 2025", "TBC"),
    (None, "Status", "On track", "Completed", "Not started"),
    ("Prepared by the programme office",),
]


def test_a_plan_on_its_side_is_read_column_by_column_and_every_cell_keeps_its_place() -> None:
    result = read(*SIDE)
    assert [(each.text, each.leads[0].post, str(each.source)) for each in actions(result)] == [
        ("Recruit 3 engineers", "Head of Roads", "Plan C2"),
        ("Train the inspectors", "Training Lead", "Plan D2"),
        ("Launch the portal", "ICT", "Plan E2"),
    ]
    assert [(each.date, each.fact) for each in milestones(result)] == [
        ("Sep 2025", "started"),
        ("Dec 2025", "completed"),
        ("TBC", "not started"),
    ]
    assert any("stands on its side" in each.what for each in result.problems)
    assert whole(result)


def test_groups_merged_over_columns_are_groups_when_the_table_stands_upright() -> None:
    rows = [("Workstream", "Staff", None, "Estate"), *(row[1:] for row in SIDE[1:5])]
    result = read(*rows, changes=[merged("B1:C1")])
    assert [(each.title, len(each.actions)) for each in workstreams(result)] == [("Staff", 2), ("Estate", 1)]


@pytest.mark.parametrize(
    "rows",
    [
        [("Action", "Recruit"), ("Lead", "Ann"), ("Deadline", "Sep 2025"), ("Status", "Open")],
        [("Action", "4", "5"), ("Lead", "Ann", "Bob"), ("Deadline", "Sep 2025", "Oct 2025")],
        [("Action", "Recruit staff", "Train staff"), ("Lead", "Ann", "Bob"), ("Deadline", "yes", "no")],
    ],
)
def test_what_is_less_than_a_plan_on_its_side_is_refused(rows: list[tuple[str, ...]]) -> None:
    result = read(*rows)
    assert result.kind is Kind.NOT_A_PLAN
    assert whole(result)


def test_months_with_two_digits_are_of_the_years_that_the_file_speaks_of() -> None:
    head = ("Ref", "Action", "Lead", "Deadline")
    result = read(head, ("1", "Recruit", "Ann", "Sept 25"), ("2", "Train", "Ann", "31 March 2025"))
    assert dates(result) == {"Recruit": "Sept 2025", "Train": "31 March 2025"}
    assert any("D2 “Sept 25”" in each.what for each in result.problems)
    result = read(head, ("1", "Recruit", "Ann", "Sept 25"), ("2", "Train", "Ann", "ongoing"))
    assert dates(result)["Recruit"] == "Sept 25"
    assert "a day or a month" in milestones(result)[0].needs_decision


@pytest.mark.parametrize("text", ["sept 25", "by sept 25", "end of SEPT 25", "sept25"])
def test_months_with_two_digits_may_be_in_small_letters(text: str) -> None:
    head = ("Ref", "Action", "Lead", "When")
    result = read(head, ("1", "Recruit", "Ann", text), ("2", "Train", "Ann", "31 March 2025"))
    assert milestones(result)[0].date.lower().replace(" ", "").endswith("sept2025")
    assert not milestones(result)[0].needs_decision


def test_several_months_with_the_digits_of_the_same_few_years_settle_each_other() -> None:
    head = ("Ref", "Action", "Lead", "By when")
    texts = ("Sept 25", "by end Dec 25", "Mar 26", "June 26 - Sept 26")
    result = read(head, *((str(at), f"Act number {at}", "Ann", text) for at, text in enumerate(texts)))
    assert [each.date for each in milestones(result)] == [
        "Sept 2025",
        "by end Dec 2025",
        "Mar 2026",
        "June 2026 - Sept 2026",
    ]
    days = ("Sept 12", "Sept 30", "Oct 14")
    result = read(head, *((str(at), f"Act number {at}", "Ann", text) for at, text in enumerate(days)))
    assert [each.date for each in milestones(result)] == list(days)


def test_a_line_that_holds_action_lead_and_date_is_an_entry() -> None:
    result = read_document(
        H("Governance improvement plan", 1),
        H("Priority 1 – Governance", 2),
        P("1.1 Review the constitution. Lead: Monitoring Officer. By: March 2025"),
        P("1.2 Train all members on the code (Lead: Democratic Services Manager; Deadline: 30 June 2025)"),
        H("Priority 2 – Finance", 2),
        P("2.1 Close the accounts – Lead: Section 151 Officer – By when: 31 May 2025"),
    )
    assert [(each.title, [action.ref for action in each.actions]) for each in workstreams(result)] == [
        ("Governance", ["1.1", "1.2"]),
        ("Finance", ["2.1"]),
    ]
    assert dates(result) == {
        "Review the constitution.": "March 2025",
        "Train all members on the code": "30 June 2025",
        "Close the accounts": "31 May 2025",
    }
    assert [each.leads[0].post for each in actions(result)] == [
        "Monitoring Officer",
        "Democratic Services Manager",
        "Section 151 Officer",
    ]
    assert whole(result)


def test_a_key_beside_the_plan_gives_its_colours_their_words() -> None:
    rows = [
        ("Ref", "Action", "Owner", "Due", "RAG", None, "Key"),
        ("1", "Write the policy", "Ann", "May 2025", None, None, "Complete"),
        ("2", "Train the staff", "Bob", "Jun 2025", None, None, "Delayed"),
        ("3", "Audit it", "Bob", "Jul 2025"),
    ]
    paint = filled(E2="00B050", E3="FFC000", E4="FFC000", G2="00B050", G3="FFC000")
    told = [(each.status_text, each.fact) for each in milestones(read(*rows, changes=[bold(1), paint]))]
    assert told == [("Complete", "completed"), ("Delayed", "delayed"), ("Delayed", "delayed")]


def test_a_table_of_measures_is_named_and_is_no_empty_template() -> None:
    rows = b"Indicator,Baseline,Q1,Q2,Q3,Q4,Target,Owner\nPlans in time,40%,45%,50%,,,60%,SEN\nAbsence,9,8,8,,,7,HR\n"
    result = read_plan(rows, "performance.csv")
    assert result.kind is Kind.NOT_A_PLAN
    assert "a table of measures" in result.sentence


def test_a_table_in_a_document_on_its_side_is_read_as_well() -> None:
    result = read_document(H("Roads", 1), T([row[1:] for row in SIDE[1:5]]))
    assert result.kind in (Kind.PLAN, Kind.NOT_A_PLAN)
    assert whole(result)
