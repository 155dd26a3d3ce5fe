"""References that stand twice in a file: what is asked about the second line, and what each answer does.

Reading gives the second one a ref of its own ("1.1 (2)"), so that nothing is lost while nobody has answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tracker.imports.asked import Asked, Question
from tracker.imports.reconcile import Outcome
from tracker.rules.document import ActionLine, LeadLine, MilestoneLine, PlanDocument, Source, WorkstreamLine
from tracker.rules.text import clean, fold

COPY, SWAP, MERGE, LEAVE = "copy", "swap", "merge", "leave"
_COPY = re.compile(r"^(?P<base>.+) \(\d+\)$")
_LONGEST = 40  # characters of a ref
_LIST_MARK = re.compile(r"\d{1,2}")


def asked_of_refs(plan: PlanDocument) -> Iterator[Asked]:
    """Yield what is asked about refs that stand twice: of areas, workstreams, actions and milestones."""
    for first, line in _pairs(plan.priorities):
        yield _Twice(plan.priorities, first, line, "title").asked()
    for area in plan.priorities:
        for first, line in _pairs(area.workstreams):
            yield _Streams(area.workstreams, first, line, "title").asked()
        for stream in area.workstreams:
            for first, line in _pairs(stream.actions):
                yield _Actions(stream.actions, first, line, "text", stream).asked()
            for first, line in _pairs(_numbered(stream)):
                if _is_ref(first, line):
                    yield _Milestones(stream.milestones, first, line, "text", stream).asked()


def _pairs(lines: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each line that got a ref because another one has its own, with that other one before it."""
    by_ref = {line.ref: line for line in lines}
    for line in list(lines):
        found = _COPY.match(line.ref)
        first = by_ref.get(found["base"]) if found else None
        if first is not None and line.source is not None:
            yield first, line


def _numbered(stream: WorkstreamLine) -> list[MilestoneLine]:
    """Return the milestones of a workstream that do not have their ref from an action."""
    given = {action.ref for action in stream.actions}
    return [line for line in stream.milestones if not (line.implicit or line.ref in given)]


def _is_ref(first: MilestoneLine, line: MilestoneLine) -> bool:
    """Return whether a number is a ref, and not a list that begins again with 1 at every action or in every cell."""
    in_lists = _LIST_MARK.fullmatch(first.ref) and str(first.source) != str(line.source)
    return first.actions == line.actions and not in_lists


class _Twice:
    """Two lines of one place that have one ref in the file. `line` bears a ref that reading gave it."""

    ends: Mapping[str, Outcome] = MappingProxyType({MERGE: Outcome.MERGED, LEAVE: Outcome.LEFT_OUT})

    def __init__(self, lines: list[Any], first: Any, line: Any, name: str, stream: Any = None) -> None:
        self.lines, self.first, self.line, self.name, self.stream = lines, first, line, name, stream
        self.given, self.base = line.ref, _COPY.sub(r"\g<base>", line.ref)

    def asked(self) -> Asked:
        """Return the question, with what its answers do."""
        first, line, base = self.first, self.line, self.base
        words = getattr(line, self.name)
        options = [[COPY, f"Keep both: the first keeps {base}, this one is {self.given}"],
                   [SWAP, f"Keep both: this one keeps {base}, the first is {self.given}"],
                   *self.more()]  # fmt: skip
        question = Question(
            f"refs {line.source} {base}", "refs", str(line.source or ""), f"{base} {words}",
            f"{base} is used twice: for “{_cut(getattr(first, self.name))}” ({first.source}) and for this one. "
            "What is this one?", options, "ref",
        )  # fmt: skip
        return Asked(question, self.about(), self.settle, self.ends)

    def more(self) -> list[list[str]]:
        """Return the answers beside giving one of the two another ref."""
        return []

    def about(self) -> list[tuple[Source | None, str]]:
        """Return the lines of the source that the second one was read from."""
        return [(self.line.source, getattr(self.line, self.name))]

    def settle(self, answer: str) -> str:
        """Do what was answered; returns it in words, "" if it is no answer."""
        first, line, base, given = self.first, self.line, self.base, self.given
        if not any(each is line for each in self.lines) or not any(each is first for each in self.lines):
            return ""
        if answer == COPY:
            return f"this one is {given}"
        if answer == SWAP:
            self.rename(first, "\0")
            self.rename(line, base)
            self.rename(first, given)
            return f"this one keeps {base}; the first is {given}"
        if answer in {value for value, _ in self.more()}:
            if answer == MERGE:
                self.merge()
                said = f"it goes on from {base} ({first.source})"
            else:
                said = f"left out, as {base} stands twice"
            self.take_out()
            return said
        ref = clean(answer.removeprefix("ref ")) if answer.startswith("ref ") else ""
        if not ref or len(ref) > _LONGEST or self.is_taken(ref):
            return ""
        self.rename(line, ref)
        return f"this one is {ref}"

    def is_taken(self, ref: str) -> bool:
        """Return whether a line of the place has a ref already."""
        return any(fold(each.ref) == fold(ref) for each in self.lines)

    def rename(self, line: Any, ref: str) -> None:
        """Give a line another ref."""
        line.ref = ref

    def merge(self) -> None:
        """Put what the second line says to the first."""

    def take_out(self) -> None:
        """Take the second line out of the document."""
        self.lines[:] = [each for each in self.lines if each is not self.line]


