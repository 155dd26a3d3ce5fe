"""References that stand twice in a file: what is asked, what each answer does, and how the lines end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.imports.workbooks import HEAD, workbook
from tracker.cli import cli
from tracker.imports import read_plan
from tracker.imports.asking_refs import asked_of_refs
from tracker.imports.questions import questions_of, remembered, settled
from tracker.imports.result import ImportResult
from tracker.rules.document import (
    ActionLine,
    LeadLine,
    MilestoneLine,
    PeriodState,
    PlanDocument,
    PriorityLine,
    Source,
    WorkstreamLine,
)
from tracker.rules.likeness import How, Known, match

FIRST = ("1.1", "Advertise the post", "Director", "Mar 2026", "Green", "Begun.")
SECOND = ("1.1", "Appoint a chair", "Clerk", "May 2026", "Green", "")
OTHER = ("1.2", "Train the staff", "Clerk", "Jun 2026", "Green", "")


def read(*rows: tuple[Any, ...]) -> ImportResult:
    return read_plan(workbook(("Plan", [HEAD, *rows])), "plan.xlsx")


def lines_of(result: ImportResult) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    [stream] = [stream for area in result.document.priorities for stream in area.workstreams]
    actions = [(line.ref, line.text) for line in stream.actions]
    return actions, [(line.ref, line.text, line.date) for line in stream.milestones]


def test_two_lines_with_one_ref_are_asked_about_and_nothing_is_lost_while_nobody_answers() -> None:
    result = read(FIRST, SECOND, OTHER)
    [question] = settled(result, {})
    assert question.kind == "refs"
    assert [value for value, _ in question.options] == ["copy", "swap", "merge", "leave"]
    assert "this one is 1.1 (2)" in question.options[0][1]
    assert result.totals()["needs_decision"] == 1
    assert [ref for ref, _ in lines_of(result)[0]] == ["1.1", "1.1 (2)", "1.2"]


def test_a_line_that_goes_on_from_the_first_is_merged_and_keeps_its_own_date_as_a_milestone() -> None:
    result = read(FIRST, SECOND, OTHER)
    before = result.totals()["lines"]
    assert settled(result, {questions_of(result)[0].key: "merge"}) == []
    actions, milestones = lines_of(result)
    assert actions == [("1.1", "Advertise the post; Appoint a chair"), ("1.2", "Train the staff")]
    assert milestones == [
        ("1.1", "Advertise the post; Appoint a chair", "Mar 2026"),
        ("1.1 (2)", "Appoint a chair", "May 2026"),
        ("1.2", "Train the staff", "Jun 2026"),
    ]
    [stream] = result.document.priorities[0].workstreams
    assert {lead.post for lead in stream.actions[0].leads} == {"Director", "Clerk"}
    assert result.totals() == {"lines": before, "imported": 2, "merged": 1, "needs_decision": 0, "left_out": 1}
    assert [line.reason for line in result.lines if line.outcome == "merged"] == [
        "decided: it goes on from 1.1 (Plan B2)"
    ]


@pytest.mark.parametrize("date", ["Mar 2026", ""])
def test_a_merged_line_without_a_date_of_its_own_makes_no_milestone(date: str) -> None:
    result = read(FIRST, ("1.1", "and appoint a chair", "Director", date, "", "Late."), OTHER)
    assert settled(result, {"*refs": "merge"}) == []
    assert lines_of(result)[1][0] == ("1.1", "Advertise the post; and appoint a chair", "Mar 2026")
    assert len(lines_of(result)[1]) == 2


def test_a_line_that_is_left_out_takes_its_milestone_and_its_other_questions_along() -> None:
    result = read(FIRST, ("1.1", "Appoint a chair", "Clerk", "November", "Green", ""), OTHER)
    refs = next(each for each in questions_of(result) if each.kind == "refs")
    assert {each.kind for each in questions_of(result)} == {"refs", "dates"}
    assert settled(result, {refs.key: "leave"}) == []
    assert [ref for ref, _ in lines_of(result)[0]] == ["1.1", "1.2"]
    assert [ref for ref, _, _ in lines_of(result)[1]] == ["1.1", "1.2"]
    assert ("left_out", "decided: left out, as 1.1 stands twice") in {
        (line.outcome.value, line.reason) for line in result.lines
    }


def test_a_merged_line_still_waits_for_the_date_that_nobody_has_given() -> None:
    result = read(FIRST, ("1.1", "Appoint a chair", "Clerk", "November", "Green", ""), OTHER)
    [left] = settled(result, {"*refs": "merge"})
    assert left.kind == "dates"
    assert result.totals()["needs_decision"] == 1


def test_an_answer_is_remembered_for_the_same_words_wherever_they_stand_in_the_next_edition() -> None:
    result = read(FIRST, SECOND, OTHER)
    settled(result, {questions_of(result)[0].key: "ref 9"})
    later = read(OTHER, FIRST, SECOND)
    assert remembered(later, result.document.said) == {questions_of(later)[0].key: "ref 9"}
    assert settled(later, {}, result.document.said) == []
    assert ("9", "Appoint a chair") in lines_of(later)[0]
    other = read(FIRST, ("1.1", "Find a room", "Clerk", "May 2026", "Green", ""))
    assert remembered(other, result.document.said) == {}


# ------------------------------------------------------------------ workstreams and milestones
def plan(*streams: WorkstreamLine) -> PlanDocument:
    return PlanDocument("A plan", priorities=[PriorityLine("1", "All", workstreams=list(streams))])


def at(cell: str) -> Source:
    return Source("plan.xlsx", "Plan", cell)


def milestone(ref: str, text: str, cell: str, **more: Any) -> MilestoneLine:
    return MilestoneLine(ref, text, source=at(cell), **more)


def test_two_workstreams_with_one_ref_can_be_one_or_two() -> None:
    def made() -> PlanDocument:
        return plan(
            WorkstreamLine("2", "Health", [LeadLine("DCO")], [ActionLine("1", "Meet", source=at("B2"))],
                           [milestone("1", "Met", "C2")], source=at("A2")),
            WorkstreamLine("2 (2)", "Health and care", [LeadLine("DCO"), LeadLine("DASS")],
                           [ActionLine("1", "Agree", source=at("B3"))], [milestone("1", "Agreed", "C3", actions=["1"])],
                           period_states=[PeriodState("1", "Spring", "DONE")], source=at("A3")),
        )  # fmt: skip

    [question] = [each.question for each in asked_of_refs(made())]
    assert [value for value, _ in question.options] == ["copy", "swap", "merge"]
    document = made()
    [asked] = asked_of_refs(document)
    assert asked.settle("merge") == "it goes on from 2 (Plan A2)"
    [stream] = document.priorities[0].workstreams
    assert [(each.ref, each.text) for each in stream.actions] == [("1", "Meet"), ("1 (2)", "Agree")]
    assert [(each.ref, each.actions) for each in stream.milestones] == [("1", []), ("1 (2)", ["1 (2)"])]
    assert [(each.milestone, each.state) for each in stream.period_states] == [("1 (2)", "DONE")]
    assert [each.post for each in stream.leads] == ["DCO", "DASS"]
    document = made()
    [asked] = asked_of_refs(document)
    asked.settle("swap")
    assert [(each.ref, each.title) for each in document.priorities[0].workstreams] == [
        ("2 (2)", "Health"),
        ("2", "Health and care"),
    ]


def test_a_workstream_that_is_named_in_the_row_of_its_first_line_waits_with_it() -> None:
    def read_it() -> ImportResult:
        text = "Workstream,Ref,Action,Lead,Due date\n2 Health,A,Meet,DCO,Mar 2027\n2 Education,A,Agree,DCO,May 2027\n"
        return read_plan(text.encode(), "plan.csv")

    result = read_it()
    [left] = settled(result, {})
    assert (left.kind, left.where) == ("refs", "plan A3")
    assert result.totals()["needs_decision"] == 1
    result = read_it()
    assert settled(result, {left.key: "merge"}) == []
    assert [len(area.workstreams) for area in result.document.priorities] == [1]
    assert ("imported", "decided: it goes on from 2 (plan A2)") in {
        (line.outcome.value, line.reason) for line in result.lines
    }


def test_two_milestones_with_one_ref_are_one_only_where_they_have_one_date() -> None:
    def made(date: str) -> PlanDocument:
        lines = [milestone("M1.1", "Panel meets", "C2", date="May 2026"),
                 milestone("M1.1 (2)", "Panel meets monthly", "C3", date=date)]  # fmt: skip
        states = [PeriodState("M1.1 (2)", "Spring", "DONE")]
        return plan(WorkstreamLine("1", "Health", milestones=lines, period_states=states))

    for date, values in {"May 2026": ["copy", "swap", "merge", "leave"], "Jun 2026": ["copy", "swap", "leave"]}.items():
        [asked] = asked_of_refs(made(date))
        assert [value for value, _ in asked.question.options] == values
    document = made("")
    [asked] = asked_of_refs(document)
    asked.settle("merge")
    [stream] = document.priorities[0].workstreams
    assert [(each.ref, each.text, each.date) for each in stream.milestones] == [
        ("M1.1", "Panel meets monthly", "May 2026")
    ]
    assert [each.milestone for each in stream.period_states] == ["M1.1"]
    document = made("")
    [asked] = asked_of_refs(document)
    asked.settle("leave")
    [stream] = document.priorities[0].workstreams
    assert ([each.ref for each in stream.milestones], stream.period_states) == (["M1.1"], [])
    document = made("")
    [asked] = asked_of_refs(document)
    asked.settle("ref M1.9")
    assert [each.milestone for each in document.priorities[0].workstreams[0].period_states] == ["M1.9"]


def test_a_list_that_begins_again_with_1_is_no_ref_that_stands_twice() -> None:
    lines = [milestone("1", "Met", "C2"), milestone("1 (2)", "Agreed", "C3")]
    assert list(asked_of_refs(plan(WorkstreamLine("1", "Health", milestones=lines)))) == []
    lines = [milestone("a", "Met", "C2", actions=["1"]), milestone("a (2)", "Agreed", "C3", actions=["2"])]
    assert list(asked_of_refs(plan(WorkstreamLine("1", "Health", milestones=lines)))) == []


def test_the_steps_of_an_action_go_with_its_new_ref() -> None:
    lines = [milestone("1", "Meet", "C2", actions=["1"], implicit=True),
             milestone("1 (2).1", "Agreed", "C3", actions=["1 (2)"])]  # fmt: skip
    actions = [ActionLine("1", "Meet", source=at("B2")), ActionLine("1 (2)", "Agree", source=at("B3"))]
    document = plan(WorkstreamLine("1", "Health", actions=actions, milestones=lines))
    [asked] = asked_of_refs(document)
    assert asked.settle("ref 1") == asked.settle("nothing") == ""
    assert asked.settle("ref 7") == "this one is 7"
    assert [(each.ref, each.actions) for each in lines] == [("1", ["1"]), ("7.1", ["7"])]


# ------------------------------------------------------------------ in the plan, and at the command line
def test_a_line_that_was_taken_under_a_free_ref_is_known_again() -> None:
    lines = [("1", "Meet"), ("1", "Agree")]
    assert [each.how for each in match(lines, [])] == [How.NEW, How.TWICE]
    found = match(lines, [Known("1", "Meet"), Known("2", "Agree")])
    assert [(each.how, each.index) for each in found] == [(How.SAME, 0), (How.SAME, 1)]


@pytest.mark.parametrize("answer", ["copy", "swap", "merge", "leave", "ref 1.7"])
def test_the_same_file_after_an_answer_changes_nothing_and_asks_nothing(
    answer: str, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    (tmp_path / "plan.xlsx").write_bytes(workbook(("Plan", [HEAD, FIRST, SECOND, OTHER])))
    run = CliRunner()
    words = ["import", str(tmp_path / "plan.xlsx"), "--plan", "send"]
    looked = run.invoke(cli, [*words, "--dry-run"])
    assert (looked.exit_code, "refs Plan B3 1.1 = copy (" in looked.output) == (3, True)
    done = run.invoke(cli, [*words, "--decide", f"refs Plan B3 1.1={answer}"])
    assert done.exit_code == 0, done.output
    again = run.invoke(cli, words)
    assert again.exit_code == 0, again.output
    assert ": 0 new, 0 changed," in again.output
    assert "0 needs decision, 0 refused" in again.output
