"""The colours, in the words, letters and order that every screen and export uses."""

from __future__ import annotations

from enum import StrEnum


class Colour(StrEnum):
    """A computed status. `NONE` is for what is suspended, withdrawn or superseded."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"
    BLUE = "blue"
    NONE = "none"


# The fixed order of every distribution bar, table of counts and legend.
BAR_ORDER = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.GREY, Colour.BLUE)

NAMES = {
    Colour.RED: "Red",
    Colour.AMBER: "Amber",
    Colour.GREEN: "Green",
    Colour.GREY: "Grey",
    Colour.BLUE: "Blue",
    Colour.NONE: "No colour",
}
LETTERS = {
    Colour.RED: "R",
    Colour.AMBER: "A",
    Colour.GREEN: "Gn",
    Colour.GREY: "Gy",
    Colour.BLUE: "B",
    Colour.NONE: "-",
}
WORDS = {
    Colour.RED: "Missed",
    Colour.AMBER: "Likely to miss",
    Colour.GREEN: "On target",
    Colour.GREY: "Not started",
    Colour.BLUE: "Complete",
    Colour.NONE: "Not counted",
}

# Better and worse for direction of travel: Red < Amber < Grey = Green < Blue (domain, section 7).
RANK = {Colour.RED: 0, Colour.AMBER: 1, Colour.GREY: 2, Colour.GREEN: 2, Colour.BLUE: 3}
