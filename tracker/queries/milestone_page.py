"""Everything the page of one milestone shows, as at a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Evidence,
    LedgerEntry,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Plan,
    PlanVersion,
)
from tracker.queries.as_at import REWOUND, Past, past
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.history import milestone_history
from tracker.queries.links import Linked, Sees, linked_milestones
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.plans import PLAN_COLUMNS, VERSION_COLUMNS, plan_of_rows
from tracker.queries.restate import BaselineRow
from tracker.queries.rows import HistoryRow, MilestoneRow, PlanRow
from tracker.queries.timelines import after, link_entries, waiting
from tracker.rules.baseline import baselines_in
from tracker.rules.facts import Facts, SignOff
from tracker.rules.fold import fold
from tracker.rules.scheme import Scheme, known_by
from tracker.rules.signature import Signed, SignedEvidence, what_changed
from tracker.rules.status import RuleLine, Verdict, receipt
from tracker.rules.timeline import Span, change_after, spans
from tracker.rules.waiting import facts_on, with_predecessors


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A link or a file that supports the completion."""

    id: int
    title: str
    url: str
    media_type: str
    size: int
    added_on: date
    added_by: str
    is_file: bool
    sha256: str = ""
    withdrawn_on: date | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


@dataclass(frozen=True, slots=True)
class UpdateText:
    """What a lead wrote on one day: what was done and, separately, what difference it made."""

    day: date
    by: str
    progress: str
    impact: str
    help_needed: str
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """A milestone with its receipt, its timeline of colours and its history."""

    plan: PlanRow
    day: date
    scheme: Scheme
    milestone: MilestoneRow
    facts: Facts
    receipt: tuple[RuleLine, ...]
    next_change: tuple[date, Verdict] | None
    spans: tuple[Span, ...]
    history: tuple[HistoryRow, ...]
    updates: tuple[UpdateText, ...]
    actions: tuple[tuple[str, str], ...]  # ref and text of the linked actions
    waits_for: tuple[Linked, ...]
    waited_by: tuple[Linked, ...]
    moves: tuple[DeadlineMove, ...]
    evidence: tuple[EvidenceRow, ...]
    override_reason: str
    override_until: date | None
    claimed_by_id: int | None
    evidence_editor_id: int | None  # who last added or withdrew evidence
    withdrawn: tuple[EvidenceRow, ...]  # evidence that was taken back by that day
    lapsed_by: tuple[str, ...]  # what is not as it was signed, where a sign-off has lapsed
    check_due: date | None
    baselines: tuple[BaselineRow, ...]  # that later versions of the plan gave to it by that day


