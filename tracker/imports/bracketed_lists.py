"""Lists whose entries end in brackets that say who and when: "- Renew the signs (Parks Manager, ongoing)".

One such line alone may say anything in its brackets. Where most of the entries of lists end so, all of them do: also
those whose names are no known posts, and whose when is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.imports.card_lines import Card, made_of
from tracker.imports.dated_titles import is_elsewhere, is_term, is_to_do, tells_of_plan
from tracker.imports.duetext import due_of_text, is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.lists import has_bullet, own_mark, strip_bullet
from tracker.imports.words import names_a_post

_AT_END = re.compile(r"(?P<what>.{6,}?)\s*[(\[](?P<inside>[^()\[\]]{4,90})[)\]]\s*[.;]?$", re.S)
_APART = re.compile(r"\s*[,;:]\s+|\s+[-–—]\s+|\s+/\s+")
_LONGEST = 10  # words of who: more are a remark

Told = tuple[str, str, str]


def under_brackets(grid: Grid) -> dict[int, Card | None]:
    """Return the cards of the entries of such lists by row; {} where fewer than three entries, or not most, are so.

    An entry without brackets in a list most of whose entries have them is to be done as well.
    """
    lists = [entries for entries in _lists(grid) if sum(bool(who) for _, (_, who, _) in entries) * 2 > len(entries)]
    entries = [entry for each in lists for entry in each]
    told = [found for _, found in entries if found[1]]
    posts = sum(names_a_post(who) for _, who, _ in told)
    if len(told) < 3 or posts * 2 < len(told):
        return {}
    first = entries[0][0].row
    lines = [cell for row in grid.rows if row < first for cell in grid.texts(row)]
    above = [cell.text for cell in lines if cell.level or cell.bold or not grid.paragraphs]
    announced = tells_of_plan(above)
    if any(map(is_elsewhere, above[:1])) or not is_to_do([found[0] for _, found in entries], announced=announced):
        return {}
    return {cell.row: made_of(cell, *found) for cell, found in entries}


def _lists(grid: Grid) -> Iterable[list[tuple[Cell, Told]]]:
    """Yield the lists of a document, with what each entry says is to be done, by whom and when."""
    entries: list[tuple[Cell, Told]] = []
    plain = not grid.tables and not grid.paragraphs
    for number in grid.rows:
        cells = grid.texts(number) if plain or number in grid.paragraphs else []
        if len(cells) == 1 and not cells[0].level and (has_bullet(cells[0].text) or own_mark(cells[0].text)[0]):
            entries.append((cells[0], _told(strip_bullet(cells[0].text))))
        elif entries:
            yield entries
            entries = []
    if entries:
        yield entries


def _told(text: str) -> Told:
    """Return what an entry says is to be done, who and when its brackets name; ("...", "", "") unless they say both."""
    found = _AT_END.match(text)
    parts = [part for part in _APART.split(found["inside"]) if part] if found else []
    when = [part for part in parts if _says_when(part)]
    who = ", ".join(part for part in parts if part not in when)
    named = bool(who) and len(who.split()) <= _LONGEST and not re.search(r"\d", who) and who[0].isupper()
    return (found["what"], who, " ".join(when)) if found and when and named else (text, "", "")


def _says_when(part: str) -> bool:
    """Return whether a part is a date, "ongoing" or a term, or names a date: "AGM November 2025"."""
    return is_phrase(part) or is_term(part) or is_term(f"{part} term") or due_of_text(part).dated
