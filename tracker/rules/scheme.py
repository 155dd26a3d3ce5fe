"""The rating scheme: thresholds and words that colour a plan. Data, one per plan."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Self, TypeAlias

from tracker.rules.colour import NAMES, Colour


@dataclass(frozen=True, slots=True)
class Scheme:
    """Thresholds of the colour rules and of the roll-up (domain, sections 4, 6 and 7).

    Days are calendar days, months are calendar months, `share` is a fraction of 1. `names` are what sentences call
    the colours; they decide nothing.
    """

    not_started_days: int = 30  # rule 4d: not started this close to the deadline
    signoff_days: int = 30  # rule 2: how long the approver has
    cap_months: int = 3  # rule 4f: past the original date
    cap_moves: int = 2  # rule 4f: moved this often
    share: float = 0.15  # roll-up: Reds of due to date, Ambers of unfinished
    minimum: int = 2  # roll-up: never fewer than this many
    strict: bool = False  # roll-up: worst-of instead of shares
    recurring_run: int = 3  # weekly commitments: Red at so many misses running
    recurring_weeks: int = 13  # weekly commitments: the weeks over which the share is counted
    recurring_red: float = 0.75  # weekly commitments: Red under this share
    recurring_amber: float = 0.9  # weekly commitments: Amber under this share
    recurring_last: int = 4  # monthly to annual: so many windows back counts; a share counts from so many on
    names: Mapping[Colour, str] = field(default_factory=lambda: NAMES, hash=False)

    def name(self, colour: Colour) -> str:
        """Return what sentences call a colour ("Red")."""
        return self.names[colour]

    def retell(self, text: str) -> str:
        """Return a sentence of the tracker's own with the plan's names of colours. Never for what a person typed."""
        if self.names == NAMES:
            return text
        return _COLOUR_WORD.sub(lambda found: self.names[_BY_NAME[found[1]]], text)

    def as_data(self) -> dict[str, Any]:
        """Return the thresholds as plain data for storage."""
        return {name: getattr(self, name) for name in THRESHOLDS}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], names: Mapping[Colour, str] = NAMES) -> Self:
        """Read thresholds from storage; an unknown name is ignored, a missing one takes its default."""
        return cls(**{name: value for name, value in data.items() if name in THRESHOLDS}, names=names)


_BY_NAME = {name: colour for colour, name in NAMES.items() if colour is not Colour.NONE}
_COLOUR_WORD = re.compile(rf"\b({'|'.join(_BY_NAME)})s?\b")
THRESHOLDS = tuple(part.name for part in fields(Scheme) if part.name != "names")
DEFAULT = Scheme()

Schemes: TypeAlias = tuple[tuple[date, Scheme], ...]
"""Thresholds over time: each from its first day on, ascending, the first from `date.min`."""

Thresholds: TypeAlias = Scheme | Schemes


def in_force(thresholds: Thresholds, day: date) -> tuple[Scheme, date]:
    """Return the thresholds that stand on `day`, and the last day on which they do (`date.max` where none follow)."""
    if isinstance(thresholds, Scheme):
        return thresholds, date.max
    position = bisect_right(thresholds, day, key=lambda entry: entry[0])
    follow = thresholds[position][0] - timedelta(days=1) if position < len(thresholds) else date.max
    return thresholds[position - 1][1], follow


def known_by(thresholds: Thresholds, day: date) -> Thresholds:
    """Return the thresholds over time as they were known at the end of `day`: later choices are not among them."""
    return thresholds if isinstance(thresholds, Scheme) else tuple(one for one in thresholds if one[0] <= day)


def scheme_on(thresholds: Thresholds, day: date) -> Scheme:
    """Return the thresholds that stand on `day`."""
    return in_force(thresholds, day)[0]
