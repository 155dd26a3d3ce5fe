"""What every act on a milestone begins with: load it, check the permission, check nobody else was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from tracker.models import FormToken, LeadAssignment, LedgerEntry, Milestone, MilestoneAction, Plan
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import AlreadyDone, Conflict, FieldConflict, NotFound, Refusal
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.services import colours
from tracker.services.ledger import Recorder, lock_chain

_ALREADY = "This was already saved; nothing was changed a second time."
_LONGEST_TOKEN = 120
_CONFIDENCE = {"on_track": "On track", "at_risk": "At risk", "will_miss": "Will miss the deadline"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A milestone that the actor may act on, with its plan."""

    milestone: Milestone
    plan: Plan
    own: bool


def leading_posts(session: Session, milestone: Milestone) -> frozenset[int]:
    """Return the ids of the posts that lead a milestone: its own, its actions', its workstream's."""
    actions = select(MilestoneAction.action_id).where(
        MilestoneAction.milestone_id == milestone.id, MilestoneAction.unlinked_on.is_(None)
    )
    found = session.scalars(
        select(LeadAssignment.post_id).where(
            or_(
                LeadAssignment.milestone_id == milestone.id,
                LeadAssignment.workstream_id == (milestone.workstream_id or -1),
                LeadAssignment.action_id.in_(actions),
            ),
            LeadAssignment.ended.is_(None),
        )
    )
    return frozenset(found)


def open_milestone(session: Session, actor: Actor, act: Act, milestone_id: int) -> Opened:
    """Return a milestone for an act; NotFound before NotPermitted, so that nobody learns what they may not see."""
    milestone = session.get(Milestone, milestone_id)
    if milestone is None or not allowed(actor, Act.SEE, milestone.plan_id):
        raise NotFound("There is no such milestone, or you may not see its plan.")
    plan = session.get_one(Plan, milestone.plan_id)
    own = bool(actor.posts & leading_posts(session, milestone))
    permit(actor, act, plan.id, own=own)
    return Opened(milestone, plan, own)


def begin(session: Session, actor: Actor, act: Act, now: datetime, milestone_id: int, token: str) -> Opened:
    """Open a milestone to change it: permission, then the form's token, then the lock of the plan.

    The lock is taken before the milestone is read again, so what the act sees is what the last one left, and every
    act takes its locks in the same order.
    """
    opened = open_milestone(session, actor, act, milestone_id)
    use_token(session, token, actor, now)
    return held(session, opened)


def held(session: Session, opened: Opened) -> Opened:
    """Return what was opened, held against other writers and read again."""
    lock_chain(session, opened.plan.id)
    session.refresh(opened.milestone)
    return opened


_CALLED = {"raid_item": "entry", "pack_action": "action", "pack_commentary": "commentary"}
"""What people call a row whose table has another name."""


def check_version(row: Any, version: int, typed: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """Raise Conflict with both texts if the row changed after the form with `version` was opened."""
    if row.version == version:
        return
    fields = tuple(
        FieldConflict(
            labels.get(name, name), _shown(getattr(row, name)), _shown(value), name, _sent(getattr(row, name))
        )
        for name, value in typed.items()
        if _shown(getattr(row, name)) != _shown(value)
    )
    who = _last_actor(row) or "Somebody else"
    kind = _CALLED.get(row.__tablename__, row.__tablename__)
    raise Conflict(
        f"{who} changed this {kind} while you had it open. Nothing of yours is lost: compare both and save again.",
        fields,
        row.version,
    )


def _last_actor(row: Any) -> str:
    session = object_session(row)
    if session is None:
        return ""
    query = (
        select(LedgerEntry.actor)
        .where(LedgerEntry.subject_type == row.__tablename__, LedgerEntry.subject_id == row.id)
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


def _sent(value: Any) -> str:
    """Return a value as a form sends it."""
    return "" if value is None else str(value)


def _shown(value: Any) -> str:
    """Return a value in the words in which the form has it."""
    if isinstance(value, date):
        return show_day(value)
    return _CONFIDENCE.get(str(value), str(value)) if value else ""


def use_token(session: Session, token: str, actor: Actor, now: datetime) -> None:
    """Use up the token of a form; raises AlreadyDone for the second copy of the same form."""
    if not token or len(token) > _LONGEST_TOKEN:
        raise Refusal("This form has expired. Open the page again and send it once more.")
    try:
        # The same form twice at once: the second waits here for the first, and the table lets only one in.
        with session.begin_nested():
            session.execute(insert(FormToken).values(token=token, person_id=actor.person_id, used_at=now))
    except IntegrityError as error:
        raise AlreadyDone(_ALREADY) from error


def act_on(
    session: Session,
    opened: Opened,
    actor: Actor,
    now: datetime,
    verb: str,
    values: Mapping[str, Any],
    reason: str = "",
    act: str = "",
) -> Recorder:
    """Record one change of one milestone and draw its colours again from today on. Flushes, never commits."""
    recorder = Recorder(session, opened.plan, actor, now)
    recorder.act = act or recorder.act
    recorder.change(opened.milestone, verb, values, reason)
    recorder.close()
    colours.refresh(session, opened.plan, opened.milestone, london_day(now))
    return recorder


def refuse_closed(milestone: Milestone) -> None:
    """Raise Refusal for a milestone that a decision has taken out of the plan."""
    if milestone.standing != "open":
        why = f" ({milestone.standing_reference})" if milestone.standing_reference else ""
        raise Refusal(f"This milestone is {milestone.standing}{why}; it takes no updates.")
