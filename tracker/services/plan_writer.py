"""Write a plan document into the database: make a new plan, or bring a plan up to date line by line.

What is there is matched by ref, then by text. A new line is added, a reworded one changed; a date that differs from
the agreed deadline is never overwritten but listed as needing a decision; nothing is deleted. Applying the same
document twice therefore changes nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    ColourSpan,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    Organisation,
    PeriodState,
    Plan,
    Post,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.models.base import Base
from tracker.rules.dates import Period, TermCalendar, read_period
from tracker.rules.document import (
    ActionLine,
    CommitmentLine,
    LeadLine,
    MeasureLine,
    MilestoneLine,
    PlanDocument,
    PriorityLine,
    RecordLine,
    WorkstreamLine,
)
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.rules.text import clean, fold
from tracker.rules.timeline import spans
from tracker.services import colours
from tracker.services.ledger import Recorder

Row = TypeVar("Row", bound=Base)
_ALIKE = 0.75  # share of like characters from which two records of one kind count as the same


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: "new", "changed", "unchanged", "needs decision" or "refused", and why."""

    state: str
    what: str
    ref: str
    text: str
    detail: str = ""


@dataclass(slots=True)
class Applied:
    """What applying a document did, line by line."""

    plan_id: int
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, state: str) -> int:
        """Return how many lines ended so."""
        return sum(outcome.state == state for outcome in self.outcomes)


def create_plan(
    session: Session, document: PlanDocument, actor: Actor, now: datetime, *, effective: datetime | None = None
) -> Applied:
    """Make a new plan from a document. Raises Refusal if the slug is taken or missing."""
    if not document.slug:
        raise Refusal("The plan needs a short name for its address, for example send-2026.", "plan")
    if session.scalar(select(Plan.id).where(Plan.slug == document.slug)) is not None:
        raise Refusal(f"There is a plan {document.slug} already.", "plan")
    plan = Plan(slug=document.slug, **_plan_values(document))
    session.add(plan)
    session.flush()
    recorder = Recorder(session, plan, actor, now, effective)
    recorder.add(plan)
    return _Writer(recorder, TermCalendar()).write(document)


def update_plan(session: Session, plan: Plan, document: PlanDocument, actor: Actor, now: datetime) -> Applied:
    """Bring a plan up to date with a document. Raises Refusal for a line that cannot be stored."""
    return _Writer(Recorder(session, plan, actor, now), TermCalendar()).write(document)


def _plan_values(document: PlanDocument) -> dict[str, Any]:
    return {
        "title": document.title,
        "organisation": document.organisation,
        "kind": document.kind,
        "version": document.version,
        "adopted": date.fromisoformat(document.adopted) if document.adopted else None,
        "starts": document.starts,
        "ends": document.ends,
        "original_end": document.original_end,
        "end_moved_reason": document.end_moved_reason,
        "priority_label": document.priority_label,
        "workstream_label": document.workstream_label,
        "year_kind": document.year_kind,
        "review_cycle": document.review_cycle,
        "reports_to": list(document.reports_to),
        "key": dict(document.key),
        "source_note": document.source_note,
    }


