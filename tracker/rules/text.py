"""Text as it may be stored: cleaned once, on the way in, so that no export can break on it later."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767  # characters in a spreadsheet cell


def clean(text: str | None) -> str:
    """Return text without the characters that Word, Excel and XML refuse; line ends become a single line feed.

    Vertical tabs and form feeds, which Word pastes as line breaks, become line feeds. Longer than a spreadsheet cell
    (32,767 characters) is cut at that length by the caller's limits, never here.
    """
    if not text:
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _FORBIDDEN.sub("", text).strip()


def fold(text: str) -> str:
    """Return text for comparison: case folded, white space and non-breaking spaces as one space."""
    return " ".join(text.split()).casefold()


def too_long(text: str) -> bool:
    """Return whether a text would not fit one spreadsheet cell."""
    return len(text) > _LONGEST
