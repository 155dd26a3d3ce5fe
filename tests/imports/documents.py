"""Small Word documents made for one test each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tracker.imports import read_plan
from tracker.imports.result import ImportResult


@dataclass
class H:
    """A heading of a level."""

    text: str
    level: int = 1


@dataclass
class P:
    """A paragraph, plain or bold, in a style of its own."""

    text: str
    bold: bool = False
    style: str | None = None


@dataclass
class T:
    """A table: its rows, the cells that are merged ((row, column) of both corners, from 0), fills by cell."""

    rows: Sequence[Sequence[object]]
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    fills: dict[tuple[int, int], str] | None = None
    bold: Sequence[int] = ()


@dataclass
class L:
    """What a cell holds as a list that Word numbers: the style of the list, and its entries."""

    style: str
    items: Sequence[str]


def document(*blocks: H | P | T | str) -> bytes:
    """Return a Word document of headings, paragraphs and tables."""
    made = docx.Document()
    for block in blocks:
        if isinstance(block, H):
            made.add_heading(block.text, block.level)
        elif isinstance(block, T):
            _table(made, block)
        elif isinstance(block, P):
            made.add_paragraph(style=block.style).add_run(block.text).bold = block.bold or None
        else:
            made.add_paragraph(block)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read_document(*blocks: H | P | T | str, file: str = "plan.docx") -> ImportResult:
    """Read a document made of blocks."""
    return read_plan(document(*blocks), file)


def shaded(cell: Any, colour: str) -> None:
    """Give a cell a background."""
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _table(made: Any, block: T) -> None:
    width = max(len(row) for row in block.rows)
    table = made.add_table(len(block.rows), width)
    for at, row in enumerate(block.rows):
        for column, value in enumerate(row):
            cell = table.cell(at, column)
            if isinstance(value, L):
                for number, item in enumerate(value.items):
                    paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
                    paragraph.style = made.styles[value.style]
                    paragraph.add_run(item)
            elif value is not None:
                run = cell.paragraphs[0].add_run(str(value))
                run.bold = at in block.bold or None
    for place, colour in (block.fills or {}).items():
        shaded(table.cell(*place), colour)
    for first, last in block.merges:
        table.cell(*first).merge(table.cell(*last))
