"""The words of a rating scheme: what was computed on the left, the plan's own term on the right. Data, not code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tracker.rules.colour import Colour
from tracker.rules.findings import OVERRIDE
from tracker.rules.paint import PAINTS, Paint

PERCENT, ORIGINAL = "percent", "original"
COLUMNS = {PERCENT: "Percent complete", ORIGINAL: "Original date"}


@dataclass(frozen=True, slots=True)
class Condition:
    """Computed states: one colour, narrowed to some rules, marks or standings where these are named.

    A mark is named without its number: "moved" is any "moved x2".
    """

    colour: Colour
    rules: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()

    @property
    def general(self) -> bool:
        """Return whether it holds for everything of its colour."""
        return not (self.rules or self.marks or self.standings)

    def holds(self, colour: Colour, rule: str, marks: Sequence[str], standing: str) -> bool:
        """Return whether a computed state is one of these."""
        return (
            colour is self.colour
            and (not self.rules or rule in self.rules)
            and (not self.marks or any(mark.split(" x")[0] in self.marks for mark in marks))
            and (not self.standings or standing in self.standings)
        )

    def as_data(self) -> dict[str, Any]:
        """Return the condition as plain data, without what it does not narrow."""
        found: dict[str, Any] = {"colour": self.colour.value}
        for name in ("rules", "marks", "standings"):
            if getattr(self, name):
                found[name] = list(getattr(self, name))
        return found

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a condition from plain data."""
        lists = {name: tuple(str(value) for value in data.get(name, ())) for name in ("rules", "marks", "standings")}
        return cls(Colour(data["colour"]), **lists)


@dataclass(frozen=True, slots=True)
class Term:
    """What a plan calls a state: a word, a letter, a paint with its shape, and what it means.

    `name` is the short form that sentences use ("Red"); `when` says which computed states it stands for.
    """

    key: str
    name: str
    word: str
    letter: str
    paint_name: str
    meaning: str
    when: tuple[Condition, ...] = ()

    @property
    def paint(self) -> Paint:
        """Return the paint."""
        return PAINTS[self.paint_name]

    @property
    def text(self) -> str:
        """Return letter and word as every cell of a file prints them ("Gn On target")."""
        return self.word if self.letter == "-" else f"{self.letter} {self.word}"

    @property
    def colours(self) -> tuple[Colour, ...]:
        """Return the computed colours that it can stand for."""
        return tuple(dict.fromkeys(condition.colour for condition in self.when))

    def as_data(self) -> dict[str, Any]:
        """Return the term as plain data."""
        found: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "word": self.word,
            "letter": self.letter,
            "paint": self.paint_name,
            "meaning": self.meaning,
        }
        return found | ({"when": [condition.as_data() for condition in self.when]} if self.when else {})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a term from plain data."""
        return cls(
            key=str(data["key"]),
            name=str(data.get("name") or data["word"]),
            word=str(data["word"]),
            letter=str(data["letter"]),
            paint_name=str(data["paint"]),
            meaning=str(data["meaning"]),
            when=tuple(Condition.from_data(condition) for condition in data.get("when", ())),
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a plan in the order of its key, the columns it adds, and its second rating where it has one.

    `outcome` are the answers of the second rating: given by the lead, and never part of a colour.
    """

    terms: tuple[Term, ...]
    columns: tuple[str, ...] = ()
    outcome: tuple[Term, ...] = ()
    _found: dict[tuple[Any, ...], Term] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def term(self, colour: Colour, rule: str = "", marks: Sequence[str] = (), standing: str = "open") -> Term:
        """Return the one term for a computed state: the first that names its particulars, else that of its colour.

        Without rule, marks and standing it is the term of a group (a workstream, a priority, a plan). Where a person
        has set the colour, no rule is the reason for it, so none narrows the term.
        """
        state = (colour, "" if OVERRIDE in marks else rule, tuple(marks), standing)
        if state not in self._found:
            self._found[state] = self._search(*state)
        return self._found[state]

    def _search(self, colour: Colour, rule: str, marks: Sequence[str], standing: str) -> Term:
        for general in (False, True):
            for term in self.terms:
                for condition in term.when:
                    if condition.general is general and condition.holds(colour, rule, marks, standing):
                        return term
        raise LookupError(f"The scheme has no term for {colour.value}.")

    def terms_of(self, colour: Colour) -> tuple[Term, ...]:
        """Return every term that a computed colour can have, the general one first."""
        general = self.term(colour)
        return (general, *(term for term in self.terms if colour in term.colours and term is not general))

    def group_word(self, colour: Colour) -> str:
        """Return what a count of a colour is of: its word, or all its words ("Green or Green/Amber")."""
        return " or ".join(term.word for term in self.terms_of(colour))

    def outcome_term(self, key: str) -> Term | None:
        """Return an answer of the second rating, None where none was given or the scheme has no such answer."""
        return next((term for term in self.outcome if term.key == key), None)

    def has(self, column: str) -> bool:
        """Return whether the scheme adds a column."""
        return column in self.columns

    def as_data(self) -> dict[str, Any]:
        """Return the vocabulary as plain data."""
        return {
            "terms": [term.as_data() for term in self.terms],
            "columns": list(self.columns),
            "outcome": [term.as_data() for term in self.outcome],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a vocabulary from plain data."""
        return cls(
            terms=tuple(Term.from_data(term) for term in data["terms"]),
            columns=tuple(str(name) for name in data.get("columns", ())),
            outcome=tuple(Term.from_data(term) for term in data.get("outcome", ())),
        )
