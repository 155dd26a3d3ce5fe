"""Lists in cells, dates in sentences, names in a lead cell."""

from __future__ import annotations

import pytest

from tracker.imports.duetext import deadline_in, due_of_text, is_phrase
from tracker.imports.headings import is_generic, parsed_text, record_kind
from tracker.imports.leads import leads_of, shown_lead
from tracker.imports.lists import bullets, dated_lines, lettered, numbered, own_mark, small_lettered
from tracker.imports.milestones import Entry, pair_dates
from tracker.imports.words import heading, roles_of, status_kind, words


def marks(items: list[object]) -> list[tuple[str, str]]:
    return [(item.mark, item.text) for item in items]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A. One\n\nB. Two", [("A", "One"), ("B", "Two")]),
        ("A) One\nwrapped\nB) Two", [("A", "One wrapped"), ("B", "Two")]),
        ("(A) One", [("A", "One")]),
        ("A. One. B. Two.", [("A", "One."), ("B", "Two.")]),
        ("B. Two\nC. Three", [("B", "Two"), ("C", "Three")]),
        ("A plan for all", []),
        ("B. Alone", []),
        ("Intro\nA. One", []),
    ],
)
def test_lettered_lists(text: str, found: list[tuple[str, str]]) -> None:
    assert marks(list(lettered(text))) == found


def test_a_single_letter_goes_on_where_the_row_above_ended() -> None:
    assert marks(list(lettered("C. Three", after="B"))) == [("C", "Three")]
    assert lettered("D. Four", after="B") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. One\n2. Two", [("1", "One"), ("2", "Two")]),
        ("11. Alone", [("11", "Alone")]),
        ("1. See section 3.\n2. Two", [("1", "See section 3."), ("2", "Two")]),
        ("1. One\n5. not in order\n2. Two", [("1", "One 5. not in order"), ("2", "Two")]),
        ("2025 was a year", []),
    ],
)
def test_numbered_lists(text: str, found: list[tuple[str, str]]) -> None:
    assert marks(list(numbered(text))) == found


def test_bullets_keep_their_sub_bullets_and_wrapped_lines() -> None:
    items = bullets("• One\n   ○ below one\n   wrapped\n• Two\nwrapped")
    assert [(item.text, item.below) for item in items] == [("One", ["below one wrapped"]), ("Two wrapped", [])]
    assert bullets("No bullet\n• One") == []


def test_small_letters_and_dated_lines_are_lists_only_from_two_entries_on() -> None:
    assert marks(list(small_lettered("a) one\nb) two"))) == [("a", "one"), ("b", "two")]
    assert small_lettered("a) one") == []
    assert len(dated_lines("Sep 2025: one\nOct 2025: two\nwrapped")) == 2
    assert dated_lines("Sep 2025: one") == []


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        ("2. Work", "2", "Work"), ("Ai) Open", "Ai", "Open"), ("1.1. Do", "1.1", "Do"),
        ("No. 5 bus", "", "No. 5 bus"), ("Dr. Smith", "", "Dr. Smith"), ("Plain", "", "Plain"),
    ],
)  # fmt: skip
def test_the_mark_that_a_text_begins_with(text: str, mark: str, rest: str) -> None:
    assert own_mark(text) == (mark, rest)


@pytest.mark.parametrize(
    ("sentence", "words_"),
    [
        ("Go live by Autumn 2025.", "by Autumn 2025"),
        ("Share of homes by the end of 2026.", "by the end of 2026"),
        ("Strengthen data (July 2025).", "July 2025"),
        ("Arches – September 2025 (11)", "September 2025"),
        ("Phase 2 to commence 06/25, testing through to September 2025, when it is live", "September 2025"),
        ("Deliver 600 new homes with 300 for rent", ""),
        ("Transact online 24/7", ""),
        ("Since May 2024 we have worked", ""),
        ("Raise £2025 for the fund", ""),
        ("Review the plan of 2024", ""),
        ("May review the panel", ""),
    ],
)
def test_the_deadline_in_a_sentence(sentence: str, words_: str) -> None:
    assert deadline_in(sentence) == words_


def test_a_strict_search_takes_only_by_and_brackets() -> None:
    assert deadline_in("Arches – September 2025", strict=True) == ""
    assert deadline_in("Open (Sep 2025)", strict=True) == "Sep 2025"


@pytest.mark.parametrize(
    ("text", "words_", "status", "left"),
    [
        ("Summer 2012\n\nONGOING", "Summer 2012", "ONGOING", ""),
        ("Completed", "Completed", "Completed", ""),
        ("Benefits backlog cleared July 2004", "", "", "Benefits backlog cleared July 2004"),
        ("to commence September 2004", "", "", "to commence September 2004"),
        ("To be agreed by 14 November 2025", "To be agreed by 14 November 2025", "", ""),
        ("For discussion\nOn 4 July 2012", "For discussion On 4 July 2012", "", ""),
        ("", "", "", ""),
    ],
)
def test_what_a_date_cell_says(text: str, words_: str, status: str, left: str) -> None:
    due = due_of_text(text)
    assert (due.words, due.status, due.left) == (words_, status, left)


