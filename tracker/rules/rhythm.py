"""How often something runs: which period is due at a moment, in London time. Pure: the moment is an argument.

A period is known by its day, so whoever asks after it, however late and on whatever machine, asks after the same one.
Only the newest period counts: after a week in which nothing ran there is one to catch up with, not seven.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from tracker.rules.dates import LONDON, add_months, london_day
from tracker.rules.errors import Refusal
from tracker.rules.working_days import WorkingDays

_DAY = timedelta(days=1)
_FORTNIGHT_FROM = date(2024, 1, 1)  # a Monday: every second week is counted from it
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class Often(StrEnum):
    """How often."""

    NIGHTLY = "nightly"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of something that runs again and again: `key` names it for ever, `at` is when it becomes due, in UTC."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When something runs. All but nightly wait for a working day; monthly is the first one of the month.

    `hour` is a London hour. The hour from 1 to 2 comes twice in October and not at all in March, so it is refused.
    """

    often: Often
    hour: int = 7
    weekday: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23 or self.hour == 1:
            raise ValueError("Nothing runs between 1 and 2 in the morning: that hour comes twice, or not at all.")
        if not 0 <= self.weekday < len(WEEKDAYS):
            raise ValueError("The day of the week is Monday to Friday, 0 to 4.")

    def latest(self, now: datetime, calendar: WorkingDays) -> Period:
        """Return the newest period that is due at a moment."""
        return next(period for period in self._back(now, calendar) if period.at <= now)

    def following(self, now: datetime, calendar: WorkingDays) -> Period:
        """Return the first period that becomes due after a moment."""
        found = None
        for period in self._back(now + timedelta(days=70), calendar):
            if period.at <= now:
                break
            found = period
        assert found is not None, "Every rhythm has a period within 70 days"
        return found

    def words(self) -> str:
        """Return the rhythm as people say it, "every Monday at 07:00"."""
        day = WEEKDAYS[self.weekday]
        said = {
            Often.NIGHTLY: "every day",
            Often.DAILY: "every working day",
            Often.WEEKLY: f"every {day}",
            Often.FORTNIGHTLY: f"every second {day}",
            Often.MONTHLY: "on the first working day of each month",
        }
        return f"{said[self.often]} at {self.hour:02}:00"

    def _back(self, now: datetime, calendar: WorkingDays) -> Iterator[Period]:
        """Yield periods from the newest back that may be due by a moment."""
        for day in self._days(london_day(now), calendar):
            worked = day if self.often is Often.NIGHTLY else calendar.on_or_after(day)
            moment = datetime.combine(worked, time(self.hour), tzinfo=LONDON).astimezone(UTC)
            yield Period(day.isoformat(), moment)

    def _days(self, last: date, calendar: WorkingDays) -> Iterator[date]:
        """Yield the days that name the periods, from the newest one back."""
        if self.often is Often.MONTHLY:
            day = last.replace(day=1)
            while True:
                yield day
                day = add_months(day, -1)
        step = {Often.WEEKLY: 7, Often.FORTNIGHTLY: 14}.get(self.often, 1)
        if step > 1:
            first = _FORTNIGHT_FROM + timedelta(days=self.weekday)
            last -= timedelta(days=(last - first).days % step)
        while True:
            if self.often is not Often.DAILY or calendar.works(last):
                yield last
            last -= step * _DAY


CHOICES = {
    "daily": "Every working day",
    **{f"weekly {day.lower()}": f"Every {day}" for day in WEEKDAYS},
    **{f"fortnightly {day.lower()}": f"Every second {day}" for day in WEEKDAYS},
}
"""The rhythms that a council or a person can choose, as they are stored and as they are read."""


def read_rhythm(text: str, hour: int = 7) -> Rhythm:
    """Return the rhythm that one of CHOICES names. Raises Refusal with the choices for anything else."""
    words = " ".join(text.lower().split())
    if words not in CHOICES:
        raise Refusal(f"“{text}” is no rhythm. Choose one of: {', '.join(CHOICES)}.")
    often, _, day = words.partition(" ")
    weekday = [name.lower() for name in WEEKDAYS].index(day) if day else 0
    return Rhythm(Often(often), hour, weekday)
