"""The rows that digests and chases are made of, each kind read in one statement over all plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.models import (
    ColourSpan,
    Commitment,
    DeadlineChange,
    LeadAssignment,
    Milestone,
    MilestoneAction,
    Plan,
    Workstream,
)
from tracker.queries.as_at import PRESENT
from tracker.queries.commitment_rows import commitment_rows
from tracker.queries.plans import on, ratings_of
from tracker.rules.colour import Colour
from tracker.rules.digest import THRESHOLDS
from tracker.rules.facts import SignOff
from tracker.rules.refs import whole_ref
from tracker.rules.rollup import Direction, direction

TURNS_WITHIN = timedelta(days=14)
WAITS = (SignOff.CLAIMED.value, SignOff.LAPSED.value)
"""A completion that waits for somebody to sign it off."""
MASKED_PLAN = "a plan marked as sensitive"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as messages name it."""

    id: int
    slug: str
    title: str
    sensitive: bool
    senior_post_id: int | None

    @property
    def name(self) -> str:
        """Return what a message may call it."""
        return MASKED_PLAN if self.sensitive else self.title


class Led(Protocol):
    """Something that is led as a milestone is."""

    @property
    def milestone_id(self) -> int: ...
    @property
    def workstream_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Due:
    """A milestone of which somebody has to be told, with its colour of today."""

    milestone_id: int
    plan_id: int
    workstream_id: int | None
    ref: str
    text: str
    due_precision: str
    signoff: str
    signoff_day: date | None
    claimed_by_id: int | None
    check_due: date | None
    needs_decision: str
    proposed_text: str
    updated_on: date | None
    workstream_ref: str | None
    rule: str
    colour: str
    due: date | None
    due_text: str
    from_day: date

    @property
    def full_ref(self) -> str:
        """Return the ref as people say it ("1a.5")."""
        return whole_ref(self.workstream_ref, self.ref)


@dataclass(frozen=True, slots=True)
class Turn:
    """A milestone whose colour becomes worse on a day to come, if nothing is recorded."""

    milestone_id: int
    plan_id: int
    workstream_id: int | None
    full_ref: str
    text: str
    on: date
    colour: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A new date that waits for a decision."""

    milestone_id: int
    plan_id: int
    full_ref: str
    text: str
    from_text: str
    to_text: str
    requested_on: date
    requested_by: str


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A recurring commitment that is Red or Amber, or waits with a question."""

    id: int
    plan_id: int
    workstream_id: int
    ref: str
    text: str
    reason: str
    question: str


class Leads:
    """Which posts lead what, over all plans."""

    def __init__(self) -> None:
        self._workstreams: dict[int, list[int]] = defaultdict(list)
        self._milestones: dict[int, list[int]] = defaultdict(list)
        self.accountable: dict[tuple[str, int], int] = {}

    def add(self, kind: str, key: int, post_id: int, *, accountable: bool = False) -> None:
        """Let a post lead a workstream or a milestone."""
        (self._workstreams if kind == "workstream" else self._milestones)[key].append(post_id)
        if accountable:
            self.accountable[kind, key] = post_id

    def of(self, row: Led) -> tuple[int, ...]:
        """Return the posts that lead a milestone: its own, those of its actions, those of its workstream."""
        found = [*self._milestones.get(row.milestone_id, ()), *self.of_workstream(row.workstream_id)]
        return tuple(dict.fromkeys(found))

    def of_workstream(self, workstream_id: int | None) -> tuple[int, ...]:
        """Return the posts that lead a workstream."""
        return tuple(self._workstreams.get(workstream_id or -1, ()))

    def answers(self, row: Led) -> tuple[int, ...]:
        """Return the one post that is accountable for a milestone; all that lead it where none is."""
        for kind, key in (("milestone", row.milestone_id), ("workstream", row.workstream_id or -1)):
            if (kind, key) in self.accountable:
                return (self.accountable[kind, key],)
        return self.of(row)


def plans(session: Session) -> dict[int, PlanLine]:
    """Return every plan by its number. One statement."""
    columns = (Plan.id, Plan.slug, Plan.title, Plan.sensitive, Plan.senior_post_id)
    return {row[0]: PlanLine(*row) for row in session.execute(select(*columns))}


