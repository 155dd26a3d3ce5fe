"""A question about a file: what is asked, where it arises, what can be answered, and what an answer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tracker.imports.reconcile import Outcome
from tracker.rules.document import Source

KINDS: dict[str, str] = {
    "dates": "Dates to decide",
    "recurring": "What recurs",
    "places": "Lines without a workstream",
    "refs": "References that are used twice",
    "statuses": "Status words that are not known",
}


@dataclass(slots=True)
class Question:
    """One question: its kind, where in the source it arises, the line quoted, what is asked, and what can be answered.

    `options` are pairs of value and words; `types` says what may be typed instead: "date", "ref", "rule" or nothing.
    `same` is equal for questions that one answer may settle together, "" for one that stands alone. `before` is what
    was answered when an earlier edition was read.
    """

    key: str
    kind: str
    where: str
    quoted: str
    asked: str
    options: list[list[str]] = field(default_factory=list)
    types: str = ""
    proposed: str = ""
    same: str = ""
    before: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return the question as plain data."""
        return asdict(self)


@dataclass(slots=True)
class Asked:
    """A question, the lines of the source that it is about, and what an answer does.

    `settle` takes the answer, changes the document and returns what was decided, in words; "" if it is no answer.
    `ends` says how the lines end after an answer, where that is otherwise than imported.
    """

    question: Question
    about: list[tuple[Source | None, str]]
    settle: Callable[[str], str]
    ends: Mapping[str, Outcome] = field(default_factory=dict)
