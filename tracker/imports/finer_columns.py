"""Which of several columns says what is to be done: the finer one, and none that only answers or reports."""

from __future__ import annotations

import re

from tracker.imports.lists import capital_mark
from tracker.imports.profiles import Profile
from tracker.imports.weighing import ADVISED, Weighing
from tracker.imports.words import exactly_known, heading, status_kind

# What was done, and not "What will be done", "To be completed".
DONE = re.compile(r"\b(?:(?<!\bbe )completed|(?<!\bbe )done|to date|so far)\b", re.I)
MENDS = re.compile(r"\b(?:corrective|mitigating|remedial|recovery|catch-?up)\b", re.I)
_BEFORE_AND_NOW = {
    "due_original": re.compile(
        r"\b(?:original|baselined?|initial)\b.* \w|\w.* \b(?:original|baselined?|initial)\b", re.I
    ),
    "due_revised": re.compile(
        r"\b(?:revised|latest|current|forecast|new|amended)\b.* \w|\w.* \b(?:revised|forecast)\b", re.I
    ),
}
_OTHER_DATES = frozenset({"start", "actual", "raised", "update", "status"})
_DETAIL = frozenset({"action_weak"})  # "Detail", "Description"
_ANSWERS = re.compile(
    r"\W*(?:(?:fully |partially |partly |not )?(?:agreed|accepted)|noted|as (?:\d[\d.]* )?above|as per|see above)\b",
    re.I,
)


class FinerChoice(Weighing):
    """The columns of one table, with what tells those of its entries from those beside them."""

    def _first_of_dates(self, role: str) -> int:
        """Take the likeliest column of a role that holds dates or nothing: "Baseline" may say how things were."""
        found = [*self.candidates(role), *self._dates_headed(role)]
        fits = [each for each in found if not self.profiles[each].count or self.profiles[each].dates]
        return self.take(fits[0]) if fits else 0

    def _dates_headed(self, role: str) -> list[int]:
        """Return the columns of dates alone that say which they are in other words: "Original milestones"."""
        named = [each for each in self.header.texts if each in self.free and role not in self.header.roles[each]]
        named = [each for each in named if _BEFORE_AND_NOW[role].search(self.header.texts[each])]
        named = [each for each in named if not _OTHER_DATES & set(self.header.roles[each])]
        return [each for each in named if self.profiles[each].count and self.profiles[each].dates >= 0.8]

    def _revised(self) -> None:
        """Take the columns of revised dates: of "Revised date" and "2nd revised date" the one further right counts."""
        found = sorted([*self.candidates("due_revised"), *self._dates_headed("due_revised")], reverse=True)
        found = [each for each in found if self.profiles[each].dates or not self.profiles[each].count]
        if found:
            self.made_columns.due_revised = self.take(found[0])
            self.made_columns.revised_before = [
                self.take(each) for each in found[1:] if self.profiles[each].dates >= 0.5
            ]

    def _without_reports(self, actions: list[int]) -> list[int]:
        """Return the columns that may be the action without those that may as well report: "Actions/progress".

        One of those is the action where no other column is, and where what it holds begins with verbs. "Corrective
        action" beside an action says what is done about its delay.
        """
        mends = [each for each in actions[1:] if MENDS.search(self.header.texts.get(each, ""))]
        actions = [each for each in actions if each not in mends]
        reports = [each for each in actions if "update" in self.header.roles[each]]
        told = [each for each in reports if self.profiles[each].verbs >= 0.5 and len(reports) == len(actions)]
        return [each for each in actions if each not in reports or each in told]

    def _without_answers(self, actions: list[int]) -> list[int]:
        """Return the columns that may be the action without those that answer a recommendation row by row.

        "Management action agreed: As above", "Agreed": what is to be done stands in the recommendation beside it. And
        without one of what was done, right of the dates: "Actions completed".
        """
        columns = self.made_columns
        due = columns.due or columns.due_revised or columns.due_original
        actions = [each for each in actions if not (0 < due < each and DONE.search(self.header.texts[each]))]
        unknown = [each for each in self._unknown_texts() if self.profiles[each].words > 4]
        asked = {*self.candidates("action_weak"), *self.candidates("section"), *unknown}
        beside = [each for each in sorted(asked) if each in unknown or ADVISED.search(heading(self.header.texts[each]))]
        beside = [each for each in beside if self.profiles[each].distinct > 0.8 and not self.profiles[each].grouped]
        kept = [each for each in actions if not self._answers_one_of(beside, each)]
        if kept or not actions:
            return kept
        columns.updates += [self.take(each) for each in actions]
        return beside[-1:]

    def _answers_one_of(self, beside: list[int], column: int) -> bool:
        """Return whether a column answers recommendations to its left, or says what was done about them to date."""
        texts = [text for row in self.rows if (text := self._text(row, column))]
        asked = any(each < column and self.profiles[each].count >= len(texts) for each in beside)
        answers = sum(_ANSWERS.match(text) is not None for text in texts)
        reports = DONE.search(self.header.texts.get(column, "")) is not None and self.profiles[column].verbs < 0.5
        return asked and (reports or (answers >= 2 and answers * 3 >= len(texts)))

    def _finer(self) -> None:
        """Take a text that stands in each row beside an action merged over several, under a heading nobody foresaw.

        What the heading calls an action keeps it as its milestone; anything else ("Objective") groups it.
        """
        columns = self.made_columns
        if not columns.action or columns.milestone or columns.steps or columns.periods_say_what:
            return
        over = self.profiles[columns.action]
        ends = [columns.due or columns.due_revised or columns.due_original, *self.candidates("lead")]
        right = max(ends)
        fits = [column for column in self.header.texts if columns.action < column < right and column in self.free]
        fits = [column for column in fits if set(self.header.roles[column]) <= _DETAIL and self._is_finer(column, over)]
        repeats = over.distinct <= 0.7 and over.verbs < 0.5 and not exactly_known(self.header.texts[columns.action])
        if not (over.grouped or repeats) or len(fits) != 1:
            return
        if exactly_known(self.header.texts[columns.action]) and "action" in self.header.roles[columns.action]:
            columns.milestone = self.take(fits[0])
            return
        self.free.add(columns.action)
        columns.action = self.take(fits[0])

    def _is_finer(self, column: int, over: Profile) -> bool:
        """Return whether a column says in nearly every row what is to be done, and more often than another."""
        found = self.profiles[column]
        more = found.count > over.count or (found.count == over.count and found.distinct > over.distinct)
        full = more and found.count * 5 >= 4 * len(self.rows)
        values = max(found.dates, found.levels, found.refs, found.statuses)
        says_what = found.verbs >= 0.5 and found.verbs > found.posts and found.words >= 2
        return full and values < 0.3 and found.distinct > 0.8 and says_what

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

    def _says_more_than_none(self, column: int) -> bool:
        """Return whether some value of a column is more than "N/A"."""
        kinds = {status_kind(text) for row in self.rows if (text := self._text(row, column))}
        return kinds != {"unsaid"}

    def _marked_in_capitals(self, column: int) -> bool:
        """Return whether the actions of a column begin with "1A", "1B": one alone could be a name, as "3D" is."""
        texts = [text for row in self.rows if (text := self._text(row, column))]
        marks = [found[0] for text in texts if (found := capital_mark(text))[0]]
        return len(marks) >= 3 and len(set(marks)) == len(marks) and len(marks) * 5 >= 4 * len(texts)
