"""Native, editable charts in Word, with python-pptx's chart writer and a small workbook behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from tracker.exports.characters import legal
from tracker.exports.native_chart import GRAPHIC, chart_data, chart_workbook, dress
from tracker.exports.report import ChartBlock

if TYPE_CHECKING:
    from docx.document import Document


def add_chart(document: Document, chart: ChartBlock, number: int, width: Mm) -> None:
    """Add the chart as a paragraph of its own, with its alternative text; its figures can be edited in Word."""
    package = document.part.package
    assert package is not None
    workbook = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, chart_workbook(chart), package
    )
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    link = part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
    part._blob = _chart_xml(chart, link)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    height = Mm(15 + 7 * len(chart.categories))
    said = quoteattr(legal(chart.alt).replace("\n", " "))
    title = quoteattr(legal(chart.title).replace("\n", " "))
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = False
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{1000 + number}" name="Chart {number}" '
            f"title={title} descr={said}/><wp:cNvGraphicFramePr/><a:graphic>"
            f'<a:graphicData uri="{GRAPHIC}"><c:chart xmlns:c="{GRAPHIC}" r:id="{relation}"/></a:graphicData>'
            "</a:graphic></wp:inline></w:drawing>"
        )
    )


def _chart_xml(chart: ChartBlock, link: str) -> bytes:
    from pptx.chart.chart import Chart
    from pptx.chart.xmlwriter import ChartXmlWriter
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.oxml import parse_xml as parse_chart

    make_xml: Any = ChartXmlWriter
    make_chart: Any = Chart
    space: Any = parse_chart(make_xml(XL_CHART_TYPE.BAR_STACKED, chart_data(chart)).xml.encode())
    dress(make_chart(space, None), chart)
    space.append(
        parse_chart(
            f'<c:externalData xmlns:c="{GRAPHIC}" {nsdecls("r")} r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'
        )
    )
    xml: bytes = space.xml.encode() if isinstance(space.xml, str) else space.xml
    return xml
