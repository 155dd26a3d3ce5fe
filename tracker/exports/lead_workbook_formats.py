"""Cell formats of a lead's workbook: grey and locked for what stands, white and open for what is asked."""

from __future__ import annotations

from typing import Any

from tracker.exports.palette import BRAND, HEAD, QUIET, RULE, TEXT
from tracker.rules.paint import PAINTS

OPEN_CELLS = frozenset({"state", "no_change"})
"""Columns that are chosen from a list."""
_LOCKED, _WANTED, _EDGE = "F3F2F1", "FFF2CC", "1D5F5A"
_FORMULA_STARTS = ("=", "+", "-", "@")


class LeadFormats:
    """The formats of one workbook, each made once. Cells to fill in are of text, so that a date stays as typed."""

    def __init__(self, book: Any) -> None:
        cell = {"valign": "top", "text_wrap": True, "font_color": f"#{TEXT}", "border": 1, "border_color": f"#{RULE}"}
        locked = {**cell, "bg_color": f"#{_LOCKED}"}
        ask = {**cell, "locked": False, "num_format": "@"}

        def make(**properties: Any) -> Any:
            return book.add_format(properties)

        self.title = make(bold=True, font_size=16, font_color=f"#{BRAND}")
        self.heading = make(bold=True, font_size=12, font_color=f"#{BRAND}")
        self.note = make(font_color=f"#{QUIET}")
        self.plain = make(valign="top", text_wrap=True, font_size=11)
        self.label = make(valign="top", text_wrap=True, font_size=11, bold=True)
        self.hidden = make(font_color=f"#{QUIET}")
        self.head = make(**{**cell, "bold": True, "bg_color": f"#{HEAD}", "bottom": 2})
        self.open_head = make(
            **{**cell, "bold": True, "bg_color": f"#{_EDGE}", "font_color": "#FFFFFF", "bottom": 2, "align": "left"}
        )
        self._locked = make(**locked), make(**locked, quote_prefix=True)
        self._open = make(**ask), make(**ask, quote_prefix=True)
        self.wanted = make(bg_color=f"#{_WANTED}")
        self.status = {name: make(**{**cell, **_paint(paint)}) for name, paint in PAINTS.items()}

    def locked(self, text: str) -> Any:
        """Return the format of a cell that stands; one that begins like a formula stays a text."""
        return self._locked[text.startswith(_FORMULA_STARTS)]

    def open(self, text: str) -> Any:
        """Return the format of a cell to fill in; one that begins like a formula stays a text when it is edited."""
        return self._open[text.startswith(_FORMULA_STARTS)]


def _paint(paint: Any) -> dict[str, Any]:
    return {"bg_color": f"#{paint.fill}", "font_color": f"#{paint.ink}", "bold": True}
