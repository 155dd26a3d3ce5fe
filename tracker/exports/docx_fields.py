"""Contents list and bookmarks of the Word report: a field that Word can update, filled in beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tracker.exports.characters import legal

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph


def bookmark(paragraph: Paragraph, number: int) -> str:
    """Mark a heading so that the contents list can point at it; return the name of the bookmark."""
    name = f"_Toc{number:08d}"
    paragraph._p.insert(1, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))
    return name


def contents(title: str, title_style: str, entries: Sequence[tuple[str, str]], *, field: bool) -> list[Any]:
    """Return a contents list of (bookmark, heading). The page numbers are fields: Word fills them on update.

    As a `field` it can be updated as a whole in Word; else it is a list of links.
    """
    lines = []
    last = len(entries) - 1
    for index, (name, heading) in enumerate(entries):
        start = _char("begin") + _instruction(' TOC \\o "1-1" \\h \\z ') + _char("separate") if index == 0 else ""
        asked = f" PAGEREF {name} \\h "
        shown = "" if field else "<w:r><w:t>-</w:t></w:r>"
        page = _char("begin") + _instruction(asked) + _char("separate") + shown + _char("end")
        end = _char("end") if index == last else ""
        lines.append(
            f'<w:p{{space}}><w:pPr><w:pStyle w:val="toc1"/></w:pPr>{start if field else ""}'
            f'<w:hyperlink w:anchor="{name}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{_braced(escape(legal(heading)))}</w:t></w:r><w:r><w:tab/></w:r>'
            f"{page}</w:hyperlink>{end if field else ''}</w:p>"
        )
    head = (
        f'<w:p{{space}}><w:pPr><w:pStyle w:val="{title_style.replace(" ", "")}"/></w:pPr>'
        f"<w:r><w:t>{escape(title)}</w:t></w:r></w:p>"
    )
    space = f" {nsdecls('w')}"
    if not field:
        return [parse_xml(line.format(space=space)) for line in (head, *lines)]
    inside = "".join(line.format(space="") for line in (head, *lines))
    return [
        parse_xml(
            f'<w:sdt{space}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
        )
    ]


def _braced(text: str) -> str:
    """Return text that survives being a pattern."""
    return text.replace("{", "{{").replace("}", "}}")


def _char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{escape(text)}</w:instrText></w:r>'
