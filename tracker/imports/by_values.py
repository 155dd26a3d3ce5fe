"""What columns hold whose headings nobody foresaw, known from their values: who, when, how far."""

from __future__ import annotations

import re
from collections.abc import Callable

from tracker.imports.choosing import Choice
from tracker.imports.duetext import deadline_in, is_phrase, period, when_at_end
from tracker.imports.lists import one_line
from tracker.imports.profiles import Profile
from tracker.imports.who_and_when import who_and_when
from tracker.imports.words import names_a_post
from tracker.rules.dates import leading_period

# When something was written down, looked at or begun, and not when it is due.
_NOTED = re.compile(
    r"\b(?:notes?|updated?|created?|raised|received|last|entered|logged|opened|reported|closed|added|modified|inspect\w+"
    r"|review(?:ed)?|started|begun|previous|meeting)\b",
    re.I,
)
_ANSWERS_FOR = re.compile(
    r"\b(?:accountable|sponsors?|exec\w*|cabinet|portfolio|members?|partners?|agenc\w+|organi[sz]ations?|departments?"
    r"|bod(?:y|ies)|support\w*|committees?|source|directorates?|decision|assurance|governance|monitor\w*|consult\w*)\b",
    re.I,
)
_MARK = re.compile(r"^\W*(?:\d{1,2}[.)]\s+)?")
_TERMS = re.compile(
    r"(?:within|in|after) (?:the )?(?:next )?\w+ (?:weeks?|months?|years?)\b"
    r"|\d+ ?(?:[-–]|to) ?\d+ (?:weeks|months|years)\b"
    r"|(?:short|medium|mid|long|longer)[ -]term\b|year \d\b|immediate",
    re.I,
)


