"""The slides reopen with the content of the report, and nothing on them overflows."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Mm

from tests.exports.sample import large_facts, report_facts
from tracker.exports import Report, build_report, render
from tracker.exports.measure import fitted, lines_in, width_of
from tracker.exports.report import StatusValue, Table


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts(marking="OFFICIAL"))


@pytest.fixture(scope="module")
def deck(report: Report) -> Any:
    return opened(report)


def opened(report: Report) -> Any:
    """Render a report and open its slides."""
    return Presentation(io.BytesIO(render(report, "pptx")))


def titles(deck: Any) -> list[str]:
    """Return the titles of the slides."""
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def tables(deck: Any) -> list[Any]:
    """Return the tables of all slides."""
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def test_the_slides_a_meeting_needs_are_there_and_every_title_is_its_own(report: Report, deck: Any) -> None:
    found = titles(deck)
    assert len(set(found)) == len(found)
    assert found[0] == report.title
    wanted = ["The plan on one page", "Achievements and concerns", "What is asked of the board", "Decisions required"]
    wanted += ["Exceptions: Red", "Exceptions: Amber", "Looking ahead", "Key to the colours"]
    wanted += [f"Section {number}: " for number in (1, 2, 3, 4)]
    for start in wanted:
        assert any(title.startswith(start) for title in found), start


def test_every_slide_has_its_title_first_and_marking_foot_and_number_last(report: Report, deck: Any) -> None:
    for number, slide in enumerate(deck.slides, 1):
        names = [shape.name for shape in slide.shapes]
        assert slide.shapes[0] == slide.shapes.title
        assert names[-3:] == ["Protective marking", "Foot", "Slide number"]
        texts = [shape.text_frame.text for shape in list(slide.shapes)[-3:]]
        assert texts[0] == "OFFICIAL"
        assert texts[1].startswith(report.page_text)
        assert texts[2] == str(number)


def test_nothing_stands_outside_its_slide_or_on_its_foot(deck: Any) -> None:
    for slide in deck.slides:
        for shape in list(slide.shapes)[1:-3]:
            if shape.is_placeholder:
                continue
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top >= Mm(30)
            assert shape.top + shape.height <= Mm(178), (slide.shapes.title.text_frame.text, shape.name)


def test_shapes_of_a_slide_do_not_lie_on_one_another(deck: Any) -> None:
    for slide in deck.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in list(slide.shapes)[1:-3]]
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, slide.shapes.title.text_frame.text


def test_charts_are_native_and_charts_and_tables_say_what_they_show(report: Report, deck: Any) -> None:
    frames = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    charts = [shape for shape in frames if shape.has_chart]
    assert len(charts) == 2
    for shape in frames:
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    counts = report.table("counts")
    assert counts is not None
    first = charts[0].chart.plots[0]
    assert [next(iter(series.values)) for series in first.series] == list(counts.rows[0][1:6])
    assert charts[0].chart.part.chart_workbook.xlsx_part is not None


def test_every_decision_and_exception_is_on_a_slide_with_its_status_in_words(report: Report, deck: Any) -> None:
    said = {cell.text_frame.text for table in tables(deck) for row in table.rows for cell in row.cells}
    for key in ("decisions", "exceptions.red", "exceptions.amber"):
        table = report.table(key)
        assert isinstance(table, Table)
        for row in table.rows:
            status = next(cell for cell in row if isinstance(cell, StatusValue))
            assert any(text.split("\n")[0] == status.text for text in said)
            ref = row[2] if key == "decisions" else row[0]
            assert any(f"{ref} " in text for text in said)


def test_the_notes_hold_the_whole_sentences(report: Report) -> None:
    long = "A very long reason that no cell has room for, " * 30 + "to its last word."
    table = report.table("exceptions.red")
    section = report.section("exceptions")
    assert table is not None
    assert section is not None
    grown = replace(table, rows=((*table.rows[0][:6], long, *table.rows[0][7:]), *table.rows[1:]))
    changed = replace(section, blocks=tuple(grown if block is table else block for block in section.blocks))
    deck = opened(replace(report, sections=tuple(changed if one is section else one for one in report.sections)))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    assert long.rstrip(".") in notes
    cells = [cell.text_frame.text for made in tables(deck) for row in made.rows for cell in row.cells]
    assert any(text.endswith("…") or "…" in text for text in cells)
    test_nothing_stands_outside_its_slide_or_on_its_foot(deck)


def test_language_title_and_font_are_set(report: Report, deck: Any) -> None:
    assert deck.core_properties.title == report.title
    assert deck.core_properties.language == "en-GB"
    for holder in (deck.slide_master, *deck.slide_layouts, *deck.slides):
        assert {str(one) for one in holder._element.xpath(".//@lang")} <= {"en-GB"}


def test_a_large_plan_and_hostile_texts_stay_on_their_slides() -> None:
    facts = large_facts(160)
    plan = replace(facts.snapshot.plan, title="Wwwwwwwwwwwwwwwwwwwwwwwwwwwwww " * 12, marking="OFFICIAL-SENSITIVE " * 9)
    deck = opened(build_report(replace(facts, snapshot=replace(facts.snapshot, plan=plan))))
    test_nothing_stands_outside_its_slide_or_on_its_foot(deck)
    found = titles(deck)
    assert len(set(found)) == len(found)


def test_texts_are_measured_and_cut_at_words() -> None:
    assert width_of("WWWW", 12) > 4 * width_of("i", 12)
    assert lines_in("one two three", 1000, 12) == 1
    assert lines_in("one\ntwo", 1000, 12) == 2
    assert lines_in("w" * 500, 50, 12) > 5
    cut = fitted("one two three four five six seven", 30, 12, 1)
    assert cut.endswith("…")
    assert lines_in(cut, 30, 12) == 1
    assert lines_in(fitted("w" * 500, 50, 12, 2), 50, 12) <= 2
