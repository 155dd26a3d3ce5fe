"""A workbook cut down to what a plan needs, before openpyxl reads it.

openpyxl builds an object for every formatted cell, so a sheet with 50,000 empty rows takes it seconds and 180 MB, and
it gives up on many parts that a plan has no use for: fonts, pictures, filters, checks on what may be typed. So the
archive is written anew, in memory, with the list of sheets, their rows, the shared texts, the styles and the theme and
nothing else. This is a filter and not a reader: it finds elements by their tags, which is exact once comments and
CDATA are gone, because "<" stands nowhere else in XML. What values, styles and texts mean is left to openpyxl.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from tracker.imports.guard import damaged, declares_a_type, read_part, too_many_cells, too_many_rows
from tracker.imports.limits import Limits
from tracker.imports.rowfilter import attribute, kept_rows
from tracker.rules.errors import Refusal

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/"
_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_STRICT = b"http://purl.oclc.org/ooxml/"  # what Excel writes for "Strict Open XML Spreadsheet"
_LONGEST = 500_000  # bytes without a tag: more than any cell can hold, and slow to parse in old versions of expat

_ANY_ASIDE = re.compile(rb"<[!?]")
_ASIDE = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.S)
_ASIDES = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<![CDATA[", b"]]>"))
_ANY_BESIDE_TEXT = re.compile(rb"<(?:rP|ph)")
# Guides to pronunciation, which are no part of a text, and the fonts of its pieces.
_BESIDE_TEXT = re.compile(
    rb"<(rPh|rPr)(?=[\s>])[^>]*(?<!/)>(?:(?!<\1[\s/>]).)*?</\1>|<(?:rPh|rPr|phoneticPr)(?=[\s/>])[^>]*/>", re.S
)
_ALIGNMENT = re.compile(rb"</alignment\s*>|<alignment(?=[\s/>])[^>]*>")
_SOLID = re.compile(rb"<fill(?:\s*/>|>((?:(?!<fill[\s/>]).)*?)</fill>)", re.S)
_GRADIENT = re.compile(rb"<gradientFill(?=[\s/>])(?:[^>]*/>|[^>]*>(?:(?!<gradientFill).)*?</gradientFill>)", re.S)
_NO_COLOUR = re.compile(rb'\srgb="(?!(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")[^"]*"')


@dataclass(slots=True)
class SheetNotes:
    """What was seen in a sheet on the way, because openpyxl does not tell it or changes cells over it."""

    merged: list[str] = field(default_factory=list)  # references: "A1:C1"
    without_value: list[str] = field(default_factory=list)  # cells with a formula that nobody has calculated
    filtered: bool = False


@dataclass(slots=True)
class Trimmed:
    """A small workbook, and the notes on its sheets in their order."""

    data: bytes
    sheets: list[SheetNotes]


def trimmed(archive: zipfile.ZipFile, limits: Limits) -> Trimmed:
    """Write the workbook anew without what a plan has no use for. Raises Refusal if it is damaged or over a limit."""
    source = _Source(archive, limits)
    workbook_path = source.workbook()
    relations = source.relations(workbook_path)
    workbook = _plain(source.part(workbook_path) or b"", limits)
    sheets: list[tuple[bytes, str]] = []  # the tag in the list of sheets, and where the sheet is
    for tag in re.findall(rb"<sheet(?=\s)[^>]*>", _section(workbook, b"sheets")):
        kind, path = relations.get(attribute(tag, b"id").decode("utf-8", "replace"), ("", ""))
        if kind == "worksheet" and source.has(path):
            if len(sheets) == limits.sheets:
                raise Refusal(
                    f"The workbook has more than {limits.sheets} sheets; at most {limits.sheets} can be read. "
                    "Copy the plan's sheets into a new workbook and upload that."
                )
            sheets.append((tag, path))
    by_kind = {
        kind: source.part(path) for kind, path in relations.values() if kind in ("styles", "theme", "sharedStrings")
    }
    styles, filled = _styles(_plain(by_kind.get("styles") or b"<styleSheet/>", limits))
    parts = {"xl/styles.xml": styles}
    if theme := by_kind.get("theme"):
        parts["xl/theme/theme1.xml"] = _plain(theme, limits)
    if texts := by_kind.get("sharedStrings"):
        # openpyxl takes "x005F_" out of shared texts before we decode their escapes; small letters escape it.
        parts["xl/sharedStrings.xml"] = _plain(texts, limits).replace(b"x005F_", b"x005f_")
    notes: list[SheetNotes] = []
    rows = cells = 0
    for number, (_, path) in enumerate(sheets, 1):
        notes.append(SheetNotes())
        xml = _plain(source.part(path) or b"", limits)
        parts[f"xl/worksheets/sheet{number}.xml"], kept = _sheet(xml, notes[-1], filled, limits)
        rows += kept
        if rows > limits.rows:
            raise too_many_rows(limits)
        cells += parts[f"xl/worksheets/sheet{number}.xml"].count(b"<c ")
        if cells > limits.cells:
            raise too_many_cells(limits)
    parts |= _frame(workbook, [tag for tag, _ in sheets], has_texts=bool(texts))
    return Trimmed(_packed(parts), notes)


class _Source:
    """The archive as uploaded: parts by their path, whatever the case and the slashes of their names."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive = archive
        self.limits = limits
        self.names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}

    def has(self, path: str) -> bool:
        return path.lower() in self.names

    def part(self, path: str) -> bytes | None:
        stored = self.names.get(path.lower())
        return None if stored is None else read_part(self.archive, stored, self.limits)

    def workbook(self) -> str:
        """Return the path of the workbook's own part. Raises Refusal if there is none."""
        for kind, path in self.relations("").values():
            if kind == "officeDocument" and self.has(path):
                return path
        if self.has("xl/workbook.xml"):
            return "xl/workbook.xml"
        raise Refusal(
            "There is no workbook in this file. Open the plan in Excel, choose Save As, “Excel Workbook (.xlsx)”, "
            "and upload that file."
        )

    def relations(self, owner: str) -> dict[str, tuple[str, str]]:
        """Return the parts that a part refers to: id -> (kind, path)."""
        from defusedxml.ElementTree import fromstring

        folder, name = posixpath.split(owner)
        xml = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str]] = {}
        try:
            links = [] if xml is None else list(fromstring(xml))
        except (SyntaxError, ValueError, LookupError):
            raise damaged() from None
        for each in links:
            target = each.get("Target", "").replace("\\", "/")
            if target and each.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], path)
        return found


