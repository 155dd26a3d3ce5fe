"""Tables in Word: a prepared row is deep-copied for each row, so the cost grows with the rows and no faster."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tracker.exports.characters import legal
from tracker.exports.docx_styles import CELL, HEAD_CELL, QUIET_CELL
from tracker.exports.palette import HEAD, RULE
from tracker.exports.report import Cell, Group, KeyValue, Kind, StatusValue, Table, cell_text

# For each cell of a page's row: the columns that it shows, whether each is a status (which has a line
# for marks), and the column that stands before it.
Layout: TypeAlias = tuple[tuple[tuple[int, bool, int | None], ...], ...]

TWIPS_PER_MM = 1440 / 25.4

_P, _R, _T, _BR, _TAB = (qn(name) for name in ("w:p", "w:r", "w:t", "w:br", "w:tab"))
_TC, _TCPR, _SHD, _RPR, _COLOR = (qn(name) for name in ("w:tc", "w:tcPr", "w:shd", "w:rPr", "w:color"))
_FILL, _VAL = qn("w:fill"), qn("w:val")


@dataclass(frozen=True, slots=True)
class Look:
    """How wide tables are against our own page, the ids of the styles of their cells, and their own style if any."""

    scale: float = 1.0
    ids: Mapping[str, str] = field(
        default_factory=lambda: {CELL: "TableText", QUIET_CELL: "TableQuiet", HEAD_CELL: "TableHeading"}
    )
    table_style: str = ""

    def twips(self, millimetres: int) -> int:
        """Return a width of our own page as it is on this one."""
        return round(millimetres * self.scale * TWIPS_PER_MM)


OURS = Look()


def table_element(table: Table, look: Look = OURS) -> Any:
    """Return a Word table: a header row that repeats, rows that do not break, status cells in their colours."""
    groups = table.page_groups()
    element = _frame(table.caption, [group.width for group in groups], look)
    element.append(_header_row(table, groups, look))
    prepared = _prepared_row(table, groups, look)
    layout = tuple(
        tuple((part.column, table.columns[part.column].kind is Kind.STATUS, part.prefix) for part in group.parts)
        for group in groups
    )
    for row in table.rows:
        element.append(_filled(deepcopy(prepared), row, layout))
    return element


def key_value_element(block: KeyValue, widths: tuple[int, int], look: Look = OURS) -> Any:
    """Return labelled values as a table of two columns, the first of them the row's header."""
    element = _frame(block.caption, list(widths), look, first_column=True)
    prepared = parse_xml(
        f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{_cell(look, widths[0], _paragraph(look, HEAD_CELL))}"
        f"{_cell(look, widths[1], _paragraph(look, CELL))}</w:tr>"
    )
    for label, value in block.pairs:
        row = deepcopy(prepared)
        texts = row.iter(_T)
        _write(next(texts), legal(label))
        _write(next(texts), legal(cell_text(value)))
        element.append(row)
    return element


def _frame(caption: str, widths: list[int], look: Look, *, first_column: bool = False) -> Any:
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    said = quoteattr(legal(caption).replace("\n", " "))
    grid = "".join(f'<w:gridCol w:w="{look.twips(width)}"/>' for width in widths)
    shown = "0680" if first_column else "0620"
    ruled = f"<w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
    style = f"<w:tblStyle w:val={quoteattr(look.table_style)}/>" if look.table_style else ""
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr>{style}<w:tblW w:w="{sum(map(look.twips, widths))}" w:type="dxa"/>'
        '<w:tblInd w:w="0" w:type="dxa"/>'
        f"{'' if look.table_style else ruled}"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="{shown}" w:firstRow="{int(not first_column)}" w:lastRow="0" '
        f'w:firstColumn="{int(first_column)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={said}/><w:tblDescription w:val={said}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )


def _header_row(table: Table, groups: tuple[Group, ...], look: Look) -> Any:
    cells = []
    plain = "" if look.table_style else HEAD
    for group in groups:
        column = table.columns[group.parts[0].column]
        right = column.kind is Kind.NUMBER
        fill, ink = (column.term.paint.fill, column.term.paint.ink) if column.term else (plain, "")
        said = _paragraph(look, HEAD_CELL, group.title, right=right, ink=ink, keep=True)
        cells.append(_cell(look, group.width, said, fill=fill))
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>")


