"""The parts of a workbook beside its sheets: the list of sheets, shared texts, number formats and fills.

The XML is read with expat and nothing else: it is in the standard library, so a child process starts quickly, and
documents with a document type are refused before and during parsing. A part is given to the parser in one piece,
because old versions of expat take quadratic time for a long token that arrives in small ones.
"""

from __future__ import annotations

import colorsys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from tracker.imports.celltext import BUILT_IN
from tracker.imports.guard import damaged, read_part
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(xml: bytes, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Walk an XML part, with names freed of their prefix. Raises Refusal if it is damaged or declares entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end is not None:
        on_end = end
        parser.EndElementHandler = lambda name: on_end(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError, OverflowError):
        raise damaged() from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise Refusal("The file declares a document type, as no Excel workbook does. It was not opened.")


@dataclass(slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Style:
    """What a cell's style says that matters to a plan."""

    number_format: str = "General"
    fill: str = ""
    bold: bool = False


@dataclass(slots=True)
class Parts:
    """Everything that the sheets of one workbook share."""

    sheets: list[SheetEntry] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    from_1904: bool = False


def read_parts(archive: zipfile.ZipFile, limits: Limits) -> Parts:
    """Read what the sheets share. Raises Refusal if there is no workbook inside."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}

    def part(path: str) -> bytes | None:
        stored = names.get(path.lower())
        return read_part(archive, stored, limits) if stored is not None else None

    workbook_path = _workbook_path(part, names)
    parts = Parts()
    relations = _relations(part(_relations_path(workbook_path)), workbook_path)
    found = part(workbook_path)
    if found is None:
        raise damaged()
    _workbook(found, relations, parts, names)
    for kind, path in relations.values():
        if kind == "sharedStrings":
            parts.texts = _shared_texts(part(path) or b"<sst/>")
        elif kind == "styles":
            theme = next((part(other) for kind_, other in relations.values() if kind_ == "theme"), None)
            parts.styles = _styles(part(path) or b"<styleSheet/>", _theme(theme))
    return parts


def _workbook_path(part: Callable[[str], bytes | None], names: dict[str, str]) -> str:
    for kind, path in _relations(part("_rels/.rels"), "").values():
        if kind == "officeDocument" and path.lower() in names:
            return path
    if "xl/workbook.xml" in names:
        return "xl/workbook.xml"
    raise Refusal(
        "There is no workbook in this file. Open the plan in Excel, choose Save As, “Excel Workbook (.xlsx)”, "
        "and upload that file."
    )


def _relations_path(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _relations(xml: bytes | None, owner: str) -> dict[str, tuple[str, str]]:
    """Return the parts that a part refers to: id -> (kind, path)."""
    found: dict[str, tuple[str, str]] = {}
    folder = PurePosixPath(owner).parent

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else str(folder / target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, _flat(path))

    if xml is not None:
        parse(xml, start)
    return found


def _flat(path: str) -> str:
    """Return a path without "." and ".."."""
    kept: list[str] = []
    for step in path.replace("\\", "/").split("/"):
        if step == "..":
            kept = kept[:-1]
        elif step not in ("", "."):
            kept.append(step)
    return "/".join(kept)


def _workbook(xml: bytes, relations: dict[str, tuple[str, str]], parts: Parts, names: dict[str, str]) -> None:
    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            parts.from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            key = next((value for key, value in attributes.items() if _local(key) == "id" and ":" in key), "")
            kind, path = relations.get(key, ("", ""))
            if kind == "worksheet" and path.lower() in names:
                hidden = attributes.get("state", "visible") != "visible"
                parts.sheets.append(SheetEntry(attributes.get("name", "Sheet"), names[path.lower()], hidden))

    parse(xml, start)


def _shared_texts(xml: bytes) -> list[str]:
    """Return the shared texts; phonetic guides are left out, runs of rich text are joined."""
    texts: list[str] = []
    run: list[str] = []
    state = {"t": False, "guide": False}

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            run.clear()
        elif name == "rPh":
            state["guide"] = True
        elif name == "t":
            state["t"] = not state["guide"]

    def end(name: str) -> None:
        if name == "t":
            state["t"] = False
        elif name == "rPh":
            state["guide"] = False
        elif name == "si":
            texts.append("".join(run))

    def text(piece: str) -> None:
        if state["t"]:
            run.append(piece)

    parse(xml, start, end, text)
    return texts


def _theme(xml: bytes | None) -> list[str]:
    """Return a theme's colours in the order in which cells number them: light 1, dark 1, light 2, dark 2, accents."""
    colours: list[str] = []
    inside = {"scheme": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "clrScheme":
            inside["scheme"] = True
        elif inside["scheme"] and name in ("srgbClr", "sysClr"):
            colours.append(attributes.get("lastClr") or attributes.get("val", ""))

    def end(name: str) -> None:
        if name == "clrScheme":
            inside["scheme"] = False

    if xml is not None:
        parse(xml, start, end)
    if len(colours) >= 4:
        colours[0], colours[1], colours[2], colours[3] = colours[1], colours[0], colours[3], colours[2]
    return colours


def _styles(xml: bytes, theme: list[str]) -> list[Style]:
    """Return the style of each cell format, in the order in which cells number them."""
    formats = dict(BUILT_IN)
    bold: list[bool] = []
    fills: list[str] = []
    styles: list[Style] = []
    path: list[str] = []
    solid = {"fill": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        above = path[-1] if path else ""
        path.append(name)
        if name == "numFmt" and above == "numFmts":
            formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "General")
        elif name == "font" and above == "fonts":
            bold.append(False)
        elif name == "b" and above == "font" and bold:
            bold[-1] = attributes.get("val", "1") not in ("0", "false")
        elif name == "fill" and above == "fills":
            fills.append("")
        elif name == "patternFill":
            solid["fill"] = attributes.get("patternType", "solid") == "solid"
        elif name == "fgColor" and above == "patternFill" and solid["fill"] and "fills" in path and fills:
            fills[-1] = _colour(attributes, theme)
        elif name == "xf" and above == "cellXfs":
            font, fill = int(attributes.get("fontId", "0")), int(attributes.get("fillId", "0"))
            styles.append(
                Style(
                    formats.get(int(attributes.get("numFmtId", "0")), "General"),
                    fills[fill] if fill < len(fills) else "",
                    bold[font] if font < len(bold) else False,
                )
            )

    def end(_: str) -> None:
        path.pop()

    parse(xml, start, end)
    return styles


# The sixteen colours of the old palette, by number; files of old programs name fills by it.
_PALETTE = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF",
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080",
    "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF",
    "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF",
    "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip


def _colour(attributes: dict[str, str], theme: list[str]) -> str:
    """Return a colour as RRGGBB, "" where it is automatic or unknown."""
    colour = ""
    if "rgb" in attributes:
        colour = attributes["rgb"][-6:].upper()
    elif "theme" in attributes and int(attributes["theme"]) < len(theme):
        colour = theme[int(attributes["theme"])].upper()
    elif "indexed" in attributes and int(attributes["indexed"]) < len(_PALETTE):
        colour = _PALETTE[int(attributes["indexed"])]
    tint = float(attributes.get("tint", "0"))
    return _tinted(colour, tint) if colour and tint else colour


def _tinted(colour: str, tint: float) -> str:
    """Return a colour made lighter (tint above 0) or darker (below 0), as Excel does it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    shade = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), full)
    return "".join(f"{round(part * 255):02X}" for part in shade)
