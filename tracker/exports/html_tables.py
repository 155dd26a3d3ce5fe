"""Tables and chips of the web page: grouped as on a printed page, in a region that can be scrolled by keyboard."""

from __future__ import annotations

from html import escape

from tracker.exports.characters import legal
from tracker.exports.report import Cell, Column, Group, Kind, StatusValue, Table, cell_text


def words(text: str) -> str:
    """Return any text as HTML; line ends become breaks."""
    return escape(legal(text), quote=False).replace("\n", "<br>")


def line(text: str) -> str:
    """Return any text as one line of HTML, for places that hold no other element."""
    return escape(" ".join(legal(text).split()))


def chip(status: StatusValue) -> str:
    """Return letter and word on the paint of the status."""
    bordered = " bordered" if status.term.paint.bordered else ""
    return f'<b class="chip p-{status.term.paint_name}{bordered}">{words(status.text)}</b>'


def table_region(table: Table) -> str:
    """Return a table with caption and scoped headers; it has rows."""
    groups = table.page_groups()
    heads = "".join(_head(group, table.columns[group.parts[0].column]) for group in groups)
    whole = sum(group.width for group in groups) or 1
    widths = "".join(f'<col class="w{group.width * 100 // whole}">' for group in groups)
    rows = "\n".join(f"<tr>{_cells(table, groups, row)}</tr>" for row in table.rows)
    said = line(table.caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{said}">\n<table>\n'
        f"<caption>{words(table.caption)}</caption>\n<colgroup>{widths}</colgroup>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        "</table>\n</div>"
    )


def _head(group: Group, column: Column) -> str:
    kinds: tuple[str, ...] = ("number",) if column.kind is Kind.NUMBER else ()
    if column.term is not None:
        kinds = (*kinds, f"p-{column.term.paint_name}")
    named = f' class="{" ".join(kinds)}"' if kinds else ""
    return f'<th scope="col"{named}>{words(group.title)}</th>'


def _cells(table: Table, groups: tuple[Group, ...], row: tuple[Cell, ...]) -> str:
    cells = []
    for place, group in enumerate(groups):
        lines = []
        for part in group.parts:
            value = row[part.column]
            if value is None or value == "":
                continue
            before = cell_text(row[part.prefix]) if part.prefix is not None else ""
            lines.append(_line(value, part.label, before, bold=part.bold, quiet=part.quiet))
        kept = [line for line in lines if line]
        said = kept[0] if len(kept) == 1 else "".join(f"<div>{line}</div>" for line in kept)
        number = ' class="number"' if table.columns[group.parts[0].column].kind is Kind.NUMBER else ""
        cells.append(f'<th scope="row"{number}>{said}</th>' if place == 0 else f"<td{number}>{said}</td>")
    return "".join(cells)


def _line(value: Cell, label: str, before: str, *, bold: bool, quiet: bool) -> str:
    if isinstance(value, StatusValue):
        marks = f' <span class="quiet">{words(value.marks_text)}</span>' if value.marks else ""
        return chip(value) + marks
    text = cell_text(value)
    if not text:
        return ""
    said = words(text)
    if bold:
        said = f"<b>{said}</b>"
    if quiet:
        said = f'<span class="quiet">{said}</span>'
    if label:
        said = f"<b>{words(label)}:</b> {said}"
    return f"<b>{words(before)}</b> {said}" if before else said
