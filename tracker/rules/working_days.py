"""Working days: Monday to Friday, without bank holidays and closure days of the council. Days are London days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_ONE = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar of working days. `closed` holds bank holidays and closure days.

    `known_until` is the last day for which bank holidays are known: after it every weekday counts as worked, and a
    health page says so in time.
    """

    closed: frozenset[date] = frozenset()
    known_until: date | None = None

    def works(self, day: date) -> bool:
        """Return whether a day is worked."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def on_or_after(self, day: date) -> date:
        """Return the first working day from a day on, itself included."""
        while not self.works(day):
            day += _ONE
        return day

    def on_or_before(self, day: date) -> date:
        """Return the last working day up to a day, itself included."""
        while not self.works(day):
            day -= _ONE
        return day

    def add(self, day: date, number: int) -> date:
        """Return the day that is a number of working days after `day`, or before it for a negative number.

        0 is the day itself if it is worked, else the next one that is.
        """
        if number == 0:
            return self.on_or_after(day)
        step = _ONE if number > 0 else -_ONE
        left = abs(number)
        while left:
            day += step
            left -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first` up to `last`, that day included; 0 if it is not later."""
        return sum(self.works(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))

    def knows(self, day: date) -> bool:
        """Return whether bank holidays are known for a day."""
        return self.known_until is None or day <= self.known_until


WEEKDAYS = WorkingDays()
"""Monday to Friday, for rules that are asked without a calendar."""
