"""Labelled lines within a cell as columns: "Publish the report\\nLead: Head of Service\\nStatus: in progress".

What stands so in one line, "Publish the report. Lead: Head of Service. Status: in progress", is read as well.

Where a table has no column for what such lines say, each kind gets one, with the label as its heading. What a line says
keeps the place of the cell that it stood in, and every other word stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.imports.grid import Cell, Grid
from tracker.imports.layout import Header, find_headers
from tracker.imports.words import exactly_known, roles_of, status_kind

_LINE = re.compile(r"^[ \t]*(?:[•·*-][ \t]+)?(?P<label>[A-Z][A-Za-z/ ]{1,30}?)[ \t]*:[ \t]*(?P<said>\S.*)$")
_NEXT = re.compile(r"(?<=[.;!?])[ \t]+(?=[A-Z][A-Za-z/ ]{1,30}?:[ \t])")  # "... for 2017/18. Status: in progress"
_WANTED = {
    "lead": frozenset({"lead"}),
    "due": frozenset({"due", "due_revised"}),
    "due_revised": frozenset({"due_revised"}),
    "status": frozenset({"status"}),
}
_FROM = frozenset({"action", "action_weak", "milestone", "update", "section"})


@dataclass(frozen=True, slots=True)
class _Said:
    """What one line of a cell says: its kind, its label and its words."""

    cell: Cell
    line: str
    role: str
    label: str
    words: str


def with_labelled_lines_as_columns(grid: Grid) -> Grid:
    """Give the labelled lines of cells their columns, in place; nothing where fewer than two rows have such lines."""
    told = [said for row in grid.rows for cell in grid.texts(row) if ": " in cell.text for said in _lines(cell)]
    if len({said.cell.row for said in told}) < 2:
        return grid
    headers = find_headers(grid)
    for at, header in enumerate(headers):
        end = headers[at + 1].first_row if at + 1 < len(headers) else 1 << 30
        _take(grid, header, [said for said in told if header.last_row < said.cell.row < end])
    return grid


def _lines(cell: Cell) -> list[_Said]:
    found = []
    lines = [part for line in cell.text.split("\n") for part in _NEXT.split(line)]
    for line in lines if len(lines) > 1 else ():
        match = _LINE.match(line)
        if match is None or not exactly_known(match["label"]):
            continue
        role = next((role for role in roles_of(match["label"]) if role in _WANTED), "")
        if role:
            found.append(_Said(cell, line, role, " ".join(match["label"].split()), match["said"].strip(" \t;.")))
    return found


def _take(grid: Grid, header: Header, told: list[_Said]) -> None:
    """Move the lines under one header into columns of their own."""
    there = {role for roles in header.roles.values() for role in roles[:1]}
    sources = {column for column, roles in header.roles.items() if set(roles[:1]) & _FROM}
    for role, needs in _WANTED.items():
        lines = [said for said in told if said.role == role and said.cell.column in sources]
        rows = {said.cell.row for said in lines}
        if there & needs or len(rows) < 2 or len(lines) != len(rows):
            continue  # two leads in one cell belong to two things, and whose is whose cannot be told here
        column = max(column for cells in grid.rows.values() for column in cells) + 1
        label = lines[0].label
        grid.rows[header.row][column] = Cell(header.row, column, label, label, bold=True)
        for said in lines:
            short = _status(said.words) if role == "status" else said.words
            grid.rows[said.cell.row][column] = replace(
                said.cell, column=column, text=short, value=short, bold=False, span=None, indent=0, level=0,
                place=said.cell.address,
            )  # fmt: skip
            if short == said.words:
                before, _, after = said.cell.text.partition(said.line)
                said.cell.text = re.sub(r"\n\s*\n|\s+(?=\n)", "\n", before + after).strip()
                said.cell.value = said.cell.text
        if grid.tables:
            first = max(row for row in grid.tables if row <= header.row)
            grid.tables[first] = max(grid.tables[first], column)


def _status(words: str) -> str:
    """Return the status that a line begins with: "in progress - for the next meeting"; else all of it."""
    first = re.split(r"[.,;(]| [-–—] ", words, maxsplit=1)[0].strip()
    return first if status_kind(first) else words
