"""How much room a text takes in Arial (or Liberation Sans, which is as wide), so that slides never overflow.

Widths are those of the Helvetica font metrics, in thousandths of the size. A bold letter is taken as a tenth wider.
"""

from __future__ import annotations

_METRICS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
    "556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 "
    "722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 "
    "500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
)
_WIDTHS = {chr(code): int(width) for code, width in enumerate(_METRICS.split(), 32)}
_OTHER, _WIDE = 700, 1000
_FIRST_WIDE = "\u2e80"
_MM_PER_POINT = 25.4 / 72
LINE = 1.2  # of the size


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text in millimetres; `size` in points."""
    units = sum(_WIDTHS.get(letter) or (_WIDE if letter >= _FIRST_WIDE else _OTHER) for letter in text)
    return units * size / 1000 * _MM_PER_POINT * (1.1 if bold else 1)


def lines_in(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes that wraps at words in `width` millimetres; a long word is broken."""
    space = width_of(" ", size, bold=bold)
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            taken = width_of(word, size, bold=bold)
            if used and used + space + taken > width:
                lines += 1
                used = 0.0
            if taken > width:
                lines += int(taken / width)
                taken %= width
            used += (space if used else 0) + taken
    return lines


def height_of(lines: int, size: float) -> float:
    """Return the height of so many lines in millimetres."""
    return lines * size * LINE * _MM_PER_POINT


def fitted(text: str, width: float, size: float, most: int, *, bold: bool = False) -> str:
    """Return the text, cut at a word with an ellipsis where it takes more than `most` lines."""
    if lines_in(text, width, size, bold=bold) <= most:
        return text
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if lines_in(_cut(words[:middle]), width, size, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    if low:
        return _cut(words[:low])
    letters = text[: max(1, int(width * most / (width_of("m", size, bold=bold))))]
    return letters[:-1] + "…"


def _cut(words: list[str]) -> str:
    return " ".join(words).rstrip(" ,;:.") + "…"
