"""The CSV register: RFC 4180, ISO dates, guarded starts."""

from __future__ import annotations

from tests.exports.reading import csv_rows
from tests.exports.sample import report_facts
from tests.exports.test_xlsx import with_text
from tracker.exports import build_report, render


def test_one_table_with_a_header_and_every_milestone() -> None:
    rows = csv_rows(render(build_report(report_facts()), "csv"))
    assert rows[0][:7] == [
        "Ref",
        "Priority",
        "Workstream",
        "Milestone",
        "Lead",
        "Deadline (as written)",
        "Deadline: last day",
    ]
    assert [row[0] for row in rows[1:]] == [row.full_ref for row in report_facts().milestones]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_month_keeps_its_words_and_the_last_day_is_iso() -> None:
    rows = csv_rows(render(build_report(report_facts()), "csv"))
    assert rows[1][5:7] == ["Jul 2025", "2025-07-31"]


def test_lines_end_with_carriage_return_and_line_feed() -> None:
    data = render(build_report(report_facts()), "csv")
    assert data.count(b"\r\n") == data.count(b"\n") == len(report_facts().milestones) + 1


def test_the_byte_order_mark_is_an_option() -> None:
    report = build_report(report_facts())
    assert render(report, "csv-excel") == b"\xef\xbb\xbf" + render(report, "csv")


def test_a_formula_start_has_an_apostrophe_before_it() -> None:
    rows = csv_rows(render(with_text("=cmd|'/c calc'!A1"), "csv"))
    assert rows[1][3] == "'=cmd|'/c calc'!A1"


def test_illustrative_progress_is_said_in_every_line_and_no_other_plan_has_the_column() -> None:
    illustrative = csv_rows(render(build_report(report_facts(demonstration=True)), "csv"))
    assert illustrative[0][-1] == "Note"
    assert {line[-1][:12] for line in illustrative[1:]} == {"Illustrative"}
    assert "Note" not in csv_rows(render(build_report(report_facts(demonstration=False)), "csv"))[0]
