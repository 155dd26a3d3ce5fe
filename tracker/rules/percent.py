"""Percent complete, where a rating scheme prints it: beside a colour, never in the place of one (decision 0011)."""

from __future__ import annotations

from tracker.rules.colour import Colour
from tracker.rules.rollup import Counts

MOST_BEFORE_SIGN_OFF = 99


def milestone_percent(colour: Colour, given: int | None) -> int | None:
    """Return how far a milestone is: the lead's own figure, 100 only once it is signed off; None for not known."""
    if colour is Colour.NONE:
        return None
    if colour is Colour.BLUE:
        return 100
    return None if given is None else max(0, min(given, MOST_BEFORE_SIGN_OFF))


def group_percent(counts: Counts) -> int | None:
    """Return which share of some milestones is signed off, rounded down; None where none counts. Never an average."""
    return counts.blue * 100 // counts.total if counts.total else None