def _prepared_row(table: Table, groups: tuple[Group, ...], look: Look) -> Any:
    cells = []
    for group in groups:
        lines = []
        right = table.columns[group.parts[0].column].kind is Kind.NUMBER
        for part in group.parts:
            kind = table.columns[part.column].kind
            style = QUIET_CELL if part.quiet else CELL
            bold = part.bold or kind is Kind.STATUS
            label = "" if part.prefix is None else " "
            lines.append(_paragraph(look, style, label=part.label or label, bold=bold, right=right))
            if kind is Kind.STATUS:
                lines.append(_paragraph(look, QUIET_CELL))
        shaded = table.columns[group.parts[0].column].kind is Kind.STATUS
        cells.append(_cell(look, group.width, "".join(lines), fill="auto" if shaded else ""))
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")


def _filled(row: Any, values: tuple[Cell, ...], layout: Layout) -> Any:
    """Write the values into a copy of the prepared row; a line without a value is taken out with its label."""
    for parts, cell in zip(layout, row.iterchildren(_TC), strict=True):
        lines = list(cell.iterchildren(_P))
        texts: list[str] = []
        for column, is_status, _ in parts:
            value = values[column]
            if isinstance(value, StatusValue):
                texts += (value.text, value.marks_text)
            elif is_status:
                texts += ("", "")
            else:
                texts.append("" if value is None else legal(str(value)))
        if not any(texts):
            for line in lines[1:]:
                cell.remove(line)
            if len(lines[0]) > 2:  # its label
                lines[0].remove(lines[0][1])
            continue
        for line, text in zip(lines, texts, strict=True):
            if text:
                _write(line[-1][-1], text)
            else:
                cell.remove(line)
        for (_, _, prefix), line in zip(parts, lines, strict=False):
            if prefix is not None:
                line[1][-1].text = f"{legal(str(values[prefix] or ''))} ".replace("\n", " ").lstrip()
        first = values[parts[0][0]]
        if isinstance(first, StatusValue):
            _colour(cell, first)
    return row


def _colour(cell: Any, status: StatusValue) -> None:
    cell.find(_TCPR).find(_SHD).set(_FILL, status.term.paint.fill)
    for run in cell.iter(_R):
        run.find(_RPR).append(_ink(status.term.paint.ink))


def _ink(colour: str) -> Any:
    return deepcopy(_INKS.setdefault(colour, parse_xml(f'<w:color {nsdecls("w")} w:val="{colour}"/>')))


_INKS: dict[str, Any] = {}


def _write(place: Any, text: str) -> None:
    """Put text into a w:t; a line end becomes a break and a tab a tab, which w:t cannot hold."""
    if "\n" not in text and "\t" not in text:
        place.text = text
        return
    run = place.getparent()
    run.remove(place)
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(run.makeelement(_BR))
        for turn, piece in enumerate(line.split("\t")):
            if turn:
                run.append(run.makeelement(_TAB))
            if piece:
                written = deepcopy(place)
                written.text = piece
                run.append(written)


def _cell(look: Look, width: int, content: str, *, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{look.twips(width)}" w:type="dxa"/>{shade}</w:tcPr>{content}</w:tc>'


def _paragraph(
    look: Look,
    style: str,
    text: str = "",
    *,
    label: str = "",
    bold: bool = False,
    right: bool = False,
    ink: str = "",
    keep: bool = False,
) -> str:
    colour = f'<w:color w:val="{ink}"/>' if ink else ""
    before = f"{escape(label)}: " if label.strip() else label
    labelled = f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{before}</w:t></w:r>' if label else ""
    keeping, justified = "<w:keepNext/>" if keep else "", '<w:jc w:val="right"/>' if right else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{look.ids[style]}"/>{keeping}{justified}</w:pPr>{labelled}'
        f"<w:r><w:rPr>{'<w:b/>' if bold else ''}{colour}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(legal(text))}</w:t></w:r></w:p>'
    )
