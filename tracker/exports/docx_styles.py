"""Typography and page furniture of the Word report: styles, page sizes, header, footer, properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from tracker.exports.characters import legal
from tracker.exports.palette import BRAND, FONT, QUIET, TEXT
from tracker.exports.report import Report

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

MARGIN = Mm(18)
PORTRAIT = (Mm(210), Mm(297))

CELL = "Table Text"
QUIET_CELL = "Table Quiet"
HEAD_CELL = "Table Heading"  # by this name LibreOffice knows a header cell, and tags it as one
LEAD = "Lead"
NOTE = "Note"
LABEL = "Label"
CONTENTS = "Contents Heading"
# The styles that a council's own document may define, and what the report uses each for.
ROLES = {
    "Title": "the title",
    "Heading 1": "headings of sections",
    "Heading 2": "headings within sections",
    "Heading 3": "headings below these",
    "List Bullet": "lists",
    "List Number": "numbered lists",
    "Caption": "captions of tables",
    "Header": "the head of pages",
    "Footer": "the foot of pages",
}
OWN = (CELL, QUIET_CELL, HEAD_CELL, LEAD, NOTE, LABEL, CONTENTS, "toc 1")
TABLE = "Report Table"  # a table style of this name gives the tables their lines and their header row


def set_styles(document: Document) -> None:
    """Give the document its fonts, sizes and spacing; Word's theme fonts are taken out so that ours hold."""
    normal = _style(document, "Normal")
    _type(normal, 10, TEXT)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.1
    normal.paragraph_format.widow_control = True
    for name, size, before, after, colour in (
        ("Title", 26, 0, 6, BRAND),
        ("Heading 1", 17, 18, 8, BRAND),
        ("Heading 2", 12.5, 14, 5, TEXT),
        ("Heading 3", 10.5, 10, 4, TEXT),
    ):
        style = _style(document, name)
        _type(style, size, colour, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.keep_together = True
        style.paragraph_format.line_spacing = 1.0
    border = _style(document, "Title").element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    _caption(document)
    for name in ("List Bullet", "List Number"):
        style = _style(document, name)
        _type(style, 10, TEXT)
        style.paragraph_format.space_after = Pt(3)
    for name, size, colour, after, bold in (
        (CELL, 8.5, TEXT, 1, False),
        (QUIET_CELL, 7.5, QUIET, 1, False),
        (HEAD_CELL, 8.5, TEXT, 1, True),
        (LEAD, 12, TEXT, 8, False),
        (NOTE, 9, QUIET, 6, False),
        (LABEL, 10, TEXT, 2, True),
        (CONTENTS, 12.5, TEXT, 4, True),
        ("toc 1", 9, TEXT, 2, False),
    ):
        _made(document, name, size, colour, after, bold)
    for name in (LABEL, CONTENTS):
        _style(document, name).paragraph_format.keep_with_next = True
    for name in (CELL, QUIET_CELL, HEAD_CELL):
        _style(document, name).paragraph_format.line_spacing = 1.0
    tabs = _style(document, "toc 1").paragraph_format.tab_stops
    tabs.add_tab_stop((PORTRAIT[0] - 2 * MARGIN) // 2 - Mm(5), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.SPACES)


def set_page(section: Section, *, landscape: bool) -> None:
    """Make a section A4, upright or on its side, with the report's margins."""
    width, height = PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)
    section.header_distance = section.footer_distance = Mm(9)


def set_furniture(section: Section, report: Report) -> None:
    """Write header and footer: plan, marking and notice above; the day of the data and page x of y below."""
    width = (section.page_width or 0) - 2 * MARGIN
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    header = section.header.paragraphs[0]
    _line(header, width, legal(report.plan_title), legal(report.page_marking))
    if report.notice:
        notice = section.header.add_paragraph(style="Header")
        run = notice.add_run(report.notice)
        run.bold = True
    footer = section.footer.paragraphs[0]
    _line(
        footer, width, legal(report.page_text) + (f" · {legal(report.page_marking)}" if report.page_marking else ""), ""
    )
    footer.add_run("\tPage ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def set_properties(document: Document, report: Report) -> None:
    """Write title, language and author where a reader and a screen reader look for them."""
    properties = document.core_properties
    properties.title = _short(report.title)
    properties.subject = _short(f"{report.plan_title}, {report.as_at_text.lower()}")
    properties.author = _short(report.organisation)
    properties.last_modified_by = _short(report.organisation)
    properties.comments = report.notice
    properties.keywords = _short(report.marking)
    properties.language = "en-GB"
    properties.created = properties.modified = report.prepared_utc
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens the file as an old one
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), "en-GB")


def _short(text: str) -> str:
    return legal(text)[:255]


def _line(paragraph: Paragraph, width: int, left: str, right: str) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(left)
    if right:
        paragraph.add_run("\t")
        paragraph.add_run(right).bold = True


def _field(paragraph: Paragraph, instruction: str) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _style(document: Document, name: str) -> ParagraphStyle:
    style: Any = document.styles[name]
    found: ParagraphStyle = style
    return found


def _made(document: Document, name: str, size: float, colour: str, after: float, bold: bool) -> None:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _type(style, size, colour, bold=bold)
    style.paragraph_format.space_after = Pt(after)


def _caption(document: Document) -> None:
    style = _style(document, "Caption")
    _type(style, 9, QUIET, bold=True)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(3)
    style.paragraph_format.keep_with_next = True
    for name in ("Header", "Footer"):
        style = _style(document, name)
        _type(style, 8, QUIET)
        style.paragraph_format.tab_stops.clear_all()


def _type(style: ParagraphStyle, size: float, colour: str, *, bold: bool | None = None) -> None:
    font = style.font
    font.name, font.size, font.color.rgb = FONT, Pt(size), RGBColor.from_string(colour)
    if bold is not None:
        font.bold = bold
    font.italic = False
    properties: Any = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    spacing = properties.find(qn("w:spacing"))
    if spacing is not None:
        properties.remove(spacing)