def test_phrases_are_told_from_sentences() -> None:
    assert all(is_phrase(text) for text in ("Sep 2025", "TBC", "Weekly", "November", "asap"))
    assert not any(is_phrase(text) for text in ("Recruit a chair by Sep 2025", "x" * 70, "Director"))


def test_dates_pair_with_entries_only_while_they_are_certain() -> None:
    entries = [Entry("", text) for text in ("one", "two", "three")]
    assert pair_dates(entries, "Mar 2026\nsee the report", "financial") == "see the report"
    assert [entry.due.words for entry in entries] == ["Mar 2026", "", ""]


@pytest.mark.parametrize(
    ("text", "leads", "other"),
    [
        ("Chair\n\nManager", ["Chair", "Manager"], ""),
        ("Ann / Bob", ["Ann / Bob"], ""),
        ("Head of Services – SEND (ICB)", ["Head of Services – SEND (ICB)"], ""),
        ("Ann (supported by Bob)", ["Ann (supported by Bob)"], ""),
        ("Ann\nditto\nAnn", ["Ann"], ""),
        ("Janet\nPreviously Tim", ["Janet"], "Previously Tim"),
        ("Not yet agreed", [], ""),
        ("To be agreed at the meeting on 27 January", [], ""),
        ("?", [], ""),
        ("TBC", [], ""),
        ("Ann; Bob", ["Ann", "Bob"], ""),
    ],
)
def test_leads_as_the_cell_names_them(text: str, leads: list[str], other: str) -> None:
    found, rest = leads_of(text)
    assert [shown_lead(lead) for lead in found] == leads
    assert rest == other


@pytest.mark.parametrize(
    ("text", "label", "ref", "title"),
    [
        ("SECTION 1", "Section", "1", ""),
        ("Priority 2: Attendance", "Priority", "2", "Attendance"),
        ("Priority 3 – Voice", "Priority", "3", "Voice"),
        ("Workstream 1a: Governance", "Workstream", "1a", "Governance"),
        ("1a. Develop communications", "", "1a", "Develop communications"),
        ("4.01 Homes", "", "4.01", "Homes"),
        ("Events", "", "", "Events"),
        ("Priority families get help", "", "", "Priority families get help"),
    ],
)
def test_titles_taken_apart(text: str, label: str, ref: str, title: str) -> None:
    found = parsed_text(text)
    assert (found.label, found.ref, found.title) == (label, ref, title)


def test_headings_of_records_and_generic_sheet_names() -> None:
    assert record_kind("What good looks like") == "good_looks_like"
    assert record_kind("How do we know? (Success criteria)") == "criterion_qualitative"
    assert record_kind("Recruit a chair") == ""
    assert is_generic("Sheet1")
    assert is_generic("Action Plan")
    assert not is_generic("Greener")


def test_column_headings_are_compared_without_marks_spaces_and_inner_hyphens() -> None:
    assert heading("  Who\u00a0by?  ") == "who by"
    assert heading("FINISH & STATUS") == "finish and status"
    assert roles_of("Recommendation[i]") == roles_of("recommendation")
    assert roles_of("Action (what we will do)")[0] == "action"
    assert roles_of("RAG rating (May)")[0] == "status"
    assert roles_of("The quick brown fox jumps over the lazy dog again") == ()
    assert roles_of("Budget") == ()


def test_status_words_and_percentages_are_known() -> None:
    assert status_kind("COMPLETED.") == "done"
    assert status_kind("Off track") == "late"
    assert status_kind("50%") == "going"
    assert status_kind("Suspended") == "stopped"
    assert status_kind("We have begun to recruit") == ""


def test_every_role_in_the_word_list_is_one_that_columns_are_decided_by() -> None:
    known = {
        "ref", "section", "action", "action_weak", "milestone", "lead", "support", "due", "due_original", "due_revised",
        "start", "days", "actual", "raised", "update", "status", "percent", "success", "level",
    }  # fmt: skip
    assert {role for roles in words().roles.values() for role in roles} <= known
    assert {role for role, _ in words().patterns} <= known


# ------------------------------------------------------------------ lists that lost their line breaks
def test_letters_and_numbers_that_run_on_without_a_full_stop_are_still_a_list() -> None:
    found = lettered("A. Review current methods B. Publish a plan C. Train staff")
    assert [(each.mark, each.text) for each in found] == [
        ("A", "Review current methods"), ("B", "Publish a plan"), ("C", "Train staff"),
    ]  # fmt: skip
    found = numbered("3. Sep 2025: Plan live 4. Oct 2025: Plan used")
    assert [(each.mark, each.text) for each in found] == [("3", "Sep 2025: Plan live"), ("4", "Oct 2025: Plan used")]


def test_marks_out_of_turn_or_before_small_letters_are_words() -> None:
    assert len(lettered("A. Read the report of C. Smith with D. Jones")) == 1
    assert [each.text for each in numbered("1. Follow section 2. then report")] == ["Follow section 2. then report"]


def test_dated_entries_that_run_on_are_entries_of_their_own() -> None:
    found = dated_lines("Aug 2026: Train the workforce. Oct 2026: Audit teaching in May 2026. Dec 2026: Review")
    assert [each.text for each in found] == [
        "Aug 2026: Train the workforce.", "Oct 2026: Audit teaching in May 2026.", "Dec 2026: Review",
    ]  # fmt: skip
