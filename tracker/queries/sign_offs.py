"""What waits for an approver, over all the plans that they manage: completions to decide and completions to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Evidence, LedgerEntry, Milestone, Person, Plan, Workstream
from tracker.queries.plans import ratings_of
from tracker.queries.register import led_by
from tracker.rules.facts import SignOff
from tracker.rules.permissions import Actor, Role
from tracker.rules.refs import whole_ref

_MOST = 200  # the oldest of more than this are shown


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A completion that waits for a decision, or one that is to be checked again."""

    milestone_id: int
    version: int
    full_ref: str
    text: str
    due_text: str
    plan_slug: str
    plan_title: str
    demonstration: bool
    check: bool  # whether it is a check of a completion that was signed off
    lapsed: bool
    since: date  # the day from which it waits
    completed: date | None
    claimed_by: str
    progress: str
    evidence: int
    age: int  # days
    left: int | None  # days of the sign-off clock; negative once it has run out; None for a check
    mine: bool  # claimed, changed last in its evidence or led by the person who looks: somebody else decides


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, oldest first; how much there is beyond what is shown; the plans to choose from."""

    rows: tuple[WaitingRow, ...]
    total: int
    plans: tuple[tuple[str, str], ...]


def managed(actor: Actor) -> list[int]:
    """Return the ids of the plans that the actor manages."""
    return sorted(plan_id for plan_id, roles in actor.roles.items() if Role.MANAGER in roles)


def queue(session: Session, actor: Actor, today: date, slug: str = "") -> Queue:
    """Return what waits for the actor, in one plan or in all they manage. Four statements at most."""
    ids = managed(actor)
    listed = select(Plan.id, Plan.slug, Plan.title).where(Plan.id.in_(ids)).order_by(Plan.title)
    plans = session.execute(listed).all()
    asked = [plan.id for plan in plans if not slug or plan.slug == slug]
    query = (
        select(
            Milestone,
            Workstream.ref,
            Plan.slug,
            Plan.title,
            Plan.demonstration,
            Person.name,
            Plan.ratings,
            led_by(sorted(actor.posts)) if actor.posts else false(),
        )
        .join(Plan, Plan.id == Milestone.plan_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .outerjoin(Person, Person.id == Milestone.claimed_by_id)
        .where(Milestone.plan_id.in_(asked), _waits(today))
        .order_by(func.coalesce(Milestone.check_due, Milestone.signoff_day), Milestone.id)
    )
    total = session.scalar(
        select(func.count()).select_from(Milestone).where(Milestone.plan_id.in_(asked), _waits(today))
    )
    found = session.execute(query.limit(_MOST)).all()
    counts, editors = _evidence(session, [row[0].id for row in found])
    rows = []
    for milestone, workstream, plan_slug, title, demonstration, name, ratings, leads in found:
        check = milestone.signoff == SignOff.APPROVED
        since = (milestone.check_due if check else milestone.signoff_day) or today
        scheme = ratings_of(ratings).on(today).scheme
        last = since + timedelta(days=scheme.signoff_days)
        barred = {milestone.claimed_by_id, editors.get(milestone.id)} - {None}
        rows.append(
            WaitingRow(
                milestone_id=milestone.id,
                version=milestone.version,
                full_ref=whole_ref(workstream, milestone.ref),
                text=milestone.text,
                due_text=milestone.due_text,
                plan_slug=plan_slug,
                plan_title=title,
                demonstration=demonstration,
                check=check,
                lapsed=milestone.signoff == SignOff.LAPSED,
                since=since,
                completed=milestone.completed,
                claimed_by=name or "",
                progress=milestone.progress,
                evidence=counts.get(milestone.id, 0),
                age=(today - since).days,
                left=None if check else (last - today).days,
                mine=leads or actor.person_id in barred,
            )
        )
    return Queue(tuple(rows), total or 0, tuple((plan.slug, plan.title) for plan in plans))


def count_waiting(session: Session, actor: Actor, today: date) -> int:
    """Return how much waits for the actor, for the figure in the navigation. One statement."""
    query = select(func.count()).select_from(Milestone).where(Milestone.plan_id.in_(managed(actor)), _waits(today))
    return session.scalar(query) or 0


def _waits(today: date) -> ColumnElement[bool]:
    to_decide = Milestone.signoff.in_([SignOff.CLAIMED.value, SignOff.LAPSED.value])
    to_check = (Milestone.signoff == SignOff.APPROVED.value) & (Milestone.check_due <= today)
    return (Milestone.standing == "open") & or_(to_decide, to_check)


def _evidence(session: Session, ids: list[int]) -> tuple[dict[int, int], dict[int, int | None]]:
    """Return how many pieces of evidence stand, and who changed the evidence last, by milestone."""
    if not ids:
        return {}, {}
    counted = select(Evidence.milestone_id, func.count()).where(
        Evidence.milestone_id.in_(ids), Evidence.withdrawn.is_(False)
    )
    counts = {row[0]: row[1] for row in session.execute(counted.group_by(Evidence.milestone_id))}
    entries = (
        select(Evidence.milestone_id, LedgerEntry.actor_id)
        .join(
            Evidence,
            (Evidence.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Evidence.__tablename__),
        )
        .where(Evidence.milestone_id.in_(ids))
        .order_by(LedgerEntry.plan_id, LedgerEntry.seq)
    )
    return counts, {row[0]: row[1] for row in session.execute(entries)}
