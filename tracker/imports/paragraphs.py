"""Lines of text between tables: what good looks like, how we know, which plans this one depends on."""

from __future__ import annotations

from collections.abc import Callable

from tracker.imports.builder import Builder
from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import bullets, one_line, strip_bullet
from tracker.imports.reconcile import Outcome
from tracker.imports.rows import Row, RowKind
from tracker.rules.document import PriorityLine, RecordLine


class Paragraphs:
    """Turns the lines under a known heading into records of the area, until the next title or table."""

    def __init__(self, builder: Builder, grid: Grid) -> None:
        self.builder = builder
        self.grid = grid
        self.kind = ""  # the kind of record that the next lines are, "" for none

    def begin(self, row: Row, kind: str) -> None:
        """Take a row as the heading of what follows."""
        self.kind = kind
        self.builder.line(self.grid, row.cells[0], Outcome.IMPORTED, "heading of records")

    def end(self) -> None:
        """Let the next lines be no records."""
        self.kind = ""

    def read(self, row: Row, area_of: Callable[[], PriorityLine | None]) -> None:
        """Take one line: a record under a heading, else a line that is left out."""
        cell = row.cells[0]
        if not self.kind or len(row.cells) > 1:
            reason = "a line of text outside the tables" if row.kind is not RowKind.PREFACE else "above the first table"
            text = " | ".join(each.text for each in row.cells)
            self.builder.line(self.grid, cell, Outcome.LEFT_OUT, reason, text)
            return
        area = area_of()
        if self.kind == "description" and area is None:
            self.builder.line(self.grid, cell, Outcome.LEFT_OUT, "introduction of the document")
            return
        if self.kind == "description" and area is not None:
            text = one_line(strip_bullet(cell.text))
            area.description = f"{area.description}\n{text}".strip()
            self.builder.line(self.grid, cell, Outcome.IMPORTED, "description of the area")
            return
        texts = [line for item in bullets(cell.text) for line in (item.text, *item.below)] or [one_line(cell.text)]
        source = self.builder.source(self.grid, cell.address)
        records = area.records if area is not None else self.builder.document.records
        for text in texts:
            records.append(RecordLine(self.kind, text, source=source))
            self.builder.line(self.grid, cell, Outcome.IMPORTED, self.kind, text)

    def footnote(self, cell: Cell, area: PriorityLine | None) -> bool:
        """Add a footnote to the record that carries its mark; return whether there is one."""
        mark = cell.text[:1]
        for record in area.records if area is not None else []:
            if mark in record.text:
                record.text = f"{record.text} ({one_line(cell.text)})"
                self.builder.line(self.grid, cell, Outcome.MERGED, "footnote of a record")
                return True
        return False
