"""A rating scheme as a whole (thresholds and words), the ones that ship, and which of them stood when."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

from tracker.rules.colour import Colour
from tracker.rules.scheme import Scheme, Schemes
from tracker.rules.vocabulary import Vocabulary

FOLDER = Path(__file__).parent / "schemes"
# The order in which they are offered: the default first.
PRESETS = (
    "default",
    "blue-suspended",
    "green-evidenced",
    "percent-complete",
    "confidence-three",
    "confidence-five",
    "two-ratings",
)


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating scheme: title, number of its version, thresholds and vocabulary. `preset` is its file, "" for a copy."""

    title: str
    number: int
    scheme: Scheme
    vocabulary: Vocabulary
    preset: str = ""
    summary: str = ""

    @property
    def name(self) -> str:
        """Return the title, with the number of the version from the second on."""
        return self.title if self.number == 1 else f"{self.title}, version {self.number}"

    def as_data(self) -> dict[str, Any]:
        """Return everything that colours and words depend on, as plain data."""
        return {
            "title": self.title,
            "number": self.number,
            "preset": self.preset,
            "summary": self.summary,
            "thresholds": self.scheme.as_data(),
            **self.vocabulary.as_data(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a rating scheme from plain data."""
        vocabulary = Vocabulary.from_data(data)
        names = {colour: vocabulary.term(colour).name for colour in Colour}
        return cls(
            title=str(data["title"]),
            number=int(data.get("number", 1)),
            scheme=Scheme.from_data(data.get("thresholds", {}), names),
            vocabulary=vocabulary,
            preset=str(data.get("preset", "")),
            summary=str(data.get("summary", "")),
        )


@dataclass(frozen=True, slots=True)
class Ratings:
    """The rating schemes of one plan over time: each with its first day, the first one since ever."""

    changes: tuple[tuple[date, Rating], ...]

    @property
    def now(self) -> Rating:
        """Return the one that was chosen last."""
        return self.changes[-1][1]

    def on(self, day: date) -> Rating:
        """Return the one that stood on a day."""
        return next(rating for first, rating in reversed(self.changes) if first <= day)

    @property
    def schemes(self) -> Schemes:
        """Return the thresholds over time, as the colour timeline wants them."""
        return tuple((first, rating.scheme) for first, rating in self.changes)

    @classmethod
    def from_data(cls, stored: Sequence[Mapping[str, Any]] | None) -> Self:
        """Read what a plan stores: nothing for the default, else each choice with its first day ("from")."""
        return cls(((date.min, default_rating()), *_chosen(stored or ())))


def with_choice(stored: Sequence[Mapping[str, Any]] | None, day: date, rating: Rating) -> list[dict[str, Any]]:
    """Return what a plan stores once `rating` stands from `day` on; a second choice on one day replaces the first."""
    kept = [dict(entry) for entry in stored or () if date.fromisoformat(entry["from"]) < day]
    return [*kept, {"from": day.isoformat(), **rating.as_data()}]


def _chosen(stored: Sequence[Mapping[str, Any]]) -> Iterable[tuple[date, Rating]]:
    return ((date.fromisoformat(entry["from"]), Rating.from_data(entry)) for entry in stored)


@cache
def preset(name: str) -> Rating:
    """Return a scheme that ships with the tracker, read from its file."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Rating.from_data({**data, "preset": name})


@cache
def default_rating() -> Rating:
    """Return the scheme of a plan that has chosen none."""
    return preset(PRESETS[0])
