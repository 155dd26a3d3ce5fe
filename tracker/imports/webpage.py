"""A web page, or what was copied from one, as one grid: headings, paragraphs, lists and tables in order.

lxml's parser for HTML is used with neither network nor entities; it is imported inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tracker.imports.blocks import Blocks, Box
from tracker.imports.grid import Grid
from tracker.imports.guard import damaged
from tracker.imports.limits import Limits

_SKIPPED = frozenset(("script", "style", "head", "title", "template", "noscript", "nav", "svg", "select", "button"))
_BREAKS = frozenset(
    ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "section", "article", "ul", "ol")
) | {"details", "summary"}
_NAMED = {
    "red": "FF0000", "green": "008000", "lime": "00FF00", "amber": "FFBF00", "orange": "FFA500", "gold": "FFD700",
    "yellow": "FFFF00", "blue": "0000FF", "grey": "808080", "gray": "808080", "silver": "C0C0C0",
    "lightgrey": "D3D3D3", "lightgray": "D3D3D3", "purple": "800080", "darkred": "8B0000", "darkgreen": "006400",
    "lightgreen": "90EE90", "limegreen": "32CD32", "royalblue": "4169E1", "navy": "000080", "tomato": "FF6347",
    "crimson": "DC143C", "darkorange": "FF8C00", "forestgreen": "228B22", "steelblue": "4682B4",
}  # fmt: skip
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)


def read_page(data: bytes, limits: Limits) -> Grid:
    """Read a page. Raises Refusal if it is over a limit or cannot be read at all."""
    from lxml import etree, html

    text = _decoded(data)
    blocks = Blocks(limits)
    blocks.expect(len(re.findall(r"<t[dh][\s/>]", text, re.I)))
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        raise damaged() from None
    page = _Page(blocks)
    page.read(root)
    page.flush()
    return page.blocks.done()


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        found = _CHARSET.search(data[:4096])
        for name in (found[1].decode("ascii", "replace") if found else "utf-8", "utf-8-sig", "cp1252"):
            try:
                text = data.decode(name)
                break
            except (LookupError, UnicodeDecodeError):
                text = ""
        text = text or data.decode("cp1252", "replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))


class _Page:
    """Goes through the page once and gathers what stands in one line."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.line: list[str] = []
        self.bold: list[bool] = []

    def flush(self, *, level: int = 0) -> None:
        """End the line that is being gathered."""
        text = "\n".join(" ".join(part.split()) for part in "".join(self.line).split("\n")).strip()
        if level:
            text = re.sub(r"^Sheet \d+:\s*(?=\S)", "", text)  # how office suites head the sheets of a workbook
            text = re.sub(r"(?<=\S)\s*,\s*(?:Show|Hide)(?: this section)?$", "", text)  # what opens the part below it
        if text:
            self.blocks.paragraph(text, level=level, bold=bool(self.bold) and all(self.bold))
        self.line, self.bold = [], []

    def read(self, element: Any, *, bold: bool = False, mark: str = "") -> None:
        """Read what is in an element, in order."""
        if mark:
            self.line.append(mark)
        self._say(element.text, bold=bold)
        numbered = 0
        for each in element:
            tag = each.tag if isinstance(each.tag, str) else ""
            if tag == "table":
                self.flush()
                self._table(each)
            elif tag == "br":
                self.line.append("\n")
            elif re.fullmatch(r"h[1-6]", tag):
                self.flush()
                self.read(each)
                self.flush(level=int(tag[1]))
            elif tag in _BREAKS or tag == "tbody":
                self.flush()
                numbered += tag == "li"
                ordered = element.tag == "ol"
                self.read(
                    each, bold=bold or tag == "dt", mark=(f"{numbered}. " if ordered else "• ") if tag == "li" else ""
                )
                self.flush()
            elif tag and (tag not in _SKIPPED or _opens(each)):
                self.read(each, bold=bold or tag in ("b", "strong"))
            self._say(each.tail, bold=bold)

    def _say(self, text: str | None, *, bold: bool) -> None:
        if text:
            self.line.append(" ".join(text.split()) if not text.strip() else re.sub(r"\s+", " ", text))
            if not text.strip():
                self.line[-1] = " "
            else:
                self.bold.append(bold)

    def _table(self, table: Any) -> None:
        rows = list(_inside(table, "tr"))
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if all(len(each) <= 1 for each in cells) and table.find(".//table") is not None:
            for each in cells:  # a frame around other tables
                for cell in each:
                    self.read(cell)
                    self.flush()
            return
        boxes: list[Box] = []
        taken: set[tuple[int, int]] = set()
        last = 0
        for number, own in enumerate(cells, 1):
            column = 1
            for cell in own:
                while (number, column) in taken:
                    column += 1
                width = min(_number(cell.get("colspan")), 200)
                height = min(_number(cell.get("rowspan")), len(rows) - number + 1)
                text = "\n".join(_lines(cell, ""))
                boxes.append(Box(number, column, text, width, height, _fill(cell), _is_bold(cell)))
                if height > 1:
                    taken.update((number + down, column + right) for down in range(1, height) for right in range(width))
                column += width
                last = max(last, column - 1)
        if rows:
            self.blocks.table(boxes, len(rows), last)


