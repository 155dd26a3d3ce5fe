"""Slides, and what is drawn on them: titles, texts, tables and charts, each where it is told and never larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.exports.characters import legal
from tracker.exports.measure import fitted, height_of, lines_in
from tracker.exports.native_chart import chart_data, chart_workbook, dress
from tracker.exports.palette import BRAND, FONT, HEAD, RULE, TEXT
from tracker.exports.report import ChartBlock, StatusValue

if TYPE_CHECKING:
    from pptx.presentation import Presentation

WIDE, HIGH, MARGIN = 338.67, 190.5, 15.0  # millimetres
BODY_TOP, BODY_END, BODY_WIDTH = 32.0, 174.0, WIDE - 2 * MARGIN
TITLE_SIZES = (26.0, 22.0)
TABLE_SIZE, QUIET_SIZE, TEXT_SIZE = 12.0, 10.5, 16.0
CELL_SIDE, CELL_TOP = 2.0, 1.1  # millimetres left free in a cell
TITLE_HEIGHT = 20.0
LANGUAGE = "en-GB"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of one look."""

    text: str
    bold: bool = False
    ink: str = TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of runs. `bullet` stands before it ("•", "1.")."""

    runs: tuple[Run, ...]
    size: float = TEXT_SIZE
    bullet: str = ""

    @property
    def text(self) -> str:
        """Return the words."""
        return "".join(run.text for run in self.runs)

    def height(self, width: float) -> float:
        """Return the millimetres that it takes in a width, with the space after it."""
        bold = all(run.bold for run in self.runs)
        room = width - (BULLET_INDENT if self.bullet else 0)
        return height_of(lines_in(self.text, room, self.size, bold=bold), self.size) + self.size * 0.14


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its lines, and the status that it is painted as."""

    lines: tuple[Line, ...]
    status: StatusValue | None = None
    right: bool = False

    def height(self, width: float) -> float:
        """Return the millimetres that it takes in a column of a width."""
        return sum(line.height(width - 2 * CELL_SIDE) for line in self.lines) + 2 * CELL_TOP


BULLET_INDENT = 7.0


def start_slide(deck: Presentation, layout: Any, title: str) -> Any:
    """Add a slide with a title that fits its two lines."""
    slide = deck.slides.add_slide(layout)
    text = legal(" ".join(title.split()))
    size = next((size for size in TITLE_SIZES if lines_in(text, BODY_WIDTH - 2, size, bold=True) == 1), TITLE_SIZES[-1])
    frame = slide.shapes.title.text_frame
    frame.text = fitted(text, BODY_WIDTH - 2, size, 2, bold=True)
    _style(frame.paragraphs[0].runs[0], Run("", bold=True, ink=BRAND), size)
    return slide


def add_text(slide: Any, name: str, lines: Sequence[Line], left: float, top: float, width: float) -> None:
    """Add a text at a place."""
    high = sum(line.height(width) for line in lines)
    box = slide.shapes.add_textbox(*_place(left, top, width, max(high, 1)))
    box.name = name
    write_lines(box.text_frame, lines)


def write_lines(frame: Any, lines: Sequence[Line], *, right: bool = False) -> None:
    """Write lines into a text frame without margins."""
    from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Mm, Pt

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(line.size * 0.14 * 72 / 25.4 * 0.9)
        if right:
            paragraph.alignment = PP_ALIGN.RIGHT
        if line.bullet:
            _bullet(paragraph, line.bullet, Mm(BULLET_INDENT))
        for run in line.runs:
            for number, part in enumerate(legal(run.text).split("\n")):
                if number:
                    paragraph.add_line_break()
                made = paragraph.add_run()
                made.text = part.replace("\t", " ")
                _style(made, run, line.size)


def add_table(
    slide: Any,
    name: str,
    heads: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    left: float,
    top: float,
) -> None:
    """Add a table with a header row."""
    from pptx.util import Mm

    heights = [max(cell.height(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)]
    frame = slide.shapes.add_table(len(rows) + 1, len(widths), *_place(left, top, sum(widths), sum(heights)))
    frame.name = name[:80]
    describe(frame, name)
    table = frame.table
    table.first_row, table.horz_banding = True, False
    _plain_style(frame)
    for index, width in enumerate(widths):
        table.columns[index].width = Mm(width)
    for made, row, height in zip(table.rows, (heads, *rows), heights, strict=True):
        made.height = Mm(height)
        for place, cell in zip(made.cells, row, strict=True):
            _write_cell(place, cell, head=row is heads)


def add_chart(slide: Any, chart: ChartBlock, left: float, top: float, width: float, height: float) -> None:
    """Add a native chart with its alternative text."""
    from pptx.enum.chart import XL_CHART_TYPE

    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *_place(left, top, width, height), chart_data(chart))
    frame.name = legal(chart.title)[:80]
    describe(frame, chart.alt)
    dress(frame.chart, chart, 12)
    frame.chart.part.chart_workbook.update_from_xlsx_blob(chart_workbook(chart))


def describe(frame: Any, text: str) -> None:
    """Give a table or a chart its alternative text."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", legal(text).replace("\n", " "))


def chip_line(status: StatusValue, sentence: str, size: float) -> tuple[Line, ...]:
    """Return a status and its sentence as a line of text: letter and word in bold."""
    return (Line((Run(f"{status.text}: ", bold=True), Run(sentence)), size),)


def _write_cell(place: Any, cell: Cell, *, head: bool) -> None:
    from pptx.util import Mm

    ink = cell.status.term.paint.ink if cell.status else None
    lines = cell.lines
    if ink:
        lines = tuple(Line(tuple(Run(run.text, run.bold, ink) for run in line.runs), line.size) for line in lines)
    write_lines(place.text_frame, lines, right=cell.right)
    place.margin_left = place.margin_right = Mm(CELL_SIDE)
    place.margin_top = place.margin_bottom = Mm(CELL_TOP)
    fill = cell.status.term.paint.fill if cell.status else HEAD if head else None
    _cell_look(place._tc.get_or_add_tcPr(), fill)


def _cell_look(properties: Any, fill: str | None) -> None:
    """Write a line below the cell and its fill, in the order that the format asks for."""
    from pptx.oxml import parse_xml

    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    line = f'<a:lnB w="6350"><a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:lnB>'
    painted = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    for part in parse_xml(f"<a:tcPr {space}>{none}{line}{painted}</a:tcPr>"):
        properties.append(part)


def _plain_style(frame: Any) -> None:
    """Name the table style without lines and fills, so that only ours are drawn."""
    style = frame._element.find(".//{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId")
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _bullet(paragraph: Any, bullet: str, indent: int) -> None:
    from pptx.oxml import parse_xml

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    if bullet == "•":
        properties.append(parse_xml(f'<a:buFont {space} typeface="{FONT}"/>'))
        properties.append(parse_xml(f'<a:buChar {space} char="•"/>'))
    else:
        properties.append(parse_xml(f'<a:buFont {space} typeface="+mj-lt"/>'))
        properties.append(parse_xml(f'<a:buAutoNum {space} type="arabicPeriod" startAt="{int(bullet.rstrip("."))}"/>'))


def _style(run: Any, look: Run, size: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.util import Pt

    untyped: Any = RGBColor
    font = run.font
    font.name, font.size, font.bold = FONT, Pt(size), look.bold
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
    font.color.rgb = untyped.from_string(look.ink)


def _place(left: float, top: float, width: float, height: float) -> tuple[Any, Any, Any, Any]:
    from pptx.util import Mm

    return Mm(left), Mm(top), Mm(width), Mm(height)
