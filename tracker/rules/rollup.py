"""Roll up colours: worst-of for a workstream, counted shares for a priority and a plan (domain, section 7).

Nothing is averaged. Counts always stand beside a colour, over two denominators: due to date and the whole plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.rules.colour import RANK, Colour
from tracker.rules.scheme import DEFAULT, Scheme


class Direction(StrEnum):
    """How a colour stands against the one in the last issued pack."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEW = "new"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Item:
    """One milestone as the roll-up sees it: its colour, its current deadline, whether it is critical."""

    colour: Colour
    due: date | None
    critical: bool = False


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
class Headline:
    """The colour of a priority or a plan, the sentence that explains it, and the counts behind it."""

    colour: Colour
    reason: str
    counts: Counts


def count(items: Iterable[Item], day: date) -> Counts:
    """Count `items` by colour; due to date means that the current deadline is on or before `day`."""
    tally = dict.fromkeys(Colour, 0)
    due_to_date = delivered = 0
    for item in items:
        tally[item.colour] += 1
        if _is_due(item, day):
            due_to_date += 1
            delivered += item.colour is Colour.BLUE
    return Counts(
        red=tally[Colour.RED],
        amber=tally[Colour.AMBER],
        green=tally[Colour.GREEN],
        grey=tally[Colour.GREY],
        blue=tally[Colour.BLUE],
        none=tally[Colour.NONE],
        due_to_date=due_to_date,
        delivered_of_due=delivered,
    )


def workstream_colour(colours: Iterable[Colour]) -> Colour:
    """Return the colour of a workstream (or an action) from its milestones: worst-of, never an average."""
    seen = {colour for colour in colours if colour is not Colour.NONE}
    if not seen:
        return Colour.GREY
    for worst in (Colour.RED, Colour.AMBER):
        if worst in seen:
            return worst
    return next(iter(seen)) if len(seen) == 1 else Colour.GREEN


def headline(items: Iterable[Item], day: date, scheme: Scheme = DEFAULT) -> Headline:
    """Return the colour of a priority or a plan on `day`, counted on its distinct milestones, with the reason."""
    listed = list(items)
    counts = count(listed, day)
    colour, reason = _judge(listed, counts, day, scheme)
    return Headline(colour, reason, counts)


def direction(before: Colour | None, after: Colour | None) -> Direction:
    """Compare a colour with an earlier one; a milestone without a colour is not there to compare."""
    was = None if before is Colour.NONE else before
    now = None if after is Colour.NONE else after
    if was is None:
        return Direction.SAME if now is None else Direction.NEW
    if now is None:
        return Direction.CLOSED
    if RANK[now] == RANK[was]:
        return Direction.SAME
    return Direction.BETTER if RANK[now] > RANK[was] else Direction.WORSE


def _is_due(item: Item, day: date) -> bool:
    return item.colour is not Colour.NONE and item.due is not None and item.due <= day


def _judge(items: list[Item], counts: Counts, day: date, scheme: Scheme) -> tuple[Colour, str]:
    if not counts.total:
        if counts.none:
            return Colour.GREY, "Every milestone is suspended, withdrawn or superseded."
        return Colour.GREY, "No milestones yet."
    if counts.blue == counts.total:
        return Colour.BLUE, f"{_all(counts.total)} complete and signed off."
    if counts.red or counts.amber:
        found = _strict(counts) if scheme.strict else _shares(items, counts, day, scheme)
        if found is not None:
            return found
    if counts.grey == counts.total:
        return Colour.GREY, f"{_all(counts.total)} not started."
    if not counts.amber:
        return Colour.GREEN, "No milestone is Red or Amber."
    return Colour.GREEN, (
        f"No milestone is Red; {counts.amber} of {counts.unfinished} unfinished "
        f"{_milestones(counts.unfinished)} {_is(counts.amber)} Amber ({_percent(counts.amber, counts.unfinished)}); "
        f"Amber needs {_threshold(scheme)}."
    )


def _strict(counts: Counts) -> tuple[Colour, str]:
    worst, number = (Colour.RED, counts.red) if counts.red else (Colour.AMBER, counts.amber)
    return worst, (
        f"{number} of {counts.total} {_milestones(counts.total)} {_is(number)} {worst.value.title()}; "
        "the worst colour is the headline."
    )


def _shares(items: list[Item], counts: Counts, day: date, scheme: Scheme) -> tuple[Colour, str] | None:
    critical_red = sum(item.critical and item.colour is Colour.RED for item in items)
    critical_amber = sum(item.critical and item.colour is Colour.AMBER for item in items)
    red_of_due = sum(item.colour is Colour.RED and _is_due(item, day) for item in items)
    if critical_red:
        return Colour.RED, f"{critical_red} critical {_milestones(critical_red)} {_is(critical_red)} Red."
    if _reaches(red_of_due, counts.due_to_date, scheme):
        return Colour.RED, (
            f"{red_of_due} of {counts.due_to_date} milestones due to date are Red "
            f"({_percent(red_of_due, counts.due_to_date)}); the threshold is {_share(scheme)}."
        )
    if red_of_due:
        return Colour.AMBER, (
            f"{red_of_due} of {counts.due_to_date} {_milestones(counts.due_to_date)} due to date {_is(red_of_due)} Red "
            f"({_percent(red_of_due, counts.due_to_date)}); Red needs {_threshold(scheme)}."
        )
    if counts.red:
        return Colour.AMBER, (
            f"{counts.red} of {counts.total} {_milestones(counts.total)} {_is(counts.red)} Red, "
            f"{'none of them' if counts.red > 1 else 'not yet'} due to date."
        )
    if critical_amber:
        return Colour.AMBER, f"{critical_amber} critical {_milestones(critical_amber)} {_is(critical_amber)} Amber."
    if _reaches(counts.amber, counts.unfinished, scheme):
        return Colour.AMBER, (
            f"{counts.amber} of {counts.unfinished} unfinished milestones are Amber "
            f"({_percent(counts.amber, counts.unfinished)}); the threshold is {_share(scheme)}."
        )
    return None


def _reaches(number: int, of: int, scheme: Scheme) -> bool:
    # Exact: 0.15 as a binary fraction would put 3 of 20 on either side of the threshold by chance.
    return number > 0 and number >= scheme.minimum and number >= Fraction(str(scheme.share)) * of


def _percent(number: int, of: int) -> str:
    # Rounded down, so that a share under the threshold never prints as the threshold.
    return f"{number * 100 // of}%"


def _share(scheme: Scheme) -> str:
    return f"{float(Fraction(str(scheme.share)) * 100):g}%"


def _threshold(scheme: Scheme) -> str:
    return f"{_share(scheme)} and at least {scheme.minimum}"


def _milestones(number: int) -> str:
    return "milestone" if number == 1 else "milestones"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _all(number: int) -> str:
    return "The only milestone is" if number == 1 else f"All {number} milestones are"
