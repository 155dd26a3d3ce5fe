"""The plan's title and years, and whether a row of a cover only repeats an area's title."""

from __future__ import annotations

import re

from tracker.imports.grid import Cell, Grid
from tracker.imports.headings import is_generic, is_note, parsed_text, record_kind
from tracker.imports.layout import find_headers
from tracker.imports.leads import lead_in_title
from tracker.imports.lists import has_bullet, one_line
from tracker.imports.words import plain, words
from tracker.rules.document import PriorityLine

_SENTENCE = re.compile(r"\b(?:should|must|shall|please|has been|have been|can be|is|are)\b", re.I)
_REPORT = re.compile(r"\b(?:update|monitoring|response|recommendations|review)\b", re.I)


def plan_title(grids: list[Grid], filename: str) -> str:
    """Return the plan's title: a line that names a plan above the tables, else the file's name."""
    seen: list[str] = []
    for grid in grids:
        if grid.hidden:
            continue
        first = next((header.first_row for header in find_headers(grid, among=12)), 1 << 30)
        for row in list(grid.rows)[:8]:
            texts = grid.texts(row)
            if row >= first or len(texts) > 3:
                break
            for cell in texts if texts and not has_bullet(texts[0].text) and texts[0].level < 2 else []:
                seen += [one_line(line) for line in cell.text.split("\n") if line.strip()]
    if heads := _only_title(grids):
        return heads
    sheets = [grid.name for grid in grids if not grid.hidden and grid.rows]
    if sheets and words().title.search(sheets[0]) and not is_generic(sheets[0]) and len(sheets[0].split()) > 1:
        fallback = sheets[0]
    else:
        fallback = ""
    stem = re.sub(r"\.\w{1,5}$", "", re.split(r"[/\\]", filename)[-1])
    lines = [line for line in seen if 5 < len(line) <= 160 and not line.endswith(":")]
    lines = [line for line in lines if not parsed_text(line).is_area and not record_kind(line) and not is_note(line)]
    titled = [line for line in lines if words().title.search(line)]
    reports = [line for line in lines[:1] if _REPORT.search(line) and line == seen[0] and not line.endswith(".")]
    best = [line for line in titled if not _SENTENCE.search(line)] or reports or titled
    if best:
        return best[0]
    return fallback or re.sub(r"[_\s]+", " ", stem).strip() or "Imported plan"


def _only_title(grids: list[Grid]) -> str:
    """Return the first line of a document where it is its only heading of the highest level, "" otherwise."""
    if len(grids) != 1 or not grids[0].paragraphs:
        return ""
    levels = [(cell.level, cell) for row in grids[0].paragraphs for cell in grids[0].texts(row) if cell.level]
    highest = min((level for level, _ in levels), default=0)
    tops = [cell for level, cell in levels if level == highest]
    if len(tops) != 1 or tops[0].row > 3:
        return ""
    alone = len(levels) == 1 and (len(tops[0].text.split()) < 4 or bool(lead_in_title(tops[0].text)[1]))
    lines = [cell.text for row in grids[0].paragraphs for cell in grids[0].texts(row)]
    if alone or (len(levels) == 1 and any(re.match(r"lead\b", line, re.I) for line in lines)):
        return ""
    found = parsed_text(tops[0].text)
    return "" if found.is_area or record_kind(tops[0].text) else one_line(tops[0].text)


def is_index_row(texts: list[Cell], areas: list[PriorityLine]) -> bool:
    """Return whether a row of a cover sheet only repeats an area's ref and title."""
    joined = plain(" ".join(cell.text for cell in texts))
    return any(plain(area.title) and plain(area.title) in joined for area in areas)


def years_of(title: str) -> tuple[str, str]:
    """Return the first and last year that a title names: "Plan 2025-2028" is 2025 and 2028."""
    found = re.search(r"\b((?:19|20)\d\d)\s*(?:[-–—/]|to)\s*((?:19|20)?\d\d)\b", title)
    if not found:
        return "", ""
    first, last = int(found[1]), int(found[2] if len(found[2]) == 4 else found[1][:2] + found[2])
    is_month = len(found[2]) == 2 and last % 100 <= 12 and last != first + 1
    return (str(first), str(last)) if last > first and not is_month else ("", "")
