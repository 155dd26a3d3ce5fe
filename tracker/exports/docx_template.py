"""The report on a council's own Word document: its cover, header, footer, page and styles are kept.

A style that it calls by Word's own name is used as it is; one that it lacks is added as the report's own.
Words in braces on its cover, header and footer are filled in: {plan}, {as at}, {pack}, {marking}, {board}, {meeting}.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from docx import Document as open_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.shared import Emu

from tracker.exports.characters import legal
from tracker.exports.docx_styles import CELL, HEAD_CELL, OWN, QUIET_CELL, ROLES, TABLE, set_styles
from tracker.exports.docx_tables import Look
from tracker.exports.report import KeyValue, Report, cell_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_TOKEN = re.compile(r"\{(plan|organisation|as at|pack|marking|board|meeting)\}", re.I)
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 174, 261  # millimetres that the tables of the report are laid out for
_NARROWEST = 100  # millimetres of text that a report needs


def open_template(template: bytes, report: Report) -> Document:
    """Return the council's document, ready for the report to follow: styles complete, pages marked, words filled in."""
    document = open_document(io.BytesIO(template))
    for name in missing_styles(document):
        _add_style(document, name)
    for name in ("List Bullet", "List Number"):
        _number_style(document, name)
    words = _words(report)
    for paragraph in _paragraphs(document):
        _fill(paragraph, words)
    for section in document.sections:
        _mark_pages(section, report)
    return document


def missing_styles(document: Document) -> list[str]:
    """Return the styles that a report needs and the document lacks, in the order of their use."""
    there = {style.name for style in document.styles}
    return [name for name in (*ROLES, *OWN) if name not in there]


def told_of_template(template: bytes) -> list[str]:
    """Return sentences about what of the document is used and what the report brings along."""
    document = open_document(io.BytesIO(template))
    missing = [name for name in missing_styles(document) if name in ROLES]
    told = [f"The document has no style “{name}” ({ROLES[name]}); the report's own is used." for name in missing]
    if not missing:
        told.append("Every style that a report needs is there.")
    width = text_width(document.sections[-1])
    if width < _NARROWEST:
        told.append(f"Its pages leave {width:.0f} mm for text, which is narrow for tables: use wider margins or paper.")
    if has_cover(document):
        told.append("Its pages are kept as the cover, and the report begins on the page after them.")
    return told


def has_cover(document: Document) -> bool:
    """Return whether anything stands in the body of the document."""
    body: Any = document.element.body
    return any(part.tag == qn("w:tbl") for part in body) or any(
        paragraph.text.strip() or _has_drawing(paragraph) for paragraph in document.paragraphs
    )


def clear_body(document: Document) -> None:
    """Take out the empty paragraphs of a document that has no cover."""
    for paragraph in document.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)


def text_width(section: Section) -> float:
    """Return the millimetres between the margins of a section."""
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    found: float = Emu(width).mm
    return found


def turn_page(section: Section, *, landscape: bool) -> None:
    """Turn the page of a section upright or on its side; its margins stay."""
    width, height = section.page_width or 0, section.page_height or 0
    if (width > height) is not landscape:
        section.page_width, section.page_height = Emu(height), Emu(width)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT


def look_of(document: Document, *, landscape: bool) -> Look:
    """Return how tables look on the pages of a document: as wide as these allow, in its table style if it has ours."""
    there = {style.name: style.style_id for style in document.styles}
    width = text_width(document.sections[-1])
    ids = {name: there[name] for name in (CELL, QUIET_CELL, HEAD_CELL)}
    return Look(width / (LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH), ids, there.get(TABLE, ""))


def _add_style(document: Document, name: str) -> None:
    """Add the report's own style of that name, in the document's own font."""
    own = open_document()
    set_styles(own)
    added = deepcopy(own.styles[name].element)
    fonts = added.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    if fonts is not None:
        fonts.getparent().remove(fonts)
    link = added.find(qn("w:link"))
    if link is not None:
        added.remove(link)
    taken = {style.style_id for style in document.styles}
    if added.get(qn("w:styleId")) in taken:
        added.set(qn("w:styleId"), f"Report{added.get(qn('w:styleId'))}")
    document.styles.element.append(added)


