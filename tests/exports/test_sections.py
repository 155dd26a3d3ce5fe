"""What the sections say that a pack adds: actions, waits, outcomes that have not moved, months, waivers, glossary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.exports.sample import TALKS, WAITING, report_facts
from tracker.exports import Report, ReportFacts, build_report
from tracker.exports.facts import MeetingAction, Said
from tracker.exports.report import BulletList, Commentary, Heading, KeyValue, Paragraph, Table
from tracker.exports.sections.ahead import busy_months
from tracker.exports.sections.outcomes import better, figure, trend
from tracker.rules.colour import Colour


@pytest.fixture(scope="module")
def facts() -> ReportFacts:
    return report_facts()


@pytest.fixture(scope="module")
def report(facts: ReportFacts) -> Report:
    return build_report(facts)


def said(report: Report, key: str) -> str:
    """Return the sentences of a section."""
    section = report.section(key)
    assert section is not None
    lists = [item for block in section.blocks if isinstance(block, BulletList) for item in block.items]
    return "\n".join([block.text for block in section.blocks if isinstance(block, Paragraph | Heading)] + lists)


def table(report: Report, key: str) -> Table:
    found = report.table(key)
    assert found is not None
    return found


def test_the_front_sheet_says_who_answers_and_who_saw_it_before(report: Report) -> None:
    section = report.section("front")
    assert section is not None
    pairs = dict(next(block.pairs for block in section.blocks if isinstance(block, KeyValue)))
    assert pairs["Senior responsible officer"] == "Director of Children's Services"
    assert pairs["Level of assurance"] == "Limited"
    assert pairs["Previously considered by"] == "Directorate team, 27 November 2025"


def test_written_recommendations_stand_in_place_of_the_computed_ones(facts: ReportFacts) -> None:
    section = build_report(replace(facts, recommendations=("Agree the plan.",))).section("front")
    assert section is not None
    assert BulletList(("Agree the plan.",), numbered=True) in section.blocks


def test_the_colours_of_the_last_reports_stand_on_the_first_page(facts: ReportFacts) -> None:
    section = build_report(facts).section("one-page")
    assert section is not None
    pairs = dict(next(block.pairs for block in section.blocks if isinstance(block, KeyValue)))
    assert facts.before is not None
    assert facts.earlier is not None
    then = [facts.name(one.headline.colour) for one in (facts.before, facts.earlier)]
    assert pairs["Colour at the last two reports"] == ", before that ".join(then)


def test_actions_of_the_last_meeting_and_those_that_are_late(report: Report, facts: ReportFacts) -> None:
    assert said(report, "actions") == "2 actions; 1 still open, 1 of them past the day agreed."
    assert [row[4] for row in table(report, "actions").rows] == ["Done", "Open"]
    assert build_report(replace(facts, actions=None)).section("actions") is None
    none = build_report(replace(facts, actions=()))
    assert table(none, "actions").rows == ()
    assert table(none, "actions").empty == "The last meeting asked for no action."
    open_one = MeetingAction("1", "Do it.", "SEND Senior Manager", "", None, "open")
    assert said(build_report(replace(facts, actions=(open_one,))), "actions") == "1 action; 1 still open."


def test_interdependencies_are_the_documents_own_and_the_links(report: Report, facts: ReportFacts) -> None:
    assert table(report, "depends").rows[0][0] == "1 Effective communications"
    (row,) = table(report, "waits").rows
    assert row[4] == f"{facts.milestones[2].full_ref} (Red)"
    bare = replace(facts, waits={}, snapshot=replace(facts.snapshot, priorities=facts.snapshot.priorities[1:]))
    assert build_report(bare).section("interdependencies") is None


@pytest.mark.parametrize(
    ("text", "number"), [("104", "104"), ("1,204 weeks", "1204"), ("-3.5%", "-3.5"), ("none", None), ("", None)]
)
def test_figures_are_read_out_of_texts(text: str, number: str | None) -> None:
    found = figure(text)
    assert (None if found is None else str(found)) == number


def test_better_depends_on_which_way_is_better() -> None:
    assert better(WAITING, "104", "97") is True
    assert better(WAITING, "97", "97") is False
    assert better(TALKS, "61%", "58%") is False
    assert better(TALKS, "61%", "not known") is None
    assert better(replace(TALKS, polarity=""), "1", "2") is None
    assert trend(WAITING, ["101", "97"]) == "▲ better"
    assert trend(WAITING, ["97"]) == "▲ better"
    assert trend(WAITING, ["97", "97"]) == "► same"
    assert trend(TALKS, ["58%"]) == "▼ worse"
    assert trend(TALKS, []) == ""


def test_what_was_delivered_without_moving_its_number_is_said(report: Report) -> None:
    words = said(report, "outcomes")
    assert "Delivered, but the number has not moved" in words
    assert "3 Families who say that they were heard: 58%, against a baseline of 61%; 7 of 10 (70%)" in words
    assert "Longest wait" not in words


def test_newly_complete_shows_its_evidence(report: Report) -> None:
    for row in table(report, "movement.complete").rows:
        assert row[10] == "Minutes of the partnership board, 14 October 2025"
    assert all(not row[10] for row in table(report, "movement.worse").rows)


def test_a_new_date_shows_what_it_does_to_others(report: Report) -> None:
    told = [row[16] for row in table(report, "decisions").rows]
    assert told.count("1a.4: The new date is after its deadline, Mar 2026.") == 2


def test_months_are_listed_only_where_one_is_crowded(facts: ReportFacts) -> None:
    lines, words = busy_months(facts)
    assert sum(int(str(row[1])) for row in lines) == 44
    assert words.startswith("The busiest month of the next twelve is Jan 2026: 14 of 44")
    first = facts.snapshot.priorities[0]
    few = replace(first, workstreams=first.workstreams[:1])
    assert busy_months(replace(facts, snapshot=replace(facts.snapshot, priorities=(few,)))) == ((), "")


def test_the_meetings_to_come_are_counted_up_to(report: Report, facts: ReportFacts) -> None:
    def due(before: date) -> int:
        unfinished = (row for row in facts.milestones if row.colour not in (Colour.BLUE, Colour.NONE))
        return sum(1 for row in unfinished if row.due and facts.day <= row.due < before)

    first, second = due(date(2026, 1, 22)), due(date(2026, 3, 5))
    assert 0 < first < second
    wanted = f"Due {first} before the next meeting (22 January 2026) and {second} before the one after (5 March 2026)."
    assert wanted in said(report, "ahead")


def test_waived_checks_are_printed_with_their_reasons(report: Report, facts: ReportFacts) -> None:
    (row,) = table(report, "waivers").rows
    assert row[3] == "The lead is on leave; the deputy confirmed it by telephone."
    assert build_report(replace(facts, waivers=())).table("waivers") is None


def test_the_glossary_is_in_alphabetical_order_with_the_plans_own_words(report: Report) -> None:
    words = [str(row[0]) for row in table(report, "glossary").rows]
    assert words == sorted(words, key=str.casefold)
    assert ("Co-production", "the plan") in {(row[0], row[2]) for row in table(report, "glossary").rows}


def test_commentary_stands_where_it_belongs_and_says_that_it_is_a_draft(facts: ReportFacts) -> None:
    first = facts.snapshot.priorities[0]
    wanted = {
        "plan": Said("As drafted."),
        f"priority.{first.id}": Said("Accepted.", True, "SEND Manager"),
        "x": Said(""),
    }
    report = build_report(replace(facts, commentary=wanted))
    found = [block for section in report.sections for block in section.blocks if isinstance(block, Commentary)]
    assert [block.text for block in found] == ["As drafted.", "Accepted."]
    assert "draft" in found[0].label
    assert found[1].label == "Commentary (SEND Manager)"
