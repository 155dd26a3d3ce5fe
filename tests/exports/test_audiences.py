"""Editions of one tree: what each audience is given, what it is told was left out, and what the public never sees."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.exports.sample import report_facts
from tracker.exports import AUDIENCES, Report, ReportFacts, build_report, file_name, render, select
from tracker.exports.facts import Said
from tracker.exports.report import Paragraph
from tracker.exports.report_data import from_data, to_data
from tracker.rules.errors import Refusal

SECRET = "Quietly typed by an officer"


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts())


def with_secrets(facts: ReportFacts) -> ReportFacts:
    """Return facts in which everything that an officer types is a secret."""
    typed = ("reason", "progress", "impact", "help_needed", "recovery", "blocked", "confidence_reason", "updated_by")
    texts: dict[str, Any] = dict.fromkeys((*typed, "proposed_text", "needs_decision", "forecast_text"), SECRET)
    priorities = tuple(
        replace(
            priority,
            headline=replace(priority.headline, reason=SECRET),
            workstreams=tuple(
                replace(stream, milestones=tuple(replace(row, **texts) for row in stream.milestones))
                for stream in priority.workstreams
            ),
        )
        for priority in facts.snapshot.priorities
    )
    snapshot = replace(facts.snapshot, priorities=priorities, headline=replace(facts.snapshot.headline, reason=SECRET))
    rows = {row.id: row for row in snapshot.milestones}
    return replace(
        facts,
        snapshot=snapshot,
        movements=tuple(replace(m, milestone=rows[m.milestone.id], cause=SECRET) for m in facts.movements),
        evidence=dict.fromkeys(rows, (SECRET,)),
        waits=dict.fromkeys(rows, (SECRET,)),
        commentary={"plan": Said(SECRET, True)},
        recommendations=(SECRET,),
        assurance=SECRET,
        author=SECRET,
    )


@pytest.mark.parametrize("key", [key for key, one in AUDIENCES.items() if one.sections])
def test_an_edition_is_a_selection_that_says_what_was_left_out(report: Report, key: str) -> None:
    made = select(report, key)
    whole = {section.key: section for section in report.sections}
    assert [section.key for section in made.sections] == [one for one in whole if one in AUDIENCES[key].sections]
    for section in made.sections[1:]:
        assert section.blocks == whole[section.key].blocks
    said = made.sections[0].blocks[-1]
    assert isinstance(said, Paragraph)
    assert said.text.startswith(f"This edition is for {AUDIENCES[key].words}. Left out of it")
    for section in report.sections:
        assert (section.title in said.text) is (section.key not in AUDIENCES[key].sections)
    assert f"Edition for {AUDIENCES[key].words}" in made.page_text


def test_every_key_of_an_audience_is_a_section(report: Report) -> None:
    there = {"raid", "since-met"}  # the registers of the sample are empty, and no pack was issued before
    keys = {section.key for section in report.sections} | there
    for one in AUDIENCES.values():
        assert set(one.sections) <= keys


def test_numbers_run_on_without_a_gap(report: Report) -> None:
    numbers = [section.number for section in select(report, "cabinet").sections]
    assert numbers == ["", "1", "2", "3", "4", "5", "6", "A", "B"]


def test_the_board_is_given_everything_and_nothing_for_the_public(report: Report) -> None:
    made = select(report, "board")
    assert made.sections == report.sections
    assert made.public == ()
    assert made.edition == ""


def test_an_edition_can_be_made_from_a_frozen_report(report: Report) -> None:
    frozen = from_data(json.loads(json.dumps(to_data(report))))
    for key in AUDIENCES:
        assert select(frozen, key) == select(report, key)


def test_what_an_officer_typed_is_never_in_the_public_edition() -> None:
    report = build_report(with_secrets(report_facts()))
    assert SECRET in json.dumps(to_data(select(report, "scrutiny")))
    public = select(report, "public")
    assert SECRET not in json.dumps(to_data(public))
    assert SECRET.encode() not in render(public, "html")


def test_the_public_edition_says_what_is_done_late_and_next(report: Report) -> None:
    public = select(report, "public")
    assert public.title.endswith(": progress report")
    assert [section.heading for section in public.sections] == [
        "About this report",
        "1. How it is going",
        "2. The plan, part by part",
        "3. Is it making a difference?",
        "Annex A. What the colours and words mean",
    ]
    red = report.table("exceptions.red")
    late = public.table("public.late")
    assert red is not None
    assert late is not None
    assert {row[0] for row in late.rows} == {row[0] for row in red.rows}
    steps = [row for table in public.tables() if table.key.startswith("public.") for row in table.rows]
    assert {row[0] for row in steps} >= {"1a.1", "4f.3"}
    assert file_name(public, "html") == "send-improvement-plan-public-edition-highlight-report-2025-11-21.html"


@pytest.mark.parametrize("name", ["docx", "xlsx", "pptx", "html"])
@pytest.mark.parametrize("key", ["public", "cabinet"])
def test_every_edition_renders(report: Report, key: str, name: str) -> None:
    assert render(select(report, key), name)


def test_an_audience_that_there_is_none_of_is_refused(report: Report) -> None:
    with pytest.raises(Refusal, match=r"There is no audience “mayor”\. Choose one of “board”"):
        select(report, "mayor")