def plan_of(session: Session, milestone_id: int) -> PlanRow | None:
    """Return the plan that a milestone belongs to; None if there is no such milestone. One statement."""
    query = (
        select(*PLAN_COLUMNS, *VERSION_COLUMNS)
        .join(Milestone, Milestone.plan_id == Plan.id)
        .outerjoin(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(Milestone.id == milestone_id)
    )
    rows = session.execute(query).mappings().all()
    return plan_of_rows(rows) if rows else None


def milestone_page(
    session: Session, plan: PlanRow, milestone_id: int, day: date, today: date, sees: Sees = lambda plan_id: False
) -> MilestonePage | None:
    """Return the page of a milestone; None if it was not in the plan on that day.

    Thirteen statements at most, five more where milestones wait for each other. `sees` says of which other plans a
    linked milestone may be named.

    Receipt and timeline are computed from the ledger as known at the end of `day`, so that a page as at a past day
    shows the future as it looked then.
    """
    then = past(session, plan.id, day, today, REWOUND)
    found = rows_of(session, milestone_query(day).where(Milestone.id == milestone_id), day, then)
    if not found:
        return None
    scheme = plan.ratings.on(day).scheme
    entries = _entries(session, milestone_id, day)
    own = fold([(effective, after(changes)) for effective, _, changes in entries], plan.adopted)
    links = link_entries(
        session,
        or_(MilestonePredecessor.milestone_id == milestone_id, MilestonePredecessor.predecessor_id == milestone_id),
        day,
    )
    before = waiting(session, [link for link in links if link.milestone_id == milestone_id], day)
    history = with_predecessors(own, before.get(milestone_id, ()))
    facts = facts_on(history, day) or own[-1][1]
    waits_for, waited_by = linked_milestones(session, milestone_id, plan.id, links, day, today, sees)
    override = facts.override
    evidence = _evidence(session, milestone_id, day)
    return MilestonePage(
        plan=plan,
        day=day,
        scheme=scheme,
        milestone=found[0],
        facts=facts,
        receipt=receipt(facts, day, scheme),
        next_change=change_after(history, day, known_by(plan.ratings.schemes, day)),
        spans=tuple(spans(history, known_by(plan.ratings.schemes, day))),
        history=tuple(milestone_history(session, milestone_id, day)),
        updates=_updates(entries),
        actions=_actions(session, milestone_id, then),
        waits_for=waits_for,
        waited_by=waited_by,
        moves=tuple(deadline_ledger(session, plan.id, day, today, milestone_id)),
        evidence_editor_id=_editor(session, [item.id for item in evidence]),
        evidence=tuple(item for item in evidence if item.withdrawn_on is None),
        withdrawn=tuple(item for item in evidence if item.withdrawn_on is not None),
        lapsed_by=_changed_since_signed(entries, evidence) if facts.signoff is SignOff.LAPSED else (),
        check_due=facts.check_due,
        baselines=_baselines(plan, entries, day),
        override_reason=override.reason if override and override.until >= day else "",
        override_until=override.until if override and override.until >= day else None,
        claimed_by_id=session.scalar(select(Milestone.claimed_by_id).where(Milestone.id == milestone_id)),
    )


Entries = Sequence[tuple[date, str, Mapping[str, Any]]]


def _entries(session: Session, milestone_id: int, day: date) -> Entries:
    query = (
        select(LedgerEntry.effective_day, LedgerEntry.actor, LedgerEntry.changes)
        .where(
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id == milestone_id,
            LedgerEntry.effective_day <= day,
        )
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    return [(effective, actor, changes) for effective, actor, changes in session.execute(query)]


def _baselines(plan: PlanRow, entries: Entries, day: date) -> tuple[BaselineRow, ...]:
    """Return the baselines in a history, of versions that hold on the day, the first one first."""
    versions = {version.number: version for version in plan.later_versions if version.holds_on(day)}
    taken = baselines_in(after(changes) for _, _, changes in entries)
    return tuple(
        BaselineRow(number, versions[number].label, versions[number].adopted or day, **taken[number])
        for number in sorted(taken)
        if number in versions
    )


def _updates(entries: Entries) -> tuple[UpdateText, ...]:
    """Return the updates in a history, newest first; a later text of the same day stands for the day."""
    found: list[UpdateText] = []
    state = {"progress": "", "impact": "", "help_needed": "", "consequence": ""}
    for day, actor, changes in entries:
        state |= {name: pair[1] or "" for name, pair in changes.items() if name in state}
        if "progress" in changes or "impact" in changes:
            found.append(UpdateText(day, actor, **state))
    return tuple(update for update in reversed(found) if update.progress or update.impact)


def _actions(session: Session, milestone_id: int, then: Past) -> tuple[tuple[str, str], ...]:
    query = (
        select(MilestoneAction.id, MilestoneAction.unlinked_on, Action.ref, Action.text)
        .join(Action, MilestoneAction.action_id == Action.id)
        .where(MilestoneAction.milestone_id == milestone_id)
        .order_by(Action.position)
    )
    return tuple(
        (ref, text)
        for key, unlinked_on, ref, text in session.execute(query)
        if then.stands(MilestoneAction.__tablename__, key, unlinked_on)
    )


def _evidence(session: Session, milestone_id: int, day: date) -> tuple[EvidenceRow, ...]:
    """Return the evidence given by a day, newest first; what was taken back later stands as it stood then."""
    query = select(Evidence).where(Evidence.milestone_id == milestone_id, Evidence.added_on <= day)
    found = []
    for e in session.scalars(query.order_by(Evidence.id.desc())):
        row = EvidenceRow(
            e.id, e.title, e.url, e.media_type, e.size, e.added_on, e.added_by, bool(e.stored_name), e.sha256
        )
        if e.withdrawn and e.withdrawn_on is not None and e.withdrawn_on <= day:
            row = replace(
                row, withdrawn_on=e.withdrawn_on, withdrawn_by=e.withdrawn_by, withdrawn_reason=e.withdrawn_reason
            )
        found.append(row)
    return tuple(found)


def _editor(session: Session, ids: Sequence[int]) -> int | None:
    """Return who last added, changed or withdrew evidence; no statement where there is none."""
    if not ids:
        return None
    query = select(LedgerEntry.actor_id).where(
        LedgerEntry.subject_type == Evidence.__tablename__, LedgerEntry.subject_id.in_(list(ids))
    )
    return session.scalar(query.order_by(LedgerEntry.seq.desc()).limit(1))


def _changed_since_signed(entries: Entries, evidence: Sequence[EvidenceRow]) -> tuple[str, ...]:
    """Return in sentences what is not as it was signed; nothing where what was signed was not kept."""
    state: dict[str, Any] = {}
    for _, _, changes in entries:
        state |= {name: pair[1] for name, pair in changes.items()}
    if not state.get("signed_content"):
        return ()
    there = [item for item in reversed(evidence) if item.withdrawn_on is None]
    now = Signed(
        ref=state["ref"],
        text=state["text"],
        due=date.fromisoformat(state["due"]) if state.get("due") else None,
        due_text=state.get("due_text") or "",
        completed=date.fromisoformat(state["completed"]) if state.get("completed") else None,
        evidence=tuple(SignedEvidence(item.title, item.url, item.sha256) for item in there),
    )
    return what_changed(Signed.from_data(state["signed_content"]), now)
