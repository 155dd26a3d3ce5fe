"""What a person is asked about a file, and what each answer does to the document and to the account of its lines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.workbooks import HEAD, workbook
from tracker.imports import read_plan
from tracker.imports.questions import Question, questions_of, settled
from tracker.imports.reconcile import Outcome
from tracker.imports.result import ImportResult
from tracker.rules.document import MilestoneLine, PriorityLine, Source, WorkstreamLine

SURE = ("1", "Recruit a chair", "Director", "Mar 2026", "Green", "Begun.")


def read(*rows: tuple[Any, ...]) -> ImportResult:
    return read_plan(workbook(("Plan", [HEAD, SURE, *rows])), "plan.xlsx")


def one(result: ImportResult, kind: str) -> Question:
    [found] = [each for each in questions_of(result) if each.kind == kind]
    return found


def milestones(result: ImportResult) -> list[MilestoneLine]:
    return [line for area in result.document.priorities for stream in area.workstreams for line in stream.milestones]


def ends(result: ImportResult) -> dict[str, tuple[str, str]]:
    return {line.cell: (line.outcome.value, line.reason) for line in result.lines}


NO_YEAR = ("2", "Agree the budget", "Clerk", "November", "Green", "")


def test_a_month_without_a_year_is_offered_in_the_years_of_the_plan() -> None:
    question = one(read(NO_YEAR), "dates")
    assert question.quoted == "November: Agree the budget"
    assert question.where.startswith("Plan ")
    assert [label for _, label in question.options] == ["Nov 2026", "It has no date yet"]


@pytest.mark.parametrize(
    ("answer", "date", "reason"),
    [
        ("on Nov 2026", "Nov 2026", "decided: “November” is Nov 2026"),
        ("on 5 December 2027", "5 December 2027", "decided: “November” is 5 December 2027"),
        ("undated", "November", "decided: no date yet"),
    ],
)
def test_an_answer_about_a_date_ends_the_line_as_imported(answer: str, date: str, reason: str) -> None:
    result = read(NO_YEAR)
    question = one(result, "dates")
    assert settled(result, {question.key: answer}) == []
    line = milestones(result)[1]
    assert (line.date, line.decided, line.needs_decision) == (date, True, "")
    assert ("imported", reason) in ends(result).values()
    assert result.totals()["needs_decision"] == 0


@pytest.mark.parametrize("answer", ["", "on some day", "on November", "nonsense"])
def test_what_is_no_answer_leaves_the_question_and_the_line_waits(answer: str) -> None:
    result = read(NO_YEAR)
    before = result.totals()
    left = settled(result, {one(result, "dates").key: answer})
    assert [each.kind for each in left] == ["dates"]
    assert result.totals()["needs_decision"] == 1
    assert sum(result.totals().values()) == sum(before.values())
    assert milestones(result)[1].date == "November"


def test_a_date_found_in_a_sentence_can_be_kept_as_it_was_read() -> None:
    result = read(("2", "Agree it", "Clerk", "Meeting held by 28 February 2027 if all agree", "Green", ""))
    question = one(result, "dates")
    assert question.options[0] == ["keep", "It is due 28 February 2027, as it was read"]
    assert settled(result, {question.key: "keep"}) == []
    assert milestones(result)[1].decided


def test_what_recurs_becomes_a_commitment_with_the_rule_that_was_confirmed() -> None:
    result = read(("2", "Report to the board", "Clerk", "Quarterly", "Green", ""))
    question = one(result, "recurring")
    assert (question.proposed, question.types) == ("quarterly", "rule")
    assert settled(result, {question.key: "quarterly from 2025-10-01"}) == []
    stream = result.document.priorities[0].workstreams[0]
    assert [(each.text, each.every, each.anchor) for each in stream.commitments] == [
        ("Report to the board", "quarterly", "2025-10-01")
    ]
    assert [line.text for line in stream.milestones] == ["Recruit a chair"]
    assert ("imported", "decided: every quarter, from 1 October 2025") in ends(result).values()


def test_a_word_with_two_meanings_proposes_nothing() -> None:
    question = one(read(("2", "Review it", "Clerk", "bi-annual", "Green", "")), "recurring")
    assert question.proposed == ""
    assert "bi-annual" in question.asked


def test_what_recurs_can_stay_a_milestone_and_a_rule_that_is_none_is_no_answer() -> None:
    result = read(("2", "Report", "Clerk", "Quarterly", "Green", ""))
    key = one(result, "recurring").key
    for answer in ("hourly from 2025-10-01", "quarterly from yesterday", "quarterly"):
        assert len(settled(read(("2", "Report", "Clerk", "Quarterly", "Green", "")), {key: answer})) == 1
    assert settled(result, {key: "once"}) == []
    assert [line.text for line in milestones(result)] == ["Recruit a chair", "Report"]


TWICE = ("1", "Find a room", "Clerk", "May 2026", "Green", "")


@pytest.mark.parametrize(
    ("answer", "refs"),
    [
        ("copy", {"Recruit a chair": "1", "Find a room": "1 (2)"}),
        ("swap", {"Recruit a chair": "1 (2)", "Find a room": "1"}),
        ("ref 7", {"Recruit a chair": "1", "Find a room": "7"}),
    ],
)
def test_of_two_lines_with_one_ref_a_person_says_which_keeps_it(answer: str, refs: dict[str, str]) -> None:
    result = read(TWICE)
    assert settled(result, {one(result, "refs").key: answer}) == []
    stream = result.document.priorities[0].workstreams[0]
    assert {line.text: line.ref for line in stream.actions} == refs
    assert {line.text: line.actions for line in stream.milestones} == {text: [ref] for text, ref in refs.items()}


@pytest.mark.parametrize("answer", ["ref 1", "ref ", f"ref {'9' * 50}"])
def test_a_new_ref_that_is_taken_or_none_is_no_answer(answer: str) -> None:
    result = read(TWICE)
    assert len(settled(result, {one(result, "refs").key: answer})) == 1


def test_one_answer_says_what_a_status_means_wherever_it_stands() -> None:
    rows = [(str(n), f"Do {n}", "Clerk", "May 2026", "Bedding in", "") for n in (2, 3, 4)]
    result = read(*rows)
    question = one(result, "statuses")
    assert (question.quoted, "2 more places" in question.where) == ("Bedding in", True)
    assert settled(read(*rows), {}) != []
    assert settled(result, {question.key: "started"}) == []
    assert {line.fact for line in milestones(result)[1:]} == {"started"}
    kept = read(*rows)
    assert settled(kept, {question.key: "words"}) == []
    assert {line.fact for line in milestones(kept)[1:]} == {""}


def orphaned() -> ImportResult:
    result = read()
    area = result.document.priorities[0]
    source = Source("plan.xlsx", "Plan", "B9")
    area.unplaced.append(MilestoneLine("4", "Train staff", "May 2026", needs_decision="Which?", source=source))
    result.account.add("Plan", 9, "B9", "May 2026: Train staff", Outcome.NEEDS_DECISION, "no workstream above it")
    other = PriorityLine("9", "Other", workstreams=[WorkstreamLine("9a", "Elsewhere")])
    result.document.priorities.append(other)
    return result


def test_a_line_without_a_workstream_is_put_where_a_person_says() -> None:
    result = orphaned()
    question = one(result, "places")
    assert question.options[-1] == ["9a Elsewhere", "9a Elsewhere"]
    assert settled(orphaned(), {question.key: "nowhere"})[0].key == question.key
    assert settled(result, {question.key: "9a Elsewhere"}) == []
    assert result.document.priorities[0].unplaced == []
    assert [line.text for line in result.document.priorities[1].workstreams[0].milestones] == ["Train staff"]
    assert ends(result)["B9"] == ("imported", "decided: it belongs to 9a Elsewhere")


def test_a_line_with_two_questions_waits_until_both_are_answered() -> None:
    row = ("2", "Agree it", "Clerk", "November", "Bedding in", "")
    keys = {each.kind: each.key for each in questions_of(read(row))}
    for answers, waits in (
        ({keys["dates"]: "undated"}, 1),
        ({keys["statuses"]: "started"}, 1),
        ({keys["dates"]: "undated", keys["statuses"]: "started"}, 0),
    ):
        result = read(row)
        settled(result, answers)
        assert result.totals()["needs_decision"] == waits


def test_questions_keep_their_keys_when_the_file_is_read_again() -> None:
    assert [each.key for each in questions_of(read(NO_YEAR))] == [each.key for each in questions_of(read(NO_YEAR))]
    keys = [each.key for each in questions_of(read(NO_YEAR, TWICE, ("3", "Meet", "A", "Weekly", "Bedding in", "")))]
    assert len(set(keys)) == len(keys)
