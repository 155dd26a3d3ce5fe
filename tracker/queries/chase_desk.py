"""The chase desk of a plan: what each post that leads owes, who answers, the last contact and the next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Chase,
    ColourSpan,
    Commitment,
    DeadlineChange,
    Evidence,
    Milestone,
    OutboxMessage,
    Workstream,
)
from tracker.queries.answering import Contact, leads_of_plan, managers_of_plan, people_of_posts
from tracker.queries.as_at import PRESENT
from tracker.queries.boards import council_days
from tracker.queries.commitment_rows import commitment_rows
from tracker.queries.plan_rows import PlanRow
from tracker.queries.plans import on
from tracker.queries.windows import open_windows
from tracker.rules.chasing import Owes, Standing, confirmed_words, owed
from tracker.rules.colour import Colour
from tracker.rules.dates import Precision, show_period
from tracker.rules.digest import days_words
from tracker.rules.escalation import About, Asked, Rung, coming_step
from tracker.rules.refs import whole_ref
from tracker.rules.scheme import Thresholds, scheme_on
from tracker.rules.text import fold
from tracker.rules.working_days import WorkingDays

NO_LEAD = "Nobody leads it"


@dataclass(frozen=True, slots=True)
class Debt:
    """One thing that is owed. `step` is what the ladder does next about it, None where it does nothing."""

    owes: Owes
    ref: str
    text: str
    says: str
    path: str
    milestone_id: int | None = None
    due: date | None = None
    step: tuple[Rung, date] | None = None


@dataclass(frozen=True, slots=True)
class Contacted:
    """The last time that somebody was told: when, whom in words, by which step, and what became of the message."""

    at: datetime
    told: str
    rung: Rung
    asked_by: str
    state: str  # of the message in the outbox, "" where there is none


@dataclass(frozen=True, slots=True)
class Debtor:
    """A post that owes something; `post_id` is 0 for what nobody leads.

    `reached` are those whom a message reaches: holder and deputies who are there, otherwise the plan's managers.
    """

    post_id: int
    post: str
    people: tuple[Contact, ...]
    reached: tuple[Contact, ...]
    by_managers: bool
    debts: tuple[Debt, ...]
    last: Contacted | None
    chased_today: bool

    @property
    def step(self) -> tuple[Rung, date] | None:
        """Return what the ladder does next about anything that is owed, and when; None if nothing."""
        return min((debt.step for debt in self.debts if debt.step), key=lambda step: step[1], default=None)

    @property
    def why_nobody(self) -> str:
        """Say why the managers are told instead, "" where the post answers."""
        if not self.by_managers:
            return ""
        return "; ".join(f"{one.name} {one.why_not}" for one in self.people) or ("vacant" if self.post_id else "")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that is owed in a plan today, by post, the longest list first. `window`: since when updates count."""

    window: date
    board: str  # whose update window it is, "" where none is open
    rows: tuple[Debtor, ...]

    def counts(self) -> dict[Owes, int]:
        """Return how many things of each kind are owed, each counted once however many posts share it."""
        found: dict[Owes, set[str]] = {owes: set() for owes in Owes}
        for row in self.rows:
            for debt in row.debts:
                found[debt.owes].add(debt.path)
        return {owes: len(paths) for owes, paths in found.items()}

    def of_person(self, person_id: int) -> list[Debt]:
        """Return everything that a person answers for here, each thing once."""
        there = (
            debt for row in self.rows if any(one.person_id == person_id for one in row.reached) for debt in row.debts
        )
        return sorted({debt.path: debt for debt in there}.values(), key=_order)


def chase_desk(session: Session, plan: PlanRow, schemes: Thresholds, today: date, grace: tuple[int, int]) -> Desk:
    """Return the desk of a plan. Nine statements, however large the plan is; `grace` is that of the ladder."""
    days = council_days(session)
    windows = [one for one in open_windows(session, today, days) if plan.id in one.plan_ids]
    opens = max(windows, key=lambda one: one.dates.opens, default=None)
    window = opens.dates.opens if opens else today.replace(day=1)
    led = leads_of_plan(session, plan.id)
    chases = _chases(session, plan.id)
    of_milestone: dict[int | None, list[Any]] = defaultdict(list)
    for one in chases:
        of_milestone[one.milestone_id].append(one)
    owing: dict[int, list[Debt]] = defaultdict(list)
    for row in _milestones(session, plan.id, today):
        debt = _debt(row, of_milestone[row.id], window, today, grace, days)
        if debt is not None:
            for post_id in led.answers(_Key(row.id, row.workstream_id)) or (0,):
                owing[post_id].append(debt)
    condition = (Commitment.plan_id == plan.id) & (Commitment.standing == "open")
    recurring = commitment_rows(session, condition, scheme_on(schemes, today), today, PRESENT, {})
    streams = select(Workstream.id, Workstream.ref).where(Workstream.id.in_(sorted(recurring)))
    refs = {row.id: row.ref for row in session.execute(streams)} if recurring else {}
    for workstream_id, found in recurring.items():
        for one in found:
            if one.proposal is None and one.verdict.colour in (Colour.RED, Colour.AMBER):
                stream = refs.get(workstream_id, "")
                ref = whole_ref(stream, one.ref) if one.ref else stream
                said = Debt(Owes.RECURRING, ref, one.text, one.verdict.reason, f"/commitments/{one.id}")
                for post_id in led.answers(_Key(0, workstream_id)) or (0,):
                    owing[post_id].append(said)
    titles, people = people_of_posts(session, plan.id, today)
    managers = managers_of_plan(session, plan.id, today)
    rows = []
    for post_id, debts in owing.items():
        there = people.get(post_id, ())
        reached = tuple(one for one in there if not one.why_not)
        told = reached or managers
        rows.append(
            Debtor(
                post_id,
                titles.get(post_id, NO_LEAD),
                there,
                told,
                not reached,
                tuple(sorted(debts, key=_order)),
                *_last(of_milestone, debts, told, today),
            )
        )
    rows.sort(key=lambda row: (-len(row.debts), fold(row.post), row.post_id))
    return Desk(window, opens.board if opens else "", tuple(rows))


