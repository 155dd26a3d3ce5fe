"""The story of one milestone in the demonstration: what was done to it, and on which days."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.rules.dates import add_months, end_of_month, show_day, show_month
from tracker.rules.facts import Confidence
from tracker.services.completion import Claim
from tracker.services.deadlines import DateRequest
from tracker.services.demonstration import phrases as phrases
from tracker.services.evidence import NewEvidence
from tracker.services.updates import Update

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Told:
    """The lead updates the milestone."""

    update: Update


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The lead confirms that it is on track."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim is approved or returned."""

    approve: bool
    note: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The new date that was asked for is approved; the minute counts where the board had to decide."""

    minute: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """The improvement manager sets the milestone to Green until a day."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Rebased:
    """A review of the plan adopts a new baseline for the milestone."""

    due_text: str
    review: str
    minute: str


Deed = Told | Confirmed | Claim | Decided | DateRequest | Granted | Overridden | Rebased


@dataclass(frozen=True, slots=True)
class Item:
    """A milestone as the demonstration looks at it; `due` is the last baseline, which a story may have moved."""

    id: int
    number: int  # place in the order of the plan
    ref: str  # with the workstream's
    slug: str  # of the plan
    board: str
    due: date | None
    own: bool  # led by the post that the demonstration's lead holds
    subject: str
    evidence: str
    done: str
    impact: str
    state: str = ""  # what the document's period grid says of it last
    printed: date | None = None  # the last day of that period


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days between which everything happens, and the day on which the demonstration is made."""

    first: date
    today: date

    @property
    def last(self) -> date:
        """Return the last day of the history: yesterday, or today for a plan that began today."""
        return max(self.first, self.today - timedelta(days=1))

    def ago(self, days: int) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days=days)

    def month(self, number: int) -> date:
        """Return the last day of the month that lies so many months after (or before) this one."""
        return end_of_month(add_months(self.today.replace(day=1), number))


class Story:
    """Deeds on one milestone in the order of time, each on a working day within the calendar."""

    def __init__(self, item: Item, calendar: Calendar) -> None:
        self.item = item
        self.calendar = calendar
        self.deeds: list[tuple[date, Deed]] = []
        self._started = False
        self._told = item.number

    def rebase(self, day: date, due: date) -> None:
        """Let a review of the plan give the milestone a new baseline."""
        self._add(day, Rebased(show_month(due), f"Annual review {day.year}", f"Minute 3.1, {self.item.board}"))

    def start(self, day: date) -> None:
        """Begin the work."""
        self._tell(day, Update(Confidence.ON_TRACK), phrases.STARTED)

    def tell(self, day: date) -> None:
        """Update it as on track."""
        self._tell(day, Update(Confidence.ON_TRACK), phrases.GOING_ON)

    def keep_telling(self, since: date, until: date) -> None:
        """Update it as on track about once a quarter between two days."""
        day = since + timedelta(days=40 + self.item.number % 25)
        while day < until - timedelta(days=20):
            self.tell(day)
            day += timedelta(days=75 + self.item.number % 15)

    def risk(self, day: date, forecast: date | None = None) -> None:
        """Say that the deadline is at risk, with a forecast if there is one."""
        reason, recovery, help_needed, consequence = phrases.AT_RISK[self.item.number % len(phrases.AT_RISK)]
        update = Update(
            Confidence.AT_RISK,
            forecast_text=show_month(forecast) if forecast else "",
            confidence_reason=reason,
            recovery=recovery,
            help_needed=help_needed,
            consequence=consequence,
        )
        self._tell(day, update, phrases.GOING_ON)

    def miss(self, day: date, forecast: date | None = None) -> None:
        """Say that the deadline will be missed."""
        place = self.item.number % len(phrases.WILL_MISS)
        update = Update(
            Confidence.WILL_MISS,
            forecast_text=show_month(forecast) if forecast else "",
            confidence_reason=phrases.WILL_MISS[place],
            recovery=phrases.WILL_MISS_RECOVERY[place],
            consequence=phrases.WILL_MISS_CONSEQUENCE[place],
        )
        self._tell(day, update, phrases.GOING_ON)

    def block(self, day: date) -> None:
        """Say what blocks the work."""
        blocked = phrases.BLOCKED[self.item.number % len(phrases.BLOCKED)]
        help_needed = "A decision by those who can lift it, at the next meeting."
        self._tell(day, Update(Confidence.ON_TRACK, blocked=blocked, help_needed=help_needed), phrases.GOING_ON)

    def confirm(self, day: date) -> None:
        """Confirm that it is on track, with nothing new to say."""
        self._add(day, Confirmed())

    def ask(self, day: date, due: date, *, exactly: bool = False) -> None:
        """Ask for a new date: a month, or exactly the day."""
        reason, recovery, code = phrases.NEW_DATE[self._next() % len(phrases.NEW_DATE)]
        self._add(day, DateRequest(show_day(due) if exactly else show_month(due), reason, recovery, code))

    def grant(self, day: date) -> None:
        """Approve the new date that was asked for."""
        number = self.item.number + len(self.deeds)
        self._add(day, Granted(f"{3 + number % 5}.{1 + number % 4}, {self.item.board}"))

    def move(self, before: date, due: date, *, exactly: bool = False) -> None:
        """Ask for a new date shortly before a deadline, and approve it shortly after."""
        self.ask(before - timedelta(days=9), due, exactly=exactly)
        self.grant(before + timedelta(days=5))

    def claim(self, day: date, completed: date | None = None) -> None:
        """Claim completion with a link as evidence."""
        item = self.item
        path = "-".join(re.findall(r"[a-z0-9]+", item.evidence.lower()))
        link = NewEvidence(item.evidence, f"https://www.example.gov.uk/{item.slug}/{item.ref.lower()}/{path}")
        day = self._day(day)
        done = min(completed or day - timedelta(days=item.number % 4), day)
        self._add(day, Claim(done, item.done, item.impact, (link,)))

    def approve(self, day: date) -> None:
        """Sign the completion off."""
        self._add(day, Decided(True, phrases.APPROVED[self.item.number % len(phrases.APPROVED)]))

    def send_back(self, day: date) -> None:
        """Return the claim."""
        self._add(day, Decided(False, phrases.RETURNED[self.item.number % len(phrases.RETURNED)]))

    def put_right(self, day: date) -> None:
        """Say what is being done about a returned claim."""
        place = self.item.number % len(phrases.RETURNED)
        self._tell(day, Update(Confidence.ON_TRACK), phrases.RETURNED_LATER[place : place + 1])

    def override(self, day: date, until: date) -> None:
        """Let the improvement manager set it to Green."""
        self._add(day, Overridden(until, phrases.OVERRIDE))

    def _tell(self, day: date, update: Update, said: phrases.Said) -> None:
        done, impact = said[self._next() % len(said)]
        day = self._day(day)
        started = None if self._started else day
        self._started = True
        progress = done.format(it=self.item.subject)
        self._add(day, Told(replace(update, progress=progress, impact=impact, started=started)))

    def _next(self) -> int:
        self._told += 1
        return self._told

    def _add(self, day: date, deed: Deed) -> None:
        self.deeds.append((self._day(day), deed))

    def _day(self, day: date) -> date:
        """Return the Friday for a weekend, within the calendar and never before the deed before."""
        day -= timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
        day = min(max(day, self.calendar.first), self.calendar.last)
        return max(day, self.deeds[-1][0]) if self.deeds else day
