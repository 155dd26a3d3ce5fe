"""Slides, and what is drawn on them: titles, texts, tables and charts, each where it is told and never larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

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


EMU_PER_MM = 36_000
SPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the table style without lines and fills: only ours are drawn
_MARGINS = " ".join(
    f'{side}="{round(room * EMU_PER_MM)}"'
    for side, room in (("marL", CELL_SIDE), ("marR", CELL_SIDE), ("marT", CELL_TOP), ("marB", CELL_TOP))
)
_RULED = (
    "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    + f'<a:lnB w="6350"><a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:lnB>'
)


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
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.oxml import parse_xml

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    body = frame._txBody
    for paragraph in body.p_lst:
        body.remove(paragraph)
    for paragraph in parse_xml(f"<a:txBody {SPACE}>{lines_xml(lines, right=right)}</a:txBody>"):
        body.append(paragraph)


def lines_xml(lines: Sequence[Line], *, right: bool = False, ink: str = "") -> str:
    """Return lines as paragraphs of DrawingML, written at once: run by run it takes four times as long."""
    return "".join(_line_xml(line, right=right, ink=ink) for line in lines)


def _line_xml(line: Line, *, right: bool, ink: str) -> str:
    aligned = ' algn="r"' if right else ""
    hung, bullet = "", ""
    if line.bullet:
        indent = round(BULLET_INDENT * EMU_PER_MM)
        hung = f' marL="{indent}" indent="{-indent}"'
        start = line.bullet.rstrip(".")
        mark = f'<a:buAutoNum type="arabicPeriod" startAt="{start}"/>' if start.isdigit() else '<a:buChar char="•"/>'
        bullet = f'<a:buFont typeface="{FONT}"/>{mark}'
    after = round(line.size * 0.14 * 72 / 25.4 * 0.9 * 100)
    runs = "".join(_run_xml(run, line.size, ink or run.ink) for run in line.runs)
    return f'<a:p><a:pPr{hung}{aligned}><a:spcAft><a:spcPts val="{after}"/></a:spcAft>{bullet}</a:pPr>{runs}</a:p>'


def _run_xml(run: Run, size: float, ink: str) -> str:
    look = (
        f' lang="{LANGUAGE}" sz="{round(size * 100)}" b="{int(run.bold)}"><a:solidFill><a:srgbClr val="{ink}"/>'
        f'</a:solidFill><a:latin typeface="{FONT}"/></a:rPr>'
    )
    parts = [escape(part.replace("\t", " ")) for part in legal(run.text).split("\n")]
    written = [f"<a:r><a:rPr{look}<a:t>{part}</a:t></a:r>" for part in parts]
    return f"<a:br><a:rPr{look}</a:br>".join(written)


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
    from pptx.oxml import parse_xml

    heights = [max(cell.height(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)]
    frame = slide.shapes.add_table(1, 1, *_place(left, top, sum(widths), sum(heights)))
    frame.name = name[:80]
    describe(frame, name)
    grid = "".join(f'<a:gridCol w="{round(width * EMU_PER_MM)}"/>' for width in widths)
    lines = "".join(
        f'<a:tr h="{round(height * EMU_PER_MM)}">{"".join(_cell_xml(cell, head=row is heads) for cell in row)}</a:tr>'
        for row, height in zip((heads, *rows), heights, strict=True)
    )
    holder = frame._element.graphic.graphicData
    holder.remove(holder.tbl)
    holder.append(
        parse_xml(
            f'<a:tbl {SPACE}><a:tblPr firstRow="1"><a:tableStyleId>{_PLAIN}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{grid}</a:tblGrid>{lines}</a:tbl>"
        )
    )


def _cell_xml(cell: Cell, *, head: bool) -> str:
    paint = cell.status.term.paint if cell.status else None
    fill = paint.fill if paint else HEAD if head else ""
    painted = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    words = lines_xml(cell.lines, right=cell.right, ink=paint.ink if paint else "")
    body = f"<a:txBody><a:bodyPr/><a:lstStyle/>{words}</a:txBody>"
    return f"<a:tc>{body}<a:tcPr {_MARGINS}>{_RULED}{painted}</a:tcPr></a:tc>"


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
