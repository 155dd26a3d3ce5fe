"""What a cell shows: escapes decoded, numbers and dates as their number format prints them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tracker.rules.text import clean

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MARKUP = re.compile(r"<(?:/(?:p|li|ul|ol|div)|br ?/?|(?:p|li|ul|ol)(?: [^<>]*)?)>", re.I)  # of lists kept as pages
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)


def cleaned(text: str) -> str:
    """Return a cell's text with `_xHHHH_` escapes decoded and without what Word and Excel refuse."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if "<" in text and _MARKUP.search(text):
        from tracker.imports.webpage import lines_of_markup

        text = "\n".join(lines_of_markup(text))
    text = clean(text)
    if not text.isascii():
        text = _INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\u2028", "\n").replace("\u2029", "\n"))
    if "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n"))
    return text.strip()


def indent_of(text: str) -> int:
    """Return how far a text is set in by spaces or tabs at its beginning."""
    if text[:1] not in (" ", "\t", "\u00a0"):
        return 0
    return len(text) - len(text.lstrip(" \t\u00a0")) + 3 * (len(text) - len(text.lstrip("\t")))


def plain_format(number_format: str) -> str:
    """Return a number format's codes for a positive number: no colours, locales, quoted words or escapes."""
    first = number_format.split(";")[0]
    kept = re.sub(r"\\(.)", lambda found: found[1] if found[1] in "-/ ., " else "", first)
    return _NOT_A_CODE.sub("", kept).strip()


def is_date_format(number_format: str) -> bool:
    """Return whether a number format shows a day, a month or a year."""
    if number_format in ("General", "@", ""):
        return False
    codes = _NOT_A_CODE.sub("", number_format.split(";")[0]).lower()
    if re.search(r"[dy]|mmm", codes):
        return "0" not in codes.replace("ss.0", "") and "#" not in codes
    return False


def is_time_format(number_format: str) -> bool:
    """Return whether a number format shows hours, minutes or seconds and no date."""
    codes = _NOT_A_CODE.sub("", number_format.split(";")[0]).lower()
    return bool(re.search(r"[hs]", codes)) and not is_date_format(number_format) and number_format != "General"


def day_of(serial: float, *, from_1904: bool) -> datetime | None:
    """Return the instant that a serial number stands for; None for an empty or an impossible date.

    Excel counts from 1900 (or 1904 on old Macs). A serial below 1 January 1905 is what Excel shows for an empty
    cell in a date format, not a date that anyone typed.
    """
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's date has no zone
    if not 0 <= serial < 2_958_466:
        return None
    day = start + timedelta(days=serial)
    return day if day.year >= 1905 else None


def shown_number(number: float, number_format: str) -> str:
    """Return a number as its format prints it, as far as plans need: decimals, per cent, thousands."""
    codes = plain_format(number_format)
    if is_time_format(number_format):
        minutes = round((number % 1) * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    found = re.search(r"0\.(0+)", codes)
    decimals = len(found[1]) if found else 0
    if "%" in codes:
        return f"{number * 100:.{decimals}f}%"
    if codes in ("General", "@", "") or not re.search(r"[0#]", codes):
        return _shortest(number)
    if "," in codes:
        return f"{number:,.{decimals}f}"
    if found:
        return f"{number:.{decimals}f}"
    zeros = re.fullmatch(r"0+", codes)
    if zeros and number == int(number):
        return f"{int(number):0{len(codes)}d}"
    return _shortest(number)


def _shortest(number: float) -> str:
    """Return a number without the noise of binary fractions: 1.1000000000000001 is "1.1"."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"
