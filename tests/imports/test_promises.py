"""Plans that are lists of sentences: who will do what by when, under headings and without a table."""

from __future__ import annotations

import pytest

from tests.imports.documents import H, P, read_document
from tests.imports.workbooks import actions, milestones, read, whole, workstreams
from tracker.imports import read_plan
from tracker.imports.dated_titles import is_of_another_kind
from tracker.imports.leads import post_in_brackets
from tracker.imports.result import ImportResult, Kind
from tracker.imports.sentence_leads import who_acts, who_is_told
from tracker.rules.dates import read_period

BULLET = "List Bullet"


def listed(title: str, *lines: str) -> ImportResult:
    """Return what is read of one list below a title."""
    return read_document(H(title), H("What will happen", 2), *(P(line, style=BULLET) for line in lines))


def ends(result: ImportResult) -> list[str]:
    """Return the last day of each milestone, in order."""
    return [str(read_period(each.date).end) for each in milestones(result)]


def test_sentences_of_who_will_do_what_are_actions_with_leads_where_a_third_say_by_when() -> None:
    result = read_document(
        H("Attendance action plan"),
        H("Know every absence", 2),
        P("Heads of Year to meet the parents by 24 October 2025.", style=BULLET),
        P("The Assistant Head (Pastoral) will, by the end of March 2026, open a breakfast club.", style=BULLET),
        P("Data Manager to send tutors a list each Friday", style=BULLET),
        H("Work with others", 2),
        P("Line managers to complete the training, to be finished by June 2026.", style=BULLET),
        P("The Provost will review the criteria as soon as possible.", style=BULLET),
        P("Publish the results from September 2026.", style=BULLET),
    )
    assert [each.title for each in workstreams(result)] == ["Know every absence", "Work with others"]
    assert [each.leads[0].post if each.leads else "" for each in actions(result)] == [
        "Heads of Year", "Assistant Head (Pastoral)", "Data Manager", "Line managers", "Provost", "",
    ]  # fmt: skip
    assert ends(result) == ["2025-10-24", "2026-03-31", "2026-06-30", "None", "None"]
    assert actions(result)[3].text == "Line managers to complete the training"
    assert whole(result)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        pytest.param(
            "Consultation on the draft local plan",
            ("The consultation will close on 3 May 2026.", "Officers will report the responses by 30 June 2026.",
             "Cabinet will decide by 31 July 2026."),
            id="consultation",
        ),
        pytest.param(
            "Attendance policy",
            ("The Head will report absence each term.", "Governors will review this policy by September 2027.",
             "The Head will publish the code by 1 September 2026.", "HR will train staff by 5 January 2027."),
            id="policy",
        ),
        pytest.param(
            "Community fund 2026: timetable",
            ("Applications must be received by 13 March 2026.", "Applicants will be told by 8 May 2026.",
             "Projects must be completed by 31 March 2027."),
            id="fund",
        ),
        pytest.param(
            "Assurance board",
            ("The secretary will circulate papers before each meeting.", "The board will meet six times a year.",
             "Members will declare their interests by 30 April 2026.", "The chair will be elected each May."),
            id="terms of reference",
        ),
    ],
)  # fmt: skip
def test_other_documents_that_promise_things_by_dates_are_no_plan(title: str, lines: tuple[str, ...]) -> None:
    assert listed(title, *lines).kind is Kind.NOT_A_PLAN


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Consultation on the local plan", True), ("Policy on leave", True), ("Report of the Director", True),
        ("Attendance policy and action plan", False), ("Response to the consultation: action plan", False),
        ("Delivery plan update March 2026", False), ("Oakholme Academy", False),
    ],
)  # fmt: skip
def test_what_a_title_calls_the_document_is_told_from_what_it_is_about(title: str, *, other: bool) -> None:
    assert is_of_another_kind(title) is other


def test_a_lead_within_a_line_and_a_post_at_the_end_of_every_title_lead_what_they_name() -> None:
    result = read_document(
        H("Business plan on a page 2025/26"),
        H("1. Waste crime (DD Regulation)", 2),
        P("Publish the response. Autumn 2025.", style=BULLET),
        P("Agree a joint enforcement plan. Lead: Head of Waste Crime. By November 2025.", style=BULLET),
        H("2. Reuse (Head of Reuse)", 2),
        P("Set up three roadmaps (Lead: Sector Teams). March 2026.", style=BULLET),
        P("Publish the strategy. Date to be confirmed.", style=BULLET),
        H("How we work", 2),
        P("We are curious, open and kind.", style=BULLET),
        P("Share what you learn.", style=BULLET),
    )
    assert [(each.title, each.leads[0].post) for each in workstreams(result)] == [
        ("Waste crime", "DD Regulation"), ("Reuse", "Head of Reuse"),
    ]  # fmt: skip
    assert [[lead.post for lead in each.leads] for each in actions(result)] == [
        [], ["Head of Waste Crime"], ["Sector Teams"], [],
    ]  # fmt: skip
    assert ends(result) == ["2025-11-30", "2025-11-30", "2026-03-31", "None"]
    assert whole(result)


def test_a_post_in_brackets_is_a_lead_only_where_every_title_ends_in_one() -> None:
    head = ("No.", "Action", "Deadline")
    rows = [("1", "Replace the switches", "Sept 2026"), ("2", "Retire the firewall", "Dec 2026")]
    led = read(head, ("A. Networks (Head of Infrastructure)",), rows[0], ("B. Data (Chief Data Officer)",), rows[1])
    one = read(head, ("A. Networks (Head of Infrastructure)",), rows[0], ("B. Data",), rows[1])
    assert [[lead.post for lead in each.leads] for each in workstreams(led)] == [
        ["Head of Infrastructure"], ["Chief Data Officer"],
    ]  # fmt: skip
    assert not any(each.leads for each in workstreams(one))
    assert post_in_brackets("Persistent absence (PA)") == ("Persistent absence (PA)", "")


def test_pasted_lines_are_read_as_lists_too() -> None:
    text = (
        "Equality objectives and actions 2026-2030\n\nObjective 1: A fair workforce\nActions:\n"
        "- HR will publish the pay gap by 31 March 2027\n- Service directors will set targets by September 2026\n"
        "- Advertise all posts as open to flexible working\n"
        "Objective 2: Plain information\n- Customer Services to offer signing by video by April 2027\n"
    )
    result = read_plan(text.encode(), "objectives.txt")
    assert [each.title for each in workstreams(result)] == ["A fair workforce", "Plain information"]
    assert ends(result) == ["2027-03-31", "2026-09-30", "2027-04-30"]


def test_who_is_told_may_be_a_post_in_small_letters_but_no_need() -> None:
    assert who_is_told("Class teachers to review the policy") == "Class teachers"
    assert who_is_told("Board members to suggest data sets for the second edition") == "Board members"
    assert who_is_told("Heads of faculty will redraw the plans") == "Heads of faculty"
    assert who_is_told("Case managers need to write plans") == ""
    assert who_acts("By March 2026 the SENDCo will brief all staff") == "SENDCo"


def test_a_fourth_of_the_sentences_may_say_who_where_the_others_say_what_to_do() -> None:
    result = listed(
        "Armed Forces Covenant: our pledges",
        "We will train front line staff by December 2025.",
        "We will fly the flag each June.",
        "Housing Services will amend the scheme by March 2026.",
        "The Chief Executive will report to Full Council by June 2026.",
    )
    assert [[lead.post for lead in each.leads] for each in actions(result)] == [
        [], [], ["Housing Services"], ["Chief Executive"],
    ]  # fmt: skip
