"""The colours of the chips in print: text on each was measured for contrast (at least 5.2 to 1)."""

from __future__ import annotations

from tracker.rules.colour import Colour

# Fill and text, as RGB in hexadecimal. Grey is white with grey text and needs a border.
FILL = {
    Colour.RED: "CA3535",
    Colour.AMBER: "FFBF47",
    Colour.GREEN: "0F7A52",
    Colour.GREY: "FFFFFF",
    Colour.BLUE: "1D70B8",
    Colour.NONE: "F3F2F1",
}
INK = {
    Colour.RED: "FFFFFF",
    Colour.AMBER: "0B0C0C",
    Colour.GREEN: "FFFFFF",
    Colour.GREY: "484949",
    Colour.BLUE: "FFFFFF",
    Colour.NONE: "484949",
}
# Bars of a chart: grey needs a body of its own against white paper.
BAR = FILL | {Colour.GREY: "CECECE"}
BAR_INK = INK | {Colour.GREY: "0B0C0C"}

TEXT = "0B0C0C"
QUIET = "484949"
RULE = "B1B4B6"
HEAD = "E8EEEE"
BRAND = "1D5F5A"
