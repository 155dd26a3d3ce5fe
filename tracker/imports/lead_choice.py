"""Which column says who leads: a person before a body, and who does it before who answers for it."""

from __future__ import annotations

import re

from tracker.imports.side_by_side import SideBySide
from tracker.imports.words import heading, without_brackets

_PEOPLE = re.compile(
    r"assisted|member|sponsor|committee|directorate|team|service|department|partner|officer|director|lead|holder|sro|^by$|owner|organisation"
    r"|agenc|involved|^section$|^division$"
)
_BODY = re.compile(r"organi[sz]ation|agency|agencies|\bbody\b|authority|director\b|\bteam\b|\bservice\b|partner")
_WATCHES = re.compile(r"monitor|oversight|assurance|governance")


class LeadChoice(SideBySide):
    """The columns of one table, with what tells that of its leads."""

    def _lead(self) -> None:
        """Take the column of who leads, or those of people who are ticked; else one of partners."""
        columns = self.made_columns
        people = {
            column: self.header.under[column]
            for column in self.candidates("lead")
            if column in self.header.under and self.profiles[column].ticks >= 0.5
        }
        if people:
            columns.people = {self.take(column): name for column, name in people.items()}
            return
        if columns.due_has_lead or columns.lead:
            return
        marked = [
            column
            for column in self.candidates("lead")
            if self.profiles[column].words <= 14 or self.profiles[column].line_words <= 8  # several, a line each
        ]
        marked = [column for column in marked if not self._is_blacked_out(column)]
        if marked:
            # A person before a body, and who does it before who answers for it.
            named = any(self.profiles[column].posts >= 0.6 for column in marked)
            marked.sort(
                key=lambda column: (
                    named and self.profiles[column].posts < 0.5,
                    bool(re.match(r"accountable\b", heading(self.header.texts[column]))),
                    self._names_a_body(column),
                )
            )
            # "Lead agency", or who watches over it, and under a heading nobody foresaw beside it the person
            watched = all(self._names_a_body(each) or self._watches(each) for each in marked)
            near = range(1, max(marked)) if all(map(self._watches, marked)) else (marked[0] + 1,)
            beside = [each for each in near if watched and each in self._unknown()]
            marked = [each for each in beside if self._names_who_acts(each)][:1] or marked
            columns.lead = self.take(marked[0])
        elif not any(self.profiles[each].posts >= 0.6 or self._names_somebody(each) for each in self._unknown()):
            others = [
                column
                for column in self.candidates("support")
                if self._is_of_people(column)
                or (re.match(r"resources?$", heading(self.header.texts[column])) and self.profiles[column].posts >= 0.6)
            ]
            if others:
                columns.lead, columns.lead_helps = self.take(others[0]), True

    def _names_a_body(self, column: int) -> bool:
        return _BODY.search(without_brackets(heading(self.header.texts[column]))) is not None

    def _watches(self, column: int) -> bool:
        return _WATCHES.search(heading(self.header.texts[column])) is not None

    def _leads_groups(self) -> bool:
        """Return whether a lead stands only in the rows that name a group, and the rows below leave both empty."""
        columns = self.made_columns
        if not columns.lead or not columns.sections:
            return False
        group = columns.sections[-1]
        spans = (self.grid.covering(row, columns.lead) for row in self.rows)
        if any(span is not None and span.bottom > span.top for span in spans):
            return False  # who leads several rows is merged over them: an empty cell names nobody
        main = columns.action or columns.milestone
        below = [row for row in self.rows if not self._text(row, group) and self._text(row, main)]
        return bool(below) and not any(self._text(row, columns.lead) for row in below)

    def _somebody_leads(self) -> bool:
        """Return whether a column says who leads each row."""
        return (
            bool(self.candidates("lead"))
            or self.made_columns.due_has_lead
            or any(self._is_of_people(column) for column in self.candidates("support"))
        )

    def _is_of_people(self, column: int) -> bool:
        return _PEOPLE.search(heading(self.header.texts[column])) is not None
