"""Which columns of a table are still to be given out, and those that stand for times: a grid, numbered milestones."""

from __future__ import annotations

import re

from tracker.imports.columns import Columns
from tracker.imports.grid import Grid, column_letters
from tracker.imports.layout import Header
from tracker.imports.leads import names_nobody
from tracker.imports.milestones import ending_in_date
from tracker.imports.periods import period_words
from tracker.imports.profiles import SAMPLE, Profile, profile
from tracker.imports.words import exactly_known, heading, is_colour, is_dated, row_kind, status_kind, without_brackets

_NUMBERED = re.compile(
    r"(?:(?P<date>(?:target |due |end |completion )?date|deadline|due|by when|timescale)"
    r"|(?:key )?(?:milestone|step|action|task)) ?(?P<number>\d{1,2})"
    r" ?(?P<dated>(?:target |due )?date|deadline|due|by when)?$"
)
_PLAIN_DATE = re.compile(
    r"(?:(?:target |due |end |completion |delivery )?date|deadline|due|by|by when|when|timescale)$"
)
_TO_COME = re.compile(r"(?:key )?milestones?\b|by\b", re.I)
_ENDS_IN_TIME = re.compile(
    r"(?:[-–—:(,]|\bby|\bin)\s*(?:Q[1-4]|[A-Z][a-z]{2,8} (?:19|20)\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})\)?$"
)
_FIGURE = re.compile(r"[<>≤≥~£+-]*\s?\d[\d,.]*\s?(?:%|k\b|m\b|per cent\b|per\b)?")
_PARENT = re.compile(r"\bparent\b|\b(?:belongs to|part of|sub-?task of|milestone of|step of)\b", re.I)
_COUNT = re.compile(r"\W*\b(?:\d(?:st|nd|rd|th)?|first|second|third|fourth)\b\W*")


