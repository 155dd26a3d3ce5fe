"""Everything the page of one commitment shows as at a day, and which commitments want something from a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.models import Commitment, LeadAssignment, Milestone, Plan, PlanVersion, Workstream
from tracker.queries.as_at import past, past_of_plans
from tracker.queries.commitment_rows import CommitmentRow, commitment_rows
from tracker.queries.history import commitment_history
from tracker.queries.milestone_rows import leading_on, load_leads
from tracker.queries.plans import PLAN_COLUMNS, VERSION_COLUMNS, plan_of_rows, ratings_of
from tracker.queries.rows import HistoryRow, LeadRow, PlanRow
from tracker.rules.colour import RANK, Colour
from tracker.rules.dates import show_day
from tracker.rules.occurrences import Occurrence, Outcome, Recorded
from tracker.rules.permissions import Actor
from tracker.rules.rating import Rating
from tracker.rules.recurrence import Adherence, CommitmentVerdict, adherence, assess_commitment
from tracker.rules.recurrence_receipt import CommitmentReceipt, commitment_receipt
from tracker.rules.scheme import Scheme

REWOUND = ("commitment", "occurrence", "workstream", "lead_assignment")
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """A commitment with every window, the rules of its colour and its history. `lines` are newest first."""

    plan: PlanRow
    row: CommitmentRow
    workstream_id: int
    workstream_ref: str
    workstream_title: str
    leads: tuple[LeadRow, ...]
    lines: tuple[Occurrence, ...]
    receipt: CommitmentReceipt
    scheme: Scheme
    history: tuple[HistoryRow, ...]

    @property
    def full_ref(self) -> str:
        """Return the ref that people say: workstream and number."""
        return f"{self.workstream_ref}.{self.row.ref}" if self.row.ref else self.workstream_ref


@dataclass(frozen=True, slots=True)
class MyCommitment:
    """One of my commitments that wants something: what, in a sentence, and the button that does it."""

    row: CommitmentRow
    full_ref: str
    plan_title: str
    demonstration: bool
    sentence: str
    button: str
    rating: Rating


def plan_of_commitment(session: Session, commitment_id: int) -> PlanRow | None:
    """Return the plan that a commitment belongs to; None if there is no such commitment. One statement."""
    query = (
        select(*PLAN_COLUMNS, *VERSION_COLUMNS)
        .join(Commitment, Commitment.plan_id == Plan.id)
        .outerjoin(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(Commitment.id == commitment_id)
    )
    rows = session.execute(query).mappings().all()
    return plan_of_rows(rows) if rows else None


def commitment_page(
    session: Session, plan: PlanRow, commitment_id: int, day: date, today: date
) -> CommitmentPage | None:
    """Return the page of a commitment; None if it was not in the plan on that day. Seven statements at most."""
    then = past(session, plan.id, day, today, REWOUND)
    scheme = plan.ratings.on(day).scheme
    place = session.execute(
        select(Workstream.id, Workstream.ref, Workstream.title, Milestone.id, Milestone.ref)
        .join(Commitment, Commitment.workstream_id == Workstream.id)
        .outerjoin(Milestone, Milestone.id == Commitment.milestone_id)
        .where(Commitment.id == commitment_id)
    ).one()
    workstream_id, ref, title, milestone_id, milestone_ref = place
    names = {milestone_id: f"{ref}.{milestone_ref}"} if milestone_id is not None else {}
    found = commitment_rows(session, Commitment.id == commitment_id, scheme, day, then, names)
    if workstream_id not in found:
        return None
    row = found[workstream_id][0]
    leads = load_leads(session, LeadAssignment.workstream_id == workstream_id, day, then)
    out = row.verdict if row.standing != "open" else None
    return CommitmentPage(
        plan=plan,
        row=row,
        workstream_id=workstream_id,
        workstream_ref=ref,
        workstream_title=then.of("workstream", workstream_id).get("title", title),
        leads=leads.get(("workstream", workstream_id), ()),
        lines=tuple(reversed(row.occurrences(day))),
        receipt=commitment_receipt(row.rule, row.recorded, day, scheme, out),
        scheme=scheme,
        history=tuple(commitment_history(session, commitment_id, day)),
    )


def if_attested(
    page: CommitmentPage, held: Sequence[date], skipped: Mapping[date, str], day: date
) -> tuple[CommitmentVerdict, Adherence] | None:
    """Return what a commitment would be on a day if these windows were attested; None while its rule is proposed."""
    rule, known = page.row.rule, {one.scheduled: one for one in page.row.recorded}
    if rule is None:
        return None
    for scheduled in held:
        known[scheduled] = Recorded(scheduled, Outcome.HELD)
    for scheduled, reason in skipped.items():
        known[scheduled] = Recorded(scheduled, Outcome.SKIPPED, reason=reason)
    recorded = list(known.values())
    return assess_commitment(rule, recorded, day, page.scheme), adherence(rule, recorded, day, page.scheme)


def my_commitments(session: Session, actor: Actor, day: date, today: date) -> list[MyCommitment]:
    """Return which commitments that the actor's posts lead want something, as at a day, most pressing first."""
    if not actor.posts:
        return []
    led = led_commitments(actor, day)
    places = session.execute(
        select(Commitment.id, Workstream.ref, Plan.id, Plan.title, Plan.demonstration, Plan.ratings)
        .join(Workstream, Workstream.id == Commitment.workstream_id)
        .join(Plan, Plan.id == Commitment.plan_id)
        .where(led)
    ).all()
    if not places:
        return []
    then = past_of_plans(session, sorted({place[2] for place in places}), day, today, REWOUND)
    ratings = {place[2]: ratings_of(place[5]).on(day) for place in places}
    schemes = {key: rating.scheme for key, rating in ratings.items()}
    found = commitment_rows(session, led, schemes, day, then, {})
    rows = {row.id: row for listed in found.values() for row in listed}
    wanted = []
    for key, ref, plan_id, title, demonstration, _ in places:
        said = _wanted(rows[key], day) if key in rows else None
        if said is not None:
            full = f"{ref}.{rows[key].ref}"
            wanted.append(MyCommitment(rows[key], full, title, demonstration, *said, ratings[plan_id]))
    return sorted(wanted, key=lambda one: (RANK[one.row.verdict.colour], one.full_ref))


