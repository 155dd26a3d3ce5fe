"""A meeting's decision on a list of new dates: looked at first, recorded as one act, undone as new entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, DeadlineChange, LedgerEntry, Milestone, Plan
from tracker.queries.plans import on
from tracker.queries.timelines import waiting_now
from tracker.rules.colour import Colour
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.fold import facts_of
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.rollup import Headline, Item, headline
from tracker.rules.status import assess
from tracker.rules.waiting import with_predecessors
from tracker.services import colours, outbox
from tracker.services.deadlines import (
    APPROVED,
    REFUSED,
    Verdict,
    check_decision,
    moved_values,
    record_decision,
    tell_of_decision,
)
from tracker.services.ledger import Recorder, lock_chain, plain, tracked, typed
from tracker.services.milestones import Opened, open_milestone, use_token

UNDONE = "undid the decision on the new date"


@dataclass(frozen=True, slots=True)
class Becomes:
    """What one request becomes by a decision: the colour before and after, and the milestone's version now."""

    change_id: int
    milestone_id: int
    version: int
    ref: str
    text: str
    original_text: str
    from_text: str
    to_text: str
    before: Colour
    after: Colour
    reason: str  # of the colour after
    moves: int  # after


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision on a list would do, and the plan's headline before and after it. Nothing is written."""

    lines: tuple[Becomes, ...]
    before: Headline
    after: Headline


@dataclass(frozen=True, slots=True)
class _Listed:
    """A request on the list with its milestone."""

    change: DeadlineChange
    opened: Opened


def preview_list(
    session: Session, actor: Actor, plan_id: int, change_ids: Sequence[int], verdict: Verdict, day: date
) -> Preview:
    """Return what a decision on a list would do. Raises what stands against it, as the decision itself would."""
    listed = _listed(session, actor, plan_id, change_ids)
    plan = session.get_one(Plan, plan_id)
    scheme = colours.scheme_of(plan, day)
    query = (
        select(ColourSpan.milestone_id, ColourSpan.colour, ColourSpan.due, Milestone.critical)
        .join(Milestone, Milestone.id == ColourSpan.milestone_id)
        .where(ColourSpan.plan_id == plan_id, *on(day))
    )
    items = {key: Item(Colour(colour), due, critical) for key, colour, due, critical in session.execute(query)}
    after = dict(items)
    lines = []
    decided: dict[int, dict[str, Any]] = {}
    for one in listed:
        check_decision(one.opened, one.change, actor, verdict, day)
        milestone = one.opened.milestone
        decided[milestone.id] = moved_values(milestone, one.change) if verdict.approve else {"proposed_text": ""}
    waiting = waiting_now(session, list(decided), day, decided)
    for one in listed:
        milestone, change = one.opened.milestone, one.change
        values = {name: getattr(milestone, name) for name in tracked(Milestone)} | decided[milestone.id]
        history = with_predecessors([(day, facts_of(values, plan.adopted))], waiting.get(milestone.id, ()))
        verdict_after = assess(history[0][1], day, scheme)
        after[milestone.id] = Item(verdict_after.colour, values["due"], milestone.critical)
        lines.append(
            Becomes(
                change_id=change.id,
                milestone_id=milestone.id,
                version=milestone.version,
                ref=outbox.named(session, milestone),
                text=milestone.text,
                original_text=milestone.original_due_text,
                from_text=change.from_text,
                to_text=change.to_text,
                before=items[milestone.id].colour,
                after=verdict_after.colour,
                reason=verdict_after.reason,
                moves=values["moves"],
            )
        )
    return Preview(
        tuple(lines), headline(list(items.values()), day, scheme), headline(list(after.values()), day, scheme)
    )


