"""Paragraphs of a Word document as a reader sees them: without what was deleted, with the marks of their lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tracker.imports.wordlists import Lists, W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    {
        f"{W}del",
        f"{W}moveFrom",
        f"{W}instrText",
        f"{W}delText",
        f"{W}pPr",
        f"{W}rPr",
        f"{W}txbxContent",
        f"{_MC}Fallback",
    }
)
_OFF = ("0", "false", "off", "none")
# Signs of the Wingdings fonts that plans use: ticks, crosses, boxes, arrows, bullets.
_SIGNS = {"FC": "✓", "FB": "✗", "FE": "☑", "FD": "☒", "A8": "☐", "6F": "☐", "6C": "●", "6E": "■", "B7": "•", "A7": "▪",
          "E0": "→", "76": "❖", "D8": "➢"}  # fmt: skip
_HIGHLIGHT = {
    "red": "FF0000", "darkRed": "C00000", "yellow": "FFC000", "darkYellow": "FFC000", "green": "00B050",
    "darkGreen": "00B050", "blue": "0070C0", "darkBlue": "0070C0", "cyan": "00B0F0", "darkCyan": "00B0F0",
    "lightGray": "BFBFBF", "darkGray": "7F7F7F", "magenta": "7030A0", "darkMagenta": "7030A0",
}  # fmt: skip


@dataclass(slots=True)
class Look:
    """What a style says of its paragraphs: the level of a heading, bold, the list that it belongs to."""

    level: int = 0
    bold: bool = False
    title: bool = False
    number: tuple[str, int] | None = None


@dataclass(slots=True)
class Styles:
    """The styles of a document by their ids."""

    lists: Lists
    looks: dict[str, Look] = field(default_factory=dict)
    hidden: int = 0  # runs of hidden text that were passed over

    def of(self, paragraph: Any) -> Look:
        """Return what a paragraph's own style says of it."""
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        look = self.looks.get(style.get(f"{W}val", "") if style is not None else "", Look())
        outline = properties.find(f"{W}outlineLvl") if properties is not None else None
        if outline is not None and not look.level:
            level = int(outline.get(f"{W}val") or 9) + 1
            return Look(level if level <= 9 else 0, look.bold, look.title, look.number)
        return look


def styles_of(element: Any, lists: Lists) -> Styles:
    """Return the styles of a document's part of styles; None for a document without one."""
    found = Styles(lists)
    if element is None:
        return found
    raw = {each.get(f"{W}styleId", ""): each for each in element.iterchildren(f"{W}style")}
    for name in raw:
        found.looks[name] = _look(name, raw, lists, 0)
    return found


def _look(name: str, raw: dict[str, Any], lists: Lists, depth: int) -> Look:
    """Return a style's look, what it takes from the style it is based on included."""
    style = raw.get(name)
    if style is None or depth > 10:
        return Look()
    based = style.find(f"{W}basedOn")
    above = _look(based.get(f"{W}val", ""), raw, lists, depth + 1) if based is not None else Look()
    shown = style.find(f"{W}name")
    title = (shown.get(f"{W}val", "") if shown is not None else name).casefold()
    named = re.fullmatch(r"heading ([1-9])", title)
    properties = style.find(f"{W}pPr")
    outline = properties.find(f"{W}outlineLvl") if properties is not None else None
    level = int(named[1]) if named else above.level
    if outline is not None and not named:
        level = int(outline.get(f"{W}val") or 9) + 1
    fonts = style.find(f"{W}rPr")
    bold = fonts.find(f"{W}b") if fonts is not None else None
    number = number_of(properties) or lists.by_style.get(name) or above.number
    return Look(level if level <= 9 else 0, is_on(bold, above.bold), title == "title" or above.title, number)


def number_of(properties: Any) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph's properties name, None if they name none."""
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    if numbered is None:
        return None
    number, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
    at = level.get(f"{W}val", "0") if level is not None else "0"
    return (number.get(f"{W}val", "") if number is not None else "", int(at) if at.isdigit() else 0)


