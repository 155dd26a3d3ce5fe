"""The Summary sheet: the plan on one page, with native charts over the counts that stand beside them."""

from __future__ import annotations

from typing import Any

from tracker.exports.characters import fit_cell
from tracker.exports.palette import FONT
from tracker.exports.report import (
    Block,
    BulletList,
    ChartBlock,
    Commentary,
    Heading,
    KeyValue,
    Paragraph,
    Report,
    StatusLine,
    Table,
    cell_text,
)
from tracker.exports.xlsx_formats import Formats
from tracker.exports.xlsx_sheet import A4, HEADER_LIMIT, height_of, lines_of, start_sheet, write_table, write_text

SHEET = "Summary"
WIDE = 9  # columns that a sentence runs over
ROW_PIXELS = 20
# Charts stand side by side: the first column is as wide as three others.
CHART_PIXELS, CHART_COLUMNS = 590, 4
TOP_AND_LEGEND, BAR_PIXELS = 90, 30
LABEL_SHARE = 0.05
LABEL_WIDTH, VALUE_WIDTH, SENTENCE_WIDTH = 46, 110, 160


def write_summary(book: Any, sheet: Any, report: Report, formats: Formats) -> None:
    """Write the front sheet's lines, then the blocks of the plan on one page, then the charts."""
    row = start_sheet(sheet, report, report.title, formats) + 1
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 12, 13)
    sheet.set_paper(A4)
    places: dict[str, tuple[int, int]] = {}
    page, front = report.section("one-page"), report.section("front")
    if page is not None:
        figures = tuple(block for block in page.blocks if isinstance(block, StatusLine | KeyValue | Table))
        words = tuple(
            block for block in page.blocks if isinstance(block, Heading | Paragraph | BulletList | Commentary)
        )
        row = _write_blocks(sheet, figures, row, formats, places)
        row = _write_charts(book, sheet, report, places, row)
        row = _write_blocks(sheet, words, row, formats, places)
    if front is not None:
        row = _write_blocks(sheet, front.blocks, row, formats, places)
    sheet.print_area(0, 0, row, WIDE)
    sheet.activate()


def _write_blocks(
    sheet: Any, blocks: tuple[Block, ...], row: int, formats: Formats, places: dict[str, tuple[int, int]]
) -> int:
    for block in blocks:
        match block:
            case StatusLine():
                sheet.write_string(row, 0, f" {block.status.text}", formats.chip[block.status.term.paint_name])
                sheet.write_string(row, 1, fit_cell(block.sentence), formats.sentence)
                row += 2
            case KeyValue():
                row = _write_pairs(sheet, block, row, formats)
            case Table() if block.rows:
                sheet.write_string(row, 0, fit_cell(block.caption), formats.heading)
                places[block.key] = write_table(sheet, (block,), row + 1, formats, f"Summary_{block.key}")
                row = places[block.key][1] + 2
            case Heading():
                sheet.write_string(row, 0, fit_cell(block.text), formats.heading)
                row += 1
            case Paragraph():
                row = _write_sentence(sheet, block.text, row, formats)
            case Commentary():
                sheet.write_string(row, 0, fit_cell(block.label), formats.heading)
                row += 1
                for text in block.paragraphs:
                    row = _write_sentence(sheet, text, row, formats)
                row += 1
            case BulletList():
                for number, item in enumerate(block.items, 1):
                    row = _write_sentence(sheet, f"{number}. {item}" if block.numbered else f"• {item}", row, formats)
                row += 1
            case _:
                pass
    return row


def _write_pairs(sheet: Any, block: KeyValue, row: int, formats: Formats) -> int:
    sheet.write_string(row, 0, fit_cell(block.caption), formats.heading)
    row += 1
    for label, value in block.pairs:
        told = fit_cell(cell_text(value))
        sheet.write_string(row, 0, fit_cell(label), formats.label)
        sheet.merge_range(row, 1, row, WIDE, "", formats.text)
        write_text(sheet, row, 1, told, formats, formats.text)
        sheet.set_row(row, height_of(max(lines_of(label, LABEL_WIDTH), lines_of(told, VALUE_WIDTH))))
        row += 1
    return row + 1


def _write_sentence(sheet: Any, text: str, row: int, formats: Formats) -> int:
    """Write a sentence over the width of the page; a merged cell wraps, but its height has to be given."""
    fitted = fit_cell(text)
    sheet.merge_range(row, 0, row, WIDE, "", formats.plain)
    write_text(sheet, row, 0, fitted, formats, formats.plain)
    sheet.set_row(row, height_of(lines_of(fitted, SENTENCE_WIDTH)))
    return row + 1


def _write_charts(book: Any, sheet: Any, report: Report, places: dict[str, tuple[int, int]], row: int) -> int:
    charts = [block for section in report.sections for block in section.blocks if isinstance(block, ChartBlock)]
    tallest = column = 0
    for chart in charts:
        table = report.table(chart.table)
        if table is not None and chart.table in places and chart.categories:
            drawn = _chart(book, chart, table, places[chart.table][0])
            height = min(TOP_AND_LEGEND + BAR_PIXELS * len(chart.categories), 1200)
            drawn.set_size({"width": CHART_PIXELS, "height": height})
            sheet.insert_chart(row, column, drawn, {"description": fit_cell(chart.alt), "object_position": 2})
            tallest, column = max(tallest, height), column + CHART_COLUMNS
    return row + tallest // ROW_PIXELS + 2


def _chart(book: Any, chart: ChartBlock, table: Table, header: int) -> Any:
    """Return the chart over the first rows of its table, one for each category; the header is in row `header`."""
    first, last = header + 1, header + len(chart.categories)
    longest = max((sum(series.points[at] for series in chart.series) for at in range(len(chart.categories))), default=0)
    drawn = book.add_chart({"type": "bar", "subtype": "stacked"})
    for series in chart.series:
        column = next(index for index, one in enumerate(table.columns) if one.colour is series.colour)
        drawn.add_series(
            {
                "name": [SHEET, header, column],
                "categories": [SHEET, first, 0, last, 0],
                "values": [SHEET, first, column, last, column],
                "fill": {"color": f"#{series.term.paint.bar_fill}"},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "position": "center",
                    "num_format": f'"{series.term.letter} "0;;;',
                    "font": {"name": FONT, "size": 8, "bold": True, "color": f"#{series.term.paint.bar_text}"},
                    "custom": [{"delete": True} if point < longest * LABEL_SHARE else None for point in series.points],
                },
            }
        )
    drawn.set_title(
        {"name": fit_cell(chart.title)[:HEADER_LIMIT], "name_font": {"name": FONT, "size": 11}, "overlay": False}
    )
    drawn.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    drawn.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}, "line": {"none": True}})
    drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": longest or 1})
    drawn.set_chartarea({"border": {"none": True}})
    return drawn
