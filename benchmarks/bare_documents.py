"""The same report written with the bare libraries, in the plain way that their manuals show."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from io import BytesIO

import docx
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell

from tracker.exports.report import (
    BulletList,
    Cell,
    ChartBlock,
    DateValue,
    Heading,
    KeyValue,
    Paragraph,
    Report,
    StatusLine,
    StatusValue,
    Table,
    cell_text,
)
from tracker.rules.colour import Colour

FILLS = {
    Colour.RED: "CA3535",
    Colour.AMBER: "FFBF47",
    Colour.GREEN: "0F7A52",
    Colour.GREY: "484949",
    Colour.BLUE: "1D70B8",
    Colour.NONE: "FFFFFF",
}


def word(report: Report) -> bytes:
    """Write the report with python-docx: each cell's text is set, each coloured cell is shaded."""
    document = docx.Document()
    document.core_properties.title = report.title
    document.add_heading(report.title, 0)
    for section in report.sections:
        document.add_heading(section.heading, 1)
        for block in section.blocks:
            if isinstance(block, Heading):
                document.add_heading(block.text, block.level)
            elif isinstance(block, Paragraph):
                document.add_paragraph(block.text)
            elif isinstance(block, BulletList):
                for item in block.items:
                    document.add_paragraph(item, "List Number" if block.numbered else "List Bullet")
            elif isinstance(block, StatusLine):
                document.add_paragraph(f"{block.status} {block.sentence}")
            elif isinstance(block, KeyValue):
                for label, value in block.pairs:
                    document.add_paragraph(f"{label}: {cell_text(value)}")
            elif isinstance(block, Table) and block.rows:
                _word_table(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _word_table(document: docx.document.Document, table: Table) -> None:
    groups = table.page_groups()
    made = document.add_table(rows=1 + len(table.rows), cols=len(groups), style="Table Grid")
    for cell, group in zip(made.rows[0].cells, groups, strict=True):
        cell.text = group.title
    for row, values in zip(list(made.rows)[1:], table.rows, strict=True):
        for cell, group in zip(row.cells, groups, strict=True):
            parts = [values[part.column] for part in group.parts]
            cell.text = "\n".join(text for part in parts if (text := cell_text(part)))
            if isinstance(parts[0], StatusValue):
                _shade(cell, FILLS[parts[0].colour])


def _shade(cell: _Cell, fill: str) -> None:
    element = OxmlElement("w:shd")
    element.set(qn("w:val"), "clear")
    element.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(element)


def excel(report: Report) -> bytes:
    """Write the tables with XlsxWriter: one format for each kind of cell, filter, frozen header, a chart."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    plain = {"border": 1, "text_wrap": True, "valign": "top"}
    formats = {
        "head": book.add_format(plain | {"bold": True, "bg_color": "#243B53", "font_color": "#FFFFFF"}),
        "text": book.add_format(plain),
        "day": book.add_format(plain | {"num_format": "d mmm yyyy"}),
    }
    fills = {colour: book.add_format(plain | {"bg_color": f"#{fill}"}) for colour, fill in FILLS.items()}
    sheets: dict[str, list[Table]] = defaultdict(list)
    for table in report.tables():
        if table.rows:
            sheets[table.sheet or table.key[:31]].append(table)
    for name, tables in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        for index, column in enumerate(tables[0].columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.title, formats["head"])
        number = 0
        for table in tables:
            for values in table.rows:
                number += 1
                for index, value in enumerate(values):
                    _excel_cell(sheet, number, index, value, formats, fills)
        sheet.autofilter(0, 0, number, len(tables[0].columns) - 1)
    sheet = book.get_worksheet_by_name(next(iter(sheets)))
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, ChartBlock):
                chart = book.add_chart({"type": "bar", "subtype": "stacked"})
                for series in block.series:
                    chart.add_series({"name": series.colour.value, "values": [sheet.name, 1, 1, len(series.points), 1]})
                sheet.insert_chart("L2", chart)
    book.close()
    return out.getvalue()


def _excel_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Cell,
    formats: dict[str, object],
    fills: dict[Colour, object],
) -> None:
    if isinstance(value, StatusValue):
        sheet.write_string(row, column, str(value), fills[value.colour])
    elif isinstance(value, DateValue) and value.day:
        instant = datetime(value.day.year, value.day.month, value.day.day)  # noqa: DTZ001  Excel has no zones
        sheet.write_datetime(row, column, instant, formats["day"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["text"])
    else:
        sheet.write_string(row, column, cell_text(value), formats["text"])
