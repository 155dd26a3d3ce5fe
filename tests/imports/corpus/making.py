"""Builds the files of the corpus from their notation, in memory."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from html import escape

import docx
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill

from tests.imports.corpus.notation import Specimen

MARK = re.compile(r"\{(b|foot|fill:[0-9A-F]{6}|(?:s|ins|del|sdt|box|nest):[^}]*)\}")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def made(specimen: Specimen) -> bytes:
    """Return the bytes of a file."""
    makers: dict[str, Callable[[Specimen], bytes]] = {
        "xlsx": _workbook, "xlsm": _workbook, "docx": _document, "csv": _values, "tsv": _values, "ods": _open_sheet,
    }  # fmt: skip
    return makers.get(specimen.name.rpartition(".")[2], _text)(specimen)


def _cells(line: str) -> list[str]:
    marks = {"\\n": "\n", "\\_": "\u00a0", "\\-": "\u00ad", "\\s": " "}
    parts = re.split(r"(?:^h?|(?<=\s))\|(?=\s|$)", line)[1:]
    return [re.sub(r"\\[n_s-]", lambda mark: marks[mark[0]], part.strip()) for part in parts]


def _is_row(line: str) -> bool:
    return line.startswith(("|", "h|"))


def _plain(cell: str) -> str:
    """Return a cell's words without its marks."""
    return MARK.sub(lambda mark: mark[1].partition(":")[2] if mark[1][:2] in ("s:", "in", "sd") else "", cell)


def _value(cell: str) -> tuple[object, str | None]:
    """Return what a cell holds and its number format."""
    text = _plain(cell)
    if not re.fullmatch(r"#[\d.-]+(;.+)?", text):
        return text or None, None
    number, _, shown = text[1:].partition(";")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", number):
        return datetime.fromisoformat(number), shown or "dd/mm/yyyy"
    return (float(number) if "." in number else int(number)), shown or None


def _workbook(specimen: Specimen) -> bytes:
    book = Workbook()
    book.remove(book["Sheet"])
    sheet, at = None, 0
    for line in specimen.lines:
        if found := re.match(r"\[(hidden )?sheet\] (.*)", line):
            sheet, at = book.create_sheet(found[2]), 0
            sheet.sheet_state = "hidden" if found[1] else "visible"
            continue
        if sheet is None:
            sheet = book.create_sheet("Sheet1")
        if line.startswith("[hide] "):
            sheet.column_dimensions[line[7:].strip()].hidden = True
            continue
        at += 1
        if not _is_row(line):
            continue
        sheet.row_dimensions[at].hidden = line.startswith("h")
        for column, text in enumerate(_cells(line), 1):
            cell = sheet.cell(at, column)
            if text in ("^", "<"):
                continue
            value, shown = _value(text)
            cell.value = _rich(text) if "{s:" in text else value
            if shown:
                cell.number_format = shown
            if fill := re.search(r"\{fill:(\w+)\}", text):
                cell.fill = PatternFill("solid", fgColor=fill[1])
            if "{b}" in text:
                cell.font = Font(bold=True)
    for sheet in book:
        _merge(specimen, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rich(text: str) -> CellRichText:
    parts: list[object] = []
    for number, part in enumerate(re.split(r"\{s:([^}]*)\}", MARK.sub(lambda m: m[0] if m[1][0] == "s" else "", text))):
        if part:
            parts.append(TextBlock(InlineFont(strike=True), part) if number % 2 else part)
    return CellRichText(*parts)


def _rows_of(specimen: Specimen, name: str) -> list[list[str]]:
    """Return the cells of one sheet by row."""
    rows: list[list[str]] = []
    here = name == "Sheet1"
    for line in specimen.lines:
        if found := re.match(r"\[(?:hidden )?sheet\] (.*)", line):
            here = found[1] == name
        elif here and not line.startswith("["):
            rows.append(_cells(line) if _is_row(line) else [])
    return rows


def _spans(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """Return what is merged: row, column, height and width, from 0."""
    found = []
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell in ("^", "<"):
                continue
            wide = 1
            while column + wide < len(row) and row[column + wide] == "<":
                wide += 1
            tall = 1
            while at + tall < len(rows) and column < len(rows[at + tall]) and rows[at + tall][column] == "^":
                tall += 1
            if wide > 1 or tall > 1:
                found.append((at, column, tall, wide))
    return found


def _merge(specimen: Specimen, sheet: object) -> None:
    for at, column, tall, wide in _spans(_rows_of(specimen, sheet.title)):  # type: ignore[attr-defined]
        sheet.merge_cells(None, at + 1, column + 1, at + tall, column + wide)  # type: ignore[attr-defined]


def _values(specimen: Specimen) -> bytes:
    told = dict(re.findall(r"^\[(delimiter|encoding)\] (.*)$", "\n".join(specimen.lines), re.MULTILINE))
    delimiter = "\t" if specimen.name.endswith("tsv") else told.get("delimiter", ",")
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows(_cells(line) if _is_row(line) else [] for line in specimen.lines if not line.startswith("["))
    return stream.getvalue().encode(told.get("encoding", "utf-8-sig"))


def _text(specimen: Specimen) -> bytes:
    return "\n".join(line.replace("\\t", "\t").replace("\\_", "\u00a0") for line in specimen.lines).encode()


def _open_sheet(specimen: Specimen) -> bytes:
    names = re.findall(r"^\[sheet\] (.*)$", "\n".join(specimen.lines), re.MULTILINE) or ["Sheet1"]
    tables = []
    for name in names:
        rows = []
        for row in _rows_of(specimen, name):
            cells = "".join(_open_cell(cell) for cell in row) or "<table:table-cell/>"
            rows.append(f"<table:table-row>{cells}</table:table-row>")
        tables.append(f'<table:table table:name="{escape(name)}">{"".join(rows)}</table:table>')
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{oasis}:office:1.0" '
        f'xmlns:table="{oasis}:table:1.0" xmlns:text="{oasis}:text:1.0" office:version="1.2"><office:body>'
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{oasis}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
        f'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def _open_cell(cell: str) -> str:
    value, _ = _value("" if cell in ("^", "<") else cell)
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, datetime):
        day = value.date().isoformat()
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{day}"><text:p>{value:%d/%m/%Y}</text:p>'
            "</table:table-cell>"
        )
    if isinstance(value, (int, float)):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


