"""Blocks laid out over slides: measured beforehand, and what does not fit goes on to the next slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.exports.characters import legal
from tracker.exports.measure import fitted
from tracker.exports.palette import QUIET
from tracker.exports.pptx_shapes import (
    BODY_END,
    BODY_TOP,
    BODY_WIDTH,
    MARGIN,
    QUIET_SIZE,
    TABLE_SIZE,
    TEXT_SIZE,
    Cell,
    Line,
    Run,
    add_chart,
    add_table,
    add_text,
    chip_line,
)
from tracker.exports.report import (
    Block,
    BulletList,
    ChartBlock,
    Commentary,
    Group,
    Heading,
    KeyValue,
    Kind,
    Paragraph,
    StatusLine,
    StatusValue,
    Table,
    cell_text,
)

GAP = 4.0
CHART_TOP, BAR = 24.0, 15.0  # room for the key of a chart, and for each bar
HALF = (BODY_WIDTH - 6.0) / 2
CELL_LINES = 6  # lines of one text in a cell; the whole of it is in the notes
_SIZES = {"lead": 18.0, "note": 13.0, "label": TEXT_SIZE}


@dataclass(frozen=True, slots=True)
class Topic:
    """Blocks under one title, on as many slides as they take."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that stand together."""

    lines: tuple[Line, ...]
    left: float = MARGIN
    width: float = BODY_WIDTH

    @property
    def height(self) -> float:
        """Return the millimetres that it takes."""
        return sum(line.height(self.width) for line in self.lines)

    def draw(self, slide: object, top: float) -> None:
        """Draw it."""
        add_text(slide, "Text", self.lines, self.left, top, self.width)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table below its header."""

    name: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    left: float = MARGIN

    @property
    def height(self) -> float:
        """Return the millimetres that it takes."""
        return sum(row_height(row, self.widths) for row in (self.heads, *self.rows))

    def draw(self, slide: object, top: float) -> None:
        """Draw it."""
        add_table(slide, self.name, self.heads, self.rows, self.widths, self.left, top)


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart."""

    chart: ChartBlock
    height: float
    left: float = MARGIN
    width: float = BODY_WIDTH

    def draw(self, slide: object, top: float) -> None:
        """Draw it."""
        add_chart(slide, self.chart, self.left, top, self.width, self.height)


