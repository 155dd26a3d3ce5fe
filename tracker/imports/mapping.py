"""What a person said of how a file is to be read: what its columns hold, where its headings stand, what to leave out.

Headings are named by their words, so that what was said of one edition of a plan holds for the next, wherever its
columns stand then.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.imports.columns import Columns
from tracker.imports.grid import Grid, column_letters
from tracker.imports.layout import Header, any_header, find_headers
from tracker.imports.words import heading

NOT_IMPORTED = ""

# What a column can be said to hold. One column of a table at most, but for those of MANY.
MEANINGS: dict[str, str] = {
    "ref": "Reference of the action or milestone",
    "section": "Workstream or section",
    "section_ref": "Reference of the workstream",
    "action": "Action",
    "milestone": "Milestone",
    "lead": "Lead",
    "due": "Deadline",
    "due_revised": "Deadline, revised",
    "due_original": "Deadline, original",
    "start": "Start",
    "days": "Days from the start",
    "actual": "Date of completion",
    "status": "Status or rating",
    "percent": "Per cent complete",
    "update": "Update",
    "success": "Success measure or outcome",
    "period": "A period of a time grid",
    NOT_IMPORTED: "Not imported",
}
MANY = frozenset({"section", "update", "success", "period", NOT_IMPORTED})
_LISTS = {"section": "sections", "update": "updates", "success": "success", NOT_IMPORTED: "extra"}


@dataclass(slots=True)
class FileMapping:
    """What was said. `columns`: a heading, as headings are compared, to one of MEANINGS; `periods`: a heading to the
    period that its column stands for, in words; `headers`: a sheet to the number of the row with its headings;
    `left_out`: names of sheets.
    """

    columns: dict[str, str] = field(default_factory=dict)
    periods: dict[str, str] = field(default_factory=dict)
    headers: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.columns or self.periods or self.headers or self.left_out)

    def to_data(self) -> dict[str, Any]:
        """Return the mapping as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> FileMapping:
        """Return the mapping that `to_data` made data of; what is not understood in it is left out."""
        return cls(
            {str(name): str(said) for name, said in dict(data.get("columns", {})).items() if said in MEANINGS},
            {str(name): str(said) for name, said in dict(data.get("periods", {})).items()},
            {str(name): int(row) for name, row in dict(data.get("headers", {})).items()},
            [str(name) for name in data.get("left_out", [])],
        )

    def for_next_edition(self) -> FileMapping:
        """Return what holds for another edition of the file, whose rows stand elsewhere."""
        return FileMapping(dict(self.columns), dict(self.periods), {}, list(self.left_out))


def column_name(columns: dict[int, str], column: int) -> str:
    """Return the name under which a column is spoken of: its heading as headings are compared, or its letters."""
    return heading(columns.get(column, "")) or f"column {column_letters(column).lower()}"


def headers_of(grid: Grid, said: FileMapping) -> list[Header]:
    """Return the rows of headings of a sheet: those that are found, those that a person named, those with known words.

    Where a person named a row, nothing above it is a heading.
    """
    found = find_headers(grid)
    named = said.headers.get(grid.name, 0)
    known = {name for name, meaning in said.columns.items() if meaning}
    if not named and not known:
        return found
    if named in grid.rows and not any(header.first_row <= named <= header.last_row for header in found):
        found.append(any_header(grid, named))
    first = named if named in grid.rows else 0
    taken = {row for header in found for row in range(header.first_row, header.last_row + 1)}
    for row in grid.row_numbers():
        if row not in taken and row > first and _has_headings(grid, row, known):
            found.append(any_header(grid, row))
    found = sorted((header for header in found if header.last_row >= first), key=lambda header: header.row)
    for header in found:
        _told(header, said)
    return found


def adjusted(columns: Columns, header: Header, said: FileMapping) -> Columns:
    """Return what the columns of a table hold, once a person has said so; what was not spoken of stays as it is."""
    names = {**header.texts, **header.periods}
    every = {*columns.roles(), *columns.extra, *names}
    chosen = {at: said.columns[name] for at in sorted(every) if (name := column_name(names, at)) in said.columns}
    of_action = columns.of_action.roles() if columns.of_action is not None else {}
    if chosen.keys() & of_action.keys():
        columns.of_action = None  # what was found of both blocks holds no more
        columns.extra += [each for each in of_action if each not in chosen and each not in columns.roles()]
    for column in chosen:
        _forget(columns, column)
    for column, meaning in chosen.items():
        if meaning == "period":
            words = said.periods.get(column_name(names, column)) or names.get(column, "")
            columns.periods[column] = words or f"column {column_letters(column)}"
        elif meaning in _LISTS:
            getattr(columns, _LISTS[meaning]).append(column)
        else:
            before = getattr(columns, meaning)
            if before:
                columns.extra.append(before)
            setattr(columns, meaning, column)
    if chosen:
        columns.periods = dict(sorted(columns.periods.items()))
        columns.sections.sort()
        columns.due_has_lead = columns.due_has_lead and not columns.lead
        over = columns.texts.get(columns.milestone or columns.action, "")
        columns.says_when = bool(re.search(r"\bwhen\b|\bdates?\b|timescale|quarter|deadline", over, re.I))
    return columns


def _forget(columns: Columns, column: int) -> None:
    for name in (*MEANINGS, "milestone_original"):
        if name not in MANY and getattr(columns, name) == column:
            setattr(columns, name, 0)
    for name in _LISTS.values():
        listed = getattr(columns, name)
        if column in listed:
            listed.remove(column)
    columns.periods.pop(column, None)
    columns.steps = [each for each in columns.steps if column not in each]
    columns.people.pop(column, None)


def _told(header: Header, said: FileMapping) -> None:
    """Let a heading mean what a person said that it means."""
    for column, text in header.texts.items():
        meaning = said.columns.get(heading(text))
        if meaning is not None:
            header.roles[column] = (meaning,) if meaning and meaning != "period" else ()


def _has_headings(grid: Grid, row: int, known: set[str]) -> bool:
    """Return whether nearly all texts of a row are headings that were spoken of."""
    names = [heading(cell.text) for cell in grid.texts(row)]
    hits = sum(name in known for name in names)
    return hits >= 2 and hits * 5 >= 4 * len(names)
