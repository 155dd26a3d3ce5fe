"""One run over one document: the rows of the plan in memory, what is written, asked and noted of each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import (
    Action,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    PeriodState,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.models.base import Base
from tracker.rules.dates import Period
from tracker.rules.text import fold
from tracker.services.ledger import Recorder
from tracker.services.plan_asking import Asking
from tracker.services.plan_dates import read_in_plan
from tracker.services.plan_editions import REWORDED, Wordings, wordings_of
from tracker.services.plan_outcomes import Applied, Choice
from tracker.services.structure.refs import PLACED_BY, Place, former, place_of

Row = TypeVar("Row", bound=Base)
BESIDE = frozenset({"rating", "rating_file", "rating_as_at"})
"""What goes with the words of a status and is not shown as words."""
_LABELS = {"status_text": "status was"}
BOTH = "both changed"
BOTH_CHOICES = (Choice("keep", "Keep the words in the tracker"), Choice("file", "Take the words of the file"))

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


class Run(Asking):
    """One run over one document: everything that is there is loaded once and matched in memory."""

    def __init__(
        self,
        recorder: Recorder,
        *,
        fresh: bool,
        keys: Mapping[int, str] = MappingProxyType({}),
        decisions: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(recorder, fresh=fresh, keys=keys, decisions=decisions)
        self._rows: dict[type[Base], dict[Any, list[Any]]] = {}
        self._former: dict[type[Base], dict[Place, dict[str, Any]]] = {}
        self._read: dict[str, Period] = {}
        self._later: list[tuple[Base, str]] = []
        self._made: set[Base] = set()
        self._follow: dict[tuple[type[Base], str], list[dict[str, Any]]] = defaultdict(list)
        self.touched: dict[int, Milestone] = {}  # known milestones whose colour may be another one now
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
        if self.fresh:
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
        self._give_ids(rows)
        self.session.add_all(rows)
        self.session.flush()
        self._made.update(rows)
        for row in rows:
            self.recorder.add(row, reason)
            self.put(row, parent)

    def follow(self, row: Row, verb: str, name: str, value: Any, reason: str) -> None:
        """Change one field and record it. Of rows that this run has made, which nobody else has seen, all are stored
        at the end by one statement; one for each would cost more than all else.
        """
        if row not in self._made:
            self.recorder.change(row, verb, {name: value}, reason)
            return
        self.recorder.tell(row, verb, {name: [getattr(row, name), value]}, reason)
        set_committed_value(row, name, value)
        self._follow[type(row), name].append({"key": row.id, "value": value})  # type: ignore[attr-defined]

    def close(self) -> Applied:
        """Write the entries of the act; returns what was done, with the act where there is one."""
        before = self.plan.ledger_seq
        self.recorder.close()
        self.applied.act = self.recorder.act if self.plan.ledger_seq != before else ""
        return self.applied

    def put(self, row: Base, parent: Any) -> None:
        """Take into account that a row stands below something."""
        self._rows[type(row)][parent].append(row)
        if isinstance(row, Workstream):
            self._streams[row.id] = row

    def add_later(self, row: Base, parent: Any, reason: str = "") -> None:
        """Store a new row, to which nothing points, with all others of its kind at the end."""
        self._later.append((row, reason))
        self._rows[type(row)][parent].append(row)

    def add_those(self) -> None:
        """Store and record what was kept for the end."""
        self.session.flush()  # a lead that is replaced has to end before another one may be accountable
        for (model, name), values in self._follow.items():
            table = model.__table__
            change = update(table).where(table.c.id == bindparam("key")).values({name: bindparam("value")})  # type: ignore[arg-type]
            self.session.connection().execute(change, values)
        self._follow.clear()
        for model in {type(row) for row, _ in self._later}:
            self._give_ids([row for row, _ in self._later if type(row) is model])
        self.session.add_all([row for row, _ in self._later])
        self.session.flush()
        for row, reason in self._later:
            self.recorder.add(row, reason)
        self._later.clear()

    def _give_ids(self, rows: Sequence[Any]) -> None:
        """Give many new rows their ids where the database would be asked for each one, so that one statement stores
        them. SQLite lets one writer in at a time, so nobody else takes them."""
        if len(rows) > 1 and self.session.get_bind().dialect.name == "sqlite":
            last = self.session.scalar(select(func.max(type(rows[0]).id))) or 0
            for number, row in enumerate(rows, last + 1):
                row.id = number

    def read(self, words: str) -> Period:
        """Return what a date phrase means in this plan; each phrase is read once."""
        found = self._read.get(words)
        if found is None:
            found = self._read[words] = read_in_plan(self.plan, words)
        return found

    def parent_of(self, row: Any) -> int | None:
        """Return the id of what a row stands below."""
        name = dict(_PARENTS)[type(row)]
        found: int | None = getattr(row, name) if name else None
        return found

    def name_of(self, row: Any) -> str:
        """Return what a row is called: "1a", "1a.3" or "action 1a A"."""
        key = getattr(row, "workstream_id", None)
        stream = self._streams.get(key) if key is not None else None
        if isinstance(row, Milestone):
            return f"{stream.ref}.{row.ref}" if stream is not None else str(row.ref)
        ref = f"{stream.ref} {row.ref}" if stream is not None else getattr(row, "ref", "")
        return f"{row.__tablename__} {ref}".strip()

    @cached_property
    def _streams(self) -> dict[int, Workstream]:
        return {row.id: row for row in self.all(Workstream)}

    def moved(self, row: Any, parent: int) -> None:
        """Take into account that a row stands below something else now."""
        for rows in self._rows[type(row)].values():
            if row in rows:
                rows.remove(row)
        self._rows[type(row)][parent].append(row)

    @cached_property
    def wordings(self) -> Wordings:
        """Return who gave the rows of the plan the words that they have."""
        return Wordings() if self.fresh else wordings_of(self.session, self.plan.id)

    def reword(
        self,
        row: Any,
        values: Mapping[str, Any],
        what: str,
        ref: str,
        text: str,
        *,
        line: Any = None,
        aside: str = "",
        also: Mapping[str, Any] = MappingProxyType({}),
        confirmed: bool = False,
    ) -> None:
        """Change what differs, record it and say so.

        What a decision has taken out of the plan stays as it is, and so does what a person has reworded since the
        document last changed it; where both have changed it, a person is asked. `confirmed` says that one was already.
        `also` are values that only a document gives.
        """
        if getattr(row, "standing", "open") != "open":
            aside, values, also = f"{aside} It is {row.standing} in the plan.".strip(), {}, {}
        file_says, both = {}, []
        for name, value in values.items():
            now, doc = getattr(row, name), self.wordings.document(row, name)
            if value == now or doc is None or confirmed or now == doc:
                file_says[name] = value
            elif fold(str(value)) == fold(doc):
                aside = f"{aside} Reworded in the tracker since: that is kept.".strip()
            else:
                both.append(name)
                file_says[name] = value
        if both:
            asked = {"before": str(getattr(row, both[0])), "after": str(file_says[both[0]])}
            detail = "The file and the tracker have both changed the words."
            key = self.key_of(line)
            value = self.ask(BOTH, BOTH_CHOICES, what, ref, text, line=line, key=key, detail=detail, **asked)
            if value != "file":
                self.recorder.change(row, REWORDED, also)
                return
        changed = self.recorder.change(row, REWORDED, {**file_says, **also})
        shown = {name: str(pair[0] or "") for name, pair in changed.items() if name not in BESIDE}
        was = "; ".join(f"{_LABELS.get(name, 'was')}: {text or 'empty'}" for name, text in shown.items())
        if "status_text" in shown:
            was = f'The file says "{row.status_text}". {was}'
        before = "; ".join(shown.values())
        detail = " ".join(part for part in (was, aside) if part)
        self.note("changed" if changed else "unchanged", what, ref, text, detail, line=line, before=before)