def _opens(element: Any) -> bool:
    """Return whether a button is the title of a part that it opens: it stands in a heading."""
    above = element.getparent() if element.tag == "button" else None
    while above is not None and above.tag in ("span", "strong", "b", "div"):
        above = above.getparent()
    return above is not None and re.fullmatch(r"h[1-6]|summary|dt", str(above.tag)) is not None


def _inside(table: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table but not those of tables inside its cells."""
    for each in table:
        if each.tag == tag:
            yield each
        elif each.tag in ("thead", "tbody", "tfoot", "colgroup"):
            yield from _inside(each, tag)


def _number(text: str | None) -> int:
    found = re.match(r"\s*(\d{1,4})", text or "")
    return max(int(found[1]), 1) if found else 1


def lines_of_markup(text: str) -> list[str]:
    """Return the lines of a cell that holds the markup of a page: "<ul><li>Hire</li></ul>" is "• Hire"."""
    from lxml import etree, html

    try:
        return list(_lines(html.fragment_fromstring(text, create_parent="div"), ""))
    except (etree.LxmlError, ValueError, AssertionError):
        return [text]


def _lines(element: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a cell: paragraphs, breaks, and the entries of lists with a bullet or a number."""
    pieces: list[str] = [element.text or ""]
    numbered = 0

    def line() -> str:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        return text

    for each in element:
        tag = each.tag if isinstance(each.tag, str) else ""
        if tag == "br":
            yield line()
        elif tag in _BREAKS or tag in ("table", "tbody"):
            if text := line():
                yield text
            numbered += tag == "li"
            deeper = indent + ("  " if tag in ("ul", "ol") and element.tag == "li" else "")
            mark = ""
            if tag == "li":
                mark = f"{numbered}. " if element.tag == "ol" else "○ " if indent else "• "
                kind = element.get("type", "1")
                if element.tag == "ol" and kind in ("a", "A") and numbered <= 26:
                    mark = f"{chr(ord(kind) + numbered - 1)}. "
            for at, text in enumerate(_lines(each, deeper)):
                yield f"{indent if mark and not at else ''}{mark if not at else ''}{text}"
        elif tag and tag not in _SKIPPED:
            inner = list(_lines(each, indent))
            pieces.append(inner[0] if inner else "")
            for text in inner[1:]:
                yield line()
                pieces.append(text)
        pieces.append(each.tail or "")
    if text := line():
        yield text


def _fill(cell: Any) -> str:
    """Return a cell's background as RRGGBB, "" for none or one that is not given in the cell itself."""
    style = re.search(r"background(?:-color)?\s*:\s*([^;]+)", cell.get("style", ""), re.I)
    value = (style[1] if style else cell.get("bgcolor", "")).strip().lower()
    if found := re.match(r"#?([0-9a-f]{6})\b", value):
        return found[1].upper()
    if found := re.match(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b", value):
        return "".join(each * 2 for each in found.groups()).upper()
    if found := re.match(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})", value):
        return "".join(f"{min(int(each), 255):02X}" for each in found.groups())
    return _NAMED.get(value.split()[0] if value else "", "")


def _is_bold(cell: Any) -> bool:
    if cell.tag == "th":
        return True
    bold = "".join("".join(each.itertext()) for each in cell.iter("b", "strong"))
    whole = "".join(cell.itertext())
    return bool(whole.strip()) and " ".join(bold.split()) == " ".join(whole.split())
