"""Cell fills that carry a rating: what the sheet's own key says of them, else the name of the colour."""

from __future__ import annotations

import colorsys

from tracker.imports.grid import Grid
from tracker.imports.words import is_colour, plain, words

_HUES = ((15, "Red"), (50, "Amber"), (68, "Yellow"), (170, "Green"), (265, "Blue"), (320, "Purple"), (361, "Red"))


def colour_name(fill: str) -> str:
    """Return the everyday name of a colour given as RRGGBB."""
    red, green, blue = (int(fill[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    if light > 0.96:
        return "White"
    if light < 0.08:
        return "Black"
    if full < 0.15 or max(red, green, blue) - min(red, green, blue) < 0.06:
        return "Grey"
    return next(name for end, name in _HUES if hue * 360 < end)


def fill_words(fill: str, key: dict[str, str]) -> str:
    """Return what a fill means: the words of the sheet's key, else the colour's name, marked as such."""
    if fill in key:
        return key[fill]
    name = colour_name(fill)
    if name in ("White", "Black"):
        return ""
    return f"{name} (cell colour)"


def find_key(grid: Grid) -> tuple[dict[str, str], dict[str, str]]:
    """Return a sheet's key: words by fill (RRGGBB), and words by the name of the colour."""
    by_fill: dict[str, str] = {}
    by_name: dict[str, str] = {}
    started = False
    for row in grid.row_numbers():
        texts = grid.texts(row)
        if not texts or len(texts) > 2:
            started = False
            continue
        first = texts[0]
        if plain(first.text) in words().keys:
            started = True
            continue
        filled = next((cell for cell in grid.rows[row].values() if cell.fill), None)
        if len(texts) == 2 and is_colour(first.text):
            name = plain(first.text).capitalize().replace("Gray", "Grey")
            by_name.setdefault(name, texts[1].text)
            if filled is not None:
                by_fill.setdefault(filled.fill, texts[1].text)
        elif started and filled is not None and len(texts) == 1 and colour_name(filled.fill) not in ("White", "Black"):
            by_fill.setdefault(filled.fill, first.text)
            by_name.setdefault(colour_name(filled.fill), first.text)
    return by_fill, by_name
