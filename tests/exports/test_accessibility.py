"""Produced files are accessible documents: Word, Excel, slides, web page and PDF, each reopened and looked into."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn
from openpyxl.cell import Cell
from pptx import Presentation

from tests.exports.reading import word, workbook
from tests.exports.sample import report_facts
from tracker.exports import Report, build_report, render, select
from tracker.exports.office import office
from tracker.exports.report import StatusValue
from tracker.rules.paint import PAINTS

ENOUGH = 4.5
EDITIONS = ("board", "cabinet", "public")
LETTERS = re.compile(r"^(R|A|Gn|Gy|B|-)? ?\w")


@pytest.fixture(scope="module", params=EDITIONS)
def report(request: pytest.FixtureRequest) -> Report:
    return select(build_report(report_facts(marking="OFFICIAL")), request.param)


@pytest.fixture(scope="module")
def docx(report: Report) -> Any:
    return word(render(report, "docx"))


@pytest.fixture(scope="module")
def xlsx(report: Report) -> Any:
    return workbook(render(report, "xlsx"))


@pytest.fixture(scope="module")
def pptx(report: Report) -> Any:
    return Presentation(io.BytesIO(render(report, "pptx")))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 computes it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("FFFFFF", "00B050") < 3  # Excel's own green


def test_every_paint_has_contrast_enough_with_its_text() -> None:
    for paint in PAINTS.values():
        assert contrast(paint.fill, paint.ink) >= ENOUGH, paint.name
        assert contrast(paint.bar_fill, paint.bar_text) >= ENOUGH, paint.name


# --- Word ---


def test_word_has_title_and_language(report: Report, docx: Any) -> None:
    assert docx.core_properties.title == report.title
    assert docx.core_properties.language == "en-GB"
    assert {lang.get(qn("w:val")) for lang in docx.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_word_headings_skip_no_level_and_begin_with_the_first(docx: Any) -> None:
    levels = [int(p.style.name[-1]) for p in docx.paragraphs if p.style.name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_word_has_no_empty_paragraph(docx: Any) -> None:
    for paragraph in docx.paragraphs:
        held = list(paragraph._p.iter(qn("w:drawing"), qn("w:sectPr")))
        assert paragraph.text.strip() or held, paragraph.style.name


def test_word_tables_have_a_repeated_header_or_a_header_column_and_say_what_they_hold(docx: Any) -> None:
    for table in docx.element.body.iter(qn("w:tbl")):
        first = table.find(qn("w:tr"))
        look = table.find(f".//{qn('w:tblLook')}")
        if look.get(qn("w:firstRow")) == "1":
            assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        else:
            assert look.get(qn("w:firstColumn")) == "1"
        assert table.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))
        assert not list(table.iter(qn("w:gridSpan"), qn("w:vMerge")))
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.iter(qn("w:tr")))


def test_word_pictures_and_charts_have_alternative_text(docx: Any) -> None:
    drawings = list(
        docx.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    )
    assert drawings
    assert all(len(drawing.get("descr")) > 40 for drawing in drawings)


def test_word_cells_with_a_fill_hold_words_that_can_be_read(docx: Any) -> None:
    for cell in docx.element.body.iter(qn("w:tc")):
        shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
        fill = shade.get(qn("w:fill")) if shade is not None else "auto"
        if fill == "auto":
            continue
        text = "".join(part.text or "" for part in cell.iter(qn("w:t")))
        assert text.strip(), "a fill without a word"
        inks = {colour.get(qn("w:val")) for colour in cell.iter(qn("w:color"))} or {"0B0C0C"}
        assert all(contrast(fill, ink) >= ENOUGH for ink in inks)


def test_every_status_is_a_letter_and_a_word(report: Report) -> None:
    cells = (cell for table in report.tables() for row in table.rows for cell in row)
    statuses = {cell for cell in cells if isinstance(cell, StatusValue)}
    assert statuses
    for status in statuses:
        assert LETTERS.match(status.text)
        assert status.word in status.text


def test_the_marking_and_the_day_stand_on_every_page_of_word(report: Report, docx: Any) -> None:
    for section in docx.sections:
        assert any("OFFICIAL" in p.text for p in section.header.paragraphs)
        assert any(report.as_at_text in p.text for p in section.footer.paragraphs)


# --- Excel ---


def test_excel_has_title_and_named_tables_with_header_rows(report: Report, xlsx: Any) -> None:
    assert xlsx.properties.title == report.title
    for sheet in xlsx:
        assert sheet["A1"].value
        for table in sheet.tables.values():
            assert table.headerRowCount != 0
            assert all(cell.value for cell in sheet[table.ref][0])
        assert not sheet.merged_cells.ranges or sheet.title == "Summary"


def test_excel_charts_have_alternative_text(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(render(report, "xlsx"))) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        drawings = "".join(archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/drawings/drawing"))
    assert charts
    assert len(re.findall(r'descr="[^"]{40,}"', drawings)) == len(charts)


def painted(book: Any) -> Iterator[Cell]:
    """Yield the cells that have a fill."""
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.fill.fill_type == "solid")


def test_excel_cells_with_a_fill_hold_words_that_can_be_read(xlsx: Any) -> None:
    found = list(painted(xlsx))
    assert found
    for cell in found:
        assert str(cell.value).strip()
        ink = cell.font.color.rgb[-6:] if cell.font.color and isinstance(cell.font.color.rgb, str) else "000000"
        assert contrast(cell.fill.fgColor.rgb[-6:], ink) >= ENOUGH, (cell.coordinate, cell.value)


# --- PowerPoint ---


def test_slides_have_titles_of_their_own_and_text_that_can_be_read(pptx: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in pptx.slides]
    assert len(set(titles)) == len(titles)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for slide in pptx.slides:
        for cell in slide._element.iter(f"{{{space['a']}}}tc"):
            fill = cell.find("a:tcPr/a:solidFill/a:srgbClr", space)
            inks = [ink.get("val") for ink in cell.findall(".//a:rPr/a:solidFill/a:srgbClr", space)]
            if fill is not None:
                assert "".join(cell.itertext()).strip()
                assert all(contrast(fill.get("val"), ink) >= ENOUGH for ink in inks)
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


# --- PDF and the web page ---


@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")
def test_the_pdf_has_table_headers_alternative_texts_and_an_outline(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(render(select(build_report(report_facts(marking="OFFICIAL")), "cabinet"), "pdf"))
    tree = subprocess.run(["pdfinfo", "-struct", str(file)], capture_output=True, text=True, check=True).stdout
    kinds = re.findall(r"^\s*(\w+)(?: \(|:|$)", tree, re.MULTILINE)
    for kind in ("H1", "H2", "Table", "TH", "TD", "L", "LI", "Figure"):
        assert kind in kinds, kind
    levels = [int(kind[1]) for kind in kinds if re.fullmatch(r"H[1-6]", kind)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