def _plain(xml: bytes, limits: Limits) -> bytes:
    """Return a part in UTF-8 from its first tag on, with neither comments nor prefixes, in Excel's usual namespace."""
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", xml[:200].replace(b"\0", b""))
    name = declared[1].decode().lower() if declared else ""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or name not in ("", "utf-8", "us-ascii"):
        try:
            xml = xml.decode(name or "utf-16").encode()
        except (LookupError, UnicodeError):
            raise damaged() from None
    if _ANY_ASIDE.search(xml, 1):
        if any(xml.rfind(opens) > xml.rfind(closes) for opens, closes in _ASIDES):
            raise damaged()  # one that never ends, which would be looked for again and again
        xml = _ASIDE.sub(lambda found: (found[1] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;"), xml)
        if b"<!" in xml:
            raise declares_a_type()
    for at in range(0, len(xml) - _LONGEST, _LONGEST):
        if xml.find(b"<", at, at + _LONGEST) < 0:
            raise Refusal(
                f"The workbook holds a text longer than the {limits.cell_text:,} characters of a spreadsheet cell. "
                "Shorten it and upload the file again."
            )
    found = re.search(rb"<(?:([\w.-]+):)?(worksheet|workbook|styleSheet|sst)(?=[\s/>])([^>]*)>", xml)
    if found is None:
        return xml  # the theme, whose colours are found whatever their namespace
    prefix, root = found[1], found[2]
    others = b"".join(re.findall(rb"\sxmlns:[\w.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')", found[3]))
    body = b"</%b>" % root if found[3].endswith(b"/") else xml[found.end() :]
    if prefix:
        body = body.replace(b"<%b:" % prefix, b"<").replace(b"</%b:" % prefix, b"</")
    if not body[-500:].rstrip().endswith(b"</%b>" % root):
        raise damaged()  # cut short
    if _ANY_BESIDE_TEXT.search(body):
        body = _BESIDE_TEXT.sub(b"", body)
    xml = b'<%b xmlns="%b"%b>%b' % (root, _MAIN, others, body)
    return xml.replace(_STRICT, _OFFICE.removesuffix(b"relationships")) if _STRICT in xml else xml


def _root(xml: bytes) -> bytes:
    return xml[: xml.index(b">") + 1]


def _section(xml: bytes, name: bytes) -> bytes:
    """Return the first element of a name with all that is in it, nothing if there is none."""
    found = re.search(rb"<%b(?=[\s/>])[^>]*>" % name, xml)
    if found is None or found[0].endswith(b"/>"):
        return b""
    end = xml.find(b"</%b>" % name, found.end())
    if end < 0:
        raise damaged()
    return xml[found.start() : end + len(name) + 3]


def _only(section: bytes, *names: bytes) -> bytes:
    """Return a section with the tags of some names and none beside them."""
    return re.sub(rb"<(?!/?(?:%b)[\s/>])[^>]*>" % b"|".join(names), b"", section)


def _styles(xml: bytes) -> tuple[bytes, frozenset[bytes]]:
    """Return the styles without what does not matter to a plan, and the numbers of those that fill a cell."""
    fonts = _only(_section(xml, b"fonts"), b"fonts", b"font", b"b", b"strike")
    fills = _NO_COLOUR.sub(b' indexed="64"', _GRADIENT.sub(b"<patternFill/>", _section(xml, b"fills")))
    fills = _only(fills, b"fills", b"fill", b"patternFill", b"fgColor")
    formats = _ALIGNMENT.sub(_indented, _only(_section(xml, b"cellXfs"), b"cellXfs", b"xf", b"alignment"))
    solid = {b"%d" % at for at, fill in enumerate(_SOLID.findall(fills)) if b"solid" in fill}
    filled = frozenset(
        b"%d" % at
        for at, tag in enumerate(re.findall(rb"<xf(?=[\s/>])[^>]*>", formats))
        if attribute(tag, b"fillId") in solid
    )
    return _root(xml) + _section(xml, b"numFmts") + fonts + fills + formats + b"</styleSheet>", filled


def _indented(tag: re.Match[bytes]) -> bytes:
    """Return an alignment with how far it sets text in, and nothing else."""
    if tag[0].startswith(b"</"):
        return b""
    indent = attribute(tag[0], b"indent")
    return b'<alignment indent="%b"/>' % (indent if re.fullmatch(rb"\d{1,3}", indent) else b"0")


def _sheet(xml: bytes, notes: SheetNotes, filled: frozenset[bytes], limits: Limits) -> tuple[bytes, int]:
    """Return a sheet with its hidden columns and the rows that hold something, and how many these are.

    Merged ranges are noted and left out: openpyxl makes a cell of each place in them (16,384 for a title over a whole
    row) and forgets what stood there. A filter is noted only, because openpyxl gives up on some of Excel's.
    """
    columns = b"".join(
        b'<col min="%b" max="%b" hidden="1"/>' % (attribute(tag, b"min") or b"1", attribute(tag, b"max") or b"1")
        for tag in re.findall(rb"<col(?=\s)[^>]*>", _section(xml, b"cols"))
        if attribute(tag, b"hidden") in (b"1", b"true")
    )
    rows = kept_rows(_section(xml, b"sheetData"), filled, limits, notes.without_value)
    notes.filtered = re.search(rb"<autoFilter(?=[\s/>])", xml) is not None
    merges = re.findall(rb"<mergeCell(?=\s)[^>]*>", _section(xml, b"mergeCells"))
    notes.merged = [attribute(tag, b"ref").decode("ascii", "replace") for tag in merges]
    columns = b"<cols>%b</cols>" % columns if columns else b""
    return _root(xml) + columns + b"<sheetData>%b</sheetData></worksheet>" % b"".join(rows), len(rows)


def _frame(workbook: bytes, tags: list[bytes], *, has_texts: bool) -> dict[str, bytes]:
    """Return the parts that hold the others together: the list of sheets, and where each part is."""
    listed = b"".join(
        b'<sheet name="%b" sheetId="%d" state="%b" r:id="rId%d"/>'
        % (attribute(tag, b"name").replace(b'"', b"&quot;"), at, attribute(tag, b"state") or b"visible", at)
        for at, tag in enumerate(tags, 1)
    )
    properties = re.search(rb"<workbookPr(?=[\s/>])[^>]*>", workbook)
    from_1904 = properties is not None and attribute(properties[0], b"date1904") in (b"1", b"true")
    links = b"".join(
        b'<Relationship Id="rId%d" Type="%b/worksheet" Target="/xl/worksheets/sheet%d.xml"/>' % (at, _OFFICE, at)
        for at in range(1, len(tags) + 1)
    )
    kinds = b'<Override PartName="/xl/workbook.xml" ContentType="%bsheet.main+xml"/>' % _TYPE
    if has_texts:
        kinds += b'<Override PartName="/xl/sharedStrings.xml" ContentType="%bsharedStrings+xml"/>' % _TYPE
    return {
        "[Content_Types].xml": b'<Types xmlns="%bcontent-types">%b</Types>' % (_PACKAGE, kinds),
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%brelationships">%b</Relationships>' % (_PACKAGE, links),
        "xl/workbook.xml": b'<workbook xmlns="%b" xmlns:r="%b"><workbookPr date1904="%d"/>'
        % (_MAIN, _OFFICE, from_1904)
        + b"<sheets>%b</sheets></workbook>" % listed,
    }


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