def led_commitments(actor: Actor, day: date) -> ColumnElement[bool]:
    """Return the condition that one of the actor's posts leads a commitment on a day."""
    mine = LeadAssignment.post_id.in_(sorted(actor.posts)) & leading_on(day)
    return or_(
        Commitment.workstream_id.in_(
            select(LeadAssignment.workstream_id).where(mine, LeadAssignment.workstream_id.is_not(None))
        ),
        Commitment.milestone_id.in_(
            select(LeadAssignment.milestone_id).where(mine, LeadAssignment.milestone_id.is_not(None))
        ),
    )


def _wanted(row: CommitmentRow, day: date) -> tuple[str, str] | None:
    """Return what a commitment wants from its lead and the button for it; None if nothing."""
    if row.rule is None:
        return row.verdict.reason, "Confirm how often"
    if row.verdict.colour is Colour.BLUE:
        return None
    lines = row.occurrences(day)
    counted = lines[-14:] if row.rule.frequent else lines[-5:]
    missed = [one for one in counted if one.outcome is Outcome.MISSED]
    if missed:
        number = "One window has" if len(missed) == 1 else f"{len(missed)} windows have"
        return f"{number} closed with nothing recorded, the latest due {show_day(missed[-1].scheduled)}.", "Record"
    current = lines[-1] if lines and lines[-1].current else None
    if current is None or current.outcome is not Outcome.NOT_DUE or current.scheduled > day + _SOON:
        return None
    planned = current.recorded.planned_for if current.recorded is not None else None
    arranged = f", planned for {show_day(planned)}" if planned is not None else ""
    return f"One is due by {show_day(current.scheduled)}{arranged}.", "Record"
