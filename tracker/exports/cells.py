"""What the cells of a report hold: texts, numbers, dates as they were written, and colours with letter and word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.rating import default_rating
from tracker.rules.vocabulary import Term


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DATE = "date"
    STATUS = "status"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class StatusValue:
    """A colour as it is shown: never without its letter and its word. `marks` follow as small text.

    `plans_term` is what the plan calls it; without one it is called what the default scheme calls it.
    """

    colour: Colour
    marks: tuple[str, ...] = ()
    plans_term: Term | None = field(default=None, compare=False)

    @property
    def term(self) -> Term:
        """Return the term: word, letter, paint and meaning."""
        return self.plans_term or default_rating().vocabulary.term(self.colour)

    @property
    def letter(self) -> str:
        """Return the letter ("Gn")."""
        return self.term.letter

    @property
    def word(self) -> str:
        """Return the word ("On target")."""
        return self.term.word

    @property
    def name(self) -> str:
        """Return the name of the colour ("Green")."""
        return self.term.name

    @property
    def text(self) -> str:
        """Return letter and word, as every status cell prints them ("Gn On target")."""
        return self.term.text

    @property
    def marks_text(self) -> str:
        """Return the marks as one text."""
        return ", ".join(self.marks)

    def __str__(self) -> str:
        return f"{self.text} ({self.marks_text})" if self.marks else self.text


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date as written, with the last day of the period it names for sorting (None: undated)."""

    text: str
    day: date | None = None

    @classmethod
    def of(cls, day: date | None) -> DateValue:
        """Return a day as a value ("30 September 2025"), or an empty one."""
        return cls("", None) if day is None else cls(show_day(day), day)

    def __str__(self) -> str:
        return self.text


Cell: TypeAlias = str | int | StatusValue | DateValue | None


def cell_text(cell: Cell) -> str:
    """Return what a cell says, in the form that Word, HTML and plain text print."""
    return "" if cell is None else str(cell)
