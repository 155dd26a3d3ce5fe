"""Reopen what was rendered: the words of a Word file, the cells of a workbook, the lines of a CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import fromstring

import openpyxl
from docx import Document as open_document
from docx.document import Document
from docx.oxml.ns import qn


def word(data: bytes) -> Document:
    """Open a Word file."""
    return open_document(io.BytesIO(data))


def word_tables(data: bytes) -> dict[str, list[list[str]]]:
    """Return the tables of a Word file by caption, each as rows of cell texts (the lines of a cell with "\\n")."""
    found: dict[str, list[list[str]]] = {}
    for table in word(data).element.body.iter(qn("w:tbl")):
        caption = table.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))
        found[caption] = [
            ["\n".join(line_text(line) for line in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
            for row in table.iter(qn("w:tr"))
        ]
    return found


def every_line(data: bytes) -> list[str]:
    """Return the text of every paragraph of a Word file, tables, headers and footers included."""
    document = word(data)
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    return [line_text(line) for part in parts for line in part.iter(qn("w:p"))]


def every_cell(data: bytes) -> dict[str, list[list[Any]]]:
    """Return the values of every sheet of a workbook by its name."""
    return {name: sheet_rows(data, name) for name in workbook(data).sheetnames}


def line_text(line: Any) -> str:
    """Return the text of a paragraph with its breaks and tabs."""
    out = []
    for part in line.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        if part.tag == qn("w:t"):
            out.append(part.text or "")
        elif part.getparent().tag == qn("w:r"):
            out.append("\n" if part.tag == qn("w:br") else "\t")
    return "".join(out)


def workbook(data: bytes) -> openpyxl.Workbook:
    """Open a workbook."""
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet_rows(data: bytes, name: str) -> list[list[Any]]:
    """Return the values of a sheet."""
    return [[cell.value for cell in row] for row in workbook(data)[name].iter_rows()]


def sheet_table(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the rows of the table on a sheet by header."""
    sheet = workbook(data)[name]
    (table,) = sheet.tables.values()
    header, *rows = sheet[table.ref]
    return [dict(zip([cell.value for cell in header], [cell.value for cell in row], strict=True)) for row in rows]


def shared_strings(data: bytes) -> set[str]:
    """Return every text of a workbook as Excel reads it: openpyxl does not undo all of the _xHHHH_ escapes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = fromstring(archive.read("xl/sharedStrings.xml"))
    texts = (item.text or "" for item in root.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}t"))
    return {re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text) for text in texts}


def formulas(data: bytes) -> list[str]:
    """Return the worksheet parts that hold a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            name
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and re.search(rb"<f[ >]", archive.read(name))
        ]


def csv_rows(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
