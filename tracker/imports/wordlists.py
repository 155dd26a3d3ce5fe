"""The numbers and bullets of lists in Word, which a document does not hold as text: "A.", "2.1", "•"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(slots=True)
class Level:
    """How one level of a list counts: the kind of its numbers, their pattern ("%1.%2") and the first of them."""

    kind: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    style: str = ""  # the paragraph style that it numbers


@dataclass(slots=True)
class Lists:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by number of the list
    counted_as: dict[str, str] = field(default_factory=dict)  # lists that count on from each other
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def mark(self, number: str, level: int) -> str:
        """Count one paragraph of a list and return what stands before its text, with the space after it."""
        own = self.levels.get(number, {}).get(level)
        if own is None:
            return ""
        indent = "  " * level
        if own.kind == "bullet":
            return f"{indent}{'○' if level else '•'} "
        if own.kind == "none":
            return ""
        group = self.counted_as.get(number, number)
        key = (group, level)
        self.counts[key] = self.counts.get(key, own.start - 1) + 1
        for lower in [each for each in self.counts if each[0] == group and each[1] > level]:
            del self.counts[lower]

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            kind = self.levels[number].get(at, own).kind
            first = self.levels[number].get(at, own).start
            return counted(self.counts.get((group, at), first), "decimal" if at < level and kind == "bullet" else kind)

        label = re.sub(r"%([1-9])", shown, own.pattern).strip()
        return f"{indent}{label} " if label else ""


def counted(number: int, kind: str) -> str:
    """Return a number as a list counts it: letters, Roman numerals, or figures."""
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman"):
        roman, rest = "", number
        for value, letters in _ROMAN:
            roman += letters * (rest // value)
            rest %= value
        return roman.upper() if kind == "upperRoman" else roman
    if kind == "decimalZero":
        return f"{number:02d}"
    return str(number)


def lists_of(numbering: Any) -> Lists:
    """Return the lists that a document's part of numbering defines; None for a document without one."""
    found = Lists()
    if numbering is None:
        return found
    abstract: dict[str, dict[int, Level]] = {}
    for each in numbering.iterchildren(f"{W}abstractNum"):
        name = each.get(f"{W}abstractNumId", "")
        abstract[name] = {_int(level.get(f"{W}ilvl")): _level(level) for level in each.iterchildren(f"{W}lvl")}
    for each in numbering.iterchildren(f"{W}num"):
        number = each.get(f"{W}numId", "")
        base = _val(each.find(f"{W}abstractNumId"))
        levels = dict(abstract.get(base, {}))
        own_start = False
        for change in each.iterchildren(f"{W}lvlOverride"):
            at = _int(change.get(f"{W}ilvl"))
            replaced = change.find(f"{W}lvl")
            if replaced is not None:
                levels[at] = _level(replaced)
            start = change.find(f"{W}startOverride")
            if start is not None:
                old = levels.get(at, Level())
                levels[at] = Level(old.kind, old.pattern, _int(_val(start)), old.style)
                own_start = True
        found.levels[number] = levels
        found.counted_as[number] = f"n{number}" if own_start else f"a{base}"
        for at, level in levels.items():
            if level.style:
                found.by_style.setdefault(level.style, (number, at))
    return found


def _level(element: Any) -> Level:
    text = element.find(f"{W}lvlText")
    kind = _val(element.find(f"{W}numFmt")) or "decimal"
    pattern = _val(text) if text is not None else ""
    start = element.find(f"{W}start")
    style = _val(element.find(f"{W}pStyle"))
    return Level(kind, pattern, _int(_val(start)) if start is not None else 1, style)


def _val(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _int(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else 0
