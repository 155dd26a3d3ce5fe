"""What each column of a table holds. A heading proposes; the values below it decide."""

from __future__ import annotations

import re

from tracker.imports.columns import Columns
from tracker.imports.finer_columns import DONE, MENDS
from tracker.imports.grid import Grid
from tracker.imports.grouping import Groups
from tracker.imports.layout import Header
from tracker.imports.lead_choice import LeadChoice
from tracker.imports.sub_rows import named_rows, sub_rows
from tracker.imports.weighing import begins_with_state, is_numbered
from tracker.imports.words import exactly_known, heading

WHO = re.compile(r"\bwho\b|\blead\b|\bowner\b|\bresponsib", re.I)
_BEFORE = re.compile(r"\b(?:previous|last|prior|baseline|initial|original|start(?:ing)?)\b", re.I)
_RATED = re.compile(r"\bb?rag\b|rating|colour|^(?:current )?status$|\bo(?:pen)?/ ?c(?:losed?)?$", re.I)
_TOLD = re.compile(f"{DONE.pattern}|{MENDS.pattern}", re.I)  # "Actions completed", "Corrective action"
_CALLED = re.compile(r"\(actions?\)", re.I)  # "How we'll do it (action)"
_VAGUE = frozenset({"date", "dates", "target", "completion", "year", "earliest date"})  # where another says when
_MAIN = frozenset({"action", "action_weak", "milestone"})


def decide(grid: Grid, header: Header, rows: list[int]) -> Columns:
    """Return what each column of the table under a header holds."""
    return _Decision(grid, header, rows).made()


