"""The paints that a rating scheme may use: few, named, each with a shape, each measured for contrast with its text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.colour import Colour


class Tone(StrEnum):
    """What a paint says before anybody has read the word."""

    DONE = "done"
    GOOD = "good"
    QUIET = "quiet"
    WARNING = "warning"
    BAD = "bad"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Paint:
    """A named paint; fills and inks are RGB in hexadecimal, `shape` names the drawing that stands beside a word.

    Bars have a fill of their own, because a white chip needs a body against white paper. `bordered`: the chip needs a
    line around it.
    """

    name: str
    label: str
    fill: str
    ink: str
    shape: str
    tone: Tone
    bar: str = ""
    bar_ink: str = ""
    bordered: bool = False

    @property
    def bar_fill(self) -> str:
        """Return the fill of a bar in this paint."""
        return self.bar or self.fill

    @property
    def bar_text(self) -> str:
        """Return the colour of text on a bar in this paint."""
        return self.bar_ink or self.ink


_BLACK, _WHITE, _SOFT = "0B0C0C", "FFFFFF", "484949"

PAINTS: dict[str, Paint] = {
    paint.name: paint
    for paint in (
        Paint("red", "Red, diamond", "CA3535", _WHITE, "diamond", Tone.BAD),
        Paint("amber-red", "Orange, triangle pointing down", "F47738", _BLACK, "triangle-down", Tone.WARNING),
        Paint("amber", "Amber, triangle", "FFBF47", _BLACK, "triangle", Tone.WARNING),
        Paint("green-amber", "Yellow green, half disc", "D6E04D", _BLACK, "half-disc", Tone.WARNING),
        Paint("green", "Green, disc", "0F7A52", _WHITE, "disc", Tone.GOOD),
        Paint("pale-green", "Pale green, dot in a ring", "CCE2D8", "0A3D2A", "dot", Tone.GOOD),
        Paint("grey", "White, ring", _WHITE, _SOFT, "ring", Tone.QUIET, "CECECE", _BLACK, bordered=True),
        Paint("blue", "Blue, tick", "1D70B8", _WHITE, "tick", Tone.DONE),
        Paint("green-tick", "Green, tick", "0F7A52", _WHITE, "tick", Tone.DONE),
        Paint("purple", "Purple, tick", "54319F", _WHITE, "tick", Tone.DONE),
        Paint("blue-pause", "Blue, two bars", "1D70B8", _WHITE, "pause", Tone.ASIDE),
        Paint("none", "White, dash", "F3F2F1", _SOFT, "dash", Tone.ASIDE, bordered=True),
    )
}

# Which tones may stand for a computed colour, so that nothing that looks good ever stands for a Red.
TONES: dict[Colour, frozenset[Tone]] = {
    Colour.RED: frozenset({Tone.BAD}),
    Colour.AMBER: frozenset({Tone.WARNING}),
    Colour.GREEN: frozenset({Tone.GOOD, Tone.WARNING}),
    Colour.GREY: frozenset({Tone.QUIET}),
    Colour.BLUE: frozenset({Tone.DONE}),
    Colour.NONE: frozenset({Tone.ASIDE}),
}
