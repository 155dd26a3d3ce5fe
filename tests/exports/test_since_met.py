"""Since you last met: only against an issued pack, and in words that stand for the movement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.exports.sample import report_facts
from tracker.exports.content import build_report
from tracker.exports.report import KeyValue, StatusLine
from tracker.exports.report_data import from_data, to_data
from tracker.queries.rows import Earlier


def test_without_an_issued_pack_there_is_no_such_section() -> None:
    assert build_report(report_facts()).section("since-met") is None


def test_it_says_what_the_last_pack_said_and_what_has_moved() -> None:
    facts = report_facts()
    assert facts.before is not None
    colours = {row.id: row.colour for row in facts.milestones}
    for move in facts.movements:
        if move.before is None:
            colours.pop(move.milestone.id)
        else:
            colours[move.milestone.id] = move.before
    before = Earlier(date(2025, 9, 30), facts.before.headline, (), colours, pack="pack 3")
    report = build_report(replace(facts, before=before))
    section = report.section("since-met")
    assert section is not None
    status, values = section.blocks
    assert isinstance(status, StatusLine)
    assert status.sentence.startswith("Pack 3, as at 30 September 2025, said: ")
    assert isinstance(values, KeyValue)
    said = dict(values.pairs)
    assert str(said["Milestones"]).endswith("as they were")
    complete = [move.milestone.full_ref for move in facts.movements if move.after and move.after.value == "blue"]
    assert all(ref in str(said["Newly complete"]) for ref in complete)
    assert from_data(to_data(report)) == report
