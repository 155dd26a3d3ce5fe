"""Make any stored text safe to print: the XML-legal set, Excel's cell limit, formulas in CSV.

Applied when a file is written, whatever was checked on the way in: one pasted vertical tab must not break
every later report.
"""

from __future__ import annotations

import re

CELL_LIMIT = 32_767
TRUNCATED = " [cut here: the whole text is in the tracker]"

_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")

# What a spreadsheet may take for the start of a formula, with the full-width forms that some locales fold.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def legal(text: str) -> str:
    """Return text with line ends as "\\n" and without the characters that XML 1.0 cannot hold."""
    if _ILLEGAL.search(text) is None:
        return text
    return _ILLEGAL.sub("", _LINE_ENDS.sub("\n", text))


def fit_cell(text: str) -> str:
    """Return legal text that fits an Excel cell; a longer one ends with a note that it was cut.

    Excel counts UTF-16 units, so a character outside the basic plane counts twice.
    """
    text = legal(text)
    if len(text) <= CELL_LIMIT // 2 or _units(text) <= CELL_LIMIT:
        return text
    room = CELL_LIMIT - len(TRUNCATED)
    kept = text[:room]
    while _units(kept) > room:
        kept = kept[: -(_units(kept) - room + 1) // 2 or None]
    return kept + TRUNCATED


def guard_formula(text: str) -> str:
    """Return text with an apostrophe before it if a spreadsheet would run it as a formula on opening a CSV."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
