"""The workbook reopens with the content of the report: real dates, no formulas, filters, frozen headers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from docx.oxml.ns import qn

from tests.exports.reading import formulas, sheet_rows, sheet_table, word_tables, workbook
from tests.exports.sample import report_facts
from tracker.exports import Report, build_report, render
from tracker.exports.characters import CELL_LIMIT, TRUNCATED
from tracker.exports.report import Kind, StatusValue
from tracker.exports.xlsx import SHEETS
from tracker.rules.colour import BAR_ORDER, Colour

VERSION = "Version 1 (Final), baseline 28 May 2025"


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts(marking="OFFICIAL & SENSITIVE"))


@pytest.fixture(scope="module")
def data(report: Report) -> bytes:
    return render(report, "xlsx")


def test_the_sheets_stand_in_order(data: bytes) -> None:
    assert workbook(data).sheetnames == ["Summary", *SHEETS]


def test_every_sheet_has_its_title_in_the_first_cell_and_says_whose_progress_it_is(report: Report, data: bytes) -> None:
    for sheet in workbook(data):
        assert sheet["A1"].value
        assert f"As at 21 November 2025 · {VERSION} · OFFICIAL & SENSITIVE" in sheet["A2"].value
        assert sheet["A3"].value == report.notice


def test_every_table_holds_every_row(report: Report, data: bytes) -> None:
    for name in SHEETS:
        wanted = [(table, row) for table in report.tables() if table.sheet == name for row in table.rows]
        found = sheet_table(data, name)
        assert len(found) == len(wanted)
        for values, (table, row) in zip(found, wanted, strict=True):
            for column, value in zip(table.columns, row, strict=True):
                title = f"{column.title} (as written)" if column.as_written else column.title
                if column.kind is Kind.DATE:
                    assert value is not None or values[title] is None
                elif isinstance(value, StatusValue):
                    assert values[title] == value.text
                elif isinstance(value, int):
                    assert values[title] == value
                else:
                    assert (values[title] or "") == (value or "")


def test_a_month_is_text_beside_a_real_last_day(data: bytes) -> None:
    rows = {row["Ref"]: row for row in sheet_table(data, "Register")}
    assert rows["1a.1"]["Deadline (as written)"] == "Jul 2025"
    assert rows["1a.1"]["Deadline: last day"] == datetime(2025, 7, 31)  # noqa: DTZ001 - a cell has no zone
    assert rows["1d.1"]["Deadline (as written)"] == "TBC"
    assert rows["1d.1"]["Deadline: last day"] is None
    assert rows["1a.1"]["Completed"] == datetime(2025, 7, 26)  # noqa: DTZ001 - a cell has no zone


def test_figures_are_equal_in_word_in_excel_and_in_the_content(report: Report, data: bytes) -> None:
    table = report.table("counts")
    assert table is not None
    counted = [list(map(str, row[1:])) for row in table.rows]
    word = word_tables(render(report, "docx"))["Milestones by colour"]
    assert [row[1:] for row in word[1:]] == counted
    rows = sheet_rows(data, "Summary")
    header = next(index for index, row in enumerate(rows) if row[0] == "Milestones")
    excel = [[str(value) for value in row[1:7]] for row in rows[header + 1 : header + 5]]
    assert excel == counted
    listed = [row["Status"] for row in sheet_table(data, "Register")]
    for index, colour in enumerate(BAR_ORDER):
        assert counted[0][index] == str(listed.count(StatusValue(colour).text))


def test_status_cells_have_colour_letter_and_word(data: bytes) -> None:
    sheet = workbook(data)["Register"]
    seen: dict[str, str] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.fill.fgColor.rgb:
                seen.setdefault(cell.value, str(cell.fill.fgColor.rgb))
    for colour in (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.GREY, Colour.BLUE):
        assert seen[StatusValue(colour).text].endswith(StatusValue(colour).term.paint.fill)


def test_tables_have_filters_frozen_headers_and_a_print_set_up(data: bytes) -> None:
    book = workbook(data)
    for name in SHEETS:
        sheet = book[name]
        (table,) = sheet.tables.values()
        assert table.autoFilter is not None
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
        assert "OFFICIAL & SENSITIVE" in str(sheet.oddHeader.right.text).replace("&&", "&")


def test_charts_are_native_with_alternative_text(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 2
    assert drawing.count('descr="Stacked bars of milestones by colour.') == 2


def test_document_properties_are_set(report: Report, data: bytes) -> None:
    properties = workbook(data).properties
    assert properties.title == report.title
    assert properties.creator == "Westmorland and Furness Council"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", '=HYPERLINK("http://x")', "{=1}", "http://a.example/"])
def test_text_that_looks_like_a_formula_or_a_link_stays_text(start: str) -> None:
    text = f"{start}1+1"
    data = render(with_text(text), "xlsx")
    assert formulas(data) == []
    sheet = workbook(data)["Register"]
    cells: list[Any] = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert cells
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    assert all(cell.quotePrefix for cell in cells) == text.startswith(("=", "+", "-", "@"))


def test_a_text_that_is_too_long_is_cut_with_a_note() -> None:
    values = [row["Update"] for row in sheet_table(render(with_text("x" * 40_000), "xlsx"), "Register")]
    cut = next(value for value in values if value)
    assert len(cut) == CELL_LIMIT
    assert cut.endswith(TRUNCATED)


def test_a_date_before_excels_calendar_is_written_as_text() -> None:
    facts = report_facts()
    priority = facts.snapshot.priorities[0]
    stream = priority.workstreams[0]
    old = replace(stream.milestones[0], started=date(1899, 5, 1))
    changed = replace(priority, workstreams=(replace(stream, milestones=(old,)),))
    data = render(build_report(replace(facts, snapshot=replace(facts.snapshot, priorities=(changed,)))), "xlsx")
    assert sheet_table(data, "Register")[0]["Started"] == "1899-05-01"


def test_a_label_that_is_already_a_header_does_not_break_the_table() -> None:
    facts = report_facts()
    plan = replace(facts.snapshot.plan, priority_label="Status", workstream_label="Ref")
    data = render(build_report(replace(facts, snapshot=replace(facts.snapshot, plan=plan))), "xlsx")
    assert "Status 2" in sheet_table(data, "By priority")[0]


def test_a_plan_without_milestones_still_gives_a_workbook_and_a_document() -> None:
    facts = report_facts(first=True)
    empty = replace(facts.snapshot, priorities=())
    report = build_report(replace(facts, snapshot=empty, coming=(), moves=(), decisions=()))
    assert "Register" in workbook(render(report, "xlsx")).sheetnames
    assert qn("w:tbl") in {child.tag for child in _body(render(report, "docx"))}


def _body(data: bytes) -> Any:
    from tests.exports.reading import word

    return word(data).element.body


def with_text(text: str) -> Report:
    """Return a report whose first milestone was updated with `text`."""
    facts = report_facts()
    priority = facts.snapshot.priorities[0]
    stream = priority.workstreams[0]
    row = replace(stream.milestones[0], progress=text, text=text)
    changed = replace(priority, workstreams=(replace(stream, milestones=(row, *stream.milestones[1:])),))
    return build_report(replace(facts, snapshot=replace(facts.snapshot, priorities=(changed,))))


def test_a_status_keeps_its_colour_by_its_words_and_lateness_is_marked(report: Report, data: bytes) -> None:
    book = workbook(data)
    for name in ("Exceptions", "Register", "Decisions"):
        rules = {
            rule.formula[0]: rule.dxf.fill.bgColor.rgb[-6:]
            for held in book[name].conditional_formatting
            for rule in held.rules
            if rule.operator == "equal"
        }
        shown = {cell for t in report.tables() if t.sheet == name for row in t.rows for cell in row}
        wanted = {cell for cell in shown if isinstance(cell, StatusValue)}
        assert rules == {f'"{cell.text}"': cell.term.paint.fill for cell in wanted}
    marked = [rule for held in book["Exceptions"].conditional_formatting for rule in held.rules]
    assert any(rule.operator == "greaterThan" and rule.formula == ["0"] for rule in marked)
