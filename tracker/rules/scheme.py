"""The rating scheme: thresholds and words that colour a plan. Data, one per plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Scheme:
    """Thresholds of the colour rules and of the roll-up (domain, sections 4, 6 and 7).

    Days are calendar days, months are calendar months, `share` is a fraction of 1.
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

    def as_data(self) -> dict[str, Any]:
        """Return the thresholds as plain data for storage."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read thresholds from storage; an unknown name is ignored, a missing one takes its default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


DEFAULT = Scheme()
