"""Cells as a reader sees them: texts, numbers, dates, fills, merges, and what formulas leave."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from tests.imports.workbooks import HEAD, bold, filled, formatted, merged, read, rezipped, workbook
from tracker.imports.celltext import cleaned, day_of, is_date_format, is_time_format, shown_number
from tracker.imports.colours import colour_name, fill_words
from tracker.imports.grid import Grid, address, column_letters
from tracker.imports.limits import Limits
from tracker.imports.reading import read_workbook
from tracker.rules.errors import Refusal

SHEET = "xl/worksheets/sheet1.xml"


def grid(data: bytes, **limits: int) -> Grid:
    return read_workbook(data, "plan.xlsx", Limits(**limits)).grids[0]


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number)  # noqa: DTZ001 - a sheet's date has no zone


def test_cells_read_as_openpyxl_reads_them() -> None:
    rows: list[list[Any]] = [
        ["Ref", "Größe – “quoted”", 1, 1.5, True, day(2026, 3, 1)],
        ["  spaces  ", "two\nlines", 1.1000000000000001, 0.5, False, day(2025, 12, 31)],
        [None, "<tag> & ]]>", -3, 1e20, None, None],
    ]
    data = workbook(("Sheet", rows, bold(1), filled(A2="FFC000", B2="00B050"), merged("A4:C4")))
    ours = grid(data)
    theirs = load_workbook(io.BytesIO(data))["Sheet"]
    for cell in (cell for row in theirs.iter_rows() for cell in row if cell.value is not None):
        mine = ours.cell(cell.row, cell.column)
        assert mine is not None
        expected = cell.value.strip() if isinstance(cell.value, str) else cell.value
        assert (mine.text if isinstance(expected, str) else mine.value) == expected
        assert mine.bold == bool(cell.font.b)
    assert ours.rows[2][1].fill == "FFC000"
    assert ours.spans[0].width == 3


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("line one_x000D_\nline two", "line one\nline two"),
        ("a_x000B_b", "a\nb"),
        ("literal _x005F_x000D_ kept", "literal _x000D_ kept"),
        ("a\u00a0b\u200bc", "a bc"),
        ("tab\tkept", "tab\tkept"),
        ("trailing  \nspaces \n", "trailing\nspaces"),
        ("bad _xD800_ surrogate", "bad  surrogate"),
    ],
)
def test_text_is_cleaned_once_on_the_way_in(stored: str, shown: str) -> None:
    assert cleaned(stored) == shown


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (1.1000000000000001, "General", "1.1"),
        (1.1, "0.00", "1.10"),
        (7, "General", "7"),
        (7, "000", "007"),
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12.5%"),
        (12345.6, "#,##0.00", "12,345.60"),
        (0.5, "h:mm", "12:00"),
        (3, '0" months"', "3"),
        (2.5, "@", "2.5"),
    ],
)
def test_numbers_show_as_their_format_prints_them(number: float, number_format: str, shown: str) -> None:
    assert shown_number(number, number_format) == shown


@pytest.mark.parametrize(
    ("number_format", "is_date"),
    [
        ("mmm-yy", True),
        ("[$-409]mmm\\-yy", True),
        ("dd/mm/yyyy;@", True),
        ("yyyy", True),
        ("General", False),
        ("0.00", False),
        ('0" days"', False),
        ("[Red]0", False),
        ("h:mm", False),
        ("[h]:mm:ss", False),
    ],
)
def test_a_date_format_is_told_from_a_number_format(number_format: str, is_date: bool) -> None:
    assert is_date_format(number_format) is is_date
    assert not (is_date and is_time_format(number_format))


def test_serial_numbers_become_days_and_empty_dates_become_nothing() -> None:
    assert day_of(46082, from_1904=False) == day(2026, 3, 1)
    assert day_of(46082 - 1462, from_1904=True) == day(2026, 3, 1)
    assert day_of(0, from_1904=False) is None
    assert day_of(-5, from_1904=False) is None
    assert day_of(9e9, from_1904=False) is None


def test_an_empty_date_is_a_problem_with_its_cell_and_no_date() -> None:
    result = read(HEAD, ("1", "Recruit", "Director", 0, None, "Begun"), changes=[formatted(D2="dd/mm/yyyy")])
    assert any(each.where == "Plan D2" and "before 1905" in each.what for each in result.problems)


def test_a_formula_gives_its_stored_value_and_one_without_is_a_problem() -> None:
    data = workbook(("Plan", [HEAD, ("1", "Recruit", "Director", "=A1", "=1/0", None)]))

    def stored(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="D2"><f>A1</f><v></v></c>', b'<c r="D2" t="str"><f>A1</f><v>Mar 2026</v></c>')
        xml = xml.replace(b'<c r="D2"><f>A1</f><v /></c>', b'<c r="D2" t="str"><f>A1</f><v>Mar 2026</v></c>')
        return xml.replace(b'<c r="E2"><f>1/0</f>', b'<c r="E2" t="e"><f>1/0</f>').replace(b"<v />", b"<v>#DIV/0!</v>")

    found = read_workbook(rezipped(data, {SHEET: stored}), "plan.xlsx", Limits())
    assert found.grids[0].rows[2][4].text == "Mar 2026"
    without = read_workbook(data, "plan.xlsx", Limits())
    assert [notice.where for notice in without.notices] == ["Plan D2, E2"]
    assert "no stored value" in without.notices[0].what


def test_an_error_value_is_a_problem_with_its_cell() -> None:
    data = workbook(("Plan", [HEAD, (1, "Recruit", "Director", "Mar 2026")]))
    broken = rezipped(
        data, {SHEET: lambda xml: xml.replace(b'<c r="A2" t="n"><v>1</v>', b'<c r="A2" t="e"><v>#REF!</v>')}
    )
    notices = read_workbook(broken, "plan.xlsx", Limits()).notices
    assert [notice.where for notice in notices] == ["Plan A2"]


def test_text_far_to_the_right_is_a_problem_and_not_a_column() -> None:
    found = read_workbook(workbook(("Plan", [HEAD, [None] * 205 + ["stray"]])), "plan.xlsx", Limits())
    assert found.notices[0].where == "Plan GX2"


def test_hidden_rows_columns_and_sheets_and_filters_are_known() -> None:
    book = Workbook()
    sheet = book["Sheet"]
    for row in (HEAD, ("1", "a", "b", "c", "d", "e"), ("2", "a", "b", "c", "d", "e")):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet.auto_filter.ref = "A1:F3"
    other = book.create_sheet("Lists")
    other["A1"] = "x"
    other.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    grids = read_workbook(stream.getvalue(), "plan.xlsx", Limits()).grids
    assert grids[0].hidden_rows == {2}
    assert grids[0].hidden_columns == {6}
    assert grids[0].filtered
    assert [each.hidden for each in grids] == [False, True]


def test_thousands_of_empty_formatted_rows_are_not_kept() -> None:
    book = Workbook()
    sheet = book["Sheet"]
    sheet.append(HEAD)
    yellow = PatternFill("solid", fgColor="FFFF00")
    for row in range(2, 3_000):
        for column in range(1, 6):
            sheet.cell(row, column).fill = yellow
    sheet["B5000"] = "stray"
    stream = io.BytesIO()
    book.save(stream)
    assert list(grid(stream.getvalue()).rows) == [1, 5000]


def test_theme_and_palette_colours_become_rgb() -> None:
    data = workbook(("Plan", [("a", "b")], filled(A1="FF0000", B1="FF0000")))
    red = b'<fgColor rgb="00FF0000"/>'
    styles = "xl/styles.xml"

    def changed(new: bytes) -> str:
        parts = rezipped(data, {styles: lambda xml: xml.replace(b'<fgColor rgb="00FF0000" />', red).replace(red, new)})
        return grid(parts).rows[1][1].fill

    assert changed(b'<fgColor indexed="10"/>') == "FF0000"
    assert changed(b'<fgColor theme="9"/>') == "F79646"
    assert changed(b'<fgColor theme="9" tint="-0.5"/>') == "984807"
    assert changed(b'<fgColor theme="99"/>') == ""


def test_shared_rich_text_is_joined_and_phonetic_guides_are_left_out() -> None:
    rich = "<si><r><t>one </t></r><r><t>two</t></r><rPh><t>guide</t></rPh></si><si><t>three_x000D_</t></si>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'.encode()
    cell = b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>99</v></c>'
    changes = {
        SHEET: lambda xml: re.sub(rb"<c .*</c>", cell, xml),
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
    }
    data = rezipped(workbook(("Plan", [("text",)])), changes, {"xl/sharedStrings.xml": f"<sst>{rich}</sst>"})
    with pytest.raises(Refusal, match="damaged"):
        grid(data)
    changes[SHEET] = lambda xml: re.sub(rb"<c .*</c>", cell.replace(b"99", b"1"), xml)
    data = rezipped(workbook(("Plan", [("text",)])), changes, {"xl/sharedStrings.xml": f"<sst>{rich}</sst>"})
    assert [each.text for each in grid(data).texts(1)] == ["one two", "three", "three"]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b'Ref,Action\r\n1,"a, ""b""\nc"\r\n', ["1", 'a, "b"\nc']),
        ("Ref;Action\n1;Größe\n".encode("cp1252"), ["1", "Größe"]),
        ("\ufeffRef\tAction\n1\tx\n".encode(), ["1", "x"]),
        ("Ref,Action\n1,x\n".encode("utf-16"), ["1", "x"]),
    ],
)
def test_separated_text_is_one_sheet(data: bytes, texts: list[str]) -> None:
    found = read_workbook(data, "my plan.csv", Limits()).grids[0]
    assert found.name == "my plan"
    assert [cell.text for cell in found.texts(2)] == texts


def test_places_have_the_names_that_excel_gives_them() -> None:
    assert column_letters(27) == "AA"
    assert address(7, 2) == "B7"


def test_a_file_of_another_program_reads_the_same() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Plan")
    sheet.write_row(0, 0, ["Ref", "Action", "Deadline"])
    sheet.write_rich_string(1, 1, "Recruit ", book.add_format({"bold": True}), "two", " staff")
    sheet.write_datetime(1, 2, day(2026, 3, 1), book.add_format({"num_format": "mmm yyyy", "bg_color": "#00B050"}))
    sheet.write_formula(2, 1, '="a"&"b"', None, "ab")
    sheet.write_formula(2, 2, "=1+1", None, 2)
    sheet.merge_range("A4:C4", "Events", book.add_format({"bold": True}))
    sheet.write_boolean(4, 0, True)
    book.close()
    found = grid(stream.getvalue())
    assert [cell.text for cell in found.texts(2)] == ["Recruit two staff", "01/03/2026"]
    assert found.rows[2][3].fill == "00B050"
    assert [cell.text for cell in found.texts(3)] == ["ab", "2"]
    assert found.rows[4][1].span is not None
    assert found.rows[4][1].bold
    assert found.rows[5][1].text == "TRUE"


def test_a_quotation_mark_that_never_closes_is_a_refusal() -> None:
    with pytest.raises(Refusal, match="closing quotation mark"):
        read_workbook(b'Ref,Action\n1,"' + b"x" * 40_000, "plan.csv", Limits())


def test_days_written_as_iso_text_are_days() -> None:
    data = workbook(("Plan", [(1, "x")]))
    iso = rezipped(
        data, {SHEET: lambda xml: xml.replace(b'<c r="A1" t="n"><v>1</v>', b'<c r="A1" t="d"><v>2026-03-01</v>')}
    )
    assert grid(iso).rows[1][1].value == day(2026, 3, 1)


def test_cells_without_an_address_stand_beside_each_other() -> None:
    data = workbook(("Plan", [("a", "b")]))
    bare = rezipped(data, {SHEET: lambda xml: re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml)})
    assert [cell.address for cell in grid(bare).texts(1)] == ["A1", "B1"]


@pytest.mark.parametrize(
    ("fill", "name"),
    [("FF0000", "Red"), ("FFC000", "Amber"), ("FFFF00", "Yellow"), ("92D050", "Green"), ("5B9BD5", "Blue"),
     ("7030A0", "Purple"), ("BFBFBF", "Grey"), ("FFFFFF", "White"), ("000000", "Black")],
)  # fmt: skip
def test_fills_have_everyday_names(fill: str, name: str) -> None:
    assert colour_name(fill) == name
    assert fill_words(fill, {}) == ("" if name in ("White", "Black") else f"{name} (cell colour)")
    assert fill_words(fill, {fill: "On target"}) == "On target"
