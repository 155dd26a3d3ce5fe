"""The workbook as openpyxl gets it: cut down, bounded, and without what makes openpyxl give up."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest
from openpyxl import load_workbook
from openpyxl.styles import Border, Side

from tests.imports.workbooks import HEAD, actions, bold, filled, formatted, read, rezipped, workbook
from tracker.imports.child import _environment
from tracker.imports.grid import Grid
from tracker.imports.guard import checked_archive
from tracker.imports.limits import Limits
from tracker.imports.reading import read_workbook
from tracker.imports.trimming import trimmed
from tracker.rules.errors import Refusal

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
ROWS = [HEAD, ("1", "Recruit", "Director", 46082, "Green", "Begun"), ("2", "Train", "Director", 0.5, None, 1.25)]
PLAIN = workbook(("Plan", ROWS, bold(1), filled(E2="00B050", E3="FFC000"), formatted(D2="mmm-yy", D3="h:mm")))


def grid(data: bytes) -> Grid:
    return read_workbook(data, "plan.xlsx", Limits()).grids[0]


def changed(**parts: tuple[bytes, bytes]) -> bytes:
    """Return the plain workbook with words replaced in its sheet or its styles."""
    names = {"sheet": SHEET, "styles": STYLES, "book": "xl/workbook.xml"}
    return rezipped(PLAIN, {names[part]: lambda xml, pair=pair: xml.replace(*pair) for part, pair in parts.items()})


def prefixed(xml: bytes) -> bytes:
    """Return a part as some programs write it: <x:row>."""
    xml = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", xml)
    return xml.replace(b"xmlns=", b"xmlns:x=")


def strict(xml: bytes) -> bytes:
    """Return a part in the namespaces of a Strict Open XML Spreadsheet."""
    xml = xml.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return xml.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def test_workbooks_are_read_with_defusedxml_here_and_in_the_process_that_reads_files() -> None:
    assert openpyxl.DEFUSEDXML is True
    code = (
        "import openpyxl; from openpyxl.xml.functions import fromstring;"
        "print(openpyxl.DEFUSEDXML, fromstring.__module__)"
    )
    run = subprocess.run([sys.executable, "-c", code], env=_environment(), capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "defusedxml.common"]


def test_fifty_thousand_empty_formatted_rows_cost_little() -> None:
    book = load_workbook(io.BytesIO(PLAIN))
    sheet = book["Plan"]
    border = Border(left=Side("thin"))
    for row in range(4, 5_004):
        for column in range(1, 11):
            sheet.cell(row, column).border = border
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        xml = archive.read(SHEET)
    first, last = xml.index(b'<row r="4"'), xml.index(b"</sheetData>")
    data = rezipped(stream.getvalue(), {SHEET: lambda xml: xml[:first] + xml[first:last] * 10 + xml[last:]})
    began = time.process_time()
    found = grid(data)
    assert time.process_time() - began < 2  # openpyxl alone takes four seconds and more
    assert list(found.rows) == [1, 2, 3]
    small = trimmed(checked_archive(data, Limits())[1], Limits())
    assert len(small.data) < 20_000


def test_empty_cells_stay_only_where_a_colour_speaks() -> None:
    xml = b'<c r="G3" s="0"/><c r="H3"><v></v></c></row></sheetData>'
    data = changed(sheet=(b"</row></sheetData>", xml))
    small = trimmed(checked_archive(data, Limits())[1], Limits())
    with zipfile.ZipFile(io.BytesIO(small.data)) as archive:
        rows = archive.read(SHEET)
    assert b"G3" not in rows
    assert b"H3" not in rows
    assert grid(data).rows[3][5].fill == "FFC000"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(changed(styles=(b"<sz ", b'<family val="99"/><sz ')), id="an impossible font"),
        pytest.param(changed(styles=(b"<borders", b'<borders wrong="1"')), id="borders"),
        pytest.param(changed(sheet=(b"<pageMargins", b'<pageMargins wrong="1"')), id="margins"),
        pytest.param(
            changed(sheet=(b"</sheetData>", b'</sheetData><drawing r:id="rId9" xmlns:r="x"/>')), id="a picture"
        ),
        pytest.param(changed(book=(b"</sheets>", b"</sheets><definedNames><definedName/></definedNames>")), id="names"),
        pytest.param(changed(sheet=(b"<sheetData>", b"<!-- <row r='9'> --><sheetData>")), id="a comment"),
        pytest.param(changed(sheet=(b"<v>1.25</v>", b"<v><![CDATA[1.25]]></v>")), id="cdata"),
        pytest.param(rezipped(PLAIN, {SHEET: prefixed}), id="prefixes"),
        pytest.param(rezipped(PLAIN, {SHEET: lambda xml: xml.replace(b'"', b"'")}), id="single quotes"),
        pytest.param(rezipped(PLAIN, {SHEET: lambda xml: xml.decode().encode("utf-16")}), id="utf-16"),
        pytest.param(rezipped(PLAIN, dict.fromkeys((SHEET, STYLES, "xl/workbook.xml"), strict)), id="strict"),
    ],
)
def test_parts_that_a_plan_has_no_use_for_do_not_stop_its_reading(data: bytes) -> None:
    assert grid(data) == grid(PLAIN)


def test_a_filter_that_openpyxl_cannot_read_is_still_a_filter() -> None:
    own = b'</sheetData><autoFilter ref="A1:F3"><filterColumn colId="0"><customFilters><customFilter val="x"/>'
    data = changed(sheet=(b"</sheetData>", own + b"</customFilters></filterColumn></autoFilter>"))
    assert grid(data).filtered


def test_text_under_a_merged_range_is_kept() -> None:
    merges = b'</sheetData><mergeCells><mergeCell ref="A2:C2"/><mergeCell ref="A:B"/></mergeCells>'
    found = grid(changed(sheet=(b"</sheetData>", merges)))
    assert found.rows[2][2].text == "Recruit"
    assert [(span.left, span.right) for span in found.spans] == [(1, 3)]


def test_formulas_that_give_an_empty_text_make_no_rows() -> None:
    formulas = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><f>IF(B1="","",B1)</f><v></v></c></row>' % (row, row)
        for row in range(4, 30_000)
    )
    found = grid(changed(sheet=(b"</sheetData>", formulas + b"</sheetData>")))
    assert list(found.rows) == [1, 2, 3]
    assert not found.notices


def test_dates_of_both_calendars_are_read_alike() -> None:
    old = changed(book=(b"<workbookPr", b'<workbookPr date1904="1"'), sheet=(b"<v>46082</v>", b"<v>44620</v>"))
    assert grid(old).rows[2][4] == grid(PLAIN).rows[2][4]
    assert grid(PLAIN).rows[2][4].text == "01/03/2026"
    assert grid(PLAIN).rows[3][4].text == "12:00"


def test_a_date_that_no_calendar_has_is_a_notice_and_no_date() -> None:
    found = grid(changed(sheet=(b"<v>46082</v>", b"<v>9000000000</v>")))
    assert 4 not in found.rows[2]
    assert [notice.where for notice in found.notices] == ["Plan D2"]


def test_whatever_stops_openpyxl_is_one_refusal() -> None:
    with pytest.raises(Refusal, match="damaged"):
        grid(changed(sheet=(b'r="D2"', b'r="D2" s="9999"')))
    with pytest.raises(Refusal, match="damaged"):
        grid(changed(styles=(b"numFmtId=", b"numFmtId='x' wrong=")))


def test_escapes_in_shared_texts_are_decoded_once() -> None:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rId99" Type="%b" Target="sharedStrings.xml"/></Relationships>' % kind
    cell = b'<c r="B2" t="s"><v>0</v></c>'
    data = rezipped(
        PLAIN,
        {
            SHEET: lambda xml: re.sub(rb'<c r="B2".*?</c>', cell, xml),
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
        },
        {"xl/sharedStrings.xml": "<sst><si><t>a_x005F_x000D_ b_x000D_\nc</t></si></sst>"},
    )
    assert grid(data).rows[2][2].text == "a_x000D_ b\nc"


def test_an_alignment_keeps_how_far_it_sets_text_in_and_nothing_that_could_stop_the_reader() -> None:
    for alignment, indent in (
        (b'<alignment indent="3"/>', 3), (b'<alignment horizontal="x" indent="2"></alignment>', 2),
        (b'<alignment indent="many" textRotation="999"/>', 0),
    ):  # fmt: skip
        styles = zipfile.ZipFile(io.BytesIO(PLAIN)).read(STYLES)
        aligned = re.sub(rb"(<cellXfs[^>]*>\s*<xf[^>]*?)/?>", rb"\1>" + alignment + b"</xf>", styles, count=1)
        data = rezipped(workbook(("Plan", [("Text",)])), drop=[STYLES], extra={STYLES: aligned})
        assert read_workbook(data, "plan.xlsx", Limits()).grids[0].rows[1][1].indent == indent


def test_text_that_is_struck_through_is_read_and_said() -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

    def strike(sheet: Worksheet) -> None:
        sheet["B2"].font = Font(strike=True)

    result = read(HEAD, ("1", "Close the depot", "Ann", "May 2025"), changes=[strike])
    assert [each.text for each in actions(result)] == ["Close the depot"]
    assert [each.where for each in result.problems if "struck through" in each.what] == ["Plan B2"]
