"""Sheets beside the plan: cover, key, terms, people, risks. What they say of the plan is kept; the rest is left out."""

from __future__ import annotations

import re

from tracker.imports.builder import Builder
from tracker.imports.colours import find_key
from tracker.imports.details import LABELS, taken
from tracker.imports.grid import Cell, Grid
from tracker.imports.layout import Header, find_headers
from tracker.imports.lists import one_line
from tracker.imports.reconcile import Outcome
from tracker.imports.titles import is_index_row
from tracker.imports.words import exactly_known, heading, is_colour, plain, roles_of, without_brackets, words
from tracker.rules.document import RecordLine

MEASURE = re.compile(r"\b(indicators?|kpis?|bvpis?|measures?|metrics?|pis?|outturn|quartile)\b")
_ACTUAL = re.compile(r"\bactual\b(?!.*date)|\blast year\b|\bprevious year\b|\byear to date\b|\bytd\b")
_NUMBER = re.compile(r"[£<>]?\s?-?\d[\d,.]*\s?(?:%|k|m|bn)?$")


def read_other(builder: Builder, grid: Grid) -> None:
    """Take from a sheet without a table of the plan what belongs to the plan, and account for the rest."""
    terms = _terms_header(grid)
    seems = "a cover sheet" if _is_cover(builder, grid) else seems_to_be(grid)
    name = f"the sheet is {seems}" if seems else "the sheet holds no table of the plan"
    if not terms and seems not in ("", "a cover sheet"):
        builder.problem(
            grid.name, f"This sheet was left out: it seems to be {seems}.", "Nothing to do, unless it holds actions."
        )
    for row in grid.rows:
        texts = grid.texts(row)
        if not texts or row in grid.made:
            continue
        if terms and row > terms and len(texts) == 2:
            source = builder.source(grid, texts[1].address)
            builder.document.records.append(
                RecordLine("definition", one_line(texts[1].text), one_line(texts[0].text), source)
            )
            _line(builder, grid, texts, Outcome.IMPORTED, "a term")
        elif reason := taken(builder.document, texts):
            _line(builder, grid, texts, Outcome.IMPORTED, reason)
        elif is_index_row(texts, builder.document.priorities):
            _line(builder, grid, texts, Outcome.MERGED, "repeats the title of an area")
        else:
            _line(builder, grid, texts, Outcome.LEFT_OUT, name)


def read_key(builder: Builder, grids: list[Grid]) -> dict[str, str]:
    """Read the key of colours, wherever it stands; return its words by fill."""
    fills: dict[str, str] = {}
    for grid in grids:
        by_fill, by_name = find_key(grid)
        for fill, text in by_fill.items():
            fills.setdefault(fill, text)
        for name, text in by_name.items():
            builder.document.key.setdefault(name, one_line(text))
    return fills


def seems_to_be(grid: Grid) -> str:
    """Return in words what a sheet without a plan's table looks like, "" if nothing can be said."""
    if is_transposed(grid):
        return "a plan turned on its side: the headings run down a column"
    names = {heading(cell.text) for row in list(grid.rows)[:25] for cell in grid.texts(row) if len(cell.text) < 60}
    days = sum(1 for name in names if name in words().weekdays)
    if days >= 5:
        return "a calendar"
    if _labels(grid) >= 2:
        return "a cover sheet"
    best, hits = "", 1
    for kind, known in words().others.items():
        rows = [{heading(cell.text) for cell in grid.texts(row)} for row in list(grid.rows)[:25]]
        strong = words().strong.get(kind, frozenset())
        found = max((len(row & known) for row in rows if row & strong or kind not in words().strict), default=0)
        if found > hits:
            best, hits = kind, found
    if best:
        return best
    months = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
    if len({name[:3] for name in names if name[:3] in months and len(name.split()) <= 2}) >= 10:
        return "a calendar"
    return ""


def _labels(grid: Grid) -> int:
    """Return how many lines of a sheet only name a detail of a document: its owner, version, status."""
    pairs = [grid.texts(row) for row in list(grid.rows)[:25]]
    return sum(len(texts) == 2 and plain(texts[0].text) in words().cover for texts in pairs)


