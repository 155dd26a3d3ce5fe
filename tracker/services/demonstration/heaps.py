"""Milestones in heaps by how their deadline lies to the day of seeding; its reviews keep enough of them near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tracker.rules.dates import add_months
from tracker.services.demonstration.story import Calendar, Item

Dated = tuple[Item, date]

_MIX = 37  # spreads neighbours in the plan over the stories; has no factor in common with the number below
_OF = 83
_AHEAD, _JUST_PAST, _LATELY = 8, 4, 16  # fewer milestones than this: the plan's reviews have adopted later dates
_MONTHS_AHEAD = (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14)
_MONTHS_JUST_PAST = (-1, -2, -3, -2, -1)
_MONTHS_LATELY = (-4, -5, -6, -7, -8, -9) * 5
_REVIEW = (11, 20)  # the day of the plan's annual review


class Heaps:
    """The milestones of a plan: deadline ahead, just past (three months), past for less than ten months, long ago."""

    def __init__(self, items: Sequence[Item], calendar: Calendar) -> None:
        self.calendar = calendar
        self.rebased: dict[int, list[tuple[date, date]]] = {}
        self.ahead: list[Dated] = []
        self.just_past: list[Dated] = []
        self.lately: list[Dated] = []
        self.long_ago: list[Dated] = []
        for item in sorted(items, key=_mixed):
            self._sort(item)
        self._review()

    def _sort(self, item: Item) -> None:
        today, due = self.calendar.today, item.due
        if due is None:
            return
        if due >= today:
            self.ahead.append((item, due))
        elif add_months(due, 3) >= today:
            self.just_past.append((item, due))
        elif due >= self.calendar.month(-10):
            self.lately.append((item, due))
        else:
            self.long_ago.append((item, due))

    def _review(self) -> None:
        """Let the plan's annual reviews have moved the baseline of the newest milestones where too few are near."""
        wanted: list[int] = []
        for heap, least, months in (
            (self.ahead, _AHEAD, _MONTHS_AHEAD),
            (self.just_past, _JUST_PAST, _MONTHS_JUST_PAST),
            (self.lately, _LATELY, _MONTHS_LATELY),
        ):
            if len(heap) < least:
                wanted += months[len(heap) :]
        if not wanted:
            return
        newest = sorted(self.long_ago, key=lambda pair: (pair[1], pair[0].number))[-len(wanted) :]
        self.long_ago = [pair for pair in self.long_ago if pair not in newest]
        placed = zip(newest, sorted(wanted)[len(wanted) - len(newest) :], strict=True)
        for (item, due), month in sorted(placed, key=lambda pair: _mixed(pair[0][0])):
            target = self.calendar.month(month)
            self.rebased[item.id] = _reviews(due, target, self.calendar.today)
            self._sort(replace(item, due=target))


def _mixed(item: Item) -> int:
    return item.number * _MIX % _OF


def _reviews(due: date, target: date, today: date) -> list[tuple[date, date]]:
    """Return the annual reviews (day, new baseline) that carried a deadline on, a year at a time, to its target."""
    found = []
    while due < target:
        later = add_months(due, 12)
        if target - later < timedelta(days=62) or _before(later) > today - timedelta(days=7):
            later = target
        found.append((_before(due), later))
        due = later
    return found


def _before(due: date) -> date:
    """Return the last review that is more than a month before a deadline."""
    month = date(due.year, *_REVIEW)
    return month if due - month > timedelta(days=31) else date(due.year - 1, *_REVIEW)