def is_on(element: Any, default: bool = False) -> bool:
    """Return whether a switch such as bold is on; `default` if it is not mentioned."""
    return default if element is None else element.get(f"{W}val", "1") not in _OFF


def text_of(paragraph: Any, styles: Styles, *, marked: bool = True) -> str:
    """Return a paragraph's text; `marked` puts the number or bullet of its list before it, and counts it."""
    pieces: list[str] = []
    _collect(paragraph, pieces, styles)
    text = "".join(pieces)
    if not marked or not text.strip():
        return text
    own = number_of(paragraph.find(f"{W}pPr"))
    number = styles.of(paragraph).number if own is None else own
    if number is None or number[0] in ("", "0"):
        return text
    if own is not None and not own[0]:
        number = ((styles.of(paragraph).number or ("", 0))[0], own[1])
    return styles.lists.mark(*number) + text.strip()


def _collect(element: Any, pieces: list[str], styles: Styles) -> None:
    for each in element.iterchildren():
        tag = each.tag
        if tag == f"{W}t":
            pieces.append(each.text or "")
        elif tag in (f"{W}br", f"{W}cr"):
            pieces.append("\n")
        elif tag in (f"{W}tab", f"{W}ptab"):
            pieces.append("\t")
        elif tag == f"{W}noBreakHyphen":
            pieces.append("-")
        elif tag == f"{W}sym":
            pieces.append(_SIGNS.get(each.get(f"{W}char", "")[-2:].upper(), "•"))
        elif tag == f"{W}r":
            properties = each.find(f"{W}rPr")
            if properties is not None and is_on(properties.find(f"{W}vanish")):
                styles.hidden += 1
            else:
                _collect(each, pieces, styles)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _collect(each, pieces, styles)


def runs_of(element: Any) -> list[Any]:
    """Return the runs with text in an element, in order."""
    return [
        run
        for run in element.iter(f"{W}r")
        if any((text.text or "").strip() for text in run.iterchildren(f"{W}t", f"{W}sym"))
    ]


def is_bold(element: Any, *, by_style: bool = False) -> bool:
    """Return whether all the text of an element is bold."""
    runs = runs_of(element)
    return bool(runs) and all(is_on(run.find(f"{W}rPr/{W}b"), by_style) for run in runs)


def struck_apart(element: Any) -> tuple[str, str]:
    """Return the text of an element that is struck through, and the rest; ("", "") where nothing or all of it is."""
    if element.find(f".//{W}strike") is None and element.find(f".//{W}dstrike") is None:
        return "", ""
    struck: list[str] = []
    rest: list[str] = []
    for run in runs_of(element):
        is_struck = any(is_on(run.find(f"{W}rPr/{W}{name}")) for name in ("strike", "dstrike"))
        (struck if is_struck else rest).append("".join(text.text or "" for text in run.iterchildren(f"{W}t")))
    old, new = (" ".join(" ".join(each).split()) for each in (struck, rest))
    return (old, new) if old and new else ("", "")


def fill_of(element: Any) -> str:
    """Return the background that an element's properties give it as RRGGBB, "" for none."""
    shade = element.find(f"{W}shd") if element is not None else None
    if shade is None:
        return ""
    kind = shade.get(f"{W}val", "clear")
    colour = shade.get(f"{W}color" if kind == "solid" else f"{W}fill", "")
    return colour.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", colour) else ""


def fill_of_runs(element: Any, *, is_sign: bool) -> str:
    """Return the one colour in which all text is highlighted or, for a mere sign such as "●", written; else ""."""
    found: set[str] = set()
    for run in runs_of(element):
        properties = run.find(f"{W}rPr")
        if properties is None:
            return ""
        highlight, colour = properties.find(f"{W}highlight"), properties.find(f"{W}color")
        own = fill_of(properties) or (_HIGHLIGHT.get(highlight.get(f"{W}val", ""), "") if highlight is not None else "")
        if not own and is_sign and colour is not None:
            value = colour.get(f"{W}val", "")
            own = value.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", value) else ""
        found.add(own)
    return found.pop() if len(found) == 1 else ""