class _Streams(_Twice):
    """Two workstreams of one area. What stands in them is imported whatever is decided."""

    ends = MappingProxyType({})

    def more(self) -> list[list[str]]:
        """Return the answers beside giving one of the two another ref."""
        return [[MERGE, f"The same workstream: all of it belongs to “{_cut(self.first.title)}”"]]

    def merge(self) -> None:
        """Put all of the second workstream to the first; a ref that is taken there gets a number behind it."""
        first, line = self.first, self.line
        for lines, more in ((first.actions, line.actions), (first.commitments, line.commitments)):
            self._put(lines, more, {})
        renamed: dict[str, str] = {}
        self._put(first.milestones, line.milestones, renamed)
        for state in line.period_states:
            state.milestone = renamed.get(state.milestone, state.milestone)
        first.period_states += line.period_states
        _put_leads(first.leads, line.leads)

    def _put(self, lines: list[Any], more: Sequence[Any], renamed: dict[str, str]) -> None:
        taken = {fold(each.ref) for each in lines}
        for each in more:
            was, number = each.ref, 2
            while fold(each.ref) in taken:
                each.ref, number = f"{was} ({number})", number + 1
            taken.add(fold(each.ref))
            if each.ref != was:
                renamed[was] = each.ref
                if isinstance(each, ActionLine):
                    for milestone in self.line.milestones:
                        milestone.actions = [each.ref if ref == was else ref for ref in milestone.actions]
        lines += more


class _Milestones(_Twice):
    """Two milestones of one workstream."""

    def more(self) -> list[list[str]]:
        """Return the answers beside giving one of the two another ref; one milestone has one date."""
        first, line = self.first, self.line
        one = not first.date or not line.date or fold(first.date) == fold(line.date)
        merge = [[MERGE, f"It goes on from the first: make one milestone {self.base} of both"]] if one else []
        return [*merge, [LEAVE, "Leave this one out"]]

    def rename(self, line: Any, ref: str) -> None:
        """Give a milestone another ref, also in the period grid."""
        _rename(self.stream, line, ref)

    def merge(self) -> None:
        """Put what the second milestone says to the first."""
        _put_milestone(self.first, self.line)
        self.first.text = _joined(self.first.text, self.line.text)
        for state in self.stream.period_states:
            if state.milestone == self.line.ref:
                state.milestone = self.first.ref

    def take_out(self) -> None:
        """Take the second milestone out, with what the period grid says of it."""
        super().take_out()
        own = self.stream.period_states
        own[:] = [state for state in own if state.milestone != self.line.ref]