class ByValues(Choice):
    """Takes columns for what stands below their headings."""

    def _share(self, column: int, fits: Callable[[str], bool]) -> float:
        """Return how much of the texts of a column is so."""
        texts = [text for row in self.rows if (text := self._text(row, column))]
        return sum(map(fits, texts)) / max(len(texts), 1)

    def _by_values(self) -> None:
        """Take columns under headings that are not known for what their values show: who, when, how far."""
        columns = self.made_columns
        unknown = [column for column in self.all if column in self.free and not self.header.roles.get(column)]
        looks = {column: self.profiles[column] for column in unknown if self.profiles[column].count}
        self._when_by_values(looks)
        if not columns.lead and not columns.people and not columns.due_has_lead:
            looks_on = [*looks, *(each for each in self.candidates("action") if each in self.free)]
            fits = [each for each in looks_on if each in self.free and self.profiles[each].posts >= 0.6]
            fits = fits or [each for each in looks if each in self.free and self._names_somebody(each)]
            main = columns.action or columns.milestone
            fits.sort(key=lambda each: (each < main, self._only_answers_for_it(each)))
            columns.lead = self.take(fits[0]) if fits else 0
        if not columns.status:
            rated = any(self.profiles[each].letters >= 0.5 for each in columns.periods)  # each quarter has its rating
            told = [each for each in self.candidates("update") if self.profiles[each].words <= 5 and not rated]
            told.sort(key=lambda each: -each if self._is_one_of_several(each) else each)
            several = sorted(self.header.periods, reverse=True)  # of the ratings of two quarters the later one counts
            looks_on = [*(each for each in looks if each not in several), *(each for each in several if each in looks)]
            rates = [each for each in [*looks_on, *told] if each in self.free and self._tells_how_far(each)]
            columns.status = self.take(rates[0]) if rates else 0
            if columns.status in several:
                before = [each for each in rates if each in several and each in self.free]
                columns.texts.update({each: self.header.periods[each] for each in several})
                columns.updates += [self.take(each) for each in sorted(before)]

    def _when_by_values(self, looks: dict[int, Profile]) -> None:
        """Take a column of times: beside the start, else where no column says when, else beside other dates."""
        columns = self.made_columns
        dated = [each for each in looks if not _NOTED.search(self.header.texts.get(each, ""))]
        if (
            columns.start
            and columns.start + 1 in dated
            and self._holds_only_dates(columns.start + 1)
            and not columns.due
        ):
            columns.due = self.take(columns.start + 1)  # where a task ends stands right of where it starts
        elif not self._says_when():
            times = self._both_by_values(looks)
            times = times or [each for each in dated if self._tells_when(each)]
            times = times or [each for each in looks if self._tells_when(each)]
            times = times or [each for each in dated if self._speaks_of_when(each)]
            columns.due = self.take(times[-1]) if times else 0
        elif columns.due_revised and not (columns.due or columns.due_original):
            columns.due_original = next((self.take(each) for each in looks if self._holds_only_dates(each)), 0)
        elif columns.due_original and not (columns.due or columns.due_revised):
            beside = columns.due_original + 1
            columns.due = self.take(beside) if beside in dated and self._holds_only_dates(beside) else 0

    def _both_by_values(self, looks: dict[int, Profile]) -> list[int]:
        """Return the column whose cells name who and say when, where no column says either."""
        if self.made_columns.lead or self.made_columns.people:
            return []
        fits = [each for each in looks if self.profiles[each].count > 1 and self._share(each, says_both) >= 0.6]
        self.made_columns.due_has_lead = bool(fits)
        return fits[:1]

    def _speaks_of_when(self, column: int) -> bool:
        """Return whether nearly all cells right of the action speak of a time by which it is done, in more words."""
        found = self.profiles[column]
        right = column > (self.made_columns.action or self.made_columns.milestone)
        return right and found.count > 1 and found.words <= 20 and self._share(column, _speaks_of_a_time) >= 0.75

    def _names_who_acts(self, column: int) -> bool:
        """Return whether a column under a heading that is not known names posts, and no partners or sponsors."""
        return self.profiles[column].posts >= 0.6 and not self._only_answers_for_it(column)

    def _only_answers_for_it(self, column: int) -> bool:
        """Return whether a heading names a body, or who answers for what others do: "Agency", "Sponsor"."""
        return _ANSWERS_FOR.search(self.header.texts.get(column, "")) is not None

    def _says_when(self) -> bool:
        """Return whether a column says when; those of periods do where they are ticked or filled, as in a chart."""
        columns = self.made_columns
        charted = [each for each in columns.periods if self.profiles[each].fills or self.profiles[each].ticks > 0.5]
        chart = bool(columns.periods) and (bool(charted) or not any(self.profiles[e].count for e in columns.periods))
        dated = columns.due or columns.due_revised or columns.due_original or columns.says_when or columns.steps
        return bool(dated) or chart or columns.periods_say_what

    def _holds_only_dates(self, column: int) -> bool:
        """Return whether a column under a heading that is not known holds dates and nothing else, in most rows."""
        look = self.profiles[column]
        filled = look.count * 2 >= len(self.rows)
        return filled and look.dates >= 0.8 and not _NOTED.search(self.header.texts.get(column, ""))

    def _tells_when(self, column: int) -> bool:
        """Return whether most values of a column are nothing but a time, or nearly all begin with one."""
        found = self.profiles[column]
        if found.dates >= 0.6:
            return found.words <= 8 or found.dates >= 0.8
        return found.count > 1 and found.words <= 9 and self._share(column, _begins_with_a_time) >= 0.75

    def _names_somebody(self, column: int) -> bool:
        """Return whether a column beside who is to act, or when, holds names, those of posts or bodies among them."""
        columns = self.made_columns
        due = columns.due or columns.due_revised or columns.due_original
        found = self.profiles[column]
        right = column - 1 in (columns.action, columns.milestone) or (bool(due) and column - 1 == due)
        beside = right or column + 1 in (due, columns.start)
        named = beside and found.posts >= 0.1 and not self._only_answers_for_it(column)
        return named and self._share(column, is_name) >= 0.9

    def _tells_how_far(self, column: int) -> bool:
        """Return whether values are words of a status, or the letters of ratings, red or green among them."""
        found = self.profiles[column]
        rated = any(self._text(row, column).strip().upper() in ("R", "G") for row in self.rows)
        return found.statuses >= 0.6 or (found.statuses + found.letters >= 0.6 and rated)


def _begins_with_a_time(text: str) -> bool:
    led = leading_period(one_line(text))
    short = len(text.split()) <= 8 and period(text).end is not None
    return is_phrase(text) or short or (led is not None and led[0].end is not None)


def is_name(text: str) -> bool:
    """Return whether each line of a text is short and in capitals, as names and titles are: "Parks and Open Spaces"."""
    lines = [line.split() for line in text.split("\n") if line.strip()]
    small = {"and", "of", "for", "the", "with", "to", "&", "/", "-", "in"}
    return all(
        len(words) <= 8 and all(word[:1].isupper() or word in small or not word[:1].isalnum() for word in words)
        for words in lines
    )


def says_both(text: str) -> bool:
    """Return whether a cell names a post and says when: "Head of ICT - Q2 2026"."""
    who, when = who_and_when(text, "financial")
    return bool(who and when) and names_a_post(who)


def _speaks_of_a_time(text: str) -> bool:
    lines = [_MARK.sub("", line).strip() for line in text.split("\n") if line.strip()]
    return (
        any(is_phrase(line) for line in lines)
        or _TERMS.match(one_line(text)) is not None
        or bool(deadline_in(text, column=True) or when_at_end(text))
    )
