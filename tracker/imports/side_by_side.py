"""Tables that write actions and, to the right of each, its milestones, both with a date of their own."""

from __future__ import annotations

import re
from itertools import pairwise

from tracker.imports.columns import Columns
from tracker.imports.finer_columns import FinerChoice
from tracker.imports.words import WHEN, exactly_known, heading

_NEXT = re.compile(
    r"(?!.*\b(?:previous|last|completed)\b).*(?:\bnext\b.*\b(?:actions?|steps?|milestones?|tasks?)\b|\bsna\b)"
)
_TEXTS = ("action", "milestone", "action_weak", "section")


class SideBySide(FinerChoice):
    """Reads "Number | Description | Finish date | Number | Description | Finish date" as actions and milestones."""

    def _stand_side_by_side(self) -> bool:
        """Take two blocks of columns, a text and its date each, where the left one stands for several of the right."""
        if self._has_next_action():
            return True
        dates = sorted(column for column in self.header.texts if self._holds_dates(column))
        for left, right in pairwise(dates):
            over, beside = self._text_before(left, 0), self._text_before(right, left)
            if over and beside and self._is_over(over, left, beside, right):
                self._take_blocks(over, left, beside, right)
                return True
        return False

    def _has_next_action(self) -> bool:
        """Take "Next significant action" and its date as the milestone of a commitment that has a date of its own."""
        said = [each for each, text in self.header.texts.items() if _NEXT.match(heading(text)) and each in self.free]
        steps = [each for each in said if self.profiles[each].words >= 2 and self.profiles[each].dates < 0.3]
        dates = [each for each in self.header.texts if self.profiles[each].dates >= 0.5 and each in self.free]
        of_step = [each for each in dates if each in said or (steps and each == steps[0] + 1)]
        if len(steps) != 1 or not of_step:
            return False
        own = [each for each in dates if each not in of_step and WHEN & set(self.header.roles[each][:1])]
        over = [each for each in self.header.texts if each < steps[0] and each in self.free and each not in dates]
        over = [each for each in over if {"action", "action_weak"} & set(self.header.roles[each])]
        over = [each for each in over if self.profiles[each].words >= 2 and self.profiles[each].distinct > 0.8]
        if not own or not over:
            return False
        over.sort(
            key=lambda each: ("action" not in self.header.roles[each], not exactly_known(self.header.texts[each]), each)
        )
        self._take_blocks(over[0], own[0], steps[0], of_step[0])
        columns = self.made_columns
        if columns.of_action is not None and not columns.of_action.lead:
            columns.of_action.lead = columns.lead  # one lead, and one status, for both
            columns.of_action.status, columns.status = columns.of_action.status or columns.status, 0
        return True

    def _holds_dates(self, column: int) -> bool:
        dated = bool(WHEN & set(self.header.roles[column][:1]))
        return column in self.free and dated and self.profiles[column].dates >= 0.5

    def _text_before(self, date: int, after: int) -> int:
        """Return the column of the longest texts between two columns that may say what is to be done, 0 if none."""
        fits = [each for each in self.header.texts if after < each < date and each in self.free]
        fits = [each for each in fits if set(_TEXTS) & set(self.header.roles[each]) and self.profiles[each].words >= 2]
        return max(fits, key=lambda each: self.profiles[each].words, default=0)

    def _is_over(self, over: int, left: int, beside: int, right: int) -> bool:
        """Return whether a text and its date stand once for several rows in which the other two go on."""
        rows = [row for row in self.rows if self._text(row, beside) and self._text(row, right)]
        on = [row for row in rows if not self._begins(row, over) and not self._begins(row, left)]
        begun = [row for row in self.rows if self._begins(row, over) and self._begins(row, left)]
        return bool(on) and bool(begun) and (len(on) + len(begun)) * 5 >= 4 * len(self.rows)

    def _begins(self, row: int, column: int) -> bool:
        cell = self.grid.cell(row, column)
        return cell is not None and bool(cell.text) and cell.row == row

    def _take_blocks(self, over: int, left: int, beside: int, right: int) -> None:
        columns = self.made_columns
        own = Columns(action=self.take(over), due=self.take(left), texts=columns.texts)
        columns.milestone, columns.due, columns.action = self.take(beside), self.take(right), over
        own.ref = self._one("ref", 0, over)
        columns.ref = self._one("ref", over, beside)
        for role in ("lead", "status"):
            first, second = self._one(role, over, beside), self._one(role, beside, 1 << 30)
            setattr(own, role, first)
            setattr(columns, role, second or first)
        columns.of_action = own

    def _one(self, role: str, after: int, before: int) -> int:
        """Take the first column of a role between two others; 0 if there is none."""
        fits = [each for each in sorted(self.candidates(role)) if after < each < before]
        return self.take(fits[0]) if fits else 0
