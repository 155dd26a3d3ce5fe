"""Which of several columns says what is to be done, where no heading settles it: what stands below them does."""

from __future__ import annotations

from tracker.imports.choosing import Choice
from tracker.imports.words import exactly_known

_OPEN = frozenset({"section", "action_weak"})  # a heading that may stand over reasons as well as over actions
_SAYS = frozenset({"update", "success", "status", "actual", "start", "raised", "ref", "support"})


class Weighing(Choice):
    """Weighs columns by their values: verbs, length, whether each value is its own."""

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
            own = look.distinct > 0.8 and look.words >= 3 and look.count * 5 >= 4 * len(self.rows)
            if own and look.verbs >= 0.5 and max(look.posts, look.dates, look.statuses, look.levels) < 0.3:
                found.append(column)
        return found

    def _fineness(self, column: int) -> tuple[bool, bool, bool, float]:
        """Return what makes one of several texts likelier to be the action; "To narrow the gap" is rather an aim."""
        found = self.profiles[column]
        return found.verbs >= 0.5, found.distinct > 0.8, found.aims < 0.6, found.words

    def _divided(self) -> None:
        """A heading over a title in its own column and entries in the next, which has none: the first one groups."""
        columns = self.made_columns
        beside = columns.action + 1
        if not columns.action or columns.milestone or beside not in self.free or self.header.texts.get(beside):
            return
        found = self.profiles.get(beside)
        if found is None or found.count < 2 or found.words < 1.5 or found.dates > 0.2 or found.statuses > 0.2:
            return
        both = sum(bool(self._text(row, columns.action) and self._text(row, beside)) for row in self.rows)
        filled = sum(bool(self._text(row, beside)) for row in self.rows)
        if filled and (both <= 0.5 * filled or self.profiles[columns.action].grouped):
            columns.sections.append(columns.action)
            columns.action = self.take(beside)
