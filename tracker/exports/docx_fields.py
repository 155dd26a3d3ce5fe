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


def contents(title: str, title_style: str, entries: Sequence[tuple[str, str]]) -> Any:
    """Return a contents list of (bookmark, heading). The page numbers are fields: Word fills them on update."""
    lines = []
    last = len(entries) - 1
    for index, (name, heading) in enumerate(entries):
        start = _char("begin") + _instruction(' TOC \\o "1-1" \\h \\z ') + _char("separate") if index == 0 else ""
        asked = f" PAGEREF {name} \\h "
        page = _char("begin") + _instruction(asked) + _char("separate") + _char("end")
        lines.append(
            f'<w:p><w:pPr><w:pStyle w:val="toc1"/></w:pPr>{start}<w:hyperlink w:anchor="{name}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{escape(legal(heading))}</w:t></w:r><w:r><w:tab/></w:r>'
            f"{page}</w:hyperlink>{_char('end') if index == last else ''}</w:p>"
        )
    return parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        f'</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="{title_style.replace(" ", "")}"/></w:pPr>'
        f"<w:r><w:t>{escape(title)}</w:t></w:r></w:p>{''.join(lines)}</w:sdtContent></w:sdt>"
    )


def _char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{escape(text)}</w:instrText></w:r>'