def is_transposed(grid: Grid) -> bool:
    """Return whether the headings of a plan run down a column with the entries beside them.

    A cover sheet with "Owner", "Date" and "Status" has one value beside each; it names no action.
    """
    if find_headers(grid):
        return False
    for column in (1, 2, 3):
        kinds: set[str] = set()
        several: set[str] = set()  # those with more than one value beside them
        for row in list(grid.rows)[:60]:
            cell = grid.cell(row, column)
            if cell is None or not cell.text or len(cell.text) > 60:
                continue
            found = roles_of(cell.text) if exactly_known(cell.text) else ()
            values = sum(other.column > column for other in grid.texts(row))
            if found and values:
                kinds.add(found[0])
                if values > 1:
                    several.add(found[0])
        for known, acts in ((kinds, {"action", "milestone"}), (several, {"action_weak", "section"})):
            if known & acts and len(known & {"lead", "due", "status", "ref", "update"}) >= 2:
                return True
    return False


def is_risk_table(texts: list[str], values: list[str]) -> bool:
    """Return whether a table's headings, or the values of its type column, are those of a risk register."""
    names = {without_brackets(heading(text)) for text in texts}
    risk = next(known for kind, known in words().others.items() if kind.startswith("a risk"))
    if len(names & words().risk_strong) >= 1 and len(names & risk) >= 2:
        return True
    if (
        names & {"risk", "risks"}
        and len(names & risk) >= 3
        and not any("action" in roles_of(name)[:1] for name in names)
    ):
        return True
    kinds = [plain(value) for value in values]
    return (
        len(kinds) >= 3
        and sum(kind in words().risk_values for kind in kinds) >= 0.7 * len(kinds)
        and len(set(kinds)) > 1
    )


def holds_values(grid: Grid, header: Header, rows: list[int]) -> bool:
    """Return whether a table under a header holds what is measured or who takes which part, and nothing to do.

    "Indicator | Target | Q1 actual" over numbers without a date by when; "Activity | Director | Officer" over the
    letters R, A, C and I.
    """
    held = [cell.text.strip() for row in rows for cell in grid.texts(row)[1:]]
    shares = [text for text in held if re.fullmatch(r"[RACI](?:\s?[/,]\s?[RACI])*", text)]
    if held and len(shares) * 5 >= 4 * len(held) and {"C", "I"} & set("".join(shares)):
        return True
    roles = {column: set(found) for column, found in header.roles.items()}
    names = [heading(text) for text in header.texts.values()]
    aimed = any("target" in name for name in names) and any(_ACTUAL.search(name) for name in names)
    if not aimed and not any(MEASURE.search(name) for name in names):
        return False
    if any({"due", "action"} & found and not {"success"} & found for found in roles.values()):
        return False
    numbers = 0
    for column in (*header.texts, *header.periods):
        texts = [cell.text for row in rows if (cell := grid.cell(row, column)) is not None and cell.text]
        numbers += bool(texts) and sum(bool(_NUMBER.match(text)) for text in texts) * 3 >= 2 * len(texts)
    return numbers >= 2


def _terms_header(grid: Grid) -> int:
    """Return the row that heads a list of terms, 0 if there is none."""
    return next((row for row in list(grid.rows)[:10] if heads_terms(grid.texts(row))), 0)


def heads_terms(texts: list[Cell]) -> bool:
    """Return whether a row heads a list of terms: "Term | Meaning"."""
    terms = next(known for kind, known in words().others.items() if kind.endswith("terms"))
    return len(texts) == 2 and all(heading(cell.text) in terms for cell in texts)


def _is_cover(builder: Builder, grid: Grid) -> bool:
    """Return whether a sheet bears the plan's title, a detail of it, or the key to its colours."""
    for row in list(grid.rows)[:40]:
        texts = grid.texts(row)
        if texts and one_line(texts[0].text) == builder.document.title:
            return True
        if len(texts) == 2 and (is_colour(texts[0].text) or plain(texts[0].text) in LABELS):
            return True
    return False


def _line(builder: Builder, grid: Grid, texts: list[Cell], outcome: Outcome, reason: str) -> None:
    builder.line(grid, texts[0], outcome, reason, " | ".join(cell.text for cell in texts))