class Choice:
    """The columns of one table; each is given out at most once."""

    def __init__(self, grid: Grid, header: Header, rows: list[int]) -> None:
        self.grid = grid
        self.every = rows
        self.rows = rows[:SAMPLE]
        self.header = header
        width = {column for row in rows[:SAMPLE] for column, cell in grid.rows[row].items() if cell.text or cell.fill}
        self.all = sorted((set(header.texts) | set(header.periods) | width) - grid.hidden_columns)
        self.profiles = {column: profile(grid, column, rows) for column in self.all}
        self.free = set(self.all)
        self.numbered = 0  # the column without a heading beside the numbers of what it says
        self.made_columns = Columns(texts=dict(header.texts))

    def candidates(self, role: str) -> list[int]:
        """Return the free columns that may have a role: exact headings first, then left to right."""
        found = [column for column in self.header.texts if column in self.free and role in self.header.roles[column]]
        return sorted(found, key=lambda column: (not exactly_known(self.header.texts[column]), column))

    def take(self, column: int) -> int:
        """Mark a column as used."""
        self.free.discard(column)
        return column

    def first(self, role: str, *, unless: frozenset[str] = frozenset()) -> int:
        """Take the likeliest column of a role, leaving those that may have another role named in `unless`."""
        for column in self.candidates(role):
            if not unless & set(self.header.roles[column]):
                return self.take(column)
        return 0

    def _text(self, row: int, column: int) -> str:
        cell = self.grid.cell(row, column)
        return cell.text if cell is not None else ""

    def _unknown(self) -> list[int]:
        """Return the free columns under headings that are not known."""
        return [column for column in self.header.texts if column in self.free and not self.header.roles[column]]

    def _unknown_texts(self) -> list[int]:
        """Return the free columns under headings that are not known whose values are texts of their own."""
        looks = {column: self.profiles[column] for column in self._unknown()}
        return [
            each
            for each, look in looks.items()
            if look.distinct > 0.8
            and self._as_values(look)[0] < (0.6 if look.words > 4 else 0.3)
            and self._as_values(look)[1] < (0.7 if look.words > 3 else 0.5)
        ]

    def _as_values(self, look: Profile) -> tuple[float, float]:
        """Return how much of a column is dates and posts, and not deeds that speak of them: "Run a report each month".

        Where a column is known to say who leads, "Weekly waiting list panel" names a thing.
        """
        named = any(self.profiles[each].posts >= 0.5 for each in self.candidates("lead"))
        return (
            0 if look.verbs >= 0.5 and look.words >= 4 else look.dates,
            0 if look.words > 3.5 and (named or look.verbs >= 0.8) else look.posts,
        )

    def _stands_over(self, column: int, others: list[int]) -> bool:
        """Return whether a column is left empty in rows where one of the others, further right, goes on."""
        later = [each for each in others if each > column]
        blank = [row for row in self.rows if not self._text(row, column)]
        on = [row for row in blank if any(self._text(row, each) for each in later)]
        return bool(on) and len(on) == len([row for row in blank if len(self.grid.texts(row)) > 1])

    def _numbers_under_what_they_number(self) -> list[int]:
        """Return the column of "1.1" or "i." under "Action" or "Commitment" where the text stands further right."""
        named = self.candidates("action") + self.candidates("action_weak") + self.candidates("section")
        over = [each for each in named if self.profiles[each].numbers_each(len(self.rows))]
        texts = [each for each in self.free if self.profiles[each].words >= 3]
        wide = [each for each in sorted(named) if self._numbers_beside(each)]
        if wide:
            self.numbered = wide[0] + 1
            return wide[:1]
        if over and over[0] + 1 in texts and not heading(self.header.texts.get(over[0] + 1, "")):
            self.numbered = over[0] + 1
            return over[:1]
        free = [each for each in self.free if not {"lead", "support"} & set(self.header.roles.get(each, ()))]
        texts += [each for each in free if self.profiles[each].words >= 2 and not self.profiles[each].dates]
        named = [each for each in over[:1] if {"action", "action_weak"} & set(self.header.roles[each])]
        return [each for each in named if each < max(texts, default=0)]

    def _numbers_beside(self, column: int) -> bool:
        """Return whether a heading is merged over the numbers of entries, which may begin anew, and what they say."""
        cell = self.grid.rows[self.header.row].get(column)
        span = cell.span if cell is not None else None
        beside = self.profiles.get(column + 1)
        if span is None or span.width != 2 or beside is None or self.header.texts.get(column + 1) or beside.words < 3:
            return False
        numbers = [text for row in self.rows if self._text(row, column + 1) and (text := self._text(row, column))]
        return len(numbers) > 2 and all(re.fullmatch(r"\(?\w{1,3}(?:\.\d{1,2})*[.)]?", text) for text in numbers)

    def _is_blacked_out(self, column: int) -> bool:
        """Return whether the names of a column were taken out before the plan was published: "Redacted"."""
        texts = {text.strip() for row in self.rows if (text := self._text(row, column))}
        return bool(texts) and all(map(names_nobody, texts)) and len(texts) < 3

    def _says_who_acts(self, column: int) -> bool:
        """Return whether a column "Action" names who is to act, as minutes do, beside another that says what."""
        if self.profiles[column].posts < 0.7 or self.profiles[column].verbs > 0.2 or self.candidates("lead"):
            return False
        others = {*self.candidates("action"), *self.candidates("action_weak"), *self._unknown_texts()} - {column}
        return any(self.profiles[each].words > self.profiles[column].words for each in others)

    def _is_one_of_several(self, column: int) -> bool:
        """Return whether a heading names a month, or differs from another in a number alone: "Follow up (2)"."""
        names = {each: _COUNT.sub("", heading(text)) for each, text in self.header.texts.items()}
        numbered = names[column] != heading(self.header.texts[column])
        alike = sum(name == names[column] for name in names.values()) > 1
        return is_dated(self.header.texts[column]) or (numbered and alike)

    def _tells_deeds(self, column: int) -> bool:
        """Return whether milestones say in verbs what is to be done, and no column names what they are steps of."""
        return self.profiles[column].verbs >= 0.6 and not self.candidates("section")

    def _in_outline(self, column: int) -> bool:
        """Return whether refs are those of an outline: "1", "1.1", "1.1.1"."""
        refs = [text for row in self.rows if (text := self._text(row, column).strip(" ."))] if column else []
        dotted = all(re.fullmatch(r"[A-Za-z]{0,3}\d{1,3}(?:\.\d{1,3})*", text) for text in refs)
        return dotted and len({text.count(".") for text in refs}) > 1

    def _each_its_own(self, column: int, steps: list[int]) -> bool:
        """Return whether each row has a text of its own before its milestones: "Peer team recommendation"."""
        found = self.profiles[column]
        own = found.distinct == 1 and not found.grouped and found.count == len(self.rows) > 1
        return own and column < min(steps) and found.words > 3

    def _tells_kinds(self, column: int) -> bool:
        """Return whether a column says of each row what it is: "Action", "Milestone"."""
        if column not in self.free or self.profiles[column].distinct > 0.8:
            return False
        kinds = [row_kind(text) for row in self.rows if (text := self._text(row, column))]
        return bool({"action", "milestone"} & set(kinds)) and len(set(kinds)) > 1 and all(kinds)

    def _is_told_action(self) -> bool:
        """Return whether the column of kinds calls some rows actions."""
        return any(row_kind(self._text(row, self.made_columns.kind)) == "action" for row in self.rows)

    def _rows_named_by(self, column: int) -> int:
        """Return the column of refs or texts by which a column says which row each row belongs to; 0 if it does not."""
        named = {text.casefold() for row in self.rows if (text := self._text(row, column))}
        if not named or not _PARENT.search(self.header.texts[column]):
            return 0
        below = [row for row in self.grid.row_numbers() if row > self.header.last_row]
        others = (each for each in self.header.texts if each != column)
        return next((each for each in others if named <= {self._text(row, each).casefold() for row in below}), 0)

    def _steps(self) -> None:
        """Take numbered pairs of headings, "Milestone 1" and "Date 1", as milestones with their dates."""
        texts: dict[str, int] = {}
        dates: dict[str, int] = {}
        for column, text in self.header.texts.items():
            if found := _NUMBERED.match(heading(text)):
                (dates if found["date"] or found["dated"] else texts)[found["number"]] = column
        beside = {number: column + 1 for number, column in texts.items() if number not in dates}
        if not dates and all(_PLAIN_DATE.match(heading(self.header.texts.get(each, ""))) for each in beside.values()):
            dates = beside  # "Milestone 1 | By | Milestone 2 | By"
        both = [number for number in texts if number in dates]
        if len(both) >= 2:
            steps = [(self.take(texts[number]), self.take(dates[number])) for number in both]
            self.made_columns.steps = sorted(steps)
        elif not dates:
            self.made_columns.steps = [(self.take(column), 0) for column in self._dated_steps()]

    def _dated_steps(self) -> list[int]:
        """Return the columns of milestones that differ in a number alone where most of their texts end in dates.

        "Milestone 1" over "Tender issued May-25", beside it "Milestone 2" over "Service start Sep-25".
        """
        fits = [column for column in self.candidates("milestone") if self._is_one_of_several(column)]
        texts = [text for column in fits for row in self.rows if (text := self._text(row, column).strip())]
        dated = sum(ending_in_date(text) is not None for text in texts)
        return sorted(fits) if len(fits) > 1 and texts and dated * 3 >= 2 * len(texts) else []

    def _ticked(self) -> None:
        """Take columns headed by a status each ("Achieved", "On target"), one of which is ticked in a row."""
        found: dict[int, str] = {}
        for column, text in self.header.texts.items():
            name = without_brackets(heading(text)).removeprefix("tick if ")
            look = self.profiles[column]
            marked = not look.count or look.ticks + look.answers + look.letters >= 0.7
            if column in self.free and (status_kind(name) or is_colour(name)) and marked and not look.fills:
                found[column] = re.sub(r"\s*\([^()]*\)", "", text).strip(" ?:*")
        if len(found) > 1 and any(self.profiles[column].ticks for column in found):
            self.made_columns.ticked = {self.take(column): text for column, text in found.items()}

    def _periods_say_what(self) -> bool:
        """Return whether the columns of a time grid hold sentences: its milestones.

        Where another column says when, the headings have to say so: "Milestones by the end of the autumn term 2025".
        """
        columns = self.made_columns
        held = [self.profiles[column] for column in columns.periods if self.profiles[column].count]
        count = sum(each.count for each in held)
        named = all(_TO_COME.match(label) for label in columns.periods.values())
        dated = columns.due or columns.due_revised or columns.due_original
        if not count or columns.milestone or (dated and not named):
            return False
        if any(re.match(r"\d{1,2}[ /.]", period_words(label)) for label in columns.periods.values()):
            return False  # days are those of meetings, which say how far it is
        words = sum(each.words * each.count for each in held) / count
        states = sum((each.statuses + each.ticks + each.letters) * each.count for each in held) / count
        texts = {self._text(row, column) for row in self.rows for column in columns.periods} - {""}
        told = [text for text in texts if not re.fullmatch(r"\d[\d,.]*\s?%", text)]  # "25%" beside "Plan agreed"
        phases = len(told) >= 3 and len(told) * 2 >= len(texts)
        phases = phases and all(re.match(r"(?:\d[\d,.]* )?[^\W\d]", text) and len(text) >= 3 for text in told)
        if phases and len(told) < len(texts):
            states = sum(bool(status_kind(text)) for text in told) / len(told)
        return (words >= 2.5 or phases) and states < 0.25

    def _figures_to_reach(self, column: int, label: str) -> bool:
        """Return whether the column of a period holds figures to be reached by then: "87.6%" under "Target 2018"."""
        texts = [text for row in self.rows if (text := self._text(row, column))]
        figures = sum(_FIGURE.match(text) is not None and len(text.split()) < 5 for text in texts)
        return "target" in label.lower() and figures * 3 >= len(texts) and figures > 0

    def _dates_its_lines(self, column: int) -> bool:
        """Return whether most lines of a column end with a time of their own: "Hub opens - Q3", "Live – March 2027"."""
        lines = [line for row in self.rows for line in self._text(row, column).split("\n") if line.strip()]
        return len(lines) > 1 and sum(_ENDS_IN_TIME.search(line) is not None for line in lines) * 3 >= 2 * len(lines)

    def _periods(self) -> None:
        periods = dict(self.header.periods)
        if len(periods) == 1:
            column, label = next(iter(periods.items()))
            dated = self.candidates("due") or self._dates_its_lines(column)
            if "milestone" in label.lower() and dated and self.profiles[column].words > 2:  # "Key milestones 2025/26"
                self.made_columns.milestone, self.made_columns.texts[column] = self.take(column), label
                return
        for column in [each for each, label in periods.items() if self._figures_to_reach(each, label)]:
            self.made_columns.texts[column] = periods.pop(column)
            self.made_columns.success.append(self.take(column))
        few = len(periods) < 3
        ticked = len(periods) > 1 and all(self.profiles[each].ticks >= 0.9 for each in periods)
        if not periods or (few and not ticked and not all(_says_what(text) for text in periods.values())):
            return
        if few and not ticked and any(self.profiles[each].count and self.profiles[each].words < 2 for each in periods):
            return
        last = max(periods)
        for column in self.all:
            # A time grid may end in a column whose heading is lost ("_") or empty.
            heading_text = self.header.texts.get(column, "")
            if column > last and column <= last + 3 and not heading(heading_text):
                periods[column] = f"column {column_letters(column)}"
        for column in periods:
            self.take(column)
        self.made_columns.periods = dict(sorted(periods.items()))


def _says_what(label: str) -> bool:
    """Return whether a heading names a term, or says that its period is the one by which something is reached."""
    return "term" in label.lower() or period_words(label) != label
