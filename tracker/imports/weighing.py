"""Which of several columns says what is to be done, where no heading settles it: what stands below them does."""

from __future__ import annotations

import re

from tracker.imports.by_values import ByValues
from tracker.imports.duetext import deadline_in, is_deadline, when_at_end
from tracker.imports.grouping import UPPER
from tracker.imports.lists import has_bullet
from tracker.imports.words import exactly_known, heading, status_kind
from tracker.rules.dates import leading_period

_OPEN = frozenset({"section", "action_weak"})  # a heading that may stand over reasons as well as over actions
_MEANS = re.compile(
    r"\bplan(?:s|ned|ning)?\b|\bpropos|\bprojects?\b|\bapproach|\bmethods?\b|\bsteps?\b|\bmeans\b", re.I
)
ADVISED = re.compile(r"\brecommend")
_AND_WHEN = re.compile(r"(?:\band|&|\+) (?:by )?when\b", re.I)
_PROMISES = re.compile(r"commitment|promise|pledge|\baims?\b|objective|outcome|\bgoal|ambition|we want", re.I)
_SAYS = frozenset({"update", "success", "status", "actual", "start", "raised", "ref", "support"})


class Weighing(ByValues):
    """Weighs columns by their values: verbs, length, whether each value is its own."""

    def _dates_among_measures(self) -> int:
        """Return the column of targets where no other says when, and some of them are nothing but a deadline.

        "By June 2020" stands there among "95% of goods are bought from local firms".
        """
        columns = self.made_columns
        if columns.due or columns.due_revised or columns.due_original or columns.periods or columns.steps:
            return 0
        fits = [each for each in self.candidates("due") if "success" in self.header.roles[each]]
        return next((each for each in fits if self._share(each, is_deadline) > 0), 0)

    def _said_below(self) -> list[int]:
        """Return the free columns that say in nearly every row what is to be done, whatever the heading is.

        A heading that is known word for word for something else is believed, one that only has a word of it is not:
        "Plan: who, how, when and where" is no column of leads.
        """
        found = []
        for column, text in self.header.texts.items():
            roles = set(self.header.roles[column])
            look = self.profiles[column]
            if column not in self.free or roles & _SAYS or (exactly_known(text) and not roles & _OPEN):
                continue
            own = look.distinct > 0.8 and look.words >= 2 and look.count * 5 >= 4 * len(self.rows)
            posts = 0 if look.verbs >= 0.8 and look.words >= 3 else look.posts  # "Draft the service standard"
            values = max(posts, look.statuses, look.levels, look.dates / 2)  # "Send a monthly scorecard"
            if own and values < 0.3 and ((look.verbs >= 0.5 and look.words >= 3) or self._names_means(column)):
                found.append(column)
        return found

    def _where_actions_stand(self) -> list[int]:
        """Return the texts under headings that nobody foresaw between what groups or explains and who and when.

        "Barrier | ... | Staff lead | When": what is to be done stands there, whatever it is called.
        """
        columns = self.made_columns
        when = [each for each in (columns.due, columns.due_revised, columns.due_original) if each]
        ends = [*when, *self.candidates("lead")]
        known = {*self.candidates("section"), *self.candidates("action_weak")}
        if not ends or not known:
            return []
        fits = [each for each in self._unknown_texts() if each < max(ends) and self._may_be_done(each)]
        texts = [each for each in known if self.profiles[each].distinct > 0.5 and self.profiles[each].levels < 0.5]
        texts = [each for each in texts if self.profiles[each].words >= 2]
        fits = [each for each in fits if not any(each < other < max(ends) for other in texts)]
        deeds = [each for each in known if self.profiles[each].verbs >= 0.6 and self.profiles[each].aims < 0.6]
        deeds = [each for each in deeds if self.profiles[each].distinct > 0.8 and not self._names_a_level(each)]
        deeds = [each for each in deeds if self.profiles[each].count * 5 >= 4 * len(self.rows)]
        fits = [each for each in fits if not deeds or self._does_more(each, deeds, ends)]
        return [max(fits, key=self._fineness)] if fits else []

    def _does_more(self, column: int, deeds: list[int], ends: list[int]) -> bool:
        """Return whether a text says in verbs what is to be done, or stands between what is advised and who or when."""
        advised = all(ADVISED.search(heading(self.header.texts[each])) for each in deeds)
        return self.profiles[column].verbs >= 0.3 or (advised and column + 1 in ends)

    def _names_a_level(self, column: int) -> bool:
        """Return whether a heading names what stands above actions, in whatever words it is put: "Objective"."""
        return UPPER.search(heading(self.header.texts[column])) is not None

    def _may_be_done(self, column: int) -> bool:
        """Return whether a text stands in nearly every row, of its own, and is no answer, figure, level or status."""
        look = self.profiles[column]
        dates, posts = self._as_values(look)
        posts = posts if posts >= 0.6 else posts / 2
        values = max(dates / 2, look.statuses, look.levels, look.refs, look.percents, posts)
        own = look.distinct > 0.8 and look.count * 5 >= 4 * len(self.rows) and look.words >= 2
        return own and values < 0.3 and self._share(column, _is_answer) < 0.3

    def _names_means(self, column: int) -> bool:
        """Return whether a heading that nobody foresaw stands to the right of another and speaks of means or plans."""
        text = self.header.texts[column]
        return not exactly_known(text) and column > min(self.header.texts) and _MEANS.search(text) is not None

    def _not_beyond(self, actions: list[int]) -> list[int]:
        """Return what may be the action without a column whose heading only has a word of one, right of who and when.

        "What will come of it" stands there where another text of its own stands to the left of them.
        """
        when = [each for each in (self.made_columns.due, self.made_columns.due_revised) if each]
        ends = [*when, *self.candidates("lead")[:1]]
        texts = [*self._unknown_texts(), *self.candidates("section"), *self.candidates("action_weak")]
        if len(ends) < 2 or not any(each < min(ends) and self.profiles[each].words > 2 for each in texts):
            return actions
        return [each for each in actions if exactly_known(self.header.texts.get(each, "")) or each < max(ends)]

    def _finest(self, columns: list[int]) -> int:
        """Return which of several texts is the action: one whose heading speaks of means, else the finest."""
        meant = [column for column in columns if self._names_means(column)]
        return max(meant or columns, key=self._fineness)

    def _fineness(self, column: int) -> tuple[bool, bool, bool, float]:
        """Return what makes one of several texts likelier to be the action; "To narrow the gap" is rather an aim."""
        found = self.profiles[column]
        return found.verbs >= 0.5, found.distinct > 0.8, found.aims < 0.6, found.words

    def _dated(self) -> None:
        """Take texts that carry dates of their own as the milestones, where no column says when.

        Criteria that end in their dates, "Pay structure agreed (June 2004)"; or the dated lines of a list of actions,
        whose objective, one for each row below the titles of the plan, is then the action.
        """
        columns = self.made_columns
        when = (columns.due, columns.due_revised, columns.due_original)
        if not columns.action or columns.milestone or any(self.profiles[each].count for each in when if each):
            return
        if (aim := self._promise_beside()) is not None:
            columns.milestone, columns.action, columns.says_when = columns.action, self.take(aim), True
            return
        if columns.periods or columns.steps or self._share(columns.action, _lists_deadlines) >= 0.3:
            return
        for column in self.candidates("success"):
            if self._share(column, _ends_in_date) >= 0.6 and self.profiles[column].count > 1:
                columns.milestone = self.take(column)
                return
        aims = [each for each in self.candidates("section") if each < columns.action and self._is_aim_of_each(each)]
        lists = any("\n" in self._text(row, columns.action).strip() for row in self.rows)
        if self.header.titled and len(aims) == 1 and lists and self._share(columns.action, _lists_dates) >= 0.5:
            columns.milestone, columns.action, columns.says_when = columns.action, self.take(aims[0]), True

    def _promise_beside(self) -> int | None:
        """Return the column of what each row promises, left of lists headed as what will be done "and when"; or None.

        "Commitment | What we will deliver and when": each line of a list is then a milestone of its promise.
        """
        columns = self.made_columns
        if not _AND_WHEN.search(self.header.texts.get(columns.action, "")):
            return None
        lists = self._share(columns.action, has_bullet) >= 0.5 and self._share(columns.action, _lists_several) >= 0.3
        named = {*self.candidates("section"), *self.candidates("action_weak")}
        left = [each for each in sorted(named) if each < columns.action]
        own = [each for each in left if self.profiles[each].distinct == 1 and not self.profiles[each].grouped]
        own = [each for each in own if _PROMISES.search(self.header.texts[each])]
        full = [each for each in own if self.profiles[each].count == len(self.rows) and self.profiles[each].words >= 2]
        return full[-1] if lists and len(full) == len(left) == 1 else None

    def _is_aim_of_each(self, column: int) -> bool:
        """Return whether a column says in each row, in a sentence of its own, what that row is to achieve."""
        look = self.profiles[column]
        own = look.distinct == 1 and not look.grouped and look.count == len(self.rows)
        return own and look.words >= 3 and self._share(column, is_numbered) + look.verbs >= 0.6

    def _beside_progress(self) -> list[int]:
        """Return the columns without a heading of their own below one that is merged over them and says how far."""
        columns = self.made_columns
        found = []
        for column in (columns.status, *columns.updates):
            cell = self.grid.rows[self.header.row].get(column)
            span = cell.span if cell is not None and column else None
            wide = range(column + 1, span.right + 1) if span is not None else ()
            found += [each for each in wide if each in self.free and not self.header.texts.get(each)]
        return found


