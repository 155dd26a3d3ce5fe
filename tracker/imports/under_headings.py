"""What stands directly below headings and tells how they are meant: guidance, a text and its date under one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tracker.imports.duetext import is_phrase
from tracker.imports.grid import Cell, Grid
from tracker.imports.words import heading, names_a_post, status_kind

if TYPE_CHECKING:
    from tracker.imports.layout import Header

_SPEAKS_OF = {  # the words in which guidance speaks of what a column holds
    "action": r"\bactions?\b|\bhow\b|\bwhat\b|address",
    "lead": r"\bwho\b|\bperson\b|\broles?\b|\bnames?\b|responsib|\blead\b|\bowner",
    "due": r"\bdates?\b|\bwhen (?:will|is|are|the|this|it)\b|deadline|time ?scale",
    "due_original": r"\bdates?\b|deadline",
    "due_revised": r"\bdates?\b|deadline",
    "status": r"\bb?rag\b|status|colour|progress",
    "update": r"progress|update|comment|actions?\b",
    "success": r"evidence|measure|assurance|success|outcome",
}
_ASKS = re.compile(
    r"\?|\be\.g\b|\b(?:should|must|please|will be|will contain|to be completed|is to|are to|insert|enter|state|describe"
    r"|delete as|drop ?down|add|choose|select|note)\b",
    re.I,
)
_DUE = frozenset({"due", "due_original", "due_revised"})


def explains(cells: list[Cell], texts: Mapping[int, str], roles: Mapping[int, tuple[str, ...]]) -> bool:
    """Return whether a row directly below headings says how the columns are to be filled in.

    Nothing in it may be a value: a date, a status, the name of a post that its heading does not name.
    """
    own = [cell for cell in cells if cell.text]
    if len(own) < 3 or any(not isinstance(cell.value, str) for cell in own):
        return False
    if any(is_phrase(cell.text) or status_kind(cell.text) for cell in own):
        return False
    questions = sum(cell.text.rstrip().endswith("?") for cell in own)
    if questions >= 3 and questions * 2 >= len(own):
        return True
    told = asked = 0
    dated = False
    for cell in own:
        kinds = roles.get(cell.column, ())
        if _DUE & set(kinds[:1]) and re.search(r"\d", cell.text):
            return False
        if not _speaks_of(cell.text, texts.get(cell.column, ""), kinds):
            if kinds[:1] == ("lead",):
                return False
            continue
        told += 1
        asked += _ASKS.search(cell.text) is not None
        dated = dated or bool(_DUE & set(kinds))
    return told * 5 >= 3 * len(own) and told >= 3 and asked + dated >= 1 and told + asked + dated >= (5 if dated else 6)


def _speaks_of(text: str, over: str, kinds: tuple[str, ...]) -> bool:
    """Return whether a text under a heading speaks of the column: in the heading's own words, or its role's."""
    said, name = heading(text), heading(over)
    if kinds[:1] == ("lead",) and names_a_post(text) and said not in name:
        return False
    if any(re.search(_SPEAKS_OF[role], said) for role in kinds if role in _SPEAKS_OF):
        return True
    return any(re.search(rf"\b{re.escape(word)}", said) for word in re.findall(r"[a-z]{3,}", name))


def divide_what_and_when(grid: Grid, header: Header) -> None:
    """Divide a heading that is merged over two columns, a text and the date of it: "Targets and timescales"."""
    for column, cell in grid.rows[header.row].items():
        span = cell.span
        if span is None or span.width != 2 or column not in header.texts or column + 1 in header.texts:
            continue
        kinds = set(header.roles[column])
        if not kinds & {"due", "milestone", "action", "action_weak"}:
            continue
        below = [number for number in grid.rows if header.last_row < number <= header.last_row + 30]
        said = [grid.cell(number, column) for number in below]
        when = [found.text for number in below if (found := grid.cell(number, column + 1)) and found.text]
        texts = [found.text for found in said if found is not None and len(found.text.split()) > 1]
        dated = sum(is_phrase(text) for text in when)
        if (
            not texts
            or dated * 5 < 4 * len(when)
            or not dated
            or sum(is_phrase(text) for text in texts) * 3 > len(texts)
        ):
            continue
        others = {role for at, roles in header.roles.items() if at != column for role in roles[:1]}
        role = "milestone" if "action" in others else "action"
        header.texts[column + 1] = header.texts[column]
        header.roles[column], header.roles[column + 1] = (role,), ("due",)