class _Writer:
    """One run over one document: everything that is there is loaded once, matched in memory, written in bulk."""

    def __init__(self, recorder: Recorder, calendar: TermCalendar) -> None:
        self.recorder = recorder
        self.session = recorder.session
        self.plan = recorder.plan
        self.calendar = calendar
        self.applied = Applied(self.plan.id)
        self.touched: list[Milestone] = []
        self.existing: dict[type[Base], dict[Any, list[Any]]] = {}
        self.posts: dict[tuple[str, str], Post] = {}

    def write(self, document: PlanDocument) -> Applied:
        self._load()
        self._records(document.records, None)
        self._measures(document.measures, None)
        for position, line in enumerate(document.priorities, 1):
            self._priority(line, position)
        self.recorder.close()
        self._colour()
        return self.applied

    def _load(self) -> None:
        parents: tuple[tuple[Any, str], ...] = (
            (Priority, "plan_id"),
            (Workstream, "priority_id"),
            (Action, "workstream_id"),
            (Milestone, "workstream_id"),
            (Commitment, "workstream_id"),
            (Record, "priority_id"),
            (Measure, "priority_id"),
            (LeadAssignment, "id"),
            (MilestoneAction, "milestone_id"),
            (PeriodState, "workstream_id"),
        )
        fresh = self.plan.ledger_seq <= 1
        for model, parent in parents:
            by_parent: dict[Any, list[Any]] = defaultdict(list)
            if not fresh:
                for row in self.session.scalars(select(model).where(model.plan_id == self.plan.id).order_by(model.id)):
                    by_parent[_lead_key(row) if isinstance(row, LeadAssignment) else getattr(row, parent)].append(row)
            self.existing[model] = by_parent
        query = select(Post, Organisation.name).join(Organisation, Organisation.id == Post.organisation_id)
        for post, organisation in self.session.execute(query):
            self.posts[fold(post.title), fold(organisation)] = post

    def _below(self, model: type[Row], parent: Any) -> list[Row]:
        return self.existing[model][parent]

    def _add(self, row: Row, parent: Any) -> Row:
        self.session.add(row)
        self.session.flush()
        self.recorder.add(row)
        self.existing[type(row)][parent].append(row)
        return row

    def _note(self, state: str, what: str, ref: str, text: str, detail: str = "") -> None:
        self.applied.outcomes.append(Outcome(state, what, ref, text, detail))

    def _reword(self, row: Base, what: str, ref: str, values: dict[str, Any]) -> None:
        changed = self.recorder.change(row, "reworded", values)
        text = next(iter(values.values()))
        if changed:
            detail = "; ".join(f"was: {pair[0] or 'empty'}" for pair in changed.values())
            self._note("changed", what, ref, text, detail)
        else:
            self._note("unchanged", what, ref, text)

    def _priority(self, line: PriorityLine, position: int) -> None:
        ref = line.ref or str(position)
        rows = self._below(Priority, self.plan.id)
        row = _match(rows, ref, line.title, "title")
        if row is None:
            row = self._add(
                Priority(
                    plan_id=self.plan.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    description=clean(line.description),
                    position=len(rows) + 1,
                ),
                self.plan.id,
            )
            self._note("new", "priority", ref, row.title)
        else:
            values = {"title": clean(line.title) or row.title}
            if line.description:
                values["description"] = clean(line.description)
            self._reword(row, "priority", ref, values)
        self._records(line.records, row.id)
        self._measures(line.measures, row.id)
        for index, workstream in enumerate(line.workstreams, 1):
            self._workstream(workstream, row, index)
        for milestone in line.unplaced:
            self._milestone(milestone, row, None, {})

    def _workstream(self, line: WorkstreamLine, priority: Priority, position: int) -> None:
        ref = line.ref or f"{priority.ref}.{position}"
        rows = self._below(Workstream, priority.id)
        row = _match(rows, ref, line.title, "title")
        if row is None:
            row = self._add(
                Workstream(
                    plan_id=self.plan.id,
                    priority_id=priority.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    position=len(rows) + 1,
                ),
                priority.id,
            )
            self._note("new", "workstream", ref, row.title)
        else:
            self._reword(row, "workstream", ref, {"title": clean(line.title) or row.title})
        self._leads(line.leads, workstream_id=row.id)
        actions: dict[str, Action] = {}
        for action_line in line.actions:
            action = self._action(action_line, row)
            if action is not None:
                actions[action_line.ref] = action
        for milestone in line.milestones:
            self._milestone(milestone, priority, row, actions)
        for commitment in line.commitments:
            self._commitment(commitment, row)
        states = self._below(PeriodState, row.id)
        for state in line.period_states[len(states) :]:
            self._add(
                PeriodState(
                    plan_id=self.plan.id,
                    workstream_id=row.id,
                    milestone=state.milestone,
                    period=state.period,
                    state=state.state,
                    position=len(states) + 1,
                ),
                row.id,
            )

    def _action(self, line: ActionLine, workstream: Workstream) -> Action | None:
        rows = self._below(Action, workstream.id)
        ref = line.ref or str(len(rows) + 1)
        full = f"{workstream.ref} {ref}"
        row = _match(rows, ref, line.text, "text")
        if row is None:
            row = self._add(
                Action(
                    plan_id=self.plan.id,
                    workstream_id=workstream.id,
                    ref=ref,
                    text=clean(line.text),
                    status_text=clean(line.status_text),
                    position=len(rows) + 1,
                ),
                workstream.id,
            )
            self._note("new", "action", full, row.text)
        else:
            self._reword(row, "action", full, {"text": clean(line.text)})
        self._leads(line.leads, action_id=row.id)
        return row

    def _milestone(
        self, line: MilestoneLine, priority: Priority, workstream: Workstream | None, actions: dict[str, Action]
    ) -> None:
        parent = workstream.id if workstream else None
        rows = [row for row in self._below(Milestone, parent) if row.priority_id == priority.id]
        ref = line.ref or str(len(rows) + 1)
        full = f"{workstream.ref}.{ref}" if workstream else ref
        period = read_period(line.date, calendar=self.calendar, year_kind=self.plan.year_kind)
        row = _match(rows, ref, line.text, "text", by_ref_only=not line.implicit)
        if row is None:
            row = self._add(self._new_milestone(line, priority, parent, ref, period, len(rows) + 1), parent)
            self.touched.append(row)
            self._note("new", "milestone", full, row.text)
        else:
            self._known_milestone(row, line, full, period)
        self._leads(line.leads, milestone_id=row.id)
        links = {link.action_id for link in self._below(MilestoneAction, row.id)}
        for action_ref in line.actions:
            action = actions.get(action_ref)
            if action is not None and action.id not in links:
                self._add(MilestoneAction(plan_id=self.plan.id, milestone_id=row.id, action_id=action.id), row.id)
        if line.tail and workstream is not None:
            self._tail(line, row, workstream, period)

    def _new_milestone(
        self, line: MilestoneLine, priority: Priority, parent: int | None, ref: str, period: Period, position: int
    ) -> Milestone:
        question = line.needs_decision or period.question
        return Milestone(
            plan_id=self.plan.id,
            priority_id=priority.id,
            workstream_id=parent,
            ref=ref,
            text=clean(line.text),
            position=position,
            tail=clean(line.tail),
            implicit=line.implicit,
            critical=line.critical,
            status_text=clean(line.status_text),
            needs_decision=clean(question),
            due=period.end if period.reading.value == "dated" else None,
            due_text=clean(line.date),
            due_precision=period.precision.value if period.reading.value == "dated" else "none",
            original_due=period.end if period.reading.value == "dated" else None,
            original_due_text=clean(line.date),
            planned_start=read_period(line.start, year_kind=self.plan.year_kind).start if line.start else None,
            progress=clean(line.update_text),
        )

    def _known_milestone(self, row: Milestone, line: MilestoneLine, full: str, period: Period) -> None:
        if line.date and period.end != row.due and fold(line.date) not in {fold(row.due_text), fold(row.original_due_text)}:
            self._note(
                "needs decision",
                "milestone",
                full,
                row.text,
                f'The file says "{line.date}", the agreed deadline is "{row.due_text or "none"}". Ask for a new date instead.',
            )
        values = {"text": clean(line.text)}
        if line.status_text:
            values["status_text"] = clean(line.status_text)
        self._reword(row, "milestone", full, values)

    def _tail(self, line: MilestoneLine, row: Milestone, workstream: Workstream, period: Period) -> None:
        if any(known.milestone_id == row.id for known in self._below(Commitment, workstream.id)):
            return
        read = read_period(f"{line.date} ({line.tail})", calendar=self.calendar, year_kind=self.plan.year_kind)
        self._add(
            Commitment(
                plan_id=self.plan.id,
                workstream_id=workstream.id,
                milestone_id=row.id,
                ref=f"{row.ref} tail",
                frequency=read.frequency or line.tail,
                text=clean(line.tail),
                position=len(self._below(Commitment, workstream.id)) + 1,
            ),
            workstream.id,
        )

    def _commitment(self, line: CommitmentLine, workstream: Workstream) -> None:
        rows = self._below(Commitment, workstream.id)
        if any(_alike(row.text, line.text) for row in rows if row.milestone_id is None):
            self._note("unchanged", "commitment", f"{workstream.ref} {line.ref}", line.text)
            return
        self._add(
            Commitment(
                plan_id=self.plan.id,
                workstream_id=workstream.id,
                ref=line.ref or str(len(rows) + 1),
                frequency=clean(line.frequency),
                text=clean(line.text),
                position=len(rows) + 1,
            ),
            workstream.id,
        )
        self._note("new", "commitment", f"{workstream.ref} {line.ref}", line.text)

    def _records(self, lines: Iterable[RecordLine], priority_id: int | None) -> None:
        rows = self._below(Record, priority_id)
        for line in lines:
            same = [row for row in rows if row.kind == line.kind and row.term == clean(line.term)]
            if any(_alike(row.text, line.text) for row in same):
                self._note("unchanged", line.kind.replace("_", " "), "", line.text)
                continue
            self._add(
                Record(
                    plan_id=self.plan.id,
                    priority_id=priority_id,
                    kind=line.kind,
                    term=clean(line.term),
                    text=clean(line.text),
                    position=len(rows) + 1,
                ),
                priority_id,
            )
            self._note("new", line.kind.replace("_", " "), "", line.text)

    def _measures(self, lines: Sequence[MeasureLine], priority_id: int | None) -> None:
        rows = self._below(Measure, priority_id)
        for line in lines:
            if any(fold(row.name) == fold(line.name) for row in rows):
                self._note("unchanged", "measure", "", line.name)
                continue
            measure = self._add(
                Measure(
                    plan_id=self.plan.id,
                    priority_id=priority_id,
                    name=clean(line.name),
                    unit=line.unit,
                    polarity=line.polarity,
                    baseline=line.baseline,
                    target=line.target,
                    frequency=line.frequency,
                    notes=clean(line.notes),
                    position=len(rows) + 1,
                ),
                priority_id,
            )
            self._note("new", "measure", "", measure.name)
            readings = [
                Reading(
                    plan_id=self.plan.id,
                    measure_id=measure.id,
                    period=reading.period,
                    group=reading.group,
                    value=reading.value,
                    position=position,
                )
                for position, reading in enumerate(line.readings, 1)
            ]
            self.session.add_all(readings)
            self.session.flush()
            for reading in readings:
                self.recorder.add(reading)

    def _leads(
        self,
        lines: Sequence[LeadLine],
        *,
        workstream_id: int | None = None,
        action_id: int | None = None,
        milestone_id: int | None = None,
    ) -> None:
        key = (workstream_id, action_id, milestone_id)
        known = self._below(LeadAssignment, key)
        for line in lines:
            post = self._post(line)
            if any(row.post_id == post.id for row in known):
                continue
            self._add(
                LeadAssignment(
                    plan_id=self.plan.id,
                    workstream_id=workstream_id,
                    action_id=action_id,
                    milestone_id=milestone_id,
                    post_id=post.id,
                    accountable=line.accountable or not known,
                    position=len(known) + 1,
                ),
                key,
            )

    def _post(self, line: LeadLine) -> Post:
        title, organisation = clean(line.post), clean(line.organisation)
        known = self.posts.get((fold(title), fold(organisation or self.plan.organisation)))
        if known is None and not organisation:
            known = next((post for (name, _), post in self.posts.items() if name == fold(title)), None)
        if known is not None:
            return known
        name = organisation or self.plan.organisation or "Organisation not named"
        home = self.session.scalar(select(Organisation).where(Organisation.name == name))
        if home is None:
            home = Organisation(name=name)
            self.session.add(home)
            self.session.flush()
        post = Post(title=title, organisation_id=home.id)
        self.session.add(post)
        self.session.flush()
        self.posts[fold(title), fold(name)] = post
        return post

    def _colour(self) -> None:
        scheme = colours.scheme_of(self.session, self.plan)
        day = self.recorder.today
        rows = [
            colours.span_row(self.plan.id, row.id, span)
            for row in self.touched
            for span in spans([(day, colours.facts_now(row, self.plan))], scheme)
        ]
        if rows:
            self.session.execute(insert(ColourSpan), rows)


def _lead_key(row: LeadAssignment) -> tuple[int | None, int | None, int | None]:
    return row.workstream_id, row.action_id, row.milestone_id


def _match(rows: Sequence[Row], ref: str, text: str, field_name: str, *, by_ref_only: bool = False) -> Row | None:
    for row in rows:
        if fold(getattr(row, "ref")) == fold(ref):  # noqa: B009  the rows share the column, not a class
            return row
    if by_ref_only:
        return None
    return next((row for row in rows if fold(getattr(row, field_name)) == fold(text)), None)


def _alike(known: str, given: str) -> bool:
    a, b = fold(known), fold(given)
    return a == b or SequenceMatcher(None, a, b).ratio() >= _ALIKE