def _is_answer(text: str) -> bool:
    return (
        re.match(r"(?:partially |partly |not )?(?:agreed|accepted|noted|rejected|supported|yes|no)\b", text, re.I)
        is not None
    )


def _ends_in_date(text: str) -> bool:
    return bool(deadline_in(text, strict=True) or when_at_end(text))


def begins_with_state(text: str) -> bool:
    """Return whether a line is a word of a status, or begins with one: "Completed 28.07.26", "Overdue – 2 o/s"."""
    return "\n" not in text and bool(status_kind(re.split(r"\s+[-–—]|\s+(?=\d)|[:.,;(]", text.strip(), maxsplit=1)[0]))


def _lists_several(text: str) -> bool:
    return "\n" in text.strip()


def _lists_deadlines(text: str) -> bool:
    """Return whether lines of a cell end in dates of their own: "Milestones:", "Officer in post by June 2006"."""
    return any(map(_ends_in_date, text.split("\n")[1:]))


def is_numbered(text: str) -> bool:
    """Return whether a text begins with a number of its own: "1. To establish ..."."""
    return re.match(r"\(?[A-Z]{0,2}\d{1,2}(?:\.\d{1,2})*[.):]?\s", text) is not None


def _lists_dates(text: str) -> bool:
    """Return whether a line of a cell begins with a date: "Nov 2013 – share the figures"."""
    led = [leading_period(line.strip()) for line in text.split("\n")]
    return any(found is not None and found[0].end is not None and bool(found[1]) for found in led)