@dataclass(slots=True)
class Page:
    """A slide to be: its title, what stands where, and what its notes say."""

    title: str
    pieces: list[tuple[Text | Rows | Chart, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    top: float = BODY_TOP


class Flow:
    """Lays the blocks of a topic out over slides: what does not fit goes on to the next one."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.pages = [Page(topic.title)]
        blocks = topic.blocks
        match blocks:
            case (StatusLine() as line, KeyValue() as values, Table() as table, ChartBlock() as chart, *rest):
                self._headline(line, values, table, chart)
                blocks = tuple(rest)
        for block in blocks:
            self._block(block)

    def numbered(self) -> list[Page]:
        """Return the slides, each with its number in the title where there are several."""
        whole = len(self.pages)
        for number, page in enumerate(self.pages, 1):
            if whole > 1:
                page.title = f"{self.topic.title} ({number} of {whole})"
        return self.pages

    def _headline(self, line: StatusLine, values: KeyValue, table: Table, chart: ChartBlock) -> None:
        """Lay out the first slide of all: the colour and why, figures beside bars, and the counts below."""
        self._block(line)
        top = self.page.top + GAP
        rows = tuple((_words(label, bold=True), _words(cell_text(value))) for label, value in values.pairs)
        figures = Rows(values.caption, _HEADS, rows, (HALF * 0.52, HALF * 0.48))
        height = max(figures.height, CHART_TOP + BAR * len(chart.categories))
        self.page.pieces += [(figures, top), (Chart(chart, height, MARGIN + HALF + 6.0, HALF), top)]
        self.page.notes += [*(f"{label}: {cell_text(value)}" for label, value in values.pairs), chart.alt]
        self.page.top = top + height
        self._table(table)

    @property
    def page(self) -> Page:
        return self.pages[-1]

    @property
    def room(self) -> float:
        return BODY_END - self.page.top

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._text(Line((Run(block.text, bold=True),), TEXT_SIZE), keep=12)
            case Paragraph():
                look = Run(block.text, bold=block.style == "label")
                self._text(Line((look,), _SIZES.get(block.style, TEXT_SIZE)))
            case StatusLine():
                for line in chip_line(block.status, block.sentence, 18):
                    self._text(line)
            case BulletList():
                for number, item in enumerate(block.items, 1):
                    self._text(Line((Run(item),), TEXT_SIZE, f"{number}." if block.numbered else "•"))
            case Commentary():
                self._text(Line((Run(block.label, bold=True),), TEXT_SIZE), keep=12)
                for text in block.paragraphs:
                    self._text(Line((Run(text),), TEXT_SIZE))
            case KeyValue():
                self._values(block)
            case ChartBlock():
                chart = Chart(block, min(CHART_TOP + BAR * len(block.categories), BODY_END - BODY_TOP))
                self._put(chart, chart.height)
                self.page.notes.append(block.alt)
            case Table() if not block.rows:
                self._text(Line((Run(block.empty),), TEXT_SIZE))
            case Table():
                self._table(block)

    def _text(self, line: Line, *, keep: float = 0) -> None:
        """Put a line on the slide, beside the lines before it; `keep` is the room that must follow it."""
        self.page.notes.append(f"{line.bullet} {line.text}".strip())
        whole = line.text
        shown = fitted(whole, BODY_WIDTH - 8, line.size, 8)
        if shown != whole:
            line = replace(line, runs=(Run(shown, bold=line.runs[0].bold),))
        height = line.height(BODY_WIDTH)
        if height + keep > self.room and self.page.pieces:
            self.pages.append(Page(self.topic.title, notes=[self.page.notes.pop()]))
        last = self.page.pieces[-1] if self.page.pieces else None
        if last and isinstance(last[0], Text):
            self.page.pieces[-1] = (replace(last[0], lines=(*last[0].lines, line)), last[1])
            self.page.top += height
        else:
            self._put(Text((line,)), height)

    def _put(self, piece: Text | Rows | Chart, height: float) -> None:
        if height > self.room and self.page.pieces:
            self.pages.append(Page(self.topic.title))
        start = self.page.top + (GAP if self.page.pieces else 0)
        self.page.pieces.append((piece, start))
        self.page.top = start + height

    def _values(self, block: KeyValue) -> None:
        widths = (90.0, BODY_WIDTH - 90.0)
        rows = [(_words(label, bold=True), _words(cell_text(value))) for label, value in block.pairs]
        notes = [f"{label}: {cell_text(value)}" for label, value in block.pairs]
        self._rows(block.caption, _HEADS, rows, widths, notes)

    def _table(self, table: Table) -> None:
        groups = table.slide or table.page_groups()
        whole = sum(group.width for group in groups)
        widths = tuple(group.width * BODY_WIDTH / whole for group in groups)
        heads = tuple(
            Cell((Line((Run(group.title, bold=True),), TABLE_SIZE),), None, _is_number(table, group))
            for group in groups
        )
        rows = [
            tuple(_cell(table, group, row, width) for group, width in zip(groups, widths, strict=True))
            for row in table.rows
        ]
        self._rows(table.caption, heads, rows, widths, [_sentence(table, row) for row in table.rows])

    def _rows(
        self,
        name: str,
        heads: tuple[Cell, ...],
        rows: Sequence[tuple[Cell, ...]],
        widths: tuple[float, ...],
        notes: Sequence[str],
    ) -> None:
        """Put rows on this slide and the next ones, each time below the header."""
        head = row_height(heads, widths)
        whole = head + sum(row_height(row, widths) for row in rows)
        if self.room < whole + GAP and whole <= BODY_END - BODY_TOP and self.page.pieces:
            self.pages.append(Page(self.topic.title))  # on a slide of its own it need not be split
        held: list[tuple[Cell, ...]] = []
        used = head
        for row, note in zip(rows, notes, strict=True):
            height = row_height(row, widths)
            gap = GAP if self.page.pieces else 0
            if used + height + gap > self.room and (held or self.page.pieces):
                if held:
                    self._put(Rows(name, heads, tuple(held), widths), used)
                self.pages.append(Page(self.topic.title))
                held, used = [], head
            held.append(row)
            self.page.notes.append(note)
            used += height
        if held:
            self._put(Rows(name, heads, tuple(held), widths), used)


_HEADS = tuple(Cell((Line((Run(text, bold=True),), TABLE_SIZE),)) for text in ("What", "Figure"))


def row_height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """Return the millimetres that a row takes."""
    return max(cell.height(width) for cell, width in zip(row, widths, strict=True))


def _is_number(table: Table, group: Group) -> bool:
    return table.columns[group.parts[0].column].kind is Kind.NUMBER


def _words(text: str, *, bold: bool = False) -> Cell:
    return Cell((Line((Run(text, bold=bold),), TABLE_SIZE),))


def _cell(table: Table, group: Group, row: tuple[object, ...], width: float) -> Cell:
    lines: list[Line] = []
    painted = None
    for part in group.parts:
        value = row[part.column]
        if isinstance(value, StatusValue):
            lines.append(Line((Run(value.text, bold=True),), TABLE_SIZE))
            if value.marks:
                lines.append(Line((Run(value.marks_text),), QUIET_SIZE))
            painted = painted or value
            continue
        text = "" if value is None else str(value)
        if not text:
            continue
        before = str(row[part.prefix] or "") if part.prefix is not None else f"{part.label}:" if part.label else ""
        size = QUIET_SIZE if part.quiet else TABLE_SIZE
        shown = fitted(legal(text), width - 6, size, CELL_LINES)
        main = Run(shown, bold=part.bold, **({"ink": QUIET} if part.quiet else {}))
        lines.append(Line((Run(f"{before} ", bold=True), main) if before else (main,), size))
    return Cell(tuple(lines) or (Line((Run(""),), TABLE_SIZE),), painted, _is_number(table, group))


def _sentence(table: Table, row: tuple[object, ...]) -> str:
    """Return a row as the notes say it: every value that a page shows, whole."""
    said: list[str] = []
    for group in table.page_groups():
        for part in group.parts:
            value = row[part.column]
            text = "" if value is None else str(value)
            if not text:
                continue
            label = part.label or ("" if part.prefix is not None else table.columns[part.column].title)
            before = f"{row[part.prefix]} " if part.prefix is not None and row[part.prefix] else ""
            said.append(f"{label}: {text}" if label else f"{before}{text}")
    return "; ".join(one.rstrip(".") for one in said) + "."
