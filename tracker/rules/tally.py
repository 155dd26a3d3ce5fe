"""Milestones as a roll-up counts them: by colour, by whether they were due to date, by whether they are critical."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Self, TypeAlias

from tracker.rules.colour import Colour


@dataclass(frozen=True, slots=True)
class Item:
    """One milestone as the roll-up sees it: its colour, its current deadline, whether it is critical."""

    colour: Colour
    due: date | None
    critical: bool = False


class When(StrEnum):
    """Where a deadline lies on the day in question: due to date includes the day itself."""

    DUE = "due to date"
    LATER = "later"
    UNDATED = "undated"


class Group(NamedTuple):
    """What all milestones that a roll-up counts alike have in common."""

    colour: Colour
    when: When
    critical: bool

    @property
    def counts(self) -> bool:
        """Return whether they count: not those that are suspended, withdrawn or superseded."""
        return self.colour is not Colour.NONE

    @property
    def due(self) -> bool:
        """Return whether they count and were due to date."""
        return self.counts and self.when is When.DUE

    @property
    def unfinished(self) -> bool:
        """Return whether they count and are not Blue."""
        return self.counts and self.colour is not Colour.BLUE


Pick: TypeAlias = Callable[[Group], bool]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many milestones have each colour, and how many were due to date and delivered of those.

    `none` are suspended, withdrawn or superseded: they are listed and stand in no total and no percentage.
    """

    red: int = 0
    amber: int = 0
    green: int = 0
    grey: int = 0
    blue: int = 0
    none: int = 0
    due_to_date: int = 0
    delivered_of_due: int = 0

    @property
    def total(self) -> int:
        """Return how many count, which leaves out those without a colour."""
        return self.red + self.amber + self.green + self.grey + self.blue

    @property
    def unfinished(self) -> int:
        """Return how many count and are not Blue."""
        return self.total - self.blue

    def of(self, colour: Colour) -> int:
        """Return how many have `colour`."""
        return {
            Colour.RED: self.red,
            Colour.AMBER: self.amber,
            Colour.GREEN: self.green,
            Colour.GREY: self.grey,
            Colour.BLUE: self.blue,
            Colour.NONE: self.none,
        }[colour]

    def __add__(self, other: Counts) -> Counts:
        """Return both counts together, field by field."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(**{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(Counts)})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many milestones there are of each group: all that a roll-up looks at."""

    groups: Mapping[Group, int]

    @classmethod
    def of_items(cls, items: Iterable[Item], day: date) -> Self:
        """Count milestones as at a day."""
        return cls(Counter(group_of(item, day) for item in items))

    @classmethod
    def of_colours(cls, colours: Iterable[Colour]) -> Self:
        """Count colours alone, for what looks at nothing else."""
        return cls({Group(colour, When.UNDATED, False): number for colour, number in Counter(colours).items()})

    def number(self, pick: Pick) -> int:
        """Return how many milestones are in the groups that `pick` takes."""
        return sum(number for group, number in self.groups.items() if pick(group))

    def moved(self, pick: Pick, to: Callable[[Group], Group], number: int) -> Tally:
        """Return the tally with `number` of the milestones that `pick` takes in another group, fewer if there are."""
        groups = Counter(self.groups)
        for group in sorted(group for group in self.groups if pick(group)):
            taken = min(number, groups[group])
            groups[group] -= taken
            groups[to(group)] += taken
            number -= taken
        return Tally(groups)

    @property
    def counts(self) -> Counts:
        """Return the counts that stand beside a colour."""
        by_colour: Counter[Colour] = Counter()
        due = delivered = 0
        for group, number in self.groups.items():
            by_colour[group.colour] += number
            if group.due:
                due += number
                delivered += number if group.colour is Colour.BLUE else 0
        return Counts(
            red=by_colour[Colour.RED],
            amber=by_colour[Colour.AMBER],
            green=by_colour[Colour.GREEN],
            grey=by_colour[Colour.GREY],
            blue=by_colour[Colour.BLUE],
            none=by_colour[Colour.NONE],
            due_to_date=due,
            delivered_of_due=delivered,
        )


def group_of(item: Item, day: date) -> Group:
    """Return the group that a milestone is counted in as at a day."""
    when = When.UNDATED if item.due is None else When.DUE if item.due <= day else When.LATER
    return Group(item.colour, when, item.critical)
