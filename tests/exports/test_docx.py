"""The Word report reopens with the content of the report, and is built as an accessible document."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from time import perf_counter

import pytest
from docx.oxml.ns import qn

from tests.exports.reading import line_text, word, word_tables
from tests.exports.sample import large_facts, report_facts
from tracker.exports import Report, build_report, render
from tracker.exports.docx_tables import table_element
from tracker.exports.report import ChartBlock, Heading, KeyValue, StatusLine, StatusValue, Table, cell_text
from tracker.rules.colour import Colour

VERSION = "Version 1 (Final), baseline 28 May 2025"


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(report_facts(marking="OFFICIAL-SENSITIVE"))


@pytest.fixture(scope="module")
def data(report: Report) -> bytes:
    return render(report, "docx")


def test_every_section_and_subsection_is_a_heading(report: Report, data: bytes) -> None:
    said = [(p.style.name, p.text) for p in word(data).paragraphs if p.style and p.style.name.startswith("Heading")]
    wanted = [("Heading 1", "Highlight report, as at 21 November 2025")]
    for section in report.sections:
        if section.key != "front":
            wanted.append(("Heading 1", section.heading))
        wanted += [(f"Heading {block.level}", block.text) for block in section.blocks if isinstance(block, Heading)]
    assert said == wanted


def test_every_table_prints_every_value_that_its_page_shows(report: Report, data: bytes) -> None:
    printed = word_tables(data)
    for table in report.tables():
        if not table.rows:
            continue
        rows = printed[table.caption]
        groups = table.page_groups()
        assert rows[0] == [group.title for group in groups]
        assert len(rows) == len(table.rows) + 1
        for row, values in zip(rows[1:], table.rows, strict=True):
            for text, group in zip(row, groups, strict=True):
                for part in group.parts:
                    value = values[part.column]
                    said = value.text if isinstance(value, StatusValue) else cell_text(value)
                    assert said in text


def test_a_colour_below_a_heading_stays_on_the_page_of_what_follows(report: Report, data: bytes) -> None:
    said = {block.sentence for section in report.sections for block in section.blocks if isinstance(block, StatusLine)}
    lines = [line for line in word(data).paragraphs if any(line.text.endswith(sentence) for sentence in said)]
    assert len(lines) >= len(said) > 1
    assert all(line.paragraph_format.keep_with_next for line in lines)


def test_labelled_values_are_printed(report: Report, data: bytes) -> None:
    printed = word_tables(data)
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, KeyValue):
                assert printed[block.caption] == [[label, cell_text(value)] for label, value in block.pairs]


def test_header_rows_repeat_and_no_row_is_split(data: bytes) -> None:
    tables = list(word(data).element.body.iter(qn("w:tbl")))
    assert len(tables) > 20
    for table in tables:
        rows = list(table.iter(qn("w:tr")))
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
        if table.find(f".//{qn('w:tblLook')}").get(qn("w:firstRow")) == "1":
            assert rows[0].find(f".//{qn('w:tblHeader')}") is not None
            assert len(rows) > 1


def test_cells_are_as_wide_as_their_grid_and_never_merged(data: bytes) -> None:
    for table in word(data).element.body.iter(qn("w:tbl")):
        grid = [column.get(qn("w:w")) for column in table.iter(qn("w:gridCol"))]
        for row in table.iter(qn("w:tr")):
            assert [width.get(qn("w:w")) for width in row.iter(qn("w:tcW"))] == grid
        assert not list(table.iter(qn("w:gridSpan"), qn("w:vMerge")))


def test_status_cells_have_colour_letter_and_word(data: bytes) -> None:
    seen = {}
    for cell in word(data).element.body.iter(qn("w:tc")):
        shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
        if shade is not None:
            seen.setdefault(line_text(next(cell.iter(qn("w:p")))), shade.get(qn("w:fill")))
    for colour in (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.GREY, Colour.BLUE):
        assert seen[StatusValue(colour).text] == StatusValue(colour).term.paint.fill


def test_title_language_and_fonts_are_set(report: Report, data: bytes) -> None:
    document = word(data)
    assert document.core_properties.title == report.title
    assert document.core_properties.language == "en-GB"
    languages = {element.get(qn("w:val")) for element in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        assert document.styles[name].font.name == "Arial"


def test_the_contents_list_is_a_field_that_is_already_filled(report: Report, data: bytes) -> None:
    body = word(data).element.body
    assert any("TOC" in (field.text or "") for field in body.iter(qn("w:instrText")))
    links = [line_text(link).strip() for link in body.iter(qn("w:hyperlink"))]
    assert links == [section.heading for section in report.sections if section.key != "front"]
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert anchors < {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}


def test_charts_are_native_with_alternative_text_and_editable_figures(report: Report, data: bytes) -> None:
    charts = [block for section in report.sections for block in section.blocks if isinstance(block, ChartBlock)]
    drawn = list(word(data).element.body.iter(qn("wp:docPr")))
    assert [one.get("descr") for one in drawn] == [chart.alt for chart in charts]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        for number in range(1, len(charts) + 1):
            xml = archive.read(f"word/charts/chart{number}.xml").decode()
            assert 'val="stacked"' in xml
            assert "externalData" in xml
            assert f"word/embeddings/chart{number}.xlsx" in names


def test_the_page_is_a4_and_the_register_lies_on_its_side(data: bytes) -> None:
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in word(data).sections if s.page_width]
    assert [size for size, _ in groupby(sizes)] == [(210, 297), (297, 210), (210, 297)]


def test_every_page_says_the_day_the_marking_and_that_it_is_a_demonstration(report: Report, data: bytes) -> None:
    for section in word(data).sections:
        header = "\n".join(paragraph.text for paragraph in section.header.paragraphs)
        assert "OFFICIAL-SENSITIVE" in header
        assert report.notice in header
        footer = section.footer.paragraphs[0]
        assert footer.text.startswith(f"As at 21 November 2025 · {VERSION} · OFFICIAL-SENSITIVE")
        fields = [field.get(qn("w:instr")).strip() for field in footer._p.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_a_plain_report_has_no_notice() -> None:
    data = render(build_report(report_facts(demonstration=False)), "docx")
    header = word(data).sections[0].header
    assert [paragraph.text for paragraph in header.paragraphs] == [report_facts().snapshot.plan.title]


def test_a_table_costs_what_its_rows_cost() -> None:
    section = build_report(large_facts(1000)).section("register")
    assert section is not None
    small = next(section.tables())
    large = Table(small.key, small.caption, small.columns, small.rows * 40, small.sheet, small.groups)
    small = Table(small.key, small.caption, small.columns, small.rows * 4, small.sheet, small.groups)

    def seconds(table: Table) -> float:
        took = []
        for _ in range(3):
            start = perf_counter()
            table_element(table)
            took.append(perf_counter() - start)
        return min(took)

    assert seconds(large) < 25 * seconds(small)  # ten times the rows; a quadratic writer takes a hundred times
