"""A Word document as one grid: its paragraphs and tables in order, read through python-docx.

python-docx is imported inside: only the process that reads a document pays for it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tracker.imports.blocks import Blocks, Box
from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Grid
from tracker.imports.guard import damaged
from tracker.imports.limits import Limits
from tracker.imports.wordlists import W, lists_of
from tracker.imports.wordparts import trimmed_document
from tracker.imports.wordtext import Styles, fill_of, fill_of_runs, is_bold, struck_apart, styles_of, text_of
from tracker.rules.errors import Refusal

_INSIDE = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}smartTag", f"{W}customXml"})
_NEAR = 120  # twentieths of a point: column edges as near as this to each other are one, drawn by hand


def read_document(archive: zipfile.ZipFile, limits: Limits) -> Grid:
    """Read a document. Raises Refusal if it is damaged or over a limit."""
    data = trimmed_document(archive, limits)
    try:
        import docx

        document = docx.Document(BytesIO(data))
        kept = {part.partname.rpartition("/")[2]: part.element for part in _parts(document.part)}
        lists = lists_of(kept.get("numbering.xml"))
        blocks = Blocks(limits)
        blocks.expect(sum(1 for _ in document.element.body.iter(f"{W}tc")))
        reader = _Reader(blocks, styles_of(kept.get("styles.xml"), lists))
        reader.blocks_of(document.element.body)
        return reader.done()
    except (Refusal, MemoryError):
        raise
    except Exception:
        raise damaged() from None


def _parts(main: Any) -> Iterator[Any]:
    for relation in main.rels.values():
        if not relation.is_external and hasattr(relation.target_part, "element"):
            yield relation.target_part


class _Reader:
    """Goes through the document once, from top to bottom."""

    def __init__(self, blocks: Blocks, styles: Styles) -> None:
        self.blocks = blocks
        self.styles = styles
        self.notes = 0
        self.old_dates: list[str] = []  # struck through beside others

    def done(self) -> Grid:
        """Return the grid, with notices of what cannot be shown in it."""
        if self.styles.hidden:
            self.blocks.notice(
                f"{self.styles.hidden} pieces of hidden text were not imported.",
                "Show them in Word (Home, Font, Hidden) and import again if they belong to the plan.",
            )
        if self.notes:
            self.blocks.notice(f"{self.notes} footnotes or endnotes were not imported.", "")
        if self.old_dates:
            shown = ", ".join(f"“{each}”" for each in self.old_dates[:5]) + (", ..." if len(self.old_dates) > 5 else "")
            self.blocks.notice(
                f"{len(self.old_dates)} dates that are struck through beside others were taken for old ones: {shown}.",
                "Record how these dates moved if the board agreed to it.",
            )
        return self.blocks.done()

    def blocks_of(self, parent: Any) -> None:
        """Read the paragraphs and tables below each other in an element."""
        for each in parent.iterchildren():
            if each.tag == f"{W}p":
                self._paragraph(each)
            elif each.tag == f"{W}tbl":
                self._table(each)
            elif each.tag in _INSIDE:
                self.blocks_of(each)

    def _paragraph(self, element: Any) -> None:
        look = self.styles.of(element)
        text = text_of(element, self.styles)
        self.notes += sum(1 for _ in element.iter(f"{W}footnoteReference", f"{W}endnoteReference"))
        bold = look.title or (bool(text.strip()) and is_bold(element, by_style=look.bold))
        self.blocks.paragraph(text, level=look.level, bold=bold, fill=fill_of(element.find(f"{W}pPr")))
        for box in element.iter(f"{W}txbxContent"):
            if not any(above.tag.endswith("}Fallback") for above in box.iterancestors() if isinstance(above.tag, str)):
                self.blocks_of(box)

    def _table(self, table: Any) -> None:
        rows = list(_rows(table))
        cells = [list(_cells(row)) for row in rows]
        if all(len(each) == 1 for each in cells) and table.find(f".//{W}tc//{W}tbl") is not None:
            for each in cells:  # a frame around other tables
                self.blocks_of(each[0])
            return
        edges = _edges(table)
        boxes: dict[tuple[int, int], Box] = {}
        open_: dict[int, Box] = {}  # by column: the merged cell that may go on below
        last = 0
        for number, (row, own) in enumerate(zip(rows, cells, strict=True), 1):
            at = _skipped(row)
            column = 0
            for cell in own:
                properties = cell.find(f"{W}tcPr")
                span = _span(properties)
                left = max(_snapped(edges, at) + 1, column + 1)
                column = max(_snapped(edges, at + span), left)
                at += span
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                if merge is not None and merge.get(f"{W}val", "continue") != "restart" and left in open_:
                    above = open_[left]
                    above.height = number - above.row + 1
                    above.text = "\n".join(part for part in (above.text, self._text(cell)) if part.strip())
                    continue
                box = self._box(cell, number, left, column - left + 1)
                for covered in range(left, column + 1):
                    open_.pop(covered, None)
                if merge is not None:
                    open_[left] = box
                boxes[number, left] = box
            last = max(last, column)
        self.blocks.table(list(boxes.values()), len(rows), last)

    def _box(self, cell: Any, row: int, column: int, width: int) -> Box:
        text = self._text(cell)
        old, new = struck_apart(cell) if len(text) <= 80 else ("", "")
        if old and is_phrase(old) and is_phrase(new):
            text = new
            self.old_dates.append(old)
        properties = cell.find(f"{W}tcPr")
        fill = fill_of(properties)
        if not fill or fill == "FFFFFF":
            first = cell.find(f"{W}p/{W}pPr")
            is_sign = bool(text.strip()) and not re.search(r"\w", text)
            fill = (fill_of_runs(cell, is_sign=is_sign) if text.strip() else "") or fill_of(first) or fill
        return Box(row, column, text, width=width, fill=fill, bold=is_bold(cell))

    def _text(self, cell: Any) -> str:
        """Return all text of a cell: its paragraphs as lines, and the rows of tables inside it as lines too."""
        return "\n".join(self._lines(cell))

    def _lines(self, parent: Any) -> Iterator[str]:
        for each in parent.iterchildren():
            if each.tag == f"{W}p":
                self.notes += sum(1 for _ in each.iter(f"{W}footnoteReference", f"{W}endnoteReference"))
                yield text_of(each, self.styles)
            elif each.tag == f"{W}tbl":
                for row in _rows(each):
                    yield " | ".join(filter(None, (self._text(cell).strip() for cell in _cells(row))))
            elif each.tag in _INSIDE:
                yield from self._lines(each)


def _rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, without those that were deleted while changes were tracked."""
    for each in table.iterchildren():
        if each.tag == f"{W}tr":
            properties = each.find(f"{W}trPr")
            if properties is None or properties.find(f"{W}del") is None:
                yield each
        elif each.tag in _INSIDE:
            yield from _rows(each)


