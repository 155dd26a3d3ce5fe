"""The report says what the facts say, once, in the order that a board reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.exports.sample import SINCE, TODAY, known, large_facts, report_facts
from tests.exports.sample import Line as SampleLine
from tracker.exports import build_report
from tracker.exports.report import (
    BulletList,
    ChartBlock,
    DateValue,
    KeyValue,
    Kind,
    Report,
    StatusLine,
    StatusValue,
    Table,
    cell_text,
)
from tracker.exports.wording import days_late, sentence, timing
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.occurrences import Outcome, Recorded
from tracker.rules.recurrence import adherence, assess_commitment, strip
from tracker.rules.windows import Every, Rule


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts())


def table(report: Report, key: str) -> Table:
    found = report.table(key)
    assert found is not None
    return found


def column(found: Table, title: str) -> list[object]:
    index = [one.title for one in found.columns].index(title)
    return [row[index] for row in found.rows]


def test_the_same_facts_give_the_same_report() -> None:
    assert build_report(report_facts()) == build_report(report_facts())


def test_sections_are_numbered_and_annexes_lettered(report: Report) -> None:
    assert [section.heading for section in report.sections] == [
        "Front sheet",
        "1. The plan on one page",
        "2. Decisions required",
        "3. Exceptions",
        "4. By section",
        "5. Movement since 30 September 2025",
        "6. Looking ahead",
        "7. Outcomes",
        "8. Interdependencies",
        "9. Slippage and deadline ledger",
        "10. Data quality",
        "11. Actions from the last meeting",
        "Annex A. Full register",
        "Annex B. Recurring commitments",
        "Annex C. Key and rules",
        "Annex D. Glossary",
    ]


def test_the_first_page_counts_now_and_then(report: Report) -> None:
    facts = report_facts()
    now, then, before, moved = table(report, "counts").rows
    assert facts.before is not None
    assert now[1:6] == tuple(facts.snapshot.counts.of(colour) for colour in BAR_ORDER)
    assert then[1:6] == tuple(facts.before.counts.of(colour) for colour in BAR_ORDER)
    assert facts.earlier is not None
    assert before[1:6] == tuple(facts.earlier.counts.of(colour) for colour in BAR_ORDER)
    assert moved[0] == "Change since 30 Sep 2025"
    assert moved[1] == f"▲ {facts.snapshot.counts.red - facts.before.counts.red}"


def test_the_headline_stands_with_its_reason(report: Report) -> None:
    section = report.section("one-page")
    assert section is not None
    headline = section.blocks[0]
    assert headline == StatusLine(StatusValue(Colour.RED), report_facts().snapshot.headline.reason)


def test_key_figures_stand_over_both_denominators(report: Report) -> None:
    section = report.section("one-page")
    assert section is not None
    pairs = next(dict(block.pairs) for block in section.blocks if isinstance(block, KeyValue))
    counts = report_facts().snapshot.counts
    assert str(pairs["Delivered of due to date"]).startswith(f"{counts.delivered_of_due} of {counts.due_to_date} (")
    assert str(pairs["Complete, of the whole plan"]).startswith(f"{counts.blue} of {counts.total} (")
    assert pairs["Awaiting sign-off"] == "3, of which 2 longer than allowed"


def test_three_achievements_and_three_concerns(report: Report) -> None:
    section = report.section("one-page")
    assert section is not None
    good, bad = (block.items for block in section.blocks if isinstance(block, BulletList))
    assert len(good) == len(bad) == 3
    assert bad[0].startswith("2b.1 ")  # the critical Red comes first
    assert "52 days late" in bad[0]


def test_charts_draw_the_figures_of_their_tables(report: Report) -> None:
    charts = [block for section in report.sections for block in section.blocks if isinstance(block, ChartBlock)]
    assert {chart.key for chart in charts} == {"distribution", "by-priority"}
    for chart in charts:
        drawn = table(report, chart.table)
        for series in chart.series:
            index = [one.colour for one in drawn.columns].index(series.colour)
            assert series.points == tuple(row[index] for row in drawn.rows)[: len(chart.categories)]
        assert all(str(point) in chart.alt for series in chart.series for point in series.points)


def test_every_red_and_every_amber_and_nothing_else_is_an_exception(report: Report) -> None:
    rows = report_facts().milestones
    for colour in (Colour.RED, Colour.AMBER):
        listed = column(table(report, f"exceptions.{colour}"), "Ref")
        assert sorted(map(str, listed)) == sorted(row.full_ref for row in rows if row.colour is colour)


def test_the_register_holds_every_milestone_once_in_order(report: Report) -> None:
    section = report.section("register")
    assert section is not None
    refs = [row[0] for found in section.tables() for row in found.rows]
    assert refs == [row.full_ref for row in report_facts().milestones]


def test_a_month_is_printed_as_written_with_its_last_day_for_sorting(report: Report) -> None:
    deadlines = column(table(report, "register.1"), "Deadline")
    assert DateValue("Jul 2025", date(2025, 7, 31)) in deadlines
    assert DateValue("TBC", None) in deadlines


def test_decisions_are_numbered_with_new_dates_first(report: Report) -> None:
    found = table(report, "decisions")
    assert column(found, "No.") == list(range(1, len(found.rows) + 1))
    kinds = column(found, "Decision")
    assert kinds == sorted(kinds, key=["New date", "New date required", "Sign-off", "Date missing"].index)
    assert column(found, "Proposed date")[0] == DateValue("Dec 2025", date(2025, 12, 31))


def test_movement_is_grouped_and_complete(report: Report) -> None:
    section = report.section("movement")
    assert section is not None
    keys = [found.key for found in section.tables()]
    assert keys == ["movement.worse", "movement.complete", "movement.started", "movement.closed"]
    assert sum(len(found.rows) for found in section.tables()) == len(report_facts().movements)


def test_a_first_report_has_nothing_to_compare_with() -> None:
    report = build_report(report_facts(first=True))
    assert report.since is None
    assert len(table(report, "counts").rows) == 1
    assert table(report, "movement").rows == ()
    assert "first report" in table(report, "movement").empty
    assert set(column(table(report, "priorities"), "Direction")) == {""}


def test_looking_ahead_names_the_window(report: Report) -> None:
    due = table(report, "ahead.due")
    away = column(due, "Days away")
    assert away == sorted(away, key=lambda days: int(str(days)))
    assert set(column(due, "Within")) == {"60 days", "90 days"}
    assert len(table(report, "ahead.changes").rows) == len(report_facts().coming)


def test_slippage_is_in_months_where_the_date_is_a_month(report: Report) -> None:
    found = table(report, "slippage")
    slipped = dict(zip(column(found, "Ref"), column(found, "Slipped"), strict=True))
    assert slipped["3d.2"] == "6 months later"
    assert slipped["1a.2"] == "3 months later"


def test_data_quality_lists_what_is_missing(report: Report) -> None:
    findings = column(table(report, "quality"), "Finding")
    for finding in ("No date", "No lead", "No recent update", "Due before the plan was adopted"):
        assert finding in findings


def test_the_key_quotes_the_plan_and_the_scheme() -> None:
    facts = report_facts()
    report = build_report(replace(facts, scheme=replace(facts.scheme, not_started_days=45)))
    assert "Action not started" in [row[3] for row in table(report, "key.colours").rows]
    assert any("within 45 days" in cell_text(row[2]) for row in table(report, "key.rules").rows)


def test_demonstration_and_marking_travel_with_the_report() -> None:
    assert build_report(report_facts()).notice.startswith("Illustrative progress for demonstration")
    plain = build_report(report_facts(demonstration=False, marking="OFFICIAL"))
    assert plain.notice == ""
    assert plain.marking == "OFFICIAL"


def test_every_status_cell_has_a_letter_and_a_word(report: Report) -> None:
    seen = set()
    for found in report.tables():
        for index, one in enumerate(found.columns):
            if one.kind is Kind.STATUS:
                for row in found.rows:
                    value = row[index]
                    assert value is None or isinstance(value, StatusValue)
                    if value is not None:
                        seen.add(value.text)
    assert seen == {"R Missed", "A Likely to miss", "Gn On target", "Gy Not started", "B Complete", "Not counted"}


def test_every_row_fits_its_columns_and_every_group_its_page() -> None:
    for facts in (report_facts(), report_facts(first=True), large_facts(200)):
        report = build_report(facts)
        for section in report.sections:
            for found in section.tables():
                assert all(len(row) == len(found.columns) for row in found.rows), found.key
                if found.rows:
                    assert sum(group.width for group in found.page_groups()) <= (261 if section.landscape else 175)
                titles = [one.title for one in found.columns]
                assert len(titles) == len(set(titles))


def test_days_late_run_to_today_or_to_the_completion() -> None:
    rows = {row.full_ref: row for row in report_facts().milestones}
    assert days_late(rows["1a.3"], TODAY) == 52
    assert timing(rows["1a.3"], TODAY) == "52 days late"
    assert timing(rows["1a.3"], SINCE) == "due today"
    assert timing(rows["1b.1"], TODAY) == "completed 11 days late"
    assert timing(rows["1a.1"], TODAY) == "completed in time"
    assert timing(rows["2e.3"], TODAY) == "withdrawn"
    assert timing(rows["1d.1"], TODAY) == "no date"
    assert timing(rows["1c.4"], TODAY) == "completed in time; awaiting sign-off for 64 days"
    assert timing(rows["1b.3"], TODAY) == "due in 40 days"
    lapsed = replace(rows["1c.4"], signoff="lapsed")
    assert timing(lapsed, TODAY) == "completed in time; awaiting sign-off again", "it did not wait while it was signed"


def test_a_sentence_adds_the_days_to_the_stored_reason() -> None:
    row = next(row for row in report_facts().milestones if row.full_ref == "1a.3")
    assert sentence(row, TODAY) == f"{row.reason} (52 days late.)"
    assert sentence(row, TODAY + timedelta(days=1)) == f"{row.reason} (53 days late.)"


def test_the_sample_rests_on_the_rules() -> None:
    assert known(SampleLine("1", "x", "Sep 2025", "missed"), TODAY).due == date(2025, 9, 30)


def test_what_recurs_stands_in_an_annex_with_colour_adherence_and_its_last_windows() -> None:
    facts = report_facts()
    priority = facts.snapshot.priorities[0]
    stream = priority.workstreams[0]
    rule = Rule(Every.QUARTERLY, date(2024, 12, 1))
    recorded = (
        Recorded(date(2025, 2, 28), Outcome.HELD, date(2025, 2, 3)),
        Recorded(date(2025, 5, 31), Outcome.SKIPPED, reason="Election"),
        Recorded(date(2025, 8, 31), Outcome.HELD, date(2025, 9, 2)),
    )
    held = replace(
        stream.commitments[0],
        rule=rule,
        verdict=assess_commitment(rule, recorded, facts.day),
        adherence=adherence(rule, recorded, facts.day),
        strip=tuple(strip(rule, recorded, facts.day)),
    )
    kept = replace(priority, workstreams=(replace(stream, commitments=(held,)), *priority.workstreams[1:]))
    snapshot = replace(facts.snapshot, priorities=(kept, *facts.snapshot.priorities[1:]))
    found = table(build_report(replace(facts, snapshot=snapshot)), "commitments")
    assert found.sheet == "Recurring"
    assert column(found, "Status") == [StatusValue(Colour.AMBER)]
    assert column(found, "Held of due") == ["1 of 2 held"]
    assert column(found, "Last windows") == ["H S L N N"]
    (why,) = column(found, "Why this colour")
    assert str(why).startswith("Two thirds of the window to 30 November 2025 are gone")
    waiting = table(build_report(facts), "commitments")
    assert column(waiting, "Status") == [StatusValue(Colour.GREY, ("rule to confirm",))]


def test_no_table_is_wider_than_its_page(report: Report) -> None:
    for section in (*report.sections, *report.public):
        for one in section.tables():
            width = sum(group.width for group in one.page_groups())
            assert width <= (261 if section.landscape else 174), one.key
            assert sum(group.width for group in one.slide) <= 309, one.key
