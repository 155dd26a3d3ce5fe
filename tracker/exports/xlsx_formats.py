"""Cell formats of the workbook: each is made once and shared by every cell that uses it."""

from __future__ import annotations

from typing import Any

from tracker.exports.palette import BRAND, HEAD, QUIET, RULE, TEXT
from tracker.rules.paint import PAINTS, Paint

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
        self.status = {name: make(**_CELL | _fill(paint)) for name, paint in PAINTS.items()}
        self.coloured_head = {
            name: make(**_CELL | _fill(paint) | {"text_wrap": True, "align": "right", "bottom": 2})
            for name, paint in PAINTS.items()
        }
        self.rule = {name: make(**_rule(paint)) for name, paint in PAINTS.items()}
        self.late = make(bold=True, font_color=f"#{PAINTS['red'].fill}")
        self.chip = {name: make(font_size=12, valign="vcenter", **_fill(paint)) for name, paint in PAINTS.items()}


def _rule(paint: Paint) -> dict[str, Any]:
    """Return what a conditional format may set: fill, ink and weight."""
    return {"bg_color": f"#{paint.fill}", "font_color": f"#{paint.ink}", "bold": True}


def _fill(paint: Paint) -> dict[str, Any]:
    found: dict[str, Any] = {"bg_color": f"#{paint.fill}", "font_color": f"#{paint.ink}", "bold": True}
    if paint.bordered:
        found |= {"border": 1, "border_color": f"#{RULE}"}
    return found