@cache
def _template() -> dict[str, bytes]:
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _document(specimen: Specimen) -> bytes:
    body: list[str] = []
    table: list[list[str]] = []
    for line in [*specimen.lines, ""]:
        if _is_row(line):
            table.append(_cells(line))
            continue
        if table:
            body.append(_table(table))
            table = []
        styles = {"# ": "Heading1", "##": "Heading2", "- ": "ListBullet", "+ ": "ListNumber"}
        style = styles.get(line[:2], "")
        text = line.lstrip("#-+ ") if style else line
        if text.startswith("* "):
            text = "{b}" + text[2:]
        body.append(_paragraph(text, style))
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {W}><w:body>'
    xml += "".join(body) + "<w:sectPr/></w:body></w:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _template().items():
            archive.writestr(name, xml if name == "word/document.xml" else content)
    return stream.getvalue()


def _table(rows: list[list[str]]) -> str:
    wide = max(map(len, rows))
    merged = {(at, column): (tall, span) for at, column, tall, span in _spans(rows)}
    below = {(at + more, column): span for (at, column), (tall, span) in merged.items() for more in range(1, tall)}
    out = []
    for at, row in enumerate(rows):
        cells, column = [], 0
        while column < wide:
            text = row[column] if column < len(row) else ""
            tall, span = merged.get((at, column), (1, below.get((at, column), 1)))
            about = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            if tall > 1:
                about += '<w:vMerge w:val="restart"/>'
            elif (at, column) in below:
                about, text = about + "<w:vMerge/>", ""
            if fill := re.search(r"\{fill:(\w+)\}", text):
                about += f'<w:shd w:val="clear" w:fill="{fill[1]}"/>'
            inner = "".join(_paragraph(part, "") for part in text.split("\n"))
            if nested := re.search(r"\{nest:([^}]*)\}", text):
                inner += _table([line.split(";") for line in nested[1].split("/")]) + "<w:p/>"
            cells.append(f"<w:tc><w:tcPr>{about}</w:tcPr>{inner}</w:tc>")
            column += span
        out.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = "<w:gridCol/>" * wide
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(out)}</w:tbl>"


def _paragraph(text: str, style: str) -> str:
    bold = "<w:rPr><w:b/></w:rPr>" if "{b}" in text else ""
    runs = []
    for number, part in enumerate(MARK.split(text)):
        kind, _, words = part.partition(":") if number % 2 else ("", "", part)
        shown = escape(words).replace("\u00ad", "</w:t><w:softHyphen/><w:t xml:space='preserve'>")
        run = f"<w:r>{bold}<w:t xml:space='preserve'>{shown}</w:t></w:r>" if shown else ""
        if kind == "s":
            run = f"<w:r><w:rPr><w:strike/></w:rPr><w:t xml:space='preserve'>{shown}</w:t></w:r>"
        elif kind == "ins":
            run = f'<w:ins w:id="1" w:author="a">{run}</w:ins>'
        elif kind == "del":
            run = f'<w:del w:id="2" w:author="a"><w:r><w:delText xml:space="preserve">{shown}</w:delText></w:r></w:del>'
        elif kind == "sdt":
            run = f"<w:sdt><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>"
        elif kind == "foot":
            run = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        elif kind == "box":
            run = (
                '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>'
                f"{run}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
            )
        elif kind in ("b", "fill", "nest"):
            continue
        runs.append(run)
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}{''.join(runs)}</w:p>"