def decide_list(
    session: Session,
    actor: Actor,
    now: datetime,
    plan_id: int,
    seen: Mapping[int, int],
    token: str,
    verdict: Verdict,
    act: str = "",
) -> str:
    """Record one decision on several requests: all or none. `seen` gives the milestone's version by request.

    Returns the act, by which it can be undone: that of a larger act that it is part of, where one is given.
    """
    permit(actor, Act.DECIDE_DATE, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    listed = _listed(session, actor, plan_id, list(seen))
    plan, day = session.get_one(Plan, plan_id), london_day(now)
    for one in listed:
        check_decision(one.opened, one.change, actor, verdict, day)
        if one.opened.milestone.version != seen[one.change.id]:
            ref = outbox.named(session, one.opened.milestone)
            raise Refusal(f"{ref} was changed while you looked. Look at the list again before you decide.")
    recorder = Recorder(session, plan, actor, now)
    recorder.act = act or recorder.act
    for one in listed:
        record_decision(recorder, one.opened.milestone, one.change, verdict, recorder.act)
    recorder.close()
    for one in listed:
        colours.refresh(session, plan, one.opened.milestone, day)
        tell_of_decision(session, one.opened, one.change, actor, now)
    return recorder.act


def undo_list(session: Session, actor: Actor, now: datetime, plan_id: int, act: str, token: str) -> int:
    """Take a decision on a list back, as new entries; returns how many requests wait again.

    Where anything it decided was changed since, a Refusal says so and nothing is undone.
    """
    permit(actor, Act.DECIDE_DATE, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan, day = session.get_one(Plan, plan_id), london_day(now)
    query = select(LedgerEntry).where(
        LedgerEntry.plan_id == plan_id, LedgerEntry.act == act, LedgerEntry.verb.in_([APPROVED, REFUSED])
    )
    entries = list(session.scalars(query.order_by(LedgerEntry.seq)))
    changes = select(DeadlineChange).where(DeadlineChange.plan_id == plan_id, DeadlineChange.decision_act == act)
    requests = {row.id: row for row in session.scalars(changes.order_by(DeadlineChange.id))} if act else {}
    if not requests:
        raise Refusal("There is nothing to undo.")
    recorder = Recorder(session, plan, actor, now)
    touched: list[Milestone] = []
    for entry in entries:
        row = _row(session, requests, entry)
        if any(plain(getattr(row, name)) != pair[1] for name, pair in entry.changes.items()):
            milestone = row if isinstance(row, Milestone) else session.get_one(Milestone, row.milestone_id)
            ref = outbox.named(session, milestone)
            raise Refusal(f"{ref} was changed since, so nothing was undone. Decide it by itself instead.")
        recorder.change(row, UNDONE, {name: typed(type(row), name, pair[0]) for name, pair in entry.changes.items()})
        if isinstance(row, Milestone):
            touched.append(row)
    recorder.close()
    for milestone in touched:
        colours.refresh(session, plan, milestone, day)
    return len(requests)


def _row(session: Session, requests: Mapping[int, DeadlineChange], entry: LedgerEntry) -> DeadlineChange | Milestone:
    """Return the row that an entry of a decision is about, as it is now."""
    request = entry.subject_type == DeadlineChange.__tablename__
    found = requests[entry.subject_id] if request else session.get_one(Milestone, entry.subject_id)
    session.refresh(found)
    return found


def _listed(session: Session, actor: Actor, plan_id: int, change_ids: Sequence[int]) -> list[_Listed]:
    """Return the requests on a list in the order of the plan; NotFound for one of another plan."""
    if not change_ids:
        raise Refusal("Select at least one request.", "changes")
    wanted = dict.fromkeys(change_ids)
    query = (
        select(DeadlineChange)
        .join(Milestone, Milestone.id == DeadlineChange.milestone_id)
        .where(DeadlineChange.plan_id == plan_id, DeadlineChange.id.in_(list(wanted)))
        .order_by(Milestone.position, Milestone.id)
        .execution_options(populate_existing=True)
    )
    found = list(session.scalars(query))
    if len(found) != len(wanted):
        raise NotFound("There is no such request for a new date in this plan.")
    listed = []
    for change in found:
        opened = open_milestone(session, actor, Act.DECIDE_DATE, change.milestone_id)
        session.refresh(opened.milestone)
        listed.append(_Listed(change, opened))
    return listed
