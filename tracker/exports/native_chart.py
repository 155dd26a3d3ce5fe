"""Native, editable charts of Word and PowerPoint: stacked bars in the paints of the scheme, each labelled."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from tracker.exports.characters import legal
from tracker.exports.palette import FONT, TEXT
from tracker.exports.report import ChartBlock
from tracker.exports.wording import shorten

LABEL_SHARE = 0.05  # a bar thinner than this part of the longest has no room for its label
_CREATED = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # not the moment of writing
GRAPHIC = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def chart_data(chart: ChartBlock) -> Any:
    """Return the figures as python-pptx takes them."""
    from pptx.chart.data import CategoryChartData

    make: Any = CategoryChartData
    data = make()
    data.categories = categories(chart)
    for series in chart.series:
        data.add_series(series.name, series.points)
    return data


def chart_workbook(chart: ChartBlock) -> bytes:
    """Return the workbook that opens for "Edit data"; text in it is no formula, and equal figures give equal bytes."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet("Sheet1")
        for row, category in enumerate(categories(chart), 1):
            sheet.write_string(row, 0, category)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(0, column, series.name)
            sheet.write_column(1, column, series.points)
    return out.getvalue()


def categories(chart: ChartBlock) -> list[str]:
    """Return what stands beside the bars; never empty, for a chart needs a name for each."""
    return [shorten(legal(category), 42) or "-" for category in chart.categories]


def dress(made: Any, chart: ChartBlock, size: float = 8.5) -> None:
    """Give a chart of python-pptx its paints, labels, key and axes; `size` of its letters in points."""
    from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.enum.chart import XL_TICK_MARK as TICK
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    made.font.name, made.font.size = FONT, Pt(size)
    _fill(made.font.fill, TEXT)
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
        labels.font.name, labels.font.size, labels.font.bold = FONT, Pt(size - 0.5), True
        _fill(labels.font.fill, series.term.paint.bar_text)
        for at, point in enumerate(series.points):
            if point < longest * LABEL_SHARE:
                _drop_label(labels._element, at)
    # No frame: the page has rules enough.
    made._chartSpace.insert_element_before(
        parse_xml(f'<c:spPr xmlns:c="{GRAPHIC}" {_DRAWING}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'), "c:txPr"
    )


def _fill(fill: Any, colour: str) -> None:
    from pptx.dml.color import RGBColor

    untyped: Any = RGBColor
    fill.solid()
    fill.fore_color.rgb = untyped.from_string(colour)


def _drop_label(labels: Any, index: int) -> None:
    """Take the label from one bar. The labels of single points stand first, in order."""
    from pptx.oxml import parse_xml

    place = sum(1 for child in labels if child.tag.endswith("}dLbl"))
    labels.insert(place, parse_xml(f'<c:dLbl xmlns:c="{GRAPHIC}"><c:idx val="{index}"/><c:delete val="1"/></c:dLbl>'))