@dataclass(frozen=True, slots=True)
class _Key:
    milestone_id: int
    workstream_id: int | None


def _order(debt: Debt) -> tuple[int, date, str]:
    return list(Owes).index(debt.owes), debt.due or date.max, debt.path


def _milestones(session: Session, plan_id: int, today: date) -> Iterable[Any]:
    """Read the open milestones of a plan with their colour, their evidence and whether a new date waits."""
    evidence = (
        select(func.count())
        .where(Evidence.milestone_id == Milestone.id, Evidence.withdrawn.is_(False))
        .scalar_subquery()
    )
    asked = (
        select(func.count())
        .where(DeadlineChange.milestone_id == Milestone.id, DeadlineChange.state == "requested")
        .scalar_subquery()
    )
    query = (
        select(
            Milestone.id,
            Milestone.workstream_id,
            Milestone.ref,
            Milestone.text,
            Milestone.due_precision,
            Milestone.signoff,
            Milestone.updated_on,
            Workstream.ref.label("workstream_ref"),
            ColourSpan.rule,
            ColourSpan.colour,
            ColourSpan.due,
            ColourSpan.due_text,
            evidence.label("evidence"),
            asked.label("asked"),
        )
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(*on(today), Milestone.plan_id == plan_id, Milestone.standing == "open")
        .order_by(Milestone.position, Milestone.id)
    )
    return session.execute(query)


def _debt(
    row: Any, chases: Sequence[Any], window: date, today: date, grace: tuple[int, int], days: WorkingDays
) -> Debt | None:
    known = Standing(Colour(row.colour), row.rule, row.due, row.updated_on, row.signoff, bool(row.asked), row.evidence)
    owes = owed(known, window)
    if owes is None:
        return None
    step, when = None, show_period(row.due_text, row.due, Precision(row.due_precision)) if row.due else "no date"
    if owes in (Owes.OVERDUE, Owes.NEW_DATE):
        steps = [one for one in chases if one.due == row.due and one.about == About.DEADLINE and not one.asked_by]
        asked = [Asked(Rung(one.rung), one.chased_on) for one in steps]
        step = coming_step(row.due, asked, row.updated_on, today, grace, days)
        said = f"Was due {when}, {days_words((today - row.due).days)} ago. {confirmed_words(row.updated_on)}"
    elif owes is Owes.EVIDENCE:
        said = "It is signed off, and no evidence is kept with it."
    else:
        said = f"{f'Due {when}' if row.due else 'No date'}. {confirmed_words(row.updated_on)}"
    ref = whole_ref(row.workstream_ref, row.ref)
    return Debt(owes, ref, row.text, said, f"/milestones/{row.id}", row.id, row.due, step)


def _chases(session: Session, plan_id: int) -> list[Any]:
    """Read who was chased in a plan, oldest first, with what became of the message."""
    query = (
        select(
            Chase.id,
            Chase.milestone_id,
            Chase.due,
            Chase.rung,
            Chase.person_id,
            Chase.told,
            Chase.chased_on,
            Chase.chased_at,
            Chase.asked_by,
            Chase.about,
            OutboxMessage.state,
        )
        .outerjoin(OutboxMessage, (OutboxMessage.dedupe_key == Chase.message_key) & (Chase.message_key != ""))
        .outerjoin(Milestone, Milestone.id == Chase.milestone_id)
        .where(Chase.plan_id == plan_id, or_(Milestone.id.is_(None), Milestone.standing == "open"))
        .order_by(Chase.id)
    )
    return list(session.execute(query))


def _last(
    chases: Mapping[int | None, list[Any]], debts: list[Debt], told: tuple[Contact, ...], today: date
) -> tuple[Contacted | None, bool]:
    """Return the last contact about what a post owes, and whether everybody who answers was chased by hand today."""
    people = {one.person_id for one in told}
    about = [one for key in {debt.milestone_id for debt in debts} - {None} for one in chases.get(key, ())]
    about += [one for one in chases.get(None, ()) if one.person_id in people]
    by_hand = {one.person_id for one in about if one.asked_by and one.chased_on == today}
    last = max(about, key=lambda one: one.id, default=None)
    found = None
    if last is not None:
        found = Contacted(last.chased_at, last.told, Rung(last.rung), last.asked_by, last.state or "")
    return found, bool(people) and people <= by_hand
