"""What a cell's style says that matters to a plan: number format, bold, and the fill as a plain colour."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

_HERE = {"mm-dd-yy": "dd/mm/yyyy", "m/d/yy h:mm": "dd/mm/yyyy h:mm"}  # Excel shows these as the reader's country does


@dataclass(slots=True)
class Style:
    """What a cell's style says that matters to a plan."""

    number_format: str
    fill: str
    bold: bool
    indent: int = 0
    struck: bool = False


class Styles:
    """The styles of one workbook, each worked out once."""

    def __init__(self, theme: bytes | None) -> None:
        self.theme = _theme(theme)
        self.known: dict[int, Style] = {}

    def of(self, cell: Cell) -> Style:
        """Return the style of a cell."""
        number = cell.style_id
        if number not in self.known:
            shown = cell.number_format
            fill = _colour(cell.fill.fgColor, self.theme) if cell.fill.fill_type == "solid" else ""
            self.known[number] = Style(
                _HERE.get(shown, shown), fill, bool(cell.font.b), _indent(cell), bool(cell.font.strike)
            )
        return self.known[number]


def _indent(cell: Cell) -> int:
    indent = cell.alignment.indent if cell.has_style else 0
    return int(indent) if isinstance(indent, (int, float)) and 0 <= indent <= 250 else 0


def _theme(xml: bytes | None) -> list[str]:
    """Return a theme's colours in the order in which cells number them: light 1, dark 1, light 2, dark 2, accents."""
    if xml is None:
        return []
    from defusedxml.ElementTree import fromstring

    colours = [
        each.get("lastClr") or each.get("val") or ""
        for scheme in fromstring(xml).iter()
        if scheme.tag.endswith("}clrScheme")
        for each in scheme.iter()
        if each.tag.endswith(("}srgbClr", "}sysClr"))
    ]
    if len(colours) >= 4:
        colours[0], colours[1], colours[2], colours[3] = colours[1], colours[0], colours[3], colours[2]
    return colours


def _colour(colour: Any, theme: list[str]) -> str:
    """Return a colour as RRGGBB, "" where it is automatic or unknown."""
    from openpyxl.styles.colors import COLOR_INDEX

    found = ""
    if colour.type == "rgb":
        found = colour.rgb[-6:].upper()
    elif colour.type == "theme" and colour.theme < len(theme):
        found = theme[colour.theme].upper()
    elif colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
        found = COLOR_INDEX[colour.indexed][-6:]
    return _tinted(found, colour.tint) if found and colour.tint else found


def _tinted(colour: str, tint: float) -> str:
    """Return a colour made lighter (tint above 0) or darker (below 0), as Excel does it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    shade = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), full)
    return "".join(f"{round(part * 255):02X}" for part in shade)