def _number_style(document: Document, name: str) -> None:
    """Give a list style bullets or numbers, where it has none in the document."""
    style: Any = document.styles[name].element
    numbers = _numbering(document)
    held = style.pPr.numPr if style.pPr is not None else None
    if held is not None and held.numId is not None and _has_number(numbers, held.numId.val):
        return
    own = open_document()
    theirs: Any = own.part.numbering_part.element
    number: Any = own.styles[name].element.pPr.numPr.numId.val
    kind = deepcopy(next(one for one in theirs.findall(qn("w:abstractNum")) if _kind(theirs, number) == one.get(_KIND)))
    key = 1 + max((int(one.get(_KIND)) for one in numbers.findall(qn("w:abstractNum"))), default=-1)
    kind.set(_KIND, str(key))
    for odd in (*kind.findall(qn("w:nsid")), *kind.findall(qn("w:tmpl")), *kind.iter(qn("w:pStyle"))):
        odd.getparent().remove(odd)
    place = numbers.find(qn("w:num"))
    numbers.append(kind) if place is None else place.addprevious(kind)
    properties = style.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = numbers.add_num(key).numId


_KIND = qn("w:abstractNumId")


def _kind(numbers: Any, number: int) -> str:
    return str(numbers.num_having_numId(number).abstractNumId.val)


def _has_number(numbers: Any, number: int) -> bool:
    return any(int(one.numId) == number for one in numbers.findall(qn("w:num")))


def _numbering(document: Document) -> Any:
    """Return the numbering of a document; one that has none is given an empty one."""
    relations = document.part.rels.values()
    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in relations):
        package = document.part.package
        assert package is not None
        made = NumberingPart(
            PackURI("/word/numbering.xml"),
            CONTENT_TYPE.WML_NUMBERING,
            parse_xml(f"<w:numbering {nsdecls('w')}/>"),
            package,
        )
        document.part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return document.part.numbering_part.element


def _has_drawing(paragraph: Paragraph) -> bool:
    return next(paragraph._p.iter(qn("w:drawing"), qn("w:pict")), None) is not None


def _words(report: Report) -> dict[str, str]:
    front = report.section("front")
    pairs: dict[str, str] = {}
    for block in front.blocks if front else ():
        if isinstance(block, KeyValue):
            pairs |= {label: cell_text(value) for label, value in block.pairs}
    return {
        "plan": report.plan_title,
        "organisation": report.organisation,
        "as at": report.as_at_text,
        "pack": report.pack,
        "marking": report.page_marking,
        "board": pairs.get("For", ""),
        "meeting": pairs.get("Meeting", ""),
    }


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield every paragraph of the cover, of tables on it, and of headers and footers."""
    from docx.text.paragraph import Paragraph

    holders: list[Any] = [document.element.body]
    for section in document.sections:
        holders += [part._element for part in _furniture(section)]
    for holder in holders:
        for element in holder.iter(qn("w:p")):
            yield Paragraph(element, document._body)


def _furniture(section: Section) -> list[Any]:
    """Return the headers and footers that a section has of its own."""
    parts: list[Any] = [section.header, section.footer]
    if section.different_first_page_header_footer:
        parts += [section.first_page_header, section.first_page_footer]
    parts += [section.even_page_header, section.even_page_footer]
    return [part for part in parts if not part.is_linked_to_previous]


def _fill(paragraph: Paragraph, words: dict[str, str]) -> None:
    """Put the words in place of their names in braces; where one is spread over runs, the first run takes it all."""
    if not _TOKEN.search(paragraph.text):
        return

    def word(match: re.Match[str]) -> str:
        return legal(words[match[1].lower()])

    for run in paragraph.runs:
        if _TOKEN.search(run.text):
            run.text = _TOKEN.sub(word, run.text)
    if _TOKEN.search(paragraph.text) and paragraph.runs:
        first, *others = paragraph.runs
        first.text = _TOKEN.sub(word, "".join(run.text for run in paragraph.runs))
        for run in others:
            run.text = ""


def _mark_pages(section: Section, report: Report) -> None:
    """Add the marking to each header and the day of the data to each footer, as far as nothing there says it."""
    first = section._document_part.document.sections[0]._sectPr is section._sectPr
    heads = [section.header, *([section.first_page_header] if section.different_first_page_header_footer else [])]
    feet = [section.footer, *([section.first_page_footer] if section.different_first_page_header_footer else [])]
    if section._document_part.document.settings.odd_and_even_pages_header_footer:
        heads.append(section.even_page_header)
        feet.append(section.even_page_footer)
    for part in (*heads, *feet):
        if part.is_linked_to_previous and not first:
            continue  # it shows that of the section before
        head = part in heads
        texts = (report.page_marking, report.notice) if head else (report.page_text,)
        for text in texts:
            there = "\n".join(paragraph.text for paragraph in part.paragraphs)
            wanting = " · ".join(one for one in text.split(" · ") if one not in there)
            if wanting:
                line = part.add_paragraph(style="Header" if head else "Footer")
                line.add_run(legal(wanting)).bold = head or None
                if head:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
