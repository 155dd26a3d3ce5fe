"""Bring lines and rows together: which row a line is, which ref a new one gets, what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from tracker.models import (
    Action,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    PeriodState,
    Plan,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.models.base import Base
from tracker.rules.errors import Refusal
from tracker.rules.facts import Standing
from tracker.rules.text import clean, fold
from tracker.services.ledger import Recorder
from tracker.services.plan_outcomes import Applied, Choice, Decisions, Outcome, where_of
from tracker.services.structure.refs import PLACED_BY, Place, former, place_of

Row = TypeVar("Row", bound=Base)
_ALIKE = 0.75  # share of like characters from which two texts count as one, reworded

# The column that says what a row stands below.
_PARENTS: tuple[tuple[type[Base], str], ...] = (
    (Priority, "plan_id"),
    (Workstream, "priority_id"),
    (Action, "workstream_id"),
    (Milestone, "workstream_id"),
    (Commitment, "workstream_id"),
    (Record, "priority_id"),
    (Measure, "priority_id"),
    (Reading, "measure_id"),
    (MilestoneAction, "milestone_id"),
    (MilestonePredecessor, "milestone_id"),
    (PeriodState, "workstream_id"),
    (LeadAssignment, ""),
)


class Run:
    """One run over one document: everything that is there is loaded once and matched in memory."""

    def __init__(
        self,
        recorder: Recorder,
        *,
        fresh: bool,
        keys: Mapping[int, str] = MappingProxyType({}),
        decisions: Mapping[str, str] | None = None,
    ) -> None:
        self.keys = keys
        self.decisions = Decisions(decisions)
        self.recorder = recorder
        self.session = recorder.session
        self.plan: Plan = recorder.plan
        self.applied = Applied(self.plan.id)
        self._rows: dict[type[Base], dict[Any, list[Any]]] = {}
        self._former: dict[type[Base], dict[Place, dict[str, Any]]] = {}
        self._fresh = fresh
        for model, parent in _PARENTS:
            self._rows[model] = self._load(model, parent) if not fresh else defaultdict(list)

    def _load(self, model: Any, parent: str) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in self.session.scalars(select(model).where(model.plan_id == self.plan.id).order_by(model.id)):
            key = getattr(row, parent) if parent else (row.workstream_id, row.action_id, row.milestone_id)
            found[key].append(row)
        return found

    def below(self, model: type[Row], parent: Any) -> list[Row]:
        """Return the rows of one kind that stand below one parent, oldest first."""
        return self._rows[model][parent]

    def all(self, model: type[Row]) -> Iterable[Row]:
        """Return every row of one kind."""
        return (row for rows in self._rows[model].values() for row in rows)

    def former(self, model: type[Row], place: Place) -> dict[str, Row]:
        """Return the rows that stood in a place once and stand elsewhere now, by the folded ref they had there."""
        if self._fresh:
            return {}
        if model not in self._former:
            rows = {row.id: row for row in self.all(model)}  # type: ignore[attr-defined]
            found: dict[Place, dict[str, Any]] = defaultdict(dict)
            for key, had in former(self.session, self.plan.id, model).items():
                now = place_of(model, {name: getattr(rows[key], name, None) for name in PLACED_BY})
                for there, ref in had:
                    if there != now:
                        found[there][fold(ref)] = rows[key]
            self._former[model] = found
        return self._former[model].get(place, {})

    def add(self, row: Row, parent: Any, reason: str = "") -> Row:
        """Store a new row and record it."""
        self.add_all([row], parent, reason)
        return row

    def add_all(self, rows: Sequence[Row], parent: Any, reason: str = "") -> None:
        """Store new rows below one parent at once, and record each."""
        self.session.add_all(rows)
        self.session.flush()
        for row in rows:
            self.recorder.add(row, reason)
            self._rows[type(row)][parent].append(row)

    def key_of(self, line: Any, part: str = "") -> str:
        """Return the key of a line, or that of one part of it ("date")."""
        return f"{self.keys.get(id(line), '')} {part}".strip()

    def note(
        self,
        state: str,
        what: str,
        ref: str,
        text: str,
        detail: str = "",
        *,
        line: Any = None,
        key: str = "",
        before: str = "",
        after: str = "",
        question: str = "",
        choices: tuple[Choice, ...] = (),
    ) -> None:
        """Say what became of a line."""
        self.applied.outcomes.append(
            Outcome(
                state,
                what,
                ref,
                text,
                detail,
                key or self.key_of(line) or f"{what} {ref}".strip(),
                where_of(line),
                before,
                after or (text if state in {"new", "changed"} else ""),
                question,
                choices,
            )
        )

    def reword(
        self,
        row: Base,
        values: dict[str, Any],
        what: str,
        ref: str,
        text: str,
        question: str = "",
        aside: str = "",
        *,
        line: Any = None,
        **more: Any,
    ) -> None:
        """Change what differs, record it and say so; a line with a question needs a decision whatever else it did.

        What a decision has taken out of the plan stays as it is. `aside` is what else there is to say of the line.
        """
        if getattr(row, "standing", "open") != "open":
            aside, values, question = f"{aside} It is {row.standing} in the plan.".strip(), {}, ""  # type: ignore[attr-defined]
        changed = self.recorder.change(row, "reworded", values)
        was = "; ".join(f"was: {pair[0] or 'empty'}" for pair in changed.values())
        state = "needs decision" if question else "changed" if changed else "unchanged"
        before = "; ".join(str(pair[0] or "") for pair in changed.values())
        detail = " ".join(part for part in (question, was, aside) if part)
        self.note(state, what, ref, text, detail, line=line, **{"before": before, **more})


class Siblings(Generic[Row]):
    """The lines of one kind below one parent, and the rows that they may be. Each row answers to one line only.

    A line with a ref is the row with that ref; the text decides where there is none. So two lines with one text
    stay two rows, and a line that carries a new ref is known again where the old one is no longer in the document.
    """

    def __init__(
        self, rows: Sequence[Row], refs: Iterable[str], text_of: str, former: Mapping[str, Row] | None = None
    ) -> None:
        self.rows = rows
        self.there = list(rows)  # what is added later answers to the line that it was made of
        self.text_of = text_of
        self.former = former or {}  # what stood here once and was moved, by folded ref
        self._by_ref: dict[str, Row] = {}
        for row in self.there:
            self._by_ref.setdefault(fold(_ref(row)), row)
        self.refs = {fold(ref) for ref in refs if ref}
        self._taken: set[int] = set()
        self._seen: set[str] = set()

    def repeats(self, ref: str) -> bool:
        """Return whether a line before this one had the same ref."""
        known = fold(ref) in self._seen
        if ref:
            self._seen.add(fold(ref))
        return known

    def take(self, row: Row) -> Row:
        """Say that a row answers to a line."""
        self._taken.add(id(row))
        return row

    def find(self, ref: str, text: str, *, by_ref_only: bool = False) -> Row | None:
        """Return the row that a line is, None if it is a new one."""
        if ref:
            row = self._by_ref.get(fold(ref))
            row = row if row is not None else self.former.get(fold(ref))
            if row is not None and id(row) not in self._taken:
                return self.take(row)
            if by_ref_only:
                return None
        rows = [row for row in self.there if id(row) not in self._taken and fold(_ref(row)) not in self.refs]
        found = self.find_text(rows, text, alike=not ref)
        return found if found is not None or ref else self.find_text(self.former.values(), text, alike=False)

    def find_text(self, rows: Iterable[Row], text: str, *, alike: bool) -> Row | None:
        """Return the row among some that has this text, or one much like it."""
        free = [row for row in rows if id(row) not in self._taken]
        row = next((row for row in free if fold(getattr(row, self.text_of)) == fold(text)), None)
        if row is None and alike:
            row = next((row for row in free if much_alike(getattr(row, self.text_of), text)), None)
        return self.take(row) if row is not None else None

    def aside(self, row: Row) -> str:
        """Return that a row was moved away from here, "" if it stands here."""
        return f"It was moved and is {_ref(row)} there now." if row in self.former.values() else ""

    def free_ref(self, pattern: str = "{}") -> str:
        """Return the first ref, by number, that neither a row nor a line of the document has."""
        known = {fold(_ref(row)) for row in self.rows} | self.refs | set(self.former)
        number = len(self.rows) + 1
        while fold(pattern.format(number)) in known:
            number += 1
        return pattern.format(number)


def much_alike(known: str, given: str) -> bool:
    """Return whether a text is another one reworded."""
    a, b = fold(known), fold(given)
    matcher = SequenceMatcher(None, a, b)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def how_it_stands(line: Any) -> dict[str, str]:
    """Return the columns for how a line of a document stands. Raises Refusal for a word that is none."""
    standing = line.standing or Standing.OPEN.value
    if standing not in set(Standing):
        raise Refusal(f'"{line.standing}" is not how something stands. Say withdrawn, suspended or superseded.')
    return {"standing": standing, "standing_reference": clean(line.standing_reference)}


def repeated(ref: str, parent: str) -> str:
    """Return why a line with the ref of another one is refused."""
    return f"The ref {ref} stands twice in {parent}. The first was taken; give this one a ref of its own."


def _ref(row: Base) -> str:
    return getattr(row, "ref", "") or ""
