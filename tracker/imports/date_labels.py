"""Dates that say in their cell which they are: "Start: 04/01/2021", below it "Rev: 30/06/2021", "End: 30/04/2021"."""

from __future__ import annotations

import re
from functools import cache

from tracker.imports.words import words

_MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? '?\d"


@cache
def _label() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(words().dated, key=len, reverse=True))
    # A letter counts only before a colon: "E: 30/06/2024".
    return re.compile(
        rf"(?<![\w/])({names})(?: (?:date|deadline|by|on))?\s*(?::|[–—-](?=\s)|(?<=\w{{3}}) (?=\d|{_MONTHS}))\s*", re.I
    )


def labelled_dates(text: str) -> list[tuple[str, str, str]]:
    """Return the dates of a cell in order: which it is ("start", "due" ...), its words, and both as they are written.

    [] unless all that the cell says is labelled so.
    """
    if len(text) > 160 or not any(letter.isdigit() for letter in text):
        return []
    found = list(_label().finditer(text))
    if not found or text[: found[0].start()].strip():
        return []
    if len(found) == 1 and found[0][0].rstrip()[-1] not in ":–—-":
        return []  # "End 2012"
    ends = [each.start() for each in found[1:]] + [len(text)]
    parts = [text[each.end() : end].strip(" \n;,/|–—-") for each, end in zip(found, ends, strict=True)]
    bare = [each for each in found if each[0].rstrip()[-1] not in ":–—-"]
    kinds = [words().dated[" ".join(each[1].casefold().split())] for each in found]
    if bare and len(set(kinds)) < 2:
        return []  # "End May" above "End June"
    said = [" ".join(f"{each[0]}{part}".split()) for each, part in zip(found, parts, strict=True)]
    return list(zip(kinds, parts, said, strict=True)) if all(parts) else []
