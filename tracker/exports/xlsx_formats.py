"""Cell formats of the workbook: each is made once and shared by every cell that uses it."""

from __future__ import annotations

from typing import Any

from tracker.exports.palette import BRAND, FILL, HEAD, INK, QUIET, RULE, TEXT
from tracker.rules.colour import Colour

FONT = "Arial"
DAY = "d mmm yyyy"

_CELL = {"valign": "top", "bottom": 1, "bottom_color": f"#{RULE}", "font_color": f"#{TEXT}"}


class Formats:
    """The formats of one workbook. A `quoted` one keeps a text that begins like a formula a text when it is edited."""

    def __init__(self, book: Any) -> None:
        def make(**properties: Any) -> Any:
            return book.add_format(properties)

        self.title = make(bold=True, font_size=16, font_color=f"#{BRAND}")
        self.heading = make(bold=True, font_size=12, font_color=f"#{BRAND}")
        self.note = make(font_color=f"#{QUIET}")
        self.notice = make(bold=True, font_color=f"#{QUIET}")
        self.sentence = make(font_size=12, valign="vcenter")
        self.plain = make(valign="top", text_wrap=True)
        self.head = make(**_CELL | {"bold": True, "text_wrap": True, "bg_color": f"#{HEAD}", "bottom": 2})
        self.text = make(**_CELL, text_wrap=True)
        self.quoted = make(**_CELL, text_wrap=True, quote_prefix=True)
        self.number = make(**_CELL, align="right", indent=1)
        self.date = make(**_CELL, num_format=DAY, align="left")
        self.label = make(**_CELL, bold=True, text_wrap=True)
        self.status = {colour: make(**_CELL | _fill(colour)) for colour in Colour}
        self.coloured_head = {
            colour: make(**_CELL | _fill(colour) | {"text_wrap": True, "align": "right", "bottom": 2})
            for colour in Colour
        }
        self.chip = {colour: make(font_size=12, valign="vcenter", **_fill(colour)) for colour in Colour}


def _fill(colour: Colour) -> dict[str, Any]:
    found: dict[str, Any] = {"bg_color": f"#{FILL[colour]}", "font_color": f"#{INK[colour]}", "bold": True}
    if colour in (Colour.GREY, Colour.NONE):
        found |= {"border": 1, "border_color": f"#{RULE}"}
    return found
