"""Roll up colours: worst-of for a workstream, counted shares for a priority and a plan (domain, section 7).

Nothing is averaged. Counts always stand beside a colour, over two denominators: due to date and the whole plan. The
rules themselves are in `rules.rollup_rules`; a receipt (`rules.rollup_receipt`) asks the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.colour import RANK, Colour
from tracker.rules.rollup_rules import WORST, RollupRule, decide, rules_of
from tracker.rules.scheme import DEFAULT, Scheme, Thresholds, scheme_on
from tracker.rules.tally import Counts, Item, Tally

__all__ = [
    "Counts",
    "Direction",
    "Headline",
    "Item",
    "count",
    "direction",
    "headline",
    "judged",
    "workstream_colour",
    "workstream_headline",
]


class Direction(StrEnum):
    """How a colour stands against the one in the last issued pack."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NEW = "new"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Headline:
    """The colour of a priority or a plan, the sentence that explains it, the counts behind it, the rule that fired."""

    colour: Colour
    reason: str
    counts: Counts
    rule: str = ""


def count(items: Iterable[Item], day: date) -> Counts:
    """Count `items` by colour; due to date means that the current deadline is on or before `day`."""
    return Tally.of_items(items, day).counts


def workstream_colour(colours: Iterable[Colour]) -> Colour:
    """Return the colour of a workstream (or an action) from its milestones: worst-of, never an average."""
    return decide(WORST, Tally.of_colours(colours), DEFAULT).rule.colour


def workstream_headline(items: Iterable[Item], day: date, scheme: Thresholds = DEFAULT) -> Headline:
    """Return the colour of a workstream or an action on `day` with its reason; the colour is `workstream_colour`."""
    return judged(WORST, Tally.of_items(items, day), scheme_on(scheme, day))


def taken_out(standing: str, reference: str, items: Iterable[Item], day: date) -> Headline | None:
    """Return the headline of what a decision has taken out of the plan: no colour; None for what is in it."""
    if standing == "open":
        return None
    by = f"by decision: {reference}" if reference else "by a recorded decision"
    reason = f"{standing.title()} {by}; it is listed and left out of percentages."
    return Headline(Colour.NONE, reason, count(items, day))


def headline(items: Iterable[Item], day: date, scheme: Thresholds = DEFAULT) -> Headline:
    """Return the colour of a priority or a plan on `day`, counted on its distinct milestones, with the reason."""
    standing = scheme_on(scheme, day)
    return judged(rules_of(standing), Tally.of_items(items, day), standing)


def judged(rules: tuple[RollupRule, ...], tally: Tally, scheme: Scheme) -> Headline:
    """Return what the first rule that holds makes of a tally."""
    asked = decide(rules, tally, scheme)
    reason = asked.rule.reason(asked.number, asked.of, tally, scheme)
    return Headline(asked.rule.colour, scheme.retell(reason), tally.counts, asked.rule.number)


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