class _Decision(LeadChoice):
    """One decision: roles are given out in an order."""

    def made(self) -> Columns:
        """Give out the roles."""
        columns = self.made_columns
        self._steps()
        self._periods()
        self._ticked()
        columns.percent = self.first("percent")
        columns.level = self.first("level")
        columns.kind = next((self.take(column) for column in self.header.texts if self._tells_kinds(column)), 0)
        columns.parent = next((self.take(column) for column in self.header.texts if self._rows_named_by(column)), 0)
        for column in self.candidates("raised"):
            columns.extra.append(self.take(column))
        beside = self._stand_side_by_side()
        columns.due_original = self._first_of_dates("due_original")
        self._revised()
        columns.actual = self.first("actual")
        columns.start = self.first("start")
        columns.days = self.first("days")
        self._due()
        self._status()
        if not beside:
            self._ref()
            self._main()
        self._divided()
        self._finer()
        self._dated()
        self._sections()
        self._lead()
        columns.periods_say_what = self._periods_say_what()
        self._by_values()
        columns.lead_of_group = self._leads_groups()
        self._rest()
        self._below_actions()
        return columns

    def _due(self) -> None:
        best, best_share = 0, -1.0
        for column in self.candidates("due"):
            found = self.profiles[column]
            others = set(self.header.roles[column]) - {"due"}
            if others and (found.count == 0 or found.dates < 0.5 or found.words > 6):
                continue
            if found.count and found.dates == 0.0 and found.statuses > 0.5:
                continue
            bare = heading(self.header.texts[column]) in _VAGUE
            share = found.dates - (0.3 if bare else 0) + (0.2 if not others else 0)
            share += 0.05 if exactly_known(self.header.texts[column]) else 0
            if share > best_share:
                best, best_share = column, share
        if best and (
            (self.profiles[best].count and self.profiles[best].dates <= 0.5) or self._may_be_no_deadline(best)
        ):
            best = next((each for each in self._unknown() if self._holds_only_dates(each)), best)
        best = best or self._dates_among_measures()
        only = best and heading(self.header.texts[best]) == "year" and self.made_columns.due_original
        if best and not only and not self.made_columns.due:
            self.made_columns.due = self.take(best)
            self.made_columns.due_among_measures = best_share < 0
            self.made_columns.due_has_lead = bool(WHO.search(self.header.texts[best])) and not self.candidates("lead")
            self.made_columns.due_has_status = bool(re.search(r"status|rag", self.header.texts[best], re.I))

    def _may_be_no_deadline(self, column: int) -> bool:
        """Return whether a heading says when something was done, or a bare "Date" stands left of what is to be done."""
        text = self.header.texts[column]
        acts = [*self.candidates("action"), *self.candidates("action_weak")]
        bare = heading(text) in ("date", "dates") and bool(acts) and column < min(acts)
        return bare or DONE.search(text) is not None

    def _status(self) -> None:
        columns = self.made_columns
        has_words = any(self.profiles[column].statuses >= 0.5 for column in self.candidates("status"))
        by_value = [
            column
            for column in self.candidates("section")
            if self.profiles[column].statuses >= (0.7 if has_words else 0.5)
            and self.profiles[column].count >= 2
            and self._says_more_than_none(column)
        ]
        ranked = sorted(
            {*self.candidates("status"), *by_value},
            key=lambda column: (
                not re.search(r"rag", self.header.texts[column], re.I),
                self.profiles[column].percents > 0.5,
                bool(_BEFORE.search(self.header.texts[column])),
                not re.search(r"\b(?:overall|current)\b", self.header.texts[column], re.I),
                not self.profiles[column].count and not self.profiles[column].fills,
                -column if self._is_one_of_several(column) else column,  # the last of several months or reviews counts
            ),
        )
        for column in ranked:
            found = self.profiles[column]
            if found.fractions >= 0.9 and not columns.percent:
                columns.percent = self.take(column)
                continue
            states = self._share(column, begins_with_state) >= 0.6  # "Completed 28.07.26", "In progress"
            told = states or ("update" in self.header.roles[column] and found.words > 4)  # "Done. Since 2 May."
            if found.dates > 0.6 and found.statuses < 0.5 and not told:
                if columns.start and not (columns.due or columns.due_revised or columns.due_original):
                    columns.due = self.take(column)  # "Start | Complete"
                else:
                    columns.actual = columns.actual or self.take(column)
                continue
            said = found.statuses + found.answers
            narrow = found.count == 0 or said + found.letters >= 0.5 or (found.words <= 3 and said >= 0.2)
            narrow = narrow or (states and found.words <= 4)
            if not (narrow or (_RATED.search(self.header.texts[column]) and found.words <= 6)):
                continue
            if found.count == 0 and not found.fills and "update" in self.header.roles[column]:
                continue
            if columns.status:
                columns.updates.append(self.take(column))
            else:
                columns.status = self.take(column)

    def _ref(self) -> None:
        columns = self.made_columns
        fits = [
            column
            for column in self.candidates("ref")
            if self.profiles[column].words <= (4 if self.header.roles[column] == ("ref",) else 2.5)  # "SR (25/26) 01"
            and (self.profiles[column].refs >= 0.5 or "action_weak" not in self.header.roles[column])
        ]
        fits.sort(key=lambda column: (heading(self.header.texts[column]) not in ("wbs", "outline number"), column))
        fits = fits or self._numbers_under_what_they_number()
        if not fits:
            unnamed = [
                column for column in self.all if column in self.free and not heading(self.header.texts.get(column, ""))
            ]
            mains = [each for each in self.header.texts if _MAIN & set(self.header.roles[each])]
            # "1a" and "1b" may stand under the heading of what they number, below titles over the whole table.
            fits = [each for each in unnamed[:1] if self.profiles[each].refs >= 0.6]
            fits += [each for each in self.candidates("section") if self.profiles[each].numbers_each(len(self.rows))]
            if fits and mains and fits[0] < min(mains):
                columns.ref = self.take(fits[0])
            return
        if (
            len(fits) > 1
            and fits[0] < fits[1]
            and any(
                fits[0] < column < fits[1] for column in self.candidates("action_weak") + self.candidates("section")
            )
        ):
            own = self.profiles[fits[0]].numbers_each(len(self.rows)) and self.profiles[fits[1]].distinct < 1
            columns.section_ref = 0 if own else self.take(fits[0])
            columns.ref = self.take(fits[0] if own else fits[1])
        else:
            columns.ref = self.take(fits[0])

    def _main(self) -> None:
        """Find the action's column and the milestone's: the milestone is the finer of the two, further right."""
        columns = self.made_columns
        actions = [each for each in sorted(self.candidates("action")) if self.profiles[each].labelled < 0.6]
        actions = [each for each in actions if not self._says_who_acts(each)]
        actions = [each for each in actions if _CALLED.search(self.header.texts.get(each, ""))] or actions
        actions = self._without_reports(actions)
        if self.numbered and not actions:
            actions = [self.numbered]  # "Commitment" over "i." and, beside it, what it is
        exact = [each for each in actions if exactly_known(self.header.texts.get(each, ""))]
        actions = self._without_answers(exact or self._not_beyond(actions))
        steps = [each for each in self.candidates("milestone") if self.profiles[each].answers < 0.6]
        steps = [each for each in steps if each not in actions]
        if len(steps) == 1 and not actions and "action_weak" in self.header.roles[steps[0]]:
            actions, steps = steps, []  # "Milestone description" alone is what is to be done
        if not actions:
            weak = [column for column in sorted(self.candidates("action_weak")) if self.profiles[column].levels < 0.5]
            weak = [column for column in weak if not steps or column < max(steps)]  # a milestone is the finer text
            if columns.section_ref:
                weak = [column for column in weak if column > columns.ref]
            weak = [column for column in weak if self.profiles[column].labelled < 0.6] or weak
            ends = [columns.due or columns.due_revised or columns.due_original, *self.candidates("lead")]
            weak = [
                column for column in weak if column < max(ends) or not max(ends) or self.profiles[column].verbs >= 0.5
            ]
            grouping = [column for column in weak if self.profiles[column].grouped]
            if steps and grouping and len(grouping) == len(weak):
                weak = weak[-1:]
            weak = [column for column in weak if not self._stands_over(column, weak)]
            weak += [column for column in self._said_below() if column not in weak and not steps]
            weak = (not steps and self._where_actions_stand()) or weak
            if len(weak) > 1:
                # Of several weak headings the one with the finest text is the action; those before it group.
                weak = [self._finest(weak)]
            actions = (
                weak or [each for each in self.candidates("section") if steps and self._each_its_own(each, steps)][:1]
            )
        if len(steps) == 1 and len(actions) == 1 and "action" not in self.header.roles[actions[0]]:
            repeats = self.profiles[actions[0]].distinct <= 0.7 and not self.profiles[actions[0]].grouped
            actions = [] if repeats and self._somebody_leads() else actions  # it groups the milestones beside it
        told = len(steps) == 1 and (not self._named_milestone(steps[0]) or self._tells_deeds(steps[0]))
        told = told or (len(steps) == 1 and self._in_outline(columns.ref))  # "1", "1.1", "1.1.1"
        if not actions and told and self._somebody_leads():
            actions, steps = steps, []  # each milestone has a lead of its own: it is what is to be done
        if not actions and not steps:
            others = [column for column in self.candidates("status") if self.profiles[column].statuses < 0.3]
            others += [column for column in self._unknown_texts() if not columns.due or column < columns.due]
            fits = [column for column in {*self.candidates("section"), *others} if self.profiles[column].words > 1]
            fits = [column for column in fits if self._as_values(self.profiles[column])[1] < 0.6]
            before = [column for column in fits if column < min([*self.candidates("lead"), columns.due or 1 << 30])]
            actions = [max(before or fits, key=lambda column: (*self._fineness(column)[:2], column))] if fits else []
        if actions:
            columns.action = self.take(actions[0])
        later = [column for column in actions[1:] if "milestone" in self.header.roles[column]] or [
            column for column in actions[1:] if column == columns.action + 1 and not steps
        ]
        originals = [column for column in steps if re.search(r"original", self.header.texts[column], re.I)]
        revised = [column for column in steps if column not in originals]
        if revised or originals:
            columns.milestone = self.take((revised or originals)[0])
            if revised and originals:
                columns.milestone_original = self.take(originals[0])
        elif later and later[0] in self.free:
            columns.milestone = self.take(later[0])
        over = self.header.texts.get(columns.milestone or columns.action, "")
        columns.action_has_lead = not self.candidates("lead") and bool(
            re.search(r"(?:\b(?:and|/|&)|\() ?(?:lead|owner|who)", self.header.texts.get(columns.action, ""), re.I)
        )
        columns.says_when = bool(re.search(r"\bwhen\b|\bdates?\b|timescale|quarter|deadline", over, re.I))

    def _named_milestone(self, column: int) -> bool:
        return "milestone" in heading(self.header.texts[column])

    def _sections(self) -> None:
        columns = self.made_columns
        labelled = {each for each in self.header.texts if each in self.free and self.profiles[each].labelled >= 0.6}
        main = columns.action or columns.milestone
        over = {each for each in self.candidates("action") if each < main and self.profiles[each].grouped}
        weak = {*self._weak_left(main), *self._unnamed_left(main)}
        named = labelled | over | set(self.candidates("section")) | weak
        if not self.candidates("lead"):  # the part of a council that acts stands to the right of what it does
            named -= {each for each in self.candidates("support") if each > main and not self.profiles[each].grouped}
        Groups(self.grid, self.header, self.rows, self.profiles, self.free, columns).choose(sorted(named))

    def _unnamed_left(self, main: int) -> set[int]:
        """Return the columns of numbered texts without a heading to the left of the action: what it is done for."""
        left = {each for each in self.all if each in self.free and each < main and not self.header.texts.get(each)}
        full = {each for each in left if self.profiles[each].words >= 3 and self.profiles[each].count == len(self.rows)}
        return {each for each in full if self._share(each, is_numbered) >= 0.8}

    def _weak_left(self, main: int) -> list[int]:
        columns = self.made_columns
        if not columns.section_ref:
            weak = [each for role in ("action_weak", "action") for each in self.candidates(role) if each < main]
            return [column for column in weak if heading(self.header.texts[column]) not in ("target", "targets")]
        return [column for column in self.candidates("action_weak") if columns.section_ref < column < columns.ref]

    def _below_actions(self) -> None:
        """Tell actions from their milestones where both stand in one column; it is then that of the actions."""
        columns = self.made_columns
        if columns.parent:
            named_by = self._rows_named_by(columns.parent)
            if not columns.ref and named_by in columns.extra:
                columns.extra.remove(named_by)
                columns.ref = named_by  # what others name rows by is their reference
            named = named_rows(self.grid, columns, self.every, self.header.last_row)
            columns.named, columns.titles, columns.sub_rows = named.above, named.titles, named.actions()
        else:
            columns.sub_rows = sub_rows(self.grid, columns, self.every, self.header.last_row)
        if not columns.sub_rows:
            return
        if not columns.action:
            columns.action, columns.milestone = columns.milestone, 0
        if columns.kind and not self._is_told_action():
            columns.extra.append(columns.kind)  # what it calls a project is the action
            columns.kind = 0

    def _rest(self) -> None:
        columns = self.made_columns
        columns.capitals = self._marked_in_capitals(columns.action)
        columns.success += [self.take(column) for column in self.candidates("success") if not self._is_update(column)]
        columns.updates += [self.take(column) for column in self.candidates("update")]
        told = [each for each in self.candidates("action") if _TOLD.search(self.header.texts[each])]
        columns.updates += [self.take(column) for column in told]
        columns.updates += [self.take(column) for column in (*self._beside_progress(), *self.candidates("status"))]
        columns.extra += [column for column in self.all if column in self.free]

    def _is_update(self, column: int) -> bool:
        """Return whether a heading that may mean either ("Outcome") stands after the dates, where updates stand."""
        return "update" in self.header.roles[column] and 0 < self.made_columns.due < column
