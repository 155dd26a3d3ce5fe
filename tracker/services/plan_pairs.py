"""Which row of a plan every line of a document is: worked out for the whole document before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.models import Action, Commitment, Milestone, MilestoneAction, Priority, Workstream
from tracker.rules.document import MilestoneLine, PlanDocument
from tracker.rules.likeness import How, Known, bare, match
from tracker.services.plan_run import Run
from tracker.services.structure.refs import Place

_TEXT = {Priority: "title", Workstream: "title"}


@dataclass(slots=True)
class Pair:
    """What a line is: a row, or one that it may be. `moved` says that the row stands elsewhere in the plan."""

    how: How
    row: Any = None
    moved: bool = False
    follows: Any = None  # the line of the action that an implicit milestone repeats: one decision settles both


class Pairs:
    """The rows that the lines of a document are, and those that no line is."""

    def __init__(self, run: Run, document: PlanDocument) -> None:
        self.run = run
        self.found: dict[int, Pair] = {}
        self.taken: set[tuple[str, int]] = set()
        if run.fresh:
            self._twice(document)
            return
        self._priorities(document)
        for workstream in [stream for area in document.priorities for stream in area.workstreams]:
            self._below(workstream)
        for area in document.priorities:
            row = self.of(area).row
            rows = [one for one in run.below(Milestone, None) if row is not None and one.priority_id == row.id]
            self._pair(Milestone, area.unplaced, rows, ("priority", row.id if row is not None else 0))
        for kind, lines in _children(document):
            self._moved(kind, lines)
        self._follow(document)

    def of(self, line: Any) -> Pair:
        """Return what a line is."""
        return self.found.get(id(line)) or Pair(How.NEW)

    def free(self, row: Any) -> None:
        """Say that a row is not what a line is after all."""
        self.taken.discard(_key(row))

    def left(self, model: Any) -> list[Any]:
        """Return the rows of one kind that no line is."""
        return [row for row in self.run.all(model) if _key(row) not in self.taken]

    def _twice(self, document: PlanDocument) -> None:
        """In a plan that is new only refs that stand twice are looked for."""
        streams = [stream for area in document.priorities for stream in area.workstreams]
        groups: list[Sequence[Any]] = [document.priorities]
        groups += [lines for area in document.priorities for lines in (area.workstreams, area.unplaced)]
        groups += [lines for one in streams for lines in (one.actions, one.milestones, one.commitments)]
        for lines in groups:
            for line, one in zip(lines, match([(each.ref, "") for each in lines], ()), strict=True):
                if one.how is How.TWICE:
                    self.found[id(line)] = Pair(one.how)

    def _priorities(self, document: PlanDocument) -> None:
        run = self.run
        self._pair(Priority, document.priorities, run.below(Priority, run.plan.id), ("plan", 0))
        self._moved(Priority, document.priorities)
        for area in document.priorities:
            row = self.of(area).row
            rows = run.below(Workstream, row.id) if row is not None else []
            self._pair(Workstream, area.workstreams, rows, ("priority", row.id if row is not None else 0))
        self._moved(Workstream, [stream for area in document.priorities for stream in area.workstreams])

    def _below(self, line: Any) -> None:
        row, run = self.of(line).row, self.run
        key = row.id if row is not None else 0
        for model, lines in ((Action, line.actions), (Milestone, line.milestones), (Commitment, line.commitments)):
            rows: list[Any] = run.below(model, key) if row is not None else []
            if model is Commitment:
                rows = [one for one in rows if one.milestone_id is None]
            self._pair(model, lines, rows, ("workstream", key))

    def _pair(self, model: Any, lines: Sequence[Any], rows: Iterable[Any], place: Place) -> None:
        """Bring the lines of one place together with the rows that stand there, or once did."""
        name = _TEXT.get(model, "text")
        here = [row for row in rows if _key(row) not in self.taken]
        away = self.run.former(model, place) if place[1] or place[0] == "plan" else {}
        known = [Known(row.ref, getattr(row, name), self.run.wordings.earlier(row)) for row in here]
        for ref, row in away.items():
            if _key(row) not in self.taken:
                here.append(row)
                known.append(Known(ref, getattr(row, name), self.run.wordings.earlier(row)))
        for line, one in zip(lines, match([(each.ref, getattr(each, name)) for each in lines], known), strict=True):
            row = here[one.index] if one.index is not None else None
            how = How.SAME if one.how is How.MAYBE and row is not None and self._holds_the_same(line, row) else one.how
            self.found[id(line)] = Pair(how, row)
            if row is not None:
                self.taken.add(_key(row))

    def _holds_the_same(self, line: Any, row: Any) -> bool:
        """Return whether a place under another title holds, for the most part, what the known one holds."""
        if isinstance(row, Priority):
            there = [one.title for one in self.run.below(Workstream, row.id)]
            here = [one.title for one in line.workstreams]
        elif isinstance(row, Workstream):
            rows: tuple[Any, ...] = (*self.run.below(Action, row.id), *self.run.below(Milestone, row.id))
            there = [one.text for one in rows]
            here = [one.text for one in (*line.actions, *line.milestones)]
        else:
            return False
        same = {bare(text) for text in there} & {bare(text) for text in here}
        return bool(same) and 2 * len(same) >= min(len(there), len(here))

    def _moved(self, model: Any, lines: Sequence[Any]) -> None:
        """Find lines that stood elsewhere in the plan: the same words, which no other line and no other row has."""
        name = _TEXT.get(model, "text")
        there: dict[str, list[Any]] = defaultdict(list)
        for row in self.left(model):
            there[bare(getattr(row, name))].append(row)
        here: dict[str, list[Any]] = defaultdict(list)
        for line in lines:
            if self.of(line).how is How.NEW and there:
                here[bare(getattr(line, name))].append(line)
        for words, found in here.items():
            rows = there.get(words, [])
            if words and len(found) == len(rows) == 1 and rows[0].standing == "open":
                self.found[id(found[0])] = Pair(How.MAYBE, rows[0], moved=True)
                self.taken.add(_key(rows[0]))

    def _follow(self, document: PlanDocument) -> None:
        """Let the milestone that only repeats its action go where the decision about the action goes."""
        links: dict[int, int] = {link.milestone_id: link.action_id for link in self.run.all(MilestoneAction)}
        for area in document.priorities:
            for stream in area.workstreams:
                by_ref = {action.ref: action for action in stream.actions}
                for line in stream.milestones:
                    self._follow_one(line, by_ref, links)

    def _follow_one(self, line: MilestoneLine, by_ref: dict[str, Any], links: dict[int, int]) -> None:
        pair = self.of(line)
        action = by_ref.get(line.actions[0]) if line.implicit and len(line.actions) == 1 else None
        if action is None or pair.how is not How.MAYBE or pair.row is None:
            return
        above = self.of(action)
        if above.how is How.MAYBE and above.row is not None and links.get(pair.row.id) == above.row.id:
            pair.follows = action


def _children(document: PlanDocument) -> Iterator[tuple[Any, list[Any]]]:
    streams = [stream for area in document.priorities for stream in area.workstreams]
    yield Action, [line for one in streams for line in one.actions]
    yield Milestone, [line for one in streams for line in one.milestones]
    yield Commitment, [line for one in streams for line in one.commitments]


def _key(row: Any) -> tuple[str, int]:
    return row.__tablename__, row.id
