"""One sheet's XML as a grid. Only cells with something in them are kept, so an inflated used range costs little."""

from __future__ import annotations

import re
from datetime import datetime

from tracker.imports.celltext import cleaned, day_of, is_date_format, shown_number
from tracker.imports.grid import Cell, Grid, Notice, Span, Value, address
from tracker.imports.guard import damaged
from tracker.imports.limits import Limits
from tracker.imports.parts import Parts, Style, parse
from tracker.rules.errors import Refusal

_MAX_ROW = 1_048_576
_PLAIN = Style()
# Rows that hold only empty formatted cells: dropped before parsing, where they would cost most of the time.
_EMPTY_ROW = re.compile(rb'<row r="[^<>]*+>(?:(?<=/>)|(?:<c [^<>]*+>(?:<v ?/>|<v></v>)?(?:</c>)?)*+</row>)')


def read_sheet(xml: bytes, name: str, parts: Parts, limits: Limits) -> Grid:
    """Read a sheet. Raises Refusal if it is damaged or over a limit."""
    if b'<row r="' in xml:
        xml = _EMPTY_ROW.sub(b"", xml)
    reader = _Reader(Grid(name), parts, limits)
    parse(xml, reader.start, reader.end, reader.text)
    return reader.finished()


class _Reader:
    """Collects the cells of one sheet from the parser's events."""

    def __init__(self, grid: Grid, parts: Parts, limits: Limits) -> None:
        self.grid = grid
        self.parts = parts
        self.limits = limits
        self.row = 0
        self.column = 0
        self.style = _PLAIN
        self.kind = "n"
        self.value: list[str] = []
        self.inline: list[str] = []
        self.formula = False
        self.collect: list[str] | None = None
        self.guide = False
        self.merged = 0
        self.beyond: list[str] = []
        self.without_value: list[str] = []
        self.errors: list[str] = []
        self.empty_dates: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self.collect = self.value
        elif name == "t" and not self.guide:
            self.collect = self.inline
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if not 1 <= self.row <= _MAX_ROW:
                raise damaged()
            if attributes.get("hidden") in ("1", "true"):
                self.grid.hidden_rows.add(self.row)
        elif name == "rPh":
            self.guide = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.grid.hidden_columns.update(range(first, min(last, self.limits.columns) + 1))
        elif name == "autoFilter":
            self.grid.filtered = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.collect = None
        elif name == "rPh":
            self.guide = False
        elif name == "c":
            self._end_cell()

    def text(self, piece: str) -> None:
        if self.collect is not None:
            self.collect.append(piece)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        if place:
            letters = place.rstrip("0123456789")
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            self.column = column
        else:
            self.column += 1
        number = int(attributes.get("s", "0"))
        self.style = self.parts.styles[number] if number < len(self.parts.styles) else _PLAIN
        self.kind = attributes.get("t", "n")
        self.formula = False
        self.value.clear()
        self.inline.clear()

    def _end_cell(self) -> None:
        text, value = self._content()
        if not text and not self.style.fill:
            return
        if self.column > self.limits.columns:
            if text:
                self.beyond.append(address(self.row, self.column))
            return
        if len(text) > self.limits.cell_text:
            raise Refusal(
                f"Cell {address(self.row, self.column)} of sheet “{self.grid.name}” holds {len(text):,} characters, "
                f"more than the {self.limits.cell_text:,} of a spreadsheet cell. Shorten it and upload the file again."
            )
        cells = self.grid.rows.get(self.row)
        if cells is None:
            cells = self.grid.rows[self.row] = {}
        style = self.style
        cells[self.column] = Cell(
            self.row, self.column, text, value, style.number_format, style.fill, style.bold and bool(text)
        )

    def _content(self) -> tuple[str, Value]:
        """Return what the cell shows and holds."""
        raw = "".join(self.value)
        if self.kind == "s":
            try:
                text = cleaned(self.parts.texts[int(raw)]) if raw else ""
            except IndexError:
                raise damaged() from None
            return text, text
        if self.kind in ("str", "inlineStr"):
            text = cleaned(raw if self.kind == "str" else "".join(self.inline))
            return text, text
        here = address(self.row, self.column)
        if self.kind == "e":
            if raw:
                self.errors.append(here)
            return "", None
        if not raw:
            if self.formula:
                self.without_value.append(here)
            return "", None
        if self.kind == "b":
            return ("TRUE", True) if raw.strip() == "1" else ("FALSE", False)
        if self.kind == "d":
            day = datetime.fromisoformat(raw.strip())
            return f"{day:%d/%m/%Y}", day
        return self._number(float(raw), here)

    def _number(self, number: float, here: str) -> tuple[str, Value]:
        if is_date_format(self.style.number_format):
            day = day_of(number, from_1904=self.parts.from_1904)
            if day is None:
                self.empty_dates.append(here)
                return "", None
            return f"{day:%d/%m/%Y}", day
        return shown_number(number, self.style.number_format), number

    def _merge(self, reference: str) -> None:
        found = re.fullmatch(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)", reference.upper())
        if not found:
            return
        left, right = (_column(found[at]) for at in (1, 3))
        top, bottom = int(found[2]), int(found[4])
        # A title merged over whole rows (A1:XFD1) counts only as far as columns are read.
        span = Span(min(top, bottom), min(left, right), max(top, bottom), min(max(left, right), self.limits.columns))
        if span.area <= 1:
            return
        self.merged += span.area
        if self.merged > self.limits.merged_cells:
            raise Refusal(
                f"Sheet “{self.grid.name}” has more than {self.limits.merged_cells:,} merged cells. Unmerge the empty "
                "part of the sheet (Home, Merge and Centre) and upload it again."
            )
        self.grid.spans.append(span)

    def finished(self) -> Grid:
        """Return the grid: rows in order, rows of fills alone dropped, merged ranges known to their first cell."""
        grid = self.grid
        rows = grid.rows
        grid.rows = {
            number: rows[number] for number in sorted(rows) if any(cell.text for cell in rows[number].values())
        }
        for span in grid.spans:
            first = grid.cell(span.top, span.left)
            if first is not None:
                first.span = span
        self._notices()
        return grid

    def _notices(self) -> None:
        sheet = self.grid.name
        for cells, what, next_step in (
            (
                self.without_value,
                "a formula has no stored value, so its result is not known",
                "Open the file in Excel, save it and upload it again.",
            ),
            (self.errors, "a formula ends in an error", "Correct the formula, save the file and upload it again."),
            (
                self.empty_dates,
                "a date format shows a date before 1905, as Excel does for an empty date; it was read as no date",
                "Enter the date in the workbook, or later in the plan.",
            ),
            (
                self.beyond,
                f"text beyond the {self.limits.columns}th column was left out",
                "Move it into the table if it belongs to the plan.",
            ),
        ):
            if cells:
                self.grid.notices.append(Notice(_places(sheet, cells), what[0].upper() + what[1:] + ".", next_step))


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _places(sheet: str, cells: list[str]) -> str:
    """Return "Sheet1 B7", or the first few of many."""
    shown = ", ".join(cells[:5])
    return f"{sheet} {shown}" + (f" and {len(cells) - 5} more" if len(cells) > 5 else "")
