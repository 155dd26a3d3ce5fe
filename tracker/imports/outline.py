"""Which titles of a document are areas and which are workstreams, from the levels of its headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.imports.headings import Heading, record_kind
from tracker.imports.rows import Row, RowKind


@dataclass(frozen=True, slots=True)
class Outline:
    """The rows of a document's titles: those over other titles, and those directly above rows of tables."""

    areas: set[int]
    leaves: set[int]


def outline_of(rows: Sequence[Row], title: str) -> Outline:
    """Return which titles stand over other titles, at the level above that of the tables, and which over tables.

    A heading over headings is an area; where three levels are used, the middle one is. Records' headings ("What good
    looks like") and the plan's own title do not count. A document without levels gives none.
    """
    titles = [
        row.heading
        for row in rows
        if row.kind is RowKind.HEADING and row.heading is not None and not _is_record(row.heading)
    ]
    titles = [each for each in titles if each.level and each.text != title]
    parents: dict[int, int] = {}  # row of a title -> row of the title above it
    open_: list[Heading] = []
    untitled: Heading | None = None
    for each in titles:
        if untitled is not None and untitled.level == each.level:
            untitled = None  # "SECTION 1" and below it the title of that section: one title in two lines
            continue
        while open_ and open_[-1].level >= each.level:
            open_.pop()
        if open_:
            parents[each.row] = open_[-1].row
        open_.append(each)
        untitled = each if each.is_area and not each.title else None
    leaves = _leaves(rows, titles)
    return Outline({parents[row] for row in leaves if row in parents}, leaves)


def _leaves(rows: Sequence[Row], titles: Sequence[Heading]) -> set[int]:
    """Return the titles directly above rows of tables."""
    wanted = {each.row for each in titles}
    found: set[int] = set()
    last = 0
    for row in rows:
        if row.number in wanted:
            last = row.number
        elif row.kind is RowKind.DATA and last:
            found.add(last)
    return found


def _is_record(heading: Heading) -> bool:
    return bool(record_kind(heading.text)) and not heading.ref
