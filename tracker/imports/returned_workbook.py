"""A lead's workbook that came back: its rows by their hidden keys, its columns by theirs, wherever they stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.imports.child import read_cells_in_child
from tracker.imports.grid import address
from tracker.imports.limits import Limits
from tracker.rules.errors import Refusal
from tracker.rules.text import clean, fold
from tracker.rules.workbook import FIELDS
from tracker.rules.workbook_keys import looks_like_key
from tracker.rules.workbook_return import Remark, Returned, ReturnedRow

INSTRUCTIONS, ABOUT = "Instructions", "About this file"
_LOCKED = {"ref": "Ref", "text": "Milestone", "due": "Due"}
_TITLES = {fold(field.title): field.key for field in FIELDS} | {fold(title): key for key, title in _LOCKED.items()}
_HEADS = 3  # headings that make a row the one of the headings
_KEYS = frozenset({*(field.key for field in FIELDS), *_LOCKED, "lead", "status", "why", "updated", "key"})
_LONGEST_QUOTE = 200
NOT_OURS = (
    "This is not a workbook that was sent out from here: none of its rows has the hidden key that says which milestone "
    "it is of. Upload the file that came back by e-mail, or download a new one and copy the answers into it."
)
NO_COLUMNS = (
    "The headings of this workbook are gone, so nobody can say which answer belongs to which question. "
    "Download a new one and copy the answers into it."
)


@dataclass(slots=True)
class _Sheet:
    """One sheet as texts by row and column, counted from 1."""

    name: str
    rows: dict[int, dict[int, str]]
    unknown: frozenset[str]
    columns: dict[str, int] = field(default_factory=dict)
    key_column: int = 0
    head: int = 0

    @property
    def keyed(self) -> list[int]:
        """Return the rows that hold a key."""
        return [row for row, cells in self.rows.items() if looks_like_key(cells.get(self.key_column, ""))]


def read_returned(data: bytes, filename: str, *, limits: Limits | None = None) -> Returned:
    """Read a workbook that came back, in a process of its own with limits.

    Raises Refusal with the sentence to show for a file that is no such workbook, or cannot be read.
    """
    return returned_of(read_cells_in_child(data, filename, limits=limits or Limits()), filename)


def returned_of(sheets: list[dict[str, Any]], filename: str) -> Returned:
    """Return what the cells of a workbook say, row by row, with remarks on what is not taken over."""
    found = [
        _Sheet(each["name"], {row: dict(cells) for row, cells in each["rows"]}, frozenset(each["unknown"]))
        for each in sheets
    ]
    about = next((sheet for sheet in found if sheet.name == ABOUT), None)
    facts, sent = _about(about)
    tables: list[_Sheet] = []
    remarks: list[Remark] = []
    for sheet in found:
        if sheet.name == ABOUT:
            continue
        _find_keys(sheet)
        if sheet.key_column:
            tables.append(sheet)
        elif facts and sheet.name != INSTRUCTIONS and not tables and _find_columns(sheet):
            remarks += _without_key(sheet)
        elif sheet.name != INSTRUCTIONS and sheet.rows:
            remarks.append(Remark(sheet.name, "This sheet is not one that was sent out; it was not read."))
    if not tables and not facts:
        raise Refusal(NOT_OURS)
    for sheet in tables:
        _find_columns(sheet)
    if tables and not any(sheet.columns for sheet in tables):
        raise Refusal(NO_COLUMNS)
    rows: list[ReturnedRow] = []
    for sheet in tables:
        if not sheet.columns:
            remarks.append(Remark(sheet.name, "The headings of this sheet are gone; its rows were not read."))
            continue
        rows += _rows(sheet)
        remarks += _without_key(sheet)
    missing = [field.title for field in FIELDS if tables and not any(field.key in sheet.columns for sheet in tables)]
    return Returned(clean(filename)[:200], tuple(rows), facts, sent, tuple(remarks), tuple(missing))


def _about(sheet: _Sheet | None) -> tuple[dict[str, str], dict[int, str]]:
    """Return what the hidden sheet says of the file, and the refs that went out by milestone id."""
    facts: dict[str, str] = {}
    sent: dict[int, str] = {}
    for cells in sheet.rows.values() if sheet else ():
        name, value = cells.get(1, "").strip(), cells.get(2, "").strip()
        if name.isascii() and name.isdecimal() and len(name) < 10:
            sent[int(name)] = value
        elif name in {"format", "plan", "plan_title", "lead", "lead_id", "made", "milestones"}:
            facts[name] = value
    return facts, sent


def _find_keys(sheet: _Sheet) -> None:
    """Find the column that holds the keys of the rows: the one with most of them."""
    counts: dict[int, int] = {}
    for cells in sheet.rows.values():
        for column, text in cells.items():
            if looks_like_key(text):
                counts[column] = counts.get(column, 0) + 1
    sheet.key_column = max(counts, key=lambda column: counts[column]) if counts else 0


def _find_columns(sheet: _Sheet) -> bool:
    """Find which column is which: by the hidden keys above the headings, else by the headings; tell whether any is."""
    first = min(sheet.keyed, default=max(sheet.rows, default=0) + 1)
    above = {row: cells for row, cells in sheet.rows.items() if row < first} or sheet.rows
    by_key = _best(above, lambda text: text.strip() if text.strip() in _KEYS else "")
    by_title = _best(above, lambda text: _TITLES.get(fold(text), ""))
    for row, columns in (by_key, by_title):
        if len(columns) >= _HEADS:
            for key, column in columns.items():
                sheet.columns.setdefault(key, column)
            sheet.head = max(sheet.head, row)
    return bool(sheet.columns)


def _best(rows: Mapping[int, Mapping[int, str]], known: Any) -> tuple[int, dict[str, int]]:
    """Return the row in which most cells are known, with the first column of each."""
    best: tuple[int, dict[str, int]] = (0, {})
    for row, cells in rows.items():
        columns: dict[str, int] = {}
        for column, text in sorted(cells.items()):
            name = known(text)
            if name:
                columns.setdefault(name, column)
        if len(columns) > len(best[1]):
            best = (row, columns)
    return best


def _rows(sheet: _Sheet) -> Iterator[ReturnedRow]:
    for row in sheet.keyed:
        cells = sheet.rows[row]
        open_cells = {field.key: sheet.columns[field.key] for field in FIELDS if field.key in sheet.columns}
        yield ReturnedRow(
            place=f"{sheet.name}, row {row}",
            key=cells[sheet.key_column].strip(),
            ref=cells.get(sheet.columns.get("ref", 0), ""),
            locked={key: cells.get(sheet.columns.get(key, 0), "") for key in ("text", "due")},
            typed={key: cells.get(column, "") for key, column in open_cells.items()},
            unread=frozenset(key for key, column in open_cells.items() if address(row, column) in sheet.unknown),
        )


def _without_key(sheet: _Sheet) -> list[Remark]:
    """Return what stands below the headings in rows without a key: somebody put these in."""
    keyed = set(sheet.keyed)
    remarks = []
    for row, cells in sheet.rows.items():
        if row <= sheet.head or row in keyed:
            continue
        said = "; ".join(text for column, text in sorted(cells.items()) if column != sheet.key_column and text)
        if said:
            quote = said if len(said) <= _LONGEST_QUOTE else f"{said[: _LONGEST_QUOTE - 1]}…"
            what = f"This row has no key, so it is of no milestone that was sent out: “{quote}”. It was not imported"
            remarks.append(Remark(f"{sheet.name}, row {row}", f"{what}; add it in the plan if it is meant."))
    return remarks