class _Actions(_Twice):
    """Two actions of one workstream, with the milestones that stand in their rows."""

    def more(self) -> list[list[str]]:
        """Return the answers beside giving one of the two another ref."""
        return [[MERGE, f"It goes on from the first: make one action {self.base} of both"],
                [LEAVE, "Leave this one out"]]  # fmt: skip

    def about(self) -> list[tuple[Source | None, str]]:
        """Return the lines of the source that the action and its milestones were read from."""
        own = [(line.source, line.text) for line in self._own() if not line.implicit]
        return [(self.line.source, self.line.text), *own]

    def is_taken(self, ref: str) -> bool:
        """Return whether an action has a ref already, or a milestone that is not this action's own."""
        return super().is_taken(ref) or any(fold(each.ref) == fold(ref) for each in self.stream.milestones)

    def _own(self) -> list[MilestoneLine]:
        return [each for each in self.stream.milestones if each.actions == [self.line.ref] and _beside(each, self.line)]

    def rename(self, line: Any, ref: str) -> None:
        """Give an action another ref, and with it its milestones that have theirs from it ("1.1", "1.1.2")."""
        for milestone in self.stream.milestones:
            if line.ref in milestone.actions and _beside(milestone, line):
                milestone.actions = [ref if each == line.ref else each for each in milestone.actions]
                if milestone.ref == line.ref or milestone.ref.startswith(f"{line.ref}."):
                    _rename(self.stream, milestone, ref + milestone.ref[len(line.ref) :])
        line.ref = ref

    def merge(self) -> None:
        """Put what the second action says to the first; a milestone with a date of its own stays one."""
        first, line, stream = self.first, self.line, self.stream
        twin = next((each for each in stream.milestones if each.implicit and each.actions == [first.ref]), None)
        first.text = _joined(first.text, line.text)
        _put_leads(first.leads, line.leads)
        first.status_text = first.status_text or line.status_text
        for own in self._own():
            own.actions = [first.ref]
            if not own.implicit:
                continue
            if twin is None:
                own.ref, own.text, twin = first.ref, first.text, own
            elif not own.date or not twin.date or fold(own.date) == fold(twin.date):
                _put_milestone(twin, own)
                stream.milestones[:] = [each for each in stream.milestones if each is not own]
            else:
                own.implicit = False
        if twin is not None:
            twin.text = first.text

    def take_out(self) -> None:
        """Take the action out, with the milestones that are still its own."""
        gone = {id(each) for each in self._own()}
        refs = {each.ref for each in self.stream.milestones if id(each) in gone}
        super().take_out()
        self.stream.milestones[:] = [each for each in self.stream.milestones if id(each) not in gone]
        self.stream.period_states[:] = [each for each in self.stream.period_states if each.milestone not in refs]


def _rename(stream: WorkstreamLine, milestone: MilestoneLine, ref: str) -> None:
    for state in stream.period_states:
        if state.milestone == milestone.ref:
            state.milestone = ref
    milestone.ref = ref


def _put_milestone(first: MilestoneLine, line: MilestoneLine) -> None:
    """Put the date, leads and update of a milestone to another one that has none, or the same date."""
    if not first.date:
        first.date, first.tail, first.needs_decision = line.date, line.tail, line.needs_decision
        first.decided = line.decided
    first.start = first.start or line.start
    if not first.status_text:
        first.status_text, first.fact, first.rating = line.status_text, line.fact, line.rating
        first.percent, first.done_on = line.percent, line.done_on
    first.update_text = _joined(first.update_text, line.update_text)
    _put_leads(first.leads, line.leads)


def _put_leads(leads: list[LeadLine], more: Sequence[LeadLine]) -> None:
    known = {(fold(each.post), fold(each.organisation)) for each in leads}
    leads += [each for each in more if (fold(each.post), fold(each.organisation)) not in known]


def _joined(first: str, more: str) -> str:
    """Return two texts as one; what is said already is not said again."""
    if fold(more) in fold(first):
        return first
    if fold(first) in fold(more):
        return more
    return f"{first}{' ' if first[-1:] in '.;:!?' else '; '}{more}"


def _beside(milestone: MilestoneLine, action: ActionLine) -> bool:
    """Return whether a milestone stands in the row of an action, as another action may have had the same ref."""
    if milestone.source is None or action.source is None:
        return True
    return re.sub(r"^.*?(\d+)$", r"\1", milestone.source.cell) == re.sub(r"^.*?(\d+)$", r"\1", action.source.cell)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
