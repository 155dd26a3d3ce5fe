"""How far a date has slipped: days, or whole months where the precision is a month (domain, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.rules.dates import Precision


@dataclass(frozen=True, slots=True)
class Slip:
    """The distance from an original to a current date; negative is earlier. None where a date is missing."""

    days: int | None
    months: int | None
    words: str


def slip(original: date | None, current: date | None, precision: Precision = Precision.DAY) -> Slip:
    """Return how much later `current` is than `original`, in the unit that `precision` allows."""
    if original is None and current is None:
        return Slip(None, None, "no date")
    if original is None:
        return Slip(None, None, "no original date")
    if current is None:
        return Slip(None, None, "no current date")
    days = (current - original).days
    months = None
    if precision is Precision.MONTH:
        months = (current.year - original.year) * 12 + current.month - original.month
    distance, unit = (days, "day") if months is None else (months, "month")
    if distance == 0:
        return Slip(days, months, "on the original date")
    size = abs(distance)
    return Slip(days, months, f"{size} {unit}{'' if size == 1 else 's'} {'later' if distance > 0 else 'earlier'}")
