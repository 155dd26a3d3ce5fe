"""Links of a milestone: the actions that it belongs to, and the milestones that it waits for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tracker.models import Action, Milestone, MilestoneAction, MilestonePredecessor, Plan
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, allowed
from tracker.rules.text import clean
from tracker.rules.waiting import ELSEWHERE
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chains
from tracker.services.milestones import Opened, begin, check_version, open_milestone, refuse_closed, use_token
from tracker.services.outbox import named

_NOBODY = "There is no such milestone, or you may not see its plan."
_LONGEST_VERB = 120


def link_actions(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    action_ids: Collection[int],
    reason: str,
) -> int:
    """Link a milestone to exactly these actions of its workstream; returns how many links were made or taken away.

    A link that stands may stay although its action was taken out or the milestone moved since. Each change is a ledger
    entry of its own with the reason. Raises Refusal, Conflict, NotFound or NotPermitted.
    """
    opened = begin(session, actor, Act.EDIT, now, milestone_id, token)
    milestone = opened.milestone
    refuse_closed(milestone)
    check_version(milestone, version, {}, {})
    own = Action.workstream_id == (milestone.workstream_id or -1)
    there = {row.id: row for row in session.scalars(select(Action).where(own))}
    rows = {row.action_id: row for row in session.scalars(_links(MilestoneAction, milestone.id))}
    standing = {key for key, row in rows.items() if row.unlinked_on is None}
    wanted = set(action_ids)
    new = wanted - standing
    if not new <= there.keys():
        raise Refusal("Select actions of the milestone's own workstream.", "actions")
    gone = next((there[key] for key in sorted(new) if there[key].standing != "open"), None)
    if gone is not None:
        raise Refusal(f"Action {gone.ref} is {gone.standing}, so nothing can be linked to it.", "actions")
    changed = sorted(wanted ^ standing, key=lambda key: (there[key].position if key in there else 0, key))
    if not changed:
        raise Refusal("Nothing is different: select an action to link it, clear it to take a link away.", "actions")
    if not clean(reason):
        raise Refusal("Say why.", "reason")
    recorder = Recorder(session, opened.plan, actor, now)
    name = named(session, milestone)
    for key in changed:
        ref = session.get_one(Action, key).ref
        made = MilestoneAction(plan_id=opened.plan.id, milestone_id=milestone.id, action_id=key)
        if key in wanted:
            _link(recorder, rows.get(key, made), f"linked {name} to action {ref}", reason)
        else:
            _unlink(recorder, rows[key], f"took away the link of {name} to action {ref}", reason)
    recorder.close()
    touch(session, milestone)
    return len(changed)


def add_predecessor(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    version: int,
    token: str,
    predecessor_id: int,
    reason: str,
) -> MilestonePredecessor:
    """Say that a milestone waits for another, of this plan or of one that the actor may see.

    Refused: itself, one it waits for already, one that a decision has taken out of its plan, and one that waits for
    it, straight or round about. Both plans are held while this is decided, and so is every other new link between
    milestones, so that two people never make the two halves of a circle.
    """
    opened = open_milestone(session, actor, Act.EDIT, milestone_id)
    use_token(session, token, actor, now)
    milestone = opened.milestone
    other = session.get(Milestone, predecessor_id)
    if other is None or not allowed(actor, Act.SEE, other.plan_id):
        raise Refusal(_NOBODY, "predecessor")
    hold_links(session, {milestone.plan_id, other.plan_id})
    session.refresh(milestone)
    session.refresh(other)
    refuse_closed(milestone)
    check_version(milestone, version, {}, {})
    row = session.scalar(_links(MilestonePredecessor, milestone.id).where(_other == other.id))
    why_not = _why_not(session, actor, opened, other, row)
    if why_not:
        raise Refusal(why_not, "predecessor")
    if not clean(reason):
        raise Refusal("Say why it has to wait.", "reason")
    recorder = Recorder(session, opened.plan, actor, now)
    made = MilestonePredecessor(plan_id=opened.plan.id, milestone_id=milestone.id, predecessor_id=other.id)
    verb = f"said that {named(session, milestone)} waits for {_called(session, other, opened.plan.id)}"
    link: MilestonePredecessor = _link(recorder, row or made, verb, reason)
    recorder.close()
    touch(session, milestone)
    colours.refresh(session, opened.plan, milestone, london_day(now))
    return link


def remove_predecessor(
    session: Session,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    link_id: int,
    version: int,
    token: str,
    reason: str,
) -> MilestonePredecessor:
    """Say that a milestone no longer waits for another."""
    opened = begin(session, actor, Act.EDIT, now, milestone_id, token)
    milestone = opened.milestone
    link = session.get(MilestonePredecessor, link_id, populate_existing=True)
    if link is None or link.milestone_id != milestone.id:
        raise NotFound("There is no such link.")
    if link.unlinked_on is not None:
        raise Refusal("This link has been taken away already.")
    check_version(milestone, version, {}, {})
    if not clean(reason):
        raise Refusal("Say why it no longer has to wait.", "reason")
    other = session.get_one(Milestone, link.predecessor_id)
    recorder = Recorder(session, opened.plan, actor, now)
    verb = f"said that {named(session, milestone)} no longer waits for {_called(session, other, opened.plan.id)}"
    _unlink(recorder, link, verb, reason)
    recorder.close()
    touch(session, milestone)
    colours.refresh(session, opened.plan, milestone, london_day(now))
    return link


def hold_links(session: Session, plan_ids: Collection[int]) -> None:
    """Let nobody else write to some plans, or link milestones anywhere, until the transaction ends.

    Plans first, then the table of links: a circle may run through plans that neither of two
    people holds. On SQLite the writing transaction holds everything already.
    """
    lock_chains(session, plan_ids)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {MilestonePredecessor.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def circle(session: Session, milestone_id: int, predecessor_id: int) -> list[int]:
    """Return the milestones from `predecessor_id` on that wait for one another up to `milestone_id`; empty if none do.

    The shortest way, in any plan; a link to one that was withdrawn counts, for it may be reinstated. One statement a
    step.
    """
    came: dict[int, int] = {predecessor_id: 0}
    edge = [predecessor_id]
    while edge and milestone_id not in came:
        query = (
            select(MilestonePredecessor.milestone_id, _other)
            .where(MilestonePredecessor.milestone_id.in_(edge), MilestonePredecessor.unlinked_on.is_(None))
            .order_by(MilestonePredecessor.id)
        )
        edge = []
        for waits, other in session.execute(query):
            if other not in came:
                came[other] = waits
                edge.append(other)
    way: list[int] = []
    step = milestone_id if milestone_id in came else 0
    while step:
        way.append(step)
        step = came[step]
    return way[::-1]


_other = MilestonePredecessor.predecessor_id


def _why_not(session: Session, actor: Actor, opened: Opened, other: Milestone, row: MilestonePredecessor | None) -> str:
    """Return why a milestone may not wait for another; "" if it may."""
    milestone = opened.milestone
    if other.id == milestone.id:
        return "A milestone cannot wait for itself. Select another one."
    name, others = named(session, milestone), _seen(session, actor, other, opened.plan.id)
    if row is not None and row.unlinked_on is None:
        return f"{name} waits for {others} already."
    if other.standing != "open":
        return f"{others} is {other.standing}, so nothing has to wait for it."
    way = circle(session, milestone.id, other.id)
    if way:
        rows = {found.id: found for found in session.scalars(select(Milestone).where(Milestone.id.in_(way)))}
        steps = ", which waits for ".join(_seen(session, actor, rows[key], opened.plan.id) for key in way)
        return f"That would go round in a circle: {name} waits for {steps}."
    return ""


def _links(model: Any, milestone_id: int) -> Any:
    return select(model).where(model.milestone_id == milestone_id).execution_options(populate_existing=True)


def _link(recorder: Recorder, row: Any, verb: str, reason: str) -> Any:
    """Store a new link, or let one that was taken away stand again."""
    if row.id is not None:
        recorder.change(row, verb[:_LONGEST_VERB], {"unlinked_on": None}, clean(reason))
        return row
    recorder.session.add(row)
    recorder.session.flush()
    recorder.add(row, clean(reason), verb[:_LONGEST_VERB])
    return row


def _unlink(recorder: Recorder, row: Any, verb: str, reason: str) -> None:
    recorder.change(row, verb[:_LONGEST_VERB], {"unlinked_on": recorder.today}, clean(reason))


def touch(session: Session, milestone: Milestone) -> None:
    """Count a change of the links as one of the milestone, so that a form opened before it is not saved over it."""
    session.execute(
        update(Milestone).where(Milestone.id == milestone.id).values(version=Milestone.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(milestone)


def _called(session: Session, milestone: Milestone, plan_id: int) -> str:
    """Return what the ledger of a plan calls a milestone: readers of the plan need not see another one."""
    return named(session, milestone) if milestone.plan_id == plan_id else ELSEWHERE


def _seen(session: Session, actor: Actor, milestone: Milestone, plan_id: int) -> str:
    """Return what the actor may know a milestone by."""
    if milestone.plan_id == plan_id:
        return named(session, milestone)
    if not allowed(actor, Act.SEE, milestone.plan_id):
        return ELSEWHERE
    return f"{named(session, milestone)} of {session.get_one(Plan, milestone.plan_id).title}"
