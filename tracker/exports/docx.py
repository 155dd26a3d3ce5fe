"""The highlight report as a Word document: A4, headings, contents list, native charts, repeated table headers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document as open_document
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from tracker.exports import docx_styles as styles
from tracker.exports.characters import legal
from tracker.exports.docx_chart import add_chart
from tracker.exports.docx_fields import bookmark, contents
from tracker.exports.docx_tables import OURS, Look, key_value_element, table_element
from tracker.exports.docx_template import clear_body, has_cover, look_of, open_template, turn_page
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
    from docx.section import Section as Page
    from docx.text.paragraph import Paragraph as Line

_PARAGRAPH_STYLES = {"text": "Normal", "lead": styles.LEAD, "note": styles.NOTE, "label": styles.LABEL}
_SPACED = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption")  # these have a distance of their own
# What may stand behind the columns in the properties of a section; Word keeps to an order.
_AFTER_COLUMNS = frozenset(
    qn(f"w:{name}")
    for name in ("formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi", "rtlGutter", "docGrid")
)
AFTER_TABLE = Pt(10)
# Sections that begin a page: a member is told to read the first two.
_NEW_PAGE = ("one-page", "decisions", "exceptions")


def render_docx(report: Report, template: bytes | None = None, *, for_office: bool = False) -> bytes:
    """Return the report as a .docx; `template` is the council's own, checked document that it is to follow.

    `for_office`: LibreOffice is to convert it. It leaves the pages of a contents field blank, so that a list of links
    with their pages stands in its place.
    """
    return _Writer(report, template, for_office=for_office).write()


class _Writer:
    """Writes one report; holds the numbers that must be unique within the document."""

    def __init__(self, report: Report, template: bytes | None, *, for_office: bool) -> None:
        self.report = report
        self.for_office = for_office
        self.on_theirs = template is not None
        self.document: Document = open_document() if template is None else open_template(template, report)
        self.body: Any = self.document.element.body
        self.bookmarks = 0
        self.charts = 0
        self.entries: list[tuple[str, str]] = []
        self.after_table = False
        self.look = OURS

    def write(self) -> bytes:
        """Write every section, then the contents list, whose entries are known only then."""
        if not self.on_theirs:
            styles.set_styles(self.document)
            styles.set_page(self.document.sections[0], landscape=False)
            styles.set_furniture(self.document.sections[0], self.report)
        elif has_cover(self.document):
            self.document.add_section(WD_SECTION.NEW_PAGE)
            turn_page(self.document.sections[-1], landscape=False)
        else:
            clear_body(self.document)
        styles.set_properties(self.document, self.report)
        self.look = self._look(landscape=False)
        landscape = False
        place = None
        for section in self.report.sections:
            if section.landscape != landscape:
                landscape = section.landscape
                self._turn(landscape=landscape)
                self._section(section, new_page=False)
            else:
                self._section(section, new_page=section.key in _NEW_PAGE)
            if section.key == "front":
                place = self._room_for_contents()
        if place is not None:
            for part in contents("Contents", styles.CONTENTS, self.entries[1:], field=not self.for_office):
                place._p.addprevious(part)
            place._p.getparent().remove(place._p)
        if self.after_table:
            self._add("End of the report.", styles.NOTE)  # Word wants a paragraph behind the last table
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _room_for_contents(self) -> Line:
        """Return a paragraph in two columns below the front sheet; the list takes its place once headings are known."""
        self._columns(self.document.add_section(WD_SECTION.CONTINUOUS), 2)
        place = self.document.add_paragraph()
        self._columns(self.document.add_section(WD_SECTION.CONTINUOUS), 1)
        self.after_table = False
        return place

    def _columns(self, page: Page, number: int) -> None:
        for old in page._sectPr.findall(qn("w:cols")):
            page._sectPr.remove(old)
        made = parse_xml(f'<w:cols {nsdecls("w")} w:num="{number}" w:space="500"/>')
        after = next((one for one in page._sectPr if one.tag in _AFTER_COLUMNS), None)
        page._sectPr.append(made) if after is None else after.addprevious(made)

    def _turn(self, *, landscape: bool) -> None:
        """Begin pages of the other direction."""
        page = self.document.add_section(WD_SECTION.NEW_PAGE)
        self.after_table = False
        if self.on_theirs:
            turn_page(page, landscape=landscape)
        else:
            styles.set_page(page, landscape=landscape)
            styles.set_furniture(page, self.report)
        self.look = self._look(landscape=landscape)

    def _look(self, *, landscape: bool) -> Look:
        return look_of(self.document, landscape=landscape) if self.on_theirs else OURS

    def _add(self, text: str, style: str) -> Line:
        """Add a paragraph; behind a table it keeps the distance that no empty paragraph makes."""
        paragraph = self.document.add_paragraph(legal(text), style=style)
        if self.after_table and style not in _SPACED:
            paragraph.paragraph_format.space_before = AFTER_TABLE
        self.after_table = False
        return paragraph

    def _section(self, section: Section, *, new_page: bool) -> None:
        if section.key == "front":
            self._add(self.report.organisation, styles.LEAD).paragraph_format.space_before = Pt(20)
            self._add(self.report.plan_title, "Title")
            self._heading(f"{self.report.name}, {self.report.as_at_text[:1].lower()}{self.report.as_at_text[1:]}")
        else:
            self._heading(section.heading, new_page=new_page)
        for index, block in enumerate(section.blocks):
            if index == 0 and isinstance(block, Paragraph) and len(section.blocks) > 1:
                # A sentence that opens a section does not stand alone with its heading at the foot of a page.
                opening = self._add(block.text, _PARAGRAPH_STYLES.get(block.style, "Normal"))
                opening.paragraph_format.keep_with_next = True
            else:
                self._block(block, section)

    def _heading(self, text: str, *, new_page: bool = False) -> None:
        paragraph = self._add(text, "Heading 1")
        paragraph.paragraph_format.page_break_before = new_page or None
        self.bookmarks += 1
        self.entries.append((bookmark(paragraph, self.bookmarks), text))

    def _block(self, block: Block, section: Section) -> None:
        match block:
            case Heading():
                self._add(block.text, f"Heading {min(block.level, 3)}")
            case Paragraph():
                self._add(block.text, _PARAGRAPH_STYLES.get(block.style, "Normal"))
            case BulletList():
                self._list(block)
            case StatusLine():
                self._status_line(block)
            case KeyValue():
                self._caption(block.caption)
                self._append(key_value_element(block, (62, 112), self.look))
            case Commentary():
                self._add(block.label, styles.LABEL)
                for text in block.paragraphs:
                    self._add(text, "Normal")
            case Table():
                self._table(block)
            case ChartBlock():
                self.charts += 1
                self.after_table = False
                add_chart(self.document, block, self.charts, Mm((261 if section.landscape else 174) * self.look.scale))

    def _table(self, table: Table) -> None:
        if not table.rows:
            self._add(table.empty, "Normal")
            return
        self._caption(table.caption)
        self._append(table_element(table, self.look))

    def _caption(self, text: str) -> None:
        self._add(text, "Caption")

    def _append(self, element: Any) -> None:
        """Append a table; what follows it keeps its distance."""
        self.body[-1].addprevious(element)
        self.after_table = True

    def _list(self, block: BulletList) -> None:
        number = self._new_numbering() if block.numbered else None
        for item in block.items:
            paragraph = self._add(item, "List Number" if block.numbered else "List Bullet")
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
        paragraph = self._add("", styles.LEAD)
        paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = True
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
