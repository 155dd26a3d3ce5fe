"""The fixed rule of the demonstration for a plan with deadlines: which milestone has which story.

Nothing is drawn by lot. Milestones are sorted by how their deadline lies to the day of seeding and dealt out in an
order that depends on their place in the plan alone, so that the same day always gives the same demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tracker.rules.dates import add_months, end_of_month
from tracker.services.demonstration.heaps import Dated, Heaps
from tracker.services.demonstration.story import Calendar, Item, Story

_RED_SHARE = 0.14  # of what is due to date: just under the share that would turn the headline Red


def dated_stories(items: Sequence[Item], calendar: Calendar) -> list[Story]:
    """Return the stories of the milestones of a plan, each with its deadline."""
    return _Deal(items, calendar).stories()


class _Deal:
    """Stories dealt from heaps of milestones."""

    def __init__(self, items: Sequence[Item], calendar: Calendar) -> None:
        self.calendar = calendar
        self.made: list[Story] = []
        heaps = Heaps(items, calendar)
        self.rebased = heaps.rebased
        self.ahead, self.just_past = heaps.ahead, heaps.just_past
        self.lately, self.long_ago = heaps.lately, heaps.long_ago

    def stories(self) -> list[Story]:
        past = len(self.long_ago) + len(self.just_past) + len(self.lately)
        self._moving()
        moved_on = len(self.made)
        self._waiting()
        self._red(int(_RED_SHARE * (past - moved_on)))
        self._ahead()
        for item, due in (*self.just_past, *self.lately, *self.long_ago):
            self._done(self._story(item), due)
        return self.made

    def _story(self, item: Item) -> Story:
        story = Story(item, self.calendar)
        for day, due in self.rebased.get(item.id, ()):
            story.rebase(day, due)
        self.made.append(story)
        return story

    def _tell(self, heap: list[Dated], story: Callable[[Story, date], None], *, own: bool = False) -> None:
        """Give the next milestone of a heap a story; one of the demonstration's lead if `own` and there is one."""
        if heap:
            pair = next((pair for pair in heap if pair[0].own), heap[0]) if own else heap[0]
            heap.remove(pair)
            story(self._story(pair[0]), pair[1])

    def _moving(self) -> None:
        """Deal the stories in which a deadline in the past has been moved into the future."""
        month, ago, soon = self.calendar.month, self.calendar.ago, _friday(self.calendar.ago(-24))
        near = [pair for pair in self.ahead if pair[1] <= self.calendar.ago(-30)]

        def twice(target: date) -> Callable[[Story, date], None]:
            def tell(story: Story, due: date) -> None:
                middle = end_of_month(due + (ago(0) - due) / 2)
                _work(story, due)
                story.move(due, middle)
                story.keep_telling(due, middle)
                story.move(middle, target)
                story.tell(middle + timedelta(days=12))
                story.keep_telling(middle, ago(24))
                story.tell(ago(4 + story.item.number % 20))

            return tell

        def once(target: date, *, exactly: bool = False, wait: int = 5) -> Callable[[Story, date], None]:
            def tell(story: Story, due: date) -> None:
                _work(story, due)
                story.ask(due - timedelta(days=9), target, exactly=exactly)
                story.grant(due + timedelta(days=wait))
                story.confirm(due + timedelta(days=wait + 3))
                story.keep_telling(due, ago(24))
                story.tell(ago(3 + story.item.number % 22))

            return tell

        def blocked(story: Story, due: date) -> None:
            once(month(1))(story, due)
            story.block(ago(3))

        def beyond(story: Story, due: date) -> None:
            once(month(1))(story, due)
            story.miss(ago(2), month(3))

        def overridden(story: Story, due: date) -> None:
            once(month(2))(story, due)
            story.override(ago(2), ago(-20))

        def returned(story: Story, due: date) -> None:
            _work(story, due)
            story.move(due, month(1))
            story.confirm(due + timedelta(days=8))
            story.keep_telling(due, ago(30))
            story.claim(ago(30))
            story.send_back(ago(12))
            story.put_right(ago(4))

        def unconfirmed(story: Story, due: date) -> None:
            _work(story, due)
            story.ask(max(due - timedelta(days=9), ago(20)), month(1))
            story.grant(ago(5))

        def never_begun(story: Story, due: date) -> None:
            story.move(due, soon - timedelta(days=7), exactly=True)
            story.confirm(due + timedelta(days=8))

        self._tell(self.just_past, once(soon, exactly=True, wait=12), own=True)
        self._tell(self.just_past, unconfirmed, own=True)
        if not near:
            self._tell(self.just_past, never_begun)
        self._tell(self.just_past, once(month(2), wait=9))
        for number in (2, 1):
            self._tell(self.lately, twice(month(number)))
        self._tell(self.lately, once(month(2)))
        self._tell(self.lately, blocked)
        self._tell(self.lately, returned, own=True)
        self.lately.sort(key=lambda pair: pair[1] > month(-5))  # long enough past for the rules to say Amber
        self._tell(self.lately, overridden)
        self._tell(self.lately, beyond)

    def _waiting(self) -> None:
        """Deal the completions that wait for sign-off, and those that were signed off in the last three months."""
        month, ago = self.calendar.month, self.calendar.ago

        def claimed(target: date, day: date, approved: date | None = None) -> Callable[[Story, date], None]:
            def tell(story: Story, due: date) -> None:
                _work(story, due)
                story.move(due, max(target, end_of_month(due + timedelta(days=20))))
                story.confirm(due + timedelta(days=8))
                story.keep_telling(due, day)
                story.claim(day)
                if approved:
                    story.approve(approved)

            return tell

        self._tell(self.lately, claimed(month(-1), ago(47)))
        self._tell(self.lately, claimed(month(-2), ago(11)), own=True)
        for months, days in ((-4, 82), (-3, 73), (-4, 64), (-1, 52), (-3, 43), (-2, 29), (-3, 21), (-1, 14)):
            self._tell(self.lately, claimed(month(months), ago(days), ago(days - 9)))

    def _red(self, number: int) -> None:
        """Deal the missed deadlines: some with a new date asked for, most of them moved once before."""
        ago, month = self.calendar.ago, self.calendar.month
        straight = min(2, len(self.just_past), number // 2)

        def missed(story: Story, due: date) -> None:
            _work(story, due)
            story.miss(min(due + timedelta(days=6), ago(9)))

        def again(place: int) -> Callable[[Story, date], None]:
            def tell(story: Story, due: date) -> None:
                target = month(-1 - place % 3)
                _work(story, due)
                story.move(due, target)
                story.confirm(due + timedelta(days=8))
                story.keep_telling(due, target - timedelta(days=10))
                story.risk(target - timedelta(days=20))
                if place % 3 == 0:
                    story.ask(ago(13 - place), month(1 + place % 2))
                elif place % 3 == 1:
                    story.miss(ago(10 - place))

            return tell

        for _ in range(straight):
            self._tell(self.just_past, missed, own=True)
        for place in range(number - straight):
            self._tell(self.lately or self.long_ago, again(place), own=place % 3 == 1)

    def _ahead(self) -> None:
        """Deal the milestones whose deadline is to come."""
        ago = self.calendar.ago
        self.ahead.sort(key=lambda pair: pair[1])
        near = [pair for pair in self.ahead if pair[1] <= ago(-30)]
        if near:
            idle = next((pair for pair in near if pair[0].own), near[0])  # not begun, with the deadline close
            self.ahead.remove(idle)
            self._story(idle[0])
        far = [self.ahead.pop() for _ in range(3) if len(self.ahead) > 5]

        def waiting(story: Story, due: date) -> None:
            _work(story, ago(20))
            story.claim(ago(8))

        def forecast(day: int) -> Callable[[Story, date], None]:
            def tell(story: Story, due: date) -> None:
                _work(story, ago(20))
                story.risk(ago(day), end_of_month(add_months(due, 2)))

            return tell

        def at_risk(story: Story, due: date) -> None:
            _work(story, ago(30))
            story.risk(ago(26))

        def will_miss(story: Story, due: date) -> None:
            _work(story, ago(30))
            story.miss(ago(7), end_of_month(add_months(due, 1)))

        self._tell(self.ahead, waiting)
        self._tell(self.ahead, forecast(18), own=True)
        self._tell(self.ahead, at_risk)
        if len(self.ahead) > 4:
            self._tell(self.ahead, will_miss)
        for item, _ in far:
            self._story(item)
        many = len(self.ahead) > 12
        for item, due in self.ahead:
            self._open(self._story(item), due, many=many)

    def _open(self, story: Story, due: date, *, many: bool) -> None:
        ago, number = self.calendar.ago, story.item.number
        if many and due > ago(-90) and number % 2:
            return  # not begun
        story.start(ago(31 + number * 13 % 110))
        if many and number % 5 == 0:
            story.claim(ago(24 + number % 20))
            story.approve(ago(8 + number % 9))
            return
        if number % 2:
            story.tell(ago(26 + number % 9))
        story.tell(ago(2 + number * 5 % 40))

    def _done(self, story: Story, due: date) -> None:
        """Complete and sign off: mostly by the deadline, some late, some after a move."""
        first, ago, number = self.calendar.first, self.calendar.ago, story.item.number
        later = end_of_month(add_months(due, 1 + number % 2))
        if due < first:  # it was due before the plan was adopted
            story.start(first)
            claim = first + timedelta(days=12)
        elif number % 7 == 3 and later < ago(25):
            _work(story, due)
            story.move(due, later)
            story.confirm(due + timedelta(days=8))
            claim = later - timedelta(days=6 + number % 8)
        else:
            late = number % 6 == 2 and due < ago(40)
            claim = due + timedelta(days=5 + number % 20) if late else due - timedelta(days=3 + number % 12)
            claim = min(claim, ago(18))
            _work(story, claim)
        story.claim(claim)
        story.approve(claim + timedelta(days=6 + number % 13))


def _work(story: Story, until: date) -> None:
    """Start some months before a day and update it once or twice on the way."""
    number = story.item.number
    story.start(until - timedelta(days=90 + number * 7 % 60))
    if number % 3:
        story.tell(until - timedelta(days=50 + number % 9))
    if number % 4 == 0:
        story.tell(until - timedelta(days=24 + number % 7))


def _friday(day: date) -> date:
    """Return the last Friday up to a day."""
    return day - timedelta(days=(day.weekday() - 4) % 7)
