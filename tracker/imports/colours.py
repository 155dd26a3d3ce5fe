"""Cell fills and signs that carry a rating: what the file's own key says of them, else the name of the colour."""

from __future__ import annotations

import colorsys
import re

from tracker.imports.grid import Cell, Grid
from tracker.imports.words import is_colour, plain, status_kind, words

_HUES = ((15, "Red"), (50, "Amber"), (68, "Yellow"), (170, "Green"), (265, "Blue"), (320, "Purple"), (361, "Red"))
SIGNS = {
    "🔴": "Red", "🟥": "Red", "🛑": "Red", "🟠": "Amber", "🟧": "Amber", "🟡": "Amber", "🟨": "Amber", "🟢": "Green",
    "🟩": "Green", "🔵": "Blue", "🟦": "Blue", "⚪": "White", "⬜": "White", "🟣": "Purple", "🟪": "Purple",
    "⚫": "Black", "✅": "Completed", "☑": "Completed", "✔": "Completed", "✓": "Completed", "❌": "Not completed",
    "✖": "Not completed", "✗": "Not completed", "⏳": "In progress", "⌛": "In progress", "🔄": "In progress",
    "⏸": "On hold", "🚧": "In progress", "⚠": "At risk",
}  # fmt: skip
_INLINE = re.compile(
    r"\b(red|amber|green|blue|gr[ea]y|yellow|purple|white|black)\b\s*[=:–—-]+\s*([^;|\n]{3,120}?)(?=[;|\n]|,\s*(?:red|amber|green|blue|gr[ea]y|yellow|purple|white|black)\b|$)",
    re.I,
)


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
    """Return what a fill means: the words of the file's key, else the colour's name, marked as such."""
    if fill in key:
        return key[fill]
    name = colour_name(fill)
    if name in ("White", "Black"):
        return ""
    return f"{name} (cell colour)"


def sign_words(cell: Cell, key: dict[str, str]) -> str:
    """Return what a cell that holds only a sign says ("🟢", or a dot in a colour), "" if it holds words."""
    if not cell.text or re.search(r"\w", cell.text):
        return ""
    named = [SIGNS[sign] for sign in cell.text if sign in SIGNS]
    if named:
        return f"{named[0]} ({cell.text.strip()})"
    return fill_words(cell.fill, key) if cell.fill else ""


def find_key(grid: Grid) -> tuple[dict[str, str], dict[str, str]]:
    """Return a sheet's key: words by fill (RRGGBB), and words by the name of the colour."""
    by_fill: dict[str, str] = {}
    by_name: dict[str, str] = {}
    started = False
    for row in grid.row_numbers():
        texts = grid.texts(row)
        if len(texts) > 1:
            last = max((cell for cell in grid.rows[row].values() if cell.text), key=lambda cell: cell.column)
            _beside(grid, last, by_fill, by_name)
            if len(texts) < 7 and _side_by_side(texts):
                for cell in texts:
                    by_fill.setdefault(cell.fill, cell.text)
                    by_name.setdefault(colour_name(cell.fill), cell.text)
        if not texts or len(texts) > 3:
            started = False
            continue
        first = texts[0]
        if len(texts) == 1:
            _inline(first.text, by_name)
        if (plain(first.text) in words().keys and len(texts) == 1) or heads_a_key(texts):
            started = True
            continue
        filled = next((cell for cell in grid.rows[row].values() if cell.fill), None)
        if len(texts) >= 2 and is_colour(first.text) and (len(texts) == 2 or started):
            name = plain(first.text).capitalize().replace("Gray", "Grey")
            by_name.setdefault(name, texts[1].text)
            if filled is not None:
                by_fill.setdefault(filled.fill, texts[1].text)
        elif started and filled is not None and len(texts) == 1 and colour_name(filled.fill) not in ("White", "Black"):
            by_fill.setdefault(filled.fill, first.text)
            by_name.setdefault(colour_name(filled.fill), first.text)
        elif started and filled is not None and first.fill == filled.fill and len(texts) == 2:
            by_fill.setdefault(filled.fill, texts[0].text)  # a word on its colour, and what the word means
            by_name.setdefault(colour_name(filled.fill), f"{texts[0].text}: {texts[1].text}")
        elif len(texts) == 1 and filled is not None and filled.column == first.column - 1 and status_kind(first.text):
            by_fill.setdefault(filled.fill, first.text)  # a colour and its meaning, without a heading
            by_name.setdefault(colour_name(filled.fill), first.text)
            started = True
        elif len(texts) == 3:
            started = False
    return by_fill, by_name


def _side_by_side(texts: list[Cell]) -> bool:
    """Return whether a row is a key: words of a status, each in a colour of its own."""
    fills = {cell.fill for cell in texts}
    return "" not in fills and len(fills) == len(texts) and all(status_kind(cell.text) for cell in texts)


def _beside(grid: Grid, head: Cell, by_fill: dict[str, str], by_name: dict[str, str]) -> None:
    """Read a key that stands beside the plan, below its own heading ("Key") at the end of a row."""
    if plain(head.text) not in words().keys or not re.search(r"key|legend|definition", head.text, re.I):
        return
    for row in range(head.row + 1, head.row + 12):
        own, beside = grid.cell(row, head.column), grid.cell(row, head.column + 1)
        filled = next((each for each in (own, beside) if each is not None and each.fill), None)
        text = next((each.text for each in (beside, own) if each is not None and each.text), "")
        if not text or (filled is None and (own is None or not is_colour(own.text))):
            return
        if filled is not None and colour_name(filled.fill) not in ("White", "Black"):
            by_fill.setdefault(filled.fill, text)
            by_name.setdefault(colour_name(filled.fill), text)
        if own is not None and is_colour(own.text) and text != own.text:
            by_name.setdefault(plain(own.text).capitalize().replace("Gray", "Grey"), text)


def heads_a_key(texts: list[Cell]) -> bool:
    """Return whether a row is the heading of a key: "RAG | Meaning"."""
    if len(texts) < 2:
        return False
    return plain(texts[0].text) in words().key_heads and plain(texts[-1].text) in words().key_meanings


def _inline(text: str, by_name: dict[str, str]) -> None:
    """Read a key that stands in one line: "Key: Red = overdue; Green = on track"."""
    found = _INLINE.findall(text) if len(text) < 600 else []
    if len({name.lower() for name, _ in found}) >= 2:
        for name, meaning in found:
            by_name.setdefault(name.capitalize().replace("Gray", "Grey"), " ".join(meaning.split()).rstrip(" ,."))