def _cells(row: Any) -> Iterator[Any]:
    for each in row.iterchildren():
        if each.tag == f"{W}tc":
            yield each
        elif each.tag in _INSIDE:
            yield from _cells(each)


def _span(properties: Any) -> int:
    wide = properties.find(f"{W}gridSpan") if properties is not None else None
    value = wide.get(f"{W}val", "1") if wide is not None else "1"
    return min(max(int(value), 1), 1000) if value.isdigit() else 1


def _skipped(row: Any) -> int:
    """Return how many columns a row leaves out at its left."""
    before = row.find(f"{W}trPr/{W}gridBefore")
    value = before.get(f"{W}val", "0") if before is not None else "0"
    return min(int(value), 1000) if value.isdigit() else 0


def _edges(table: Any) -> list[int]:
    """Return the column of each edge of the table's grid: edges almost on top of each other are one."""
    edges, right, last = [0], 0, 0
    for column in table.iterfind(f"{W}tblGrid/{W}gridCol"):
        width = column.get(f"{W}w", "")
        right += int(width) if width.isdigit() else 1000
        if right - last > _NEAR:
            edges.append(edges[-1] + 1)
            last = right
        else:
            edges.append(edges[-1])
    return edges


def _snapped(edges: list[int], at: int) -> int:
    return edges[at] if at < len(edges) else edges[-1] + at - len(edges) + 1
