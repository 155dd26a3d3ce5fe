"""The highlight report as a Word document: A4, headings, contents list, native charts, repeated table headers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document as open_document
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from tracker.exports import docx_styles as styles
from tracker.exports.characters import legal
from tracker.exports.docx_chart import add_chart
from tracker.exports.docx_fields import bookmark, contents
from tracker.exports.docx_tables import key_value_element, table_element
from tracker.exports.palette import RULE
from tracker.exports.report import (
    Block,
    BulletList,
    ChartBlock,
    Commentary,
    Heading,
    KeyValue,
    Paragraph,
    Report,
    Section,
    StatusLine,
    Table,
)

if TYPE_CHECKING:
    from docx.document import Document

_PARAGRAPH_STYLES = {"text": "Normal", "lead": styles.LEAD, "note": styles.NOTE, "label": styles.LABEL}
# Sections that begin a page: a member is told to read the first two.
_NEW_PAGE = ("one-page", "decisions", "exceptions")


def render_docx(report: Report) -> bytes:
    """Return the report as a .docx."""
    return _Writer(report).write()


class _Writer:
    """Writes one report; holds the numbers that must be unique within the document."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.document: Document = open_document()
        self.body: Any = self.document.element.body
        self.bookmarks = 0
        self.charts = 0
        self.entries: list[tuple[str, str]] = []

    def write(self) -> bytes:
        """Write every section, then the contents list, whose entries are known only then."""
        styles.set_styles(self.document)
        styles.set_properties(self.document, self.report)
        first = self.document.sections[0]
        styles.set_page(first, landscape=False)
        styles.set_furniture(first, self.report)
        landscape = False
        place = None
        for section in self.report.sections:
            if section.landscape != landscape:
                landscape = section.landscape
                page = self.document.add_section(WD_SECTION.NEW_PAGE)
                styles.set_page(page, landscape=landscape)
                styles.set_furniture(page, self.report)
                self._section(section, new_page=False)
            else:
                self._section(section, new_page=section.key in _NEW_PAGE)
            if section.key == "front":
                place = self.document.add_paragraph()
        if place is not None:
            place._p.addprevious(contents("Contents", styles.CONTENTS, self.entries))
            place._p.getparent().remove(place._p)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _section(self, section: Section, *, new_page: bool) -> None:
        if section.key == "front":
            organisation = self.document.add_paragraph(style=styles.LEAD)
            organisation.add_run(legal(self.report.organisation))
            organisation.paragraph_format.space_before = Pt(20)
            self.document.add_paragraph(legal(self.report.plan_title), style="Title")
            self._heading(f"{self.report.name}, {self.report.as_at_text[:1].lower()}{self.report.as_at_text[1:]}")
        else:
            self._heading(section.heading, new_page=new_page)
        for block in section.blocks:
            self._block(block, section)

    def _heading(self, text: str, *, new_page: bool = False) -> None:
        paragraph = self.document.add_paragraph(legal(text), style="Heading 1")
        paragraph.paragraph_format.page_break_before = new_page or None
        self.bookmarks += 1
        self.entries.append((bookmark(paragraph, self.bookmarks), text))

    def _block(self, block: Block, section: Section) -> None:
        match block:
            case Heading():
                self.document.add_paragraph(legal(block.text), style=f"Heading {min(block.level, 3)}")
            case Paragraph():
                self.document.add_paragraph(legal(block.text), style=_PARAGRAPH_STYLES.get(block.style, "Normal"))
            case BulletList():
                self._list(block)
            case StatusLine():
                self._status_line(block)
            case KeyValue():
                self._caption(block.caption)
                self._append(key_value_element(block, (62, 112)))
            case Commentary():
                self.document.add_paragraph(legal(block.label), style=styles.LABEL)
                for text in block.paragraphs:
                    self.document.add_paragraph(legal(text))
            case Table():
                self._table(block)
            case ChartBlock():
                self.charts += 1
                add_chart(self.document, block, self.charts, Mm(261 if section.landscape else 174))

    def _table(self, table: Table) -> None:
        if not table.rows:
            self.document.add_paragraph(legal(table.empty))
            return
        self._caption(table.caption)
        self._append(table_element(table))

    def _caption(self, text: str) -> None:
        self.document.add_paragraph(legal(text), style="Caption")

    def _append(self, element: Any) -> None:
        """Append a table with the small paragraph that keeps it apart from what follows."""
        self.body[-1].addprevious(element)
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(6)

    def _list(self, block: BulletList) -> None:
        number = self._new_numbering() if block.numbered else None
        for item in block.items:
            paragraph = self.document.add_paragraph(
                legal(item), style="List Number" if block.numbered else "List Bullet"
            )
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number

    def _new_numbering(self) -> int:
        """Start a list at 1 again, with the numbers of the style "List Number"."""
        style: Any = self.document.styles["List Number"].element
        numbering: Any = self.document.part.numbering_part.element
        base = numbering.num_having_numId(style.pPr.numPr.numId.val)
        made = numbering.add_num(base.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        found: int = made.numId
        return found

    def _status_line(self, block: StatusLine) -> None:
        paragraph = self.document.add_paragraph(style=styles.LEAD)
        paragraph.paragraph_format.keep_together = True
        chip = paragraph.add_run(f"\u00a0{block.status.text}\u00a0".replace(" ", "\u00a0"))
        chip.bold = True
        chip.font.color.rgb = RGBColor.from_string(block.status.term.paint.ink)
        properties: Any = chip._r.get_or_add_rPr()
        if block.status.term.paint.bordered:
            properties.append(
                parse_xml(f'<w:bdr {nsdecls("w")} w:val="single" w:sz="6" w:space="0" w:color="{RULE}"/>')
            )
        properties.append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{block.status.term.paint.fill}"/>')
        )
        paragraph.add_run(f"  {legal(block.sentence)}")