def due_milestones(session: Session, today: date) -> Iterator[Due]:
    """Yield the open milestones of which somebody has to be told. One statement."""
    closed = (Colour.BLUE.value, Colour.NONE.value)
    soon = and_(
        ColourSpan.due >= today,
        ColourSpan.due <= today + timedelta(days=THRESHOLDS[0]),
        ColourSpan.colour.not_in(closed),
    )
    waits = Milestone.signoff.in_(WAITS)
    check = and_(Milestone.signoff == SignOff.APPROVED.value, Milestone.check_due <= today)
    own = [
        getattr(Milestone, field.name)
        for field in fields(Due)
        if field.name not in _OF_OTHERS and field.name != "milestone_id"
    ]
    query = (
        select(
            Milestone.id,
            *own,
            Workstream.ref,
            ColourSpan.rule,
            ColourSpan.colour,
            ColourSpan.due,
            ColourSpan.due_text,
            ColourSpan.from_day,
        )
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(
            *on(today),
            Milestone.standing == "open",
            or_(ColourSpan.rule.in_(["3", "4e", "4g"]), soon, waits, check, Milestone.needs_decision != ""),
        )
        .order_by(Milestone.id)
    )
    for values in session.execute(query):
        yield Due(*values)


_OF_OTHERS = frozenset({"workstream_ref", "rule", "colour", "due", "due_text", "from_day"})


def turning(session: Session, today: date) -> Iterator[Turn]:
    """Yield the milestones that turn worse within two weeks, the first turn of each. One statement."""
    then = aliased(ColourSpan)
    query = (
        select(
            Milestone.id,
            Milestone.plan_id,
            Milestone.workstream_id,
            Workstream.ref,
            Milestone.ref,
            Milestone.text,
            then.from_day,
            then.colour,
            then.reason,
            ColourSpan.colour,
        )
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .join(then, then.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(
            *on(today),
            ColourSpan.to_day < today + TURNS_WITHIN,
            then.from_day > today,
            then.from_day <= today + TURNS_WITHIN,
            Milestone.standing == "open",
        )
        .order_by(Milestone.id, then.from_day)
    )
    seen: set[int] = set()
    for key, plan_id, workstream_id, workstream, ref, text, day, colour, reason, before in session.execute(query):
        if key not in seen and direction(Colour(before), Colour(colour)) is Direction.WORSE:
            seen.add(key)
            yield Turn(key, plan_id, workstream_id, whole_ref(workstream, ref), text, day, colour, reason)


def date_requests(session: Session) -> Iterator[ChangeRow]:
    """Yield the new dates that wait for a decision. One statement."""
    query = (
        select(DeadlineChange, Milestone.ref, Milestone.text, Workstream.ref)
        .join(Milestone, Milestone.id == DeadlineChange.milestone_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(DeadlineChange.state == "requested", Milestone.standing == "open")
        .order_by(DeadlineChange.id)
    )
    for change, ref, text, workstream in session.execute(query):
        yield ChangeRow(
            change.milestone_id,
            change.plan_id,
            whole_ref(workstream, ref),
            text,
            change.from_text,
            change.to_text,
            change.requested_on,
            change.requested_by,
        )


def behind(session: Session, today: date) -> Iterator[CommitmentLine]:
    """Yield the open commitments that are Red or Amber, and those that wait with a question. Two statements."""
    schemes = {
        key: ratings_of(stored).on(today).scheme for key, stored in session.execute(select(Plan.id, Plan.ratings))
    }
    where = {key: plan_id for key, plan_id in session.execute(select(Workstream.id, Workstream.plan_id))}  # noqa: C416  rows
    found = commitment_rows(session, Commitment.standing == "open", schemes, today, PRESENT, {})
    for workstream_id, rows in found.items():
        for row in rows:
            question = row.proposal.question if row.proposal is not None else ""
            if question or row.verdict.colour in (Colour.RED, Colour.AMBER):
                reason: Any = row.verdict.reason
                yield CommitmentLine(row.id, where[workstream_id], workstream_id, row.ref, row.text, reason, question)


def leads(session: Session) -> Leads:
    """Return which posts lead what. Two statements."""
    made = Leads()
    standing = LeadAssignment.ended.is_(None)
    query = select(
        LeadAssignment.workstream_id, LeadAssignment.milestone_id, LeadAssignment.post_id, LeadAssignment.accountable
    ).where(standing, LeadAssignment.action_id.is_(None))
    for workstream_id, milestone_id, post_id, accountable in session.execute(query.order_by(LeadAssignment.position)):
        if milestone_id is not None:
            made.add("milestone", milestone_id, post_id, accountable=accountable)
        elif workstream_id is not None:
            made.add("workstream", workstream_id, post_id, accountable=accountable)
    linked = (
        select(MilestoneAction.milestone_id, LeadAssignment.post_id)
        .join(LeadAssignment, LeadAssignment.action_id == MilestoneAction.action_id)
        .where(standing, MilestoneAction.unlinked_on.is_(None))
        .order_by(LeadAssignment.position)
    )
    for milestone_id, post_id in session.execute(linked):
        made.add("milestone", milestone_id, post_id)
    return made
