"""The rows of a sheet that hold something, cut out of its XML without parsing the thousands that may hold nothing."""

from __future__ import annotations

import re

from tracker.imports.guard import damaged
from tracker.imports.limits import Limits

_MAX_ROW = 1_048_576
_ROW = re.compile(rb"<row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d{1,9})[\"']")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_MAY_SAY = re.compile(rb"<[vtf][\s/>]")
_HELD = re.compile(rb"<[vt](?:\s[^>]*)?>\s*[^\s<]")  # a value or a text of its own; a formula alone shows nothing
_CELL = re.compile(rb"<c(?=[\s>])([^>]*)(?<!/)>((?:(?!<c[\s/>]).)*?)</c>", re.S)
_EMPTY_CELL = re.compile(rb"<c(?=[\s/>])([^>]*?)(?:/>|>(?:<v\s*/>|<v></v>)?</c>)")
_UNPLACED = re.compile(rb"<c(?=[\s/>])(?![^>]*\sr\s*=)")
_TEXT_KINDS = (b"s", b"str", b"inlineStr", b"e")  # a formula that gives a text may well give none


def attribute(tag: bytes, name: bytes) -> bytes:
    """Return an attribute of a tag as it is written, with its entities; nothing if it is not there."""
    found = re.search(rb"[\s:]%b\s*=\s*(?:\"([^\"]*)\"|'([^']*)')" % name, tag)
    return (found[1] or found[2] or b"") if found else b""


def kept_rows(data: bytes, filled: frozenset[bytes], limits: Limits, without_value: list[str]) -> list[bytes]:
    """Return the rows with a value, each with its number and without its empty cells, and note uncalculated formulas.

    An empty cell stays if its style, by number, is one that fills: a colour may be all that a cell says.
    """

    def cell(found: re.Match[bytes]) -> bytes:
        coloured = attribute(found[1], b"s") in filled and _column(found[1]) <= limits.columns
        return found[0] if coloured else b""

    kept: list[bytes] = []
    number = 0
    for piece in data.split(b"</row>"):
        if not _MAY_SAY.search(piece):
            given = _NUMBER.search(piece, max(piece.rfind(b"<row"), 0))
            if given:  # the quick way past thousands of empty rows
                number = int(given[1])
                continue
        body = b""
        # Rows without cells may stand before the one that ends here: <row r="5"/><row r="6"><c>...</c>
        for start in _ROW.finditer(piece):
            given = _NUMBER.search(start[1])
            number = int(given[1]) if given else number + 1
            if not 1 <= number <= _MAX_ROW:
                raise damaged()
            body = b"" if start[1].endswith(b"/") else piece[start.end() :]
            tag = start[1]
        if b"<f" in body:
            without_value += _uncalculated(body, number)
        if _HELD.search(body):
            if not _UNPLACED.search(body):  # cells without an address are counted, so none may go
                body = _EMPTY_CELL.sub(cell, body)
            hidden = b' hidden="1"' if _HIDDEN.search(tag) else b""
            kept.append(b'<row r="%d"%b>%b</row>' % (number, hidden, body))
    return kept


def _column(tag: bytes) -> int:
    column = 0
    for letter in attribute(tag, b"r").rstrip(b"0123456789").upper():
        column = column * 26 + letter - 64
    return column


def _uncalculated(row: bytes, number: int) -> list[str]:
    """Return the addresses of the cells of a row whose formula has no stored value."""
    found: list[str] = []
    for tag, inside in _CELL.findall(row):
        if attribute(tag, b"t") in _TEXT_KINDS or not re.search(rb"<f[\s/>]", inside):
            continue
        if not re.search(rb"<v(?:\s[^>]*)?>[^<]", inside):
            found.append(attribute(tag, b"r").decode("ascii", "replace") or f"row {number}")
    return found
