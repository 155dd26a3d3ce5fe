"""Drafts of commentary: whole plain sentences, true to the facts, never accepted by themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.exports.sample import report_facts
from tracker.exports import ReportFacts, build_report
from tracker.exports.drafts import drafts, plan_draft, priority_draft, with_drafts
from tracker.exports.facts import Said
from tracker.exports.report import Commentary


@pytest.fixture(scope="module")
def facts() -> ReportFacts:
    return report_facts()


def test_the_plan_is_told_in_four_paragraphs(facts: ReportFacts) -> None:
    first, moved, asked, coming = plan_draft(facts).split("\n\n")
    counts = facts.snapshot.counts
    assert first.startswith("As at 21 November 2025 the plan is Red: 1 critical milestone is Red.")
    assert f"{counts.delivered_of_due} of {counts.due_to_date} milestones due to date are delivered (60%)." in first
    assert moved.startswith("Since 30 September 2025, 10 milestones were completed and 20 got worse.")
    assert moved.endswith("Section 1, section 2, section 3 and section 4 are worse than at the last report.")
    assert asked == (
        "The board is asked for 12 decisions, among them 2 requests for a new date and 6 milestones past the deadline "
        "without a new date."
    )
    assert coming.startswith("21 milestones fall due in the next 90 days: ")
    assert coming.endswith("The busiest month of the next twelve is Jan 2026: 14 of 44 milestones due.")


def test_a_priority_says_what_is_late_and_what_it_is_measured_by(facts: ReportFacts) -> None:
    second = priority_draft(facts.snapshot.priorities[1], facts)
    assert second.startswith("Section 2 is Red: 1 critical milestone is Red.")
    assert "Late: 2b.1 by 52 days. No new date is asked for 2b.1." in second
    assert "Longest wait for an assessment: 97 in Q2 2025/26, from a baseline of 104 towards 83." in second


def test_every_draft_is_made_of_whole_sentences(facts: ReportFacts) -> None:
    for first in (False, True):
        for said in drafts(report_facts(first=first)).values():
            assert not said.accepted
            for paragraph in said.text.split("\n\n"):
                assert re.match(r"[A-Z0-9]", paragraph)
                assert paragraph.endswith(".")
                assert ".." not in paragraph
                assert "  " not in paragraph
                assert " 0 " not in paragraph


def test_a_plan_without_anything_has_a_draft_too(facts: ReportFacts) -> None:
    empty = replace(
        facts,
        snapshot=replace(facts.snapshot, priorities=()),
        movements=(),
        decisions=(),
        before=None,
    )
    assert "No decision is asked for." in plan_draft(empty)
    assert "Nothing unfinished falls due in the next 90 days." in plan_draft(empty)


def test_what_a_person_wrote_stands_and_drafts_fill_the_gaps_marked_as_drafts(facts: ReportFacts) -> None:
    written = replace(facts, commentary={"plan": Said("Ours.", True, "SEND Manager")})
    report = build_report(with_drafts(written))
    found = [block for section in report.sections for block in section.blocks if isinstance(block, Commentary)]
    assert found[0].text == "Ours."
    assert len(found) == 1 + len(facts.snapshot.priorities)
    assert all("not yet accepted" in block.label for block in found[1:])


def test_the_page_that_members_read_first_has_only_what_a_manager_accepted(facts: ReportFacts) -> None:
    for said, where in ((Said("Ours.", True), "one-page"), (Said("Ours."), "priorities")):
        report = build_report(with_drafts(replace(facts, commentary={"plan": said})))
        (found,) = [
            section.key
            for section in report.sections
            for block in section.blocks
            if isinstance(block, Commentary) and block.key == "plan"
        ]
        assert found == where
