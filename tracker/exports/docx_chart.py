"""Native, editable charts in Word, with python-pptx's chart writer and a small workbook behind each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from tracker.exports.characters import legal
from tracker.exports.docx_styles import FONT
from tracker.exports.palette import TEXT
from tracker.exports.report import ChartBlock
from tracker.exports.wording import shorten

if TYPE_CHECKING:
    from docx.document import Document

LABEL_SHARE = 0.05  # a bar thinner than this part of the longest has no room for its label
_GRAPHIC = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add_chart(document: Document, chart: ChartBlock, number: int, width: Mm) -> None:
    """Add the chart as a paragraph of its own, with its alternative text; its figures can be edited in Word."""
    package = document.part.package
    assert package is not None
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, _workbook(chart), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    link = part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
    part._blob = _chart_xml(chart, link)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    height = Mm(16 + 9 * len(chart.categories))
    said = quoteattr(legal(chart.alt).replace("\n", " "))
    title = quoteattr(legal(chart.title).replace("\n", " "))
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = False
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{1000 + number}" name="Chart {number}" '
            f"title={title} descr={said}/><wp:cNvGraphicFramePr/><a:graphic>"
            f'<a:graphicData uri="{_GRAPHIC}"><c:chart xmlns:c="{_GRAPHIC}" r:id="{relation}"/></a:graphicData>'
            "</a:graphic></wp:inline></w:drawing>"
        )
    )


def _workbook(chart: ChartBlock) -> bytes:
    """Return the workbook that Word opens for "Edit data"; text in it is never a formula."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet("Sheet1")
        for row, category in enumerate(_categories(chart), 1):
            sheet.write_string(row, 0, category)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name)
            sheet.write_column(1, column, series.points)
    return out.getvalue()


def _chart_xml(chart: ChartBlock, link: str) -> bytes:
    from pptx.chart import chart as charts
    from pptx.chart import data as chart_data
    from pptx.chart import xmlwriter
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.enum.chart import XL_TICK_MARK as TICK
    from pptx.oxml import parse_xml as parse_chart
    from pptx.util import Pt

    untyped: tuple[Any, ...] = (chart_data.CategoryChartData, xmlwriter.ChartXmlWriter, charts.Chart)
    make_data, make_xml, make_chart = untyped
    data = make_data()
    data.categories = _categories(chart)
    for series in chart.series:
        data.add_series(series.name, series.points)
    space: Any = parse_chart(make_xml(XL_CHART_TYPE.BAR_STACKED, data).xml.encode())
    made = make_chart(space, None)
    made.font.name, made.font.size = FONT, Pt(8.5)
    _ink(made.font, TEXT)
    made.has_title = False
    made.has_legend = True
    made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    made.category_axis.reverse_order = True
    made.category_axis.major_tick_mark = TICK.NONE
    made.category_axis.format.line.fill.background()
    made.value_axis.has_major_gridlines = False
    made.value_axis.major_tick_mark = TICK.NONE
    made.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    made.value_axis.format.line.fill.background()
    made.value_axis.minimum_scale = 0
    plot = made.plots[0]
    plot.gap_width = 45
    longest = max((sum(series.points[at] for series in chart.series) for at in range(len(chart.categories))), default=0)
    if longest:
        made.value_axis.maximum_scale = longest
    for series, drawn in zip(chart.series, plot.series, strict=True):
        _fill(drawn.format.fill, series.term.paint.bar_fill)
        labels = drawn.data_labels
        labels.show_value, labels.number_format_is_linked = True, False
        labels.number_format = f'"{series.term.letter} "0;;;'
        labels.position = XL_LABEL_POSITION.CENTER
        labels.font.name, labels.font.size, labels.font.bold = FONT, Pt(8), True
        _ink(labels.font, series.term.paint.bar_text)
        for at, point in enumerate(series.points):
            if point < longest * LABEL_SHARE:
                _drop_label(labels._element, at)
    # No frame: the page has rules enough.
    space.insert_element_before(
        parse_chart(f'<c:spPr xmlns:c="{_GRAPHIC}" {nsdecls("a")}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'),
        "c:txPr",
    )
    space.append(
        parse_chart(
            f'<c:externalData xmlns:c="{_GRAPHIC}" {nsdecls("r")} r:id="{link}"><c:autoUpdate val="0"/>'
            "</c:externalData>"
        )
    )
    xml: bytes = space.xml.encode() if isinstance(space.xml, str) else space.xml
    return xml


def _categories(chart: ChartBlock) -> list[str]:
    return [shorten(legal(category), 42) or "-" for category in chart.categories]


def _fill(fill: Any, colour: str) -> None:
    from pptx.dml.color import RGBColor

    untyped: Any = RGBColor
    fill.solid()
    fill.fore_color.rgb = untyped.from_string(colour)


def _ink(font: Any, colour: str) -> None:
    _fill(font.fill, colour)


def _drop_label(labels: Any, index: int) -> None:
    from pptx.oxml import parse_xml as parse_chart

    labels.insert(
        index_of_next(labels),
        parse_chart(f'<c:dLbl xmlns:c="{_GRAPHIC}"><c:idx val="{index}"/><c:delete val="1"/></c:dLbl>'),
    )


def index_of_next(labels: Any) -> int:
    """Return where the next label of a single point belongs: they stand first, in order."""
    return sum(1 for child in labels if child.tag.endswith("}dLbl"))
