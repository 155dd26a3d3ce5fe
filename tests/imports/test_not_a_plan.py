"""Files that open but hold no plan: what they seem to be, said in a sentence, with nothing imported."""

from __future__ import annotations

import pytest

from tests.imports.documents import H, T, read_document
from tests.imports.workbooks import HEAD, actions, read, read_sheets, whole
from tracker.imports import read_plan
from tracker.imports.result import Kind
from tracker.rules.dates import SHORT_MONTHS

RISK_HEAD = (
    "Risk ID",
    "Risk description",
    "Likelihood",
    "Impact",
    "Score",
    "Mitigating actions",
    "Owner",
    "Review date",
)
RISKS = [RISK_HEAD, ("R1", "Delay", 3, 4, 12, "Act", "Ann", "Sep 2025")]
MONTHS = tuple(f"{name} 2026" for name in SHORT_MONTHS)
PLAN_ROWS = [HEAD, ("1", "Recruit", "HR", "Mar 2026")]


@pytest.mark.parametrize(
    ("rows", "kind", "words"),
    [
        pytest.param(
            [
                ("ID", "Type", "Description", "Owner", "Status", "Due date", "Mitigation"),
                (1, "Risk", "Staff leave", "Ann", "Open", "01/05/2025", "Retain"),
                (2, "Issue", "No data", "Bob", "Open", "01/05/2025", "Ask"),
                (3, "Assumption", "Money comes", "Bob", "Closed", None, None),
            ],
            Kind.NOT_A_PLAN, "a risk register or RAID log", id="RAID log",
        ),
        pytest.param(RISKS, Kind.NOT_A_PLAN, "risk register", id="risks"),
        pytest.param(
            [
                ("Ref", "Risk", "Action", "Owner", "Due date", "Likelihood", "Impact"),
                ("1", "Delay", "Hire", "Ann", "Sep 2025", 2, 3),
            ],
            Kind.NOT_A_PLAN, "risk register", id="risks with actions",
        ),
        pytest.param(
            [
                ("Ref", "1", "2"), ("Action", "Recruit", "Train"), ("Lead", "Ann", "Bob"),
                ("Deadline", "Sep 2025", "Oct 2025"), ("Status", "Green", "Amber"),
            ],
            Kind.NOT_A_PLAN, "turned on its side", id="transposed",
        ),
        pytest.param(
            [("January 2026",), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), (None, None, None, 1, 2, 3, 4)],
            Kind.NOT_A_PLAN, "a calendar", id="calendar",
        ),
        pytest.param([MONTHS, ("School holidays",)], Kind.NOT_A_PLAN, "a calendar", id="months"),
        pytest.param(
            [("Date", "Meeting", "Venue", "Chair", "Papers due"), ("01/02/2026", "Board", "Hall", "Ann", "20/01/2026")],
            Kind.NOT_A_PLAN, "a calendar", id="meetings",
        ),
        pytest.param(
            [("Name", "Job title", "Email", "Phone"), ("Ann", "Clerk", "a@b", "1")],
            Kind.NOT_A_PLAN, "list of people", id="people",
        ),
        pytest.param([("Some notes",), ("and more",)], Kind.NOT_A_PLAN, "No table of actions was found", id="prose"),
        pytest.param([], Kind.NOT_A_PLAN, "no sheet has any text", id="nothing"),
        pytest.param([HEAD], Kind.TEMPLATE, "an empty template", id="headings alone"),
        pytest.param(
            [
                ("Improvement plan",), HEAD, ("1",), ("2", None, None, None, "Not started"),
                ("3", "[Insert action here]", "[Name]", "[Date]"), (None, "Action 1"), (None, "e.g. recruit staff"),
            ],
            Kind.TEMPLATE, "an empty template", id="template",
        ),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_named_and_nothing_is_imported(
    rows: list[tuple[object, ...]], kind: Kind, words: str
) -> None:
    result = read(*rows)
    assert result.kind is kind
    assert words in result.sentence
    assert result.problems[0].what == result.sentence
    shown = result.to_json()
    assert (shown["kind"], shown["workstreams"]) == (kind.value, [])
    assert whole(result)
    assert result.totals()["imported"] == 0


def test_sheets_beside_the_plan_are_left_out_by_name() -> None:
    result = read_sheets(
        ("Plan", PLAN_ROWS),
        ("Risks", RISKS),
        ("Stakeholders", [("Stakeholder", "Objectives", "Engagement"), ("Schools", "Inform", "Letters")]),
        ("Change log", [("Version", "Author", "Change"), ("1.0", "Ann", "First")]),
    )
    assert len(actions(result)) == 1
    said = {each.where: each.what for each in result.problems}
    assert "risk register" in said["Risks"]
    assert "people or stakeholders" in said["Stakeholders"]
    assert "change log" in said["Change log"]
    assert whole(result)


def test_a_workbook_of_risks_and_issues_is_a_raid_log_although_it_has_a_sheet_of_actions() -> None:
    issues = [("Issue ID", "Issue description", "Score", "Owner", "Status"), ("I1", "No data", 3, "Ann", "Open")]
    result = read_sheets(("RAID risks", RISKS), ("Issues", issues), ("Actions", PLAN_ROWS))
    assert result.kind is Kind.NOT_A_PLAN


def test_a_hidden_sheet_is_left_out_with_a_problem() -> None:
    def hide(sheet: object) -> None:
        sheet.sheet_state = "hidden"  # type: ignore[attr-defined]

    result = read_sheets(("Plan", PLAN_ROWS), ("Old plan", PLAN_ROWS, hide))
    assert len(actions(result)) == 1
    assert any(each.where == "Old plan" and "hidden" in each.what for each in result.problems)


def test_a_cover_with_owner_date_and_status_is_not_called_a_plan_on_its_side() -> None:
    cover = [
        ("Document control",),
        ("Title", "Improvement plan"),
        ("Owner", "Ann"),
        ("Date", "1 May 2025"),
        ("Status", "Draft"),
    ]
    result = read_sheets(("Cover", cover), ("Plan", PLAN_ROWS))
    assert result.kind is Kind.PLAN
    assert result.document.adopted == "2025-05-01"
    assert not [each for each in result.problems if each.where == "Cover"]


def test_a_text_file_without_a_table_is_no_plan() -> None:
    result = read_plan(b"Dear all,\nplease find the plan attached\n", "letter.csv")
    assert result.kind is Kind.NOT_A_PLAN


# ------------------------------------------------------------------ documents
PLAN_HEAD = ("Ref", "Action", "Lead", "By when", "RAG", "Update")
BLANK = ("",) * 6


@pytest.mark.parametrize(
    ("rows", "kind", "words"),
    [
        pytest.param([PLAN_HEAD, BLANK, BLANK], Kind.TEMPLATE, "empty template", id="empty rows"),
        pytest.param([PLAN_HEAD, ("1", "[Insert]", *BLANK[2:])], Kind.TEMPLATE, "empty template", id="to fill in"),
        pytest.param(RISKS, Kind.NOT_A_PLAN, "a risk register or RAID log, not", id="risks"),
        pytest.param(
            [("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), ("1", "2", "3", "4", "5")],
            Kind.NOT_A_PLAN, "a calendar", id="calendar",
        ),
        pytest.param(
            [("Action", "Hire", "Train"), ("Lead", "Ann", "Bob"), ("Deadline", "May 2026", "June 2026")],
            Kind.NOT_A_PLAN, "turned on its side", id="transposed return",
        ),
        pytest.param(
            [("Document owner", "Ann"), ("Version", "2"), ("Date", "1 May 2025")],
            Kind.NOT_A_PLAN, "a cover sheet", id="cover",
        ),
        pytest.param(
            [("Item", "Time", "Lead", "Papers"), ("Welcome", "10:00", "Chair", "-")],
            Kind.NOT_A_PLAN, "an agenda or minutes", id="agenda",
        ),
        pytest.param(
            [("Question", "Response"), ("Who is affected?", "All")],
            Kind.NOT_A_PLAN, "its table has no row of headings such as Action", id="something else",
        ),
    ],
)  # fmt: skip
def test_a_document_that_is_no_plan_is_named_without_naming_a_sheet(
    rows: list[tuple[object, ...]], kind: Kind, words: str
) -> None:
    result = read_document(H("About this"), T(rows))
    assert (result.kind, actions(result)) == (kind, [])
    assert words in result.sentence
    assert "sheet “" not in result.sentence
    assert whole(result)


def test_a_plan_on_a_hidden_sheet_alone_is_refused_with_how_to_show_it() -> None:
    def hide(sheet: object) -> None:
        sheet.sheet_state = "hidden"  # type: ignore[attr-defined]

    result = read_sheets(("Notes", [("Some notes",)]), ("Plan", PLAN_ROWS, hide))
    assert result.kind is Kind.NOT_A_PLAN
    assert "hidden sheet “Plan”" in result.sentence
    assert [each.what for each in result.problems] == [result.sentence]


def test_a_plan_of_which_nothing_could_be_imported_is_not_called_a_table_of_measures() -> None:
    head = (*HEAD, "Status", "Comments")
    result = read(head, *[(str(at), None, "Ann", "May 2025", "Red", "x", "y", "z") for at in range(1, 6)])
    assert result.kind is Kind.TEMPLATE
    assert "measures" not in result.sentence
