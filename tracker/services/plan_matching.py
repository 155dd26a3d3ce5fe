"""Bring lines and rows without refs together, and give new lines theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from tracker.models.base import Base
from tracker.rules.errors import Refusal
from tracker.rules.facts import Standing
from tracker.rules.likeness import alike as much_alike
from tracker.rules.text import clean, fold

Row = TypeVar("Row", bound=Base)


class Siblings(Generic[Row]):
    """The rows of one kind below one parent that have no refs. Each answers to one line only."""

    def __init__(self, rows: Sequence[Row], text_of: str) -> None:
        self.there = list(rows)  # what is added later answers to the line that it was made of
        self.text_of = text_of
        self._taken: set[int] = set()

    def take(self, row: Row) -> Row:
        """Say that a row answers to a line."""
        self._taken.add(id(row))
        return row

    def find_text(self, rows: Iterable[Row], text: str, *, alike: bool) -> Row | None:
        """Return the row among some that has this text, or one much like it."""
        free = [row for row in rows if id(row) not in self._taken]
        row = next((row for row in free if fold(getattr(row, self.text_of)) == fold(text)), None)
        if row is None and alike:
            row = next((row for row in free if much_alike(getattr(row, self.text_of), text)), None)
        return self.take(row) if row is not None else None

    def left(self) -> list[Row]:
        """Return the rows that no line was."""
        return [row for row in self.there if id(row) not in self._taken]


class Refs:
    """The refs of one place: those that rows have or had there, and those that lines of the document have."""

    def __init__(self, rows: Sequence[Any], lines: Iterable[Any], former: Iterable[str] = ()) -> None:
        self.rows = len(rows)
        self.used = {fold(row.ref) for row in rows} | set(former)
        self.lines = {fold(line.ref) for line in lines if line.ref}

    def take(self, wanted: str, pattern: str = "{}") -> str:
        """Return the ref that a new line gets: its own where nothing ever had it there, else the first free one."""
        ref = wanted
        if not ref or fold(ref) in self.used:
            known, number = self.used | self.lines, self.rows + 1
            while fold(pattern.format(number)) in known:
                number += 1
            ref = pattern.format(number)
        self.used.add(fold(ref))
        self.rows += 1
        return ref


def how_it_stands(line: Any) -> dict[str, str]:
    """Return the columns for how a line of a document stands. Raises Refusal for a word that is none."""
    standing = line.standing or Standing.OPEN.value
    if standing not in set(Standing):
        raise Refusal(f'"{line.standing}" is not how something stands. Say withdrawn, suspended or superseded.')
    return {"standing": standing, "standing_reference": clean(line.standing_reference)}


def repeated(ref: str, parent: str) -> str:
    """Return why a line with the ref of another one is refused."""
    return f"The ref {ref} stands twice in {parent}. The first was taken; give this one a ref of its own."


def _ref(row: Base) -> str:
    return getattr(row, "ref", "") or ""
