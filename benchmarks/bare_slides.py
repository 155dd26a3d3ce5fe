"""The slides and the web page written in the plain way: python-pptx cell by cell, and a template's loop over rows."""

from __future__ import annotations

from io import BytesIO

from jinja2 import Environment
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Mm

from tracker.exports.pptx import SHOWN
from tracker.exports.report import ChartBlock, Report, Table, cell_text

ROWS = 8  # rows of a table on a slide

_PAGE = Environment(autoescape=True).from_string(
    "<!DOCTYPE html><html lang=en-GB><title>{{ report.title }}</title><body><h1>{{ report.title }}</h1>"
    "{% for section in report.sections %}<h2>{{ section.heading }}</h2>{% for table in section.tables() %}"
    "<table><caption>{{ table.caption }}</caption><tr>{% for group in table.page_groups() %}"
    "<th scope=col>{{ group.title }}</th>{% endfor %}</tr>{% for row in table.rows %}<tr>"
    "{% for group in table.page_groups() %}<td>{% for part in group.parts %}"
    "{% if row[part.column] is not none %}<div>{{ part.label }} {{ row[part.column] }}</div>{% endif %}{% endfor %}"
    "</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}{% endfor %}</body></html>"
)


def page(report: Report) -> bytes:
    """Write the page with Jinja."""
    return _PAGE.render(report=report).encode()


def slides(report: Report) -> bytes:
    """Write the slides with python-pptx: a slide for each chart and for each eight rows of a table, with notes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(338), Mm(190)
    layout = deck.slide_layouts[5]
    for section in report.sections:
        if section.key not in SHOWN:
            continue
        for block in section.blocks:
            if isinstance(block, ChartBlock):
                slide = deck.slides.add_slide(layout)
                slide.shapes.title.text = block.title
                data = CategoryChartData()
                data.categories = block.categories
                for series in block.series:
                    data.add_series(series.name, series.points)
                slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, Mm(15), Mm(35), Mm(300), Mm(120), data)
            elif isinstance(block, Table):
                _table(deck, layout, block)
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _table(deck: object, layout: object, table: Table) -> None:
    groups = table.slide or table.page_groups()
    for start in range(0, len(table.rows), ROWS):
        rows = table.rows[start : start + ROWS]
        slide = deck.slides.add_slide(layout)  # type: ignore[attr-defined]
        slide.shapes.title.text = table.caption
        made = slide.shapes.add_table(len(rows) + 1, len(groups), Mm(15), Mm(35), Mm(300), Mm(120)).table
        for column, group in enumerate(groups):
            made.cell(0, column).text = group.title
        for number, row in enumerate(rows, 1):
            for column, group in enumerate(groups):
                told = [cell_text(row[part.column]) for part in group.parts]
                made.cell(number, column).text = "\n".join(text for text in told if text)
        slide.notes_slide.notes_text_frame.text = "\n".join("; ".join(map(cell_text, row)) for row in rows)
